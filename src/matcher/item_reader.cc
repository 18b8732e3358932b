// Items of an array and names of an object, read byte by byte.
//
// Entry points: ItemReader::read, could_repeat. The reader only keeps count of brackets and quotes; a
// complete item is parsed and brought into one spelling (names sorted, numbers as digits and exponent),
// in which equal values have equal texts. An incomplete item may still become an earlier one unless it
// has a string, number or word that the earlier one lacks.
//
//   seen {"a": 1}, now {"a": 12  ->  12 is not in it (and cannot become so): no repetition to come
//
// Tests: tests/unit/matcher/unique_items_test.cc.
#include "matcher/item_reader.h"

#include <algorithm>
#include <charconv>

#include "automata/char_set.h"
#include "frontend/json_schema/decimal.h"
#include "support/ascii.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_structure(char c) {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
}

std::string number_value(const Decimal& d) {
  return (d.negative ? "-" : "") + d.digits + "e" + std::to_string(d.point);
}

// A scalar of an item under way: 's' and the text of a string, 'n' and a number, 'w' and a word.
struct Piece {
  char kind;
  std::string text;       // of a number its value, or while it is incomplete its sign and digits
  bool complete = false;  // and `text` is all of it
  bool has_exponent = false;  // of an incomplete number: the exponent has begun
  std::string exponent;       // its sign, when it is minus, and digits
  int64_t point = 0;          // of the digits (Decimal::point)
};

// An incomplete number; zeros that mean nothing are left out.
Piece open_number(std::string_view word) {
  Piece out{'n', {}, false, false, {}, 0};
  const size_t e = word.find_first_of("eE");
  const std::string_view mantissa = word.substr(0, e);
  if (mantissa.find_first_of("123456789") == std::string_view::npos) return out;
  const Decimal d = *Decimal::parse(mantissa);
  out.text = (d.negative ? "-" : "") + d.digits;
  out.point = d.point;
  if (e == std::string_view::npos) return out;
  out.has_exponent = true;
  const std::string_view rest = word.substr(e + 1);
  if (rest.starts_with('-')) out.exponent = "-";
  const size_t digits = rest.find_first_of("123456789");
  if (digits != std::string_view::npos) out.exponent += rest.substr(digits);
  return out;
}

// Not every word is a number: tokens that the grammar refuses are looked at as well.
Piece number_piece(std::string_view word, bool complete) {
  const bool whole = complete && is_digit(word.back());
  auto d = whole ? Decimal::parse(word) : std::nullopt;
  if (!d) return open_number(word);
  return {'n', number_value(*d), true, false, {}, 0};
}

bool number_may_become(const Piece& p, std::string_view whole) {
  if (p.complete) return whole == p.text;
  const size_t e = whole.find('e');
  const std::string_view digits = whole.substr(0, e);
  if (!p.has_exponent) return digits.starts_with(p.text);
  if (digits != p.text) return false;
  int64_t point = 0;
  if (e == std::string_view::npos ||
      std::from_chars(whole.data() + e + 1, whole.data() + whole.size(), point).ec != std::errc())
    return true;  // no number that can be compared
  const int64_t wanted = point - p.point;
  const bool negative = p.exponent.starts_with('-');
  if (p.exponent.size() == size_t{negative}) return !negative || wanted <= 0;
  return std::to_string(wanted).starts_with(p.exponent);
}

// Whether a scalar under way may become the scalar `whole` of an earlier item.
bool may_become(const Piece& p, std::string_view whole) {
  if (whole[0] != p.kind) return false;
  whole.remove_prefix(1);
  if (p.kind == 'n') return number_may_become(p, whole);
  return p.complete ? whole == p.text : whole.starts_with(p.text);
}

// The code unit that \u at text[i] spells, or -1 when it is not there as a whole.
int32_t unit_at(std::string_view text, size_t i) {
  if (i + 6 > text.size() || text.substr(i, 2) != "\\u") return -1;
  int32_t unit = 0;
  for (char c : text.substr(i + 2, 4)) {
    unit = unit * 16 + hex_value(c);
  }
  return unit;
}

// The character that the escape at text[*i] spells, or -1 when it is not there as a whole; *i is then
// behind it.
int32_t read_escape(std::string_view text, size_t* i) {
  static constexpr std::string_view kLetters = "\"\\/bfnrt", kMeaning = "\"\\/\b\f\n\r\t";
  if (*i + 1 >= text.size()) return -1;
  const size_t letter = kLetters.find(text[*i + 1]);
  if (letter != std::string_view::npos) {
    *i += 2;
    return kMeaning[letter];
  }
  const int32_t high = unit_at(text, *i);
  if (high < 0xD800 || high > 0xDFFF) {
    *i += 6;
    return high;
  }
  const int32_t low = unit_at(text, *i + 6);
  if (high > 0xDBFF || low < 0xDC00 || low > 0xDFFF) return -1;
  *i += 12;
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

// The string whose quote is at text[*i]; *i is then behind it, or behind what is known of it.
Piece string_piece(std::string_view text, size_t* i) {
  Piece out{'s', {}, false, false, {}, 0};
  for (++*i; *i < text.size();) {
    if (text[*i] == '"') {
      ++*i;
      out.complete = true;
      return out;
    }
    if (text[*i] != '\\') {
      out.text += text[(*i)++];
      continue;
    }
    const int32_t c = read_escape(text, i);
    if (c < 0) break;
    append_utf8(static_cast<char32_t>(c), &out.text);
  }
  while (*i < text.size() && text[*i] != '"') *i += text[*i] == '\\' ? 2 : 1;
  ++*i;
  return out;
}

// `structure`, when given: the brackets, commas and colons.
std::vector<Piece> pieces_of(std::string_view text, std::string* structure = nullptr) {
  std::vector<Piece> out;
  for (size_t i = 0; i < text.size();) {
    if (is_space(text[i]) || is_structure(text[i])) {
      if (structure && is_structure(text[i])) *structure += text[i];
      ++i;
    } else if (text[i] == '"') {
      out.push_back(string_piece(text, &i));
    } else {
      const size_t begin = i;
      while (i < text.size() && !is_space(text[i]) && !is_structure(text[i])) ++i;
      const std::string_view word = text.substr(begin, i - begin);
      const bool number = word[0] == '-' || is_digit(word[0]);
      if (number) {
        out.push_back(number_piece(word, i < text.size()));
      } else {
        out.push_back({'w', std::string(word), i < text.size(), false, {}, 0});
      }
    }
  }
  return out;
}

// Kind and value of a scalar.
std::string scalar_value(const JsonDocument& doc, JsonId id) {
  switch (doc.type(id)) {
    case JsonType::kString:
      return "s" + std::string(doc.text(id));
    case JsonType::kNumber: {
      auto d = Decimal::parse(doc.text(id));
      return "n" + (d ? number_value(*d) : std::string(doc.text(id)) + "e0");
    }
    case JsonType::kNull:
      return "wnull";
    default:
      return doc.is(id, JsonType::kTrue) ? "wtrue" : "wfalse";
  }
}

std::string container_value(const JsonDocument& doc, JsonId id,
                            const std::vector<std::string>& values) {
  const bool array = doc.is(id, JsonType::kArray);
  std::vector<std::string> parts;
  for (JsonId c : doc.children(id))
    parts.push_back(array ? values[c] : json_quote(doc.key(c)) + ":" + values[c]);
  if (!array) std::sort(parts.begin(), parts.end());
  std::string out(1, array ? '[' : '{');
  for (const std::string& p : parts) out += p + ",";
  return out;
}

}  // namespace

void ItemReader::read(std::string_view text) {
  for (char c : text) read_byte(c);
}

void ItemReader::read_byte(char c) {
  text_.push_back(c);
  if (now_.closed) return;
  if (now_.in_string) {
    if (now_.escaped) {
      now_.escaped = false;
    } else if (c == '\\') {
      now_.escaped = true;
    } else if (c == '"') {
      now_.in_string = false;
    }
    return;
  }
  switch (c) {
    case '[':
    case '{':
      begin_item();
      ++now_.depth;
      break;
    case ']':
    case '}':
      if (--now_.depth > 0) break;
      end_item();
      now_.closed = true;
      break;
    case ',':
    case ':':
      if (now_.depth != 1) break;
      end_item();
      now_.in_value = c == ':';
      break;
    case '"':
      begin_item();
      now_.in_string = true;
      break;
    default:
      if (!is_space(c)) begin_item();
  }
}

void ItemReader::begin_item() {
  if (now_.depth == 1 && now_.item == kNone && !now_.in_value) now_.item = text_.size() - 1;
}

void ItemReader::end_item() {
  if (now_.item == kNone) return;
  Item item = make_item(std::string_view(text_).substr(now_.item, text_.size() - 1 - now_.item));
  now_.item = kNone;
  now_.repeats = now_.repeats || std::any_of(items_.begin(), items_.end(),
                                             [&](const Item& i) { return i.value == item.value; });
  items_.push_back(std::move(item));
}

ItemReader::Item ItemReader::make_item(std::string_view text) {
  Item out;
  Result<JsonDocument> parsed = JsonDocument::parse(text, Limits{});
  if (!parsed.ok()) {  // a lone surrogate, a name twice: as it is written
    out.value = text;
    for (const Piece& p : pieces_of(std::string(text) + " "))
      out.scalars.push_back(p.kind + p.text);
    return out;
  }
  const JsonDocument& doc = parsed.value();
  std::vector<std::string> values(doc.size());
  for (JsonId id = static_cast<JsonId>(doc.size()); id-- > 0;) {  // children before parents
    if (doc.is(id, JsonType::kArray) || doc.is(id, JsonType::kObject)) {
      values[id] = container_value(doc, id, values);
    } else {
      std::string scalar = scalar_value(doc, id);
      values[id] = scalar[0] == 's' ? json_quote(doc.text(id)) : scalar;
      out.scalars.push_back(std::move(scalar));
    }
    if (!doc.key(id).empty()) out.scalars.push_back("s" + std::string(doc.key(id)));
  }
  out.value = std::move(values[0]);
  return out;
}

bool ItemReader::could_repeat() const {
  if (now_.closed) return now_.repeats;
  if (now_.repeats) return true;
  if (items_.empty()) return false;
  if (now_.item == kNone) return !now_.in_value;  // the next item may be any
  const std::vector<Piece> pieces = pieces_of(std::string_view(text_).substr(now_.item));
  return std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
    return std::all_of(pieces.begin(), pieces.end(), [&](const Piece& p) {
      return std::any_of(item.scalars.begin(), item.scalars.end(),
                         [&](const std::string& s) { return may_become(p, s); });
    });
  });
}

std::string ItemReader::gist() const {
  std::string out = std::to_string(items_.size()), structure;
  if (now_.item == kNone) return out + (now_.closed ? "]" : now_.in_value ? ":" : ",");
  for (const Piece& p : pieces_of(std::string_view(text_).substr(now_.item), &structure)) {
    out += p.kind + std::to_string(p.text.size()) + p.text;
    out += p.complete ? "." : p.has_exponent ? "e" + p.exponent : "";
  }
  return out + structure;
}

ItemReader::Mark ItemReader::mark() const {
  Mark m = now_;
  m.text = text_.size();
  m.items = items_.size();
  return m;
}

void ItemReader::restore(const Mark& m) {
  text_.resize(m.text);
  items_.resize(m.items);
  now_ = m;
}

size_t ItemReader::memory_bytes() const {
  size_t bytes = sizeof(*this) + text_.capacity() + items_.capacity() * sizeof(Item);
  for (const Item& i : items_) bytes += 3 * i.value.capacity();
  return bytes;
}

}  // namespace xgr::core

// Items of an array and names of an object, read byte by byte.
//
// Entry points: ItemReader::read, could_repeat. A place holds all that matters of the text so far: the
// containers that an item under way is in, each with the parts it has, and the scalar under way. Places
// are made of numbers of things that are there once, so equal texts, and texts of equal meaning, lead to
// equal places. The items that one under way may still become are found container by container: those
// of its kind among the items, and of these the ones that have the same parts so far.
//
//   seen {"a": 1}, now {"a": 12  ->  no part "a" is 12 or longer: no repetition to come
//
// Tests: tests/unit/matcher/unique_items_test.cc.
#include "matcher/item_reader.h"

#include <algorithm>

#include "automata/char_set.h"
#include "support/ascii.h"
#include "support/reserve.h"

namespace xgr::core {
namespace {

// Place::at. Where a container is, it is the innermost one.
struct At {
  enum : uint8_t {
    kStart,       // before the opening bracket
    kFirst,       // behind an opening bracket
    kNext,        // behind a comma
    kColon,       // behind a name
    kMember,      // behind its colon
    kAfter,       // behind a value
    kString,      // in a string that is a value
    kName,        // in one that is a name
    kNumber,      // in a number
    kWord,        // in another word
    kOver,        // in a value that is passed over
    kOverString,  // in a string of it
    kOverEscape,  // behind a backslash in that
  };
};

constexpr uint32_t kTextRoot = 0x100, kEscapeRoot = 0x200;  // of keys of texts: no bytes
constexpr uint64_t kLeastZeros = 16;  // in a row, that are cut short while searching

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_structure(char c) {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':' || c == '"';
}

// The code unit of \uXXXX at raw[i].
char32_t escaped_unit(const std::string& raw, size_t i) {
  char32_t unit = 0;
  for (size_t k = i + 2; k < i + 6; ++k) {
    const int digit = hex_value(static_cast<unsigned char>(raw[k]));
    unit = unit * 16 + static_cast<char32_t>(digit < 0 ? 0 : digit);
  }
  return unit;
}
bool is_high(char32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

}  // namespace

bool ItemReader::in_string() const {
  return now_.at == At::kString || now_.at == At::kName || now_.at == At::kOverString ||
         now_.at == At::kOverEscape;
}

bool ItemReader::in_array() const {
  return now_.frame == 0 ? !now_.names : frames_[now_.frame].kind == '[';
}
bool ItemReader::expects_value() const {
  return now_.at == At::kMember || ((now_.at == At::kFirst || now_.at == At::kNext) && in_array());
}
bool ItemReader::expects_name() const {
  return (now_.at == At::kFirst || now_.at == At::kNext) && !in_array();
}

// Text that is no JSON: no parse of the array takes it.
void ItemReader::break_off() { now_.closed = true; }

void ItemReader::read_byte(char c) {
  if (now_.closed) return;
  charge(work_, 1);
  switch (now_.at) {
    case At::kString:
    case At::kName:
      return string_byte(c);
    case At::kNumber:
    case At::kWord:
      if (!is_space(c) && !is_structure(c)) return plain_byte(c);
      end_scalar();
      break;
    case At::kOver:
    case At::kOverString:
    case At::kOverEscape:
      return pass_over(c);
    default:
      break;
  }
  if (!is_space(c)) structure(c);
}

// The value of a member, where only names matter.
void ItemReader::pass_over(char c) {
  if (now_.at == At::kOverEscape) {
    now_.at = At::kOverString;
  } else if (now_.at == At::kOverString) {
    if (c == '\\') now_.at = At::kOverEscape;
    if (c == '"') now_.at = At::kOver;
  } else if (c == '"') {
    now_.at = At::kOverString;
  } else if (c == '[' || c == '{') {
    ++now_.depth;
  } else if (c == ']' || c == '}') {
    if (now_.depth == 0) now_.closed = true;
    if (now_.depth > 0) --now_.depth;
  } else if (c == ',' && now_.depth == 0) {
    now_.at = At::kNext;
  }
}

void ItemReader::structure(char c) {
  switch (c) {
    case '[':
    case '{':
      return open(c);
    case ']':
    case '}':
      return close(c);
    case ',':
      if (now_.at != At::kAfter) return break_off();
      now_.at = At::kNext;
      return;
    case ':':
      if (now_.at != At::kColon) return break_off();
      now_.at = now_.frame == 0 ? At::kOver : At::kMember;
      return;
    case '"':
      if (expects_name()) return begin_text(At::kName);
      return expects_value() ? begin_text(At::kString) : break_off();
    default:
      if (!expects_value()) return break_off();
      begin_text(c == '-' || is_digit(static_cast<unsigned char>(c)) ? At::kNumber : At::kWord);
      plain_byte(c);
  }
}

void ItemReader::open(char c) {
  if (now_.at == At::kStart) {
    now_.names = c == '{';
  } else if (expects_value()) {
    now_.frame = open_frame(c);
  } else {
    return break_off();
  }
  now_.at = At::kFirst;
}

void ItemReader::close(char c) {
  if ((now_.at != At::kFirst && now_.at != At::kAfter) || in_array() != (c == ']'))
    return break_off();
  if (now_.frame == 0) {
    now_.closed = true;
    return;
  }
  const Frame f = frames_[now_.frame];
  std::vector<ValueId> parts;
  if (c == ']') {
    for (ValueId l = f.list; l != kNone; l = lists_.part(l, 0)) parts.push_back(lists_.part(l, 1));
    std::reverse(parts.begin(), parts.end());
  } else if (f.list != kNone) {
    for (size_t i = 0; i < lists_.part_count(f.list); ++i) parts.push_back(lists_.part(f.list, i));
  }
  charge(work_, parts.size());
  now_.frame = f.parent;
  end_value(values_.add(f.kind, parts));
}

void ItemReader::begin_text(uint8_t at) {
  now_.at = at;
  now_.text = text_id({.frame = now_.frame});
  now_.escape = 0;
}

void ItemReader::plain_byte(char c) {
  if (searching_ && c == '0' && now_.at == At::kNumber) {
    uint32_t t = now_.text;
    if (texts_[t].byte == kManyZeros) return;
    const uint64_t many = std::max(kLeastZeros, values_.widest_number());
    uint64_t zeros = 0;
    for (; zeros < many && texts_[t].byte == '0'; t = texts_[t].parent) ++zeros;
    if (zeros == many) c = kManyZeros;
  }
  now_.text = child(now_.text, c);
}

void ItemReader::string_byte(char c) {
  if (now_.escape != 0) {
    escape_byte(c);
  } else if (c == '\\') {
    now_.escape = text_id({.byte = '\\', .escape = true});
  } else if (c == '"') {
    end_string();
  } else {
    now_.text = child(now_.text, c);
  }
}

// `c` continues an escape sequence; one for the first half of a character is kept until it is known
// what follows.
void ItemReader::escape_byte(char c) {
  static constexpr std::string_view kLetters = "\"\\/bfnrt", kMeaning = "\"\\/\b\f\n\r\t";
  const std::string raw = text_of(now_.escape);
  if (raw.size() >= 5) return unit_byte(c, raw);
  if (raw.size() == 1 && c != 'u') {
    const size_t letter = kLetters.find(c);
    now_.escape = 0;
    now_.text = child(now_.text, letter == kLetters.npos ? c : kMeaning[letter]);
    return;
  }
  now_.escape = child(now_.escape, c);
}

void ItemReader::unit_byte(char c, const std::string& before) {
  std::string raw = before;
  if (raw.size() == 6 && c != '\\') {  // one half alone
    now_.escape = 0;
    append_decoded(escaped_unit(raw, 0));
    return string_byte(c);
  }
  raw += c;
  if (raw.size() == 8 && c != 'u') {
    now_.escape = 0;
    append_decoded(escaped_unit(raw, 0));
    string_byte('\\');
    return string_byte(c);
  }
  const char32_t first = raw.size() >= 6 ? escaped_unit(raw, 0) : 0;
  if (raw.size() == 6 && !is_high(first)) {
    now_.escape = 0;
    return append_decoded(first);
  }
  if (raw.size() < 12) {
    now_.escape = child(now_.escape, c);
    return;
  }
  const char32_t second = escaped_unit(raw, 6);
  now_.escape = 0;
  if (is_low(second)) return append_decoded(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
  append_decoded(first);
  for (char again : raw.substr(6)) string_byte(again);
}

// Halves of characters alone are spelled as characters would be.
void ItemReader::append_decoded(char32_t c) {
  std::string bytes;
  if (is_high(c) || is_low(c)) {
    bytes = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
             static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    append_utf8(c, &bytes);
  }
  for (char b : bytes) now_.text = child(now_.text, b);
}

void ItemReader::end_string() {
  const ValueId v = values_.add('s', text_of(now_.text));
  const bool name = now_.at == At::kName;
  now_.text = 0;
  name ? end_name(v) : end_value(v);
}

void ItemReader::end_scalar() {
  const std::string text = text_of(now_.text);
  const ValueId v = now_.at == At::kNumber ? values_.number(text) : values_.add('w', text);
  now_.text = 0;
  end_value(v);
}

void ItemReader::end_value(ValueId v) {
  now_.at = At::kAfter;
  if (now_.frame == 0) {
    end_item(v);
  } else {
    now_.frame = frame_with(now_.frame, v);
  }
}

void ItemReader::end_name(ValueId v) {
  now_.at = At::kColon;
  if (now_.frame == 0) {
    end_item(v);
  } else {
    now_.frame = frame_named(now_.frame, v);
  }
}

void ItemReader::end_item(ValueId v) {
  if (is_item(v)) {
    now_.repeats = true;
  } else if (keeping_) {
    add_kept(v);
  } else {
    std::vector<ValueId> set{v};
    if (now_.added != 0) {
      for (size_t i = 0; i < lists_.part_count(now_.added - 1); ++i)
        set.push_back(lists_.part(now_.added - 1, i));
      std::sort(set.begin(), set.end());
    }
    now_.added = lists_.add('+', set) + 1;
  }
  if (keeping_) clear_tables();
}

bool ItemReader::is_item(ValueId v) const {
  if (v < kept_.size() && kept_[v]) return true;
  for (size_t i = 0; now_.added != 0 && i < lists_.part_count(now_.added - 1); ++i) {
    if (lists_.part(now_.added - 1, i) == v) return true;
  }
  return false;
}

void ItemReader::add_kept(ValueId v) {
  kept_.resize(values_.size());
  kept_[v] = true;
  ++kept_count_;
  if (values_.kind(v) == '[' || values_.kind(v) == '{') containers_.push_back(v);
  kept_choice_.add(values_, v);
  sorted_ = false;
}

// Nothing under way is needed any more.
void ItemReader::clear_tables() {
  lists_.resize(0);
  frames_.resize(1), frame_keys_.resize(1), frame_ids_.clear();
  texts_.resize(1), text_ids_.clear();
  candidates_.clear();
  choices_.clear();
}

void ItemReader::read_kept(std::string_view text) {
  keeping_ = true;
  read(text);
}

void ItemReader::keep() {
  // What this takes is taken once.
  if (has_items() && !now_.closed) {
    if (now_.frame != 0) find_candidates(now_.frame);
    if (now_.at == At::kString || now_.at == At::kName) find_range(now_.text);
  }
  keeping_ = false;
  base_ = now_;
  sizes_ = {values_.size(), lists_.size(),      frames_.size(),
            texts_.size(),  candidates_.size(), choices_.size()};
}

void ItemReader::go_back() {
  now_ = base_;
  values_.resize(sizes_.values);
  lists_.resize(sizes_.lists);
  for (size_t i = sizes_.frames; i < frames_.size(); ++i) frame_ids_.erase(frame_keys_[i]);
  frames_.resize(sizes_.frames), frame_keys_.resize(sizes_.frames);
  for (size_t i = sizes_.texts; i < texts_.size(); ++i) text_ids_.erase(text_key(texts_[i]));
  texts_.resize(sizes_.texts);
  if (candidates_.size() > sizes_.candidates || choices_.size() > sizes_.choices) {
    for (Frame& f : frames_) {
      if (f.end > sizes_.candidates) f.known = false, f.begin = f.end = 0;
      if (f.choice > sizes_.choices) f.choice = 0;
    }
    for (Text& t : texts_) t.known = t.known && (t.frame == 0 || frames_[t.frame].choice != 0);
  }
  candidates_.resize(sizes_.candidates);
  choices_.resize(sizes_.choices);
}

uint64_t ItemReader::text_key(const Text& t) {
  if (t.parent != 0) return uint64_t{t.parent} << 32 | static_cast<uint8_t>(t.byte);
  return t.escape ? uint64_t{kEscapeRoot} : uint64_t{t.frame} << 32 | kTextRoot;
}

uint32_t ItemReader::text_id(const Text& t) {
  reserve_for(&texts_, 1);  // so that the table never names one that is not there
  auto [it, fresh] = text_ids_.try_emplace(text_key(t), static_cast<uint32_t>(texts_.size()));
  if (fresh) texts_.push_back(t);
  return it->second;
}

uint32_t ItemReader::child(uint32_t parent, char byte) {
  const Text& p = texts_[parent];
  return text_id(
      {.parent = parent, .depth = p.depth + 1, .frame = p.frame, .byte = byte, .escape = p.escape});
}

std::string ItemReader::text_of(uint32_t text) const {
  std::string out;
  for (; texts_[text].parent != 0; text = texts_[text].parent) out.push_back(texts_[text].byte);
  if (texts_[text].escape) out.push_back('\\');
  charge(work_, out.size());
  std::reverse(out.begin(), out.end());
  return out;
}

uint32_t ItemReader::frame_id(const Frame& f) {
  const uint32_t parts[] = {f.parent, f.added, f.list, f.name, static_cast<uint32_t>(f.kind)};
  std::string key(reinterpret_cast<const char*>(parts), sizeof(parts));
  reserve_for(&frames_, 1);
  reserve_for(&frame_keys_, 1);
  auto [it, fresh] = frame_ids_.try_emplace(key, static_cast<uint32_t>(frames_.size()));
  if (!fresh) return it->second;
  frames_.push_back(f);
  frame_keys_.push_back(std::move(key));
  return static_cast<uint32_t>(frames_.size() - 1);
}

uint32_t ItemReader::open_frame(char kind) {
  Frame f;
  f.parent = now_.frame;
  f.added = now_.frame == 0 ? now_.added : 0;
  f.kind = kind;
  return frame_id(f);
}

// The frame with one part more.
uint32_t ItemReader::frame_with(uint32_t frame, ValueId v) {
  Frame f = frames_[frame];
  if (f.kind == '[') {
    f.list = lists_.add('.', {f.list, v});
  } else {
    std::vector<ValueId> members;
    for (size_t i = 0; f.list != kNone && i < lists_.part_count(f.list); ++i)
      members.push_back(lists_.part(f.list, i));
    charge(work_, members.size());
    members.push_back(f.name);
    members.push_back(v);
    f.list = lists_.object(std::move(members));
  }
  ++f.count;
  f.name = kNone;
  f.last = v;
  f.before = frame;
  f.known = false;
  f.choice = 0;
  return frame_id(f);
}

uint32_t ItemReader::frame_named(uint32_t frame, ValueId name) {
  Frame f = frames_[frame];
  f.name = name;
  f.before = frame;
  f.known = false;
  f.choice = 0;
  return frame_id(f);
}

// What stands in `container` where the next part of the frame does, or kNone.
ValueId ItemReader::part_of(ValueId container, const Frame& f) const {
  if (f.kind == '{') return values_.member(container, f.name);
  return f.count < values_.part_count(container) ? values_.part(container, f.count) : kNone;
}

void ItemReader::find_candidates(uint32_t frame) {
  std::vector<uint32_t> unknown;
  for (uint32_t f = frame; f != 0 && !frames_[f].known;) {
    unknown.push_back(f);
    f = frames_[f].before != 0 ? frames_[f].before : frames_[f].parent;
  }
  for (size_t i = unknown.size(); i-- > 0;) find_candidates_of(unknown[i]);
}

// Those of the frames it comes from are known.
void ItemReader::find_candidates_of(uint32_t frame) {
  Frame& f = frames_[frame];
  const uint32_t from = f.before != 0 ? f.before : f.parent;
  const size_t begin = candidates_.size();
  if (from == 0) {
    auto add = [&](ValueId v) {
      if (values_.kind(v) == f.kind) candidates_.push_back(v);
    };
    for (ValueId v : containers_) add(v);
    for (size_t i = 0; f.added != 0 && i < lists_.part_count(f.added - 1); ++i)
      add(lists_.part(f.added - 1, i));
    charge(work_, containers_.size() + 1);
  } else {
    const Frame& b = frames_[from];
    charge(work_, b.end - b.begin + 1);
    for (uint32_t i = b.begin; i < b.end; ++i) {
      const ValueId c = candidates_[i];
      if (f.before == 0) {
        const ValueId v = part_of(c, b);
        if (v != kNone && values_.kind(v) == f.kind) candidates_.push_back(v);
      } else if (f.name != kNone) {
        if (values_.member(c, f.name) != kNone) candidates_.push_back(c);
      } else if (part_of(c, b) == f.last) {
        candidates_.push_back(c);
      }
    }
    if (f.before == 0) {
      auto first = candidates_.begin() + static_cast<std::ptrdiff_t>(begin);
      std::sort(first, candidates_.end());
      candidates_.erase(std::unique(first, candidates_.end()), candidates_.end());
    }
  }
  f.begin = static_cast<uint32_t>(begin);
  f.end = static_cast<uint32_t>(candidates_.size());
  f.known = true;
}

// The scalars that may come next in a frame, so that it becomes one of its candidates.
const ItemChoice& ItemReader::choice_of(uint32_t frame) {
  if (frame == 0) {
    if (!sorted_) {
      charge(work_, kept_count_);
      kept_choice_.sort(values_);
    }
    sorted_ = true;
    return kept_choice_;
  }
  find_candidates(frame);
  Frame& f = frames_[frame];
  if (f.choice != 0) return choices_[f.choice - 1];
  ItemChoice choice;
  const bool names = f.kind == '{' && f.name == kNone;
  for (uint32_t i = f.begin; i < f.end; ++i) {
    const ValueId c = candidates_[i];
    for (size_t m = 0; names && m < values_.part_count(c); m += 2) {
      const ValueId name = values_.part(c, m);
      charge(work_, 1);
      if (f.list == kNone || lists_.member(f.list, name) == kNone) choice.add(values_, name);
    }
    const ValueId v = names ? kNone : part_of(c, f);
    if (v != kNone) choice.add(values_, v);
  }
  charge(work_, f.end - f.begin + 1);
  choice.sort(values_);
  choices_.push_back(std::move(choice));
  f.choice = static_cast<uint32_t>(choices_.size());
  return choices_.back();
}

void ItemReader::find_range(uint32_t text) {
  std::vector<uint32_t> unknown;
  for (uint32_t t = text; t != 0 && !texts_[t].known; t = texts_[t].parent) unknown.push_back(t);
  for (size_t i = unknown.size(); i-- > 0;) find_range_of(unknown[i]);
}

// That of the text without its last byte is known.
void ItemReader::find_range_of(uint32_t text) {
  const ItemChoice& choice = choice_of(texts_[text].frame);
  Text& t = texts_[text];
  t.known = true;
  if (t.parent == 0) {
    t.begin = 0;
    t.end = static_cast<uint32_t>(choice.strings.size());
    return;
  }
  const Text& p = texts_[t.parent];
  const size_t at = t.depth - 1;
  const int byte = static_cast<uint8_t>(t.byte);
  auto byte_of = [&](ValueId v) {
    const std::string_view s = values_.text(v);
    return s.size() > at ? static_cast<uint8_t>(s[at]) : -1;
  };
  auto first = choice.strings.begin();
  auto begin = first + p.begin, end = first + p.end;
  begin = std::partition_point(begin, end, [&](ValueId v) { return byte_of(v) < byte; });
  end = std::partition_point(begin, end, [&](ValueId v) { return byte_of(v) == byte; });
  t.begin = static_cast<uint32_t>(begin - first);
  t.end = static_cast<uint32_t>(end - first);
}

bool ItemReader::string_may_repeat() {
  find_range(now_.text);
  if (texts_[now_.text].begin < texts_[now_.text].end) return true;
  if (now_.frame != 0 || now_.added == 0) return false;
  const std::string begun = text_of(now_.text);
  for (size_t i = 0; i < lists_.part_count(now_.added - 1); ++i) {
    const ValueId v = lists_.part(now_.added - 1, i);
    if (values_.kind(v) == 's' && values_.text(v).starts_with(begun)) return true;
  }
  return false;
}

bool ItemReader::scalar_may_repeat() {
  const ItemChoice& choice = choice_of(now_.frame);
  const std::string begun = text_of(now_.text);
  const bool number = now_.at == At::kNumber;
  if (number ? choice.has_number(values_, begun) : choice.has_word(values_, begun)) return true;
  for (size_t i = 0; now_.frame == 0 && now_.added != 0 && i < lists_.part_count(now_.added - 1);
       ++i) {
    const ValueId v = lists_.part(now_.added - 1, i);
    if (values_.kind(v) != (number ? 'n' : 'w')) continue;
    if (number ? may_become_number(values_, begun, v) : values_.text(v).starts_with(begun))
      return true;
  }
  return false;
}

bool ItemReader::could_repeat() {
  if (now_.repeats || now_.closed) return now_.repeats;
  if (!has_items() || now_.at >= At::kOver) return false;
  if (now_.frame != 0) {
    find_candidates(now_.frame);
    const Frame& f = frames_[now_.frame];
    if (f.begin == f.end) return false;
    if (now_.at == At::kNext) {
      const size_t unit = f.kind == '{' ? 2 : 1;
      return std::any_of(candidates_.begin() + f.begin, candidates_.begin() + f.end,
                         [&](ValueId c) { return values_.part_count(c) / unit > f.count; });
    }
  }
  switch (now_.at) {
    case At::kAfter:
    case At::kColon:
      return now_.frame != 0;
    case At::kString:
    case At::kName:
      return string_may_repeat();
    case At::kNumber:
    case At::kWord:
      return scalar_may_repeat();
    default:
      return true;
  }
}

size_t ItemReader::memory_bytes() const {
  constexpr size_t kEntry = 64;  // of a table, about
  size_t bytes = sizeof(*this) + values_.memory_bytes() + lists_.memory_bytes() +
                 frames_.capacity() * (sizeof(Frame) + sizeof(std::string)) +
                 texts_.capacity() * sizeof(Text) + candidates_.capacity() * sizeof(ValueId) +
                 kept_.capacity() / 8 + containers_.capacity() * sizeof(ValueId) +
                 (frame_ids_.size() + text_ids_.size()) * kEntry;
  return bytes + kept_count_ * sizeof(ValueId);
}

}  // namespace xgr::core

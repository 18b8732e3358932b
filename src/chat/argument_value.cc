// Values that are written as bare text.
//
// Entry point: argument_value. Where the types are known, text is a string only if a string may
// stand there; where nothing is known, objects and arrays are taken for what they are, and all other
// text is a string.
//
//   12, a string by its schema  ->  "12"        12, an integer or a string  ->  12
//
// Tests: tests/unit/chat/argument_reader_test.cc.
#include "chat/argument_reader.h"
#include "chat/json_scanner.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

std::string_view without_blanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

TypeSet type_of_text(std::string_view json) {
  switch (json.empty() ? '\0' : json[0]) {
    case '{':
      return kObjectBit;
    case '[':
      return kArrayBit;
    case '"':
      return kStringBit;
    case 't':
      return kTrueBit;
    case 'f':
      return kFalseBit;
    case 'n':
      return kNullBit;
    default:
      return json.find_first_of(".eE") == std::string_view::npos ? kIntegerBit : kNumberBits;
  }
}

// Models that were taught Python write its words for these.
std::string_view json_word(std::string_view text) {
  return text == "True" ? "true" : text == "False" ? "false" : text == "None" ? "null" : text;
}

std::string as_json_string(std::string_view text) {
  std::string out = "\"";
  append_json_chars(text, &out);
  return out += '"';
}

size_t character_count(std::string_view text) {
  size_t n = 0;
  for (char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

std::string_view without_lines(std::string_view text, ToolTypes::Place place) {
  std::string_view inner = text;
  if (inner.starts_with('\n')) inner.remove_prefix(1);
  if (inner.ends_with('\n')) inner.remove_suffix(1);
  return character_count(inner) >= ToolTypes::min_length(place) ? inner : text;
}

}  // namespace

void append_json_chars(std::string_view text, std::string* json) {
  for (char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *json += {'\\', c};
    } else if (c == '\n') {
      *json += "\\n";
    } else if (byte < 0x20) {
      *json += {'\\', 'u', '0', '0', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
    } else {
      *json += c;
    }
  }
}

std::string without_entities(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&quot;", '"'}, {"&lt;", '<'}, {"&gt;", '>'}};
  std::string out;
  for (size_t i = 0; i < text.size();) {
    size_t size = 1;
    char c = text[i];
    for (auto [entity, meant] : kEntities) {
      if (text.substr(i).starts_with(entity)) size = entity.size(), c = meant;
    }
    out += c;
    i += size;
  }
  return out;
}

bool is_string_text(char first, TypeSet marked, ToolTypes::Place place) {
  const TypeSet allowed = ToolTypes::types(place);
  const TypeSet types = (allowed & marked) != 0 ? allowed & marked : marked;
  if ((types & kStringBit) == 0) return false;
  TypeSet others = types & static_cast<TypeSet>(~kStringBit);
  if (!place.known() || allowed == kAllTypes) others &= kObjectBit | kArrayBit;
  const bool number = first == '-' || (first >= '0' && first <= '9');
  const TypeSet begun = number ? TypeSet{kNumberBits}
                        : std::string_view("{[tfn").find(first) == std::string_view::npos
                            ? TypeSet{0}
                            : type_of_text({&first, 1});
  return (others & begun) == 0;
}

std::string argument_value(std::string_view text, TypeSet marked, ToolTypes::Place place,
                           bool own_lines) {
  const TypeSet allowed = ToolTypes::types(place);
  const TypeSet types = (allowed & marked) != 0 ? allowed & marked : marked;
  const bool unknown = !place.known() || allowed == kAllTypes;
  const std::string_view inner = without_blanks(text);
  if ((types & kStringBit) != 0 && ToolTypes::lists_strings(place)) {
    if (ToolTypes::lists(place, text)) return as_json_string(text);
    if (ToolTypes::lists(place, inner)) return as_json_string(inner);
  }
  const std::string_view json = (types & kStringBit) == 0 ? json_word(inner) : inner;
  TypeSet others = types & static_cast<TypeSet>(~kStringBit);
  if (unknown && (types & kStringBit) != 0) others &= kObjectBit | kArrayBit;
  if ((others & type_of_text(json)) != 0 && is_json(json)) return std::string(json);
  if ((types & kStringBit) == 0 && is_json(json)) return std::string(json);
  return as_json_string(own_lines ? without_lines(text, place) : text);
}

}  // namespace xgr::core

// Spells out JSON's lexical rules (RFC 8259) as syntax elements.
//
// Entry points: see json_elements.h. Every alternative is listed: a character stands for itself,
// has perhaps a two-letter escape, and has \uXXXX escapes with hex digits of either case. Example:
// json_char({'a'}) is "a" or a backslash followed by u0061. Test: the families `schema` and `json`
// of compare.cc.
#include "json_elements.h"

#include <cstdio>

#include "code_points.h"

namespace reference {
namespace {

Element hex_digit() { return chars({{'0', '9'}, {'a', 'f'}, {'A', 'F'}}); }

// Four hex digits of the value, letters in either case.
Sequence unit_digits(unsigned value) {
  Sequence out;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const auto digit = static_cast<char32_t>((value >> shift) & 15);
    if (digit < 10) {
      out.push_back(txt(std::u32string(1, U'0' + digit)));
    } else {
      out.push_back(
          chars({{U'a' + digit - 10, U'a' + digit - 10}, {U'A' + digit - 10, U'A' + digit - 10}}));
    }
  }
  return out;
}

void append(const Sequence& from, Sequence* to) { to->insert(to->end(), from.begin(), from.end()); }

std::u32string short_escape(char32_t c) {
  switch (c) {
    case '"':
      return U"\\\"";
    case '\\':
      return U"\\\\";
    case '/':
      return U"\\/";
    case 8:
      return U"\\b";
    case 12:
      return U"\\f";
    case 10:
      return U"\\n";
    case 13:
      return U"\\r";
    case 9:
      return U"\\t";
    default:
      return U"";
  }
}

bool stands_raw(char32_t c) { return c >= 0x20 && c != '"' && c != '\\'; }

void add_spellings(char32_t c, Body* out) {
  if (stands_raw(c)) out->push_back({txt(std::u32string(1, c))});
  if (!short_escape(c).empty()) out->push_back({txt(short_escape(c))});
  Sequence escape{txt(U"\\u")};
  if (c < 0x10000) {
    append(unit_digits(static_cast<unsigned>(c)), &escape);
  } else {
    append(unit_digits(0xD800 + static_cast<unsigned>(c - 0x10000) / 0x400), &escape);
    escape.push_back(txt(U"\\u"));
    append(unit_digits(0xDC00 + static_cast<unsigned>(c - 0x10000) % 0x400), &escape);
  }
  out->push_back(std::move(escape));
}

Element raw_char() { return chars({{0, 0x1F}, {'"', '"'}, {'\\', '\\'}}, true); }

Element short_escapes() {
  return chars({{'"', '"'},
                {'\\', '\\'},
                {'/', '/'},
                {'b', 'b'},
                {'f', 'f'},
                {'n', 'n'},
                {'r', 'r'},
                {'t', 't'}});
}

Element fraction(Element digit) { return maybe(group({{txt(U"."), plus(std::move(digit))}})); }

Element whole_number() {
  return group({{txt(U"0")}, {chars({{'1', '9'}}), star(chars({{'0', '9'}}))}});
}

}  // namespace

Element json_gap() { return star(chars({{' ', ' '}, {'\t', '\t'}, {'\n', '\n'}, {'\r', '\r'}})); }

Element any_json_string() {
  const Element escape = group({{short_escapes()}, {txt(U"u"), times(hex_digit(), 4, 4)}});
  return group({{txt(U"\""), star(group({{raw_char()}, {txt(U"\\"), escape}})), txt(U"\"")}});
}

Element any_json_number() {
  const Element exponent =
      group({{chars({{'e', 'e'}, {'E', 'E'}}), maybe(chars({{'+', '+'}, {'-', '-'}})),
              plus(chars({{'0', '9'}}))}});
  return group(
      {{maybe(txt(U"-")), whole_number(), fraction(chars({{'0', '9'}})), maybe(exponent)}});
}

Element json_integer() { return group({{maybe(txt(U"-")), whole_number(), fraction(txt(U"0"))}}); }

Element json_integer_between(int lo, int hi) {
  Body values;
  for (int value = lo; value <= hi; ++value) {
    std::u32string digits;
    for (char c : std::to_string(value)) digits.push_back(static_cast<unsigned char>(c));
    values.push_back({txt(digits)});
    if (value == 0) values.push_back({txt(U"-0")});
  }
  if (values.empty()) return chars({});
  return group({{group(std::move(values)), fraction(txt(U"0"))}});
}

Element any_json_char() {
  const Element d = chars({{'d', 'd'}, {'D', 'D'}});
  const Element high = chars({{'8', '9'}, {'a', 'b'}, {'A', 'B'}});
  const Element low = chars({{'c', 'f'}, {'C', 'F'}});
  const Element not_d = chars({{'0', '9'}, {'a', 'c'}, {'A', 'C'}, {'e', 'f'}, {'E', 'F'}});
  const Element two = times(hex_digit(), 2, 2);
  return group({{raw_char()},
                {txt(U"\\"), short_escapes()},
                {txt(U"\\u"), not_d, times(hex_digit(), 3, 3)},
                {txt(U"\\u"), d, chars({{'0', '7'}}), two},
                {txt(U"\\u"), d, high, two, txt(U"\\u"), d, low, two}});
}

Element json_char(const std::vector<char32_t>& one_of) {
  Body spellings;
  for (char32_t c : one_of) add_spellings(c, &spellings);
  return group(std::move(spellings));
}

Body json_spelling(const Body& characters) {
  Body out;
  for (const Sequence& sequence : characters) {
    Sequence spelled;
    for (const Element& e : sequence) {
      Element once;
      if (e.kind == ElementKind::kText) {
        Sequence parts;
        for (char32_t c : e.text) parts.push_back(json_char({c}));
        once = group({std::move(parts)});
      } else if (e.kind == ElementKind::kClass) {
        std::vector<char32_t> members;
        for (const CodeRange& range : e.ranges) {
          for (char32_t c = range.lo; c <= range.hi; ++c) members.push_back(c);
        }
        once = json_char(members);
      } else {
        once = group(json_spelling(e.group));
      }
      once.min = e.min;
      once.max = e.max;
      spelled.push_back(std::move(once));
    }
    out.push_back(std::move(spelled));
  }
  return out;
}

std::string quote_json(const std::u32string& text) {
  std::string out = "\"";
  for (char32_t c : text) {
    if (c < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
      out += buffer;
    } else {
      if (c == '"' || c == '\\') out += "\\";
      out += encode_utf8(c);
    }
  }
  return out + "\"";
}

}  // namespace reference

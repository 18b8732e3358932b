// Positions of a pattern and of its rewriting, and the small character sets of both dialects.
//
// Entry points: RegexText, regex_dot, regex_shorthand, pcre2_property (regex_text.h). \d \w \s are
// written out here because nearly every pattern has one and both standards fix them; a test
// compares them with PCRE2. Everything larger is asked from PCRE2 (pcre2_check.h).
//
//   text.replace(6, "\\x{41}") at \u0041: an offset behind it maps back to behind \u0041
//
// Tests: tests/unit/frontend/regex_test.cc.
#include "frontend/regex/regex_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "frontend/regex/pcre2_check.h"

namespace xgr::core {
namespace {

// ECMA-262's long names of general categories; PCRE2 knows the short ones.
constexpr std::array<std::pair<std::string_view, std::string_view>, 43> kCategories = {{
    {"Cased_Letter", "L&"},
    {"Close_Punctuation", "Pe"},
    {"Combining_Mark", "M"},
    {"Connector_Punctuation", "Pc"},
    {"Control", "Cc"},
    {"Currency_Symbol", "Sc"},
    {"Dash_Punctuation", "Pd"},
    {"Decimal_Number", "Nd"},
    {"Enclosing_Mark", "Me"},
    {"Final_Punctuation", "Pf"},
    {"Format", "Cf"},
    {"Initial_Punctuation", "Pi"},
    {"LC", "L&"},
    {"Letter", "L"},
    {"Letter_Number", "Nl"},
    {"Line_Separator", "Zl"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Math_Symbol", "Sm"},
    {"Modifier_Letter", "Lm"},
    {"Modifier_Symbol", "Sk"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Open_Punctuation", "Ps"},
    {"Other", "C"},
    {"Other_Letter", "Lo"},
    {"Other_Number", "No"},
    {"Other_Punctuation", "Po"},
    {"Other_Symbol", "So"},
    {"Paragraph_Separator", "Zp"},
    {"Private_Use", "Co"},
    {"Punctuation", "P"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Spacing_Mark", "Mc"},
    {"Surrogate", "Cs"},
    {"Symbol", "S"},
    {"Titlecase_Letter", "Lt"},
    {"Unassigned", "Cn"},
    {"Uppercase_Letter", "Lu"},
    {"cntrl", "Cc"},
    {"digit", "Nd"},
    {"punct", "P"},
}};

CharSet digits() { return CharSet::of({{'0', '9'}}); }
CharSet word() { return CharSet::of({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}); }
CharSet space(bool ecma) {
  if (!ecma) return CharSet::of({{'\t', '\r'}, {' ', ' '}});
  return CharSet::of({{'\t', '\r'},
                      {' ', ' '},
                      {0xA0, 0xA0},
                      {0x1680, 0x1680},
                      {0x2000, 0x200A},
                      {0x2028, 0x2029},
                      {0x202F, 0x202F},
                      {0x205F, 0x205F},
                      {0x3000, 0x3000},
                      {0xFEFF, 0xFEFF}});
}

}  // namespace

char32_t RegexText::keep_character() {
  size_t end = pos_;
  char32_t c = 0;
  XGR_CHECK(decode_utf8(text_, &end, &c));
  keep(end - pos_);
  return c;
}

std::shared_ptr<const CharSet> RegexText::named_set(const std::string& item) {
  auto [it, fresh] = named_sets_.try_emplace(item);
  if (fresh) {
    bool shorthand = item.size() == 2 && std::string_view("dDwWsS").find(item[1]) != item.npos;
    it->second =
        shorthand ? std::make_shared<CharSet>(regex_shorthand(item[1], ecma())) : pcre2_class(item);
  }
  return it->second;
}

size_t RegexText::source_offset(size_t checked_offset) const {
  auto after = std::upper_bound(edits_.begin(), edits_.end(), checked_offset,
                                [](size_t v, const Edit& e) { return v < e.checked; });
  size_t from_checked = 0, from_source = 0;
  if (after != edits_.begin()) {
    from_checked = (after - 1)->checked;
    from_source = (after - 1)->source;
  }
  size_t offset = from_source + (checked_offset - from_checked);
  if (after != edits_.end()) offset = std::min(offset, after->source);
  return std::min(offset, text_.size());
}

CharSet regex_dot(bool ecma) {
  if (!ecma) return CharSet::of({{'\n', '\n'}}).negated();
  return CharSet::of({{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}).negated();
}

CharSet regex_shorthand(char letter, bool ecma) {
  switch (letter) {
    case 'd':
      return digits();
    case 'D':
      return digits().negated();
    case 'w':
      return word();
    case 'W':
      return word().negated();
    case 's':
      return space(ecma);
    default:
      return space(ecma).negated();
  }
}

std::string pcre2_property(std::string_view name, bool negated) {
  for (std::string_view prefix : {"General_Category=", "gc="}) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  if (name == "Assigned") {
    name = "Cn";
    negated = !negated;
  }
  auto it = std::lower_bound(kCategories.begin(), kCategories.end(), name,
                             [](const auto& entry, std::string_view n) { return entry.first < n; });
  if (it != kCategories.end() && it->first == name) name = it->second;
  return std::string(negated ? "\\P{" : "\\p{") + std::string(name) + "}";
}

}  // namespace xgr::core

// Compares character classes with PCRE2, character by character.
//
// Entry point: compare_classes. Every property that has a name of up to four letters (all categories
// and all scripts have one), some with long names, POSIX classes, shorthands and caseless characters
// are asked from PCRE2 one character at a time: at the edges of every range, or everywhere.
//
//   \p{Grek}   ->  [0370-0373] and so on: PCRE2 matches U+0370 and U+0373, but not U+036F and U+0374
//
// Tests: tests/reference/compare_regex.cc runs it.
#include "compare_classes.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/regex/pcre2_check.h"

namespace xgr::core::test {
namespace {

class OneCharacter {
 public:
  explicit OneCharacter(const std::string& pattern) {
    int error;
    PCRE2_SIZE offset;
    code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                          PCRE2_UTF | PCRE2_DOTALL, &error, &offset, nullptr);
    if (code_) data_ = pcre2_match_data_create_from_pattern(code_, nullptr);
  }
  OneCharacter(const OneCharacter&) = delete;
  OneCharacter& operator=(const OneCharacter&) = delete;
  ~OneCharacter() {
    pcre2_match_data_free(data_);
    pcre2_code_free(code_);
  }
  bool valid() const { return code_ != nullptr; }
  bool matches(char32_t c) {
    text_.clear();
    append_utf8(c, &text_);
    return pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(text_.data()), text_.size(), 0,
                       PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NO_UTF_CHECK, data_,
                       nullptr) >= 0;
  }

 private:
  pcre2_code* code_;
  pcre2_match_data* data_ = nullptr;
  std::string text_;
};

CharSet our_class(const std::string& pattern, bool* refused) {
  Grammar g;
  Result<Expr> e = regex_expr(g, pattern, RegexOptions(), Limits());
  *refused = !e.ok();
  if (!e.ok()) return {};
  const ExprNode& n = g.pool.node(e.value());
  if (n.kind == ExprKind::kClass) return g.pool.charset(n.a);
  CharSet one;
  size_t pos = 0;
  char32_t c = 0;
  if (n.kind == ExprKind::kLiteral && decode_utf8(g.pool.string(n.a), &pos, &c)) one.add(c);
  return one;
}

bool is_character(char32_t c) { return c < 0xD800 || (c > 0xDFFF && c < 0x110000); }

// The characters to ask for.
std::vector<char32_t> probes(const CharSet& set, bool everywhere) {
  std::vector<char32_t> out;
  for (char32_t c = 0; everywhere && c < 0x110000; ++c) {
    if (is_character(c)) out.push_back(c);
  }
  for (const CharRange& r : set.ranges()) {
    for (const char32_t c : std::array<char32_t, 4>{r.lo - 1, r.lo, r.hi, r.hi + 1}) {
      if (is_character(c)) out.push_back(c);
    }
  }
  return out;
}

size_t compare_one(const std::string& pattern, bool everywhere) {
  OneCharacter asked(pattern);
  bool refused = false;
  const CharSet ours = our_class(pattern, &refused);
  if (refused) {
    std::printf("%s is refused\n", pattern.c_str());
    return 1;
  }
  for (char32_t c : probes(ours, everywhere)) {
    if (asked.matches(c) == ours.contains(c)) continue;
    std::printf("%s: U+%04X\n", pattern.c_str(), static_cast<unsigned>(c));
    return 1;
  }
  return 0;
}

void append_names(size_t letters, std::vector<std::string>* out) {
  std::string name(letters, 'a');
  for (;;) {
    if (OneCharacter("\\p{" + name + "}").valid()) out->push_back("\\p{" + name + "}");
    size_t i = letters;
    while (i > 0 && name[i - 1] == 'z') name[--i] = 'a';
    if (i == 0) return;
    ++name[i - 1];
  }
}

// Every cased character by itself: the others that it matches are to be found.
size_t compare_cases() {
  size_t differences = 0;
  std::vector<char32_t> cased;
  for (const CharRange& r : cased_characters().ranges()) {
    for (char32_t c = r.lo; c <= r.hi; ++c) cased.push_back(c);
  }
  std::string rest = "[";  // and case relates none of the others
  const CharSet uncased = cased_characters().negated();
  for (const CharRange& r : uncased.ranges()) {
    char shown[48];
    std::snprintf(shown, sizeof shown, "\\x{%X}-\\x{%X}", static_cast<unsigned>(r.lo),
                  static_cast<unsigned>(r.hi));
    rest += shown;
  }
  OneCharacter others("(?i)" + rest + "]");
  for (char32_t c : cased) differences += others.matches(c);
  for (size_t i = 0; i < cased.size(); i += 7) {
    char pattern[32];
    std::snprintf(pattern, sizeof pattern, "(?i)\\x{%X}", static_cast<unsigned>(cased[i]));
    differences += compare_one(pattern, false);
  }
  return differences;
}

}  // namespace

size_t compare_classes(bool everywhere) {
  std::vector<std::string> patterns = {"\\d",
                                       "\\D",
                                       "\\w",
                                       "\\W",
                                       "\\s",
                                       "\\S",
                                       "\\h",
                                       "\\H",
                                       "\\v",
                                       "\\V",
                                       "\\N",
                                       ".",
                                       "\\pL",
                                       "\\p{L&}",
                                       "\\p{Any}",
                                       "\\p{^Greek}",
                                       "\\P{Emoji}",
                                       "[^\\p{Lu}]",
                                       "[\\P{Han}\\d]",
                                       "(?i)[a-z]",
                                       "(?i)[^k]",
                                       "(?i)\\p{Lu}",
                                       "(?i)[[:upper:]]",
                                       "(?i)[\\x{100}-\\x{24F}]",
                                       "(?i)[\\W]",
                                       "(?i)[\\x{1E9E}\\x{2126}\\x{3B8}]",
                                       "\\p{Alphabetic}",
                                       "\\p{White_Space}",
                                       "\\p{Extended_Pictographic}",
                                       "\\p{ID_Start}",
                                       "\\p{Canadian_Aboriginal}"};
  for (const char* name : {"alpha", "lower", "upper", "alnum", "ascii", "blank", "cntrl", "digit",
                           "graph", "print", "punct", "space", "word", "xdigit"}) {
    patterns.push_back(std::string("[[:") + name + ":]]");
    patterns.push_back(std::string("[[:^") + name + ":]]");
  }
  std::erase_if(patterns, [](const std::string& p) { return !OneCharacter(p).valid(); });
  for (size_t letters = 1; letters <= 4; ++letters) append_names(letters, &patterns);
  size_t differences = 0;
  for (const std::string& p : patterns) differences += compare_one(p, everywhere);
  differences += compare_cases();
  std::printf("%zu classes, %zu differences\n", patterns.size(), differences);
  return differences;
}

}  // namespace xgr::core::test

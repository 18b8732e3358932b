// PCRE2 as judge of syntax and as source of Unicode classes.
//
// Entry points: pcre2_check, pcre2_class (pcre2_check.h). A class is read off one pass over a text
// of all code points: (\p{L}*+)\P{L}*+ matched again and again consumes one run of members and one
// of others a call, so a property with 700 ranges costs 700 calls, not a million. Answers are kept
// for the life of the process.
//
//   pcre2_check("(a", false)   ->  code 114, offset 2, "missing closing parenthesis"
//   pcre2_class("\\p{Greek}")  ->  [0342] [0345] [0370-0373] ...
//
// Tests: tests/unit/frontend/regex_test.cc.
#include "frontend/regex/pcre2_check.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <set>

#include "support/status.h"

namespace xgr::core {
namespace {

// Far more than there are properties; a name has many spellings.
constexpr size_t kMaxKept = 1024;
// Longest pattern whose verdict is kept; those of the formats are below.
constexpr size_t kMaxKeptBytes = 8192;

struct FreeCode {
  void operator()(pcre2_code* p) const { pcre2_code_free(p); }
};
struct FreeContext {
  void operator()(pcre2_compile_context* p) const { pcre2_compile_context_free(p); }
};
struct FreeMatch {
  void operator()(pcre2_match_data* p) const { pcre2_match_data_free(p); }
};
using Code = std::unique_ptr<pcre2_code, FreeCode>;

Code compile(std::string_view pattern, uint32_t options, int* code, PCRE2_SIZE* offset) {
  std::unique_ptr<pcre2_compile_context, FreeContext> context(
      pcre2_compile_context_create(nullptr));
  if (!context) throw std::bad_alloc();
  // What a line end is must not depend on how PCRE2 was built.
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  // The scanner has its own bound on nesting, below what a small thread stack can take.
  pcre2_set_parens_nest_limit(context.get(), 1000);
  static constexpr PCRE2_UCHAR kNothing = 0;
  const auto* text = pattern.empty() ? &kNothing : reinterpret_cast<PCRE2_SPTR>(pattern.data());
  Code result(pcre2_compile(text, pattern.size(), options, code, offset, context.get()));
  if (!result && *code == PCRE2_ERROR_HEAP_FAILED) throw std::bad_alloc();
  return result;
}

// Every character in order. Written block by block: all but the last byte are the same for 64.
std::string all_characters() {
  std::string s;
  s.reserve(4400000);
  for (char32_t c = 0; c < 0x80; ++c) s += static_cast<char>(c);
  for (char32_t block = 0x80; block < 0x110000; block += 0x40) {
    if (block >= 0xD800 && block < 0xE000) continue;
    std::string first;
    append_utf8(block, &first);
    size_t length = first.size(), begin = s.size();
    s.resize(begin + 64 * length);
    for (size_t i = 0; i < 64; ++i) {
      first[length - 1] = static_cast<char>(0x80 + i);
      std::memcpy(&s[begin + i * length], first.data(), length);
    }
  }
  return s;
}

// Adds the characters of a part of a text that has them in order.
void add_run(const std::string& text, size_t begin, size_t end, CharSet* set) {
  for (size_t pos = begin; pos < end;) {
    char32_t c = 0, last = 0;
    size_t next = pos;
    XGR_CHECK(decode_utf8(text, &next, &c));
    last = c;
    while (next < end) {
      size_t after = next;
      char32_t following = 0;
      XGR_CHECK(decode_utf8(text, &after, &following));
      if (following != last + 1) break;
      last = following;
      next = after;
    }
    set->add(c, last);
    pos = next;
  }
}

// The members of `in` in `text`, which the pattern cuts into members (group 1) and others.
bool read_class(const std::string& in, const std::string& out, uint32_t options,
                const std::string& text, CharSet* set) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  Code code = compile("(" + in + "*+)" + out + "*+", PCRE2_UTF | options, &error, &offset);
  if (!code) return false;
  std::unique_ptr<pcre2_match_data, FreeMatch> match(
      pcre2_match_data_create_from_pattern(code.get(), nullptr));
  if (!match) throw std::bad_alloc();
  size_t pos = 0;
  while (pos < text.size()) {
    int rc = pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), pos,
                         PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK, match.get(), nullptr);
    if (rc == PCRE2_ERROR_NOMEMORY) throw std::bad_alloc();
    const PCRE2_SIZE* v = pcre2_get_ovector_pointer(match.get());
    if (rc < 0 || v[1] <= pos) return false;
    add_run(text, v[2], v[3], set);
    pos = v[1];
  }
  return true;
}

std::shared_ptr<const CharSet> ask_class(std::string_view item) {
  std::string in(item), out(item);
  if (in[0] == '\\') {
    out[1] = static_cast<char>(out[1] ^ 0x20);  // \P for \p, \H for \h
  } else {
    in = "[" + in + "]";
    out = "[^" + out + "]";
  }
  auto set = std::make_shared<CharSet>();
  return read_class(in, out, 0, all_characters(), set.get()) ? set : nullptr;
}

// The cased characters in order.
const std::string& cased_text() {
  static const std::string text = [] {
    std::string s;
    for (const CharRange& r : cased_characters().ranges()) {
      for (char32_t c = r.lo; c <= r.hi; ++c) append_utf8(c, &s);
    }
    return s;
  }();
  return text;
}

// What would be accepted, for the errors of PCRE2 that many patterns have; the numbers are those of
// its documentation.
const char* way_out(int error) {
  switch (error) {
    case 104:  // numbers out of order in {}
    case 108:  // range out of order in a class
      return "; write the smaller one first";
    case 106:
      return "; close the class with ]";
    case 109:  // nothing to repeat
      return "; write what repeats before it, or a backslash for the character itself";
    case 114:
      return "; close the group with )";
    case 122:
      return "; write \\) for the character itself";
    case 147:
      return "; expected a script or a category, such as \\p{Greek} or \\p{Lu}";
    default:
      return "";
  }
}

}  // namespace

std::optional<PatternError> pcre2_check(std::string_view pattern, bool ecma, bool extended) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> kept[4];  // well-formed ones, by options
  auto& known = kept[(ecma ? 1 : 0) + (extended ? 2 : 0)];
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (known.contains(pattern)) return std::nullopt;
  }
  int error = 0;
  PCRE2_SIZE offset = 0;
  uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
                     PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_POSSESS | PCRE2_NO_START_OPTIMIZE;
  if (ecma) options |= PCRE2_ALLOW_EMPTY_CLASS;
  if (extended) options |= PCRE2_EXTENDED;
  if (compile(pattern, options, &error, &offset)) {
    std::lock_guard<std::mutex> lock(mutex);
    if (pattern.size() <= kMaxKeptBytes && known.size() < kMaxKept) known.emplace(pattern);
    return std::nullopt;
  }
  PCRE2_UCHAR buffer[256] = {0};
  pcre2_get_error_message(error, buffer, sizeof buffer);
  return PatternError{error, offset,
                      std::string(reinterpret_cast<const char*>(buffer)) + way_out(error)};
}

std::shared_ptr<const CharSet> pcre2_class(std::string_view item) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const CharSet>, std::less<>> known;
  {
    std::lock_guard<std::mutex> lock(mutex);
    auto it = known.find(item);
    if (it != known.end()) return it->second;
  }
  std::shared_ptr<const CharSet> set = ask_class(item);
  if (!set) return nullptr;  // not kept: there is no end of wrong names
  std::lock_guard<std::mutex> lock(mutex);
  if (known.size() >= kMaxKept) return set;
  return known.try_emplace(std::string(item), set).first->second;
}

const CharSet& cased_characters() {
  static const CharSet set = [] {
    CharSet all;
    for (const char* item : {"\\p{L&}", "\\p{Lm}", "\\p{M}", "\\p{N}", "\\p{S}"}) {
      std::shared_ptr<const CharSet> one = pcre2_class(item);
      all.add(one ? *one : CharSet::all());
    }
    return all;
  }();
  return set;
}

CharSet pcre2_caseless(std::string_view bracketed, const CharSet& set, bool ecma) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const CharSet>, std::less<>> known;  // cased ones
  std::string item = std::string(ecma ? "e" : "p") + std::string(bracketed);
  std::shared_ptr<const CharSet> cased;
  {
    std::lock_guard<std::mutex> lock(mutex);
    auto it = known.find(item);
    if (it != known.end()) cased = it->second;
  }
  if (!cased) {
    auto found = std::make_shared<CharSet>();
    uint32_t options = PCRE2_CASELESS | (ecma ? PCRE2_ALLOW_EMPTY_CLASS : 0);
    std::string in(bracketed), out = "(?!" + in + ")(?s:.)";
    // What PCRE2 does not compile, it will refuse by itself.
    if (!read_class("(?:" + in + ")", "(?:" + out + ")", options, cased_text(), found.get())) {
      return set;
    }
    cased = found;
    std::lock_guard<std::mutex> lock(mutex);
    if (known.size() < kMaxKept && item.size() <= kMaxKeptBytes) known.try_emplace(item, found);
  }
  CharSet result = set.minus(cased_characters());
  result.add(*cased);
  return result;
}

}  // namespace xgr::core

#undef PCRE2_CODE_UNIT_WIDTH

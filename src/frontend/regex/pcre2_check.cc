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

namespace xgr {
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

char32_t character_at(const std::string& text, size_t pos) {
  char32_t c = 0;
  XGR_CHECK(decode_utf8(text, &pos, &c));
  return c;
}

char32_t character_before(const std::string& text, size_t pos) {
  do --pos;
  while ((static_cast<unsigned char>(text[pos]) & 0xC0) == 0x80);
  return character_at(text, pos);
}

std::shared_ptr<const CharSet> ask_class(std::string_view item) {
  std::string in(item), out(item);
  if (in[0] == '\\') {
    out[1] = static_cast<char>(out[1] ^ 0x20);  // \P for \p, \H for \h
  } else {
    in = "[" + in + "]";
    out = "[^" + out + "]";
  }
  int error = 0;
  PCRE2_SIZE offset = 0;
  Code code = compile("(" + in + "*+)" + out + "*+", PCRE2_UTF, &error, &offset);
  if (!code) return nullptr;
  std::unique_ptr<pcre2_match_data, FreeMatch> match(
      pcre2_match_data_create_from_pattern(code.get(), nullptr));
  if (!match) throw std::bad_alloc();
  const std::string text = all_characters();
  auto set = std::make_shared<CharSet>();
  size_t pos = 0;
  while (pos < text.size()) {
    int rc = pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), pos,
                         PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK, match.get(), nullptr);
    if (rc == PCRE2_ERROR_NOMEMORY) throw std::bad_alloc();
    const PCRE2_SIZE* v = pcre2_get_ovector_pointer(match.get());
    if (rc < 0 || v[1] <= pos) return nullptr;
    if (v[3] > v[2]) set->add(character_at(text, v[2]), character_before(text, v[3]));
    pos = v[1];
  }
  return set;
}

}  // namespace

std::optional<PatternError> pcre2_check(std::string_view pattern, bool ecma) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> known[2];  // well-formed ones, by dialect
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (known[ecma].contains(pattern)) return std::nullopt;
  }
  int error = 0;
  PCRE2_SIZE offset = 0;
  uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
                     PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_POSSESS | PCRE2_NO_START_OPTIMIZE;
  if (ecma) options |= PCRE2_ALLOW_EMPTY_CLASS;
  if (compile(pattern, options, &error, &offset)) {
    std::lock_guard<std::mutex> lock(mutex);
    bool keep = pattern.size() <= kMaxKeptBytes && known[ecma].size() < kMaxKept;
    if (keep) known[ecma].emplace(pattern);
    return std::nullopt;
  }
  PCRE2_UCHAR buffer[256] = {0};
  pcre2_get_error_message(error, buffer, sizeof buffer);
  return PatternError{error, offset, reinterpret_cast<const char*>(buffer)};
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

}  // namespace xgr

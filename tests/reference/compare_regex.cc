// Compares regular expressions with PCRE2.
//
// Entry point: the program. Random patterns, matched as a whole and searched for, are tried on all
// short texts of a small alphabet and on some longer ones; the language must accept what
// pcre2_match accepts, and what is left after an accepted beginning must have an end. What is
// refused is counted by its message.
//
//   compare_regex --patterns 20000 --seed 1
//   compare_regex --patterns 0 --classes           also character classes, at the edges of ranges
//   compare_regex --patterns 0 --all-characters    and everywhere
//
// Tests: it is one (tests/reference/meson.build).
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <unordered_set>

#include "compare_classes.h"
#include "frontend/frontend.h"
#include "grammar/analysis.h"
#include "grammar/derivatives.h"
#include "pattern_maker.h"

namespace {

using namespace xgr::core;

class Oracle {
 public:
  Oracle(const std::string& pattern, const RegexOptions& o) : search_(o.search) {
    // Two optimizations of PCRE2 lose matches: its search for a first character with some
    // look-arounds, and .*\R is read as .*+\R though the dot matches \r.
    uint32_t options =
        PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NO_START_OPTIMIZE | PCRE2_NO_AUTO_POSSESS;
    if (o.dot_all) options |= PCRE2_DOTALL;
    if (o.caseless) options |= PCRE2_CASELESS;
    if (o.multiline) options |= PCRE2_MULTILINE;
    if (o.extended) options |= PCRE2_EXTENDED;
    pcre2_compile_context* context = pcre2_compile_context_create(nullptr);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
    int error;
    PCRE2_SIZE offset;
    code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options,
                          &error, &offset, context);
    pcre2_compile_context_free(context);
    if (code_) data_ = pcre2_match_data_create_from_pattern(code_, nullptr);
  }
  ~Oracle() {
    pcre2_match_data_free(data_);
    pcre2_code_free(code_);
  }
  bool valid() const { return code_ != nullptr; }
  // 1, 0, or -1 when PCRE2 gave up.
  int accepts(const std::string& text) const {
    uint32_t options = search_ ? 0 : PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    int rc = pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, options,
                         data_, nullptr);
    return rc >= 0 ? 1 : rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
  }

 private:
  bool search_;
  pcre2_code* code_;
  pcre2_match_data* data_ = nullptr;
};

// The language of an expression, by derivatives.
class Language {
 public:
  Language(Grammar& g, Expr e) : g_(g), derivatives_(g, facts_), start_(e) {
    RuleId root = g.add_rule("root");
    g.define(root, e);
    g.root = root;
    empty_ = analyse(g, {~0ull, ~0ull, ~0ull, ~0ull}, &facts_).has_value();
  }
  bool accepts(const std::string& text) {
    if (empty_) return false;
    Expr e = start_;
    for (char c : text) e = next(e, static_cast<uint8_t>(c));
    return e != g_.pool.empty() && g_.pool.nullable(e);
  }
  // Whether every beginning of `text` that can be read has an end.
  bool goes_on(const std::string& text) {
    if (empty_) return true;
    Expr e = start_;
    for (char c : text) {
      e = next(e, static_cast<uint8_t>(c));
      if (e == g_.pool.empty()) return true;
    }
    return live(e);
  }
  bool over_limit() const { return derivatives_.over_limit(); }

 private:
  const std::vector<Segment>& segments(Expr e) {
    auto [it, fresh] = known_.try_emplace(e);
    if (fresh) it->second = derivatives_.segments(e);
    return it->second;
  }
  Expr next(Expr e, uint8_t byte) {
    if (e == g_.pool.empty()) return e;
    for (const Segment& s : segments(e)) {
      if (s.lo <= byte && byte <= s.hi) return s.next;
    }
    return g_.pool.empty();
  }
  bool live(Expr start) {
    std::vector<Expr> queue{start};
    std::unordered_set<Expr> seen{start};
    for (size_t i = 0; i < queue.size() && i < 3000; ++i) {
      if (g_.pool.nullable(queue[i])) return true;
      for (const Segment& s : segments(queue[i])) {
        if (seen.insert(s.next).second) queue.push_back(s.next);
      }
    }
    return queue.size() >= 3000;
  }
  Grammar& g_;
  Facts facts_;
  Derivatives derivatives_;
  Expr start_;
  bool empty_ = false;
  std::map<Expr, std::vector<Segment>> known_;
};

std::string shown(const std::string& s) {
  std::string out;
  for (char c : s) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out;
}

struct Counts {
  size_t patterns = 0, invalid = 0, compared = 0, texts = 0, gave_up = 0, differences = 0;
  std::map<std::string, size_t> refused;
};

const std::vector<std::string>& short_texts() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out{""};
    for (size_t i = 0; i < out.size(); ++i) {
      if (out[i].size() >= 3) break;
      for (const char* letter : {"a", "b", "-", "\n", "A"}) out.push_back(out[i] + letter);
    }
    return out;
  }();
  return all;
}

void compare(uint64_t seed, Counts* counts, bool verbose) {
  test::PatternMaker maker(seed);
  RegexOptions o;
  o.search = maker.below(2);
  o.dot_all = maker.below(2);
  o.caseless = maker.below(8) == 0;
  o.multiline = maker.below(8) == 0;
  const std::string pattern = maker.pattern();
  ++counts->patterns;
  if (verbose)
    std::printf("%llu %s\n", static_cast<unsigned long long>(seed), shown(pattern).c_str());
  auto report = [&](const std::string& what) {
    std::printf("seed %llu: %s   search %d dot_all %d caseless %d multiline %d\n    %s\n",
                static_cast<unsigned long long>(seed), shown(pattern).c_str(), o.search, o.dot_all,
                o.caseless, o.multiline, what.c_str());
    ++counts->differences;
  };
  Oracle oracle(pattern, o);
  Grammar g;
  Result<Expr> e = regex_expr(g, pattern, o, Limits());
  if (!oracle.valid()) {
    ++counts->invalid;
    if (e.ok()) report("PCRE2 refuses it");
    return;
  }
  if (!e.ok()) {
    if (e.error().code == Status::kInvalidSource) return report("refused: " + e.error().message);
    ++counts->refused[e.error().message];
    return;
  }
  ++counts->compared;
  Language language(g, e.value());
  auto check = [&](const std::string& text) {
    int expected = oracle.accepts(text);
    if (expected < 0) return ++counts->gave_up, true;
    ++counts->texts;
    if (language.accepts(text) == (expected == 1)) return true;
    report("\"" + shown(text) + "\" " + (expected ? "is lost" : "is accepted wrongly"));
    return false;
  };
  for (const std::string& text : short_texts()) {
    if (!check(text)) return;
  }
  for (int i = 0; i < 60; ++i) {
    const std::string text = maker.text(12);
    if (!check(text)) return;
    if (i % 8 == 0 && !language.goes_on(text))
      return report("no end after \"" + shown(text) + "\"");
  }
  if (language.over_limit()) ++counts->refused["(beyond a limit)"];
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t patterns = 3000, seed = 1;
  bool verbose = false, classes = false, everywhere = false;
  for (int i = 1; i < argc; ++i) {
    if (!std::strcmp(argv[i], "--patterns") && i + 1 < argc) {
      patterns = std::strtoull(argv[++i], nullptr, 10);
    } else if (!std::strcmp(argv[i], "--seed") && i + 1 < argc) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (!std::strcmp(argv[i], "--verbose")) {
      verbose = true;
    } else if (!std::strcmp(argv[i], "--classes")) {
      classes = true;
    } else if (!std::strcmp(argv[i], "--all-characters")) {
      classes = everywhere = true;
    } else {
      std::fprintf(stderr,
                   "usage: compare_regex [--patterns N] [--seed N] [--classes] "
                   "[--all-characters] [--verbose]\n");
      return 2;
    }
  }
  Counts counts;
  for (; counts.compared < patterns && counts.differences < 20; ++seed) {
    compare(seed, &counts, verbose);
  }
  std::printf("%zu patterns: %zu compared on %zu texts, %zu invalid, %zu texts given up by PCRE2\n",
              counts.patterns, counts.compared, counts.texts, counts.invalid, counts.gave_up);
  for (const auto& [message, count] : counts.refused) {
    std::printf("%6zu refused: %s\n", count, message.c_str());
  }
  if (classes) counts.differences += test::compare_classes(everywhere);
  std::printf("%zu differences\n", counts.differences);
  return counts.differences ? 1 : 0;
}

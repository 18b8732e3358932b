// Builds the expression of a regular expression from its tokens.
//
// Entry points: parse_regex, regex_expr (frontend.h). Open groups are frames on a stack, elements
// and alternatives lie on two more, as in the EBNF parser; every element is a RegexPart, so that ^
// and $ are exact wherever they stand (anchored.h), and look-aheads where they are not repeated.
//
//   parse_regex("[a-z]+(-[a-z]+)*", Limits())        // the whole text matches
//   regex_expr(grammar, "^x-", true, Limits())       // ECMA-262: the text contains a match
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/.
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/regex/lookahead.h"
#include "frontend/regex/regex_scanner.h"

namespace xgr {
namespace {

using Kind = RegexTokenKind;

class RegexParser {
 public:
  RegexParser(std::string_view pattern, std::vector<RegexToken> tokens, ExprPool& pool,
              const Limits& limits)
      : pattern_(pattern),
        tokens_(std::move(tokens)),
        pool_(pool),
        algebra_(pool),
        anchored_(algebra_.anchored()),
        limits_(limits) {}

  Result<RegexPart> run() {
    frames_.push_back({0, Kind::kOpen, 0, 0});
    while (at_ < tokens_.size()) {
      if (MaybeError e = step()) return *std::move(e);
      if (pool_.size() > limits_.max_expressions) {
        return error_at(Status::kLimitExceeded,
                        "the pattern needs more than max_expressions (" +
                            std::to_string(limits_.max_expressions) + ") nodes",
                        pattern_, offset());
      }
    }
    if (frames_.size() > 1) {
      return malformed(frames_.back().open, "the group that begins here is not closed by ')'");
    }
    RegexPart all;
    if (MaybeError e = close_frame(&all)) return *std::move(e);
    return all;
  }

 private:
  struct Frame {
    uint32_t open;
    Kind kind;
    size_t parts, branches;
  };

  size_t offset() const { return at_ < tokens_.size() ? tokens_[at_].offset : pattern_.size(); }
  Error malformed(size_t at, std::string message) const {
    return error_at(Status::kInvalidSource, std::move(message), pattern_, at);
  }

  MaybeError step() {
    const RegexToken t = tokens_[at_];
    switch (t.kind) {
      case Kind::kCharacter:
        return literal();
      case Kind::kSet:
        return element({anchored_.plain(t.a), {}});
      case Kind::kStart:
        return element({anchored_.start(), {}});
      case Kind::kEnd:
        return element({anchored_.end(), {}});
      case Kind::kOpen:
      case Kind::kAhead:
      case Kind::kNotAhead:
        frames_.push_back({t.offset, t.kind, parts_.size(), branches_.size()});
        break;
      case Kind::kBar:
        if (MaybeError e = end_branch()) return e;
        break;
      case Kind::kClose: {
        if (frames_.size() == 1) return malformed(t.offset, "')' closes no group");
        RegexPart group;
        if (MaybeError e = close_frame(&group)) return e;
        Kind kind = frames_.back().kind;
        frames_.pop_back();
        if (kind == Kind::kOpen) return element(std::move(group));
        return element(algebra_.look(group, kind == Kind::kNotAhead));
      }
      case Kind::kRepeat:
        return malformed(t.offset, "a quantifier has nothing to repeat before it");
    }
    ++at_;
    return std::nullopt;
  }

  // A run of characters is one literal; a quantifier takes only the last of them.
  MaybeError literal() {
    std::string text;
    size_t end = at_;
    while (end < tokens_.size() && tokens_[end].kind == Kind::kCharacter) ++end;
    if (end < tokens_.size() && tokens_[end].kind == Kind::kRepeat && end > at_ + 1) --end;
    for (; at_ < end; ++at_) append_utf8(tokens_[at_].a, &text);
    --at_;
    return element({anchored_.plain(pool_.literal(text)), {}});
  }

  // Adds an element whose last token is the current one, with the quantifier behind it.
  MaybeError element(RegexPart x) {
    ++at_;
    if (at_ < tokens_.size() && tokens_[at_].kind == Kind::kRepeat) {
      if (!algebra_.repeat(&x, tokens_[at_].a, tokens_[at_].b)) {
        return error_at(Status::kUnsupported, "a look-ahead inside a repetition is not supported",
                        pattern_, offset());
      }
      ++at_;
    }
    parts_.push_back(std::move(x));
    return std::nullopt;
  }

  MaybeError too_many_ways() const {
    return error_at(Status::kLimitExceeded,
                    "the look-aheads of the pattern and the alternatives they stand in combine to "
                    "more than " +
                        std::to_string(LookaheadAlgebra::kMaxWays) + " ways",
                    pattern_, offset());
  }

  MaybeError end_branch() {
    std::span<const RegexPart> all(parts_);
    RegexPart branch;
    if (!algebra_.seq(all.subspan(frames_.back().parts), &branch)) return too_many_ways();
    branches_.push_back(std::move(branch));
    parts_.resize(frames_.back().parts);
    return std::nullopt;
  }

  MaybeError close_frame(RegexPart* out) {
    if (MaybeError e = end_branch()) return e;
    std::span<const RegexPart> all(branches_);
    if (!algebra_.alt(all.subspan(frames_.back().branches), out)) return too_many_ways();
    branches_.resize(frames_.back().branches);
    return std::nullopt;
  }

  std::string_view pattern_;
  std::vector<RegexToken> tokens_;
  ExprPool& pool_;
  LookaheadAlgebra algebra_;
  AnchoredAlgebra& anchored_;
  const Limits& limits_;
  size_t at_ = 0;
  std::vector<Frame> frames_;
  std::vector<RegexPart> parts_, branches_;
};

}  // namespace

Result<Expr> regex_expr(Grammar& grammar, std::string_view pattern, bool search,
                        const Limits& limits) {
  size_t max_bytes = std::min<size_t>(limits.max_source_bytes, UINT32_MAX - 1);
  if (pattern.size() > max_bytes) {
    return error_at(
        Status::kLimitExceeded,
        "the pattern is longer than max_source_bytes (" + std::to_string(max_bytes) + ")", {}, 0);
  }
  if (size_t bad = find_invalid_utf8(pattern); bad != std::string_view::npos) {
    return error_at(Status::kInvalidSource, "the pattern is not valid UTF-8 from here on", pattern,
                    bad);
  }
  RegexDialect dialect = search ? RegexDialect::kEcma : RegexDialect::kPcre;
  Result<std::vector<RegexToken>> tokens = scan_regex(pattern, dialect, grammar.pool);
  if (!tokens.ok()) return std::move(tokens.error());
  RegexParser parser(pattern, std::move(tokens).value(), grammar.pool, limits);
  Result<RegexPart> parsed = parser.run();
  if (!parsed.ok()) return std::move(parsed.error());
  LookaheadAlgebra algebra(grammar.pool);
  return search ? algebra.search(parsed.value()) : algebra.whole(parsed.value());
}

Result<Grammar> parse_regex(std::string_view pattern, const Limits& limits) {
  Grammar grammar;
  RuleId root = grammar.add_rule("root");
  Result<Expr> body = regex_expr(grammar, pattern, false, limits);
  if (!body.ok()) return std::move(body.error());
  grammar.define(root, body.value());
  grammar.root = root;
  return grammar;
}

}  // namespace xgr

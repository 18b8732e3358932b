// The expression of a regular expression.
//
// Entry points: parse_regex, regex_expr (frontend.h). A pattern is scanned to tokens and parsed to
// a tree. Most trees fold into an ordinary expression (regex_fold.h); those that do not are
// compiled to points, which a generator follows (regex_language.h).
//
//   parse_regex("[a-z]+(-[a-z]+)*", Limits())        // the whole text matches
//   regex_expr(grammar, "\\bx", {}, Limits())
//   regex_expr(grammar, "^x-", RegexOptions::json_schema(), Limits())    // the text contains a
//   match
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/.
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/regex/regex_fold.h"
#include "frontend/regex/regex_language.h"
#include "frontend/regex/regex_program.h"
#include "frontend/source_notes.h"
#include "support/error_text.h"

namespace xgr::core {
namespace {

MaybeError check_text(std::string_view pattern, const Limits& limits) {
  size_t max_bytes = std::min<size_t>(limits.max_source_bytes, UINT32_MAX - 1);
  if (pattern.size() > max_bytes) {
    return error_at(Status::kLimitExceeded,
                    "the pattern of " + std::to_string(pattern.size()) + " bytes is longer than " +
                        limit_text("max_source_size", max_bytes, "split the pattern"),
                    pattern, max_bytes);
  }
  if (size_t bad = find_invalid_utf8(pattern); bad != std::string_view::npos) {
    return error_at(Status::kInvalidSource, "the pattern is not valid UTF-8 from here on", pattern,
                    bad);
  }
  return std::nullopt;
}

void note_regex_texts(std::string_view pattern, SourceNotes* notes) {
  SourcePlaces places(pattern);
  const auto form = [](const SpecialNames::Match& m) {
    return "an EBNF grammar: a regular expression has no tokens, Token(" + std::to_string(m.id) +
           ") beside Regex(\"...\") is one";
  };
  notes->check_pattern(pattern, form, [&](std::string message, size_t offset) {
    return places.at(std::move(message), offset);
  });
}

}  // namespace

Result<Expr> regex_expr(Grammar& grammar, std::string_view pattern, const RegexOptions& options,
                        const Limits& limits) {
  ExprPool& pool = grammar.pool;
  const ChargedPool charged(&pool, limits.work);
  if (MaybeError e = check_text(pattern, limits)) return *std::move(e);
  Result<std::vector<RegexToken>> tokens = scan_regex(pattern, options, pool);
  if (!tokens.ok()) return std::move(tokens.error());
  if (options.notes != nullptr) note_regex_texts(pattern, options.notes);
  Result<RegexTree> tree = parse_regex_tree(pattern, std::move(tokens).value(), pool, limits);
  if (!tree.ok()) return std::move(tree.error());
  LookaheadAlgebra algebra(pool);
  const FoldedRegex folded = fold_regex(tree.value(), pool, algebra);
  if (folded.whole) {
    return options.search ? algebra.search(folded.root) : algebra.whole(folded.root);
  }
  Result<RegexProgram> program =
      compile_regex_program(tree.value(), folded.plain, options, pool, limits);
  if (!program.ok()) {
    Error e = std::move(program.error());
    return error_at(e.code, std::move(e.message), pattern, 0);
  }
  return add_regex_language(pool, std::move(program).value());
}

Result<Grammar> parse_regex(std::string_view pattern, const RegexOptions& options,
                            const Limits& limits) {
  Grammar grammar;
  RuleId root = grammar.add_rule("root");
  Result<Expr> body = regex_expr(grammar, pattern, options, limits);
  if (!body.ok()) return std::move(body.error());
  grammar.define(root, body.value());
  grammar.root = root;
  return grammar;
}

Result<Grammar> parse_regex(std::string_view pattern, const Limits& limits) {
  return parse_regex(pattern, RegexOptions(), limits);
}

}  // namespace xgr::core

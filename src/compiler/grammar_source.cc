// Sources: what is kept of them, and how they come about.
//
// Entry points: the factories of GrammarSource from sources, build. A source made from a text keeps a
// leaf (source_leaves.cc), which builds it with a front end. Unless that is deferred it is built once
// when it is made, so that errors show there. Expressions belong to one grammar, so a source is built
// anew into each.
//
//   regex("a+") | ebnf("root ::= ...")  ->  one grammar with the rules of both
//
// Tests: tests/unit/compiler/grammar_source_test.cc.
#include "compiler/grammar_source.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>

#include "compiler/source_builder.h"
#include "grammar/analysis.h"
#include "grammar/passes/passes.h"
#include "grammar/printer.h"
#include "support/ascii.h"
#include "support/bounded.h"

namespace xgr::core {
namespace {

// Stands for the special tokens where there is no tokenizer to look them up: another one for each name.
class SomeTokens {
 public:
  Result<TokenIds> operator()(std::string_view name) {
    const auto next = static_cast<uint32_t>(known_.size() % kMaxTokenId);
    const uint32_t id = kMaxTokenId - known_.try_emplace(std::string(name), next).first->second;
    TokenIds ids;
    ids.add(id, id);
    return ids;
  }

 private:
  std::unordered_map<std::string, uint32_t> known_;
};

}  // namespace

// A chain of sources that only this one holds would end in a recursion as deep as the chain is
// long.
GrammarSource::~GrammarSource() {
  std::vector<SourcePtr> pending = std::move(sources_);
  while (!pending.empty()) {
    SourcePtr s = std::move(pending.back());
    pending.pop_back();
    if (s.use_count() != 1) continue;
    std::move(s->sources_.begin(), s->sources_.end(), std::back_inserter(pending));
    s->sources_.clear();
  }
}

// A source that is read now is built once, so that everything that is refused is refused here.
Result<SourcePtr> GrammarSource::read(SourcePtr source, const Limits& limits, Reading reading) {
  if (reading == Reading::kDeferred) return source;
  return bounded(limits, nullptr, [&](const Limits& own) -> Result<SourcePtr> {
    Grammar scratch;
    Result<Expr> built = source->build(scratch, {own, SomeTokens()});
    if (!built.ok()) return std::move(built.error());
    return source;
  });
}

SourcePtr GrammarSource::from(std::unique_ptr<const SourceLeaf> leaf,
                              std::vector<SourcePtr> named) {
  std::shared_ptr<GrammarSource> out(new GrammarSource(Kind::kText, std::move(named)));
  out->leaf_ = std::move(leaf);
  return out;
}

Result<SourcePtr> GrammarSource::combine(Kind kind, std::vector<SourcePtr> sources) {
  if (sources.empty())
    return make_error(Status::kInvalidArgument, "there are no sources; expected at least one");
  if (sources.size() == 1) return std::move(sources[0]);
  return SourcePtr(new GrammarSource(kind, std::move(sources)));
}

Result<SourcePtr> GrammarSource::union_of(std::vector<SourcePtr> sources) {
  return combine(Kind::kUnion, std::move(sources));
}

Result<SourcePtr> GrammarSource::concat(std::vector<SourcePtr> sources) {
  return combine(Kind::kConcat, std::move(sources));
}

Result<SourcePtr> GrammarSource::repeat(SourcePtr source, uint32_t min, uint32_t max) {
  if (min > max) {
    return make_error(Status::kInvalidArgument, "a repetition of at least " + std::to_string(min) +
                                                    " and at most " + std::to_string(max) +
                                                    " times; expected the least to be the smaller");
  }
  std::shared_ptr<GrammarSource> out(new GrammarSource(Kind::kRepeat, {std::move(source)}));
  out->min_ = min;
  out->max_ = max;
  return SourcePtr(std::move(out));
}

Result<SourcePtr> GrammarSource::intersection(SourcePtr first, SourcePtr second,
                                              const Limits& limits) {
  return read(
      SourcePtr(new GrammarSource(Kind::kIntersection, {std::move(first), std::move(second)})),
      limits, Reading::kNow);
}

Result<Expr> GrammarSource::build(Grammar& grammar, const SourceContext& context) const {
  const ChargedPool charged(&grammar.pool, context.limits.work);
  return SourceBuilder(&grammar, context).run(*this);
}

Result<Grammar> GrammarSource::grammar(const SourceContext& context) const {
  Grammar out;
  Result<Expr> built = build(out, context);
  if (!built.ok()) return std::move(built.error());
  const ExprNode n = out.pool.node(built.value());
  if (n.kind == ExprKind::kCall) {
    out.root = n.a;
  } else {
    out.root = out.add_rule("root");
    out.define(out.root, built.value());
  }
  return out;
}

Result<std::string> GrammarSource::print(const SourceContext& context, bool simplified) const {
  return bounded(context.limits, nullptr, [&](const Limits& own) -> Result<std::string> {
    Result<Grammar> built = grammar({own, context.special_token, context.notes});
    if (!built.ok()) return std::move(built.error());
    const ChargedPool charged(&built.value().pool, own.work);
    if (simplified) simplify(&built.value());
    return print_ebnf(built.value(), own);
  });
}

namespace {

bool is_name_character(char c) {
  return is_letter_or_digit(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
}

// Where a rule is defined: its name at the start of a line, and behind it a colon or an attribute.
void locate_rule(std::string_view text, RefusalCause* cause) {
  int32_t line = 1;
  for (size_t begin = 0; begin < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view row = text.substr(begin, end - begin);
    size_t at = std::min(row.find_first_not_of(" \t?!"), row.size());
    const size_t name = at;
    while (at < row.size() && is_name_character(row[at])) ++at;
    const size_t next = std::min(row.find_first_not_of(" \t", at), row.size());
    if (row.substr(name, at - name) == cause->pointer && next < row.size() &&
        (row[next] == ':' || row[next] == '[' || row[next] == '{' || row[next] == '.')) {
      cause->line = line;
      cause->column = static_cast<int32_t>(name) + 1;
      return;
    }
    begin = end + 1;
  }
}

}  // namespace

TextRefusal GrammarSource::refusal(const RefusedText& text, const RefusalTrial& trial,
                                   const SourceContext& context) const {
  if (leaf_ != nullptr) {
    std::optional<TextRefusal> own = leaf_->refusal(text, trial, context.limits);
    if (own) return *std::move(own);
    if (leaf_->rules_text().empty()) return {};
  }
  TextRefusal out = rule_refusal([&] { return grammar(context); }, text, trial);
  if (leaf_ == nullptr) return out;
  for (RefusalCause& cause : out.causes) locate_rule(leaf_->rules_text(), &cause);
  return out;
}

Error GrammarSource::explain(Error error, const Limits& limits) const {
  return leaf_ == nullptr ? error : leaf_->explain(std::move(error), limits);
}

MaybeError GrammarSource::check(const SourceContext& context) const {
  return bounded(context.limits, nullptr, [&](const Limits& own) -> MaybeError {
    Result<Grammar> built = grammar({own, context.special_token, context.notes});
    if (!built.ok()) return std::move(built.error());
    const ChargedPool charged(&built.value().pool, own.work);
    Facts facts;
    return analyse(built.value(), {~0ull, ~0ull, ~0ull, ~0ull}, &facts);
  });
}

}  // namespace xgr::core

// Sources into one grammar.
//
// Entry point: SourceBuilder::run. Sources are built before what is made of them, from a list of
// work, each once. A union in a union and a sequence in a sequence are taken apart, so that a long
// chain of them becomes one; a source that is used more than once becomes a rule, so that using it
// again costs nothing.
//
//   (a | b) | c        ->  a | b | c
//   x = a b;  x x x    ->  root ::= part part part   part ::= a b
//
// Tests: tests/unit/compiler/grammar_source_test.cc.
#include "compiler/source_builder.h"

#include <algorithm>

#include "grammar/intersection.h"
#include "support/error_text.h"

namespace xgr::core {

Result<Expr> SourceBuilder::run(const GrammarSource& top) {
  count_uses(top);
  std::vector<const GrammarSource*> work{&top}, parts;
  while (!work.empty()) {
    const GrammarSource& source = *work.back();
    if (built(source) != kNoExpr) {
      work.pop_back();
      continue;
    }
    if (MaybeError error = operands(source, &parts)) return *std::move(error);
    const size_t before = work.size();
    for (const GrammarSource* part : parts) {
      if (built(*part) == kNoExpr) work.push_back(part);
    }
    if (work.size() > before) continue;
    Result<Expr> made = combined(source, parts);
    if (!made.ok()) return made;
    Expr e = made.value();
    const ExprKind kind = grammar_.pool.node(e).kind;
    const bool small = kind == ExprKind::kCall || kind == ExprKind::kLazy ||
                       kind == ExprKind::kLiteral || kind == ExprKind::kClass;
    if (info_.at(&source).uses > 1 && !small) {
      const RuleId rule = grammar_.add_rule("part");
      grammar_.define(rule, e);
      e = grammar_.pool.call(rule);
    }
    info_.at(&source).built = e;
    work.pop_back();
  }
  return built(top);
}

void SourceBuilder::count_uses(const GrammarSource& top) {
  std::vector<const GrammarSource*> work{&top};
  info_[&top];
  while (!work.empty()) {
    const GrammarSource& source = *work.back();
    work.pop_back();
    for (const SourcePtr& s : source.sources_) {
      if (info_[s.get()].uses++ == 0) work.push_back(s.get());
    }
  }
}

// What a source is made of; unions in a union and sequences in a sequence, each used here only, are
// replaced by what they are made of.
MaybeError SourceBuilder::operands(const GrammarSource& source,
                                   std::vector<const GrammarSource*>* out) {
  out->clear();
  std::vector<const GrammarSource*> work;
  auto open = [&](const GrammarSource& s) {
    for (size_t i = s.sources_.size(); i-- > 0;) work.push_back(s.sources_[i].get());
  };
  open(source);
  while (!work.empty()) {
    const GrammarSource& s = *work.back();
    work.pop_back();
    const bool chain = source.kind_ == Kind::kUnion || source.kind_ == Kind::kConcat;
    if (chain && s.kind_ == source.kind_ && info_.at(&s).uses == 1) {
      open(s);
    } else {
      out->push_back(&s);
    }
    if (++work_ > context_.limits.max_expressions) {
      return make_error(Status::kLimitExceeded,
                        "the grammar needs more expressions than " +
                            limit_text("max_expressions", context_.limits.max_expressions,
                                       "combine fewer sources"));
    }
  }
  return std::nullopt;
}

Result<Expr> SourceBuilder::combined(const GrammarSource& source,
                                     const std::vector<const GrammarSource*>& operands) {
  std::vector<Expr> parts;
  for (const GrammarSource* s : operands) parts.push_back(built(*s));
  ExprPool& pool = grammar_.pool;
  switch (source.kind_) {
    case Kind::kText:
      return source.leaf_->build(grammar_, context_, parts);
    case Kind::kUnion:
      return pool.alt(parts);
    case Kind::kConcat:
      return pool.seq(parts);
    case Kind::kRepeat:
      return pool.repeat(parts[0], source.min_, source.max_);
    case Kind::kIntersection:
      break;
  }
  return intersect(grammar_, parts[0], parts[1], context_.limits);
}

}  // namespace xgr::core

// Sources: what is kept of them, and how they come about.
//
// Entry points: the factories of GrammarSource, build. A source made from a text keeps the text,
// and a function that builds it with a front end; it is built once when it is made, so that errors
// show there. Expressions belong to one grammar, so a source is built anew into each.
//
//   regex("a+") | ebnf("root ::= ...")  ->  one grammar with the rules of both
//
// Tests: tests/unit/compiler/grammar_source_test.cc.
#include "compiler/grammar_source.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "compiler/source_builder.h"
#include "frontend/macros/substring.h"
#include "frontend/source_notes.h"
#include "grammar/analysis.h"
#include "grammar/passes/passes.h"
#include "grammar/printer.h"
#include "grammar/string_set.h"
#include "grammar/string_table.h"

namespace xgr::core {
namespace {

Error unknown_name(std::string_view name) {
  return make_error(Status::kInvalidSource, "no grammar is named \"" + std::string(name) + "\"");
}

// Stands for every special token where there is no tokenizer to look it up.
Result<TokenIds> some_token(std::string_view) {
  TokenIds ids;
  ids.add(0, 0);
  return ids;
}

MaybeError check_texts(std::span<const std::string_view> texts, const char* what) {
  for (size_t i = 0; i < texts.size(); ++i) {
    const size_t bad = find_invalid_utf8(texts[i]);
    if (bad == std::string_view::npos) continue;
    return error_at(Status::kInvalidSource,
                    std::string(what) + " " + std::to_string(i) + " is not valid UTF-8", texts[i],
                    bad);
  }
  return std::nullopt;
}

// A list of texts has no place that would help.
void note_choices(const StringTable& table, SourceNotes* notes) {
  const auto form = [](const SpecialNames::Match& m) {
    return "an EBNF source beside the choices: root ::= Token(" + std::to_string(m.id) + ")";
  };
  const auto place = [](std::string message, size_t) {
    return make_error(Status::kOk, std::move(message));
  };
  for (uint32_t i = 0; i < table.size(); ++i) notes->check_text(table[i], form, place);
}

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

SourcePtr GrammarSource::leaf(Build build, std::vector<SourcePtr> named) {
  std::shared_ptr<GrammarSource> out(new GrammarSource(Kind::kText, std::move(named)));
  out->build_ = std::move(build);
  return out;
}

// Builds it once and throws the result away, so that everything that is refused is refused here.
Result<SourcePtr> GrammarSource::checked(SourcePtr source, const Limits& limits) {
  Grammar scratch;
  Result<Expr> built = source->build(scratch, {limits, some_token});
  if (!built.ok()) return std::move(built.error());
  return source;
}

Result<SourcePtr> GrammarSource::ebnf(std::string_view text, std::string_view root_rule,
                                      EbnfDialect dialect, const Limits& limits) {
  auto build = [text = std::string(text), root = std::string(root_rule), dialect](
                   Grammar& g, const SourceContext& c, std::span<const Expr>) {
    EbnfOptions options;
    options.dialect = dialect;
    options.token_ids = c.special_token;
    options.notes = c.notes;
    return ebnf_expr(g, text, root, options, c.limits);
  };
  return checked(leaf(std::move(build)), limits);
}

Result<SourcePtr> GrammarSource::regex(std::string_view pattern, const RegexOptions& options,
                                       const Limits& limits) {
  return checked(leaf([pattern = std::string(pattern), options](Grammar& g, const SourceContext& c,
                                                                std::span<const Expr>) {
                   RegexOptions own = options;
                   own.notes = c.notes;
                   return regex_expr(g, pattern, own, c.limits);
                 }),
                 limits);
}

Result<SourcePtr> GrammarSource::lark(std::string_view text, std::span<const NamedGrammar> named,
                                      const Limits& limits) {
  LarkOptions options;
  std::unordered_map<std::string, size_t> places;
  std::vector<SourcePtr> sources;
  for (const NamedGrammar& n : named) {
    if (n.source == nullptr) {
      options.named_sources.push_back({std::string(n.name), std::string(n.lark)});
    } else if (places.try_emplace(std::string(n.name), sources.size()).second) {
      sources.push_back(n.source);
    }
  }
  auto build = [text = std::string(text), options, places](Grammar& g, const SourceContext& c,
                                                           std::span<const Expr> built) {
    LarkOptions own = options;
    own.special_token = c.special_token;
    own.notes = c.notes;
    own.named_grammar = [&](Grammar&, std::string_view name) -> Result<Expr> {
      auto it = places.find(std::string(name));
      if (it == places.end()) return unknown_name(name);
      return built[it->second];
    };
    return lark_expr(g, text, own, c.limits);
  };
  return checked(leaf(std::move(build), std::move(sources)), limits);
}

Result<SourcePtr> GrammarSource::json_schema(std::string_view schema,
                                             const JsonSchemaOptions& options,
                                             const Limits& limits) {
  std::vector<std::pair<std::string, std::string>> remotes;  // copies of what the views show
  for (const RemoteSchema& r : options.remotes) remotes.emplace_back(r.uri, r.text);
  auto build = [schema = std::string(schema), remotes = std::move(remotes), options](
                   Grammar& g, const SourceContext& c, std::span<const Expr>) {
    JsonSchemaOptions own = options;
    own.notes = c.notes;
    own.remotes.clear();
    for (const auto& [uri, text] : remotes) own.remotes.push_back({uri, text});
    return json_schema_expr(g, schema, own, c.limits);
  };
  return checked(leaf(std::move(build)), limits);
}

Result<SourcePtr> GrammarSource::json(const JsonFormatOptions& format) {
  return checked(leaf([format](Grammar& g, const SourceContext&, std::span<const Expr>) {
                   return json_expr(g, format);
                 }),
                 {});
}

Result<SourcePtr> GrammarSource::choices(std::span<const std::string_view> strings) {
  if (strings.empty())
    return make_error(Status::kInvalidArgument, "there are no choices; expected at least one");
  if (MaybeError e = check_texts(strings, "choice")) return *std::move(e);
  auto table = StringTable::of(strings);
  return leaf([table](Grammar& g, const SourceContext& c, std::span<const Expr>) -> Result<Expr> {
    if (c.notes != nullptr) note_choices(*table, c.notes);
    return StringSet::add(&g.pool, table);
  });
}

Result<SourcePtr> GrammarSource::substring(std::span<const std::string_view> chunks) {
  if (MaybeError e = check_texts(chunks, "chunk")) return *std::move(e);
  auto own = std::make_shared<const std::vector<std::string>>(chunks.begin(), chunks.end());
  return leaf([own](Grammar& g, const SourceContext&, std::span<const Expr>) -> Result<Expr> {
    return xgr::core::substring(g.pool, *own);
  });
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
  return checked(
      SourcePtr(new GrammarSource(Kind::kIntersection, {std::move(first), std::move(second)})),
      limits);
}

Result<Expr> GrammarSource::build(Grammar& grammar, const SourceContext& context) const {
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
  Result<Grammar> built = grammar(context);
  if (!built.ok()) return std::move(built.error());
  if (simplified) simplify(&built.value());
  return print_ebnf(built.value(), context.limits);
}

MaybeError GrammarSource::check(const SourceContext& context) const {
  Result<Grammar> built = grammar(context);
  if (!built.ok()) return std::move(built.error());
  Facts facts;
  return analyse(built.value(), {~0ull, ~0ull, ~0ull, ~0ull}, &facts);
}

}  // namespace xgr::core

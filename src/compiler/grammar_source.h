// GrammarSource: a language as a value, before any tokenizer.
//
// Made from a text, or from other sources; immutable, shared, and usable from any thread. Sources
// are built into a grammar when they are compiled or printed.
//
//   Result<SourcePtr> word = GrammarSource::regex("[a-z]+", {}, limits);
//   Result<SourcePtr> two = GrammarSource::concat({word.value(), space, word.value()});
//   Result<Grammar> grammar = two.value()->grammar({limits});
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontend/frontend.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

class GrammarSource;
using SourcePtr = std::shared_ptr<const GrammarSource>;

// What a build needs besides the source.
struct SourceContext {
  Limits limits;
  // The ids of a special token, by its name as a text writes it. Null: no tokenizer is known.
  std::function<Result<TokenIds>(std::string_view name)> special_token = nullptr;
  SourceNotes* notes = nullptr;  // gets what the texts say without effect; null: nobody asks
};

// A grammar that a Lark text may refer to.
struct NamedGrammar {
  std::string_view name;
  std::string_view lark;  // when there is no source
  SourcePtr source;
};

class GrammarSource {
 public:
  // From texts. Errors tell the place in the text; what is accepted can be built.
  static Result<SourcePtr> ebnf(std::string_view text, std::string_view root_rule,
                                EbnfDialect dialect, const Limits& limits);
  static Result<SourcePtr> regex(std::string_view pattern, const RegexOptions& options,
                                 const Limits& limits);
  // `named`: what @name stands for, each Lark text or a source.
  static Result<SourcePtr> lark(std::string_view text, std::span<const NamedGrammar> named,
                                const Limits& limits);
  static Result<SourcePtr> json_schema(std::string_view schema, const JsonSchemaOptions& options,
                                       const Limits& limits);
  static Result<SourcePtr> json(const JsonFormatOptions& format);
  // One of the strings, in any order; repetitions count once.
  static Result<SourcePtr> choices(std::span<const std::string_view> strings);
  // Any run of neighbouring chunks, and the empty text.
  static Result<SourcePtr> substring(std::span<const std::string_view> chunks);

  // From sources, of which there is at least one.
  static Result<SourcePtr> union_of(std::vector<SourcePtr> sources);
  static Result<SourcePtr> concat(std::vector<SourcePtr> sources);
  static Result<SourcePtr> repeat(SourcePtr source, uint32_t min, uint32_t max);  // kUnbounded
  // kUnsupported when neither side is regular.
  static Result<SourcePtr> intersection(SourcePtr first, SourcePtr second, const Limits& limits);

  ~GrammarSource();
  GrammarSource(const GrammarSource&) = delete;
  GrammarSource& operator=(const GrammarSource&) = delete;

  // Adds what is not there yet to a grammar; an expression for the language.
  Result<Expr> build(Grammar& grammar, const SourceContext& context) const;
  Result<Grammar> grammar(const SourceContext& context) const;
  // EBNF of the same language.
  Result<std::string> print(const SourceContext& context, bool simplified) const;
  // Whether there is any string, and nothing is refused; tokenizers may refuse more.
  MaybeError check(const SourceContext& context) const;

 private:
  friend class SourceBuilder;
  enum class Kind : uint8_t { kText, kUnion, kConcat, kRepeat, kIntersection };
  // Of kText: its expression; `named` are those of the sources.
  using Build =
      std::function<Result<Expr>(Grammar&, const SourceContext&, std::span<const Expr> named)>;
  GrammarSource(Kind kind, std::vector<SourcePtr> sources)
      : kind_(kind), sources_(std::move(sources)) {}
  static SourcePtr leaf(Build build, std::vector<SourcePtr> named = {});
  static Result<SourcePtr> checked(SourcePtr source, const Limits& limits);
  static Result<SourcePtr> combine(Kind kind, std::vector<SourcePtr> sources);

  Kind kind_;
  uint32_t min_ = 0, max_ = 0;              // kRepeat
  mutable std::vector<SourcePtr> sources_;  // changed by the destructor of what holds this only
  Build build_;
};

}  // namespace xgr::core

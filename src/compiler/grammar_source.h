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
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/refusal.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

class GrammarSource;
class KeyText;  // compiler/source_key.h
using SourcePtr = std::shared_ptr<const GrammarSource>;

// What a build needs besides the source.
struct SourceContext {
  Limits limits;
  // The ids of a special token, by its name as a text writes it. Null: no tokenizer is known.
  std::function<Result<TokenIds>(std::string_view name)> special_token = nullptr;
  SourceNotes* notes = nullptr;  // gets what the texts say without effect; null: nobody asks
  uint32_t token_count = kMaxTokenId + 1;  // ids below it exist
  TokenIds stop_tokens = {};               // end the output
};

// A grammar that a Lark text may refer to.
struct NamedGrammar {
  std::string_view name;
  std::string_view lark;  // when there is no source
  SourcePtr source;
};

// One language that is not made of other sources: a text, and how it is read.
class SourceLeaf {
 public:
  virtual ~SourceLeaf() = default;
  // Adds it to a grammar; `named` are the expressions of the sources that the text may name.
  virtual Result<Expr> build(Grammar& grammar, const SourceContext& context,
                             std::span<const Expr> named) const = 0;
  // What tells it from all others: its kind, its options and its text. `canonical`: equal JSON texts
  // are one, however they are laid out.
  virtual void write_key(KeyText* key, bool canonical) const = 0;
  // What to tell of a language without any string, as `error` says.
  virtual Error explain(Error error, const Limits&) const { return error; }
  // Which parts of it refuse a text; none where only its rules are known.
  virtual std::optional<TextRefusal> refusal(const RefusedText&, const RefusalTrial&,
                                             const Limits&) const {
    return std::nullopt;
  }
  // The text in which rules are defined by their names; empty when there is none.
  virtual std::string_view rules_text() const { return {}; }
};

class GrammarSource {
 public:
  // When a text is read: when its source is made, so that errors show there, or when it is built.
  enum class Reading : uint8_t { kNow, kDeferred };

  // From texts. Errors tell the place in the text; what was read can be built.
  static Result<SourcePtr> ebnf(std::string_view text, std::string_view root_rule,
                                EbnfDialect dialect, const Limits& limits,
                                Reading reading = Reading::kNow);
  static Result<SourcePtr> regex(std::string_view pattern, const RegexOptions& options,
                                 const Limits& limits, Reading reading = Reading::kNow);
  // `named`: what @name stands for, each Lark text or a source.
  static Result<SourcePtr> lark(std::string_view text, std::span<const NamedGrammar> named,
                                const Limits& limits, Reading reading = Reading::kNow);
  static Result<SourcePtr> json_schema(std::string_view schema, const JsonSchemaOptions& options,
                                       const Limits& limits, Reading reading = Reading::kNow);
  // `schemas`: how those inside are read, but for what the text itself says.
  static Result<SourcePtr> structural_tag(
      std::string_view text, const JsonSchemaOptions& schemas = StructuralTagOptions().json,
      const Limits& limits = {}, Reading reading = Reading::kNow);
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
  // Equal for sources that are built alike, and for those only.
  std::string key(bool canonical) const;
  // What to tell when its grammar has no string, as `error` says.
  Error explain(Error error, const Limits& limits) const;
  // Which parts of the source refuse a text.
  TextRefusal refusal(const RefusedText& text, const RefusalTrial& trial,
                      const SourceContext& context) const;

 private:
  friend class SourceBuilder;
  enum class Kind : uint8_t { kText, kUnion, kConcat, kRepeat, kIntersection };
  GrammarSource(Kind kind, std::vector<SourcePtr> sources)
      : kind_(kind), sources_(std::move(sources)) {}
  static SourcePtr from(std::unique_ptr<const SourceLeaf> leaf, std::vector<SourcePtr> named = {});
  static Result<SourcePtr> read(SourcePtr source, const Limits& limits, Reading reading);
  static Result<SourcePtr> combine(Kind kind, std::vector<SourcePtr> sources);

  Kind kind_;
  uint32_t min_ = 0, max_ = 0;              // kRepeat
  mutable std::vector<SourcePtr> sources_;  // changed by the destructor of what holds this only
  std::unique_ptr<const SourceLeaf> leaf_;  // kText
};

}  // namespace xgr::core

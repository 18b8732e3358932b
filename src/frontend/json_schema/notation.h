// How values are written at each place of a document: as JSON, or as a style of arguments says.
//
//   Notation n(grammar, options);
//   n.written(site, kNullBit, n.word(site, kNullBit))   // with all that stands around a value
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontend/json_schema/argument_notation.h"
#include "frontend/json_schema/argument_strings.h"
#include "frontend/json_schema/json_text.h"

namespace xgr::core {

enum class Site : uint8_t {
  kJson,
  kRoot,      // where the object stands whose members are the arguments; nothing else can
  kArgument,  // where an argument stands, or a value inside of one if the style nests
};

struct Spot {
  uint32_t level = 0;  // of nesting, where the layout of JSON depends on it
  Site site = Site::kJson;
  bool operator==(const Spot&) const = default;
};

class Notation {
 public:
  // `arguments`: nothing for JSON.
  Notation(Grammar& grammar, const JsonSchemaOptions& options,
           std::optional<ArgumentNotation> arguments);
  Notation(const Notation&) = delete;
  Notation& operator=(const Notation&) = delete;

  JsonText& json() { return json_; }
  Spot root() const { return {0, !arguments_ ? Site::kJson : Site::kRoot}; }
  // Where members and items of a container stand that stands at `at`.
  Spot inside(Spot at) const;
  // Whether a container there is written as JSON.
  bool json_inside(Site site) const;

  // The value of one type with its mark, white space and end, as it stands there.
  Expr written(Site site, TypeSet type, Expr value);
  Expr word(Site site, TypeBit type);  // null, true, false
  // Strings, with all that stands around them: any, those of a language over characters, `gaps` if
  // white space may stand around them, listed ones.
  Expr any_string(Site site);
  Expr strings(Site site, Expr language, bool gaps);
  // Whether white space may stand around strings of a language: then trimmed() is what it is of.
  bool string_gaps(Site site) const { return site == Site::kArgument && arguments_->string_gaps; }
  Expr trimmed(Expr language);
  Expr listed_strings(Site site, std::span<const std::string_view> texts);
  // Whether a string can be written there at all; with an exclude in it it just is not.
  bool spells(Site site, std::string_view text) const;
  bool excluded(std::string_view spelled) const { return contains_any(spelled, excludes_); }

  // Objects: the ways to write one there, each a form; null stands for JSON.
  std::span<const ObjectNotation* const> object_forms(Site site) const;
  Layout object_layout(Spot at, const ObjectNotation* form);
  // A key from its opening to the end that tells it from others; nothing if it cannot be written.
  std::optional<std::string> key(const ObjectNotation* form, std::string_view name) const;
  std::string key_open(const ObjectNotation* form) const;
  // What ends a member after its value.
  Expr member_end(const ObjectNotation* form, std::string_view name);
  // What follows the opening of a key whose name is in `names` (kNoExpr: any that nobody declares)
  // and not in `taken`.
  Expr other_names(const ObjectNotation* form, Expr names, Expr taken);

  Layout array_layout(Spot at);
  Expr item(Site site, Expr value);

  // Values that nothing is known about; not for sites where can_write_any says no.
  bool can_write_any(Site site) const;
  Expr any_value(Spot at);
  Expr any_object(Spot at);
  Expr any_array(Spot at);

 private:
  struct AnyRules {
    Expr object = kNoExpr, array = kNoExpr;
  };
  ExprPool& pool() { return json_.pool(); }
  // What a style writes: text, and tokens for those markers in it that are tokens.
  Expr marker(std::string_view text);
  Expr until(std::string_view end, std::span<const std::string> words);
  struct TokenSpot {
    size_t begin, end;         // in a text; its size if there is none
    const TokenMarker* token;  // null: none
  };
  TokenSpot first_token(std::string_view text) const;
  size_t last_token_end(std::string_view text) const;  // 0: there is none
  std::string_view token_lead(std::string_view text) const;
  std::string_view text_lead(std::string_view text) const;
  std::string_view key_end(const ObjectNotation& form) const;
  Expr opening(const std::string& mark);
  const std::string& mark_of(TypeSet type) const;
  Expr marked(const std::string& mark, Expr value, Expr gap);
  Expr finished(Expr text_with_end, Expr gap);
  Expr string_rule(Expr body);
  Expr any_of(TypeSet type);
  Expr any_members(const ObjectNotation& form);
  void declare_any();
  std::vector<std::string> words(std::string_view end, std::string_view more = {}) const;
  // Ids of tokens are of one vocabulary, so no other grammar has the rule.
  RuleUse shared_use() const { return tokens_.empty() ? RuleUse::kShare : RuleUse::kCall; }
  Expr gap(bool wanted) { return wanted ? gap_ : pool().epsilon(); }
  Expr plain_names(const ObjectNotation& form);

  Grammar& grammar_;
  std::optional<ArgumentNotation> arguments_;
  std::vector<std::string> excludes_;
  std::vector<TokenMarker> tokens_;
  JsonText json_;
  Expr gap_;
  std::vector<ObjectNotation> quoted_;  // nested objects in either quote
  std::vector<const ObjectNotation*> root_forms_, nested_forms_;
  SpellingImages single_, double_, attribute_, markup_;
  Expr any_string_ = kNoExpr;
  std::optional<AnyRules> any_;
  std::unordered_map<Expr, Expr> string_rules_;  // body -> call
};

}  // namespace xgr::core

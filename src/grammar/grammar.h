// Grammar: rules over one expression pool. What every front end produces and the printer prints.
//
// Independent of any tokenizer. A front end fills it through the methods below and returns it by
// value; afterwards nobody changes the rules.
//
//   Grammar g;
//   RuleId value = g.add_rule("value");          // declared, may be called before it is defined
//   g.define(value, g.pool.alt(number, g.pool.seq({open, g.pool.call(value), close})));
//   g.root = value;
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "grammar/expr.h"

namespace xgr::core {

// How a reference to the rule is executed. Never changes the language.
enum class RuleUse : uint8_t {
  kAuto,   // inlined unless recursive
  kCall,   // own fragment, joined by call and return: for rules used from many places whose end is
           // marked by a delimiter ("...", {...}, [...])
  kShare,  // like kCall, and equal rules of other grammars of the same compiler share its automaton
           // and masks (JSON strings, any JSON value). May call only kShare rules; no lazy nodes.
};

// What a rule asks of matchers beyond its language. Such a rule is always called, so that every
// occurrence of it has a frame of its own.
struct RuleAttributes {
  static constexpr uint32_t kNoBudget = UINT32_MAX;
  uint32_t max_tokens = kNoBudget;  // of one occurrence; see matcher/token_budget.h
  float temperature = -1;           // sampling temperature inside; negative: none
  std::string capture;  // name that the text of an occurrence is reported by; empty: none
  // With a marker the body is shortest(content marker); the text reported is that of the content.
  Expr content = kNoExpr, marker = kNoExpr;
  bool hide_marker = false;  // from captures around this one, too
  std::string stop_capture;  // name that the text of the marker is reported by; empty: none
};

struct Rule {
  std::string name;  // an EBNF identifier, unique in the grammar
  Expr body = kNoExpr;
  RuleUse use = RuleUse::kAuto;
  // A kCall rule for JSON arrays or objects: an array of which two items are equal JSON values, or an
  // object with a name twice, is none of its strings. Matchers see to that (matcher/unique_items.h);
  // automata and masks leave it aside.
  bool unique = false;
  std::shared_ptr<const RuleAttributes> attributes = nullptr;  // none
};

class Grammar {
 public:
  ExprPool pool;
  std::vector<Rule> rules;
  RuleId root = 0;

  // `name` is made unique by a numeric suffix when taken, and made an identifier when it is not.
  RuleId add_rule(std::string_view name, RuleUse use = RuleUse::kAuto);
  void define(RuleId rule, Expr body) { rules[rule].body = body; }

 private:
  std::unordered_map<std::string, uint32_t> next_suffix_;  // names taken
};

}  // namespace xgr::core

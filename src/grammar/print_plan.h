// What the printer decides before it writes: which parts become rules, and in which order
// alternatives stand.
#pragma once

#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "grammar/char_steps.h"
#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

class PrintPlan {
 public:
  PrintPlan(Grammar& grammar, const Limits& limits);

  // Must succeed before anything else is asked. Adds expressions to the pool.
  MaybeError make();

  bool reaches(RuleId r) const { return reached_[r]; }
  // Whether `e` is written as a reference to a rule made for it.
  bool is_part(Expr e) const { return info_.at(e).is_part; }
  // What stands behind the rule of a part: the part itself, or what a lazy or boolean one denotes.
  Expr definition(Expr part) const;
  // How the rule is written that begins with `body`, the body of a rule or the definition of a
  // part.
  struct Start {
    Expr body;
    bool open;  // its content, although it is a part
    bool lazy;  // as a lazy rule
  };
  Start start_of_rule(RuleId r) const;
  Start start_of_part(Expr part) const;
  // Where a rule's marker stands: in attributes that say what is hidden from captures.
  enum class Marker : uint8_t { kNone, kBehindBody, kInBody };
  struct RuleMarker {
    Marker kind = Marker::kNone;
    Expr content = kNoExpr, marker = kNoExpr;  // parts, unless the marker is a literal
  };
  RuleMarker marker_of(RuleId r) const;
  // The items of a sequence, up to a part at its end.
  std::vector<Expr> sequence(Expr e) const;
  // The children of a kAlt, in the order in which they are written.
  std::vector<Expr> alternatives(Expr e) const;

 private:
  struct Info {
    uint32_t uses = 0;
    uint32_t depth = 0;  // of parentheses
    size_t length = 0;   // of the text, about
    bool is_part = false;
    uint32_t rank = 0;      // order of alternatives
    uint32_t new_rank = 0;  // order in which reading the text would make the expressions
  };
  struct Visit {
    Expr e;
    bool leave;  // all below it is done
    bool open;   // its content, although it is a part
  };

  MaybeError collect();
  MaybeError reach_attributes(RuleId r);
  bool plain(Expr e);
  MaybeError define(Expr e);
  void use(Expr e);
  MaybeError reach(RuleId r);
  void append_children(Expr e, std::vector<Expr>* out) const;
  void measure();
  void measure_one(Expr e, Info* f);
  void rank_alternatives();
  void read_back();
  void read_rule(Expr body, bool open);
  void read_content(Expr e);
  bool orders_agree() const;

  Grammar& grammar_;
  ExprPool& pool_;
  const Limits& limits_;
  size_t max_expressions_;
  CharSteps steps_;
  std::unordered_map<Expr, Info> info_;
  std::unordered_map<Expr, Expr> definitions_;
  std::unordered_map<RuleId, RuleMarker> markers_;
  std::unordered_set<Expr> lazy_parts_;  // written as lazy rules
  std::unordered_map<Expr, bool> plain_;
  std::vector<bool> reached_;
  std::vector<Expr> order_;  // all of info_, children first
  std::vector<Expr> pending_, children_;
  std::vector<Visit> visits_;
  std::deque<Expr> waiting_;
  uint32_t next_rank_ = 0;
};

}  // namespace xgr::core

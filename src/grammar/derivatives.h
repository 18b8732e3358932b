// Derivatives of expressions: what an expression can do first, and what remains after it.
//
// The automata are built from these lazily. Not thread-safe: creates nodes in the pool.
//
//   Derivatives d(grammar, facts);
//   LinearForm f; d.expand(body, &f);       // f.bytes: {'a'..'z' -> rest}, f.calls: {value -> rest}
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "grammar/byte_cuts.h"
#include "grammar/counted_meeting.h"
#include "grammar/counter_cover.h"
#include "grammar/grammar.h"
#include "grammar/rule_facts.h"
#include "support/key_set.h"

namespace xgr::core {

// A byte range and the union of everything that may remain after a byte of it.
struct Segment {
  uint8_t lo, hi;
  Expr next;
};

class Derivatives {
 public:
  static constexpr size_t kMaxBooleanDepth = 500;       // of intersections and complements
  static constexpr size_t kMaxBooleanStates = 1 << 15;  // of one search for a string of one
  // Of all searches in an analysis, or in a step for each expression of the state.
  static constexpr uint64_t kMaxBooleanVisits = 1 << 18;

  Derivatives(Grammar& grammar, const Facts& facts)
      : grammar_(grammar), facts_(facts), counters_(&grammar.pool) {}
  Derivatives(const Derivatives&) = delete;
  Derivatives& operator=(const Derivatives&) = delete;

  // Appends the first steps of all `items` to `out` (not those of the empty string). Dead ends are left
  // out. What several items have in common is worked off once.
  void expand(std::span<const Expr> items, LinearForm* out);
  void expand(Expr e, LinearForm* out) { expand({&e, 1}, out); }
  // As expand, with calls of the members of `scc` kept as calls even in tail position.
  void expand_raw(Expr e, int32_t scc, LinearForm* out);
  // The byte steps of a regular expression as disjoint segments, ascending.
  std::vector<Segment> segments(Expr e);
  // Whether the expression has no string; exact for kAnd and kNot, which only a search can tell.
  bool is_empty(Expr e);

  // A limit was hit: some result was cut short and must not be used.
  bool over_limit() const { return over_limit_; }
  void set_max_expressions(size_t n) { max_expressions_ = n; }

 private:
  struct Task {
    Expr e, after;
  };
  void run(std::span<const Expr> items, int32_t raw_scc, LinearForm* out);
  void expand_one(Task task, int32_t raw_scc, LinearForm* out);
  void expand_call(Task task, int32_t raw_scc, LinearForm* out);
  void expand_class(uint32_t charset, Expr after, LinearForm* out);
  void expand_switch(Task task, LinearForm* out);
  void expand_left_corners(RuleId rule, Expr after, LinearForm* out);
  void expand_left_tail(RuleId from, RuleId to, Expr after);
  void expand_and(const ExprNode& n, Expr after, bool keep_all, LinearForm* out);
  void expand_not(Expr body, Expr after, LinearForm* out);
  void expand_shortest(Expr body, Expr after, LinearForm* out);
  void expand_tokens(uint32_t set, Expr after, LinearForm* out);
  void add_byte(uint8_t lo, uint8_t hi, Expr next, LinearForm* out);
  void add_call(RuleId rule, Expr next, LinearForm* out);
  const std::vector<Segment>& operand_segments(Expr e);  // valid until the operands are cleared
  void clear_operands();
  std::optional<bool> has_counted_string(Expr e);
  Expr union_of(std::span<const Expr> alternatives);
  Expr representative(Expr call);
  Expr join(Expr first, Expr after);  // seq, with calls absorbed by their own left tail
  const std::vector<ByteEdge>& lowered(uint32_t charset);
  const std::vector<ByteEdge>& lowered_range(char32_t lo, char32_t hi);
  void lower(const CharSet& set, Expr child, std::vector<ByteEdge>* out);

  Grammar& grammar_;
  const Facts& facts_;
  std::vector<std::vector<ByteEdge>> lowered_;  // by charset id; next relative to epsilon
  std::vector<bool> lowered_known_;
  std::unordered_map<uint64_t, std::vector<ByteEdge>> lowered_ranges_;  // by lo, hi; relative too
  // Of operands of boolean expressions: without it, nested ones are expanded exponentially often.
  std::unordered_map<Expr, std::vector<Segment>> operand_segments_;
  std::unique_ptr<CountedMeeting> meeting_;  // made when asked for
  // Working memory. Expansions of operands nest, each with a form of its own.
  std::vector<Task> tasks_;
  std::deque<KeySet> seen_;  // tasks, by depth_
  std::vector<std::unique_ptr<LinearForm>> spare_forms_;
  ByteCuts cuts_;
  CounterCover counters_;
  std::vector<Expr> alternatives_;
  size_t max_expressions_ = SIZE_MAX;
  uint64_t visited_ = 0;  // by is_empty, since the last step of a state
  uint64_t max_visits_ = kMaxBooleanVisits;
  size_t depth_ = 0;  // nesting of boolean expressions being expanded
  bool over_limit_ = false;
};

}  // namespace xgr::core

// How many bytes the strings of expressions have at least, calls included.
//
//   LeastLengths lengths(grammar);
//   lengths.of({&e, 1}, &work)      // {"a": and what is required behind it
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "grammar/grammar.h"

namespace xgr::core {

// A lower bound, exact but for intersections, complements and some generators. Not thread-safe; the pool
// must not grow while this is asked.
class LeastLengths {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;  // no string
  explicit LeastLengths(const Grammar& grammar) : grammar_(grammar) {}
  // Of several; kNone if none has a string.
  uint32_t of(std::span<const Expr> items, Work* work);
  size_t memory_bytes() const { return (known_.capacity() + rules_.capacity()) * 4; }

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX - 1;
  void find_rules(Work* work);
  uint32_t find(Expr e, Work* work);
  uint32_t get(Expr e) const { return e < known_.size() ? known_[e] : kUnknown; }
  bool measure(Expr e, std::vector<Expr>* missing, uint32_t* least) const;
  uint32_t measure_generated(const ExprNode& n, std::vector<Expr>* missing) const;
  uint32_t measure_switch(Expr e, std::vector<Expr>* missing) const;
  uint32_t child(Expr e, std::vector<Expr>* missing) const;

  const Grammar& grammar_;
  std::vector<uint32_t> known_;  // by expression
  std::vector<uint32_t> rules_;  // by rule
  std::vector<Expr> open_;       // working memory
};

}  // namespace xgr::core

// Property names that are none of a given list, in every JSON spelling.
#pragma once

#include <string>
#include <vector>

#include "frontend/json_schema/string_spelling.h"
#include "grammar/measured_generator.h"

namespace xgr::core {

// Args: {first, depth, 0} - the characters read so far are the first `depth` bytes of taken[first],
// the first name that begins so; {first, depth, 1} - and then a backslash.
class UndeclaredNames : public MeasuredGenerator {
 public:
  // `tail`: what follows once the name cannot be a taken one, closing quote included.
  UndeclaredNames(std::vector<std::string> taken, Expr tail,
                  JsonEscapes escapes = JsonEscapes::kAny);
  void set_id(uint32_t id) { id_ = id; }

  Expr unfold(ExprPool& pool, const Args& args) const override;
  bool nullable(const ExprPool&, const Args&) const override { return false; }
  Expr witness(ExprPool&, const Args&) const override { return tail_; }
  void collect_children(const Args&, std::vector<Expr>* out) const override {
    out->push_back(tail_);
  }
  uint32_t least_bytes(const Args&, const Least& least) const override { return least(tail_); }

 private:
  struct Next {  // a character that keeps the name a prefix of taken ones
    char32_t c;
    Expr rest;
  };
  uint32_t end_of_prefix(uint32_t first, uint32_t depth) const;
  std::vector<Next> next_characters(ExprPool& pool, uint32_t first, uint32_t depth) const;
  Expr after_backslash(ExprPool& pool, const std::vector<Next>& next) const;
  Expr after_high_surrogate(ExprPool& pool, std::vector<UnitCase> lows) const;
  Expr short_escape_edges(ExprPool& pool, const std::vector<Next>& next, Expr unicode) const;
  Expr units(ExprPool& pool, std::vector<UnitCase> special) const;

  std::vector<std::string> taken_;  // sorted, unique
  Expr tail_;
  JsonEscapes escapes_;
  uint32_t id_ = 0;
};

}  // namespace xgr::core

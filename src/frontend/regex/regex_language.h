// Regular expressions whose parts depend on what stands around them, as a generated expression.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "frontend/regex/regex_engine.h"
#include "grammar/expr.h"

namespace xgr::core {

// The texts that match.
Expr add_regex_language(ExprPool& pool, RegexProgram program);

class RegexLanguage : public LazyGenerator {
 public:
  explicit RegexLanguage(RegexProgram program) : engine_(std::move(program)) {}
  void set_id(uint32_t id) { id_ = id; }
  Expr start(ExprPool& pool) const { return at(pool, engine_.start(), kAsIs); }

  Expr unfold(ExprPool& pool, const Args& args) const override;
  bool nullable(const ExprPool& pool, const Args& args) const override;
  Expr witness(ExprPool& pool, const Args& args) const override;
  void collect_children(const Args&, std::vector<Expr>*) const override {}
  Args spelled(const Args& args) const override { return {args[0], kSpelled, 0}; }

 private:
  using Demand = RegexEngine::Demand;
  enum Mode : uint32_t {
    kAsIs,     // a text is its own spelling
    kSpelled,  // every character has a spelling
  };
  enum Life : uint8_t { kNotAsked, kLive, kDead };

  Expr at(ExprPool& pool, Demand d, uint32_t mode) const;
  bool live(ExprPool& pool, Demand d, uint32_t mode) const;
  bool ends_here(ExprPool& pool, Demand d, uint32_t mode) const;
  void notice_alphabet(const ExprPool& pool) const;

  // Generators are unfolded by one thread at a time.
  mutable RegexEngine engine_;
  mutable std::array<std::vector<Life>, 2> life_;  // by mode and demand
  mutable std::array<bool, 256> alphabet_{};       // for which life_[kAsIs] was found
  uint32_t id_ = 0;
};

}  // namespace xgr::core

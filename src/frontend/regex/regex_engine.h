// The states of a regular expression whose parts depend on what stands around them.
//
// A *state* is a place in the program with all it remembers. What may follow a place of the text is
// a *demand*: states that must all be reached from there, and sets of demands of which none may be
// met. Everything is numbered on demand.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "frontend/regex/regex_program.h"

namespace xgr::core {

class RegexEngine {
 public:
  using Demand = uint32_t;
  static constexpr Demand kNothing = 0;  // met by every text

  struct Step {
    CharSet set;
    Demand next;
  };
  struct Facts {
    bool nullable = false;    // met by the empty text
    bool all = false;         // known to be met by every text
    std::vector<Expr> plain;  // also met by these
    std::vector<Step> steps;  // one character, then what is left; sets may overlap
  };

  explicit RegexEngine(RegexProgram program);

  Demand start() const { return start_; }
  // The same for the life of the engine. `pool` has the expressions of the program; finding them is
  // charged to its work.
  const Facts& facts(Demand d, const ExprPool& pool);
  // The expression that the demand is, or kNoExpr.
  Expr plain(Demand d) const;
  size_t size() const { return demands_.size(); }

 private:
  using State = uint32_t;
  using Refusal = uint32_t;  // demands of which none may be met
  using Ids = std::vector<uint32_t>;

  static constexpr uint64_t kWaySteps = 8, kPieceSteps = 4;
  static constexpr uint32_t kNoLoop = UINT32_MAX;

  enum Emptiness : uint32_t { kRead, kOnceEmpty, kJustEmpty };  // was an iteration empty?

  struct StateData {
    uint32_t point, context;
    uint32_t goal;     // the scope whose end is the aim
    uint32_t pending;  // loops this deep and deeper have not read anything in this iteration
    Ids counts;        // of the counted loops around the point: iterations done, and an Emptiness
  };
  struct DemandData {
    Ids states, refusals;
    std::unique_ptr<Facts> facts;
  };
  // A way to go on without a character.
  struct Way {
    NextMask mask = kAnyNext;
    Ids todo, leaves, refusals;
    Expr plain = kNoExpr;
  };
  struct RefusalStep {
    CharSet set;
    bool broken;  // a demand is met whatever follows
    Refusal next;
  };
  struct RefusalData {
    Ids demands;
    bool stepped = false, asked = false;
    bool all = false;  // a demand is met by every text
    CharSet active;    // all other characters satisfy it
    std::vector<RefusalStep> steps;
  };

  State state(StateData s);
  Demand demand(Ids states, Ids refusals);
  Refusal refusal(Ids demands);
  StateData at(StateData s, uint32_t point) const;

  void advance(Way way, std::vector<Way>* work);
  void fork(Way way, StateData first, StateData second, uint32_t scope, std::vector<Way>* work);
  void split(Way way, const StateData& s, const RegexPoint& p, std::vector<Way>* work);
  void condition(Way way, const StateData& s, const RegexPoint& p, std::vector<Way>* work);
  void look_ahead(Way way, const StateData& s, const RegexPoint& p, std::vector<Way>* work);
  void head(Way way, StateData s, uint32_t loop, bool entering, std::vector<Way>* work);
  void back(Way way, StateData s, uint32_t loop, std::vector<Way>* work);
  void leave(Way way, StateData s, uint32_t loop, std::vector<Way>* work);
  StateData outside(StateData s, const RegexLoop& l) const;
  void go(Way way, StateData s, std::vector<Way>* work);

  std::vector<Way> ways(Demand d, Work* work_of_call);
  void add_steps(const Way& way, const ExprPool& pool, Facts* out);
  bool refused_by_empty(const Way& way, const ExprPool& pool);
  bool contradictory(const Way& way, const ExprPool& pool);
  const std::vector<RefusalStep>& refusal_steps(Refusal r, const ExprPool& pool);

  RegexProgram program_;
  Demand start_ = 0;
  std::vector<StateData> states_;
  std::vector<DemandData> demands_;
  std::vector<std::unique_ptr<RefusalData>> refusals_;
  std::map<Ids, uint32_t> known_states_, known_demands_, known_refusals_;
};

}  // namespace xgr::core

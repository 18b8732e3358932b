// Emptiness of boolean expressions: whether an intersection or complement has any string.
//
// Entry point: Derivatives::is_empty. A breadth-first search over the derivatives for one that accepts:
// a shortest string is found soon, where a deep search would first run counters to their end. All
// expressions on a path that succeeded are marked live, all visited in vain are marked dead, so that
// later questions about them are answered at once. Where even the shortest string is long because of a
// counter, the rounds of that are not searched but computed (counted_meeting.h).
//
//   is_empty(/a+/ and /b+/) == true;   is_empty(/[ab]+/ and not /a+/) == false
//
// Tests: tests/unit/grammar/derivatives_test.cc.
#include <unordered_set>

#include "grammar/derivatives.h"

namespace xgr::core {
namespace {

constexpr uint32_t kManyRounds = 256;    // too many to search
constexpr size_t kLongSearch = 1 << 11;  // after so many visits other ways are tried
constexpr uint64_t kVisitSteps = 32;

bool is_boolean(ExprKind k) { return k == ExprKind::kAnd || k == ExprKind::kNot; }

struct Visit {
  Expr e;
  uint32_t from;  // index of the visit that led here
};

}  // namespace

// Only boolean expressions need the search; the flags of all others are exact.
class Emptiness {
 public:
  static void set(ExprPool* p, Expr e, uint8_t flag) { p->nodes_[e].flags |= flag; }
  static bool known_live(const ExprPool& p, Expr e) {
    uint8_t f = p.nodes_[e].flags;
    return (f & (ExprPool::kKnownLive | ExprPool::kNullable)) ||
           (!is_boolean(p.nodes_[e].kind) && !(f & ExprPool::kDead));
  }
};

std::optional<bool> Derivatives::has_counted_string(Expr e) {
  if (!meeting_) {
    meeting_ = std::make_unique<CountedMeeting>(grammar_.pool, [this](Expr part) {
      const size_t before = visited_;  // which the outermost expansion begins anew
      std::vector<Segment> out = segments(part);
      visited_ = before;
      return out;
    });
  }
  const std::optional<bool> known = meeting_->has_string(e);
  if (!known || over_limit_) return std::nullopt;
  Emptiness::set(&grammar_.pool, e, *known ? ExprPool::kKnownLive : ExprPool::kDead);
  return known;
}

bool Derivatives::is_empty(Expr start) {
  ExprPool& p = grammar_.pool;
  if (p.dead(start)) return true;
  if (Emptiness::known_live(p, start)) return false;
  if (CountedMeeting::counts(p, start, kManyRounds)) {
    if (const std::optional<bool> known = has_counted_string(start)) return !*known;
  }
  std::unordered_set<Expr> visited{start};
  std::vector<Visit> queue{{start, UINT32_MAX}};
  LinearForm form;
  for (uint32_t at = 0; at < queue.size() && !over_limit_; ++at) {
    form.clear();
    const ExprNode n = p.node(queue[at].e);
    if (n.kind == ExprKind::kAnd) {
      expand_and(n, p.epsilon(), true, &form);
    } else {
      expand_not(n.a, p.epsilon(), &form);
    }
    for (const ByteEdge& b : form.bytes) {
      if (p.dead(b.next)) continue;
      if (Emptiness::known_live(p, b.next)) {
        for (uint32_t i = at; i != UINT32_MAX; i = queue[i].from) {
          Emptiness::set(&p, queue[i].e, ExprPool::kKnownLive);
        }
        return false;
      }
      if (visited.insert(b.next).second) queue.push_back({b.next, at});
    }
    if (at == kLongSearch) {
      if (const std::optional<bool> known = has_counted_string(start)) return !*known;
    }
    p.charge(kVisitSteps + form.bytes.size());
    ++visited_;
    // Without bounds of its own a search has these.
    const bool too_many = visited.size() > kMaxBooleanStates || visited_ > max_visits_;
    over_limit_ = over_limit_ || (too_many && p.work() == nullptr);
  }
  if (over_limit_) return false;
  for (Expr e : visited) Emptiness::set(&p, e, ExprPool::kDead);
  return true;
}

}  // namespace xgr::core

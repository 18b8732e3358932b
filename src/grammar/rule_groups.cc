// Which rules need one another, and whether such groups of two grammars are the same.
//
// Entry points: RuleGroups::collect, structure. Groups are the strongly connected components of the
// calls (Tarjan, SIAM J. Comput. 1, 1972), found without recursion. Their bodies are written out
// depth first, each expression once. The children of alternatives and intersections lie in order of
// their ids, which differ from grammar to grammar; they are written in order of a hash of what they
// are. Equality is decided on the whole text, so a collision can only miss an equality.
//
//   a ::= "x" b | c    b ::= a "y"    c ::= "z"      collect(a) -> {c}, {a, b}
//
// Tests: tests/unit/grammar/rule_groups_test.cc.
#include "grammar/rule_groups.h"

#include <algorithm>

#include "support/hash.h"
#include "support/status.h"

namespace xgr::core {
namespace {

constexpr uint32_t kClosed = UINT32_MAX;
constexpr uint32_t kInside = 0x80000000u;  // marks calls of members of the group
constexpr char kAgain = 127;               // stands for an expression that was written before

uint64_t mix_bytes(uint64_t h, std::string_view bytes) {
  for (char c : bytes) h = mix(h, static_cast<uint8_t>(c));
  return h;
}

void append_number(uint32_t v, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) *out += static_cast<char>(v >> shift & 0xFF);
}

bool unordered(ExprKind k) { return k == ExprKind::kAlt || k == ExprKind::kAnd; }

}  // namespace

RuleGroups::RuleGroups(const Grammar& grammar)
    : grammar_(grammar),
      pool_(grammar.pool),
      index_(grammar.rules.size()),
      low_(grammar.rules.size()) {}

void RuleGroups::enter(RuleId rule, std::vector<Frame>* path) {
  index_[rule] = low_[rule] = ++next_index_;
  open_.push_back(rule);
  Frame frame{rule, {}};
  seen_.resize(pool_.size());
  ++walk_;
  std::vector<Expr> work{grammar_.rules[rule].body};
  while (!work.empty()) {
    Expr e = work.back();
    work.pop_back();
    if (seen_[e] == walk_) continue;
    seen_[e] = walk_;
    if (pool_.node(e).kind == ExprKind::kCall) frame.callees.push_back(pool_.node(e).a);
    pool_.for_each_child(e, [&](Expr child) { work.push_back(child); });
  }
  path->push_back(std::move(frame));
}

void RuleGroups::collect(RuleId rule, std::vector<Group>* out) {
  std::vector<Frame> path;
  if (index_[rule] == 0) enter(rule, &path);
  while (!path.empty()) {
    Frame& top = path.back();
    RuleId r = top.rule;
    if (!top.callees.empty()) {
      RuleId callee = top.callees.back();
      top.callees.pop_back();
      if (index_[callee] == 0) {
        enter(callee, &path);
      } else if (index_[callee] != kClosed) {
        low_[r] = std::min(low_[r], index_[callee]);
      }
      continue;
    }
    path.pop_back();
    if (!path.empty()) low_[path.back().rule] = std::min(low_[path.back().rule], low_[r]);
    if (low_[r] == index_[r]) close(r, out);
  }
}

// Takes the members of the group of `rule`, which was discovered first among them, off the stack.
void RuleGroups::close(RuleId rule, std::vector<Group>* out) {
  Group group;
  do {
    group.push_back(open_.back());
    index_[open_.back()] = kClosed;
    open_.pop_back();
  } while (group.back() != rule);
  std::sort(group.begin(), group.end());
  out->push_back(std::move(group));
}

std::vector<Expr> RuleGroups::expressions(const Group& group) {
  std::vector<Expr> all, work;
  seen_.resize(pool_.size());
  ++walk_;
  for (RuleId r : group) work.push_back(grammar_.rules[r].body);
  while (!work.empty()) {
    Expr e = work.back();
    work.pop_back();
    if (seen_[e] == walk_) continue;
    seen_[e] = walk_;
    all.push_back(e);
    pool_.for_each_child(e, [&](Expr child) { work.push_back(child); });
  }
  std::sort(all.begin(), all.end());
  return all;
}

uint64_t RuleGroups::hash(Expr e) const {
  const ExprNode& n = pool_.node(e);
  uint64_t h = mix(static_cast<uint64_t>(n.kind), 1);
  switch (n.kind) {
    case ExprKind::kByteRange:
      return mix(h, uint64_t{n.a} << 8 | n.b);
    case ExprKind::kLiteral:
      return mix_bytes(h, pool_.string(n.a).substr(n.b));
    case ExprKind::kClass:
      for (const CharRange& r : pool_.charset(n.a).ranges())
        h = mix(h, uint64_t{r.lo} << 32 | r.hi);
      return h;
    case ExprKind::kCall:
      return mix(h, call_number_[n.a]);
    case ExprKind::kRepeat:
      return mix(mix(h, hashes_[n.a]), uint64_t{n.b} << 32 | n.c);
    case ExprKind::kSwitch:
      for (size_t i = 0; i < pool_.edge_count(e); ++i) {
        SwitchEdge edge = pool_.edge(e, i);
        h = mix(mix(h, uint64_t{edge.lo} << 32 | edge.hi), hashes_[edge.child]);
      }
      return h;
    case ExprKind::kAlt:
    case ExprKind::kAnd: {
      uint64_t sum = 0;  // the same in any order
      pool_.for_each_child(e, [&](Expr child) { sum += mix(hashes_[child], 2); });
      return mix(h, sum);
    }
    default:
      break;
  }
  pool_.for_each_child(e, [&](Expr child) { h = mix(h, hashes_[child]); });
  return h;
}

std::vector<Expr> RuleGroups::sorted_children(Expr e) const {
  std::vector<Expr> children;
  pool_.for_each_child(e, [&](Expr child) { children.push_back(child); });
  if (unordered(pool_.node(e).kind)) {
    std::sort(children.begin(), children.end(),
              [&](Expr x, Expr y) { return hashes_[x] < hashes_[y]; });
  }
  return children;
}

// The node without its children, which go on the work list.
void RuleGroups::write(Expr e, std::string* out, std::vector<Expr>* work) const {
  const ExprNode& n = pool_.node(e);
  std::vector<Expr> children = sorted_children(e);
  *out += static_cast<char>(n.kind);
  append_number(static_cast<uint32_t>(children.size()), out);
  switch (n.kind) {
    case ExprKind::kByteRange:
      append_number(n.a << 8 | n.b, out);
      break;
    case ExprKind::kLiteral: {
      std::string_view text = pool_.string(n.a).substr(n.b);
      append_number(static_cast<uint32_t>(text.size()), out);
      out->append(text);
      break;
    }
    case ExprKind::kClass: {
      std::span<const CharRange> ranges = pool_.charset(n.a).ranges();
      append_number(static_cast<uint32_t>(ranges.size()), out);
      for (const CharRange& r : ranges) append_number(r.lo, out), append_number(r.hi, out);
      break;
    }
    case ExprKind::kCall:
      append_number(call_number_[n.a], out);
      break;
    case ExprKind::kRepeat:
      append_number(n.b, out), append_number(n.c, out);
      break;
    case ExprKind::kSwitch:
      for (size_t i = 0; i < children.size(); ++i) {
        append_number(pool_.edge(e, i).lo, out), append_number(pool_.edge(e, i).hi, out);
      }
      break;
    case ExprKind::kLazy:
    case ExprKind::kTokens:
    case ExprKind::kLeftTail:
      XGR_CHECK(!"not in the body of a shared rule");
      break;
    default:
      break;
  }
  work->insert(work->end(), children.rbegin(), children.rend());
}

std::string RuleGroups::structure(const Group& group, const std::vector<RuleId>& numbers) {
  call_number_.assign(numbers.begin(), numbers.end());
  for (size_t i = 0; i < group.size(); ++i) {
    call_number_[group[i]] = kInside + static_cast<uint32_t>(i);
  }
  hashes_.resize(pool_.size());
  numbers_.resize(pool_.size());
  for (Expr e : expressions(group)) {
    hashes_[e] = hash(e);
    numbers_[e] = 0;
  }
  std::string out;
  std::vector<Expr> work;
  uint32_t written = 0;
  for (size_t i = group.size(); i-- > 0;) work.push_back(grammar_.rules[group[i]].body);
  while (!work.empty()) {
    Expr e = work.back();
    work.pop_back();
    if (numbers_[e] != 0) {
      out += kAgain;
      append_number(numbers_[e], &out);
      continue;
    }
    numbers_[e] = ++written;
    write(e, &out, &work);
  }
  return out;
}

}  // namespace xgr::core

// Closing table: one walk over the token trie a spot, remembered.
//
// Entry point: expand. The walk stays inside the fragment, whose states are deterministic, so a node
// is visited in one state. It does not go below nodes whose tokens all lead back to where the walk
// began, or to something that is worse: a character loop adds tokens and nothing else. That also holds
// for a loop with an upper bound, since fewer rounds left are worse, and once a lower bound is reached.
//
//   body of a JSON string, root of the trie: behind: itself, escapes; ends: `"`, `",`, `a"`, ...
//
// Tests: tests/unit/mask/closing_test.cc.
#include "mask/closing_table.h"

#include <unordered_set>
#include <utility>

#include "grammar/token_ids.h"
#include "mask/trie_walk.h"

namespace xgr::core {
namespace {

constexpr uint64_t kNewSpotSteps = 16;  // memory counts
constexpr int kFewestIdleBytes = 8;     // a smaller loop is walked through
constexpr size_t kMostInsideCharacter = 32;
constexpr size_t kMostSinks = 16;

}  // namespace

// The walk of one spot.
class ClosingTable::Walk {
 public:
  Walk(ClosingTable* table, uint32_t spot, Work* work)
      : t_(*table), trie_(table->tokens_.trie()), spot_(spot), work_(work) {}

  void run() {
    State* const start = t_.spots_[spot_].state;
    const uint32_t node = t_.spots_[spot_].node;
    if (node == 0) note_target(start);  // a token that leads back is of no use
    enter(start, node);
    if (node == 0 && start->classes->of[kTokenMark]) take_whole_tokens(start);
    while (!levels_.empty()) {
      uint32_t child;
      if (levels_.back().children.advance(trie_, &child, [](uint32_t) { return false; })) {
        visit(levels_.back().state, child);
      } else {
        levels_.pop_back();
      }
    }
  }
  // Targets that have no strings of their own are dropped.
  void drop_sunk() {
    std::erase_if(behind, [&](State* s) {
      if (s->classes->live.size() < kFewestIdleBytes) return false;
      for (size_t i = 0; i < sinks_.size(); ++i) {
        if (sinks_[i] != s && is_within(s, i) && !is_equal(sinks_[i], s)) return true;
      }
      return false;
    });
  }
  std::vector<State*> behind;
  std::vector<std::pair<State*, uint32_t>> callees;  // and nodes
  std::vector<State*> rets;                          // of callees
  std::vector<uint32_t> ends;

 private:
  struct Level {
    State* state;
    ChildCursor children;
  };
  struct Within {
    uint32_t checked = 0;  // sinks
    uint32_t sinks = 0;    // a bit each
  };

  void enter(State* s, uint32_t node) {
    if (s->nullable) ends.push_back(node);
    if (!s->calls.empty()) add_calls(s, node);
    if (trie_.end(node) == node + 1) return;
    levels_.push_back({s, ChildCursor::of(trie_, node, [&] { return s->classes->live; })});
  }
  void visit(State* s, uint32_t child) {
    charge(work_, 1);
    const uint8_t byte = trie_.byte(child);
    if (!s->classes->of[byte]) return;
    State* const next = step_or_stop(s, byte, work_);
    if (t_.tokens_.ends_at(child)) add_behind(next);
    if (trie_.end(child) > child + 1 && !idles(next, child)) enter(next, child);
  }
  void add_behind(State* s) {
    if (note_target(s)) behind.push_back(s);
  }
  // Of two that include each other, the first one stays.
  bool is_equal(State* sink, State* s) {
    for (size_t i = 0; i < sinks_.size(); ++i) {
      if (sinks_[i] == s) return is_within(sink, i);
    }
    return false;
  }
  bool note_target(State* s) {
    if (!seen_.insert(s).second) return false;
    if (sinks_.size() < kMostSinks && !t_.idle(s, work_).fewer.empty()) sinks_.push_back(s);
    return true;
  }
  // Whether nothing below the node is better than what is known already.
  bool idles(State* s, uint32_t node) {
    const SubtreeSignature* sig = trie_.signature(node);
    if (!sig || !sig->whole_utf8 || !t_.all_tokens_) return false;
    if (seen_.count(s) && t_.stays(s, node, work_)) return true;
    for (size_t i = 0; i < sinks_.size(); ++i) {
      if (t_.idle(sinks_[i], work_).fewer.contains_all(sig->bytes) && is_within(s, i)) return true;
    }
    return false;
  }
  // Whether the sink has all strings of the state, so that it has also what is left of them behind
  // characters that it idles with.
  bool is_within(State* s, size_t sink) {
    auto [it, fresh] = within_.try_emplace(s);
    Within& w = it->second;
    for (; w.checked <= sink; ++w.checked) {
      if (Automaton::includes(sinks_[w.checked], s, work_)) w.sinks |= 1u << w.checked;
    }
    return w.sinks >> sink & 1;
  }
  void add_calls(State* s, uint32_t node) {
    const Closure* closure = Automaton::closure(s, work_);
    if (!closure) throw WorkStopped{s->automaton->limit_error()};
    for (uint32_t i = 1; i < closure->entry_count; ++i) {
      const ClosureEntry& entry = closure->entries[i];
      for (uint32_t k = 0; k < entry.edge_count; ++k) {
        charge(work_, 1);
        const ClosureEdge& edge = closure->edges[entry.edge_begin + k];
        if (edge.parent != 0) continue;  // called by the callee, which has it
        callees.push_back({entry.state, node});
        rets.push_back(edge.ret);
      }
    }
  }
  void take_whole_tokens(State* s) {
    std::vector<State*> found;
    t_.tokens_.after_whole_tokens(s, work_, &found);
    for (State* next : found) add_behind(next);
  }

  ClosingTable& t_;
  const TokenTrie& trie_;
  const uint32_t spot_;
  Work* work_;
  std::vector<Level> levels_;
  std::unordered_set<State*> seen_;
  std::vector<State*> sinks_;  // of those, with characters that do not help
  std::unordered_map<State*, Within> within_;
};

uint32_t ClosingTable::spot(State* state, uint32_t node, Work* work) {
  const auto known = ids_.find({state, node});
  if (known != ids_.end() && known->second != kNone) return known->second;
  charge(work, kNewSpotSteps);
  const auto id = static_cast<uint32_t>(spots_.size());
  spots_.push_back({state, node});
  ids_.insert_or_assign({state, node}, id);  // also where it was thought of no use
  return id;
}

uint32_t ClosingTable::live_spot(State* state, uint32_t node, Work* work) {
  if (node == 0) return spot(state, node, work);
  auto it = ids_.find({state, node});
  if (it != ids_.end()) return it->second;
  if (leads_on(state, node, work)) return spot(state, node, work);
  charge(work, kNewSpotSteps);
  ids_.emplace(TokenPlace{state, node}, kNone);
  return kNone;
}

// Whether the state, or one that it calls, reads a byte that the node goes on with, or may be left.
bool ClosingTable::leads_on(State* state, uint32_t node, Work* work) {
  if (state->nullable) return true;
  const ByteSet* live = Automaton::live(state, work);
  if (!live) throw WorkStopped{state->automaton->limit_error()};
  const TokenTrie& trie = tokens_.trie();
  if (const ChildTable* table = trie.child_table(node)) {
    if (!(*live & ByteSet{table->bytes}).empty()) return true;
  } else {
    for (uint32_t c = node + 1; c < trie.end(node); c = trie.end(c)) {
      if (live->has(trie.byte(c))) return true;
    }
  }
  return false;
}

void ClosingTable::expand(uint32_t spot, Work* work) {
  if (spots_[spot].expanded) return;
  Walk walk(this, spot, work);
  walk.run();
  walk.drop_sunk();
  Part behind{static_cast<uint32_t>(behind_.size()), 0};
  for (State* s : walk.behind) behind_.push_back(this->spot(s, 0, work));
  behind.count = static_cast<uint32_t>(behind_.size()) - behind.begin;
  Part calls{static_cast<uint32_t>(calls_.size()), 0};
  for (size_t i = 0; i < walk.callees.size(); ++i) {
    const auto [state, node] = walk.callees[i];
    const uint32_t callee = live_spot(state, node, work);
    if (callee != kNone) calls_.push_back({callee, walk.rets[i]});
  }
  calls.count = static_cast<uint32_t>(calls_.size()) - calls.begin;
  const Part ends{static_cast<uint32_t>(ends_.size()), static_cast<uint32_t>(walk.ends.size())};
  ends_.insert(ends_.end(), walk.ends.begin(), walk.ends.end());
  Spot& s = spots_[spot];
  s.behind = behind, s.calls = calls, s.ends = ends;
  s.expanded = true;
}

bool ClosingTable::stays(State* s, uint32_t node, Work* work) {
  const SubtreeSignature* sig = tokens_.trie().signature(node);
  return sig && sig->whole_utf8 && all_tokens_ && idle(s, work).same.contains_all(sig->bytes);
}

const ClosingTable::Idle& ClosingTable::idle(State* s, Work* work) {
  auto it = idle_.find(s);
  if (it == idle_.end()) it = idle_.emplace(s, find_idle(s, work)).first;
  return it->second;
}

// Where the fragment may be left, or a rule be called, in the middle of a token, the token need not
// stay in the loop.
ClosingTable::Idle ClosingTable::find_idle(State* s, Work* work) {
  Idle idle;
  if (s->nullable || !s->calls.empty() || s->classes->live.size() < kFewestIdleBytes) return idle;
  charge(work, 256);
  std::unordered_map<State*, std::pair<bool, bool>> known;  // behind a byte: fewer, same
  s->classes->live.for_each([&](uint8_t byte) {
    State* const next = step_or_stop(s, byte, work);
    auto [it, fresh] = known.try_emplace(next);
    if (fresh) {
      bool same = true;
      const bool fewer = returns_to(s, next, &same, work);
      it->second = {fewer, fewer && same};
    }
    if (it->second.first) idle.fewer.add(byte);
    if (it->second.second) idle.same.add(byte);
  });
  // What a character goes on with.
  for (int b = 0x80; b < 0xC0; ++b) {
    idle.fewer.add(static_cast<uint8_t>(b));
    idle.same.add(static_cast<uint8_t>(b));
  }
  return idle;
}

// Whether `next`, behind a byte of `s`, is in the loop at the end of the character.
bool ClosingTable::returns_to(State* s, State* next, bool* same, Work* work) {
  std::vector<State*> open{next};
  std::unordered_set<State*> seen{next};
  for (size_t i = 0; i < open.size(); ++i) {
    State* const t = open[i];
    charge(work, 16);
    if (t == s) continue;
    const ByteSet& live = t->classes->live;
    const bool inside = !live.words[0] && !live.words[1] && !live.words[3] && live.words[2] &&
                        !t->nullable && t->calls.empty();
    if (!inside) {
      *same = false;
      if (!Automaton::includes(s, t, work)) return false;
      continue;
    }
    if (open.size() > kMostInsideCharacter) return false;
    std::unordered_set<const State*> targets;
    live.for_each([&](uint8_t byte) {
      State* const behind = step_or_stop(t, byte, work);
      if (targets.insert(behind).second && seen.insert(behind).second) open.push_back(behind);
    });
  }
  return true;
}

size_t ClosingTable::memory_bytes() const {
  constexpr size_t kEntry = 40;  // of a table, about
  return spots_.capacity() * sizeof(Spot) + (behind_.capacity() + ends_.capacity()) * 4 +
         calls_.capacity() * sizeof(Call) + ids_.size() * kEntry +
         idle_.size() * (kEntry + sizeof(Idle));
}

}  // namespace xgr::core

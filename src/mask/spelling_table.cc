// Ends of fragments by tokens: a least fixed point, found as far as somebody asks.
//
// Entry point: expand. Reading a byte leads to the child of the trie node, and where a token ends there to
// the root as well; what the next spot's ends are, the spot has too. A call ends where the rule does,
// and goes on there in its caller. An end is passed on to all that depend on it as soon as it is found,
// so an end that is there is always right, and those of a spot are complete when all that it leads to is
// expanded. Spots are finitely many however deep stacks can get.
//
//   tokens "ab", "c"; fragment "a" "b"*:   (after "a", node a) ends at node a and at the root
//
// Tests: tests/unit/mask/spelling_test.cc.
#include "mask/spelling_table.h"

#include "grammar/token_ids.h"
#include "mask/trie_walk.h"

namespace xgr::core {
namespace {

// What things cost, in steps of a few nanoseconds; memory counts.
constexpr uint64_t kSpotSteps = 64, kLinkSteps = 16;

uint64_t pair_of(uint32_t a, uint32_t b) { return uint64_t{a} << 32 | b; }

}  // namespace

State* step_or_stop(State* s, uint8_t byte, Work* work) {
  State* t = Automaton::step(s, byte, work);
  if (!t) throw WorkStopped{s->automaton->limit_error()};
  return t;
}

uint32_t SpellingTable::spot(State* state, uint32_t node, Work* work) {
  auto [it, fresh] = ids_.try_emplace({state, node}, static_cast<uint32_t>(spots_.size()));
  if (fresh) {
    spots_.push_back({state, node});
    charge(work, kSpotSteps);
  }
  return it->second;
}

void SpellingTable::expand(uint32_t spot, Work* work) {
  if (spots_[spot].expanded) return;
  State* const state = spots_[spot].state;
  if (state->nullable) add_end(spot, spots_[spot].node, work);
  add_calls(spot, work);
  read_bytes(spot, work);
  spots_[spot].expanded = true;
  spread(work);
}

void SpellingTable::add_calls(uint32_t spot, Work* work) {
  State* const state = spots_[spot].state;
  if (state->calls.empty()) return;
  const Closure* closure = Automaton::closure(state, work);
  if (!closure) throw WorkStopped{state->automaton->limit_error()};
  for (uint32_t i = 1; i < closure->entry_count; ++i) {
    const ClosureEntry& entry = closure->entries[i];
    for (uint32_t k = 0; k < entry.edge_count; ++k) {
      const ClosureEdge& edge = closure->edges[entry.edge_begin + k];
      charge(work, 1);
      if (edge.parent != 0) continue;  // called by the callee, which has it
      const uint32_t callee = this->spot(entry.state, spots_[spot].node, work);
      // Apart from what follows the call, which may begin like the callee.
      if (known_callees_.insert(pair_of(spot, callee)).second) {
        lists_.push_back({callee, spots_[spot].nexts});
        spots_[spot].nexts = static_cast<uint32_t>(lists_.size() - 1);
      }
      add_user(callee, spot, edge.ret, work);
    }
  }
}

void SpellingTable::read_bytes(uint32_t spot, Work* work) {
  State* const state = spots_[spot].state;
  const uint32_t node = spots_[spot].node;
  const TokenTrie& trie = tokens_.trie();
  ChildCursor children = ChildCursor::of(trie, node, [&] { return state->classes->live; });
  uint32_t child;
  while (children.advance(trie, &child, [](uint32_t) { return false; })) {
    charge(work, 1);
    const uint8_t byte = trie.byte(child);
    if (!state->classes->of[byte]) continue;
    State* t = step_or_stop(state, byte, work);
    if (tokens_.ends_at(child)) add_next(spot, t, 0, work);
    if (trie.end(child) > child + 1) add_next(spot, t, child, work);
  }
  if (node != 0 || !state->classes->of[kTokenMark]) return;
  std::vector<State*> behind;
  tokens_.after_whole_tokens(state, work, &behind);
  for (State* t : behind) add_next(spot, t, 0, work);
}

void SpellingTable::add_next(uint32_t spot, State* state, uint32_t node, Work* work) {
  const uint32_t next = this->spot(state, node, work);
  if (next == spot || !known_nexts_.insert(pair_of(spot, next)).second) return;
  lists_.push_back({next, spots_[spot].nexts});
  spots_[spot].nexts = static_cast<uint32_t>(lists_.size() - 1);
  add_user(next, spot, nullptr, work);
}

void SpellingTable::add_user(uint32_t spot, uint32_t user, State* ret, Work* work) {
  charge(work, kLinkSteps);
  users_.push_back({user, ret, spots_[spot].users});
  spots_[spot].users = static_cast<uint32_t>(users_.size() - 1);
  const User u = users_.back();
  // While it is told, the spot's own list may grow: at its front.
  for (uint32_t i = spots_[spot].ends; i != kNone; i = lists_[i].next)
    tell(u, lists_[i].value, work);
}

void SpellingTable::add_end(uint32_t spot, uint32_t node, Work* work) {
  if (!known_ends_.insert(pair_of(spot, node)).second) return;
  charge(work, kLinkSteps);
  lists_.push_back({node, spots_[spot].ends});
  spots_[spot].ends = static_cast<uint32_t>(lists_.size() - 1);
  fresh_.push_back({spot, node});
}

void SpellingTable::spread(Work* work) {
  while (!fresh_.empty()) {
    const auto [spot, node] = fresh_.back();
    fresh_.pop_back();
    for (uint32_t i = spots_[spot].users; i != kNone; i = users_[i].next) {
      const User u = users_[i];
      tell(u, node, work);
    }
  }
}

void SpellingTable::tell(const User& user, uint32_t end, Work* work) {
  charge(work, 1);
  if (user.ret) {
    add_next(user.spot, user.ret, end, work);
  } else {
    add_end(user.spot, end, work);
  }
}

size_t SpellingTable::memory_bytes() const {
  constexpr size_t kEntry = 40;  // of a table, about
  return spots_.capacity() * sizeof(Spot) + lists_.capacity() * sizeof(Item) +
         users_.capacity() * sizeof(User) +
         (ids_.size() + known_ends_.size() + known_nexts_.size() + known_callees_.size()) * kEntry;
}

}  // namespace xgr::core

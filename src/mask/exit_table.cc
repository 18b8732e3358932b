// Exit sets: equal ones of all grammars of a compiler are one object.
//
// Entry point: ExitTable::share. Who has a set from here holds it; copies are made from those that
// are held, or here under the lock, so a set that only the table holds stays alone and can go. That
// is looked for when the table has doubled and when memory is short.
//
//   the tokens that end a string, in 50 schemas   ->   one set of 1,200 trie nodes
//
// Tests: tests/unit/mask/mask_budget_test.cc.
#include "mask/exit_table.h"

#include "support/hash.h"

namespace xgr::core {
namespace {

// Of all that equality looks at: many sets have the same nodes, or none.
uint64_t hash_of(const ExitSet& exits) {
  uint64_t h = exits.any;
  for (uint64_t word : exits.covered.words) h = mix(h, word);
  for (uint32_t node : exits.nodes) h = mix(h, node);
  return h;
}

size_t bytes_of(const ExitSet& exits) { return sizeof(ExitSet) + exits.memory_bytes(); }

}  // namespace

std::shared_ptr<const ExitSet> ExitTable::share(ExitSet exits) {
  const uint64_t h = hash_of(exits);
  std::lock_guard<std::mutex> lock(mutex_);
  auto [it, last] = sets_.equal_range(h);
  while (it != last && !(*it->second == exits)) ++it;
  if (it != last) return it->second;
  if (sets_.size() >= drop_at_) {
    drop_unused_locked();
    drop_at_ = 256 + 2 * sets_.size();
  }
  const size_t bytes = bytes_of(exits);
  it = sets_.emplace(h, std::make_shared<const ExitSet>(std::move(exits)));
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  return it->second;
}

void ExitTable::drop_unused() noexcept {
  std::lock_guard<std::mutex> lock(mutex_);
  drop_unused_locked();
}

void ExitTable::drop_unused_locked() noexcept {
  std::erase_if(sets_, [&](const auto& set) {
    const bool unused = set.second.use_count() == 1;
    if (unused) bytes_.fetch_sub(bytes_of(*set.second), std::memory_order_relaxed);
    return unused;
  });
}

}  // namespace xgr::core

// The compile cache: a list in the order of use, and a table of places in it.
//
// Entry points: find, insert, update. The key of an entry counts, and all that its grammar holds; what
// grammars of a compiler share does not, as it would be there without the entry as well.
//
//   limit 10 MB, entries of 4, 4 and 3 MB  ->  the one that was not asked for longest is gone
//
// Tests: tests/capi/compile_cache_test.c.
#include "compiler/compile_cache.h"

#include <iterator>
#include <utility>

namespace xgr::core {

const Compiled* CompileCache::find(std::string_view key) {
  ++requests_;
  const auto found = places_.find(key);
  if (found == places_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &(*found->second)->outcome;
}

bool CompileCache::lasts(const Compiled& outcome) {
  if (outcome.ok()) return true;
  const Status code = outcome.error().code;
  return code == Status::kInvalidSource || code == Status::kUnsupported;
}

size_t CompileCache::measure(const Entry& entry) {
  constexpr size_t kPlaces = 160;  // in the list and in the table
  const size_t own = sizeof(Entry) + kPlaces + entry.key.capacity();
  if (entry.outcome.ok()) return own + entry.outcome.value()->known_bytes();
  const Error& error = entry.outcome.error();
  return own + error.message.capacity() + error.json_pointer.capacity();
}

void CompileCache::insert(std::string key, const Compiled& outcome, Gone* gone) {
  if (places_.count(key) != 0) return;
  auto entry = std::make_shared<Entry>(Entry{std::move(key), outcome});
  entry->bytes = measure(*entry);
  entries_.push_front(entry);
  try {
    places_.emplace(entry->key, entries_.begin());
  } catch (...) {
    entries_.pop_front();
    throw;
  }
  entry->listed = true;
  bytes_ += entry->bytes;
  shrink(gone);
}

void CompileCache::clear(Gone* gone) {
  gone->reserve(gone->size() + entries_.size());
  while (!entries_.empty()) remove(entries_.begin(), gone);
}

std::vector<CompileCache::EntryPtr> CompileCache::to_measure() {
  std::vector<EntryPtr> out(entries_.begin(), entries_.end());
  requests_ = 0;
  return out;
}

void CompileCache::update(const std::vector<EntryPtr>& entries, const std::vector<size_t>& bytes,
                          Gone* gone) {
  for (size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i]->listed) continue;
    bytes_ += bytes[i] - entries[i]->bytes;
    entries[i]->bytes = bytes[i];
  }
  shrink(gone);
}

void CompileCache::shrink(Gone* gone) {
  while (bytes_ > limit_) {
    if (gone->size() == gone->capacity()) gone->reserve(2 * gone->size() + 8);
    remove(std::prev(entries_.end()), gone);
    ++evictions_;
  }
}

// `gone` has room for it.
void CompileCache::remove(List::iterator at, Gone* gone) {
  const EntryPtr& entry = *at;
  places_.erase(entry->key);
  entry->listed = false;
  bytes_ -= entry->bytes;
  gone->push_back(std::move(*at));
  entries_.erase(at);
}

}  // namespace xgr::core

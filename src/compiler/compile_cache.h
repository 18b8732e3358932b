// CompileCache: what was compiled before, by the key of its source.
//
// Holds grammars and lasting failures up to a limit of bytes; what was not asked for longest goes
// first. Not synchronised. What leaves it is handed over, so that nobody destroys a grammar while he
// holds the lock around the cache.
//
//   CompileCache cache(limit);
//   cache.insert(key, outcome, &gone);
//   if (const Compiled* found = cache.find(key)) ...
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/compiler.h"

namespace xgr::core {

class CompileCache {
 public:
  struct Entry {
    std::string key;
    Compiled outcome;
    size_t bytes = 0;  // when it was last measured
    bool listed = false;
  };
  using EntryPtr = std::shared_ptr<Entry>;
  using Gone = std::vector<EntryPtr>;

  explicit CompileCache(size_t limit) : limit_(limit) {}
  size_t limit() const { return limit_; }
  size_t bytes() const { return bytes_; }
  size_t size() const { return entries_.size(); }
  uint64_t evictions() const { return evictions_; }

  // Null when it is not there; now the last to go.
  const Compiled* find(std::string_view key);
  // Whether an outcome would be the same the next time.
  static bool lasts(const Compiled& outcome);
  // Does nothing where the key is there.
  void insert(std::string key, const Compiled& outcome, Gone* gone);
  void clear(Gone* gone);

  // Grammars grow while they are used, so entries are measured now and then, without the lock: all
  // of them when due(), which is so often that each request pays for a few.
  bool due() const { return requests_ * kShare >= entries_.size(); }
  std::vector<EntryPtr> to_measure();
  static size_t measure(const Entry& entry);
  // What they measure now.
  void update(const std::vector<EntryPtr>& entries, const std::vector<size_t>& bytes, Gone* gone);

 private:
  static constexpr size_t kShare = 8;
  using List = std::list<EntryPtr>;  // the last one goes first
  void shrink(Gone* gone);
  void remove(List::iterator at, Gone* gone);

  size_t limit_, bytes_ = 0;
  size_t requests_ = 0;  // since all were measured
  uint64_t evictions_ = 0;
  List entries_;
  std::unordered_map<std::string_view, List::iterator> places_;
};

}  // namespace xgr::core

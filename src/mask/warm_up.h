// WarmUp: computes ahead what the likely masks of a grammar consist of.
//
// It never changes a mask. It goes from the start of the grammar, likely positions
// first; any number of threads may take part. It keeps no engine alive, so that work for a grammar
// that nobody uses any more ends.
//
//   auto warm_up = std::make_shared<WarmUp>(engine, limits_of(WarmUpLevel::kBounded));
//   pool.submit([warm_up](const std::atomic<bool>& stop) { warm_up->run(stop); });
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "mask/engine.h"

namespace xgr::core {

// Numbers are those of the C API.
enum class WarmUpLevel : int32_t { kNone = 0, kBounded = 1, kFull = 2 };

struct WarmUpLimits {
  size_t positions = 0;        // in an output, told apart by states and nearest frames
  size_t memory = SIZE_MAX;    // bytes of the engine and what it shares
  size_t growth = SIZE_MAX;    // bytes added to that
  size_t states = SIZE_MAX;    // of one automaton
  uint64_t work = UINT64_MAX;  // steps at one position; it is left out beyond them
};
// What the level itself allows.
WarmUpLimits limits_of(WarmUpLevel level);

class WarmUp {
 public:
  WarmUp(const std::shared_ptr<Engine>& engine, const WarmUpLimits& limits);
  ~WarmUp();
  // Takes part until nothing is left to do, all threads together, or `stop` is set, also while it
  // works.
  void run(const std::atomic<bool>& stop);
  size_t visited() const { return taken_.load(std::memory_order_relaxed); }

 private:
  using Parses = std::vector<Config>;
  struct Thread;
  struct Position {
    Parses parses;
    uint32_t cost;   // the higher, the less likely
    int digits = 0;  // of a whole token, read so far, and its mark; no output stops there
  };
  bool take(const std::atomic<bool>& stop, Position* at);
  bool visit_bounded(Engine* engine, const Position& at, Thread* thread);
  bool visit(Engine* engine, const Position& at, Thread* thread);
  bool follow(const Position& from, uint8_t byte, uint32_t cost, Thread* thread);
  bool has_room(Engine* engine) const;
  void finish(bool go_on);

  const std::weak_ptr<Engine> engine_;
  const WarmUpLimits limits_;
  const uint64_t sweeps_;  // of the budget, before
  size_t most_memory_;
  std::atomic<size_t> taken_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<uint32_t, std::deque<Position>> waiting_;  // by cost
  std::unordered_set<std::string> seen_;
  std::vector<std::unique_ptr<Thread>> threads_;  // their arenas hold the stacks of all parses
  size_t running_ = 0;
  bool ended_ = false;
};

}  // namespace xgr::core

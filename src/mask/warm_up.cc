// Warm-up: the parts of masks, computed before anybody asks.
//
// Entry point: WarmUp::run. Positions of an output are visited, likely ones first: at each the
// engine is told to compute what its mask needs, then one byte of every class that behaves alike is
// read. What has only one continuation costs nothing; a choice costs one, an escape or the like
// more. Two positions are the same when their states (counters clamped) and nearest frames are; a
// long repetition or deep nesting is thus visited once. Threads share one queue; stacks lie in the
// arena of the thread that made them and stay there until the end.
//
//   {"id": 0, "tags": []}   ->   {  "  i  d  "  :  0  .  e  ,  t ...   some 60 positions
//
// Tests: tests/unit/mask/warm_up_test.cc.
#include "mask/warm_up.h"

#include <algorithm>

#include "mask/parse_copy.h"
#include "support/hash.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxSeen = 4;       // positions found for each to be visited
constexpr size_t kMaxParses = 16;    // at one position; more are not followed
constexpr size_t kMaxKeyEdges = 64;  // of their stacks

// The state and, frame by frame, where it may return to. False when that is too much, or a limit.
bool append_parse(const Config& parse, size_t* edges, Work* work, std::string* key) {
  const State* q = Automaton::canonical(parse.state, work);
  if (!q) return false;
  append_pointer(q, key);
  std::vector<const StackNode*> level, next;
  if (parse.stack) level.push_back(parse.stack);
  for (int frame = 0; frame < kNearFrames && !level.empty(); ++frame) {
    std::vector<const State*> returns;
    next.clear();
    for (const StackNode* node : level) {
      *edges += node->count;
      if (*edges > kMaxKeyEdges) return false;
      for (const StackEdge& e : *node) {
        returns.push_back(Automaton::canonical(e.ret, work));
        if (!returns.back()) return false;
        if (e.parent) next.push_back(e.parent);
      }
    }
    sort_unique(&returns);
    for (const State* s : returns) append_pointer(s, key);
    append_pointer(nullptr, key);
    sort_unique(&next);
    level.swap(next);
  }
  return true;
}

// What tells positions apart; empty when there is nothing to follow, or too much.
std::string key_of_frames(std::span<const Config> parses, Work* work) {
  if (parses.empty() || parses.size() > kMaxParses) return {};
  std::vector<std::string> parts;
  size_t edges = 0;
  for (const Config& c : parses) {
    parts.emplace_back();
    if (!append_parse(c, &edges, work, &parts.back())) return {};
  }
  sort_unique(&parts);
  std::string key;
  for (const std::string& part : parts) {
    key += part;
    append_pointer(nullptr, &key);
    append_pointer(nullptr, &key);
  }
  return key;
}

// How unlikely a byte is where others may stand, too.
uint32_t cost_of(uint8_t byte) {
  constexpr uint32_t kLikely = 1, kUnlikely = 8;  // escapes, line ends, characters beyond ASCII
  return byte < ' ' || byte == '\\' || byte >= 0x7F ? kUnlikely : kLikely;
}

// The likeliest byte of each class that all parses read alike; none when a limit was hit.
std::vector<uint8_t> typical_bytes(const std::vector<Config>& parses, Stepper* stepper,
                                   std::vector<Config>* reached) {
  stepper->returns(parses, 0, parses.size(), reached);
  std::vector<const ByteClasses*> classes;
  ByteSet live;
  for (const Config& c : *reached) {
    const Closure* closure = Automaton::closure(c.state, stepper->work());
    if (!closure) return {};
    live |= closure->live;
    for (uint32_t i = 0; i < closure->entry_count; ++i) {
      classes.push_back(closure->entries[i].state->classes);
    }
  }
  sort_unique(&classes);
  std::map<std::string, uint8_t> typical;
  live.for_each([&](uint8_t b) {
    std::string kind;
    for (const ByteClasses* c : classes) kind.push_back(static_cast<char>(c->of[b]));
    auto [it, fresh] = typical.try_emplace(std::move(kind), b);
    if (!fresh && cost_of(b) < cost_of(it->second)) it->second = b;
  });
  std::vector<uint8_t> out;
  for (const auto& [kind, byte] : typical) out.push_back(byte);
  return out;
}

size_t memory_with_shared(Engine* engine) {
  return engine->memory_bytes() + engine->shared().memory_bytes();
}

}  // namespace

WarmUpLimits limits_of(WarmUpLevel level) {
  WarmUpLimits limits;
  switch (level) {
    case WarmUpLevel::kNone:
      break;
    case WarmUpLevel::kBounded:
      limits.positions = 256;
      limits.growth = size_t{8} << 20;
      break;
    case WarmUpLevel::kFull:
      limits.positions = size_t{1} << 16;
      break;
  }
  return limits;
}

struct WarmUp::Thread {
  Thread(uint64_t steps, const std::atomic<bool>& stop)
      : work({.steps = steps, .cancelled = &stop}) {}
  Arena arena{1024};  // of the stacks of all positions, so it stays when the thread has ended
  Work work;
  Stepper stepper{&arena, &work};
  FillScratch scratch;
  Parses parses, reached;
};

WarmUp::WarmUp(const std::shared_ptr<Engine>& engine, const WarmUpLimits& limits)
    : engine_(engine),
      limits_(limits),
      sweeps_(engine->shared().budget().sweeps()),
      most_memory_(limits.memory) {
  const size_t memory = memory_with_shared(engine.get());
  if (limits.growth < SIZE_MAX - memory) {
    most_memory_ = std::min(most_memory_, memory + limits.growth);
  }
  if (limits_.positions == 0) return;
  const Parses start{{engine->root(), nullptr}};
  seen_.insert(key_of_frames(start, nullptr));
  waiting_[0].push_back({start, 0, 0});
}

WarmUp::~WarmUp() = default;

bool WarmUp::has_room(Engine* engine) const {
  return engine->shared().budget().sweeps() == sweeps_ &&  // it would drive out what is in use
         memory_with_shared(engine) < most_memory_ &&
         std::max(engine->stats().states, engine->shared().stats().states) < limits_.states;
}

bool WarmUp::take(const std::atomic<bool>& stop, Position* at) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return ended_ || !waiting_.empty() || running_ == 0; });
  if (ended_ || waiting_.empty() || taken_ >= limits_.positions ||
      stop.load(std::memory_order_relaxed)) {
    return false;
  }
  std::deque<Position>& likeliest = waiting_.begin()->second;
  *at = std::move(likeliest.front());
  likeliest.pop_front();
  if (likeliest.empty()) waiting_.erase(waiting_.begin());
  ++running_;
  taken_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void WarmUp::finish(bool go_on) {
  std::lock_guard<std::mutex> lock(mutex_);
  --running_;
  ended_ = ended_ || !go_on;
  changed_.notify_all();
}

void WarmUp::run(const std::atomic<bool>& stop) {
  Thread* thread;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    threads_.push_back(std::make_unique<Thread>(limits_.work, stop));
    thread = threads_.back().get();
  }
  struct Visit {  // others wait for its end, however it ends
    WarmUp* owner;
    bool go_on = false;
    ~Visit() { owner->finish(go_on); }
  };
  Position at;
  while (take(stop, &at)) {
    Visit visit{this};
    std::shared_ptr<Engine> engine = engine_.lock();
    visit.go_on = engine && has_room(engine.get()) && visit_bounded(engine.get(), at, thread);
  }
}

// What one position needs too many steps for is left to outputs.
bool WarmUp::visit_bounded(Engine* engine, const Position& at, Thread* thread) {
  thread->work.begin();
  try {
    return visit(engine, at, thread);
  } catch (const WorkStopped& stopped) {
    return stopped.error.code == Status::kLimitExceeded;
  }
}

// False when a limit was hit.
bool WarmUp::visit(Engine* engine, const Position& at, Thread* thread) {
  thread->stepper.clear_failed();
  if (at.digits == 0 && !engine->prepare(at.parses, &thread->stepper, &thread->scratch))
    return false;
  const std::vector<uint8_t> bytes = typical_bytes(at.parses, &thread->stepper, &thread->reached);
  for (uint8_t byte : bytes) {
    // What is certain costs nothing.
    const uint32_t cost = bytes.size() == 1 || at.digits > 0 ? 0 : cost_of(byte);
    if (!follow(at, byte, cost, thread)) return false;
  }
  return true;
}

// False when a limit was hit.
bool WarmUp::follow(const Position& from, uint8_t byte, uint32_t cost, Thread* thread) {
  const Arena::Mark mark = thread->arena.mark();
  Parses& work = thread->parses;
  work = from.parses;
  const size_t count = work.size();
  thread->stepper.step(&work, 0, count, byte);
  const Parses next(work.begin() + static_cast<std::ptrdiff_t>(count), work.end());
  std::string key = key_of_frames(next, thread->stepper.work());
  bool fresh = false;
  if (!key.empty()) {
    std::lock_guard<std::mutex> lock(mutex_);
    fresh = seen_.size() < kMaxSeen * limits_.positions && seen_.insert(std::move(key)).second;
    cost += from.cost;
    const bool whole_token = from.digits > 0 || byte == kTokenMark;
    const int digits = whole_token ? (from.digits + 1) % (kTokenDigits + 1) : 0;
    if (fresh) waiting_[cost].push_back({next, cost, digits});
  }
  if (fresh) {
    changed_.notify_one();
  } else {
    thread->arena.release(mark);
  }
  return !thread->stepper.failed();
}

}  // namespace xgr::core

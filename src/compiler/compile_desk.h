// CompileDesk: where compiles are asked for. Remembers what was compiled, compiles once what several
// ask for at once, and lets each of them leave early.
//
// A compile that somebody waits for in this thread, without a way to leave early, runs in this thread.
// All others run on threads of the desk: who may leave has to be able to while the compile goes on
// for others.
//
//   auto desk = std::make_shared<CompileDesk>(workshop);
//   Compiled grammar = desk->compile({source});
//   Result<std::unique_ptr<CompileJob>> job = CompileJob::start(desk, {source, cancel});
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "compiler/compile_cache.h"
#include "compiler/compiler.h"
#include "compiler/grammar_source.h"
#include "support/cancel.h"

namespace xgr::core {

class CompileDesk {
 public:
  explicit CompileDesk(std::shared_ptr<Workshop> workshop);
  ~CompileDesk();
  CompileDesk(const CompileDesk&) = delete;
  CompileDesk& operator=(const CompileDesk&) = delete;

  Compiled compile(const CompileRequest& request);
  void clear_cache();
  CacheStats cache_stats();

 private:
  friend class CompileJob;
  using Clock = std::chrono::steady_clock;
  enum class State : uint8_t { kWaiting, kRunning, kDone };
  // One compile, and all who wait for it.
  struct Flight {
    SourcePtr source;
    std::string key;
    bool shared = false;  // in flights_: others may join
    bool urgent = false;  // somebody's thread waits for it: it does not count as a job
    State state = State::kWaiting;
    size_t tickets = 0;
    std::optional<Clock::time_point>
        deadline;  // when all have left; none: somebody has no deadline
    std::optional<Compiled> outcome;
    std::condition_variable changed;
    Cancel abandoned;  // nobody waits any more
  };
  using FlightPtr = std::shared_ptr<Flight>;
  class Ticket;
  enum class Place : uint8_t { kHere, kUrgent, kQueue };
  struct Worker {
    std::thread thread;
    Flight* now = nullptr;
  };

  // With the lock, all of them.
  bool board(Ticket* ticket, const CompileRequest& request, std::string key, Place place);
  bool join(Ticket* ticket, const FlightPtr& flight, Place place);
  bool send(const FlightPtr& flight, Place place);
  bool have_worker();
  FlightPtr next_flight();
  bool is_stale(Flight* flight);
  void leave(Flight* flight);
  void abandon(Flight* flight);
  void land(Flight* flight, Compiled outcome, CompileCache::Gone* gone) noexcept;

  void run(Flight* flight) noexcept;
  Compiled compile_now(const Flight& flight) const noexcept;
  void work(Worker* self);
  void measure_cache();

  std::shared_ptr<Workshop> workshop_;
  const size_t job_slots_;
  std::mutex mutex_;
  CompileCache cache_;
  std::unordered_map<std::string_view, FlightPtr> flights_;  // by their keys
  std::deque<FlightPtr> urgent_, queue_;
  std::condition_variable wake_;
  std::deque<Worker> workers_;
  size_t idle_ = 0, jobs_running_ = 0;
  bool stop_ = false;
  uint64_t hits_ = 0, shared_ = 0, misses_ = 0, nanoseconds_ = 0;
};

// What one caller waits for. Not moved: a cancel may look at it.
class CompileDesk::Ticket {
 public:
  Ticket(CompileDesk* desk, const CompileRequest& request);
  ~Ticket();
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  // Whether it is decided what the caller gets; with the lock. Looks at the clock.
  bool settle();
  // Waits for that until a time, or for ever; false when it is not decided then.
  bool wait(std::optional<Clock::time_point> until);
  Compiled result();  // with the lock, when it is settled

 private:
  friend class CompileDesk;
  friend class CompileJob;
  enum class Fate : uint8_t { kOpen, kFound, kLanded, kCancelled, kTimedOut };
  void cancel();  // takes the lock

  CompileDesk* desk_;
  std::optional<Clock::time_point> deadline_;
  uint64_t timeout_milliseconds_;
  Fate fate_ = Fate::kOpen;
  FlightPtr flight_;
  std::optional<Compiled> found_;
  std::optional<CancelWatch> watch_;
};

// A compile that runs while its caller does something else. Any threads at once.
class CompileJob {
 public:
  static Result<std::unique_ptr<CompileJob>> start(std::shared_ptr<CompileDesk> desk,
                                                   const CompileRequest& request);
  bool is_done();
  // Whether it is done, now or within that time; negative: no bound.
  bool wait(int64_t milliseconds);
  void cancel();
  // kInvalidState when it is not done.
  Compiled result();

  static constexpr size_t kMaxWaiting = 65536;

 private:
  CompileJob(std::shared_ptr<CompileDesk> desk, const CompileRequest& request)
      : desk_(std::move(desk)), ticket_(desk_.get(), request) {}
  std::shared_ptr<CompileDesk> desk_;
  CompileDesk::Ticket ticket_;
};

}  // namespace xgr::core

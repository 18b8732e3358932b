// CompileDesk: where compiles are asked for. Remembers what was compiled, compiles once what several
// ask for at once, and lets each of them leave early.
//
// A compile that somebody waits for in this thread, without a way to leave early, runs in this thread.
// All others run on threads of the desk: who may leave has to be able to while the compile goes on
// for others. Waiting and leaving take the lock of one flight and never that of the desk, so that
// nobody who is told to stop stands in line for it. Each ticket and each worker has a condition variable
// of its own: notifying one may have to wait for those that it has woken before.
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
#include <unordered_map>
#include <vector>

#include "compiler/compile_cache.h"
#include "compiler/compiler.h"
#include "compiler/grammar_source.h"
#include "support/cancel.h"
#include "support/own_threads.h"

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
  class Ticket;
  // One compile, and all who wait for it.
  struct Flight {
    SourcePtr source;
    std::string key;
    // With the lock of the desk.
    bool shared = false;  // in flights_: others may join
    bool urgent = false;  // somebody's thread waits for it: it does not count as a job
    bool begun = false;
    std::optional<Clock::time_point>
        deadline;  // when all have left; none: somebody has no deadline
    // With its own, which comes after that of the desk.
    std::mutex mutex;
    Ticket* first = nullptr;          // of those that wait
    std::optional<Compiled> outcome;  // stays once it is there

    Cancel abandoned;  // nobody waits any more, and nobody will
  };
  using FlightPtr = std::shared_ptr<Flight>;
  enum class Place : uint8_t { kHere, kUrgent, kQueue };
  struct Worker {
    std::condition_variable woken;
    bool called = false;
    Flight* now = nullptr;
  };

  std::string key_of(const CompileRequest& request) const;
  // With the lock, all of them.
  bool board(Ticket* ticket, const CompileRequest& request, std::string key, Place place);
  bool join(Ticket* ticket, const FlightPtr& flight);
  bool send(const FlightPtr& flight, Place place);
  bool have_worker();
  bool start_worker();
  void wake_workers(std::unique_lock<std::mutex> lock);
  FlightPtr next_flight();
  bool is_stale(Flight* flight);
  void unlist(Flight* flight);
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
  OwnThreads<std::deque<Worker>> workers_;
  std::vector<Worker*> idle_, called_;  // called: to be woken when the lock is given back
  size_t coming_ = 0;  // workers that were called or started, and are not there yet
  size_t jobs_running_ = 0;
  bool stop_ = false;
  uint64_t hits_ = 0, shared_ = 0, misses_ = 0, nanoseconds_ = 0;
};

// What one caller waits for. Not moved: a cancel may look at it. Without a flight it is settled.
class CompileDesk::Ticket {
 public:
  explicit Ticket(const CompileRequest& request);
  ~Ticket();
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  // From here on a request to stop settles it; when it has its flight, without any lock.
  void watch(const CancelPtr& cancel);
  bool is_settled();  // looks at the clock
  // Waits for that until a time, or for ever; false when it is not settled then.
  bool wait(std::optional<Clock::time_point> until);
  void cancel();
  // Whether its caller has left before the outcome; when it is settled, as the result.
  bool has_left() const { return fate_ == Fate::kCancelled || fate_ == Fate::kTimedOut; }
  Compiled result() const;

 private:
  friend class CompileDesk;
  friend class CompileJob;
  enum class Fate : uint8_t { kOpen, kFound, kLanded, kCancelled, kTimedOut };
  std::unique_lock<std::mutex> lock() const;  // of its flight
  // With the lock.
  void enter(const FlightPtr& flight);
  void leave();
  bool settle();

  std::optional<Clock::time_point> deadline_;
  uint64_t timeout_milliseconds_;
  Fate fate_ = Fate::kOpen;
  FlightPtr flight_;
  std::condition_variable changed_;
  Ticket* next_ = nullptr;
  Ticket** link_ = nullptr;  // what points to this one; null: it has left
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
      : desk_(std::move(desk)), ticket_(request) {}
  std::shared_ptr<CompileDesk> desk_;
  CompileDesk::Ticket ticket_;
};

}  // namespace xgr::core

// The compile desk: tickets, flights and the threads that flights run on.
//
// Entry points: CompileDesk::compile, CompileJob::start. A request gets a ticket. What it asks for is
// in the cache, or there is a flight for it that it boards, or a new flight. A ticket is settled when
// its flight has landed, when its cancel is requested, or when its time is over; the last to leave a
// flight that is on its way abandons it. Threads start when there is something to do and none is idle;
// flights that a caller's thread waits for take its place and are not counted, jobs are.
//
//   A asks for x; B asks for x, too; A's cancel is requested: A leaves, B gets the grammar
//
// Tests: tests/capi/compile_job_test.c, tests/capi/compile_cache_test.c.
#include "compiler/compile_desk.h"

#include <algorithm>
#include <new>
#include <utility>

#include "compiler/workshop.h"
#include "support/error_text.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxCompileThreads = 64;

size_t job_slots(int32_t threads) {
  return std::clamp<size_t>(static_cast<size_t>(std::max(threads - 1, 1)), 1, kMaxCompileThreads);
}

Error compile_cancelled() { return make_error(Status::kCancelled, "a request to stop was made"); }

Error compile_timed_out(uint64_t milliseconds) {
  return make_error(Status::kLimitExceeded,
                    "compiling takes longer than " +
                        limit_text("timeout_milliseconds", milliseconds, "simplify the source"));
}

// An error that needs no memory where there is none.
Error plain_error(Status code, const char* message) noexcept {
  Error out;
  out.code = code;
  try {
    out.message = message;
  } catch (...) {
  }
  return out;
}

}  // namespace

CompileDesk::CompileDesk(std::shared_ptr<Workshop> workshop)
    : workshop_(std::move(workshop)),
      job_slots_(job_slots(workshop_->options().threads)),
      cache_(workshop_->options().cache_bytes) {}

// Nobody waits any more: callers and jobs keep the desk.
CompileDesk::~CompileDesk() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
    for (const Worker& w : workers_) {
      if (w.now != nullptr) w.now->abandoned.request();
    }
  }
  wake_.notify_all();
  for (Worker& w : workers_) w.thread.join();
}

Compiled CompileDesk::compile(const CompileRequest& request) {
  if (request.cancel != nullptr && request.cancel->requested()) return compile_cancelled();
  const bool may_leave = request.cancel != nullptr || request.deadline;
  const bool listed = cache_.limit() > 0 && !request.bypass_cache;
  std::string key = listed ? request.source->key(workshop_->options().canonical_schemas) : "";
  Ticket ticket(this, request);
  std::unique_lock<std::mutex> lock(mutex_);
  const bool here = !ticket.settle() && board(&ticket, request, std::move(key),
                                              may_leave ? Place::kUrgent : Place::kHere);
  lock.unlock();
  if (here) run(ticket.flight_.get());
  ticket.wait(std::nullopt);
  measure_cache();
  lock.lock();
  return ticket.result();
}

// Gives the ticket what is there, or a flight. True when the caller has to run the flight.
bool CompileDesk::board(Ticket* ticket, const CompileRequest& request, std::string key,
                        Place place) {
  if (!key.empty()) {
    if (const Compiled* found = cache_.find(key)) {
      ticket->found_ = *found;
      ticket->fate_ = Ticket::Fate::kFound;
      ++hits_;
      return false;
    }
    const auto flying = flights_.find(key);
    if (flying != flights_.end()) return join(ticket, FlightPtr(flying->second), place);
  }
  auto flight = std::make_shared<Flight>();
  flight->source = request.source;
  flight->shared = !key.empty();
  flight->key = std::move(key);
  flight->deadline = ticket->deadline_;
  if (flight->shared) flights_.emplace(flight->key, flight);
  ticket->flight_ = flight;
  ++flight->tickets;  // from here on the ticket leaves it when something fails
  ++misses_;
  return send(flight, place);
}

bool CompileDesk::join(Ticket* ticket, const FlightPtr& flight, Place place) {
  if (!ticket->deadline_ || (flight->deadline && *flight->deadline < *ticket->deadline_))
    flight->deadline = flight->deadline ? ticket->deadline_ : std::nullopt;
  ticket->flight_ = flight;
  ++flight->tickets;
  ++shared_;
  const bool hurry = flight->state == State::kWaiting && !flight->urgent && place != Place::kQueue;
  return hurry && send(flight, place);  // what is left of it in the queue is passed over
}

// Has it run: by the caller (true), or by a worker.
bool CompileDesk::send(const FlightPtr& flight, Place place) {
  flight->urgent = flight->urgent || place != Place::kQueue;
  if (place != Place::kHere) {
    std::deque<FlightPtr>& list = place == Place::kUrgent ? urgent_ : queue_;
    list.push_back(flight);
    if (have_worker()) return false;
    list.pop_back();
    if (place == Place::kQueue) return false;
  }
  flight->state = State::kRunning;
  return true;
}

// Whether some worker will do what waits; starts one where that helps.
bool CompileDesk::have_worker() {
  const size_t jobs = jobs_running_ < job_slots_ ? job_slots_ - jobs_running_ : 0;
  const size_t wanted = urgent_.size() + std::min(queue_.size(), jobs);
  if (idle_ < wanted && workers_.size() < kMaxCompileThreads) {
    try {
      Worker& worker = workers_.emplace_back();
      try {
        worker.thread = std::thread([this, &worker] { work(&worker); });
      } catch (...) {
        workers_.pop_back();
        throw;
      }
    } catch (...) {  // those that there are do the work
    }
  }
  if (workers_.empty()) return false;
  wake_.notify_one();
  return true;
}

CompileDesk::FlightPtr CompileDesk::next_flight() {
  FlightPtr next;
  while (next == nullptr && !urgent_.empty()) {
    next = std::move(urgent_.front());
    urgent_.pop_front();
    if (is_stale(next.get())) next = nullptr;
  }
  while (next == nullptr && !queue_.empty() && jobs_running_ < job_slots_) {
    next = std::move(queue_.front());
    queue_.pop_front();
    if (is_stale(next.get())) next = nullptr;
  }
  return next;
}

// Whether nothing is to be done for it: it runs already, or nobody waits any more, by the clock.
bool CompileDesk::is_stale(Flight* flight) {
  if (flight->state == State::kWaiting && flight->deadline && Clock::now() >= *flight->deadline)
    abandon(flight);
  return flight->state != State::kWaiting || flight->abandoned.requested();
}

void CompileDesk::work(Worker* self) {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    FlightPtr flight;
    ++idle_;
    wake_.wait(lock, [&] { return stop_ || (flight = next_flight()) != nullptr; });
    --idle_;
    if (stop_) return;
    const bool job = !flight->urgent;
    jobs_running_ += job ? 1 : 0;
    flight->state = State::kRunning;
    self->now = flight.get();
    lock.unlock();
    run(flight.get());
    lock.lock();
    self->now = nullptr;
    jobs_running_ -= job ? 1 : 0;
    lock.unlock();
    flight = nullptr;  // destroys what nobody wants without the lock
    lock.lock();
  }
}

void CompileDesk::leave(Flight* flight) {
  if (--flight->tickets == 0 && flight->state != State::kDone) abandon(flight);
}

// Nobody waits any more, and nobody will.
void CompileDesk::abandon(Flight* flight) {
  flight->abandoned.request();
  if (flight->shared) flights_.erase(flight->key);
  flight->shared = false;
}

void CompileDesk::land(Flight* flight, Compiled outcome, CompileCache::Gone* gone) noexcept {
  flight->outcome.emplace(std::move(outcome));
  flight->state = State::kDone;
  flight->changed.notify_all();
  if (!flight->shared) return;
  flights_.erase(flight->key);
  flight->shared = false;
  if (!CompileCache::lasts(*flight->outcome)) return;
  try {
    cache_.insert(std::move(flight->key), *flight->outcome, gone);
  } catch (...) {  // it is compiled again the next time
  }
}

void CompileDesk::run(Flight* flight) noexcept {
  const Clock::time_point begin = Clock::now();
  Compiled outcome = compile_now(*flight);
  const auto taken = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin);
  CompileCache::Gone gone;  // destroyed without the lock
  std::lock_guard<std::mutex> lock(mutex_);
  nanoseconds_ += static_cast<uint64_t>(taken.count());
  land(flight, std::move(outcome), &gone);
}

Compiled CompileDesk::compile_now(const Flight& flight) const noexcept {
  try {
    return compile_in(workshop_, *flight.source, &flight.abandoned);
  } catch (const std::bad_alloc&) {
    return plain_error(Status::kOutOfMemory, "memory ran out");
  } catch (const std::exception& e) {
    return plain_error(Status::kInternal, e.what());
  } catch (...) {
    return plain_error(Status::kInternal, "unknown exception");
  }
}

void CompileDesk::measure_cache() {
  std::vector<CompileCache::EntryPtr> entries;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (cache_.size() == 0 || !cache_.due()) return;
    entries = cache_.to_measure();
  }
  std::vector<size_t> bytes;
  bytes.reserve(entries.size());
  for (const CompileCache::EntryPtr& e : entries) bytes.push_back(CompileCache::measure(*e));
  CompileCache::Gone gone;
  std::lock_guard<std::mutex> lock(mutex_);
  cache_.update(entries, bytes, &gone);
}

void CompileDesk::clear_cache() {
  CompileCache::Gone gone;
  std::lock_guard<std::mutex> lock(mutex_);
  cache_.clear(&gone);
}

CacheStats CompileDesk::cache_stats() {
  CompileCache::Gone gone;
  std::unique_lock<std::mutex> lock(mutex_);
  const std::vector<CompileCache::EntryPtr> entries = cache_.to_measure();
  lock.unlock();
  std::vector<size_t> bytes;
  bytes.reserve(entries.size());
  for (const CompileCache::EntryPtr& e : entries) bytes.push_back(CompileCache::measure(*e));
  lock.lock();
  cache_.update(entries, bytes, &gone);
  return {cache_.size(), cache_.bytes(), cache_.limit(),     hits_,
          shared_,       misses_,        cache_.evictions(), nanoseconds_};
}

CompileDesk::Ticket::Ticket(CompileDesk* desk, const CompileRequest& request)
    : desk_(desk),
      deadline_(request.deadline),
      timeout_milliseconds_(request.timeout_milliseconds) {
  if (request.cancel == nullptr) return;
  watch_.emplace(request.cancel, [this] { cancel(); });
  if (request.cancel->requested()) cancel();  // before anybody was watching
}

CompileDesk::Ticket::~Ticket() {
  watch_.reset();
  FlightPtr flight;  // perhaps destroyed here, without the lock
  std::lock_guard<std::mutex> lock(desk_->mutex_);
  flight = std::move(flight_);
  if (flight != nullptr && fate_ == Fate::kOpen) desk_->leave(flight.get());
}

void CompileDesk::Ticket::cancel() {
  std::lock_guard<std::mutex> lock(desk_->mutex_);
  if (settle()) return;
  fate_ = Fate::kCancelled;
  if (flight_ == nullptr) return;
  flight_->changed.notify_all();
  desk_->leave(flight_.get());
}

bool CompileDesk::Ticket::settle() {
  if (fate_ != Fate::kOpen) return true;
  if (flight_ != nullptr && flight_->state == State::kDone) {
    fate_ = Fate::kLanded;
  } else if (deadline_ && Clock::now() >= *deadline_) {
    fate_ = Fate::kTimedOut;
    if (flight_ != nullptr) desk_->leave(flight_.get());
  }
  return fate_ != Fate::kOpen;
}

bool CompileDesk::Ticket::wait(std::optional<Clock::time_point> until) {
  std::unique_lock<std::mutex> lock(desk_->mutex_);
  if (deadline_ && (!until || *deadline_ < *until)) until = deadline_;
  while (!settle()) {
    if (!until) {
      flight_->changed.wait(lock);
    } else if (flight_->changed.wait_until(lock, *until) == std::cv_status::timeout) {
      return settle();
    }
  }
  return true;
}

Compiled CompileDesk::Ticket::result() {
  switch (fate_) {
    case Fate::kFound:
      return *found_;
    case Fate::kLanded:
      return *flight_->outcome;
    case Fate::kTimedOut:
      return compile_timed_out(timeout_milliseconds_);
    case Fate::kCancelled:
      return compile_cancelled();
    case Fate::kOpen:
      break;
  }
  return make_error(Status::kInvalidState, "the job is not done; wait for it first");
}

Result<std::unique_ptr<CompileJob>> CompileJob::start(std::shared_ptr<CompileDesk> desk,
                                                      const CompileRequest& request) {
  CompileDesk& d = *desk;
  const bool listed = d.cache_.limit() > 0 && !request.bypass_cache;
  std::string key = listed ? request.source->key(d.workshop_->options().canonical_schemas) : "";
  std::unique_ptr<CompileJob> job(new CompileJob(std::move(desk), request));
  bool stuck = false;
  {
    std::lock_guard<std::mutex> lock(d.mutex_);
    if (d.queue_.size() >= kMaxWaiting) {
      return make_error(Status::kLimitExceeded, "there are " + std::to_string(kMaxWaiting) +
                                                    " jobs that wait; expected fewer");
    }
    if (!job->ticket_.settle())
      d.board(&job->ticket_, request, std::move(key), CompileDesk::Place::kQueue);
    const CompileDesk::Flight* flight = job->ticket_.flight_.get();
    stuck =
        flight != nullptr && flight->state == CompileDesk::State::kWaiting && d.workers_.empty();
  }
  if (stuck) return make_error(Status::kLimitExceeded, "no thread could be started for the job");
  d.measure_cache();
  return job;
}

bool CompileJob::is_done() {
  std::lock_guard<std::mutex> lock(desk_->mutex_);
  return ticket_.settle();
}

bool CompileJob::wait(int64_t milliseconds) {
  constexpr int64_t kForEver = int64_t{1} << 40;
  if (milliseconds < 0 || milliseconds > kForEver) return ticket_.wait(std::nullopt);
  return ticket_.wait(CompileDesk::Clock::now() + std::chrono::milliseconds(milliseconds));
}

void CompileJob::cancel() { ticket_.cancel(); }

Compiled CompileJob::result() {
  std::lock_guard<std::mutex> lock(desk_->mutex_);
  ticket_.settle();
  return ticket_.result();
}

}  // namespace xgr::core

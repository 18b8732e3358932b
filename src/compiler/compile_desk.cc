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
// Tests: tests/unit/compiler/compile_desk_test.cc, tests/capi/compile_job_test.c, tests/stress/.
#include "compiler/compile_desk.h"

#include <algorithm>
#include <array>
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

// What cached grammars hold now; asked without the lock of the desk, since it looks into each.
std::vector<size_t> bytes_of(const std::vector<CompileCache::EntryPtr>& entries) {
  std::vector<size_t> bytes;
  bytes.reserve(entries.size());
  for (const CompileCache::EntryPtr& e : entries) bytes.push_back(CompileCache::measure(*e));
  return bytes;
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
      cache_(workshop_->options().cache_bytes) {
  idle_.reserve(kMaxCompileThreads);
  called_.reserve(kMaxCompileThreads);
}

// Nobody waits any more: callers and jobs keep the desk.
CompileDesk::~CompileDesk() {
  if (!workers_.are_here()) return;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
    for (const Worker& w : *workers_) {
      if (w.now != nullptr) w.now->abandoned.request();
    }
  }
  for (Worker& w : *workers_) w.woken.notify_one();
  workers_.join();
}

Compiled CompileDesk::compile(const CompileRequest& request) {
  if (request.cancel != nullptr && request.cancel->requested()) return compile_cancelled();
  const bool may_leave = request.cancel != nullptr || request.deadline;
  std::string key = key_of(request);
  Ticket ticket(request);
  if (!ticket.is_settled()) {
    std::unique_lock<std::mutex> lock(mutex_);
    const bool here =
        board(&ticket, request, std::move(key), may_leave ? Place::kUrgent : Place::kHere);
    wake_workers(std::move(lock));
    if (here) run(ticket.flight_.get());
    ticket.watch(request.cancel);
    ticket.wait(std::nullopt);
  }
  if (!ticket.has_left()) measure_cache();
  return ticket.result();
}

// Empty: neither the cache nor another flight is looked at.
std::string CompileDesk::key_of(const CompileRequest& request) const {
  const bool listed = cache_.limit() > 0 && !request.bypass_cache;
  return listed ? request.source->key(workshop_->options().canonical_schemas) : std::string();
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
    if (flying != flights_.end()) {
      const FlightPtr flight = flying->second;
      if (join(ticket, flight)) {
        const bool hurry = !flight->begun && !flight->urgent && place != Place::kQueue;
        return hurry && send(flight, place);  // what is left of it in the queue is passed over
      }
      unlist(flight.get());
    }
  }
  auto flight = std::make_shared<Flight>();
  flight->source = request.source;
  flight->shared = !key.empty();
  flight->key = std::move(key);
  flight->deadline = ticket->deadline_;
  if (flight->shared) flights_.emplace(flight->key, flight);
  ticket->enter(flight);  // from here on it leaves when something fails
  ++misses_;
  return send(flight, place);
}

// False when all have left it: it is over, though it may still run.
bool CompileDesk::join(Ticket* ticket, const FlightPtr& flight) {
  {
    std::lock_guard<std::mutex> lock(flight->mutex);
    if (flight->abandoned.requested()) return false;
    ticket->enter(flight);
  }
  if (!ticket->deadline_ || (flight->deadline && *flight->deadline < *ticket->deadline_))
    flight->deadline = flight->deadline ? ticket->deadline_ : std::nullopt;
  ++shared_;
  return true;
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
  flight->begun = true;
  return true;
}

// Whether some worker will do what waits; starts one where that helps.
bool CompileDesk::have_worker() {
  const size_t jobs = jobs_running_ < job_slots_ ? job_slots_ - jobs_running_ : 0;
  const size_t wanted = urgent_.size() + std::min(queue_.size(), jobs);
  while (coming_ < wanted) {
    if (!idle_.empty()) {
      idle_.back()->called = true;
      called_.push_back(idle_.back());
      idle_.pop_back();
    } else if (!start_worker()) {
      break;  // those that there are do the work
    }
    ++coming_;
  }
  return workers_.size() > 0;
}

bool CompileDesk::start_worker() {
  if (workers_.size() >= kMaxCompileThreads) return false;
  try {
    Worker& worker = workers_->emplace_back();
    try {
      workers_.start([this, &worker] { work(&worker); });
    } catch (...) {
      workers_->pop_back();
      throw;
    }
  } catch (...) {
    return false;
  }
  return true;
}

// Without the lock: who is woken while it is held would only have to wait for it.
void CompileDesk::wake_workers(std::unique_lock<std::mutex> lock) {
  std::array<Worker*, kMaxCompileThreads> called;
  const size_t count = called_.size();
  std::copy(called_.begin(), called_.end(), called.begin());
  called_.clear();
  lock.unlock();
  for (size_t i = 0; i < count; ++i) called[i]->woken.notify_one();
}

CompileDesk::FlightPtr CompileDesk::next_flight() {
  std::deque<FlightPtr>* from = &urgent_;
  if (urgent_.empty() && jobs_running_ < job_slots_) from = &queue_;
  if (from->empty()) return nullptr;
  FlightPtr next = std::move(from->front());
  from->pop_front();
  return next;
}

// Whether nothing is to be done for it: it runs already, or nobody waits any more, by the clock.
bool CompileDesk::is_stale(Flight* flight) {
  if (flight->begun) return true;
  if (flight->deadline && Clock::now() >= *flight->deadline) flight->abandoned.request();
  if (!flight->abandoned.requested()) return false;
  unlist(flight);
  return true;
}

void CompileDesk::work(Worker* self) {
  std::unique_lock<std::mutex> lock(mutex_);
  --coming_;
  while (!stop_) {
    FlightPtr flight = next_flight();
    if (flight == nullptr) {
      idle_.push_back(self);  // has room
      self->woken.wait(lock, [&] { return stop_ || self->called; });
      self->called = false;
      --coming_;
      continue;
    }
    if (!is_stale(flight.get())) {
      const bool job = !flight->urgent;
      jobs_running_ += job ? 1 : 0;
      flight->begun = true;
      self->now = flight.get();
      lock.unlock();
      run(flight.get());
      lock.lock();
      self->now = nullptr;
      jobs_running_ -= job ? 1 : 0;
    }
    lock.unlock();
    flight = nullptr;  // destroys what nobody wants without the lock
    lock.lock();
  }
}

void CompileDesk::unlist(Flight* flight) {
  if (flight->shared) flights_.erase(flight->key);
  flight->shared = false;
}

void CompileDesk::land(Flight* flight, Compiled outcome, CompileCache::Gone* gone) noexcept {
  {
    std::lock_guard<std::mutex> lock(flight->mutex);
    flight->outcome.emplace(std::move(outcome));
    for (Ticket* t = flight->first; t != nullptr; t = t->next_) t->changed_.notify_all();
  }
  if (!flight->shared) return;
  unlist(flight);
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
    return compile_in(workshop_, flight.source, &flight.abandoned);
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
  const std::vector<size_t> bytes = bytes_of(entries);
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
  const std::vector<size_t> bytes = bytes_of(entries);
  lock.lock();
  cache_.update(entries, bytes, &gone);
  return {cache_.size(), cache_.bytes(), cache_.limit(),     hits_,
          shared_,       misses_,        cache_.evictions(), nanoseconds_};
}

CompileDesk::Ticket::Ticket(const CompileRequest& request)
    : deadline_(request.deadline), timeout_milliseconds_(request.timeout_milliseconds) {
  if (request.cancel != nullptr && request.cancel->requested()) {
    fate_ = Fate::kCancelled;
  } else if (deadline_ && Clock::now() >= *deadline_) {
    fate_ = Fate::kTimedOut;
  }
}

CompileDesk::Ticket::~Ticket() {
  watch_.reset();
  if (flight_ == nullptr) return;
  const std::unique_lock<std::mutex> own = lock();
  leave();
}

void CompileDesk::Ticket::enter(const FlightPtr& flight) {
  flight_ = flight;
  next_ = flight->first;
  link_ = &flight->first;
  if (next_ != nullptr) next_->link_ = &next_;
  flight->first = this;
}

void CompileDesk::Ticket::leave() {
  if (link_ == nullptr) return;
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
  link_ = nullptr;
  if (flight_->first == nullptr && !flight_->outcome) flight_->abandoned.request();
}

void CompileDesk::Ticket::watch(const CancelPtr& cancel) {
  if (cancel == nullptr || flight_ == nullptr) return;
  watch_.emplace(cancel, [this] { this->cancel(); });
  if (cancel->requested()) this->cancel();  // before anybody was watching
}

std::unique_lock<std::mutex> CompileDesk::Ticket::lock() const {
  return flight_ == nullptr ? std::unique_lock<std::mutex>()
                            : std::unique_lock<std::mutex>(flight_->mutex);
}

void CompileDesk::Ticket::cancel() {
  {
    const std::unique_lock<std::mutex> own = lock();
    if (settle()) return;
    fate_ = Fate::kCancelled;
    leave();
  }
  changed_.notify_all();
}

bool CompileDesk::Ticket::settle() {
  if (fate_ != Fate::kOpen || flight_ == nullptr) return fate_ != Fate::kOpen;
  if (flight_->outcome) {
    fate_ = Fate::kLanded;
  } else if (deadline_ && Clock::now() >= *deadline_) {
    fate_ = Fate::kTimedOut;
    leave();
  }
  return fate_ != Fate::kOpen;
}

bool CompileDesk::Ticket::is_settled() {
  const std::unique_lock<std::mutex> own = lock();
  return settle();
}

bool CompileDesk::Ticket::wait(std::optional<Clock::time_point> until) {
  std::unique_lock<std::mutex> own = lock();
  if (deadline_ && (!until || *deadline_ < *until)) until = deadline_;
  while (!settle()) {
    if (!until) {
      changed_.wait(own);
    } else if (changed_.wait_until(own, *until) == std::cv_status::timeout) {
      return settle();
    }
  }
  return true;
}

Compiled CompileDesk::Ticket::result() const {
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
  std::string key = d.key_of(request);
  std::unique_ptr<CompileJob> job(new CompileJob(std::move(desk), request));
  if (job->ticket_.is_settled()) return job;
  bool stuck = false;
  {
    std::unique_lock<std::mutex> lock(d.mutex_);
    if (d.queue_.size() >= kMaxWaiting) {
      return make_error(Status::kLimitExceeded, "there are " + std::to_string(kMaxWaiting) +
                                                    " jobs that wait; expected fewer");
    }
    d.board(&job->ticket_, request, std::move(key), CompileDesk::Place::kQueue);
    const CompileDesk::Flight* flight = job->ticket_.flight_.get();
    stuck = flight != nullptr && !flight->begun && d.workers_.size() == 0;
    d.wake_workers(std::move(lock));
  }
  if (stuck) return make_error(Status::kLimitExceeded, "no thread could be started for the job");
  job->ticket_.watch(request.cancel);
  d.measure_cache();
  return job;
}

bool CompileJob::is_done() { return ticket_.is_settled(); }

bool CompileJob::wait(int64_t milliseconds) {
  constexpr int64_t kForEver = int64_t{1} << 40;
  if (milliseconds < 0 || milliseconds > kForEver) return ticket_.wait(std::nullopt);
  return ticket_.wait(CompileDesk::Clock::now() + std::chrono::milliseconds(milliseconds));
}

void CompileJob::cancel() { ticket_.cancel(); }

Compiled CompileJob::result() {
  const std::unique_lock<std::mutex> own = ticket_.lock();
  ticket_.settle();
  return ticket_.result();
}

}  // namespace xgr::core

// OwnThreads: what an object shares with threads of its own, and these threads.
//
// The child of a fork has none of the threads, but locks that they held and conditions that they waited
// for, whose destructors would wait for ever. There the shared part is left behind.
//
//   struct Shared { std::mutex mutex; ... };
//   OwnThreads<Shared> own;  own.start([this] { run(); });  own->mutex.lock();
//   ~Object() { if (own.are_here()) { tell them to stop; own.join(); } }
#pragma once

#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#ifndef _WIN32
#include <unistd.h>
#endif

namespace xgr::core {

template <typename Shared>
class OwnThreads {
 public:
  OwnThreads() : all_(std::make_unique<All>()) {}
  OwnThreads(const OwnThreads&) = delete;
  OwnThreads& operator=(const OwnThreads&) = delete;
  ~OwnThreads() {
    if (!are_here()) static_cast<void>(all_.release());
  }

  Shared& operator*() { return all_->shared; }
  Shared* operator->() { return &all_->shared; }
  template <typename Body>
  void start(Body&& body) {
    all_->threads.emplace_back(std::forward<Body>(body));
    process_ = process();
  }
  size_t size() const { return all_->threads.size(); }
  // False in a child of fork, of threads that were started before it.
  bool are_here() const { return all_->threads.empty() || process_ == process(); }
  void join() {
    for (std::thread& t : all_->threads) t.join();
    all_->threads.clear();
  }

 private:
  struct All {
    Shared shared;
    std::vector<std::thread> threads;
  };
#ifdef _WIN32
  static int process() { return 0; }
#else
  static int process() { return static_cast<int>(getpid()); }
#endif
  std::unique_ptr<All> all_;
  int process_ = 0;  // in which the threads run
};

}  // namespace xgr::core

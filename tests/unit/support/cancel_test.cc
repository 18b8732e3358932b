// Cancel: requests are seen by all, and wake everybody who watches.
#include "support/cancel.h"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <thread>
#include <vector>

namespace xgr::core {
namespace {

TEST_CASE("a request is made once and stays") {
  Cancel cancel;
  CHECK_FALSE(cancel.requested());
  CHECK_FALSE(cancel.flag());
  cancel.request();
  cancel.request();
  CHECK(cancel.requested());
  CHECK(cancel.flag());
}

// Waits until the request is made; a request that nobody is woken for lets the test time out.
void wait_for(const CancelPtr& cancel, std::atomic<int>* awake) {
  std::mutex mutex;
  std::condition_variable changed;
  CancelWatch watch(cancel, [&] {
    std::lock_guard<std::mutex> lock(mutex);
    changed.notify_all();
  });
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return cancel->requested(); });
  ++*awake;
}

TEST_CASE("a request wakes everybody, early and late") {
  for (int round = 0; round < 50; ++round) {
    auto cancel = std::make_shared<Cancel>();
    std::atomic<int> awake{0};
    std::vector<std::thread> waiting;
    for (int i = 0; i < 4; ++i) waiting.emplace_back([&] { wait_for(cancel, &awake); });
    cancel->request();
    for (std::thread& t : waiting) t.join();
    CHECK(awake == 4);
  }
}

TEST_CASE("watches leave in any order") {
  auto cancel = std::make_shared<Cancel>();
  int told = 0;
  auto watch = [&] { return std::make_unique<CancelWatch>(cancel, [&] { ++told; }); };
  auto a = watch(), b = watch(), c = watch();
  b.reset();
  a.reset();
  auto d = watch();
  c.reset();
  cancel->request();
  cancel->request();
  CHECK(told == 1);
  auto late = watch();
  d.reset();
  late.reset();
  CHECK(told == 1);
  CHECK(cancel.use_count() == 1);
}

}  // namespace
}  // namespace xgr::core

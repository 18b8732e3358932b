// ThreadTeam: every index once, whatever the number of threads: support/thread_team.cc.
#include "support/thread_team.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <set>

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace xgr::core;

TEST_CASE("thread team: every index once, in many loops one after the other") {
  for (int threads : {0, 1, 3, 9}) {
    ThreadTeam team(threads);
    CHECK(team.threads() == threads);
    for (size_t round = 0; round < 300; ++round) {
      const size_t count = round % 17;
      std::vector<std::atomic<int>> calls(count);
      team.run(count, [&](size_t i) noexcept { ++calls[i]; });
      for (const auto& n : calls) REQUIRE(n == 1);
    }
  }
}

TEST_CASE("thread team: work that takes long is shared") {
  ThreadTeam team(3);
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::atomic<int> inside{0};
  // Each waits until another one has come, or for a second.
  team.run(4, [&](size_t) noexcept {
    ++inside;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (inside < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    std::lock_guard<std::mutex> lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  CHECK(inside == 4);
  CHECK(seen.size() >= 2);
}

TEST_CASE("thread team: without work no thread is started") {
  ThreadTeam team(200);
  std::thread::id only;
  team.run(0, [](size_t) noexcept {});
  team.run(1, [&](size_t) noexcept { only = std::this_thread::get_id(); });
  CHECK(only == std::this_thread::get_id());
}

#ifndef _WIN32
TEST_CASE("thread team: the child of a fork does the work alone, and can destroy the team") {
  auto team = std::make_unique<ThreadTeam>(2);
  std::atomic<int> calls{0};
  auto body = [&](size_t) noexcept { ++calls; };
  team->run(100, body);
  const pid_t child = fork();
  if (child == 0) {
    team->run(100, body);
    team.reset();
    _exit(calls == 200 ? 0 : 1);
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  team->run(100, body);
  CHECK(calls == 200);
}
#endif

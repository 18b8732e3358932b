// Runs a function on a thread whose stack is too small for recursion on the size of an input.
#pragma once

#include <doctest/doctest.h>

#include <functional>

#ifdef _WIN32
#include <thread>
#else
#include <pthread.h>
#endif

namespace xgr::core::test {

#ifdef _WIN32
inline void on_small_stack(const std::function<void()>& f) { std::thread(f).join(); }
#else
inline void on_small_stack(const std::function<void()>& f) {
#ifdef __SANITIZE_ADDRESS__
  constexpr size_t kStack = size_t{1} << 20;  // the sanitizer makes frames larger
#else
  constexpr size_t kStack = size_t{256} << 10;
#endif
  auto run = [](void* argument) -> void* {
    (*static_cast<const std::function<void()>*>(argument))();
    return nullptr;
  };
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, kStack) == 0);
  pthread_t thread;
  REQUIRE(pthread_create(&thread, &attributes, run, const_cast<std::function<void()>*>(&f)) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
}
#endif

}  // namespace xgr::core::test

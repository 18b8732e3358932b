// Runs a part of the program where it can crash or hang without harm: in a child process, on
// systems that have them. Elsewhere it simply runs.
#pragma once

#include <cstddef>
#include <functional>

namespace reference {

inline constexpr int kCrashed = -1, kHung = -2;

// What `body` returns (0..255), or kCrashed, or kHung when a timer of its (arm_timer) ran out. With
// `quiet`, what it prints to stderr is dropped.
int run_isolated(const std::function<int()>& body, bool quiet);

// In the body: hung if not armed again within so many seconds.
void arm_timer(unsigned seconds);

// Zeroed memory that an isolated body shares with its caller; never freed.
void* shared_memory(size_t size);

}  // namespace reference

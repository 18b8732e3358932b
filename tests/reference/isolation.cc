// Child processes for work that may crash.
//
// Entry point: run_isolated. fork, run, _exit; the parent waits. Signals keep their default meaning
// in the child, so a sanitizer's report and a core dump stay what they are. Test: compare.cc
// shrinks crashes and hangs with it.
#include "isolation.h"

#include <cstdio>
#include <cstdlib>

#if defined(__unix__) || defined(__APPLE__)
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#define REFERENCE_HAS_FORK 1
#endif

namespace reference {

#ifdef REFERENCE_HAS_FORK

int run_isolated(const std::function<int()>& body, bool quiet) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return body();
  if (child == 0) {
    if (quiet && std::freopen("/dev/null", "w", stderr) == nullptr) _exit(255);
    const int result = body();
    std::fflush(nullptr);
    _exit(result);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return WTERMSIG(status) == SIGALRM ? kHung : kCrashed;
}

void arm_timer(unsigned seconds) { alarm(seconds); }

void* shared_memory(size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  return memory;
}

#else

int run_isolated(const std::function<int()>& body, bool) { return body(); }

void arm_timer(unsigned) {}

void* shared_memory(size_t size) { return std::calloc(1, size); }

#endif

}  // namespace reference

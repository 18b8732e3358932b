// Random regular expressions of the supported syntax, and texts to try them on.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace xgr::core::test {

class PatternMaker {
 public:
  explicit PatternMaker(uint64_t seed) : rng_(static_cast<uint32_t>(seed * 2654435761u + 17)) {}

  // A pattern over a, b, A, B, '-', line ends and U+00E9, of PCRE2's syntax.
  std::string pattern();
  // Up to `length` characters of the same.
  std::string text(uint32_t length);

  uint32_t below(uint32_t n) { return rng_() % n; }

 private:
  std::string alternatives(int depth);
  std::string sequence(int depth);
  std::string item(int depth);
  std::string atom(int depth);
  std::string group(int depth);
  std::string look_behind(int depth);
  std::string fixed(uint32_t length, int depth);
  std::string quantifier();
  std::string space();
  bool chance(uint32_t one_in) { return rng_() % one_in == 0; }
  template <size_t N>
  const char* any(const char* const (&list)[N]) {
    return list[rng_() % N];
  }

  std::mt19937 rng_;
  bool extended_ = false;  // (?x) holds everywhere
  int named_ = 0;
};

}  // namespace xgr::core::test

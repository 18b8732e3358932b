// Deterministic random numbers: the same seed gives the same run on every machine and library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace reference {

class RandomSource {
 public:
  explicit RandomSource(uint64_t seed) : state_(seed) {}

  uint64_t next() {  // splitmix64
    uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  size_t below(size_t bound) { return static_cast<size_t>(next() % bound); }  // bound > 0
  int between(int lo, int hi) {
    return lo + static_cast<int>(below(static_cast<size_t>(hi - lo) + 1));
  }
  bool percent(int chance) { return between(0, 99) < chance; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  template <typename T>
  T one_of(std::initializer_list<T> from) {
    return *(from.begin() + below(from.size()));
  }

 private:
  uint64_t state_;
};

// A seed for part `index` of the run `seed`.
inline uint64_t mix_seed(uint64_t seed, uint64_t index) {
  RandomSource mixer(seed * 0x100000001B3ull ^ (index + 0x51ED270B27ull));
  mixer.next();
  return mixer.next();
}

}  // namespace reference

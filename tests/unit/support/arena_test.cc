// Bump allocation with marks: support/arena.h.
#include "support/arena.h"

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <utility>
#include <vector>

using namespace xgr::core;

TEST_CASE("arena: memory is aligned and not handed out twice") {
  Arena a(64);
  std::vector<std::pair<unsigned char*, size_t>> blocks;
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    size_t size = 1 + random() % 100;
    unsigned char* p = static_cast<unsigned char*>(a.allocate(size));
    CHECK(reinterpret_cast<uintptr_t>(p) % 8 == 0);
    std::memset(p, i & 255, size);
    blocks.push_back({p, size});
  }
  for (size_t i = 0; i < blocks.size(); ++i) {
    for (size_t k = 0; k < blocks[i].second; ++k) REQUIRE(blocks[i].first[k] == (i & 255));
  }
}

TEST_CASE("arena: what lies below a mark survives everything released above it") {
  Arena a(32);
  std::mt19937 random(11);
  struct Live {
    Arena::Mark before;
    unsigned char* p;
    size_t size;
    unsigned char value;
  };
  std::vector<Live> live;
  for (int i = 0; i < 20000; ++i) {
    if (!live.empty() && random() % 5 == 0) {
      size_t keep = random() % live.size();
      a.release(live[keep].before);
      live.resize(keep);
      continue;
    }
    size_t size = random() % 50 == 0 ? 500 : 1 + random() % 40;
    Live l{a.mark(), nullptr, size, static_cast<unsigned char>(random())};
    l.p = static_cast<unsigned char*>(a.allocate(size));
    std::memset(l.p, l.value, size);
    live.push_back(l);
    for (const Live& old : live)
      REQUIRE((old.p[0] == old.value && old.p[old.size - 1] == old.value));
  }
}

TEST_CASE("arena: a released arena is used again") {
  Arena a(64);
  for (int i = 0; i < 100; ++i) a.allocate(48);
  size_t bytes = a.memory_bytes();
  CHECK(bytes >= 4800);
  for (int round = 0; round < 10; ++round) {
    a.release({});
    for (int i = 0; i < 100; ++i) a.allocate(48);
    CHECK(a.memory_bytes() == bytes);
  }
}

TEST_CASE("arena: one block larger than every chunk") {
  Arena a(64);
  a.allocate(8);
  Arena::Mark m = a.mark();
  unsigned char* big = a.array<unsigned char>(1 << 20);
  big[0] = big[(1 << 20) - 1] = 1;
  a.release(m);
  a.allocate(16);
  CHECK(a.memory_bytes() < (size_t{1} << 20) + 4096);
}

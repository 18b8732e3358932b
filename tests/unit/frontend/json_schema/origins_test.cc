// Ways through a schema against the lists of their nodes: frontend/json_schema/origins.cc.
#include "frontend/json_schema/origins.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace xgr::core {
namespace {

TEST_CASE("ways are compared as the lists of their sites are") {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    Origins origins;
    std::vector<std::vector<uint32_t>> ways;  // ids
    std::vector<std::vector<JsonId>> sites;
    for (uint32_t id = 0; id < 120; ++id) {
      const bool root = id == 0 || random() % 20 == 0;
      const uint32_t parent =
          root ? Origins::kNone : id - 1 - random() % (random() % 4 ? 1 : std::min(id, 9u));
      REQUIRE(origins.add({id, id * 2}, parent) == id);  // every site has one origin
      ways.push_back(root ? std::vector<uint32_t>() : ways[parent]);
      sites.push_back(root ? std::vector<JsonId>() : sites[parent]);
      ways.back().push_back(id);
      sites.back().push_back(id * 2);
    }
    for (int i = 0; i < 500; ++i) {
      const uint32_t a = random() % 120, b = random() % 120;
      CHECK(origins.leads_to(a, b) ==
            (std::find(ways[b].begin(), ways[b].end(), a) != ways[b].end()));
      const JsonId x = random() % 300, y = random() % 300;
      std::vector<JsonId> to_x = sites[a], to_y = sites[b];
      to_x.push_back(x), to_y.push_back(y);
      INFO(a << " " << x << ", " << b << " " << y);
      CHECK(origins.before(a, x, b, y) == (to_x < to_y));
    }
  }
}

TEST_CASE("literals are found in short and in long lists") {
  SeenLiterals seen;
  for (uint32_t i = 0; i < 200; ++i) {
    CHECK(!seen.contains(i * 3));
    seen.add(i * 3, 0, i);
    for (uint32_t k = 0; k <= i; ++k) REQUIRE(seen.find(k * 3)->origins[0] == k);
    CHECK(!seen.contains(i * 3 + 1));
  }
}

}  // namespace
}  // namespace xgr::core

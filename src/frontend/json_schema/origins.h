// Why literals are looked at while a goal is expanded: each was brought in by another one.
//
//   Origins origins;   uint32_t a = origins.add({literal}, Origins::kNone);
//   origins.leads_to(a, b)      // whether a is b, or on the way to it
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "frontend/json_schema/shape.h"

namespace xgr::core {

struct Origin {
  Literal literal;
  JsonId site;        // node that brought it in: an element of allOf, a $ref...
  TypeSet scope = 0;  // types whose unevaluated* keywords above look at what this literal evaluates
  bool again = false;  // known before, but outside of that scope
};

class Origins {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t add(const Origin& origin, uint32_t parent);
  Origin& operator[](uint32_t id) { return nodes_[id].origin; }
  const Origin& operator[](uint32_t id) const { return nodes_[id].origin; }
  bool leads_to(uint32_t id, uint32_t to) const;
  // Whether a reader meets node `x`, below origin `a`, before node `y` below origin `b`.
  bool before(uint32_t a, JsonId x, uint32_t b, JsonId y) const;

 private:
  // Skew-binary jumps (Myers, 1983): any number of steps up takes logarithmically many.
  struct Node {
    Origin origin;
    uint32_t parent, depth, jump;
  };
  uint32_t up_to(uint32_t id, uint32_t depth) const;
  std::vector<Node> nodes_;
};

// The literals of a branch, with where they came from.
class SeenLiterals {
 public:
  struct Seen {
    Literal literal;
    TypeSet scope;
    std::array<uint32_t, 3> origins;  // the first, and those that widened the scope
    uint8_t origin_count;
  };
  Seen* find(Literal literal);  // until the next one is added
  bool contains(Literal literal) const {
    return const_cast<SeenLiterals*>(this)->find(literal) != nullptr;
  }
  void add(Literal literal, TypeSet scope, uint32_t origin);
  size_t size() const { return list_.size(); }

 private:
  static constexpr size_t kFew = 32;  // so few are looked through
  static constexpr uint32_t kFree = UINT32_MAX;
  size_t slot_of(Literal literal) const;
  std::vector<Seen> list_;
  std::vector<uint32_t> slots_;  // of longer lists: a hash table, quick to copy with its branch
};

}  // namespace xgr::core

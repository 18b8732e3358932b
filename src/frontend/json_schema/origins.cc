// Ways of literals through a schema.
//
// Entry points: Origins::leads_to, before; SeenLiterals. Schemas can be nested, and refer to each other,
// thousands deep at one place, so nothing walks a way node by node.
//
//   {"allOf": [{"$ref": "#/$defs/a"}]}:  root -> /allOf/0 -> /$defs/a
//
// Tests: tests/unit/frontend/json_schema/origins_test.cc, tests/unit/frontend/json_schema/scale_test.cc.
#include "frontend/json_schema/origins.h"

#include <algorithm>

namespace xgr::core {

uint32_t Origins::add(const Origin& origin, uint32_t parent) {
  const uint32_t id = static_cast<uint32_t>(nodes_.size());
  Node node{origin, parent, 0, id};
  if (parent != kNone) {
    const Node& up = nodes_[parent];
    const Node& far = nodes_[up.jump];
    node.depth = up.depth + 1;
    const bool even = up.depth - far.depth == far.depth - nodes_[far.jump].depth;
    node.jump = even && up.jump != parent ? far.jump : parent;
  }
  nodes_.push_back(node);
  return id;
}

uint32_t Origins::up_to(uint32_t id, uint32_t depth) const {
  while (nodes_[id].depth > depth) {
    const Node& n = nodes_[id];
    id = nodes_[n.jump].depth >= depth ? n.jump : n.parent;
  }
  return id;
}

bool Origins::leads_to(uint32_t id, uint32_t to) const {
  return nodes_[to].depth >= nodes_[id].depth && up_to(to, nodes_[id].depth) == id;
}

// As the lists of sites on both ways, with x and y behind them, compare.
bool Origins::before(uint32_t a, JsonId x, uint32_t b, JsonId y) const {
  if (a == b) return x < y;
  if (leads_to(a, b)) return x <= nodes_[up_to(b, nodes_[a].depth + 1)].origin.site;
  if (leads_to(b, a)) return nodes_[up_to(a, nodes_[b].depth + 1)].origin.site < y;
  const uint32_t depth = std::min(nodes_[a].depth, nodes_[b].depth);
  a = up_to(a, depth), b = up_to(b, depth);
  while (nodes_[a].parent != nodes_[b].parent) {
    const bool far = nodes_[a].jump != nodes_[b].jump;
    a = far ? nodes_[a].jump : nodes_[a].parent;
    b = far ? nodes_[b].jump : nodes_[b].parent;
  }
  const JsonId at = nodes_[a].origin.site, other = nodes_[b].origin.site;
  return at != other ? at < other : a < b;
}

// The slot that has the literal, or else is free for it.
size_t SeenLiterals::slot_of(Literal literal) const {
  const size_t mask = slots_.size() - 1;
  size_t at = (literal * 0x9E3779B9u >> 7) & mask;
  while (slots_[at] != kFree && list_[slots_[at]].literal != literal) at = (at + 1) & mask;
  return at;
}

SeenLiterals::Seen* SeenLiterals::find(Literal literal) {
  if (list_.size() > kFew) {
    const uint32_t at = slots_[slot_of(literal)];
    return at == kFree ? nullptr : &list_[at];
  }
  auto it = std::find_if(list_.begin(), list_.end(),
                         [literal](const Seen& s) { return s.literal == literal; });
  return it == list_.end() ? nullptr : &*it;
}

void SeenLiterals::add(Literal literal, TypeSet scope, uint32_t origin) {
  list_.push_back({literal, scope, {origin, 0, 0}, 1});
  if (list_.size() <= kFew) return;
  if (list_.size() * 2 <= slots_.size()) {
    slots_[slot_of(literal)] = static_cast<uint32_t>(list_.size() - 1);
    return;
  }
  slots_.assign(std::max<size_t>(slots_.size() * 2, kFew * 4), kFree);
  for (uint32_t i = 0; i < list_.size(); ++i) slots_[slot_of(list_[i].literal)] = i;
}

}  // namespace xgr::core

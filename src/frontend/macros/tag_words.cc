// The words' automaton: a tree of all words, and for each node its longest proper end in the tree.
//
// Entry point: TagWords. Besides what Aho and Corasick keep, a node knows where the first trigger
// that is complete in its text begins: a text that passed a trigger by may only go on inside a
// word around it, so of its ends only those that still contain that trigger count.
//
//   "ab", "abcd", "bc":   text abc: node abc, passed ab (at 0); "bc" is complete too but leaves
//   out part of ab, so only abcd can follow
//
// Tests: tests/unit/frontend/macros/tag_dispatch_test.cc.
#include "frontend/macros/tag_words.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace xgr::core {

TagWords::TagWords(std::vector<std::string> triggers, const std::vector<std::string>& excludes)
    : triggers_(std::move(triggers)), nodes_(1), any_exclude_(!excludes.empty()) {
  std::vector<Branch> tree;
  std::unordered_map<uint64_t, Node> known;
  auto add = [&](std::string_view word, uint32_t trigger) {
    Node at = kStart;
    auto count = [&](Node n) {
      if (trigger == kNone) return;
      if (nodes_[n].high == 0) nodes_[n].low = trigger;
      nodes_[n].high = trigger + 1;
    };
    count(at);
    for (size_t pos = 0; pos < word.size(); count(at)) {
      char32_t c = 0;
      decode_utf8(word, &pos, &c);
      auto [it, fresh] =
          known.try_emplace(uint64_t{at} << 32 | c, static_cast<Node>(nodes_.size()));
      if (fresh) {
        tree.push_back({at, {c, it->second}});
        Info info;
        info.depth = nodes_[at].depth + 1;
        info.bytes = static_cast<uint32_t>(pos);
        nodes_.push_back(info);
      }
      at = it->second;
    }
    return at;
  };
  for (uint32_t i = 0; i < triggers_.size(); ++i) nodes_[add(triggers_[i], i)].trigger = i;
  for (const std::string& word : excludes) nodes_[add(word, kNone)].excluded = true;
  order_steps(std::move(tree));
  link();
}

void TagWords::order_steps(std::vector<Branch> tree) {
  std::sort(tree.begin(), tree.end(), [](const Branch& x, const Branch& y) {
    return x.from != y.from ? x.from < y.from : x.step.c < y.step.c;
  });
  for (const Branch& b : tree) {
    Info& from = nodes_[b.from];
    if (from.step_count++ == 0) from.steps = static_cast<uint32_t>(steps_.size());
    steps_.push_back(b.step);
  }
}

// Breadth first: what ends a text is shorter than it.
void TagWords::link() {
  std::vector<Node> order{kStart};
  for (size_t i = 0; i < order.size(); ++i) {
    Node parent = order[i];
    for (uint32_t s = 0; s < nodes_[parent].step_count; ++s) {
      Step to = steps_[nodes_[parent].steps + s];
      Info& n = nodes_[to.to];
      if (parent != kStart) n.shorter = step(nodes_[parent].shorter, to.c);
      const Info& shorter = nodes_[n.shorter];
      n.excluded = n.excluded || shorter.excluded;
      n.also = shorter.trigger != kNone ? n.shorter : shorter.also;
      find_passed(to.to, parent);
      order.push_back(to.to);
    }
  }
}

void TagWords::find_passed(Node node, Node parent) {
  Info& n = nodes_[node];
  n.passed_before = n.passed = nodes_[parent].passed;
  Node longest = n.trigger != kNone ? node : n.also;
  if (longest != kStart) n.passed = std::min(n.passed, n.depth - nodes_[longest].depth);
}

TagWords::Node TagWords::child(Node node, char32_t c) const {
  const Step* begin = steps_.data() + nodes_[node].steps;
  const Step* end = begin + nodes_[node].step_count;
  const Step* it =
      std::lower_bound(begin, end, c, [](const Step& s, char32_t x) { return s.c < x; });
  return it != end && it->c == c ? it->to : kStart;
}

TagWords::Node TagWords::step(Node from, char32_t c) const {
  for (;; from = nodes_[from].shorter) {
    Node to = child(from, c);
    if (to != kStart || from == kStart) return to;
  }
}

std::vector<TagWords::Step> TagWords::steps(Node from) const {
  std::map<char32_t, Node> found;
  for (Node n = from; keeps_passed(from, n); n = nodes_[n].shorter) {
    for (uint32_t s = 0; s < nodes_[n].step_count; ++s) {
      found.emplace(steps_[nodes_[n].steps + s].c, steps_[nodes_[n].steps + s].to);
    }
    if (n == kStart) break;
  }
  std::vector<Step> out;
  for (auto [c, to] : found) out.push_back({c, to});
  return out;
}

std::vector<uint32_t> TagWords::triggers(Node node) const {
  const Info& from = nodes_[node];
  std::vector<uint32_t> out;
  for (Node n = from.trigger != kNone ? node : from.also; n != kStart; n = nodes_[n].also) {
    if (from.depth - nodes_[n].depth > from.passed_before) break;  // kNone is large
    out.push_back(nodes_[n].trigger);
  }
  return out;
}

void TagWords::each_way(
    Node from, const std::function<bool(std::string_view rest, uint32_t trigger)>& visit) const {
  for (Node n = from; n != kStart && keeps_passed(from, n); n = nodes_[n].shorter) {
    for (uint32_t t = nodes_[n].low; t < nodes_[n].high; ++t) {
      std::string_view rest = std::string_view(triggers_[t]).substr(nodes_[n].bytes);
      if (rest.empty() || !avoids_excludes(from, rest)) continue;
      if (!visit(rest, t)) return;
    }
  }
}

bool TagWords::avoids_excludes(Node from, std::string_view rest) const {
  char32_t c = 0;
  for (size_t pos = 0; any_exclude_ && decode_utf8(rest, &pos, &c);) {
    from = step(from, c);
    if (nodes_[from].excluded) return false;
  }
  return true;
}

CharSet TagWords::first_characters() const {
  CharSet set;
  for (uint32_t s = 0; s < nodes_[kStart].step_count; ++s)
    set.add(steps_[nodes_[kStart].steps + s].c);
  return set;
}

}  // namespace xgr::core

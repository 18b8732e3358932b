// Runs of neighbouring chunks: the suffix automaton of the list, unfolded one character at a time.
//
// Entry point: substring. The automaton of Blumer et al. (TCS 40, 1985) reads whole chunks and is
// linear in their number. Its steps from a state, sorted by text, are unfolded as a set of strings
// is (grammar/string_set.cc): those that share the characters read are a contiguous range.
//
//   "ab", "a", "b"  ->  "" ab a b aba ab(a b: written ab) abab
//
// Tests: tests/unit/frontend/macros/substring_test.cc.
#include "frontend/macros/substring.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/sort_unique.h"

namespace xgr::core {
namespace {

struct ChunkStep {
  uint32_t chunk;  // by rank among the different chunks
  uint32_t to;
};

// The suffix automaton of a list of numbers.
class SuffixAutomaton {
 public:
  explicit SuffixAutomaton(std::span<const uint32_t> list) {
    add_state(0, kNone);
    for (uint32_t c : list) append(c);
  }

  size_t size() const { return states_.size(); }
  // By ascending chunk.
  std::vector<ChunkStep> steps(uint32_t state) const {
    std::vector<ChunkStep> out;
    for (uint32_t c : states_[state].chunks) out.push_back({c, *find(state, c)});
    std::sort(out.begin(), out.end(),
              [](const ChunkStep& x, const ChunkStep& y) { return x.chunk < y.chunk; });
    return out;
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct SuffixState {
    uint32_t length, link;
    std::vector<uint32_t> chunks;  // of its steps
  };

  uint32_t add_state(uint32_t length, uint32_t link) {
    states_.push_back({length, link, {}});
    return static_cast<uint32_t>(states_.size() - 1);
  }
  static uint64_t key(uint32_t state, uint32_t chunk) { return uint64_t{state} << 32 | chunk; }
  const uint32_t* find(uint32_t state, uint32_t chunk) const {
    auto it = targets_.find(key(state, chunk));
    return it == targets_.end() ? nullptr : &it->second;
  }
  void set(uint32_t state, uint32_t chunk, uint32_t to) {
    if (targets_.insert_or_assign(key(state, chunk), to).second) {
      states_[state].chunks.push_back(chunk);
    }
  }

  void append(uint32_t chunk) {
    uint32_t fresh = add_state(states_[last_].length + 1, 0);
    uint32_t p = last_;
    last_ = fresh;
    for (; p != kNone && !find(p, chunk); p = states_[p].link) set(p, chunk, fresh);
    if (p == kNone) return;
    uint32_t q = *find(p, chunk);
    if (states_[q].length == states_[p].length + 1) {
      states_[fresh].link = q;
      return;
    }
    uint32_t copy = add_state(states_[p].length + 1, states_[q].link);
    for (uint32_t c : std::vector<uint32_t>(states_[q].chunks)) set(copy, c, *find(q, c));
    for (; p != kNone; p = states_[p].link) {
      const uint32_t* to = find(p, chunk);
      if (!to || *to != q) break;
      set(p, chunk, copy);
    }
    states_[q].link = states_[fresh].link = copy;
  }

  std::vector<SuffixState> states_;
  std::unordered_map<uint64_t, uint32_t> targets_;
  uint32_t last_ = 0;
};

// Args: steps [a, b) of one state, of whose chunks the first c bytes are read.
class ChunkRuns : public LazyGenerator {
 public:
  ChunkRuns(std::vector<std::string> chunks, const SuffixAutomaton& automaton)
      : chunks_(std::move(chunks)) {
    for (uint32_t s = 0; s < automaton.size(); ++s) {
      begin_.push_back(static_cast<uint32_t>(steps_.size()));
      for (const ChunkStep& step : automaton.steps(s)) steps_.push_back(step);
    }
    begin_.push_back(static_cast<uint32_t>(steps_.size()));
  }

  void set_id(uint32_t id) { id_ = id; }
  // What may follow between two chunks.
  Expr at(ExprPool& pool, uint32_t state) const {
    if (begin_[state] == begin_[state + 1]) return pool.epsilon();
    return pool.lazy(id_, {begin_[state], begin_[state + 1], 0});
  }

  Expr unfold(ExprPool& pool, const Args& args) const override {
    auto [lo, hi, depth] = args;
    std::vector<Expr> ways;
    if (depth == 0) ways.push_back(pool.epsilon());
    if (depth > 0 && text(lo).size() == depth) ways.push_back(at(pool, steps_[lo++].to));
    std::vector<SwitchEdge> edges;
    while (lo < hi) {
      size_t end = depth;
      char32_t c = 0;
      decode_utf8(text(lo), &end, &c);
      std::string_view head = text(lo).substr(depth, end - depth);
      auto same_head = [this, depth = depth, head](const ChunkStep& s) {
        return std::string_view(chunks_[s.chunk]).substr(depth, head.size()) == head;
      };
      auto first = steps_.begin() + lo, last = steps_.begin() + hi;
      uint32_t next =
          lo + static_cast<uint32_t>(std::partition_point(first, last, same_head) - first);
      if (has_spelled(pool, lo, next, depth)) {
        edges.push_back({c, c, behind(pool, lo, next, static_cast<uint32_t>(end))});
      }
      lo = next;
    }
    ways.push_back(pool.switch_on(edges));
    return pool.alt(ways);
  }

  bool nullable(const ExprPool&, const Args& args) const override {
    return args[2] == 0 || text(args[0]).size() == args[2];
  }

  Expr witness(ExprPool& pool, const Args& args) const override {
    if (args[2] == 0) return pool.epsilon();
    for (uint32_t i = args[0]; i < args[1]; ++i) {
      std::string_view rest = text(i).substr(args[2]);
      if (pool.spells(rest)) return pool.literal(rest);
    }
    return pool.empty();
  }

  void collect_children(const Args&, std::vector<Expr>*) const override {}

 private:
  std::string_view text(uint32_t step) const { return chunks_[steps_[step].chunk]; }

  Expr behind(ExprPool& pool, uint32_t lo, uint32_t hi, uint32_t depth) const {
    if (hi - lo > 1) return pool.lazy(id_, {lo, hi, depth});
    return pool.seq(pool.literal(text(lo).substr(depth)), at(pool, steps_[lo].to));
  }

  // Whether tokens can spell some chunk of [lo, hi) from byte `depth` on.
  bool has_spelled(const ExprPool& pool, uint32_t lo, uint32_t hi, uint32_t depth) const {
    while (lo < hi && !pool.spells(text(lo).substr(depth))) ++lo;
    return lo < hi;
  }

  std::vector<std::string> chunks_;  // sorted
  std::vector<ChunkStep> steps_;     // by state, then by chunk
  std::vector<uint32_t> begin_;      // by state
  uint32_t id_ = 0;
};

}  // namespace

Expr substring(ExprPool& pool, std::span<const std::string> chunks) {
  std::vector<std::string> sorted;
  for (const std::string& s : chunks) {
    if (!s.empty()) sorted.push_back(s);
  }
  sort_unique(&sorted);
  std::vector<uint32_t> list;
  for (const std::string& s : chunks) {
    if (s.empty()) continue;
    auto it = std::lower_bound(sorted.begin(), sorted.end(), s);
    list.push_back(static_cast<uint32_t>(it - sorted.begin()));
  }
  auto runs = std::make_unique<ChunkRuns>(std::move(sorted), SuffixAutomaton(list));
  ChunkRuns* raw = runs.get();
  raw->set_id(pool.add_generator(std::move(runs)));
  return raw->at(pool, 0);
}

}  // namespace xgr::core

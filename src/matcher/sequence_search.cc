// Aho-Corasick: a trie of the sequences, and from every state the way to its longest proper end.
//
// Entry points: SequenceSearch, step. The trie is made from the sorted sequences, each from where it
// differs from the one before, so that the edges of a state come out in order.
//
//   {ab, bc}: root -a-> 1 -b-> 2, root -b-> 3 -c-> 4, shorter(2) = 3;   reading a, b, c ends in 4
//
// Tests: tests/unit/matcher/sequence_search_test.cc.
#include "matcher/sequence_search.h"

#include <algorithm>

namespace xgr::core {

SequenceSearch::SequenceSearch(std::vector<Sequence> sequences, Work* work) {
  for (const Sequence& s : sequences) charge(work, 8 * (s.symbols.size() + 1));
  std::stable_sort(sequences.begin(), sequences.end(),
                   [](const Sequence& x, const Sequence& y) { return x.symbols < y.symbols; });
  std::vector<uint32_t> parents{kRoot}, symbols{0}, path{kRoot};
  found_ = {kNone};
  const std::vector<uint32_t> nothing, *before = &nothing;
  for (const Sequence& s : sequences) {
    const auto differ =
        std::mismatch(s.symbols.begin(), s.symbols.end(), before->begin(), before->end());
    path.resize(static_cast<size_t>(differ.first - s.symbols.begin()) + 1);
    for (auto at = differ.first; at != s.symbols.end(); ++at) {
      parents.push_back(path.back());
      symbols.push_back(*at);
      path.push_back(static_cast<uint32_t>(found_.size()));
      found_.push_back(kNone);
    }
    if (found_[path.back()] == kNone) found_[path.back()] = s.number;
    before = &s.symbols;
  }
  link(parents, symbols);
  find_shorter(work);
}

// States were made in the order of their symbols, so a stable sort by parent is all.
void SequenceSearch::link(const std::vector<uint32_t>& parents,
                          const std::vector<uint32_t>& symbols) {
  first_.assign(parents.size() + 1, 0);
  for (size_t s = 1; s < parents.size(); ++s) ++first_[parents[s] + 1];
  for (size_t s = 1; s < first_.size(); ++s) first_[s] += first_[s - 1];
  edges_.resize(parents.size() - 1);
  std::vector<uint32_t> at(first_.begin(), first_.end() - 1);
  for (size_t s = 1; s < parents.size(); ++s)
    edges_[at[parents[s]]++] = {symbols[s], static_cast<uint32_t>(s)};
}

void SequenceSearch::find_shorter(Work* work) {
  shorter_.assign(found_.size(), kRoot);
  order_.reserve(found_.size());
  order_.push_back(kRoot);
  for (size_t i = 0; i < order_.size(); ++i) {
    const uint32_t state = order_[i];
    for (const Edge& e : longer(state)) {
      order_.push_back(e.to);
      if (state != kRoot) shorter_[e.to] = step(shorter_[state], e.symbol, work);
      if (found_[e.to] == kNone) found_[e.to] = found_[shorter_[e.to]];
    }
  }
}

uint32_t SequenceSearch::child(uint32_t state, uint32_t symbol) const {
  const std::span<const Edge> edges = longer(state);
  const auto at = std::lower_bound(edges.begin(), edges.end(), symbol,
                                   [](const Edge& e, uint32_t s) { return e.symbol < s; });
  return at != edges.end() && at->symbol == symbol ? at->to : kNoState;
}

std::vector<uint32_t> SequenceSearch::progress(std::span<const uint32_t> sequence,
                                               const std::vector<bool>& allowed) const {
  std::vector<uint32_t> out(found_.size(), 0);
  uint32_t state = kRoot;
  for (uint32_t read = 1; read < sequence.size(); ++read) {
    state = child(state, sequence[read - 1]);
    if (allowed[read]) out[state] = read;
  }
  for (uint32_t s : order_) {
    if (out[s] == 0) out[s] = out[shorter_[s]];
  }
  return out;
}

size_t SequenceSearch::memory_bytes() const {
  return found_.capacity() * sizeof(int32_t) + edges_.capacity() * sizeof(Edge) +
         (first_.capacity() + shorter_.capacity() + order_.capacity()) * sizeof(uint32_t);
}

}  // namespace xgr::core

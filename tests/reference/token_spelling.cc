// Decides whether tokens can complete a prefix.
//
// Entry point: TokenSpelling::completable. The sequences of tokens are the language of a small
// automaton, a trie whose ends lead back to its root. For every rule the pairs of states between
// which it can run are the least fixpoint over its productions (Bar-Hillel, Perles, Shamir 1961).
// The Earley items after the prefix then go on from the boundary state: over a byte by an edge,
// over a rule by its pairs, and a finished production resumes the items that waited for it. The
// prefix is completable iff the root finishes at the boundary. Test: oracle_test.cc compares it
// with a search over token sequences in finite languages, and with runs over an automaton that
// spells prefix and tokens in any language.
#include "token_spelling.h"

#include <bit>
#include <map>
#include <utility>

namespace reference {
namespace {

// Pairs of states, as rows of bits.
class Relation {
 public:
  explicit Relation(size_t states) : words_((states + 63) / 64), rows_(states * words_) {}

  void add(size_t from, size_t to) { rows_[from * words_ + to / 64] |= uint64_t{1} << (to % 64); }
  // Adds the pairs of `other`; true if some were new.
  bool merge(const Relation& other) {
    bool grew = false;
    for (size_t i = 0; i < rows_.size(); ++i) {
      grew = grew || (other.rows_[i] & ~rows_[i]) != 0;
      rows_[i] |= other.rows_[i];
    }
    return grew;
  }
  template <typename Visit>
  void for_each_after(size_t from, Visit visit) const {
    for (size_t w = 0; w < words_; ++w) {
      for (uint64_t left = rows_[from * words_ + w]; left != 0; left &= left - 1) {
        visit(w * 64 + static_cast<size_t>(std::countr_zero(left)));
      }
    }
  }
  Relation then(const Relation& next) const {
    const size_t states = rows_.size() / words_;
    Relation out(states);
    for (size_t from = 0; from < states; ++from) {
      for_each_after(from, [&](size_t via) {
        for (size_t w = 0; w < words_; ++w) {
          out.rows_[from * words_ + w] |= next.rows_[via * words_ + w];
        }
      });
    }
    return out;
  }

 private:
  size_t words_;
  std::vector<uint64_t> rows_;
};

Relation steps(const Automaton& automaton, const ByteSet& bytes) {
  Relation out(automaton.states);
  for (const Automaton::Edge& edge : automaton.edges) {
    if (bytes[edge.byte]) out.add(edge.from, edge.to);
  }
  return out;
}

}  // namespace

Automaton token_automaton(const std::vector<std::string>& tokens) {
  Automaton out;
  std::map<std::pair<uint32_t, unsigned char>, uint32_t> children;
  for (const std::string& token : tokens) {
    uint32_t state = 0;
    for (size_t i = 0; i < token.size(); ++i) {
      const auto byte = static_cast<unsigned char>(token[i]);
      if (i + 1 == token.size()) {
        out.edges.push_back({state, 0, byte});
        break;
      }
      const auto [child, is_new] = children.try_emplace({state, byte}, out.states);
      if (is_new) out.edges.push_back({state, out.states++, byte});
      state = child->second;
    }
  }
  return out;
}

Runs find_runs(const PlainGrammar& grammar, const Automaton& automaton) {
  Relation identity(automaton.states);
  for (size_t state = 0; state < automaton.states; ++state) identity.add(state, state);
  std::vector<Relation> known(grammar.rules.size(), Relation(automaton.states));
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t rule = 0; rule < grammar.rules.size(); ++rule) {
      for (const Production& production : grammar.rules[rule]) {
        Relation run = identity;
        for (const Symbol& symbol : production) {
          run = run.then(symbol.is_rule ? known[symbol.rule] : steps(automaton, symbol.bytes));
        }
        if (known[rule].merge(run)) changed = true;
      }
    }
  }
  Runs out(grammar.rules.size());
  for (size_t rule = 0; rule < grammar.rules.size(); ++rule) {
    out[rule].resize(automaton.states);
    for (size_t from = 0; from < automaton.states; ++from) {
      known[rule].for_each_after(
          from, [&](size_t to) { out[rule][from].push_back(static_cast<uint32_t>(to)); });
    }
  }
  return out;
}

TokenSpelling::TokenSpelling(const PlainGrammar& grammar, const std::vector<std::string>& tokens)
    : automaton_(token_automaton(tokens)),
      runs_(find_runs(without_unproductive(grammar), automaton_)),
      edges_from_(automaton_.states) {
  for (const Automaton::Edge& edge : automaton_.edges) edges_from_[edge.from].push_back(edge);
}

bool TokenSpelling::completable(const EarleyChart& chart) const {
  struct Point {
    uint32_t slot, origin, state;
  };
  std::vector<bool> seen((chart.length() + 1) * chart.slot_count() * automaton_.states);
  std::vector<Point> open;
  auto visit = [&](uint32_t slot, uint32_t origin, uint32_t state) {
    auto mark = seen[(origin * chart.slot_count() + slot) * automaton_.states + state];
    if (!mark) open.push_back({slot, origin, state});
    mark = true;
  };
  for (const EarleyChart::Item& item : chart.items(chart.length())) {
    visit(item.slot, item.origin, 0);
  }
  while (!open.empty()) {
    const auto [index, origin, state] = open.back();
    open.pop_back();
    const EarleyChart::Slot& slot = chart.slot(index);
    if (slot.kind == EarleyChart::Slot::kByte) {
      for (const Automaton::Edge& edge : edges_from_[state]) {
        if (chart.bytes(slot)[edge.byte]) visit(index + 1, origin, edge.to);
      }
    } else if (slot.kind == EarleyChart::Slot::kRule) {
      for (uint32_t to : runs_[slot.value][state]) visit(index + 1, origin, to);
    } else {
      if (slot.value == chart.root() && origin == 0 && state == 0) return true;
      const auto& waiting = chart.items(origin);
      for (int32_t w = chart.first_waiting(origin, slot.value); w >= 0;) {
        const EarleyChart::Item& item = waiting[static_cast<size_t>(w)];
        visit(item.slot + 1, item.origin, state);
        w = item.next_waiting;
      }
    }
  }
  return false;
}

}  // namespace reference

// Spelling: completions by tokens, for vocabularies without all single bytes.
//
// Entry point: Spelling::can_complete. Breadth-first over the parse states that whole tokens lead to,
// told apart by content, until one can end. Answers are kept for all matchers of the grammar. With
// single-byte tokens for all bytes that occur (every real vocabulary) nothing of this runs.
//
//   tokens "ab", "c"; grammar "a" "c" | "ab": after nothing, "ab" is allowed;  "a" "c" alone: refused
//
// Tests: tests/unit/mask/spelling_test.cc, tests/reference.
#include "mask/spelling.h"

#include <deque>

#include "mask/token_edges.h"
#include "support/hash.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxVisited = 4096;   // parse states of one search
constexpr size_t kMaxAnswers = 65536;  // remembered

// Equal keys: equal states over equal stacks, whatever nodes spell them.
std::string key_of_stacks(std::span<const Config> parses) {
  std::string key;
  std::unordered_map<const StackNode*, uint32_t> numbers;
  std::vector<const StackNode*> order;
  auto number = [&](const StackNode* n) {
    if (!n) return uint32_t{0};
    auto [it, fresh] = numbers.try_emplace(n, static_cast<uint32_t>(numbers.size() + 1));
    if (fresh) order.push_back(n);
    return it->second;
  };
  auto append = [&](const State* s, const StackNode* n) {
    append_pointer(s, &key);
    uint32_t k = number(n);
    key.append(reinterpret_cast<const char*>(&k), sizeof(k));
  };
  for (const Config& c : parses) append(c.state, c.stack);
  for (size_t i = 0; i < order.size(); ++i) {
    key += '|';
    for (const StackEdge& e : *order[i]) append(e.ret, e.parent);
  }
  return key;
}

}  // namespace

struct Spelling::Search {
  struct Visit {
    std::vector<Config> parses;
    std::string key;
    size_t from;
  };
  Arena arena{4096};
  Stepper stepper{&arena};
  std::deque<Visit> visits;
  std::unordered_map<std::string, size_t> seen;

  void add(std::vector<Config> parses, size_t from) {
    std::string key = key_of_stacks(parses);
    if (!seen.emplace(key, visits.size()).second) return;
    visits.push_back({std::move(parses), std::move(key), from});
  }

  // All parse states one token away.
  void expand(const TokenTrie& trie, size_t from) {
    struct Level {
      uint32_t end;
      size_t begin;
    };
    std::vector<Config> v = visits[from].parses;
    std::vector<Level> levels{{trie.end(0), 0}};
    for (uint32_t node = 1; node < trie.node_count() && visits.size() < kMaxVisited;) {
      while (node >= levels.back().end) {
        v.resize(levels.back().begin);
        levels.pop_back();
      }
      size_t begin = v.size();
      if (!stepper.step(&v, levels.back().begin, begin, trie.byte(node))) {
        node = trie.end(node);
        continue;
      }
      if (trie.has_token(node))
        add({v.begin() + static_cast<std::ptrdiff_t>(begin), v.end()}, from);
      levels.push_back({trie.end(node), begin});
      ++node;
    }
  }

  // All parse states one token away that is taken as a whole. Few vocabularies need this.
  void expand(const TokenEdges& edges, int32_t vocab_size, size_t from) {
    std::vector<Config> v = visits[from].parses;
    const size_t size = v.size();
    if (!stepper.can_read(v, 0, size, kTokenMark)) return;
    for (int32_t id = 0; id < vocab_size && visits.size() < kMaxVisited; ++id) {
      if (!edges.possible(id)) continue;
      v.resize(size);
      size_t begin = 0;
      if (read(spelled_token(id), &v, &begin))
        add({v.begin() + static_cast<std::ptrdiff_t>(begin), v.end()}, from);
    }
  }

  bool read(std::string_view bytes, std::vector<Config>* v, size_t* begin) {
    for (char b : bytes) {
      const size_t end = v->size();
      if (!stepper.step(v, *begin, end, static_cast<uint8_t>(b))) return false;
      *begin = end;
    }
    return true;
  }
};

Spelling::Spelling(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {
  for (size_t i = 0; i < 4; ++i) {
    needed_ = needed_ || (tokenizer.known_bytes()[i] & ~tokenizer.single_bytes()[i]);
  }
}

bool Spelling::known(const std::string& key, bool* answer) {
  std::lock_guard<std::mutex> lock(mutex_);
  auto it = answers_.find(key);
  if (it == answers_.end()) return false;
  *answer = it->second;
  return true;
}

void Spelling::remember(const std::string& key, bool answer) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (answers_.size() < kMaxAnswers) answers_.emplace(key, answer);
}

bool Spelling::can_complete(std::span<const Config> parses, Work* work) {
  Search s;
  s.stepper.set_work(work);
  s.add({parses.begin(), parses.end()}, SIZE_MAX);
  for (size_t i = 0; i < s.visits.size() && s.visits.size() < kMaxVisited; ++i) {
    const Search::Visit& v = s.visits[i];
    bool answer = s.stepper.can_finish(v.parses, 0, v.parses.size());
    bool hit = answer || known(v.key, &answer);
    if (hit && answer) {
      for (size_t k = i; k != SIZE_MAX; k = s.visits[k].from) remember(s.visits[k].key, true);
      return true;
    }
    if (hit) continue;
    s.expand(tokenizer_.trie(), i);
    if (edges_) s.expand(*edges_, tokenizer_.vocab_size(), i);
  }
  if (s.stepper.failed()) return true;
  if (s.visits.size() >= kMaxVisited) {
    remember(s.visits[0].key, true);
    return true;
  }
  for (const Search::Visit& v : s.visits) remember(v.key, false);
  return false;
}

bool Spelling::can_complete_after(std::span<const Config> parses, int32_t token, Work* work) {
  Search s;
  s.stepper.set_work(work);
  auto completes = [&](std::string_view bytes) {
    std::vector<Config> v(parses.begin(), parses.end());
    size_t begin = 0;
    return s.read(bytes, &v, &begin) &&
           can_complete(std::span<const Config>(v).subspan(begin), work);
  };
  const std::string_view text = tokenizer_.token_bytes(token);
  if (is_text(text) && completes(text)) return true;
  return edges_ && edges_->possible(token) && completes(spelled_token(token));
}

}  // namespace xgr::core

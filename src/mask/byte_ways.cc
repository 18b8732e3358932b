// Byte ways: a search for the end of a fragment, led by what its expressions have to read.
//
// Entry point: of. An A* search over states and the frames of calls that the way makes itself, by the bytes so
// far and the least that the expressions of a state, and of the frames, have (grammar/least_lengths.h). For most
// grammars that is the length of a shortest string, so the search goes straight to an end. Where it has to stop
// early, there is no way. What it found is kept for all states along it, in their own fragments.
//
//   {"a": at the start of an object with `a` required: `"a":0}`, past keys that are optional
//
// Tests: tests/unit/mask/closing_texts_test.cc.
#include "mask/byte_ways.h"

#include <algorithm>

#include "grammar/token_ids.h"

namespace xgr::core {
namespace {

constexpr size_t kMostNodes = 1 << 17;    // of a search
constexpr uint32_t kMostBytes = 1 << 20;  // of a way
constexpr uint64_t kNodeSteps = 4;        // memory counts
constexpr int kMostTriedTokens = 256;     // that a state may read as a whole
constexpr uint32_t kNoFrame = 0;

}  // namespace

ByteWays::ByteWays(const SpelledTokens& tokens) : tokens_(tokens) {
  const TokenTrie& trie = tokens.trie();
  for (uint32_t c = 1; c < trie.end(0); c = trie.end(c))
    is_token_[trie.byte(c)] = tokens.ends_at(c);
  for (int b = 0; b < 256; ++b) {
    const bool letter = b >= 'a' && b <= 'z', digit = b >= '0' && b <= '9';
    rank_[static_cast<size_t>(b)] = letter ? 1 : digit ? 2 : b > ' ' && b < 0x7F ? 0 : 3;
  }
}

// The search from one state.
class ByteWays::Search {
 public:
  Search(ByteWays* ways, Work* work) : w_(*ways), work_(work) {}

  // Whether an end was found; then the ways along it are kept.
  bool run(State* start) {
    add({start, nullptr, kNoFrame, 0, 0, Way::kEnd, 0, -1}, w_.least(start, start->items, work_));
    for (size_t total = 0; total < queue_.size(); ++total) {
      while (!queue_[total].empty()) {
        const uint32_t at = queue_[total].back();
        queue_[total].pop_back();
        if (nodes_.size() > kMostNodes) return false;
        if (is_end(nodes_[at])) {
          keep(at);
          return true;
        }
        visit(at);
      }
    }
    return false;
  }

 private:
  struct Node {
    State* state;  // null: not made yet, behind `byte` of the node before
    State* ret;    // of a call
    uint32_t frame;
    uint32_t bytes;  // so far
    uint32_t from;
    Way::Kind kind;  // of the step that led here; kEnd also for a way that was known
    uint8_t byte;
    int32_t token;
  };
  static bool is_end(const Node& n) { return n.kind == Way::kEnd && !n.state; }
  // Where a call returns to; 0: the end of the way.
  struct Frame {
    State* ret;
    uint32_t parent;
    uint32_t least;  // bytes, the parents' included
    bool operator==(const Frame&) const = default;
  };
  struct Place {
    State* state;
    uint32_t frame;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    size_t operator()(const Place& p) const {
      return mix(mix(1, reinterpret_cast<uintptr_t>(p.state)), p.frame);
    }
  };

  void add(const Node& node, uint32_t least) {
    if (least == kNone) return;
    const uint64_t total = uint64_t{node.bytes} + least + frames_[node.frame].least;
    if (total > kMostBytes) return;
    work_->charge(kNodeSteps);
    if (queue_.size() <= total) queue_.resize(total + 1);
    queue_[total].push_back(static_cast<uint32_t>(nodes_.size()));
    nodes_.push_back(node);
  }
  void visit(uint32_t at) {
    Node n = nodes_[at];
    if (!n.state) n.state = nodes_[at].state = step_or_stop(nodes_[n.from].state, n.byte, work_);
    const auto [it, fresh] = reached_.try_emplace({n.state, n.frame}, n.bytes);
    if (!fresh) {
      if (it->second <= n.bytes) return;
      it->second = n.bytes;
    }
    State* const s = n.state;
    if (const auto known = w_.ways_.find(s); known != w_.ways_.end()) {
      if (known->second.bytes != kNone) leave(at, n.frame, n.bytes + known->second.bytes);
      return;
    }
    if (s->nullable) leave(at, n.frame, n.bytes);
    read(at, s, n);
    if (!s->calls.empty()) call(at, s, n);
  }
  void leave(uint32_t at, uint32_t frame, uint32_t bytes) {
    if (frame == kNoFrame) {
      add({nullptr, nullptr, kNoFrame, bytes, at, Way::kEnd, 0, -1}, 0);
      return;
    }
    const Frame f = frames_[frame];
    add({f.ret, nullptr, f.parent, bytes, at, Way::kEnd, 0, -1},
        w_.least(f.ret, f.ret->items, work_));
  }
  // One byte of each class.
  void read(uint32_t at, State* s, const Node& n) {
    std::array<int, 256> best;
    std::fill_n(best.begin(), s->class_count, -1);
    s->classes->live.for_each([&](uint8_t b) {
      int& now = best[s->classes->of[b]];
      if (w_.is_token_[b] && (now < 0 || w_.rank_[b] < w_.rank_[static_cast<size_t>(now)])) now = b;
    });
    for (uint16_t c = 1; c < s->class_count; ++c) {
      if (best[c] < 0) continue;
      const auto byte = static_cast<uint8_t>(best[c]);
      add({nullptr, nullptr, n.frame, n.bytes + 1, at, Way::kByte, byte, -1},
          w_.least(s, s->items_after(byte), work_));
    }
    if (s->classes->of[kTokenMark]) {
      int32_t token = -1;
      State* const next = w_.behind_token(s, &token, work_);
      if (next) {
        add({next, nullptr, n.frame, n.bytes + 1, at, Way::kToken, 0, token},
            w_.least(next, next->items, work_));
      }
    }
  }
  void call(uint32_t at, State* s, const Node& n) {
    const Closure* closure = Automaton::closure(s, work_);
    if (!closure) throw WorkStopped{s->automaton->limit_error()};
    for (uint32_t i = 1; i < closure->entry_count; ++i) {
      const ClosureEntry& entry = closure->entries[i];
      for (uint32_t k = 0; k < entry.edge_count; ++k) {
        const ClosureEdge& edge = closure->edges[entry.edge_begin + k];
        if (edge.parent != 0) continue;  // called by the callee, which has it
        const uint32_t frame = frame_of(edge.ret, n.frame);
        add({entry.state, edge.ret, frame, n.bytes, at, Way::kCall, 0, -1},
            w_.least(entry.state, entry.state->items, work_));
      }
    }
  }
  uint32_t frame_of(State* ret, uint32_t parent) {
    const auto [it, fresh] =
        frame_ids_.try_emplace({ret, parent}, static_cast<uint32_t>(frames_.size()));
    if (!fresh) return it->second;
    const uint32_t own = w_.least(ret, ret->items, work_);
    const uint64_t all = uint64_t{own} + frames_[parent].least;
    frames_.push_back({ret, parent, static_cast<uint32_t>(std::min<uint64_t>(all, kMostBytes))});
    return it->second;
  }
  // Backwards from the end: each fragment on the way is left where its frame is popped.
  void keep(uint32_t end) {
    std::unordered_map<uint32_t, uint32_t> left{{kNoFrame, nodes_[end].bytes}};  // by frame
    for (uint32_t at = end; at != 0; at = nodes_[at].from) {
      const Node& n = nodes_[at];
      const Node& before = nodes_[n.from];
      if (n.kind == Way::kEnd) left[before.frame] = n.bytes;
      if (w_.ways_.count(before.state)) continue;
      Way way{left[before.frame] - before.bytes, n.kind, n.byte, n.token, n.state, n.ret};
      if (n.kind == Way::kEnd) way.next = nullptr;
      w_.ways_.emplace(before.state, way);
    }
  }

  ByteWays& w_;
  Work* work_;
  std::vector<Node> nodes_;
  std::vector<Frame> frames_{{nullptr, 0, 0}};
  std::unordered_map<Place, uint32_t, PlaceHash> frame_ids_,
      reached_;                               // by what a call returns to; bytes
  std::vector<std::vector<uint32_t>> queue_;  // by bytes in all
};

const ByteWays::Way& ByteWays::of(State* s, Work* work) {
  const auto it = ways_.find(s);
  if (it != ways_.end()) return it->second;
  const bool found = Search(this, work).run(s);
  if (!found) return ways_.emplace(s, Way{}).first->second;
  return ways_.at(s);
}

uint32_t ByteWays::least(State* s, std::span<const Expr> items, Work* work) {
  std::lock_guard<std::mutex> lock(s->automaton->mutex());
  std::unique_ptr<LeastLengths>& lengths = lengths_[s->automaton];
  if (!lengths) lengths = std::make_unique<LeastLengths>(s->automaton->grammar());
  work->charge(1);
  return lengths->of(items, work);
}

// The state behind some token that may be taken as a whole; null: none of those that are tried.
State* ByteWays::behind_token(State* s, int32_t* token, Work* work) {
  State* const marked = step_or_stop(s, kTokenMark, work);
  int tried = 0;
  for (int32_t id = 0; id < tokens_.tokenizer().vocab_size() && tried < kMostTriedTokens; ++id) {
    work->charge(1);
    if (!tokens_.whole(id)) continue;
    State* t = SpelledTokens::after_whole_token(marked, id, work);
    *token = id;
    if (t) return t;
    ++tried;
  }
  return nullptr;
}

size_t ByteWays::memory_bytes() const {
  constexpr size_t kEntry = 40;  // of a table, about
  size_t bytes = ways_.size() * (sizeof(Way) + kEntry);
  for (const auto& [automaton, lengths] : lengths_) bytes += kEntry + lengths->memory_bytes();
  return bytes;
}

}  // namespace xgr::core

// Builds mask parts on first use, publishes them on their states, and owns them.
//
// Reads take no lock: a part is found through an atomic pointer on its state (or, for what follows
// a return, in a short list on the frame's state). A missing part is built outside any lock; when
// two threads build the same one, the first to publish wins. Parts may be taken out any time
// (part_shelf.h); who reads them reads in the budget's epochs, which keep them until then.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "mask/part_shelf.h"
#include "mask/trie_walk.h"
#include "parser/automaton.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// Scratch memory for walks, handed from one to the next.
class ScratchPool {
 public:
  std::unique_ptr<WalkScratch> take();
  void give_back(std::unique_ptr<WalkScratch> scratch);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<WalkScratch>> free_;
};

// What one caller had to compute because it was not there.
struct WalkCounts {
  uint64_t built = 0;    // parts, and masks walked as a whole
  uint64_t visited = 0;  // trie nodes
  uint64_t nanoseconds = 0;
};

// What a store holds and has done.
struct MaskStats {
  uint64_t states = 0;  // of the automaton
  uint64_t parts = 0;   // that are there now
  uint64_t bytes = 0;
  uint64_t evictions = 0;
  WalkCounts walks;

  void add(const MaskStats& o) {
    states += o.states, parts += o.parts, bytes += o.bytes, evictions += o.evictions;
    walks.built += o.walks.built;
    walks.visited += o.walks.visited;
    walks.nanoseconds += o.walks.nanoseconds;
  }
};

class MaskStore {
 public:
  // States of `shared_automaton`, if given, are `shared`'s; those of all others are this store's own.
  MaskStore(const Tokenizer& tokenizer, LoopCache* loops, ScratchPool* scratch, MaskBudget* budget,
            MaskStore* shared = nullptr, const Automaton* shared_automaton = nullptr)
      : tokenizer_(tokenizer),
        loops_(loops),
        scratch_(scratch),
        budget_(budget),
        shared_(shared),
        shared_automaton_(shared_automaton),
        shelf_(budget) {}

  // The store that keeps the parts of a state.
  MaskStore& of(const State* s) {
    return shared_ && s->automaton == shared_automaton_ ? *shared_ : *this;
  }

  // Parts are found, and used, while reading (Epochs::Reading) in the budget's epochs.
  // What may follow in `q` (canonical) with unknown callers; exits known for bytes in `need`.
  // Null when a limit was hit. What has to be built is added to `counts` and charged to `work`.
  const MaskPart* state_part(State* q, const ByteSet& need, WalkCounts* counts = nullptr,
                             Work* work = nullptr) {
    return state_part(q, need, Caller{counts, work}, true);
  }
  // What may follow of the tokens that `exits`, those of a part, left over, in `frame` (canonical).
  const MaskPart* frame_part(const std::shared_ptr<const ExitSet>& exits, State* frame,
                             const ByteSet& need, WalkCounts* counts = nullptr,
                             Work* work = nullptr) {
    return frame_part(exits, frame, need, Caller{counts, work});
  }
  // Whether the parts of a parse are there already, its nearest frame included; builds nothing.
  static bool knows(const Config& parse);

  // The tokens of parses with their real stacks; remembered nowhere. False when a limit was hit.
  bool walk_parses(const std::vector<Config>& parses, TokenSet* tokens,
                   WalkCounts* counts = nullptr, Work* work = nullptr);
  PartShelf& shelf() { return shelf_; }
  MaskStats stats() const;  // without states
  size_t memory_bytes() const { return shelf_.memory_bytes(); }
  size_t part_count() const { return shelf_.part_count(); }
  uint64_t visited() const { return visited_.load(std::memory_order_relaxed); }

 private:
  using NewPart = std::shared_ptr<KeptPart>;
  // The outcome of a walk.
  struct Walked {
    TokenSet tokens;
    ExitSet exits;
    uint64_t visited;
    bool ok;  // no limit was hit
  };
  // Whom walks are counted for, and charged to; either may be null.
  struct Caller {
    WalkCounts* counts;
    Work* work;
  };
  // Null when a limit was hit. `walk(scratch)` returns a Walked.
  template <typename Walk>
  NewPart build(const Caller& caller, Walk&& walk);
  // `run(walk)` starts a TrieWalk.
  template <typename Run>
  NewPart walk_trie(const ByteSet& cover, const Caller& caller, Run&& run);
  struct Reference;
  // Without `may_probe`, never by the part of a state that is found by trying bytes: two states
  // could find each other.
  const MaskPart* state_part(State* q, const ByteSet& need, const Caller& caller, bool may_probe);
  const MaskPart* frame_part(const std::shared_ptr<const ExitSet>& exits, State* frame,
                             const ByteSet& need, const Caller& caller);
  bool find_reference(State* q, bool may_probe, Work* work, Reference* ref);
  NewPart build_like_another(State* q, const ByteSet& cover, const Caller& caller, bool may_probe);
  void count(const WalkCounts& walk, WalkCounts* counts);

  const Tokenizer& tokenizer_;
  LoopCache* loops_;
  ScratchPool* scratch_;
  MaskBudget* budget_;
  MaskStore* shared_;
  const Automaton* shared_automaton_;
  PartShelf shelf_;
  std::atomic<uint64_t> built_{0};
  std::atomic<uint64_t> visited_{0};
  std::atomic<uint64_t> nanoseconds_{0};
};

}  // namespace xgr::core

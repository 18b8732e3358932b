// Engine: automata and masks of one compiled grammar; the place where bytes meet tokens.
//
// Shared by all matchers of the grammar, from any thread. A matcher brings its parses (Config) and its
// scratch memory.
//
//   auto engine = Engine::create(tokenizer, shared, std::move(grammar), limits).value();
//   std::vector<Config> parses{{engine->root(), nullptr}};
//   engine->fill(parses, &scratch, words);
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "mask/mask_store.h"
#include "mask/shared_engine.h"
#include "mask/spelling.h"
#include "mask/token_edges.h"
#include "parser/stepper.h"
#include "support/status.h"

namespace xgr::core {

// Working memory of one caller; keeps its capacity, so that warm calls allocate nothing.
struct FillScratch {
  // Tokens that leave a fragment, and the frames they return to: frames[begin, end).
  struct Pending {
    const MaskPart* part;
    const StackNode* stack;
    uint32_t begin, end;
  };
  std::vector<Config> returns, frames, edges, reached;
  std::vector<const MaskPart*> parts;
  std::vector<Pending> pending;
  TokenEdges::Sets token_sets;
  WalkCounts counts;      // of all calls with this scratch memory
  Epochs::Reader reader;  // keeps a lent mask until reader.drop()
};

class Closing;

class Engine {
 public:
  static Result<std::shared_ptr<Engine>> create(std::shared_ptr<SharedEngine> shared,
                                                Grammar grammar, const Limits& limits,
                                                Work* work = nullptr);
  ~Engine();
  State* root() const { return root_; }
  // Some rule has Rule::unique: matchers have more to check.
  bool has_unique_rules() const { return has_unique_rules_; }
  // What rules ask of matchers by Rule::attributes.
  bool has_captures() const { return has_captures_; }
  bool has_budgets() const { return has_budgets_; }
  bool has_temperatures() const { return has_temperatures_; }
  const RuleAttributes& attributes(RuleId rule) const {
    return *automaton_->grammar().rules[rule].attributes;
  }
  // Null when the grammar names no token by its id.
  const TokenEdges* token_edges() const { return token_edges_.get(); }
  const Tokenizer& tokenizer() const { return shared_->tokenizer(); }
  Automaton& automaton() { return *automaton_; }
  SharedEngine& shared() { return *shared_; }

  // The tokens that keep some parse alive, as a bitmask of mask_words() words (stop tokens aside).
  // *tokens is 0 iff there are none, and at least their number.
  // kLimitExceeded when a limit was hit; the mask is then unspecified. Charged to the stepper's work.
  Status fill(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch,
              uint32_t* words, uint32_t* tokens);
  // As fill, but without a copy where the mask is there as a whole: *words is then the engine's
  // own, valid until the next lend or scratch->reader.drop(), as long as the engine; otherwise
  // *buffer is filled and *words is its memory.
  Status lend(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch,
              std::vector<uint32_t>* buffer, const uint32_t** words, uint32_t* tokens);
  // Computes what a fill for these parses needs and that is not there. False when a limit was hit.
  bool prepare(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch);
  // Whether that has probably happened; a quick look.
  bool looks_prepared(std::span<const Config> parses, FillScratch* scratch);
  MaskStats stats();
  // For vocabularies that cannot spell every text: see spelling.h.
  Spelling& spelling() { return spelling_; }
  // How outputs can end in few tokens; made when first asked for.
  Closing& closing();
  size_t memory_bytes();
  // The same, as it was when states were last built; does not wait for who builds some.
  size_t known_bytes();
  uint64_t visited() const { return masks_.visited(); }
  size_t part_count() const { return masks_.part_count(); }

 private:
  Engine(std::shared_ptr<SharedEngine> shared, std::unique_ptr<Automaton> automaton);
  class Use;
  MaybeError note_attributes();
  bool misses_bytes();
  size_t closing_bytes();
  State* make_root(RuleId rule, Work* work);
  Status find_token_sets(Stepper* stepper, FillScratch* scratch, uint32_t* tokens);
  void count_automaton();
  // Adds a part to the mask, and what its exits lead to to the pending work. `get` fetches the part
  // with its exits known for the given bytes.
  enum class Added { kYes, kTooMany, kLimit };
  template <typename Get>
  Added add_part(const StackNode* stack, Stepper* stepper, FillScratch* scratch, Get&& get);
  Status find_parts(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch,
                    MaskPart* walked, uint32_t* tokens);
  Added add_all(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch);
  ByteSet find_frames(const StackNode* stack, Stepper* stepper, FillScratch* scratch);

  std::shared_ptr<SharedEngine> shared_;
  std::unique_ptr<Automaton> automaton_;
  MaskStore masks_;
  std::unique_ptr<TokenEdges> token_edges_;
  Spelling spelling_;
  std::mutex closing_mutex_;  // of the pointer
  std::unique_ptr<Closing> closing_;
  State* root_ = nullptr;
  bool has_unique_rules_ = false;
  bool has_captures_ = false, has_budgets_ = false, has_temperatures_ = false;
  std::atomic<size_t> counted_{0};  // of the automaton's bytes, in the budget
};

}  // namespace xgr::core

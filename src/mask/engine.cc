// Engine: puts a mask together from parts that were computed once.
//
// Entry point: Engine::fill. For every parse (returns without reading included) the part of its state
// is taken; where tokens can leave the fragment, the part of what is left of them in each return frame
// is added, and so on down the stack. A token cannot return far: one to three look-ups.
//
//   {"a": "x  ->  part(string body)  +  part(its exits in "rest of object")  + ...
//
// Tests: tests/unit/mask/engine_test.cc, tests/reference.
#include "mask/engine.h"

#include <algorithm>

#include "mask/closing.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxPending = 64;

void write_parts(const std::vector<const MaskPart*>& parts, size_t word_count, uint32_t* words) {
  const MaskPart* first = parts.empty() ? nullptr : parts[0];
  for (const MaskPart* p : parts) {
    if (p->tokens.mask() && (!first->tokens.mask() || p->tokens.count > first->tokens.count))
      first = p;
  }
  if (first) {
    first->tokens.write_to(words, word_count);
  } else {
    std::memset(words, 0, word_count * sizeof(uint32_t));
  }
  for (const MaskPart* p : parts) {
    if (p != first) p->tokens.add_to(words);
  }
}

void add_sets(const TokenEdges::Sets& sets, uint32_t* words) {
  for (const auto& set : sets) set->add_to(words);
}

}  // namespace

// The time in which parts are looked for and used. What was built counts afterwards.
class Engine::Use {
 public:
  Use(Engine* engine, FillScratch* scratch)
      : upkeep_{engine, scratch->counts, scratch->counts.built},
        reading_(&scratch->reader, engine->shared_->budget().epochs()) {}

 private:
  struct Upkeep {
    Engine* engine;
    const WalkCounts& counts;
    uint64_t built;  // before
    ~Upkeep() {
      if (counts.built == built) return;
      engine->count_automaton();
      engine->shared_->keep_within_budget();
    }
  };
  Upkeep upkeep_;
  Epochs::Reading reading_;  // ends before the upkeep
};

Engine::Engine(std::shared_ptr<SharedEngine> shared, std::unique_ptr<Automaton> automaton)
    : shared_(std::move(shared)),
      automaton_(std::move(automaton)),
      masks_(shared_->tokenizer(), &shared_->loops(), &shared_->scratch(), &shared_->budget(),
             &shared_->masks(), &shared_->automaton()),
      spelling_(shared_->tokenizer(), {}) {}

Engine::~Engine() { shared_->budget().add_automata(0 - counted_.load(std::memory_order_relaxed)); }

void Engine::count_automaton() {
  const size_t now = automaton_->memory_bytes() + spelling_.memory_bytes() + closing_bytes();
  shared_->budget().add_automata(now - counted_.exchange(now, std::memory_order_relaxed));
}

// Looks at what the rules ask of matchers. The automaton is still private to the caller.
MaybeError Engine::note_attributes() {
  const Grammar& g = automaton_->grammar();
  for (RuleId r = 0; r < g.rules.size(); ++r) {
    has_unique_rules_ = has_unique_rules_ || g.rules[r].unique;
    if (!g.rules[r].attributes) continue;
    const RuleAttributes& a = *g.rules[r].attributes;
    auto refuse = [&](const char* why) {
      return make_error(Status::kInvalidSource, "rule \"" + g.rules[r].name + "\" " + why);
    };
    if (automaton_->facts().rules[r].left_scc >= 0) {
      return refuse(
          "has attributes and begins with itself, so that its occurrences cannot be told "
          "apart; expected a rule that is not left-recursive");
    }
    const bool marked = a.content != kNoExpr && a.marker != kNoExpr;
    if (marked && (g.pool.has_call(a.content) || g.pool.has_call(a.marker))) {
      return refuse(
          "ends with a marker, but its text or the marker is made of other rules; expected "
          "regular expressions");
    }
    has_captures_ = has_captures_ || !a.capture.empty() || marked;
    has_budgets_ = has_budgets_ || a.max_tokens != RuleAttributes::kNoBudget;
    has_temperatures_ = has_temperatures_ || a.temperature >= 0;
  }
  return std::nullopt;
}

// Whether generators might offer text with bytes that no token has: of those, they only know what the
// analysis of the grammar asked them.
bool Engine::misses_bytes() {
  static constexpr std::array<uint64_t, 4> kText = {~0ull, ~0ull, ~0ull,
                                                    0x1FFFFFFFFFFFFC};  // C2 to F4
  std::lock_guard<std::mutex> lock(automaton_->mutex());
  bool missing = false;
  for (size_t i = 0; i < 4; ++i) missing = missing || (kText[i] & ~tokenizer().known_bytes()[i]);
  const ExprPool& pool = automaton_->grammar().pool;
  for (Expr e = 0; missing && e < pool.size(); ++e) {
    if (pool.node(e).kind == ExprKind::kLazy) return true;
  }
  return false;
}

// An output begins inside the frame of a root with attributes, so it begins with a call of it.
State* Engine::make_root(RuleId rule, Work* work) {
  Grammar& g = automaton_->grammar();
  if (!g.rules[rule].attributes) return automaton_->start(rule, work);
  Expr call;
  {
    std::lock_guard<std::mutex> lock(automaton_->mutex());
    call = g.pool.call(rule);
  }
  return automaton_->state_of(call, work);
}

Result<std::shared_ptr<Engine>> Engine::create(std::shared_ptr<SharedEngine> shared,
                                               Grammar grammar, const Limits& limits, Work* work) {
  RuleId root = grammar.root;
  AutomatonOptions options = automaton_options(shared->tokenizer(), limits);
  if (grammar.pool.token_set_count() > 0) {
    Result<PossibleTokens> possible = possible_tokens(shared->tokenizer(), grammar.pool);
    if (!possible.ok()) return possible.error();
    options.tokens = std::move(possible).value();
  }
  Result<std::unique_ptr<Automaton>> automaton =
      Automaton::create(std::move(grammar), options, work);
  if (!automaton.ok()) return automaton.error();
  if (MaybeError e = shared->link_rules(automaton.value().get(), work)) return *e;
  automaton.value()->share_states_with(&shared->automaton());
  std::shared_ptr<Engine> engine(new Engine(std::move(shared), std::move(automaton).value()));
  if (MaybeError e = engine->note_attributes()) return *e;
  if (options.tokens) {
    engine->token_edges_ = std::make_unique<TokenEdges>(engine->tokenizer(), options.tokens->all);
    engine->spelling_.set_token_edges(engine->token_edges_.get());
  }
  engine->root_ = engine->make_root(root, work);
  if (!engine->root_) return engine->automaton_->limit_error();
  engine->count_automaton();
  const Config start{engine->root_, nullptr};
  if (engine->misses_bytes()) engine->spelling_.need();
  if (engine->spelling_.needed() && !engine->spelling_.can_complete({&start, 1}, work)) {
    return make_error(Status::kInvalidSource,
                      "no sequence of tokens of the vocabulary spells any string of the grammar");
  }
  return engine;
}

// The frames that leaving over `stack` can return to, appended to scratch->frames; the bytes they read.
ByteSet Engine::find_frames(const StackNode* stack, Stepper* stepper, FillScratch* scratch) {
  scratch->edges.clear();
  for (const StackEdge& e : *stack) scratch->edges.push_back({e.ret, e.parent});
  stepper->returns(scratch->edges, 0, scratch->edges.size(), &scratch->reached);
  ByteSet need;
  for (const Config& c : scratch->reached) {
    scratch->frames.push_back(c);
    if (const ByteSet* bytes = Automaton::live(c.state, stepper->work())) need |= *bytes;
  }
  need.remove(kTokenMark);  // no text goes on with it
  return need;
}

template <typename Get>
Engine::Added Engine::add_part(const StackNode* stack, Stepper* stepper, FillScratch* scratch,
                               Get&& get) {
  const MaskPart* part = get(ByteSet{});
  if (!part) return Added::kLimit;
  if (part->exits->any && stack) {
    uint32_t begin = static_cast<uint32_t>(scratch->frames.size());
    ByteSet need = find_frames(stack, stepper, scratch);
    part = get(need);
    if (!part) return Added::kLimit;
    const FillScratch::Pending p{part, stack, begin, static_cast<uint32_t>(scratch->frames.size())};
    bool known = (part->exits->bytes & need).empty();
    for (const FillScratch::Pending& q : scratch->pending) {
      known = known || (q.part->exits == part->exits && q.stack == stack);
    }
    if (known) {
      scratch->frames.resize(begin);
    } else {
      scratch->pending.push_back(p);
    }
  }
  scratch->parts.push_back(part);
  return scratch->pending.size() <= kMaxPending ? Added::kYes : Added::kTooMany;
}

Engine::Added Engine::add_all(const std::vector<Config>& parses, Stepper* stepper,
                              FillScratch* scratch) {
  scratch->parts.clear();
  scratch->pending.clear();
  scratch->frames.clear();
  stepper->returns(parses, 0, parses.size(), &scratch->returns);
  if (scratch->returns.size() > kMaxPending) return Added::kTooMany;
  for (const Config& c : scratch->returns) {
    State* q = Automaton::canonical(c.state, stepper->work());
    if (!q) return Added::kLimit;
    auto get = [&](const ByteSet& need) {
      return masks_.of(q).state_part(q, need, &scratch->counts, stepper->work());
    };
    Added added = add_part(c.stack, stepper, scratch, get);
    if (added != Added::kYes) return added;
  }
  for (size_t i = 0; i < scratch->pending.size(); ++i) {
    const FillScratch::Pending at = scratch->pending[i];
    for (uint32_t k = at.begin; k < at.end; ++k) {
      const Config frame = scratch->frames[k];
      State* f = Automaton::canonical(frame.state, stepper->work());
      if (!f) return Added::kLimit;
      auto get = [&](const ByteSet& need) {
        return masks_.of(f).frame_part(at.part->exits, f, need, &scratch->counts, stepper->work());
      };
      Added added = add_part(frame.stack, stepper, scratch, get);
      if (added != Added::kYes) return added;
    }
  }
  return Added::kYes;
}

// The parts that the mask is the union of, in scratch->parts; one of them may be *walked.
Status Engine::find_parts(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch,
                          MaskPart* walked, uint32_t* tokens) {
  Added added = add_all(parses, stepper, scratch);
  if (added == Added::kLimit) return Status::kLimitExceeded;
  if (added == Added::kTooMany) {
    // So ambiguous that the parts outnumber what one walk visits.
    if (!masks_.walk_parses(parses, &walked->tokens, &scratch->counts, stepper->work()))
      return Status::kLimitExceeded;
    scratch->parts.assign(1, walked);
  }
  *tokens = 0;
  for (const MaskPart* p : scratch->parts) *tokens += p->tokens.count;
  return Status::kOk;
}

// Likewise the tokens that are allowed as a whole, in scratch->token_sets.
Status Engine::find_token_sets(Stepper* stepper, FillScratch* scratch, uint32_t* tokens) {
  if (!token_edges_->find(scratch->returns, &scratch->token_sets, stepper->work()))
    return Status::kLimitExceeded;
  for (const auto& set : scratch->token_sets) *tokens += set->count;
  return Status::kOk;
}

Status Engine::fill(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch,
                    uint32_t* words, uint32_t* tokens) {
  const Use use(this, scratch);
  MaskPart walked;
  Status status = find_parts(parses, stepper, scratch, &walked, tokens);
  if (status == Status::kOk && token_edges_) status = find_token_sets(stepper, scratch, tokens);
  if (status != Status::kOk) return status;
  write_parts(scratch->parts, tokenizer().mask_words(), words);
  if (token_edges_) add_sets(scratch->token_sets, words);
  return status;
}

Status Engine::lend(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch,
                    std::vector<uint32_t>* buffer, const uint32_t** words, uint32_t* tokens) {
  const Use use(this, scratch);
  MaskPart walked;
  Status status = find_parts(parses, stepper, scratch, &walked, tokens);
  if (status == Status::kOk && token_edges_) status = find_token_sets(stepper, scratch, tokens);
  if (status != Status::kOk) return status;
  const std::vector<const MaskPart*>& parts = scratch->parts;
  const bool whole = scratch->token_sets.empty() && parts.size() == 1 && parts[0] != &walked;
  if (whole && !parts[0]->tokens.words.empty()) {
    *words = parts[0]->tokens.words.data();
    scratch->reader.keep(parts[0]);
    return status;
  }
  buffer->resize(tokenizer().mask_words());
  write_parts(parts, buffer->size(), buffer->data());
  add_sets(scratch->token_sets, buffer->data());
  *words = buffer->data();
  return status;
}

bool Engine::prepare(const std::vector<Config>& parses, Stepper* stepper, FillScratch* scratch) {
  const Use use(this, scratch);
  return add_all(parses, stepper, scratch) != Added::kLimit;
}

bool Engine::looks_prepared(std::span<const Config> parses, FillScratch* scratch) {
  const Use use(this, scratch);
  return std::all_of(parses.begin(), parses.end(), MaskStore::knows);
}

MaskStats Engine::stats() {
  MaskStats s = masks_.stats();
  s.states = automaton_->state_count();
  s.bytes = memory_bytes();
  return s;
}

Closing& Engine::closing() {
  std::lock_guard<std::mutex> lock(closing_mutex_);
  if (!closing_) {
    closing_ = std::make_unique<Closing>(tokenizer(), std::vector<int32_t>(), token_edges_.get());
  }
  return *closing_;
}

size_t Engine::closing_bytes() {
  std::lock_guard<std::mutex> lock(closing_mutex_);
  return closing_ ? closing_->memory_bytes() : 0;
}

size_t Engine::known_bytes() {
  return counted_.load(std::memory_order_relaxed) + masks_.memory_bytes() +
         (token_edges_ ? token_edges_->memory_bytes() : 0);
}

size_t Engine::memory_bytes() {
  return automaton_->memory_bytes() + masks_.memory_bytes() + spelling_.memory_bytes() +
         closing_bytes() + (token_edges_ ? token_edges_->memory_bytes() : 0);
}

}  // namespace xgr::core

// Mask parts: computed once per state (callers unknown) and once per (exits, frame), for all
// matchers.
//
// Entry points: state_part and frame_part. Exits are recorded only for first bytes that some frame
// could read (`need`): JSON punctuation always, more when a frame asks for it, in which case the
// part is built again with the larger set. Replaced parts, like all others, go when memory is
// short; what is missing is built again.
//
//   state_part(string body)           -> 123k tokens, exits after the quote for , : ] } and space
//   frame_part(its exits, after value) -> `",`  `"}` ...; exits again where the object ends
//
// Tests: tests/unit/mask/{mask_store,mask_budget}_test.cc, tests/reference.
#include "mask/mask_store.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "mask/reference_walk.h"
#include "parser/char_loop.h"
#include "parser/relaxed.h"

namespace xgr::core {
namespace {

bool covers(const MaskPart& part, const ByteSet& need) {
  return !part.exits->any || part.exits->covered.contains_all(need.words);
}

ByteSet usual_exits() {
  ByteSet s;
  for (char c : std::string_view(" \t\r\n,:]})\";")) s.add(static_cast<uint8_t>(c));
  return s;
}

uint64_t nanoseconds_since(std::chrono::steady_clock::time_point start) {
  const auto passed = std::chrono::steady_clock::now() - start;
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(passed).count());
}

constexpr uint32_t kNearBound = 10;  // a third of all tokens have more characters
constexpr uint32_t kFarBound = 32;   // few tokens have as many characters

// Whether leaving to `frame` may go on with one of `bytes`, as far as that is known.
bool can_read_any(const State& frame, const ByteSet& bytes) {
  const Closure* closure = frame.closure.load(std::memory_order_acquire);
  if (frame.nullable || (!frame.calls.empty() && !closure)) return true;
  return !(bytes & (closure ? closure->live : frame.classes->live)).empty();
}

constexpr uint8_t kProbes[] = {'e', 'S', '1', ' ', '_'};

// Whether most bytes lead from `q` to `target`.
bool mostly_leads_to(State* q, const State* target, Work* work) {
  return std::count_if(std::begin(kProbes), std::end(kProbes),
                       [&](uint8_t probe) { return Automaton::step(q, probe, work) == target; }) *
             2 >
         std::ssize(kProbes);
}

// A parse in another state that most bytes lead to from `q`, at home in a loop on characters.
bool find_by_probing(State* q, WalkScratch* scratch, Work* work, Config* like) {
  scratch->stepper.set_work(work);
  for (uint8_t probe : kProbes) {
    if (!q->classes->of[probe]) continue;
    scratch->configs.assign(1, {q, nullptr});
    scratch->arena.release({});
    if (!scratch->stepper.step(&scratch->configs, 0, 1, probe) || scratch->configs.size() != 2)
      continue;
    *like = scratch->configs[1];
    if (like->state == q || Automaton::step(like->state, probe, work) != like->state) continue;
    if (like->stack && (like->stack->count != 1 || like->stack->begin()->parent)) continue;
    // A state with a loop of its own costs little, unless it is all but the same.
    if (q->has_loop && !mostly_leads_to(q, like->state, work)) continue;
    const CharLoop& loop = char_loop(like->state, work);
    if (loop.rounds == kUnbounded && loop.bytes.size() >= kMinLoopBytes) return true;
  }
  return false;
}

}  // namespace

std::unique_ptr<WalkScratch> ScratchPool::take() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (free_.empty()) return std::make_unique<WalkScratch>();
  std::unique_ptr<WalkScratch> s = std::move(free_.back());
  free_.pop_back();
  return s;
}

void ScratchPool::give_back(std::unique_ptr<WalkScratch> scratch) {
  std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(scratch));
}

void MaskStore::count(const WalkCounts& walk, WalkCounts* counts) {
  built_.fetch_add(walk.built, std::memory_order_relaxed);
  visited_.fetch_add(walk.visited, std::memory_order_relaxed);
  nanoseconds_.fetch_add(walk.nanoseconds, std::memory_order_relaxed);
  if (!counts) return;
  counts->built += walk.built;
  counts->visited += walk.visited;
  counts->nanoseconds += walk.nanoseconds;
}

template <typename Walk>
MaskStore::NewPart MaskStore::build(const Caller& caller, Walk&& walk) {
  const auto start = std::chrono::steady_clock::now();
  std::unique_ptr<WalkScratch> scratch = scratch_->take();
  Walked w = walk(scratch.get());
  scratch_->give_back(std::move(scratch));
  NewPart part;
  if (w.ok) {
    part = std::make_shared<KeptPart>();
    part->tokens = std::move(w.tokens);
    part->exits = budget_->exits().share(std::move(w.exits));
  }
  count({1, w.visited, nanoseconds_since(start)}, caller.counts);
  return part;
}

template <typename Run>
MaskStore::NewPart MaskStore::walk_trie(const ByteSet& cover, const Caller& caller, Run&& run) {
  return build(caller, [&](WalkScratch* scratch) {
    TrieWalk w(tokenizer_, loops_, scratch, cover, caller.work);
    run(&w);
    return Walked{w.tokens(), w.exits(), w.visited(), !w.failed()};
  });
}

// What is known of the parse that a state is compared with.
struct MaskStore::Reference {
  Config like{};
  StackEdge edge{nullptr, nullptr};  // its stack, if it has one
  uint32_t slack = 0;                // 0: compared by state
};

bool MaskStore::find_reference(State* q, bool may_probe, Work* work, Reference* ref) {
  const Relaxed& r = relaxed(q, work);
  if (r.state && (r.slack >= kNearBound || q->only_loop_reads)) {
    ref->like = {r.state, nullptr};
    ref->slack = r.slack;
    return true;
  }
  if (!may_probe) return false;
  std::unique_ptr<WalkScratch> scratch = scratch_->take();
  bool found = find_by_probing(q, scratch.get(), work, &ref->like);
  if (found && ref->like.stack) ref->edge = *ref->like.stack->begin();
  scratch_->give_back(std::move(scratch));
  return found;
}

// Null when there is no parse to compare with, or a limit was hit.
MaskStore::NewPart MaskStore::build_like_another(State* q, const ByteSet& cover,
                                                 const Caller& caller, bool may_probe) {
  Reference ref;
  if (!find_reference(q, may_probe, caller.work, &ref)) return nullptr;
  State* ret = ref.edge.ret;
  const ByteSet* after = ret ? Automaton::live(ret, caller.work) : nullptr;
  if (ret && (!after || ret->nullable)) return nullptr;
  State* state = Automaton::canonical(ref.like.state, caller.work);
  if (ret) ret = Automaton::canonical(ret, caller.work);
  if (!state || (after && !ret)) return nullptr;
  const MaskPart* parts[2];
  const MaskPart* part = parts[0] =
      of(state).state_part(state, ret ? *after : cover, caller, may_probe && ref.slack > 0);
  if (part && ret) part = parts[1] = of(ret).frame_part(part->exits, ret, cover, caller);
  if (!part) return nullptr;
  const TokenSet* const sets[2] = {&parts[0]->tokens, &part->tokens};
  const std::span<const TokenSet* const> known(sets, ret ? 2 : 1);
  NewPart made = build(caller, [&](WalkScratch* s) {
    Arena arena{64};
    const StackNode* stack = ret ? StackNode::make({&ref.edge, 1}, &arena) : nullptr;
    ReferenceWalk w(tokenizer_, s, part->exits->any ? part->exits->covered : cover, caller.work);
    w.set_slack(ref.slack);
    if (ref.slack > 0 && ref.slack < kFarBound && q->only_loop_reads &&
        state->loop.bytes.words == q->loop.bytes.words) {
      w.set_loop(loops_->get(q->loop.bytes, q->loop.rounds),
                 loops_->get(q->loop.bytes, kUnbounded));
    }
    w.run(q, {ref.like.state, stack}, known, *part->exits);
    return Walked{w.tokens(), w.exits(), w.visited(), !w.failed()};
  });
  for (size_t i = 0; made && i < known.size(); ++i) {
    made->set_base(static_cast<const KeptPart&>(*parts[i]));
  }
  return made;
}

bool MaskStore::walk_parses(const std::vector<Config>& parses, TokenSet* tokens, WalkCounts* counts,
                            Work* work) {
  const auto start = std::chrono::steady_clock::now();
  std::unique_ptr<WalkScratch> scratch = scratch_->take();
  uint64_t visited = 0;
  bool ok;
  {
    TrieWalk w(tokenizer_, loops_, scratch.get(), {}, work);
    w.from_parses(parses);
    *tokens = w.tokens();
    ok = !w.failed();
    visited = w.visited();
  }
  scratch_->give_back(std::move(scratch));
  count({1, visited, nanoseconds_since(start)}, counts);
  return ok;
}

const MaskPart* MaskStore::state_part(State* q, const ByteSet& need, const Caller& caller,
                                      bool may_probe) {
  const KeptPart* known = PartShelf::find(q);
  if (known && covers(*known, need)) return known->use();
  ByteSet cover = usual_exits();
  cover |= need;
  if (known) cover |= known->exits->covered;
  std::shared_ptr<const KeptPart> part;
  const Relaxed& r = relaxed(q, caller.work);
  if (r.state && r.slack >= tokenizer_.max_token_chars()) {  // no token can tell them apart
    const MaskPart* same = state_part(r.state, need, caller, may_probe);
    if (same) part = static_cast<const KeptPart*>(same)->shared_from_this();
  } else {
    part = build_like_another(q, cover, caller, may_probe);
  }
  if (!part) part = walk_trie(cover, caller, [&](TrieWalk* w) { w->from_state(q); });
  return part ? shelf_.publish(q, known, std::move(part)) : nullptr;
}

bool MaskStore::knows(const Config& parse) {
  const State* q = parse.state->canonical.load(std::memory_order_acquire);
  const MaskPart* part = q ? PartShelf::find(q) : nullptr;
  if (!part) return false;
  if (!part->exits->any || !parse.stack) return true;
  for (const StackEdge& e : *parse.stack) {
    if (!can_read_any(*e.ret, part->exits->bytes)) continue;  // nothing is left for the frame
    const State* frame = e.ret->canonical.load(std::memory_order_acquire);
    if (!frame || !PartShelf::find(part->exits.get(), frame)) return false;
  }
  return true;
}

const MaskPart* MaskStore::frame_part(const std::shared_ptr<const ExitSet>& exits, State* frame,
                                      const ByteSet& need, const Caller& caller) {
  const KeptPart* known = PartShelf::find(exits.get(), frame);
  if (known && covers(*known, need)) return known->use();
  ByteSet cover = usual_exits();
  cover |= need;
  if (known) cover |= known->exits->covered;
  NewPart part = walk_trie(cover, caller, [&](TrieWalk* w) { w->from_exits(*exits, frame); });
  if (!part) return nullptr;
  part->frame = frame;
  part->after = exits;
  return shelf_.publish_in_frame(std::move(part));
}

MaskStats MaskStore::stats() const {
  MaskStats s;
  s.parts = part_count();
  s.bytes = memory_bytes();
  s.evictions = shelf_.evictions();
  s.walks.built = built_.load(std::memory_order_relaxed);
  s.walks.visited = visited_.load(std::memory_order_relaxed);
  s.walks.nanoseconds = nanoseconds_.load(std::memory_order_relaxed);
  return s;
}

}  // namespace xgr::core

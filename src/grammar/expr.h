// The grammar IR: hash-consed expressions.
//
// An expression denotes a set of byte strings. Structurally equal expressions have equal ids, so
// equality is an integer comparison and common parts are stored once. Children always have smaller
// ids than their parents. Constructors normalise (empty and epsilon are absorbed, sequences nest to
// the right, alternatives are flat, sorted and unique, repetitions of repetitions become one), so build
// through them only.
//
//   ExprPool p;
//   Expr word = p.plus(p.char_class(letters));
//   Expr list = p.seq(word, p.star(p.seq(p.literal(","), word)));
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "automata/char_set.h"
#include "grammar/token_ids.h"
#include "support/work.h"

namespace xgr::core {

using Expr = uint32_t;    // index into an ExprPool
using RuleId = uint32_t;  // index into Grammar::rules
inline constexpr Expr kNoExpr = UINT32_MAX;
inline constexpr uint32_t kUnbounded = UINT32_MAX;

enum class ExprKind : uint8_t {
  kEmpty,      // no string at all
  kEpsilon,    // the empty string
  kByteRange,  // one byte in [a, b]; only below character level (UTF-8 lowering). c: a token's digit
  kLiteral,    // text of string a from byte offset b on
  kClass,      // one character of set a
  kSwitch,     // one character, then what its edge says; edges are disjoint
  kSeq,        // a then b; a is never a kSeq
  kAlt,        // union of the children
  kRepeat,     // child a, at least b and at most c times
  kCall,       // rule a
  kAnd,        // a and b both match; no calls inside
  kNot,        // any byte string that a does not match; no calls inside
  kShortest,   // strings of a of which no shorter beginning is one of a too; no calls inside
  kTokens,     // one token of set a, as a whole; spelled kTokenMark and its id, see token_ids.h
  kLazy,       // produced on demand by generator a with arguments b, c, d
  kLeftTail,   // what may follow once left-recursive rule a is seen inside rule b (analysis only)
};

struct ExprNode {
  ExprKind kind;
  uint8_t flags;  // see ExprFlag
  uint16_t spare;
  uint32_t a, b, c;
  uint32_t d;
};

struct SwitchEdge {
  char32_t lo, hi;  // inclusive; edges of one switch are sorted and disjoint
  Expr child;
  bool operator==(const SwitchEdge&) const = default;
};

class ExprPool;

// Expressions too large to write out (key sets, long enums, property bookkeeping) are unfolded one
// step at a time. `args` identify the point inside the generator's structure. Implementations are
// immutable and thread-safe; equal (generator, args) always denote the same language.
class LazyGenerator {
 public:
  using Args = std::array<uint32_t, 3>;
  virtual ~LazyGenerator() = default;
  // An expression for the same language, whose head is not the same lazy node again. Must not
  // contain alternatives that are dead() in the pool: drop them, or return empty().
  virtual Expr unfold(ExprPool& pool, const Args& args) const = 0;
  // Whether the empty string belongs to the language.
  virtual bool nullable(const ExprPool& pool, const Args& args) const = 0;
  // An expression that has a string iff this one has (e.g. the required parts only). Used to find
  // rules without any string; the default unfolds.
  virtual Expr witness(ExprPool& pool, const Args& args) const { return unfold(pool, args); }
  // Every expression that unfolding can ever reach (values of properties, separators...), so that
  // recursion between rules can be found without unfolding.
  virtual void collect_children(const Args& args, std::vector<Expr>* out) const = 0;
  // The same language for use where every character has a spelling, even one whose bytes the
  // vocabulary lacks: see frontend/json_schema/string_spelling.h.
  virtual Args spelled(const Args& args) const { return args; }
};

class ExprPool {
 public:
  ExprPool();
  ExprPool(ExprPool&&) noexcept;
  ExprPool& operator=(ExprPool&&) noexcept;
  ~ExprPool();

  Expr empty() const { return 0; }
  Expr epsilon() const { return 1; }
  Expr literal(std::string_view utf8);  // valid UTF-8, copied
  Expr char_class(const CharSet& set);
  Expr switch_on(std::span<const SwitchEdge> edges);  // sorted, disjoint
  Expr seq(Expr first, Expr second);
  Expr seq(std::span<const Expr> parts);
  Expr seq(std::initializer_list<Expr> parts) { return seq({parts.begin(), parts.size()}); }
  Expr alt(Expr first, Expr second);
  Expr alt(std::span<const Expr> branches);
  Expr alt(std::initializer_list<Expr> branches) {
    return alt({branches.begin(), branches.size()});
  }
  Expr repeat(Expr body, uint32_t min, uint32_t max);  // min <= max; kUnbounded
  Expr star(Expr body) { return repeat(body, 0, kUnbounded); }
  Expr plus(Expr body) { return repeat(body, 1, kUnbounded); }
  Expr optional(Expr body) { return repeat(body, 0, 1); }
  Expr call(RuleId rule);
  Expr intersect(Expr first, Expr second);  // both regular (no calls)
  Expr complement(Expr body);               // valid UTF-8 strings not in body; regular
  // Strings of `body` without a proper prefix in it: reading ends as soon as it can; regular.
  Expr shortest(Expr body);
  Expr tokens(const TokenIds& set);
  // One string of a set (any order, duplicates allowed); costs a sort, never a trie.
  Expr string_set(std::vector<std::string> strings);
  uint32_t add_generator(std::unique_ptr<const LazyGenerator> generator);
  Expr lazy(uint32_t generator, const LazyGenerator::Args& args);

  // Below character level; for lowering and derivatives only.
  Expr byte_range(uint8_t lo, uint8_t hi);
  Expr token_digit(uint8_t lo, uint8_t hi);  // of a token's spelling, whatever bytes tokens have
  Expr literal_tail(uint32_t string_id, uint32_t offset);
  Expr raw_not(Expr body);
  Expr left_tail(RuleId from, RuleId to);

  const ExprNode& node(Expr e) const { return nodes_[e]; }
  size_t size() const { return nodes_.size(); }
  std::string_view string(uint32_t id) const;              // kLiteral
  const CharSet& charset(uint32_t id) const;               // kClass
  const TokenIds& token_ids(uint32_t id) const;            // kTokens
  size_t token_set_count() const;                          // their ids are below it
  std::vector<SwitchEdge> edges(Expr e) const;             // kSwitch
  size_t edge_count(Expr e) const { return nodes_[e].b; }  // kSwitch
  SwitchEdge edge(Expr e, size_t i) const {
    const uint32_t* words = payloads_.data() + nodes_[e].a + i * 3;
    return {words[0], words[1], words[2]};
  }
  std::span<const Expr> children(Expr e) const {  // kAlt; else none
    if (nodes_[e].kind != ExprKind::kAlt) return {};
    return {payloads_.data() + nodes_[e].a, nodes_[e].b};
  }
  // The expressions that `e` is made of; none for calls and lazy nodes. The pool must not grow.
  template <typename F>
  void for_each_child(Expr e, F&& f) const;
  const LazyGenerator& generator(uint32_t id) const;  // kLazy
  size_t memory_bytes() const;

  // What new expressions are charged to, from here on; null: nobody. Who sets it takes it back.
  void set_work(Work* work) { work_ = work; }
  Work* work() const { return work_; }
  // Charges steps that make no expressions.
  void charge(uint64_t steps) { core::charge(work_, steps); }

  // Only these tokens exist. Before analysis; without it, all do.
  void limit_tokens(PossibleTokens tokens);
  // Those of a set that exist.
  TokenIds possible_ids(uint32_t token_set) const;

  // Whether the bytes of the vocabulary spell `text`; every text before analysis.
  bool spells(std::string_view text) const;
  // Known only after Grammar analysis (see analysis.h); dead(e): e has no string at all.
  bool nullable(Expr e) const { return nodes_[e].flags & kNullable; }
  bool dead(Expr e) const { return nodes_[e].flags & kDead; }
  bool has_call(Expr e) const { return nodes_[e].flags & kHasCall; }
  bool has_counter(Expr e) const { return nodes_[e].flags & kHasCounter; }

  enum ExprFlag : uint8_t {
    kNullable = 1,    // contains the empty string
    kDead = 2,        // contains no string
    kHasCall = 4,     // a call is reachable without unfolding
    kHasCounter = 8,  // a counted repetition stands in the chain of sequence heads
    kKnownLive = 16,  // kAnd / kNot: a string was found
  };

 private:
  friend class Analysis;
  friend class Emptiness;
  struct Tables;
  Expr intern(ExprNode node, std::span<const uint32_t> words);
  Expr join_repeats(Expr first, Expr second);
  Expr flat_repeat(Expr body, uint32_t min, uint32_t max);
  std::span<const uint32_t> payload(const ExprNode& node) const;
  bool same(const ExprNode& x, const ExprNode& y, std::span<const uint32_t> payload_y) const;
  void grow_slots();
  uint8_t derive_flags(const ExprNode& node) const;
  uint8_t switch_flags(const ExprNode& node) const;
  uint8_t alt_flags(const ExprNode& node) const;
  std::vector<ExprNode> nodes_;
  std::vector<uint32_t> payloads_;  // children of kAlt; lo, hi, child of kSwitch
  Work* work_ = nullptr;
  std::unique_ptr<Tables> tables_;
};

// The time in which the expressions of a pool are charged to a call, if it has a Work.
class ChargedPool {
 public:
  ChargedPool(ExprPool* pool, Work* work) : pool_(pool), before_(pool->work()) {
    if (work) pool->set_work(work);
  }
  ~ChargedPool() { pool_->set_work(before_); }
  ChargedPool(const ChargedPool&) = delete;
  ChargedPool& operator=(const ChargedPool&) = delete;

 private:
  ExprPool* pool_;
  Work* before_;
};

template <typename F>
void ExprPool::for_each_child(Expr e, F&& f) const {
  const ExprNode& n = nodes_[e];
  switch (n.kind) {
    case ExprKind::kSeq:
    case ExprKind::kAnd:
      f(n.a), f(n.b);
      break;
    case ExprKind::kRepeat:
    case ExprKind::kNot:
    case ExprKind::kShortest:
      f(n.a);
      break;
    case ExprKind::kAlt:
      for (size_t i = 0; i < n.b; ++i) f(payloads_[n.a + i]);
      break;
    case ExprKind::kSwitch:
      for (size_t i = 0; i < n.b; ++i) f(payloads_[n.a + i * 3 + 2]);
      break;
    default:
      break;
  }
}

}  // namespace xgr::core

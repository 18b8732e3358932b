// Makes the states of an automaton: their steps by bytes, their calls, the shape of their loops.
//
// The automaton interns them and holds its lock meanwhile.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "grammar/byte_cuts.h"
#include "grammar/derivatives.h"
#include "grammar/grammar.h"
#include "parser/state.h"
#include "support/arena.h"

namespace xgr::core {

// Appends the alternatives of `e` one by one; those without any string are left out.
void append_alternatives(const ExprPool& pool, Expr e, std::vector<Expr>* items);

// Keeps its working memory from one state to the next.
class StateMaker {
 public:
  StateMaker(Grammar* grammar, Derivatives* derivatives, Arena* arena)
      : grammar_(*grammar), derivatives_(*derivatives), arena_(*arena) {}
  // `items` are sorted. Null when a limit was hit.
  State* make(Automaton* automaton, std::span<const Expr> items);

 private:
  void fill_steps(State* s);
  size_t class_of_items(size_t begin);
  const ByteClasses* intern_classes();
  void store_classes(State* s);
  void store_calls(State* s);
  void find_loop(State* s);
  bool only_part_reads(Expr e, Expr part, const ByteSet& bytes);
  struct LoopBytes {
    uint32_t count = 0;  // characters of the set; 0: not computed
    ByteSet bytes;
  };
  const LoopBytes& loop_bytes(uint32_t charset);

  Grammar& grammar_;
  Derivatives& derivatives_;
  Arena& arena_;
  std::unordered_map<uint64_t, std::vector<const ByteClasses*>> classes_;  // by hash
  std::vector<LoopBytes> loop_bytes_;                                      // by charset
  // Of the state being made.
  struct ClassRange {
    uint8_t lo, hi, byte_class;
  };
  LinearForm form_;
  ByteCuts cuts_;
  std::vector<Expr> class_items_;         // of all classes, one after the other
  std::vector<uint32_t> class_begin_;     // of class c, and the end of the last; class 0 is empty
  std::vector<ClassRange> class_ranges_;  // ascending, apart
};

}  // namespace xgr::core

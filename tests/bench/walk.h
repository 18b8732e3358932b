// Walks: compiles a source, fills a mask before each token of a text, and tells what that took.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cases.h"
#include "compiler/compiler.h"

namespace xgr::core::bench {

// What a grammar and what its compiler's shared part have made so far.
struct Totals {
  size_t states = 0;
  uint64_t visits = 0;  // trie nodes
  size_t bytes = 0;
};

struct Step {
  uint64_t visits;
  double mask_us, accept_us;
  double mask_cpu_us, accept_cpu_us;  // without the time that others had the processor; coarser
};

struct Walk {
  double compile_us = 0;    // of the processor
  std::vector<Step> steps;  // one a token, and the mask after the last one
  Totals totals;
  size_t matcher_bytes = 0;
  std::string error;  // empty when text and masks went as they should
};

Compiler::Compiled compile(Compiler* compiler, const Case& c);
Totals shared_totals(const Compiler& compiler);
Totals totals_of(const Compiler& compiler, const CompiledGrammar& grammar);

// With a compiler of its own, so that nothing is known beforehand.
Walk walk_cold(const std::shared_ptr<const Tokenizer>& tokenizer, const Case& c,
               const std::vector<int32_t>& tokens);
// With a grammar that is there already; adds to `walk`.
void walk_tokens(const Compiler& compiler, const std::shared_ptr<const CompiledGrammar>& grammar,
                 const std::vector<int32_t>& tokens, Walk* walk);

// The error, if a text that should be refused is a complete output.
std::string check_refused(Compiler* compiler, const Case& c);
// The error, if masks depend on what one matcher accepted before it was rolled back.
std::string check_rollback(const std::shared_ptr<const Tokenizer>& tokenizer, const Case& c);

double now_us();
double cpu_us();

}  // namespace xgr::core::bench

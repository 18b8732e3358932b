// Walks over texts with counting and timing.
//
// Entry point: walk_cold. Counts are read off the grammar and the shared part before and after each
// mask; they are the same on every machine, times are not.
//
//   Walk w = walk_cold(tokenizer, c, tokenize(*tokenizer, c.texts[0]));
//
// Tests: counts.cc.
#include "walk.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "mask/engine.h"
#include "matcher/matcher.h"
#include "vocabulary.h"

namespace xgr::core::bench {
namespace {

std::unique_ptr<Matcher> matcher_of(const std::shared_ptr<const CompiledGrammar>& grammar) {
  return std::move(Matcher::create(grammar, {})).value();
}

bool has(const std::vector<uint32_t>& words, int32_t token) {
  return words[static_cast<size_t>(token) >> 5] >> (token & 31) & 1;
}

std::string place(const Tokenizer& tokenizer, const std::vector<int32_t>& tokens, size_t at) {
  std::string text;
  for (size_t i = at > 4 ? at - 4 : 0; i < at; ++i) text += tokenizer.token_bytes(tokens[i]);
  return "at token " + std::to_string(at) + ", after ..." + text;
}

// Masks before each of the first `count` tokens.
std::vector<std::vector<uint32_t>> masks_along(Matcher* m, const std::vector<int32_t>& tokens,
                                               size_t count) {
  std::vector<std::vector<uint32_t>> out;
  for (size_t i = 0; i < std::min(count, tokens.size()); ++i) {
    out.emplace_back(m->grammar()->tokenizer()->mask_words());
    MaskKind kind;
    bool accepted = false;
    if (m->fill_bitmask(out.back().data(), out.back().size(), &kind) != Status::kOk) break;
    if (m->accept_token(tokens[i], &accepted) != Status::kOk || !accepted) break;
  }
  return out;
}

}  // namespace

double now_us() {
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double cpu_us() { return static_cast<double>(std::clock()) * 1e6 / CLOCKS_PER_SEC; }

Compiler::Compiled compile(Compiler* compiler, const Case& c) {
  switch (c.language) {
    case Language::kEbnf:
      return compiler->compile_ebnf(c.source, "root");
    case Language::kRegex:
      return compiler->compile_regex(c.source);
    case Language::kJsonSchema:
      break;
  }
  return compiler->compile_json_schema(c.source, c.options);
}

Totals shared_totals(const Compiler& compiler) {
  SharedEngine& shared = compiler.shared_engine();
  return {shared.state_count(), shared.visited(), shared.memory_bytes()};
}

Totals totals_of(const Compiler& compiler, const CompiledGrammar& grammar) {
  const Totals shared = shared_totals(compiler);
  Engine& engine = grammar.engine();
  return {engine.automaton().state_count() + shared.states, engine.visited() + shared.visits,
          grammar.memory_bytes() + shared.bytes};
}

void walk_tokens(const Compiler& compiler, const std::shared_ptr<const CompiledGrammar>& grammar,
                 const std::vector<int32_t>& tokens, Walk* walk) {
  const Tokenizer& tokenizer = *grammar->tokenizer();
  std::vector<uint32_t> words(tokenizer.mask_words());
  std::unique_ptr<Matcher> m = matcher_of(grammar);
  const SharedEngine& shared = compiler.shared_engine();
  Engine& engine = grammar->engine();
  uint64_t before = engine.visited() + shared.visited();
  MaskKind kind = MaskKind::kSome;
  for (size_t i = 0; i <= tokens.size() && walk->error.empty(); ++i) {
    Step step{};
    const double cpu_begin = cpu_us(), mask_begin = now_us();
    Status status = m->fill_bitmask(words.data(), words.size(), &kind);
    step.mask_us = now_us() - mask_begin;
    const double cpu_filled = cpu_us();
    const uint64_t visits = engine.visited() + shared.visited();
    bool accepted = true;
    const double accept_begin = now_us();
    if (i < tokens.size() && status == Status::kOk) status = m->accept_token(tokens[i], &accepted);
    step.accept_us = now_us() - accept_begin;
    step.visits = visits - before;
    step.mask_cpu_us = cpu_filled - cpu_begin;
    step.accept_cpu_us = cpu_us() - cpu_filled;
    walk->steps.push_back(step);
    before = visits;
    if (status != Status::kOk) {
      walk->error = "a limit is exceeded ";
    } else if (i < tokens.size() && has(words, tokens[i]) != accepted) {
      walk->error = "mask and accept differ ";
    } else if (!accepted) {
      walk->error = "refused ";
    }
    if (!walk->error.empty()) walk->error += place(tokenizer, tokens, i);
  }
  if (walk->error.empty() && !m->is_accepting()) walk->error = "text is not complete";
  walk->matcher_bytes = std::max(walk->matcher_bytes, m->memory_bytes());
}

Walk walk_cold(const std::shared_ptr<const Tokenizer>& tokenizer, const Case& c,
               const std::vector<int32_t>& tokens) {
  Walk walk;
  std::unique_ptr<Compiler> compiler = std::move(Compiler::create(tokenizer, {})).value();
  const double begin = cpu_us();
  Compiler::Compiled grammar = compile(compiler.get(), c);
  walk.compile_us = cpu_us() - begin;
  if (!grammar.ok()) {
    walk.error = "refused: " + grammar.error().message;
    return walk;
  }
  walk_tokens(*compiler, grammar.value(), tokens, &walk);
  walk.totals = totals_of(*compiler, *grammar.value());
  return walk;
}

std::string check_refused(Compiler* compiler, const Case& c) {
  Compiler::Compiled grammar = compile(compiler, c);
  if (!grammar.ok()) return grammar.error().message;
  for (const std::string& text : c.refused) {
    std::unique_ptr<Matcher> m = matcher_of(grammar.value());
    bool accepted = false;
    Status status = m->accept_bytes(text, &accepted);
    if (status != Status::kOk) return "limit exceeded in a text to refuse";
    if (accepted && m->is_accepting()) return "taken, but wrong: " + text.substr(0, 200);
  }
  return "";
}

std::string check_rollback(const std::shared_ptr<const Tokenizer>& tokenizer, const Case& c) {
  constexpr size_t kTokens = 100;
  std::unique_ptr<Compiler> compiler = std::move(Compiler::create(tokenizer, {})).value();
  Compiler::Compiled grammar = compile(compiler.get(), c);
  if (!grammar.ok()) return grammar.error().message;
  std::unique_ptr<Matcher> used = matcher_of(grammar.value());
  for (const std::string& text : c.texts) {
    std::vector<int32_t> tokens = tokenize(*tokenizer, std::string_view(text).substr(0, 800));
    std::unique_ptr<Compiler> another = std::move(Compiler::create(tokenizer, {})).value();
    std::unique_ptr<Matcher> fresh = matcher_of(compile(another.get(), c).value());
    std::vector<std::vector<uint32_t>> expected = masks_along(fresh.get(), tokens, kTokens);
    for (int round = 0; round < 2; ++round) {
      if (masks_along(used.get(), tokens, kTokens) != expected) {
        return "masks differ after a rollback in " + text.substr(0, 60);
      }
      if (used->rollback(used->history_size()) != Status::kOk) return "rollback failed";
    }
  }
  return "";
}

}  // namespace xgr::core::bench

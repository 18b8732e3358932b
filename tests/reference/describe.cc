// Prints scenarios and actions for reports: everything needed to replay a difference by hand.
//
// Entry points: describe (declared in scenario.h).
// Example of an action: `accept_token 17 "ab"`.
// Test: oracle_test.cc.
#include "printer.h"
#include "scenario.h"

namespace reference {
namespace {

const char* name(Kind kind) {
  switch (kind) {
    case Kind::kNormal:
      return "";
    case Kind::kControl:
      return " control";
    case Kind::kStop:
      return " stop";
    case Kind::kUnused:
      return " unused";
  }
  return "";
}

const char* name(Format format) {
  switch (format) {
    case Format::kEbnf:
      return "ebnf";
    case Format::kRegex:
      return "regex";
    case Format::kJsonSchema:
      return "json schema";
    case Format::kStructuralTag:
      return "structural tag";
    case Format::kBuiltinJson:
      return "builtin json";
  }
  return "";
}

std::string token_text(int64_t id, const Vocabulary& vocabulary) {
  const bool known = id >= 0 && id < static_cast<int64_t>(vocabulary.tokens.size());
  return std::to_string(id) +
         (known ? " " + quote(vocabulary.tokens[static_cast<size_t>(id)].bytes) : "");
}

}  // namespace

static std::string listed(const std::vector<int32_t>& ids) {
  std::string out;
  for (int32_t id : ids) out += " " + std::to_string(id);
  return out;
}

static std::string described(const StartPlan& plan) {
  std::string out = " waiting for";
  for (const StartPlan::Sequence& s : plan.sequences) {
    out += s.implicit ? " (implicit)" : " ";
    out += s.bytes.empty() ? "[" + listed(s.tokens) + " ]" : quote(s.bytes);
  }
  if (!plan.forbidden.empty()) out += ", without" + listed(plan.forbidden);
  if (plan.may_end) out += ", may end";
  if (plan.max_tokens < 0) return out;
  return out + ", after " + std::to_string(plan.max_tokens) + " tokens sequence " +
         std::to_string(plan.forced);
}

std::string describe(const Action& action, const Vocabulary& vocabulary) {
  switch (action.kind) {
    case Action::kOpen: {
      std::string out = "open matcher of case " + std::to_string(action.number);
      if (action.override_stops) out += " with stop tokens";
      out += listed(action.tokens);
      if (action.start.given()) out += described(action.start);
      return action.bytes.empty() ? out : out + " behind " + quote(action.bytes);
    }
    case Action::kFill:
      return "fill_bitmask";
    case Action::kQuery:
      return "is_token_allowed " + token_text(action.number, vocabulary);
    case Action::kToken:
      return "accept_token " + token_text(action.number, vocabulary);
    case Action::kBytes:
      return "accept_bytes " + quote(action.bytes);
    case Action::kRollback:
      return "rollback " + std::to_string(action.number);
    case Action::kReset:
      return "reset";
    case Action::kClone:
      return "clone, go on with the copy";
    case Action::kSwitch:
      return "switch to matcher " + std::to_string(action.number) + " modulo count";
    case Action::kTokens:
      return "accept_tokens" + listed(action.tokens);
    case Action::kDraft:
      return "fill_draft" + listed(action.tokens);
    case Action::kTree:
      return "fill_draft_tree" + listed(action.tokens) + " with parents" + listed(action.parents);
    case Action::kFilter:
      return "set_filter" + listed(action.tokens);
    case Action::kForced:
      return "forced_bytes, forced_tokens";
    case Action::kBatch:
      return "accept and fill all matchers in a batch, tokens" + listed(action.tokens);
    case Action::kAtOnce:
      return "ask from several threads at once";
  }
  return "";
}

std::string describe(const Scenario& scenario) {
  std::string out;
  for (size_t i = 0; i < scenario.cases.size(); ++i) {
    const Case& source = scenario.cases[i];
    out += "--- case " + std::to_string(i) + " (" + name(source.format) + ")\n" + source.text;
    if (out.back() != '\n') out += "\n";
  }
  const Vocabulary& vocabulary = scenario.vocabulary;
  out += "--- vocabulary, logits size " + std::to_string(vocabulary.logits_size) +
         (vocabulary.spelling == Spelling::kByteLevel ? ", byte-level" : ", raw") + "\n";
  size_t bytes = 0;  // tokens 0, 1, 2, ... that are the bytes 0, 1, 2, ...
  while (bytes < vocabulary.tokens.size() && bytes < 256 && vocabulary.is_text(bytes) &&
         vocabulary.tokens[bytes].bytes == std::string(1, static_cast<char>(bytes))) {
    ++bytes;
  }
  if (bytes > 0) out += "0.." + std::to_string(bytes - 1) + ": the bytes of these values\n";
  for (size_t id = bytes; id < vocabulary.tokens.size(); ++id) {
    out += (id % 8 == 0 ? "" : "  ") + std::to_string(id) + " " +
           quote(vocabulary.tokens[id].bytes) + name(vocabulary.tokens[id].kind) +
           (id % 8 == 7 ? "\n" : "");
  }
  out += "\n";
  for (int32_t id : vocabulary.extra_stops) out += "also stops: " + std::to_string(id) + "\n";
  if (scenario.reprint) out += "--- compiled from what to_ebnf() prints\n";
  if (scenario.memory_budget > 0) {
    out += "--- memory budget " + std::to_string(scenario.memory_budget) + "\n";
  }
  if (scenario.warm_up > 0) out += "--- warm-up " + std::to_string(scenario.warm_up) + "\n";
  if (scenario.threads > 1) out += "--- threads " + std::to_string(scenario.threads) + "\n";
  out += "--- script\n";
  for (const Action& action : scenario.script) out += describe(action, vocabulary) + "\n";
  return out;
}

}  // namespace reference

// Matchers over grammars with attributes, and a model of them: texts with the beginnings and ends
// of occurrences written into them.
#pragma once

#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../core_helpers.h"
#include "matcher/captures.h"
#include "matcher/matcher.h"

namespace xgr::core::test {

inline Compiler::Compiled try_compile(Grammar g, std::shared_ptr<const Tokenizer> t) {
  Result<std::unique_ptr<Compiler>> c = Compiler::create(std::move(t), {});
  REQUIRE(c.ok());
  return c.value()->compile(std::move(g));
}

inline std::unique_ptr<Matcher> start_matcher(Grammar g, std::shared_ptr<const Tokenizer> t,
                                              const MatcherOptions& options = {}) {
  Compiler::Compiled compiled = try_compile(std::move(g), std::move(t));
  if (!compiled.ok()) MESSAGE(compiled.error().message);
  REQUIRE(compiled.ok());
  Result<std::unique_ptr<Matcher>> m = Matcher::create(compiled.value(), options);
  REQUIRE(m.ok());
  return std::move(m).value();
}

inline bool take(Matcher* m, int32_t token) {
  bool accepted = false;
  REQUIRE(m->accept_token(token, &accepted) == Status::kOk);
  return accepted;
}

inline bool take_text(Matcher* m, std::string_view text) {
  bool accepted = false;
  REQUIRE(m->accept_bytes(text, &accepted) == Status::kOk);
  return accepted;
}

// The ids in the mask, each of which has to be accepted, and no others.
inline std::set<int32_t> allowed_tokens(Matcher* m) {
  const int32_t size = m->grammar()->tokenizer()->vocab_size();
  std::vector<uint32_t> words(m->grammar()->tokenizer()->mask_words());
  MaskKind kind = MaskKind::kSome;
  REQUIRE(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  std::set<int32_t> out;
  for (int32_t t = 0; t < size && kind != MaskKind::kTerminated; ++t) {
    if (words[static_cast<size_t>(t) >> 5] >> (t & 31) & 1) out.insert(t);
  }
  const uint32_t* lent = nullptr;
  REQUIRE(m->lend_bitmask(&lent, &kind) == Status::kOk);
  if (lent) REQUIRE(std::equal(words.begin(), words.end(), lent));
  for (int32_t t = 0; t < size; ++t) {
    INFO("token " << t);
    bool allowed = false;
    REQUIRE(m->is_token_allowed(t, &allowed) == Status::kOk);
    REQUIRE(allowed == (out.count(t) > 0));
    REQUIRE(take(m, t) == allowed);
    if (allowed) REQUIRE(m->rollback(1) == Status::kOk);
  }
  return out;
}

// Gives a rule attributes; `change(attributes)` sets them.
template <typename F>
void set_attributes(Grammar* g, std::string_view rule, F&& change) {
  auto a = std::make_shared<RuleAttributes>();
  change(a.get());
  g->rules[rule_named(*g, rule)].attributes = a;
}

inline std::vector<std::pair<std::string, std::string>> captures_of(Matcher* m, bool all = false) {
  std::vector<Capture> found;
  REQUIRE(m->find_captures(all, &found) == Status::kOk);
  std::vector<std::pair<std::string, std::string>> out;
  for (const Capture& c : found) out.push_back({std::string(c.name), c.text});
  return out;
}

}  // namespace xgr::core::test

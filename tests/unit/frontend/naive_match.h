// Whether a grammar derives a text: all runs side by side, no automata, no tokens. For tests of the
// front ends; rules must not be left-recursive without bound.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grammar/analysis.h"
#include "grammar/derivatives.h"
#include "grammar/grammar.h"

namespace xgr::core {

class NaiveMatcher {
 public:
  explicit NaiveMatcher(Grammar grammar)
      : grammar_(std::move(grammar)), derivatives_(grammar_, facts_) {
    error_ = analyse(grammar_, {~0ull, ~0ull, ~0ull, ~0ull}, &facts_);
  }
  const MaybeError& error() const { return error_; }

  // Whether some text that is derived begins so.
  bool begins(std::string_view text) { return !read(text).empty(); }

  bool accepts(std::string_view text) {
    for (const Run& r : read(text)) {
      bool done = true;
      for (Expr e : r) done = done && grammar_.pool.nullable(e);
      if (done) return true;
    }
    return false;
  }

 private:
  using Run = std::vector<Expr>;  // what is still to be read, innermost last
  using Runs = std::set<Run>;

  Runs read(std::string_view text) {
    Runs runs{{grammar_.pool.call(grammar_.root)}};
    for (size_t i = 0; i < text.size() && !runs.empty(); ++i)
      runs = step(std::move(runs), static_cast<uint8_t>(text[i]));
    return runs;
  }

  Runs step(Runs pending, uint8_t byte) {
    Runs out, seen;
    while (!pending.empty()) {
      Run run = std::move(pending.extract(pending.begin()).value());
      if (run.empty() || !seen.insert(run).second) continue;
      Expr head = run.back();
      run.pop_back();
      if (grammar_.pool.nullable(head)) pending.insert(run);
      LinearForm form;
      derivatives_.expand(head, &form);
      for (const ByteEdge& e : form.bytes) {
        if (e.lo <= byte && byte <= e.hi) out.insert(extended(run, {e.next}));
      }
      for (const CallEdge& e : form.calls) {
        pending.insert(extended(run, {e.next, grammar_.rules[e.rule].body}));
      }
    }
    return out;
  }

  Run extended(Run run, std::initializer_list<Expr> more) {
    for (Expr e : more) {
      if (e != grammar_.pool.epsilon()) run.push_back(e);
    }
    return run;
  }

  Grammar grammar_;
  Facts facts_;
  Derivatives derivatives_;
  MaybeError error_;
};

}  // namespace xgr::core

// Greedy shrinking.
//
// Entry point: shrink. Every step proposes a smaller scenario and keeps it if it still fails: first
// the script alone (ideally: open, a few tokens, one mask), then the syntax tree of each case,
// simplifying one node at a time, then the vocabulary in halving chunks.
// Example: a difference found after 200 actions on 400 tokens usually ends as a rule or two, two or
// three tokens and three actions.
// Test: oracle_test.cc shrinks under a made-up condition.
#include "shrink.h"

#include <algorithm>
#include <bitset>

namespace reference {
namespace {

class Shrinker {
 public:
  Shrinker(Scenario scenario, const Fails& fails, int budget)
      : best_(std::move(scenario)),
        fails_(fails),
        budget_(budget),
        all_bytes_(best_.vocabulary.has_all_bytes()) {}

  Scenario run() {
    keep([](Scenario* s) { s->memory_budget = 0; });
    keep([](Scenario* s) { s->threads = 1; });
    keep([](Scenario* s) { s->warm_up = 0; });
    keep([](Scenario* s) { s->reprint = false; });
    keep([](Scenario* s) { s->vocabulary.spelling = Spelling::kRaw; });
    keep(sort_tokens);
    for (bool progress = true; progress && budget_ > 0;) {
      progress = shrink_script();
      progress = shrink_cases() || progress;
      progress = shrink_vocabulary() || progress;
    }
    return best_;
  }

 private:
  template <typename Edit>
  bool keep(Edit edit) {
    if (budget_ <= 0) return false;
    Scenario trial = best_;
    edit(&trial);
    if (all_bytes_ && !trial.vocabulary.has_all_bytes()) return false;
    for (size_t i = 0; i < trial.cases.size(); ++i) {  // tokens that a case names stay
      if (trial.cases.size() == best_.cases.size() &&
          trial.cases[i].tokens.size() != best_.cases[i].tokens.size())
        return false;
    }
    --budget_;
    if (!fails_(trial)) return false;
    best_ = std::move(trial);
    return true;
  }

  bool shrink_script() {
    bool progress = false;
    for (size_t chunk = std::max<size_t>(best_.script.size() / 2, 1);; chunk /= 2) {
      for (size_t end = best_.script.size(); end > 0;) {
        const size_t begin = end > chunk ? end - chunk : 0;
        progress |= keep([begin, end](Scenario* s) {
          s->script.erase(s->script.begin() + static_cast<std::ptrdiff_t>(begin),
                          s->script.begin() + static_cast<std::ptrdiff_t>(end));
        });
        end = begin;
      }
      if (chunk <= 1) return progress;
    }
  }

  // The lists of token ids that an action has.
  template <typename Edit>
  static void each_list(Action* action, Edit&& edit) {
    edit(&action->tokens);
    edit(&action->start.forbidden);
    for (StartPlan::Sequence& s : action->start.sequences) edit(&s.tokens);
  }

  // Single bytes first, in order, then the rest.
  static void sort_tokens(Scenario* s) {
    auto& tokens = s->vocabulary.tokens;
    std::vector<size_t> order(tokens.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::vector<size_t> rank(tokens.size(), 256);
    std::bitset<256> taken;
    for (size_t id = 0; id < tokens.size(); ++id) {
      if (!s->vocabulary.is_text(id) || tokens[id].bytes.size() != 1) continue;
      const auto byte = static_cast<unsigned char>(tokens[id].bytes[0]);
      if (!taken[byte]) rank[id] = byte;
      taken.set(byte);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&rank](size_t a, size_t b) { return rank[a] < rank[b]; });
    std::vector<Token> sorted;
    std::vector<int32_t> new_id(tokens.size());
    for (size_t old : order) {
      new_id[old] = static_cast<int32_t>(sorted.size());
      sorted.push_back(tokens[old]);
    }
    tokens = std::move(sorted);
    for (int32_t& id : s->vocabulary.extra_stops) id = new_id[static_cast<size_t>(id)];
    for (Case& source : s->cases) {
      for (int32_t& id : source.tokens) id = new_id[static_cast<size_t>(id)];
    }
    for (Action& action : s->script) {
      each_list(&action, [&new_id](std::vector<int32_t>* ids) {
        for (int32_t& id : *ids) {
          if (id >= 0 && static_cast<size_t>(id) < new_id.size())
            id = new_id[static_cast<size_t>(id)];
        }
      });
      if (action.kind != Action::kToken && action.kind != Action::kQuery) continue;
      if (action.number < 0 || action.number >= static_cast<int64_t>(new_id.size())) continue;
      action.number = new_id[static_cast<size_t>(action.number)];
    }
  }

  // Removes tokens [begin, end) and renames the others in the script.
  static void drop_tokens(Scenario* s, size_t begin, size_t end) {
    const auto lo = static_cast<int64_t>(begin), hi = static_cast<int64_t>(end);
    auto& tokens = s->vocabulary.tokens;
    tokens.erase(tokens.begin() + lo, tokens.begin() + hi);
    s->vocabulary.logits_size -= static_cast<int32_t>(hi - lo);
    auto rename = [lo, hi](std::vector<int32_t>* ids) {
      std::erase_if(*ids, [lo, hi](int32_t id) { return id >= lo && id < hi; });
      for (int32_t& id : *ids) {
        if (id >= hi) id -= static_cast<int32_t>(hi - lo);
      }
    };
    rename(&s->vocabulary.extra_stops);
    for (Case& source : s->cases) rename(&source.tokens);
    std::vector<Action> script;
    for (Action& action : s->script) {
      each_list(&action, rename);
      if (action.kind == Action::kToken || action.kind == Action::kQuery) {
        if (action.number >= lo && action.number < hi) continue;
        if (action.number >= hi) action.number -= hi - lo;
      }
      script.push_back(std::move(action));
    }
    s->script = std::move(script);
  }

  bool shrink_vocabulary() {
    bool progress = keep([](Scenario* s) {
      s->vocabulary.logits_size = static_cast<int32_t>(s->vocabulary.tokens.size());
    });
    if (best_.vocabulary.tokens.empty()) return progress;
    for (size_t chunk = std::max<size_t>(best_.vocabulary.tokens.size() / 2, 1);; chunk /= 2) {
      for (size_t end = best_.vocabulary.tokens.size(); end > 0;) {
        const size_t begin = end > chunk ? end - chunk : 0;
        progress |= keep([begin, end](Scenario* s) { drop_tokens(s, begin, end); });
        end = begin;
      }
      if (chunk <= 1) return progress;
    }
  }

  bool shrink_cases() {
    bool progress = false;
    for (size_t i = best_.cases.size(); i-- > 0;) {
      if (best_.cases.size() > 1) {
        progress |= keep([i](Scenario* s) {
          s->cases.erase(s->cases.begin() + static_cast<std::ptrdiff_t>(i));
          std::erase_if(s->script, [i](const Action& a) {
            return a.kind == Action::kOpen && a.number == static_cast<int64_t>(i);
          });
          for (Action& a : s->script) {
            if (a.kind == Action::kOpen && a.number > static_cast<int64_t>(i)) --a.number;
          }
        });
      }
    }
    for (size_t i = 0; i < best_.cases.size(); ++i) {
      if (best_.cases[i].has_syntax) progress |= shrink_syntax(i);
    }
    return progress;
  }

  // Calls edit(syntax, n) for n = 0, 1, ... until it has no n-th edit.
  bool shrink_syntax(size_t index) {
    bool progress = false;
    for (size_t n = 0; budget_ > 0;) {
      Syntax edited = best_.cases[index].syntax;
      if (!edit_syntax(&edited, n)) break;
      const Case smaller = make_case(best_.cases[index].format, edited);
      const bool same = smaller.text == best_.cases[index].text;
      const bool kept =
          !same && keep([index, &smaller](Scenario* s) { s->cases[index] = smaller; });
      progress |= kept;
      if (!kept) ++n;
    }
    return progress;
  }

  static bool edit_syntax(Syntax* syntax, size_t n) {
    if (n-- == 0) {
      syntax->style = 0;
      return true;
    }
    if (n < syntax->rules.size()) {
      if (syntax->rules.size() > 1 && n != syntax->root) drop_rule(syntax, n);
      return true;
    }
    n -= syntax->rules.size();
    for (Body& body : syntax->rules) {
      if (edit_body(&body, &n)) return true;
    }
    return false;
  }

  static void drop_rule(Syntax* syntax, size_t rule) {
    const auto at = static_cast<std::ptrdiff_t>(rule);
    syntax->rules.erase(syntax->rules.begin() + at);
    syntax->names.erase(syntax->names.begin() + at);
    if (syntax->root > rule) --syntax->root;
    for (Body& body : syntax->rules) forget_rule(&body, rule);
  }

  static void forget_rule(Body* body, size_t rule) {
    for (Sequence& sequence : *body) {
      std::erase_if(sequence, [rule](const Element& e) {
        return e.kind == ElementKind::kRule && e.rule == rule;
      });
      for (Element& e : sequence) {
        if (e.kind == ElementKind::kRule && e.rule > rule) --e.rule;
        if (e.kind == ElementKind::kGroup) forget_rule(&e.group, rule);
      }
    }
  }

  // Performs the *n-th simplification inside the body, counting down; false if there are fewer.
  static bool edit_body(Body* body, size_t* n) {
    for (size_t i = 0; body->size() > 1 && i < body->size(); ++i) {
      if ((*n)-- == 0) {
        body->erase(body->begin() + static_cast<std::ptrdiff_t>(i));
        return true;
      }
    }
    for (Sequence& sequence : *body) {
      for (size_t i = 0; i < sequence.size(); ++i) {
        if ((*n)-- == 0) {
          sequence.erase(sequence.begin() + static_cast<std::ptrdiff_t>(i));
          return true;
        }
        if (edit_element(&sequence, i, n)) return true;
      }
    }
    return false;
  }

  static bool edit_element(Sequence* sequence, size_t index, size_t* n) {
    Element& e = (*sequence)[index];
    if (e.min != 1 || e.max != 1) {
      if ((*n)-- == 0) return e.min = 1, e.max = 1, true;
      if (e.max > e.min && (*n)-- == 0) return --e.max, true;
      if (e.min > 0 && (*n)-- == 0) return --e.min, true;
    }
    if (e.kind == ElementKind::kText && e.text.size() > 1 && (*n)-- == 0)
      return e.text.pop_back(), true;
    if (e.kind == ElementKind::kClass) {
      if (e.negated && (*n)-- == 0) return e.negated = false, true;
      if (e.ranges.size() > 1 && (*n)-- == 0) return e.ranges.pop_back(), true;
      if (e.ranges.front().lo != e.ranges.front().hi && (*n)-- == 0) {
        return e.ranges.front().hi = e.ranges.front().lo, true;
      }
    }
    if (e.kind != ElementKind::kGroup) return false;
    if (e.group.size() == 1 && e.min == 1 && e.max == 1 && (*n)-- == 0) {
      const Sequence inner = e.group[0];
      sequence->erase(sequence->begin() + static_cast<std::ptrdiff_t>(index));
      sequence->insert(sequence->begin() + static_cast<std::ptrdiff_t>(index), inner.begin(),
                       inner.end());
      return true;
    }
    return edit_body(&e.group, n);
  }

  Scenario best_;
  const Fails& fails_;
  int budget_;
  const bool all_bytes_;  // then it stays so: what a missing byte does is another matter
};

}  // namespace

Scenario shrink(Scenario scenario, const Fails& fails, int budget) {
  return Shrinker(std::move(scenario), fails, budget).run();
}

}  // namespace reference

// Budgets of tokens: matcher/token_budget.cc.
#include "matcher/token_budget.h"

#include "attribute_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

constexpr int32_t kStop = 256;

std::shared_ptr<const Tokenizer> tokenizer() {
  return make_tokenizer(with_bytes({"<stop>", "ab", "ab ", "<t>", "</t>", " <", "a1", "bb", "b "}),
                        {kStop});
}

std::unique_ptr<Matcher> matcher(const std::string& text,
                                 const std::vector<std::pair<std::string, uint32_t>>& budgets) {
  Grammar g = ebnf(text);
  for (const auto& [rule, tokens] : budgets) {
    set_attributes(&g, rule, [&](RuleAttributes* a) { a->max_tokens = tokens, a->capture = rule; });
  }
  return start_matcher(std::move(g), tokenizer());
}

// Texts with marks around the occurrences of rule v, in every way; budgets as they are defined.
class Model {
 public:
  Model(const std::string& marked, uint32_t budget, const Tokenizer& t)
      : automaton_(make_automaton(ebnf(marked))), budget_(budget), tokenizer_(t) {}

  std::set<int32_t> allowed() {
    const bool complete = finishes();
    std::set<int32_t> out = allowed_from(kept());
    relaxed_ = out.empty() && !complete;
    if (relaxed_) out = allowed_from(ways_);
    if (complete) out.insert(kStop);
    return out;
  }
  void take(int32_t token) {
    ways_ = after(relaxed_ ? ways_ : kept(), token);
    ++tokens_;
  }

 private:
  struct Way {
    std::string marked;
    std::vector<uint32_t> open;  // tokens before each
    bool operator<(const Way& o) const {
      return std::tie(marked, open) < std::tie(o.marked, o.open);
    }
  };
  bool alive(const std::string& marked, bool whole = false) {
    ByteWalk walk(automaton_->start(automaton_->grammar().root));
    return walk.read(marked) && (!whole || walk.complete());
  }
  // With marks put in before the next byte; closing ones only, or both.
  std::set<Way> with_marks(const std::set<Way>& from, bool opening) {
    std::set<Way> out = from, last = from;
    for (int n = 0; n < 3 && !last.empty(); ++n) {
      std::set<Way> next;
      for (const Way& w : last) {
        Way closed = w, opened = w;
        closed.marked += '(', opened.marked += '{';
        if (opening && alive(opened.marked)) opened.open.push_back(tokens_), next.insert(opened);
        closed.marked.back() = '}';
        if (!w.open.empty() && alive(closed.marked)) closed.open.pop_back(), next.insert(closed);
      }
      out.insert(next.begin(), next.end());
      last.swap(next);
    }
    return out;
  }
  std::set<Way> kept() {
    std::set<Way> out;
    for (const Way& w : with_marks(ways_, false)) {
      bool spent = false;
      for (uint32_t begin : w.open) spent = spent || tokens_ - begin >= budget_;
      if (!spent) out.insert(w);
    }
    return out;
  }
  bool finishes() {
    for (const Way& w : with_marks(ways_, true)) {
      if (alive(w.marked, true)) return true;
    }
    return false;
  }
  std::set<Way> after(const std::set<Way>& from, int32_t token) {
    std::set<Way> ways = from;
    for (char c : tokenizer_.token_bytes(token)) {
      if (c == '{' || c == '}') return {};  // those are the marks
      std::set<Way> next;
      for (Way w : with_marks(ways, true)) {
        w.marked += c;
        if (alive(w.marked)) next.insert(w);
      }
      ways.swap(next);
    }
    return ways;
  }
  std::set<int32_t> allowed_from(const std::set<Way>& from) {
    std::set<int32_t> out;
    for (int32_t t = 0; t < tokenizer_.vocab_size(); ++t) {
      if (t != kStop && !from.empty() && !after(from, t).empty()) out.insert(t);
    }
    return out;
  }

  std::unique_ptr<Automaton> automaton_;
  const uint32_t budget_;
  const Tokenizer& tokenizer_;
  std::set<Way> ways_{{"", {}}};
  uint32_t tokens_ = 0;
  bool relaxed_ = false;
};

void check_masks(const std::string& before_v, const std::string& v, uint32_t budget) {
  INFO(before_v << " v = " << v << " with " << budget);
  std::unique_ptr<Matcher> m = matcher(before_v + "\nv ::= " + v, {{"v", budget}});
  const std::string marked = before_v + "\nv ::= \"{\" (" + v + ") \"}\"";
  std::mt19937 random(7);
  for (int walk = 0; walk < 4; ++walk) {
    m->reset();
    Model model(marked, budget, *m->grammar()->tokenizer());
    for (int step = 0; step < 6; ++step) {
      const std::set<int32_t> allowed = allowed_tokens(m.get());
      const std::set<int32_t> expected = model.allowed();
      for (int32_t t = 0; t < m->grammar()->tokenizer()->vocab_size(); ++t) {
        INFO("step " << step << ", token " << t);
        REQUIRE(allowed.count(t) == expected.count(t));
      }
      std::vector<int32_t> next(allowed.begin(), allowed.end());
      next.erase(std::remove(next.begin(), next.end(), kStop), next.end());
      if (next.empty()) break;
      const int32_t t = next[random() % next.size()];
      REQUIRE(take(m.get(), t));
      model.take(t);
    }
  }
}

}  // namespace

TEST_CASE("token budgets: masks are those of texts with marks put in") {
  check_masks("root ::= \"<t>\" v \"</t>\" \"1\"", "([ab]* \" \")+", 2);
  check_masks("root ::= v+ \"1\"", "[ab]+ \" \"", 2);
  check_masks("root ::= v* \"1\"", "[ab]+", 1);
  check_masks("root ::= \"a\" v | v \"b\" root", "[ab]* \"1\"?", 2);
  check_masks("root ::= (v | \"b\")*", "\"a\" v? \" \" | \"a\"", 2);
  check_masks("root ::= v", "[ab ]*", 3);
}

TEST_CASE("token budgets: enforced where the rule can end, relaxed where it cannot, not for text") {
  const std::string text = "root ::= \"<t>\" r \"</t>\" \"1\"\nr ::= ([a-z]* \" \")+";
  std::unique_ptr<Matcher> m = matcher(text, {{"r", 2}});
  REQUIRE(take(m.get(), 259));  // <t>
  REQUIRE(take(m.get(), 258));  // "ab "
  std::unique_ptr<Matcher> fork = m->clone();
  REQUIRE(take(m.get(), 258));
  CHECK(allowed_tokens(m.get()) == std::set<int32_t>{'<', 260});
  CHECK_FALSE(take(m.get(), 258));
  REQUIRE(take(m.get(), 260));
  CHECK(captures_of(m.get()) == std::vector<std::pair<std::string, std::string>>{{"r", "ab ab "}});
  REQUIRE(m->rollback(2) == Status::kOk);
  CHECK(take(m.get(), 257));  // "ab" cannot be the end
  CHECK(allowed_tokens(m.get()).count('x') > 0);
  CHECK(take(m.get(), 'x'));  // so the budget is relaxed, a step at a time
  CHECK(take(m.get(), ' '));
  CHECK(allowed_tokens(m.get()) == std::set<int32_t>{'<', 260});
  CHECK(take_text(fork.get(), "ab ab ab "));
  CHECK(take_text(fork.get(), "ab "));
  CHECK(take(fork.get(), 258));
  CHECK(allowed_tokens(fork.get()) == std::set<int32_t>{'<', 260});
}

TEST_CASE("token budgets: of nested occurrences the least counts") {
  std::unique_ptr<Matcher> m =
      matcher("root ::= a \"1\"\na ::= \"x\" b\nb ::= ([a-z]* \" \")+", {{"a", 3}, {"b", 9}});
  REQUIRE(take(m.get(), 'x'));
  REQUIRE(take(m.get(), 258));
  REQUIRE(take(m.get(), 258));
  CHECK(allowed_tokens(m.get()) == std::set<int32_t>{'1'});
}

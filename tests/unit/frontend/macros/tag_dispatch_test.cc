// TagDispatch against its definition: free text cut at triggers, tried in every way.
#include "frontend/macros/tag_dispatch.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "../../core_helpers.h"

namespace xgr::core {
namespace {

struct Tag {
  std::string trigger, body;
};

struct Example {
  std::vector<Tag> tags;
  std::vector<std::string> excludes;
  bool loop;
};

// The definition, by trying. `text` is what remains, free text begins here.
class Definition {
 public:
  explicit Definition(const Example& example) : example_(example) {}

  bool accepts(const std::string& text) const {
    if (free(text, text.size())) return true;
    for (size_t end = 1; end <= text.size(); ++end) {
      for (const Tag& tag : example_.tags) {
        if (!dispatches(text, end, tag)) continue;
        std::string rest = text.substr(end);
        if (!rest.starts_with(tag.body)) continue;
        rest = rest.substr(tag.body.size());
        if (example_.loop ? accepts(rest) : rest.empty()) return true;
      }
    }
    return false;
  }

 private:
  static bool ends(const std::string& text, size_t end, const std::string& word) {
    return end >= word.size() && text.compare(end - word.size(), word.size(), word) == 0;
  }

  bool excluded(const std::string& text, size_t length) const {
    for (size_t end = 1; end <= length; ++end) {
      for (const std::string& word : example_.excludes) {
        if (ends(text, end, word)) return true;
      }
    }
    return false;
  }

  // No word is complete in the first `length` characters.
  bool free(const std::string& text, size_t length) const {
    for (size_t end = 1; end <= length; ++end) {
      for (const Tag& tag : example_.tags) {
        if (ends(text, end, tag.trigger)) return false;
      }
    }
    return !excluded(text, length);
  }

  // The trigger ends at `end`; all triggers complete before lie inside it.
  bool dispatches(const std::string& text, size_t end, const Tag& tag) const {
    if (!ends(text, end, tag.trigger) || excluded(text, end)) return false;
    size_t begin = end - tag.trigger.size();
    for (size_t i = 1; i < end; ++i) {
      for (const Tag& other : example_.tags) {
        if (ends(text, i, other.trigger) && i - other.trigger.size() < begin) return false;
      }
    }
    return true;
  }

  const Example& example_;
};

Result<Expr> add(Grammar& g, const Example& example) {
  TagDispatch dispatch;
  for (const Tag& t : example.tags) dispatch.tags.push_back({t.trigger, g.pool.literal(t.body)});
  dispatch.excludes = example.excludes;
  dispatch.loop = example.loop;
  return tag_dispatch(g, dispatch);
}

void check(const Example& example, const std::string& letters, size_t length) {
  std::string shown;
  for (const Tag& t : example.tags) shown += t.trigger + ":" + t.body + " ";
  for (const std::string& s : example.excludes) shown += "-" + s + " ";
  INFO(shown << example.loop);
  auto build = [&](Grammar& g) {
    g.root = g.add_rule("root");
    Result<Expr> e = add(g, example);
    REQUIRE(e.ok());
    g.define(g.root, e.value());
  };
  test::check_language(build, letters, length, 5);
  Definition definition(example);
  std::unique_ptr<Automaton> a = test::make_automaton(test::build_grammar(build));
  for (const std::string& text : test::all_strings(letters, length)) {
    INFO(text);
    REQUIRE(test::accepts(*a, text) == definition.accepts(text));
  }
}

TEST_CASE("a trigger is followed by its body, and text may end anywhere else") {
  check({{{"ab", "c"}}, {}, true}, "abc", 7);
  check({{{"ab", "c"}}, {}, false}, "abc", 7);
  check({{{"a", ""}}, {}, true}, "ab", 6);
  check({{}, {}, true}, "ab", 4);
}

TEST_CASE("one trigger begins another: both are possible") {
  check({{{"a", "x"}, {"ab", "y"}}, {}, true}, "abxy", 6);
  check({{{"a", "b"}, {"abc", "a"}}, {}, true}, "abc", 7);
  check({{{"a", "b"}, {"ab", ""}, {"abb", "a"}}, {}, false}, "ab", 9);
}

TEST_CASE("one trigger lies inside another, or ends it") {
  check({{{"ab", "a"}, {"b", "c"}}, {}, true}, "abc", 7);
  check({{{"bc", "a"}, {"abcd", "b"}}, {}, true}, "abcd", 6);
  check({{{"ab", "x"}, {"abd", "c"}, {"xabc", ""}}, {}, true}, "abcdx", 6);
  check({{{"a", "c"}, {"bc", "b"}, {"abc", ""}}, {}, true}, "abc", 8);
}

TEST_CASE("triggers that overlap without containing each other") {
  check({{{"ab", "c"}, {"bc", "a"}}, {}, true}, "abc", 8);
  check({{{"aa", "b"}, {"aba", "a"}}, {}, true}, "ab", 10);
}

TEST_CASE("several bodies behind one trigger") {
  check({{{"a", "b"}, {"a", "c"}}, {}, true}, "abc", 6);
}

TEST_CASE("excludes are never complete") {
  check({{}, {"ab"}, true}, "abc", 7);
  check({{{"ab", "c"}}, {"ca", "bb"}, true}, "abc", 8);
  check({{{"ab", "c"}}, {"abc"}, true}, "abc", 8);
  check({{{"a", "c"}, {"abc", ""}}, {"bb", "aab"}, true}, "abc", 8);
  check({{{"abc", "a"}}, {"b"}, true}, "abc", 7);   // never complete
  check({{{"abc", "a"}}, {"bc"}, true}, "abc", 7);  // complete together: the exclude wins
  check({{{"b", "a"}, {"bc", "b"}}, {"abq", "abc"}, true}, "abcq", 6);
}

TEST_CASE("random words over two letters") {
  uint32_t seed = 12345;
  auto random = [&](uint32_t n) { return ((seed = seed * 1664525 + 1013904223) >> 16) % n; };
  auto word = [&](uint32_t least, uint32_t most) {
    std::string s;
    for (uint32_t n = least + random(most - least + 1); n > 0; --n) s += "ab"[random(2)];
    return s;
  };
  int valid = 0;
  for (int i = 0; i < 150; ++i) {
    Example example;
    example.loop = random(2) == 1;
    for (uint32_t n = random(4); n > 0; --n) example.tags.push_back({word(1, 4), word(0, 1)});
    for (uint32_t n = random(3); n > 0; --n) example.excludes.push_back(word(2, 4));
    Grammar g;
    if (!add(g, example).ok()) continue;
    ++valid;
    check(example, "ab", 8);
  }
  CHECK(valid > 50);
}

TEST_CASE("characters beyond ASCII") {
  Example example{{{"\xE2\x82\xAC", "!"}}, {"\xE2\x82\xAD"}, true};
  Grammar g;
  g.root = g.add_rule("root");
  g.define(g.root, add(g, example).value());
  std::unique_ptr<Automaton> a = test::make_automaton(std::move(g));
  CHECK(test::accepts(*a, "a\xE2\x82\xAC!b"));
  CHECK_FALSE(test::accepts(*a, "a\xE2\x82\xAC?"));
  CHECK_FALSE(test::accepts(*a, "a\xE2\x82\xAD"));
  CHECK(test::accepts(*a, "\xE2\x82\xAE\xF0\x9F\x98\x80"));
  CHECK_FALSE(test::accepts(*a, "\xE2\x82"));
}

TEST_CASE("bodies without any string take their triggers with them") {
  Grammar g;
  RuleId dead = g.add_rule("dead");
  g.define(dead, g.pool.seq(g.pool.literal("x"), g.pool.call(dead)));
  g.root = g.add_rule("root");
  TagDispatch d{
      {{"a", g.pool.call(dead)}, {"b", g.pool.literal("b")}, {"ba", g.pool.call(dead)}}, {}, true};
  g.define(g.root, tag_dispatch(g, d).value());
  std::unique_ptr<Automaton> a = test::make_automaton(std::move(g));
  CHECK(test::accepts(*a, "cbbc"));
  test::ByteWalk walk(a->start(a->grammar().root));
  CHECK(walk.read("xb"));
  CHECK_FALSE(walk.live().has('a'));
  CHECK(walk.live().has('b'));
}

TEST_CASE("bodies may call the rule that dispatches") {
  Grammar g;
  g.root = g.add_rule("root");
  Expr body = g.pool.seq({g.pool.literal("("), g.pool.call(g.root), g.pool.literal(")")});
  TagDispatch d{{{"f", body}}, {"(", ")"}, true};
  g.define(g.root, tag_dispatch(g, d).value());
  std::unique_ptr<Automaton> a = test::make_automaton(std::move(g));
  CHECK(test::accepts(*a, "xf(yf(z)f())w"));
  CHECK_FALSE(test::accepts(*a, "xf(yf(z)f()w"));
  CHECK_FALSE(test::accepts(*a, "x()"));
}

TEST_CASE("words that cannot be meant are refused") {
  auto message = [](const Example& example) {
    Grammar g;
    Result<Expr> e = add(g, example);
    REQUIRE_FALSE(e.ok());
    CHECK(e.error().code == Status::kInvalidSource);
    return e.error().message;
  };
  CHECK(message({{{"", "a"}}, {}, true}) == "a tag is empty; it needs at least one character");
  CHECK(message({{}, {""}, true}) == "an exclude is empty; it needs at least one character");
  CHECK(message({{{"tag", ""}, {"zz", ""}}, {"ta"}, true}) ==
        "the exclude \"ta\" begins the tag \"tag\", which could never be complete");
  CHECK(message({{{"tag", ""}}, {"tag"}, false}) ==
        "the exclude \"tag\" begins the tag \"tag\", which could never be complete");
}

TEST_CASE("ten thousand tags") {
  Grammar g;
  TagDispatch d;
  for (int i = 0; i < 10000; ++i) {
    d.tags.push_back({"<tool_" + std::to_string(i) + ">", g.pool.literal(std::to_string(i % 7))});
  }
  d.excludes = {"</s>"};
  g.root = g.add_rule("root");
  g.define(g.root, tag_dispatch(g, d).value());
  CHECK(g.pool.size() < 100);
  std::unique_ptr<Automaton> a = test::make_automaton(std::move(g));
  CHECK(test::accepts(*a, "a <tool_77>0 <tool_9999>3<"));
  CHECK_FALSE(test::accepts(*a, "a <tool_77>1"));
  CHECK_FALSE(test::accepts(*a, "a </s>"));
}

TEST_CASE("dispatch on whole tokens is a repetition") {
  Grammar g;
  TokenIds three, four;
  three.add(3, 3);
  four.add(4, 4);
  TokenTagDispatch d{{{three, g.pool.literal("x")}}, four, true};
  TokenIds text = four;
  text.add(3, 3);
  Expr want = g.pool.star(g.pool.alt(g.pool.tokens(text.complement()),
                                     g.pool.seq(g.pool.tokens(three), g.pool.literal("x"))));
  CHECK(token_tag_dispatch(g, d) == want);
  d.loop = false;
  Expr once = g.pool.seq(g.pool.star(g.pool.tokens(text.complement())),
                         g.pool.optional(g.pool.seq(g.pool.tokens(three), g.pool.literal("x"))));
  CHECK(token_tag_dispatch(g, d) == once);
}

}  // namespace
}  // namespace xgr::core

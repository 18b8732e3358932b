// Settings of rules: what they make of a language, against the definition tried string by string.
#include "frontend/macros/rule_settings.h"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "../../core_helpers.h"

namespace xgr::core {
namespace {

Error fail(Grammar& g, const std::vector<RuleToSettle>& rules, RuleId want) {
  RuleId failed = 0;
  MaybeError e = apply_settings(g, rules, Limits(), &failed);
  REQUIRE(e.has_value());
  CHECK(failed == want);
  return *e;
}

// The grammar of `text` with `settings` for its rule r.
Grammar settled(const std::string& text, RuleSettings settings, const char* marker = nullptr) {
  Grammar g = test::ebnf(text);
  RuleId r = test::rule_named(g, "r");
  if (marker) settings.marker = g.pool.call(test::rule_named(g, marker));
  RuleId failed = 0;
  MaybeError e = apply_settings(g, std::vector<RuleToSettle>{{r, settings}}, Limits(), &failed);
  if (e) MESSAGE(e->message);
  REQUIRE_FALSE(e.has_value());
  return g;
}

using Language = std::set<std::string>;

Language language(Grammar g, const std::string& letters, size_t length) {
  std::unique_ptr<Automaton> a = test::make_automaton(std::move(g));
  Language all;
  for (const std::string& s : test::all_strings(letters, length)) {
    if (test::accepts(*a, s)) all.insert(s);
  }
  return all;
}

// The strings of `texts` that are at most `chars` long or end at the first chance behind that.
Language within(const Language& texts, const Language& closable, size_t chars) {
  Language out;
  auto ends_first = [&](const std::string& s) {
    for (size_t n = chars; n < s.size(); ++n) {
      if (closable.count(s.substr(0, n))) return false;
    }
    return true;
  };
  for (const std::string& s : texts) {
    if (s.size() <= chars || ends_first(s)) out.insert(s);
  }
  for (const std::string& s : closable) {
    if (s.size() >= chars && ends_first(s)) out.insert(s);
  }
  return out;
}

Language shortest(const Language& texts) { return within({}, texts, 0); }

constexpr const char* kBodies[] = {
    "[ab]*",
    "[ab]+",
    "\"abba\"",
    "\"a\" | \"ab\" | \"abab\"",
    "(\"ab\" | \"c\")*",
    "\"a\"* \"b\"+",
    "x \"b\" x?",
    "\"a\"{2,4}",
    "(\"aa\" | \"aaa\")+",
    "\"\" | \"abc\" | \"abcb\"",
};

TEST_CASE("lazy: no text goes on behind one that is complete") {
  RuleSettings lazy;
  lazy.lazy = true;
  for (const char* body : kBodies) {
    std::string text = "root ::= r\nr ::= " + std::string(body) + "\nx ::= \"a\" | \"bb\"\n";
    INFO(text);
    CHECK(language(settled(text, lazy), "abc", 6) ==
          shortest(language(test::ebnf(text), "abc", 6)));
  }
}

TEST_CASE("max_chars: at most so many characters, or the first end behind them") {
  for (const char* body : kBodies) {
    for (uint32_t chars = 0; chars < 5; ++chars) {
      RuleSettings s;
      s.max_chars = chars;
      std::string text = "root ::= r\nr ::= " + std::string(body) + "\nx ::= \"a\" | \"bb\"\n";
      INFO(text << chars);
      Language all = language(test::ebnf(text), "abc", 8), want;
      for (const std::string& w : within(all, all, chars)) {
        if (w.size() <= 7) want.insert(w);
      }
      CHECK(language(settled(text, s), "abc", 7) == want);
    }
  }
}

TEST_CASE("a marker ends the rule where it is first complete") {
  std::string text = "root ::= r\nr ::= [ab]*\nm ::= \"ba\" | \"bb\"\n";
  Grammar g = test::ebnf("root ::= r m\nr ::= [ab]*\nm ::= \"ba\" | \"bb\"\n");
  Language whole = shortest(language(std::move(g), "ab", 8));
  CHECK(language(settled(text, RuleSettings(), "m"), "ab", 8) == whole);
  Language contents = language(test::ebnf(text), "ab", 8), open;
  for (const std::string& s : contents) {
    bool holds = false;
    for (size_t n = 0; n <= s.size(); ++n) holds = holds || whole.count(s.substr(0, n));
    if (!holds) open.insert(s);
  }
  for (uint32_t chars : {0u, 1u, 2u, 4u}) {
    RuleSettings s;
    s.max_chars = chars;
    Language closable = whole;
    closable.insert(open.begin(), open.end());
    CHECK(language(settled(text, s, "m"), "ab", 8) == within(whole, closable, chars));
  }
}

TEST_CASE("budgets count characters, not bytes") {
  RuleSettings s;
  s.max_chars = 2;
  std::unique_ptr<Automaton> a = test::make_automaton(settled("root ::= r \">\"\nr ::= [^]*\n", s));
  CHECK(test::accepts(*a, "\xF0\x9F\x98\x80\xE2\x82\xAC>"));
  CHECK_FALSE(test::accepts(*a, "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC>"));
  CHECK(test::accepts(*a, ">>>"));
}

TEST_CASE("large budgets cost nothing") {
  for (uint32_t chars : {1000001u, 2147483647u}) {
    RuleSettings s;
    s.max_chars = chars;
    for (const char* body : {"[^]*", "[a-z]* \" \" [a-z]*", "(\"ab\" | \"abc\" | \"d\")*"}) {
      std::string text = "root ::= r\nr ::= " + std::string(body);
      std::unique_ptr<Automaton> a = test::make_automaton(settled(text, s));
      CHECK(test::accepts(*a, body[1] == '^' ? "anything" : body[0] == '(' ? "abdabc" : "ab cd"));
      CHECK(a->state_count() < 1000);
    }
  }
}

TEST_CASE("settings of called rules come first") {
  Grammar g = test::ebnf("root ::= r \"x\"\nr ::= s s\ns ::= \"a\"+\n");
  RuleSettings lazy, few;
  lazy.lazy = true;
  few.max_chars = 3;
  std::vector<RuleToSettle> rules{{test::rule_named(g, "r"), few},
                                  {test::rule_named(g, "s"), lazy}};
  RuleId failed = 0;
  REQUIRE_FALSE(apply_settings(g, rules, Limits(), &failed).has_value());
  CHECK(language(std::move(g), "ax", 5) == Language{"aax"});
}

TEST_CASE("attributes for matchers") {
  RuleSettings s;
  s.capture = "name";
  s.max_tokens = 5;
  s.temperature = 0.5F;
  Grammar g = settled("root ::= r\nr ::= \"a\" r | \"\"", s);
  const Rule& r = g.rules[test::rule_named(g, "r")];
  REQUIRE(r.attributes != nullptr);
  CHECK(r.attributes->capture == "name");
  CHECK(r.attributes->max_tokens == 5);
  CHECK(r.attributes->temperature == 0.5F);
  CHECK(r.attributes->marker == kNoExpr);
  CHECK(settled("root ::= r\nr ::= \"a\"", RuleSettings()).rules[1].attributes == nullptr);
  RuleSettings stop;
  stop.hide_marker = true;
  stop.stop_capture = "end";
  Grammar marked = settled("root ::= r\nr ::= [a-z]*\nm ::= \".\"", stop, "m");
  const RuleAttributes& a = *marked.rules[test::rule_named(marked, "r")].attributes;
  CHECK(a.marker == marked.pool.literal("."));
  CharSet letters;
  letters.add('a', 'z');
  CHECK(a.content == marked.pool.star(marked.pool.char_class(letters)));
  CHECK(a.hide_marker);
  CHECK(a.stop_capture == "end");
}

TEST_CASE("what cannot be written without calls is refused") {
  RuleSettings lazy;
  lazy.lazy = true;
  for (const char* text :
       {"root ::= r\nr ::= \"a\" r | \"b\"", "root ::= r\nr ::= s\ns ::= s \"a\" | \"a\"",
        "root ::= r\nr ::= \"x\" s\ns ::= \"a\" t\nt ::= s | \"\""}) {
    Grammar g = test::ebnf(text);
    RuleId r = test::rule_named(g, "r");
    Error e = fail(g, {{r, lazy}}, r);
    INFO(e.message);
    CHECK(e.code == Status::kUnsupported);
    CHECK(e.message.starts_with("a lazy rule must be regular, but it calls "));
    CHECK(e.message.ends_with(", which calls itself"));
  }
  Grammar g = test::ebnf("root ::= r\nr ::= \"x\" s\ns ::= \"a\"");
  RuleSettings capture;
  capture.capture = "s";
  RuleId r = test::rule_named(g, "r"), s = test::rule_named(g, "s");
  Error e = fail(g, {{r, lazy}, {s, capture}}, r);
  CHECK(e.message ==
        "a lazy rule must be regular, but it calls s, whose captures, budgets or temperature "
        "would be lost");
}

}  // namespace
}  // namespace xgr::core

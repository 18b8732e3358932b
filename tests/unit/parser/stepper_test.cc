// Stepping all parses of a text by one byte: parser/stepper.cc. Whole languages are compared with
// the naive matcher, which knows nothing of derivatives, calls or left recursion.
#include "parser/stepper.h"

#include <random>

#include "../core_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("stepper: right recursion and nesting") {
  check_ebnf("root ::= \"a\" root | \"b\"", "ab", 8, 1);
  check_ebnf("root ::= \"a\" root \"b\" | \"\"", "ab", 10, 5);
  check_ebnf("root ::= \"a\" root \"a\" | \"b\" root \"b\" | \"\" | [ab]", "ab", 8, 4);
  check_ebnf("root ::= x y\nx ::= \"a\" x \"b\" | \"c\"\ny ::= \"b\" y | \"c\"", "abc", 7, 5);
  check_ebnf("root ::= \"a\" b\nb ::= \"b\" a2 \"b\" | \"c\"\na2 ::= \"a\" b \"a\" | \"c\"", "abc",
             8, 4);
}

TEST_CASE("stepper: direct left recursion") {
  check_ebnf("root ::= root \"a\" | \"b\"", "ab", 7, 1);
  check_ebnf("root ::= root \"+\" root | \"1\"", "+1", 9, 1);
  check_ebnf("root ::= root \"+\" t | t\nt ::= t \"*\" f | f\nf ::= \"(\" root \")\" | \"1\"",
             "+*()1", 6, 4);
  check_ebnf("root ::= root root | \"a\" | \"bb\"", "ab", 8, 1);
  check_ebnf("root ::= root \"a\" | \"\"", "ab", 6, 0);
  check_ebnf("root ::= \"(\" e \")\"\ne ::= e \",\" \"1\" | e \";\" | \"1\"", "(),;1", 6, 3);
}

TEST_CASE("stepper: indirect left recursion") {
  check_ebnf("root ::= x \"a\" | \"c\"\nx ::= root \"b\" | \"d\"", "abcd", 7, 1);
  check_ebnf("root ::= x\nx ::= y \"a\" | \"c\"\ny ::= z \"b\" | \"a\"\nz ::= x \"c\" | y \"b\"",
             "abc", 7, 4);
  check_ebnf("root ::= \"[\" x \"]\"\nx ::= y \"a\" | \"b\"\ny ::= x \"b\" | x y \"a\" | \"a\"",
             "[]ab", 7, 6);
  check_ebnf("root ::= x \"!\" | y \"?\"\nx ::= y \"a\" | \"1\"\ny ::= x \"b\" | \"2\"", "12ab!?",
             5, 1);
}

TEST_CASE("stepper: hidden left recursion and nullable cycles") {
  check_ebnf("root ::= o root \"b\" | \"a\"\no ::= \"c\" | \"\"", "abc", 8, 5);
  check_ebnf("root ::= o p root \"b\" | \"a\"\no ::= \"c\"?\np ::= o o | \"b\"", "abc", 7, 4);
  check_ebnf("root ::= root | \"a\"", "ab", 4, 0);
  check_ebnf("root ::= x | \"a\"\nx ::= y\ny ::= root | \"b\" | \"\"", "ab", 4, 0);
  check_ebnf("root ::= x root y | \"a\"\nx ::= y | \"\"\ny ::= x | \"b\"", "ab", 7, 1);
  check_ebnf("root ::= root root root | \"a\" | \"\"", "ab", 6, 0);
  check_ebnf("root ::= (root | \"b\")* \"a\"", "ab", 7, 1);
  check_ebnf("root ::= (root? \"b\")* x\nx ::= root \"c\" | \"a\" x | \"\"", "abc", 6, 2);
  check_ebnf("root ::= \"(\" x \")\" | x\nx ::= x x | \"(\" x \")\" | \"\"", "()", 9, 5);
  check_ebnf("root ::= x \"c\"\nx ::= x y | \"\"\ny ::= x \"a\" | \"b\" x", "abc", 6, 2);
}

TEST_CASE("stepper: cycles through shared parts of bodies are cut") {
  check_ebnf("root ::= c | d\nc ::= (c | d) \"x\"\nd ::= (c | d) \"x\" | \"q\"", "xq", 6, 1);
  check_ebnf("root ::= c | d\nd ::= (c | d) \"x\"\nc ::= (c | d) \"x\" | \"q\"", "xq", 6, 1);
  check_ebnf("root ::= c | d\nc ::= \"x\" (c | d) \"z\"\nd ::= \"y\" \"x\" (c | d) \"z\" | \"q\"",
             "xyzq", 7, 5);
  check_ebnf(
      "root ::= (c | d) \"z\"\nd ::= \"x\" (c | d) \"z\"\nc ::= \"y\" \"x\" (c | d) \"z\" | \"q\"",
      "xyzq", 7, 5);
}

TEST_CASE("stepper: random grammars against the naive matcher") {
  std::mt19937 random(41);
  int checked = 0;
  for (int round = 0; round < 500; ++round) {
    const uint32_t seed = static_cast<uint32_t>(random());
    auto build = [seed](Grammar& g) {
      std::mt19937 r(seed);
      ExprPool& p = g.pool;
      uint32_t rules = 1 + r() % 4;
      for (uint32_t i = 0; i < rules; ++i) {
        g.add_rule("r", r() % 3 == 0 ? RuleUse::kCall : RuleUse::kAuto);
      }
      for (uint32_t i = 0; i < rules; ++i) {
        std::vector<Expr> branches;
        for (uint32_t b = 0; b < 1 + r() % 3; ++b) {
          Expr branch = p.epsilon();
          for (uint32_t e = 0; e < r() % 4; ++e) {
            Expr part = r() % 2 ? p.literal(r() % 2 ? "a" : "b") : p.call(r() % rules);
            if (r() % 6 == 0) part = p.star(part);
            if (r() % 6 == 0) part = p.optional(part);
            if (r() % 9 == 0) part = p.repeat(part, 1, 2);
            branch = p.seq(part, branch);
          }
          branches.push_back(branch);
        }
        g.define(i, p.alt(branches));
      }
      g.root = 0;
    };
    Result<std::unique_ptr<Automaton>> a = Automaton::create(build_grammar(build), {});
    INFO("round " << round);
    if (a.ok()) {
      check_language(build, "ab", 5, 6);
      ++checked;
      continue;
    }
    Grammar model = build_grammar(build);
    NaiveMatcher naive(model);
    for (const std::string& s : all_strings("ab", 5)) REQUIRE_FALSE(naive.accepts(s));
  }
  CHECK(checked > 300);
}

TEST_CASE("stepper: bytes that can be read are those that are not refused") {
  for (const char* text :
       {"root ::= \"(\" root \")\" | w? \"x\"\nw ::= [a-c]+ v\nv ::= \"!\" v \"?\" | \"\"",
        "root ::= root \"+\" t | t\nt ::= \"(\" root \")\" | [0-9]+",
        "root ::= o o o \"z\"\no ::= \"<\" o \">\" | [\xC3\xA9] | \"\""}) {
    std::unique_ptr<Automaton> a = make_automaton(ebnf(text));
    State* start = a->start(a->grammar().root);
    for (const std::string& s : all_strings("(ax+1<>!z", 3)) {
      ByteWalk walk(start);
      if (!walk.read(s)) continue;
      ByteSet live = walk.live();
      for (int b = 0; b < 256; ++b) {
        ByteWalk next(start);
        next.read(s);
        REQUIRE(live.has(static_cast<uint8_t>(b)) ==
                next.read(std::string(1, static_cast<char>(b))));
      }
    }
  }
}

TEST_CASE("stepper: left recursion needs no more stack than one call") {
  std::unique_ptr<Automaton> a = make_automaton(
      ebnf("root ::= root \"+\" t | t\nt ::= t \"*\" f | f\nf ::= \"(\" root \")\" | [0-9]"));
  ByteWalk walk(a->start(a->grammar().root));
  for (int i = 0; i < 20000; ++i) REQUIRE(walk.read("1*2+"));
  CHECK(walk.parses().size() <= 3);
  for (const Config& c : walk.parses()) {
    if (c.stack) CHECK(c.stack->begin()->parent == nullptr);
  }
  CHECK(a->state_count() < 40);
}

TEST_CASE("stepper: ambiguity costs at most one stack node a rule and position") {
  SUBCASE("left and right at once, as tail and head") {
    std::unique_ptr<Automaton> a = make_automaton(ebnf("root ::= root root | \"a\""));
    ByteWalk walk(a->start(a->grammar().root));
    for (int i = 0; i < 300; ++i) {
      REQUIRE(walk.read("a"));
      REQUIRE(walk.complete());
      REQUIRE(walk.parses().size() <= 4);
    }
    CHECK(walk.stepper().work()->used() < 20000);
  }
  SUBCASE("every way to bracket, inside a rule that is called") {
    std::unique_ptr<Automaton> a =
        make_automaton(ebnf("root ::= \"[\" s \"]\"\ns ::= s s | \"a\" | \"(\" s \")\""));
    ByteWalk walk(a->start(a->grammar().root));
    REQUIRE(walk.read("["));
    for (int i = 0; i < 300; ++i) {
      REQUIRE(walk.read(i % 3 ? "a" : "(a)"));
      REQUIRE(walk.parses().size() <= 8);
    }
    REQUIRE(walk.read("]"));
    CHECK(walk.complete());
  }
  SUBCASE("palindromes: as many parses as positions, no more") {
    std::unique_ptr<Automaton> a = make_automaton(ebnf("root ::= \"a\" root \"a\" | \"a\""));
    ByteWalk walk(a->start(a->grammar().root));
    for (size_t i = 1; i <= 200; ++i) {
      REQUIRE(walk.read("a"));
      REQUIRE(walk.parses().size() <= 2 * i + 2);
      REQUIRE(walk.complete() == (i % 2 == 1));
    }
  }
  SUBCASE("three ways through every pair") {
    std::unique_ptr<Automaton> a =
        make_automaton(ebnf("root ::= x root y | z root | \"\"\nx ::= \"a\" \"\"\ny ::= \"a\"\nz "
                            "::= \"a\" \"a\" | \"a\""));
    ByteWalk walk(a->start(a->grammar().root));
    for (size_t i = 1; i <= 150; ++i) {
      REQUIRE(walk.read("a"));
      REQUIRE(walk.parses().size() <= 8 * i + 8);
      REQUIRE(walk.complete());
    }
    CHECK(walk.stepper().work()->used() < 10000000);
  }
}

TEST_CASE("stepper: a hundred thousand levels") {
  constexpr int kDepth = 100000;
  std::unique_ptr<Automaton> a = make_automaton(ebnf(
      "root ::= v\nv ::= \"[\" (v (\",\" v)*)? \"]\" | \"{\" p? \"}\" | \"1\"\np ::= \"k:\" v"));
  ByteWalk walk(a->start(a->grammar().root));
  for (int i = 0; i < kDepth; ++i) REQUIRE(walk.read(i % 2 ? "{k:" : "["));
  CHECK(walk.parses().size() == 1);
  REQUIRE(walk.read("1"));
  for (int i = kDepth; i-- > 0;) {
    CHECK_FALSE(walk.complete());
    REQUIRE(walk.read(i % 2 ? "}" : "]"));
  }
  CHECK(walk.complete());
  CHECK_FALSE(walk.read("]"));
  CHECK(a->state_count() < 60);
}

TEST_CASE("stepper: returns through many callers that may end") {
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= \"a\" root \"b\"? | \"d\" root \"c\"? | \"\""));
  ByteWalk walk(a->start(a->grammar().root));
  for (int i = 0; i < 500; ++i) REQUIRE(walk.read("ad"));
  CHECK(walk.complete());
  std::vector<Config> all;
  walk.stepper().returns(walk.parses(), 0, walk.parses().size(), &all);
  CHECK(all.size() > 900);
  for (int i = 0; i < 500; ++i) {
    REQUIRE(walk.read(i % 7 ? "c" : "cb"));
    REQUIRE(walk.complete());
  }
  CHECK_FALSE(walk.read("c"));
}

TEST_CASE("stepper: of a crowd of parses over one stack, one is left") {
  constexpr int kRules = 10;
  std::string source = "root ::= n0\ne ::= \"a\"?\n";
  auto rule = [](int i) { return "n" + std::to_string(i % kRules); };
  for (int i = 0; i < kRules; ++i) {
    source += rule(i) + " ::= e " + rule(i * 3 + 1) + " \"c\" | e " + rule(i * 7 + 2) + " " +
              rule(i + 1) + " | \"x\"\n";
  }
  std::unique_ptr<Automaton> a = make_automaton(ebnf(source));
  ByteWalk walk(a->start(a->grammar().root));
  REQUIRE(walk.read(std::string(20, 'x')));
  std::set<const StackNode*> stacks;
  for (const Config& c : walk.parses()) stacks.insert(c.stack);
  CHECK(stacks.size() > 64);
  CHECK(stacks.size() == walk.parses().size());
  CHECK(walk.read(std::string(19, 'c')));
  CHECK(walk.complete());
}

TEST_CASE("stepper: a row of frames that return to one state is left at once") {
  std::unique_ptr<Automaton> a = make_automaton(ebnf("root ::= \"a\" root \"b\"? | \"\""));
  ByteWalk walk(a->start(a->grammar().root));
  for (int i = 0; i < 1000; ++i) REQUIRE(walk.read("a"));
  CHECK(walk.complete());
  std::vector<Config> all;
  walk.stepper().returns(walk.parses(), 0, walk.parses().size(), &all);
  CHECK(all.size() < 5);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(walk.read("b"));
    REQUIRE(walk.complete());
  }
  CHECK_FALSE(walk.read("b"));
}

TEST_CASE("stepper: a limit of the automaton is reported, not taken for a refusal") {
  AutomatonOptions options;
  options.limits.max_states = 5;
  std::unique_ptr<Automaton> a = make_automaton(ebnf("root ::= \"abcdefghij\""), options);
  ByteWalk walk(a->start(a->grammar().root));
  REQUIRE(walk.read("abcd"));
  CHECK_FALSE(walk.stepper().failed());
  CHECK_FALSE(walk.read("e"));
  CHECK(walk.stepper().failed());
  CHECK(a->over_limit());
  CHECK(a->limit_error().code == Status::kLimitExceeded);
  CHECK(a->limit_error().message.find("max_states = 5") != std::string::npos);
  walk.stepper().clear_failed();
  CHECK_FALSE(walk.read("x"));
  CHECK_FALSE(walk.stepper().failed());
}

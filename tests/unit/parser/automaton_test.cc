// Lazily determinised fragments and their closures: parser/automaton.cc, closure_builder.cc.
#include "parser/automaton.h"

#include <algorithm>
#include <array>
#include <map>
#include <thread>

#include "../core_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

State* walk(State* s, std::string_view text) {
  for (char c : text) {
    if (s) s = Automaton::step(s, static_cast<uint8_t>(c));
  }
  return s;
}

State* root_of(Automaton& a) { return a.start(a.grammar().root); }

}  // namespace

TEST_CASE("automaton: equal positions are one state") {
  std::unique_ptr<Automaton> a = make_automaton(ebnf("root ::= [a-z]+ \".\""));
  State* start = root_of(*a);
  State* q = walk(start, "q");
  CHECK(q == walk(start, "zz"));
  CHECK(q == walk(q, "abc"));
  CHECK(walk(q, "A") == nullptr);
  State* end = walk(q, ".");
  CHECK(end->nullable);
  CHECK_FALSE(q->nullable);
  CHECK(walk(end, "a") == nullptr);
  CHECK(a->state_count() == 3);
  for (size_t i = 0; i < 3; ++i) CHECK(a->state(i)->index == i);
  CHECK(a->start(a->grammar().root) == start);
}

TEST_CASE("automaton: states are made where somebody walks") {
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= [a-z]{0,4000} \".\" | [0-9]{7,90000}"));
  State* start = root_of(*a);
  CHECK(a->state_count() == 1);
  walk(start, std::string(10, 'x'));
  CHECK(a->state_count() == 11);
  walk(start, std::string(10, 'y'));
  CHECK(a->state_count() == 11);
  State* full = walk(start, std::string(4000, 'x'));
  REQUIRE(full != nullptr);
  CHECK(walk(full, "x") == nullptr);
  CHECK(walk(full, ".") != nullptr);
  CHECK(a->memory_bytes() < 10 << 20);
}

TEST_CASE("automaton: one set out of ten thousand strings") {
  std::vector<std::string> strings;
  for (int i = 0; i < 10000; ++i) strings.push_back("name_" + std::to_string(i * 7919 % 10007));
  std::unique_ptr<Automaton> a = make_automaton(build_grammar([&](Grammar& g) {
    g.root = g.add_rule("root");
    g.define(g.root, g.pool.seq(g.pool.string_set(strings), g.pool.literal("\"")));
  }));
  State* start = root_of(*a);
  State* end = walk(start, strings[5000] + "\"");
  REQUIRE(end != nullptr);
  CHECK(end->nullable);
  CHECK(a->state_count() < 20);
  CHECK(a->grammar().pool.size() < 500);
  CHECK(walk(start, "name_x") == nullptr);
  CHECK(walk(start, "name_\"") == nullptr);
}

TEST_CASE("automaton: bytes that lead to the same state share a class") {
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= [a-f] \"1\" | [d-k] \"2\" | [^a-z]"));
  const ByteClasses& classes = *root_of(*a)->classes;
  std::map<uint8_t, std::string> members;
  for (int b = 'a'; b <= 'z'; ++b) members[classes.of[b]] += static_cast<char>(b);
  CHECK(members.size() == 4);
  CHECK(members[0] == "lmnopqrstuvwxyz");
  CHECK(members[classes.of['a']] == "abc");
  CHECK(members[classes.of['d']] == "def");
  CHECK(members[classes.of['g']] == "ghijk");
  for (int b : {0xC0, 0xC1, 0xF5, 0xFF, 0x80}) CHECK(classes.of[b] == 0);
  CHECK(classes.of[0xC3] == classes.of[0xC4]);
  CHECK(classes.of[0xE0] != classes.of[0xE1]);
}

TEST_CASE("automaton: a loop has the lead bytes of which it reads all characters") {
  for (const char* without :
       {"\\u00e9", "\\u0800", "\\u0fff-\\u1000", "\\ud7ff", "\\ue000", "\\U00010000", "\\U0010ffff",
        "\\u0080-\\U0010ffff", "\\u0100-\\uffff", "\\u3002"}) {
    Grammar g = ebnf("root ::= [^" + std::string(without) + "]*");
    const CharSet set = g.pool.charset(g.pool.node(g.pool.node(g.rules[0].body).a).a);
    auto a = make_automaton(std::move(g));
    State* start = a->start(0);
    INFO(without);
    REQUIRE(start->has_loop);
    std::array<bool, 256> all;
    all.fill(true);
    std::string utf8;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
      if (c >= 0xD800 && c <= 0xDFFF) continue;
      utf8.clear();
      append_utf8(c, &utf8);
      if (!set.contains(c)) all[static_cast<uint8_t>(utf8[0])] = false;
    }
    for (int b = 0; b < 0x80; ++b) CHECK(start->loop.bytes.has(static_cast<uint8_t>(b)));
    for (int b = 0xC2; b <= 0xF4; ++b) {
      CHECK(start->loop.bytes.has(static_cast<uint8_t>(b)) == all[static_cast<size_t>(b)]);
    }
  }
}

TEST_CASE("automaton: loops over characters") {
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= \"1\" [^\"\\\\]* \"\\\"\" | \"2\" ([a-z] | \"\\\\\" [nt])* "
                          "\"!\" | \"3\" [a-z]{3,9} | \"4\" "
                          "\"xy\"*"));
  State* start = root_of(*a);
  CHECK_FALSE(start->has_loop);
  State* text = walk(start, "1");
  REQUIRE(text->has_loop);
  CHECK(text->loop.rounds == kUnbounded);
  for (int b = 0; b < 256; ++b)
    CHECK(text->loop.bytes.has(static_cast<uint8_t>(b)) == (b != '"' && b != '\\'));
  State* escaped = walk(start, "2");
  REQUIRE(escaped->has_loop);
  CHECK(escaped->loop.bytes.has('n'));
  CHECK_FALSE(escaped->loop.bytes.has('\\'));
  State* counted = walk(start, "3ab");
  REQUIRE(counted->has_loop);
  CHECK(counted->loop.rounds == 7);
  CHECK_FALSE(walk(start, "4")->has_loop);
}

TEST_CASE("automaton: alternatives without strings leave no trace") {
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= [a-z]* d | \"x\" | \"y\" ([0-9]* d | \"1\")\nd ::= \"#\" d"));
  State* start = root_of(*a);
  CHECK_FALSE(start->has_loop);
  CHECK(walk(start, "a") == nullptr);
  State* y = walk(start, "y");
  REQUIRE(y != nullptr);
  CHECK_FALSE(y->has_loop);
  CHECK(walk(y, "2") == nullptr);
  CHECK(walk(y, "1")->nullable);
}

TEST_CASE("automaton: states that differ in far counters only have the same canonical state") {
  AutomatonOptions options;
  options.reach = 16;
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= \"\\\"\" [a-z]{0,4000} \"\\\"\""), options);
  State* early = walk(root_of(*a), "\"ab");
  State* late = walk(root_of(*a), "\"" + std::string(3900, 'q'));
  State* nearly = walk(root_of(*a), "\"" + std::string(3990, 'q'));
  CHECK(early != late);
  CHECK(Automaton::canonical(early) == Automaton::canonical(late));
  CHECK(Automaton::canonical(nearly) == nearly);
  State* c = Automaton::canonical(early);
  CHECK(Automaton::canonical(c) == c);
  CHECK(c->loop.rounds == kUnbounded);
}

TEST_CASE("closure: several calls of one rule are one entry") {
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= v \"1\" | v \"2\" | w \"3\" | \"x\"\nw ::= v \"4\" | \"<\" w "
                          "\">\"\nv ::= \"(\" v \")\" | \"y\""));
  State* start = root_of(*a);
  const Closure* c = Automaton::closure(start);
  REQUIRE(c != nullptr);
  CHECK(c == Automaton::closure(start));
  CHECK(c->entry_count == 3);
  CHECK(c->entries[0].state == start);
  CHECK(c->entries[0].edge_count == 0);
  size_t edges = 0;
  for (uint32_t k = 1; k < c->entry_count; ++k) {
    const ClosureEntry& e = c->entries[k];
    CHECK(e.edge_count > 0);
    edges += e.edge_count;
    for (uint32_t x = 0; x < e.edge_count; ++x) CHECK(c->edges[e.edge_begin + x].parent < k);
  }
  CHECK(edges == 3);  // v from root (with "1" or "2"), v from w, w from root
  std::string live;
  c->live.for_each([&](uint8_t b) { live += static_cast<char>(b); });
  CHECK(live == "(<xy");
}

TEST_CASE("closure: a chain of rules, callers first") {
  std::unique_ptr<Automaton> a = make_automaton(build_grammar([](Grammar& g) {
    ExprPool& p = g.pool;
    constexpr RuleId kRules = 200;
    for (RuleId r = 0; r < kRules; ++r) g.add_rule("r", RuleUse::kCall);
    // Every rule calls the next ones, in both orders of their numbers.
    for (RuleId r = 0; r < kRules; ++r) {
      std::vector<Expr> branches{p.literal(std::string(1, static_cast<char>('a' + r % 26)))};
      for (RuleId step : {1u, 3u, 7u}) {
        if (r + step < kRules) branches.push_back(p.seq(p.call(r + step), p.literal(";")));
      }
      g.define(r, p.alt(branches));
    }
    g.root = 0;
  }));
  const Closure* c = Automaton::closure(root_of(*a));
  REQUIRE(c != nullptr);
  CHECK(c->entry_count == 200);
  for (uint32_t k = 1; k < c->entry_count; ++k) {
    const ClosureEntry& e = c->entries[k];
    for (uint32_t x = 0; x < e.edge_count; ++x) CHECK(c->edges[e.edge_begin + x].parent < k);
  }
}

TEST_CASE("automaton: a stack is kept in calls, not in states") {
  for (const char* text :
       {"root ::= \"(\" root \")\" | \"q\"",
        "root ::= c | d\nc ::= \"x\" (c | d) \"z\"\nd ::= \"(\" \"x\" (c | d) \"z\" | \"q\"",
        "root ::= a\na ::= \"(\" b \")\" | \"q\"\nb ::= \"(\" a \")\" | a \"!\"?"}) {
    std::unique_ptr<Automaton> a = make_automaton(ebnf(text));
    ByteWalk walk(root_of(*a));
    std::string_view opening =
        std::string_view(text).find("\"x\"") == std::string_view::npos ? "(" : "(x";
    for (int i = 0; i < 500; ++i) REQUIRE(walk.read(opening));
    CHECK(a->state_count() < 40);
    CHECK(a->grammar().pool.size() < 200);
  }
}

TEST_CASE("automaton: a rule linked to another automaton") {
  std::unique_ptr<Automaton> other =
      make_automaton(ebnf("root ::= \"[\" root* \"]\" | item\nitem ::= [a-c]+"));
  Grammar g = ebnf("root ::= \"<\" part \">\" part?\npart ::= \"to be replaced\"");
  RuleId part = rule_named(g, "part");
  g.rules[part].use = RuleUse::kShare;
  std::unique_ptr<Automaton> a = make_automaton(std::move(g));
  a->link(part, other.get(), other->grammar().root);
  CHECK(a->start(part) == root_of(*other));
  CHECK(accepts(*a, "<ab>"));
  CHECK(accepts(*a, "<[ab[c]]>[[]]"));
  CHECK_FALSE(accepts(*a, "<[>"));
  CHECK_FALSE(accepts(*a, "<to be replaced>"));
}

TEST_CASE("automaton: rules added later") {
  std::unique_ptr<Automaton> a = make_automaton(ebnf("root ::= \"a\""));
  State* before = root_of(*a);
  RuleId added = 0;
  MaybeError e = a->extend([&](Grammar& g) {
    added = g.add_rule("added", RuleUse::kShare);
    ExprPool& p = g.pool;
    g.define(added, p.alt(p.seq({p.literal("("), p.call(added), p.literal(")")}), p.literal("x")));
  });
  REQUIRE_FALSE(e.has_value());
  CHECK(root_of(*a) == before);
  ByteWalk walk(a->start(added));
  CHECK(walk.read("((x))"));
  CHECK(walk.complete());
}

TEST_CASE("automaton: left-recursive rules marked to be shared") {
  for (RuleUse use : {RuleUse::kCall, RuleUse::kShare}) {
    auto build = [use](Grammar& g) {
      g = ebnf(
          "root ::= \"<\" e \">\" | e\ne ::= e \"+\" t | t\nt ::= t \"*\" u | u \"?\"\nu ::= t "
          "\"!\" | \"1\" | \"(\" e \")\"");
      for (const char* name : {"e", "t", "u"}) g.rules[rule_named(g, name)].use = use;
    };
    check_language(build, "<>+*1?!()", 4, 6);
    std::unique_ptr<Automaton> a = make_automaton(build_grammar(build));
    CHECK(accepts(*a, "<1?*1+(1?!?+1?)?>"));
    CHECK_FALSE(accepts(*a, "<1?*1+(1?!?+1?)>"));
  }
}

TEST_CASE("automaton: a grammar without strings is refused") {
  Result<std::unique_ptr<Automaton>> a = Automaton::create(ebnf("root ::= \"a\" root"), {});
  REQUIRE_FALSE(a.ok());
  CHECK(a.error().code == Status::kInvalidSource);
}

TEST_CASE("automaton: states made by several threads at once are each made once") {
  const char* text =
      "root ::= v\nv ::= \"[\" (v (\",\" v)*)? \"]\" | \"{\" (s \":\" v)* \"}\" | s | [0-9]+\ns "
      "::= \"'\" [^']{0,300} \"'\"";
  std::vector<std::string> inputs;
  for (int i = 0; i < 40; ++i) {
    inputs.push_back("[{'" + std::string(static_cast<size_t>(i * 3), 'k') +
                     "':[1,2,'\xC3\xA9']},[[],{}]," + std::to_string(i) + "]");
  }
  auto run = [&](Automaton& a, size_t from) {
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!accepts(a, inputs[(i + from) % inputs.size()])) return false;
    }
    return true;
  };
  std::unique_ptr<Automaton> one = make_automaton(ebnf(text)), many = make_automaton(ebnf(text));
  CHECK(run(*one, 0));
  std::vector<std::thread> threads;
  std::vector<char> ok(4, 0);
  for (size_t t = 0; t < ok.size(); ++t) {
    threads.emplace_back([&, t] { ok[t] = run(*many, t * 10); });
  }
  for (std::thread& t : threads) t.join();
  CHECK(std::count(ok.begin(), ok.end(), 1) == 4);
  CHECK(many->state_count() == one->state_count());
}

// Facts found before the first derivative: grammar/analysis.cc, expr_tables.cc.
#include "grammar/analysis.h"

#include <random>
#include <set>

#include "../core_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

constexpr std::array<uint64_t, 4> kAllBytes = {~0ull, ~0ull, ~0ull, ~0ull};

std::array<uint64_t, 4> only(std::string_view bytes) {
  ByteSet s;
  for (char b : bytes) s.add(static_cast<uint8_t>(b));
  return s.words;
}

Facts facts_of(Grammar& g) {
  Facts facts;
  MaybeError e = analyse(g, kAllBytes, &facts);
  if (e) MESSAGE(e->message);
  REQUIRE_FALSE(e.has_value());
  return facts;
}

std::string failure(const std::string& text, std::string_view bytes = {}) {
  Grammar g = ebnf(text);
  Facts facts;
  INFO(text);
  MaybeError e = analyse(g, bytes.empty() ? kAllBytes : only(bytes), &facts);
  REQUIRE(e.has_value());
  CHECK(e->code == Status::kInvalidSource);
  return e->message;
}

bool rule_nullable(Grammar& g, std::string_view name) {
  return g.pool.nullable(g.pool.call(rule_named(g, name)));
}
bool rule_dead(Grammar& g, std::string_view name) {
  return g.pool.dead(g.pool.call(rule_named(g, name)));
}

// Rules named in a body, without entering them.
std::set<RuleId> references(const Grammar& g, RuleId rule) {
  std::set<RuleId> out;
  std::vector<Expr> work{g.rules[rule].body};
  while (!work.empty()) {
    const Expr e = work.back();
    const ExprNode& n = g.pool.node(e);
    work.pop_back();
    if (n.kind == ExprKind::kCall) out.insert(n.a);
    if (n.kind == ExprKind::kSeq) work.insert(work.end(), {n.a, n.b});
    if (n.kind == ExprKind::kRepeat) work.push_back(n.a);
    if (n.kind == ExprKind::kAlt) {
      for (Expr c : g.pool.children(e)) work.push_back(c);
    }
  }
  return out;
}

// Whether rules that are expanded in place on the way from the root name one another in a cycle.
bool has_uncut_cycle(const Grammar& g, const Facts& facts) {
  std::vector<std::set<RuleId>> reach(g.rules.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (RuleId r = 0; r < g.rules.size(); ++r) {
      std::set<RuleId> now = reach[r];
      for (RuleId c : references(g, r)) {
        if (facts.rules[c].is_call) continue;
        now.insert(c);
        now.insert(reach[c].begin(), reach[c].end());
      }
      changed = changed || now != reach[r];
      reach[r] = now;
    }
  }
  std::set<RuleId> used{g.root};
  for (size_t before = 0; before != used.size();) {
    before = used.size();
    for (RuleId r : std::set<RuleId>(used)) used.merge(references(g, r));
  }
  for (RuleId r : used) {
    if (reach[r].count(r)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("analysis: nullable rules, through mutual recursion") {
  Grammar g = ebnf(
      "root ::= \"x\" a b c d e\na ::= b c | \"1\"\nb ::= c a b | \"\"\nc ::= b b | a\n"
      "d ::= e \"2\" | \"3\"\ne ::= d | a \"4\"");
  facts_of(g);
  for (const char* name : {"a", "b", "c"}) CHECK(rule_nullable(g, name));
  for (const char* name : {"root", "d", "e"}) CHECK_FALSE(rule_nullable(g, name));
  for (const char* name : {"root", "a", "b", "c", "d", "e"}) CHECK_FALSE(rule_dead(g, name));
}

TEST_CASE("analysis: rules without any string") {
  Grammar g = ebnf(
      "root ::= \"x\" | a | e\na ::= \"1\" b\nb ::= \"2\" a | c\nc ::= c\n"
      "d ::= a? \"4\"\ne ::= d | \"5\" a\nf ::= a* b{0,3}\nh ::= \"6\" b{1,3}");
  facts_of(g);
  for (const char* name : {"a", "b", "c", "h"}) CHECK(rule_dead(g, name));
  for (const char* name : {"root", "d", "e", "f"}) CHECK_FALSE(rule_dead(g, name));
  CHECK(rule_nullable(g, "f"));
}

TEST_CASE("analysis: a grammar without any string is an error that names the rule") {
  for (const char* text :
       {"root ::= root", "root ::= \"a\" root", "root ::= x\nx ::= y \"b\"\ny ::= \"a\" x",
        "root ::= root root", "root ::= \"a\" x \"b\"\nx ::= x | x x"}) {
    std::string message = failure(text);
    CHECK(message.find("\"root\"") != std::string::npos);
    CHECK(message.find("no valid string") != std::string::npos);
  }
}

TEST_CASE("analysis: text that no token can spell does not count") {
  CHECK(failure("root ::= \"abZ\"", "ab").find("vocabulary") != std::string::npos);
  failure("root ::= \"a\" [c-z]", "ab");
  failure("root ::= \"a\" [\xC3\xA0-\xC3\xBF]", std::string("ab\xC3"));
  failure("root ::= \"a\" x\nx ::= \"a\" x | \"Z\"", "ab");

  Grammar g = ebnf(
      "root ::= a | b | c | d\na ::= \"aZ\" | \"ab\"\nb ::= \"Z\" b | \"b\" e\n"
      "c ::= [Zb] | [\xC3\xA9]\nd ::= [^ab] a\ne ::= \"Z\"?");
  Facts facts;
  REQUIRE_FALSE(analyse(g, only("ab"), &facts).has_value());
  CHECK(rule_dead(g, "d"));
  for (const char* name : {"a", "b", "c", "e"}) CHECK_FALSE(rule_dead(g, name));
  CHECK(g.pool.dead(g.pool.literal("aZ")));
  CHECK_FALSE(g.pool.dead(g.pool.literal("ab")));
}

TEST_CASE("analysis: character sets are spelled by whole characters only") {
  // U+00E9 is C3 A9; the bytes of the alphabet spell U+00E8 (C3 A8) at most.
  Grammar g = ebnf("root ::= \"a\" | b | c\nb ::= [\xC3\xA9]\nc ::= [\xC3\xA8\xC3\xA9]");
  Facts facts;
  REQUIRE_FALSE(analyse(g, only("a\xC3\xA8"), &facts).has_value());
  CHECK(rule_dead(g, "b"));
  CHECK_FALSE(rule_dead(g, "c"));
}

TEST_CASE("analysis: string sets with strings that no token can spell") {
  Grammar g;
  g.root = g.add_rule("root");
  RuleId none = g.add_rule("none");
  g.define(none, g.pool.seq(g.pool.literal("b"), g.pool.string_set({"xZ", "xY", "W"})));
  g.define(g.root, g.pool.alt(g.pool.call(none), g.pool.string_set({"aZ", "aY", "xa", "xZ"})));
  Facts facts;
  REQUIRE_FALSE(analyse(g, only("abx"), &facts).has_value());
  CHECK(rule_dead(g, "none"));
  Derivatives d(g, facts);
  LinearForm form;
  d.expand(g.rules[g.root].body, &form);
  REQUIRE(form.bytes.size() == 1);  // nothing begins with a that can be ended, and none is dead
  CHECK(form.bytes[0].lo == 'x');
  CHECK_FALSE(g.pool.dead(form.bytes[0].next));
}

TEST_CASE("analysis: empty intersections with large sets are dead") {
  Grammar g;
  ExprPool& p = g.pool;
  Expr set = p.string_set({"red", "green", "blue"});
  Expr none = p.seq(p.literal("x"), p.intersect(set, p.literal("pink")));
  Expr some = p.seq(p.literal("y"), p.intersect(set, p.string_set({"pink", "blue"})));
  Expr rest = p.seq(p.literal("z"), p.intersect(p.complement(set), p.string_set({"red", "blue"})));
  g.root = g.add_rule("root");
  g.define(g.root, p.alt({none, some, rest}));
  Facts facts = facts_of(g);
  CHECK(p.dead(none));
  CHECK_FALSE(p.dead(some));
  CHECK(p.dead(rest));
  Derivatives d(g, facts);
  LinearForm form;
  d.expand(g.rules[g.root].body, &form);
  REQUIRE(form.bytes.size() == 1);
  CHECK(form.bytes[0].lo == 'y');
}

TEST_CASE("analysis: recursive rules are called, others expanded in place") {
  Grammar g =
      ebnf("root ::= word list\nword ::= [a-z]+\nlist ::= \"(\" item* \")\"\nitem ::= word | list");
  Facts facts = facts_of(g);
  CHECK_FALSE(facts.rules[rule_named(g, "word")].is_call);
  CHECK_FALSE(facts.rules[rule_named(g, "root")].is_call);
  CHECK_FALSE(has_uncut_cycle(g, facts));
  CHECK((facts.rules[rule_named(g, "list")].is_call || facts.rules[rule_named(g, "item")].is_call));
  g.rules[rule_named(g, "word")].use = RuleUse::kCall;
  CHECK(facts_of(g).rules[rule_named(g, "word")].is_call);
}

TEST_CASE("analysis: no cycle is left among rules expanded in place") {
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    Grammar g;
    ExprPool& p = g.pool;
    uint32_t rules = 1 + random() % 6;
    for (uint32_t r = 0; r < rules; ++r) g.add_rule("r");
    // Few different parts, so that bodies share them.
    std::vector<Expr> parts{p.literal("a"), p.literal("b")};
    for (uint32_t r = 0; r < rules; ++r) parts.push_back(p.call(r));
    for (int i = 0; i < 8; ++i) {
      Expr x = parts[random() % parts.size()], y = parts[random() % parts.size()];
      parts.push_back(random() % 3 == 0 ? p.alt(x, y) : p.seq(x, y));
    }
    for (uint32_t r = 0; r < rules; ++r) {
      g.define(r, p.alt(p.literal("c"), parts[random() % parts.size()]));
    }
    g.root = 0;
    Facts facts = facts_of(g);
    REQUIRE_FALSE(has_uncut_cycle(g, facts));
  }
}

TEST_CASE("analysis: left-recursive rules form components") {
  Grammar g = ebnf(
      "root ::= e \";\" h? r\ne ::= e \"+\" t | t\nt ::= u \"*\" | \"1\"\nu ::= t \"/\" | \"(\" e "
      "\")\"\n"
      "h ::= o h \"b\" | \"a\"\no ::= \"c\"?\nr ::= \"x\" r \"y\" | \"\"");
  for (const char* name : {"e", "t", "u", "h", "r"})
    g.rules[rule_named(g, name)].use = RuleUse::kCall;
  Facts facts = facts_of(g);
  auto scc = [&](const char* name) { return facts.rules[rule_named(g, name)].left_scc; };
  CHECK(scc("root") < 0);
  CHECK(scc("r") < 0);
  CHECK(scc("e") >= 0);
  CHECK(scc("h") >= 0);
  CHECK(scc("t") >= 0);
  CHECK(scc("t") == scc("u"));
  CHECK(scc("t") != scc("e"));
  CHECK(scc("h") != scc("e"));
  CHECK(facts.left_sccs.size() == 3);
}

TEST_CASE("analysis: runs again after rules were added") {
  Grammar g = ebnf("root ::= \"a\" x\nx ::= \"b\" | x \"c\"");
  facts_of(g);
  RuleId y = g.add_rule("y"), z = g.add_rule("z");
  ExprPool& p = g.pool;
  g.define(y, p.alt(p.seq(p.call(z), p.literal("d")), p.epsilon()));
  g.define(z, p.seq(p.call(y), p.call(rule_named(g, "x"))));
  Facts facts = facts_of(g);
  CHECK(rule_nullable(g, "y"));
  CHECK_FALSE(rule_nullable(g, "z"));
  CHECK_FALSE(rule_nullable(g, "x"));
  CHECK(facts.rules.size() == 4);
  CHECK(facts.rules[rule_named(g, "x")].left_scc >= 0);
}

TEST_CASE("analysis: a hundred thousand rules in a row") {
  Grammar g;
  constexpr RuleId kRules = 100000;
  for (RuleId r = 0; r < kRules; ++r) g.add_rule("r");
  for (RuleId r = 0; r + 1 < kRules; ++r)
    g.define(r, g.pool.seq(g.pool.call(r + 1), g.pool.literal("a")));
  g.define(kRules - 1, g.pool.alt(g.pool.literal("b"), g.pool.call(0)));
  g.root = 0;
  Facts facts = facts_of(g);
  size_t calls = 0;
  for (const RuleFacts& f : facts.rules) calls += f.is_call;
  CHECK(calls == 1);
  CHECK_FALSE(g.pool.dead(g.pool.call(0)));
}

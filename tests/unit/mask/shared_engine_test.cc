// Equal rules of different grammars: mask/shared_engine.cc.
#include "mask/shared_engine.h"

#include "mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

// Every rule but the root is shared.
Grammar shared_grammar(const std::string& text) {
  Grammar g = ebnf(text);
  for (RuleId r = 0; r < g.rules.size(); ++r) {
    if (r != g.root) g.rules[r].use = RuleUse::kShare;
  }
  return g;
}

struct Linked {
  Linked(SharedEngine* shared, Grammar g)
      : automaton(make_automaton(std::move(g), automaton_options(shared->tokenizer(), Limits()))) {
    MaybeError e = shared->link_rules(automaton.get());
    REQUIRE_FALSE(e.has_value());
  }
  State* start(std::string_view rule) {
    return automaton->start(rule_named(automaton->grammar(), rule));
  }
  std::unique_ptr<Automaton> automaton;
};

struct Fixture {
  std::shared_ptr<const Tokenizer> tokenizer = make_tokenizer(with_bytes({"ab", "\",", "]]"}));
  SharedEngine shared{tokenizer, Limits()};
};

}  // namespace

TEST_CASE("shared engine: equal rules are one automaton, whatever they are called") {
  Fixture f;
  Linked a(&f.shared,
           shared_grammar("root ::= \"<\" s \">\"\ns ::= \"'\" ([^'\\\\] | \"\\\\\" [n'])* \"'\""));
  Linked b(&f.shared, shared_grammar("root ::= x text \"!\"\nx ::= [0-9]{2,5}\ntext ::= \"'\" "
                                     "(\"\\\\\" [n'] | [^'\\\\])* \"'\""));
  CHECK(a.start("s") == b.start("text"));
  CHECK(a.start("s")->automaton != a.automaton.get());
  CHECK(b.start("x") != b.start("text"));
  Linked c(&f.shared, shared_grammar("root ::= s\ns ::= \"'\" ([^'\\\\] | \"\\\\\" [n'x])* \"'\""));
  CHECK(c.start("s") != a.start("s"));
  CHECK(accepts(*a.automaton, "<'it\\'s'>"));
  CHECK(accepts(*b.automaton, "123'it\\'s'!"));
  CHECK(accepts(*c.automaton, "'\\x'"));
  CHECK_FALSE(accepts(*b.automaton, "123'\\x'!"));
}

TEST_CASE("shared engine: rules that call shared rules") {
  Fixture f;
  const char* text =
      "root ::= list\nlist ::= \"[\" (item (\",\" item)*)? \"]\"\nitem ::= word | num\nword ::= "
      "[a-z]+\nnum ::= [0-9]+";
  Linked a(&f.shared, shared_grammar(text));
  // Other numbers, other names, the same structure.
  Linked b(&f.shared, shared_grammar("root ::= \":\" l\nd ::= [0-9]+\nw ::= [a-z]+\ni ::= d | w\nl "
                                     "::= \"[\" (i (\",\" i)*)? \"]\""));
  CHECK(a.start("list") == b.start("l"));
  CHECK(a.start("item") == b.start("i"));
  // One letter less in the innermost rule: everything above differs, the rest is shared.
  Linked c(&f.shared, shared_grammar("root ::= l\nd ::= [0-9]+\nw ::= [a-y]+\ni ::= d | w\nl ::= "
                                     "\"[\" (i (\",\" i)*)? \"]\""));
  CHECK(c.start("d") == a.start("num"));
  CHECK(c.start("w") != a.start("word"));
  CHECK(c.start("i") != a.start("item"));
  CHECK(c.start("l") != a.start("list"));
  CHECK(accepts(*a.automaton, "[a,1,z]"));
  CHECK(accepts(*b.automaton, ":[a,1,z]"));
  CHECK_FALSE(accepts(*c.automaton, "[a,1,z]"));
}

TEST_CASE("shared engine: recursive groups") {
  Fixture f;
  Linked a(&f.shared, shared_grammar("root ::= v \";\"\nv ::= \"[\" (v (\",\" v)*)? \"]\" | o | "
                                     "\"1\"\no ::= \"{\" p* \"}\"\np ::= \"k\" v"));
  Linked b(&f.shared, shared_grammar("root ::= \"x\" w\nw ::= \"[\" (w (\",\" w)*)? \"]\" | q | "
                                     "\"1\"\nq ::= \"{\" r* \"}\"\nr ::= \"k\" w"));
  CHECK(a.start("v") == b.start("w"));
  CHECK(a.start("o") == b.start("q"));
  CHECK(a.start("p") == b.start("r"));
  Linked c(&f.shared, shared_grammar("root ::= v\nv ::= \"[\" (v (\",\" v)*)? \"]\" | o | \"1\"\no "
                                     "::= \"{\" p* \"}\"\np ::= \"k\" o"));
  CHECK(c.start("v") != a.start("v"));
  CHECK(c.start("p") != a.start("p"));
  for (const char* text : {"[1,{k[]k{}}];", "1;", "{};"}) CHECK(accepts(*a.automaton, text));
  CHECK(accepts(*c.automaton, "{k{}}"));
  CHECK_FALSE(accepts(*c.automaton, "{k1}"));
  CHECK(accepts(*c.automaton, "[1,[]]"));
}

TEST_CASE("shared engine: groups that differ only in who calls whom") {
  Fixture f;
  // x and y swap their parts: "a" then y, "b" then x.
  Linked a(&f.shared,
           shared_grammar(
               "root ::= x | \"#\" y\nx ::= \"(\" y \")\" | \"a\"\ny ::= \"[\" x \"]\" | \"b\""));
  Linked b(&f.shared,
           shared_grammar(
               "root ::= x | \"#\" y\ny ::= \"[\" x \"]\" | \"b\"\nx ::= \"(\" y \")\" | \"a\""));
  Linked c(&f.shared,
           shared_grammar(
               "root ::= x | \"#\" y\nx ::= \"(\" x \")\" | \"a\"\ny ::= \"[\" y \"]\" | \"b\""));
  Linked d(&f.shared,
           shared_grammar(
               "root ::= x | \"#\" y\nx ::= \"(\" y \")\" | \"a\"\ny ::= \"[\" y \"]\" | \"b\""));
  for (Linked* l : {&a, &b}) {
    CHECK(accepts(*l->automaton, "([a])"));
    CHECK_FALSE(accepts(*l->automaton, "((a))"));
    CHECK(accepts(*l->automaton, "#[(b)]"));
  }
  CHECK(accepts(*c.automaton, "((a))"));
  CHECK_FALSE(accepts(*c.automaton, "([a])"));
  CHECK(accepts(*d.automaton, "([[b]])"));
  CHECK_FALSE(accepts(*d.automaton, "([a])"));
}

TEST_CASE("shared engine: rules equal but for strings that look alike are told apart") {
  Fixture f;
  std::vector<Linked> all;
  const std::vector<std::string> bodies = {
      "\"ab\" \"c\"?",      "\"ab\" \"c\"*", "\"ab\" \"c\"+", "\"ab\" \"c\"{0,2}", "\"abc\"?",
      "\"a\" \"b\" \"c\"?", "[ab] \"c\"?",   "\"ba\" \"c\"?", "\"ab\" | \"c\"",    "\"ab\" [c]?"};
  for (const std::string& body : bodies)
    all.emplace_back(&f.shared, shared_grammar("root ::= r\nr ::= " + body));
  for (size_t i = 0; i < all.size(); ++i) {
    Linked again(&f.shared, shared_grammar("root ::= \"!\" same\nsame ::= " + bodies[i]));
    CHECK(again.start("same") == all[i].start("r"));
    Grammar model = ebnf("root ::= " + bodies[i]);
    NaiveMatcher naive(model);
    for (const std::string& s : all_strings("abc", 5)) {
      REQUIRE(accepts(*all[i].automaton, s) == naive.accepts(s));
    }
  }
}

TEST_CASE("shared engine: left recursion in shared rules") {
  Fixture f;
  const std::string text =
      "root ::= \"<\" e \">\"\ne ::= e \"+\" t | t\nt ::= t \"*\" u | u \"?\"\nu ::= t \"!\" | "
      "\"1\" | \"(\" e \")\"";
  const std::string wrapped =
      "root ::= w\nw ::= \"<\" e \">\"\ne ::= e \"+\" t | t\nt ::= t \"*\" u | u \"?\"\nu ::= t "
      "\"!\" | \"1\" | \"(\" e \")\"";
  for (const std::string& grammar : {text, wrapped, text, wrapped}) {
    Linked l(&f.shared, shared_grammar(grammar));
    Grammar model = ebnf(grammar);
    NaiveMatcher naive(model);
    for (const std::string& s : all_strings("+*1?!", 5)) {
      std::string whole = "<" + s + ">";
      REQUIRE(accepts(*l.automaton, whole) == naive.accepts(whole));
    }
    CHECK(accepts(*l.automaton, "<1?*1+(1?!?+1?)?>"));
  }
}

TEST_CASE("shared engine: facts found again for old rules stay as they were") {
  Fixture f;
  // Indirect left recursion with empty parts, walked before and after more rules arrive.
  const std::string text =
      "root ::= w\nw ::= \"<\" x \">\"\nx ::= y \"a\" | o x \"c\" | \"\"\ny ::= x o | \"b\"\no ::= "
      "\"d\"?";
  Grammar model = ebnf(text);
  NaiveMatcher naive(model);
  std::vector<std::string> strings;
  for (const std::string& s : all_strings("abcd", 4)) strings.push_back("<" + s + ">");
  Linked first(&f.shared, shared_grammar(text));
  for (const std::string& s : strings) REQUIRE(accepts(*first.automaton, s) == naive.accepts(s));
  Linked other(&f.shared, shared_grammar("root ::= q\nq ::= q \"z\" | r\nr ::= q \"y\" | \"x\""));
  CHECK(accepts(*other.automaton, "xyzz"));
  Linked again(&f.shared, shared_grammar(text));
  CHECK(again.start("w") == first.start("w"));
  strings.clear();
  for (const std::string& s : all_strings("abcd", 5)) strings.push_back("<" + s + ">");
  for (const std::string& s : strings) REQUIRE(accepts(*again.automaton, s) == naive.accepts(s));
}

TEST_CASE("shared engine: memory is accounted for") {
  Fixture f;
  size_t before = f.shared.memory_bytes();
  Linked a(&f.shared, shared_grammar("root ::= s\ns ::= \"'\" [^']* \"'\""));
  accepts(*a.automaton, "'abc'");
  f.shared.masks().state_part(a.start("s"), {});
  CHECK(f.shared.memory_bytes() > before);
}

TEST_CASE("shared engine: states that are a matter of characters have their masks in common") {
  Fixture f;
  auto automaton = [&](const std::string& text, const Limits& limits = {}) {
    auto a = make_automaton(ebnf(text), automaton_options(*f.tokenizer, limits));
    a->share_states_with(&f.shared.automaton());
    return a;
  };
  auto a = automaton("root ::= [^\"]{2,} \"\\\"\"");
  auto b = automaton("root ::= x\nx ::= [^\"] [^\"] [^\"]* \"\\\"\" | [^\"]{3,} \"\\\"\"");
  State* after_two = Automaton::step(Automaton::step(a->start(0), 'p'), 'q');
  State* in_b = Automaton::step(Automaton::step(b->start(0), 'r'), 's');
  CHECK(after_two != in_b);
  CHECK(Automaton::canonical(after_two)->automaton == &f.shared.automaton());
  CHECK(Automaton::canonical(after_two) == Automaton::canonical(in_b));
  CHECK(Automaton::canonical(a->start(0)) != Automaton::canonical(after_two));
  // Few bytes, or calls: cheap, or not a matter of characters alone.
  auto digits = automaton("root ::= [0-9]+ \"!\"");
  CHECK(Automaton::canonical(digits->start(0))->automaton == digits.get());
  auto nested = automaton("root ::= [^(]+ | \"(\" root \")\"");
  CHECK(Automaton::canonical(nested->start(0))->automaton == nested.get());
}

TEST_CASE("shared engine: grammars that come and go do not fill it up") {
  std::shared_ptr<const Tokenizer> tokenizer = make_tokenizer(with_bytes({}));
  Limits limits;
  limits.max_states = 64 * 20;
  SharedEngine shared(tokenizer, limits);
  for (int i = 0; i < 200; ++i) {
    auto a = make_automaton(ebnf("root ::= [^\"]{" + std::to_string(i + 2) + ",} \"\\\"\""),
                            automaton_options(*tokenizer, limits));
    a->share_states_with(&shared.automaton());
    REQUIRE(Automaton::canonical(a->start(0)));
  }
  CHECK(shared.state_count() < 30);
  CHECK_FALSE(shared.automaton().over_limit());
}

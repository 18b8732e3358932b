// Grammar to EBNF text and back: grammar/printer.cc, char_steps.cc, ebnf_text.cc.
#include "grammar/printer.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "../naive_matcher.h"
#include "frontend/frontend.h"
#include "grammar/ebnf_text.h"

using namespace xgr::core;

namespace {

std::string print(Grammar& g) {
  Result<std::string> text = print_ebnf(g, Limits());
  if (!text.ok()) MESSAGE(text.error().message);
  REQUIRE(text.ok());
  return text.value();
}

Grammar parse(const std::string& text, const std::string& root = "root") {
  Result<Grammar> g = parse_ebnf(text, root, Limits());
  INFO(text);
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  return std::move(g).value();
}

std::string printed(const std::string& text, const std::string& root = "root") {
  Grammar g = parse(text, root);
  return print(g);
}

Grammar from_regex(const std::string& pattern) {
  Result<Grammar> g = parse_regex(pattern, Limits());
  REQUIRE(g.ok());
  return std::move(g).value();
}

// The printed grammar has the same language on `samples`, and prints as itself.
void check_round_trip(Grammar& g, const std::vector<std::string>& samples) {
  std::string text = print(g);
  INFO(text);
  Grammar back = parse(text);
  CHECK(print(back) == text);
  test::NaiveMatcher before(g), after(back);
  for (const std::string& s : samples) {
    INFO(s);
    CHECK(before.accepts(s) == after.accepts(s));
  }
}

std::vector<std::string> words(const std::string& letters, size_t longest) {
  std::vector<std::string> all{""};
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].size() == longest) break;
    for (char c : letters) all.push_back(all[i] + c);
  }
  return all;
}

// Random grammars over a and b.
class GrammarMaker {
 public:
  explicit GrammarMaker(uint32_t seed) : rng_(seed) {}
  std::string make() {
    std::string text;
    rules_ = 1 + rng_() % 4;
    for (uint32_t r = 0; r < rules_; ++r) text += name(r) + " ::= " + body(3) + "\n";
    return text;
  }

 private:
  static std::string name(uint32_t r) { return r == 0 ? "root" : "r" + std::to_string(r); }
  std::string body(int depth) {
    std::string s = sequence(depth);
    while (rng_() % 3 == 0) s += " | " + sequence(depth);
    return s;
  }
  std::string sequence(int depth) {
    std::string s = element(depth);
    while (rng_() % 2 == 0) s += " " + element(depth);
    return s;
  }
  std::string element(int depth) {
    static const char* const operators[] = {"*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,2}"};
    std::string s = atom(depth);
    if (rng_() % 4 == 0) s += operators[rng_() % 7];
    return s;
  }
  std::string atom(int depth) {
    static const char* const atoms[] = {"\"a\"", "\"b\"", "\"ab\"", "[ab]",
                                        "[^a]",  "\"\"",  "[b-]",   "\"\\\"\""};
    if (depth > 0 && rng_() % 3 == 0) return "(" + body(depth - 1) + ")";
    if (rng_() % 4 == 0) return name(rng_() % rules_);
    return atoms[rng_() % 8];
  }
  std::mt19937 rng_;
  uint32_t rules_ = 1;
};

}  // namespace

TEST_CASE("printer: plain grammars look as written") {
  const std::string text =
      "root ::= \"[\" (value (\",\" value)*)? \"]\"\n"
      "value ::= \"\" | [a-z]+ | \"-\"? [0-9]{1,9} | root\n";
  CHECK(printed(text) == text);
  CHECK(printed("root ::= ((\"a\") (\"b\" | (\"c\" \"d\")))\n") ==
        "root ::= \"a\" (\"b\" | \"c\" \"d\")\n");
  CHECK(printed("root ::= (\"a\" \"b\"){2,} (\"c\"+)? (\"d\"){0,-1} [] . [^a-c]") ==
        "root ::= []\n");
  CHECK(printed("root ::= (\"a\" \"b\"){2,} (\"c\"+)? (\"d\"){0,-1} . [^a-c]") ==
        "root ::= (\"a\" \"b\"){2,} \"c\"* \"d\"* [^] [^a-c]\n");
}

TEST_CASE("printer: characters are escaped so that they read back") {
  auto text = [](std::string_view s) {
    std::string out;
    append_ebnf_string(s, &out);
    return out;
  };
  CHECK(text("a\"b\\\n\r\t") == "\"a\\\"b\\\\\\n\\r\\t\"");
  CHECK(text(std::string_view("\0\x7F", 2)) == "\"\\u0000\\u007F\"");
  CHECK(text("\xE4\xBD\xA0\xF0\x9F\x98\x80") == "\"\xE4\xBD\xA0\xF0\x9F\x98\x80\"");
  CHECK(text("\xEF\xBB\xBF\xF4\x8F\xBF\xBF") == "\"\\uFEFF\\U0010FFFF\"");
  std::mt19937 rng(3);
  for (int round = 0; round < 300; ++round) {
    CharSet set;
    std::string literal;
    for (int i = 0; i < 6; ++i) {
      char32_t lo = rng() % (i % 2 ? 0x110000 : 0x100);
      set.add(lo, lo + rng() % 4);
      if (lo < 0xD800 || lo > 0xDFFF) append_utf8(lo, &literal);
    }
    if (round % 3 == 0) set = set.negated();
    std::string source = "root ::= ";
    append_ebnf_class(set, &source);
    source += "\ns ::= ";
    append_ebnf_string(literal, &source);
    Grammar g = parse(source);
    const ExprNode n = g.pool.node(g.rules[0].body), s = g.pool.node(g.rules[1].body);
    REQUIRE(n.kind == ExprKind::kClass);
    REQUIRE(g.pool.charset(n.a) == set);
    REQUIRE(g.pool.string(s.a) == literal);
  }
}

TEST_CASE("printer: random grammars keep their language and print as themselves") {
  const std::vector<std::string> samples = words("ab", 5);
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    Grammar g = parse(GrammarMaker(seed).make());
    check_round_trip(g, samples);
  }
}

TEST_CASE("printer: only what the root reaches, and the root is called root") {
  CHECK(printed("x ::= \"a\"\nstart ::= x\nunused ::= \"b\"\n", "start") ==
        "root ::= start\nx ::= \"a\"\nstart ::= x\n");
  CHECK(printed("root ::= \"a\"\nstart ::= root root\n", "start") ==
        "root ::= start\nroot_1 ::= \"a\"\nstart ::= root_1 root_1\n");
}

TEST_CASE("printer: long parts that are used again become rules") {
  const std::string big =
      "(\"abcdefghijklmnopqrstuvwxyz\" | \"ABCDEFGHIJKLMNOPQRSTUVWXYZ\" | [0-9]+)";
  std::string text = printed("root ::= " + big + " \",\" " + big + "\nunused ::= root");
  CHECK(text == "root ::= root_1 \",\" root_1\nroot_1 ::= " + big.substr(1, big.size() - 2) + "\n");
  CHECK(printed(text) == text);
  // Doubling 40 times over: the text must not.
  Grammar g;
  RuleId root = g.add_rule("root");
  Expr e = g.pool.literal("a");
  for (int i = 0; i < 40; ++i)
    e = g.pool.seq(g.pool.alt(e, g.pool.literal("b" + std::to_string(i))), e);
  g.define(root, e);
  std::string linear = print(g);
  CHECK(linear.size() < 6000);
  CHECK(printed(linear) == linear);
}

TEST_CASE("printer: deep grammars print without recursion") {
  std::string open, close;
  for (int i = 0; i < 20000; ++i) open += "(\"a\" | \"b\" ", close += " \"c\")*";
  std::string text = printed("root ::= " + open + "\"x\"" + close);
  CHECK(printed(text) == text);
}

TEST_CASE("printer: switches, string sets") {
  Grammar g;
  RuleId root = g.add_rule("root");
  std::vector<SwitchEdge> edges = {
      {'a', 'b', g.pool.literal("x")},
      {'c', 'c', g.pool.epsilon()},
      {'d', 'd', g.pool.alt(g.pool.literal("y"), g.pool.literal("z"))}};
  Expr set = g.pool.string_set({"b", "ab", "abc", "abd", "\xC3\xA9",
                                "\xC3\xA8"
                                "a",
                                ""});
  g.define(root, g.pool.seq(g.pool.optional(g.pool.switch_on(edges)), set));
  std::vector<std::string> samples = words("abcdxy", 4);
  for (const char* s : {"\xC3\xA9",
                        "c\xC3\xA8"
                        "a",
                        "\xC3\xA8"})
    samples.push_back(s);
  std::string text = print(g);
  INFO(text);
  Grammar back = parse(text);
  test::NaiveMatcher before(g), after(back);
  for (const std::string& s : samples) CHECK(before.accepts(s) == after.accepts(s));
  std::string second = print(back);
  CHECK(printed(second) == second);
}

TEST_CASE("printer: intersections and complements become right-linear rules") {
  const std::pair<const char*, const char*> cases[] = {
      {"[ab]*", "(.*aa.*)"},
      {"(ab|a)*", "(aba|b)*|a{2,4}"},
      {"[a-b\xC3\xA9]{1,4}", ".*\xC3\xA9.*"},
      {".{2,3}", "(a|\xE4\xBD\xA0|b)*"},
      {"a*b*", "(ab|b|aab)*"},
  };
  std::vector<std::string> samples = words("ab", 5);
  for (const std::string& w : words("ab", 2)) {
    for (const char* c : {"\xC3\xA9", "\xE4\xBD\xA0", "\xF0\x9F\x98\x80"}) {
      samples.push_back(w + c);
      samples.push_back(c + w);
    }
  }
  for (auto& [x, y] : cases) {
    for (int kind = 0; kind < 3; ++kind) {
      Grammar g = from_regex(x);
      Expr other = regex_expr(g, y, {}, Limits()).value();
      Expr& body = g.rules[0].body;
      if (kind > 0) other = g.pool.complement(other);
      body = kind == 2 ? other : g.pool.intersect(body, other);
      body = g.pool.seq(g.pool.optional(g.pool.literal("b")), body);
      INFO(x << " and " << y);
      std::string text = print(g);
      INFO(text);
      Grammar back = parse(text);
      test::NaiveMatcher before(g), after(back);
      for (const std::string& s : samples) CHECK(before.accepts(s) == after.accepts(s));
      CHECK(printed(print(back)) == print(back));
    }
  }
}

TEST_CASE("printer: a JSON Schema prints with all it is made of") {
  const char* schema = R"({"type": "object", "additionalProperties": false, "required": ["b"],
    "properties": {"a": {"type": "integer", "minimum": 3, "maximum": 120},
                   "b": {"type": "string", "pattern": "^[a-c]+x?$", "maxLength": 4},
                   "c": {"enum": ["one", 2, null]},
                   "d": {"type": "array", "items": {"$ref": "#"}, "maxItems": 2}}})";
  JsonSchemaOptions options;
  options.format.any_whitespace = false;
  Result<Grammar> parsed = parse_json_schema(schema, options, Limits());
  REQUIRE(parsed.ok());
  Grammar g = std::move(parsed).value();
  Grammar back = parse(print(g));
  test::NaiveMatcher before(g), after(back);
  std::vector<std::string> samples;
  for (const char* a : {"", R"("a": 7, )", R"("a": 121, )"}) {
    for (const char* b : {R"("b": "abx")", R"("b": "abcax")", R"("b": "x")"}) {
      for (const char* c : {"", R"(, "c": 2)", R"(, "c": "two")", R"(, "d": [{"b": "a"}])"}) {
        samples.push_back(std::string("{") + a + b + c + "}");
      }
    }
  }
  int accepted = 0;
  for (const std::string& s : samples) {
    INFO(s);
    bool expected = before.accepts(s);
    accepted += expected;
    CHECK(expected == after.accepts(s));
  }
  CHECK(accepted == 6);
}

TEST_CASE("printer: a language that needs too many rules is refused") {
  Grammar g = from_regex("[a-z]{0,200}");
  Expr other = regex_expr(g, "foo", RegexOptions::json_schema(), Limits()).value();
  g.rules[0].body = g.pool.intersect(g.rules[0].body, g.pool.complement(other));
  Limits few;
  few.max_states = 50;
  Result<std::string> text = print_ebnf(g, few);
  REQUIRE_FALSE(text.ok());
  CHECK(text.error().code == Status::kLimitExceeded);
  CHECK(text.error().message.find("more than 50 rules, its max_states") != std::string::npos);
}

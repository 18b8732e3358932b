// Lark text to grammars: frontend/lark/.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "../naive_matcher.h"
#include "frontend/frontend.h"
#include "frontend/lark/lark_regex.h"

using namespace xgr::core;

namespace {

Grammar parse(const std::string& text, const LarkOptions& options = {}) {
  Result<Grammar> g = parse_lark(text, options, Limits());
  INFO(text);
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  return std::move(g).value();
}

bool accepts(const std::string& lark, std::string_view text, const LarkOptions& options = {}) {
  Grammar g = parse(lark, options);
  return test::NaiveMatcher(g).accepts(text);
}

Error refused(const std::string& text, const LarkOptions& options = {},
              const Limits& limits = Limits()) {
  Result<Grammar> g = parse_lark(text, options, limits);
  INFO(text.substr(0, 200));
  REQUIRE_FALSE(g.ok());
  CHECK(g.error().message.size() < 400);
  return g.error();
}

void check_refused(const std::string& text, int32_t line, int32_t column, const std::string& part) {
  Error e = refused(text);
  INFO(text << " : " << e.message);
  CHECK(e.line == line);
  CHECK(e.column == column);
  CHECK(e.message.find(part) != std::string::npos);
}

const RuleAttributes* attributes_of(const Grammar& g, std::string_view rule) {
  for (const Rule& r : g.rules) {
    if (r.name == rule) return r.attributes.get();
  }
  return nullptr;
}

std::string repeated(std::string_view part, size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (size_t i = 0; i < times; ++i) out += part;
  return out;
}

std::string rewritten(std::string_view pattern, bool any_case = true, bool dot_all = true) {
  LarkPattern p(pattern, {any_case, dot_all});
  REQUIRE_FALSE(p.rewrite().has_value());
  return p.text();
}

}  // namespace

TEST_CASE("lark: errors say where and what was expected") {
  check_refused("start: \"é\" \"x", 1, 12, "closed by \" on its line");
  check_refused("start: a\na: \"é\" )", 2, 8, "closes nothing");
  check_refused("start: ( \"a\"\n]", 2, 1, "expected ')' for the bracket in line 1, column 8");
  check_refused("start: \"a\"\n\n  start: \"b\"", 3, 3, "defined twice, first in line 1");
  check_refused("start \"a\"", 1, 7, "expected ':' behind the name start, found '\"a\"'");
  check_refused("start: \"a\" @", 1, 12, "the name of a grammar behind @");
  check_refused("start: %json {\"type\": \"integer\",}", 1, 33, "in %json");
  check_refused("start: %lark {\n  start: nothing\n}", 2, 10, "nothing is not defined");
  check_refused("start: /a/\n%import common.NUL", 2, 16, "common has no terminal NUL");
  check_refused("start: A\nA: B\nB: \"x\" A", 3, 8, "A -> B -> A");
  check_refused("start: /ab[x/i", 1, 13, "missing terminating ]");
  check_refused("", 1, 1, "write start: ...");
}

TEST_CASE("lark: errors in named grammars carry the name and the place there") {
  LarkOptions options;
  options.named_sources = {{"a", "start: @b"}, {"b", "\nstart: \"x\" |\n  | oops"}};
  Error e = refused("start: @a", options);
  CHECK(e.message == "in @b: oops is not defined; add a line oops: ...");
  CHECK(e.line == 3);
  CHECK(e.column == 5);
}

TEST_CASE("lark: named grammars, from sources and from a function") {
  LarkOptions options;
  options.named_sources = {{"pair", "start: @item \":\" @item"}, {"item", "start: /[a-z]+/ @end"}};
  int calls = 0;
  options.named_grammar = [&](Grammar& g, std::string_view name) -> Result<Expr> {
    ++calls;
    if (name == "end") return g.pool.literal(";");
    return error_at(Status::kInvalidSource, "unknown", name, 0);
  };
  CHECK(accepts("start: @pair @end", "ab;:c;;", options));
  CHECK_FALSE(accepts("start: @pair @end", "ab;:c;", options));
  CHECK(calls == 2);  // once a grammar
  CHECK(refused("start: \"a\" @other", options).column == 12);
}

TEST_CASE("lark: special tokens") {
  LarkOptions options;
  options.special_token = [](std::string_view name) -> Result<TokenIds> {
    TokenIds ids;
    if (name == "<|tool|>") ids.add(7, 7), ids.add(9, 9);
    return ids;
  };
  Grammar g = parse("start: <|tool|> <[3,5-6]> <[^1]> <[*]>", options);
  std::vector<TokenIds> sets;
  for (Expr e = 0; e < g.pool.size(); ++e) {
    if (g.pool.node(e).kind == ExprKind::kTokens)
      sets.push_back(g.pool.token_ids(g.pool.node(e).a));
  }
  REQUIRE(sets.size() == 4);
  CHECK(sets[0].contains(9));
  CHECK_FALSE(sets[0].contains(8));
  CHECK(sets[1].contains(5));
  CHECK_FALSE(sets[1].contains(4));
  CHECK(sets[2].contains(0));
  CHECK_FALSE(sets[2].contains(1));
  CHECK(sets[3].contains(kMaxTokenId));
  CHECK(refused("start: <|other|>", options).message == "no token of the vocabulary is <|other|>");
  check_refused("start: <|tool|>", 1, 8, "needs a tokenizer");
  check_refused("start: <[1-2-3]>", 1, 13, "expected ',' or ']>'");
  check_refused("start: <[16777216]>", 1, 10, "at most 16777215");
}

TEST_CASE("lark: free text that goes over to tools by special tokens") {
  std::string text =
      "start: (a | b)* TEXT\na: TEXT <[5]> \"x\"\nb: TEXT <[6-7]> \"y\"\nTEXT: /(.|\\n)*/";
  Grammar g = parse(text);
  size_t sets = 0;
  for (Expr e = 0; e < g.pool.size(); ++e) sets += g.pool.node(e).kind == ExprKind::kTokens;
  CHECK(sets == 3);  // of a, of b, all others
  check_refused("start: a* TEXT\na: TEXT <[^5]> \"x\"\nTEXT: /.*/s", 2, 9, "not all others");
  check_refused(
      "start: (a | b)* TEXT\na: TEXT <[5]> \"x\"\nb: h \"y\"\nh[lazy]: TEXT \"t\"\nTEXT: /.*/s", 1,
      1, "all text or all special tokens");
}

TEST_CASE("lark: attributes of rules reach the grammar") {
  Grammar g = parse(
      "start: a b c d e\n"
      "a[max_tokens=7, capture, temperature=0.25]: \"x\"\n"
      "b[stop=/!+/, capture=\"body\", stop_capture=\"mark\"]: /[a-z]*/\n"
      "c[suffix=\"<end>\", capture=\"free\"]: TEXT\n"
      "d[lazy]: /[a-z]+/\n"
      "e[stop=\"<end>\"]: TEXT\n"
      "TEXT: /(.|\\n)*/");
  const RuleAttributes* a = attributes_of(g, "a");
  REQUIRE(a != nullptr);
  CHECK(a->max_tokens == 7);
  CHECK(a->capture == "a");
  CHECK(a->temperature == 0.25f);
  const RuleAttributes* b = attributes_of(g, "b");
  REQUIRE(b != nullptr);
  CHECK(b->capture == "body");
  CHECK(b->stop_capture == "mark");
  CHECK(b->hide_marker);
  CHECK(b->content != kNoExpr);
  const RuleAttributes* c = attributes_of(g, "c");
  REQUIRE(c != nullptr);
  CHECK(c->marker == g.pool.literal("<end>"));
  CHECK_FALSE(c->hide_marker);
  CHECK(attributes_of(g, "d") == nullptr);
  const RuleAttributes* e = attributes_of(g, "e");
  REQUIRE(e != nullptr);
  CHECK(e->hide_marker);
}

TEST_CASE("lark: text may be skipped behind lexemes and nowhere else") {
  std::string text =
      "%ignore \" \"\nstart: \"a\" T (\"b\" | u)* %lark { start: \"c\" \"d\" }\nT: \"x\" \"y\"\nu: "
      "\"\" \"z\"";
  for (const char* yes : {"axycd", "a xy b z cd ", "a  xy  b  b  cd  ", "axyz cd"}) {
    CHECK(accepts(text, yes));
  }
  for (const char* no : {" axycd", "ax ycd", "axyc d", "axyb\tcd"}) CHECK_FALSE(accepts(text, no));
  text = "%grammar_options {\"allow_initial_skip\": true}\n" + text;
  CHECK(accepts(text, "  a xycd"));
}

TEST_CASE("lark: templates are rules, one for each list of arguments") {
  Grammar g = parse(
      "start: l{\"a\", \",\"} l{\"b\" \"c\", \",\"} l{\"a\", \",\"}\nl{x, sep}: x | x sep l{x, "
      "sep}");
  size_t instances = 0;
  for (const Rule& r : g.rules) instances += r.name.starts_with("l");
  CHECK(instances == 2);
  CHECK(test::NaiveMatcher(g).accepts("a,abc,bca"));
  CHECK_FALSE(test::NaiveMatcher(g).accepts("a,bc"));
}

TEST_CASE("lark: patterns are rewritten for the regex front end") {
  CHECK(rewritten("aB1") == "(?s)[aA][Bb]1");
  CHECK(rewritten("ab", false, false) == "(?-s)ab");
  CHECK(rewritten("[^a-cQ\\x41é]") == "(?s)[^a-cQ\\x41éA-Cq-qa-a]");
  CHECK(rewritten("[]a]") == "(?s)[]aA-A]");
  CHECK(rewritten("\\u0062\\x{43}\\n\\cA\\d{2}") == "(?s)[bB][Cc]\\n\\cA\\d{2}");
  CHECK(rewritten("(?<ab>x)(?P<c>y)(?:z)(?#q)") == "(?s)(?<ab>[xX])(?P<c>[yY])(?:[zZ])(?#q)");
  CHECK(rewritten("\\Qa.\\Eb") == "(?s)[aA]\\.[bB]");
  CHECK(rewritten("^a$", false) == "(?s)(?:)a(?:)");
  CHECK(rewritten("[[:alpha:]_]", true) == "(?s)[[:alpha:]_]");
  LarkPattern p("a[b", {true, false});
  REQUIRE_FALSE(p.rewrite().has_value());
  CHECK(p.source_offset(p.text().size()) == 3);
  CHECK(p.source_offset(0) == 0);
}

TEST_CASE("lark: EBNF of Lark text has the same language") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"start: \"a\" B+\nB: /[x-z]{2}/\n%ignore \" \"", {"axy", "a xyzz ", "a", "ax y"}},
      {"start: l{\"a\"}\nl{x}: x | \"(\" l{x} \")\"", {"a", "((a))", "(a", ""}},
      {"start: r \"c\"\nr[suffix=\"b\"]: /[a-z]*/", {"aabc", "bc", "abbc", "c"}},
      {"start: t* x\nx: T\nh[lazy]: T \"<\"\nt: h \"b\"\nT: /(.|\\n)*/",
       {"a", "a<bc", "<b<b", "<a", "<"}},
      {"start: %json {\"enum\": [1, \"a\"]} \"!\"i", {"1!", "\"a\"!", "2!"}},
      {"start: A B\nA: /[ab]+/ & ~(/.*aa.*/ | B)\nB: \"b\" | C\nC: \"c\" & /[^d]/",
       {"abb", "abc", "aab", "bb", "babc", "a"}},
      {"start: e \"x\"\ne[lazy]: /(.|\\n)*q/ & ~/(?s:.*)b(?s:.*)/", {"aqx", "bqx", "qqx", "x"}},
  };
  for (const auto& [lark, texts] : cases) {
    Result<std::string> ebnf = lark_to_ebnf(lark, {}, Limits());
    REQUIRE(ebnf.ok());
    Result<Grammar> again = parse_ebnf(ebnf.value(), "root", Limits());
    INFO(ebnf.value());
    REQUIRE(again.ok());
    Grammar first = parse(lark);
    for (const std::string& text : texts) {
      CHECK(test::NaiveMatcher(again.value()).accepts(text) ==
            test::NaiveMatcher(first).accepts(text));
    }
  }
}

TEST_CASE("lark: several texts can share a grammar") {
  Grammar g;
  g.root = g.add_rule("root");
  Result<Expr> word = lark_expr(g, "start: item\nitem: \"a\" | \"b\"", {}, Limits());
  Result<Expr> number = lark_expr(g, "start: item\nitem: /[0-9]+/", {}, Limits());
  REQUIRE(word.ok());
  REQUIRE(number.ok());
  g.define(g.root, g.pool.alt(g.pool.seq(word.value(), number.value()), word.value()));
  for (const char* yes : {"a", "b0", "b123"}) CHECK(test::NaiveMatcher(g).accepts(yes));
  for (const char* no : {"", "0", "ab", "1a"}) CHECK_FALSE(test::NaiveMatcher(g).accepts(no));
}

namespace {

// The same random grammar as Lark and as EBNF.
class Twin {
 public:
  explicit Twin(uint32_t seed) : random_(seed) {
    for (int rule = 0; rule < 4; ++rule) {
      auto [l, e] = choice(3);
      lark += (rule == 0 ? "start" : "r" + std::to_string(rule)) + ": " + l + "\n";
      ebnf += (rule == 0 ? "root" : "r" + std::to_string(rule)) + " ::= " + e + "\n";
    }
  }
  std::string lark, ebnf;

 private:
  using Both = std::pair<std::string, std::string>;
  uint32_t pick(uint32_t n) { return random_() % n; }

  Both choice(int depth) {
    Both out = sequence(depth);
    for (uint32_t more = pick(3); more > 0; --more) {
      Both b = sequence(depth);
      out.first += (pick(4) == 0 ? "\n  | " : " | ") + b.first;
      out.second += " | " + b.second;
    }
    return out;
  }

  Both sequence(int depth) {
    const uint32_t parts = pick(4);
    if (parts == 0) return {"", "\"\""};
    Both out;
    for (uint32_t i = 0; i < parts; ++i) {
      Both b = element(depth);
      out.first += (i > 0 ? " " : "") + b.first;
      out.second += (i > 0 ? " " : "") + b.second;
    }
    return out;
  }

  Both element(int depth) {
    static constexpr const char* kRepeats[][2] = {
        {"", ""},   {"", ""},      {"?", "?"},        {"*", "*"},
        {"+", "+"}, {"~2", "{2}"}, {"{,2}", "{0,2}"}, {"~1..2", "{1,2}"}};
    Both out = atom(depth);
    const auto& repeat = kRepeats[pick(8)];
    return {out.first + repeat[0], out.second + repeat[1]};
  }

  Both atom(int depth) {
    const uint32_t kind = pick(depth > 0 ? 7 : 5);
    if (kind == 0) return {"\"a\"", "\"a\""};
    if (kind == 1) return {"\"bc\"", "\"bc\""};
    if (kind == 2) return {"\"a\"..\"c\"", "[a-c]"};
    if (kind == 3) return {"/[^b]c?/", "([^b\\n] \"c\"?)"};
    if (kind == 4) {
      std::string name = "r" + std::to_string(1 + pick(3));
      return {name, name};
    }
    Both inside = choice(depth - 1);
    if (kind == 5) return {"(" + inside.first + ")", "(" + inside.second + ")"};
    return {"[" + inside.first + "]", "((" + inside.second + ")?)"};
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("lark: the same grammar in EBNF has the same language") {
  std::vector<std::string> texts = {""};
  for (size_t i = 0; texts.size() < 121; ++i) {
    for (const char* c : {"a", "b", "c"}) texts.push_back(texts[i] + c);
  }
  for (uint32_t seed = 0; seed < 150; ++seed) {
    Twin twin(seed);
    INFO(twin.lark << twin.ebnf);
    Grammar lark = parse(twin.lark);
    Result<Grammar> ebnf = parse_ebnf(twin.ebnf, "root", Limits());
    REQUIRE(ebnf.ok());
    for (const std::string& text : texts) {
      bool wanted = test::NaiveMatcher(ebnf.value()).accepts(text);
      if (test::NaiveMatcher(lark).accepts(text) != wanted) FAIL_CHECK(text);
    }
  }
}

TEST_CASE("lark: no depth and no size is too much") {
  const size_t n = 100000;
  for (auto [open, close] : {std::pair("(", ")"), std::pair("[", "]"), std::pair("(\"b\" ", ")*"),
                             std::pair("(\"b\" | \"c\" ", ")")}) {
    Result<Grammar> g =
        parse_lark("start: " + repeated(open, n) + "\"a\"" + repeated(close, n), {}, Limits());
    CHECK(g.ok());
  }
  CHECK(refused("start: " + repeated("(", n + 1) + repeated(")", n + 1)).code ==
        Status::kLimitExceeded);
  CHECK(refused(repeated("(", n)).code == Status::kInvalidSource);
  CHECK(parse_lark(repeated("start: %lark { ", 20000) + "start: \"a\"" + repeated(" }", 20000), {},
                   Limits())
            .ok());
  std::string chain = "start: A0 a0\n";
  for (size_t i = 0; i < 20000; ++i) {
    std::string name = std::to_string(i), next = std::to_string(i + 1);
    chain += "A" + name + ": A" + next + " A" + next + "\na" + name + ": a" + next + "\n";
  }
  CHECK(parse_lark(chain + "A20000: \"x\"\na20000: \"y\"\n", {}, Limits()).ok());
  CHECK(refused(chain + "A20000: A0\na20000: \"y\"").message.find("-> ... ->") !=
        std::string::npos);
  CHECK(refused("start: t{\"a\"}\nt{x}: t{x x}").code == Status::kLimitExceeded);
  CHECK(parse_lark("start: A\nA: " + repeated("~(", n) + "\"a\"" + repeated(")", n), {}, Limits())
            .ok());
  CHECK(parse_lark("start: A\nA: \"a\"" + repeated(" & ~\"b\"", n), {}, Limits()).ok());
}

TEST_CASE("lark: any bytes") {
  check_refused(std::string("start: \"a\" \0", 12), 1, 12, "U+0000");
  CHECK(accepts(std::string("start: \"a\0b\"", 12), std::string_view("a\0b", 3)));
  check_refused("start: \"\xED\xA0\x80\"", 1, 9, "not valid UTF-8");
  check_refused("start: \"\xFF\"", 1, 9, "not valid UTF-8");
  const std::string ten = std::string(10000000, 'a');
  CHECK(refused("start: " + ten).column == 8);
  CHECK(parse_lark("start: \"" + ten + "\"", {}, Limits()).ok());
  CHECK(refused(std::string(10000000, '\n')).line == 1);
  Limits small;
  small.max_source_bytes = 10;
  CHECK(refused("start: \"abc\"", {}, small).code == Status::kLimitExceeded);
  small = Limits();
  small.max_expressions = 20;
  std::string many = "start:";
  for (int i = 0; i < 100; ++i) many += " \"" + std::to_string(i) + "\"";
  CHECK(refused(many, {}, small).message.find("max_expressions") != std::string::npos);
}

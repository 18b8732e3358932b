// Sources as values: what is made of texts and of other sources, compared with the naive matcher.
#include "compiler/grammar_source.h"

#include "../core_helpers.h"
#include "compiler/compiler.h"
#include "matcher/matcher.h"

namespace xgr::core::test {
namespace {

const SourceContext kContext;

SourcePtr made(Result<SourcePtr> source) {
  if (!source.ok()) MESSAGE(source.error().message);
  REQUIRE(source.ok());
  return source.value();
}
SourcePtr from_ebnf(std::string_view text) {
  return made(GrammarSource::ebnf(text, "root", EbnfDialect::kAuto, {}));
}
SourcePtr from_regex(std::string_view p) { return made(GrammarSource::regex(p, {}, {})); }
SourcePtr from_choices(const std::vector<std::string_view>& list) {
  return made(GrammarSource::choices(list));
}
SourcePtr any_of(std::vector<SourcePtr> list) {
  return made(GrammarSource::union_of(std::move(list)));
}
SourcePtr all_of(std::vector<SourcePtr> list) {
  return made(GrammarSource::concat(std::move(list)));
}
SourcePtr both(SourcePtr x, SourcePtr y) {
  return made(GrammarSource::intersection(std::move(x), std::move(y), {}));
}

std::vector<std::string> strings_of(const SourcePtr& source, std::string_view letters,
                                    size_t length) {
  Result<Grammar> g = source->grammar(kContext);
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  NaiveMatcher m(g.value());
  std::vector<std::string> out;
  for (const std::string& s : all_strings(letters, length)) {
    if (m.accepts(s)) out.push_back(s);
  }
  return out;
}
using Texts = std::vector<std::string>;

TEST_CASE("every kind of text is a source") {
  CHECK(strings_of(from_ebnf("root ::= \"a\" root | \"b\"\n"), "ab", 3) == Texts{"b", "ab", "aab"});
  CHECK(strings_of(from_regex("a{2}b?"), "ab", 4) == Texts{"aa", "aab"});
  RegexOptions searching;
  searching.search = true;
  CHECK(strings_of(made(GrammarSource::regex("b", searching, {})), "ab", 2) ==
        Texts{"b", "ab", "ba", "bb"});
  CHECK(strings_of(made(GrammarSource::json({})), "[0]", 3) == Texts{"0", "[]", "[0]"});
  CHECK(strings_of(made(GrammarSource::json_schema("{\"const\": [1]}", {}, {})), "[1]", 3) ==
        Texts{"[1]"});
  CHECK(strings_of(from_choices({"b", "ab", "b", ""}), "ab", 3) == Texts{"", "b", "ab"});
  const std::vector<std::string_view> chunks{"a", "b", "a"};
  CHECK(strings_of(made(GrammarSource::substring(chunks)), "ab", 3) ==
        Texts{"", "a", "b", "ab", "ba", "aba"});
}

TEST_CASE("a Lark text refers to others by name") {
  const NamedGrammar named[] = {{"x", "start: \"x\" @y", nullptr},
                                {"y", "", from_regex("y+")},
                                {"unused", "start: @x", nullptr}};
  const SourcePtr s = made(GrammarSource::lark("start: @x \"z\" @y?", named, {}));
  CHECK(strings_of(s, "xyz", 4) == Texts{"xyz", "xyyz", "xyzy"});
  Result<SourcePtr> bad = GrammarSource::lark("start: @w", named, {});
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().message.find("w") != std::string::npos);
}

TEST_CASE("a schema keeps what its references lead to") {
  JsonSchemaOptions options;
  std::string text = "{\"const\": 7}", uri = "http://x/y";
  options.remotes = {{uri, text}};
  const SourcePtr s = made(GrammarSource::json_schema("{\"$ref\": \"http://x/y\"}", options, {}));
  text.assign(text.size(), ' ');
  uri.assign(uri.size(), ' ');
  CHECK(strings_of(s, "67", 2) == Texts{"7"});
  options.remotes.clear();
  options.lenient = true;
  const char* schema = "{\"type\": \"array\", \"maxItems\": 1, \"items\": {\"const\": 1}}";
  CHECK(strings_of(made(GrammarSource::json_schema(schema, options, {})), "[1]", 3) ==
        Texts{"[]", "[1]"});
}

TEST_CASE("combinations") {
  const SourcePtr a = from_regex("a"), b = from_ebnf("root ::= \"b\" root?\n");
  CHECK(strings_of(any_of({a, b}), "ab", 2) == Texts{"a", "b", "bb"});
  CHECK(strings_of(all_of({a, b, a}), "ab", 4) == Texts{"aba", "abba"});
  CHECK(strings_of(made(GrammarSource::repeat(a, 1, 3)), "a", 5) == Texts{"a", "aa", "aaa"});
  CHECK(strings_of(made(GrammarSource::repeat(b, 0, 1)), "b", 2) == Texts{"", "b", "bb"});
  CHECK(strings_of(made(GrammarSource::repeat(a, 2, kUnbounded)), "a", 4) ==
        Texts{"aa", "aaa", "aaaa"});
  CHECK(any_of({a}) == a);
  CHECK(strings_of(any_of({from_ebnf("root ::= x\nx ::= \"a\"\n"),
                           from_ebnf("root ::= x\nx ::= \"b\"\n")}),
                   "ab", 1) == Texts{"a", "b"});
}

TEST_CASE("intersections are exact") {
  const SourcePtr brackets = from_ebnf("root ::= (\"(\" root \")\")*\n");
  CHECK(strings_of(both(brackets, from_regex(".{4}")), "()", 6) == Texts{"(())", "()()"});
  CHECK(strings_of(both(from_regex("[(]*[)]*"), brackets), "()", 6) ==
        Texts{"", "()", "(())", "((()))"});
  CHECK(strings_of(both(from_regex("a*b"), from_regex("..")), "ab", 3) == Texts{"ab"});
  const SourcePtr list = made(
      GrammarSource::json_schema("{\"type\": \"array\", \"items\": {\"enum\": [0, 1]}}", {}, {}));
  const SourcePtr tight = both(list, from_regex("[^ \\t\\r\\n]{1,5}"));
  CHECK(strings_of(tight, "[0,]", 5) == Texts{"[]", "[0]", "[0,0]"});
}

TEST_CASE("two schemas with objects") {
  auto schema = [](std::string_view text) {
    return made(GrammarSource::json_schema(text, {}, {}));
  };
  JsonSchemaOptions strict;
  strict.strict = true;
  const SourcePtr flat = made(GrammarSource::json_schema(
      "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {}}}", strict,
      {}));
  const SourcePtr closed = made(GrammarSource::json_schema(
      "{\"type\": \"object\", \"properties\": {\"a\": {\"enum\": [1, \"x\"]}, \"b\": {\"type\": "
      "\"null\"}}, \"required\": [\"b\"]}",
      strict, {}));
  Result<Grammar> g = both(flat, closed)->grammar(kContext);
  REQUIRE(g.ok());
  NaiveMatcher m(g.value());
  CHECK(m.accepts("{\"a\":1,\"b\":null}"));
  CHECK(m.accepts("{ \"b\":null}"));
  CHECK_FALSE(m.accepts("{\"a\":\"x\",\"b\":null}"));
  CHECK_FALSE(m.accepts("{\"a\":1}"));
  const SourcePtr any = made(GrammarSource::json({}));
  CHECK(both(any, closed)->check(kContext) == std::nullopt);
  CHECK_FALSE(GrammarSource::intersection(any, schema("{}"), {}).ok());
}

TEST_CASE("what is refused") {
  Result<SourcePtr> bad = GrammarSource::ebnf("root ::= \"a\n", "root", EbnfDialect::kAuto, {});
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().line == 1);
  bad = GrammarSource::regex("a(", {}, {});
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().code == Status::kInvalidSource);
  const std::vector<std::string_view> no_text{"a", "b\xff"}, none;
  bad = GrammarSource::choices(no_text);
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().message == "choice 1 is not valid UTF-8");
  CHECK(bad.error().byte_offset == 1);
  CHECK(GrammarSource::choices(none).error().code == Status::kInvalidArgument);
  CHECK(GrammarSource::union_of({}).error().code == Status::kInvalidArgument);
  CHECK(GrammarSource::repeat(from_regex("a"), 3, 2).error().code == Status::kInvalidArgument);
  const SourcePtr nested = from_ebnf("root ::= \"(\" root \")\" | \"\"\n");
  bad = GrammarSource::intersection(nested, all_of({nested, nested}), {});
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().code == Status::kUnsupported);
  const MaybeError none_left = both(from_regex("a"), from_regex("b"))->check(kContext);
  REQUIRE(none_left);
  CHECK(none_left->code == Status::kInvalidSource);
}

TEST_CASE("printing gives text of the same language") {
  const SourcePtr s =
      any_of({all_of({from_ebnf("root ::= \"(\" root \")\" | \"x\"\n"), from_choices({"a", "ab"})}),
              both(from_ebnf("root ::= \"(\" root \")\" | \"x\"\n"), from_regex(".{3,}"))});
  Result<std::string> text = s->print(kContext, false);
  REQUIRE(text.ok());
  CHECK(strings_of(from_ebnf(text.value()), "(xab)", 5) == strings_of(s, "(xab)", 5));
}

TEST_CASE("long chains and shared parts") {
  SourcePtr chain = from_regex("a");
  for (int i = 0; i < 100000; ++i) {
    chain =
        i % 3 == 0 ? any_of({chain, from_choices({"b"})}) : any_of({from_choices({"a"}), chain});
  }
  CHECK(strings_of(chain, "ab", 2) == Texts{"a", "b"});
  SourcePtr deep = from_regex("a");
  for (int i = 0; i < 50000; ++i) deep = made(GrammarSource::repeat(all_of({deep, deep}), 0, 1));
  CHECK(deep->check(kContext) == std::nullopt);
  SourcePtr sum = from_regex("a");
  for (int i = 0; i < 30; ++i) sum = all_of({sum, sum});  // 2^30 times "a"
  CHECK(sum->check(kContext) == std::nullopt);
  SourcePtr left = from_regex("a");
  for (int i = 0; i < 50000; ++i) left = all_of({left, from_choices({"b"})});
  Result<Grammar> g = left->grammar(kContext);
  REQUIRE(g.ok());
  CHECK(g.value().pool.size() < 200000);
}

TEST_CASE("a source is compiled for a tokenizer") {
  const auto tokenizer = make_tokenizer(with_bytes({"ab", "abc", "<abc>"}), {257});
  auto compiler = Compiler::create(tokenizer, {});
  REQUIRE(compiler.ok());
  const SourcePtr s = all_of({from_choices({"ab", "abc"}), from_regex("d?")});
  Compiler::Compiled compiled = compiler.value()->compile_source(s);
  REQUIRE(compiled.ok());
  Result<std::unique_ptr<Matcher>> m = Matcher::create(compiled.value(), {});
  REQUIRE(m.ok());
  bool yes = false;
  REQUIRE(m.value()->accept_bytes("abcd", &yes) == Status::kOk);
  CHECK(yes);
  const SourcePtr named = made(GrammarSource::lark("start: <abc>", {}, {}));
  CHECK(compiler.value()->compile_source(named).ok());
  CHECK_FALSE(named->print(kContext, false).ok());
  const SourcePtr unknown = made(GrammarSource::lark("start: <nobody>", {}, {}));
  Compiler::Compiled refused = compiler.value()->compile_source(unknown);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("<nobody>") != std::string::npos);
  const SourcePtr empty = both(from_regex("a"), from_regex("b"));
  CHECK_FALSE(compiler.value()->compile_source(empty).ok());
}

TEST_CASE("grammar source: reading, checking and printing have the bounds of a compile") {
  const std::string text = "root ::= (\"a\" | [b-d]{3} | \"xyz\"*) (\"e\" | \"f\"+ | [g-h]) root?";
  Limits small;
  small.max_compile_work = 5;
  const auto names_the_limit = [](const Error& e) {
    return e.code == Status::kLimitExceeded &&
           e.message.find("max_compile_work = 5") != std::string::npos;
  };
  const auto read = [&](const Limits& limits, GrammarSource::Reading reading) {
    return GrammarSource::ebnf(text, "root", EbnfDialect::kAuto, limits, reading);
  };
  Result<SourcePtr> refused = read(small, GrammarSource::Reading::kNow);
  REQUIRE_FALSE(refused.ok());
  CHECK(names_the_limit(refused.error()));
  Result<SourcePtr> deferred = read(small, GrammarSource::Reading::kDeferred);
  REQUIRE(deferred.ok());
  const GrammarSource& source = *deferred.value();
  const MaybeError checked = source.check({small});
  REQUIRE(checked);
  CHECK(names_the_limit(*checked));
  Result<std::string> printed = source.print({small}, true);
  REQUIRE_FALSE(printed.ok());
  CHECK(names_the_limit(printed.error()));
  CHECK_FALSE(source.check({Limits()}));
  CHECK(source.print({Limits()}, true).ok());
}

}  // namespace
}  // namespace xgr::core::test

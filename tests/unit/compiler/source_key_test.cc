// Keys of sources: every option is in them, parts are written once, JSON may be compared as JSON.
#include "compiler/source_key.h"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "compiler/grammar_source.h"

namespace xgr::core {
namespace {

constexpr auto kLater = GrammarSource::Reading::kDeferred;

SourcePtr regex_of(std::string_view pattern, const RegexOptions& options = {}) {
  return GrammarSource::regex(pattern, options, {}, kLater).value();
}
SourcePtr schema_of(std::string_view schema, const JsonSchemaOptions& options = {}) {
  return GrammarSource::json_schema(schema, options, {}, kLater).value();
}
SourcePtr ebnf_of(std::string_view text, std::string_view root = "root",
                  EbnfDialect dialect = EbnfDialect::kAuto) {
  return GrammarSource::ebnf(text, root, dialect, {}, kLater).value();
}

// All keys differ from each other, and each source has the key of an equal one.
void check_distinct(const std::vector<std::function<SourcePtr()>>& sources) {
  std::set<std::string> keys;
  for (size_t i = 0; i < sources.size(); ++i) {
    CAPTURE(i);
    const std::string key = sources[i]()->key(false);
    CHECK(key == sources[i]()->key(false));
    CHECK(keys.insert(key).second);
  }
}

template <typename Options>
std::function<SourcePtr()> with(SourcePtr (*make)(std::string_view, const Options&),
                                void (*change)(Options*)) {
  return [=] {
    Options options;
    change(&options);
    return make("\"a\"", options);
  };
}

TEST_CASE("every option of a pattern is in its key") {
  const auto make = +[](std::string_view text, const RegexOptions& o) { return regex_of(text, o); };
  check_distinct(
      {with<RegexOptions>(make, [](RegexOptions*) {}),
       with<RegexOptions>(make, [](RegexOptions* o) { o->search = true; }),
       with<RegexOptions>(make, [](RegexOptions* o) { o->dialect = RegexDialect::kEcma; }),
       with<RegexOptions>(make, [](RegexOptions* o) { o->dot_all = false; }),
       with<RegexOptions>(make, [](RegexOptions* o) { o->caseless = true; }),
       with<RegexOptions>(make, [](RegexOptions* o) { o->multiline = true; }),
       with<RegexOptions>(make, [](RegexOptions* o) { o->extended = true; })});
}

TEST_CASE("every option of a schema is in its key") {
  using O = JsonSchemaOptions;
  const auto make = +[](std::string_view text, const O& o) { return schema_of(text, o); };
  check_distinct({with<O>(make, [](O*) {}), with<O>(make, [](O* o) { o->strict = true; }),
                  with<O>(make, [](O* o) { o->any_order = true; }),
                  with<O>(make, [](O* o) { o->unique_names = true; }),
                  with<O>(make, [](O* o) { o->lenient = true; }),
                  with<O>(make, [](O* o) { o->formats = FormatPolicy::kIgnore; }),
                  with<O>(make, [](O* o) { o->draft = 7; }),
                  with<O>(make, [](O* o) { o->unknown_keywords = UnknownKeywords::kRefuse; }),
                  with<O>(make, [](O* o) { o->remotes = {{"a", "b"}}; }),
                  with<O>(make, [](O* o) { o->remotes = {{"a", "c"}}; }),
                  with<O>(make, [](O* o) { o->format.any_whitespace = false; }),
                  with<O>(make, [](O* o) { o->format.max_whitespace = 2; }),
                  with<O>(make, [](O* o) { o->format.max_digits = 2; }),
                  with<O>(make, [](O* o) { o->format.indent = 2; }),
                  with<O>(make, [](O* o) { o->format.has_separators = true; }),
                  with<O>(make, [](O* o) { o->format.item_separator = ","; }),
                  with<O>(make, [](O* o) { o->format.key_separator = ","; }),
                  with<O>(make, [](O* o) { o->format.escapes = JsonEscapes::kMinimal; })});
}

TEST_CASE("kinds, texts and parts are in the key") {
  static const SourcePtr a = regex_of("a"), b = regex_of("b");
  const std::vector<std::string_view> one = {"ab"}, two = {"a", "b"};
  check_distinct({
      [] { return a; },
      [] { return b; },
      [] { return ebnf_of("a"); },
      [] { return ebnf_of("a", "b"); },
      [] { return ebnf_of("a", "root", EbnfDialect::kGbnf); },
      [] { return schema_of("a"); },
      [] { return GrammarSource::lark("a", {}, {}, kLater).value(); },
      [] {
        const std::vector<NamedGrammar> named = {{"x", "a", nullptr}};
        return GrammarSource::lark("a", named, {}, kLater).value();
      },
      [] {
        const std::vector<NamedGrammar> named = {{"x", {}, a}};
        return GrammarSource::lark("a", named, {}, kLater).value();
      },
      [] {
        const std::vector<NamedGrammar> named = {{"y", {}, a}};
        return GrammarSource::lark("a", named, {}, kLater).value();
      },
      [] { return GrammarSource::json({}).value(); },
      [&] { return GrammarSource::choices(one).value(); },
      [&] { return GrammarSource::choices(two).value(); },
      [&] { return GrammarSource::substring(one).value(); },
      [&] { return GrammarSource::substring(two).value(); },
      [] { return GrammarSource::union_of({a, b}).value(); },
      [] { return GrammarSource::union_of({b, a}).value(); },
      [] { return GrammarSource::union_of({a, a}).value(); },
      [] { return GrammarSource::concat({a, b}).value(); },
      [] { return GrammarSource::concat({a, GrammarSource::concat({b, a}).value()}).value(); },
      [] { return GrammarSource::concat({GrammarSource::concat({a, b}).value(), a}).value(); },
      [] { return GrammarSource::repeat(a, 0, 1).value(); },
      [] { return GrammarSource::repeat(a, 1, 1).value(); },
      [] { return GrammarSource::repeat(a, 0, kUnbounded).value(); },
      [] { return GrammarSource::intersection(a, b, {}).value(); },
  });
}

TEST_CASE("the key of a source is as long as its parts, however often they are used") {
  SourcePtr shared = regex_of("a"), copied = regex_of("a");
  for (int i = 0; i < 60; ++i) {
    shared = GrammarSource::concat({shared, shared}).value();
    copied = GrammarSource::concat({copied, copied}).value();
  }
  CHECK(shared->key(false) == copied->key(false));
  CHECK(shared->key(false).size() < 10000);
  // Equal parts are one, whether they are shared or not.
  CHECK(GrammarSource::union_of({regex_of("b"), regex_of("b")}).value()->key(false) ==
        GrammarSource::union_of(std::vector<SourcePtr>(2, regex_of("b"))).value()->key(false));
}

TEST_CASE("JSON texts are compared as JSON when that is wanted") {
  CHECK(canonical_json(
            " { \"a\" : [ 1.0 , \"\\u00e9\\/\" , { } , [ ] ] , \"b\" : { \"c\" : null } } ") ==
        "{\"a\":[1.0,\"\xC3\xA9/\",{},[]],\"b\":{\"c\":null}}");
  CHECK(canonical_json("[[true,[false]],\"\"]") == "[[true,[false]],\"\"]");
  CHECK(canonical_json(" 1 ") == "1");
  CHECK(canonical_json(" {\"a\"") == " {\"a\"");
  CHECK(schema_of("{ }")->key(true) == schema_of("{}")->key(true));
  CHECK(schema_of("{ }")->key(false) != schema_of("{}")->key(false));
  const auto remote = [](std::string_view text, bool canonical) {
    JsonSchemaOptions options;
    options.remotes = {{"a", text}};
    return schema_of("{}", options)->key(canonical);
  };
  CHECK(remote("{ }", true) == remote("{}", true));
  CHECK(remote("{ }", false) != remote("{}", false));
}

}  // namespace
}  // namespace xgr::core

// Outputs that tokens cannot complete: mask/spelling.cc, mask/spelling_table.cc, the stop tokens of matcher.cc.
#include "matcher/matcher.h"

#include <array>
#include <map>
#include <random>
#include <set>

#include "../mask/mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

using Compiled = Compiler::Compiled;

// The tokens and, behind them, a stop token without text.
std::shared_ptr<const Tokenizer> with_stop(std::vector<std::string> tokens) {
  tokens.push_back("<stop>");
  const int32_t stop = static_cast<int32_t>(tokens.size()) - 1;
  return make_tokenizer(tokens, {stop});
}

Compiled compile_regex(const std::shared_ptr<const Tokenizer>& t, const std::string& pattern) {
  return std::move(Compiler::create(t, {})).value()->compile_regex(pattern);
}
Compiled compile_ebnf(const std::shared_ptr<const Tokenizer>& t, const std::string& text) {
  return std::move(Compiler::create(t, {})).value()->compile_ebnf(text, "root");
}
Compiled compile_schema(const std::shared_ptr<const Tokenizer>& t, const std::string& text) {
  return std::move(Compiler::create(t, {})).value()->compile_json_schema(text, {});
}

std::unique_ptr<Matcher> matcher_of(const Compiled& compiled) {
  if (!compiled.ok()) MESSAGE(compiled.error().message);
  REQUIRE(compiled.ok());
  Result<std::unique_ptr<Matcher>> m = Matcher::create(compiled.value(), {});
  REQUIRE(m.ok());
  return std::move(m).value();
}

std::set<int32_t> allowed(Matcher* m) {
  std::vector<uint32_t> words(m->grammar()->tokenizer()->mask_words());
  MaskKind kind;
  REQUIRE(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  std::set<int32_t> out;
  for (int32_t id = 0; id < m->grammar()->tokenizer()->vocab_size(); ++id) {
    bool one = false;
    const bool same = m->is_token_allowed(id, &one) == Status::kOk && bit(words, id) == one;
    if (!same) REQUIRE(same);
    if (one) out.insert(id);
  }
  return out;
}

void accept(Matcher* m, int32_t token) {
  bool accepted = false;
  REQUIRE(m->accept_token(token, &accepted) == Status::kOk);
  REQUIRE(accepted);
}

// A random regular expression without repetition that is not bounded, and its strings.
class RandomRegex {
 public:
  explicit RandomRegex(uint32_t seed) : random_(seed) {}
  bool too_many() const { return too_many_; }  // strings: not all were made
  std::string make(int depth, std::set<std::string>* strings) {
    const uint32_t kind = depth == 0 ? 0 : random_() % 5;
    std::set<std::string> a, b;
    std::string text;
    switch (kind) {
      case 1:
      case 2:
        text = make(depth - 1, &a) + make(depth - 1, &b);
        *strings = product(a, b);
        return text;
      case 3:
        text = "(" + make(depth - 1, &a) + "|" + make(depth - 1, &b) + ")";
        a.insert(b.begin(), b.end());
        *strings = a;
        return text;
      case 4: {
        const uint32_t least = random_() % 2, most = least + random_() % 3;
        text = "(" + make(depth - 1, &a) + "){" + std::to_string(least) + "," +
               std::to_string(most) + "}";
        b = {""};
        for (uint32_t i = 0; i <= most; ++i) {
          if (i >= least) strings->insert(b.begin(), b.end());
          b = product(b, a);
        }
        return text;
      }
      default:
        text = std::string(1, static_cast<char>('a' + random_() % 3));
        *strings = {text};
        return text;
    }
  }

 private:
  std::set<std::string> product(const std::set<std::string>& a, const std::set<std::string>& b) {
    std::set<std::string> out;
    for (const std::string& x : a) {
      for (const std::string& y : b) out.insert(x + y);
      too_many_ = too_many_ || out.size() > 1500;
      if (too_many_) break;
    }
    return out;
  }
  bool too_many_ = false;
  std::mt19937 random_;
};

// Which texts tokens can complete to one of the strings.
class Completions {
 public:
  Completions(const std::set<std::string>& strings, const std::vector<std::string>& tokens,
              const std::set<int32_t>& stops) {
    for (const std::string& s : strings) {
      std::vector<bool> spelled(s.size() + 1, false);  // the rest from there
      spelled[s.size()] = true;
      for (size_t i = s.size(); i-- > 0;) {
        for (size_t t = 0; t < tokens.size(); ++t) {
          if (!stops.contains(static_cast<int32_t>(t)) &&
              s.compare(i, tokens[t].size(), tokens[t]) == 0)
            spelled[i] = spelled[i] || spelled[i + tokens[t].size()];
        }
      }
      for (size_t i = 0; i <= s.size(); ++i) {
        if (spelled[i]) texts_.insert(s.substr(0, i));
      }
    }
  }
  bool has(const std::string& text) const { return texts_.contains(text); }

 private:
  std::set<std::string> texts_;
};

struct Walk {
  Matcher* m;
  const std::vector<std::string>& tokens;
  const std::set<std::string>& strings;
  const Completions& completions;
  std::set<int32_t> stops;
  std::set<std::string> seen = {};

  void visit(const std::string& text) {
    if (!seen.insert(text).second || seen.size() > 300) return;
    std::set<int32_t> expected;
    for (size_t t = 0; t < tokens.size(); ++t) {
      const int32_t id = static_cast<int32_t>(t);
      if (!stops.contains(id) && completions.has(text + tokens[t])) expected.insert(id);
    }
    if (strings.contains(text)) expected.insert(stops.begin(), stops.end());
    INFO(text);
    REQUIRE_FALSE(expected.empty());
    REQUIRE(allowed(m) == expected);
    for (int32_t t : expected) {
      if (stops.contains(t)) continue;
      accept(m, t);
      visit(text + tokens[static_cast<size_t>(t)]);
      REQUIRE(m->rollback(1) == Status::kOk);
    }
  }
};

}  // namespace

TEST_CASE("dead ends: lengths that tokens cannot have") {
  auto t = with_stop({"aa", "b"});
  CHECK(compile_regex(t, "a{8301}").error().code == Status::kInvalidSource);
  std::unique_ptr<Matcher> even = matcher_of(compile_regex(t, "a{8302}"));
  CHECK(allowed(even.get()) == std::set<int32_t>{0});
  std::unique_ptr<Matcher> odd = matcher_of(compile_regex(t, "a{8301}|ba{4}|a{3}b"));
  CHECK(allowed(odd.get()) == std::set<int32_t>{1});
  std::unique_ptr<Matcher> some = matcher_of(compile_regex(t, "a{1,8301}"));
  CHECK(allowed(some.get()) == std::set<int32_t>{0});
}

TEST_CASE("dead ends: recursion that needs stacks of any depth") {
  auto t = with_stop({std::string("\0ab\0", 4), "aa"});
  const std::string grammar = "root ::= expr\nexpr ::= expr \"a\" root | root | \"a\"\n";
  CHECK(compile_ebnf(t, grammar).error().code == Status::kInvalidSource);  // odd lengths only
  auto three = with_stop({"aaa", "aa", "ba"});
  std::unique_ptr<Matcher> m = matcher_of(compile_ebnf(three, grammar));
  CHECK(allowed(m.get()) == std::set<int32_t>{0, 1});
  const std::string nested = "root ::= \"a\" root \"b\" | \"aa\"\n";
  std::unique_ptr<Matcher> n = matcher_of(compile_ebnf(with_stop({"aaa", "bb", "a"}), nested));
  for (int i = 0; i < 2; ++i) accept(n.get(), 0);
  CHECK(allowed(n.get()) == std::set<int32_t>{0, 1, 2});  // a^6: four b, or more of both
}

TEST_CASE("dead ends: generators offer nothing that the vocabulary lacks") {
  auto no_digits =
      with_stop({"-", "\"", "a", "b", ".", "[", "]", ",", "{", "}", ":", " ", "\n", "\t", "\r"});
  CHECK(compile_schema(no_digits, R"({"type":"integer","multipleOf":3})").error().code ==
        Status::kInvalidSource);
  std::unique_ptr<Matcher> m = matcher_of(
      compile_schema(no_digits, R"({"anyOf":[{"const":"a"},{"type":"integer","multipleOf":3}]})"));
  CHECK(allowed(m.get()) == std::set<int32_t>{1});
  CHECK(compile_schema(no_digits,
                       R"({"type":"object","required":["z"],"properties":{"z":{"const":"a"}}})")
            .error()
            .code == Status::kInvalidSource);
  auto few = with_stop({"2", "4", "-"});
  CHECK(compile_schema(few, R"({"type":"integer","multipleOf":5})").error().code ==
        Status::kInvalidSource);
  std::unique_ptr<Matcher> sevens =
      matcher_of(compile_schema(few, R"({"type":"integer","multipleOf":7})"));
  CHECK(allowed(sevens.get()) == std::set<int32_t>{0, 1, 2});
}

TEST_CASE("dead ends: stop tokens of a matcher are no text") {
  auto t = with_stop({"a", "b", "aa", "ab"});
  Compiled g = compile_regex(t, "aab");
  REQUIRE(g.ok());
  auto create = [&](std::vector<int32_t> stops) {
    MatcherOptions o;
    o.stop_tokens = std::move(stops);
    o.has_stop_tokens = true;
    return Matcher::create(g.value(), o);
  };
  Result<std::unique_ptr<Matcher>> m = create({0, 4});
  REQUIRE(m.ok());
  CHECK(allowed(m.value().get()) == std::set<int32_t>{2});  // aa b
  accept(m.value().get(), 2);
  CHECK(allowed(m.value().get()) == std::set<int32_t>{1});
  std::unique_ptr<Matcher> copy = m.value()->clone();
  CHECK(allowed(copy.get()) == std::set<int32_t>{1});
  m = create({0, 2, 4});
  REQUIRE_FALSE(m.ok());
  CHECK(m.error().code == Status::kInvalidArgument);
  CHECK(m.error().message.find("0, 2") != std::string::npos);
  CHECK(create({4}).ok());
  CHECK(create({1}).ok());  // a ab
  CHECK_FALSE(create({1, 3}).ok());
}

TEST_CASE(
    "dead ends: random languages and vocabularies of long tokens, against all their strings") {
  int compiled = 0, refused = 0;
  for (uint32_t seed = 0; seed < 150; ++seed) {
    std::set<std::string> strings;
    RandomRegex regex(seed);
    const std::string pattern = regex.make(4, &strings);
    if (regex.too_many()) continue;
    std::mt19937 random(seed);
    std::vector<std::string> tokens;
    for (size_t n = 3 + random() % 5; n > 0; --n) {
      std::string text;
      for (size_t k = 1 + random() % 3; k > 0; --k) text += static_cast<char>('a' + random() % 3);
      tokens.push_back(text);
    }
    INFO(seed << " " << pattern);
    auto t = with_stop(tokens);
    const int32_t end = static_cast<int32_t>(tokens.size());
    const Completions all(strings, tokens, {});
    Compiled g = compile_regex(t, pattern);
    REQUIRE(g.ok() == all.has(""));
    ++(g.ok() ? compiled : refused);
    if (!g.ok()) continue;
    std::unique_ptr<Matcher> m = matcher_of(g);
    Walk{m.get(), tokens, strings, all, {end}}.visit("");
    MatcherOptions options;
    options.has_stop_tokens = true;
    options.stop_tokens = {static_cast<int32_t>(random() % tokens.size()), end};
    const std::set<int32_t> stops(options.stop_tokens.begin(), options.stop_tokens.end());
    const Completions rest(strings, tokens, stops);
    Result<std::unique_ptr<Matcher>> own = Matcher::create(g.value(), options);
    REQUIRE(own.ok() == rest.has(""));
    if (own.ok()) Walk{own.value().get(), tokens, strings, rest, stops}.visit("");
  }
  CHECK(compiled > 20);
  CHECK(refused > 20);
}

namespace {

// The texts of a finite language, by accepting byte after byte.
void all_texts(Matcher* m, std::string* text, std::set<std::string>* out) {
  REQUIRE(text->size() < 60);
  if (m->is_accepting()) out->insert(*text);
  for (int byte = 0x20; byte < 0x7F; ++byte) {
    bool accepted = false;
    m->accept_token(byte, &accepted);
    if (!accepted) continue;
    text->push_back(static_cast<char>(byte));
    all_texts(m, text, out);
    text->pop_back();
    m->rollback(1);
  }
}

}  // namespace

TEST_CASE("dead ends: schemas and vocabularies of pieces of their texts, against all of these") {
  JsonSchemaOptions compact;
  compact.format.any_whitespace = false;
  int compiled = 0, refused = 0;
  for (
      const std::string schema :
      {R"({"type":"object","properties":{"ab":{"enum":["x","yx"]},"b":{"type":"boolean"}},"required":["b"],
            "additionalProperties":false})",
       R"({"enum":["abc","abd","bcd",true,null,{"a":[null]}]})",
       R"({"type":"array","items":{"enum":["a","b",true]},"minItems":1,"maxItems":2})",
       R"({"type":"object","patternProperties":{"^[ab]$":{"const":true}},"additionalProperties":false,
            "maxProperties":1})"}) {
    auto bytes = with_stop(with_bytes({}));
    Result<std::unique_ptr<Compiler>> compiler = Compiler::create(bytes, {});
    std::unique_ptr<Matcher> all =
        matcher_of(compiler.value()->compile_json_schema(schema, compact));
    std::set<std::string> strings;
    std::string text;
    all_texts(all.get(), &text, &strings);
    const std::vector<std::string> list(strings.begin(), strings.end());
    for (uint32_t seed = 0; seed < 20; ++seed) {
      std::mt19937 random(seed);
      std::vector<std::string> tokens;
      for (size_t n = 4 + random() % 12; n > 0; --n) {
        const std::string& from = list[random() % list.size()];
        const size_t at = random() % from.size();
        tokens.push_back(from.substr(at, 1 + random() % 5));
      }
      for (char c : std::string("{}[],:\"t")) {
        if (random() % 8 != 0) tokens.push_back(std::string(1, c));
      }
      INFO(schema << " " << seed);
      auto t = with_stop(tokens);
      const Completions expected(strings, tokens, {});
      Result<std::unique_ptr<Compiler>> own = Compiler::create(t, {});
      Compiled g = own.value()->compile_json_schema(schema, compact);
      REQUIRE(g.ok() == expected.has(""));
      ++(g.ok() ? compiled : refused);
      if (!g.ok()) continue;
      std::unique_ptr<Matcher> m = matcher_of(g);
      Walk{m.get(), tokens, strings, expected, {static_cast<int32_t>(tokens.size())}}.visit("");
    }
  }
  CHECK(compiled > 20);
  CHECK(refused > 10);
}

TEST_CASE("dead ends: a byte that no token has is no choice to forced bytes") {
  const auto t = with_stop({"a", "\xD0\xB9"});
  const auto m = matcher_of(compile_regex(t, "[\xD0\x90-\xD1\x8F]"));
  std::array<uint8_t, 8> out;
  size_t size = 0;
  REQUIRE(m->forced_bytes(false, out, &size) == Status::kOk);
  CHECK(std::string_view(reinterpret_cast<const char*>(out.data()), size) == "\xD0\xB9");
}

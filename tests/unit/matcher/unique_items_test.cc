// Arrays of unique items: matcher/unique_items.cc, matcher/item_reader.cc, tokenizer/comma_tokens.cc,
// frontend/json_schema/unique_rule.cc, value_count.cc.
#include "matcher/item_reader.h"
#include "matcher/matcher.h"

#include <algorithm>
#include <set>

#include "../mask/mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

const std::vector<std::string> kTokens = {
    "[0",        ",0",           "0,0",  "\",\"", "\"a\"", ",\"a\"", "\",",
    "\"]",       "[0,",          "[0,0", "[[],",  "true,", ",true",  "[true,false,",
    "\"a\",\"a", "\"b\",\"a\"]", "]]",   "],[",   "},{",   "[1,1]"};

struct Setup {
  explicit Setup(const std::string& schema) {
    std::vector<std::string> tokens = with_bytes(kTokens);
    tokens.insert(tokens.begin(), "<stop>");
    Result<std::unique_ptr<Compiler>> c = Compiler::create(make_tokenizer(tokens, {0}), {});
    REQUIRE(c.ok());
    Compiler::Compiled compiled = c.value()->compile_json_schema(schema, {});
    if (!compiled.ok()) MESSAGE(compiled.error().message);
    REQUIRE(compiled.ok());
    Result<std::unique_ptr<Matcher>> m = Matcher::create(compiled.value(), {});
    REQUIRE(m.ok());
    matcher = std::move(m).value();
  }
  std::unique_ptr<Matcher> matcher;
};

std::vector<int32_t> allowed(Matcher* m) {
  std::vector<uint32_t> words(m->grammar()->tokenizer()->mask_words());
  MaskKind kind;
  REQUIRE(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  std::vector<int32_t> out;
  for (int32_t id = 0; id < m->grammar()->tokenizer()->vocab_size(); ++id) {
    bool one = false;
    REQUIRE(m->is_token_allowed(id, &one) == Status::kOk);
    CHECK(bit(words, id) == one);
    if (one) out.push_back(id);
  }
  return out;
}

// The texts of a finite language without white space, by accepting byte after byte.
void all_texts(Matcher* m, std::string* text, std::set<std::string>* out) {
  REQUIRE(text->size() < 40);
  if (m->is_accepting()) out->insert(*text);
  for (int byte = 0x21; byte < 0x7F; ++byte) {
    if (byte == '\\') continue;
    bool accepted = false;
    REQUIRE(m->accept_token(byte + 1, &accepted) == Status::kOk);
    if (!accepted) continue;
    text->push_back(static_cast<char>(byte));
    all_texts(m, text, out);
    text->pop_back();
    REQUIRE(m->rollback(1) == Status::kOk);
  }
}

// Every prefix of `texts` that tokens lead to: a token is allowed iff some text goes on with it.
void check_masks(Matcher* m, const std::string& text, const std::set<std::string>& texts,
                 std::set<std::string>* seen) {
  if (!seen->insert(text).second) return;
  const Tokenizer& t = *m->grammar()->tokenizer();
  std::vector<int32_t> found = allowed(m);
  for (int32_t id = 0; id < t.vocab_size(); ++id) {
    const std::string bytes(t.token_bytes(id));
    if (bytes.find_first_of(" \t\n\r\\") != std::string::npos) continue;
    std::string next = text + bytes;
    auto it = texts.lower_bound(next);
    const bool leads = id == 0 ? texts.contains(text) : it != texts.end() && it->starts_with(next);
    INFO(text, " then ", bytes);
    CHECK(std::binary_search(found.begin(), found.end(), id) == leads);
    if (id == 0 || !leads) continue;
    bool accepted = false;
    REQUIRE(m->accept_token(id, &accepted) == Status::kOk);
    REQUIRE(accepted);
    check_masks(m, next, texts, seen);
    REQUIRE(m->rollback(1) == Status::kOk);
  }
}

void check(const std::string& schema, const std::set<std::string>& expected) {
  INFO(schema);
  Setup s(schema);
  std::set<std::string> texts, seen;
  std::string text;
  all_texts(s.matcher.get(), &text, &texts);
  CHECK(texts == expected);
  check_masks(s.matcher.get(), "", texts, &seen);
}

bool takes(Matcher* m, std::string_view text) {
  m->reset();
  bool accepted = false;
  REQUIRE(m->accept_bytes(text, &accepted) == Status::kOk);
  return accepted && m->is_accepting();
}

bool could_repeat(std::string_view text) {
  ItemReader r;
  r.read(text);
  return r.could_repeat();
}

bool repeats(std::string_view text) {
  ItemReader r;
  r.read(text);
  return r.repeats();
}

}  // namespace

TEST_CASE("items are equal by value, however they are written") {
  CHECK(repeats("[1, 1.0,"));
  CHECK(repeats("[100,1e2]"));
  CHECK(repeats("[0,-0]"));
  CHECK(repeats(R"(["a","\u0061"])"));
  CHECK(repeats(R"([{"a":1,"b":[2]},{"b":[2.0] , "a":10e-1}])"));
  CHECK(repeats("[[],{},[]]"));
  CHECK_FALSE(repeats("[1,true,\"1\",null,false,0,[1],{\"1\":1}]"));
  CHECK_FALSE(repeats("[1,1"));
  CHECK_FALSE(repeats(R"(["a,b","a","b,a"])"));
}

TEST_CASE(
    "an item under way could become an earlier one only while its parts are among that one's") {
  CHECK_FALSE(could_repeat("[1"));
  CHECK(could_repeat("[1,"));
  CHECK(could_repeat("[12,1"));
  CHECK_FALSE(could_repeat("[12,3"));
  CHECK_FALSE(could_repeat("[\"ab\",\"b"));
  CHECK(could_repeat("[\"ab\",\"a"));
  CHECK(could_repeat(R"(["ab","\u0061)"));
  CHECK(could_repeat(R"(["ab","\u00)"));
  CHECK_FALSE(could_repeat(R"(["ab","\u0062)"));
  CHECK(could_repeat(R"([{"a":1},{"a":)"));
  CHECK_FALSE(could_repeat(R"([{"a":1},{"a":2)"));
  CHECK_FALSE(could_repeat("[true,f"));
}

TEST_CASE("texts that are no JSON do no harm") {
  for (const char* text :
       {"[1e,", "[1e ,1e", "[1,-", "[1,-,", "[1,1e+,1e", "[1.,1.e", "[1e99999999999999999999,1e9",
        "[\"\\u12\",\"\\u12", "[\"\\ud800\",\"\\ud8", "]]", "[}", "[1 2,1 2"}) {
    ItemReader r;
    r.read(text);
    static_cast<void>(r.could_repeat());
    r.read("]");
  }
}

TEST_CASE("a reader goes back to a mark") {
  ItemReader r;
  r.read("[1,2");
  const ItemReader::Place m = r.place();
  r.read(",1]");
  CHECK(r.repeats());
  r.restore(m);
  CHECK_FALSE(r.repeats());
  r.read("1]");
  CHECK_FALSE(r.repeats());
  CHECK(r.closed());
}

TEST_CASE("finite languages: no repetition, no dead end, nothing missing") {
  check(R"({"type":"array","items":{"type":"boolean"},"uniqueItems":true})",
        {"[]", "[true]", "[false]", "[true,false]", "[false,true]"});
  check(R"({"type":"array","items":{"enum":["a","b"]},"uniqueItems":true,"minItems":1})",
        {R"(["a"])", R"(["b"])", R"(["a","b"])", R"(["b","a"])"});
  check(R"({"type":"array","items":{"enum":[0,1]},"uniqueItems":true,"maxItems":1})",
        {"[]", "[0]", "[0.0]", "[1]", "[1.0]"});
  check(R"({"type":"array","prefixItems":[{"const":true},{"type":"boolean"}],"items":false,
            "uniqueItems":true})",
        {"[]", "[true]", "[true,false]"});
  check(R"({"type":"array","items":{"type":"array","items":{"const":"a"},"uniqueItems":true},
            "uniqueItems":true})",
        {"[]", "[[]]", R"([["a"]])", R"([[],["a"]])", R"([["a"],[]])"});
  check(R"({"anyOf":[{"type":"array","items":{"const":"a"},"uniqueItems":true},
                     {"type":"array","items":{"enum":["a","b"]},"minItems":2,"maxItems":2}]})",
        {"[]", R"(["a"])", R"(["a","a"])", R"(["a","b"])", R"(["b","a"])", R"(["b","b"])"});
}

TEST_CASE("objects as items are compared without order; options bring a different one") {
  check(
      R"({"type":"array","items":{"type":"object","properties":{"a":{"const":"a"},"b":{"const":"a"}},
            "additionalProperties":false,"required":["a"]},"uniqueItems":true})",
      {"[]", R"([{"a":"a"}])", R"([{"a":"a","b":"a"}])", R"([{"a":"a"},{"a":"a","b":"a"}])",
       R"([{"a":"a","b":"a"},{"a":"a"}])"});
}

TEST_CASE(
    "infinite items: repetitions are refused where they end, and where nothing else is left") {
  Setup s(R"({"items": {"type": ["string", "integer", "boolean"]}, "uniqueItems": true})");
  Matcher* m = s.matcher.get();
  CHECK(takes(m, R"(["a", "b", 1, 10, true])"));
  CHECK_FALSE(takes(m, R"(["a","a"])"));
  CHECK_FALSE(takes(m, R"(["a", "\u0061"])"));
  CHECK_FALSE(takes(m, "[1,1.0]"));
  CHECK(takes(m, "[1,1.0]") == false);
  CHECK(takes(m, R"({"a": [1, 1]})"));
  m->reset();
  bool accepted = false;
  REQUIRE(m->accept_bytes("[true, ", &accepted) == Status::kOk);
  CHECK(accepted);
  REQUIRE(m->accept_bytes("t", &accepted) == Status::kOk);
  CHECK_FALSE(accepted);  // only a second true could follow
  REQUIRE(m->accept_bytes("\"tr", &accepted) == Status::kOk);
  CHECK(accepted);
}

TEST_CASE("clones and rollbacks keep the items apart") {
  Setup s(R"({"type": "array", "items": {"type": "integer"}, "uniqueItems": true})");
  Matcher* m = s.matcher.get();
  bool accepted = false;
  REQUIRE(m->accept_bytes("[1,", &accepted) == Status::kOk);
  std::unique_ptr<Matcher> copy = m->clone();
  REQUIRE(m->accept_bytes("2,", &accepted) == Status::kOk);
  REQUIRE(m->accept_bytes("2]", &accepted) == Status::kOk);
  CHECK_FALSE(accepted);
  REQUIRE(copy->accept_bytes("2]", &accepted) == Status::kOk);
  CHECK(accepted);
  REQUIRE(m->rollback(1) == Status::kOk);
  REQUIRE(m->accept_bytes("2]", &accepted) == Status::kOk);
  CHECK(accepted);
}

TEST_CASE("names of objects are compared like items") {
  CHECK(repeats(R"({"a":1,"\u0061":2})"));
  CHECK(repeats(R"({"a":[1,{"b":2}],"a":)"));
  CHECK_FALSE(repeats(R"({"a":"a","b":{"a":1}})"));
  CHECK(could_repeat(R"({"a":1,)"));
  CHECK_FALSE(could_repeat(R"({"a":1,"b":)"));
  CHECK_FALSE(could_repeat(R"({"a":1)"));
}

TEST_CASE("undeclared names that count differ") {
  check(R"({"type":"object","patternProperties":{"^[ab]{1,2}$":{"const":"a"}},
            "additionalProperties":false,"minProperties":2,"maxProperties":2,
            "propertyNames":{"pattern":"^(a|bb)$"}})",
        {R"({"a":"a","bb":"a"})", R"({"bb":"a","a":"a"})"});
  Setup s(R"({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2})");
  CHECK(takes(s.matcher.get(), R"({"a":1,"b":1})"));
  CHECK_FALSE(takes(s.matcher.get(), R"({"a":1,"a":2})"));
  CHECK_FALSE(takes(s.matcher.get(), R"({"a":1,"\u0061":2,"b":3})"));
}

TEST_CASE("an object that several parses are in is read once") {
  const std::string one = R"({"patternProperties": {"%": {"type": "null"}}})";
  const std::string other = R"({"patternProperties": {"%": {"type": "integer"}}})";
  auto with = [](std::string s, char name) { return s.replace(s.find('%'), 1, 1, name); };
  auto not_other = [&](char name) { return R"({"not": )" + with(other, name) + "}"; };
  Setup s(R"({"type": "object", "oneOf": [{"allOf": [)" + with(one, 'p') + "," + not_other('p') +
          R"(]}, {"allOf": [)" + with(one, 'q') + "," + not_other('q') + "]}]}");
  for (char c : std::string(R"({"x":1,"y":[],"x)")) {
    bool accepted = false;
    REQUIRE(s.matcher->accept_token(static_cast<uint8_t>(c) + 1, &accepted) == Status::kOk);
    CHECK(accepted);
    allowed(s.matcher.get());  // checks the mask
  }
}

TEST_CASE(
    "arrays in arrays without end: what could become an earlier item is compared part by part") {
  Setup s(R"({"$ref":"#/$defs/n","$defs":{"n":{"type":"array","items":{"$ref":"#/$defs/n"},
               "uniqueItems":true}}})");
  Matcher* m = s.matcher.get();
  for (std::string_view text : {"[[]", ",", "[[]", "]", ",[[[]],[", "]", "]", ",[[]"}) {
    bool accepted = false;
    REQUIRE(m->accept_bytes(text, &accepted) == Status::kOk);
    REQUIRE(accepted);
    allowed(m);  // checks the mask
  }
  CHECK_FALSE(takes(m, "[[],[[],[[]]],[[],[[]]]]"));
  CHECK(takes(m, "[[],[[],[[]]],[[[]],[]]]"));
}

TEST_CASE(
    "names that differ only far behind: the one that is left is found, and no other is allowed") {
  std::string items, text = "[";
  const std::string tail(300, 'y');
  for (int i = 0; i < 70; ++i) {
    std::string name = "\"a" + std::to_string(i / 10) + std::to_string(i % 10) + tail + '"';
    items += name + ",";
    text += name + ",";
  }
  Setup s(R"({"type":"array","items":{"enum":[)" + items +
          R"("b"]},"minItems":71,"uniqueItems":true})");
  Matcher* m = s.matcher.get();
  bool accepted = false;
  REQUIRE(m->accept_bytes(text + "\"", &accepted) == Status::kOk);
  REQUIRE(accepted);
  CHECK(allowed(m) == std::vector<int32_t>{'b' + 1});
}

TEST_CASE("numbers: zeros without end and exponents become no other value") {
  Setup s(R"({"type":"array","items":{"type":"number","multipleOf":1,"minimum":0,"maximum":2},
              "uniqueItems":true})");
  Matcher* m = s.matcher.get();
  CHECK(takes(m, "[0,1,2]"));
  CHECK(takes(m, "[1.0,2.000,0]"));
  CHECK_FALSE(takes(m, "[1,2.0,1.000]"));
  bool accepted = false;
  m->reset();
  REQUIRE(m->accept_bytes("[1,0.0,2", &accepted) == Status::kOk);
  REQUIRE(accepted);
  for (int32_t t : allowed(m)) {
    const std::string_view text = m->grammar()->tokenizer()->token_bytes(t);
    CHECK(text.find(',') == text.npos);  // no value is left
  }
}

namespace {

// All texts of the language, by brute force over those of its automaton; every prefix that bytes lead to
// must lead on to one of them.
size_t dead_ends(Matcher* m, std::string* text) {
  if (text->size() > 60) return 0;
  bool any = m->is_accepting();
  size_t dead = 0;
  for (int byte = 0x21; byte < 0x7F; ++byte) {
    bool accepted = false;
    m->accept_token(byte + 1, &accepted);
    if (!accepted) continue;
    any = true;
    text->push_back(static_cast<char>(byte));
    dead += dead_ends(m, text);
    text->pop_back();
    REQUIRE(m->rollback(1) == Status::kOk);
  }
  if (!any) MESSAGE(*text);
  return dead + !any;
}

}  // namespace

TEST_CASE("finite languages with few values: no dead end") {
  for (
      const char* schema : {
          R"({"type":"object","properties":{"x":{"const":null},"y":{"const":null}},
               "patternProperties":{"^c{1,3}$":{"const":null}},"additionalProperties":false,"minProperties":3})",
          R"({"type":"array","prefixItems":[{"enum":["a","b"]},{"enum":["b","c"]}],"items":{"enum":["a","c","b"]},
               "minItems":2,"uniqueItems":true})",
          R"({"type":"array","items":{"enum":["a","b","ab"]},"contains":{"const":"b"},"minItems":2,
               "maxItems":2,"uniqueItems":true})",
          R"({"type":"array","items":{"enum":["a","b","c"]},"allOf":[{"contains":{"const":"b"}},
               {"contains":{"enum":["a","b"]}}],"minItems":2,"maxItems":2,"uniqueItems":true})",
          R"({"type":"array","items":{"type":"array","items":{"enum":["a","b"]},"uniqueItems":true,"minItems":1},
               "uniqueItems":true,"minItems":2,"maxItems":2})",
          R"({"type":"array","items":{"type":"object","properties":{"a":{"type":"boolean"},"b":{"const":"x"}},
               "additionalProperties":false,"required":["a"]},"uniqueItems":true,"minItems":2,"maxItems":2})"}) {
    INFO(schema);
    Setup s(schema);
    std::string text;
    CHECK(dead_ends(s.matcher.get(), &text) == 0);
  }
}

// Cases: sources and texts, made in code, because they are large and regular.
//
// Entry point: all_cases. A case's texts say what has to be walked through to meet its worst masks.
//
//   for (const NamedCase& c : all_cases()) { Case made = c.make(); ... }
//
// Tests: counts.cc runs them all.
#include "cases.h"

#include "vocabulary.h"

namespace xgr::core::bench {
namespace {

std::string repeat(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

// make(0) + between + make(1) ...
template <typename Make>
std::string join(size_t count, std::string_view between, Make&& make) {
  std::string out;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) out += between;
    out += make(i);
  }
  return out;
}

std::string number(size_t i) { return std::to_string(i); }

Case schema(std::string source, std::vector<std::string> texts,
            std::vector<std::string> refused = {}) {
  return {Language::kJsonSchema, std::move(source), std::move(texts), std::move(refused), {}};
}
Case ebnf(std::string source, std::vector<std::string> texts,
          std::vector<std::string> refused = {}) {
  return {Language::kEbnf, std::move(source), std::move(texts), std::move(refused), {}};
}
Case regex(std::string source, std::vector<std::string> texts,
           std::vector<std::string> refused = {}) {
  return {Language::kRegex, std::move(source), std::move(texts), std::move(refused), {}};
}

std::string items_text(size_t count) {
  return "[" + join(count, ", ", [](size_t i) { return "\"it " + number(1000 + i) + "\""; }) + "]";
}

Case array_of_2000_strings() {
  Case c = array_of_strings(2000);
  c.refused = {items_text(1999), items_text(2001), "[\"123456789\""};
  return c;
}

Case max_length_4000() {
  std::string body = repeat("The quick brown fox, \\\"quoted\\\" and \xC3\xA9t\xC3\xA9. ", 100);
  return schema(R"({"type":"string","maxLength":4000})",
                {"\"" + body + "\"", "\"" + repeat("x", 4000) + "\""},
                {"\"" + repeat("x", 4001) + "\""});
}

Case max_length_12() {
  return schema(R"({"type":"string","maxLength":12})",
                {"\"the name is \"", "\"\xE4\xBD\xA0\xE5\xA5\xBD, \xC3\xA9t\xC3\xA9 1234\"",
                 "\"\\n\\u00e9\\\\bcdefghi\""},
                {"\"the names are\""});
}

Case nested_stars_60() {
  std::string text = "\"" + repeat("word and2 ", 6) + "\"";
  return schema(R"({"type":"string","pattern":"^(\\w+\\s?)+$","maxLength":60})",
                {text, "\"" + repeat("abcdefghij", 6) + "\""},
                {"\"two  spaces\"", "\"" + repeat("abcdefghij", 6) + "k\""});
}

Case nineteenth_from_the_end() {
  Random random(5);
  std::string text;
  for (int i = 0; i < 300; ++i) text += random.one_in(2) ? 'a' : 'b';
  text[text.size() - 19] = 'a';
  std::string other = text;
  other[other.size() - 19] = 'b';
  return regex("(a|b)*a(a|b){18}", {text}, {other});
}

Case b_200_after_a() {
  std::string text = "Some text with many a's and b's at hand. ";
  text = repeat(text, 12) + "a" + repeat("0123456789", 20) + "b";
  return regex(".*a.{200}b", {text}, {text + "b"});
}

// Free text in which <function ends it; states are how much of the tag has been read.
Case text_until_tag() {
  const std::string tag = "<function";
  std::string source = "root ::= s0\n";
  for (size_t k = 0; k < tag.size(); ++k) {
    std::string next = k + 1 < tag.size() ? "s" + number(k + 1) : "call";
    std::string c(1, tag[k]);
    source += "s" + number(k) + " ::= \"" + c + "\" " + next;
    if (k > 0) source += " | \"<\" s1";
    source += " | [^" + c + (k > 0 ? "<" : "") + "] s0 | \"\"\n";
  }
  source += "call ::= \"=\" [a-z_]+ \">\" [^<]* \"</function>\" s0\n";
  std::string text = repeat("I will look it up: 1 << 2, <b>func</b>, <<functio. ", 4);
  return ebnf(source, {text + "<function=get_weather>{\"city\": \"Paris\"}</function> done", text},
              {text + "<function>"});
}

Case optional_properties_900() {
  auto key = [](size_t i) { return "\"property_" + number(i) + "\""; };
  std::string source =
      R"({"type":"object","additionalProperties":false,"properties":{)" +
      join(900, ",", [&](size_t i) { return key(i) + ":{\"type\":\"integer\"}"; }) + "}}";
  auto text = [&](size_t step) {
    return "{" +
           join((900 + step - 1) / step, ", ",
                [&](size_t i) { return key(i * step) + ": " + number(i); }) +
           "}";
  };
  return schema(source, {text(7), text(1)}, {"{\"property_5\": 1, \"property_4\": 1}"});
}

Case enum_of_10000() {
  auto value = [](size_t i) {
    return "\"" + repeat("service/", i % 3) + "region-" + number(i % 97) + "/instance-" +
           number(i) + "\"";
  };
  return schema("{\"enum\":[" + join(10000, ",", value) + "]}", {value(9999), value(1234)},
                {"\"region-1/instance-9999\"", "\"region-0/instance-\""});
}

Case named_500_and_additional() {
  auto key = [](size_t i) { return "\"field" + number(i * i % 1009) + "_" + number(i) + "\""; };
  auto type = [](size_t i) {
    return i % 3 == 0   ? "{\"type\":\"integer\"}"
           : i % 3 == 1 ? "{\"type\":\"boolean\"}"
                        : "{\"type\":\"string\"}";
  };
  std::string source =
      R"({"type":"object","additionalProperties":{"type":"string"},"properties":{)" +
      join(500, ",", [&](size_t i) { return key(i) + ":" + type(i); }) + "}}";
  std::string text = "{" + key(0) + ": 1, " + key(1) + ": true, " + key(400) +
                     ": false, \"field\": \"x\", \"field1\": \"y\", \"other key\": \"z\"}";
  return schema(source, {text, "{\"field99_9\": \"a\"}", "{}"},
                {"{\"field\": 1}", "{\"field0_0\": 1, \"field0_0\": 1}"});
}

// In the order of the list, with others between them.
Case required_20() {
  auto key = [](size_t i) { return "\"key_" + std::string(1, static_cast<char>('a' + i)) + "\""; };
  auto text = [&](size_t first, size_t count) {
    return "{" + join(count, ", ", [&](size_t i) { return key(first + i) + ": 1"; }) + "}";
  };
  return schema(R"({"type":"object","additionalProperties":{"type":"integer"},"required":[)" +
                    join(20, ",", key) + "]}",
                {text(0, 20)}, {text(1, 19), text(0, 19)});
}

Case optional_26_count_2_to_5() {
  auto key = [](size_t i) { return "\"" + std::string(1, static_cast<char>('a' + i)) + "\""; };
  std::string source =
      R"({"type":"object","additionalProperties":false,"minProperties":2,"maxProperties":5,"properties":{)" +
      join(26, ",", [&](size_t i) { return key(i) + ":{\"type\":\"integer\"}"; }) + "}}";
  return schema(source,
                {R"({"a": 1, "z": 2})", R"({"b": 1, "c": 2, "k": 3, "x": 4, "y": 5})",
                 R"({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5})"},
                {R"({"a": 1})", R"({"z": 1})", R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6})"});
}

Case all_of_two_recursive() {
  return schema(
      R"({"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}],"$defs":{
      "a":{"type":"object","properties":{"id":{"type":"integer"},"kids":{"type":"array",
           "items":{"$ref":"#/$defs/a"}},"next":{"$ref":"#/$defs/a"}},"required":["id"]},
      "b":{"type":"object","properties":{"id":{"minimum":0},"name":{"type":"string"},
           "kids":{"maxItems":3,"items":{"$ref":"#/$defs/b"}},"next":{"$ref":"#/$defs/b"}},
           "required":["name"]}}})",
      {R"({"id": 1, "kids": [{"id": 2, "next": {"id": 3, "name": "x"}, "name": "y"}], "name": "z"})"},
      {R"({"id": 1})", R"({"id": 1, "kids": [{"id": -2, "name": ""}], "name": "z"})"});
}

Case any_of_64_by_last_key() {
  auto branch = [](size_t i) {
    return R"({"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},"size":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}},"kind_)" +
           number(i) + R"(":{"type":"boolean"}},"required":["name","size","tags","kind_)" +
           number(i) + R"("]})";
  };
  auto text = [](size_t i) {
    return R"({"name": "a name", "size": 12, "tags": ["x", "yz"], "kind_)" + number(i) +
           "\": true}";
  };
  return schema("{\"anyOf\":[" + join(64, ",", branch) + "]}", {text(0), text(63), text(37)},
                {text(64)});
}

Case arrays_10000_deep() {
  return schema(R"({"type":"array","items":{"$ref":"#"}})",
                {repeat("[", 10000) + repeat("]", 10000), "[[], [[]], [ [[[]], []] ]]"},
                {repeat("[", 10000) + repeat("]", 9999)});
}

Case left_recursion() {
  return ebnf(
      "root ::= e \";\" s\ne ::= e \"+\" t | t\nt ::= t \"*\" f | f\n"
      "f ::= [0-9]+ | \"(\" e \")\"\ns ::= x s \"b\" | \"c\"\nx ::= \"a\"?\n",
      {repeat("12+(3*4+5)*", 60) + "6;" + repeat("a", 40) + "c" + repeat("b", 60)},
      {"1+;c", "1;" + repeat("a", 41) + "c" + repeat("b", 40)});
}

Case right_recursion_10000() {
  auto items = [](size_t n) { return join(n, ",", [](size_t i) { return "item" + number(i); }); };
  return ebnf("root ::= l\nl ::= i | i \",\" l\ni ::= [a-z]+ [0-9]*\n", {items(10000)},
              {items(10) + ","});
}

Case sss() {
  return ebnf("root ::= s\ns ::= s s s | s s | \"a\"\n", {repeat("a", 400)}, {"", "b"});
}

Case palindromes() {
  std::string half = "abbabaab";
  std::string back(half.rbegin(), half.rend());
  half = repeat(half + back, 8);
  back.assign(half.rbegin(), half.rend());
  return ebnf("root ::= p\np ::= \"a\" p \"a\" | \"b\" p \"b\" | \"a\" | \"b\" | \"\"\n",
              {half + back, half + "a" + back}, {half + "ab" + back});
}

Case greedy_lexers() {
  return ebnf("root ::= a \"ab\"\na ::= \"a\"+\n", {"aab", repeat("a", 100) + "b"}, {"ab"});
}

Case branch_and_back() {
  return schema(
      R"({"anyOf":[{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"string"}}},
          {"type":"object","additionalProperties":false,"required":["b","c"],"properties":{"b":{"type":"string"},"c":{"type":"string"}}}]})",
      {R"({"a":"x"})", R"({"b":"x","c":"y"})"}, {R"({"b":"x"})", R"({"a":"x","c":"y"})"});
}

Case cyrillic_literal() {
  return ebnf("root ::= \"\xD0\xA1\xD0\xA1\xD0\xA0\" [0-9]\n",
              {"\xD0\xA1\xD0\xA1\xD0\xA0"
               "7"},
              {"\xD0\xA1\xD0\xA1\xD0\xA0"});
}

Case bounded_white_space() {
  return ebnf(
      "root ::= w v w\n"
      "w ::= [ \\n\\t]{0,40}\n"
      "v ::= o | a | s | n | \"true\" | \"false\" | \"null\"\n"
      "o ::= \"{\" w (m (w \",\" w m)*)? w \"}\"\nm ::= s w \":\" w v\n"
      "a ::= \"[\" w (v (w \",\" w v)*)? w \"]\"\n"
      "s ::= \"\\\"\" ([^\"\\\\\\x00-\\x1f] | \"\\\\\" ([\"\\\\/bfnrt] | \"u\" "
      "[0-9a-fA-F]{4}))* \"\\\"\"\n"
      "n ::= \"-\"? (\"0\" | [1-9] [0-9]*) (\".\" [0-9]+)? ([eE] [-+]? [0-9]+)?\n",
      {"{" + repeat(" ", 30) + "\n\t\"a\" :" + repeat(" ", 40) + "[1,\n  2.5e3 , true" +
           repeat("\n", 17) + "]\n\n}",
       "[" + repeat(" ", 39) + "\n\"x\"]"},
      {"[" + repeat(" ", 81) + "1]"});
}

Case bounded_white_space_schema() {
  Case c = schema(
      R"({"type":"object","properties":{"a":{"type":"array","items":{"type":"number"}},"b":{"type":"object"}}})",
      {"{" + repeat(" ", 30) + "\n\t\"a\" :" + repeat(" ", 40) + "[1,\n  2.5e3 , 3" +
       repeat("\n", 17) + "], \"b\": {\"c\": \"d\"}\n\n}"},
      {"{" + repeat(" ", 81) + "}"});
  c.options.format.max_whitespace = 40;
  return c;
}

Case han_and_hiragana() {
  std::string text = repeat("\xE6\x97\xA5\xE6\x9C\xAC\xE3\x81\xAE\xE8\xAA\x9E\xE3\x81\xA8", 4);
  Case c = regex("^[\\p{Han}\\p{Hiragana}]{1,20}$", {text, text.substr(0, 3)},
                 {text + text.substr(0, 3), "", "abc"});
  c.vocabulary_size = 200000;
  return c;
}

Case bounds_and_multiple() {
  return schema(
      R"({"type":"array","items":{"type":"number","minimum":-12345.678,"maximum":98765.4321,"multipleOf":0.01}})",
      {"[-12345.67, 98765.43, 0, -0.01, 1.5, 12345, -999.99, 0.1]"},
      {"[98765.44]", "[-12345.68]", "[0.001]"});
}

Case schema_of_4_mb() {
  const std::string note = repeat("What this definition is good for, at length. ", 12);
  std::string source = "{\"$ref\":\"#/$defs/d0\",\"$defs\":{";
  source += join(5000, ",", [&](size_t i) {
    return "\"d" + number(i) + R"(":{"type":"object","description":")" + note +
           R"(","additionalProperties":false,"properties":{"id":{"type":"integer"},"name_)" +
           number(i) + R"(":{"type":"string"},"left":{"$ref":"#/$defs/d)" +
           number((i * 2 + 1) % 5000) + R"("},"right":{"$ref":"#/$defs/d)" +
           number((i * 2 + 2) % 5000) + R"("}},"required":["id"]})";
  });
  source += "}}";
  size_t at = 0;
  std::string text, close;
  for (int depth = 0; depth < 40; ++depth, close += "}") {
    text += "{\"id\": " + number(at) + ", \"name_" + number(at) + "\": \"n\", \"right\": ";
    at = (at * 2 + 2) % 5000;
  }
  return schema(source, {text + "{\"id\": 1}" + close}, {"{}", "{\"id\": 1, \"name_1\": \"\"}"});
}

constexpr NamedCase kCases[] = {
    {"01-array-of-2000-strings", array_of_2000_strings},
    {"02-max-length-4000", max_length_4000},
    {"03-max-length-12", max_length_12},
    {"04-nested-stars-60", nested_stars_60},
    {"05a-nineteenth-from-the-end", nineteenth_from_the_end},
    {"05b-b-200-after-a", b_200_after_a},
    {"06-text-until-tag", text_until_tag},
    {"07-optional-properties-900", optional_properties_900},
    {"08-enum-of-10000", enum_of_10000},
    {"09-named-500-and-additional", named_500_and_additional},
    {"10-required-20", required_20},
    {"11-optional-26-count-2-to-5", optional_26_count_2_to_5},
    {"12-all-of-two-recursive", all_of_two_recursive},
    {"13-any-of-64-by-last-key", any_of_64_by_last_key},
    {"14-arrays-10000-deep", arrays_10000_deep},
    {"15-left-recursion", left_recursion},
    {"16-right-recursion-10000", right_recursion_10000},
    {"17-s-s-s", sss},
    {"18-palindromes", palindromes},
    {"19-greedy-lexers", greedy_lexers},
    {"20-branch-and-back", branch_and_back},
    {"21-cyrillic-literal", cyrillic_literal},
    {"22a-bounded-white-space", bounded_white_space},
    {"22b-bounded-white-space-schema", bounded_white_space_schema},
    {"23-han-and-hiragana", han_and_hiragana},
    {"24-bounds-and-multiple", bounds_and_multiple},
    {"25-schema-of-4-mb", schema_of_4_mb},
};

}  // namespace

Case string_of_length(size_t length) {
  std::string body = repeat("The quick brown fox jumps. ", length / 27 + 1);
  body = body.substr(body.size() - length);  // all lengths end alike
  return schema(R"({"type":"string","maxLength":)" + number(length) + "}", {"\"" + body + "\""});
}

Case array_of_strings(size_t count) {
  return schema(R"({"type":"array","minItems":)" + number(count) + R"(,"maxItems":)" +
                    number(count) + R"(,"items":{"type":"string","maxLength":8}})",
                {items_text(count)});
}

std::span<const NamedCase> all_cases() { return kCases; }

}  // namespace xgr::core::bench

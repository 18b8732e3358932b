// JSON Schemas that cost much more than their size: cycles, products, deep nesting, permutations.
//
// Entry point: schema_generators.
//
//   "deep_const depth=3"  ->  {"const":[[[]]]}
#include <algorithm>

#include "input.h"

namespace hostile {
namespace {

std::string number(size_t i) { return std::to_string(i); }
std::string quoted(const std::string& text) { return '"' + text + '"'; }

Input schema(std::string source) {
  Input in;
  in.source = std::move(source);
  return in;
}

// A definition that refers to itself beside another keyword, reached in a way that needs its
// complement.
Input negated_cycle(Parameters* p) {
  const std::string sibling = p->text("sibling", "type"), under = p->text("under", "items");
  std::string beside = R"("type":"null")";
  if (sibling == "const") beside = R"("const":[[]])";
  if (sibling == "enum") beside = R"("enum":[[],[[]],{},{"a":{}},"x"])";
  if (sibling == "pattern") beside = R"("pattern":"^a")";
  if (sibling == "bounds") beside = R"("minItems":1,"minProperties":1)";
  const std::string self = "{" + beside + R"(,"$ref":"#/$defs/n"})";
  std::string body = R"("items":)" + self + R"(,"type":"array")";
  if (under == "prefixItems") body = R"("prefixItems":[)" + self + R"(],"type":"array")";
  if (under == "contains") body = R"("contains":)" + self + R"(,"type":"array")";
  if (under == "properties") body = R"("properties":{"a":)" + self + R"(},"type":"object")";
  const std::string reach = p->text("reach", "not"), n = R"({"$ref":"#/$defs/n"})";
  std::string top = R"("not":)" + n;
  if (reach == "oneOf") top = R"("oneOf":[)" + n + R"(,{"type":["array","object"]}])";
  if (reach == "if")
    top = R"("if":)" + n + R"(,"then":{"maxItems":3},"else":{"type":["array","object"]})";
  return schema("{" + top + R"(,"$defs":{"n":{)" + body + "}}}");
}

// Cycles of references whose lengths have no common factor; all of them hold at once.
Input ref_cycles(Parameters* p) {
  const std::string via = p->text("via", "items");
  const size_t cycles = p->number("cycles", 6);
  static constexpr size_t kLengths[] = {11, 13, 17, 19, 23, 29, 31, 37};
  std::string defs, all;
  for (size_t c = 0; c < std::min<size_t>(cycles, 8); ++c) {
    const std::string name = "c" + number(c) + "_";
    for (size_t i = 0; i < kLengths[c]; ++i) {
      const std::string next =
          R"({"$ref":"#/$defs/)" + name + number((i + 1) % kLengths[c]) + R"("})";
      std::string body = R"("type":"array","items":)" + next;
      if (via == "properties") body = R"("type":"object","properties":{"a":)" + next + "}";
      if (via == "required")
        body = R"("type":["object","null"],"required":["a"],"properties":{"a":)" + next + "}";
      if (via == "minItems") body = R"("type":["array","null"],"minItems":1,"items":)" + next;
      defs += (defs.empty() ? "" : ",") + quoted(name + number(i)) + ":{" + body + "}";
    }
    all += std::string(all.empty() ? "" : ",") + R"({"$ref":"#/$defs/)" + name + R"(0"})";
  }
  return schema(R"({"allOf":[)" + all + R"(],"$defs":{)" + defs + "}}");
}

// Objects told apart by a tag that need not be there.
Input oneof_untagged(Parameters* p) {
  const size_t objects = p->number("objects", 200), properties = p->number("properties", 20);
  const bool closed = p->text("closed", "no") == "yes";
  return schema(R"({"oneOf":[)" +
                joined(objects, ",",
                       [&](size_t i) {
                         return R"({"type":"object","properties":{"tag":{"const":"t)" + number(i) +
                                "\"}" +
                                joined(properties - 1, "",
                                       [&](size_t j) {
                                         return R"(,"p)" + number(j) + R"(":{"type":"string"})";
                                       }) +
                                "}" + (closed ? R"(,"additionalProperties":false})" : "}");
                       }) +
                "]}");
}

Input oneof_nested(Parameters* p) {
  const std::string shape = p->text("shape", "plain");
  const size_t depth = p->number("depth", 60);
  std::string text = R"({"type":"string"})";
  for (size_t i = 0; i < depth; ++i) {
    std::string inner = text;
    if (shape == "array") inner = R"({"type":"array","items":)" + text + "}";
    if (shape == "object") inner = R"({"type":"object","properties":{"a":)" + text + "}}";
    const std::string other = shape == "plain" ? R"({"minLength":)" + number(i + 1) + "}"
                                               : R"({"maxItems":)" + number(i + 1) +
                                                     R"(,"maxProperties":)" + number(i + 1) + "}";
    text = R"({"oneOf":[)" + inner + "," + other + "]}";
  }
  return schema(text);
}

Input min_properties(Parameters* p) {
  const size_t properties = p->number("properties", 3000);
  const bool closed = p->text("closed", "yes") == "yes";
  Input in =
      schema(R"({"type":"object","minProperties":)" + number(p->number("min", 1500)) +
             R"(,"properties":{)" +
             joined(properties, ",",
                    [](size_t i) { return R"("p)" + number(i) + R"(":{"type":"integer"})"; }) +
             (closed ? R"(},"additionalProperties":false})" : "}}"));
  in.any_order = p->text("order", "any") == "any";
  return in;
}

Input deep_const(Parameters* p) {
  const size_t depth = p->number("depth", 4000);
  const bool object = p->text("shape", "array") == "object";
  return schema(R"({"const":)" + repeated(object ? "{\"a\":" : "[", depth) + "1" +
                repeated(object ? "}" : "]", depth) + "}");
}

Input nested(Parameters* p) {
  const std::string keyword = p->text("keyword", "not");
  const size_t depth = p->number("depth", 20000);
  std::string open = "{" + quoted(keyword) + ":", close = "}";
  if (keyword == "allOf" || keyword == "anyOf" || keyword == "oneOf" || keyword == "prefixItems")
    open += "[", close = "]}";
  if (keyword == "properties") open += R"({"a":)", close = "}}";
  if (keyword == "patternProperties") open += R"({"^a":)", close = "}}";
  if (keyword == "if") open = R"({"then":{"type":"object"},"if":)";
  return schema(repeated(open, depth) + R"({"type":"string"})" + repeated(close, depth));
}

Input ref_chain(Parameters* p) {
  const size_t length = p->number("length", 50000);
  const std::string via = p->text("via", "direct");
  std::string open = R"({"$ref":"#/$defs/d)", close = "\"}";
  if (via == "allOf") open = R"({"allOf":[)" + open, close += "]}";
  if (via == "properties") open = R"({"type":"object","properties":{"a":)" + open, close += "}}";
  if (via == "beside") close = R"(","maxLength":100000})";
  return schema(R"({"$ref":"#/$defs/d0","$defs":{)" +
                joined(length, ",",
                       [&](size_t i) {
                         const std::string body =
                             i + 1 < length ? open + number(i + 1) + close : R"({"type":"string"})";
                         return "\"d" + number(i) + "\":" + body;
                       }) +
                "}}");
}

Input exact_length(Parameters* p) {
  const std::string length = number(p->number("length", 1000000000));
  Input in = schema(R"({"type":"string","minLength":)" + length + R"(,"maxLength":)" + length +
                    R"(,"pattern":")" + p->text("pattern", "^a*$") + "\"}");
  in.vocabulary = "128k";
  return in;
}

// Keywords that a lenient schema leaves out, each at a place of its own.
Input leftovers(Parameters* p) {
  const std::string keyword = p->text("keyword", "not");
  std::string left = R"({"not":{"uniqueItems":true}})";
  if (keyword == "pattern") left = R"({"type":"string","pattern":"(x)\\1"})";
  Input in = schema(R"({"type":"object","properties":{)" +
                    joined(p->number("count", 800), ",",
                           [&](size_t i) { return "\"p" + number(i) + "\":" + left; }) +
                    "}}");
  in.lenient = true;
  return in;
}

Input unique_recursion(Parameters* p) {
  const std::string more = p->text("items", "none");
  std::string items = R"({"$ref":"#/$defs/n0"})";
  if (more == "enum") items = R"({"anyOf":[{"enum":[1,2,"x"]},)" + items + "]}";
  Input in = schema(R"({"$ref":"#/$defs/n0","$defs":{"n0":{"type":"array","items":)" + items +
                    R"(,"uniqueItems":true}}})");
  in.text = p->text("text", "[[]");
  return in;
}

// All of some names, each once; some of them are written.
Input unique_names(Parameters* p) {
  const size_t names = p->number("names", 100);
  const std::string shape = p->text("shape", "array");
  auto name = [](size_t i) {
    std::string text;
    for (size_t n = i + 26; n > 0; n /= 26) text += static_cast<char>('a' + n % 26);
    return quoted(text + number(i));
  };
  Input in;
  if (shape == "array") {
    in = schema(R"({"type":"array","uniqueItems":true,"minItems":)" + number(names) +
                R"(,"items":{"enum":[)" + joined(names, ",", name) + "]}}");
  } else {
    in = schema(R"({"type":"object","additionalProperties":false,"required":[)" +
                joined(names, ",", name) + R"(],"properties":{)" +
                joined(names, ",", [&](size_t i) { return name(i) + R"(:{"type":"integer"})"; }) +
                "}}");
    in.any_order = true;
  }
  const size_t written = p->number("written", 0);
  if (written > 0 && shape == "array") {
    in.text = "[" + joined(written, ",", name);
    in.whole = true;
  }
  in.vocabulary = "128k";
  in.steps = 60;
  return in;
}

// Long names with a common beginning, and a short one; all but the last item are written.
Input long_names(Parameters* p) {
  const size_t names = p->number("names", 70), size = p->number("size", 303);
  auto name = [&](size_t i) {
    const std::string digits = number(100 + i);
    return "\"a" + digits.substr(digits.size() - 2) + std::string(size - 3, 'y') + "\"";
  };
  Input in = schema(R"({"type":"array","uniqueItems":true,"minItems":)" + number(names + 1) +
                    R"(,"items":{"enum":[)" + joined(names, ",", name) + R"(,"b"]}})");
  in.text = "[" + joined(names, ",", name) + ",\"";
  in.whole = true;
  in.vocabulary = "bytes";
  return in;
}

Input multiple_of(Parameters* p) {
  Input in = schema(R"({"type":"integer","multipleOf":)" + number(p->number("of", 3)) + "}");
  in.vocabulary = "no_digits";
  return in;
}

}  // namespace

const std::map<std::string, Generator>& schema_generators() {
  static const std::map<std::string, Generator> all = {
      {"negated_cycle", negated_cycle},
      {"ref_cycles", ref_cycles},
      {"oneof_untagged", oneof_untagged},
      {"oneof_nested", oneof_nested},
      {"min_properties", min_properties},
      {"deep_const", deep_const},
      {"nested", nested},
      {"ref_chain", ref_chain},
      {"exact_length", exact_length},
      {"leftovers", leftovers},
      {"unique_names", unique_names},
      {"unique_recursion", unique_recursion},
      {"long_names", long_names},
      {"multiple_of", multiple_of},
  };
  return all;
}

}  // namespace hostile

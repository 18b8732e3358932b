// Random inputs: schemas, grammars and patterns, of parts that are each harmless alone.
//
// Entry point: random_input. Most numbers are small, a few very large; definitions and rules refer to
// one another at will; vocabularies may lack what the language needs.
//
//   {"oneOf":[{"$ref":"#/$defs/d1"},{"not":{"maxItems":4000}}],"$defs":{"d1":...}}
#include "random_inputs.h"

#include <array>

namespace hostile {
namespace {

std::string number(uint64_t i) { return std::to_string(i); }

class Maker {
 public:
  Maker(uint64_t seed, uint64_t index) : state_(seed * 0x100000001B3u + index) {}

  Input make() {
    Input in;
    in.vocabulary = vocabulary();
    const uint32_t dice = below(20);
    if (dice < 11) {
      in.source = schema();
      in.lenient = one_in(2);
      in.any_order = one_in(3);
      in.unique_names = one_in(5);
      in.strict = one_in(6);
    } else if (dice < 16) {
      in.kind = Kind::kEbnf;
      in.source = grammar();
    } else if (dice < 19) {
      in.kind = Kind::kRegex;
      in.source = pattern(1 + below(5));
    } else {
      in.kind = Kind::kLark;
      in.source = lark();
    }
    if (one_in(25)) in.stops = {one_in(2) ? "a" : "\""};
    return in;
  }

 private:
  uint64_t next() {  // splitmix64
    uint64_t z = state_ += 0x9E3779B97F4A7C15ull;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ z >> 27) * 0x94D049BB133111EBull;
    return z ^ z >> 31;
  }
  uint32_t below(uint64_t n) { return static_cast<uint32_t>((next() >> 32) % n); }
  bool one_in(uint32_t n) { return below(n) == 0; }
  // Small as a rule, now and then up to `most`.
  uint64_t size(uint64_t most) {
    const uint32_t dice = below(12);
    if (dice == 0) return 1 + below(most);
    return dice < 4 ? 1 + below(most < 20 ? most : 20) : 1 + below(3);
  }
  template <typename... Texts>
  std::string pick(const Texts&... texts) {
    const std::array<std::string, sizeof...(texts)> all{std::string(texts)...};
    return all[below(all.size())];
  }

  std::string vocabulary() {
    const uint32_t dice = below(20);
    if (dice < 8) return "bytes";
    if (dice < 12) return "8k";
    if (dice < 16) return "odd" + number(below(8));
    if (dice < 19) return "few" + number(below(50));
    return pick("aa_b", "zero_aa", "no_digits");
  }

  // JSON Schema.

  std::string schema() {
    definitions_ = size(12);
    budget_ = 8 + size(120);
    std::string text = "{" + keywords(0);
    text += std::string(text.size() > 1 ? "," : "") + "\"$defs\":{";
    for (uint64_t i = 0; i < definitions_; ++i)
      text += (i > 0 ? ",\"d" : "\"d") + number(i) + "\":" + value(0);
    return text + "}}";
  }
  std::string reference() { return R"("$ref":"#/$defs/d)" + number(below(definitions_)) + '"'; }
  std::string value(uint32_t depth) {
    if (budget_ == 0 || depth > 5) return pick("true", "{\"type\":\"null\"}", "{}");
    --budget_;
    if (one_in(4)) return "{" + reference() + "}";
    return "{" + keywords(depth) + "}";
  }
  std::string values(uint64_t count, uint32_t depth) {
    return "[" + joined(count, ",", [&](size_t) { return value(depth); }) + "]";
  }
  std::string keywords(uint32_t depth) {
    std::map<std::string, std::string> all;
    const uint32_t count = 1 + below(3);
    for (uint32_t i = 0; i < count; ++i) {
      switch (below(7)) {
        case 0:
          combination(&all, depth + 1);
          break;
        case 1:
        case 2:
          array(&all, depth + 1);
          break;
        case 3:
        case 4:
          object(&all, depth + 1);
          break;
        case 5:
          scalar(&all);
          break;
        default:
          all["\"$ref\""] = reference().substr(7);
      }
    }
    std::string text;
    for (const auto& [name, content] : all)
      text += (text.empty() ? "" : ",") + name + ":" + content;
    return text;
  }
  void combination(std::map<std::string, std::string>* all, uint32_t depth) {
    switch (below(6)) {
      case 0:
        (*all)["\"not\""] = value(depth);
        break;
      case 1:
        (*all)["\"oneOf\""] = values(size(30), depth);
        break;
      case 2:
        (*all)["\"anyOf\""] = values(size(60), depth);
        break;
      case 3:
        (*all)["\"allOf\""] = values(size(12), depth);
        break;
      case 4:
        (*all)["\"if\""] = value(depth);
        (*all)["\"then\""] = value(depth);
        if (one_in(2)) (*all)["\"else\""] = value(depth);
        break;
      default: {  // nested in itself
        const std::string word = pick("not", "allOf", "oneOf", "items", "contains", "if");
        const bool list = word.size() == 5 && word.back() == 'f';
        const uint64_t times = size(3000);
        (*all)["\"" + word + "\""] =
            (list ? "[" : "") + repeated("{\"" + word + (list ? "\":[" : "\":"), times) +
            value(depth) + repeated(list ? "]}" : "}", times) + (list ? "]" : "");
      }
    }
  }
  void array(std::map<std::string, std::string>* all, uint32_t depth) {
    if (one_in(2)) (*all)["\"type\""] = pick("\"array\"", "[\"array\",\"null\"]");
    if (one_in(2)) (*all)["\"items\""] = one_in(3) ? "{" + names(size(100)) + "}" : value(depth);
    if (one_in(3)) (*all)["\"uniqueItems\""] = "true";
    if (one_in(4)) (*all)["\"minItems\""] = number(size(3000));
    if (one_in(4)) (*all)["\"maxItems\""] = number(size(100000));
    if (one_in(4)) (*all)["\"prefixItems\""] = values(size(40), depth);
    if (one_in(5)) {
      (*all)["\"contains\""] = value(depth);
      if (one_in(2)) (*all)["\"minContains\""] = number(size(300));
      if (one_in(3)) (*all)["\"maxContains\""] = number(size(300));
    }
    if (one_in(8)) (*all)["\"unevaluatedItems\""] = value(depth);
  }
  void object(std::map<std::string, std::string>* all, uint32_t depth) {
    if (one_in(2)) (*all)["\"type\""] = pick("\"object\"", "[\"object\",\"string\"]");
    const uint64_t count = size(400);
    auto name = [](uint64_t i) { return "\"p" + number(i) + "\""; };
    (*all)["\"properties\""] =
        "{" +
        joined(count, ",",
               [&](size_t i) {
                 return name(i) + ":" +
                        (count > 20 ? pick("true", "{\"type\":\"integer\"}") : value(depth));
               }) +
        "}";
    if (one_in(2)) {
      (*all)["\"required\""] = "[" + joined(1 + below(count), ",", name) + "]";
    }
    if (one_in(3)) (*all)["\"additionalProperties\""] = one_in(2) ? "false" : value(depth);
    if (one_in(4)) (*all)["\"minProperties\""] = number(1 + below(count + 5));
    if (one_in(5)) (*all)["\"maxProperties\""] = number(1 + below(count + 20));
    if (one_in(6)) (*all)["\"patternProperties\""] = R"({"^p.*1":)" + value(depth) + "}";
    if (one_in(8)) (*all)["\"propertyNames\""] = R"({"maxLength":)" + number(size(50)) + "}";
    if (one_in(8)) (*all)["\"dependentRequired\""] = R"({"p0":["p1","p2"]})";
    if (one_in(8)) (*all)["\"dependentSchemas\""] = R"({"p0":)" + value(depth) + "}";
    if (one_in(10)) (*all)["\"unevaluatedProperties\""] = pick("false", "{\"type\":\"null\"}");
  }
  void scalar(std::map<std::string, std::string>* all) {
    switch (below(6)) {
      case 0:
        (*all)["\"type\""] = "\"integer\"";
        if (one_in(2)) (*all)["\"multipleOf\""] = number(size(100000));
        if (one_in(2)) (*all)["\"minimum\""] = "-" + number(size(1000000000));
        if (one_in(2)) (*all)["\"maximum\""] = number(size(1000000000));
        break;
      case 1: {
        const std::string text = names(size(60));
        (*all)["\"enum\""] = text.substr(7);
        break;
      }
      case 2: {
        const uint64_t deep = size(1500);
        const bool list = one_in(2);
        (*all)["\"const\""] = repeated(list ? "[" : "{\"a\":", deep) + pick("1", "\"x\"", "[]") +
                              repeated(list ? "]" : "}", deep);
        break;
      }
      case 3:
        (*all)["\"not\""] =
            pick(R"({"uniqueItems":true})", R"({"type":"integer"})", R"({"pattern":"^a*$"})");
        break;
      default:
        (*all)["\"type\""] = "\"string\"";
        if (one_in(2)) (*all)["\"minLength\""] = number(size(1000000000));
        if (one_in(2)) (*all)["\"maxLength\""] = number(size(1000000000));
        if (one_in(2)) (*all)["\"pattern\""] = '"' + escaped(pattern(2)) + '"';
        if (one_in(5)) (*all)["\"format\""] = pick("\"date\"", "\"email\"", "\"uri\"", "\"ipv6\"");
    }
  }
  // "enum":[...] of names that begin alike.
  std::string names(uint64_t count) {
    const std::string middle(size(200), 'y');
    const uint32_t kind = below(3);
    return "\"enum\":[" +
           joined(count, ",",
                  [&](size_t i) {
                    if (kind == 0) return "\"" + number(i) + "\"";
                    if (kind == 1) return "\"a" + middle + number(i) + "\"";
                    return one_in(2) ? number(i) : "\"n" + number(i) + middle + "\"";
                  }) +
           "]";
  }
  static std::string escaped(const std::string& text) {
    std::string out;
    for (char c : text) out += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
    return out;
  }

  // Regular expressions.

  std::string count() {
    const uint64_t low = one_in(2) ? 0 : size(300), more = size(2000);
    switch (below(6)) {
      case 0:
        return "*";
      case 1:
        return "?";
      case 2:
        return "+";
      case 3:
        return "{" + number(low) + ",}";
      case 4:
        return "{" + number(low + more) + "}";
      default:
        return "{" + number(low) + "," + number(low + more) + "}";
    }
  }
  std::string pattern(uint32_t depth) {
    std::string text;
    const uint64_t parts = size(depth > 2 ? 12 : 300);
    for (uint64_t i = 0; i < parts && text.size() < 20000; ++i) {
      if (i > 0 && one_in(4)) text += "|";
      std::string part = pick("a", "b", "[ab]", "[a-z0-9]", ".", "ab", "\\d", "x");
      if (depth > 0 && one_in(2)) part = "(" + pattern(depth - 1) + ")";
      const bool one = part.size() == 1 || part[0] == '(' || part[0] == '[';
      text += one && one_in(2) ? part + count() : part;
    }
    return text;
  }

  // EBNF.

  std::string rule() { return "r" + number(below(rules_)); }
  std::string atom(uint32_t depth) {
    if (depth > 0 && one_in(4)) return "(" + alternatives(depth - 1) + ")";
    if (one_in(3)) return rule();
    return pick("\"a\"", "\"b\"", "\"ab\"", "[a-c]", "[^\"]", "\"x\"", "\"\\\"\"", "\"1\"", "e");
  }
  std::string sequence(uint32_t depth) {
    return joined(size(8), " ", [&](size_t) {
      return atom(depth) + (one_in(3) ? pick("?", "*", "+", count()) : "");
    });
  }
  std::string alternatives(uint32_t depth) {
    return joined(1 + below(3), " | ", [&](size_t) { return sequence(depth); });
  }
  std::string grammar() {
    rules_ = one_in(3) ? size(600) : 1 + below(40);
    std::string text = "root ::= " + rule() + "\ne ::= \"a\"? \"b\"?";
    for (uint64_t i = 0; i < rules_; ++i) {
      text += "\nr" + number(i);
      const bool special = one_in(10);
      if (special) text += pick("[capture]", "[max_tokens=3]", "[capture, max_tokens=20]");
      text += " ::= ";
      if (one_in(30)) {
        text += "TagDispatch((\"a\", " + rule() + "), (\"ab\", " + rule() + "), (\"b\", " + rule() +
                ")" + pick("", ", excludes=(\"xx\",)", ", loop_after_dispatch=false") + ")";
      } else if (one_in(20)) {
        text += repeated(atom(0) + pick("?", "*", count()) + " ", size(1000));
      } else {
        text += alternatives(2);
        if (!one_in(4)) text += pick(" | \"x\"", " | \"\"", " | \"a\"");
      }
    }
    return text;
  }

  // Lark.

  std::string lark() {
    rules_ = 1 + below(20);
    std::string text = "start: " + rule();
    for (uint64_t i = 0; i < rules_; ++i) {
      text += "\nr" + number(i) + ": " +
              joined(1 + below(3), " | ",
                     [&](size_t) {
                       return joined(1 + below(4), " ", [&](size_t) {
                         return (one_in(3) ? rule() : pick("A", "B", "\"x\"", "\"a\"", "W")) +
                                pick("", "", "?", "*", "~1..300");
                       });
                     }) +
              pick(" | \"x\"", " | A", "");
    }
    return text + "\nA: \"a\"+\nB: /b{1,300}/\nW: /[a-z ]*/\n";
  }

  uint64_t state_;
  uint64_t definitions_ = 1, budget_ = 0, rules_ = 1;
};

}  // namespace

Input random_input(uint64_t seed, uint64_t index) { return Maker(seed, index).make(); }

}  // namespace hostile

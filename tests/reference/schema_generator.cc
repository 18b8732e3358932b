// Draws random JSON Schemas together with what they mean.
//
// Entry points: random_schema, any_json. Each subschema becomes one rule of the meaning. Containers
// are spelled out by counting: an array of two to four elements is an alternative for each length,
// a closed object one for each subset of its optional members, in declared order. Example: {"type":
// "array", "items": {"type": "null"}, "maxItems": 1} means
// "[" gap "]" | "[" gap null gap "]".
// Test: the family `schema` of compare.cc.
#include "schema_generator.h"

#include <algorithm>

#include "json_elements.h"
#include "printer.h"
#include "syntax_builder.h"

namespace reference {
namespace {

constexpr size_t kMaxListed = 4;  // elements of an array that are counted out

Element joined(std::vector<Sequence> items, const char32_t* open, const char32_t* close) {
  Sequence out{txt(open), json_gap()};
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) {
      out.push_back(txt(U","));
      out.push_back(json_gap());
    }
    out.insert(out.end(), items[i].begin(), items[i].end());
    out.push_back(json_gap());
  }
  out.push_back(txt(close));
  return group({std::move(out)});
}

class SchemaGenerator {
 public:
  explicit SchemaGenerator(RandomSource& random) : random_(random) {}

  RandomSchema run() {
    const size_t root = new_rule();
    const size_t definitions = random_.percent(40) ? 1 + random_.below(2) : 0;
    for (size_t i = 0; i < definitions; ++i) definitions_.push_back(new_rule());
    std::string members;
    may_refer_ = false;  // a definition that is only itself has no meaning
    for (size_t i = 0; i < definitions; ++i) {
      members += (i > 0 ? ",\"d" : "\"d") + std::to_string(i) + "\":" + schema(definitions_[i], 2);
    }
    may_refer_ = true;
    std::string text = schema(root, 3);
    if (definitions > 0) {  // beside the root's own keywords
      const std::string rest = text == "true"    ? "}"
                               : text == "false" ? ",\"not\":{}}"
                                                 : text.substr(1);
      text = "{\"$defs\":{" + members + "}" + (rest.size() > 1 && rest[0] != ',' ? "," : "") + rest;
    }
    meaning_.root = root;
    return {text, meaning_};
  }

  size_t any_value() {
    if (any_ != SIZE_MAX) return any_;
    any_ = new_rule();
    const size_t gap_colon = new_rule();
    meaning_.rules[gap_colon] = {{json_gap(), txt(U":"), json_gap()}};
    const Sequence member{any_json_string(), call(gap_colon), call(any_), json_gap()};
    const Sequence element{call(any_), json_gap()};
    auto list = [](const char32_t* open, const Sequence& one, const char32_t* close) {
      Sequence more{txt(U","), json_gap()};
      more.insert(more.end(), one.begin(), one.end());
      Sequence filled = one;
      filled.push_back(star(group({more})));
      return Sequence{txt(open), json_gap(), maybe(group({filled})), txt(close)};
    };
    meaning_.rules[any_] = {{any_json_string()},      {any_json_number()}, {txt(U"true")},
                            {txt(U"false")},          {txt(U"null")},      list(U"{", member, U"}"),
                            list(U"[", element, U"]")};
    return any_;
  }

  Syntax take() { return std::move(meaning_); }

 private:
  size_t new_rule() {
    meaning_.names.push_back("r" + std::to_string(meaning_.rules.size()));
    meaning_.rules.emplace_back();
    return meaning_.rules.size() - 1;
  }

  // Draws a schema, whose values `rule` is to be.
  std::string schema(size_t rule, int depth) {
    Body body;
    std::string text = draw(&body, depth);
    meaning_.rules[rule] = std::move(body);
    return text;
  }

  std::string draw(Body* body, int depth) {
    const int kind = random_.between(0, depth > 0 ? 99 : 54);
    if (kind < 18) return string(body);
    if (kind < 28) return integer(body);
    if (kind < 34) return listed(body);
    if (kind < 40) return types(body);
    if (kind < 43) return *body = {{any_json_number()}}, "{\"type\":\"number\"}";
    if (kind < 45) return *body = {{call(any_value())}}, random_.percent(50) ? "true" : "{}";
    if (kind < 47) return *body = {}, "false";
    if (kind < 55) return reference(body);
    if (kind >= 90) return any_of(body, depth);
    const bool could_refer = may_refer_;
    may_refer_ = true;
    std::string text = kind < 72 ? array(body, depth) : object(body, depth);
    may_refer_ = could_refer;
    return text;
  }

  std::string string(Body* body) {
    if (random_.percent(25)) return pattern(body);
    std::string text = "{\"type\":\"string\"";
    Element inside = any_json_char();
    const int least = random_.percent(40) ? random_.between(1, 4) : 0;
    const int most = random_.percent(50) ? random_.between(0, 6) : kForever;
    if (least == 0 && most == kForever) return *body = {{any_json_string()}}, text + "}";
    if (least > 0) text += ",\"minLength\":" + std::to_string(least);
    if (most != kForever) text += ",\"maxLength\":" + std::to_string(most);
    if (most == kForever || least <= most) {
      *body = {{txt(U"\""), times(inside, least, most), txt(U"\"")}};
    }
    return text + "}";
  }

  std::string pattern(Body* body) {
    Syntax regex;
    regex.names = {"root"};
    regex.style = random_.next();
    regex.rules = {characters(2)};
    const std::string text = "^(?:" + print_regex(regex) + ")$";
    *body = {{txt(U"\""), group(json_spelling(regex.rules[0])), txt(U"\"")}};
    std::u32string decoded;
    for (char c : text) decoded.push_back(static_cast<unsigned char>(c));
    return "{\"type\":\"string\",\"pattern\":" + quote_json(decoded) + "}";
  }

  // A small expression over ASCII.
  Body characters(int depth) {
    Body out(static_cast<size_t>(random_.between(1, 2)));
    for (Sequence& sequence : out) {
      for (int i = random_.between(1, 3); i > 0; --i) {
        Element e = random_.percent(40)
                        ? chars({{'a', random_.percent(50) ? U'b' : U'd'}})
                        : txt(random_.one_of<const char32_t*>({U"a", U"ab", U"\"", U"-", U"\\"}));
        if (depth > 0 && random_.percent(30)) e = group(characters(depth - 1));
        if (random_.percent(40)) {
          const int least = random_.between(0, 2);
          e = times(std::move(e), least,
                    random_.percent(40) ? kForever : least + random_.between(0, 3));
        }
        sequence.push_back(std::move(e));
      }
    }
    return out;
  }

  std::string integer(Body* body) {
    if (random_.percent(30)) return *body = {{json_integer()}}, "{\"type\":\"integer\"}";
    const int least = random_.between(-30, 30), most = least + random_.between(-1, 150);
    *body = {{json_integer_between(least, most)}};
    const bool open_below = random_.percent(30), open_above = random_.percent(30);
    return std::string("{\"type\":\"integer\",") +
           (open_below ? "\"exclusiveMinimum\":" : "\"minimum\":") +
           std::to_string(least - open_below) +
           (open_above ? ",\"exclusiveMaximum\":" : ",\"maximum\":") +
           std::to_string(most + open_above) + "}";
  }

  std::u32string name() {
    return random_.one_of<const char32_t*>({U"a", U"b", U"ab", U"abc", U"x\"y", U"", U"\u00E9",
                                            U"\U0001F600", U"a\\", U"\u0421\u0420"});
  }

  std::string listed(Body* body) {
    std::string text;
    for (int i = random_.between(1, 4); i > 0; --i) {
      const std::u32string value = name();
      text += std::string(text.empty() ? "" : ",") + quote_json(value);
      body->push_back({shortest(value)});
    }
    if (random_.percent(30)) text += ",true", body->push_back({txt(U"true")});
    if (random_.percent(30)) text += ",null", body->push_back({txt(U"null")});
    return "{\"enum\":[" + text + "]}";
  }

  std::string types(Body* body) {
    std::string text;
    auto add = [&](const char* type, Element value) {
      if (!random_.percent(45)) return;
      text += (text.empty() ? "\"" : ",\"") + std::string(type) + "\"";
      body->push_back({std::move(value)});
    };
    add("boolean", group({{txt(U"true")}, {txt(U"false")}}));
    add("null", txt(U"null"));
    add("string", any_json_string());
    add("integer", json_integer());
    if (text.empty()) return *body = {{txt(U"null")}}, "{\"type\":\"null\"}";
    return "{\"type\":[" + text + "]}";
  }

  std::string reference(Body* body) {
    if (definitions_.empty() || !may_refer_) return *body = {{txt(U"null")}}, "{\"const\":null}";
    const size_t number = random_.below(definitions_.size());
    *body = {{call(definitions_[number])}};
    return "{\"$ref\":\"#/$defs/d" + std::to_string(number) + "\"}";
  }

  std::string array(Body* body, int depth) {
    std::vector<size_t> first(random_.percent(30) ? 1 + random_.below(2) : 0);
    std::string text = "{\"type\":\"array\"", prefix;
    for (size_t& rule : first) {
      rule = new_rule();
      prefix += std::string(prefix.empty() ? "" : ",") + schema(rule, depth - 1);
    }
    if (!first.empty()) text += ",\"prefixItems\":[" + prefix + "]";
    const size_t rest = new_rule();
    text += ",\"items\":" + schema(rest, depth - 1);
    const size_t least = random_.percent(30) ? random_.below(4) : 0;
    const size_t most = random_.percent(40) ? random_.below(kMaxListed + 1) : SIZE_MAX;
    if (least > 0) text += ",\"minItems\":" + std::to_string(least);
    if (most != SIZE_MAX) text += ",\"maxItems\":" + std::to_string(most);
    const size_t counted = most != SIZE_MAX ? most : std::max<size_t>(least, first.size() + 1);
    for (size_t count = least; count <= counted; ++count) {
      std::vector<Sequence> items;
      for (size_t i = 0; i < count; ++i)
        items.push_back({call(i < first.size() ? first[i] : rest)});
      if (most == SIZE_MAX && count == counted) {  // and any number more
        items.back().push_back(star(group({{json_gap(), txt(U","), json_gap(), call(rest)}})));
      }
      body->push_back({joined(std::move(items), U"[", U"]")});
    }
    return text + "}";
  }

  std::string object(Body* body, int depth) {
    std::vector<std::u32string> names;
    for (size_t i = random_.below(5); i > 0; --i) {
      const std::u32string drawn = name();
      if (std::find(names.begin(), names.end(), drawn) == names.end()) names.push_back(drawn);
    }
    std::string properties, required;
    std::vector<Sequence> members;
    size_t needed = 0;  // bits
    for (size_t i = 0; i < names.size(); ++i) {
      const std::string quoted = quote_json(names[i]);
      const size_t rule = new_rule();
      properties += std::string(i > 0 ? "," : "") + quoted + ":" + schema(rule, depth - 1);
      members.push_back({shortest(names[i]), json_gap(), txt(U":"), json_gap(), call(rule)});
      if (!random_.percent(40)) continue;
      needed |= size_t{1} << i;
      required += std::string(required.empty() ? "" : ",") + quoted;
    }
    std::string text =
        "{\"type\":\"object\",\"properties\":{" + properties + "},\"additionalProperties\":false";
    if (!required.empty()) text += ",\"required\":[" + required + "]";
    size_t least = 0, most = SIZE_MAX;
    if (random_.percent(15))
      text += ",\"minProperties\":" + std::to_string(least = random_.below(4));
    if (random_.percent(15))
      text += ",\"maxProperties\":" + std::to_string(most = random_.below(4));
    for (size_t subset = 0; subset < (size_t{1} << names.size()); ++subset) {
      if ((subset & needed) != needed) continue;
      std::vector<Sequence> present;
      for (size_t i = 0; i < names.size(); ++i) {
        if ((subset >> i) & 1) present.push_back(members[i]);
      }
      if (present.size() < least || present.size() > most) continue;
      body->push_back({joined(std::move(present), U"{", U"}")});
    }
    return text + "}";
  }

  // Listed strings and declared names are written one way: escaped where they must be.
  static Element shortest(const std::u32string& name) {
    std::u32string key = U"\"";
    for (char32_t c : name) {
      if (c == '"' || c == '\\') key.push_back('\\');
      key.push_back(c);
    }
    key.push_back('"');
    return txt(key);
  }

  std::string any_of(Body* body, int depth) {
    std::string text;
    for (int i = random_.between(1, 3); i > 0; --i) {
      const size_t rule = new_rule();
      text += std::string(text.empty() ? "" : ",") + schema(rule, depth - 1);
      body->push_back({call(rule)});
    }
    return "{\"anyOf\":[" + text + "]}";
  }

  RandomSource& random_;
  Syntax meaning_;
  std::vector<size_t> definitions_;
  bool may_refer_ = true;
  size_t any_ = SIZE_MAX;
};

}  // namespace

RandomSchema random_schema(RandomSource& random) { return SchemaGenerator(random).run(); }

Syntax any_json() {
  RandomSource unused(0);
  SchemaGenerator generator(unused);
  const size_t root = generator.any_value();
  Syntax out = generator.take();
  out.root = root;
  return out;
}

}  // namespace reference

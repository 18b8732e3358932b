// Objects unfolded key by key, against every object of a few keys: frontend/json_schema/
// object_generator.cc.
#include "frontend/json_schema/object_generator.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <random>
#include <string>

#include "../naive_match.h"
#include "frontend/frontend.h"
#include "grammar/analysis.h"

namespace xgr::core {
namespace {

struct Object {
  std::string members;  // "a?b c?" - letters, ? marks optional ones; all values are 1
  bool others = false;
  uint32_t min = 0, max = kUnbounded;
};

NaiveMatcher matcher(const Object& o) {
  Grammar g;
  g.root = g.add_rule("root");
  JsonFormatOptions compact;
  compact.any_whitespace = false;
  compact.has_separators = true;
  compact.item_separator = ",";
  compact.key_separator = ":";
  JsonText json(g, compact);
  ObjectSpec spec;
  spec.layout = json.layout(0);
  Expr one = g.pool.literal("1");
  for (size_t i = 0; i < o.members.size(); i += 2) {
    spec.members.push_back({std::string("\"") + o.members[i] + "\"", o.members[i + 1] != '?', one});
  }
  if (o.others) spec.others.push_back({g.pool.literal("x\""), one});
  spec.min = o.min;
  spec.max = o.max;
  auto generator = std::make_unique<ObjectGenerator>(std::move(spec));
  ObjectGenerator* raw = generator.get();
  raw->set_id(g.pool.add_generator(std::move(generator)));
  g.define(g.root, raw->start(g.pool));
  return NaiveMatcher(std::move(g));
}

// Every object over a, b, c, x, w in this order, x at most twice, against a direct reading of `o`.
void check_all(const Object& o) {
  NaiveMatcher m = matcher(o);
  CAPTURE(o.members);
  CAPTURE(o.min);
  CAPTURE(o.max);
  const std::string letters = "abcxxw";
  for (unsigned set = 0; set < 64; ++set) {
    std::string text = "{", keys;
    for (unsigned i = 0; i < 6; ++i) {
      if (!(set >> i & 1)) continue;
      text += (text.size() > 1 ? ",\"" : "\"") + std::string(1, letters[i]) + "\":1";
      keys += letters[i];
    }
    text += "}";
    bool valid = keys.size() >= o.min && keys.size() <= o.max;
    for (char c : keys) {
      bool member = o.members.find(c) != std::string::npos;
      valid = valid && (member || (c == 'x' && o.others));
    }
    for (size_t i = 0; i < o.members.size(); i += 2) {
      valid = valid && (o.members[i + 1] == '?' || keys.find(o.members[i]) != std::string::npos);
    }
    CAPTURE(text);
    CHECK((!m.error() && m.accepts(text)) == valid);
  }
}

TEST_CASE("objects hold exactly what their description says") {
  for (const char* members : {"", "a?", "a b?", "a?b c?", "a?b?c?", "a b c "}) {
    for (uint32_t min : {0u, 2u, 4u}) {
      for (uint32_t max : {kUnbounded, 2u, 3u}) {
        for (bool others : {false, true}) {
          if (min <= max) check_all({members, others, min, max});
        }
      }
    }
  }
}

TEST_CASE("order is fixed and members come once") {
  NaiveMatcher m = matcher({"a?b?", true});
  CHECK(m.accepts("{\"a\":1,\"b\":1,\"x\":1}"));
  CHECK(!m.accepts("{\"b\":1,\"a\":1}"));
  CHECK(!m.accepts("{\"x\":1,\"a\":1}"));
  CHECK(!m.accepts("{\"a\":1,\"a\":1}"));
}

TEST_CASE("900 optional members are one node until they are read") {
  Grammar g;
  JsonText json(g, {});
  ObjectSpec spec;
  spec.layout = json.layout(0);
  for (int i = 0; i < 900; ++i)
    spec.members.push_back({"\"key" + std::to_string(i) + "\"", false, 1});
  size_t before = g.pool.size();
  auto generator = std::make_unique<ObjectGenerator>(std::move(spec));
  ObjectGenerator* raw = generator.get();
  raw->set_id(g.pool.add_generator(std::move(generator)));
  g.root = g.add_rule("root");
  g.define(g.root, raw->start(g.pool));
  CHECK(g.pool.size() <= before + 2);
}

// The object of `values` (- for one without a string, through a rule as recursive schemas have them).
Grammar optional_members(const std::string& values, uint32_t min, bool any_order) {
  Grammar g;
  g.root = g.add_rule("root");
  const RuleId never = g.add_rule("never");
  g.define(never, g.pool.seq(g.pool.literal("["), g.pool.call(never)));
  JsonText json(g, {});
  ObjectSpec spec;
  spec.layout = json.layout(0);
  spec.any_order = any_order;
  for (size_t i = 0; i < values.size(); ++i) {
    const Expr value = g.pool.literal(std::string(1, values[i]));
    spec.members.push_back({"\"k" + std::to_string(i) + "\"", false,
                            values[i] == '-' ? g.pool.seq(value, g.pool.call(never)) : value});
  }
  spec.min = min;
  g.define(g.root, g.pool.alt(add_object(g.pool, std::move(spec)), g.pool.literal("!")));
  return g;
}

TEST_CASE("an object has a string when enough of its members have one") {
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    std::string values;
    const size_t n = 1 + random() % 12;
    for (size_t k = 0; k < n; ++k) values += "-1123"[random() % 5];
    const size_t live = n - static_cast<size_t>(std::count(values.begin(), values.end(), '-'));
    const uint32_t min = static_cast<uint32_t>(random() % (n + 2));
    Grammar g = optional_members(values, min, random() % 2);
    const Expr object = g.pool.children(g.rules[g.root].body)[0] == g.pool.literal("!")
                            ? g.pool.children(g.rules[g.root].body)[1]
                            : g.pool.children(g.rules[g.root].body)[0];
    Facts facts;
    REQUIRE(!analyse(g, {~0ull, ~0ull, ~0ull, ~0ull}, &facts));
    INFO(values << " at least " << min);
    CHECK(g.pool.dead(object) == (live < min));
  }
}

TEST_CASE("a minimum of many different members costs little more than linear space") {
  auto compiled = [](int n) {
    std::string text = "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {";
    for (int i = 0; i < n; ++i) {
      const std::string k = std::to_string(i);
      text += (i ? ",\"p" : "\"p") + k + "\": {\"const\": " + k + "}";
    }
    text += "}, \"minProperties\": " + std::to_string(n / 2) + "}";
    JsonSchemaOptions options;
    options.any_order = true;
    Result<Grammar> g = parse_json_schema(text, options, Limits());
    REQUIRE(g.ok());
    Facts facts;
    REQUIRE(!analyse(g.value(), {~0ull, ~0ull, ~0ull, ~0ull}, &facts));
    return g.value().pool.size();
  };
  const size_t small = compiled(512), large = compiled(2048);
  CHECK(small < 512 * 80);
  CHECK(large < small * 7);
}

TEST_CASE("thousands of members in any order, half of them required by number, are read quickly") {
  const int n = 3000;
  const std::clock_t begin = std::clock();
  const std::string values(n, '1');
  Grammar g = optional_members(values, n / 2, true);
  NaiveMatcher m(std::move(g));
  std::string text = "{";
  for (int i = 0; i < 40; ++i) text += (i ? ", \"k" : "\"k") + std::to_string(i * 37 % n) + "\": 1";
  CHECK(m.begins(text));
  CHECK(!m.begins(text + "}"));
  CHECK(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC < 4);
}

}  // namespace
}  // namespace xgr::core

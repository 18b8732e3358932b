// Objects unfolded key by key, against every object of a few keys: frontend/json_schema/
// object_generator.cc.
#include "frontend/json_schema/object_generator.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "../naive_match.h"

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

}  // namespace
}  // namespace xgr::core

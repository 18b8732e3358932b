// Temperatures that rules ask for: matcher/temperature.cc.
#include "matcher/temperature.h"

#include "attribute_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

std::unique_ptr<Matcher> matcher(const std::string& text,
                                 const std::vector<std::pair<std::string, float>>& temperatures,
                                 std::optional<float> otherwise = std::nullopt) {
  Grammar g = ebnf(text);
  for (const auto& [rule, t] : temperatures) {
    set_attributes(&g, rule, [value = t](RuleAttributes* a) { a->temperature = value; });
  }
  MatcherOptions options;
  options.default_temperature = otherwise;
  std::vector<std::string> tokens = with_bytes({"<stop>"});
  return start_matcher(std::move(g), make_tokenizer(tokens, {256}), options);
}

}  // namespace

TEST_CASE("temperature: inside the rule and where it may begin; else the default") {
  std::unique_ptr<Matcher> m = matcher("root ::= \"a\" v \"z\"\nv ::= \"x\"+", {{"v", 0.6f}});
  CHECK(m->temperature() == std::nullopt);
  REQUIRE(take_text(m.get(), "a"));
  CHECK(m->temperature() == 0.6f);
  REQUIRE(take_text(m.get(), "x"));
  CHECK(m->temperature() == 0.6f);
  REQUIRE(take_text(m.get(), "z"));
  CHECK(m->temperature() == std::nullopt);
  REQUIRE(m->rollback(1) == Status::kOk);
  CHECK(m->temperature() == 0.6f);
  m = matcher("root ::= \"a\" v \"z\"\nv ::= \"x\"", {{"v", 0.0f}}, 1.5f);
  CHECK(m->temperature() == 1.5f);
  REQUIRE(take_text(m.get(), "a"));
  CHECK(m->clone()->temperature() == 0.0f);
  REQUIRE(take_text(m.get(), "x"));
  CHECK(m->temperature() == 1.5f);
  REQUIRE(take_text(m.get(), "z"));
  REQUIRE(take(m.get(), 256));
  CHECK(m->temperature() == 1.5f);
}

TEST_CASE("temperature: the innermost rule's, the highest where parses differ") {
  std::unique_ptr<Matcher> m = matcher(
      "root ::= \"(\" (i | o) \")\" | j\no ::= [a-z] i p\ni ::= [a-z] [0-9]\np ::= q\nq ::= "
      "\"!\"\nj ::= \"0\"",
      {{"root", 0.1f}, {"o", 0.5f}, {"i", 0.9f}});
  CHECK(m->temperature() == 0.1f);
  REQUIRE(take_text(m.get(), "("));
  CHECK(m->temperature() == 0.9f);
  REQUIRE(take_text(m.get(), "ab"));
  CHECK(m->temperature() == 0.9f);
  REQUIRE(take_text(m.get(), "1"));
  CHECK(m->temperature() == 0.5f);  // p and q have none of their own
  REQUIRE(take_text(m.get(), "!"));
  CHECK(m->temperature() == 0.1f);
}

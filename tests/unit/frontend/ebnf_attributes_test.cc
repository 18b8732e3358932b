// Attributes of rules in EBNF: how they are read. What they do is tested in
// frontend/macros/rule_settings_test.cc.
#include <doctest/doctest.h>

#include <string>

#include "text_checks.h"

namespace xgr::core::test {
namespace {

void check_attributes_refused(const std::string& attributes, int64_t offset,
                              const std::string& part) {
  check_refused("root[" + attributes + "] ::= \"a\"", offset + 5, part);
}

TEST_CASE("for matchers") {
  Grammar g = parse("root [ max_tokens=3 , capture , temperature=0.5 ] ::= \"a\"");
  REQUIRE(g.rules[0].attributes != nullptr);
  const RuleAttributes& a = *g.rules[0].attributes;
  CHECK(a.max_tokens == 3);
  CHECK(a.capture == "root");
  CHECK(a.temperature == 0.5F);
  CHECK(parse("root[capture=\"a ]\\u0041::=\"] ::= \"a\"").rules[0].attributes->capture ==
        "a ]A::=");
  CHECK(parse("root[temperature=1e-3] ::= \"a\"").rules[0].attributes->temperature == 1e-3F);
  CHECK(parse("root[temperature=0] ::= \"a\"").rules[0].attributes->temperature == 0.0F);
  CHECK(parse("root ::= \"a\" [b]\nx ::= \"c\"").rules[0].attributes == nullptr);
}

TEST_CASE("in the language") {
  const std::string lazy = "root ::= \"<\" r \">\"\nr[lazy] ::= letter letter*\nletter ::= [a-z]";
  CHECK(accepts(lazy, "<a>"));
  CHECK_FALSE(accepts(lazy, "<ab>"));
  CHECK(accepts("root ::= r \"z\"\nr[lazy] ::= Substring(\"ab\")", "z"));
  CHECK_FALSE(accepts("root ::= r \"z\"\nr[lazy] ::= Substring(\"ab\")", "abz"));
  CHECK_FALSE(accepts("root[max_chars=2] ::= Substring(\"a\", \"b\", \"c\")", "abc"));
  CHECK(accepts("root[max_chars=2] ::= \"abcd\"", "abcd"));
  const std::string stop = "root ::= r \"!\"\nr[suffix=\"</s>\", capture] ::= [^]*";
  CHECK(accepts(stop, "a<</s>!"));
  CHECK_FALSE(accepts(stop, "a</s></s>!"));
  CHECK_FALSE(accepts(stop, "a!"));
}

TEST_CASE("markers") {
  Grammar g = parse(
      "root ::= r\nr[stop=end, stop_capture=\"e\"] ::= [a-z]*\nend ::= \".\" | \"!\" dot\n"
      "dot ::= \".\"");
  const RuleAttributes& a = *g.rules[1].attributes;
  ExprPool& p = g.pool;
  CHECK(a.marker == p.alt(p.literal("."), p.seq(p.literal("!"), p.literal("."))));
  CHECK(a.hide_marker);
  CHECK(a.stop_capture == "e");
  CHECK(g.rules[1].body == p.shortest(p.seq(a.content, a.marker)));
  Grammar kept = parse(
      "root ::= r\nr[content=c, suffix=m, capture] ::= \"ab\" | \"ac\"\nc ::= \"a\"\nm ::= [bc]");
  const RuleAttributes& k = *kept.rules[1].attributes;
  CHECK(k.content == kept.pool.literal("a"));
  CHECK(k.marker == kept.rules[3].body);
  CHECK(kept.rules[1].body == kept.pool.alt(kept.pool.literal("ab"), kept.pool.literal("ac")));
}

TEST_CASE("as the original's printer writes markers") {
  Grammar bytes = parse("root[capture, capture_hidden_stop_bytes=2] ::= [a-z]* \"</\"");
  const RuleAttributes& b = *bytes.rules[0].attributes;
  CHECK(b.hide_marker);
  CHECK(b.marker == bytes.pool.repeat(bytes.pool.byte_range(0, 255), 2, 2));
  Grammar rules = parse(
      "root[capture, capture_hidden_body_rule_id=1, capture_hidden_marker_rule_id=2] ::= a b\n"
      "a ::= \"x\"\nb ::= \"y\"");
  const RuleAttributes& r = *rules.rules[0].attributes;
  CHECK(r.content == rules.pool.literal("x"));
  CHECK(r.marker == rules.pool.literal("y"));
  CHECK_FALSE(r.hide_marker);
}

TEST_CASE("errors") {
  check_attributes_refused("", 0, "the brackets hold no attribute; known are lazy, max_tokens=N");
  check_attributes_refused("fast", 0, "there is no attribute fast");
  check_attributes_refused("lazy, lazy", 6, "given twice");
  check_attributes_refused("lazy capture", 5, "expected ',' or ']' behind an attribute");
  check_attributes_refused("lazy,", 5, "expected an attribute, found ']'");
  check_attributes_refused("lazy=true", 0, "lazy has no value");
  check_attributes_refused("max_tokens", 0, "a number from 1 to 2147483647");
  check_attributes_refused("max_tokens=0", 0, "a number from 1 to 2147483647");
  check_attributes_refused("max_chars=-1", 0, "a number from 0 to 2147483647");
  check_attributes_refused("max_chars=2147483648", 0, "a number from 0 to 2147483647");
  check_attributes_refused("max_chars=\"3\"", 0, "a number from 0 to 2147483647");
  check_attributes_refused("max_chars=", 10, "expected a value behind '='");
  check_attributes_refused("capture=x", 0, "the name of a capture");
  check_attributes_refused("capture=\"\"", 0, "the name of a capture");
  check_attributes_refused("capture=\"a\\\\b\"", 0, "the name of a capture");
  check_attributes_refused("temperature=-0.1", 0, "temperature is a number");
  check_attributes_refused("temperature=1e999", 0, "temperature is a number");
  check_attributes_refused("temperature=nan", 0, "temperature is a number");
  check_attributes_refused("temperature=abc", 0, "temperature is a number");
  check_attributes_refused("suffix=\"\"", 0, "suffix needs a string");
  check_attributes_refused("suffix=x", 7, "the rule x is not defined");
  check_attributes_refused("suffix=\"a\", stop=\"b\"", 12, "only one of suffix and stop");
  check_attributes_refused("stop_capture=\"a\"", 16, "stop_capture needs suffix or stop");
  check_attributes_refused("content=\"a\"", 11, "content needs suffix or stop");
  check_attributes_refused("capture_hidden_marker_rule_id=0", 31,
                           "needs capture_hidden_body_rule_id");
  check_attributes_refused("capture_hidden_body_rule_id=7", 0, "there is no rule number 7");
  check_attributes_refused("capture_hidden_x=7", 0, "there is no attribute capture_hidden_x");
}

TEST_CASE("a rule that cannot have them says why") {
  Result<Grammar> g = parse_ebnf("root ::= r\nr[lazy] ::= r \"a\" | \"b\"", "root", Limits());
  REQUIRE_FALSE(g.ok());
  CHECK(g.error().code == Status::kUnsupported);
  CHECK(g.error().byte_offset == 11);
  CHECK(g.error().message ==
        "a lazy rule must be regular, but it calls r, which calls itself, at line 2, column 1: "
        "r[lazy] ::= r \"a\" | \"b\"");
}

}  // namespace
}  // namespace xgr::core::test

// Advice on names that are no keywords.
#include "frontend/json_schema/keyword_advice.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "frontend/json_schema/formats.h"

namespace xgr::core {
namespace {

bool suggests(const std::string& advice, const std::string& name) {
  return advice.find("did you mean \"" + name + "\"?") != std::string::npos;
}

TEST_CASE("the nearest keyword is suggested") {
  static constexpr std::pair<const char*, const char*> kCases[] = {
      {"maxLenght", "maxLength"},
      {"requird", "required"},
      {"tpye", "type"},
      {"itmes", "items"},
      {"MaxLength", "maxLength"},
      {"max_length", "maxLength"},
      {"min-items", "minItems"},
      {"anyof", "anyOf"},
      {"propertes", "properties"},
      {"descripton", "description"},
      {"enums", "enum"},
      {"addtionalProperties", "additionalProperties"},
      {"$def", "$defs"},
      {"dependantRequired", "dependentRequired"},
      {"exclusiveMinimun", "exclusiveMinimum"}};
  for (auto [written, meant] : kCases) {
    CAPTURE(written);
    CHECK(suggests(advice_on(written, {}), meant));
  }
}

TEST_CASE("what is nothing like a keyword stays without a suggestion") {
  for (const char* name : {"", "a", "of", "colour", "label", "ui:widget", "\xC3\xA9", "table"}) {
    CAPTURE(name);
    CHECK(advice_on(name, {}) == "it is no keyword of JSON Schema");
  }
  const std::string lengthy(100000, 'x');
  CHECK(advice_on(lengthy, {}) == "it is no keyword of JSON Schema");
}

TEST_CASE("only keywords that the draft has are suggested") {
  CHECK(suggests(advice_on("prefixItem", {}), "prefixItems"));
  CHECK(!suggests(advice_on("prefixItem", {Draft::k7, true}), "prefixItems"));
}

TEST_CASE("names of other systems say what to write instead") {
  for (auto [name, wanted] : {std::pair{"nullable", "\"type\": [..., \"null\"]"},
                              {"discriminator", "\"const\" in each branch of \"oneOf\""},
                              {"divisibleBy", "\"multipleOf\""},
                              {"extends", "\"allOf\""},
                              {"disallow", "\"not\""},
                              {"id", "\"$id\""},
                              {"regex", "\"pattern\""},
                              {"bsonType", "\"type\""},
                              {"optionalProperties", "\"properties\""}}) {
    CAPTURE(name);
    CHECK(advice_on(name, {}).find(wanted) != std::string::npos);
  }
  CHECK(advice_on("x-order", {}) == "it is an extension");
  CHECK(advice_on("xml", {}).find("annotates only") != std::string::npos);
}

TEST_CASE("formats") {
  CHECK(advice_on_format("datetime") == "; did you mean \"date-time\"?");
  CHECK(advice_on_format("date_time") == "; did you mean \"date-time\"?");
  CHECK(advice_on_format("int32").find("2147483647") != std::string::npos);
  CHECK(advice_on_format("colour").empty());
  for (const char* name :
       {"date-tme", "emial", "uiid", "ipv5", "hostnme", "json-pionter", "relative-json-pointr",
        "idn-hostnames", "uri-templat", "iri-referance"}) {
    const std::string advice = advice_on_format(name);
    CAPTURE(name);
    const size_t begin = advice.find('"');
    REQUIRE(begin != std::string::npos);
    CHECK(is_known_format(advice.substr(begin + 1, advice.rfind('"') - begin - 1)));
  }
}

TEST_CASE("identifiers of drafts") {
  for (auto [written, meant] : {std::pair{"http://json-schema.org/draft-7/schema",
                                          "http://json-schema.org/draft-07/schema#"},
                                {"https://json-schema.com/draft/2020-12/schema",
                                 "https://json-schema.org/draft/2020-12/schema"},
                                {"draft4", "http://json-schema.org/draft-04/schema#"},
                                {"2019-09", "https://json-schema.org/draft/2019-09/schema"}}) {
    CAPTURE(written);
    CHECK(suggests(advice_on_schema_uri(written), meant));
  }
  CHECK(advice_on_schema_uri("http://x.test/mine").find("supply the meta-schema") !=
        std::string::npos);
}

}  // namespace
}  // namespace xgr::core

// Arguments in every style, and what no style can write: frontend/json_schema/argument_styles.cc,
// notation.cc, argument_values.cc, argument_strings.cc.
#include "frontend/json_schema/argument_styles.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "../naive_match.h"

namespace xgr::core {
namespace {

struct StyleTexts {
  std::string_view style;
  std::vector<std::string> accepted, refused;
};

JsonSchemaOptions with_style(std::string_view name, std::vector<std::string> excludes = {}) {
  JsonSchemaOptions o;
  o.style = argument_style(name).value();
  o.excludes = std::move(excludes);
  return o;
}

void check_texts(std::string_view schema, const JsonSchemaOptions& options, const StyleTexts& t) {
  CAPTURE(t.style);
  CAPTURE(schema);
  Result<Grammar> g = parse_json_schema(schema, options, {});
  REQUIRE_MESSAGE(g.ok(), g.error().message);
  NaiveMatcher m(std::move(g).value());
  REQUIRE(!m.error());
  for (const std::string& text : t.accepted) CHECK_MESSAGE(m.accepts(text), text);
  for (const std::string& text : t.refused) CHECK_MESSAGE(!m.accepts(text), text);
}

void check_texts(std::string_view schema, const StyleTexts& t,
                 std::vector<std::string> excludes = {}) {
  check_texts(schema, with_style(t.style, std::move(excludes)), t);
}

Error refusal(std::string_view style, std::string_view schema,
              std::vector<std::string> excludes = {}) {
  Result<Grammar> g = parse_json_schema(schema, with_style(style, std::move(excludes)), {});
  REQUIRE(!g.ok());
  return g.error();
}

constexpr std::string_view kTool = R"({
  "properties": {
    "e": {"enum": ["x", 1, null]},
    "i": {"type": "integer"},
    "s": {"type": "string"},
    "p": {"type": "string", "pattern": "^a+$"},
    "o": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"],
          "additionalProperties": false},
    "l": {"type": "array", "items": {"type": "string"}},
    "b": {"type": "boolean"},
    "c": {"const": {"a": ["x", 1], "b": null}}},
  "type": "object", "additionalProperties": false})";

}  // namespace

TEST_CASE("argument styles have names") {
  CHECK(argument_style("json").value() == ArgumentStyle::kJson);
  CHECK(argument_style("minicpm_xml").value() == ArgumentStyle::kMinicpmXml);
  Result<ArgumentStyle> unknown = argument_style("xml");
  REQUIRE(!unknown.ok());
  CHECK(unknown.error().message.find("\"glm_xml\"") != std::string::npos);
}

TEST_CASE("arguments between tags") {
  const std::vector<StyleTexts> table = {
      {"qwen_xml",
       {"", "\n", "<parameter=e>\nx\n</parameter>\n<parameter=i> 5\n</parameter>",
        "<parameter=s>\n<a>\"\\</parameter>", "<parameter=p>aa</parameter>",
        "<parameter=o>{\"q\": \"a<b\"}</parameter>", "<parameter=l>[\"u\"]\n</parameter>",
        "<parameter=c>{\"a\": [\"x\", 1], \"b\": null}</parameter>"},
       {"<parameter=e>\"x\"</parameter>", "<parameter=i>5</parameter><parameter=e>x</parameter>",
        "<parameter=s>a</parameter>b</parameter>", "<parameter=p>ab</parameter>",
        "<parameter=l>[\"</parameter>\"]</parameter>", "<parameter=z>1</parameter>", "{}"}},
      {"minimax_xml", {"<parameter name=\"i\">5</parameter>"}, {"<parameter=i>5</parameter>"}},
      {"atem_xml", {"<atem:parameter name=\"s\">5</atem:parameter>"}, {"<s>5</s>"}},
      {"steptml_xml", {"<steptml:parameter name=\"b\">true</steptml:parameter>"}, {}},
      {"glm_xml",
       {"<arg_key>i</arg_key>\n<arg_value>5</arg_value>",
        "<arg_key>s</arg_key><arg_value></arg_value>"},
       {"<arg_key>i</arg_key>5<arg_value></arg_value>"}},
      {"glm_4_5_xml",
       {"<arg_key>i</arg_key>\n<arg_value>5</arg_value>\n<arg_key>s</arg_key>\n<arg_value>a</"
        "arg_value>\n"},
       {"<arg_key>i</arg_key><arg_value>5</arg_value>",
        "<arg_key>i</arg_key>\n<arg_value>5</arg_value>"}},
      {"ifm_xml", {"<ifm|arg_key>i</ifm|arg_key><ifm|arg_value>5</ifm|arg_value>"}, {}},
      {"minicpm_xml",
       {"<param name=\"s\">a</param>", "<param name=\"s\"><![CDATA[a</param>]]></param>",
        "<param name=\"p\"><![CDATA[aa]]></param>", "<param name=\"e\"><![CDATA[x]]></param>"},
       {"<param name=\"p\"><![CDATA[b]]></param>", "<param name=\"s\">x<![CDATA[</param>"}},
  };
  for (const StyleTexts& t : table) check_texts(kTool, t);
}

TEST_CASE("arguments with marks of their types") {
  const std::vector<StyleTexts> table = {
      {"deepseek_xml",
       {"<｜DSML｜parameter name=\"e\" string=\"true\">x</｜DSML｜parameter>",
        "<｜DSML｜parameter name=\"e\" string=\"false\"> 1\n</｜DSML｜parameter>",
        "<｜DSML｜parameter name=\"l\" string=\"false\">[\"a\"]</｜DSML｜parameter>"},
       {"<｜DSML｜parameter name=\"e\" string=\"true\">1</｜DSML｜parameter>",
        "<｜DSML｜parameter name=\"e\" string=\"true\"> x</｜DSML｜parameter>",
        "<｜DSML｜parameter name=\"i\" string=\"true\">1</｜DSML｜parameter>"}},
      {"deepseek_v4_1_xml",
       {"<｜DSML｜ parameter name=\"i\" string=\"false\">5</｜DSML｜ parameter>"},
       {"<｜DSML｜parameter name=\"i\" string=\"false\">5</｜DSML｜parameter>"}},
      {"gcml_xml", {"<｜GCML｜parameter name=\"s\" string=\"true\">5</｜GCML｜parameter>"}, {}},
      {"kimi_k3_xml",
       {"<|open|>argument key=\"i\" type=\"number\"<|sep|>5<|close|>argument<|sep|>",
        "<|open|>argument key=\"e\" type=\"null\"<|sep|>null<|close|>argument<|sep|>"},
       {"<|open|>argument key=\"i\" type=\"integer\"<|sep|>5<|close|>argument<|sep|>",
        "<|open|>argument key=\"e\" type=\"string\"<|sep|>null<|close|>argument<|sep|>"}},
      {"ifm_xml_typed",
       {"<ifm|arg_key>e</ifm|arg_key><ifm|arg_type>string</ifm|arg_type><ifm|arg_value>x"
        "</ifm|arg_value>"},
       {"<ifm|arg_key>i</ifm|arg_key><ifm|arg_value>5</ifm|arg_value>"}},
      {"cohere_xml",
       {"<cofl:value name=\"o\" type=\"dict\"><cofl:value name=\"q\" type=\"raw\">z</cofl:value>"
        "</cofl:value>\n<cofl:value name=\"l\" type=\"list\"><cofl:value type=\"raw\">z"
        "</cofl:value></cofl:value><cofl:value name=\"c\" type=\"dict\"><cofl:value name=\"a\" "
        "type=\"list\"><cofl:value type=\"raw\">x</cofl:value><cofl:value type=\"json\">1"
        "</cofl:value></cofl:value><cofl:value name=\"b\" type=\"json\">null</cofl:value>"
        "</cofl:value>"},
       {"<cofl:value name=\"o\" type=\"json\">{\"q\": \"z\"}</cofl:value>",
        "<cofl:value name=\"o\" type=\"dict\"></cofl:value>"}},
  };
  for (const StyleTexts& t : table) check_texts(kTool, t);
}

TEST_CASE("arguments that nest") {
  const std::string ns = "]<]minimax[>[";
  auto element = [&](std::string_view key, std::string_view value) {
    return ns + "<" + std::string(key) + ">" + std::string(value) + ns + "</" + std::string(key) +
           ">";
  };
  const std::vector<StyleTexts> table = {
      {"minimax_m3_xml",
       {element("e", "x") + "\n" + element("s", "a<b>]<]"), element("o", element("q", "")),
        element("l", element("item", "u") + element("item", "v")),
        element("c",
                element("a", element("item", "x") + element("item", "1")) + element("b", "null"))},
       {ns + "<e>x" + ns + "</i>", element("p", "b"), element("o", ""), element("s", ns)}},
      {"gemma",
       {"{}", "{ e: <|\"|>x<|\"|> , i:5}",
        "{s:<|\"|>a{},\"\nb<|\"|>,l:[<|\"|>u<|\"|>, <|\"|><|\"|>]}",
        "{o:{q:<|\"|>z<|\"|>},b:true,c:{a:[<|\"|>x<|\"|>,1],b:null}}"},
       {"", "{\"i\":5}", "{i:5,e:1}", "{o:{}}", "{p:<|\"|>b<|\"|>}", "{s:\"x\"}", "{l:[u]}"}},
      {"functiongemma", {"{s:<escape>hi<escape>}"}, {"{s:<|\"|>hi<|\"|>}"}},
      {"python",
       {"", "e='x', i=5,s=\"it's\"", "o={'q': 'z'}, l=['u', \"v\"], b=True",
        "c={\"a\": ['x', 1], \"b\": None}", "s='a\\'b\\n\\x41\\u0041\\U00000041'", "p='\\x61'"},
       {"s='a'b'", "b=true", "e=null", "s='\n'", "i=5,", "i=5 b=True", "p='\\u0062'",
        "o={'q\":''}"}},
      {"python_json", {"b=true", "b=True, c={'a': ['x', 1], 'b': null}"}, {"b=TRUE"}},
  };
  for (const StyleTexts& t : table) check_texts(kTool, t);
}

TEST_CASE("arguments that no schema describes") {
  check_texts("true", {"qwen_xml",
                       {"<parameter=x>{\"a\":1}</parameter>\n<parameter=_y1>\nq\n</parameter>"},
                       {"<parameter=x>a", "<parameter=1x>a</parameter>"}});
  check_texts("{\"properties\": {\"i\": {\"type\": \"integer\"}}}",
              {"deepseek_xml",
               {"<｜DSML｜parameter name=\"x\" string=\"false\">{\"a\": 1}</｜DSML｜parameter>"},
               {"<｜DSML｜parameter name=\"i\" string=\"true\">a</｜DSML｜parameter>",
                "<｜DSML｜parameter name=\"x\" string=\"false\">\"a\"</｜DSML｜parameter>"}});
  check_texts("{\"type\": \"object\"}",
              {"cohere_xml",
               {"<cofl:value name=\"a&amp;b\" type=\"dict\"><cofl:value name=\"\" type=\"list\">"
                "<cofl:value type=\"json\">1</cofl:value></cofl:value></cofl:value>"},
               {"<cofl:value name=\"a&b\" type=\"raw\">x</cofl:value>"}});
  check_texts("true",
              {"kimi_k3_xml",
               {"<|open|>argument key=\"k\" type=\"integer\"<|sep|>1<|close|>argument<|sep|>"},
               {"<|open|>argument key=\"k\" type=\"integer\"<|sep|>x<|close|>argument<|sep|>"}});
  check_texts("true", {"gemma", {"{a:{b_1:[1,true,{c:<|\"|><|\"|>}]}}"}, {"{1a:1}"}});
  check_texts("true", {"python", {"a={'x': [None, 1.5, {\"y\": 'z'}]}, b=True"}, {"1a=1"}});
  check_texts(
      "{\"patternProperties\": {\"^x-\": {\"type\": \"integer\"}}, "
      "\"additionalProperties\": false}",
      {"qwen_xml",
       {"<parameter=x-1>1</parameter>"},
       {"<parameter=x->>1</parameter>", "<parameter=y>1</parameter>"}});
}

TEST_CASE("arguments of recursive and of joined schemas") {
  constexpr std::string_view kList = R"({"type": "object", "properties": {"v": {"type": "integer"},
      "next": {"$ref": "#"}}, "additionalProperties": false})";
  check_texts(kList, {"qwen_xml",
                      {"<parameter=next>{\"v\": 2, \"next\": {}}</parameter>"},
                      {"<parameter=next><parameter=v>2</parameter></parameter>"}});
  check_texts(kList, {"cohere_xml",
                      {"<cofl:value name=\"next\" type=\"dict\"><cofl:value name=\"next\" "
                       "type=\"dict\"></cofl:value></cofl:value>"},
                      {}});
  check_texts(kList, {"gemma", {"{v:1,next:{next:{}}}"}, {"{next:1}"}});
  check_texts(
      R"({"anyOf": [{"properties": {"k": {"const": "a"}}, "required": ["k"]},
                            {"properties": {"k": {"const": "b"}, "n": {"type": "null"}},
                             "required": ["k", "n"]}], "type": "object",
                  "unevaluatedProperties": false})",
      {"qwen_xml",
       {"<parameter=k>a</parameter>", "<parameter=k>b</parameter><parameter=n>null</parameter>"},
       {"<parameter=k>b</parameter>", "<parameter=k>c</parameter>"}});
  check_texts(R"({"enum": [{"a": "x"}, 5]})",
              {"qwen_xml", {"<parameter=a>x</parameter>"}, {"<parameter=a>y</parameter>", "5"}});
  JsonSchemaOptions any_order = with_style("qwen_xml");
  any_order.any_order = true;
  check_texts(R"({"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
                  "required": ["a", "b"], "additionalProperties": false})",
              any_order,
              {"qwen_xml",
               {"<parameter=b>1</parameter><parameter=a>1</parameter>"},
               {"<parameter=b>1</parameter>"}});
}

TEST_CASE("excludes stand in no string and no name") {
  // A property whose name has one is left out, unless it is required.
  constexpr std::string_view kNames =
      R"({"properties": {"<|": true, "a": {"type": "integer"}}, "additionalProperties": false)";
  check_texts(std::string(kNames) + "}",
              {"json", {"{}", "{\"a\":1}"}, {"{\"<|\":1}", "{\"b\":1}", "{\"a\":1,\"<|\":1}"}},
              {"<|"});
  CHECK(refusal("json", std::string(kNames) + R"(, "required": ["<|"]})", {"<|"})
            .message.find("cannot be written") != std::string::npos);
  constexpr std::string_view kText = R"({"properties": {"a": {"type": "string", "maxLength": 30},
      "l": {"type": "array", "items": {"type": "string"}}, "e": {"enum": ["<|", "x"]}}})";
  check_texts(kText,
              {"json",
               {"{\"a\":\"x|\"}"},
               {"{\"a\":\"<|\"}", "{\"<|\":1}", "{\"b\":[\"<|\"]}", "{\"e\":\"<|\"}"}},
              {"<|"});
  check_texts(kText,
              {"qwen_xml",
               {"<parameter=a>x|y</parameter>", "<parameter=e>x</parameter>"},
               {"<parameter=a>x<|y</parameter>", "<parameter=l>[\"<|\"]</parameter>",
                "<parameter=e><|</parameter>", "<parameter=z><|</parameter>"}},
              {"<|"});
  check_texts(kText,
              {"kimi_k3_xml",
               {"<|open|>argument key=\"a\" type=\"string\"<|sep|>x<<|close|>argument<|sep|>"},
               {"<|open|>argument key=\"a\" type=\"string\"<|sep|><|close|><|close|>"
                "argument<|sep|>"}},
              {"<|open|>", "<|close|>", "<|sep|>"});
}

TEST_CASE("what a style cannot write is an error with a place") {
  CHECK(refusal("qwen_xml", R"({"properties": {"a>b": {}}})").json_pointer == "/properties/a>b");
  CHECK(refusal("qwen_xml", R"({"properties": {"a": {"const": "</parameter>"}}})").json_pointer ==
        "/properties/a/const");
  CHECK(refusal("qwen_xml", R"({"type": "object", "minProperties": 2})").json_pointer ==
        "/minProperties");
  CHECK(refusal("gemma", R"({"properties": {"a": {"type": "array", "uniqueItems": true}}})")
            .json_pointer == "/properties/a/uniqueItems");
  CHECK(refusal("minimax_m3_xml", "true").message.find("additionalProperties") !=
        std::string::npos);
  CHECK(refusal("glm_xml", R"({"type": "string"})").message.find("object") != std::string::npos);
  CHECK(refusal("glm_xml", "true", {""}).message.find("exclude") != std::string::npos);
  CHECK(refusal("glm_xml", "true", {"\n<"}).message.find("white space") != std::string::npos);
}

}  // namespace xgr::core

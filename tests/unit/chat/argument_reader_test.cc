#include "chat/argument_reader.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

const char* const kArgumentSchema = R"({"type": "object", "properties": {
  "s": {"type": "string"}, "n": {"type": "integer"}, "b": {"type": "boolean"},
  "either": {"type": ["string", "integer"]}, "unit": {"enum": ["C", "F"]}, "maybe": {"type": ["string", "null"]},
  "list": {"type": "array", "items": {"type": "string"}},
  "o": {"type": "object", "properties": {"s": {"type": "string"}, "n": {"type": "number"}}}}})";

// The JSON of arguments, then what follows them; cut into single bytes and as a whole.
std::string read_arguments(const std::string& style, std::string_view text, bool own_lines = false,
                           const char* schema = kArgumentSchema) {
  ToolTypes tools;
  REQUIRE_FALSE(tools.add("f", schema, Limits{}).has_value());
  FamilyPart part;
  part.kind = PartKind::kArguments;
  part.text = style;
  part.own_lines = own_lines;
  std::optional<ArgumentFormat> format = argument_format(part);
  REQUIRE(format.has_value());
  std::string results[2];
  for (bool cut : {false, true}) {
    const size_t chunk = cut ? 1 : text.size();
    ReplyBuffer reply;
    std::unique_ptr<CallArgumentReader> reader =
        make_argument_reader(*format, reply, tools.arguments("f"));
    std::string& json = results[cut];
    uint64_t at = 0;
    CallArgumentReader::State state = CallArgumentReader::State::kMore;
    for (size_t i = 0; i < text.size() && state == CallArgumentReader::State::kMore; i += chunk) {
      reply.append(text.substr(i, chunk));
      state = reader->run(&at, &json);
      if (state == CallArgumentReader::State::kMore) reply.drop_before(reader->needed(at));
    }
    if (state == CallArgumentReader::State::kMore) json += " ...";
    if (state == CallArgumentReader::State::kDone) json += " | " + std::string(text.substr(at));
    if (state == CallArgumentReader::State::kFailed)
      json += " ! " + std::to_string(at) + " " + reader->problem();
  }
  CHECK(results[0] == results[1]);
  return results[0];
}

TEST_CASE("arguments: JSON goes through") {
  CHECK(read_arguments("json", " {\"a\": [1, {}]}}</x>") == "{\"a\": [1, {}]} | }</x>");
  CHECK(read_arguments("json", "[1]") == " ! 0 the arguments are no JSON object from here on");
  CHECK(read_arguments("json", "{\"a\": x") ==
        "{\"a\":  ! 6 the arguments are no JSON object from here on");
  CHECK(read_arguments("json", "{\"a\": 1") == "{\"a\": 1 ...");
}

TEST_CASE("arguments: tags, with the types of the schema") {
  auto one = [](const std::string& key, const std::string& value) {
    const std::string json =
        read_arguments("qwen_xml", "<parameter=" + key + ">" + value + "</parameter></function>");
    return json.substr(0, json.find(" | "));
  };
  CHECK(one("s", "12") == "{\"s\":\"12\"}");
  CHECK(one("s", " a\n\"b\" ") == "{\"s\":\" a\\n\\\"b\\\" \"}");
  CHECK(one("s", "") == "{\"s\":\"\"}");
  CHECK(one("s", "a </param b <") == "{\"s\":\"a </param b <\"}");
  CHECK(one("s", "{\"x\": 1}") == "{\"s\":\"{\\\"x\\\": 1}\"}");
  CHECK(one("n", " 12\n") == "{\"n\":12}");
  CHECK(one("n", "twelve") == "{\"n\":\"twelve\"}");
  CHECK(one("b", "true") == "{\"b\":true}");
  CHECK(one("b", "False") == "{\"b\":false}");
  CHECK(one("either", "12") == "{\"either\":12}");
  CHECK(one("either", "12 h") == "{\"either\":\"12 h\"}");
  CHECK(one("maybe", "null") == "{\"maybe\":null}");
  CHECK(one("maybe", "none") == "{\"maybe\":\"none\"}");
  CHECK(one("unit", "\nC\n") == "{\"unit\":\"C\"}");
  CHECK(one("list", "[\"a\", \"b\"]") == "{\"list\":[\"a\", \"b\"]}");
  CHECK(one("o", "{\"s\": \"x\"}") == "{\"o\":{\"s\": \"x\"}}");
  // Nothing is known of these: objects and arrays are what they look like.
  CHECK(one("new", "12") == "{\"new\":\"12\"}");
  CHECK(one("new", "[12]") == "{\"new\":[12]}");
  CHECK(one("new", "[12") == "{\"new\":\"[12\"}");
}

TEST_CASE("arguments: between tags") {
  CHECK(read_arguments("qwen_xml", "</function>") == "{} | </function>");
  CHECK(read_arguments("qwen_xml",
                       "\n<parameter=s>\nx\n</parameter>\n <parameter=n>\n3\n</parameter>\n</f") ==
        "{\"s\":\"\\nx\\n\",\"n\":3} | </f");
  CHECK(read_arguments("qwen_xml", "<parameter=s>\n\nx\n</parameter>\n</f", true) ==
        "{\"s\":\"\\nx\"} | </f");
  CHECK(read_arguments("qwen_xml", "<parameter=s>x\n\n</parameter>\n</f", true) ==
        "{\"s\":\"x\\n\"} | </f");
  CHECK(read_arguments("qwen_xml", "<parameter=s>x</parameter") == "{\"s\":\"x ...");
}

TEST_CASE("arguments: tags that tell types") {
  const std::string bar = "｜DSML｜";
  CHECK(read_arguments("deepseek_xml", "<" + bar + "parameter name=\"new\" string=\"true\">12</" +
                                           bar + "parameter>\n<" + bar +
                                           "parameter name=\"x\" string=\"false\">12</" + bar +
                                           "parameter>\n</" + bar + "invoke>") ==
        "{\"new\":\"12\",\"x\":12} | </" + bar + "invoke>");
  CHECK(read_arguments("kimi_k3_xml",
                       "<|open|>argument key=\"a&amp;b\" type=\"string\"<|sep|>1<|close|>argument"
                       "<|sep|><|open|>argument key=\"k\" type=\"object\"<|sep|>{\"a\":1}<|close|>"
                       "argument<|sep|><|close|>call") ==
        "{\"a&b\":\"1\",\"k\":{\"a\":1}} | <|close|>call");
  CHECK(read_arguments("glm_xml",
                       "<arg_key>s</arg_key>\n<arg_value>1</arg_value>\n<arg_key>n</arg_key>"
                       "<arg_value>1</arg_value></tool_call>") ==
        "{\"s\":\"1\",\"n\":1} | </tool_call>");
  CHECK(read_arguments(
            "minicpm_xml",
            "<param name=\"s\"><![CDATA[a</param>]]></param><param name=\"n\">4</param></f") ==
        "{\"s\":\"a</param>\",\"n\":4} | </f");
}

TEST_CASE("arguments: tags inside of tags") {
  CHECK(
      read_arguments(
          "cohere_xml",
          "<cofl:value name=\"o\" type=\"dict\"><cofl:value name=\"s\" type=\"raw\">1</cofl:value>"
          "<cofl:value name=\"n\" type=\"json\">2</cofl:value></cofl:value><cofl:value "
          "name=\"list\" "
          "type=\"list\"><cofl:value type=\"raw\">a</cofl:value><cofl:value type=\"raw\">b"
          "</cofl:value></cofl:value><cofl:value name=\"&lt;\" "
          "type=\"list\"></cofl:value></cofl:tool_call>") ==
      "{\"o\":{\"s\":\"1\",\"n\":2},\"list\":[\"a\",\"b\"],\"<\":[]} | </cofl:tool_call>");
  const std::string ns = "]<]minimax[>[";
  CHECK(read_arguments("minimax_m3_xml", ns + "<o>" + ns + "<s>1" + ns + "</s>" + ns + "<n>2" + ns +
                                             "</n>" + ns + "</o>" + ns + "<list>" + ns + "<item>a" +
                                             ns + "</item>" + ns + "</list>" + ns + "</invoke>") ==
        "{\"o\":{\"s\":\"1\",\"n\":2},\"list\":[\"a\"]} | " + ns + "</invoke>");
  // Without a schema, what is inside tells.
  CHECK(read_arguments("minimax_m3_xml",
                       ns + "<a>" + ns + "<b>1" + ns + "</b>" + ns + "</a>" + ns + "<c>" + ns +
                           "<item>1" + ns + "</item>" + ns + "</c>" + ns + "<d>1" + ns + "</d>" +
                           ns + "</invoke>",
                       false, "{}") ==
        "{\"a\":{\"b\":\"1\"},\"c\":[\"1\"],\"d\":\"1\"} | " + ns + "</invoke>");
  CHECK(read_arguments("minimax_m3_xml", ns + "<s>1" + ns + "</t>").find("another argument") !=
        std::string::npos);
  std::string deep;
  for (int i = 0; i < 1500; ++i) deep += ns + "<o>";
  CHECK(read_arguments("minimax_m3_xml", deep, false, "{}").find("deeper than 1000") !=
        std::string::npos);
}

TEST_CASE("arguments: bare keys") {
  CHECK(read_arguments(
            "gemma",
            "{s:<|\"|>a\"b<|<|\"|>, n: 3,o:{s:<|\"|><|\"|>},list:[<|\"|>x<|\"|>,null],e:{}}<t") ==
        "{\"s\":\"a\\\"b<|\",\"n\":3,\"o\":{\"s\":\"\"},\"list\":[\"x\",null],\"e\":{}} | <t");
  CHECK(read_arguments("functiongemma", "{s:<escape>a<escape>,n:-1.5}<") ==
        "{\"s\":\"a\",\"n\":-1.5} | <");
  CHECK(read_arguments("gemma", "{s:Bern}").find("'Bern' is no value") != std::string::npos);
  CHECK(read_arguments("gemma", "{:1}").find("expected a key") != std::string::npos);
  CHECK(read_arguments("gemma", "{}x") == "{} | x");
}

TEST_CASE("arguments: Python") {
  CHECK(read_arguments("python", "s='it\\'s \\x41\\u00e9\\n', n = -3, b=True, maybe=None)") ==
        "{\"s\":\"it's A\\u00e9\\n\",\"n\":-3,\"b\":true,\"maybe\":null} | )");
  CHECK(read_arguments("python", "o={'s': \"x\", \"n\": 1.5}, list=['a', \"b\"], e=[], f={})]") ==
        "{\"o\":{\"s\":\"x\",\"n\":1.5},\"list\":[\"a\",\"b\"],\"e\":[],\"f\":{}} | )]");
  CHECK(read_arguments("python", ")") == "{} | )");
  CHECK(read_arguments("python", "s='\\U0001F600')") == "{\"s\":\"\\ud83d\\ude00\"} | )");
  CHECK(read_arguments("python_json", "b=true, c=True, d=null)") ==
        "{\"b\":true,\"c\":true,\"d\":null} | )");
  CHECK(read_arguments("python", "b=yes)").find("'yes' is no value") != std::string::npos);
  CHECK(read_arguments("python", "'a')") == "{} | 'a')");
  CHECK(read_arguments("python", "a='b'c)") == "{\"a\":\"b\"} | c)");
  CHECK(read_arguments("python", "a)").find("expected '=' behind a key") != std::string::npos);
  CHECK(read_arguments("python", "s='a\\q')") == "{\"s\":\"a\\\\q\"} | )");
}

TEST_CASE("arguments: styles that are unknown") {
  FamilyPart part;
  part.text = "yaml";
  CHECK_FALSE(argument_format(part).has_value());
}

}  // namespace
}  // namespace xgr::core

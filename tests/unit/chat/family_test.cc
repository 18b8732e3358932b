#include "chat/family.h"

#include <doctest/doctest.h>

#include <string>

#include "tokenizer/tokenizer.h"

namespace xgr::core {
namespace {

Family family(std::string_view text) {
  Result<Family> r = find_family(text, Limits{});
  REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message));
  return std::move(r).value();
}

void refused(std::string_view text, std::string_view pointer, std::string_view says) {
  Result<Family> r = find_family(text, Limits{});
  REQUIRE_MESSAGE(!r.ok(), text);
  CHECK_MESSAGE(r.error().json_pointer == pointer, text);
  CHECK_MESSAGE(r.error().message.find(says) != std::string::npos, r.error().message);
}

TEST_CASE("families: every file of the library can be read and has its name") {
  CHECK(family_files().size() >= 6);
  for (const FamilyFile& file : family_files()) {
    Family f = family(file.name);
    CHECK(f.name == file.name);
    CHECK(!f.models.empty());
    CHECK(!f.texts.empty());
    for (const std::string& alias : f.aliases) CHECK(family(alias).name == f.name);
    // The text of a file stands for the family as well.
    CHECK(family(file.text).name == f.name);
  }
}

TEST_CASE("families: an unknown name lists the known ones") {
  refused("qwen_9", "", "qwen_3_coder");
  refused("", "", "no family is named");
}

TEST_CASE("families: parts of a marker") {
  Family f = family(R"({"family": "f", "models": "", "call": ["<f ", {"is": "name", "quoted": true},
      {"is": "optional", "of": ["#", {"is": "index"}]}, {"is": "one_of", "of": ["a", ["b", ""], []]},
      {"is": "id"}, {"is": "id", "pattern": "x+"}, {"is": "space"},
      {"is": "arguments", "style": "json", "excludes": ["</f>"]}, "</f>"]})");
  REQUIRE(f.call.size() == 9);
  CHECK(f.call[0].text == "<f ");
  CHECK(f.call[1].quoted);
  CHECK(f.call[2].of[0][1].kind == PartKind::kIndex);
  CHECK(f.call[3].of.size() == 3);
  CHECK(f.call[3].of[1].size() == 1);
  CHECK(f.call[3].of[2].empty());
  CHECK(f.call[4].text == "[A-Za-z0-9_-]+");
  CHECK(f.call[5].text == "x+");
  CHECK(f.call[7].text == "json");
  CHECK(f.call[7].excludes[0] == "</f>");
}

TEST_CASE("families: what is wrong with a file is said with a pointer") {
  refused("{", "", "");
  refused("{}", "", "\"family\"");
  refused(R"({"family": "f", "models": "", "cal": ""})", "/cal", "\"call\"");
  refused(R"({"family": 1, "models": ""})", "/family", "a string");
  refused(R"({"family": "f", "models": "", "layout": "x"})", "/layout", "\"blocks\"");
  refused(R"({"family": "f", "models": "", "call": "x"})", "/call", "name");
  refused(R"({"family": "f", "models": "", "call": ["<f ", {"is": "nom"}]})", "/call/1/is",
          "\"arguments\"");
  refused(R"({"family": "f", "models": "", "call": [{}]})", "/call/0", "\"is\"");
  refused(R"({"family": "f", "models": "", "call": [{"is": "name"}, {"is": "arguments"}]})",
          "/call/1", "style");
  refused(R"({"family": "f", "models": "", "call": [{"is": "name"}]})", "/call", "arguments");
  refused(R"({"family": "f", "models": "", "call": [{"is": "one_of", "of": [{"is": "name"}, "x"]},
              {"is": "arguments", "style": "json"}]})",
          "/call", "name");
  refused(R"({"family": "f", "models": "", "call": [{"is": "name", "of": ""}]})", "/call/0/of",
          "\"quoted\"");
  refused(R"({"family": "f", "models": "", "call": [{"is": "one_of", "of": []}]})", "/call/0/of",
          "alternatives");
  refused(R"({"family": "f", "models": "", "reasoning": {"begin": "<think>"}})", "/reasoning",
          "\"end\"");
  refused(R"({"family": "f", "models": "", "reasoning": {"end": [""]}})", "/reasoning/end/0",
          "not empty");
  refused(R"({"family": "f", "models": "", "reasoning": {"end": {"implict": "a"}}})",
          "/reasoning/end", "implicit");
  refused(R"({"family": "f", "models": "", "text": []})", "/text", "at least one");
  refused(R"({"family": "f", "models": "", "section": {"end": ""}})", "/section", "\"begin\"");
  refused(R"({"family": "f", "models": "", "calls_last": 1})", "/calls_last", "true or false");
  refused(R"({"family": "f", "models": "", "markers": ["a", 1]})", "/markers/1", "a string");
  refused(R"({"family": "f", "models": "", "marker_suffix": {"of": "<a>", "after": "]",
              "begins_with": ":"}})",
          "/marker_suffix", "ends with");
  std::string deep = R"("x")";
  for (int i = 0; i < 9; ++i) deep = R"({"is": "optional", "of": )" + deep + "}";
  refused(R"({"family": "f", "models": "", "turn_end": )" + deep + "}",
          "/turn_end/of/of/of/of/of/of/of/of", "at most 8 levels");
}

TEST_CASE("families: a suffix is found in the vocabulary and put into markers only") {
  Family f = family(R"({"family": "f", "models": "",
      "call": ["<tool_calls>x<tool_call>", {"is": "name"}, "<b>",
               {"is": "arguments", "style": "json", "excludes": ["</tool_call>"]}, "</tool_call>"],
      "markers": ["<tool_calls>", "<tool_call>", "</tool_call>"],
      "marker_suffix": {"of": "<tool_call>", "after": ">", "begins_with": ":"}})");
  TokenizerInput in;
  in.tokens = {"a", "<tool_calls>", "<tool_call>", "<tool_call:v9>", "<tool_callx>"};
  in.stop_tokens = {0};
  in.kinds = {0, 1, 1, 1, 1};
  Result<std::shared_ptr<const Tokenizer>> t = Tokenizer::create(in);
  REQUIRE(t.ok());
  CHECK(suffix_in(f, *t.value()) == ":v9");
  Family g = with_suffix(f, ":v9");
  CHECK(g.call[0].text == "<tool_calls:v9>x<tool_call:v9>");
  CHECK(g.call[2].text == "<b>");
  CHECK(g.call[3].excludes[0] == "</tool_call:v9>");
  CHECK(g.markers[2] == "</tool_call:v9>");
  CHECK(with_suffix(f, "").call[0].text == f.call[0].text);
}

}  // namespace
}  // namespace xgr::core

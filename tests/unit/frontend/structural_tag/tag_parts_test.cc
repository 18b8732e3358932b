// Sources inside a structural tag: where their errors and diagnostics are.
#include "frontend/source_notes.h"
#include "tag_checks.h"
#include "tokenizer/special_names.h"

using namespace xgr::core;
using test::check_refused_tag;
using test::tag_of;

namespace {

TEST_CASE("structural tags: errors of a schema go on inside of it") {
  check_refused_tag(tag_of(R"({"json_schema": {"properties": {"a": {"type": 1}}}})"),
                    "/format/json_schema/properties/a/type", "");
  check_refused_tag(tag_of(R"({"elements": [{"value": "a"}, {"json_schema": false}]})"),
                    "/format/elements/1/json_schema", "");
  check_refused_tag(R"({"triggers": ["<"], "tags": [{"begin": "<a>", "schema": {"type": 1},
                        "end": "x"}]})",
                    "/tags/0/schema/type", "");
}

TEST_CASE("structural tags: errors of a text have their place in it") {
  check_refused_tag(tag_of(R"({"type": "regex", "pattern": "ab(c"})"), "/format/pattern", "");
  CHECK(test::refused_tag(tag_of(R"({"type": "regex", "pattern": "ab(c"})")).byte_offset >= 0);
  const Error e = test::refused_tag(tag_of(R"({"type": "grammar", "grammar": "root ::= a\n"})"));
  CHECK(e.json_pointer == "/format/grammar");
  CHECK(e.line == 1);
  check_refused_tag(tag_of(R"({"type": "grammar", "syntax": "lark", "grammar": "start: a"})"),
                    "/format/grammar", "");
}

TEST_CASE("structural tags: the first error is told") {
  check_refused_tag(tag_of(R"({"elements": [{"type": "regex", "pattern": "("},
                               {"json_schema": {"type": 1}}]})"),
                    "/format/elements/0/pattern", "");
}

TEST_CASE("structural tags: diagnostics of a schema") {
  const SpecialNames names;
  SourceNotes notes(&names);
  StructuralTagOptions options;
  options.notes = &notes;
  test::parse_tag(
      tag_of(R"({"elements": [{"value": "a"}, {"json_schema": {"type": "object", "colour": 1}}]})"),
      options);
  const std::vector<Diagnostic> found = notes.take();
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == DiagnosticCode::kIgnoredKeyword);
  CHECK(found[0].json_pointer == "/format/elements/1/json_schema/colour");
}

TEST_CASE("structural tags: names of special tokens that stand in texts") {
  const SpecialNames names({{"<|call|>", 7, false}, {"<|end|>", 8, true}});
  SourceNotes notes(&names);
  StructuralTagOptions options;
  options.notes = &notes;
  test::parse_tag(tag_of(R"({"type": "triggered_tags", "triggers": ["<|call|>"], "tags": [
      {"begin": "<|call|>a", "content": {"value": "x"}, "end": ["y", "<|end|>"]}]})"),
                  options);
  const std::vector<Diagnostic> found = notes.take();
  REQUIRE(found.size() == 3);
  CHECK(found[0].json_pointer == "/format/triggers/0");
  CHECK(found[1].json_pointer == "/format/tags/0/begin");
  CHECK(found[1].code == DiagnosticCode::kSpecialTokenAsText);
  CHECK(found[1].message.find(R"({"type": "token", "token": "<|call|>"})") != std::string::npos);
  CHECK(found[2].json_pointer == "/format/tags/0/end/1");
}

TEST_CASE("structural tags: which schema leaves no output") {
  const std::string text = tag_of(R"({"elements": [{"json_schema": {}}, {"json_schema":
      {"type": "string", "minLength": 2, "maxLength": 1}}]})");
  check_refused_tag(text, "/format/elements/1/json_schema", "contradict each other");
}

}  // namespace

#include "chat/tag_json.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

using Kind = MarkerPiece::Kind;

TEST_CASE("formats as JSON: one of a sequence or of alternatives is itself") {
  CHECK(tag_sequence({}) == tag_const(""));
  CHECK(tag_sequence({tag_const("a")}) == R"({"type":"const_string","value":"a"})");
  CHECK(tag_or({tag_const("a"), tag_const("\"")}) ==
        R"({"type":"or","elements":[{"type":"const_string","value":"a"},)"
        R"({"type":"const_string","value":"\""}]})");
  CHECK(tag_any_text({"<a>"}, 3) == R"({"type":"any_text","excludes":["<a>"],"max_tokens":3})");
}

TEST_CASE("formats as JSON: texts that meet become one, and stand at the ends of a tag") {
  MarkerPieces pieces;
  add_pieces({{Kind::kText, "<a"}, {Kind::kText, ">"}, {Kind::kText, ""}}, &pieces);
  REQUIRE(pieces.size() == 1);
  CHECK(tag_around_pieces(pieces) ==
        R"({"type":"tag","begin":"<a>","content":{"type":"const_string","value":""},"end":""})");
  add_pieces({{Kind::kFormat, "{}"}, {Kind::kToken, "</a>"}}, &pieces);
  CHECK(tag_around_pieces(pieces) == R"({"type":"tag","begin":"<a>","content":{},)"
                                     R"("end":{"type":"token","token":"</a>"}})");
  CHECK(tag_around_pieces(
            {{Kind::kText, "a"}, {Kind::kFormat, "1"}, {Kind::kText, "b"}, {Kind::kFormat, "2"}}) ==
        R"({"type":"tag","begin":"a","content":{"type":"sequence","elements":[)"
        R"({"type":"tag","begin":"","content":1,"end":"b"},2]},"end":""})");
  CHECK(tag_around_pieces({{Kind::kFormat, "{}"}}) ==
        R"({"type":"tag","begin":"","content":{},"end":""})");
}

}  // namespace
}  // namespace xgr::core

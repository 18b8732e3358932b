// Pieces of a source text in messages: short, one line, never cut inside a character.
#include "frontend/source_text.h"

#include <doctest/doctest.h>

using namespace xgr::core;

TEST_CASE("a long piece is cut behind 40 bytes, or before the character that crosses them") {
  CHECK(show_text("") == "");
  CHECK(show_text(std::string(40, 'a')) == std::string(40, 'a'));
  CHECK(show_text(std::string(41, 'a')) == std::string(40, 'a') + "...");
  CHECK(show_text(std::string(39, 'a') + "\xC3\xA9") == std::string(39, 'a') + "...");
  CHECK(show_text(std::string(38, 'a') + "\xC3\xA9z") == std::string(38, 'a') + "\xC3\xA9...");
}

TEST_CASE("a chain shows both ends of a long list") {
  CHECK(show_chain({}) == "");
  CHECK(show_chain({"a", "b", "a"}) == "a -> b -> a");
  CHECK(show_chain({"1", "2", "3", "4", "5", "6", "7", "8"}) ==
        "1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8");
  CHECK(show_chain({"1", "2", "3", "4", "5", "6", "7", "8", "9"}) ==
        "1 -> 2 -> 3 -> 4 -> ... -> 6 -> 7 -> 8 -> 9");
}

TEST_CASE("a character is shown as itself only where it can be seen") {
  CHECK(show_character("xy", 1) == "'y'");
  CHECK(show_character("\xC3\xA9", 0) == "'\xC3\xA9'");
  CHECK(show_character(" ", 0) == "a blank");
  CHECK(show_character("\n", 0) == "end of line");
  CHECK(show_character("\x07", 0) == "U+0007");
  CHECK(show_character("\xC2\x85", 0) == "U+0085");
  CHECK(show_character("x", 1) == "end of text");
}

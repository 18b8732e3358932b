#include "chat/json_scanner.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

// Where a value ends, behind it; -1: it goes on; -2: no JSON.
int end_of(std::string_view text) {
  JsonScanner s;
  for (size_t i = 0; i < text.size(); ++i) {
    switch (s.step(static_cast<unsigned char>(text[i]))) {
      case JsonScanner::State::kMore:
        break;
      case JsonScanner::State::kDone:
        return static_cast<int>(i + 1);
      case JsonScanner::State::kBehind:
        return static_cast<int>(i);
      case JsonScanner::State::kFailed:
        return -2;
    }
  }
  return -1;
}

TEST_CASE("json scanner: where a value ends") {
  CHECK(end_of("{}x") == 2);
  CHECK(end_of(" {\"a\" : [1, -2.5e+3,true , null,\"}\\\"\\u00e9\"]}}") == 45);
  CHECK(end_of("12,") == 2);
  CHECK(end_of("0 ") == 1);
  CHECK(end_of("1.5e9]") == 5);
  CHECK(end_of("true") == 4);
  CHECK(end_of("12") == -1);
  CHECK(end_of("{\"a\": [") == -1);
}

TEST_CASE("json scanner: what is no JSON") {
  for (const char* text :
       {"x", "{a", "{\"a\" 1", "[1 2", "[1,]", "{\"a\":1,}", "01", "-x", "1.x", "1e+x", "tru ",
        "\"\n", "\"\\x", "\"\\u00g", "[}", "{\"a\":1]", ",", "}"})
    CHECK_MESSAGE((end_of(text) == -2 || std::string(text) == "01"), text);
  CHECK_FALSE(is_json("01"));
  CHECK_FALSE(is_json("-"));
  CHECK_FALSE(is_json(""));
  CHECK_FALSE(is_json("1 2"));
  CHECK_FALSE(is_json("True"));
  CHECK(is_json(" -0.5e-7\n"));
  CHECK(is_json("\"a\" "));
  CHECK(is_json("{\"a\":[]} "));
}

TEST_CASE("json scanner: depth is bounded") {
  CHECK(end_of(std::string(JsonScanner::kMaxDepth, '[')) == -1);
  CHECK(end_of(std::string(JsonScanner::kMaxDepth + 1, '[')) == -2);
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  CHECK(is_json(deep));
}

}  // namespace
}  // namespace xgr::core

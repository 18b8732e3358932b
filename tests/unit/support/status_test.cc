// Positions of errors: support/status.cc.
#include "support/status.h"

#include <doctest/doctest.h>

#include <string>

using namespace xgr::core;

TEST_CASE("error_at counts lines and columns") {
  Error e = error_at(Status::kInvalidSource, "bad", "ab\ncd\nef", 4);
  CHECK(e.code == Status::kInvalidSource);
  CHECK(e.message == "bad");
  CHECK(e.byte_offset == 4);
  CHECK(e.line == 2);
  CHECK(e.column == 2);
  CHECK_FALSE(e.has_json_pointer);
}

TEST_CASE("error_at at the ends of a text") {
  CHECK(error_at(Status::kInvalidSource, "", "", 0).line == 1);
  CHECK(error_at(Status::kInvalidSource, "", "", 0).column == 1);
  Error after_newline = error_at(Status::kInvalidSource, "", "a\n", 2);
  CHECK(after_newline.line == 2);
  CHECK(after_newline.column == 1);
  Error beyond = error_at(Status::kInvalidSource, "", "abc", 99);
  CHECK(beyond.byte_offset == 3);
  CHECK(beyond.column == 4);
}

TEST_CASE("columns count characters, not bytes") {
  std::string text = "\xE4\xBD\xA0\xF0\x9F\x98\x80x";  // three characters
  CHECK(error_at(Status::kInvalidSource, "", text, 7).column == 3);
}

TEST_CASE("error_at_pointer") {
  Error e = error_at_pointer(Status::kUnsupported, "no", "/a/0");
  CHECK(e.has_json_pointer);
  CHECK(e.json_pointer == "/a/0");
  CHECK(e.byte_offset == -1);
  CHECK(e.line == 0);
}

TEST_CASE("Result holds a value or an error") {
  Result<int> good = 3;
  CHECK(good.ok());
  CHECK(good.value() == 3);
  Result<int> bad = error_at(Status::kLimitExceeded, "too much", "", 0);
  CHECK_FALSE(bad.ok());
  CHECK(bad.error().code == Status::kLimitExceeded);
}

TEST_CASE("an error without a place says so") {
  const Error e = make_error(Status::kLimitExceeded, "too much");
  CHECK(e.code == Status::kLimitExceeded);
  CHECK(e.message == "too much");
  CHECK(e.byte_offset == -1);
  CHECK(e.line == 0);
  CHECK_FALSE(e.has_json_pointer);
}

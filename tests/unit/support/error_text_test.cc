// Errors as text: support/error_text.cc.
#include "support/error_text.h"

#include <doctest/doctest.h>

#include <string>

using namespace xgr::core;

TEST_CASE("an error's text has its place once") {
  const Status s = Status::kInvalidSource;
  CHECK(error_text(make_error(s, "bad")) == "bad");
  CHECK(error_text(error_at(s, "bad", "a\nbc", 3)) == "bad, at line 2, column 2");
  CHECK(error_text(error_at_pointer(s, "bad", "/a/b")) == "bad, at /a/b");
  CHECK(error_text(error_at_pointer(s, "bad", "")) == "bad, at the root");
  CHECK(error_text(error_at_pointer(s, "/a/b is bad", "/a/b")) == "/a/b is bad");
  CHECK(error_text(error_at_pointer(s, "the document is bad", "")) == "the document is bad");
  CHECK(error_text(error_at(s, "bad, at line 1, column 2: ab", "ab", 1)) ==
        "bad, at line 1, column 2: ab");
  Error bytes = make_error(s, "bad");
  bytes.byte_offset = 12;
  CHECK(error_text(bytes) == "bad, at byte 12");
}

TEST_CASE("a place in a string inside of a document") {
  Error e = error_at(Status::kInvalidSource, "in this pattern: bad", "a(b", 3);
  e.json_pointer = "/pattern";
  e.has_json_pointer = true;
  CHECK(error_text(e) == "in this pattern: bad, at /pattern, line 1, column 4");
}

TEST_CASE("the name of a file is told apart from a text") {
  CHECK(path_hint("/data/tokenizer.json", "the text").find("read the file") != std::string::npos);
  CHECK(path_hint("C:\\models\\tokenizer.json", "the text") != "");
  for (const char* text :
       {"", "{\"a\": \"b.json\"}", "root ::= \"x.ebnf", "a\nb.json", "json", "1"})
    CHECK(path_hint(text, "the text") == "");
}

TEST_CASE("a limit names its option, its value and the ways out") {
  CHECK(limit_text("max_states", 5, "split it") == "max_states = 5; raise max_states, or split it");
}

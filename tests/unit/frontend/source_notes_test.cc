// What front ends notice: texts with the names of special tokens, and keywords.
#include "frontend/source_notes.h"

#include <doctest/doctest.h>

#include <string>

#include "frontend/frontend.h"
#include "tokenizer/special_names.h"

namespace xgr::core {
namespace {

const SpecialNames& names() {
  static const SpecialNames all({{"<call>", 7, false}, {"<|end|>", 8, true}, {"[INST]", 9, false}});
  return all;
}

// "line:column subject", and the part of the message behind "write ", one after the other.
std::string shown(SourceNotes* notes) {
  std::string out;
  for (const Diagnostic& d : notes->take()) {
    CHECK(d.code == DiagnosticCode::kSpecialTokenAsText);
    CHECK(!d.has_json_pointer);
    const size_t write = d.message.find("write ");
    out += std::to_string(d.line) + ":" + std::to_string(d.column) + " " + d.subject + " " +
           (write == std::string::npos ? "" : d.message.substr(write + 6)) + "\n";
  }
  return out;
}

std::string ebnf(std::string_view text) {
  SourceNotes notes(&names());
  EbnfOptions options;
  options.notes = &notes;
  const Result<Grammar> grammar = parse_ebnf(text, "root", options, Limits());
  CHECK_MESSAGE(grammar.ok(), (grammar.ok() ? "" : grammar.error().message));
  return shown(&notes);
}

std::string regex(std::string_view pattern) {
  SourceNotes notes(&names());
  RegexOptions options;
  options.notes = &notes;
  CHECK(parse_regex(pattern, options, Limits()).ok());
  std::string out;
  for (const Diagnostic& d : notes.take()) out += std::to_string(d.byte_offset) + d.subject + " ";
  return out;
}

std::string lark(std::string_view text) {
  SourceNotes notes(&names());
  LarkOptions options;
  options.notes = &notes;
  options.named_sources.push_back({"other", "start: \"<call>\""});
  const Result<Grammar> grammar = parse_lark(text, options, Limits());
  CHECK_MESSAGE(grammar.ok(), (grammar.ok() ? "" : grammar.error().message));
  return shown(&notes);
}

TEST_CASE("EBNF: the form of the token depends on what is around the text") {
  CHECK(ebnf("root ::= \"<call>\"") == "1:11 <call> Token(7)\n");
  CHECK(ebnf("root ::= \"a\"\n  \"x\\n<call>y<call>\" | \"[INST]\"") ==
        "2:7 <call> Token(7)\n2:25 [INST] Token(9)\n");
  CHECK(ebnf("root ::= \"\\u003ccall>\"") == "1:11 <call> Token(7)\n");
  CHECK(ebnf("root ::= TagDispatch((\"<call>\", a), excludes=(\"[INST]\",)) \"[INST]\"\n"
             "a ::= \"<call>\"") ==
        "1:24 <call> TokenTagDispatch((7, rule))\n"
        "1:48 [INST] TokenTagDispatch(..., excludes=(9,))\n"
        "1:60 [INST] Token(9)\n2:8 <call> Token(7)\n");
  CHECK(ebnf("root ::= Regex(\"a<call>\") Regex(\"\\\\[INST\\\\]\")") ==
        "1:18 <call> Token(7)\n1:34 [INST] Token(9)\n");
  CHECK(ebnf("root ::= Substring(\"<call>\") \"<\" \"call>\" # \"<call>\"\n").empty());
  CHECK(ebnf("root[suffix=\"<call>\", capture=\"<call>\"] ::= [a-z]*") ==
        "1:14 <call> the rule without a marker, and Token(7) behind it\n");
  CHECK(ebnf("root ::= | \"<call>\" <[3]>") == "1:13 <call> <[7]>\n");
}

TEST_CASE("a stop token ends the output by itself") {
  SourceNotes notes(&names());
  EbnfOptions options;
  options.notes = &notes;
  CHECK(parse_ebnf("root ::= \"a<|end|>\"", "root", options, Limits()).ok());
  const std::vector<Diagnostic> found = notes.take();
  REQUIRE(found.size() == 1);
  CHECK(found[0].message.find("stop token 8") != std::string::npos);
  CHECK(found[0].message.find("leave the text out") != std::string::npos);
}

TEST_CASE("Lark: names in angle brackets need no quotes") {
  CHECK(lark("start: \"<call>\" a\na: \"x[INST]\" | /b<call>/") ==
        "1:9 <call> <call> without quotes\n2:6 [INST] <[9]>\n2:18 <call> <call> without quotes\n");
  CHECK(
      lark("start: tool* TEXT\ntool: head \"x\"\nhead[lazy]: TEXT \"<call>\"\nTEXT: /(.|\\n)*/") ==
      "3:19 <call> <call> without quotes\n");
  CHECK(lark("start: \"\\u003ccall>\"i") == "1:8 <call> <call> without quotes\n");
  CHECK(lark("start: @other %lark { start: \"<call>\" } // \"<call>\"") ==
        "1:31 <call> <call> without quotes\n1:9 <call> <call> without quotes\n");
}

TEST_CASE("patterns: only characters that stand for themselves") {
  CHECK(regex("<call>") == "0<call> ");
  CHECK(regex("a\\[INST\\]b") == "1[INST] ");
  CHECK(regex("<\\|end\\|>") == "0<|end|> ");
  CHECK(regex("<|end|>").empty());
  CHECK(regex("[INST]").empty());
  CHECK(regex("[<call>]").empty());
  CHECK(regex("<call\\x3e").empty());
}

TEST_CASE("%json: the keywords of the schema, at its place") {
  SourceNotes notes(&names());
  LarkOptions options;
  options.notes = &notes;
  CHECK(parse_lark("\nstart: %json {\"maxLenght\": 1, \"const\": \"<call>\"}", options, Limits())
            .ok());
  const std::vector<Diagnostic> found = notes.take();
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == DiagnosticCode::kIgnoredKeyword);
  CHECK(found[0].json_pointer == "/maxLenght");
  CHECK(found[0].line == 2);
  CHECK(found[0].message.starts_with("in %json: \"maxLenght\" is ignored: "));
}

TEST_CASE("the number of diagnostics is bounded, and the last says so") {
  SourceNotes notes(nullptr);
  for (size_t i = 0; i < SourceNotes::kMaxNotes + 5; ++i) {
    Diagnostic d;
    d.code = DiagnosticCode::kIgnoredKeyword;
    d.message = std::to_string(i);
    notes.add(std::move(d));
  }
  notes.add_more(10);
  std::vector<Diagnostic> found = notes.take();
  REQUIRE(found.size() == SourceNotes::kMaxNotes);
  CHECK(found.back().code == DiagnosticCode::kMore);
  CHECK(found.back().message.starts_with("16 more "));
  Diagnostic large;
  large.message = std::string(SourceNotes::kMaxBytes + 1, 'x');
  notes.add(std::move(large));
  found = notes.take();
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == DiagnosticCode::kMore);
}

TEST_CASE("places in a text, in any order") {
  SourcePlaces places("a\n\xC3\xA9z\n");
  CHECK(places.at("", 4).line == 2);
  CHECK(places.at("", 4).column == 2);
  CHECK(places.at("", 0).line == 1);
  CHECK(places.at("", 99).line == 3);
}

}  // namespace
}  // namespace xgr::core

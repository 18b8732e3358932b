// What tests of structural tags ask: whether a text is an output of one, and what a bad one is told.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "../../naive_matcher.h"
#include "frontend/frontend.h"
#include "grammar/printer.h"

namespace xgr::core::test {

// The whole around a format.
inline std::string tag_of(const std::string& format) { return R"({"format": )" + format + "}"; }

inline Grammar parse_tag(const std::string& text, const StructuralTagOptions& options = {}) {
  Result<Grammar> g = parse_structural_tag(text, options, Limits());
  INFO(text);
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  return std::move(g).value();
}

// A format, and the EBNF that it is printed as, which has to have the same outputs.
class TagLanguage {
 public:
  explicit TagLanguage(const std::string& format, const StructuralTagOptions& options = {})
      : grammar_(parse_tag(tag_of(format), options)) {
    Result<std::string> text = print_ebnf(grammar_, Limits());
    REQUIRE(text.ok());
    INFO(text.value());
    Result<Grammar> read = parse_ebnf(text.value(), "root", Limits());
    REQUIRE(read.ok());
    printed_ = std::move(read).value();
  }
  bool operator()(std::string_view text) {
    const bool accepted = NaiveMatcher(grammar_).accepts(text);
    CAPTURE(text);
    CHECK(NaiveMatcher(printed_).accepts(text) == accepted);
    return accepted;
  }

 private:
  Grammar grammar_, printed_;
};

inline Error refused_tag(const std::string& text, const StructuralTagOptions& options = {}) {
  Result<Grammar> g = parse_structural_tag(text, options, Limits());
  INFO(text.substr(0, 200));
  REQUIRE_FALSE(g.ok());
  CHECK(g.error().message.size() < 1000);
  return g.error();
}

// `text` is refused at a pointer with a message that holds `part`.
inline void check_refused_tag(const std::string& text, const std::string& pointer,
                              const std::string& part, const StructuralTagOptions& options = {}) {
  const Error e = refused_tag(text, options);
  CAPTURE(text);
  CAPTURE(e.message);
  CHECK(e.has_json_pointer);
  CHECK(e.json_pointer == pointer);
  CHECK(e.message.find(part) != std::string::npos);
}

}  // namespace xgr::core::test

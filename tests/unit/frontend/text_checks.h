// Helpers for tests of text front ends: EBNF that has to be read, text that has to be refused.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "../naive_matcher.h"
#include "frontend/frontend.h"

namespace xgr::core::test {

inline Grammar parse(const std::string& text, const std::string& root = "root") {
  Result<Grammar> g = parse_ebnf(text, root, Limits());
  INFO(text);
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  return std::move(g).value();
}

inline bool accepts(const std::string& text, std::string_view input) {
  Grammar g = parse(text);
  return NaiveMatcher(g).accepts(input);
}

// The error of a text that is refused, which says where.
template <typename T>
Error error_of(const Result<T>& result, const std::string& text) {
  INFO(text);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().line > 0);
  CHECK(result.error().column > 0);
  CHECK(result.error().byte_offset >= 0);
  return result.error();
}

// `part` is a part of the message.
inline void check_error(const Error& e, Status code, int64_t offset, const std::string& part) {
  INFO(e.message << " at " << e.byte_offset);
  CHECK(e.code == code);
  CHECK(e.byte_offset == offset);
  CHECK(e.message.find(part) != std::string::npos);
}

inline Error refused(const std::string& text, const Limits& limits = Limits()) {
  return error_of(parse_ebnf(text, "root", limits), text);
}

inline void check_refused(const std::string& text, int64_t offset, const std::string& part,
                          Status code = Status::kInvalidSource) {
  INFO(text);
  check_error(refused(text), code, offset, part);
}

}  // namespace xgr::core::test

// What may come next in an output, and why something may not.
//
//   Explanation e = matcher->explain(R"({"age": )", {"-1"}).value();
//   e.text    // ... "-" is refused ... /properties/age/minimum ...
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/refusal.h"

namespace xgr::core {

// What is asked about: bytes, or a token; no bytes: only what may come next.
struct ExplainedInput {
  std::string_view bytes{};
  std::optional<int32_t> token{};
};

// What may follow at a place of an output.
struct ExpectedInput {
  struct Example {
    int32_t token;
    std::string text;
  };
  std::vector<std::string> parts;  // literals in quotes, classes in brackets, words
  int byte_count = 0;
  uint64_t token_count = 0;
  std::vector<Example> examples;
  bool may_end = false;
  bool ended = false;
};

struct Explained {
  size_t output_size = 0;  // bytes before the input
  std::string asked;       // the bytes
  std::optional<int32_t> token;
  bool accepted = false;
  size_t refused_at = 0;   // byte of the input; its size: none of the bytes by themselves
  std::string reason;      // where it is no byte: what the token is, or what forbids it
  std::string read;        // the end of what was read before that place
  ExpectedInput expected;  // at that place
  TextRefusal refusal;
  bool knows_source = false;  // whether causes were looked for
};

struct Explanation {
  std::string text;  // for people
  std::string json;
};

Explanation written(const Explained& explained);

}  // namespace xgr::core

// The grammars to measure with: what is known to make some engine slow, large or wrong.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "frontend/frontend.h"

namespace xgr::core::bench {

enum class Language { kJsonSchema, kEbnf, kRegex };

struct Case {
  Language language;
  std::string source;
  std::vector<std::string> texts;    // complete outputs
  std::vector<std::string> refused;  // not complete outputs
  JsonSchemaOptions options;
  size_t vocabulary_size = 131072;
};

struct NamedCase {
  const char* name;
  Case (*make)();
};
std::span<const NamedCase> all_cases();

// A string of at most, and an array of exactly so many; the texts fill them.
Case string_of_length(size_t length);
Case array_of_strings(size_t count);

// Schemas as one meets them, no two alike, and a text for each.
Case random_schema(uint64_t seed);

}  // namespace xgr::core::bench

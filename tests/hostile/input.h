// Input: a source, and how it is used, that a service could be sent to make it slow, large or stuck.
//
// Generators make them from a few parameters, since the texts are long and regular.
//
//   Input in; std::string error;
//   make_input("nested keyword=not depth=20000", &in, &error);
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hostile {

enum class Kind : uint8_t { kJsonSchema, kEbnf, kRegex, kLark };

struct Input {
  Kind kind = Kind::kJsonSchema;
  std::string source;
  std::string vocabulary = "8k";  // see vocabularies.h
  bool lenient = false, any_order = false, unique_names = false, strict = false;
  std::vector<std::string> stops;  // texts of the matcher's stop tokens; none: the tokenizer's
  std::string text;                // is read before anything is drawn at random
  bool whole = false;              // in one call; else a byte each, with a mask before each
  uint32_t steps = 40;             // tokens drawn at random behind it
};

// The parameters of a generator: name=value.
class Parameters {
 public:
  void set(std::string name, std::string value) { values_[std::move(name)] = std::move(value); }
  std::string text(const std::string& name, std::string_view otherwise);
  size_t number(const std::string& name, size_t otherwise);
  // A parameter that no generator asked for, or one with a bad value; "" without any.
  std::string misfit() const;

 private:
  std::map<std::string, std::string> values_;
  std::set<std::string> used_;
  std::string bad_;
};

using Generator = Input (*)(Parameters*);
const std::map<std::string, Generator>& schema_generators();
const std::map<std::string, Generator>& grammar_generators();

// From a generator's name and parameters; false, with the reason, when there is no such input.
// Parameters of all generators: vocabulary, steps. The source of the generator "text" reaches to the end
// of the line, "\n" in it is a new line.
bool make_input(std::string_view line, Input* out, std::string* error);

// One input for each combination: a=1,2 b=x,y are four.
std::vector<std::string> combinations(std::string_view line);

std::string repeated(std::string_view text, size_t times);

// make(0) + between + make(1) ...
template <typename Make>
std::string joined(size_t count, std::string_view between, Make&& make) {
  std::string out;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) out += between;
    out += make(i);
  }
  return out;
}

}  // namespace hostile

// The example grammars and their documents, from a folder such as examples/grammars.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace grammars {

struct Example {
  std::string name;
  std::string ebnf, lark;                      // texts
  std::vector<std::string> accepted, refused;  // documents
};

// In alphabetical order. Ends the program when a file is missing.
std::vector<Example> read_examples(const std::filesystem::path& folder);

}  // namespace grammars

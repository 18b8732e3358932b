// Reads the example grammars.
//
// Entry point: read_examples. A grammar is NAME.ebnf and NAME.lark, its documents are NAME.accept
// and NAME.reject, where a line of four dashes stands between two of them. The line end before it,
// and that of the last line, belong to no document.
//
//   1 + 2
//   ----          two documents, "1 + 2" and "f(x)"
//   f(x)
//
// Tests: same_language.cc.
#include "example_files.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace grammars {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.string().c_str());
    std::exit(2);
  }
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> read_documents(const std::filesystem::path& path) {
  const std::string between = "----\n";
  std::string rest = read_file(path);
  std::vector<std::string> documents;
  while (true) {
    size_t end = rest.starts_with(between) ? 0 : rest.find("\n" + between);
    const bool last = end == std::string::npos;
    if (last) end = rest.size() - 1;
    documents.push_back(rest.substr(0, end));
    if (last) return documents;
    rest.erase(0, end + 1 + between.size());
  }
}

}  // namespace

std::vector<Example> read_examples(const std::filesystem::path& folder) {
  std::vector<Example> examples;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::filesystem::path path = entry.path();
    if (path.extension() != ".ebnf") continue;
    Example e;
    e.name = path.stem().string();
    e.ebnf = read_file(path);
    e.lark = read_file(path.replace_extension(".lark"));
    e.accepted = read_documents(path.replace_extension(".accept"));
    e.refused = read_documents(path.replace_extension(".reject"));
    examples.push_back(std::move(e));
  }
  std::sort(examples.begin(), examples.end(),
            [](const Example& x, const Example& y) { return x.name < y.name; });
  return examples;
}

}  // namespace grammars

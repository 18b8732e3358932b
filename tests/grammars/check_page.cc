// Whether the examples in docs/simplification.md are what the passes print.
//
//   check_page PAGE [--update]
//
// Under a heading that names a pass in backquotes, each two blocks of EBNF are a grammar before the
// pass and after it. With --update the second ones are written anew.
//
// Tests: this is one; `sh tests/run.sh docs` runs it.
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontend/frontend.h"
#include "grammar/passes/passes.h"
#include "grammar/printer.h"

using namespace xgr::core;

namespace {

using Pass = void (*)(Grammar*);
constexpr std::array<std::pair<std::string_view, Pass>, 5> kPasses = {
    {{"remove_dead_rules", remove_dead_rules},
     {"inline_rules", inline_rules},
     {"merge_rules", merge_rules},
     {"fold_string_choices", fold_string_choices},
     {"simplify", simplify}}};

// The pass that a heading names, or null.
Pass named_in(const std::string& heading) {
  for (const auto& [name, pass] : kPasses) {
    if (heading.find("`" + std::string(name) + "`") != std::string::npos) return pass;
  }
  return nullptr;
}

std::string after(Pass pass, const std::string& before) {
  Result<Grammar> grammar = parse_ebnf(before, "root", Limits());
  if (!grammar.ok()) return "refused: " + grammar.error().message + "\n";
  pass(&grammar.value());
  return print_ebnf(grammar.value(), Limits()).value();
}

struct Page {
  std::string text;  // as it should be
  int examples = 0, wrong = 0;
};

Page read_page(std::istream& in) {
  Page page;
  Pass pass = nullptr;
  std::string line, block, before;
  bool inside = false, second = false;
  while (std::getline(in, line)) {
    if (line.starts_with("#") && !inside) pass = named_in(line);
    if (inside && line == "```") {
      if (second && pass) {
        const std::string wanted = after(pass, before);
        if (wanted != block) std::printf("%s\nbecomes\n%s\n", before.c_str(), wanted.c_str());
        page.wrong += wanted != block;
        ++page.examples;
        block = wanted;
      }
      page.text += block;
      before = block;
      inside = false;
      second = !second;
    }
    if (inside) block += line + "\n";
    if (!inside) page.text += line + "\n";
    if (line == "```ebnf") inside = true, block.clear();
  }
  return page;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "check_page PAGE [--update]\n");
    return 2;
  }
  std::ifstream in(argv[1], std::ios::binary);
  const Page page = read_page(in);
  std::printf("%d examples, %d wrong\n", page.examples, page.wrong);
  const bool update = argc > 2 && std::strcmp(argv[2], "--update") == 0;
  if (update) std::ofstream(argv[1], std::ios::binary) << page.text;
  return page.examples == 0 || (page.wrong > 0 && !update);
}

// Prints the structural tag of a family and a request: print_tag FAMILY REQUEST, where each begins
// with '{' or is a name. For people who write families.
#include <cstdio>
#include <string>

#include "chat/family_tag.h"

int main(int argc, char** argv) {
  using namespace xgr::core;
  if (argc != 3) return std::fprintf(stderr, "usage: print_tag FAMILY REQUEST\n"), 2;
  Result<Family> family = find_family(argv[1], Limits{});
  Result<std::string> tag = family.ok()
                                ? family_structural_tag(family.value(), argv[2], nullptr, Limits{})
                                : Result<std::string>(family.error());
  if (!tag.ok()) {
    std::fprintf(stderr, "%s at %s\n", tag.error().message.c_str(),
                 tag.error().json_pointer.c_str());
    return 1;
  }
  std::printf("%s\n", tag.value().c_str());
  return 0;
}

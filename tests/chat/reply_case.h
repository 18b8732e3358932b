// The replies of a family as tests/chat/families/NAME.json gives them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chat {

// A reply in the exact spelling of its family. Bytes of `free` could be others as well.
struct Reply {
  std::string kind;  // of kinds.json
  std::string text;
  std::vector<bool> free;  // by byte
};

struct Rejected {
  std::string text;
  size_t at = 0;  // the first byte that is refused
};

struct More {
  std::string request;
  std::vector<std::string> accepted;
  std::vector<Rejected> rejected;
};

struct FamilyCases {
  std::string family;
  std::vector<Reply> replies;
  std::string inside;  // what no string of the arguments contains
  std::vector<More> more;
};

struct Kinds {
  struct Kind {
    std::string name, request;
  };
  std::vector<Kind> kinds;
  const std::string& request(std::string_view kind) const;
};

// The files of a folder; prints what is wrong with them and ends the program.
Kinds read_kinds(const std::string& folder);
std::vector<FamilyCases> read_cases(const std::string& folder, const std::string& only);

}  // namespace chat

// Cases of files in the format that README.md describes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cases {

struct Expectation {
  int line = 0;
  std::string verb;  // accept, reject, error
  std::string text;  // the output, or the name of a status
  int64_t at = -1;
  std::string pointer;  // expected of an error, when has_pointer
  bool has_pointer = false;
  std::string says;  // expected in the message of an error
};

struct Case {
  int line = 0;
  std::string kind, options, source;
  std::vector<std::pair<std::string, std::string>> remotes;  // URI and text of further schemas
  std::vector<Expectation> expectations;
};

std::vector<Case> read_cases(const std::filesystem::path& path);
// The files, and those in the folders, in order.
std::vector<std::filesystem::path> case_files(const std::vector<std::string>& paths);

}  // namespace cases

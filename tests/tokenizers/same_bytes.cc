// Whether the tokens of files have the bytes that were compared with the libraries the files are from.
//
//   same_bytes FOLDER     // NAME beside NAME.bytes, which check_files.py --write has written
//
// A line of NAME.bytes has the bytes of the next id in hexadecimal digits; none for control tokens.
//
// Tests: itself, on tests/tokenizers/files.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tokenizer/tokenizer_file.h"

namespace {

using namespace xgr::core;

std::string hex(std::string_view bytes) {
  std::string out;
  char digits[3];
  for (const char byte : bytes) {
    std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned>(byte) & 0xFF);
    out += digits;
  }
  return out;
}

// The number of ids that differ, or -1 where the file is refused.
int differences(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string contents{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto file = read_tokenizer_file(contents, TokenizerFormat::kDetect);
  if (!file.ok()) {
    std::printf("%s: %s\n", path.string().c_str(), file.error().message.c_str());
    return -1;
  }
  TokenizerInput input = file.value().input();
  input.stop_tokens.clear();
  const auto tokenizer = Tokenizer::create(input);
  if (!tokenizer.ok()) return -1;
  std::ifstream expected(path.string() + ".bytes");
  std::string line;
  int wrong = 0;
  int32_t id = 0;
  for (; std::getline(expected, line); ++id) {
    const std::string ours = hex(tokenizer.value()->token_bytes(id));
    if (ours == line) continue;
    ++wrong;
    std::printf("%s: token %d is %s, expected %s\n", path.string().c_str(), id, ours.c_str(),
                line.c_str());
  }
  return wrong + (id != tokenizer.value()->token_count());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(argc > 1 ? argv[1] : ".")) {
    if (entry.path().extension() == ".bytes")
      paths.push_back(entry.path().parent_path() / entry.path().stem());
  }
  std::sort(paths.begin(), paths.end());
  int wrong = 0;
  for (const auto& path : paths) wrong += differences(path) != 0;
  std::printf("%zu files, %d with other bytes\n", paths.size(), wrong);
  return wrong == 0 && !paths.empty() ? 0 : 1;
}

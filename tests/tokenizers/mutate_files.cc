// Reads changed copies of tokenizer files: each is refused or read, and read twice it is the same. Under
// sanitizers it shows what a reader does beyond its input.
//
//   mutate_files [--count N] [--seed S] FILE...     // N copies of each file; default 2000 and seed 0
//
// A change takes a place of the file and a way: other bytes, bytes left out or twice, a piece of another
// place, a number that is too large, the end cut off. Up to four changes a copy.
//
// Tests: itself, on tests/tokenizers/files.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tokenizer/tokenizer_file.h"

namespace {

using xgr::core::read_tokenizer_file;
using xgr::core::Tokenizer;
using xgr::core::TokenizerFormat;
using Random = std::mt19937_64;

size_t below(Random* random, size_t bound) { return bound == 0 ? 0 : (*random)() % bound; }

void change(Random* random, std::string* text) {
  static const std::string kSigns[] = {
      "{",       "}",    "[",   "]",        "\"",           ",",
      ":",       "null", "0",   "-1",       "4294967296",   "99999999",
      "\\u0000", "\"\"", "1e9", "\xFF\xFE", "\xE2\x96\x81", std::string(8, '\xFF')};
  const size_t at = below(random, text->size() + 1);
  const size_t size = std::min(below(random, 40), text->size() - at);
  switch (below(random, 7)) {
    case 0:
      if (at < text->size()) (*text)[at] = static_cast<char>(below(random, 256));
      break;
    case 1:
      text->erase(at, size);
      break;
    case 2:
      text->insert(at, text->substr(at, size));
      break;
    case 3:
      text->insert(at, text->substr(below(random, text->size() + 1), below(random, 40)));
      break;
    case 4:
      text->replace(at, size, text->substr(below(random, text->size() + 1), size));
      break;
    case 5:
      text->insert(at, kSigns[below(random, std::size(kSigns))]);
      break;
    default:
      if (below(random, 8) == 0) text->resize(at);
  }
}

// What was concluded, or the message of the refusal.
std::string outcome(const std::string& contents, bool* read) {
  auto file = read_tokenizer_file(contents, TokenizerFormat::kDetect);
  *read = file.ok();
  if (!file.ok()) return file.error().message;
  auto tokenizer = Tokenizer::create(file.value().input());
  if (!tokenizer.ok()) return tokenizer.error().message;
  std::string out = findings_json(file.value(), *tokenizer.value());
  for (const std::string& text : file.value().texts) out += text + '\n';
  return out;
}

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Files, and those of folders.
std::vector<std::filesystem::path> files_of(const std::vector<std::string>& names) {
  std::vector<std::filesystem::path> out;
  for (const std::string& name : names) {
    if (!std::filesystem::is_directory(name)) {
      out.emplace_back(name);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(name)) {
      if (entry.path().extension() != ".bytes") out.push_back(entry.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool mutate(const std::filesystem::path& path, uint64_t seed, size_t count) {
  const std::string original = contents_of(path);
  size_t accepted = 0;
  for (size_t i = 0; i < count; ++i) {
    Random random(seed * 1'000'003 + i);
    std::string text = original;
    for (size_t left = 1 + below(&random, 4); left > 0; --left) change(&random, &text);
    bool read = false, again = false;
    const std::string first = outcome(text, &read);
    accepted += read;
    if (first.empty() || outcome(text, &again) != first || read != again) {
      std::printf("%s: copy %zu of seed %llu is read in two ways\n", path.string().c_str(), i,
                  static_cast<unsigned long long>(seed));
      return false;
    }
  }
  std::printf("%s: %zu copies, %zu read, the others refused\n", path.string().c_str(), count,
              accepted);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  size_t count = 2000;
  uint64_t seed = 0;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--count" && i + 1 < argc) {
      count = std::strtoull(argv[++i], nullptr, 10);
    } else if (argument == "--seed" && i + 1 < argc) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else {
      names.push_back(argument);
    }
  }
  bool fine = !names.empty();
  for (const auto& path : files_of(names)) fine = mutate(path, seed, count) && fine;
  return fine ? 0 : 1;
}

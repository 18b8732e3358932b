// Reads files of cases.
//
// Entry points: read_cases, case_files.
//
//   kind: regex        a case: kind, source,
//   [a-z]+             and after `---` what is expected
//   ---
//   accept "abc"
//
// Tests: all cases of this folder.
#include "case_file.h"

#include <algorithm>
#include <fstream>
#include <string_view>

namespace cases {
namespace {

void append_utf8(unsigned c, std::string* out) {
  if (c < 0x80) {
    *out += static_cast<char>(c);
    return;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr unsigned kFirst[] = {0, 0xC0, 0xE0, 0xF0};
  *out += static_cast<char>(kFirst[more] | c >> (6 * more));
  for (int i = more - 1; i >= 0; --i) *out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3F));
}

unsigned hex4(std::string_view s) {
  return static_cast<unsigned>(std::stoul(std::string(s.substr(0, 4)), nullptr, 16));
}

// Decodes a JSON string and removes it from the front of `rest`.
std::string take_string(std::string_view* rest) {
  std::string out;
  size_t i = 1;
  for (; i < rest->size() && (*rest)[i] != '"'; ++i) {
    if ((*rest)[i] != '\\') {
      out += (*rest)[i];
      continue;
    }
    const char c = (*rest)[++i];
    constexpr std::string_view kNames = "bfnrt", kValues = "\b\f\n\r\t";
    const size_t known = kNames.find(c);
    if (c == 'u') {
      unsigned code = hex4(rest->substr(i + 1));
      i += 4;
      if (code >= 0xD800 && code < 0xDC00 && rest->substr(i + 1, 2) == "\\u") {
        code = 0x10000 + ((code - 0xD800) << 10) + (hex4(rest->substr(i + 3)) - 0xDC00);
        i += 6;
      }
      append_utf8(code, &out);
    } else {
      out += known == std::string_view::npos ? c : kValues[known];
    }
  }
  rest->remove_prefix(std::min(i + 1, rest->size()));
  return out;
}

Expectation read_expectation(std::string_view rest, int line) {
  Expectation e;
  e.line = line;
  const size_t blank = std::min(rest.find(' '), rest.size());
  e.verb = rest.substr(0, blank);
  rest.remove_prefix(std::min(rest.find_first_not_of(' ', blank), rest.size()));
  if (rest.starts_with('"')) {
    e.text = take_string(&rest);
  } else {
    const size_t end = std::min(rest.find(' '), rest.size());
    e.text = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  if (const size_t says = rest.find(" says \""); says != std::string_view::npos) {
    std::string_view quoted = rest.substr(says + 6);
    e.says = take_string(&quoted);
    rest = rest.substr(0, says);
  }
  const size_t at = rest.find("at ");
  if (at == std::string_view::npos) return e;
  rest.remove_prefix(at + 3);
  e.has_pointer = rest.starts_with('"');
  if (e.has_pointer) {
    e.pointer = take_string(&rest);
  } else {
    e.at = std::stoll(std::string(rest));
  }
  return e;
}

}  // namespace

std::vector<Case> read_cases(const std::filesystem::path& path) {
  std::vector<Case> cases;
  std::ifstream file(path, std::ios::binary);
  bool in_source = false, first = true;
  int line = 0;
  for (std::string text; std::getline(file, text);) {
    ++line;
    if (!in_source && text.starts_with("kind: ")) {
      const size_t blank = std::min(text.find(' ', 6), text.size());
      cases.push_back({line, text.substr(6, blank - 6), text.substr(blank), "", {}, {}});
      in_source = first = true;
    } else if (in_source && text == "---") {
      in_source = false;
    } else if (in_source && text.starts_with("remote: ")) {
      cases.back().remotes.push_back({text.substr(8), ""});
      first = true;
    } else if (in_source) {
      Case& c = cases.back();
      std::string& source = c.remotes.empty() ? c.source : c.remotes.back().second;
      source.append(first ? "" : "\n").append(text);
      first = false;
    } else if (!text.empty() && text[0] != '#' && !cases.empty()) {
      cases.back().expectations.push_back(read_expectation(text, line));
    }
  }
  return cases;
}

std::vector<std::filesystem::path> case_files(const std::vector<std::string>& paths) {
  std::vector<std::filesystem::path> files;
  for (const std::string& path : paths) {
    if (!std::filesystem::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.path().extension() == ".case") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace cases

// Ratchet: reads, compares, writes.
//
// Entry point: compare.
//
//   compare("x", {10, ...}) with 8 in the file -> "x: states 8 -> 10 (+25%)"
//
// Tests: counts.cc.
#include "ratchet.h"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace xgr::core::bench {

bool Ratchet::read(const std::string& path) {
  std::ifstream in(path);
  if (!in) return false;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    if (name.empty() || name == "case" || name[0] == '#') continue;
    for (uint64_t& figure : lines_[name]) words >> figure;
    if (words.fail()) {
      std::fprintf(stderr, "%s: expected a name and %zu numbers: %s\n", path.c_str(), kFigures,
                   line.c_str());
      return false;
    }
  }
  return true;
}

bool Ratchet::write(const std::string& path) const {
  std::ofstream out(path, std::ios::binary);
  char text[160];
  std::snprintf(text, sizeof(text), "%-34s%10s%10s%10s%10s\n", "case", kColumns[0], kColumns[1],
                kColumns[2], kColumns[3]);
  out << text;
  for (const auto& [name, line] : lines_) {
    std::snprintf(
        text, sizeof(text), "%-34s%10llu%10llu%10llu%10llu\n", name.c_str(),
        static_cast<unsigned long long>(line[0]), static_cast<unsigned long long>(line[1]),
        static_cast<unsigned long long>(line[2]), static_cast<unsigned long long>(line[3]));
    out << text;
  }
  return static_cast<bool>(out.flush());
}

std::vector<std::string> Ratchet::compare(const std::string& name, const Line& now, bool raise) {
  std::vector<std::string> worse;
  auto [it, is_new] = lines_.emplace(name, now);
  changed_ |= is_new;
  for (size_t i = 0; i < kFigures; ++i) {
    uint64_t& was = it->second[i];
    const uint64_t slack = i == kFigures - 1 ? was / 20 + 16 : 0;
    if (now[i] > was + slack) {
      worse.push_back(name + ": " + kColumns[i] + " " + std::to_string(was) + " -> " +
                      std::to_string(now[i]));
      if (was > 0) worse.back() += " (+" + std::to_string((now[i] - was) * 100 / was) + "%)";
    }
    if (now[i] + slack < was || (raise && now[i] > was + slack)) {
      was = now[i];
      changed_ = true;
    }
  }
  return worse;
}

}  // namespace xgr::core::bench

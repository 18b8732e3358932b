// Ratchet: a file of figures that may go down but not up.
//
// A line is a name and its figures, in the order that the first line gives. Figures that went down
// and new lines are written back on request, those that went up on a request of their own.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace xgr::core::bench {

class Ratchet {
 public:
  static constexpr size_t kFigures = 4;
  using Line = std::array<uint64_t, kFigures>;

  // The last column's figures are bytes in KiB, which depend a little on the standard library.
  static constexpr std::array<const char*, kFigures> kColumns = {"states", "visits", "worst",
                                                                 "kib"};

  bool read(const std::string& path);
  bool write(const std::string& path) const;
  // What got worse, one sentence a figure; figures that got better are taken over,
  // with `raise` the others too.
  std::vector<std::string> compare(const std::string& name, const Line& now, bool raise);
  bool changed() const { return changed_; }

 private:
  std::map<std::string, Line> lines_;
  bool changed_ = false;
};

}  // namespace xgr::core::bench

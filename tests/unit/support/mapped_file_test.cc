// Covers src/support/mapped_file.cc: contents, names that are not ASCII, what is no file.
#include "support/mapped_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace xgr::core {
namespace {

struct TestFile {
  std::filesystem::path path;
  TestFile(const char* name, std::string_view contents)
      : path(std::filesystem::temp_directory_path() / name) {
    std::ofstream(path, std::ios::binary) << contents;
  }
  ~TestFile() { std::filesystem::remove(path); }
  std::string name() const { return path.string(); }
};

}  // namespace

TEST_CASE("mapped file: its bytes, as long as the keeper lives") {
  const TestFile file("xgr-mapped-\xC3\xA9.bin", "some bytes");
  Result<MappedFile> mapped = map_file(file.name());
  REQUIRE(mapped.ok());
  const std::string_view expected = "some bytes";
  CHECK(std::equal(expected.begin(), expected.end(), mapped.value().bytes.begin(),
                   mapped.value().bytes.end()));
}

TEST_CASE("mapped file: what cannot be mapped says why") {
  CHECK(map_file("no such file").error().code == Status::kInvalidArgument);
  CHECK(map_file(std::filesystem::temp_directory_path().string()).error().code ==
        Status::kInvalidArgument);
  const TestFile empty("xgr-mapped-empty.bin", "");
  CHECK(map_file(empty.name()).error().code == Status::kInvalidData);
}

}  // namespace xgr::core

// The bytes of a file, mapped for reading: pages come when touched, and are shared by all who map it.
//
//   Result<MappedFile> file = map_file("/models/tokenizer.xgr");
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "support/status.h"

namespace xgr::core {

struct MappedFile {
  std::span<const uint8_t> bytes;
  std::shared_ptr<const void> keeper;  // unmaps when the last copy goes
};

// `path` is UTF-8. Nobody may shorten the file as long as it is mapped. Where files cannot be mapped they
// are read.
Result<MappedFile> map_file(const std::string& path);

}  // namespace xgr::core

// The files of src/chat/families as texts, and the names they are known by.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "chat/family.h"

namespace xgr::core {

// A name or an alias.
struct FamilyAlias {
  std::string_view name;
  size_t file;  // of family_table()
};

std::span<const FamilyFile> family_table();
std::span<const FamilyAlias> family_names();  // ascending

}  // namespace xgr::core

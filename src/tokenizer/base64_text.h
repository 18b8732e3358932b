// Base64 as files of vocabularies have it: padded, without blanks, one spelling for each text.
#pragma once

#include <string>
#include <string_view>

namespace xgr::core {

// Appends the bytes. False, with part of them appended, for what no encoder writes.
bool append_base64(std::string_view text, std::string* out);

}  // namespace xgr::core

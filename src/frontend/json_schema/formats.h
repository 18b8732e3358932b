// The values of `format`.
#pragma once

#include <cstdint>
#include <string_view>

namespace xgr {

enum class FormatSupport : uint8_t {
  kUnknown,    // no draft defines it: an annotation
  kKnownOnly,  // defined, not expressible here
  kEnforced,
};

FormatSupport format_support(std::string_view name);
// Regular expression, to be matched as a whole, for an enforced format.
std::string_view format_pattern(std::string_view name);
// Most characters of a string of the format.
uint32_t format_max_length(std::string_view name);

}  // namespace xgr

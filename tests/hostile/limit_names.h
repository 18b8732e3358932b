// Names of limits in messages: "max_states = 4194304".
//
//   LimitName found;
//   find_limit("needs more states than max_states = 4194304; ...", &found);
#pragma once

#include <xgr/xgr.h>

#include <cstdint>
#include <string>

namespace hostile {

struct LimitName {
  std::string name;
  uint64_t value = 0;
};

// The first option of the compiler that the message names; false when there is none.
bool find_limit(const std::string& message, LimitName* out);

// Sets the option to a quarter of the value that the message gives.
void lower_limit(const LimitName& limit, xgr_compiler_options_t* options);

}  // namespace hostile

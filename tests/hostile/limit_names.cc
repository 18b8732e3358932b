// Limits: the options of a compiler, by name.
//
// Entry points: find_limit, lower_limit. A limit whose message names none of these is no option.
#include "limit_names.h"

#include <algorithm>
#include <cstdlib>

namespace hostile {
namespace {

using Options = xgr_compiler_options_t;

struct Known {
  const char* name;
  size_t Options::* field;
};

constexpr Known kLimits[] = {
    {"max_source_size", &Options::max_source_size},
    {"max_nesting", &Options::max_nesting},
    {"max_expressions", &Options::max_expressions},
    {"max_states", &Options::max_states},
    {"max_compile_work", &Options::max_compile_work},
    {"max_compile_memory", &Options::max_compile_memory},
};

}  // namespace

bool find_limit(const std::string& message, LimitName* out) {
  size_t first = std::string::npos;
  for (const Known& known : kLimits) {
    const std::string wanted = std::string(known.name) + " = ";
    const size_t at = message.find(wanted);
    if (at >= first) continue;
    first = at;
    *out = {known.name, std::strtoull(message.c_str() + at + wanted.size(), nullptr, 10)};
  }
  return first != std::string::npos;
}

void lower_limit(const LimitName& limit, Options* options) {
  for (const Known& known : kLimits) {
    if (limit.name == known.name)
      options->*known.field = static_cast<size_t>(std::max<uint64_t>(1, limit.value / 4));
  }
}

}  // namespace hostile

// An error as one line of text: what was wrong, where, and what would be accepted.
//
//   error_text(error)   // "expected ')', at line 2, column 3"
#pragma once

#include <string>
#include <string_view>

#include "support/status.h"

namespace xgr::core {

// Where it happened: "at /a/b", "at line 2, column 3", "at byte 7", or "" when that is unknown.
std::string place_text(const Error& error);
// The message and the place, unless the message already names it.
std::string error_text(const Error& error);
// "max_states = 5; raise max_states, or split the grammar": a limit as its option is spelled, and
// the ways out.
std::string limit_text(std::string_view option, size_t value, std::string_view otherwise);
// What may follow when a text given as a source is the name of a file; "" for all others.
std::string path_hint(std::string_view text, std::string_view wanted);

}  // namespace xgr::core

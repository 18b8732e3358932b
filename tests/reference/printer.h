// Prints a syntax tree as the source text the library compiles.
#pragma once

#include <string>

#include "syntax_tree.h"

namespace reference {

// Free choices (which escape, where to break lines, comments) follow syntax.style.
std::string print_ebnf(const Syntax& syntax);

// The body of the only rule; no rule references inside.
std::string print_regex(const Syntax& syntax);

// Bytes as a C-like quoted string, for reports.
std::string quote(const std::string& bytes);

}  // namespace reference

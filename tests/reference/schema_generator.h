// Random JSON Schemas, with the syntax tree of the JSON documents they allow.
#pragma once

#include <string>

#include "random_source.h"
#include "syntax_tree.h"

namespace reference {

struct RandomSchema {
  std::string text;
  Syntax meaning;
};

RandomSchema random_schema(RandomSource& random);

// Any JSON document, white space anywhere between tokens.
Syntax any_json();

}  // namespace reference

// Sources to compile and texts to walk through: of case files, and of files with a schema a line.
#pragma once

#include <string>
#include <vector>

#include "../cases/case_file.h"
#include "frontend/frontend.h"

namespace xgr::core::masks {

struct Sample {
  std::string name;
  std::string kind;  // as in case files
  JsonSchemaOptions options;
  std::string source;
  std::vector<std::string> texts;
};

// Of the case files, and those in the folders, without the cases of errors.
std::vector<Sample> read_case_samples(const std::vector<std::string>& paths);
// A line: {"id": "...", "sample": true, "schema": ..., "tests": [{"data": ...}, ...]}. Lines whose
// `sample` is not true are left out. "-" reads the standard input. The samples are shuffled, the
// same way each time, so that the first ones are a fair choice.
std::vector<Sample> read_schema_samples(const std::string& path);

}  // namespace xgr::core::masks

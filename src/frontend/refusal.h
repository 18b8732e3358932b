// Why a source refuses a text: the parts of it without which the text could go on.
//
// A part is to blame when the source without it, or that part alone, is tried on the same text. The
// trial is given by who has parsers and vocabularies, which lie above the front ends.
//
//   RefusedText text{R"({"age":)", '-'};
//   json_schema_refusal(schema, options, limits, text, trial)
//       ->  keyword "minimum", pointer "/properties/age/minimum", instance "/age"
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/frontend.h"
#include "support/status.h"

namespace xgr::core {

// What was read, and what may not follow it.
struct RefusedText {
  static constexpr int kEnd = -1;  // the end of the output, in the place of a byte
  std::string_view read;
  int next = kEnd;
};

struct RefusalCause {
  static constexpr size_t kNoParent = SIZE_MAX;
  std::string keyword;           // "rule" in a grammar with rules, "order" for that of properties
  std::string pointer;           // place of the keyword as a JSON Pointer; the name of a rule
  std::string value;             // of the keyword, its beginning
  std::string instance;          // JSON Pointer of the value that it is about, in the text
  int32_t line = 0, column = 0;  // of a rule, from 1 on; 0: unknown
  size_t parent = kNoParent;     // anyOf or oneOf whose branch it is in, as an index
  bool together = false;         // only with the others of its place
};

struct TextRefusal {
  std::vector<RefusalCause> causes;
  bool complete = true;  // nothing was left untried
};

// Whether a grammar, if any, refuses the text; an error that says that no string is in it means yes.
using RefusalTrial = std::function<bool(Result<Grammar> grammar, const RefusedText& text)>;

// The keywords of a schema that refuse a text which begins a document.
TextRefusal json_schema_refusal(std::string_view schema, const JsonSchemaOptions& options,
                                const Limits& limits, const RefusedText& text,
                                const RefusalTrial& trial);

// The innermost rules whose content refuses a text. `read` gives the grammar as often as it is asked to.
TextRefusal rule_refusal(const std::function<Result<Grammar>()>& read, const RefusedText& text,
                         const RefusalTrial& trial);

}  // namespace xgr::core

// A model's own description of its replies, as a family.
#pragma once

#include <string_view>

#include "chat/family.h"
#include "support/json_reader.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// Whether an object is a response template, or a tokenizer_config.json that has one.
bool is_response_template(const JsonDocument& doc);

// The family that it describes. What a family cannot express is an error that names the member.
Result<Family> family_of_template(const JsonDocument& doc);

}  // namespace xgr::core

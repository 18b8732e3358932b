// What a request asks of a reply: tools, how they may be called, reasoning, the format of an answer.
//
//   Result<ChatRequest> r = read_chat_request(R"({"tools": [...], "tool_choice": "required"})", {});
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

struct ChatTool {
  std::string name;
  std::string schema;    // of its arguments, JSON
  bool builtin = false;  // no function of the caller's
  std::string pointer;   // where the name stands in the request
};

enum class ReasoningMode : uint8_t { kDefault, kOn, kOff, kAuto };

// Which markers are asked for as tokens. Control tokens of a tokenizer always are.
enum class TokenMarkers : uint8_t {
  kControl,  // no others
  kAll,      // all that the vocabulary has as one token; without a tokenizer, all
  kListed,
};

struct ChatRequest {
  std::vector<ChatTool> tools;  // those that may be called
  bool call_required = false;
  bool call_forced = false;  // one call, and nothing else
  bool parallel = true;      // more than one call
  ReasoningMode reasoning = ReasoningMode::kDefault;
  std::optional<bool> reasoning_in_prompt;
  std::optional<int32_t> reasoning_budget;  // in tokens
  std::optional<std::string> answer;        // schema of the answer, JSON
  TokenMarkers token_markers = TokenMarkers::kControl;
  std::vector<std::string> listed_markers;
  std::vector<std::string> stop_tokens;  // names, beside those of the tokenizer
  std::optional<std::string> marker_suffix;
  bool any_order = false;
  std::optional<int32_t> max_whitespace;
};

// Reads the members that matter here of a request in the shape of OpenAI's APIs; others are
// ignored, so a whole request may be passed. The error has a JSON Pointer into it.
Result<ChatRequest> read_chat_request(std::string_view text, const Limits& limits);

}  // namespace xgr::core

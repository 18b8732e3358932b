// Finds the tokens that a structural tag refers to.
//
// Entry point: TagTokens::read. A text is looked up once, for that may take a walk over the whole
// vocabulary; where several tokens have the same text, any of them is meant.
//
//   7  "<|call|>"  {"type": "token", "token": "<|call|>"}
//
// Tests: tests/unit/frontend/structural_tag/tag_tokens_test.cc.
#include "frontend/structural_tag/tag_tokens.h"

#include <charconv>
#include <system_error>

#include "frontend/structural_tag/tag_members.h"

namespace xgr::core {

Result<TokenIds> TagTokens::read(JsonId reference) {
  JsonId value = reference;
  if (doc_.is(value, JsonType::kObject)) {
    const TagMembers members(doc_, value, "a token");
    std::string_view type = "token";
    if (MaybeError e = members.take_text("type", &type)) return *std::move(e);
    if (type != "token") {
      return error(Status::kInvalidSource,
                   "expected a token, {\"type\": \"token\", \"token\": ID or \"TEXT\"}, found the "
                   "type \"" +
                       std::string(type) + "\"",
                   value);
    }
    if (MaybeError e = members.need("token", "an id or the text of a token", &value))
      return *std::move(e);
  }
  if (doc_.is(value, JsonType::kNumber)) return by_id(value);
  if (doc_.is(value, JsonType::kString)) return by_text(value);
  return error(
      Status::kInvalidSource,
      std::string("a token is given by its id or its text, found ") + describe_json(doc_, value),
      value);
}

Result<TokenIds> TagTokens::by_id(JsonId number) const {
  const std::string_view digits = doc_.text(number);
  const char* last = digits.data() + digits.size();
  uint32_t id = 0;
  const auto [end, problem] = std::from_chars(digits.data(), last, id);
  if (problem != std::errc() || end != last || id >= options_.token_count) {
    return error(Status::kInvalidSource,
                 "the id of a token is a whole number from 0 to " +
                     std::to_string(options_.token_count - 1) + ", found " +
                     std::string(digits.substr(0, 40)),
                 number);
  }
  TokenIds ids;
  ids.add(id, id);
  return ids;
}

Result<TokenIds> TagTokens::by_text(JsonId string) {
  const std::string_view text = doc_.text(string);
  if (text.empty()) {
    return error(Status::kInvalidSource,
                 "the text of a token is empty; it needs at least one character", string);
  }
  if (auto it = known_.find(text); it != known_.end()) return it->second;
  if (!options_.special_token) {
    return error(Status::kUnsupported,
                 "the token \"" + std::string(text) +
                     "\" is given by its text, which needs a tokenizer; give its id",
                 string);
  }
  Result<TokenIds> found = options_.special_token(text);
  if (!found.ok()) return error(found.error().code, std::move(found.error().message), string);
  known_.emplace(text, found.value());
  return found;
}

}  // namespace xgr::core

// Reads members of a format, and says what was expected where one is missing or of another type.
//
// Entry point: TagMembers.
//
//   TagMembers(doc, object, "const_string").need_text("value", &value)
//   {"type": "const_string", "value": 1}  ->  "value" must be a string, found a number; at /value
//
// Tests: tests/unit/frontend/structural_tag/tag_errors_test.cc.
#include "frontend/structural_tag/tag_members.h"

#include <charconv>
#include <system_error>

namespace xgr::core {

const char* describe_json(const JsonDocument& doc, JsonId id) {
  switch (doc.type(id)) {
    case JsonType::kNull:
      return "null";
    case JsonType::kFalse:
    case JsonType::kTrue:
      return "a boolean";
    case JsonType::kNumber:
      return "a number";
    case JsonType::kString:
      return "a string";
    case JsonType::kArray:
      return "a list";
    case JsonType::kObject:
      return "an object";
  }
  return "nothing";
}

Error TagMembers::wrong(std::string_view key, const std::string& wanted, JsonId found) const {
  return error(
      "\"" + std::string(key) + "\" must be " + wanted + ", found " + describe_json(doc_, found),
      found);
}

MaybeError TagMembers::need(std::string_view key, const char* wanted, JsonId* out) const {
  *out = find(key);
  if (*out != kNoJson) return std::nullopt;
  return error(
      "\"" + std::string(key) + "\" is missing in " + std::string(owner_) + "; expected " + wanted,
      object_);
}

MaybeError TagMembers::need_text(std::string_view key, std::string_view* out) const {
  JsonId id = kNoJson;
  if (MaybeError e = need(key, "a string", &id)) return e;
  return take_text(key, out);
}

MaybeError TagMembers::take_text(std::string_view key, std::string_view* out) const {
  const JsonId id = find(key);
  if (id == kNoJson) return std::nullopt;
  if (!doc_.is(id, JsonType::kString)) return wrong(key, "a string", id);
  *out = doc_.text(id);
  return std::nullopt;
}

MaybeError TagMembers::take_flag(std::string_view key, bool* out) const {
  const JsonId id = find(key);
  if (id == kNoJson) return std::nullopt;
  if (!doc_.is_bool(id)) return wrong(key, "true or false", id);
  *out = doc_.is(id, JsonType::kTrue);
  return std::nullopt;
}

MaybeError TagMembers::take_list(std::string_view key, const char* wanted,
                                 std::vector<JsonId>* out) const {
  const JsonId id = find(key);
  if (id == kNoJson) return std::nullopt;
  if (!doc_.is(id, JsonType::kArray)) return wrong(key, std::string("a list of ") + wanted, id);
  for (JsonId element : doc_.children(id)) out->push_back(element);
  return std::nullopt;
}

MaybeError TagMembers::need_list(std::string_view key, const char* wanted,
                                 std::vector<JsonId>* out) const {
  JsonId id = kNoJson;
  if (MaybeError e = need(key, (std::string("a list of ") + wanted).c_str(), &id)) return e;
  if (MaybeError e = take_list(key, wanted, out)) return e;
  if (!out->empty()) return std::nullopt;
  return error(
      "\"" + std::string(key) + "\" is empty; expected a list of " + wanted + " with at least one",
      id);
}

MaybeError TagMembers::text_of(JsonId element, const char* what, std::string_view* out) const {
  if (!doc_.is(element, JsonType::kString)) {
    return error(std::string(what) + " must be a string, found " + describe_json(doc_, element),
                 element);
  }
  *out = doc_.text(element);
  if (!out->empty()) return std::nullopt;
  return error(std::string(what) + " is empty; it needs at least one character", element);
}

MaybeError TagMembers::take_texts(std::string_view key, std::vector<std::string_view>* out) const {
  std::vector<JsonId> elements;
  if (MaybeError e = take_list(key, "strings", &elements)) return e;
  const std::string what = "an element of \"" + std::string(key) + "\"";
  for (JsonId element : elements) {
    std::string_view text;
    if (MaybeError e = text_of(element, what.c_str(), &text)) return e;
    out->push_back(text);
  }
  return std::nullopt;
}

MaybeError TagMembers::take_number(std::string_view key, int64_t least, int64_t most,
                                   int64_t* out) const {
  const JsonId id = find(key);
  if (id == kNoJson || doc_.is(id, JsonType::kNull)) return std::nullopt;
  const std::string wanted = most == INT64_MAX ? "a whole number from " + std::to_string(least)
                                               : "a whole number from " + std::to_string(least) +
                                                     " to " + std::to_string(most);
  if (!doc_.is(id, JsonType::kNumber)) return wrong(key, wanted, id);
  const std::string_view digits = doc_.text(id);
  const char* last = digits.data() + digits.size();
  int64_t value = 0;
  auto [end, problem] = std::from_chars(digits.data(), last, value);
  if (problem == std::errc::result_out_of_range && digits[0] != '-') {
    value = INT64_MAX;
    problem = std::errc();
  }
  if (problem == std::errc() && end == last && value >= least && value <= most) {
    *out = value;
    return std::nullopt;
  }
  return error("\"" + std::string(key) + "\" must be " + wanted + ", found " +
                   std::string(digits.substr(0, 40)),
               id);
}

}  // namespace xgr::core

// The members of one format, each of the type that it must have.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/json_reader.h"
#include "support/status.h"

namespace xgr::core {

// "a number", "an object".
const char* describe_json(const JsonDocument& doc, JsonId id);

class TagMembers {
 public:
  // `owner`: what it is called in messages, such as "tag".
  TagMembers(const JsonDocument& doc, JsonId object, std::string_view owner)
      : doc_(doc), object_(object), owner_(owner) {}

  JsonId object() const { return object_; }
  JsonId find(std::string_view key) const { return doc_.find(object_, key); }

  // A member that must be there.
  MaybeError need(std::string_view key, const char* wanted, JsonId* out) const;
  MaybeError need_text(std::string_view key, std::string_view* out) const;
  MaybeError need_list(std::string_view key, const char* wanted, std::vector<JsonId>* out) const;
  // One that may be missing; `out` keeps its value then.
  MaybeError take_flag(std::string_view key, bool* out) const;
  MaybeError take_text(std::string_view key, std::string_view* out) const;
  // Texts without an empty one.
  MaybeError take_texts(std::string_view key, std::vector<std::string_view>* out) const;
  MaybeError take_list(std::string_view key, const char* wanted, std::vector<JsonId>* out) const;
  // A whole number of a range; null counts as missing.
  MaybeError take_number(std::string_view key, int64_t least, int64_t most, int64_t* out) const;
  // Of an element of a list.
  MaybeError text_of(JsonId element, const char* what, std::string_view* out) const;

  // "KEY must be WANTED, found ..." at the member.
  Error wrong(std::string_view key, const std::string& wanted, JsonId found) const;
  Error error(const std::string& message, JsonId at) const {
    return error_at_pointer(Status::kInvalidSource, message, doc_.pointer(at));
  }

 private:
  const JsonDocument& doc_;
  JsonId object_;
  std::string_view owner_;
};

}  // namespace xgr::core

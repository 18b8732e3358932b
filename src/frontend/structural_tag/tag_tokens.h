// Tokens as a structural tag gives them: by id, or by text.
#pragma once

#include <string>
#include <unordered_map>

#include "frontend/frontend.h"
#include "support/json_reader.h"

namespace xgr::core {

class TagTokens {
 public:
  TagTokens(const JsonDocument& doc, const StructuralTagOptions& options)
      : doc_(doc), options_(options) {}

  // The tokens of an id, of a text, or of a token object: {"type": "token", "token": ID or TEXT}.
  Result<TokenIds> read(JsonId reference);
  // Whether a value is a token object.
  bool is_token(JsonId value) const {
    return doc_.is(value, JsonType::kObject) && doc_.find(value, "token") != kNoJson;
  }

 private:
  Result<TokenIds> by_id(JsonId number) const;
  Result<TokenIds> by_text(JsonId string);
  Error error(Status code, std::string message, JsonId at) const {
    return error_at_pointer(code, std::move(message), doc_.pointer(at));
  }

  const JsonDocument& doc_;
  const StructuralTagOptions& options_;
  std::unordered_map<std::string_view, TokenIds> known_;  // looked up before
};

}  // namespace xgr::core

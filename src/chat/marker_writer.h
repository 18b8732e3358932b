// The markers of a family as pieces of a structural tag: which of them are texts, which tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/chat_request.h"
#include "chat/family.h"
#include "chat/tag_json.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

class MarkerWriter {
 public:
  // All outlive this; the tokenizer may be null.
  MarkerWriter(const Family& family, const ChatRequest& request, const Tokenizer* tokenizer);

  // What a marker writes, of a call of `tool` where it is one. A stop token ends the reply, which is
  // possible where `last` says so; none: the marker cannot be written without one.
  std::optional<MarkerPieces> write(const FamilyMarker& marker, const ChatTool* tool,
                                    bool last = false) const;
  std::optional<MarkerPieces> write_text(std::string_view text, bool last = false) const;
  // The marker with each alternative that it may begin with, so that each begins with a text. What
  // may be left out at the beginning is left out if it is white space.
  std::vector<FamilyMarker> heads(const FamilyMarker& marker) const;

  bool is_token(std::string_view marker) const;
  bool is_stop(std::string_view marker) const;

 private:
  bool write_part(const FamilyPart& part, const ChatTool* tool, bool last, MarkerPieces* out) const;
  std::string arguments(const FamilyPart& part, const ChatTool& tool) const;
  std::string space() const;

  const ChatRequest& request_;
  const Tokenizer* tokenizer_;
  std::vector<std::string> tokens_;  // markers that are written as tokens, longest first
  std::vector<std::string> stops_;   // those of them that end the reply
};

}  // namespace xgr::core

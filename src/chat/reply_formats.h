// What a reply consists of, block by block, as formats of a structural tag.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chat/chat_request.h"
#include "chat/family.h"
#include "chat/marker_writer.h"
#include "chat/tag_json.h"

namespace xgr::core {

// A format, JSON; none: it cannot be written, as a stop token would stand inside of it.
using ReplyFormat = std::optional<std::string>;

class ReplyFormats {
 public:
  // All outlive this.
  ReplyFormats(const Family& family, const ChatRequest& request, const MarkerWriter& writer)
      : family_(family), request_(request), writer_(writer) {}

  bool has_calls() const { return !request_.tools.empty(); }
  // Whether the reply goes on after a call or a section.
  bool one_section() const;

  // The reasoning up to the end of its text, with its consumed ends, or up to an implicit one.
  ReplyFormat reasoning(bool with_begin, bool implicit, bool last) const;
  bool implicit_end() const;  // one that leads to a call
  // What `begin` and the ends of a frame enclose.
  ReplyFormat framed(const FamilyFrame& frame, bool with_begin, const std::string& content,
                     bool last) const;
  ReplyFormat text_block(const FamilyText& text, bool last) const;
  ReplyFormat answer(bool last) const;

  // All calls of a reply: in a section, or one after the other.
  ReplyFormat calls() const;
  // The calls as they stand alone, one for each tool; a family with messages has one a message.
  std::vector<std::string> call_tags(bool last) const;
  // Text with calls in it. `call_first`: it begins with one.
  ReplyFormat text_with_calls(const std::vector<std::string>& excludes, bool call_first) const;
  // Text alone.
  std::string plain_text(const std::vector<std::string>& excludes) const;
  bool text_in_prompt(const FamilyText& text) const;
  bool reasoning_off() const;
  bool reasoning_in_prompt() const;
  bool reasoning_optional() const;

 private:
  const FamilyMarker& call_of(const ChatTool& tool) const;
  ReplyFormat call_list(const FamilyMarker& separator) const;
  std::vector<MarkerPieces> openers(bool heads) const;
  std::vector<std::string> triggers() const;
  std::string trigger_of(const FamilyMarker& head, const ChatTool* tool) const;
  std::vector<std::string> all_excludes(const std::vector<std::string>& more) const;

  const Family& family_;
  const ChatRequest& request_;
  const MarkerWriter& writer_;
};

}  // namespace xgr::core

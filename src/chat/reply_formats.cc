// The blocks of a reply as formats of a structural tag: reasoning, text, answer, calls.
//
// Entry points: the members of ReplyFormats. A call may begin anywhere in a text. Where all calls
// begin with texts, they are triggered tags; where they begin with tokens, or where only the name of
// a tool tells a call from text, the text excludes those beginnings, and calls stand between texts:
//
//   text (call text)*        text: any_text, excludes "[get_weather("
//
// Tests: tests/unit/chat/family_tag_test.cc.
#include "chat/reply_formats.h"

#include <algorithm>

#include "support/json_reader.h"

namespace xgr::core {
namespace {

bool is_one_text(const MarkerPieces& pieces) {
  return pieces.size() == 1 && pieces[0].kind == MarkerPiece::Kind::kText;
}

void add_new(const std::string& text, std::vector<std::string>* list) {
  if (!text.empty() && std::find(list->begin(), list->end(), text) == list->end())
    list->push_back(text);
}

// Whether pieces begin with one of some texts, which ascend and of which none begins another.
bool begins_with_one_of(const MarkerPieces& pieces, const std::vector<std::string>& texts) {
  if (pieces.empty() || pieces[0].kind != MarkerPiece::Kind::kText) return false;
  auto after = std::upper_bound(texts.begin(), texts.end(), pieces[0].text);
  return after != texts.begin() && pieces[0].text.starts_with(*(after - 1));
}

std::string trimmed_right(std::string_view text) {
  size_t end = text.find_last_not_of(" \t\r\n");
  return std::string(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

std::vector<std::string> tag_all(const std::vector<MarkerPieces>& list,
                                 std::string (*json)(const MarkerPieces&)) {
  std::vector<std::string> out;
  for (const MarkerPieces& pieces : list) out.push_back(json(pieces));
  return out;
}

}  // namespace

bool ReplyFormats::reasoning_off() const {
  return !family_.reasoning || request_.reasoning == ReasoningMode::kOff;
}

bool ReplyFormats::reasoning_in_prompt() const {
  if (reasoning_off()) return false;
  return request_.reasoning_in_prompt.value_or(family_.reasoning->in_prompt &&
                                               request_.reasoning != ReasoningMode::kAuto);
}

// Where nothing is said, a block that the reply itself begins may be left out.
bool ReplyFormats::reasoning_optional() const {
  return !reasoning_off() && !reasoning_in_prompt() && request_.reasoning != ReasoningMode::kOn;
}

bool ReplyFormats::text_in_prompt(const FamilyText& text) const {
  return text.in_prompt && reasoning_off();
}

bool ReplyFormats::one_section() const {
  return !request_.parallel || request_.call_forced || family_.calls_last;
}

std::vector<std::string> ReplyFormats::all_excludes(const std::vector<std::string>& more) const {
  std::vector<std::string> out = family_.markers;
  for (const std::string& text : more) add_new(text, &out);
  return out;
}

std::string ReplyFormats::plain_text(const std::vector<std::string>& excludes) const {
  return tag_any_text(all_excludes(excludes), std::nullopt);
}

ReplyFormat ReplyFormats::framed(const FamilyFrame& frame, bool with_begin,
                                 const std::string& content, bool last) const {
  std::optional<MarkerPieces> out =
      with_begin ? writer_.write(frame.begin, nullptr) : MarkerPieces{};
  if (!out) return std::nullopt;
  add_piece({MarkerPiece::Kind::kFormat, content}, &*out);
  std::vector<MarkerPieces> ends;
  for (const FamilyEnd& end : frame.ends) {
    if (end.implicit) continue;
    if (std::optional<MarkerPieces> pieces = writer_.write_text(end.text, last))
      ends.push_back(std::move(*pieces));
  }
  if (ends.empty() && !frame.ends.empty()) return std::nullopt;
  if (ends.size() == 1) {
    add_pieces(ends[0], &*out);
    // A tag is more readable, but needs an end.
    return ends[0].empty() ? tag_pieces(*out) : tag_around_pieces(*out);
  }
  if (!ends.empty())
    add_piece({MarkerPiece::Kind::kFormat, tag_or(tag_all(ends, tag_pieces))}, &*out);
  return tag_pieces(*out);
}

bool ReplyFormats::implicit_end() const {
  if (reasoning_off() || !has_calls()) return false;
  for (const FamilyEnd& end : family_.reasoning->ends) {
    if (end.implicit) return true;
  }
  return false;
}

ReplyFormat ReplyFormats::reasoning(bool with_begin, bool implicit, bool last) const {
  const FamilyReasoning& block = *family_.reasoning;
  std::vector<std::string> ends;
  for (const FamilyEnd& end : block.ends) ends.push_back(end.text);
  ReplyFormat content = tag_any_text(all_excludes(ends), request_.reasoning_budget);
  if (block.calls && has_calls() && !request_.reasoning_budget)
    content = text_with_calls(ends, false);
  if (!content) return std::nullopt;
  if (!implicit) return framed(block, with_begin, *content, last);
  std::optional<MarkerPieces> out =
      with_begin ? writer_.write(block.begin, nullptr) : MarkerPieces{};
  if (!out) return std::nullopt;
  add_piece({MarkerPiece::Kind::kFormat, *content}, &*out);
  return tag_pieces(*out);
}

ReplyFormat ReplyFormats::text_block(const FamilyText& text, bool last) const {
  std::vector<std::string> excludes = text.excludes;
  for (const FamilyEnd& end : text.ends) excludes.push_back(end.text);
  return framed(text, !text_in_prompt(text), plain_text(excludes), last);
}

ReplyFormat ReplyFormats::answer(bool last) const {
  std::string content = R"({"type":"json_schema","json_schema":)" + *request_.answer;
  if (request_.any_order) content += R"(,"any_order":true)";
  if (request_.max_whitespace)
    content += R"(,"max_whitespace_cnt":)" + std::to_string(*request_.max_whitespace);
  content += "}";
  if (family_.answer) return framed(*family_.answer, true, content, last);
  return framed(family_.texts[0], !text_in_prompt(family_.texts[0]), content, last);
}

const FamilyMarker& ReplyFormats::call_of(const ChatTool& tool) const {
  return tool.builtin && !family_.builtin_call.empty() ? family_.builtin_call : family_.call;
}

std::vector<std::string> ReplyFormats::call_tags(bool last) const {
  std::vector<std::string> out;
  for (const ChatTool& tool : request_.tools) {
    if (std::optional<MarkerPieces> pieces = writer_.write(call_of(tool), &tool, last))
      out.push_back(tag_around_pieces(*pieces));
  }
  return out;
}

ReplyFormat ReplyFormats::call_list(const FamilyMarker& separator) const {
  std::vector<std::string> tags = call_tags(false);
  std::optional<MarkerPieces> between = writer_.write(separator, nullptr);
  if (tags.empty() || !between) return std::nullopt;
  const std::string any = tag_or(tags);
  if (!request_.parallel || request_.call_forced) return any;
  if (between->empty()) return tag_of("plus", any);
  if (is_one_text(*between)) return tag_separated(tags, (*between)[0].text, false);
  add_piece({MarkerPiece::Kind::kFormat, any}, &*between);
  return tag_sequence({any, tag_of("star", tag_pieces(*between))});
}

// What may begin a call in a text, up to where the calls end. `heads`: each begins with a text or a
// token, if it can.
std::vector<MarkerPieces> ReplyFormats::openers(bool heads) const {
  std::vector<MarkerPieces> out;
  auto all_heads = [&](const FamilyMarker& marker) {
    return heads ? writer_.heads(marker) : std::vector<FamilyMarker>{marker};
  };
  if (family_.sections.empty() && !family_.calls_last) {
    for (const ChatTool& tool : request_.tools) {
      for (const FamilyMarker& head : all_heads(call_of(tool))) {
        if (std::optional<MarkerPieces> pieces = writer_.write(head, &tool)) out.push_back(*pieces);
      }
    }
    return out;
  }
  std::vector<FamilySection> sections = family_.sections;
  if (sections.empty()) sections.emplace_back();
  for (const FamilySection& section : sections) {
    ReplyFormat list = call_list(section.separator);
    std::optional<MarkerPieces> end = writer_.write(section.end, nullptr);
    if (!list || !end) continue;
    for (const FamilyMarker& head : all_heads(section.begin)) {
      std::optional<MarkerPieces> pieces = writer_.write(head, nullptr);
      if (!pieces) continue;
      add_piece({MarkerPiece::Kind::kFormat, *list}, &*pieces);
      add_pieces(*end, &*pieces);
      out.push_back(std::move(*pieces));
    }
  }
  return out;
}

ReplyFormat ReplyFormats::calls() const {
  if (family_.sections.empty()) {
    FamilyPart space;
    space.kind = PartKind::kSpace;
    return call_list(family_.calls_last ? FamilyMarker{} : FamilyMarker{space});
  }
  std::vector<MarkerPieces> all = openers(false);
  if (all.empty()) return std::nullopt;
  return tag_or(tag_all(all, tag_pieces));
}

// The texts of a head up to where text can be told from a call.
std::string ReplyFormats::trigger_of(const FamilyMarker& head, const ChatTool* tool) const {
  std::string out;
  for (const FamilyPart& part : head) {
    if (part.kind == PartKind::kName && family_.trigger == FamilyTrigger::kName && tool) {
      out += part.quoted ? json_quote(tool->name) : tool->name;
    } else if (part.kind == PartKind::kText) {
      out += part.text;
    } else if (part.kind != PartKind::kSpace || family_.trigger == FamilyTrigger::kBegin) {
      break;
    }
  }
  if (family_.trigger != FamilyTrigger::kBegin) return trimmed_right(out);
  // A marker is one thing: where it stands, a call begins, whatever follows.
  std::string_view longest;
  for (const std::string& marker : family_.markers) {
    if (out.starts_with(marker) && marker.size() > longest.size()) longest = marker;
  }
  return longest.empty() ? trimmed_right(out) : std::string(longest);
}

// Ascending; none begins another, as what begins with the longer one is found with the shorter.
std::vector<std::string> ReplyFormats::triggers() const {
  std::vector<std::string> all;
  auto add = [&](const FamilyMarker& marker, const ChatTool* tool) {
    for (const FamilyMarker& head : writer_.heads(marker)) {
      std::string trigger = trigger_of(head, tool);
      if (!trigger.empty() && (all.empty() || all.back() != trigger))
        all.push_back(std::move(trigger));
    }
  };
  std::vector<FamilySection> sections = family_.sections;
  if (sections.empty()) sections.emplace_back();
  for (const FamilySection& section : sections) {
    if (family_.trigger == FamilyTrigger::kBegin && !section.begin.empty()) {
      add(section.begin, nullptr);
      continue;
    }
    for (const ChatTool& tool : request_.tools) {
      FamilyMarker whole = section.begin;
      const FamilyMarker& call = call_of(tool);
      whole.insert(whole.end(), call.begin(), call.end());
      add(whole, &tool);
    }
  }
  std::sort(all.begin(), all.end());
  std::vector<std::string> shortest;
  for (std::string& trigger : all) {
    if (shortest.empty() || !trigger.starts_with(shortest.back()))
      shortest.push_back(std::move(trigger));
  }
  return shortest;
}

ReplyFormat ReplyFormats::text_with_calls(const std::vector<std::string>& excludes,
                                          bool call_first) const {
  const std::vector<std::string> begins = triggers();
  std::vector<MarkerPieces> tags = openers(true);
  if (tags.empty() || begins.empty()) return std::nullopt;
  bool triggered = family_.trigger == FamilyTrigger::kBegin;
  for (const MarkerPieces& tag : tags) triggered &= begins_with_one_of(tag, begins);
  if (triggered) {
    std::vector<std::string> words;
    for (const std::string& word : all_excludes(excludes)) {
      bool spelled = false;
      for (const std::string& begin : begins) spelled |= begin.find(word) != std::string::npos;
      if (!spelled) words.push_back(word);
    }
    return tag_triggered(begins, tag_all(tags, tag_around_pieces), words, call_first,
                         one_section());
  }
  std::vector<std::string> words = all_excludes(excludes);
  words.insert(words.end(), begins.begin(), begins.end());
  const std::string text = tag_any_text(words, std::nullopt),
                    call = tag_or(tag_all(tags, tag_pieces));
  if (one_section()) return call_first ? call : tag_sequence({text, tag_of("optional", call)});
  const std::string again = tag_sequence({call, text});
  return call_first ? tag_of("plus", again) : tag_sequence({text, tag_of("star", again)});
}

}  // namespace xgr::core

// From a family and a request to a structural tag.
//
// Entry point: family_structural_tag. A reply is reasoning and a body; the layout of the family says
// what a body is. Where a call ends the reasoning without its end marker (an implicit end), the body
// has to begin with a call, so there are two ways on:
//
//   (reasoning "</think>" body) | (reasoning body-that-begins-with-a-call)
//
// A stop token ends the reply: a message that ends with one is the last.
//
// Tests: tests/unit/chat/family_tag_test.cc, tests/chat/.
#include "chat/family_tag.h"

#include "chat/chat_request.h"
#include "chat/marker_writer.h"
#include "chat/reply_formats.h"
#include "chat/tag_json.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

void add_format(const ReplyFormat& format, std::vector<std::string>* list) {
  if (format) list->push_back(*format);
}

class FamilyTag {
 public:
  FamilyTag(const Family& family, const ChatRequest& request, const Tokenizer* tokenizer)
      : family_(family),
        request_(request),
        writer_(family, request, tokenizer),
        formats_(family, request, writer_) {}

  ReplyFormat reply() const;

 private:
  ReplyFormat inline_body(bool call_first) const;
  ReplyFormat blocks_body(bool call_first) const;
  ReplyFormat body(bool call_first) const {
    return family_.layout == FamilyLayout::kInline ? inline_body(call_first)
                                                   : blocks_body(call_first);
  }
  ReplyFormat without_reasoning(const std::string& body) const;
  ReplyFormat with_reasoning() const;
  std::vector<std::string> text_messages(bool preambles, bool last) const;
  std::vector<std::string> call_messages(bool last) const;
  ReplyFormat messages() const;

  const Family& family_;
  const ChatRequest& request_;
  const MarkerWriter writer_;
  const ReplyFormats formats_;
};

ReplyFormat FamilyTag::inline_body(bool call_first) const {
  const bool calls = formats_.has_calls();
  if (calls && (request_.call_forced || (request_.call_required && !family_.sections.empty())))
    return formats_.calls();
  std::vector<std::string> forms;
  if (request_.answer && !request_.call_required) {
    if (!call_first) add_format(formats_.answer(true), &forms);
    if (calls) add_format(formats_.calls(), &forms);
  } else {
    for (const FamilyText& text : family_.texts) {
      std::vector<std::string> excludes = text.excludes;
      for (const FamilyEnd& end : text.ends) excludes.push_back(end.text);
      ReplyFormat content = formats_.plain_text(excludes);
      if (calls) content = formats_.text_with_calls(excludes, call_first || request_.call_required);
      if (!content) continue;
      add_format(formats_.framed(text, !formats_.text_in_prompt(text), *content, true), &forms);
    }
  }
  if (forms.empty()) return std::nullopt;
  return tag_or(forms);
}

ReplyFormat FamilyTag::blocks_body(bool call_first) const {
  std::vector<std::string> texts, forms;
  if (request_.answer) {
    add_format(formats_.answer(true), &texts);
  } else {
    for (const FamilyText& text : family_.texts)
      add_format(formats_.text_block(text, true), &texts);
  }
  const bool calls = formats_.has_calls();
  const bool required = family_.texts[0].required;
  ReplyFormat section = calls ? formats_.calls() : std::nullopt;
  if (calls && !section) return std::nullopt;
  if (!texts.empty() && !call_first && (!request_.call_required || required)) {
    std::vector<std::string> all{tag_or(texts)};
    if (calls) all.push_back(request_.call_required ? *section : tag_of("optional", *section));
    forms.push_back(tag_sequence(all));
  }
  if (calls && (!required || call_first)) forms.push_back(*section);
  if (forms.empty()) return std::nullopt;
  return tag_or(forms);
}

// A body without reasoning; some families write something in its place.
ReplyFormat FamilyTag::without_reasoning(const std::string& body) const {
  if (!family_.reasoning || family_.reasoning->off.empty()) return body;
  std::optional<MarkerPieces> off = writer_.write(family_.reasoning->off, nullptr);
  if (!off) return std::nullopt;
  return tag_sequence({tag_of("optional", tag_pieces(*off)), body});
}

ReplyFormat FamilyTag::with_reasoning() const {
  ReplyFormat rest = body(false);
  if (!rest) return std::nullopt;
  if (formats_.reasoning_off()) return without_reasoning(*rest);
  const bool begin = !formats_.reasoning_in_prompt();
  ReplyFormat block = formats_.reasoning(begin, false, false);
  std::optional<MarkerPieces> after = writer_.write(family_.reasoning->after, nullptr);
  if (!block || !after) return std::nullopt;
  std::vector<std::string> closed{*block};
  if (!after->empty()) closed.push_back(tag_pieces(*after));
  const bool simple = !formats_.implicit_end() && family_.reasoning->off.empty();
  if (formats_.reasoning_optional() && simple)
    return tag_sequence({tag_of("optional", tag_sequence(closed)), *rest});
  closed.push_back(*rest);
  std::vector<std::string> ways{tag_sequence(closed)};
  if (formats_.implicit_end()) {
    ReplyFormat open = formats_.reasoning(begin, true, false), call = body(true);
    if (!open || !call) return std::nullopt;
    ways.push_back(tag_sequence({*open, *call}));
  }
  if (formats_.reasoning_optional()) {
    ReplyFormat without = without_reasoning(*rest);
    if (!without) return std::nullopt;
    ways.push_back(*without);
  }
  return tag_or(ways);
}

// The first form of text is the answer, the others may precede calls.
std::vector<std::string> FamilyTag::text_messages(bool preambles, bool last) const {
  std::vector<std::string> out;
  for (size_t i = preambles ? 1 : 0; i < family_.texts.size(); ++i)
    add_format(formats_.text_block(family_.texts[i], last), &out);
  return out;
}

std::vector<std::string> FamilyTag::call_messages(bool last) const {
  if (family_.sections.empty()) return formats_.call_tags(last);
  std::vector<std::string> out;
  add_format(formats_.calls(), &out);
  return out;
}

ReplyFormat FamilyTag::messages() const {
  const bool calls = formats_.has_calls(), forced = request_.call_forced;
  const bool restricted = request_.call_required || request_.answer.has_value();
  std::vector<std::string> before = text_messages(restricted, false);
  std::vector<std::string> end =
      request_.call_required ? std::vector<std::string>{} : text_messages(restricted, true);
  if (request_.answer && !request_.call_required) {
    end.clear();
    add_format(formats_.answer(true), &end);
  }
  if (!formats_.reasoning_off()) {
    add_format(formats_.reasoning(true, false, false), &before);
    if (!restricted) add_format(formats_.reasoning(true, false, true), &end);
  }
  std::vector<std::string> many = before;  // what may stand between calls
  if (calls) {
    std::vector<std::string> last = call_messages(true), inner = call_messages(false);
    end.insert(end.end(), last.begin(), last.end());
    many.insert(many.end(), inner.begin(), inner.end());
  }
  if (end.empty()) return std::nullopt;
  std::optional<MarkerPieces> separator = writer_.write_text(family_.separator);
  if (!separator) return std::nullopt;
  const bool one_call = !calls || !request_.parallel || forced;
  std::vector<std::string> all;
  if (formats_.reasoning_in_prompt()) {
    ReplyFormat first = formats_.reasoning(false, false, false);
    if (!first) return std::nullopt;
    all.push_back(*first);
    if (!separator->empty()) all.push_back(tag_pieces(*separator));
  }
  const std::vector<std::string>& repeated = one_call ? before : many;
  if (!repeated.empty()) {
    MarkerPieces again;
    add_piece({MarkerPiece::Kind::kFormat, tag_or(repeated)}, &again);
    add_pieces(*separator, &again);
    all.push_back(tag_of("star", tag_pieces(again)));
  }
  all.push_back(tag_or(end));
  return tag_sequence(all);
}

ReplyFormat FamilyTag::reply() const {
  ReplyFormat whole = family_.layout == FamilyLayout::kMessages ? messages() : with_reasoning();
  std::optional<MarkerPieces> turn_end = writer_.write(family_.turn_end, nullptr, true);
  if (!whole || !turn_end || turn_end->empty()) return whole;
  return tag_sequence({*whole, tag_pieces(*turn_end)});
}

MaybeError check_names(const Family& family, const ChatRequest& request, const Limits& limits) {
  for (const ChatTool& tool : request.tools) {
    charge(limits.work, family.markers.size() + 1);
    for (const std::string& marker : family.markers) {
      if (tool.name.find(marker) == std::string::npos) continue;
      return error_at_pointer(Status::kInvalidSource,
                              "the name of the tool contains " + json_quote(marker) +
                                  ", a marker of the family " + family.name +
                                  "; expected a name without it",
                              tool.pointer);
    }
  }
  if (!request.tools.empty() && family.call.empty()) {
    return error_at_pointer(Status::kInvalidSource,
                            "the family " + family.name + " has no calls; expected no tools",
                            "/tools");
  }
  return std::nullopt;
}

// A stop token ends the reply, so no style can write one. The depth of markers is bounded.
MaybeError check_style_markers(const FamilyMarker& marker, const Tokenizer& tokenizer) {
  for (const FamilyPart& part : marker) {
    for (const std::string& word : part.markers) {
      const int32_t id = tokenizer.find_special(word);
      if (id < 0 || tokenizer.kind(id) != TokenKind::kStop) continue;
      return make_error(Status::kUnsupported,
                        "the tokenizer has " + json_quote(word) +
                            " as a stop token, but the argument style " + json_quote(part.text) +
                            " writes it inside of a reply; expected a token of another kind");
    }
    for (const FamilyMarker& inner : part.of) {
      if (MaybeError e = check_style_markers(inner, tokenizer)) return e;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> family_structural_tag(const Family& family, std::string_view request,
                                          const Tokenizer* tokenizer, const Limits& limits) {
  Result<ChatRequest> asked = read_chat_request(request, limits);
  if (!asked.ok()) return asked.error();
  ChatRequest& r = asked.value();
  if (family.one_call) r.parallel = false;
  if (MaybeError e = check_names(family, r, limits)) return *e;
  std::string suffix;
  if (r.marker_suffix) {
    suffix = *r.marker_suffix;
  } else if (tokenizer) {
    suffix = suffix_in(family, *tokenizer);
  }
  const Family own = with_suffix(family, suffix);
  for (const FamilyMarker* calls : {&own.call, &own.builtin_call}) {
    if (!tokenizer || r.tools.empty()) break;
    if (MaybeError e = check_style_markers(*calls, *tokenizer)) return *e;
  }
  ReplyFormat format = FamilyTag(own, r, tokenizer).reply();
  if (!format) {
    return make_error(
        Status::kInvalidSource,
        "the family " + family.name +
            " cannot write such a reply: a marker inside of it is a stop token, or "
            "nothing tells the beginning of a call from text; expected stop tokens at "
            "its end only, and calls that begin with a text");
  }
  charge(limits.work, format->size());
  return R"({"type":"structural_tag","format":)" + *format + "}";
}

}  // namespace xgr::core

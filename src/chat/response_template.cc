// From the member `response_template` of a tokenizer_config.json to a family.
//
// Entry point: family_of_template. A template says how to take a reply apart: fields, each between
// an opening and a closing marker, and how the content of a call becomes its name and arguments.
// Read backwards, that is how a reply is written. Where a field `content` without an opening marker
// takes all the rest, or where there is none, calls stand in text; else each field is a message.
//
//   "tool_calls": {"open": "<call>", "close": "</call>", "content": "json", ...}
//     ->  call: "<call>", space, "{", space, "\"name\"", ..., space, "</call>"
//
// Tests: tests/unit/chat/response_template_test.cc.
#include "chat/response_template.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "chat/template_pattern.h"

namespace xgr::core {
namespace {

// What stands around the key and the value of a parameter, and the style that it is.
struct TagStyle {
  std::string_view before, between, after, style;
};
constexpr TagStyle kTagStyles[] = {
    {"<parameter=", ">", "</parameter>", "qwen_xml"},
    {"<parameter name=\"", "\">", "</parameter>", "minimax_xml"},
    {"<arg_key>", "</arg_key><arg_value>", "</arg_value>", "glm_xml"},
    {"<param name=\"", "\">", "</param>", "minicpm_xml"},
    {"<atem:parameter name=\"", "\">", "</atem:parameter>", "atem_xml"},
    {"<steptml:parameter name=\"", "\">", "</steptml:parameter>", "steptml_xml"},
    {"<ifm|arg_key>", "</ifm|arg_key><ifm|arg_value>", "</ifm|arg_value>", "ifm_xml"},
};

constexpr size_t kMaxPatternBytes = 1000;
constexpr size_t kMaxTemplateValues = 1000;  // of JSON

FamilyPart literal(std::string text) {
  FamilyPart part;
  part.text = std::move(text);
  return part;
}

FamilyPart element(PartKind kind) {
  FamilyPart part;
  part.kind = kind;
  return part;
}

void append(const FamilyMarker& more, FamilyMarker* out) {
  out->insert(out->end(), more.begin(), more.end());
}

FamilyMarker any_marker(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return {literal(texts[0])};
  FamilyPart any = element(PartKind::kOneOf);
  for (const std::string& text : texts) any.of.push_back({literal(text)});
  return texts.empty() ? FamilyMarker{} : FamilyMarker{any};
}

// Where a name or the arguments stand in the content of a call: {"fn": {"name": ...}} is fn, name.
using ContentPath = std::vector<std::string>;

// How the result is put together.
struct CallShape {
  bool name_in_marker = false;  // a group of the opening pattern
  ContentPath name, arguments;  // members of the content; none: the whole
};

class TemplateReader {
 public:
  TemplateReader(const JsonDocument& doc, JsonId root) : doc_(doc), root_(root) {}

  Result<Family> read();

 private:
  void fail(JsonId at, std::string message) {
    if (!error_)
      error_ = error_at_pointer(Status::kUnsupported, std::move(message), doc_.pointer(at));
  }
  bool texts(JsonId object, std::string_view key, std::vector<std::string>* out);
  FamilyMarker boundary(JsonId field, std::string_view key);
  void ends(JsonId field, std::vector<FamilyEnd>* out);
  void add_marker(const FamilyMarker& marker);
  void content_kind(JsonId field, std::string_view wanted);
  FamilyMarker message_begin(const FamilyMarker& open) const;
  void reasoning(JsonId field);
  void content(JsonId field);
  void tool_calls(JsonId field);
  bool placeholder(JsonId at, ContentPath* out);
  CallShape shape(JsonId field, bool name_in_marker);
  FamilyMarker json_call(JsonId field, const CallShape& shape);
  std::string json_style(JsonId field);
  std::string tag_style(JsonId field);
  FamilyMarker unclosed_element(const FamilyMarker& open, const FamilyMarker& close) const;
  void field(JsonId at);

  const JsonDocument& doc_;
  const JsonId root_;
  Family family_;
  std::vector<std::string> anchors_;
  bool messages_ = false;
  std::optional<Error> error_;
};

// A string or a list of strings.
bool TemplateReader::texts(JsonId object, std::string_view key, std::vector<std::string>* out) {
  JsonId at = doc_.find(object, key);
  if (at == kNoJson || doc_.is(at, JsonType::kNull)) return false;
  std::vector<JsonId> items{at};
  if (doc_.is(at, JsonType::kArray)) {
    items.clear();
    for (JsonId item : doc_.children(at)) items.push_back(item);
  }
  for (JsonId item : items) {
    if (doc_.is(item, JsonType::kString) && !doc_.text(item).empty()) {
      out->emplace_back(doc_.text(item));
    } else {
      fail(item, "expected a string that is not empty, or a list of them");
    }
  }
  return !out->empty();
}

// `open` or `open_pattern`, `close` or `close_pattern`.
FamilyMarker TemplateReader::boundary(JsonId field, std::string_view key) {
  std::vector<std::string> literals, patterns;
  if (texts(field, key, &literals)) return any_marker(literals);
  const std::string pattern_key = std::string(key) + "_pattern";
  if (!texts(field, pattern_key, &patterns)) return {};
  FamilyPart any = element(PartKind::kOneOf);
  for (const std::string& pattern : patterns) {
    if (pattern.size() > kMaxPatternBytes) {
      fail(doc_.find(field, pattern_key), "the pattern has " + std::to_string(pattern.size()) +
                                              " bytes; at most " +
                                              std::to_string(kMaxPatternBytes));
      return {};
    }
    Result<FamilyMarker> marker = marker_of_pattern(pattern);
    if (marker.ok()) {
      any.of.push_back(std::move(marker).value());
    } else {
      fail(doc_.find(field, pattern_key), marker.error().message);
    }
  }
  if (any.of.empty()) return {};
  return any.of.size() == 1 ? any.of[0] : FamilyMarker{any};
}

void TemplateReader::add_marker(const FamilyMarker& marker) {
  for (const FamilyPart& part : marker) {
    if (part.kind == PartKind::kSpace) continue;
    for (const FamilyMarker& inner : part.of) add_marker(inner);
    if (part.kind == PartKind::kText) {
      // A word without the white space around it.
      const size_t begin = part.text.find_first_not_of(" \t\r\n");
      if (begin == std::string::npos) return;
      const size_t end = part.text.find_last_not_of(" \t\r\n");
      std::string word = part.text.substr(begin, end + 1 - begin);
      auto& known = family_.markers;
      const bool marked = word.size() > 2 && word.find_first_of("<[|") != std::string::npos;
      if (marked && std::find(known.begin(), known.end(), word) == known.end())
        known.push_back(std::move(word));
    }
    if (part.kind != PartKind::kOptional) return;
  }
}

void TemplateReader::ends(JsonId field, std::vector<FamilyEnd>* out) {
  const FamilyMarker close = boundary(field, "close");
  if (close.empty()) return;
  add_marker(close);
  for (std::string& text : texts_of_marker(close)) {
    if (!text.empty()) out->push_back({std::move(text), false});
  }
  if (out->empty() && !error_)
    fail(field,
         "the closing pattern stands for more than texts; expected one that stands for a few");
}

void TemplateReader::content_kind(JsonId field, std::string_view wanted) {
  JsonId at = doc_.find(field, "content");
  if (at == kNoJson || (doc_.is(at, JsonType::kString) && doc_.text(at) == wanted)) return;
  fail(at, "only the content " + json_quote(wanted) + " can be constrained in this field");
}

// Between two messages there may be white space and what a message begins with in the prompt.
FamilyMarker TemplateReader::message_begin(const FamilyMarker& open) const {
  if (!messages_) return open;
  FamilyMarker out{element(PartKind::kSpace)};
  if (!anchors_.empty()) {
    FamilyPart anchor = element(PartKind::kOptional);
    anchor.of.push_back(any_marker(anchors_));
    out.push_back(std::move(anchor));
  }
  append(open, &out);
  return out;
}

void TemplateReader::reasoning(JsonId field) {
  content_kind(field, "text");
  FamilyReasoning out;
  FamilyMarker open = boundary(field, "open");
  if (open.size() == 1 && open[0].kind == PartKind::kOneOf) {
    // The beginning of the text as an alternative: the prompt has opened the block.
    std::erase_if(open[0].of, [&](const FamilyMarker& marker) {
      out.in_prompt |= marker.empty();
      return marker.empty();
    });
    if (open[0].of.size() == 1) {
      FamilyMarker only = open[0].of[0];
      open = std::move(only);
    }
  }
  add_marker(open);
  out.begin = message_begin(open);
  ends(field, &out.ends);
  if (out.ends.empty()) fail(field, "reasoning needs \"close\" or \"close_pattern\"");
  if (!messages_) out.after = {element(PartKind::kSpace)};
  family_.reasoning = std::move(out);
}

void TemplateReader::content(JsonId field) {
  content_kind(field, "text");
  FamilyText out;
  const FamilyMarker open = boundary(field, "open");
  if (open.empty()) {
    // What ends the rest of a reply is a stop token.
    texts(field, "close", &family_.stop);
  } else {
    add_marker(open);
    out.begin = message_begin(open);
    ends(field, &out.ends);
  }
  family_.texts.push_back(std::move(out));
}

// "{content.a.b}" is a, b; "{a}" is a.
bool TemplateReader::placeholder(JsonId at, ContentPath* out) {
  if (at == kNoJson || !doc_.is(at, JsonType::kString)) return false;
  std::string_view text = doc_.text(at);
  if (text.size() < 3 || text.front() != '{' || text.back() != '}') return false;
  text = text.substr(1, text.size() - 2);
  while (true) {
    const size_t dot = text.find('.');
    out->emplace_back(text.substr(0, dot));
    if (dot == std::string_view::npos) break;
    text = text.substr(dot + 1);
  }
  return true;
}

CallShape TemplateReader::shape(JsonId field, bool name_in_marker) {
  CallShape out;
  out.name_in_marker = name_in_marker;
  const JsonId transform = doc_.find(field, "transform");
  const JsonId function = doc_.find(transform == kNoJson ? field : transform, "function");
  ContentPath name, arguments, whole;
  if (transform == kNoJson || (placeholder(function, &whole) && whole == ContentPath{"content"})) {
    out.name = {"name"};
    out.arguments = {"arguments"};
    if (name_in_marker) out.arguments.clear();
    return out;
  }
  if (function == kNoJson || !placeholder(doc_.find(function, "name"), &name) ||
      !placeholder(doc_.find(function, "arguments"), &arguments)) {
    fail(transform,
         "expected a function with a name and arguments, as {\"type\": \"function\", "
         "\"function\": {\"name\": \"{name}\", \"arguments\": \"{content}\"}}");
    return out;
  }
  out.name_in_marker = name_in_marker && name == ContentPath{"name"};
  auto in_content = [](ContentPath* path) {
    if (path->front() == "content") path->erase(path->begin());
  };
  in_content(&name);
  in_content(&arguments);
  out.name = std::move(name);
  out.arguments = std::move(arguments);
  return out;
}

// The style of JSON content, from how it spells strings.
std::string TemplateReader::json_style(JsonId field) {
  JsonId args = doc_.find(field, "content_args");
  JsonId delims = args == kNoJson ? kNoJson : doc_.find(args, "string_delims");
  if (delims == kNoJson) return "json";
  JsonId pair = delims + 1;
  if (doc_.count(delims) == 1 && doc_.is(pair, JsonType::kArray) && doc_.count(pair) == 2) {
    const std::string_view open = doc_.text(pair + 1), close = doc_.text(pair + 2);
    if (open == "<|\"|>" && close == open) return "gemma";
    if (open == "<escape>" && close == open) return "functiongemma";
  }
  fail(delims, "no argument style has these delimiters; expected <|\"|> or <escape>, twice");
  return "json";
}

std::string TemplateReader::tag_style(JsonId field) {
  JsonId args = doc_.find(field, "content_args");
  JsonId at = args == kNoJson ? kNoJson : doc_.find(args, "tag_pattern");
  if (at == kNoJson || !doc_.is(at, JsonType::kString)) {
    fail(field, "the content \"xml-inline\" needs content_args with a tag_pattern");
    return "json";
  }
  Result<FamilyMarker> pattern = marker_of_pattern(doc_.text(at));
  if (!pattern.ok()) {
    fail(at, pattern.error().message);
    return "json";
  }
  std::string pieces[3];
  size_t piece = 0;
  for (const FamilyPart& part : pattern.value()) {
    if (part.kind == PartKind::kId && piece < 2) ++piece;
    if (part.kind == PartKind::kText) pieces[piece] += part.text;
  }
  for (const TagStyle& style : kTagStyles) {
    if (pieces[0] == style.before && pieces[1] == style.between && pieces[2] == style.after)
      return std::string(style.style);
  }
  fail(at, "no argument style writes parameters so");
  return "json";
}

// {"fn": {"name": "f", "arguments": {...}}}, with white space where JSON may have it.
FamilyMarker TemplateReader::json_call(JsonId field, const CallShape& shape) {
  FamilyPart arguments = element(PartKind::kArguments), space = element(PartKind::kSpace);
  FamilyPart name = element(PartKind::kName);
  name.quoted = true;
  arguments.text = json_style(field);
  if (shape.name_in_marker && shape.arguments.empty()) return {arguments};
  if (shape.arguments.empty() || arguments.text != "json") {
    fail(field, "the content has to be JSON with a member for the arguments");
    return {};
  }
  FamilyMarker out;
  ContentPath outer(shape.arguments.begin(), shape.arguments.end() - 1);
  if (!shape.name_in_marker) {
    const ContentPath other(shape.name.begin(),
                            shape.name.empty() ? shape.name.end() : shape.name.end() - 1);
    if (shape.name.empty() || other != outer || shape.name == shape.arguments) {
      fail(doc_.find(field, "transform"),
           "name and arguments have to be two members of one object");
      return {};
    }
  }
  auto member = [&](const std::string& key) {
    append({space, literal(json_quote(key)), space, literal(":"), space}, &out);
  };
  for (const std::string& key : outer) {
    out.push_back(literal("{"));
    member(key);
  }
  out.push_back(literal("{"));
  if (!shape.name_in_marker) {
    member(shape.name.back());
    append({name, space, literal(",")}, &out);
  }
  member(shape.arguments.back());
  append({arguments, space, literal("}")}, &out);
  for (size_t i = 0; i < outer.size(); ++i) append({space, literal("}")}, &out);
  return out;
}

bool holds_name(const FamilyMarker& marker) {
  for (const FamilyPart& part : marker) {
    if (part.kind == PartKind::kName) return true;
    for (const FamilyMarker& inner : part.of) {
      if (holds_name(inner)) return true;
    }
  }
  return false;
}

// Templates skip what is no parameter. An element that the opening marker leaves open, as
// <function=NAME>, is closed there.
FamilyMarker TemplateReader::unclosed_element(const FamilyMarker& open,
                                              const FamilyMarker& close) const {
  std::string tag;
  for (size_t i = 1; i < open.size(); ++i) {
    const std::string& before = open[i - 1].text;
    const size_t begin = before.rfind('<');
    if (open[i].kind != PartKind::kName || begin == std::string::npos) continue;
    tag = before.substr(begin + 1, before.find_first_of("= >", begin) - begin - 1);
  }
  if (tag.empty()) return {};
  const std::string closing = "</" + tag + ">";
  for (const std::string& text : texts_of_marker(close)) {
    if (text.find(closing) != std::string::npos) return {};
  }
  FamilyPart optional = element(PartKind::kOptional);
  optional.of.push_back({literal(closing), element(PartKind::kSpace)});
  return {optional};
}

void TemplateReader::tool_calls(JsonId field) {
  const FamilyMarker open = boundary(field, "open"), close = boundary(field, "close");
  if (open.empty()) return fail(field, "calls need \"open\" or \"open_pattern\"");
  add_marker(open);
  add_marker(close);
  auto is_true = [&](std::string_view key) {
    JsonId at = doc_.find(field, key);
    return at != kNoJson && doc_.is(at, JsonType::kTrue);
  };
  const JsonId content = doc_.find(field, "content");
  const std::string_view kind =
      content != kNoJson && doc_.is(content, JsonType::kString) ? doc_.text(content) : "";
  const CallShape call = shape(field, holds_name(open));
  if (error_) return;
  const FamilyPart space = element(PartKind::kSpace);
  FamilyMarker inside;
  if (kind == "json") {
    inside = json_call(field, call);
  } else if (kind == "xml-inline" && call.name_in_marker && call.arguments.empty()) {
    FamilyPart arguments = element(PartKind::kArguments);
    arguments.text = tag_style(field);
    inside = {space, arguments, space};
    append(unclosed_element(open, close), &inside);
  } else {
    return fail(content == kNoJson ? field : content,
                "calls of this content cannot be constrained; expected \"json\", or \"xml-inline\" "
                "with the name in the opening pattern");
  }
  if (is_true("transform_each")) {
    FamilySection section{message_begin(open), {literal(","), space}, {space, literal("]")}};
    append({space, literal("["), space}, &section.begin);
    append({space}, &section.end);
    append(close, &section.end);
    family_.sections.push_back(std::move(section));
    family_.call = std::move(inside);
    return;
  }
  family_.call = message_begin(open);
  const bool braces = inside.size() == 1 && inside[0].text != "json";
  if (kind == "json" && !braces) family_.call.push_back(space);
  append(inside, &family_.call);
  if (kind == "json" && !braces && !close.empty()) family_.call.push_back(space);
  append(close, &family_.call);
  family_.one_call = !is_true("repeats");
}

void TemplateReader::field(JsonId at) {
  const std::string_view name = doc_.key(at);
  if (!doc_.is(at, JsonType::kObject)) return fail(at, "expected an object");
  if (name == "thinking" || name == "reasoning" || name == "reasoning_content") {
    reasoning(at);
  } else if (name == "content") {
    content(at);
  } else if (name == "tool_calls") {
    tool_calls(at);
  } else {
    fail(at,
         "no block of a reply is known by this name; expected \"thinking\", \"reasoning\", "
         "\"reasoning_content\", \"content\" or \"tool_calls\"");
  }
}

Result<Family> TemplateReader::read() {
  family_.name = "response_template";
  if (JsonId version = doc_.find(root_, "version"); version != kNoJson) {
    if (doc_.text(version) != "1") fail(version, "expected the version 1");
  }
  const JsonId fields = doc_.find(root_, "fields");
  if (fields == kNoJson || !doc_.is(fields, JsonType::kObject)) {
    fail(root_, "the response template has no \"fields\"; expected an object");
    return *error_;
  }
  if (doc_.end(fields) - fields > kMaxTemplateValues) {
    fail(fields, "the response template has too many members; at most " +
                     std::to_string(kMaxTemplateValues) + " JSON values");
    return *error_;
  }
  const JsonId content = doc_.find(fields, "content");
  if (content != kNoJson) {
    messages_ =
        doc_.find(content, "open") != kNoJson || doc_.find(content, "open_pattern") != kNoJson;
  }
  if (messages_) {
    family_.layout = FamilyLayout::kMessages;
    texts(root_, "start_anchor", &anchors_);
  }
  for (JsonId at : doc_.children(fields)) field(at);
  if (family_.texts.empty()) family_.texts.emplace_back();
  if (error_) return *error_;
  return std::move(family_);
}

JsonId template_root(const JsonDocument& doc) {
  JsonId inner = doc.find(doc.root(), "response_template");
  if (inner != kNoJson && doc.is(inner, JsonType::kObject)) return inner;
  return doc.find(doc.root(), "fields") == kNoJson ? kNoJson : doc.root();
}

}  // namespace

bool is_response_template(const JsonDocument& doc) { return template_root(doc) != kNoJson; }

Result<Family> family_of_template(const JsonDocument& doc) {
  return TemplateReader(doc, template_root(doc)).read();
}

}  // namespace xgr::core

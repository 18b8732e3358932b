// Reading requests.
//
// Entry point: read_chat_request. Tools, tool_choice, parallel_tool_calls and response_format have
// the shapes of OpenAI's APIs, the flat one of Responses included; a member that is null is absent.
// tool_choice is settled here: what is left are the tools that may be called, and whether one must.
//
//   {"tools": [f, g], "tool_choice": {"type": "function", "function": {"name": "g"}}}
//     ->  tools g, call_forced
//
// Tests: tests/unit/chat/chat_request_test.cc.
#include "chat/chat_request.h"

#include <charconv>
#include <unordered_map>

#include "support/json_reader.h"

namespace xgr::core {
namespace {

constexpr std::string_view kAnyObject = R"({"type":"object","additionalProperties":true})";

// Which tool a reference means: the type "function", or a built-in one.
struct ToolReference {
  std::string_view type, name;
};

class ChatRequestReader {
 public:
  explicit ChatRequestReader(const JsonDocument& doc) : doc_(doc) {}

  Result<ChatRequest> read();

 private:
  void fail(JsonId at, std::string message) {
    if (!error_) {
      error_ = error_at_pointer(Status::kInvalidSource, std::move(message), doc_.pointer(at));
    }
  }
  // A member that is there and not null.
  JsonId member(JsonId object, std::string_view key) const {
    JsonId at = doc_.find(object, key);
    return at == kNoJson || doc_.is(at, JsonType::kNull) ? kNoJson : at;
  }
  bool is_text(JsonId at, std::string_view text) const {
    return at != kNoJson && doc_.is(at, JsonType::kString) && doc_.text(at) == text;
  }
  void flag(JsonId object, std::string_view key, bool* out);
  void count(JsonId object, std::string_view key, int32_t least, std::optional<int32_t>* out);
  void strings(JsonId at, std::vector<std::string>* out);
  bool filled(JsonId at, const char* what, std::string* out);
  std::string schema_at(JsonId at);
  void tool(JsonId at);
  void function(JsonId at, JsonId function);
  void add_tool(ChatTool tool);
  void tools();
  bool reference(JsonId at, ToolReference* out);
  size_t find_tool(JsonId at);
  void force(JsonId at);
  void allow(JsonId choice);
  void tool_choice();
  void reasoning();
  void reasoning_mode(JsonId at);
  void response_format();
  void markers();

  const JsonDocument& doc_;
  ChatRequest request_;
  std::vector<std::string_view> types_;  // of the tools
  std::unordered_map<std::string, size_t> by_name_;
  std::unordered_map<std::string_view, std::vector<size_t>> by_type_;
  std::optional<Error> error_;
};

void ChatRequestReader::flag(JsonId object, std::string_view key, bool* out) {
  JsonId at = member(object, key);
  if (at == kNoJson) return;
  if (!doc_.is_bool(at)) return fail(at, "expected true or false");
  *out = doc_.is(at, JsonType::kTrue);
}

void ChatRequestReader::count(JsonId object, std::string_view key, int32_t least,
                              std::optional<int32_t>* out) {
  JsonId at = member(object, key);
  if (at == kNoJson) return;
  int32_t value = 0;
  std::string_view text = doc_.text(at);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!doc_.is(at, JsonType::kNumber) || error != std::errc() || end != text.data() + text.size() ||
      value < least) {
    return fail(at, "expected a whole number from " + std::to_string(least) + " to " +
                        std::to_string(INT32_MAX));
  }
  *out = value;
}

void ChatRequestReader::strings(JsonId at, std::vector<std::string>* out) {
  if (!doc_.is(at, JsonType::kArray)) return fail(at, "expected an array of strings");
  for (JsonId item : doc_.children(at)) filled(item, "an item", &out->emplace_back());
}

bool ChatRequestReader::filled(JsonId at, const char* what, std::string* out) {
  if (doc_.is(at, JsonType::kString) && !doc_.text(at).empty()) {
    *out = doc_.text(at);
    return true;
  }
  fail(at, std::string(what) + " must be a string that is not empty");
  return false;
}

std::string ChatRequestReader::schema_at(JsonId at) {
  if (at == kNoJson) return std::string(kAnyObject);
  if (!doc_.is(at, JsonType::kObject) && !doc_.is_bool(at))
    fail(at, "expected a JSON Schema: an object, true or false");
  return json_text(doc_, at);
}

void ChatRequestReader::add_tool(ChatTool tool) {
  by_type_[types_.back()].push_back(request_.tools.size());
  auto [known, is_new] = by_name_.emplace(tool.name, request_.tools.size());
  if (!is_new && !error_) {
    error_ = error_at_pointer(Status::kInvalidSource,
                              "the tool name " + json_quote(tool.name.substr(0, 60)) +
                                  " stands at " + request_.tools[known->second].pointer +
                                  " already; expected each name once",
                              tool.pointer);
  }
  request_.tools.push_back(std::move(tool));
}

void ChatRequestReader::function(JsonId at, JsonId function) {
  if (!doc_.is(function, JsonType::kObject))
    return fail(function, "expected an object with the member \"name\"");
  ChatTool tool;
  JsonId name = member(function, "name");
  if (name == kNoJson) return fail(function, "the function has no \"name\"; expected a string");
  if (!filled(name, "the name of a function", &tool.name)) return;
  tool.pointer = doc_.pointer(name);
  bool strict = true;
  flag(function, "strict", &strict);
  if (function != at) flag(at, "strict", &strict);
  tool.schema = schema_at(member(function, "parameters"));
  if (!strict) tool.schema = kAnyObject;
  types_.push_back("function");
  add_tool(std::move(tool));
}

// {"type": "function", "function": {"name": ...}}, {"type": "function", "name": ...}, or a
// built-in tool, {"type": T}.
void ChatRequestReader::tool(JsonId at) {
  if (!doc_.is(at, JsonType::kObject))
    return fail(at, "a tool must be an object, as {\"type\": \"function\", \"function\": {...}}");
  JsonId type = member(at, "type");
  if (JsonId f = member(at, "function"); f != kNoJson) {
    if (type != kNoJson && !is_text(type, "function"))
      return fail(type, "the tool has a \"function\"; expected the type \"function\"");
    return function(at, f);
  }
  if (type == kNoJson)
    return fail(at, "the tool has neither \"function\" nor \"type\"; expected one of them");
  if (is_text(type, "function")) {
    if (member(at, "name") == kNoJson)
      return fail(at, "the tool has no \"function\"; expected an object with its name");
    return function(at, at);
  }
  ChatTool tool;
  tool.builtin = true;
  if (!filled(type, "the type of a tool", &tool.name)) return;
  tool.pointer = doc_.pointer(type);
  if (JsonId name = member(at, "name"); name != kNoJson) {
    if (!filled(name, "the name of a tool", &tool.name)) return;
    tool.pointer = doc_.pointer(name);
  }
  tool.schema = schema_at(member(at, "parameters"));
  types_.push_back(doc_.text(type));
  add_tool(std::move(tool));
}

void ChatRequestReader::tools() {
  JsonId at = member(doc_.root(), "tools");
  if (at == kNoJson) return;
  if (!doc_.is(at, JsonType::kArray)) return fail(at, "expected an array of tools");
  for (JsonId item : doc_.children(at)) {
    tool(item);
    if (error_) return;
  }
}

// What {"type": "function", "function": {"name": N}}, its flat form, or {"type": T} refers to.
bool ChatRequestReader::reference(JsonId at, ToolReference* out) {
  JsonId type = member(at, "type"), name = member(at, "name");
  if (JsonId function = member(at, "function"); function != kNoJson)
    name = member(function, "name");
  if (type == kNoJson || !doc_.is(type, JsonType::kString)) {
    fail(at, "expected an object with a \"type\": \"function\" with a name, or that of a tool");
    return false;
  }
  out->type = doc_.text(type);
  if (name != kNoJson && doc_.is(name, JsonType::kString)) out->name = doc_.text(name);
  if (out->type == "function" && out->name.empty()) {
    fail(at,
         "expected the name of a function, {\"type\": \"function\", \"function\": {\"name\": "
         "N}}");
    return false;
  }
  return true;
}

// The tool that is referred to; the number of tools where there is none.
size_t ChatRequestReader::find_tool(JsonId at) {
  const size_t none = request_.tools.size();
  ToolReference wanted;
  if (!reference(at, &wanted)) return none;
  if (!wanted.name.empty()) {
    auto named = by_name_.find(std::string(wanted.name));
    if (named != by_name_.end() && types_[named->second] == wanted.type) return named->second;
  } else if (auto typed = by_type_.find(wanted.type); typed != by_type_.end()) {
    if (typed->second.size() == 1) return typed->second[0];
    fail(at, "more than one tool has the type " + json_quote(wanted.type.substr(0, 60)) +
                 "; expected the \"name\" of one of them");
    return none;
  }
  std::string what = wanted.name.empty() ? "of the type " + json_quote(wanted.type.substr(0, 60))
                                         : "named " + json_quote(wanted.name.substr(0, 60));
  fail(at, "no " + std::string(wanted.type == "function" ? "function " : "tool ") + what +
               " is among the tools; expected one that is");
  return none;
}

void ChatRequestReader::force(JsonId at) {
  size_t found = find_tool(at);
  if (error_) return;
  ChatTool tool = std::move(request_.tools[found]);
  request_.tools.clear();
  request_.tools.push_back(std::move(tool));
  request_.call_required = request_.call_forced = true;
}

void ChatRequestReader::allow(JsonId choice) {
  JsonId at = member(choice, "allowed_tools");
  if (at == kNoJson) at = choice;  // the flat form
  JsonId mode = member(at, "mode"), list = member(at, "tools");
  if (mode != kNoJson && !is_text(mode, "auto") && !is_text(mode, "required"))
    return fail(mode, "expected \"auto\" or \"required\"");
  if (list == kNoJson || !doc_.is(list, JsonType::kArray))
    return fail(list == kNoJson ? at : list, "expected \"tools\", an array of references to tools");
  std::vector<bool> allowed(request_.tools.size());
  for (JsonId item : doc_.children(list)) {
    size_t found = find_tool(item);
    if (error_) return;
    allowed[found] = true;
  }
  std::vector<ChatTool> kept;
  for (size_t i = 0; i < allowed.size(); ++i) {
    if (allowed[i]) kept.push_back(std::move(request_.tools[i]));
  }
  request_.tools = std::move(kept);
  request_.call_required = is_text(mode, "required");
}

void ChatRequestReader::tool_choice() {
  JsonId at = member(doc_.root(), "tool_choice");
  if (at == kNoJson || is_text(at, "auto")) return;
  if (is_text(at, "none")) {
    request_.tools.clear();
  } else if (is_text(at, "required")) {
    request_.call_required = true;
  } else if (!doc_.is(at, JsonType::kObject)) {
    fail(at,
         "expected \"auto\", \"none\", \"required\", a reference to a tool, or {\"type\": "
         "\"allowed_tools\", ...}");
  } else if (is_text(member(at, "type"), "allowed_tools")) {
    allow(at);
  } else {
    force(at);
  }
  if (!error_ && request_.call_required && request_.tools.empty())
    fail(at, "a call is required, but there is no tool; expected at least one in \"tools\"");
}

void ChatRequestReader::reasoning_mode(JsonId at) {
  if (at == kNoJson) return;
  if (doc_.is_bool(at)) {
    request_.reasoning = doc_.is(at, JsonType::kTrue) ? ReasoningMode::kOn : ReasoningMode::kOff;
  } else if (is_text(at, "on")) {
    request_.reasoning = ReasoningMode::kOn;
  } else if (is_text(at, "off")) {
    request_.reasoning = ReasoningMode::kOff;
  } else if (is_text(at, "auto")) {
    request_.reasoning = ReasoningMode::kAuto;
  } else {
    fail(at, "expected \"on\", \"off\" or \"auto\"");
  }
}

void ChatRequestReader::reasoning() {
  JsonId at = member(doc_.root(), "reasoning");
  if (at == kNoJson) return;
  if (!doc_.is(at, JsonType::kObject)) return reasoning_mode(at);
  reasoning_mode(member(at, "mode"));
  count(at, "budget", 0, &request_.reasoning_budget);
  bool in_prompt = false;
  flag(at, "in_prompt", &in_prompt);
  if (member(at, "in_prompt") != kNoJson) request_.reasoning_in_prompt = in_prompt;
}

void ChatRequestReader::response_format() {
  JsonId at = member(doc_.root(), "response_format");
  if (at == kNoJson) return;
  JsonId type = member(at, "type");
  if (is_text(type, "text")) return;
  if (is_text(type, "json_object")) {
    request_.answer = kAnyObject;
  } else if (is_text(type, "json_schema")) {
    JsonId holder = member(at, "json_schema");
    JsonId schema = member(holder == kNoJson ? at : holder, "schema");
    if (schema == kNoJson)
      return fail(holder == kNoJson ? at : holder, "expected \"schema\", a JSON Schema");
    request_.answer = schema_at(schema);
  } else {
    fail(type == kNoJson ? at : type,
         "expected the type \"text\", \"json_object\" or \"json_schema\"");
  }
}

void ChatRequestReader::markers() {
  JsonId at = member(doc_.root(), "token_markers");
  if (at != kNoJson && doc_.is(at, JsonType::kArray)) {
    request_.token_markers = TokenMarkers::kListed;
    strings(at, &request_.listed_markers);
  } else if (at != kNoJson) {
    bool all = false;
    if (!doc_.is_bool(at)) return fail(at, "expected true, false, or an array of markers");
    flag(doc_.root(), "token_markers", &all);
    if (all) request_.token_markers = TokenMarkers::kAll;
  }
  if (JsonId stop = member(doc_.root(), "stop_tokens"); stop != kNoJson)
    strings(stop, &request_.stop_tokens);
  if (JsonId suffix = member(doc_.root(), "marker_suffix"); suffix != kNoJson) {
    if (!doc_.is(suffix, JsonType::kString)) return fail(suffix, "expected a string");
    request_.marker_suffix = doc_.text(suffix);
  }
}

Result<ChatRequest> ChatRequestReader::read() {
  if (!doc_.is(doc_.root(), JsonType::kObject)) {
    fail(doc_.root(), "the request is not an object; expected one, as {\"tools\": [...]}");
    return *error_;
  }
  tools();
  if (!error_) tool_choice();
  flag(doc_.root(), "parallel_tool_calls", &request_.parallel);
  reasoning();
  response_format();
  markers();
  flag(doc_.root(), "any_order", &request_.any_order);
  count(doc_.root(), "max_whitespace", 1, &request_.max_whitespace);
  if (error_) return *error_;
  return std::move(request_);
}

}  // namespace

Result<ChatRequest> read_chat_request(std::string_view text, const Limits& limits) {
  Result<JsonDocument> doc = JsonDocument::parse(text, limits);
  if (!doc.ok()) return doc.error();
  charge(limits.work, doc.value().size());
  return ChatRequestReader(doc.value()).read();
}

}  // namespace xgr::core

// Reading family files.
//
// Entry point: read_family. Says what families/family.schema.json says, with a JSON Pointer where a
// file differs, and beside it what a schema cannot say: that a call has a name and arguments, that
// the suffix of markers can be found. A marker may be one part or a list of them; both become lists.
// A response template in place of a family file becomes a family, too (response_template.h).
//
//   {"family": "x", "models": "", "call": ["<f ", {"is": "nom"}]}
//     ->  at /call/1/is: unknown part "nom"; expected "name", "arguments", ...
//
// Tests: tests/unit/chat/family_test.cc.
#include <array>
#include <initializer_list>
#include <span>

#include "chat/family.h"
#include "chat/response_template.h"
#include "support/json_reader.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxMarkerDepth = 8;
constexpr size_t kMaxFamilyBytes = size_t{64} << 10;
constexpr size_t kMaxFamilyValues = 4096;  // of JSON; those of the library have about 60
constexpr std::string_view kDefaultId = "[A-Za-z0-9_-]+";

struct PartName {
  std::string_view name;
  PartKind kind;
  std::array<std::string_view, 5> members;  // those that are empty do not count
};
constexpr PartName kPartNames[] = {
    {"name", PartKind::kName, {"is", "quoted"}},
    {"arguments", PartKind::kArguments, {"is", "style", "excludes", "own_lines", "markers"}},
    {"index", PartKind::kIndex, {"is"}},
    {"id", PartKind::kId, {"is", "pattern"}},
    {"space", PartKind::kSpace, {"is"}},
    {"optional", PartKind::kOptional, {"is", "of"}},
    {"one_of", PartKind::kOneOf, {"is", "of"}},
};

std::string quoted_list(std::span<const std::string_view> names) {
  std::string out;
  for (std::string_view name : names) {
    if (name.empty()) continue;
    if (!out.empty()) out += ", ";
    out += json_quote(name);
  }
  return out;
}

// Reads the members of one file. The first thing that is wrong stays; what is read after it does
// not matter.
class FamilyReader {
 public:
  explicit FamilyReader(const JsonDocument& doc) : doc_(doc) {}

  Result<Family> read();

 private:
  void fail(JsonId at, std::string message) {
    if (!error_) {
      error_ = error_at_pointer(Status::kInvalidSource, std::move(message), doc_.pointer(at));
    }
  }
  bool object(JsonId at, std::string_view what, std::span<const std::string_view> members);
  bool object(JsonId at, std::string_view what, std::initializer_list<std::string_view> members) {
    return object(at, what, std::span(members.begin(), members.size()));
  }
  void string(JsonId object, std::string_view key, std::string* out);
  void filled(JsonId at, std::string* out);
  void strings(JsonId object, std::string_view key, std::vector<std::string>* out);
  void flag(JsonId object, std::string_view key, bool* out);
  template <typename T>
  void choice(JsonId object, std::string_view key,
              std::initializer_list<std::pair<std::string_view, T>> values, T* out);
  void marker(JsonId object, std::string_view key, FamilyMarker* out);
  FamilyMarker marker_at(JsonId at, size_t depth);
  FamilyPart part_at(JsonId at, size_t depth);
  FamilyPart element_at(JsonId at, const PartName& part, size_t depth);
  void ends(JsonId object, std::vector<FamilyEnd>* out);
  void frame(JsonId object, FamilyFrame* out);
  void reasoning(JsonId at);
  void text(JsonId at);
  void section(JsonId at);
  void suffix(JsonId at);
  void check_calls();
  // Calls `read` on a value, or on each value of a list.
  template <typename Read>
  void one_or_more(JsonId at, Read read);

  const JsonDocument& doc_;
  Family family_;
  std::optional<Error> error_;
};

bool FamilyReader::object(JsonId at, std::string_view what,
                          std::span<const std::string_view> members) {
  if (!doc_.is(at, JsonType::kObject)) {
    fail(at, std::string(what) + " is not an object; expected one with the members " +
                 quoted_list(members));
    return false;
  }
  for (JsonId member : doc_.children(at)) {
    bool known = false;
    for (std::string_view name : members) known |= doc_.key(member) == name;
    if (known) continue;
    fail(member, "unknown member " + json_quote(doc_.key(member)) + "; expected one of " +
                     quoted_list(members));
    return false;
  }
  return true;
}

void FamilyReader::filled(JsonId at, std::string* out) {
  if (!doc_.is(at, JsonType::kString) || doc_.text(at).empty())
    return fail(at, "expected a string that is not empty");
  *out = doc_.text(at);
}

void FamilyReader::string(JsonId object, std::string_view key, std::string* out) {
  JsonId at = doc_.find(object, key);
  if (at == kNoJson) return;
  if (!doc_.is(at, JsonType::kString)) return fail(at, "expected a string");
  *out = doc_.text(at);
}

void FamilyReader::strings(JsonId object, std::string_view key, std::vector<std::string>* out) {
  JsonId at = doc_.find(object, key);
  if (at == kNoJson) return;
  if (!doc_.is(at, JsonType::kArray)) return fail(at, "expected an array of strings");
  for (JsonId item : doc_.children(at)) filled(item, &out->emplace_back());
}

void FamilyReader::flag(JsonId object, std::string_view key, bool* out) {
  JsonId at = doc_.find(object, key);
  if (at == kNoJson) return;
  if (!doc_.is_bool(at)) return fail(at, "expected true or false");
  *out = doc_.is(at, JsonType::kTrue);
}

template <typename T>
void FamilyReader::choice(JsonId object, std::string_view key,
                          std::initializer_list<std::pair<std::string_view, T>> values, T* out) {
  JsonId at = doc_.find(object, key);
  if (at == kNoJson) return;
  std::string names;
  for (const auto& [name, value] : values) {
    if (doc_.is(at, JsonType::kString) && doc_.text(at) == name) {
      *out = value;
      return;
    }
    names += (names.empty() ? "" : ", ") + json_quote(name);
  }
  fail(at, "expected one of " + names);
}

template <typename Read>
void FamilyReader::one_or_more(JsonId at, Read read) {
  if (at == kNoJson) return;
  if (!doc_.is(at, JsonType::kArray)) return read(at);
  if (doc_.count(at) == 0) fail(at, "the list is empty; expected at least one");
  for (JsonId item : doc_.children(at)) read(item);
}

FamilyPart FamilyReader::element_at(JsonId at, const PartName& part, size_t depth) {
  FamilyPart out;
  out.kind = part.kind;
  if (!object(at, "the part", part.members)) return out;
  flag(at, "quoted", &out.quoted);
  flag(at, "own_lines", &out.own_lines);
  strings(at, "excludes", &out.excludes);
  strings(at, "markers", &out.markers);
  if (part.kind == PartKind::kArguments) {
    JsonId style = doc_.find(at, "style");
    if (style == kNoJson) fail(at, "the arguments have no \"style\"; expected a name, as \"json\"");
    if (style != kNoJson) filled(style, &out.text);
  }
  if (part.kind == PartKind::kId) {
    JsonId pattern = doc_.find(at, "pattern");
    out.text = kDefaultId;
    if (pattern != kNoJson) filled(pattern, &out.text);
  }
  if (part.kind != PartKind::kOptional && part.kind != PartKind::kOneOf) return out;
  JsonId of = doc_.find(at, "of");
  if (of == kNoJson) {
    fail(at, "the part has no \"of\"; expected what it stands for");
  } else if (depth == kMaxMarkerDepth) {
    fail(at, "parts are nested too deeply; at most " + std::to_string(kMaxMarkerDepth) + " levels");
  } else if (part.kind == PartKind::kOptional) {
    out.of.push_back(marker_at(of, depth + 1));
  } else if (!doc_.is(of, JsonType::kArray) || doc_.count(of) == 0) {
    fail(of, "expected a list of alternatives");
  } else {
    for (JsonId item : doc_.children(of)) out.of.push_back(marker_at(item, depth + 1));
  }
  return out;
}

FamilyPart FamilyReader::part_at(JsonId at, size_t depth) {
  FamilyPart out;
  if (doc_.is(at, JsonType::kString)) {
    out.text = doc_.text(at);
    return out;
  }
  JsonId is = doc_.find(at, "is");
  std::string names;
  for (const PartName& part : kPartNames) {
    if (is != kNoJson && doc_.is(is, JsonType::kString) && doc_.text(is) == part.name)
      return element_at(at, part, depth);
    names += (names.empty() ? "" : ", ") + json_quote(part.name);
  }
  if (is == kNoJson)
    fail(at, "expected a string, or an object whose member \"is\" is one of " + names);
  else
    fail(is, "unknown part; expected one of " + names);
  return out;
}

FamilyMarker FamilyReader::marker_at(JsonId at, size_t depth) {
  FamilyMarker out;
  if (!doc_.is(at, JsonType::kArray)) {
    out.push_back(part_at(at, depth));
  } else {
    for (JsonId item : doc_.children(at)) out.push_back(part_at(item, depth));
  }
  std::erase_if(out, [](const FamilyPart& part) {
    return part.kind == PartKind::kText && part.text.empty();
  });
  return out;
}

void FamilyReader::marker(JsonId object, std::string_view key, FamilyMarker* out) {
  JsonId at = doc_.find(object, key);
  if (at != kNoJson) *out = marker_at(at, 0);
}

void FamilyReader::ends(JsonId object, std::vector<FamilyEnd>* out) {
  one_or_more(doc_.find(object, "end"), [&](JsonId at) {
    FamilyEnd end;
    JsonId implicit = doc_.find(at, "implicit");
    if (implicit != kNoJson && doc_.count(at) == 1) {
      end.implicit = true;
      filled(implicit, &end.text);
    } else if (doc_.is(at, JsonType::kString)) {
      filled(at, &end.text);
    } else {
      fail(at, "expected a string, or {\"implicit\": string}");
    }
    out->push_back(std::move(end));
  });
}

void FamilyReader::frame(JsonId object, FamilyFrame* out) {
  marker(object, "begin", &out->begin);
  ends(object, &out->ends);
}

void FamilyReader::reasoning(JsonId at) {
  if (!object(at, "reasoning", {"begin", "end", "after", "in_prompt", "calls", "off"})) return;
  FamilyReasoning out;
  frame(at, &out);
  if (out.ends.empty()) fail(at, "reasoning has no \"end\"; expected a string or a list of them");
  marker(at, "after", &out.after);
  marker(at, "off", &out.off);
  flag(at, "in_prompt", &out.in_prompt);
  flag(at, "calls", &out.calls);
  family_.reasoning = std::move(out);
}

void FamilyReader::text(JsonId at) {
  if (!object(at, "text", {"begin", "end", "excludes", "required", "in_prompt"})) return;
  FamilyText out;
  frame(at, &out);
  strings(at, "excludes", &out.excludes);
  flag(at, "required", &out.required);
  flag(at, "in_prompt", &out.in_prompt);
  family_.texts.push_back(std::move(out));
}

void FamilyReader::section(JsonId at) {
  if (!object(at, "section", {"begin", "separator", "end"})) return;
  FamilySection out;
  if (doc_.find(at, "begin") == kNoJson) fail(at, "the section has no \"begin\"");
  marker(at, "begin", &out.begin);
  marker(at, "separator", &out.separator);
  marker(at, "end", &out.end);
  family_.sections.push_back(std::move(out));
}

void FamilyReader::suffix(JsonId at) {
  if (at == kNoJson || !object(at, "marker_suffix", {"of", "after", "begins_with"})) return;
  FamilySuffix out;
  string(at, "of", &out.of);
  string(at, "after", &out.after);
  string(at, "begins_with", &out.begins_with);
  if (out.after.empty() || out.begins_with.empty() || out.of.size() <= out.after.size() ||
      !out.of.ends_with(out.after)) {
    fail(at, "expected a marker \"of\" that ends with \"after\", and how a suffix \"begins_with\"");
  }
  family_.suffix = std::move(out);
}

// Parts of a kind in the alternatives of a marker, at least and at most. The depth is bounded.
struct PartCount {
  size_t least = 0, most = 0;
};
PartCount count_parts(const FamilyMarker& marker, PartKind kind) {
  PartCount sum;
  for (const FamilyPart& part : marker) {
    PartCount own{part.kind == kind, part.kind == kind};
    for (size_t i = 0; i < part.of.size(); ++i) {
      PartCount inner = count_parts(part.of[i], kind);
      own.least = i == 0 || inner.least < own.least ? inner.least : own.least;
      own.most = inner.most > own.most ? inner.most : own.most;
    }
    if (part.kind == PartKind::kOptional) own.least = 0;
    sum.least += own.least;
    sum.most += own.most;
  }
  return sum;
}

void FamilyReader::check_calls() {
  for (std::string_view key : {"call", "builtin_call"}) {
    JsonId at = doc_.find(0, key);
    if (at == kNoJson) continue;
    const FamilyMarker& marker = key == "call" ? family_.call : family_.builtin_call;
    if (count_parts(marker, PartKind::kName).least == 0)
      fail(at, "the call does not always have a name; expected a part {\"is\": \"name\"}");
    PartCount arguments = count_parts(marker, PartKind::kArguments);
    if (arguments.least != 1 || arguments.most != 1)
      fail(at, "expected one part {\"is\": \"arguments\"} in each form of the call");
  }
  if (doc_.find(0, "builtin_call") != kNoJson && family_.call.empty())
    fail(doc_.find(0, "builtin_call"), "\"builtin_call\" without \"call\"; expected both");
}

Result<Family> FamilyReader::read() {
  const JsonId root = doc_.root();
  if (!object(root, "the family",
              {"$schema",      "family",    "aliases",    "models",        "layout",
               "separator",    "reasoning", "text",       "section",       "call",
               "builtin_call", "trigger",   "calls_last", "one_call",      "one_call",
               "answer",       "turn_end",  "markers",    "marker_suffix", "stop"})) {
    return *error_;
  }
  for (std::string_view key : {"family", "models"}) {
    if (doc_.find(root, key) == kNoJson)
      fail(root, "the family has no member " + json_quote(key) + "; expected a string");
  }
  string(root, "family", &family_.name);
  string(root, "models", &family_.models);
  strings(root, "aliases", &family_.aliases);
  choice(root, "layout",
         {{"inline", FamilyLayout::kInline},
          {"blocks", FamilyLayout::kBlocks},
          {"messages", FamilyLayout::kMessages}},
         &family_.layout);
  string(root, "separator", &family_.separator);
  if (JsonId at = doc_.find(root, "reasoning"); at != kNoJson) reasoning(at);
  one_or_more(doc_.find(root, "text"), [&](JsonId at) { text(at); });
  if (family_.texts.empty()) family_.texts.emplace_back();
  one_or_more(doc_.find(root, "section"), [&](JsonId at) { section(at); });
  marker(root, "call", &family_.call);
  marker(root, "builtin_call", &family_.builtin_call);
  choice(root, "trigger",
         {{"begin", FamilyTrigger::kBegin},
          {"call", FamilyTrigger::kCall},
          {"name", FamilyTrigger::kName}},
         &family_.trigger);
  flag(root, "calls_last", &family_.calls_last);
  flag(root, "one_call", &family_.one_call);
  if (JsonId at = doc_.find(root, "answer"); at != kNoJson) {
    if (object(at, "answer", {"begin", "end"})) frame(at, &family_.answer.emplace());
  }
  marker(root, "turn_end", &family_.turn_end);
  strings(root, "markers", &family_.markers);
  suffix(doc_.find(root, "marker_suffix"));
  strings(root, "stop", &family_.stop);
  check_calls();
  if (error_) return *error_;
  return std::move(family_);
}

}  // namespace

Result<Family> read_family(std::string_view text, const Limits& limits) {
  Result<JsonDocument> doc = JsonDocument::parse(text, limits);
  if (!doc.ok()) return doc.error();
  charge(limits.work, doc.value().size());
  if (is_response_template(doc.value())) return family_of_template(doc.value());
  if (text.size() > kMaxFamilyBytes || doc.value().size() > kMaxFamilyValues) {
    return make_error(Status::kLimitExceeded,
                      "the family has " + std::to_string(text.size()) + " bytes and " +
                          std::to_string(doc.value().size()) + " JSON values; at most " +
                          std::to_string(kMaxFamilyBytes) + " and " +
                          std::to_string(kMaxFamilyValues));
  }
  return FamilyReader(doc.value()).read();
}

}  // namespace xgr::core

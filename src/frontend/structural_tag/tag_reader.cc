// Reads the formats of a structural tag.
//
// Entry point: TagReader::read. Formats are read in the order in which they are found: what a format
// is made of gets the next free number and is read later, so that no depth of nesting matters. What
// a type has as its members is read in tag_types.cc.
//
//   {"format": {"type": "star", "content": {"value": "a"}}}  ->  0: star of 1    1: const_string "a"
//
// Tests: tests/unit/frontend/structural_tag/.
#include "frontend/structural_tag/tag_reader.h"

#include <array>

namespace xgr::core {

// Each kind stands first under the name that messages have for it.
const TagReader::Type TagReader::kTypes[] = {
    {"const_string", TagKind::kConstString, &TagReader::const_string},
    {"json_schema", TagKind::kJsonSchema, &TagReader::json_schema},
    {"grammar", TagKind::kGrammar, &TagReader::grammar},
    {"regex", TagKind::kRegex, &TagReader::regex},
    {"any_text", TagKind::kAnyText, &TagReader::any_text},
    {"sequence", TagKind::kSequence, &TagReader::elements},
    {"or", TagKind::kOr, &TagReader::elements},
    {"optional", TagKind::kOptional, &TagReader::content},
    {"plus", TagKind::kPlus, &TagReader::content},
    {"star", TagKind::kStar, &TagReader::content},
    {"repeat", TagKind::kRepeat, &TagReader::repeat},
    {"tag", TagKind::kTag, &TagReader::tag},
    {"triggered_tags", TagKind::kTriggeredTags, &TagReader::triggered_tags},
    {"tags_with_separator", TagKind::kTagsWithSeparator, &TagReader::tags_with_separator},
    {"dispatch", TagKind::kDispatch, &TagReader::dispatch},
    {"token", TagKind::kToken, &TagReader::token},
    {"exclude_token", TagKind::kExcludeToken, &TagReader::exclude_token},
    {"any_tokens", TagKind::kAnyTokens, &TagReader::any_tokens},
    {"token_triggered_tags", TagKind::kTokenTriggeredTags, &TagReader::token_triggered_tags},
    {"token_dispatch", TagKind::kTokenDispatch, &TagReader::token_dispatch},
    {"qwen_xml_parameter", TagKind::kJsonSchema, &TagReader::qwen_parameters},
};

const TagReader::Type* TagReader::type_named(std::string_view name) {
  for (const Type& type : kTypes) {
    if (name == type.name) return &type;
  }
  return nullptr;
}

const TagReader::Type* TagReader::type_of(TagKind kind) {
  for (const Type& type : kTypes) {
    if (type.kind == kind) return &type;
  }
  return nullptr;
}

TagId TagReader::add_part(JsonId at, Wanted wanted) {
  jobs_.push_back({at, wanted});
  return static_cast<TagId>(jobs_.size() - 1);
}

Result<TagFormats> TagReader::read() {
  if (MaybeError e = read_top()) return *std::move(e);
  TagFormats formats;
  for (size_t i = 0; i < jobs_.size(); ++i) {
    const Job job = jobs_[i];
    if (work_ != nullptr) work_->charge_bytes(sizeof(TagFormat));
    TagFormat format;
    format.at = job.at;
    if (MaybeError e = read_one(job, &format)) return *std::move(e);
    formats.push_back(std::move(format));
  }
  return formats;
}

// {"type": "structural_tag", "format": ...}, or the older form with tags and triggers.
MaybeError TagReader::read_top() {
  const JsonId root = doc_.root();
  const TagMembers members(doc_, root, "a structural tag");
  if (!doc_.is(root, JsonType::kObject)) {
    return members.error(
        std::string("a structural tag is an object with the member \"format\", found ") +
            describe_json(doc_, root),
        root);
  }
  std::string_view type = "structural_tag";
  if (MaybeError e = members.take_text("type", &type)) return e;
  if (type != "structural_tag") {
    return members.error("the type of the whole must be \"structural_tag\", found \"" +
                             std::string(type) + "\"; a format stands in the member \"format\"",
                         members.find("type"));
  }
  JsonId format = members.find("format");
  const bool legacy = members.find("tags") != kNoJson && members.find("triggers") != kNoJson;
  if (format == kNoJson && legacy) {
    tags_ = Wanted::kLegacyTag;
    add_part(root, Wanted::kFormat);
    return std::nullopt;
  }
  if (MaybeError e = members.need("format", "a format, an object", &format)) return e;
  add_part(format, Wanted::kFormat);
  return std::nullopt;
}

MaybeError TagReader::read_one(const Job& job, TagFormat* out) {
  if (job.wanted == Wanted::kLegacySchema) return read_legacy_schema(job, out);
  const TagMembers whole(doc_, job.at, "a format");
  if (!doc_.is(job.at, JsonType::kObject)) {
    const char* what = job.wanted == Wanted::kFormat ? "a format" : "a tag";
    return whole.error(
        std::string(what) + " must be an object, found " + describe_json(doc_, job.at), job.at);
  }
  if (job.wanted == Wanted::kLegacyTag) return read_legacy_tag(job, out);
  Result<const Type*> type = find_type(job);
  if (!type.ok()) return std::move(type.error());
  out->kind = type.value()->kind;
  const std::string owner = "\"" + std::string(type.value()->name) + "\"";
  return (this->*type.value()->read)(TagMembers(doc_, job.at, owner), out);
}

Result<const TagReader::Type*> TagReader::find_type(const Job& job) const {
  const TagMembers members(doc_, job.at, "a format");
  if (tags_ == Wanted::kLegacyTag && job.at == doc_.root()) return type_of(TagKind::kTriggeredTags);
  const JsonId at = members.find("type");
  std::string_view name;
  if (MaybeError e = members.take_text("type", &name)) return *std::move(e);
  const Type* type = at != kNoJson                ? type_named(name)
                     : job.wanted == Wanted::kTag ? type_of(TagKind::kTag)
                                                  : guess_type(job.at);
  if (job.wanted == Wanted::kTag && type != type_of(TagKind::kTag)) {
    return members.error("expected a tag, of the type \"tag\", found \"" + std::string(name) + "\"",
                         at);
  }
  if (type != nullptr) return type;
  std::string known;
  for (const Type& t : kTypes) known += (known.empty() ? "\"" : ", \"") + std::string(t.name) + '"';
  if (at != kNoJson) {
    return members.error(
        "no format has the type \"" + std::string(name) + "\"; expected one of " + known, at);
  }
  return members.error(
      "the format has no \"type\", and no type has its members; expected one of " + known, job.at);
}

// The type of a format that does not say it, by members that are of that type alone.
const TagReader::Type* TagReader::guess_type(JsonId object) const {
  struct Shape {
    TagKind kind;
    std::array<std::string_view, 3> members;
  };
  static constexpr Shape kShapes[] = {
      {TagKind::kTag, {"begin", "content", "end"}},
      {TagKind::kConstString, {"value"}},
      {TagKind::kJsonSchema, {"json_schema"}},
      {TagKind::kSequence, {"elements"}},
      {TagKind::kTriggeredTags, {"triggers", "tags"}},
      {TagKind::kTagsWithSeparator, {"tags", "separator"}},
      {TagKind::kRepeat, {"content", "min", "max"}},
      {TagKind::kOptional, {"content"}},
      {TagKind::kDispatch, {"rules"}},
      {TagKind::kAnyText, {"excludes"}},
  };
  for (const Shape& shape : kShapes) {
    bool all = true;
    for (std::string_view key : shape.members)
      all = all && (key.empty() || doc_.find(object, key) != kNoJson);
    if (!all) continue;
    if (shape.kind != TagKind::kDispatch) return type_of(shape.kind);
    // Its rules begin with texts, those of the other dispatch with tokens.
    const JsonId rules = doc_.find(object, "rules");
    const JsonId pattern = doc_.resolve(rules, "/0/0");
    const bool text = pattern == kNoJson || doc_.is(pattern, JsonType::kString);
    return type_of(text ? TagKind::kDispatch : TagKind::kTokenDispatch);
  }
  return nullptr;
}

}  // namespace xgr::core

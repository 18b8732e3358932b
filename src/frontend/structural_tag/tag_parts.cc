// Builds the sources inside a structural tag with the front end of each.
//
// Entry point: TagParts::build. A source that stands in several places, read in the same way, is built
// once. What its front end says of a place is said of the place in the whole: a JSON Pointer goes on
// inside the schema, an offset is one into the text at the pointer.
//
//   "/type" in the schema at /format/json_schema  ->  /format/json_schema/type
//
// Tests: tests/unit/frontend/structural_tag/tag_parts_test.cc.
#include "frontend/structural_tag/tag_parts.h"

#include <utility>

#include "frontend/source_notes.h"

namespace xgr::core {
Result<Expr> TagParts::build(const TagFormat& format) {
  auto [at, fresh] = known_.try_emplace(key(format), kNoExpr);
  if (!fresh) return at->second;
  SourceNotes inner(options_.notes == nullptr ? nullptr : options_.notes->names());
  try {
    Result<Expr> made = read(format, options_.notes == nullptr ? nullptr : &inner);
    if (!made.ok()) return placed(std::move(made.error()), format);
    at->second = made.value();
  } catch (WorkStopped& stopped) {
    stopped.error = placed(std::move(stopped.error), format);
    throw;
  }
  for (Diagnostic& d : inner.take()) {
    Error place = make_error(Status::kOk, std::move(d.message));
    place.byte_offset = d.byte_offset;
    place.line = d.line;
    place.column = d.column;
    place.has_json_pointer = d.has_json_pointer;
    place.json_pointer = std::move(d.json_pointer);
    options_.notes->add(
        make_diagnostic(d.code, std::move(d.subject), placed(std::move(place), format)));
  }
  return at->second;
}

Result<Expr> TagParts::read(const TagFormat& format, SourceNotes* notes) {
  if (format.kind == TagKind::kJsonSchema) {
    JsonSchemaOptions options = schema_options(format);
    options.notes = notes;
    if (!doc_.is(format.source, JsonType::kString))
      return schemas_.add(doc_, format.source, options);
    return json_schema_expr(grammar_, doc_.text(format.source), options, limits_);
  }
  if (format.kind == TagKind::kRegex) {
    RegexOptions options;
    options.notes = notes;
    return regex_expr(grammar_, format.text, options, limits_);
  }
  if (format.lark) {
    LarkOptions options;
    options.special_token = options_.special_token;
    options.notes = notes;
    return lark_expr(grammar_, format.text, options, limits_);
  }
  EbnfOptions options;
  options.token_ids = options_.special_token;
  options.notes = notes;
  return ebnf_expr(grammar_, format.text, "root", options, limits_);
}

JsonSchemaOptions TagParts::schema_options(const TagFormat& format) const {
  JsonSchemaOptions options = options_.json;
  options.style = format.style;
  if (format.notation != kNoJson) options.notation = json_text(doc_, format.notation);
  options.any_order = options.any_order || format.any_order;
  if (format.max_whitespace >= 0) options.format.max_whitespace = format.max_whitespace;
  if (format.max_digits >= 0) options.format.max_digits = format.max_digits;
  options.excludes.insert(options.excludes.end(), format.excludes.begin(), format.excludes.end());
  options.token_markers = format.token_markers;
  return options;
}

// In the older form of a structural tag a string holds the text of the schema.
std::string TagParts::schema_text(const TagFormat& format) const {
  if (doc_.is(format.source, JsonType::kString)) return std::string(doc_.text(format.source));
  return json_text(doc_, format.source);
}

// What tells a part from all others, with the length of each text in front of it.
std::string TagParts::key(const TagFormat& format) const {
  std::string key;
  auto add = [&key](std::string_view text) {
    const auto size = static_cast<uint32_t>(text.size());
    key.append(reinterpret_cast<const char*>(&size), sizeof(size)).append(text);
  };
  key += static_cast<char>(format.kind);
  if (format.kind != TagKind::kJsonSchema) {
    key += format.lark ? 'l' : 'e';
    add(format.text);
    return key;
  }
  key += static_cast<char>(format.style);
  add(format.notation == kNoJson ? "" : json_text(doc_, format.notation));
  key += format.any_order ? 'a' : 'o';
  add(std::to_string(format.max_whitespace));
  add(std::to_string(format.max_digits));
  add(std::to_string(format.excludes.size()));
  for (std::string_view word : format.excludes) add(word);
  add(std::to_string(format.token_markers.size()));
  for (const TokenMarker& marker : format.token_markers) add(marker.text);
  for (JsonId id = format.source; id < doc_.end(format.source); ++id) {
    key += static_cast<char>(doc_.type(id));
    if (id != format.source) add(doc_.key(id));
    add(doc_.is(id, JsonType::kArray) || doc_.is(id, JsonType::kObject)
            ? std::to_string(doc_.count(id))
            : std::string(doc_.text(id)));
  }
  return key;
}

Error TagParts::placed(Error error, const TagFormat& format) const {
  // A pointer that leads into another document begins with the URI of that. A position is one inside
  // the text at the pointer.
  if (!error.has_json_pointer || error.json_pointer.empty() || error.json_pointer[0] == '/')
    error.json_pointer.insert(0, doc_.pointer(format.source));
  error.has_json_pointer = true;
  if (error.code == Status::kInvalidArgument) error.code = Status::kInvalidSource;
  return error;
}

}  // namespace xgr::core

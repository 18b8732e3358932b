// What each type of format has as its members.
//
// Entry point: TagReader::read, which finds the type. Unknown members are ignored.
//
//   {"type": "tag", "begin": "<a>", "content": {"type": "any_text"}, "end": ["</a>", "</b>"]}
//
// Tests: tests/unit/frontend/structural_tag/.
#include <unordered_set>

#include "frontend/structural_tag/tag_reader.h"

namespace xgr::core {
namespace {

constexpr int64_t kMaxTagBudget = INT32_MAX;

}  // namespace

MaybeError TagReader::const_string(const TagMembers& members, TagFormat* out) {
  return members.need_text("value", &out->text);
}

MaybeError TagReader::json_schema(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = members.need("json_schema", "a schema, an object or a boolean", &out->source))
    return e;
  if (!doc_.is(out->source, JsonType::kObject) && !doc_.is_bool(out->source))
    return members.wrong("json_schema", "a schema, an object or a boolean", out->source);
  if (MaybeError e = members.take_flag("any_order", &out->any_order)) return e;
  int64_t gap = -1;
  if (MaybeError e = members.take_number("max_whitespace_cnt", 1, INT32_MAX, &gap)) return e;
  out->max_whitespace = static_cast<int32_t>(gap);
  int64_t digits = -1;
  if (MaybeError e = members.take_number("max_digits", 1, INT32_MAX, &digits)) return e;
  out->max_digits = static_cast<int32_t>(digits);
  if (MaybeError e = members.take_texts("excludes", &out->excludes)) return e;
  if (MaybeError e = take_token_markers(members, out)) return e;
  if (const JsonId own = members.find("style"); own != kNoJson && doc_.is(own, JsonType::kObject)) {
    out->notation = own;
    MaybeError e = check_argument_notation(json_text(doc_, own), Limits());
    return e ? members.error(e->message, own) : MaybeError();
  }
  std::string_view style = "json";
  if (MaybeError e = members.take_text("style", &style)) return e;
  Result<ArgumentStyle> found = argument_style(style);
  if (!found.ok()) return members.error(found.error().message, members.find("style"));
  out->style = found.value();
  return std::nullopt;
}

MaybeError TagReader::take_token_markers(const TagMembers& members, TagFormat* out) {
  const JsonId list = members.find("token_markers");
  if (list == kNoJson) return std::nullopt;
  std::vector<std::string_view> texts;
  if (MaybeError e = members.take_texts("token_markers", &texts)) return e;
  for (JsonId text : doc_.children(list)) {
    Result<TokenIds> ids = tokens_.read(text);
    if (!ids.ok()) return ids.error();
    out->token_markers.push_back({std::string(doc_.text(text)), std::move(ids).value()});
  }
  return std::nullopt;
}

// An older name of json_schema in the style qwen_xml.
MaybeError TagReader::qwen_parameters(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = json_schema(members, out)) return e;
  out->style = ArgumentStyle::kQwenXml;
  return std::nullopt;
}

MaybeError TagReader::grammar(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = members.need_text("grammar", &out->text)) return e;
  out->source = members.find("grammar");
  if (out->text.empty()) {
    return members.error("\"grammar\" is empty; expected the text of a grammar with the rule root",
                         out->source);
  }
  std::string_view syntax = "ebnf";
  if (MaybeError e = members.take_text("syntax", &syntax)) return e;
  out->lark = syntax == "lark";
  if (out->lark || syntax == "ebnf") return std::nullopt;
  return members.error(
      "\"syntax\" must be \"ebnf\" or \"lark\", found \"" + std::string(syntax) + "\"",
      members.find("syntax"));
}

MaybeError TagReader::regex(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = members.need_text("pattern", &out->text)) return e;
  out->source = members.find("pattern");
  if (!out->text.empty()) return std::nullopt;
  return members.error("\"pattern\" is empty; expected a regular expression", out->source);
}

MaybeError TagReader::take_budget(const TagMembers& members, std::string_view key, uint32_t* out) {
  int64_t budget = -1;
  if (MaybeError e = members.take_number(key, 0, kMaxTagBudget, &budget)) return e;
  if (budget >= 0) *out = static_cast<uint32_t>(budget);
  return std::nullopt;
}

MaybeError TagReader::any_text(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = members.take_texts("excludes", &out->excludes)) return e;
  if (MaybeError e = take_budget(members, "max_tokens", &out->max_tokens)) return e;
  return take_budget(members, "max_chars", &out->max_chars);
}

MaybeError TagReader::elements(const TagMembers& members, TagFormat* out) {
  std::vector<JsonId> elements;
  if (MaybeError e = members.need_list("elements", "formats", &elements)) return e;
  for (JsonId element : elements) out->parts.push_back(add_part(element, Wanted::kFormat));
  return std::nullopt;
}

MaybeError TagReader::content(const TagMembers& members, TagFormat* out) {
  JsonId at = kNoJson;
  if (MaybeError e = members.need("content", "a format, an object", &at)) return e;
  out->parts.push_back(add_part(at, Wanted::kFormat));
  return std::nullopt;
}

MaybeError TagReader::repeat(const TagMembers& members, TagFormat* out) {
  JsonId at = kNoJson;
  int64_t min = 0, max = -1;
  if (MaybeError e = members.need("min", "a whole number", &at)) return e;
  if (MaybeError e = members.take_number("min", 0, INT32_MAX, &min)) return e;
  if (MaybeError e = members.need("max", "a whole number; -1: no bound", &at)) return e;
  if (MaybeError e = members.take_number("max", -1, INT64_MAX, &max)) return e;
  out->min = static_cast<uint32_t>(min);
  out->max = max < 0 || max > INT32_MAX ? kUnbounded : static_cast<uint32_t>(max);
  if (max >= 0 && max < min) {
    return members.error("\"max\" is " + std::to_string(max) + " and less than \"min\", " +
                             std::to_string(min) + "; expected at least as much, or -1: no bound",
                         members.find("max"));
  }
  return content(members, out);
}

MaybeError TagReader::tag(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = take_begin(members, out)) return e;
  if (MaybeError e = content(members, out)) return e;
  return take_ends(members, out);
}

// {"begin": "<f>", "schema": {...}, "end": "</f>"}
MaybeError TagReader::read_legacy_tag(const Job& job, TagFormat* out) {
  const TagMembers members(doc_, job.at, "a tag");
  out->kind = TagKind::kTag;
  if (MaybeError e = take_begin(members, out)) return e;
  JsonId schema = kNoJson;
  if (MaybeError e = members.need("schema", "a schema, an object or a boolean", &schema)) return e;
  out->parts.push_back(add_part(schema, Wanted::kLegacySchema));
  return take_ends(members, out);
}

MaybeError TagReader::read_legacy_schema(const Job& job, TagFormat* out) {
  const TagMembers members(doc_, job.at, "a tag");
  out->kind = TagKind::kJsonSchema;
  out->source = job.at;
  const bool schema = doc_.is(job.at, JsonType::kObject) || doc_.is_bool(job.at) ||
                      doc_.is(job.at, JsonType::kString);
  if (schema) return std::nullopt;
  return members.wrong("schema", "a schema, an object, a boolean or the text of one", job.at);
}

MaybeError TagReader::take_mark(const TagMembers& members, const char* what, JsonId at,
                                TagMark* out) {
  out->at = at;
  if (doc_.is(at, JsonType::kString)) {
    out->text = doc_.text(at);
    return std::nullopt;
  }
  if (!tokens_.is_token(at)) {
    return members.error(std::string(what) +
                             " must be a string or a token, {\"type\": \"token\", \"token\": ID or "
                             "\"TEXT\"}, found " +
                             describe_json(doc_, at),
                         at);
  }
  Result<TokenIds> tokens = tokens_.read(at);
  if (!tokens.ok()) return std::move(tokens.error());
  out->is_token = true;
  out->tokens = std::move(tokens).value();
  return std::nullopt;
}

MaybeError TagReader::take_begin(const TagMembers& members, TagFormat* out) {
  JsonId at = kNoJson;
  if (MaybeError e = members.need("begin", "a string or a token", &at)) return e;
  return take_mark(members, "the begin of a tag", at, &out->begin);
}

MaybeError TagReader::take_ends(const TagMembers& members, TagFormat* out) {
  JsonId at = kNoJson;
  if (MaybeError e = members.need("end", "a string, a token, or a list of them", &at)) return e;
  std::vector<JsonId> ends{at};
  if (doc_.is(at, JsonType::kArray)) {
    ends.clear();
    if (MaybeError e = members.need_list("end", "strings and tokens", &ends)) return e;
  }
  for (JsonId end : ends) {
    TagMark mark;
    const JsonId implicit = doc_.find(end, "implicit");
    JsonId inner = end;
    if (implicit != kNoJson) {
      const TagMembers wrapped(doc_, end, "an end");
      if (MaybeError e = wrapped.take_flag("implicit", &mark.implicit)) return e;
      if (MaybeError e = wrapped.need("end", "a string or a token", &inner)) return e;
    }
    if (MaybeError e = take_mark(members, "an end of a tag", inner, &mark)) return e;
    if (mark.implicit && !mark.is_token && mark.text.empty()) {
      return members.error("an implicit end is empty; it needs at least one character", inner);
    }
    out->ends.push_back(std::move(mark));
  }
  return std::nullopt;
}

MaybeError TagReader::take_tags(const TagMembers& members, TagFormat* out) {
  std::vector<JsonId> tags;
  if (MaybeError e = members.need_list("tags", "tags", &tags)) return e;
  const Wanted wanted = members.object() == doc_.root() ? tags_ : Wanted::kTag;
  for (JsonId tag : tags) out->parts.push_back(add_part(tag, wanted));
  return std::nullopt;
}

MaybeError TagReader::take_repetition(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = members.take_flag("at_least_one", &out->at_least_one)) return e;
  return members.take_flag("stop_after_first", &out->stop_after_first);
}

MaybeError TagReader::triggered_tags(const TagMembers& members, TagFormat* out) {
  std::vector<JsonId> triggers;
  if (MaybeError e = members.need_list("triggers", "strings", &triggers)) return e;
  if (MaybeError e = members.take_texts("triggers", &out->words)) return e;
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < triggers.size(); ++i) {
    if (seen.insert(out->words[i]).second) continue;
    return members.error(
        "the trigger \"" + std::string(out->words[i]) + "\" is given twice; expected it once",
        triggers[i]);
  }
  if (MaybeError e = take_tags(members, out)) return e;
  if (MaybeError e = take_repetition(members, out)) return e;
  return members.take_texts("excludes", &out->excludes);
}

MaybeError TagReader::tags_with_separator(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = take_tags(members, out)) return e;
  if (MaybeError e = members.need_text("separator", &out->text)) return e;
  return take_repetition(members, out);
}

// A list of pairs.
MaybeError TagReader::take_rules(const TagMembers& members, std::vector<JsonId>* patterns,
                                 TagFormat* out) {
  std::vector<JsonId> rules;
  if (MaybeError e = members.need_list("rules", "pairs [trigger, format]", &rules)) return e;
  for (JsonId rule : rules) {
    if (!doc_.is(rule, JsonType::kArray) || doc_.count(rule) != 2) {
      return members.error(
          "a rule must be a pair, [trigger, format], found " +
              (doc_.is(rule, JsonType::kArray) ? "a list of " + std::to_string(doc_.count(rule))
                                               : std::string(describe_json(doc_, rule))),
          rule);
    }
    auto pair = doc_.children(rule).begin();
    patterns->push_back(*pair);
    ++pair;
    out->parts.push_back(add_part(*pair, Wanted::kFormat));
  }
  return members.take_flag("loop", &out->loop);
}

MaybeError TagReader::dispatch(const TagMembers& members, TagFormat* out) {
  std::vector<JsonId> patterns;
  if (MaybeError e = take_rules(members, &patterns, out)) return e;
  for (JsonId pattern : patterns) {
    std::string_view text;
    if (MaybeError e = members.text_of(pattern, "the trigger of a rule", &text)) return e;
    out->words.push_back(text);
  }
  return members.take_texts("excludes", &out->excludes);
}

MaybeError TagReader::token(const TagMembers& members, TagFormat* out) {
  JsonId at = kNoJson;
  if (MaybeError e = members.need("token", "an id or the text of a token", &at)) return e;
  Result<TokenIds> tokens = tokens_.read(at);
  if (!tokens.ok()) return std::move(tokens.error());
  out->token_set = std::move(tokens).value();
  return std::nullopt;
}

MaybeError TagReader::take_excluded_tokens(const TagMembers& members, TagFormat* out) {
  std::vector<JsonId> excluded;
  if (MaybeError e = members.take_list("exclude_tokens", "tokens", &excluded)) return e;
  for (JsonId token : excluded) {
    Result<TokenIds> tokens = tokens_.read(token);
    if (!tokens.ok()) return std::move(tokens.error());
    for (const TokenRange& r : tokens.value().ranges()) out->token_set.add(r.lo, r.hi);
  }
  return std::nullopt;
}

MaybeError TagReader::exclude_token(const TagMembers& members, TagFormat* out) {
  return take_excluded_tokens(members, out);
}

MaybeError TagReader::any_tokens(const TagMembers& members, TagFormat* out) {
  if (MaybeError e = take_excluded_tokens(members, out)) return e;
  return take_budget(members, "max_tokens", &out->max_tokens);
}

MaybeError TagReader::token_triggered_tags(const TagMembers& members, TagFormat* out) {
  std::vector<JsonId> triggers;
  if (MaybeError e = members.need_list("trigger_tokens", "tokens", &triggers)) return e;
  if (MaybeError e = take_excluded_tokens(members, out)) return e;
  for (JsonId trigger : triggers) {
    Result<TokenIds> tokens = tokens_.read(trigger);
    if (!tokens.ok()) return std::move(tokens.error());
    if (tokens.value().intersects(out->token_set)) {
      return members.error("a trigger is among the excluded tokens; expected it in one list only",
                           trigger);
    }
    out->tokens.push_back(std::move(tokens).value());
  }
  if (MaybeError e = take_tags(members, out)) return e;
  return take_repetition(members, out);
}

MaybeError TagReader::token_dispatch(const TagMembers& members, TagFormat* out) {
  std::vector<JsonId> patterns;
  if (MaybeError e = take_rules(members, &patterns, out)) return e;
  if (MaybeError e = take_excluded_tokens(members, out)) return e;
  for (JsonId pattern : patterns) {
    Result<TokenIds> tokens = tokens_.read(pattern);
    if (!tokens.ok()) return std::move(tokens.error());
    if (tokens.value().intersects(out->token_set)) {
      return members.error("a trigger is among the excluded tokens; expected it in one list only",
                           pattern);
    }
    out->tokens.push_back(std::move(tokens).value());
  }
  return std::nullopt;
}

}  // namespace xgr::core

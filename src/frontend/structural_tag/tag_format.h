// The formats of a structural tag, as its JSON text gives them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/frontend.h"
#include "grammar/token_ids.h"
#include "support/json_reader.h"

namespace xgr::core {

enum class TagKind : uint8_t {
  kConstString,
  kJsonSchema,
  kGrammar,
  kRegex,
  kAnyText,
  kSequence,
  kOr,
  kOptional,
  kPlus,
  kStar,
  kRepeat,
  kTag,
  kTriggeredTags,
  kTagsWithSeparator,
  kDispatch,
  kToken,
  kExcludeToken,
  kAnyTokens,
  kTokenTriggeredTags,
  kTokenDispatch,
};

using TagId = uint32_t;  // index of a format; what a format is made of has larger ones
inline constexpr TagId kNoTag = UINT32_MAX;

// What a tag begins or ends with: a text, or one token of a set.
struct TagMark {
  JsonId at = kNoJson;
  bool is_token = false;
  bool implicit = false;  // an end that is not consumed: what follows begins with it
  std::string_view text;
  TokenIds tokens;
};

// Texts are views into the document. A member that a kind has not keeps its default.
struct TagFormat {
  TagKind kind = TagKind::kConstString;
  JsonId at = kNoJson;
  std::vector<TagId> parts;  // content, elements, tags; of a dispatch by rule
  std::string_view text;     // value, pattern, grammar or separator
  JsonId source = kNoJson;   // the member that holds a schema, a grammar or a pattern
  bool lark = false;         // kGrammar; else EBNF
  ArgumentStyle style = ArgumentStyle::kJson;
  JsonId notation = kNoJson;  // in place of the style
  bool any_order = false;
  int32_t max_whitespace = -1, max_digits = -1;
  TagMark begin;
  std::vector<TagMark> ends;
  std::vector<std::string_view> words;     // triggers, or the patterns of a dispatch
  std::vector<std::string_view> excludes;  // texts
  std::vector<TokenMarker> token_markers;  // of a style
  std::vector<TokenIds> tokens;            // likewise triggers, or those of a dispatch
  TokenIds token_set;                      // kToken: the token; else what is excluded
  bool at_least_one = false, stop_after_first = false, loop = true;
  uint32_t min = 0, max = kUnbounded;
  uint32_t max_tokens = kUnbounded, max_chars = kUnbounded;
  // Found by settle_tags: the innermost tags around it that end with a text, and with a token; of a
  // tag that a trigger leads to, which one.
  TagId text_tag = kNoTag, token_tag = kNoTag;
  uint32_t trigger = 0;
};

// By TagId; the first is the whole.
using TagFormats = std::vector<TagFormat>;

// Tells of the names of special tokens in texts that are output, which are never the tokens.
void note_tag_texts(const JsonDocument& doc, const TagFormats& formats, SourceNotes* notes);
// Finds what formats say of each other; an error where they contradict.
MaybeError settle_tags(const JsonDocument& doc, TagFormats* formats);

}  // namespace xgr::core

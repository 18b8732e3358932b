// A family of chat models: how its replies are written, as data.
//
// A family is one JSON file (families/NAME.json, described by families/family.schema.json). Those
// of the library are compiled into it; a caller may bring others. Constraint and reader of replies
// both follow the same value.
//
//   Result<Family> f = find_family("qwen_3_coder", Limits{});
//   f.value().call     // "<tool_call>\n<function=", name, ">\n", arguments in qwen_xml, ...
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/limits.h"
#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

enum class PartKind : uint8_t {
  kText,       // as it stands
  kName,       // of the function
  kArguments,  // of the call, in a style
  kIndex,      // decimal digits
  kId,         // of the call, by a pattern
  kSpace,      // any white space
  kOptional,   // of[0], or nothing
  kOneOf,      // one of `of`
};

struct FamilyPart;
// What is written, part by part; none: nothing.
using FamilyMarker = std::vector<FamilyPart>;

struct FamilyPart {
  PartKind kind = PartKind::kText;
  std::string text;                   // kText; the pattern of kId; the style of kArguments
  bool quoted = false;                // kName: as a JSON string
  std::vector<std::string> excludes;  // kArguments: what no string contains
  bool own_lines = false;  // kArguments: a line feed on each side of a value is not part of it
  std::vector<std::string> markers;  // kArguments: those that the style itself writes
  std::vector<FamilyMarker> of;
};

struct FamilyEnd {
  std::string text;
  bool implicit = false;  // what follows begins with it
};

// A block of reasoning, text or answer. Without ends it lasts as long as the reply.
struct FamilyFrame {
  FamilyMarker begin;
  std::vector<FamilyEnd> ends;
};

struct FamilyReasoning : FamilyFrame {
  FamilyMarker after;      // behind an end that is no implicit one
  bool in_prompt = false;  // unless a request says otherwise, the prompt ends inside of the block
  bool calls = false;      // calls may stand inside
  FamilyMarker off;        // what a reply without reasoning may begin with
};

struct FamilyText : FamilyFrame {
  std::vector<std::string> excludes;
  bool required = false;   // layout kBlocks: always there
  bool in_prompt = false;  // without reasoning, the prompt ends inside of it
};

// What stands around and between the calls.
struct FamilySection {
  FamilyMarker begin, separator, end;
};

struct FamilySuffix {
  std::string of;           // the marker to look for in the vocabulary
  std::string after;        // how markers end
  std::string begins_with;  // how a suffix begins
};

enum class FamilyLayout : uint8_t {
  kInline,    // text, and calls anywhere in it
  kBlocks,    // one block of text, then one section of calls
  kMessages,  // reasoning, texts and calls in any order, with a separator
};

// How much of a call text never contains.
enum class FamilyTrigger : uint8_t {
  kBegin,  // the beginning of the section, or of a call without one
  kCall,   // up to the name
  kName,   // with the name
};

struct Family {
  std::string name;
  std::vector<std::string> aliases;
  std::string models;  // for people
  FamilyLayout layout = FamilyLayout::kInline;
  std::string separator;  // layout kMessages
  std::optional<FamilyReasoning> reasoning;
  std::vector<FamilyText> texts;        // at least one; {} is text without a frame
  std::vector<FamilySection> sections;  // forms; none: calls stand alone
  FamilyMarker call;                    // none: the family has no calls
  FamilyMarker builtin_call;            // none: as `call`
  FamilyTrigger trigger = FamilyTrigger::kBegin;
  bool calls_last = false;            // nothing follows the calls
  bool one_call = false;              // a reply has at most one
  std::optional<FamilyFrame> answer;  // none: as the first of `texts`
  FamilyMarker turn_end;
  std::vector<std::string> markers;  // words that text does not contain
  std::optional<FamilySuffix> suffix;
  std::vector<std::string> stop;  // tokens that end a reply
};

// Reads the text of a family file, of a response template, or of a tokenizer_config.json that has
// one. The error has a JSON Pointer into it.
Result<Family> read_family(std::string_view text, const Limits& limits);

// One that is compiled in.
struct FamilyFile {
  std::string_view name, text;
};
// By name, ascending.
std::span<const FamilyFile> family_files();

// By the name or an alias of a family of the library, or, if it begins with '{', by the text of a
// file. The error lists the names.
Result<Family> find_family(std::string_view name_or_text, const Limits& limits);

// The same family with `suffix` in each of its markers.
Family with_suffix(const Family& family, std::string_view suffix);
// The suffix that the markers have in a vocabulary; "" where it has none, or the family none.
std::string suffix_in(const Family& family, const Tokenizer& tokenizer);

}  // namespace xgr::core

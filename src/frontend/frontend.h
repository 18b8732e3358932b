// Front door of the front ends: source text in, Grammar out.
//
// Every parser is iterative or bounded by Limits::max_nesting, reads untrusted text of any content,
// and reports position (line and column, byte offset, JSON Pointer).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/grammar.h"
#include "grammar/token_ids.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

class SourceNotes;  // frontend/source_notes.h

enum class JsonEscapes : uint8_t {
  kAny,      // all that RFC 8259 has
  kMinimal,  // those it requires: every string has one spelling
};

struct JsonFormatOptions {
  bool any_whitespace = true;   // any run of RFC 8259 white space at every gap
  int32_t max_whitespace = -1;  // at most this many at a gap; -1 unbounded
  // Of a number that the schema does not list: at most so many digits in a row; -1 unbounded.
  int32_t max_digits = -1;
  int32_t indent = -1;          // with any_whitespace off: spaces a level; -1 one line
  bool has_separators = false;  // with any_whitespace off
  std::string item_separator;   // default ", " (or "," with indent)
  std::string key_separator;    // default ": "
  JsonEscapes escapes = JsonEscapes::kAny;
};

enum class FormatPolicy : uint8_t {
  kEnforce,        // formats of the standard; other names are annotations
  kRefuseUnknown,  // other names are errors
  kIgnore,         // all are annotations
};

// What becomes of names that the draft of a schema gives no meaning.
enum class UnknownKeywords : uint8_t {
  kIgnore,
  kRefuse,  // they are errors, but for x-...
};

// How the parameters of a tool call are written: the members of the object that a schema describes,
// without its braces. Values inside them are JSON unless the style nests.
enum class ArgumentStyle : uint8_t {
  kJson,          // no parameters: JSON
  kQwenXml,       // <parameter=K>V</parameter>
  kMinimaxXml,    // <parameter name="K">V</parameter>
  kMinimaxM3Xml,  // <K>V</K>, each tag after ]<]minimax[>[, at every depth
  kDeepseekXml,   // <|DSML|parameter name="K" string="true">V</|DSML|parameter>, with wide bars
  kDeepseekV41Xml,
  kGlmXml,         // <arg_key>K</arg_key><arg_value>V</arg_value>
  kGlm45Xml,       // the same, a line each
  kCohereXml,      // <cofl:value name="K" type="raw">V</cofl:value>, at every depth
  kKimiK3Xml,      // <|open|>argument key="K" type="string"<|sep|>V<|close|>argument<|sep|>
  kGemma,          // {K:<|"|>V<|"|>,K:1}, keys without quotes at every depth
  kFunctionGemma,  // {K:<escape>V<escape>,K:1}
  kPython,         // K='V', K=None
  kPythonJson,     // and true, false, null
  kAtemXml,        // <atem:parameter name="K">V</atem:parameter>
  kGcmlXml,        // as kDeepseekXml, with GCML
  kSteptmlXml,     // <steptml:parameter name="K">V</steptml:parameter>
  kIfmXml,         // <ifm|arg_key>K</ifm|arg_key><ifm|arg_value>V</ifm|arg_value>
  kIfmXmlTyped,    // with <ifm|arg_type>T</ifm|arg_type> between
  kMinicpmXml,     // <param name="K">V</param>, V also as CDATA
};

// Whether a text is a notation of arguments for families that have no style: a JSON object with the
// members of ArgumentNotation (frontend/json_schema/argument_notation.h).
MaybeError check_argument_notation(std::string_view json, const Limits& limits);

// The style of a name; names are "json", "qwen_xml", ... The error lists them all.
Result<ArgumentStyle> argument_style(std::string_view name);

// A schema that references may lead to. The views live as long as the call that reads them.
struct RemoteSchema {
  std::string_view uri, text;
};

// A text that an argument style writes as one token, where it writes markers.
struct TokenMarker {
  std::string text;
  TokenIds ids;
  bool operator==(const TokenMarker&) const = default;
};

struct JsonSchemaOptions {
  JsonFormatOptions format;
  bool strict = false;        // objects and arrays closed unless the schema opens them
  bool any_order = false;     // of properties; otherwise as the schema declares them
  bool unique_names = false;  // undeclared names of an object differ; declared ones always do
  FormatPolicy formats = FormatPolicy::kEnforce;
  int32_t draft = 0;  // of schemas without $schema: 4, 6, 7, 2019, 2020; 0: 2020-12,
                      // and keywords of other drafts count as well
  std::vector<RemoteSchema> remotes;
  bool lenient = false;  // keywords that cannot be enforced are left out, not refused
  UnknownKeywords unknown_keywords = UnknownKeywords::kIgnore;
  SourceNotes* notes = nullptr;  // gets keywords that are not enforced; null: nobody asks
  ArgumentStyle style = ArgumentStyle::kJson;
  std::string notation;  // JSON; not empty: in place of the style, see check_argument_notation
  std::vector<std::string> excludes;  // texts that neither strings nor names contain as written
  std::vector<TokenMarker> token_markers;  // of the style; others are written as text
};

enum class EbnfDialect : uint8_t {
  kAuto,  // GBNF where something only GBNF has stands in the text and nothing it has not; else EBNF
  kEbnf,
  kGbnf,  // as llama.cpp reads it
};

struct EbnfOptions {
  EbnfDialect dialect = EbnfDialect::kAuto;
  // The tokens that <name>, with its brackets, stands for. None: names of tokens are refused.
  std::function<Result<TokenIds>(std::string_view)> token_ids;
  SourceNotes* notes = nullptr;  // gets texts that are names of special tokens; null: nobody asks
};

enum class RegexDialect : uint8_t {
  kPcre,  // the regular part of PCRE2
  kEcma,  // ECMA-262 with the flag u, and the Annex B habits that do not contradict it
};

// How a pattern is read; the flags are those that the pattern itself may switch as well.
struct RegexOptions {
  RegexDialect dialect = RegexDialect::kPcre;
  bool search = false;           // the text contains a match; otherwise all of it is one
  bool dot_all = true;           // s: a dot matches line ends too
  bool caseless = false;         // i
  bool multiline = false;        // m: ^ and $ match at line ends inside the text
  bool extended = false;         // x: white space and # comments do not count
  SourceNotes* notes = nullptr;  // as in EbnfOptions

  // `pattern` of a JSON Schema.
  static RegexOptions json_schema() {
    return {RegexDialect::kEcma, true, false, false, false, false};
  }
};

enum class KeywordOutcome : uint8_t {
  kEnforced,
  kIgnored,       // it asserts nothing where it stands
  kApproximated,  // left out: invalid documents may pass, no valid one is lost
  kRefused,       // the schema cannot be compiled because of it
};

// What becomes of one keyword of a schema.
struct KeywordReport {
  KeywordOutcome outcome;
  std::string keyword;
  std::string pointer;   // as Error::json_pointer
  std::string reason;    // empty when enforced
  bool unknown = false;  // JsonSchemaOptions::unknown_keywords decides whether it is refused
};

struct LarkNamedSource {
  std::string name, text;
};

struct LarkOptions {
  JsonSchemaOptions json;  // of every %json
  // Lark grammars that @name may name; they may name each other.
  std::vector<LarkNamedSource> named_sources;
  // Builds the language of any other @name into the grammar. Null: there are no others.
  std::function<Result<Expr>(Grammar&, std::string_view name)> named_grammar;
  // The tokens that <name> stands for, by the name with its brackets. Null: no tokenizer is known.
  std::function<Result<TokenIds>(std::string_view name)> special_token;
  SourceNotes* notes = nullptr;  // as in EbnfOptions; also those of every %json
};

struct StructuralTagOptions {
  // Of every schema in it, but for what a format itself says; closed unless the schema opens them.
  JsonSchemaOptions json = closed_schemas();
  // The tokens that a text names. Null: no tokenizer is known, and tokens are given by their ids.
  std::function<Result<TokenIds>(std::string_view text)> special_token = nullptr;
  uint32_t token_count = kMaxTokenId + 1;  // ids below it exist
  TokenIds stop_tokens = {};               // end the output, and are no part of it
  SourceNotes* notes = nullptr;  // as in EbnfOptions; also those of every schema and grammar

  static JsonSchemaOptions closed_schemas() {
    JsonSchemaOptions options;
    options.strict = true;
    return options;
  }
};

// EBNF / GBNF text.
Result<Grammar> parse_ebnf(std::string_view text, std::string_view root_rule, const Limits& limits);
Result<Grammar> parse_ebnf(std::string_view text, std::string_view root_rule,
                           const EbnfOptions& options, const Limits& limits);
// Regular expression; without options matched as a whole.
Result<Grammar> parse_regex(std::string_view pattern, const RegexOptions& options,
                            const Limits& limits);
Result<Grammar> parse_regex(std::string_view pattern, const Limits& limits);
// JSON Schema text (drafts 4 to 2020-12).
Result<Grammar> parse_json_schema(std::string_view schema, const JsonSchemaOptions& options,
                                  const Limits& limits);
// What to tell of a schema whose grammar has no string, as `error` says: which keywords are to blame.
// `error` itself when the schema alone is not.
Error explain_no_valid_value(Error error, std::string_view schema, const JsonSchemaOptions& options,
                             const Limits& limits);
// Lark text, from its rule `start`.
Result<Grammar> parse_lark(std::string_view text, const LarkOptions& options, const Limits& limits);
// JSON text of a structural tag: free text, and what triggers in it lead to.
Result<Grammar> parse_structural_tag(std::string_view text, const StructuralTagOptions& options,
                                     const Limits& limits);
// What to tell of one whose grammar has no string, as `error` says: which schema in it is to blame.
// `error` itself when none is.
Error explain_no_output(Error error, std::string_view text, const StructuralTagOptions& options,
                        const Limits& limits);
// The same language as EBNF text.
Result<std::string> lark_to_ebnf(std::string_view text, const LarkOptions& options,
                                 const Limits& limits);
// What becomes of each keyword that a document is compared with, in the order of the document.
Result<std::vector<KeywordReport>> check_json_schema(std::string_view schema,
                                                     const JsonSchemaOptions& options,
                                                     const Limits& limits);
// Any JSON document (RFC 8259).
Result<Grammar> make_json_grammar(const JsonFormatOptions& format);

// For embedding: adds the rules of `text` to an existing grammar, under other names where theirs are
// taken, and gives the expression of `root_rule`. After an error the grammar is of no use.
Result<Expr> ebnf_expr(Grammar& grammar, std::string_view text, std::string_view root_rule,
                       const Limits& limits);
Result<Expr> ebnf_expr(Grammar& grammar, std::string_view text, std::string_view root_rule,
                       const EbnfOptions& options, const Limits& limits);

// For embedding: adds the language of `pattern` to an existing grammar.
Result<Expr> regex_expr(Grammar& grammar, std::string_view pattern, const RegexOptions& options,
                        const Limits& limits);
// Likewise the language of Lark text.
Result<Expr> lark_expr(Grammar& grammar, std::string_view text, const LarkOptions& options,
                       const Limits& limits);
// Likewise that of a structural tag.
Result<Expr> structural_tag_expr(Grammar& grammar, std::string_view text,
                                 const StructuralTagOptions& options, const Limits& limits);
// Likewise the documents of a schema, and any JSON document.
Result<Expr> json_schema_expr(Grammar& grammar, std::string_view schema,
                              const JsonSchemaOptions& options, const Limits& limits);
Result<Expr> json_expr(Grammar& grammar, const JsonFormatOptions& format);

}  // namespace xgr::core

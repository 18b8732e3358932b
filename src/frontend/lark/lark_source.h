// Lark text as read: scopes of definitions, each with the nodes of its expression.
//
// Nothing is nested here. The nodes of a definition lie side by side, operands before what they are
// operands of, so that one pass over them computes its expression. A nested grammar is a scope of
// its own, and so are a named grammar and the library of common terminals.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/lark/lark_lexer.h"

namespace xgr::core {

inline constexpr uint32_t kNoLark = UINT32_MAX;

enum class LarkNodeKind : uint8_t {
  kEmpty,  // no text
  kString,
  kRange,  // first character begin..a, last b..end
  kRegex,
  kSubstring,  // %regex; the JSON value is begin..end
  kJson,       // %json; likewise
  kName,       // of a rule, a terminal or a parameter
  kTemplate,   // a use of one; the name is a..b, operands are the arguments
  kScope,      // %lark {...}, or @name of a source; the scope is a
  kNamed,      // @name
  kSpecial,    // <name>
  kTokenIds,   // <[...]>
  kSequence,
  kChoice,
  kBoth,    // what all operands match
  kNot,     // what the operand does not match
  kRepeat,  // a to b times
};

struct LarkNode {
  LarkNodeKind kind;
  uint32_t begin, end;            // in the text
  uint32_t first = 0, count = 0;  // operands: indexes of nodes, in LarkSource::operands
  uint32_t a = 0, b = 0;
};

enum class LarkMarker : uint8_t { kNone, kSuffix, kStop };

struct LarkAttributes {
  bool lazy = false;
  uint32_t max_tokens = 0;  // 0: none
  int64_t max_chars = -1;   // -1: none
  float temperature = -1;   // negative: none
  std::string capture;      // empty: none
  LarkMarker marker_kind = LarkMarker::kNone;
  uint32_t marker = kNoLark;  // a definition
  std::string stop_capture;   // empty: none
  uint32_t offset = 0;        // of the bracket

  // Such a rule is one lexeme: text to be skipped may follow it, but stands nowhere inside.
  bool whole() const { return lazy || marker_kind != LarkMarker::kNone || temperature >= 0; }
};

enum class LarkDefinitionKind : uint8_t { kRule, kTerminal, kTemplate };

struct LarkDefinition {
  LarkDefinitionKind kind;
  std::string_view name;
  uint32_t offset;  // of the name
  uint32_t scope;
  uint32_t first = 0, last = 0;  // nodes; the last is the whole
  std::vector<std::string_view> parameters = {};
  std::shared_ptr<const LarkAttributes> attributes = nullptr;  // null: none
};

struct LarkScope {
  std::string_view text;
  std::string title;    // "" or "@name", for messages
  uint32_t offset = 0;  // where it begins
  bool initial_skip = false;
  bool library = false;
  std::vector<uint32_t> ignored = {};                            // definitions of terminals
  std::unordered_map<std::string_view, uint32_t> names = {};     // -> definition
  std::unordered_map<std::string_view, uint32_t> declared = {};  // %declare -> offset
  std::unordered_map<uint32_t, uint32_t> used = {};  // scopes inside -> offset of what leads there
};

struct LarkSource {
  std::vector<LarkNode> nodes;
  std::vector<uint32_t> operands;
  std::vector<LarkDefinition> definitions;
  std::vector<LarkScope> scopes;  // the first is the whole

  std::string_view spelling(const LarkScope& scope, const LarkNode& node) const {
    return scope.text.substr(node.begin, node.end - node.begin);
  }
  // An error at an offset of the text of a scope.
  Error error(Status code, std::string message, uint32_t scope, size_t offset) const {
    const LarkScope& s = scopes[scope];
    if (!s.title.empty()) message = "in " + s.title + ": " + message;
    return error_at(code, std::move(message), s.text, offset);
  }
};

// Reads `text`, the library when something is imported, and the sources that @names lead to.
// `options` and `text` outlive the result.
Result<LarkSource> read_lark(std::string_view text, const LarkOptions& options,
                             const Limits& limits);

}  // namespace xgr::core

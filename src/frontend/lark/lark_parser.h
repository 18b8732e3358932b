// Parsers of the parts of Lark text, over the tokens of one document.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "frontend/lark/lark_source.h"

namespace xgr::core {

struct LarkDocument {
  std::string_view text;
  std::vector<LarkToken> tokens;
};

// What nested and named grammars are found through while expressions are read.
class LarkScopes {
 public:
  virtual ~LarkScopes() = default;
  // The scope of %lark whose opening brace is token `brace`.
  virtual Result<uint32_t> nested(const LarkDocument& document, uint32_t brace, uint32_t from) = 0;
  // The scope of @name; kNoLark when it is not a source.
  virtual Result<uint32_t> named(std::string_view name, uint32_t from, uint32_t offset) = 0;
};

// A position among tokens, and errors there.
class LarkCursor {
 public:
  LarkCursor(const LarkDocument& document, const LarkSource& source, uint32_t scope, uint32_t begin,
             uint32_t end)
      : document_(document), source_(source), scope_(scope), at(begin), end_(end) {}

  const LarkDocument& document() const { return document_; }
  uint32_t scope() const { return scope_; }
  bool at_end() const { return at >= end_; }
  // Beyond the last token of the scope there are only ends.
  const LarkToken& token(uint32_t ahead = 0) const {
    return at + ahead < end_ ? document_.tokens[at + ahead] : end_token();
  }
  LarkTokenKind kind(uint32_t ahead = 0) const {
    return at + ahead < end_ ? document_.tokens[at + ahead].kind : LarkTokenKind::kEnd;
  }
  std::string_view spelling(const LarkToken& t) const {
    return document_.text.substr(t.begin, t.end - t.begin);
  }
  std::string_view spelling() const { return spelling(token()); }
  bool take(LarkTokenKind k) {
    if (kind() != k) return false;
    ++at;
    return true;
  }
  Error error(Status code, std::string message, size_t offset) const {
    return source_.error(code, std::move(message), scope_, offset);
  }
  Error malformed(std::string message, size_t offset) const {
    return error(Status::kInvalidSource, std::move(message), offset);
  }
  Error expected(const std::string& what) const {
    return malformed("expected " + what + ", found " + found(), token().begin);
  }
  std::string found() const;

 private:
  const LarkToken& end_token() const { return document_.tokens[end_]; }
  const LarkDocument& document_;
  const LarkSource& source_;
  uint32_t scope_;

 public:
  uint32_t at;

 private:
  uint32_t end_;
};

// Reads the alternatives at the cursor, up to the end of the item; appends their nodes to `source`.
class LarkExpressions {
 public:
  LarkExpressions(LarkSource& source, LarkScopes& scopes, const Limits& limits)
      : source_(source), scopes_(scopes), limits_(limits) {}
  MaybeError read(LarkCursor& cursor);
  // Only one string, regular expression or name.
  MaybeError read_single(LarkCursor& cursor);

 private:
  using Kind = LarkTokenKind;
  // An open group, the arguments of a template, or the whole.
  struct Frame {
    Kind open;       // kEnd: the whole; kOpen, kOpenSquare; kOpenBrace: arguments
    uint32_t begin;  // offset; of a template's name
    uint32_t name_end;
    size_t parts, branches;  // where its elements and alternatives begin on the stacks
    size_t arguments;
    bool branch_done = false;  // the current alternative is on the stack of alternatives already
    bool barred = false;       // a '|' was seen
    bool negated = false;      // a '~' waits for its element
    uint32_t tilde = 0;        // its offset
    uint32_t ampersand = 0;    // offset of the last '&'
    size_t met = 0;            // where the operands of '&' begin on their stack
  };

  uint32_t add(LarkNode node, const uint32_t* operands, size_t count);
  uint32_t add(LarkNodeKind kind, const LarkToken& t) {
    return add({kind, t.begin, t.end}, nullptr, 0);
  }
  bool at_item_end(const LarkCursor& c) const;
  MaybeError step(LarkCursor& c);
  MaybeError literal(LarkCursor& c);
  MaybeError name(LarkCursor& c);
  MaybeError directive(LarkCursor& c);
  MaybeError named(LarkCursor& c);
  MaybeError open(LarkCursor& c);
  MaybeError close(LarkCursor& c);
  MaybeError close_arguments(LarkCursor& c);
  MaybeError comma(LarkCursor& c);
  MaybeError alias(LarkCursor& c);
  MaybeError ampersand(LarkCursor& c);
  MaybeError check_operators(const LarkCursor& c) const;
  MaybeError element(LarkCursor& c, uint32_t node, bool optional = false);
  MaybeError take_repetition(LarkCursor& c, uint32_t* min, uint32_t* max);
  MaybeError take_count(LarkCursor& c, uint32_t* value, bool* present);
  uint32_t end_sequence(const LarkCursor& c);
  void end_branch(const LarkCursor& c);
  uint32_t end_frame(const LarkCursor& c);
  bool stands_alone(const LarkCursor& c) const;
  MaybeError push_frame(const LarkCursor& c, Frame frame);

  LarkSource& source_;
  LarkScopes& scopes_;
  const Limits& limits_;
  std::vector<Frame> frames_;
  std::vector<uint32_t> parts_, branches_, arguments_, met_;
};

// [lazy, capture="x", ...] at the cursor. The marker becomes a definition.
Result<std::shared_ptr<const LarkAttributes>> read_lark_attributes(LarkCursor& cursor,
                                                                   LarkSource& source,
                                                                   LarkExpressions& expressions,
                                                                   std::string_view rule);

// A terminal's name begins with a capital letter, behind underscores.
bool is_terminal_name(std::string_view name);
// ?name.2{a, b}[lazy]: up to the colon.
Result<LarkDefinition> read_lark_head(LarkCursor& cursor, LarkSource& source,
                                      LarkExpressions& expressions);
// The JSON value behind %grammar_options.
MaybeError read_lark_options(LarkCursor& cursor, LarkScope* scope, const Limits& limits);

// The library that %import common names: a Lark text.
std::string_view lark_common();

}  // namespace xgr::core

// Reads what stands behind the colon of a Lark rule.
//
// Entry points: LarkExpressions::read, read_single (lark_parser.h). There is no recursion: open
// groups are frames on a stack, and the elements and alternatives of all of them share two more. A
// group that is not repeated leaves its elements where they are, as if its brackets were not
// written, which keeps a tower of 100,000 groups linear. A nested grammar is passed over here and
// read later, as a scope of its own.
//
//   "a" (B | c)* -> name      nodes: "a", B, c, choice(B c), repeat, sequence
//
// '~' binds closest, then repetitions, then neighbours, then '&', then '|'.
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include <string>

#include "frontend/lark/lark_parser.h"
#include "frontend/source_text.h"

namespace xgr::core {

std::string LarkCursor::found() const {
  const LarkToken& t = token();
  if (at >= end_) return t.kind == LarkTokenKind::kEnd ? "end of text" : "the end, '}'";
  if (t.kind == LarkTokenKind::kNewline) return "end of line";
  if (t.kind == LarkTokenKind::kOther) return show_character(document_.text, t.begin);
  return "'" + show_text(spelling(t)) + "'";
}

uint32_t LarkExpressions::add(LarkNode node, const uint32_t* operands, size_t count) {
  node.first = static_cast<uint32_t>(source_.operands.size());
  node.count = static_cast<uint32_t>(count);
  source_.operands.insert(source_.operands.end(), operands, operands + count);
  source_.nodes.push_back(node);
  return static_cast<uint32_t>(source_.nodes.size() - 1);
}

// A line end ends the item unless the next line begins with '|' or '&'.
bool LarkExpressions::at_item_end(const LarkCursor& c) const {
  if (c.kind() == Kind::kEnd) return true;
  return c.kind() == Kind::kNewline && c.kind(1) != Kind::kBar && c.kind(1) != Kind::kAmpersand;
}

MaybeError LarkExpressions::read(LarkCursor& c) {
  parts_.clear();
  branches_.clear();
  arguments_.clear();
  met_.clear();
  frames_.assign(1, Frame{Kind::kEnd, c.token().begin, 0, 0, 0, 0});
  while (!at_item_end(c)) {
    if (MaybeError e = step(c)) return e;
  }
  if (MaybeError e = check_operators(c)) return e;
  uint32_t whole = end_frame(c);
  // The whole has to be the last node, also when all of it was read before.
  if (whole + 1 != source_.nodes.size())
    add({LarkNodeKind::kSequence, c.token().begin, c.token().begin}, &whole, 1);
  return std::nullopt;
}

MaybeError LarkExpressions::read_single(LarkCursor& c) {
  LarkNodeKind kind = c.kind() == Kind::kString  ? LarkNodeKind::kString
                      : c.kind() == Kind::kRegex ? LarkNodeKind::kRegex
                                                 : LarkNodeKind::kName;
  if (c.kind() != Kind::kString && c.kind() != Kind::kRegex && c.kind() != Kind::kName) {
    return c.expected("\"text\", /regex/ or the name of a terminal");
  }
  add(kind, c.token());
  ++c.at;
  return std::nullopt;
}

MaybeError LarkExpressions::step(LarkCursor& c) {
  if (MaybeError e = check_operators(c)) return e;
  switch (c.kind()) {
    case Kind::kString:
    case Kind::kRegex:
      return literal(c);
    case Kind::kName:
      return name(c);
    case Kind::kDirective:
      return directive(c);
    case Kind::kNamed:
      return named(c);
    case Kind::kSpecial:
    case Kind::kTokenIds: {
      bool ids = c.kind() == Kind::kTokenIds;
      uint32_t node = add(ids ? LarkNodeKind::kTokenIds : LarkNodeKind::kSpecial, c.token());
      ++c.at;
      return element(c, node);
    }
    case Kind::kOpen:
    case Kind::kOpenSquare:
      return open(c);
    case Kind::kClose:
    case Kind::kCloseSquare:
      return close(c);
    case Kind::kCloseBrace:
      return close_arguments(c);
    case Kind::kComma:
      return comma(c);
    case Kind::kArrow:
      return alias(c);
    case Kind::kNewline:  // in front of '|' or '&'
      ++c.at;
      return std::nullopt;
    case Kind::kBar:
      ++c.at;
      end_branch(c);
      frames_.back().branch_done = false;
      frames_.back().barred = true;
      return std::nullopt;
    case Kind::kStar:
    case Kind::kPlus:
    case Kind::kQuestion:
    case Kind::kOpenBrace:
      return c.malformed(c.found() +
                             " has no element to repeat before it; after another repetition, "
                             "write a group: (x+)*",
                         c.token().begin);
    case Kind::kAmpersand:
      return ampersand(c);
    case Kind::kTilde:
      frames_.back().negated = true;
      frames_.back().tilde = c.token().begin;
      ++c.at;
      return std::nullopt;
    case Kind::kColon:
      return c.malformed(
          "unexpected ':'; a rule begins on a line of its own, and parameters such "
          "as name::0 are not supported",
          c.token().begin);
    default:
      return c.expected(
          "an element: a name, \"text\", /regex/, '(', '[', %json, %lark, @name or "
          "<token>");
  }
}

// What '~' and '&' are written for has to come.
MaybeError LarkExpressions::check_operators(const LarkCursor& c) const {
  switch (c.kind()) {
    case Kind::kString:
    case Kind::kRegex:
    case Kind::kName:
    case Kind::kDirective:
    case Kind::kNamed:
    case Kind::kSpecial:
    case Kind::kTokenIds:
    case Kind::kOpen:
    case Kind::kOpenSquare:
      return std::nullopt;
    default:
      break;
  }
  const Frame& frame = frames_.back();
  if (frame.negated)
    return c.expected("an element behind '~': a terminal, \"text\", /regex/ or a group");
  const bool waits = met_.size() > frame.met && parts_.size() == frame.parts;
  if (!waits || c.kind() == Kind::kTilde) return std::nullopt;
  return c.expected("an element behind '&'");
}

MaybeError LarkExpressions::ampersand(LarkCursor& c) {
  if (parts_.size() == frames_.back().parts) return c.expected("an element in front of '&'");
  met_.push_back(end_sequence(c));
  frames_.back().ampersand = c.token().begin;
  ++c.at;
  return std::nullopt;
}

MaybeError LarkExpressions::literal(LarkCursor& c) {
  const LarkToken t = c.token();
  ++c.at;
  if (t.kind == Kind::kRegex) return element(c, add(LarkNodeKind::kRegex, t));
  if (c.kind() != Kind::kRange) return element(c, add(LarkNodeKind::kString, t));
  ++c.at;
  if (c.kind() != Kind::kString)
    return c.expected("the last character of the range, such as \"z\"");
  const LarkToken last = c.token();
  ++c.at;
  LarkNode node{LarkNodeKind::kRange, t.begin, last.end};
  node.a = t.end;
  node.b = last.begin;
  return element(c, add(node, nullptr, 0));
}

MaybeError LarkExpressions::name(LarkCursor& c) {
  const LarkToken t = c.token();
  bool braced = c.kind(1) == Kind::kOpenBrace && c.token(1).begin == t.end;
  bool count = c.kind(2) == Kind::kNumber || c.kind(2) == Kind::kComma ||
               (c.kind(2) == Kind::kOther && c.document().text[c.token(2).begin] == '-');
  if (!braced || count) {
    ++c.at;
    return element(c, add(LarkNodeKind::kName, t));
  }
  c.at += 2;
  return push_frame(
      c, {Kind::kOpenBrace, t.begin, t.end, parts_.size(), branches_.size(), arguments_.size()});
}

MaybeError LarkExpressions::directive(LarkCursor& c) {
  std::string_view what = c.spelling();
  if (what == "%json" || what == "%regex") {
    LarkNodeKind kind = what == "%json" ? LarkNodeKind::kJson : LarkNodeKind::kSubstring;
    ++c.at;
    uint32_t node = add(kind, c.token());
    ++c.at;
    return element(c, node);
  }
  if (what != "%lark") {
    return c.error(
        Status::kUnsupported,
        show_text(what) + " is not known inside a rule; known are %json, %regex and %lark",
        c.token().begin);
  }
  const LarkToken begin = c.token();
  ++c.at;
  if (c.kind() != Kind::kOpenBrace) return c.expected("'{' and a grammar behind %lark");
  const LarkToken brace = c.token();
  Result<uint32_t> scope = scopes_.nested(c.document(), c.at, c.scope());
  if (!scope.ok()) return std::move(scope.error());
  c.at = brace.match + 1;
  LarkNode node{LarkNodeKind::kScope, begin.begin, brace.end};
  node.a = scope.value();
  return element(c, add(node, nullptr, 0));
}

MaybeError LarkExpressions::named(LarkCursor& c) {
  const LarkToken t = c.token();
  Result<uint32_t> scope = scopes_.named(c.spelling().substr(1), c.scope(), t.begin);
  if (!scope.ok()) return std::move(scope.error());
  bool found = scope.value() != kNoLark;
  LarkNode node{found ? LarkNodeKind::kScope : LarkNodeKind::kNamed, t.begin, t.end};
  node.a = scope.value();
  ++c.at;
  return element(c, add(node, nullptr, 0));
}

MaybeError LarkExpressions::alias(LarkCursor& c) {
  if (frames_.size() > 1) {
    return c.malformed("an alias -> name stands behind an alternative of a rule, not in a group",
                       c.token().begin);
  }
  ++c.at;
  if (!c.take(Kind::kName)) return c.expected("the name of an alias behind ->");
  if (c.kind() != Kind::kBar && c.kind() != Kind::kEnd && c.kind() != Kind::kNewline) {
    return c.expected("'|' or the end of the line behind an alias");
  }
  return std::nullopt;
}

// Adds an element of the current alternative, with the '~' before and the repetition behind it.
MaybeError LarkExpressions::element(LarkCursor& c, uint32_t node, bool optional) {
  uint32_t min = 1, max = 1;
  const uint32_t before = c.at;
  const LarkToken t = c.token();
  if (MaybeError e = take_repetition(c, &min, &max)) return e;
  if (optional) {
    LarkNode maybe{LarkNodeKind::kRepeat, t.begin, t.begin};
    maybe.b = 1;
    node = add(maybe, &node, 1);
  }
  if (frames_.back().negated) {
    frames_.back().negated = false;
    node = add({LarkNodeKind::kNot, frames_.back().tilde, t.begin}, &node, 1);
  }
  if (before != c.at) {
    LarkNode repeat{LarkNodeKind::kRepeat, t.begin, t.end};
    repeat.a = min;
    repeat.b = max;
    node = add(repeat, &node, 1);
  }
  parts_.push_back(node);
  return std::nullopt;
}

}  // namespace xgr::core

// Groups and arguments of Lark expressions.
//
// Entry points: LarkExpressions::open, close, comma, close_arguments (lark_parser.h). A frame
// remembers where its elements and alternatives begin on the stacks that all frames share; closing
// it folds them into one node, or leaves them to the frame around it when that says the same.
//
//   ("a" "b") "c"  ->  a sequence of three        x | ("a" | "b")  ->  a choice of three
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include "frontend/lark/lark_parser.h"

#include "support/error_text.h"

namespace xgr::core {

MaybeError LarkExpressions::push_frame(const LarkCursor& c, Frame frame) {
  if (frames_.size() > limits_.max_nesting) {
    return c.error(Status::kLimitExceeded,
                   "groups are nested deeper than " + limit_text("max_nesting", limits_.max_nesting,
                                                                 "move inner groups into rules"),
                   frame.begin);
  }
  frames_.push_back(frame);
  frames_.back().met = met_.size();
  return std::nullopt;
}

MaybeError LarkExpressions::open(LarkCursor& c) {
  const LarkToken t = c.token();
  ++c.at;
  return push_frame(c,
                    {t.kind, t.begin, t.end, parts_.size(), branches_.size(), arguments_.size()});
}

// The group just closed is a whole alternative of the group around it.
bool LarkExpressions::stands_alone(const LarkCursor& c) const {
  if (parts_.size() != frames_.back().parts || met_.size() != frames_.back().met) return false;
  Kind k = c.kind();
  return k == Kind::kBar || k == Kind::kClose || k == Kind::kCloseSquare || at_item_end(c);
}

MaybeError LarkExpressions::close(LarkCursor& c) {
  const Frame group = frames_.back();  // brackets match, so it is the right one
  bool optional = group.open == Kind::kOpenSquare;
  bool one_branch = !group.barred && met_.size() == group.met && parts_.size() > group.parts;
  if (group.barred) end_branch(c);
  ++c.at;
  uint32_t min = 1, max = 1;
  const uint32_t before = c.at;
  if (MaybeError e = take_repetition(c, &min, &max)) return e;
  bool plain = !optional && before == c.at && !frames_[frames_.size() - 2].negated;
  if (plain && one_branch) {
    frames_.pop_back();
    return std::nullopt;  // its elements continue the outer alternative
  }
  if (plain && group.barred) {
    frames_.pop_back();
    if (stands_alone(c)) {
      frames_.back().branch_done = frames_.back().barred = true;
      return std::nullopt;  // its alternatives become the outer group's
    }
    frames_.push_back(group);
    frames_.back().branch_done = true;
  }
  uint32_t body = end_frame(c);
  frames_.pop_back();
  c.at = before;
  return element(c, body, optional);
}

MaybeError LarkExpressions::close_arguments(LarkCursor& c) {
  if (MaybeError e = comma(c)) return e;
  const Frame frame = frames_.back();
  LarkNode node{LarkNodeKind::kTemplate, frame.begin, c.token().begin};
  node.a = frame.begin;
  node.b = frame.name_end;
  uint32_t use =
      add(node, arguments_.data() + frame.arguments, arguments_.size() - frame.arguments);
  arguments_.resize(frame.arguments);
  frames_.pop_back();
  return element(c, use);
}

// Ends an argument of a template.
MaybeError LarkExpressions::comma(LarkCursor& c) {
  if (frames_.back().open != Kind::kOpenBrace) {
    return c.malformed("',' stands only between the arguments of a template", c.token().begin);
  }
  if (parts_.size() == frames_.back().parts && !frames_.back().barred) {
    return c.expected("an argument of the template");
  }
  uint32_t argument = end_frame(c);
  arguments_.push_back(argument);
  frames_.back().branch_done = frames_.back().barred = false;
  ++c.at;
  return std::nullopt;
}

// The elements since the last '|' or '&' as one node.
uint32_t LarkExpressions::end_sequence(const LarkCursor& c) {
  const Frame& frame = frames_.back();
  size_t count = parts_.size() - frame.parts;
  uint32_t at = c.token().begin;
  uint32_t sequence = count == 1   ? parts_.back()
                      : count == 0 ? add({LarkNodeKind::kEmpty, at, at}, nullptr, 0)
                                   : add({LarkNodeKind::kSequence, frame.begin, at},
                                         parts_.data() + frame.parts, count);
  parts_.resize(frame.parts);
  return sequence;
}

void LarkExpressions::end_branch(const LarkCursor& c) {
  Frame& frame = frames_.back();
  if (frame.branch_done) return;
  uint32_t branch = end_sequence(c);
  if (met_.size() > frame.met) {
    met_.push_back(branch);
    branch = add({LarkNodeKind::kBoth, frame.ampersand, c.token().begin}, met_.data() + frame.met,
                 met_.size() - frame.met);
    met_.resize(frame.met);
  }
  branches_.push_back(branch);
  frame.branch_done = true;
}

// All alternatives of the innermost frame as one node.
uint32_t LarkExpressions::end_frame(const LarkCursor& c) {
  end_branch(c);
  const Frame& frame = frames_.back();
  size_t count = branches_.size() - frame.branches;
  uint32_t whole = count == 1 ? branches_.back()
                              : add({LarkNodeKind::kChoice, frame.begin, c.token().begin},
                                    branches_.data() + frame.branches, count);
  branches_.resize(frame.branches);
  return whole;
}

}  // namespace xgr::core

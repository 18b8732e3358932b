// Markers as programs.
//
// Entry points: MarkerBuilder, first_bytes. A part of a marker becomes one or a few operations;
// alternatives are splits, tried in order at the same time (marker_matcher.cc). Names end where what
// follows them begins, so the bytes that names cannot hold are those that markers like to use.
//
//   "<f=" name ">"  ->  byte <, byte f, byte =, commit, save, class, split, save, byte >
//
// Tests: tests/unit/chat/reply_reader_test.cc, tests/chat/read_replies.cc.
#include "chat/marker_program.h"

#include <algorithm>

namespace xgr::core {
namespace {

MarkerBytes set_of(std::string_view bytes) {
  MarkerBytes set;
  for (char c : bytes) set.set(static_cast<unsigned char>(c));
  return set;
}

MarkerBytes blank_bytes() { return set_of(" \t\r\n"); }
MarkerBytes digit_bytes() { return set_of("0123456789"); }

MarkerBytes name_bytes() {
  MarkerBytes set;
  for (int c = 0x21; c < 256; ++c) set.set(static_cast<size_t>(c));
  return set & ~set_of("\"'<>[]{}()|,=\\\x7F");
}

// Where white space may stand that is not written: beside these, and between > and <.
bool json_punctuation(char c) {
  return std::string_view("{}[]:,").find(c) != std::string_view::npos;
}

}  // namespace

bool is_blank(unsigned char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

MarkerBytes first_bytes(const MarkerProgram& program, uint32_t pc, bool* nullable) {
  MarkerBytes out;
  *nullable = false;
  std::vector<bool> seen(program.ops.size());
  std::vector<uint32_t> work{pc};
  while (!work.empty()) {
    const uint32_t at = work.back();
    work.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const MarkerOp& op = program.ops[at];
    switch (op.kind) {
      case MarkerOpKind::kByte:
        out.set(op.byte);
        break;
      case MarkerOpKind::kClass:
        out |= program.classes[op.x];
        break;
      case MarkerOpKind::kArguments:
        out |= program.classes[op.y];
        break;
      case MarkerOpKind::kMatch:
        *nullable = true;
        break;
      case MarkerOpKind::kSplit:
        work.insert(work.end(), {op.x, op.y});
        break;
      case MarkerOpKind::kJump:
        work.push_back(op.x);
        break;
      default:
        work.push_back(at + 1);
    }
  }
  return out;
}

void MarkerBuilder::Choice::next() {
  if (split_ != UINT32_MAX) {
    jumps_.push_back(b_.add({MarkerOpKind::kJump}));
    b_.program_.ops[split_].y = b_.here();
  }
  split_ = b_.add({MarkerOpKind::kSplit});
  b_.program_.ops[split_].x = b_.program_.ops[split_].y = b_.here();
}

// The last split has no second way: both lead to the way begun last.
void MarkerBuilder::Choice::end() {
  for (uint32_t jump : jumps_) b_.program_.ops[jump].x = b_.here();
}

void MarkerBuilder::commit() {
  if (!committed_) add({MarkerOpKind::kCommit});
  committed_ = true;
}

uint32_t MarkerBuilder::byte_class(const MarkerBytes& set) {
  auto& classes = program_.classes;
  auto it = std::find(classes.begin(), classes.end(), set);
  if (it == classes.end()) it = classes.insert(it, set);
  return static_cast<uint32_t>(it - classes.begin());
}

void MarkerBuilder::literal(std::string_view text) {
  for (char c : text) add({MarkerOpKind::kByte, static_cast<uint8_t>(c)});
}

void MarkerBuilder::spaces() {
  const uint32_t split = add({MarkerOpKind::kSplit});
  add({MarkerOpKind::kClass, 0, byte_class(blank_bytes())});
  add({MarkerOpKind::kJump, 0, split});
  program_.ops[split].x = split + 1;
  program_.ops[split].y = here();
}

void MarkerBuilder::some_of(const MarkerBytes& set, MarkerPart part) {
  add({MarkerOpKind::kSave, 0, 2u * part});
  const uint32_t first = add({MarkerOpKind::kClass, 0, byte_class(set)});
  const uint32_t split = add({MarkerOpKind::kSplit});
  program_.ops[split].x = first;
  program_.ops[split].y = here();
  add({MarkerOpKind::kSave, 0, 2u * part + 1});
}

// Until it is committed to, a text is matched as it stands.
void MarkerBuilder::text(std::string_view text) {
  size_t exact = committed_ ? 0 : text.size();
  if (!committed_ && when_ == Commitment::kText) {
    exact = text.find_last_not_of(" \t\r\n") + 1;  // 0: all of it is blank
    if (exact == 0) exact = text.size();
  }
  literal(text.substr(0, exact));
  if (!committed_ && when_ == Commitment::kText &&
      text.find_first_not_of(" \t\r\n") != std::string_view::npos)
    commit();
  bool loose = exact > 0;  // white space may have been read here already
  for (size_t i = exact; i < text.size(); ++i) {
    const bool blank = is_blank(static_cast<unsigned char>(text[i]));
    if (blank && !loose) spaces();
    if (blank && loose && i == exact) spaces();
    if (blank) {
      loose = true;
      continue;
    }
    const bool between =
        i > 0 && (json_punctuation(text[i - 1]) || (text[i - 1] == '>' && text[i] == '<'));
    if (!loose && (json_punctuation(text[i]) || between)) spaces();
    add({MarkerOpKind::kByte, static_cast<uint8_t>(text[i])});
    loose = false;
  }
}

// A JSON string; escapes are resolved when it is taken.
void MarkerBuilder::quoted_name() {
  literal("\"");
  add({MarkerOpKind::kSave, 0, 2u * kQuotedNamePart});
  const uint32_t split = add({MarkerOpKind::kSplit});
  const uint32_t escaped = add({MarkerOpKind::kSplit});
  MarkerBytes plain = ~set_of("\"\\");
  for (size_t c = 0; c < 0x20; ++c) plain.reset(c);
  program_.ops[escaped].x = here();
  add({MarkerOpKind::kClass, 0, byte_class(plain)});
  add({MarkerOpKind::kJump, 0, split});
  program_.ops[escaped].y = here();
  literal("\\");
  add({MarkerOpKind::kClass, 0, byte_class(~MarkerBytes())});
  add({MarkerOpKind::kJump, 0, split});
  program_.ops[split].x = escaped;
  program_.ops[split].y = here();
  add({MarkerOpKind::kSave, 0, 2u * kQuotedNamePart + 1});
  literal("\"");
}

void MarkerBuilder::one_of(const std::vector<FamilyMarker>& ways, bool or_none) {
  const bool before = committed_;
  bool all = true;
  Choice choice(*this);
  for (const FamilyMarker& way : ways) {
    choice.next();
    committed_ = before;
    marker(way);
    all = all && committed_;
  }
  if (or_none) choice.next();
  choice.end();
  committed_ = or_none ? before : all;
}

void MarkerBuilder::part(const FamilyPart& part) {
  switch (part.kind) {
    case PartKind::kText:
      return text(part.text);
    case PartKind::kName:
      if (when_ == Commitment::kName) commit();
      return part.quoted ? quoted_name() : some_of(name_bytes(), kNamePart);
    case PartKind::kIndex:
      return some_of(digit_bytes(), kIdPart);
    case PartKind::kId:
      return some_of(name_bytes(), kIdPart);
    case PartKind::kSpace:
      return spaces();
    case PartKind::kOptional:
      return one_of(part.of, true);
    case PartKind::kOneOf:
      return one_of(part.of, false);
    case PartKind::kArguments:
      if (when_ == Commitment::kArguments) add({MarkerOpKind::kKnownName});
      commit();
      add({MarkerOpKind::kArguments, 0, static_cast<uint32_t>(arguments_.size()), 0});
      arguments_.push_back(&part);
  }
}

// The depth of markers is bounded by read_family.
void MarkerBuilder::marker(const FamilyMarker& marker) {
  for (const FamilyPart& p : marker) part(p);
}

}  // namespace xgr::core

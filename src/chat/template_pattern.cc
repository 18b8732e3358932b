// Regular expressions of response templates as markers of a family.
//
// Entry points: marker_of_pattern, texts_of_marker. Patterns there describe markers, so they hold
// little: texts, white space, the group `name`, alternatives, and gaps such as `.*?`, which end
// where the next text begins. Other groups are ids. The rest is refused.
//
//   <call>\s*(?P<name>\w+)   ->  "<call>", space, name
//
// Tests: tests/unit/chat/response_template_test.cc.
#include "chat/template_pattern.h"

#include <optional>

#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxPatternDepth = 6;
constexpr size_t kMaxTexts = 64;

FamilyPart text_part(std::string text) {
  FamilyPart part;
  part.text = std::move(text);
  return part;
}

FamilyPart part_of(PartKind kind, std::string text = "") {
  FamilyPart part;
  part.kind = kind;
  part.text = std::move(text);
  return part;
}

void add_part(FamilyPart part, FamilyMarker* marker) {
  const bool text = part.kind == PartKind::kText;
  if (text && part.text.empty()) return;
  if (text && !marker->empty() && marker->back().kind == PartKind::kText) {
    marker->back().text += part.text;
  } else {
    marker->push_back(std::move(part));
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (static_cast<unsigned char>(c) < 0x80 && !is_letter_or_digit(c) && c != '_') out += '\\';
    out += c;
  }
  return out;
}

// Any text without `end`.
std::string gap_before(const std::string& end) {
  if (end.empty() || static_cast<unsigned char>(end[0]) >= 0x80) return "[^\\n]{0,64}";
  const std::string first = escaped(end.substr(0, 1)), rest = escaped(end.substr(1));
  if (rest.empty()) return "[^" + first + "]{0,64}";
  return "(?:[^" + first + "]|" + first + "(?!" + rest + ")){0,64}";
}

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : pattern_(pattern) {}

  Result<FamilyMarker> read() {
    FamilyMarker out = alternatives(0);
    if (!error_ && at_ < pattern_.size()) fail("\")\" without \"(\"");
    if (error_) return *error_;
    return out;
  }

 private:
  bool done() const { return error_ || at_ == pattern_.size(); }
  void fail(const std::string& what) {
    if (error_) return;
    error_ = make_error(Status::kUnsupported,
                        what + " at offset " + std::to_string(at_) +
                            " of the pattern; expected texts, \\s, alternatives, groups named "
                            "name or id, and gaps");
  }
  bool take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  FamilyMarker alternatives(size_t depth);
  FamilyMarker sequence(size_t depth);
  void atom(size_t depth, FamilyMarker* out);
  void group(size_t depth, FamilyMarker* out);
  void space(FamilyMarker* out);
  void quantified(FamilyMarker inner, FamilyMarker* out);
  bool class_atom(FamilyMarker* out);
  std::string quantifier();
  char escape();
  size_t group_end() const;

  std::string_view pattern_;
  size_t at_ = 0;
  std::optional<Error> error_;
};

FamilyMarker PatternReader::alternatives(size_t depth) {
  FamilyPart any = part_of(PartKind::kOneOf);
  any.of.push_back(sequence(depth));
  while (take("|")) any.of.push_back(sequence(depth));
  if (any.of.size() == 1) return any.of[0];
  return {any};
}

FamilyMarker PatternReader::sequence(size_t depth) {
  FamilyMarker out;
  while (!done() && pattern_[at_] != '|' && pattern_[at_] != ')') atom(depth, &out);
  // A gap ends where the text behind it begins.
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i].kind != PartKind::kId || out[i].text != ".") continue;
    const bool text = i + 1 < out.size() && out[i + 1].kind == PartKind::kText;
    out[i].text = gap_before(text ? out[i + 1].text : "");
  }
  return out;
}

// *, +, ?, {...} and their lazy forms; "" where there is none.
std::string PatternReader::quantifier() {
  const size_t begin = at_;
  if (take("{")) {
    while (!done() && pattern_[at_] != '}') ++at_;
    if (!take("}")) fail("\"{\" without \"}\"");
  } else if (!take("*") && !take("+") && !take("?")) {
    return "";
  }
  std::string out(pattern_.substr(begin, at_ - begin));
  if (!take("?")) take("+");
  return out;
}

void PatternReader::space(FamilyMarker* out) {
  if (quantifier() == "+") {
    add_part(part_of(PartKind::kId, "[ \\t\\r\\n]+"), out);
  } else {
    add_part(part_of(PartKind::kSpace), out);
  }
}

// What may be repeated is white space only.
void PatternReader::quantified(FamilyMarker inner, FamilyMarker* out) {
  const std::string times = quantifier();
  if (times.empty()) {
    for (FamilyPart& part : inner) add_part(std::move(part), out);
  } else if (times == "?") {
    FamilyPart optional = part_of(PartKind::kOptional);
    optional.of.push_back(std::move(inner));
    add_part(std::move(optional), out);
  } else if (times == "*" && inner.size() == 1 && inner[0].text == "\n") {
    add_part(part_of(PartKind::kSpace), out);
  } else {
    fail("a repetition");
  }
}

char PatternReader::escape() {
  const char c = pattern_[at_++];
  if (c == 'n') return '\n';
  if (c == 't') return '\t';
  if (c == 'r') return '\r';
  if (is_letter_or_digit(c)) {
    at_ -= 2;
    fail("the escape \\" + std::string(1, c));
  }
  return c;
}

// A gap: `.`, a class, or an escape for one, repeated.
bool PatternReader::class_atom(FamilyMarker* out) {
  const size_t begin = at_;
  if (take("\\w") || take("\\d") || take("\\S")) {
  } else if (take("[")) {
    take("^");
    take("]");
    while (!done() && pattern_[at_] != ']') at_ += pattern_[at_] == '\\' ? 2 : 1;
    if (at_ > pattern_.size()) at_ = pattern_.size();
    if (!take("]")) fail("\"[\" without \"]\"");
  } else if (!take(".")) {
    return false;
  }
  const std::string one(pattern_.substr(begin, at_ - begin));
  const std::string times = quantifier();
  if (one == "." && (times == "*" || times == "+")) {
    add_part(part_of(PartKind::kId, "."), out);
  } else {
    add_part(part_of(PartKind::kId, one + times), out);
  }
  return true;
}

// The offset of the ")" that ends a group whose inside begins here.
size_t PatternReader::group_end() const {
  size_t open = 1, at = at_;
  for (; at < pattern_.size(); ++at) {
    if (pattern_[at] == '\\') {
      ++at;
    } else if (pattern_[at] == '(') {
      ++open;
    } else if (pattern_[at] == ')' && --open == 0) {
      break;
    }
  }
  return at;
}

void PatternReader::group(size_t depth, FamilyMarker* out) {
  if (take("?P<") || (pattern_.substr(at_).starts_with("?<") && take("?<"))) {
    const size_t end = pattern_.find('>', at_);
    if (end == std::string_view::npos) return fail("a group without a name");
    const std::string_view name = pattern_.substr(at_, end - at_);
    at_ = end + 1;
    const size_t close = group_end();
    const std::string inner(pattern_.substr(at_, close - at_));
    at_ = close < pattern_.size() ? close : pattern_.size();
    if (!take(")")) return fail("\"(\" without \")\"");
    if (name == "name") {
      add_part(part_of(PartKind::kName), out);
    } else {
      add_part(part_of(PartKind::kId, inner), out);
    }
    return;
  }
  if (!take("?:") && pattern_.substr(at_).starts_with("?")) return fail("a group of this kind");
  if (depth == kMaxPatternDepth) return fail("groups nested this deeply");
  FamilyMarker inner = alternatives(depth + 1);
  if (!error_ && !take(")")) fail("\"(\" without \")\"");
  quantified(std::move(inner), out);
}

void PatternReader::atom(size_t depth, FamilyMarker* out) {
  if (take("(")) return group(depth, out);
  if (take("^") || take("$") || take("\\A") || take("\\Z") || take("\\b")) return;
  if (take("\\s")) return space(out);
  if (class_atom(out)) return;
  char c = pattern_[at_++];
  if (c == '\\') {
    if (at_ == pattern_.size()) return fail("a backslash");
    c = escape();
  } else if (c == '*' || c == '+' || c == '?' || c == '{') {
    --at_;
    return fail("a repetition");
  }
  // A character of several bytes is one.
  std::string text(1, c);
  while (at_ < pattern_.size() && (static_cast<unsigned char>(pattern_[at_]) & 0xC0) == 0x80)
    text += pattern_[at_++];
  quantified({text_part(text)}, out);
}

}  // namespace

Result<FamilyMarker> marker_of_pattern(std::string_view pattern) {
  return PatternReader(pattern).read();
}

// The depth of markers is bounded by whoever made them.
std::vector<std::string> texts_of_marker(const FamilyMarker& marker) {
  std::vector<std::string> texts{""};
  for (const FamilyPart& part : marker) {
    std::vector<std::string> tails;
    if (part.kind == PartKind::kText) tails.push_back(part.text);
    if (part.kind == PartKind::kSpace || part.kind == PartKind::kOptional) tails.push_back("");
    for (const FamilyMarker& inner : part.of) {
      for (std::string& text : texts_of_marker(inner)) tails.push_back(std::move(text));
    }
    if (tails.empty() || tails.size() * texts.size() > kMaxTexts) return {};
    std::vector<std::string> longer;
    for (const std::string& text : texts) {
      for (const std::string& tail : tails) longer.push_back(text + tail);
    }
    texts = std::move(longer);
  }
  return texts;
}

}  // namespace xgr::core

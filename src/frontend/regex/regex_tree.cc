// Builds the tree of a regular expression from its tokens.
//
// Entry point: parse_regex_tree. Open groups are frames on a stack, elements and alternatives lie on
// two more, as in the EBNF parser. What can be said in simpler terms is: a possessive quantifier of
// one character is a greedy one and a look-ahead, an atomic group whose matches are all equally long
// is its body, \R and \Z are written out.
//
//   [a-z]*+x   ->  [a-z]*(?![a-z])x           (?>ab|cd)  ->  (?:ab|cd)
//   (?>a|ab)c  ->  an atomic group: regex_program.h
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/.
#include "frontend/regex/regex_tree.h"

#include <algorithm>

#include "support/error_text.h"

namespace xgr::core {
namespace {

class TreeBuilder {
 public:
  TreeBuilder(std::string_view pattern, std::vector<RegexToken> tokens, ExprPool& pool,
              const Limits& limits)
      : pattern_(pattern), tokens_(std::move(tokens)), pool_(pool), limits_(limits) {}

  Result<RegexTree> run() {
    frames_.push_back({0, RegexTokenKind::kOpen, 0, 0});
    while (at_ < tokens_.size()) {
      if (MaybeError e = step()) return *std::move(e);
      if (tree_.nodes.size() > limits_.max_expressions) {
        return error_at(
            Status::kLimitExceeded,
            "the pattern needs more nodes than " +
                limit_text("max_expressions", limits_.max_expressions, "split the pattern"),
            pattern_, offset());
      }
    }
    if (frames_.size() > 1) {
      return malformed(frames_.back().open, "the group that begins here is not closed by ')'");
    }
    tree_.root = close_frame();
    return std::move(tree_);
  }

 private:
  struct Frame {
    uint32_t open;
    RegexTokenKind kind;
    size_t parts, branches;
  };
  static constexpr uint32_t kVariable = RegexTree::kVariable;
  static constexpr uint32_t kMaxEmptyChain = 1000;  // iterations followed without a character

  size_t offset() const { return at_ < tokens_.size() ? tokens_[at_].offset : pattern_.size(); }
  Error malformed(size_t at, std::string message) const {
    return error_at(Status::kInvalidSource, std::move(message), pattern_, at);
  }

  MaybeError step() {
    const RegexToken t = tokens_[at_];
    switch (t.kind) {
      case RegexTokenKind::kCharacter:
        return literal();
      case RegexTokenKind::kSet:
        return element(set(t.a));
      case RegexTokenKind::kAssert:
        if (t.assertion == RegexAssertion::kFinalEnd) {
          if (MaybeError e = refuse_behind(t.offset, "\\Z")) return e;
        }
        return element(assertion(t.assertion));
      case RegexTokenKind::kLineBreak:
        if (MaybeError e = refuse_behind(t.offset, "\\R")) return e;
        return element(line_break());
      case RegexTokenKind::kOpen:
      case RegexTokenKind::kAhead:
      case RegexTokenKind::kNotAhead:
      case RegexTokenKind::kBehind:
      case RegexTokenKind::kNotBehind:
      case RegexTokenKind::kAtomic:
        frames_.push_back({t.offset, t.kind, parts_.size(), branches_.size()});
        break;
      case RegexTokenKind::kBar:
        end_branch();
        break;
      case RegexTokenKind::kClose:
        return close(t.offset);
      case RegexTokenKind::kRepeat:
        return malformed(t.offset, "a quantifier has nothing to repeat before it");
    }
    ++at_;
    return std::nullopt;
  }

  MaybeError close(size_t at) {
    if (frames_.size() == 1) return malformed(at, "')' closes no group");
    uint32_t body = close_frame();
    const Frame frame = frames_.back();
    frames_.pop_back();
    switch (frame.kind) {
      case RegexTokenKind::kAhead:
      case RegexTokenKind::kNotAhead:
        if (MaybeError e = refuse_behind(frame.open, "a look-ahead")) return e;
        return element(around(RegexKind::kAhead, frame.kind == RegexTokenKind::kNotAhead, body));
      case RegexTokenKind::kBehind:
      case RegexTokenKind::kNotBehind:
        return element(around(RegexKind::kBehind, frame.kind == RegexTokenKind::kNotBehind, body));
      case RegexTokenKind::kAtomic:
        if (MaybeError e = atomic(body, frame.open, &body)) return e;
        return element(body);
      default:
        return element(body);
    }
  }

  // Whether the group or quantifier at the cursor stands in a look-behind.
  bool behind() const {
    return std::any_of(frames_.begin(), frames_.end(), [](const Frame& f) {
      return f.kind == RegexTokenKind::kBehind || f.kind == RegexTokenKind::kNotBehind;
    });
  }
  MaybeError refuse_behind(size_t at, const char* what) const {
    if (!behind()) return std::nullopt;
    return error_at(Status::kUnsupported,
                    std::string(what) + " inside a look-behind is not supported", pattern_, at);
  }

  MaybeError atomic(uint32_t body, size_t at, uint32_t* out) {
    *out = body;
    if (tree_.lengths[body] != kVariable || different_words(body)) return std::nullopt;
    const char* what = "an atomic group or possessive quantifier";
    if (MaybeError e = refuse_behind(at, what)) return e;
    if (long_chains_[body]) {
      return error_at(Status::kUnsupported,
                      std::string(what) + " around more than " + std::to_string(kMaxEmptyChain) +
                          " repetitions of what may be empty is not supported",
                      pattern_, at);
    }
    *out = around(RegexKind::kAtomic, false, body);
    return std::nullopt;
  }

  // Whether it is a list of words none of which begins another: then their order does not matter.
  bool different_words(uint32_t body) const {
    if (tree_.nodes[body].kind != RegexKind::kAlt) return false;
    std::vector<std::string_view> words;
    for (uint32_t c : tree_.children_of(tree_.nodes[body])) {
      if (tree_.nodes[c].kind != RegexKind::kText) return false;
      words.push_back(tree_.text_of(tree_.nodes[c]));
    }
    std::sort(words.begin(), words.end());
    for (size_t i = 1; i < words.size(); ++i) {
      if (words[i].starts_with(words[i - 1])) return false;
    }
    return true;
  }

  uint32_t add(RegexNode n, std::span<const uint32_t> children, uint32_t length) {
    n.first_child = static_cast<uint32_t>(tree_.children.size());
    n.child_count = static_cast<uint32_t>(children.size());
    tree_.children.insert(tree_.children.end(), children.begin(), children.end());
    tree_.nodes.push_back(n);
    tree_.lengths.push_back(length);
    note_emptiness(n, children);
    return static_cast<uint32_t>(tree_.nodes.size() - 1);
  }
  uint32_t add(RegexKind kind, std::span<const uint32_t> children, uint32_t length) {
    RegexNode n;
    n.kind = kind;
    return add(n, children, length);
  }

  void note_emptiness(const RegexNode& n, std::span<const uint32_t> children) {
    bool any = false, all = true, chain = false;
    for (uint32_t c : children) {
      any = any || nullable_[c];
      all = all && nullable_[c];
      chain = chain || long_chains_[c];
    }
    bool nullable = true;
    if (n.kind == RegexKind::kText) nullable = n.b == 0;
    if (n.kind == RegexKind::kSet) nullable = false;
    if (n.kind == RegexKind::kSeq || n.kind == RegexKind::kAtomic) nullable = all;
    if (n.kind == RegexKind::kAlt) nullable = any;
    if (n.kind == RegexKind::kRepeat) {
      nullable = n.a == 0 || all;
      uint32_t copies = n.b == kUnbounded ? n.a : n.b;
      chain = chain || (all && copies > kMaxEmptyChain);
    }
    nullable_.push_back(nullable);
    long_chains_.push_back(chain && n.kind != RegexKind::kAhead && n.kind != RegexKind::kBehind);
  }

  uint32_t set(Expr e) {
    RegexNode n;
    n.kind = RegexKind::kSet;
    n.a = e;
    return add(n, {}, 1);
  }
  uint32_t text(std::string_view s, uint32_t characters) {
    RegexNode n;
    n.a = static_cast<uint32_t>(tree_.text.size());
    n.b = static_cast<uint32_t>(s.size());
    tree_.text += s;
    return add(n, {}, characters);
  }
  uint32_t around(RegexKind kind, bool negative, uint32_t body) {
    RegexNode n;
    n.kind = kind;
    n.negative = negative;
    return add(n, {&body, 1}, kind == RegexKind::kAtomic ? tree_.lengths[body] : 0);
  }
  uint32_t seq(std::span<const uint32_t> parts) {
    if (parts.size() == 1) return parts[0];
    uint64_t length = 0;
    for (uint32_t p : parts) length = std::min<uint64_t>(kVariable, length + tree_.lengths[p]);
    return add(RegexKind::kSeq, parts, static_cast<uint32_t>(length));
  }
  uint32_t alt(std::span<const uint32_t> branches) {
    if (branches.size() == 1) return branches[0];
    uint32_t length = tree_.lengths[branches[0]];
    for (uint32_t b : branches) {
      if (tree_.lengths[b] != length) length = kVariable;
    }
    return add(RegexKind::kAlt, branches, length);
  }
  uint32_t repeat(uint32_t body, uint32_t min, uint32_t max, bool lazy) {
    RegexNode n;
    n.kind = RegexKind::kRepeat;
    n.lazy = lazy;
    n.a = min;
    n.b = max;
    uint64_t length = uint64_t{tree_.lengths[body]} * max;
    bool fixed = tree_.lengths[body] == 0 || (min == max && length < kVariable);
    return add(n, {&body, 1}, fixed ? static_cast<uint32_t>(length) : kVariable);
  }
  uint32_t seq(std::initializer_list<uint32_t> parts) { return seq({parts.begin(), parts.size()}); }
  uint32_t alt(std::initializer_list<uint32_t> parts) { return alt({parts.begin(), parts.size()}); }

  uint32_t assertion(RegexAssertion a) {
    if (a == RegexAssertion::kFinalEnd) {  // before a last newline, or at the end
      uint32_t end = assertion(RegexAssertion::kEnd);
      return around(RegexKind::kAhead, false, alt({end, seq({text("\n", 1), end})}));
    }
    RegexNode n;
    n.kind = RegexKind::kAssert;
    n.assertion = a;
    return add(n, {}, 0);
  }

  // \R: an atomic group, so that \r\n is never taken for \r.
  uint32_t line_break() {
    CharSet others;
    for (CharRange r : {CharRange{'\n', '\f'}, CharRange{0x85, 0x85}, CharRange{0x2028, 0x2029}}) {
      others.add(r.lo, r.hi);
    }
    uint32_t newline = text("\n", 1), lone = around(RegexKind::kAhead, true, newline);
    uint32_t carriage = text("\r", 1);
    return alt({seq({carriage, newline}), seq({carriage, lone}), set(pool_.char_class(others))});
  }

  // A run of characters is one literal; a quantifier takes only the last of them.
  MaybeError literal() {
    std::string run;
    size_t end = at_, begin = at_;
    while (end < tokens_.size() && tokens_[end].kind == RegexTokenKind::kCharacter) ++end;
    if (end < tokens_.size() && tokens_[end].kind == RegexTokenKind::kRepeat && end > at_ + 1)
      --end;
    for (; at_ < end; ++at_) append_utf8(tokens_[at_].a, &run);
    --at_;
    return element(text(run, static_cast<uint32_t>(end - begin)));
  }

  // Adds an element whose last token is the current one, with the quantifier behind it.
  MaybeError element(uint32_t x) {
    ++at_;
    if (at_ < tokens_.size() && tokens_[at_].kind == RegexTokenKind::kRepeat) {
      const RegexToken t = tokens_[at_++];
      if (t.mode != RepeatMode::kPossessive) {
        x = repeat(x, t.a, t.b, t.mode == RepeatMode::kLazy);
      } else if (MaybeError e = possessive(x, t, &x)) {
        return e;
      }
    }
    parts_.push_back(x);
    return std::nullopt;
  }

  MaybeError possessive(uint32_t x, const RegexToken& t, uint32_t* out) {
    RegexKind kind = tree_.nodes[x].kind;
    bool one = tree_.lengths[x] == 1 && (kind == RegexKind::kText || kind == RegexKind::kSet);
    if (!one || t.a == t.b || behind()) {
      return atomic(repeat(x, t.a, t.b, false), t.offset, out);
    }
    uint32_t last = around(RegexKind::kAhead, true, x);
    *out = t.b == kUnbounded
               ? seq({repeat(x, t.a, t.b, false), last})
               : alt({repeat(x, t.b, t.b, false), seq({repeat(x, t.a, t.b - 1, false), last})});
    return std::nullopt;
  }

  void end_branch() {
    std::span<const uint32_t> all(parts_);
    all = all.subspan(frames_.back().parts);
    uint32_t branch = all.empty() ? text("", 0) : seq(all);
    branches_.push_back(branch);
    parts_.resize(frames_.back().parts);
  }

  uint32_t close_frame() {
    end_branch();
    std::span<const uint32_t> all(branches_);
    uint32_t out = alt(all.subspan(frames_.back().branches));
    branches_.resize(frames_.back().branches);
    return out;
  }

  std::string_view pattern_;
  std::vector<RegexToken> tokens_;
  ExprPool& pool_;
  const Limits& limits_;
  RegexTree tree_;
  size_t at_ = 0;
  std::vector<Frame> frames_;
  std::vector<uint32_t> parts_, branches_;
  std::vector<bool> nullable_;     // by node: may match the empty string
  std::vector<bool> long_chains_;  // more than kMaxEmptyChain iterations of such a node inside
};

}  // namespace

Result<RegexTree> parse_regex_tree(std::string_view pattern, std::vector<RegexToken> tokens,
                                   ExprPool& pool, const Limits& limits) {
  return TreeBuilder(pattern, std::move(tokens), pool, limits).run();
}

}  // namespace xgr::core

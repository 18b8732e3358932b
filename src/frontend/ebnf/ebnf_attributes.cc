// Reads the attributes of rules.
//
// Entry point: parse_ebnf_attributes. The lexer hands over the whole bracket; inside it are names,
// some with a value: a number, a string, or the name of a rule. `content`, with `suffix` or `stop`,
// is what the printer writes for a body that holds its marker already; the attributes that begin
// with capture_hidden_ are how the original system writes the same.
//
//   [lazy, max_chars=80, capture="name"]   [suffix="</s>"]   [content=r_1, stop=r_2]
//
// Tests: tests/unit/frontend/ebnf_attributes_test.cc, tests/cases/ebnf/attributes.case.
#include "frontend/ebnf/ebnf_attributes.h"

#include <charconv>
#include <limits>
#include <set>

#include "frontend/source_text.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr uint64_t kMaxCount = 0x7FFFFFFF;
constexpr const char* kKnownEbnf =
    "lazy, max_tokens=N, max_chars=N, capture, capture=\"name\", stop_capture=\"name\", "
    "temperature=F, suffix=M, stop=M";

class EbnfAttributeReader {
 public:
  EbnfAttributeReader(const EbnfSource& source, const EbnfToken& token, std::string_view rule_name,
                      Grammar& grammar, const std::vector<RuleId>& rules)
      : s_(source),
        at_(token.begin + 1),
        end_(token.end - 1),
        rule_name_(rule_name),
        grammar_(grammar),
        pool_(grammar.pool),
        rules_(rules) {}

  Result<RuleSettings> run() {
    skip();
    if (at_ == end_) return s_.invalid("the brackets hold no attribute; known are " + known(), at_);
    while (true) {
      if (MaybeError e = attribute()) return *std::move(e);
      skip();
      if (at_ == end_) break;
      if (s_.text()[at_] != ',') {
        return s_.invalid(
            "expected ',' or ']' behind an attribute, found " + show_character(s_.text(), at_),
            at_);
      }
      ++at_;
      skip();
    }
    if (MaybeError e = check()) return *std::move(e);
    return std::move(settings_);
  }

 private:
  struct Value {
    enum Kind : uint8_t { kNone, kString, kWord } kind = kNone;
    std::string text;
    size_t offset = 0;
  };

  static std::string known() { return kKnownEbnf; }
  void skip() {
    while (at_ < end_ && (s_.text()[at_] == ' ' || s_.text()[at_] == '\t')) ++at_;
  }

  std::string word() {
    size_t begin = at_;
    auto part = [](char c) {
      return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.' || c == '+';
    };
    while (at_ < end_ && part(s_.text()[at_])) ++at_;
    return std::string(s_.text().substr(begin, at_ - begin));
  }

  MaybeError attribute() {
    size_t begin = at_;
    std::string name = word();
    if (name.empty()) {
      return s_.invalid("expected an attribute, found " + show_character(s_.text(), at_) +
                            "; known are " + known(),
                        at_);
    }
    if (!seen_.insert(name).second)
      return s_.invalid("the attribute " + name + " is given twice", begin);
    Result<Value> v = value();
    if (!v.ok()) return std::move(v.error());
    return take(name, v.value(), begin);
  }

  Result<Value> value() {
    Value v;
    skip();
    if (at_ >= end_ || s_.text()[at_] != '=') return v;
    ++at_;
    skip();
    v.offset = at_;
    if (at_ < end_ && s_.text()[at_] == '"') {
      size_t close = at_ + 1;
      while (close < end_ && s_.text()[close] != '"') close += s_.text()[close] == '\\' ? 2 : 1;
      if (close >= end_) return s_.invalid("the string that begins here is not closed by \"", at_);
      EbnfToken string{EbnfTokenKind::kString, false, static_cast<uint32_t>(at_),
                       static_cast<uint32_t>(close + 1)};
      Result<std::string> text = decode_ebnf_string(s_.text(), string, false);
      if (!text.ok()) return std::move(text.error());
      v.kind = Value::kString;
      v.text = std::move(text).value();
      at_ = close + 1;
      return v;
    }
    v.text = word();
    if (v.text.empty()) return s_.invalid("expected a value behind '='", at_);
    v.kind = Value::kWord;
    return v;
  }

  MaybeError take(const std::string& name, const Value& v, size_t begin) {
    if (name == "lazy") {
      settings_.lazy = true;
      return v.kind == Value::kNone ? MaybeError() : s_.invalid("lazy has no value", begin);
    }
    if (name == "capture" && v.kind == Value::kNone) {
      settings_.capture = rule_name_;
      return std::nullopt;
    }
    if (name == "capture") return capture_name(v, begin, &settings_.capture);
    if (name == "stop_capture") return capture_name(v, begin, &settings_.stop_capture);
    if (name == "max_tokens") return count(name, v, begin, 1, &settings_.max_tokens);
    if (name == "max_chars") return count(name, v, begin, 0, &settings_.max_chars);
    if (name == "temperature") return temperature(v, begin);
    if (name == "suffix" || name == "stop") {
      settings_.hide_marker = name == "stop";
      return language(name, v, begin, &settings_.marker);
    }
    if (name == "content") return language(name, v, begin, &settings_.content);
    if (name.starts_with("capture_hidden_")) return hidden(name, v, begin);
    return s_.invalid("there is no attribute " + name + "; known are " + known(), begin);
  }

  MaybeError capture_name(const Value& v, size_t begin, std::string* out) const {
    if (v.kind != Value::kString || v.text.empty() ||
        v.text.find_first_of("\\\n\r") != std::string::npos) {
      return s_.invalid(
          "the name of a capture is a string that is not empty and has neither "
          "backslash nor line end",
          begin);
    }
    *out = v.text;
    return std::nullopt;
  }

  MaybeError count(const std::string& name, const Value& v, size_t begin, uint64_t least,
                   uint32_t* out) const {
    uint64_t n = 0;
    bool digits = v.kind == Value::kWord;
    for (char c : v.text) {
      digits = digits && is_digit(c);
      if (n <= kMaxCount) n = n * 10 + static_cast<uint64_t>(c - '0');
    }
    if (!digits || n < least || n > kMaxCount) {
      return s_.invalid(name + " is a number from " + std::to_string(least) + " to 2147483647",
                        begin);
    }
    *out = static_cast<uint32_t>(n);
    return std::nullopt;
  }

  MaybeError temperature(const Value& v, size_t begin) {
    double t = -1;
    const char* last = v.text.data() + v.text.size();
    bool number = v.kind == Value::kWord && std::from_chars(v.text.data(), last, t).ptr == last &&
                  v.text[0] != '-';
    if (!number || !(t >= 0 && t <= double{std::numeric_limits<float>::max()})) {
      return s_.invalid("temperature is a number that is not negative, such as 0.7", begin);
    }
    settings_.temperature = static_cast<float>(t);
    return std::nullopt;
  }

  // A string, or the language of a rule.
  MaybeError language(const std::string& name, const Value& v, size_t begin, Expr* out) {
    if (v.kind == Value::kNone || v.text.empty()) {
      return s_.invalid(name + " needs a string that is not empty, or the name of a rule", begin);
    }
    if (*out != kNoExpr) return s_.invalid("only one of suffix and stop can be given", begin);
    if (v.kind == Value::kString) {
      *out = pool_.literal(v.text);
      return std::nullopt;
    }
    Result<RuleId> rule = s_.rule(v.text, v.offset);
    if (!rule.ok()) return std::move(rule.error());
    *out = pool_.call(rule.value());
    return std::nullopt;
  }

  // What the original's printer writes: the last N bytes, or two rules by number.
  MaybeError hidden(const std::string& name, const Value& v, size_t begin) {
    uint32_t n = 0;
    if (name == "capture_hidden_suffix_bytes" || name == "capture_hidden_stop_bytes") {
      if (MaybeError e = count(name, v, begin, 1, &n)) return e;
      if (settings_.marker != kNoExpr)
        return s_.invalid("two attributes say what is hidden", begin);
      Expr byte = pool_.byte_range(0, 255);
      settings_.content = pool_.star(byte);
      settings_.marker = pool_.repeat(byte, n, n);
      settings_.hide_marker = name == "capture_hidden_stop_bytes";
      return std::nullopt;
    }
    bool body = name == "capture_hidden_body_rule_id";
    if (!body && name != "capture_hidden_marker_rule_id") {
      return s_.invalid("there is no attribute " + name + "; known are " + known(), begin);
    }
    if (MaybeError e = count(name, v, begin, 0, &n)) return e;
    if (n >= rules_.size()) return s_.invalid("there is no rule number " + v.text, begin);
    (body ? settings_.content : settings_.marker) = pool_.call(rules_[n]);
    return std::nullopt;
  }

  MaybeError check() const {
    if (settings_.marker == kNoExpr && settings_.content != kNoExpr) {
      return s_.invalid("content needs suffix or stop beside it", at_);
    }
    if (settings_.marker == kNoExpr && !settings_.stop_capture.empty()) {
      return s_.invalid("stop_capture needs suffix or stop beside it", at_);
    }
    if (seen_.count("capture_hidden_marker_rule_id") && settings_.content == kNoExpr) {
      return s_.invalid("capture_hidden_marker_rule_id needs capture_hidden_body_rule_id", at_);
    }
    return std::nullopt;
  }

  const EbnfSource& s_;
  size_t at_, end_;
  std::string_view rule_name_;
  Grammar& grammar_;
  ExprPool& pool_;
  const std::vector<RuleId>& rules_;
  RuleSettings settings_;
  std::set<std::string> seen_;
};

}  // namespace

Result<RuleSettings> parse_ebnf_attributes(const EbnfSource& source, const EbnfToken& token,
                                           std::string_view rule_name, Grammar& grammar,
                                           const std::vector<RuleId>& rules_in_order) {
  return EbnfAttributeReader(source, token, rule_name, grammar, rules_in_order).run();
}

}  // namespace xgr::core

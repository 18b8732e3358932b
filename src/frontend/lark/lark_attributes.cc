// Reads the attributes of a Lark rule.
//
// Entry point: read_lark_attributes (lark_parser.h). Each attribute stands at most once, in any
// order. The marker of suffix and stop is a terminal without a name.
//
//   head[lazy, capture="h", max_chars=20]: ...        body[stop=END, stop_capture="end"]: ...
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/attributes.case.
#include <cfloat>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>

#include "frontend/lark/lark_parser.h"

#include "frontend/source_text.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr const char* kKnownLark =
    "lazy, capture, max_tokens, max_chars, temperature, suffix, stop and stop_capture";
constexpr int64_t kMaxTokens = 1000000, kMaxChars = 2147483647;

class LarkAttributeReader {
 public:
  LarkAttributeReader(LarkCursor& cursor, LarkSource& source, LarkExpressions& expressions,
                      std::string_view rule)
      : c_(cursor), source_(source), expressions_(expressions), rule_(rule) {}

  Result<std::shared_ptr<const LarkAttributes>> run() {
    out_.offset = c_.token().begin;
    do {
      ++c_.at;
      if (MaybeError e = one()) return *std::move(e);
    } while (c_.kind() == LarkTokenKind::kComma);
    if (!c_.take(LarkTokenKind::kCloseSquare)) return c_.expected("',' or ']' behind an attribute");
    if (!out_.stop_capture.empty() && out_.marker_kind == LarkMarker::kNone) {
      return c_.malformed("stop_capture needs suffix or stop, whose text it is", out_.offset);
    }
    return std::shared_ptr<const LarkAttributes>(std::make_shared<LarkAttributes>(out_));
  }

 private:
  MaybeError one() {
    const LarkToken t = c_.token();
    std::string name(c_.spelling());
    if (!c_.take(LarkTokenKind::kName))
      return c_.expected("an attribute: " + std::string(kKnownLark));
    if (!seen_.insert(name).second)
      return c_.malformed("the attribute " + name + " is given twice", t.begin);
    if (name == "lazy") {
      out_.lazy = true;
      return std::nullopt;
    }
    if (name == "capture" && c_.kind() != LarkTokenKind::kEquals) {
      out_.capture = rule_;
      return std::nullopt;
    }
    if (!known(name)) {
      return c_.error(Status::kUnsupported,
                      "unknown attribute " + show_text(name) + "; known are " + kKnownLark,
                      t.begin);
    }
    if (!c_.take(LarkTokenKind::kEquals)) return c_.expected("'=' behind the attribute " + name);
    if (name == "capture") return text(&out_.capture);
    if (name == "stop_capture") return text(&out_.stop_capture);
    if (name == "temperature") return temperature();
    if (name == "suffix" || name == "stop") return marker(name, t.begin);
    int64_t value = 0;
    bool tokens = name == "max_tokens";
    if (MaybeError e = number(name, tokens ? 1 : 0, tokens ? kMaxTokens : kMaxChars, &value))
      return e;
    if (tokens) out_.max_tokens = static_cast<uint32_t>(value);
    if (!tokens) out_.max_chars = value;
    return std::nullopt;
  }

  static bool known(std::string_view name) {
    return name == "capture" || name == "stop_capture" || name == "temperature" ||
           name == "suffix" || name == "stop" || name == "max_tokens" || name == "max_chars";
  }

  // Letters, digits, _ - . between quotes.
  MaybeError text(std::string* out) {
    const LarkToken t = c_.token();
    if (!c_.take(LarkTokenKind::kString)) return c_.expected("a name in quotes");
    *out = c_.spelling(t).substr(1, t.end - t.begin - 2);
    bool ok = !out->empty() && c_.spelling(t).back() == '"';
    for (char ch : *out) {
      ok = ok && (is_letter_or_digit(ch) || ch == '_' || ch == '-' || ch == '.');
    }
    if (ok) return std::nullopt;
    return c_.malformed("the name of a capture consists of letters, digits, '_', '-' and '.'",
                        t.begin);
  }

  MaybeError number(const std::string& name, int64_t least, int64_t most, int64_t* value) {
    const LarkToken t = c_.token();
    bool digits = c_.take(LarkTokenKind::kNumber);
    *value = 0;
    for (char digit : c_.spelling(t)) {
      if (digits && *value <= most) *value = *value * 10 + (digit - '0');
    }
    if (digits && *value >= least && *value <= most) return std::nullopt;
    return c_.malformed(
        name + " is a number from " + std::to_string(least) + " to " + std::to_string(most),
        t.begin);
  }

  // A number as JSON has it: its parts are several tokens.
  MaybeError temperature() {
    const uint32_t begin = c_.token().begin;
    while (c_.kind() != LarkTokenKind::kComma && c_.kind() != LarkTokenKind::kCloseSquare &&
           !c_.at_end())
      ++c_.at;
    std::string text(c_.document().text.substr(begin, c_.token().begin - begin));
    while (!text.empty() && text.back() == ' ') text.pop_back();
    char* end = nullptr;
    double value = std::strtod(text.c_str(), &end);
    bool plain = !text.empty() && text.find_first_not_of("0123456789.eE+-") == std::string::npos;
    if (!plain || *end != '\0' || !(value >= 0) || value > static_cast<double>(FLT_MAX)) {
      return c_.malformed("temperature is a number that is not negative, such as 0.7", begin);
    }
    out_.temperature = static_cast<float>(value);
    return std::nullopt;
  }

  MaybeError marker(const std::string& name, uint32_t offset) {
    if (out_.marker_kind != LarkMarker::kNone)
      return c_.malformed("a rule has suffix or stop, not both", offset);
    out_.marker_kind = name == "stop" ? LarkMarker::kStop : LarkMarker::kSuffix;
    const LarkToken t = c_.token();
    LarkDefinition d{LarkDefinitionKind::kTerminal, "", t.begin, c_.scope()};
    d.first = d.last = static_cast<uint32_t>(source_.nodes.size());
    if (MaybeError e = expressions_.read_single(c_)) return e;
    if (t.kind == LarkTokenKind::kString && c_.spelling(t).starts_with("\"\"")) {
      return c_.malformed("the marker of " + name + " is empty; it needs a character", t.begin);
    }
    if (t.kind == LarkTokenKind::kRegex) {
      Result<LarkRegex> regex = decode_lark_regex(c_.document().text, t.begin, t.end);
      if (!regex.ok()) return c_.error(regex.error().code, regex.error().message, t.begin);
      if (regex.value().any_case) {
        return c_.error(Status::kUnsupported,
                        "a marker's regular expression takes no flag i; write a terminal, or "
                        "\"text\"i",
                        t.begin);
      }
    }
    out_.marker = static_cast<uint32_t>(source_.definitions.size());
    source_.definitions.push_back(std::move(d));
    return std::nullopt;
  }

  LarkCursor& c_;
  LarkSource& source_;
  LarkExpressions& expressions_;
  std::string_view rule_;
  LarkAttributes out_;
  std::set<std::string> seen_;
};

}  // namespace

Result<std::shared_ptr<const LarkAttributes>> read_lark_attributes(LarkCursor& cursor,
                                                                   LarkSource& source,
                                                                   LarkExpressions& expressions,
                                                                   std::string_view rule) {
  return LarkAttributeReader(cursor, source, expressions, rule).run();
}

}  // namespace xgr::core

// Follows the brackets of a JSON text that may end anywhere.
//
// Entry point: open_values. The text is known to begin a JSON document, so one pass with a stack of
// what is open is enough.
//
//   {"a": [1, "x   ->  {"a"}, [1], "x
//
// Tests: tests/unit/matcher/explanation_test.cc.
#include "frontend/json_schema/open_values.h"

#include "support/json_reader.h"
#include "support/limits.h"

namespace xgr::core {
namespace {

using Kind = OpenValue::Kind;
using Phase = OpenValue::Phase;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool ends_scalar(char c) { return is_blank(c) || c == ',' || c == '}' || c == ']'; }

class OpenValueReader {
 public:
  explicit OpenValueReader(std::string_view text) : text_(text) {}

  std::vector<OpenValue> run() {
    while (at_ < text_.size()) step();
    if (open_.empty() ? !begun_ : awaits_value(open_.back()))
      open_.push_back({text_.size(), Kind::kNone});
    return std::move(open_);
  }

 private:
  static bool awaits_value(const OpenValue& v) {
    return v.is_container() && v.phase == Phase::kValue;
  }

  void step() {
    const char c = text_[at_];
    if (!open_.empty() && open_.back().kind == Kind::kString) return read_string();
    if (!open_.empty() && open_.back().kind == Kind::kScalar) {
      ends_scalar(c) ? close() : void(++at_);
      return;
    }
    if (is_blank(c)) {
      ++at_;
    } else if (open_.empty() || awaits_value(open_.back())) {
      c == ']' ? close_bracket() : begin(c);
    } else {
      read_mark(c);
    }
  }

  void read_mark(char c) {
    OpenValue& top = open_.back();
    if (c == '}' || c == ']') return close_bracket();
    if (top.phase == Phase::kName) return read_name();
    if (top.phase == Phase::kColon) {
      top.phase = Phase::kValue;
    } else if (c == ',') {
      top.phase = top.kind == Kind::kObject ? Phase::kName : Phase::kValue;
      ++top.index;
      top.name.clear();
    }
    ++at_;
  }

  void begin(char c) {
    begun_ = true;
    const Kind kind = c == '{'   ? Kind::kObject
                      : c == '[' ? Kind::kArray
                      : c == '"' ? Kind::kString
                                 : Kind::kScalar;
    open_.push_back({at_, kind, kind == Kind::kObject ? Phase::kName : Phase::kValue});
    ++at_;
  }

  void close() {
    open_.pop_back();
    if (!open_.empty()) open_.back().phase = Phase::kBehind;
  }
  void close_bracket() {
    if (!open_.empty()) close();
    ++at_;
  }

  // Behind the quote that closes a string; npos when it is open.
  size_t end_of_string(size_t from) const {
    for (size_t i = from; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '"') {
        return i + 1;
      }
    }
    return std::string_view::npos;
  }

  void read_string() {
    const size_t end = end_of_string(at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
    if (end != std::string_view::npos) close();
  }

  void read_name() {
    const size_t end = end_of_string(at_ + 1);
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return;
    }
    Result<JsonDocument> name = JsonDocument::parse(text_.substr(at_, end - at_), Limits());
    if (name.ok()) open_.back().name = std::string(name.value().text(0));
    open_.back().phase = Phase::kColon;
    at_ = end;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool begun_ = false;
  std::vector<OpenValue> open_;
};

}  // namespace

std::vector<OpenValue> open_values(std::string_view text) { return OpenValueReader(text).run(); }

std::string value_pointer(const std::vector<OpenValue>& values, size_t depth) {
  std::string out;
  for (size_t i = 0; i < depth && i < values.size(); ++i) {
    out += '/';
    out += values[i].kind == Kind::kArray ? std::to_string(values[i].index)
                                          : escape_pointer_token(values[i].name);
  }
  return out;
}

}  // namespace xgr::core

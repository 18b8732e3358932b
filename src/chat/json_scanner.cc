// Scanning JSON.
//
// Entry points: JsonScanner::step, is_json. One state and a bit for each open container; nothing is
// built. Bytes of strings are taken as they come, whether or not they are UTF-8.
//
//   {"a": 1}x  ->  more up to 1, done at }
//
// Tests: tests/unit/chat/json_scanner_test.cc.
#include "chat/json_scanner.h"

namespace xgr::core {
namespace {

bool digit_byte(unsigned char c) { return c >= '0' && c <= '9'; }
bool hex_byte(unsigned char c) {
  return digit_byte(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool blank_byte(unsigned char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

JsonScanner::State JsonScanner::step(unsigned char c) {
  switch (at_) {
    case At::kString:
    case At::kEscape:
    case At::kHex:
      return string(c);
    case At::kWord:
      if (c != static_cast<unsigned char>(word_[0])) return State::kFailed;
      word_.remove_prefix(1);
      return word_.empty() ? ended() : State::kMore;
    case At::kMinus:
    case At::kZero:
    case At::kDigits:
    case At::kDot:
    case At::kFraction:
    case At::kExponent:
    case At::kExponentSign:
    case At::kExponentDigits:
      return number(c);
    default:
      break;
  }
  if (blank_byte(c)) return State::kMore;
  switch (at_) {
    case At::kFirstItem:
      return c == ']' ? close(false) : value(c);
    case At::kFirstKey:
      if (c == '}') return close(true);
      [[fallthrough]];
    case At::kKey:
      if (c != '"') return State::kFailed;
      at_ = At::kString;
      key_ = true;
      return State::kMore;
    case At::kColon:
      at_ = At::kValue;
      return c == ':' ? State::kMore : State::kFailed;
    case At::kNext:
      return next(c);
    default:
      return value(c);
  }
}

JsonScanner::State JsonScanner::value(unsigned char c) {
  if (c == '{' || c == '[') {
    if (stack_.size() >= kMaxDepth) return State::kFailed;
    stack_.push_back(c == '{');
    at_ = c == '{' ? At::kFirstKey : At::kFirstItem;
    return State::kMore;
  }
  key_ = false;
  if (c == '"') {
    at_ = At::kString;
  } else if (c == '-' || digit_byte(c)) {
    at_ = c == '-' ? At::kMinus : c == '0' ? At::kZero : At::kDigits;
  } else {
    at_ = At::kWord;
    word_ = c == 't' ? "rue" : c == 'f' ? "alse" : c == 'n' ? "ull" : "";
    if (word_.empty()) return State::kFailed;
  }
  return State::kMore;
}

JsonScanner::State JsonScanner::string(unsigned char c) {
  if (at_ == At::kEscape) {
    constexpr std::string_view kEscapes = "\"\\/bfnrt";
    hex_ = 4;
    at_ = c == 'u' ? At::kHex : At::kString;
    return c == 'u' || kEscapes.find(static_cast<char>(c)) != kEscapes.npos ? State::kMore
                                                                            : State::kFailed;
  }
  if (at_ == At::kHex) {
    if (--hex_ == 0) at_ = At::kString;
    return hex_byte(c) ? State::kMore : State::kFailed;
  }
  if (c < 0x20) return State::kFailed;
  if (c == '\\') at_ = At::kEscape;
  if (c != '"') return State::kMore;
  if (!key_) return ended();
  at_ = At::kColon;
  return State::kMore;
}

bool JsonScanner::number_ends() const {
  return at_ == At::kZero || at_ == At::kDigits || at_ == At::kFraction ||
         at_ == At::kExponentDigits;
}

JsonScanner::State JsonScanner::number(unsigned char c) {
  const bool exponent = c == 'e' || c == 'E';
  At to = At::kValue;
  if (digit_byte(c)) {
    to = at_ == At::kMinus                         ? (c == '0' ? At::kZero : At::kDigits)
         : at_ == At::kDigits                      ? At::kDigits
         : at_ == At::kDot || at_ == At::kFraction ? At::kFraction
         : at_ == At::kExponent || at_ == At::kExponentSign || at_ == At::kExponentDigits
             ? At::kExponentDigits
             : At::kValue;
  } else if (c == '.' && (at_ == At::kZero || at_ == At::kDigits)) {
    to = At::kDot;
  } else if (exponent && number_ends() && at_ != At::kExponentDigits) {
    to = At::kExponent;
  } else if ((c == '+' || c == '-') && at_ == At::kExponent) {
    to = At::kExponentSign;
  }
  if (to != At::kValue) {
    at_ = to;
    return State::kMore;
  }
  if (!number_ends()) return State::kFailed;
  if (stack_.empty()) return State::kBehind;
  at_ = At::kNext;
  return blank_byte(c) ? State::kMore : next(c);
}

JsonScanner::State JsonScanner::next(unsigned char c) {
  const bool object = stack_.back();
  if (c == ',') {
    at_ = object ? At::kKey : At::kValue;
    return State::kMore;
  }
  if (c == '}' || c == ']') return close(c == '}');
  return State::kFailed;
}

JsonScanner::State JsonScanner::close(bool object) {
  if (stack_.back() != object) return State::kFailed;
  stack_.pop_back();
  return ended();
}

JsonScanner::State JsonScanner::ended() {
  at_ = At::kNext;
  return stack_.empty() ? State::kDone : State::kMore;
}

bool is_json(std::string_view text) {
  JsonScanner scanner;
  for (size_t i = 0; i < text.size(); ++i) {
    const JsonScanner::State state = scanner.step(static_cast<unsigned char>(text[i]));
    if (state == JsonScanner::State::kMore) continue;
    if (state == JsonScanner::State::kFailed) return false;
    const size_t behind = state == JsonScanner::State::kDone ? i + 1 : i;
    return text.find_first_not_of(" \t\r\n", behind) == std::string_view::npos;
  }
  return scanner.ends();
}

}  // namespace xgr::core

// Arguments that are written like JSON, with other strings, keys or words.
//
// Entry point: make_literal_argument_reader. One state and a stack of open containers; each character
// becomes JSON at once, but for numbers and words, which are short.
//
//   {city:<|"|>Bern<|"|>,days:3}  ->  {"city":"Bern","days":3}
//   city='Bern', days=None        ->  {"city":"Bern","days":null}
//
// Tests: tests/unit/chat/argument_reader_test.cc.
#include <algorithm>
#include <vector>

#include "chat/argument_reader.h"
#include "chat/json_scanner.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxLiteralKey = 65536;
constexpr size_t kMaxLiteralWord = 4096;

bool word_char(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '+' || c == '-' || c == '.' || c >= 0x80;
}

class LiteralArguments : public CallArgumentReader {
 public:
  LiteralArguments(const ArgumentFormat& format, const ReplyBuffer& reply, ToolTypes::Place types)
      : n_(*format.notation), reply_(reply), types_(types) {}

  State run(uint64_t* at, std::string* json) override {
    json_ = json;
    if (at_ == At::kBegin && n_.root.open.empty()) open(true);
    while (*at < reply_.end()) {
      switch (step(reply_[*at])) {
        case Step::kTaken:
          ++*at;
          if (frames_.empty() && at_ == At::kEnd) return State::kDone;
          break;
        case Step::kAgain:
          break;
        case Step::kDone:
          return State::kDone;
        case Step::kFailed:
          return State::kFailed;
      }
    }
    return State::kMore;
  }

 private:
  enum class Step : uint8_t { kTaken, kAgain, kDone, kFailed };
  enum class At : uint8_t {
    kBegin,
    kFirst,   // behind what opens a container
    kMember,  // behind a separator: a key or a value
    kKey,     // in a bare key
    kColon,   // behind a quoted key
    kValue,
    kText,    // between string_open and string_close
    kOpen,    // in string_open
    kQuoted,  // in a string with quotes
    kEscape,
    kHex,
    kWord,
    kNext,  // behind a value
    kEnd,
  };
  struct Frame {
    bool object;
    ToolTypes::Place types;
    size_t items = 0;
  };

  Step fail(std::string problem) {
    problem_ = std::move(problem);
    return Step::kFailed;
  }
  bool root() const { return frames_.size() == 1; }
  const ObjectNotation& object() const { return root() ? n_.root : n_.nested; }
  const std::string& colon() const {
    return object().colon.empty() ? object().after_key : object().colon;
  }

  Step step(unsigned char c) {
    switch (at_) {
      case At::kText:
        return text(c);
      case At::kOpen:
        return opening(c);
      case At::kQuoted:
      case At::kEscape:
      case At::kHex:
        return quoted(c);
      case At::kWord:
        return word(c);
      case At::kKey:
        return key(c);
      default:
        break;
    }
    if (is_blank(c)) return Step::kTaken;
    switch (at_) {
      case At::kBegin:
        if (c != '{') return fail("expected '{' and arguments");
        open(true);
        return Step::kTaken;
      case At::kFirst:
        return first(c);
      case At::kMember:
        return member(c);
      case At::kColon:
        if (c != static_cast<unsigned char>(colon()[0]))
          return fail("expected '" + colon() + "' behind a key");
        at_ = At::kValue;
        return Step::kTaken;
      case At::kNext:
        return next(c);
      default:
        return value(c);
    }
  }

  void open(bool object) {
    const ToolTypes::Place types = types_;
    frames_.push_back({object, types});
    *json_ += object ? '{' : '[';
    at_ = At::kFirst;
  }
  Step close() {
    *json_ += frames_.back().object ? '}' : ']';
    frames_.pop_back();
    at_ = frames_.empty() ? At::kEnd : At::kNext;
    return Step::kTaken;
  }
  bool closes(unsigned char c) const {
    const std::string& mark = frames_.back().object ? object().close : n_.array.close;
    return !mark.empty() && c == static_cast<unsigned char>(mark[0]);
  }
  // Arguments that nothing closes end in front of what cannot be one.
  bool open_ended() const { return root() && n_.root.close.empty(); }

  Step first(unsigned char c) {
    if (closes(c)) return close();
    if (!frames_.back().object) {
      at_ = At::kValue;
      types_ = ToolTypes::item(frames_.back().types, frames_.back().items++);
      return Step::kAgain;
    }
    if (open_ended() && !word_char(c)) {
      close();
      return Step::kDone;
    }
    at_ = At::kMember;
    return Step::kAgain;
  }

  Step next(unsigned char c) {
    if (closes(c)) return close();
    if (c == ',') {
      *json_ += ',';
      at_ = At::kMember;
      return Step::kTaken;
    }
    if (!open_ended()) return fail("expected ',' or the end of an object or array");
    close();
    return Step::kDone;
  }

  Step member(unsigned char c) {
    if (!frames_.back().object) {
      at_ = At::kValue;
      types_ = ToolTypes::item(frames_.back().types, frames_.back().items++);
      return Step::kAgain;
    }
    key_.clear();
    if (c == '"' || (c == '\'' && object().key == KeyForm::kPython)) {
      is_key_ = true;
      quote_ = c;
      at_ = At::kQuoted;
      *json_ += '"';
      return Step::kTaken;
    }
    if (object().key == KeyForm::kPython) return fail("expected a key in quotes");
    at_ = At::kKey;
    return Step::kAgain;
  }

  // Up to what stands behind keys.
  Step key(unsigned char c) {
    if (c == static_cast<unsigned char>(object().after_key[0])) {
      while (!key_.empty() && is_blank(static_cast<unsigned char>(key_.back()))) key_.pop_back();
      if (key_.empty()) return fail("expected a key");
      *json_ += '"';
      append_json_chars(key_, json_);
      *json_ += "\":";
      types_ = ToolTypes::member(frames_.back().types, key_);
      at_ = At::kValue;
      return Step::kTaken;
    }
    if (c < 0x20 ||
        std::string_view("{}[](),\"'<>").find(static_cast<char>(c)) != std::string_view::npos)
      return fail("expected '" + object().after_key + "' behind a key");
    if (key_.size() >= kMaxLiteralKey) return fail("a key is longer than 65536 bytes");
    key_ += static_cast<char>(c);
    return Step::kTaken;
  }

  Step value(unsigned char c) {
    if (c == '{' || c == '[') {
      if (frames_.size() >= JsonScanner::kMaxDepth) return fail("arguments are nested too deep");
      open(c == '{');
      return Step::kTaken;
    }
    is_key_ = false;
    if (c == '"' || (c == '\'' && n_.string == StringForm::kPython)) {
      quote_ = c;
      at_ = At::kQuoted;
      *json_ += '"';
      return Step::kTaken;
    }
    if (n_.string == StringForm::kBetween && c == static_cast<unsigned char>(n_.string_open[0])) {
      matched_ = 0;
      at_ = At::kOpen;
      return Step::kAgain;
    }
    if (!word_char(c)) return fail("expected a value");
    word_.clear();
    at_ = At::kWord;
    return Step::kAgain;
  }

  Step opening(unsigned char c) {
    if (c != static_cast<unsigned char>(n_.string_open[matched_]))
      return fail("expected " + n_.string_open + " and a string");
    if (++matched_ < n_.string_open.size()) return Step::kTaken;
    *json_ += '"';
    matched_ = 0;
    at_ = At::kText;
    return Step::kTaken;
  }

  // What looked like the beginning of the end and is none belongs to the string.
  Step text(unsigned char c) {
    const std::string& close = n_.string_close;
    while (matched_ > 0 && c != static_cast<unsigned char>(close[matched_])) {
      size_t keep = matched_ - 1;
      while (keep > 0 && close.compare(matched_ - keep, keep, close, 0, keep) != 0) --keep;
      append_json_chars(std::string_view(close).substr(0, matched_ - keep), json_);
      matched_ = keep;
    }
    if (c != static_cast<unsigned char>(close[matched_])) {
      const char byte = static_cast<char>(c);
      append_json_chars({&byte, 1}, json_);
    } else if (++matched_ == close.size()) {
      *json_ += '"';
      at_ = At::kNext;
    }
    return Step::kTaken;
  }

  void put(std::string_view bytes) {
    append_json_chars(bytes, json_);
    if (is_key_ && key_.size() < kMaxLiteralKey) key_ += bytes;
  }

  Step quoted(unsigned char c) {
    const char byte = static_cast<char>(c);
    if (at_ == At::kHex) return hex(c);
    if (at_ == At::kEscape) return escape(c);
    if (c == '\\') {
      at_ = At::kEscape;
    } else if (c != quote_) {
      put({&byte, 1});
    } else {
      *json_ += '"';
      at_ = At::kNext;
      if (is_key_) {
        *json_ += ':';
        types_ = ToolTypes::member(frames_.back().types, key_);
        at_ = At::kColon;
      }
    }
    return Step::kTaken;
  }

  Step escape(unsigned char c) {
    static constexpr std::string_view kLetters = "ntrbfav0\\'\"/",
                                      kMeant("\n\t\r\b\f\a\v\0\\'\"/", 12);
    at_ = At::kQuoted;
    if (c == '\n') return Step::kTaken;  // the string goes on
    if (c == 'x' || c == 'u' || c == 'U') {
      digits_ = c == 'x' ? 2 : c == 'u' ? 4 : 8;
      code_ = 0;
      at_ = At::kHex;
      return Step::kTaken;
    }
    const size_t known = kLetters.find(static_cast<char>(c));
    const char both[2] = {'\\', static_cast<char>(c)};
    put(known == std::string_view::npos ? std::string_view(both, 2) : kMeant.substr(known, 1));
    return Step::kTaken;
  }

  Step hex(unsigned char c) {
    const uint32_t digit = c >= '0' && c <= '9'   ? c - '0'
                           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                  : 16;
    if (digit == 16) return fail("expected a hexadecimal digit in a string");
    code_ = code_ << 4 | digit;
    if (--digits_ > 0) return Step::kTaken;
    at_ = At::kQuoted;
    if (code_ > 0x10FFFF) return fail("a character of a string is beyond U+10FFFF");
    unit();
    return Step::kTaken;
  }

  // As an escape of JSON: pairs of surrogates may come one by one.
  void unit() {
    auto write = [&](uint32_t u) {
      *json_ += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) *json_ += kHexDigits[u >> shift & 15];
    };
    if (code_ < 0x80) {
      const char byte = static_cast<char>(code_);
      put({&byte, 1});
    } else if (code_ < 0x10000) {
      write(code_);
    } else {
      write(0xD800 + ((code_ - 0x10000) >> 10));
      write(0xDC00 + ((code_ - 0x10000) & 0x3FF));
    }
  }

  Step word(unsigned char c) {
    if (word_char(c)) {
      if (word_.size() >= kMaxLiteralWord)
        return fail("a number or word is longer than 4096 bytes");
      word_ += static_cast<char>(c);
      return Step::kTaken;
    }
    at_ = At::kNext;
    auto is = [&](const std::vector<std::string>& words) {
      return std::find(words.begin(), words.end(), word_) != words.end();
    };
    if (is(n_.nulls)) {
      *json_ += "null";
    } else if (is(n_.trues)) {
      *json_ += "true";
    } else if (is(n_.falses)) {
      *json_ += "false";
    } else if (is_json(word_)) {
      *json_ += word_;
    } else {
      return fail("'" + word_ + "' is no value");
    }
    return Step::kAgain;
  }

  const ArgumentNotation& n_;
  const ReplyBuffer& reply_;
  ToolTypes::Place types_;
  std::string* json_ = nullptr;
  At at_ = At::kBegin;
  std::vector<Frame> frames_;
  std::string key_, word_;
  size_t matched_ = 0;  // of string_open or string_close
  bool is_key_ = false;
  unsigned char quote_ = 0;
  uint32_t digits_ = 0, code_ = 0;
};

}  // namespace

std::unique_ptr<CallArgumentReader> make_literal_argument_reader(const ArgumentFormat& format,
                                                                 const ReplyBuffer& reply,
                                                                 ToolTypes::Place types) {
  return std::make_unique<LiteralArguments>(format, reply, types);
}

}  // namespace xgr::core

// Tells byte by byte whether a text is JSON, and where a value ends.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace xgr::core {

class JsonScanner {
 public:
  enum class State : uint8_t {
    kMore,    // the byte belongs to the value, which goes on
    kDone,    // the byte is the last of the value
    kBehind,  // the value, a number, ended before the byte
    kFailed,  // no JSON
  };
  static constexpr size_t kMaxDepth = 10000;

  State step(unsigned char c);
  // Whether the value can end here: a number that is complete.
  bool ends() const { return stack_.empty() && number_ends(); }

 private:
  enum class At : uint8_t {
    kValue,
    kFirstItem,  // behind [: a value or ]
    kFirstKey,   // behind {: a key or }
    kKey,        // behind , of an object
    kColon,
    kNext,  // behind a value in a container
    kString,
    kEscape,
    kHex,
    kWord,  // true, false, null
    kMinus,
    kZero,
    kDigits,
    kDot,
    kFraction,
    kExponent,
    kExponentSign,
    kExponentDigits,
  };
  State value(unsigned char c);
  State number(unsigned char c);
  State string(unsigned char c);
  State next(unsigned char c);
  State close(bool object);
  State ended();
  bool number_ends() const;

  At at_ = At::kValue;
  bool key_ = false;  // the string is one
  uint8_t hex_ = 0;
  std::string_view word_;    // what is left of it
  std::vector<bool> stack_;  // open containers; true: an object
};

// Whether `text`, which may have white space around it, is one JSON value.
bool is_json(std::string_view text);

}  // namespace xgr::core

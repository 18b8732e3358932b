// Keys of sources: what they are made of, written one behind the other.
//
//   KeyText key;
//   key.add_number(7);
//   key.add_text("a+");
//   std::move(key).take()
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace xgr::core {

// Texts come with their length, so that no two lists of parts are written alike.
class KeyText {
 public:
  void add_number(uint64_t n) { out_.append(reinterpret_cast<const char*>(&n), sizeof(n)); }
  void add_text(std::string_view text) {
    add_number(text.size());
    out_ += text;
  }
  // Of a small value: a flag, an enum, a number of an option.
  template <typename T>
  void add(T value) {
    static_assert(std::is_integral_v<T> || std::is_enum_v<T>);
    add_number(static_cast<uint64_t>(value));
  }
  const std::string& text() const { return out_; }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

// A JSON text without white space, its strings escaped in one way; the text itself when it is none.
std::string canonical_json(std::string_view text);

}  // namespace xgr::core

// JSON values, each once, so that equal values have equal numbers; and which of them a text that is
// being written may become.
//
//   ItemValues v;   v.number("1.0") == v.number("10e-1");   v.text(v.string("ab")) == "ab"
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace xgr::core {

using ValueId = uint32_t;
inline constexpr char kManyZeros = '~';

class ItemValues {
 public:
  // Kinds: 's' string, 'n' number, 'w' word, '[' array (parts: its items), '{' object (parts: a name and
  // its value, and so on, ascending). Others are the user's.
  ValueId add(char kind, std::string_view text);
  ValueId add(char kind, const std::vector<ValueId>& parts);
  // A number as it is written; any other text stands for itself. kManyZeros stands for so many that the
  // number is none that was met before, unless they mean nothing.
  ValueId number(std::string_view written);
  // An object, whatever the order of its names and values.
  ValueId object(std::vector<ValueId> names_and_values);

  char kind(ValueId v) const { return keys_[v][0]; }
  std::string_view text(ValueId v) const { return std::string_view(keys_[v]).substr(kHead); }
  size_t part_count(ValueId v) const { return (keys_[v].size() - kHead) / sizeof(ValueId); }
  ValueId part(ValueId v, size_t i) const;
  // The value of a member, or kNone.
  ValueId member(ValueId object, ValueId name) const;
  static constexpr ValueId kNone = UINT32_MAX;

  // More bytes than any number so far takes without an exponent.
  uint64_t widest_number() const { return widest_; }
  size_t size() const { return keys_.size(); }
  void resize(size_t size);  // forgets those added last
  size_t memory_bytes() const { return bytes_; }

 private:
  static constexpr size_t kHead = 4;    // of a key: the kind, and zeros
  static constexpr size_t kEntry = 96;  // bytes of a key and its place in the table, about
  ValueId intern(std::string key);
  std::deque<std::string> keys_;
  std::unordered_map<std::string_view, ValueId> ids_;
  size_t bytes_ = 0;
  uint64_t widest_ = 0;
};

// Scalars that some text may become, in order.
struct ItemChoice {
  std::vector<ValueId> strings, numbers, words;
  void add(const ItemValues& values, ValueId v);
  void sort(const ItemValues& values);  // and drops duplicates
  // Whether one of the numbers or words may still be written, after this much of one.
  bool has_number(const ItemValues& values, std::string_view begun) const;
  bool has_word(const ItemValues& values, std::string_view begun) const;
};

// Whether `begun`, the beginning of a number as it is written, may become the number of `value`.
bool may_become_number(const ItemValues& values, std::string_view begun, ValueId value);

}  // namespace xgr::core

// Textbook Earley recogniser on bytes and whole tokens: is a byte string a prefix of some string of the language,
// and is it a string of it?
//
//   EarleyChart chart(grammar);
//   bool alive = chart.push('a');   // false: no string starts so; the chart is unchanged
//   chart.complete();               // the bytes pushed so far are a string
//   chart.pop();
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "plain_grammar.h"

namespace reference {

class EarleyChart {
 public:
  // A position in a production: the symbol that comes next there.
  struct Slot {
    enum Kind : uint8_t { kByte, kToken, kRule, kEnd } kind;
    uint32_t
        value;  // index into byte_sets_ or token_sets_, the rule expected, or the rule that ends
  };
  struct Item {
    uint32_t slot;    // its successor slot + 1 is the dot moved over the symbol
    uint32_t origin;  // where the production started
    int32_t next_waiting;
  };

  explicit EarleyChart(const PlainGrammar& grammar);

  bool has_strings() const { return has_strings_; }  // otherwise nothing else may be called
  bool push(unsigned char byte);
  // One token, read as a whole or by its bytes, in all ways that lead on.
  bool push_token(uint32_t id, std::string_view bytes);
  void pop() { length_ = sets_[length_].before; }
  bool complete() const { return sets_[length_].complete; }
  const ByteSet& next_bytes() const { return sets_[length_].next; }  // bytes push() would take
  size_t length() const { return length_; }                          // of the last set
  std::set<uint32_t> next_tokens() const;                            // as a whole

  // The chart itself, for token_spelling.h.
  const std::vector<Item>& items(size_t position) const { return sets_[position].items; }
  size_t slot_count() const { return slots_.size(); }
  const Slot& slot(uint32_t index) const { return slots_[index]; }
  const ByteSet& bytes(const Slot& byte_slot) const { return byte_sets_[byte_slot.value]; }
  int32_t first_waiting(size_t position, uint32_t rule) const {
    return sets_[position].waiting[rule];
  }
  uint32_t root() const { return root_; }

 private:
  struct Set {
    std::vector<Item> items;
    std::vector<uint32_t> scans;   // items before a byte
    std::vector<int32_t> waiting;  // per rule: first item before that rule, or -1
    ByteSet next;
    bool complete = false;
    size_t before = 0;  // the set that pop() goes back to
  };

  void open(size_t position);
  void scan(size_t from, unsigned char byte);
  void add(uint32_t slot, uint32_t origin);
  void close();

  std::vector<Slot> slots_;
  std::vector<ByteSet> byte_sets_;
  std::vector<std::vector<uint32_t>> token_sets_;  // sorted
  std::vector<std::vector<uint32_t>> starts_;      // per rule: first slot of every production
  std::vector<bool> nullable_;
  uint32_t root_ = 0;
  bool has_strings_ = false;

  std::vector<Set> sets_;  // sets_[0 .. length_] are alive
  size_t length_ = 0;
  size_t current_ = 0;          // the set being built
  std::vector<uint32_t> seen_;  // per origin and slot: stamp of the last set that has the item
  uint32_t stamp_ = 0;
};

}  // namespace reference

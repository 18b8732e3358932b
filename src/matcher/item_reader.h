// The items of one JSON array, or the names of one object, compared with one another while it is being
// written. Names are items here.
//
//   ItemReader r;  r.read("[1, \"a\", 1.0");   r.could_repeat();   // the last item may become a second 1
//   r.read("]");                               r.repeats();        // it did
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matcher/item_values.h"
#include "support/work.h"

namespace xgr::core {

class ItemReader {
 public:
  // Where the reader stands: equal places are those between whose continuations no item tells a
  // difference. Copies of places take it back, as long as they are not older than keep().
  struct Place {
    uint32_t added = 0;   // items since keep()
    uint32_t frame = 0;   // the innermost container that the item under way is in; 0: none
    uint32_t text = 0;    // the string, number or word under way
    uint32_t escape = 0;  // in a string: of an escape sequence, what is there of it
    uint32_t depth = 0;   // of brackets in a value that is passed over
    uint8_t at = 0;       // see item_reader.cc
    bool names = false;   // an object
    bool repeats = false, closed = false;
    void append_to(std::string* key) const {
      key->append(reinterpret_cast<const char*>(this), sizeof(*this));
    }
  };
  static_assert(sizeof(Place) == 24, "no padding, so that equal places are equal bytes");

  // Text that follows, from the opening bracket on; whatever follows the closing one is not looked at.
  void read(std::string_view text) {
    for (char c : text) read_byte(c);
  }
  bool repeats() const { return now_.repeats; }  // two items are equal, by JSON Schema's rules
  // Whether the array may go on so that the item under way, or the next one, is equal to another one;
  // "yes" where it cannot tell. "No" behind an item.
  bool could_repeat();
  bool closed() const { return now_.closed; }
  // An exception ended read_kept(): it is of no use any more.
  bool broken() const { return keeping_; }
  bool in_string() const;

  const Place& place() const { return now_; }
  void restore(const Place& p) { now_ = p; }
  // Makes the present place the one that go_back() leads to: what was read so far stays.
  void keep();
  void go_back();
  // Text that stays. From the place of keep() only.
  void read_kept(std::string_view text);
  // Whether texts are tried without end: runs of zeros are then cut short.
  void set_searching(bool on) { searching_ = on; }
  void set_work(Work* work) { work_ = work; }
  size_t memory_bytes() const;

 private:
  static constexpr ValueId kNone = ItemValues::kNone;
  // A container that an item under way is in, with what it has so far; all that matters of it.
  struct Frame {
    uint32_t parent = 0, before = 0;  // the frame before its last part was added; 0: just opened
    uint32_t added = 0;               // Place::added, without a parent
    ValueId list = kNone;  // parts: of an array the last and those before it, of an object a set
    uint32_t count = 0;
    ValueId name = kNone;  // of an object: of the member under way
    ValueId last = kNone;  // the part that was added last
    char kind = '[';
    bool known = false;           // the candidates are
    uint32_t begin = 0, end = 0;  // candidates: the containers it may become
    uint32_t choice = 0;          // 1 + of what may come next, 0: not known
  };
  // Text under way, by its last byte.
  struct Text {
    uint32_t parent = 0;
    uint32_t depth = 0;  // bytes
    uint32_t frame = 0;
    uint32_t begin = 0, end = 0;  // strings of the choice that begin like this
    bool known = false;
    char byte = 0;
    bool escape = false;  // of an escape sequence
  };

  void read_byte(char c);
  void pass_over(char c);
  void structure(char c);
  void string_byte(char c);
  void escape_byte(char c);
  void unit_byte(char c, const std::string& raw);
  void plain_byte(char c);
  void open(char c);
  void close(char c);
  void begin_text(uint8_t at);
  void end_string();
  void end_scalar();
  void end_value(ValueId v);
  void end_name(ValueId v);
  void end_item(ValueId v);
  void break_off();
  bool in_array() const;
  bool expects_value() const;
  bool expects_name() const;

  uint32_t child(uint32_t parent, char byte);
  uint32_t text_id(const Text& t);
  void append_decoded(char32_t c);
  std::string text_of(uint32_t text) const;
  uint32_t frame_id(const Frame& f);
  static uint64_t text_key(const Text& t);
  uint32_t open_frame(char kind);
  uint32_t frame_with(uint32_t frame, ValueId v);
  uint32_t frame_named(uint32_t frame, ValueId name);

  bool is_item(ValueId v) const;
  void add_kept(ValueId v);
  bool has_items() const { return kept_count_ > 0 || now_.added != 0; }
  bool string_may_repeat();
  bool scalar_may_repeat();
  const ItemChoice& choice_of(uint32_t frame);
  void find_candidates(uint32_t frame);
  void find_candidates_of(uint32_t frame);
  ValueId part_of(ValueId container, const Frame& f) const;
  void find_range(uint32_t text);
  void find_range_of(uint32_t text);
  void clear_tables();

  Place now_, base_;
  ItemValues values_;  // items and what they are made of
  ItemValues lists_;   // parts of containers under way, sets of items
  std::vector<Frame> frames_{1};
  std::vector<Text> texts_{1};
  std::unordered_map<std::string, uint32_t> frame_ids_;
  std::vector<std::string> frame_keys_{1};
  std::unordered_map<uint64_t, uint32_t> text_ids_;
  std::vector<ValueId> candidates_;
  std::vector<ItemChoice> choices_;
  // Items that stay.
  std::vector<bool> kept_;  // by value
  std::vector<ValueId> containers_;
  ItemChoice kept_choice_;
  bool sorted_ = true;
  size_t kept_count_ = 0;
  bool keeping_ = false, searching_ = false;
  struct Sizes {
    size_t values = 0, lists = 0, frames = 1, texts = 1, candidates = 0, choices = 0;
  } sizes_;  // at base_
  Work* work_ = nullptr;
};

}  // namespace xgr::core

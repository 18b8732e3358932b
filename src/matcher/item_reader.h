// The items of one JSON array, or the names of one object, compared with one another while it is being
// written. Names are items here.
//
//   ItemReader r;  r.read("[1, \"a\", 1.0");   r.could_repeat();   // the last item may become a second 1
//   r.read("]");                               r.repeats();        // it did
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xgr::core {

class ItemReader {
 public:
  // Text that follows, from the opening bracket on; whatever follows the closing one is not looked at.
  void read(std::string_view text);
  bool repeats() const { return now_.repeats; }  // two items are equal, by JSON Schema's rules
  // Whether the array may go on so that two items are equal; "yes" when it cannot tell.
  bool could_repeat() const;
  // Equal for texts between whose continuations no item tells a difference.
  std::string gist() const;
  bool closed() const { return now_.closed; }
  bool in_string() const { return now_.in_string; }

  // Where the reader stands; restore() takes it back to an earlier place.
  struct Mark {
    size_t text = 0, items = 0;
    size_t item = 0;  // where the current one begins, kNone between items
    uint32_t depth = 0;
    bool in_string = false, escaped = false, closed = false, repeats = false;
    bool in_value = false;  // of an object: behind the colon
  };
  static constexpr size_t kNone = SIZE_MAX;
  Mark mark() const;
  void restore(const Mark& m);
  size_t memory_bytes() const;

 private:
  struct Item {
    std::string value;                 // equal texts: equal values
    std::vector<std::string> scalars;  // that it is made of, names included
  };
  void read_byte(char c);
  void begin_item();
  void end_item();
  static Item make_item(std::string_view text);

  Mark now_{.item = kNone};  // text and items are filled in by mark()
  std::string text_;
  std::vector<Item> items_;
};

}  // namespace xgr::core

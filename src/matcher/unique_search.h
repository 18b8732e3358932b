// Looking ahead in arrays of unique items: tries bytes beyond the output, and finds out whether some way
// on repeats no item.
//
//   UniqueTrail trail(&items, parses, "");   trail.push('"') == UniqueTrail::kOn;   trail.pop();
//   UniqueSearch search(&items, &trail);     search.finds_a_way()
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matcher/unique_items.h"

namespace xgr::core {

// Parses, and the arrays they are in, after each of the bytes tried.
class UniqueTrail {
 public:
  enum Pushed { kRefused, kRepeats, kOn };  // by the grammar; into a repetition; a new level
  // After `bytes`, which the arrays have read.
  UniqueTrail(UniqueItems* items, std::span<const Config> parses, std::string_view bytes);
  ~UniqueTrail() { u_.arena_.release(start_); }

  Pushed push(uint8_t byte);
  void pop() { pop_to(levels_.size() - 1); }
  void pop_to(size_t levels);
  size_t levels() const { return levels_.size(); }
  // Of the top level.
  std::span<const Config> parses() const;
  bool could_repeat();
  bool is_safe();
  ByteSet live_bytes() { return stepper_.live_bytes(parses_, top().begin, top().end); }
  // All that matters of it, but for what is on the stacks: these are the same objects.
  void append_place(std::string* key) const;
  // Whether no array of the level repeats an item after `text`, nor is about to: a look at the text alone,
  // for texts that begin no array.
  bool passes(std::string_view text);
  void set_searching(bool on) { searching_ = on; }

 private:
  struct Level {
    size_t begin, end;    // of the parses
    size_t tried;         // bytes
    size_t arrays_begin;  // of the arrays, and of the places of their readers
    size_t arrays_end;
  };
  const Level& top() const { return levels_.back(); }
  void add_level(size_t begin, const UniqueItems::Arrays& arrays);
  void restore();
  bool same_stacks(size_t begin) const;

  UniqueItems& u_;
  const Arena::Mark start_;
  Stepper stepper_;
  std::string tried_;
  std::vector<Config> parses_;
  std::vector<Level> levels_;
  UniqueItems::Arrays arrays_, found_;
  std::vector<ItemReader::Place> places_;
  bool moved_ = false;  // the readers are not where the top level is
  bool searching_ = false;
};

// Answers for many places on one trail.
class UniqueSearch {
 public:
  UniqueSearch(UniqueItems* items, UniqueTrail* trail) : u_(*items), trail_(*trail) {}
  // Whether the trail, from its top level, leads anywhere without a repetition. The trail is as before.
  bool finds_a_way();

 private:
  static constexpr int64_t kDead = -1, kAlive = -2;
  struct Node {
    ByteSet open;   // bytes that lead to places not known
    int64_t index;  // when it was entered
    int64_t low;    // of the places that are entered and that it leads to, the first
    std::string key;
  };
  void enter(std::string key);
  bool look_at(uint8_t byte);
  void leave();
  std::string key() const;

  UniqueItems& u_;
  UniqueTrail& trail_;
  std::unordered_map<std::string, int64_t>
      known_;                         // kDead, kAlive, or the index of one that is entered
  std::vector<std::string> entered_;  // not known yet, in order
  std::vector<Node> path_;
  bool found_ = false;
};

}  // namespace xgr::core

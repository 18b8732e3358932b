// Arrays without equal items, objects without equal names.
//
// Entry points: keep after a byte, suspects for masks. Every stack frame of an array with unique items
// says where in the output the array begins, so its items are read off the text (item_reader.h). A
// comma or the closing bracket ends an item: parses in an array with two equal items then die. Where
// the text of an item may still become that of an earlier one, a search looks for a way on that leads
// elsewhere; items of few values ("true", an enum) have none when all are used up.
//
//   {"items": {"type": "boolean"}, "uniqueItems": true}:   [true  ->  "," or "]";   [true,false  ->  "]"
//
// For masks, a walk over the token trie along texts that could become a repetition finds the tokens to
// try; tokens with a comma in them (few) are tried as well.
//
// Tests: tests/unit/matcher/unique_items_test.cc.
#include "matcher/unique_items.h"

#include <algorithm>
#include <unordered_set>

#include "support/reserve.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxSearchSteps = 20000;  // steps of one search for a way on

bool ends_item(char c) { return c == ',' || c == ']' || c == ':'; }

}  // namespace

void UniqueItems::make_room(std::string_view bytes) {
  reserve_for(&text_, bytes.size());
  reserve_for(&steps_, 1);
}

void UniqueItems::commit(std::string_view bytes) {
  steps_.push_back(text_.size());
  text_ += bytes;
}

void UniqueItems::rollback(size_t steps) {
  if (steps == 0) return;
  text_.resize(steps_[steps_.size() - steps]);
  steps_.resize(steps_.size() - steps);
  arrays_.clear();
}

void UniqueItems::clear() {
  text_.clear();
  steps_.clear();
  arrays_.clear();
}

std::unique_ptr<UniqueItems> UniqueItems::clone() const {
  auto copy = std::make_unique<UniqueItems>(trie_, commas_);
  copy->text_ = text_;
  copy->steps_ = steps_;
  return copy;
}

void UniqueItems::begin() {
  for (Open& o : arrays_) {
    o.reader.restore(o.base);
    o.read = o.offset + o.base.text;
  }
  std::erase_if(arrays_,
                [&](const Open& o) { return o.offset >= text_.size() || o.reader.closed(); });
}

UniqueItems::Open& UniqueItems::open_at(uint32_t offset) {
  for (Open& o : arrays_) {
    if (o.offset == offset) return o;
  }
  Open fresh{offset, {}, {}, offset};
  fresh.base = fresh.reader.mark();
  return arrays_.emplace_back(std::move(fresh));
}

void UniqueItems::catch_up(Open* o, std::string_view bytes) {
  if (o->read < text_.size()) {
    o->reader.read(std::string_view(text_).substr(o->read));
    o->read = text_.size();
  }
  if (o->read == text_.size() && o->offset < text_.size()) o->base = o->reader.mark();
  const size_t tried = o->read - text_.size();
  o->reader.read(bytes.substr(tried));
  o->read = text_.size() + bytes.size();
}

void UniqueItems::find_open(const Config* begin, const Config* end, std::string_view bytes) {
  nodes_.clear();
  current_.clear();
  auto visit = [&](const StackNode* n) {
    if (n && n->unique != 0 && std::find(nodes_.begin(), nodes_.end(), n) == nodes_.end())
      nodes_.push_back(n);
  };
  for (const Config* c = begin; c != end; ++c) visit(c->stack);
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const StackNode* n = nodes_[i];
    if (n->opens_unique) {
      Open& o = open_at(n->unique - 1);
      catch_up(&o, bytes);
      // Frames of several parses may be those of one array.
      const uint32_t index = static_cast<uint32_t>(&o - arrays_.data());
      if (std::find(current_.begin(), current_.end(), index) == current_.end())
        current_.push_back(index);
    }
    for (const StackEdge& e : *n) visit(e.parent);
  }
}

// Whether some stack of the parse has no array on it for which `test` is true.
bool UniqueItems::has_stack_without(Test test, const Config& c) {
  std::vector<const StackNode*>& todo = nodes_;
  todo.assign(1, c.stack);
  for (size_t i = 0; i < todo.size(); ++i) {
    const StackNode* n = todo[i];
    if (!n || n->unique == 0) return true;
    if (n->opens_unique && (open_at(n->unique - 1).reader.*test)()) continue;
    for (const StackEdge& e : *n) {
      if (std::find(todo.begin(), todo.end(), e.parent) == todo.end()) todo.push_back(e.parent);
    }
  }
  return false;
}

bool UniqueItems::could_repeat() const {
  return std::any_of(current_.begin(), current_.end(),
                     [&](uint32_t i) { return arrays_[i].reader.could_repeat(); });
}

// One search for a way on along which no item can become an earlier one: depth first, by bytes.
class UniqueItems::Search {
 public:
  Search(UniqueItems* items, std::span<const Config> parses, std::string_view bytes)
      : u_(*items), start_(u_.arena_.mark()), stepper_(&u_.arena_), tried_(bytes) {
    parses_.assign(parses.begin(), parses.end());
    for (const Open& o : u_.arrays_) marks_.push_back(o.reader.mark());
    first_ = bytes.size();
  }
  ~Search() {
    back_to(first_);
    u_.arena_.release(start_);
  }
  bool run() {
    enter(0);
    while (!levels_.empty() && !found_) {
      Level& top = levels_.back();
      if (top.bytes.empty()) {
        levels_.pop_back();
        continue;
      }
      uint8_t b = 0;
      while (!top.bytes.has(b)) ++b;
      top.bytes.remove(b);
      parses_.resize(top.end);
      back_to(first_ + levels_.size() - 1);
      if (step(top.begin, top.end, b)) enter(top.end);
    }
    return found_;
  }

 private:
  struct Level {
    size_t begin, end;  // of the parses
    ByteSet bytes;      // that lead on, but may still lead to a repetition
  };
  // Looks at every byte before going on with one, since most lead elsewhere.
  void enter(size_t begin) {
    const size_t end = parses_.size(), size = tried_.size();
    ByteSet open;
    stepper_.live_bytes(parses_, begin, end).for_each([&](uint8_t b) {
      if (found_) return;
      if (step(begin, end, b)) {
        // Too far to tell: nothing is refused for it.
        found_ = u_.any_safe(parses_, end) || ++steps_ > kMaxSearchSteps;
        if (seen_.insert(place(end)).second) open.add(b);
      }
      parses_.resize(end);
      back_to(size);
    });
    levels_.push_back({begin, end, open});
  }
  bool step(size_t begin, size_t end, uint8_t byte) {
    stepper_.set_offset(u_.text_.size() + tried_.size());
    if (!stepper_.step(&parses_, begin, end, byte)) return false;
    tried_.push_back(static_cast<char>(byte));
    u_.find_open(parses_.data() + end, parses_.data() + parses_.size(), tried_);
    u_.drop_dead(&parses_, end);
    return parses_.size() > end;
  }
  // The parses, and what they have to differ from.
  std::string place(size_t begin) const {
    std::string out(reinterpret_cast<const char*>(parses_.data() + begin),
                    (parses_.size() - begin) * sizeof(Config));
    for (uint32_t i : u_.current_) out += u_.arrays_[i].reader.gist() + '\0';
    return out;
  }
  // Readers as after so many bytes; arrays begun since then are forgotten.
  void back_to(size_t size) {
    u_.arrays_.erase(u_.arrays_.begin() + static_cast<std::ptrdiff_t>(marks_.size()),
                     u_.arrays_.end());
    for (size_t i = 0; i < marks_.size(); ++i) {
      u_.arrays_[i].reader.restore(marks_[i]);
      u_.arrays_[i].read = u_.arrays_[i].offset + marks_[i].text;
    }
    tried_.resize(size);
  }

  UniqueItems& u_;
  const Arena::Mark start_;
  Stepper stepper_;
  std::string tried_;
  size_t first_ = 0, steps_ = 0;
  std::vector<Config> parses_;
  std::vector<Level> levels_;
  std::vector<ItemReader::Mark> marks_;  // by array
  std::unordered_set<std::string> seen_;
  bool found_ = false;
};

// Whether some parse can go on in any way without a repetition.
bool UniqueItems::any_safe(const std::vector<Config>& v, size_t begin) {
  return std::any_of(v.begin() + static_cast<std::ptrdiff_t>(begin), v.end(), [&](const Config& c) {
    return has_stack_without(&ItemReader::could_repeat, c);
  });
}

bool UniqueItems::drop_dead(std::vector<Config>* v, size_t begin) {
  v->erase(
      std::remove_if(v->begin() + static_cast<std::ptrdiff_t>(begin), v->end(),
                     [&](const Config& c) { return !has_stack_without(&ItemReader::repeats, c); }),
      v->end());
  return v->size() > begin;
}

bool UniqueItems::keep(std::vector<Config>* v, size_t begin, std::string_view bytes, bool last) {
  const auto from = v->begin() + static_cast<std::ptrdiff_t>(begin);
  const bool inside =
      std::any_of(from, v->end(), [](const Config& c) { return c.stack && c.stack->unique != 0; });
  if (!inside || (!last && !ends_item(bytes.back()))) return true;
  find_open(v->data() + begin, v->data() + v->size(), bytes);
  if (!could_repeat()) return true;
  if (!drop_dead(v, begin)) return false;
  if (!last || any_safe(*v, begin)) return true;
  Search search(this, {v->data() + begin, v->size() - begin}, bytes);
  if (search.run()) return true;
  v->resize(begin);
  return false;
}

void UniqueItems::suspects(std::span<const Config> parses, std::vector<int32_t>* out) {
  begin();
  find_open(parses.data(), parses.data() + parses.size(), {});
  out->assign(commas_.after_bracket.begin(), commas_.after_bracket.end());
  if (current_.empty()) return;
  const bool in_string = arrays_[current_[0]].reader.in_string();
  const std::vector<int32_t>& more = in_string ? commas_.after_quote : commas_.all;
  out->insert(out->end(), more.begin(), more.end());
  if (could_repeat()) collect(out);
}

// The tokens along texts that could become a repetition, by a walk over the trie.
void UniqueItems::collect(std::vector<int32_t>* out) {
  struct Level {
    uint32_t child, end;
    size_t marks;
  };
  std::vector<ItemReader::Mark> marks;
  std::vector<Level> levels;
  auto enter = [&](uint32_t node) {
    levels.push_back({node + 1, trie_.end(node), marks.size()});
    for (uint32_t i : current_) marks.push_back(arrays_[i].reader.mark());
  };
  enter(0);
  while (!levels.empty()) {
    Level& top = levels.back();
    for (size_t i = 0; i < current_.size(); ++i)
      arrays_[current_[i]].reader.restore(marks[top.marks + i]);
    if (top.child >= top.end) {
      marks.resize(top.marks);
      levels.pop_back();
      continue;
    }
    const uint32_t node = top.child;
    top.child = trie_.end(node);
    const char byte = static_cast<char>(trie_.byte(node));
    for (uint32_t i : current_) arrays_[i].reader.read({&byte, 1});
    if (!could_repeat()) continue;
    for (uint32_t r = trie_.first_rank(node); r < trie_.first_rank(node + 1); ++r)
      out->push_back(trie_.id(r));
    enter(node);
  }
}

size_t UniqueItems::memory_bytes() const {
  size_t bytes =
      sizeof(*this) + text_.capacity() + steps_.capacity() * sizeof(size_t) + arena_.memory_bytes();
  for (const Open& o : arrays_) bytes += o.reader.memory_bytes();
  return bytes;
}

}  // namespace xgr::core

// Arrays without equal items, objects without equal names.
//
// Entry points: keep after a byte, find_repeating for masks. Every stack frame of an array with unique
// items says where in the output the array begins, so its items are read off the text (item_reader.h).
// A parse in an array with two equal items dies. Where the text of an item may still become that of
// an earlier one, a search looks for a way on that leads elsewhere (unique_search.h); items of few
// values ("true", an enum) have none when all are used up. That there are enough different values for
// as many items as an array must have is made sure when its schema is compiled.
//
//   {"items": {"type": "boolean"}, "uniqueItems": true}:   [true  ->  "," or "]";   [true,false  ->  "]"
//
// Tests: tests/unit/matcher/unique_items_test.cc.
#include "matcher/unique_items.h"

#include <algorithm>

#include "matcher/unique_search.h"
#include "support/reserve.h"
#include "support/sort_unique.h"

namespace xgr::core {
namespace {

// Whether an item may have ended with the byte; a number ends before the next one.
bool may_end_item(char c) { return c == ',' || c == ']' || c == ':' || c == '"' || c == '}'; }

bool reader_repeats(ItemReader* r) { return r->repeats(); }
bool reader_could_repeat(ItemReader* r) { return r->could_repeat(); }

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

void UniqueItems::begin(Work* work) {
  work_ = work;
  forget_from(text_.size());
  for (auto it = arrays_.begin(); it != arrays_.end();) {
    Open& o = it->second;
    o.reader.set_work(work);
    o.reader.set_searching(false);
    o.reader.go_back();
    o.read = o.kept;
    it = o.reader.closed() || o.reader.broken() ? arrays_.erase(it) : std::next(it);
  }
}

UniqueItems::Open* UniqueItems::open_at(uint32_t offset) {
  auto [it, fresh] = arrays_.try_emplace(offset, offset);
  if (fresh) it->second.reader.set_work(work_);
  return &it->second;
}

void UniqueItems::catch_up(Open* o, std::string_view bytes) {
  if (o->read < text_.size()) {
    o->reader.read_kept(std::string_view(text_).substr(o->read));
    o->reader.keep();
    o->kept = o->read = text_.size();
  }
  o->reader.read(bytes.substr(o->read - text_.size()));
  o->read = text_.size() + bytes.size();
}

// Whether a walk over stacks meets the node for the first time; it is then in nodes_.
bool UniqueItems::is_new(const StackNode* n) {
  constexpr size_t kFew = 16;
  charge(work_, 1);
  if (nodes_.size() < kFew) {
    if (std::find(nodes_.begin(), nodes_.end(), n) != nodes_.end()) return false;
  } else {
    if (many_nodes_.empty()) many_nodes_.insert(nodes_.begin(), nodes_.end());
    if (!many_nodes_.insert(n).second) return false;
  }
  nodes_.push_back(n);
  return true;
}

void UniqueItems::find_open(std::span<const Config> parses, std::string_view bytes, Arrays* out) {
  nodes_.clear();
  many_nodes_.clear();
  out->clear();
  auto visit = [&](const StackNode* n) {
    if (n && n->unique != 0) is_new(n);
  };
  for (const Config& c : parses) visit(c.stack);
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const StackNode* n = nodes_[i];
    if (n->opens_unique) {
      out->push_back(open_at(n->unique - 1));
      catch_up(out->back(), bytes);
    }
    for (const StackEdge& e : *n) visit(e.parent);
  }
  // Frames of several parses may be those of one array.
  sort_unique(out);
}

// Whether some stack of the parse has no array on it for which `test` is true.
bool UniqueItems::has_stack_without(Test test, const Config& c) {
  nodes_.clear();
  many_nodes_.clear();
  if (!c.stack || c.stack->unique == 0) return true;
  is_new(c.stack);
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const StackNode* n = nodes_[i];
    if (n->opens_unique && test(&open_at(n->unique - 1)->reader)) continue;
    for (const StackEdge& e : *n) {
      if (!e.parent || e.parent->unique == 0) return true;
      is_new(e.parent);
    }
  }
  return false;
}

bool UniqueItems::any(Test test, const Arrays& arrays) {
  return std::any_of(arrays.begin(), arrays.end(), [&](Open* o) { return test(&o->reader); });
}

bool UniqueItems::could_repeat(const Arrays& arrays) { return any(reader_could_repeat, arrays); }

bool UniqueItems::any_safe(std::span<const Config> parses, const Arrays& arrays) {
  if (parses.empty()) return false;
  if (!could_repeat(arrays)) return true;
  return std::any_of(parses.begin(), parses.end(),
                     [&](const Config& c) { return has_stack_without(reader_could_repeat, c); });
}

void UniqueItems::drop_repeating(std::vector<Config>* v, size_t begin, const Arrays& arrays) {
  if (!any(reader_repeats, arrays)) return;
  v->erase(std::remove_if(v->begin() + static_cast<std::ptrdiff_t>(begin), v->end(),
                          [&](const Config& c) { return !has_stack_without(reader_repeats, c); }),
           v->end());
}

bool UniqueItems::keep(std::vector<Config>* v, size_t begin, std::string_view bytes, bool last) {
  const auto from = v->begin() + static_cast<std::ptrdiff_t>(begin);
  const bool inside =
      std::any_of(from, v->end(), [](const Config& c) { return c.stack && c.stack->unique != 0; });
  if (!inside || (!last && !may_end_item(bytes.back()))) return true;
  find_open({v->data() + begin, v->size() - begin}, bytes, &current_);
  drop_repeating(v, begin, current_);
  if (v->size() == begin) return false;
  const std::span<const Config> left(v->data() + begin, v->size() - begin);
  if (!last || any_safe(left, current_)) return true;
  UniqueTrail trail(this, left, bytes);
  UniqueSearch search(this, &trail);
  if (search.finds_a_way()) return true;
  v->resize(begin);
  return false;
}

size_t UniqueItems::memory_bytes() const {
  size_t bytes =
      sizeof(*this) + text_.capacity() + steps_.capacity() * sizeof(size_t) + arena_.memory_bytes();
  for (const auto& [offset, o] : arrays_) bytes += sizeof(o) + o.reader.memory_bytes();
  return bytes;
}

}  // namespace xgr::core

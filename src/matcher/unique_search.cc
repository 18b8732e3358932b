// Ways on without a repetition, byte by byte.
//
// Entry points: UniqueSearch::finds_a_way, UniqueItems::find_repeating. Depth first: a place is alive when
// a byte leads to one where no item can become an earlier one, or to a place that is alive. Places that
// lead to each other and to nothing else are dead together (Tarjan's components); what is found out
// is kept, so that each place is looked at once for a whole mask.
//
//   items "a", "b", "ab", seen "a": after `"a` only b leads on;  seen "a", "ab": `"a` is dead
//
// For masks, a walk over the token trie along texts that could become a repetition finds the tokens to
// look at. Where no repetition threatens, only a token in which a further item begins can repeat
// one, so tokens with a comma (few) are read one by one.
//
// Tests: tests/unit/matcher/unique_items_test.cc.
#include "matcher/unique_search.h"

#include <algorithm>

#include "support/sort_unique.h"

namespace xgr::core {

UniqueTrail::UniqueTrail(UniqueItems* items, std::span<const Config> parses, std::string_view bytes)
    : u_(*items), start_(u_.arena_.mark()), stepper_(&u_.arena_, u_.work_), tried_(bytes) {
  parses_.assign(parses.begin(), parses.end());
  u_.find_open(parses, bytes, &found_);
  add_level(0, found_);
}

void UniqueTrail::add_level(size_t begin, const UniqueItems::Arrays& arrays) {
  const size_t first = arrays_.size();
  for (UniqueItems::Open* o : arrays) {
    arrays_.push_back(o);
    places_.push_back(o->reader.place());
  }
  levels_.push_back({begin, parses_.size(), tried_.size(), first, arrays_.size()});
}

// Readers as at the top level; arrays begun since then are forgotten.
void UniqueTrail::restore() {
  if (!moved_) return;
  u_.forget_from(u_.text_.size() + tried_.size());
  for (size_t i = top().arrays_begin; i < top().arrays_end; ++i) {
    arrays_[i]->reader.restore(places_[i]);
    arrays_[i]->read = u_.text_.size() + tried_.size();
  }
  charge(u_.work_, top().arrays_end - top().arrays_begin);
  moved_ = false;
}

void UniqueTrail::pop_to(size_t levels) {
  if (levels == levels_.size()) return;
  arrays_.resize(levels_[levels].arrays_begin);
  places_.resize(levels_[levels].arrays_begin);
  levels_.resize(levels);
  parses_.resize(top().end);
  tried_.resize(top().tried);
  moved_ = true;
}

// Whether the parses from `begin` on have the stacks of the top level, so that they are in its arrays.
bool UniqueTrail::same_stacks(size_t begin) const {
  const size_t size = parses_.size() - begin;
  if (size != top().end - top().begin) return false;
  for (size_t i = 0; i < size; ++i) {
    if (parses_[begin + i].stack != parses_[top().begin + i].stack) return false;
  }
  return true;
}

UniqueTrail::Pushed UniqueTrail::push(uint8_t byte) {
  restore();
  const size_t begin = parses_.size();
  stepper_.set_offset(u_.text_.size() + tried_.size());
  if (!stepper_.step(&parses_, top().begin, top().end, byte)) {
    if (stepper_.failed()) throw WorkStopped{parses_[begin - 1].state->automaton->limit_error()};
    return kRefused;
  }
  tried_.push_back(static_cast<char>(byte));
  moved_ = true;
  for (size_t i = top().arrays_begin; i < top().arrays_end; ++i)
    arrays_[i]->reader.set_searching(searching_);
  if (same_stacks(begin)) {
    found_.assign(arrays_.begin() + static_cast<std::ptrdiff_t>(top().arrays_begin),
                  arrays_.begin() + static_cast<std::ptrdiff_t>(top().arrays_end));
    for (UniqueItems::Open* o : found_) u_.catch_up(o, tried_);
  } else {
    u_.find_open(std::span<const Config>(parses_).subspan(begin), tried_, &found_);
  }
  u_.drop_repeating(&parses_, begin, found_);
  if (parses_.size() == begin) {
    tried_.pop_back();
    return kRepeats;
  }
  add_level(begin, found_);
  moved_ = false;
  return kOn;
}

std::span<const Config> UniqueTrail::parses() const {
  return {parses_.data() + top().begin, top().end - top().begin};
}

bool UniqueTrail::could_repeat() {
  restore();
  for (size_t i = top().arrays_begin; i < top().arrays_end; ++i) {
    if (arrays_[i]->reader.could_repeat()) return true;
  }
  return false;
}

bool UniqueTrail::is_safe() {
  restore();
  found_.assign(arrays_.begin() + static_cast<std::ptrdiff_t>(top().arrays_begin),
                arrays_.begin() + static_cast<std::ptrdiff_t>(top().arrays_end));
  return u_.any_safe(parses(), found_);
}

void UniqueTrail::append_place(std::string* key) const {
  const std::span<const Config> now = parses();
  key->append(reinterpret_cast<const char*>(now.data()), now.size_bytes());
  for (size_t i = top().arrays_begin; i < top().arrays_end; ++i) {
    places_[i].append_to(key);
  }
}

bool UniqueTrail::passes(std::string_view text) {
  restore();
  moved_ = true;
  for (size_t i = top().arrays_begin; i < top().arrays_end; ++i) {
    ItemReader& r = arrays_[i]->reader;
    r.set_searching(false);
    r.read(text);
    if (r.repeats() || r.could_repeat()) return false;
  }
  return true;
}

std::string UniqueSearch::key() const {
  std::string out;
  trail_.append_place(&out);
  charge(u_.work_, 1 + out.size() / 16);
  return out;
}

// What one byte leads to from the top level of the trail. True when it leads to a place not known; the
// trail is as before.
bool UniqueSearch::look_at(uint8_t byte) {
  if (trail_.push(byte) != UniqueTrail::kOn) return false;
  bool open = false;
  if (trail_.is_safe()) {
    found_ = true;
  } else if (auto it = known_.find(key()); it == known_.end()) {
    open = true;
  } else if (it->second == kAlive) {
    found_ = true;
  } else if (it->second != kDead) {
    path_.back().low = std::min(path_.back().low, it->second);
  }
  trail_.pop();
  return open;
}

// Looks at every byte before going on with one, since most lead elsewhere.
void UniqueSearch::enter(std::string key) {
  const int64_t index = static_cast<int64_t>(entered_.size());
  known_[key] = index;
  entered_.push_back(key);
  path_.push_back({{}, index, index, std::move(key)});
  ByteSet open;
  trail_.live_bytes().for_each([&](uint8_t b) {
    if (!found_ && look_at(b)) open.add(b);
  });
  path_.back().open = open;
}

// The last place of the path leads nowhere but to those before it.
void UniqueSearch::leave() {
  const Node last = std::move(path_.back());
  path_.pop_back();
  if (last.low == last.index) {
    for (size_t i = static_cast<size_t>(last.index); i < entered_.size(); ++i)
      known_[entered_[i]] = kDead;
    entered_.resize(static_cast<size_t>(last.index));
  } else {
    path_.back().low = std::min(path_.back().low, last.low);
  }
  if (!path_.empty()) trail_.pop();
}

bool UniqueSearch::finds_a_way() {
  if (trail_.is_safe()) return true;
  std::string start = key();
  if (auto it = known_.find(start); it != known_.end()) return it->second == kAlive;
  const size_t levels = trail_.levels();
  trail_.set_searching(true);
  found_ = false;
  enter(std::move(start));
  while (!found_ && !path_.empty()) {
    ByteSet& open = path_.back().open;
    if (open.empty()) {
      leave();
      continue;
    }
    uint8_t b = 0;
    while (!open.has(b)) ++b;
    open.remove(b);
    // It may have become known meanwhile.
    if (!look_at(b) || found_) continue;
    trail_.push(b);
    enter(key());
  }
  trail_.set_searching(false);
  trail_.pop_to(levels);
  // Of those entered, the ones on the path lead on; of the others nothing is known.
  for (const std::string& k : entered_) known_.erase(k);
  for (const Node& n : path_) known_[n.key] = kAlive;
  entered_.clear();
  path_.clear();
  return found_;
}

// Walks over the tokens whose beginnings could all become repetitions.
class UniqueMask {
 public:
  UniqueMask(const TokenTrie& trie, UniqueTrail* trail, UniqueSearch* search, const uint32_t* words,
             std::vector<int32_t>* out)
      : trie_(trie), trail_(*trail), search_(*search), words_(words), out_(*out) {}

  void walk() {
    std::vector<Cursor> levels{{1, trie_.end(0)}};
    while (!levels.empty()) {
      Cursor& top = levels.back();
      if (top.next >= top.end) {
        levels.pop_back();
        if (!levels.empty()) trail_.pop();
        continue;
      }
      const uint32_t node = top.next;
      top.next = trie_.end(node);
      if (enter(node)) levels.push_back({node + 1, trie_.end(node)});
    }
  }

  // A token by itself.
  void check(int32_t token, std::string_view bytes) {
    if (!has(token)) return;
    const size_t levels = trail_.levels();
    bool on = true;
    for (size_t i = 0; i < bytes.size() && on; ++i)
      on = trail_.push(static_cast<uint8_t>(bytes[i])) == UniqueTrail::kOn;
    if (!on || !search_.finds_a_way()) out_.push_back(token);
    trail_.pop_to(levels);
  }
  bool has(int32_t token) const { return words_[token >> 5] >> (token & 31) & 1; }

 private:
  struct Cursor {
    uint32_t next, end;
  };
  // True when the tokens below are to be looked at; the trail is then at the node.
  bool enter(uint32_t node) {
    const UniqueTrail::Pushed pushed = trail_.push(trie_.byte(node));
    if (pushed == UniqueTrail::kRefused) return false;
    if (pushed == UniqueTrail::kRepeats) {
      add(trie_.first_rank(node), trie_.first_rank(trie_.end(node)));
      return false;
    }
    if (!trail_.could_repeat()) {
      trail_.pop();
      return false;
    }
    if (trie_.has_token(node) && !search_.finds_a_way())
      add(trie_.first_rank(node), trie_.first_rank(node + 1));
    return true;
  }
  void add(uint32_t first_rank, uint32_t last_rank) {
    for (uint32_t r = first_rank; r < last_rank; ++r) {
      if (has(trie_.id(r))) out_.push_back(trie_.id(r));
    }
  }

  const TokenTrie& trie_;
  UniqueTrail& trail_;
  UniqueSearch& search_;
  const uint32_t* words_;
  std::vector<int32_t>& out_;
};

void UniqueItems::find_repeating(std::span<const Config> parses, const Tokenizer& tokenizer,
                                 const uint32_t* words, Work* work, std::vector<int32_t>* out) {
  out->clear();
  begin(work);
  UniqueTrail trail(this, parses, {});
  UniqueSearch search(this, &trail);
  UniqueMask mask(trie_, &trail, &search, words, out);
  find_open(parses, {}, &current_);
  const bool inside = !current_.empty();
  const bool in_string = inside && std::all_of(current_.begin(), current_.end(),
                                               [](const Open* o) { return o->reader.in_string(); });
  if (inside && trail.could_repeat()) mask.walk();
  for (int32_t t : commas_.after_bracket) mask.check(t, tokenizer.token_bytes(t));
  if (inside) {
    for (int32_t t : in_string ? commas_.after_quote : commas_.all) {
      if (mask.has(t) && !trail.passes(tokenizer.token_bytes(t)))
        mask.check(t, tokenizer.token_bytes(t));
    }
  }
  sort_unique(out);
}

}  // namespace xgr::core

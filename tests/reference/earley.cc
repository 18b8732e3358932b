// Textbook Earley recogniser (Earley 1970, with nullable rules as in Aycock and Horspool 2002).
//
// Entry point: EarleyChart. Set i holds the items [A = x . y, j]: x spells bytes j..i-1 and A was
// expected at j. Productions without any string are dropped first; then every item can be
// completed, so a set that is not empty means that the bytes so far are a prefix of a string.
// A token that may be read as a whole or by its bytes leads to one set by both ways, so that sets
// stand for places in a lattice. Example: S = S "a" | "a" after "aa" has [S = S "a" ., 0] and waits for another "a".
// Test: oracle_test.cc compares it with all short strings and prefixes derived by definition.
#include "earley.h"

#include <algorithm>

namespace reference {

EarleyChart::EarleyChart(const PlainGrammar& full) {
  const PlainGrammar grammar = without_unproductive(full);
  has_strings_ = find_productive(full)[full.root];
  nullable_ = find_nullable(grammar);
  root_ = grammar.root;
  starts_.resize(grammar.rules.size());
  for (uint32_t rule = 0; rule < grammar.rules.size(); ++rule) {
    for (const Production& production : grammar.rules[rule]) {
      starts_[rule].push_back(static_cast<uint32_t>(slots_.size()));
      for (const Symbol& symbol : production) {
        if (symbol.is_rule) {
          slots_.push_back({Slot::kRule, symbol.rule});
        } else if (symbol.is_token) {
          slots_.push_back({Slot::kToken, static_cast<uint32_t>(token_sets_.size())});
          token_sets_.push_back(symbol.tokens);
        } else {
          slots_.push_back({Slot::kByte, static_cast<uint32_t>(byte_sets_.size())});
          byte_sets_.push_back(symbol.bytes);
        }
      }
      slots_.push_back({Slot::kEnd, rule});
    }
  }
  if (!has_strings_) return;
  open(0);
  for (uint32_t slot : starts_[root_]) add(slot, 0);
  close();
}

void EarleyChart::open(size_t position) {
  if (sets_.size() <= position) sets_.resize(position + 1);
  current_ = position;
  Set& set = sets_[position];
  set.items.clear();
  set.scans.clear();
  set.waiting.assign(starts_.size(), -1);
  set.next.reset();
  set.complete = false;
  ++stamp_;
  if (seen_.size() < (position + 1) * slots_.size())
    seen_.resize((position + 1) * slots_.size(), 0);
}

void EarleyChart::add(uint32_t slot, uint32_t origin) {
  uint32_t& seen = seen_[origin * slots_.size() + slot];
  if (seen == stamp_) return;
  seen = stamp_;
  sets_[current_].items.push_back({slot, origin, -1});
}

// Prediction and completion until nothing is new.
void EarleyChart::close() {
  Set& set = sets_[current_];
  for (size_t i = 0; i < set.items.size(); ++i) {
    const Item item = set.items[i];
    const Slot slot = slots_[item.slot];
    if (slot.kind == Slot::kByte || slot.kind == Slot::kToken) {
      set.scans.push_back(static_cast<uint32_t>(i));
      if (slot.kind == Slot::kByte) set.next |= byte_sets_[slot.value];
    } else if (slot.kind == Slot::kRule) {
      set.items[i].next_waiting = set.waiting[slot.value];
      set.waiting[slot.value] = static_cast<int32_t>(i);
      for (uint32_t start : starts_[slot.value]) add(start, static_cast<uint32_t>(current_));
      if (nullable_[slot.value]) add(item.slot + 1, item.origin);
    } else {
      if (slot.value == root_ && item.origin == 0) set.complete = true;
      for (int32_t w = sets_[item.origin].waiting[slot.value]; w >= 0;) {
        const Item waiting = sets_[item.origin].items[static_cast<size_t>(w)];
        add(waiting.slot + 1, waiting.origin);
        w = waiting.next_waiting;
      }
    }
  }
}

bool EarleyChart::push(unsigned char byte) {
  if (!sets_[length_].next[byte]) return false;
  open(length_ + 1);
  scan(length_, byte);
  close();
  sets_[current_].before = length_;
  length_ = current_;
  return true;
}

// Its bytes have sets of their own; the last one is also where the whole token leads.
bool EarleyChart::push_token(uint32_t id, std::string_view bytes) {
  size_t last = length_;
  for (size_t i = 0; i + 1 < bytes.size(); ++i) {
    open(last + 1);
    scan(last, static_cast<unsigned char>(bytes[i]));
    close();
    last = current_;
  }
  open(last + 1);
  if (!bytes.empty()) scan(last, static_cast<unsigned char>(bytes.back()));
  for (uint32_t index : sets_[length_].scans) {
    const Item item = sets_[length_].items[index];
    const Slot slot = slots_[item.slot];
    if (slot.kind != Slot::kToken) continue;
    const std::vector<uint32_t>& ids = token_sets_[slot.value];
    if (std::binary_search(ids.begin(), ids.end(), id)) add(item.slot + 1, item.origin);
  }
  close();
  if (sets_[current_].items.empty()) return false;
  sets_[current_].before = length_;
  length_ = current_;
  return true;
}

// Moves the dot over the byte into the set being built.
void EarleyChart::scan(size_t from, unsigned char byte) {
  for (uint32_t index : sets_[from].scans) {
    const Item item = sets_[from].items[index];
    const Slot slot = slots_[item.slot];
    if (slot.kind == Slot::kByte && byte_sets_[slot.value][byte]) add(item.slot + 1, item.origin);
  }
}

std::set<uint32_t> EarleyChart::next_tokens() const {
  std::set<uint32_t> out;
  for (uint32_t index : sets_[length_].scans) {
    const Slot& slot = slots_[sets_[length_].items[index].slot];
    if (slot.kind != Slot::kToken) continue;
    out.insert(token_sets_[slot.value].begin(), token_sets_[slot.value].end());
  }
  return out;
}

}  // namespace reference

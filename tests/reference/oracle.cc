// Masks by brute force.
//
// Entry point: Oracle::text_mask. Every token's bytes are pushed after the prefix; tokens with a
// common beginning share that part of the chart, nothing else is shared. Everything is a function
// of the prefix alone: there is no state to go wrong, so rollback, clone and replay are judged by
// it too. Test: oracle_test.cc compares masks with the prefixes of all derivable strings.
#include "oracle.h"

namespace reference {

namespace {

constexpr size_t kUnit = 4;  // bytes of a whole token in a prefix

// The bytes of the byte or whole token that stands there.
size_t unit_at(const std::string& bytes, size_t at) {
  return bytes[at] == '\xFF' && at + kUnit <= bytes.size() ? kUnit : 1;
}

// Text with a byte that no token has cannot be written.
PlainGrammar within_known_bytes(PlainGrammar grammar, const Vocabulary& vocabulary) {
  ByteSet known;
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    if (!vocabulary.is_text(id)) continue;
    for (char byte : vocabulary.tokens[id].bytes) known.set(static_cast<unsigned char>(byte));
  }
  for (auto& rule : grammar.rules) {
    for (Production& production : rule) {
      for (Symbol& symbol : production) symbol.bytes &= known;
    }
  }
  return grammar;
}

}  // namespace

Oracle::Oracle(const PlainGrammar& grammar, const Vocabulary& vocabulary)
    : vocabulary_(vocabulary), chart_(within_known_bytes(grammar, vocabulary)), trie_(1) {
  std::vector<std::string> texts;
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    if (!vocabulary.is_text(id)) continue;
    texts.push_back(vocabulary.tokens[id].bytes);
    size_t node = 0;
    for (char raw : vocabulary.tokens[id].bytes) {
      const auto [child, is_new] =
          trie_[node].children.try_emplace(static_cast<unsigned char>(raw), trie_.size());
      node = child->second;
      if (is_new) trie_.emplace_back();
    }
    trie_[node].tokens.push_back(id);
  }
  for (const auto& rule : grammar.rules) {
    for (const Production& production : rule) {
      for (const Symbol& symbol : production)
        whole_.insert(symbol.tokens.begin(), symbol.tokens.end());
    }
  }
  if (!vocabulary.has_all_bytes()) {
    spelling_ = std::make_unique<TokenSpelling>(within_known_bytes(grammar, vocabulary), texts);
  }
}

std::string Oracle::whole_token(uint32_t id) {
  return {'\xFF', static_cast<char>(id >> 16), static_cast<char>(id >> 8), static_cast<char>(id)};
}

bool Oracle::push_unit(const std::string& unit) {
  if (unit.size() != kUnit) return chart_.push(static_cast<unsigned char>(unit[0]));
  uint32_t id = 0;
  for (size_t i = 1; i < kUnit; ++i) id = id << 8 | static_cast<unsigned char>(unit[i]);
  if (id >= vocabulary_.tokens.size()) return false;
  return chart_.push_token(id, vocabulary_.is_text(id) ? vocabulary_.tokens[id].bytes : "");
}

// Brings the chart to `bytes`; false when no string starts with them.
bool Oracle::seek(const std::string& bytes) {
  if (!chart_.has_strings()) return false;
  size_t common = 0;
  while (common < at_.size() && common < bytes.size() && at_[common] == bytes[common]) ++common;
  while (!ends_.empty() && ends_.back() > common) {
    ends_.pop_back();
    chart_.pop();
  }
  at_.resize(ends_.empty() ? 0 : ends_.back());
  while (at_.size() < bytes.size()) {
    const std::string unit = bytes.substr(at_.size(), unit_at(bytes, at_.size()));
    if (!push_unit(unit)) return false;
    at_ += unit;
    ends_.push_back(at_.size());
  }
  return true;
}

bool Oracle::viable(const std::string& bytes) {
  if (!seek(bytes)) return false;
  if (!spelling_) return true;
  const auto [entry, is_new] = spellable_.try_emplace(bytes, false);
  if (is_new) entry->second = spelling_->completable(chart_);
  return entry->second;
}

bool Oracle::complete(const std::string& bytes) { return seek(bytes) && chart_.complete(); }

ByteSet Oracle::next_bytes(const std::string& prefix) {
  return seek(prefix) ? chart_.next_bytes() : ByteSet();
}

bool Oracle::takes_whole_tokens(const std::string& prefix) {
  return seek(prefix) && !chart_.next_tokens().empty();
}

size_t Oracle::item_count(const std::string& prefix) {
  return seek(prefix) ? chart_.items(chart_.length()).size() : 0;
}

const std::vector<bool>& Oracle::text_mask(const std::string& prefix) {
  const auto [entry, is_new] = masks_.try_emplace(prefix);
  if (!is_new) return entry->second;
  std::vector<bool>& mask = entry->second;
  mask.assign(static_cast<size_t>(vocabulary_.logits_size), false);
  if (!seek(prefix)) return mask;
  std::string bytes = prefix;
  walk(0, &bytes, &mask);
  seek(prefix);
  for (uint32_t id : chart_.next_tokens()) mask[id] = true;
  return mask;
}

// The chart stands at `bytes`, the path of `node` after the prefix.
void Oracle::walk(size_t node, std::string* bytes, std::vector<bool>* mask) {
  for (const auto& [byte, child] : trie_[node].children) {
    if (!chart_.next_bytes()[byte]) continue;
    bytes->push_back(static_cast<char>(byte));
    const std::vector<size_t>& tokens = trie_[child].tokens;
    if (!tokens.empty() && (!spelling_ || viable(*bytes))) {
      for (size_t id : tokens) (*mask)[id] = true;
    }
    if (!trie_[child].children.empty() && seek(*bytes)) walk(child, bytes, mask);
    bytes->pop_back();
    seek(*bytes);
  }
}

}  // namespace reference

// Masks by brute force.
//
// Entry point: Oracle::text_mask. Every token's bytes are pushed after the prefix; tokens with a
// common beginning share that part of the chart, nothing else is shared. Everything is a function
// of the prefix alone: there is no state to go wrong, so rollback, clone and replay are judged by
// it too. Test: oracle_test.cc compares masks with the prefixes of all derivable strings.
#include "oracle.h"

namespace reference {

namespace {

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
  if (!vocabulary.has_all_bytes()) {
    spelling_ = std::make_unique<TokenSpelling>(within_known_bytes(grammar, vocabulary), texts);
  }
}

// Brings the chart to `bytes`; false when no string starts with them.
bool Oracle::seek(const std::string& bytes) {
  if (!chart_.has_strings()) return false;
  size_t common = 0;
  while (common < at_.size() && common < bytes.size() && at_[common] == bytes[common]) ++common;
  for (; at_.size() > common; at_.pop_back()) chart_.pop();
  for (; at_.size() < bytes.size(); at_.push_back(bytes[at_.size()])) {
    if (!chart_.push(static_cast<unsigned char>(bytes[at_.size()]))) return false;
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

size_t Oracle::item_count(const std::string& prefix) {
  return seek(prefix) ? chart_.items(prefix.size()).size() : 0;
}

const std::vector<bool>& Oracle::text_mask(const std::string& prefix) {
  const auto [entry, is_new] = masks_.try_emplace(prefix);
  if (!is_new) return entry->second;
  std::vector<bool>& mask = entry->second;
  mask.assign(static_cast<size_t>(vocabulary_.logits_size), false);
  if (!seek(prefix)) return mask;
  std::string bytes = prefix;
  walk(0, &bytes, &mask);
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

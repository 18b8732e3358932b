// Covers src/tokenizer/token_trie.cc: structure, ranks, signatures and child tables, against what a
// scan over all tokens says.
#include "tokenizer/token_trie.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "random_vocab.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

// The bytes on the path of every node.
std::vector<std::string> paths_of(const TokenTrie& trie) {
  std::vector<std::string> paths(trie.node_count());
  for (uint32_t node = 0; node < trie.node_count(); ++node) {
    for (uint32_t c = node + 1; c < trie.end(node); c = trie.end(c))
      paths[c] = paths[node] + static_cast<char>(trie.byte(c));
  }
  return paths;
}

void check_structure(const TokenTrie& trie, const RandomVocab& vocab) {
  std::set<std::string> prefixes = {""};
  for (const std::string& text : vocab.texts) {
    for (size_t i = 1; i <= text.size(); ++i) prefixes.insert(text.substr(0, i));
  }
  const std::vector<std::string> paths = paths_of(trie);
  REQUIRE(paths.size() == prefixes.size());
  // Depth-first with ascending bytes is the order of the prefixes.
  REQUIRE(std::equal(paths.begin(), paths.end(), prefixes.begin()));
  REQUIRE(trie.end(0) == trie.node_count());
}

void check_tokens(const TokenTrie& trie, const RandomVocab& vocab) {
  const std::vector<std::string> paths = paths_of(trie);
  REQUIRE(trie.token_count() == vocab.texts.size());
  REQUIRE(trie.first_rank(trie.node_count()) == trie.token_count());
  for (uint32_t node = 0; node < trie.node_count(); ++node) {
    std::vector<int32_t> expected;
    for (size_t i = 0; i < vocab.texts.size(); ++i) {
      if (vocab.texts[i] == paths[node]) expected.push_back(vocab.ids[i]);
    }
    std::vector<int32_t> found;
    for (uint32_t r = trie.first_rank(node); r < trie.first_rank(node + 1); ++r)
      found.push_back(trie.id(r));
    REQUIRE(found == expected);
    REQUIRE(trie.has_token(node) == !expected.empty());
  }
}

void check_signature(const TokenTrie& trie, const RandomVocab& vocab, uint32_t node,
                     const std::string& path) {
  SubtreeSignature expected{{}, 0, true};
  uint32_t below = 0;
  for (const std::string& text : vocab.texts) {
    if (text.size() <= path.size() || text.compare(0, path.size(), path) != 0) continue;
    const std::string_view rest = std::string_view(text).substr(path.size());
    ++below;
    for (const char c : rest) {
      const uint8_t byte = static_cast<uint8_t>(c);
      expected.bytes[byte / 64] |= uint64_t{1} << byte % 64;
    }
    expected.max_chars = std::max(expected.max_chars, static_cast<uint32_t>(count_chars(rest)));
    expected.whole_utf8 = expected.whole_utf8 && is_whole_utf8(rest);
  }
  const SubtreeSignature* found = trie.signature(node);
  REQUIRE((found != nullptr) == (below >= TokenTrie::kMinSignatureTokens));
  if (found == nullptr) return;
  REQUIRE(found->bytes == expected.bytes);
  REQUIRE(found->max_chars == expected.max_chars);
  REQUIRE(found->whole_utf8 == expected.whole_utf8);
}

void check_children(const TokenTrie& trie, uint32_t node) {
  std::vector<uint32_t> children;
  for (uint32_t c = node + 1; c < trie.end(node); c = trie.end(c)) children.push_back(c);
  const ChildTable* table = trie.child_table(node);
  REQUIRE((table != nullptr) == (children.size() >= TokenTrie::kMinTableChildren));
  size_t next = 0;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    const bool exists = next < children.size() && trie.byte(children[next]) == byte;
    REQUIRE(trie.child(node, static_cast<uint8_t>(byte)) ==
            (exists ? children[next] : TokenTrie::kNone));
    if (table != nullptr) {
      REQUIRE(static_cast<bool>(table->bytes[byte / 64] >> byte % 64 & 1) == exists);
      if (exists) REQUIRE(trie.table_child(*table, static_cast<uint8_t>(byte)) == children[next]);
    }
    next += exists;
  }
  REQUIRE(next == children.size());
}

void check_trie(const RandomVocab& vocab) {
  const TokenTrie trie(vocab.views, vocab.ids);
  check_structure(trie, vocab);
  check_tokens(trie, vocab);
  const std::vector<std::string> paths = paths_of(trie);
  for (uint32_t node = 0; node < trie.node_count(); ++node) {
    check_signature(trie, vocab, node, paths[node]);
    check_children(trie, node);
  }
}

}  // namespace

TEST_CASE("token trie: no tokens is a root alone") {
  const TokenTrie trie({}, {});
  CHECK(trie.node_count() == 1);
  CHECK(trie.end(0) == 1);
  CHECK(trie.token_count() == 0);
  CHECK_FALSE(trie.has_token(0));
  CHECK(trie.signature(0) == nullptr);
  CHECK(trie.child_table(0) == nullptr);
  CHECK(trie.child(0, 'a') == TokenTrie::kNone);
}

TEST_CASE("token trie: the header's example") {
  const std::vector<std::string_view> texts = {"a", "ab", "b", "a"};
  const std::vector<int32_t> ids = {7, 8, 9, 3};
  const TokenTrie trie(texts, ids);
  CHECK(trie.node_count() == 4);
  const uint32_t a = trie.child(0, 'a');
  CHECK(a == 1);
  CHECK(trie.end(a) == 3);
  CHECK(trie.subtree_tokens(a) == 3);
  CHECK(trie.id(trie.first_rank(a)) == 7);
  CHECK(trie.id(trie.first_rank(a) + 1) == 3);
  CHECK(trie.first_rank(2) - trie.first_rank(a) == 2);
}

TEST_CASE("token trie: random vocabularies against a scan") {
  for (uint32_t seed = 0; seed < 12; ++seed) check_trie(RandomVocab(seed, 10 + seed * 15));
}

TEST_CASE("token trie: very long tokens") {
  const std::string longest(65535, 'x');
  std::vector<std::string_view> texts;
  std::vector<int32_t> ids;
  for (size_t cut = 0; cut < 9; ++cut) {
    texts.push_back(std::string_view(longest).substr(cut));
    ids.push_back(static_cast<int32_t>(cut));
  }
  const TokenTrie trie(texts, ids);
  CHECK(trie.node_count() == 65536);
  REQUIRE(trie.signature(0) != nullptr);
  CHECK(trie.signature(0)->max_chars == 65535);
  CHECK(trie.signature(0)->whole_utf8);
  CHECK(trie.id(0) == 8);
}

}  // namespace xgr::core

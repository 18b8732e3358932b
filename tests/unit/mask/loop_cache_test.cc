// Tokens inside loops on characters: mask/loop_cache.cc.
#include "mask/loop_cache.h"

#include "grammar/expr.h"
#include "mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("loop cache: unbounded loops are kept, counted ones follow the count") {
  std::shared_ptr<const Tokenizer> t =
      make_tokenizer(with_bytes({"ab", "abc", "a1", "\xC3\xA9t\xC3\xA9", "\xC3"}));
  LoopCache cache(*t);
  ByteSet letters;
  letters.add_range('a', 'z');
  letters.add_range(0x80, 0xFF);
  std::shared_ptr<const LoopTokens> all = cache.get(letters, kUnbounded);
  CHECK(all == cache.get(letters, kUnbounded));
  CHECK(bit(all->by_id, 'q'));
  CHECK(bit(all->by_id, 256));
  CHECK(bit(all->by_id, 257));
  CHECK(bit(all->by_id, 259));
  CHECK_FALSE(bit(all->by_id, 258));
  CHECK_FALSE(bit(all->by_id, 260));  // half a character
  std::shared_ptr<const LoopTokens> two = cache.get(letters, 2);
  CHECK(bit(two->by_id, 256));
  CHECK_FALSE(bit(two->by_id, 257));
  CHECK_FALSE(bit(two->by_id, 259));
  for (uint32_t r = 0; r < t->trie().token_count(); ++r) {
    CHECK(bit(all->by_rank, static_cast<int32_t>(r)) == bit(all->by_id, t->trie().id(r)));
  }
  CHECK(cache.memory_bytes() > 0);
}

TEST_CASE("loop cache: a subtree is decided when all its tokens are inside") {
  std::shared_ptr<const Tokenizer> t = make_tokenizer(random_tokens(21, 2000));
  const TokenTrie& trie = t->trie();
  LoopCache cache(*t);
  ByteSet letters;
  letters.add_range('a', 'z');
  for (uint32_t rounds : {kUnbounded, 1u, 3u}) {
    std::shared_ptr<const LoopTokens> loop = cache.get(letters, rounds);
    for (uint32_t node = 1; node < trie.node_count(); ++node) {
      bool all = true;
      for (uint32_t r = trie.first_rank(node); r < trie.first_rank(trie.end(node)); ++r) {
        std::string_view text = t->token_bytes(trie.id(r));
        bool inside = text.size() <= rounds;
        for (char c : text) inside = inside && letters.has(static_cast<uint8_t>(c));
        all = all && inside;
      }
      REQUIRE(loop->decides(trie, node) == all);
    }
  }
}

TEST_CASE("loop cache: more sets than are kept are all right") {
  std::shared_ptr<const Tokenizer> t = make_tokenizer(with_bytes({"ab", "zz"}));
  LoopCache cache(*t);
  for (int round = 0; round < 2; ++round) {
    for (int first = 0; first < 256; ++first) {
      for (int last : {first, 255}) {
        ByteSet bytes;
        bytes.add_range(static_cast<uint8_t>(first), static_cast<uint8_t>(last));
        std::shared_ptr<const LoopTokens> loop = cache.get(bytes, kUnbounded);
        CHECK(bit(loop->by_id, 'a') == bytes.has('a'));
        CHECK(bit(loop->by_id, 256) == (bytes.has('a') && bytes.has('b')));
      }
    }
  }
}

// Covers src/tokenizer/saved_tokenizer.cc and saved_checks.cc: what is loaded is what was saved, files that
// are damaged or forged are refused or do no harm.
//
// XGR_MUTATIONS=100000 tries that many mutated files instead of a few.
#include "tokenizer/saved_tokenizer.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <random>

#include "random_vocab.h"
#include "support/checksum.h"
#include "tokenizer/saved_file.h"

namespace xgr::core {
namespace {

using Bytes = std::vector<uint8_t>;

std::shared_ptr<const Tokenizer> random_tokenizer(uint32_t seed, size_t count) {
  const RandomVocab vocab(seed, count);
  TokenizerInput in;
  in.tokens = vocab.views;
  for (size_t i = 0; i < count; ++i) in.kinds.push_back(i % 11 == 3 ? uint8_t(i % 4) : 0);
  in.stop_tokens = {static_cast<int32_t>(count) + 2};
  in.vocab_size = static_cast<int32_t>(count) + 7;
  return Tokenizer::create(in).value();
}

Bytes saved(const Tokenizer& tokenizer) {
  const TokenizerNotes notes{"BPE", "decoder", "{}"};
  Bytes file(saved_size(tokenizer, notes));
  REQUIRE(!save_tokenizer(tokenizer, notes, file));
  return file;
}

void write_checksum(Bytes* file) {
  SavedHeader header;
  std::memcpy(&header, file->data(), sizeof(header));
  header.checksum = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(&header);
  header.checksum = checksum(checksum(0, {bytes, sizeof(header)}),
                             std::span<const uint8_t>(*file).subspan(sizeof(header)));
  std::memcpy(file->data(), &header, sizeof(header));
}

void check_index(const ByteIndex& index, std::mt19937* random) {
  std::array<uint64_t, 4> bytes;
  for (uint64_t& word : bytes) word = uint64_t{(*random)()} << 32 | (*random)();
  std::vector<uint32_t> mask(index.mask_words());
  index.fill_inside(bytes, (*random)() % 40, mask.data());
}

// Reads all that a mask reads, in the way of a walk over the trie.
uint64_t use(const Tokenizer& t, std::mt19937* random) {
  uint64_t sum = 0;
  const TokenTrie& trie = t.trie();
  std::vector<uint32_t> open{0};
  size_t visits = 0;
  while (!open.empty()) {
    const uint32_t node = open.back();
    open.pop_back();
    REQUIRE(++visits <= trie.node_count());
    if (const SubtreeSignature* s = trie.signature(node)) sum += s->max_chars;
    for (uint32_t r = trie.first_rank(node); r < trie.first_rank(node + 1); ++r)
      sum += t.token_bytes(trie.id(r)).size();
    for (uint32_t c = node + 1; c < trie.end(node); c = trie.end(c)) open.push_back(c);
    sum += trie.child(node, static_cast<uint8_t>((*random)()));
  }
  for (int32_t id = 0; id < t.vocab_size(); ++id) sum += t.special_name(id).size();
  check_index(t.byte_index(), random);
  check_index(t.rank_index(), random);
  return sum + t.special_names().empty();
}

size_t mutation_count() {
  const char* wanted = std::getenv("XGR_MUTATIONS");
  return wanted == nullptr ? 300 : static_cast<size_t>(std::strtoull(wanted, nullptr, 10));
}

// Changes a number somewhere: mostly to one that is near, or that is at home elsewhere.
void mutate(Bytes* file, std::mt19937* random) {
  for (uint32_t changes = 1 + (*random)() % 3; changes > 0; --changes) {
    const size_t limit = (*random)() % 4 == 0 ? sizeof(SavedHeader) : file->size();
    const size_t at = (*random)() % (limit / 4) * 4;
    uint32_t word;
    std::memcpy(&word, file->data() + at, 4);
    switch ((*random)() % 5) {
      case 0:
        word += 1 + (*random)() % 3;
        break;
      case 1:
        word -= 1 + (*random)() % 3;
        break;
      case 2:
        word ^= 1u << (*random)() % 32;
        break;
      case 3:
        word = UINT32_MAX - (*random)() % 2;
        break;
      default:
        std::memcpy(&word, file->data() + (*random)() % (file->size() / 4) * 4, 4);
    }
    std::memcpy(file->data() + at, &word, 4);
  }
}

}  // namespace

TEST_CASE("saved tokenizer: what is loaded is what was saved") {
  for (const size_t count : {0, 1, 5, 40, 400}) {
    const auto tokenizer = random_tokenizer(static_cast<uint32_t>(count), count);
    const Bytes file = saved(*tokenizer);
    Result<LoadedTokenizer> loaded = load_tokenizer_copy(file, true);
    REQUIRE_MESSAGE(loaded.ok(), (loaded.ok() ? "" : loaded.error().message));
    CHECK(loaded.value().model_type == "BPE");
    CHECK(loaded.value().detected_by == "decoder");
    CHECK(loaded.value().findings == "{}");
    const Tokenizer& again = *loaded.value().tokenizer;
    CHECK(saved(again) == file);
    CHECK(again.memory_bytes() >= file.size());
    for (int32_t id = 0; id < tokenizer->vocab_size(); ++id) {
      REQUIRE(again.kind(id) == tokenizer->kind(id));
      REQUIRE(again.token_bytes(id) == tokenizer->token_bytes(id));
      REQUIRE(again.special_name(id) == tokenizer->special_name(id));
    }
  }
}

TEST_CASE("saved tokenizer: files that are none, or damaged, are refused") {
  Bytes file = saved(*random_tokenizer(1, 100));
  const auto refused = [&](const Bytes& bytes) {
    Result<LoadedTokenizer> loaded = load_tokenizer_copy(bytes, false);
    REQUIRE(!loaded.ok());
    CHECK(loaded.error().code == Status::kInvalidData);
    return loaded.error().message;
  };
  refused({});
  refused(Bytes(4096));
  refused(Bytes(file.begin(), file.end() - 64));
  for (size_t i = 0; i < file.size(); i += 97) {
    Bytes damaged = file;
    damaged[i] ^= 4;
    refused(damaged);
  }
  file[8] = 99;
  CHECK(refused(file).find("version is 99") != std::string::npos);
}

TEST_CASE("saved tokenizer: mutated files with a right checksum do no harm") {
  std::mt19937 random(7);
  const auto original = random_tokenizer(3, 120);
  const Bytes file = saved(*original);
  size_t taken = 0;
  for (size_t i = mutation_count(); i > 0; --i) {
    Bytes mutated = file;
    mutate(&mutated, &random);
    write_checksum(&mutated);
    Result<LoadedTokenizer> loaded = load_tokenizer_copy(mutated, false);
    if (!loaded.ok()) {
      REQUIRE(loaded.error().code == Status::kInvalidData);
      continue;
    }
    ++taken;
    use(*loaded.value().tokenizer, &random);
    Result<LoadedTokenizer> verified = load_tokenizer_copy(mutated, true);
    if (!verified.ok()) continue;
    // Names may differ, but no text of the trie: it would have to differ in the same way.
    for (const int32_t id : original->trie().ids())
      REQUIRE(verified.value().tokenizer->token_bytes(id) == original->token_bytes(id));
  }
  CHECK(taken < mutation_count());
}

}  // namespace xgr::core

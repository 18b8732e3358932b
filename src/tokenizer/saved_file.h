// The layout of saved tokenizers, for those who write, read and check them.
//
// A header, then the arrays of a tokenizer one behind the other, each at a multiple of 64 bytes, with
// zeros between. All numbers are little-endian; the arrays lie as they do in memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tokenizer/tokenizer.h"

namespace xgr::core {

struct SavedSection {
  uint64_t offset;  // from the beginning of the file
  uint64_t count;   // of items
};

constexpr size_t kSavedSectionCount = 23;

struct SavedHeader {
  std::array<char, 8> magic;
  uint32_t version;
  uint32_t section_count;
  uint64_t file_size;
  uint64_t checksum;                 // of the whole file with 0 in this place
  std::array<char, 64> fingerprint;  // Tokenizer::fingerprint
  int32_t vocab_size;
  int32_t vocab_type;
  uint32_t add_prefix_space;
  uint32_t max_token_chars, max_token_bytes;
  uint32_t byte_length_rows, rank_length_rows;
  uint32_t unused;
  std::array<uint64_t, 4> known_bytes, single_bytes;
  std::array<SavedSection, kSavedSectionCount> sections;
};
static_assert(sizeof(SavedHeader) == 192 + 16 * kSavedSectionCount);

constexpr std::array<char, 8> kSavedMagic = {'x', 'g', 'r', 't', 'o', 'k', '\r', '\n'};
// Of the layout and of how everything in it is computed: what an older one says might be wrong now.
constexpr uint32_t kSavedVersion = 1;

// What has access to the arrays of a tokenizer.
class SavedFile {
 public:
  // Calls visit(array) for every array, in the order of the sections. The depths of the nodes and the texts
  // of the notes follow.
  template <typename SomeTokenizer, typename Visit>
  static void each_array(SomeTokenizer& t, Visit visit) {
    visit(t.bytes_), visit(t.offsets_), visit(t.kinds_), visit(t.stop_tokens_);
    visit(t.used_words_), visit(t.never_text_tokens_);
    visit(t.trie_.nodes_), visit(t.trie_.ids_), visit(t.trie_.signatures_);
    visit(t.trie_.tables_), visit(t.trie_.children_);
    each_array_of_index(t.byte_index_, visit);
    each_array_of_index(t.rank_index_, visit);
  }
  static SavedHeader header_of(const Tokenizer& tokenizer);
  static std::shared_ptr<Tokenizer> make(const SavedHeader& header);
  // What is not in the file. nullptr is for a file that its owner keeps; `copy_bytes`: of a copy.
  static void finish(Tokenizer* tokenizer, std::shared_ptr<const void> keeper, size_t copy_bytes);
  // nullptr when all that is used as an index, or bounds a walk, is as creation makes it; otherwise what
  // is not. Sets what follows from the sizes.
  static const char* find_fault(Tokenizer* tokenizer, std::span<const uint16_t> depths);
  // Of each node of the trie: how many are above it.
  static std::vector<uint16_t> depths_of(const TokenTrie& trie);

 private:
  template <typename Index, typename Visit>
  static void each_array_of_index(Index& index, Visit visit) {
    visit(index.postings_), visit(index.sparse_), visit(index.rows_), visit(index.long_tokens_);
  }
  static const char* find_fault_in_sizes(const Tokenizer& tokenizer);
  static const char* find_fault_in_texts(const Tokenizer& tokenizer);
  static const char* find_fault_in_nodes(const Tokenizer& tokenizer,
                                         std::span<const uint16_t> depths);
  static bool has_table(const TokenTrie& trie, uint32_t node);
  static const char* find_fault_in_table(const TokenTrie& trie, uint32_t node);
  static const char* find_fault_in_ranks(const Tokenizer& tokenizer);
  static const char* find_fault_in_index(ByteIndex* index, size_t tokens);
};

}  // namespace xgr::core

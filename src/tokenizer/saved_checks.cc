// What a saved tokenizer has to be before anybody uses it. Entry point: SavedFile::find_fault.
//
// The checksum says that a file is as it was written; these checks say that it can do no harm, whoever
// has written it. So they look at all that is an index, and at the order of nodes and ranks that ends
// every walk over the trie, but not at whether a mask is right: the bits of rows, say, are taken as they
// are. Most checks are loops without branches over arrays of numbers.
//
//   trie.end(3) == 3  ->  "its nodes are not nested"
//
// Tests: tests/unit/tokenizer/saved_tokenizer_test.cc.
#include <algorithm>
#include <bit>

#include "tokenizer/saved_file.h"

namespace xgr::core {
namespace {

// Whether all items are from 0 to limit - 1.
bool all_below(std::span<const int32_t> items, size_t limit) {
  uint32_t greatest = 0;
  for (const int32_t item : items) greatest = std::max(greatest, static_cast<uint32_t>(item));
  return items.empty() || greatest < limit;
}

bool ascends_below(std::span<const int32_t> items, size_t limit) {
  bool ascends = true;
  for (size_t i = 1; i < items.size(); ++i) ascends &= items[i - 1] < items[i];
  return ascends && all_below(items, limit);
}

// Whether the bits behind the first `bits` of their last word are 0.
bool ends_clear(uint32_t last_word, size_t bits) {
  return bits % 32 == 0 || last_word >> bits % 32 == 0;
}

}  // namespace

const char* SavedFile::find_fault(Tokenizer* t, std::span<const uint16_t> depths) {
  if (const char* fault = find_fault_in_sizes(*t)) return fault;
  if (const char* fault = find_fault_in_texts(*t)) return fault;
  if (const char* fault = find_fault_in_nodes(*t, depths)) return fault;
  if (const char* fault = find_fault_in_ranks(*t)) return fault;
  const auto tokens = static_cast<size_t>(t->vocab_size_);
  if (const char* fault = find_fault_in_index(&t->byte_index_, tokens)) return fault;
  return find_fault_in_index(&t->rank_index_, t->trie_.token_count());
}

const char* SavedFile::find_fault_in_sizes(const Tokenizer& t) {
  if (t.vocab_size_ < 0 || static_cast<size_t>(t.vocab_size_) > Tokenizer::kMaxTokens)
    return "the size of its vocabulary is out of range";
  const auto type = static_cast<int32_t>(t.vocab_type_);
  if (type < 0 || type > static_cast<int32_t>(VocabType::kByteLevel))
    return "the type of its vocabulary is unknown";
  if (t.kinds_.size() > static_cast<size_t>(t.vocab_size_)) return "it has more tokens than ids";
  if (t.max_token_bytes_ > Tokenizer::kMaxTokenBytes || t.max_token_chars_ > t.max_token_bytes_)
    return "its longest token is too long";
  if (t.offsets_.size() != t.kinds_.size() + 1) return "it has not one offset a token";
  if (t.used_words_.size() != t.mask_words()) return "its mask of used tokens has another size";
  return nullptr;
}

const char* SavedFile::find_fault_in_texts(const Tokenizer& t) {
  bool ascends = true;
  for (size_t i = 1; i < t.offsets_.size(); ++i) ascends &= t.offsets_[i - 1] <= t.offsets_[i];
  if (!ascends || t.offsets_[0] != 0 || t.offsets_[t.kinds_.size()] != t.bytes_.size())
    return "its offsets do not ascend";
  uint8_t greatest = 0;
  for (const uint8_t kind : t.kinds_) greatest = std::max(greatest, kind);
  if (greatest > static_cast<uint8_t>(TokenKind::kUnused)) return "a token is of no kind";
  const auto size = static_cast<size_t>(t.vocab_size_);
  if (!ascends_below(t.stop_tokens_, size)) return "its stop tokens do not ascend";
  if (!ascends_below(t.never_text_tokens_, t.kinds_.size()))
    return "its tokens that are never text do not ascend";
  if (!t.used_words_.empty() && !ends_clear(t.used_words_[t.used_words_.size() - 1], size))
    return "a token outside the vocabulary is in use";
  return nullptr;
}

std::vector<uint16_t> SavedFile::depths_of(const TokenTrie& trie) {
  std::vector<uint16_t> depths;
  std::vector<uint32_t> ends;  // of the nodes above
  depths.reserve(trie.node_count());
  for (uint32_t i = 0; i < trie.node_count(); ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    depths.push_back(static_cast<uint16_t>(ends.size()));
    ends.push_back(trie.end(i));
  }
  return depths;
}

// Ends are nested and no deeper than the longest token, ranks ascend, every leaf has a token. A stack of
// open nodes would tell the same, but how many of them a node closes cannot be predicted, which costs
// more than all the rest. With the depths in the file each node finds its parent, and the one before it
// below that parent, at a known place.
const char* SavedFile::find_fault_in_nodes(const Tokenizer& t, std::span<const uint16_t> depths) {
  const TokenTrie& trie = t.trie_;
  if (trie.nodes_.size() < 2 || trie.nodes_.size() >= TokenTrie::kNone)
    return "its trie has no root";
  const uint32_t count = trie.node_count();
  if (trie.end(0) != count || trie.first_rank(0) != 0 || trie.first_rank(1) != 0 ||
      trie.first_rank(count) != trie.ids_.size() || depths.size() != count || depths[0] != 0)
    return "the root of its trie is not its whole";
  const auto deepest = static_cast<uint32_t>(t.max_token_bytes_);
  std::vector<uint32_t> ends(size_t{deepest} + 1);  // of the last node of each depth
  ends[0] = count;
  const size_t tables = trie.tables_.size(), signatures = trie.signatures_.size();
  std::vector<uint32_t> tabled;  // nodes with a table of children
  if (has_table(trie, 0)) tabled.push_back(0);
  bool faulty =
      trie.nodes_[0].signature != TokenTrie::kNone && trie.nodes_[0].signature >= signatures;
  for (uint32_t i = 1; i < count; ++i) {
    const TokenTrie::Node& node = trie.nodes_[i];
    const uint32_t depth = std::min<uint32_t>(depths[i], deepest);
    const uint32_t next_rank = trie.nodes_[i + 1].rank;
    const uint32_t above = ends[depth - (depth != 0)], before = ends[depth];
    ends[depth] = node.end;
    faulty |= (depth == 0) | (depth != depths[i]) | (depth > depths[i - 1] + 1u);
    faulty |= (node.end <= i) | (node.end > above) | ((depth <= depths[i - 1]) & (before != i));
    faulty |= (node.rank > next_rank) | ((node.end == i + 1) & (node.rank == next_rank));
    faulty |= (node.signature != TokenTrie::kNone) & (node.signature >= signatures);
    if (has_table(trie, i) && tabled.size() <= tables) tabled.push_back(i);
  }
  if (faulty || tabled.size() > tables) return "its nodes are not nested";
  for (const uint32_t node : tabled) {
    if (const char* fault = find_fault_in_table(trie, node)) return fault;
  }
  return nullptr;
}

bool SavedFile::has_table(const TokenTrie& trie, uint32_t node) {
  return trie.nodes_[node].table_byte >> 8 != TokenTrie::kNoTable;
}

const char* SavedFile::find_fault_in_table(const TokenTrie& trie, uint32_t node) {
  constexpr const char* kFault = "a table of children has others than the node";
  const uint32_t index = trie.nodes_[node].table_byte >> 8;
  if (index >= trie.tables_.size()) return kFault;
  const ChildTable& table = trie.tables_[index];
  uint32_t at = table.first, child = node + 1;
  for (uint32_t word = 0; word < 4; ++word) {
    if (table.before[word] != static_cast<uint8_t>(at - table.first)) return kFault;
    for (uint64_t left = table.bytes[word]; left != 0; left &= left - 1, ++at) {
      const auto byte = word * 64 + static_cast<uint32_t>(std::countr_zero(left));
      if (at >= trie.children_.size() || trie.children_[at] != child) return kFault;
      if (child >= trie.end(node) || trie.byte(child) != byte) return kFault;
      child = trie.end(child);
    }
  }
  return child == trie.end(node) ? nullptr : kFault;
}

// Each rank has a normal token of its own.
const char* SavedFile::find_fault_in_ranks(const Tokenizer& t) {
  if (!all_below(t.trie_.ids_, t.kinds_.size())) return "a rank has no token";
  std::vector<uint64_t> seen((t.kinds_.size() + 63) / 64);
  bool unique = true, normal = true;
  for (const int32_t id : t.trie_.ids_) {
    const auto i = static_cast<size_t>(id);
    const uint64_t bit = uint64_t{1} << (i % 64);
    unique &= (seen[i / 64] & bit) == 0;
    seen[i / 64] |= bit;
    normal &= t.kinds_[i] == static_cast<uint8_t>(TokenKind::kNormal);
  }
  if (!unique) return "two ranks have one token";
  return normal ? nullptr : "a token of its trie is not text";
}

const char* SavedFile::find_fault_in_index(ByteIndex* index, size_t tokens) {
  const ByteIndex& x = *index;
  const size_t words = index->words_ = (tokens + 31) / 32;
  if (x.postings_.size() != ByteIndex::kPostingCount || x.length_rows_ > ByteIndex::kMaxLengthRows)
    return "a byte index has another size";
  const size_t rows = words == 0 ? 0 : x.rows_.size() / words;
  if (rows * words != x.rows_.size() || (words != 0 && rows <= x.length_rows_))
    return "the rows of a byte index have another size";
  for (size_t row = 0; row < rows; ++row) {
    if (!ends_clear(x.rows_[row * words + words - 1], tokens)) return "a row has too many tokens";
  }
  for (const ByteIndex::Posting& p : x.postings_) {
    const bool inside = p.dense != 0
                            ? p.begin < rows
                            : p.begin <= x.sparse_.size() && p.count <= x.sparse_.size() - p.begin;
    if (!inside) return "a posting lies outside of its index";
  }
  bool inside = all_below(x.sparse_, tokens);
  for (const ByteIndex::LongToken& token : x.long_tokens_)
    inside &= static_cast<uint32_t>(token.id) < tokens;
  return inside ? nullptr : "a byte index lists a token that there is not";
}

}  // namespace xgr::core

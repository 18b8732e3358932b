// The vocabulary of a model. Entry point: Tokenizer::create.
//
// Checks what the caller passed, settles the kind of every id, decodes the texts into one array of
// bytes, then builds the trie and the byte index over the normal tokens. Control, stop and unused
// tokens reach neither, so no mask can hold them as text; the spelling of control and stop tokens
// is kept so that grammars can name them.
//
//   TokenizerInput in;
//   in.tokens = {"a", "b", "</s>"};
//   in.stop_tokens = {2};
//   auto tokenizer = Tokenizer::create(in);
//
// Tests: tests/unit/tokenizer/tokenizer_test.cc.
#include "tokenizer/tokenizer.h"

#include <algorithm>
#include <string>

#include "support/ascii.h"
#include "support/sort_unique.h"
#include "tokenizer/utf8_chars.h"

namespace xgr::core {
namespace {

Error bad_argument(std::string message) {
  return make_error(Status::kInvalidArgument, std::move(message));
}

Error too_large(const char* what, size_t maximum, const std::string& found) {
  return make_error(Status::kLimitExceeded,
                    found + "; at most " + std::to_string(maximum) + " " + what + " are supported");
}

MaybeError check_sizes(const TokenizerInput& in) {
  const size_t count = in.tokens.size();
  if (count > Tokenizer::kMaxTokens)
    return too_large("tokens", Tokenizer::kMaxTokens,
                     "the vocabulary has " + std::to_string(count) + " tokens");
  if (in.vocab_size < 0)
    return bad_argument("vocab_size is " + std::to_string(in.vocab_size) +
                        "; expected 0 or the number of logits");
  if (static_cast<size_t>(in.vocab_size) > Tokenizer::kMaxTokens)
    return too_large("tokens", Tokenizer::kMaxTokens,
                     "vocab_size is " + std::to_string(in.vocab_size));
  if (!in.kinds.empty() && in.kinds.size() != count)
    return bad_argument(std::to_string(in.kinds.size()) + " kinds for " + std::to_string(count) +
                        " tokens; expected one a token, or none");
  if (in.vocab_size != 0 && static_cast<size_t>(in.vocab_size) < count)
    return bad_argument("vocab_size is " + std::to_string(in.vocab_size) + " but there are " +
                        std::to_string(count) +
                        " tokens; expected at least as many logits, or cut_excess_tokens");
  if (in.vocab_type < VocabType::kRaw || in.vocab_type > VocabType::kByteLevel)
    return bad_argument("vocabulary type " + std::to_string(static_cast<int32_t>(in.vocab_type)) +
                        " is unknown; expected 0 (raw), 1 (byte fallback) or 2 (byte level)");
  return std::nullopt;
}

MaybeError check_texts(const TokenizerInput& in) {
  size_t total = 0;
  for (size_t id = 0; id < in.tokens.size(); ++id) {
    const size_t size = in.tokens[id].size();
    if (size > Tokenizer::kMaxTokenBytes)
      return too_large("bytes in one token", Tokenizer::kMaxTokenBytes,
                       "token " + std::to_string(id) + " has " + std::to_string(size) + " bytes");
    total += size;
  }
  if (total > Tokenizer::kMaxTotalBytes)
    return too_large("bytes in all tokens", Tokenizer::kMaxTotalBytes,
                     "all tokens have " + std::to_string(total) + " bytes");
  return std::nullopt;
}

// In no UTF-8 text. Grammars use it to tell whole tokens from text, so no text may have it.
constexpr char kNeverText = '\xFF';

void add_byte(std::array<uint64_t, 4>* set, char c) {
  const uint8_t byte = static_cast<uint8_t>(c);
  (*set)[byte >> 6] |= uint64_t{1} << (byte & 63);
}

}  // namespace

void cut_excess_tokens(TokenizerInput* input) {
  const size_t size = input->vocab_size > 0 ? static_cast<size_t>(input->vocab_size) : 0;
  if (size == 0 || size >= input->tokens.size()) return;
  if (!input->kinds.empty()) {
    if (input->kinds.size() != input->tokens.size()) return;  // for the check to refuse
    input->kinds.resize(size);
  }
  input->tokens.resize(size);
  std::erase_if(input->stop_tokens, [&](int32_t id) { return id >= input->vocab_size; });
}

Result<std::shared_ptr<const Tokenizer>> Tokenizer::create(const TokenizerInput& input) {
  if (MaybeError error = check_sizes(input)) return *std::move(error);
  if (MaybeError error = check_texts(input)) return *std::move(error);
  std::shared_ptr<Tokenizer> tokenizer(new Tokenizer());
  tokenizer->vocab_type_ = input.vocab_type;
  tokenizer->vocab_size_ =
      input.vocab_size != 0 ? input.vocab_size : static_cast<int32_t>(input.tokens.size());
  tokenizer->add_prefix_space_ = input.add_prefix_space;
  if (MaybeError error = tokenizer->set_kinds(input)) return *std::move(error);
  tokenizer->decode(input);
  tokenizer->index_used_tokens();
  tokenizer->index_normal_tokens();
  tokenizer->index_special_names();
  return std::shared_ptr<const Tokenizer>(std::move(tokenizer));
}

MaybeError Tokenizer::set_kinds(const TokenizerInput& input) {
  std::vector<uint8_t> kinds = input.kinds;
  kinds.resize(input.tokens.size(), static_cast<uint8_t>(TokenKind::kNormal));
  std::vector<int32_t> stop_tokens = input.stop_tokens;
  for (const int32_t id : stop_tokens) {
    if (id < 0 || id >= vocab_size_)
      return bad_argument("stop token " + std::to_string(id) +
                          " is outside the vocabulary; expected an id from 0 to " +
                          std::to_string(vocab_size_ - 1));
    if (static_cast<size_t>(id) < kinds.size())
      kinds[static_cast<size_t>(id)] = static_cast<uint8_t>(TokenKind::kStop);
  }
  for (size_t id = 0; id < kinds.size(); ++id) {
    if (kinds[id] > static_cast<uint8_t>(TokenKind::kUnused))
      return bad_argument("token " + std::to_string(id) + " has kind " + std::to_string(kinds[id]) +
                          "; expected 0 (normal), 1 (control), 2 (stop) or 3 (unused)");
    const TokenKind kind = static_cast<TokenKind>(kinds[id]);
    if (kind == TokenKind::kStop) stop_tokens.push_back(static_cast<int32_t>(id));
    if (kind == TokenKind::kNormal && input.tokens[id].empty())
      kinds[id] = static_cast<uint8_t>(TokenKind::kUnused);
  }
  sort_unique(&stop_tokens);
  stop_tokens.shrink_to_fit();
  kinds_ = Array(std::move(kinds));
  stop_tokens_ = Array(std::move(stop_tokens));
  return std::nullopt;
}

void Tokenizer::decode(const TokenizerInput& input) {
  size_t total = 0;
  for (const std::string_view token : input.tokens) total += token.size();
  std::vector<char> bytes;
  std::vector<uint32_t> offsets;
  bytes.reserve(total);
  offsets.reserve(input.tokens.size() + 1);
  offsets.push_back(0);
  for (size_t id = 0; id < input.tokens.size(); ++id) {
    const TokenKind kind = static_cast<TokenKind>(kinds_[id]);
    const bool decoded = kind != TokenKind::kNormal || input.decoded;
    if (kind != TokenKind::kUnused)
      append_token_bytes(decoded ? VocabType::kRaw : vocab_type_, input.tokens[id], &bytes);
    offsets.push_back(static_cast<uint32_t>(bytes.size()));
  }
  bytes.shrink_to_fit();
  bytes_ = Array(std::move(bytes));
  offsets_ = Array(std::move(offsets));
}

void Tokenizer::index_used_tokens() {
  std::vector<uint32_t> used(mask_words());
  auto add = [&](int32_t id) { used[static_cast<size_t>(id) >> 5] |= 1u << (id & 31); };
  for (int32_t id = 0; id < token_count(); ++id) {
    if (kind(id) != TokenKind::kUnused) add(id);
  }
  for (const int32_t id : stop_tokens_) add(id);
  used_words_ = Array(std::move(used));
}

void Tokenizer::index_normal_tokens() {
  std::vector<std::string_view> texts;
  std::vector<int32_t> ids;
  std::vector<int32_t> never_text;
  texts.reserve(kinds_.size());
  ids.reserve(kinds_.size());
  for (int32_t id = 0; id < token_count(); ++id) {
    if (kind(id) != TokenKind::kNormal) continue;
    const std::string_view bytes = text(id);
    if (bytes.find(kNeverText) != bytes.npos) {
      never_text.push_back(id);
      continue;
    }
    max_token_bytes_ = std::max(max_token_bytes_, bytes.size());
    max_token_chars_ = std::max(max_token_chars_, count_chars(bytes));
    for (const char c : bytes) add_byte(&known_bytes_, c);
    if (bytes.size() == 1) add_byte(&single_bytes_, bytes[0]);
    texts.push_back(bytes);
    ids.push_back(id);
  }
  never_text_tokens_ = Array(std::move(never_text));
  trie_ = TokenTrie(texts, ids);
  byte_index_ = ByteIndex(texts, ids, vocab_size_);
  for (uint32_t rank = 0; rank < trie_.token_count(); ++rank) {
    texts[rank] = text(trie_.id(rank));
    ids[rank] = static_cast<int32_t>(rank);
  }
  rank_index_ = ByteIndex(texts, ids, static_cast<int32_t>(trie_.token_count()));
}

void Tokenizer::index_special_names() {
  std::vector<SpecialNames::Entry> names;
  for (int32_t id = 0; id < token_count(); ++id) {
    if (kinds_[static_cast<size_t>(id)] == static_cast<uint8_t>(TokenKind::kNormal)) continue;
    const std::string_view name = special_name(id);
    if (!name.empty()) names.push_back({name, id, kind(id) == TokenKind::kStop});
  }
  special_names_ = SpecialNames(std::move(names));
}

std::string_view Tokenizer::text(int32_t id) const {
  const size_t i = static_cast<size_t>(id);
  return {bytes_.data() + offsets_[i], offsets_[i + 1] - offsets_[i]};
}

std::vector<int32_t> Tokenizer::ids_of(std::string_view wanted) const {
  std::vector<int32_t> out;
  for (size_t i = 0; i + 1 < offsets_.size(); ++i) {
    const auto id = static_cast<int32_t>(i);
    const bool size = offsets_[i + 1] - offsets_[i] == wanted.size();
    if (size && text(id) == wanted && kind(id) != TokenKind::kUnused) out.push_back(id);
  }
  return out;
}

std::string_view Tokenizer::token_bytes(int32_t id) const {
  return kind(id) == TokenKind::kNormal ? text(id) : std::string_view();
}

std::string_view Tokenizer::special_name(int32_t id) const {
  if (id < 0 || id >= token_count() || kind(id) == TokenKind::kNormal) return {};
  return text(id);
}

int32_t Tokenizer::find_special(std::string_view name) const {
  if (name.empty()) return -1;
  for (int32_t id = 0; id < token_count(); ++id) {
    if (special_name(id) == name) return id;
  }
  return -1;
}

TokenKind Tokenizer::kind(int32_t id) const {
  if (id >= 0 && id < token_count()) return static_cast<TokenKind>(kinds_[static_cast<size_t>(id)]);
  const bool stop = std::binary_search(stop_tokens_.begin(), stop_tokens_.end(), id);
  return stop ? TokenKind::kStop : TokenKind::kUnused;
}

std::string_view Tokenizer::fingerprint() const {
  std::call_once(fingerprint_found_, [this] {
    Sha256 hash;
    add_contents(&hash);
    size_t at = 0;
    for (const uint8_t byte : hash.finish()) {
      fingerprint_[at++] = kHexDigits[byte >> 4];
      fingerprint_[at++] = kHexDigits[byte & 15];
    }
  });
  return {fingerprint_.data(), fingerprint_.size() - 1};
}

// docs/tokenizers.md describes this stream of bytes; numbers are little-endian, of four bytes.
void Tokenizer::add_contents(Sha256* hash) const {
  const auto add_number = [&](uint32_t value) {
    std::array<char, 4> bytes;
    for (char& byte : bytes) byte = static_cast<char>(value & 0xFF), value >>= 8;
    hash->add({bytes.data(), bytes.size()});
  };
  hash->add("xgr vocabulary 1\n");
  add_number(static_cast<uint32_t>(vocab_size_));
  add_number(static_cast<uint32_t>(token_count()));
  for (int32_t id = 0; id < token_count(); ++id) {
    add_number(static_cast<uint32_t>(kind(id)));
    add_number(static_cast<uint32_t>(text(id).size()));
    hash->add(text(id));
  }
  add_number(static_cast<uint32_t>(stop_tokens_.size()));
  for (const int32_t id : stop_tokens_) add_number(static_cast<uint32_t>(id));
}

size_t Tokenizer::memory_bytes() const {
  return sizeof(*this) + file_copy_bytes_ + bytes_.owned_bytes() + offsets_.owned_bytes() +
         kinds_.owned_bytes() + stop_tokens_.owned_bytes() + used_words_.owned_bytes() +
         never_text_tokens_.owned_bytes() + trie_.memory_bytes() + byte_index_.memory_bytes() +
         rank_index_.memory_bytes() + special_names_.memory_bytes();
}

}  // namespace xgr::core

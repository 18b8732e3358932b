// Healing: steps and masks while the tokens still spell what comes before the text.
//
// Entry points: Matcher::Impl::run_healing, fill_healing. The tokens that lie on the way of the prefix
// through the trie are allowed, and those behind its end whose rest the text may begin with. That is
// asked for once or twice an output, so they are tried one by one.
//
//   prefix `htt`, text `https?://.*`:  `h`, `ht`, `htt`, `http`, `https`, `https://` but not `html`
//
// Tests: tests/capi/healing_test.c, tests/reference.
#include "matcher/healing.h"

#include "matcher/matcher_impl.h"
#include "support/bit_kernels.h"

namespace xgr::core {

Status Matcher::Impl::run_healing(const Input& input, size_t* begin, bool* alive) {
  const bool is_text_token =
      input.token == OutputLog::kText || tokenizer().kind(input.token) == TokenKind::kNormal;
  const std::optional<std::string_view> rest = healing->behind(history.size(), input.text);
  load_parses();
  stepper.clear_failed();
  *begin = 0;
  *alive = rest && is_text_token && (!edges || rest->empty() || is_text(*rest));
  Status status = Status::kOk;
  if (*alive && !rest->empty()) status = read({*rest}, *rest, false, begin, alive);
  if (!*alive) abandon();
  return status;
}

Status Matcher::Impl::fill_healing(uint32_t* words, MaskKind* kind) {
  const TokenTrie& trie = tokenizer().trie();
  const std::string_view left = healing->left(history.size());
  std::fill_n(words, tokenizer().mask_words(), 0);
  auto add = [&](int32_t token) {
    if (!is_stop(token)) words[token >> 5] |= 1u << (token & 31);
  };
  uint32_t node = 0;
  for (char c : left) {
    node = trie.child(node, static_cast<uint8_t>(c));
    if (node == TokenTrie::kNone) break;
    for (uint32_t r = trie.first_rank(node); r < trie.first_rank(node + 1); ++r) add(trie.id(r));
  }
  if (node != TokenTrie::kNone) {
    for (uint32_t r = trie.first_rank(node + 1); r < trie.first_rank(trie.end(node)); ++r) {
      const int32_t token = trie.id(r);
      size_t begin;
      bool alive = false;
      const Status status = run_spellable({tokenizer().token_bytes(token), token}, &begin, &alive);
      if (status != Status::kOk) return status;
      if (alive) add(token);
      abandon();
    }
  }
  const auto tokens = static_cast<uint32_t>(count_bits({words, tokenizer().mask_words()}));
  *kind = filter ? filtered(words) : kind_of(words, tokens);
  return Status::kOk;
}

// Each byte has to be a token, so that the prefix can be spelled in some way from everywhere.
MaybeError Matcher::Impl::set_healing(const std::string& prefix) {
  const TokenTrie& trie = tokenizer().trie();
  auto is_token = [&](char byte) {
    const uint32_t node = trie.child(0, static_cast<uint8_t>(byte));
    if (node == TokenTrie::kNone) return false;
    for (uint32_t r = trie.first_rank(node); r < trie.first_rank(node + 1); ++r) {
      if (!is_stop(trie.id(r))) return true;
    }
    return false;
  };
  for (size_t i = 0; i < prefix.size(); ++i) {
    if (!is_token(prefix[i]))
      return make_error(Status::kInvalidArgument,
                        "byte " + std::to_string(static_cast<uint8_t>(prefix[i])) + " at offset " +
                            std::to_string(i) +
                            " of prefix is no token by itself; expected bytes that the "
                            "vocabulary has as tokens");
  }
  if (!prefix.empty()) healing = std::make_unique<Healing>(prefix);
  return std::nullopt;
}

}  // namespace xgr::core

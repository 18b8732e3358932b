// Covers src/tokenizer/tokenizer.cc: kinds, stop tokens, padding, what reaches trie and index.
#include "tokenizer/tokenizer.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

using namespace std::string_view_literals;

constexpr uint8_t kNormal = 0, kControl = 1, kStop = 2, kUnused = 3;

std::shared_ptr<const Tokenizer> create(const TokenizerInput& input) {
  auto result = Tokenizer::create(input);
  REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
  return result.value();
}

Error refused(const TokenizerInput& input) {
  auto result = Tokenizer::create(input);
  REQUIRE_FALSE(result.ok());
  return result.error();
}

bool mentions(const Error& error, const char* text) {
  return error.message.find(text) != std::string::npos;
}

bool in_index(const Tokenizer& tokenizer, int32_t id) {
  std::array<uint64_t, 4> all;
  all.fill(~uint64_t{0});
  std::vector<uint32_t> mask(tokenizer.mask_words());
  tokenizer.byte_index().fill_inside(all, ByteIndex::kUnlimited, mask.data());
  return mask[static_cast<size_t>(id) / 32] >> id % 32 & 1;
}

bool in_trie(const Tokenizer& tokenizer, int32_t id) {
  for (const int32_t other : tokenizer.trie().ids()) {
    if (other == id) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("tokenizer: kinds decide what is text") {
  TokenizerInput in;
  in.tokens = {"a", "<ctl>", "</s>", "", "hole", "b", "\0"sv, "a"};
  in.kinds = {kNormal, kControl, kStop, kNormal, kUnused, kNormal, kNormal, kNormal};
  in.stop_tokens = {5, 2, 5};
  in.vocab_size = 40;
  in.add_prefix_space = true;
  const auto t = create(in);
  CHECK(t->vocab_size() == 40);
  CHECK(t->token_count() == 8);
  CHECK(t->mask_words() == 2);
  CHECK(t->add_prefix_space());
  CHECK(std::vector<int32_t>(t->stop_tokens().begin(), t->stop_tokens().end()) ==
        std::vector<int32_t>{2, 5});
  const TokenKind expected[] = {TokenKind::kNormal, TokenKind::kControl, TokenKind::kStop,
                                TokenKind::kUnused, TokenKind::kUnused,  TokenKind::kStop,
                                TokenKind::kNormal, TokenKind::kNormal};
  for (int32_t id = 0; id < 8; ++id) {
    CAPTURE(id);
    CHECK(t->kind(id) == expected[id]);
    const bool normal = expected[id] == TokenKind::kNormal;
    CHECK(in_trie(*t, id) == normal);
    CHECK(in_index(*t, id) == normal);
    CHECK(t->token_bytes(id) == (normal ? in.tokens[static_cast<size_t>(id)] : ""sv));
  }
  for (const int32_t id : {-1, 8, 39, 40, 1 << 30}) {
    CHECK(t->kind(id) == TokenKind::kUnused);
    CHECK(t->token_bytes(id).empty());
    CHECK(t->special_name(id).empty());
  }
  CHECK(t->special_name(1) == "<ctl>");
  CHECK(t->special_name(0).empty());
  CHECK(t->find_special("</s>") == 2);
  CHECK(t->find_special("a") == -1);
  CHECK(t->find_special("") == -1);
  CHECK(t->ids_of("</s>") == std::vector<int32_t>{2});
  CHECK(t->ids_of("no such token").empty());
}

TEST_CASE("tokenizer: decoding, statistics") {
  TokenizerInput in;
  in.vocab_type = VocabType::kByteLevel;
  in.tokens = {"Ġthe", "ä½ł", "Ġ", "", "<|Ġ|>"};
  in.kinds = {0, 0, 0, 0, kControl};
  const auto t = create(in);
  CHECK(t->token_bytes(0) == " the");
  CHECK(t->token_bytes(1) == "你");
  CHECK(t->token_bytes(2) == " ");
  CHECK(t->special_name(4) == "<|Ġ|>");
  CHECK(t->max_token_bytes() == 4);
  CHECK(t->max_token_chars() == 4);
  const auto has = [](const std::array<uint64_t, 4>& set, uint8_t b) {
    return set[b / 64] >> b % 64 & 1;
  };
  CHECK(has(t->known_bytes(), 't'));
  CHECK(has(t->known_bytes(), 0xE4));
  CHECK_FALSE(has(t->known_bytes(), '<'));
  CHECK(has(t->single_bytes(), ' '));
  CHECK_FALSE(has(t->single_bytes(), 't'));
}

TEST_CASE("tokenizer: vocabularies without text") {
  const auto none = create({});
  CHECK(none->vocab_size() == 0);
  CHECK(none->mask_words() == 0);
  CHECK(none->trie().node_count() == 1);
  TokenizerInput in;
  in.tokens = {"</s>"};
  in.stop_tokens = {0};
  in.vocab_size = 100;
  const auto only_stop = create(in);
  CHECK(only_stop->trie().token_count() == 0);
  CHECK(only_stop->max_token_bytes() == 0);
}

TEST_CASE("tokenizer: a stop token may lie in the padding") {
  TokenizerInput in;
  in.tokens = {"a"};
  in.vocab_size = 8;
  in.stop_tokens = {7};
  const auto t = create(in);
  CHECK(t->kind(7) == TokenKind::kStop);
  CHECK(t->kind(6) == TokenKind::kUnused);
  CHECK(t->special_name(7).empty());
}

TEST_CASE("tokenizer: wrong arguments are named") {
  TokenizerInput in;
  in.tokens = {"a", "b"};
  TokenizerInput bad = in;
  bad.vocab_size = 1;
  CHECK(refused(bad).code == Status::kInvalidArgument);
  bad.vocab_size = -3;
  CHECK(mentions(refused(bad), "-3"));
  bad = in;
  bad.stop_tokens = {0, 2};
  CHECK(refused(bad).code == Status::kInvalidArgument);
  CHECK(mentions(refused(bad), "stop token 2 "));
  bad.stop_tokens = {-1};
  CHECK(mentions(refused(bad), "stop token -1 "));
  bad = in;
  bad.kinds = {0};
  CHECK(mentions(refused(bad), "1 kinds for 2 tokens"));
  bad.kinds = {0, 4};
  CHECK(mentions(refused(bad), "token 1 has kind 4"));
  bad = in;
  bad.vocab_type = static_cast<VocabType>(3);
  CHECK(mentions(refused(bad), "type 3"));
}

TEST_CASE("tokenizer: limits") {
  const std::string longest(65536, 'x');
  TokenizerInput in;
  in.tokens = {"a", std::string_view(longest).substr(1)};
  CHECK(create(in)->max_token_bytes() == 65535);
  in.tokens[1] = longest;
  CHECK(refused(in).code == Status::kLimitExceeded);
  CHECK(mentions(refused(in), "token 1 has 65536 bytes"));
  in.tokens = {"a"};
  in.vocab_size = (1 << 24) + 1;
  CHECK(refused(in).code == Status::kLimitExceeded);
}

TEST_CASE("tokenizer: a fingerprint tells vocabularies apart") {
  TokenizerInput in;
  const std::string odd("\xFF\0", 2);
  in.tokens = {"a", odd, "<c>", "</s>"};
  in.kinds = {0, 0, 1, 2};
  in.stop_tokens = {4};
  in.vocab_size = 5;
  const std::string all(create(in)->fingerprint());
  CHECK(all == "2d77b3ceaecdd15d546668d949854d52c839a05ac9e9c061e90df29085f0e69b");
  std::vector<std::string> others;
  const auto differs = [&](auto change) {
    TokenizerInput other = in;
    change(&other);
    others.emplace_back(create(other)->fingerprint());
  };
  differs([](TokenizerInput* t) { t->tokens[0] = "b"; });
  differs([](TokenizerInput* t) { t->tokens[2] = "<d>"; });
  differs([](TokenizerInput* t) { t->kinds[0] = 3; });
  differs([](TokenizerInput* t) { t->kinds[2] = 0; });
  differs([](TokenizerInput* t) { t->vocab_size = 6; });
  differs([](TokenizerInput* t) { t->stop_tokens.clear(); });
  differs([](TokenizerInput* t) { std::swap(t->tokens[0], t->tokens[1]); });
  for (const std::string& other : others) CHECK(other != all);
  in.add_prefix_space = true;
  CHECK(create(in)->fingerprint() == all);
}

}  // namespace xgr::core

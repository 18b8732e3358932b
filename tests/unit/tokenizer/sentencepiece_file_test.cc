// Covers src/tokenizer/sentencepiece_file.cc: small models built here, and broken ones.
#include "tokenizer/sentencepiece_file.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "tokenizer/tokenizer_file.h"

namespace xgr::core {
namespace {

std::string varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out + static_cast<char>(value);
}

std::string number(uint64_t field, uint64_t value) { return varint(field << 3) + varint(value); }

std::string bytes(uint64_t field, const std::string& value) {
  return varint(field << 3 | 2) + varint(value.size()) + value;
}

// With a score, which is skipped.
std::string piece(const std::string& text, uint64_t type) {
  return bytes(1, bytes(1, text) + "\x15" + std::string(4, '\x01') + number(3, type));
}

std::string model() {
  return piece("<unk>", 2) + piece("<s>", 3) + piece("<end>", 3) + piece("<0x0A>", 6) +
         piece("\xE2\x96\x81go\xE2\x96\x81", 1) + piece("<0x0A>", 1) + piece("[TOOL]", 4) +
         piece("gone", 5) + bytes(2, number(3, 2) + number(35, 1) + bytes(47, "<end>")) +
         bytes(3, number(3, 0) + bytes(1, "identity"));
}

Error refused(const std::string& contents) {
  const auto file = read_sentencepiece_file(contents);
  REQUIRE_FALSE(file.ok());
  return file.error();
}

}  // namespace

TEST_CASE("sentencepiece file: texts and kinds by the types of pieces") {
  const auto file = read_tokenizer_file(model(), TokenizerFormat::kDetect);
  REQUIRE(file.ok());
  const VocabularyFile& found = file.value();
  CHECK(found.format == "sentencepiece");
  CHECK(found.model_type == "BPE");
  CHECK_FALSE(found.add_prefix_space);
  CHECK(found.texts ==
        std::vector<std::string>{"<unk>", "<s>", "<end>", "\n", " go ", "<0x0A>", "[TOOL]", ""});
  CHECK(found.kinds == std::vector<uint8_t>{1, 1, 1, 0, 0, 0, 0, 3});
  CHECK(found.stop_tokens == std::vector<int32_t>{2});
  CHECK(Tokenizer::create(found.input()).ok());
}

TEST_CASE("sentencepiece file: defaults") {
  const auto file = read_sentencepiece_file(piece("</s>", 3) + bytes(1, bytes(1, "a")));
  REQUIRE(file.ok());
  CHECK(file.value().model_type == "Unigram");
  CHECK(file.value().add_prefix_space);
  CHECK(file.value().stop_tokens == std::vector<int32_t>{0});
  CHECK(file.value().kinds[1] == 0);
}

TEST_CASE("sentencepiece file: what is refused") {
  CHECK(refused("").code == Status::kInvalidData);
  CHECK(refused(piece("a", 7)).code == Status::kInvalidData);
  CHECK(refused(piece("", 1)).code == Status::kInvalidData);
  CHECK(refused(piece("<0xG0>", 6)).code == Status::kInvalidData);
  CHECK(refused(piece("a", 1) + bytes(2, number(3, 9))).code == Status::kInvalidData);
  CHECK(refused(piece("a", 1) + "\x0A\x7F").code == Status::kInvalidData);
  CHECK(refused(piece("a", 1) + std::string(12, '\xFF')).code == Status::kInvalidData);
  CHECK(refused(piece("a", 1) + bytes(5, bytes(2, "map"))).code == Status::kUnsupported);
  CHECK(refused(piece(std::string(70000, 'a'), 1)).code == Status::kLimitExceeded);
}

TEST_CASE("sentencepiece file: changed and cut copies do no harm") {
  std::mt19937 random(1);
  const std::string whole = model();
  for (int i = 0; i < 5000; ++i) {
    std::string copy = whole.substr(0, random() % (whole.size() + 1));
    for (unsigned changes = random() % 4; changes > 0 && !copy.empty(); --changes)
      copy[random() % copy.size()] = static_cast<char>(random());
    const auto file = read_tokenizer_file(copy, TokenizerFormat::kSentencePiece);
    if (file.ok()) CHECK(file.value().texts.size() == file.value().kinds.size());
    looks_like_sentencepiece(copy);
  }
}

}  // namespace xgr::core

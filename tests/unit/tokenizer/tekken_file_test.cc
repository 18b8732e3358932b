// Covers src/tokenizer/tekken_file.cc.
#include "tokenizer/tekken_file.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "tokenizer/tokenizer_file.h"

namespace xgr::core {
namespace {

const std::string kConfig =
    R"({"config":{"pattern":"x","default_vocab_size":5,"default_num_special_tokens":3,"version":"v13"},)";
const std::string kSpecials =
    R"("special_tokens":[{"rank":0,"token_str":"</s>","is_control":true},)"
    R"({"rank":1,"token_str":"[THINK]","is_control":false}],)";
const std::string kVocab =
    R"("vocab":[{"rank":0,"token_bytes":"AA==","token_str":"\u0000"},)"
    R"({"rank":1,"token_bytes":"IGE=","token_str":" a"},{"rank":2,"token_bytes":"Yg=="}]})";

Error refused(const std::string& text) {
  auto file = read_tekken_file(text);
  REQUIRE_FALSE(file.ok());
  return file.error();
}

bool mentions(const Error& error, std::string_view text) {
  return error.message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("tekken file: special tokens, fillers, and the vocabulary up to its size") {
  const auto file = read_tokenizer_file(kConfig + kSpecials + kVocab, TokenizerFormat::kDetect);
  REQUIRE(file.ok());
  const VocabularyFile& v = file.value();
  CHECK(v.format == "tekken");
  CHECK(v.texts ==
        std::vector<std::string>{"</s>", "[THINK]", "<SPECIAL_2>", std::string(1, '\0'), " a"});
  CHECK(v.kinds == std::vector<uint8_t>{1, 0, 1, 0, 0});
  CHECK(v.stop_tokens == std::vector<int32_t>{0});
  CHECK(v.findings.size() == 2);
}

TEST_CASE("tekken file: special tokens of old versions") {
  std::string config =
      R"({"config":{"default_vocab_size":23,"default_num_special_tokens":21,"version":"v3"},)";
  const auto file = read_tekken_file(config + kVocab);
  REQUIRE(file.ok());
  CHECK(file.value().texts[2] == "</s>");
  CHECK(file.value().texts[19] == "[TOOL_CONTENT]");
  CHECK(file.value().texts[20] == "<SPECIAL_20>");
  CHECK(file.value().texts[22] == " a");
  CHECK(file.value().stop_tokens == std::vector<int32_t>{2});
  CHECK(refused(kConfig + kVocab).code == Status::kUnsupported);
  config.replace(config.find("21"), 2, "19");
  CHECK(mentions(refused(config + kVocab), "room for 19"));
}

TEST_CASE("tekken file: what is wrong, and where") {
  const auto with = [](std::string text, std::string_view old, std::string_view now) {
    const size_t at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), now);
  };
  const std::string good = kConfig + kSpecials + kVocab;
  CHECK(mentions(refused("{}"), "config"));
  CHECK(mentions(refused("[1"), ""));
  CHECK(mentions(refused(with(good, "\"default_vocab_size\":5", "\"default_vocab_size\":7")),
                 "has 3 tokens; expected 4"));
  CHECK(mentions(refused(with(good, "size\":5", "size\":-5")), "/config"));
  CHECK(mentions(refused(with(good, "tokens\":3", "tokens\":6")), "default_num_special_tokens"));
  CHECK(mentions(refused(with(good, "tokens\":3", "tokens\":1")), "/special_tokens/1"));
  CHECK(mentions(refused(with(good, "\"rank\":1,\"token_str\"", "\"rank\":2,\"token_str\"")),
                 "/special_tokens/1"));
  CHECK(mentions(refused(with(good, "AA==", "AB==")), "/vocab/0"));
  CHECK(mentions(refused(with(good, "\"rank\":1,\"token_bytes\"", "\"rank\":4,\"token_bytes\"")),
                 "/vocab/1"));
  CHECK(mentions(refused(with(good, "\"vocab\":", "\"words\":")), "vocab"));
}

TEST_CASE("tekken file: changed copies are refused or read") {
  const std::string good = kConfig + kSpecials + kVocab;
  std::mt19937 random(3);
  for (int i = 0; i < 5000; ++i) {
    std::string text = good;
    for (uint32_t n = random() % 3 + 1; n > 0; --n)
      text[random() % text.size()] = static_cast<char>(random() % 96 + 32);
    if (i % 5 == 0) text.resize(random() % text.size());
    const auto file = read_tekken_file(text);
    if (file.ok()) CHECK(file.value().texts.size() == file.value().kinds.size());
  }
}

}  // namespace xgr::core

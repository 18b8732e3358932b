// Covers src/tokenizer/tokenizer_json.cc and spelling.cc: small files of every kind.
#include "tokenizer/tokenizer_json.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

VocabularyFile read(const std::string& text) {
  Result<VocabularyFile> result = read_tokenizer_json(text);
  REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
  return std::move(result).value();
}

Error refused(const std::string& text) {
  Result<VocabularyFile> result = read_tokenizer_json(text);
  REQUIRE_FALSE(result.ok());
  return result.error();
}

std::shared_ptr<const Tokenizer> create(const VocabularyFile& json) {
  auto result = Tokenizer::create(json.input());
  REQUIRE(result.ok());
  return result.value();
}

// A file with the parts given, each a list of JSON members with a comma behind.
std::string file(const std::string& vocab, const std::string& added = "",
                 const std::string& components = "") {
  return "{\"version\": \"1.0\", " + components + "\"added_tokens\": [" + added +
         "], \"model\": {\"type\": \"BPE\", \"vocab\": " + vocab + ", \"merges\": []}}";
}

std::string decoder(const std::string& json) { return "\"decoder\": " + json + ", "; }

// One token for each byte piece <0x00> .. <0xFF> below `count`.
std::string byte_pieces(int count) {
  std::string vocab = "{";
  for (int i = 0; i < count; ++i) {
    char member[32];
    std::snprintf(member, sizeof(member), "%s\"<0x%02X>\": %d", i == 0 ? "" : ", ", i, i);
    vocab += member;
  }
  return vocab + "}";
}

// Single-character tokens of U+0100 .. U+0143 and ASCII, `count` in all, then one more piece.
std::string byte_chars(int count, const std::string& more = "") {
  std::string vocab = "{";
  for (int i = 0; i < count; ++i) {
    char member[32];
    std::snprintf(member, sizeof(member), "%s\"\\u%04X\": %d", i == 0 ? "" : ", ",
                  i < 68 ? 0x100 + i : 33 + i - 68, i);
    vocab += member;
  }
  return vocab + more + "}";
}

}  // namespace

TEST_CASE("tokenizer.json: byte-level BPE with added tokens") {
  const VocabularyFile json =
      read(file(R"({"a": 0, "\u0120b": 1, "\u00e9": 2, "<|endoftext|>": 6})",
                R"({"id": 4, "content": "<think>", "special": false},
         {"id": 5, "content": "Ā", "special": false},
         {"id": 6, "content": "<|endoftext|>", "special": true},
         {"id": 7, "content": "<|pad|>", "special": true})",
                decoder(R"({"type": "ByteLevel", "add_prefix_space": true})")));
  CHECK(json.model_type == "BPE");
  CHECK(json.vocab_type == VocabType::kByteLevel);
  CHECK(json.detected_by == "decoder");
  CHECK_FALSE(json.add_prefix_space);
  CHECK(json.stop_tokens == std::vector<int32_t>{6});
  const auto t = create(json);
  CHECK(t->vocab_size() == 8);
  CHECK(t->token_bytes(0) == "a");
  CHECK(t->token_bytes(1) == " b");
  CHECK(t->token_bytes(2) == "\xE9");
  CHECK(t->kind(3) == TokenKind::kUnused);
  CHECK(t->token_bytes(4) == "<think>");
  CHECK(t->token_bytes(5) == std::string(1, '\0'));
  CHECK(t->kind(6) == TokenKind::kStop);
  CHECK(t->kind(7) == TokenKind::kControl);
  CHECK(t->special_name(7) == "<|pad|>");
}

TEST_CASE("tokenizer.json: SentencePiece BPE") {
  const VocabularyFile json =
      read(file(R"({"<unk>": 0, "<0x0A>": 1, "▁the": 2, "▁": 3, "</s>": 4})",
                R"({"id": 0, "content": "<unk>", "special": true},
         {"id": 4, "content": "</s>", "special": true},
         {"id": 5, "content": "▁▁", "special": false})",
                R"("normalizer": {"type": "Sequence", "normalizers": [
           {"type": "Prepend", "prepend": "▁"},
           {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
         "decoder": {"type": "Sequence", "decoders": [
           {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
           {"type": "ByteFallback"}, {"type": "Fuse"}]}, )"));
  CHECK(json.vocab_type == VocabType::kByteFallback);
  CHECK(json.add_prefix_space);
  CHECK(json.stop_tokens == std::vector<int32_t>{4});
  const auto t = create(json);
  CHECK(t->kind(0) == TokenKind::kControl);
  CHECK(t->token_bytes(1) == "\n");
  CHECK(t->token_bytes(2) == " the");
  CHECK(t->token_bytes(5) == "  ");
}

TEST_CASE("tokenizer.json: Unigram with Metaspace") {
  const auto with_scheme = [](const std::string& members) {
    return read(
        R"({"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["▁a", -1.5]]},
                    "pre_tokenizer": {"type": "Metaspace", "replacement": "▁")" +
        members + R"(}, "decoder": {"type": "Metaspace", "replacement": "▁"}})");
  };
  const VocabularyFile json = with_scheme(R"(, "prepend_scheme": "always")");
  CHECK(json.model_type == "Unigram");
  CHECK(json.vocab_type == VocabType::kByteFallback);
  CHECK(create(json)->token_bytes(1) == " a");
  CHECK(json.add_prefix_space);
  CHECK(with_scheme(R"(, "prepend_scheme": "first")").add_prefix_space);
  CHECK_FALSE(
      with_scheme(R"(, "prepend_scheme": "never", "add_prefix_space": true)").add_prefix_space);
  CHECK(with_scheme(R"(, "add_prefix_space": true)").add_prefix_space);
  CHECK_FALSE(with_scheme("").add_prefix_space);
}

TEST_CASE("tokenizer.json: models without a type, and raw ones") {
  CHECK(read(R"({"model": {"vocab": {"a": 0}, "merges": []}})").model_type == "BPE");
  CHECK(read(R"({"model": {"vocab": [["a", 0]]}})").model_type == "Unigram");
  CHECK(read(R"({"model": {"vocab": {"a": 0}, "max_input_chars_per_word": 9}})").model_type ==
        "WordPiece");
  CHECK(read(R"({"model": {"vocab": {"a": 0}}})").model_type == "WordLevel");
  const VocabularyFile json = read(
      R"({"model": {"type": "WordPiece", "vocab": {"##s": 0}}, "decoder": {"type": "WordPiece"}})");
  CHECK(json.vocab_type == VocabType::kRaw);
  CHECK(json.detected_by == "decoder");
  CHECK(create(json)->token_bytes(0) == "s");
}

TEST_CASE("tokenizer.json: the vocabulary decides where there is no decoder") {
  VocabularyFile json = read(file(byte_pieces(128)));
  CHECK(json.vocab_type == VocabType::kByteFallback);
  CHECK(json.detected_by == "vocabulary");
  CHECK(create(json)->token_bytes(10) == "\n");
  json = read(file(byte_pieces(127)));
  CHECK(json.detected_by == "decoder");
  CHECK(create(json)->token_bytes(10) == " <0x0A>");
  json = read(file(byte_chars(128), "", "\"decoder\": null, "));
  CHECK(json.vocab_type == VocabType::kByteLevel);
  CHECK(json.detected_by == "vocabulary");
  CHECK(create(json)->token_bytes(32) == " ");
  CHECK(read(file(byte_chars(127))).vocab_type == VocabType::kRaw);
  // One foreign token in 129 is less than a hundredth, two are more.
  CHECK(read(file(byte_chars(128, ", \"你\": 128"))).vocab_type == VocabType::kByteLevel);
  CHECK(read(file(byte_chars(128, ", \"你\": 128, \"好\": 129"))).vocab_type == VocabType::kRaw);
}

TEST_CASE("tokenizer.json: a vocabulary that speaks against the decoder") {
  const std::string byte_level = decoder(R"({"type": "ByteLevel"})");
  const std::string byte_fallback = decoder(R"({"type": "ByteFallback"})");
  CHECK(refused(file(byte_pieces(128), "", byte_level)).code == Status::kUnsupported);
  CHECK(refused(file(byte_chars(128), "", byte_fallback)).json_pointer == "/decoder");
  CHECK(read(file(byte_pieces(127), "", byte_level)).vocab_type == VocabType::kByteLevel);
  CHECK(read(file(byte_pieces(256), "", byte_fallback)).detected_by == "decoder");
  // Words of a Latin script look like that, too.
  CHECK(read(file(byte_chars(128), "", decoder(R"({"type": "WordPiece"})"))).vocab_type ==
        VocabType::kRaw);
}

TEST_CASE("tokenizer.json: nested sequences of components") {
  std::string nested = R"({"type": "ByteFallback"})";
  for (int i = 0; i < 300; ++i) nested = R"({"type": "Sequence", "decoders": [)" + nested + "]}";
  const VocabularyFile json = read(file(R"({"<0x0A>": 0})", "", decoder(nested)));
  CHECK(json.vocab_type == VocabType::kByteFallback);
  CHECK(json.decoder == std::vector<std::string>{"ByteFallback"});
  CHECK(create(json)->token_bytes(0) == "\n");
}

TEST_CASE("tokenizer.json: stop tokens by name") {
  CHECK(read(file(R"({"a": 0, "</s>": 1})")).stop_tokens == std::vector<int32_t>{1});
  const VocabularyFile json = read(file(
      R"({"a": 0, "</s>": 1})",
      R"({"id": 2, "content": "<|im_end|>", "special": true}, {"id": 3, "content": "<eos>"})"));
  // Beside special ones, a token of such a name is text.
  CHECK(json.stop_tokens == std::vector<int32_t>{2});
  CHECK(create(json)->token_bytes(3) == " <eos>");
  CHECK(json.kinds[2] == static_cast<uint8_t>(TokenKind::kControl));
  CHECK(create(json)->kind(2) == TokenKind::kStop);
  CHECK(read(file(R"({"a": 0, "</s>": 1})", R"({"id": 2, "content": "<eos>"})")).stop_tokens ==
        std::vector<int32_t>{2});
  CHECK(read(file(R"({"a": 0})")).stop_tokens.empty());
}

TEST_CASE("tokenizer.json: added tokens that versions of the library write differently are noted") {
  const std::string added = R"({"id": 1, "content": "<tool>", "normalized": true})";
  const std::string fuse = decoder(R"({"type": "Fuse"})");
  const std::string prepend = R"("normalizer": {"type": "Prepend", "prepend": "▁"}, )";
  CHECK(read(file(R"({"a": 0})", added, fuse)).findings.empty());
  const VocabularyFile json = read(file(R"({"a": 0})", added, prepend + fuse));
  CHECK(json.texts[1] == "<tool>");
  REQUIRE(json.findings.size() == 1);
  CHECK(json.findings[0].starts_with("1 added tokens are marked as normalized"));
}

TEST_CASE("tokenizer.json: ids of added tokens are those that the library gives") {
  const auto status = [](const std::string& vocab, const std::string& added) {
    const auto json = read_tokenizer_json(file(vocab, added));
    return json.ok() ? Status::kOk : json.error().code;
  };
  const std::string two = R"({"a": 0, "b": 1})";
  CHECK(status(two, R"({"id": 1, "content": "b"}, {"id": 2, "content": "x"})") == Status::kOk);
  CHECK(status(
            two,
            R"({"id": 2, "content": "x"}, {"id": 0, "content": "a"}, {"id": 3, "content": "y"})") ==
        Status::kOk);
  CHECK(status(two, R"({"id": 2, "content": "x"}, {"id": 2, "content": "x"})") == Status::kOk);
  CHECK(status(R"({"a": 0, "b": 5})", R"({"id": 2, "content": "x"})") == Status::kOk);
  CHECK(status(R"({"a": 0, "b": 5})", R"({"id": 5, "content": "b"}, {"id": 6, "content": "x"})") ==
        Status::kOk);
  for (const char* added : {R"({"id": 3, "content": "x"})", R"({"id": 1, "content": "x"})",
                            R"({"id": 2, "content": "a"})",
                            R"({"id": 3, "content": "x"}, {"id": 2, "content": "y"})"}) {
    CHECK(status(two, added) == Status::kUnsupported);
    CHECK(refused(file(two, added)).json_pointer == "/added_tokens/0");
  }
}

TEST_CASE("tokenizer.json: what is wrong and where") {
  const auto pointer = [](const std::string& text) {
    const Error error = refused(text);
    CHECK(error.code == Status::kInvalidData);
    return error.has_json_pointer ? error.json_pointer : "none";
  };
  CHECK(refused("{\"model\": ").code == Status::kInvalidData);
  CHECK(refused("{\"model\": ").byte_offset > 0);
  CHECK(pointer("[]") == "");
  CHECK(pointer("{}") == "");
  CHECK(pointer(R"({"model": 1})") == "");
  CHECK(pointer(R"({"model": {}})") == "/model");
  CHECK(pointer(file("3")) == "/model/vocab");
  CHECK(pointer(file(R"([["a", 0]])")) == "/model/vocab");
  CHECK(pointer(file(R"({"a/b": -1})")) == "/model/vocab/a~1b");
  CHECK(pointer(file(R"({"a": 1.0})")) == "/model/vocab/a");
  CHECK(pointer(file(R"({"a": "1"})")) == "/model/vocab/a");
  CHECK(pointer(file(R"({"a": 1, "b": 1})")) == "/model/vocab/b");
  CHECK(pointer(file("{}", "7")) == "/added_tokens/0");
  CHECK(pointer(file("{}", R"({"id": 1})")) == "/added_tokens/0");
  CHECK(pointer(file("{}", R"({"id": 0, "content": "a"}, {"id": "1", "content": "b"})")) ==
        "/added_tokens/1/id");
  CHECK(pointer(R"({"model": {"vocab": {}}, "added_tokens": {}})") == "/added_tokens");
  CHECK(pointer(R"({"model": {"type": "Unigram", "vocab": {"a": 0}}})") == "/model/vocab");
  CHECK(pointer(R"({"model": {"vocab": [["a"]]}})") == "/model/vocab/0");
  CHECK(refused(R"({"model": {"type": "Foo", "vocab": {}}})").code == Status::kUnsupported);
}

TEST_CASE("tokenizer.json: hostile ids and depth") {
  CHECK(refused(file(R"({"a": 99999999999999999999})")).code == Status::kLimitExceeded);
  CHECK(refused(file(R"({"a": 16777215})")).code == Status::kLimitExceeded);
  CHECK(refused(std::string(100000, '[')).code == Status::kLimitExceeded);
  CHECK(create(read(file("{}")))->vocab_size() == 0);
}

}  // namespace xgr::core

// Covers src/tokenizer/token_decoder.cc: each part alone, in sequences, and what is refused.
#include "tokenizer/token_decoder.h"

#include <doctest/doctest.h>

#include <string>

#include "support/limits.h"

namespace xgr::core {
namespace {

Result<TokenDecoder> read_decoder(const std::string& json) {
  auto doc = JsonDocument::parse("{\"decoder\": " + json + "}", Limits{});
  REQUIRE(doc.ok());
  return TokenDecoder::read(doc.value());
}

std::string sequence(const std::string& parts) {
  return R"({"type": "Sequence", "decoders": [)" + parts + "]}";
}

// What the token becomes behind others.
std::string decoded(const std::string& json, const std::string& token) {
  const auto decoder = read_decoder(json);
  REQUIRE_MESSAGE(decoder.ok(), (decoder.ok() ? "" : decoder.error().message));
  std::string out;
  CHECK(decoder.value().decode(token, &out));
  return out;
}

std::string refusal(const std::string& json, Status status = Status::kUnsupported) {
  const auto decoder = read_decoder(json);
  REQUIRE_FALSE(decoder.ok());
  CHECK(decoder.error().code == status);
  return decoder.error().message;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

constexpr const char* kMetaspace = R"({"type": "Metaspace", "replacement": "▁"})";
constexpr const char* kWords = R"({"type": "WordPiece", "prefix": "##", "cleanup": true})";
constexpr const char* kEnds = R"({"type": "BPEDecoder", "suffix": "</w>"})";
constexpr const char* kFallback = R"({"type": "ByteFallback"})";
constexpr const char* kFuse = R"({"type": "Fuse"})";
constexpr const char* kBytes = R"({"type": "ByteLevel"})";

std::string replace(const std::string& from, const std::string& to, const char* how = "String") {
  return R"({"type": "Replace", "pattern": {")" + std::string(how) + R"(": ")" + from +
         R"("}, "content": ")" + to + R"("})";
}

std::string strip(const char* what, int start, int stop) {
  return R"({"type": "Strip", "content": ")" + std::string(what) + R"(", "start": )" +
         std::to_string(start) + R"(, "stop": )" + std::to_string(stop) + "}";
}

}  // namespace

TEST_CASE("token decoder: bytes") {
  CHECK(decoded(kBytes, "Ġword") == " word");
  CHECK(decoded(kBytes, "é") == "\xE9");
  CHECK(decoded(kBytes, "a b") == "a b");
  CHECK(decoded(kBytes, "é 你") == "é 你");
  CHECK(decoded(kFallback, "<0xFF>") == "\xFF");
  CHECK(decoded(kFallback, "<0xfe>") == "\xFE");
  CHECK(decoded(kFallback, "<0x+A>") == "\n");
  CHECK(decoded(kFallback, "<0x-A>") == "<0x-A>");
  CHECK(decoded(kFallback, "<0xG0>") == "<0xG0>");
  CHECK(decoded(kFallback, "▁a") == "▁a");
  CHECK(decoded(kFuse, "<0x0A>") == "<0x0A>");
}

TEST_CASE("token decoder: spaces") {
  CHECK(decoded(kMetaspace, "▁a▁") == " a ");
  CHECK(decoded(R"({"type": "Metaspace", "replacement": "_", "prepend_scheme": "never"})", "_a▁") ==
        " a▁");
  CHECK(decoded(kWords, "##ing") == "ing");
  CHECK(decoded(kWords, "##") == "");
  CHECK(decoded(kWords, "go") == " go");
  CHECK(decoded(kWords, ".") == ".");
  CHECK(decoded(kWords, "##a ' s") == "a's");
  CHECK(decoded(R"({"type": "WordPiece", "prefix": "", "cleanup": false})", ".") == ".");
  CHECK(decoded(R"({"type": "WordPiece", "prefix": "@@", "cleanup": false})", "##.") == " ##.");
  CHECK(decoded(kEnds, "hello</w>") == "hello ");
  CHECK(decoded(kEnds, "he") == "he");
  CHECK(decoded("null", "a") == " a");
}

TEST_CASE("token decoder: replacements and ends") {
  CHECK(decoded(replace("▁", "_"), "▁a") == "_a");
  CHECK(decoded(replace("aa", "b"), "aaaa a") == "bb a");
  CHECK(decoded(replace("a.b", ""), "a.baxb") == "axb");
  CHECK(decoded(replace("a\\\\.b", "", "Regex"), "a.baxb") == "axb");
  CHECK(mentions(refusal(replace("a.b", "", "Regex")), "a.b"));
  CHECK(mentions(refusal(replace("a\\\\d", "", "Regex")), "regular expression"));
  CHECK(mentions(refusal(replace("", "x")), "empty pattern"));
  CHECK(decoded(strip(" ", 1, 0), "  a ") == " a ");
  CHECK(decoded(strip("▁", 2, 1), "▁▁▁a▁▁") == "▁a▁");
  CHECK(decoded(strip(" ", 9, 9), "   ") == "");
}

TEST_CASE("token decoder: sequences") {
  const std::string llama =
      sequence(replace("▁", " ") + "," + kFallback + "," + kFuse + "," + strip(" ", 1, 0));
  CHECK(decoded(llama, "▁a") == " a");
  CHECK(decoded(llama, "<0x0A>") == "\n");
  CHECK(read_decoder(llama).value().vocab_type() == VocabType::kByteFallback);
  CHECK(read_decoder(llama).value().notes().size() == 1);
  CHECK(decoded(sequence(""), "a") == "a");
  CHECK(decoded(sequence(sequence(kFuse) + "," + replace("_", " ")), "_a") == " a");
  CHECK(decoded(sequence(std::string(kFuse) + "," + kMetaspace), "▁a") == "a");
  CHECK(decoded(sequence(std::string(kBytes) + "," + replace("a", "b")), "aĠ") == "b ");
}

TEST_CASE("token decoder: what depends on neighbours is refused by name") {
  CHECK(mentions(refusal(R"({"type": "CTC"})"), "CTC"));
  CHECK(mentions(refusal(R"({"type": "Foo"})"), "\"Foo\""));
  CHECK(mentions(refusal(R"({})"), "not known"));
  CHECK(mentions(refusal(sequence("null")), "/decoder/decoders/0"));
  const std::string fuse = std::string(kFuse) + ",";
  for (const char* part : {kWords, kEnds, kFallback, kBytes})
    CHECK(mentions(refusal(sequence(fuse + part)), "/decoder/decoders/1"));
  CHECK(mentions(refusal(sequence(fuse + replace("ab", ""))), "Replace"));
  const std::string fallback = std::string(kFallback) + ",";
  for (const char* part : {kWords, kEnds, kMetaspace, kBytes})
    CHECK(mentions(refusal(sequence(fallback + part)), "ByteFallback"));
  CHECK(mentions(refusal(sequence(fallback + strip(" ", 1, 0))), "Strip"));
  CHECK(mentions(refusal(sequence(std::string(kBytes) + "," + replace("é", ""))), "Replace"));
}

TEST_CASE("token decoder: malformed and hostile ones") {
  const Status bad = Status::kInvalidData;
  refusal(R"({"type": "Sequence"})", bad);
  refusal(R"({"type": "Replace", "content": ""})", bad);
  refusal(R"({"type": "Replace", "pattern": "a", "content": ""})", bad);
  refusal(R"({"type": "Strip", "content": "ab", "start": 1, "stop": 1})", bad);
  refusal(R"({"type": "Strip", "content": "a", "start": -1, "stop": 1})", bad);
  refusal(R"({"type": "Metaspace", "replacement": ""})", bad);
  std::string many = kFuse;
  for (size_t i = 0; i < TokenDecoder::kMaxParts; ++i) many += std::string(",") + kFuse;
  refusal(sequence(many), Status::kLimitExceeded);
  const auto decoder = read_decoder(replace("a", std::string(60000, 'b')));
  REQUIRE(decoder.ok());
  std::string out;
  CHECK(decoder.value().decode("a", &out));
  CHECK_FALSE(decoder.value().decode("aa", &out));
}

}  // namespace xgr::core

// Masks taken from those of another parse, and loops in closed form behind counters, against every
// token tried: mask/reference_walk.cc, mask_store.cc, trie_walk.cc.
#include "mask/reference_walk.h"

#include "compiler/compiler.h"
#include "mask_helpers.h"
#include "matcher/matcher.h"

using namespace xgr;
using namespace xgr::test;

namespace {

// Reads `text` byte by byte and compares the mask of every position with is_token_allowed.
void check_masks(const std::shared_ptr<const CompiledGrammar>& grammar, std::string_view text) {
  std::unique_ptr<Matcher> matcher = std::move(Matcher::create(grammar, {})).value();
  const Tokenizer& tokenizer = *grammar->tokenizer();
  std::vector<uint32_t> words(tokenizer.mask_words());
  for (size_t at = 0; at <= text.size(); ++at) {
    MaskKind kind;
    REQUIRE(matcher->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
    std::string wrong;
    for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
      bool allowed;
      REQUIRE(matcher->is_token_allowed(id, &allowed) == Status::kOk);
      if (allowed != bit(words, id)) wrong += " " + std::to_string(id);
    }
    INFO("after: " << std::string(text.substr(0, at)));
    CHECK(wrong == "");
    bool ok = true;
    if (at < text.size()) REQUIRE(matcher->accept_bytes(text.substr(at, 1), &ok) == Status::kOk);
    REQUIRE(ok);
  }
}

struct Fixture {
  Fixture() : tokenizer(make_tokenizer(random_tokens(11, 3000))) {
    compiler = std::move(Compiler::create(tokenizer, {})).value();
  }
  void check_schema(std::string_view schema, std::string_view text) {
    auto grammar = compiler->compile_json_schema(schema, {});
    REQUIRE(grammar.ok());
    check_masks(grammar.value(), text);
  }
  void check_regex(std::string_view pattern, std::string_view text) {
    auto grammar = compiler->compile_regex(pattern);
    REQUIRE(grammar.ok());
    check_masks(grammar.value(), text);
  }

  std::shared_ptr<const Tokenizer> tokenizer;
  std::unique_ptr<Compiler> compiler;
};

}  // namespace

TEST_CASE("reference walk: keys beside declared ones") {
  Fixture f;
  f.check_schema(
      R"({"type":"object","properties":{"ab":{"type":"string"},"abk":{"type":"null"},"k":{}}})",
      R"({"abx": [1, "\u0061"], "zz": {"ab": null}})");
}

TEST_CASE("reference walk: strings of bounded length") {
  Fixture f;
  f.check_schema(R"({"type":"string","minLength":3,"maxLength":14})", R"("aba\n\u00e9k bxyz1")");
  f.check_schema(R"({"type":"string","pattern":"^[a-z]+( [a-z]+){0,20}$","maxLength":30})",
                 R"("a xyz b k aaaa ab xyz k b")");
  f.check_schema(R"({"type":"string","pattern":"^1.*3$","maxLength":40})", R"("1ab, \" xyz23")");
}

TEST_CASE("reference walk: patterns found anywhere, one of several") {
  Fixture f;
  f.check_schema(R"({"type":"string","oneOf":[{"pattern":"xyz"},{"pattern":"23"}]})",
                 R"("ab xyz\n1")");
  f.check_schema(R"({"type":"string","not":{"pattern":"^ab"}})", R"("axyzab")");
}

TEST_CASE("reference walk: counters whose rest reads the same characters") {
  Fixture f;
  f.check_regex("[a-z ]{0,3}[a-z]{2}\\.", "ab xy.");
  f.check_regex("(ab|[a-z]){2,12}\"", "ababxyz\"");
  f.check_regex("[ -~]{0,12}[^b]k", "ab xyz k");
}

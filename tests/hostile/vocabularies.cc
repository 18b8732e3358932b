// Vocabularies: lists of tokens, and the tokenizer for each.
//
// Entry point: vocabulary.
//
//   vocabulary("aa_b")->tokens  ->  "aa", "b", "</s>"
#include "vocabularies.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "../bench/vocabulary.h"

namespace hostile {
namespace {

using namespace std::string_literals;

std::vector<std::string> small_vocabulary(const std::string& name) {
  std::vector<std::string> out;
  if (name == "bytes") {
    for (int b = 0; b < 256; ++b) out.emplace_back(1, static_cast<char>(b));
    for (const char* t : {"true", "null", "{\"", "\":", "\",", "\":\"", "[[", "]]", "},", "\"}",
                          "aa", "aaaa", "ab", "xx", "12", "-1"})
      out.emplace_back(t);
  } else if (name == "no_digits") {
    for (int b = 0x20; b < 0x7F; ++b) {
      if (b < '0' || b > '9') out.emplace_back(1, static_cast<char>(b));
    }
  } else if (name.starts_with("odd")) {
    xgr::core::bench::Random random(std::strtoull(name.c_str() + 3, nullptr, 10));
    for (int b = 0x20; b < 0x7F; ++b) {
      if (!random.one_in(4)) out.emplace_back(1, static_cast<char>(b));
    }
    for (int i = 0; i < 40; ++i) {
      std::string token;
      for (uint32_t size = 2 + random.below(3); size > 0; --size)
        token += "ab\"{}[]:,012xyp "[random.below(16)];
      out.push_back(token);
    }
  } else if (name.starts_with("few")) {
    xgr::core::bench::Random random(std::strtoull(name.c_str() + 3, nullptr, 10));
    for (int i = 0; i < 12; ++i) {
      std::string token;
      for (uint32_t size = 1 + random.below(3); size > 0; --size)
        token += "aab\"[],01x"[random.below(10)];
      out.push_back(token);
    }
  } else if (name == "aa_b") {
    out = {"aa", "b"};
  } else if (name == "zero_aa") {
    out = {"\0ab\0"s, "aa"};
  }
  return out;
}

std::unique_ptr<Vocabulary> make(const std::string& name) {
  auto made = std::make_unique<Vocabulary>();
  if (name == "8k" || name == "128k") {
    xgr::core::bench::Vocabulary v =
        xgr::core::bench::make_vocabulary(name == "8k" ? 8192 : 131072);
    made->tokens = std::move(v.tokens);
    made->kinds = std::move(v.kinds);
  } else {
    made->tokens = small_vocabulary(name);
    if (made->tokens.empty()) return nullptr;
    made->kinds.assign(made->tokens.size(), XGR_TOKEN_KIND_NORMAL);
    made->tokens.emplace_back("</s>");
    made->kinds.push_back(XGR_TOKEN_KIND_STOP);
  }
  std::string text;
  std::vector<uint32_t> sizes;
  made->bytes.assign(256, -1);
  for (size_t i = 0; i < made->tokens.size(); ++i) {
    const std::string& token = made->tokens[i];
    text += token;
    sizes.push_back(static_cast<uint32_t>(token.size()));
    if (token.size() == 1 && made->kinds[i] == XGR_TOKEN_KIND_NORMAL)
      made->bytes[static_cast<uint8_t>(token[0])] = static_cast<int32_t>(i);
  }
  xgr_tokenizer_options_t options = XGR_TOKENIZER_OPTIONS_INIT;
  options.token_kinds = made->kinds.data();
  options.token_kind_count = made->kinds.size();
  if (xgr_tokenizer_create(reinterpret_cast<const uint8_t*>(text.data()), text.size(), sizes.data(),
                           sizes.size(), &options, &made->tokenizer, nullptr) != XGR_OK)
    return nullptr;
  return made;
}

}  // namespace

int32_t Vocabulary::find(const std::string& text) const {
  const auto it = std::find(tokens.begin(), tokens.end(), text);
  return it == tokens.end() ? -1 : static_cast<int32_t>(it - tokens.begin());
}

const Vocabulary* vocabulary(const std::string& name) {
  static std::map<std::string, std::unique_ptr<Vocabulary>> all;
  auto [it, fresh] = all.try_emplace(name);
  if (fresh) it->second = make(name);
  return it->second.get();
}

}  // namespace hostile

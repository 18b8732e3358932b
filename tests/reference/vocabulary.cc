// Draws random vocabularies.
//
// Entry point: random_vocabulary. Single bytes first (all 256, or those of the samples less some),
// then merges of two to six bytes cut from the samples or invented, then the odd ones: duplicates,
// empty tokens, control and unused ones, stop tokens by kind and by id. The order is shuffled, so
// an id says nothing about a token. Test: compare.cc runs every grammar against one of these.
#include "vocabulary.h"

#include <algorithm>
#include <bitset>

#include "code_points.h"

namespace reference {
namespace {

std::string random_merge(RandomSource& random, const std::vector<std::string>& samples) {
  if (!samples.empty() && random.percent(75)) {
    const std::string& sample = random.pick(samples);
    if (sample.size() >= 2) {
      const size_t length = std::min<size_t>(sample.size(), 2 + random.below(5));
      std::string cut = sample.substr(random.below(sample.size() - length + 1), length);
      if (random.percent(20)) cut[random.below(cut.size())] = static_cast<char>(random.below(256));
      if (random.percent(15)) cut += random.pick(samples).substr(0, 2);
      return cut;
    }
  }
  static const std::vector<std::string> kPieces = {"a",
                                                   "b",
                                                   "ab",
                                                   "aa",
                                                   "\"",
                                                   "\":",
                                                   ",",
                                                   "{\"",
                                                   "\\",
                                                   "\\n",
                                                   " ",
                                                   "  ",
                                                   "\n",
                                                   "0",
                                                   "1",
                                                   "12",
                                                   "\xD0",
                                                   "\xA1",
                                                   "\xE4",
                                                   "\xB8\xAD",
                                                   "\xF0\x9F",
                                                   "\x98\x80",
                                                   "\xC0",
                                                   "\xFF",
                                                   "\xED\xA0\x80",
                                                   std::string(1, '\0'),
                                                   "<",
                                                   ">",
                                                   "true",
                                                   "if",
                                                   "."};
  std::string out;
  const int count = random.between(2, 3);
  for (int i = 0; i < count; ++i) out += random.pick(kPieces);
  return out;
}

void add_single_bytes(RandomSource& random, const std::vector<std::string>& samples, bool all,
                      std::vector<Token>* tokens) {
  std::bitset<256> wanted;
  if (all) {
    wanted.set();
  } else {
    for (const std::string& sample : samples) {
      for (char byte : sample) wanted.set(static_cast<unsigned char>(byte));
    }
    for (size_t byte = 0; byte < 256; ++byte) {
      if (wanted[byte] && random.percent(15)) wanted.reset(byte);
      if (random.percent(2)) wanted.set(byte);
    }
  }
  for (size_t byte = 0; byte < 256; ++byte) {
    if (wanted[byte]) tokens->push_back({std::string(1, static_cast<char>(byte)), Kind::kNormal});
  }
}

void add_odd_ones(RandomSource& random, std::vector<Token>* tokens) {
  const int duplicates = random.between(0, 6);
  for (int i = 0; i < duplicates && !tokens->empty(); ++i) {
    tokens->push_back({random.pick(*tokens).bytes, Kind::kNormal});
  }
  if (random.percent(40)) tokens->push_back({"", Kind::kNormal});
  if (random.percent(40)) tokens->push_back({"<pad>", Kind::kControl});
  if (random.percent(40)) tokens->push_back({"a", Kind::kControl});
  if (random.percent(30)) tokens->push_back({"", Kind::kUnused});
  if (random.percent(20)) tokens->push_back({"a", Kind::kUnused});
  const int stops = random.percent(60) ? 1 : random.between(1, 3);
  for (int i = 0; i < stops; ++i) {
    tokens->push_back({random.percent(50) ? "</s>" : random.percent(50) ? "" : "a", Kind::kStop});
  }
}

}  // namespace

bool Vocabulary::is_stop(size_t id) const {
  if (id >= tokens.size()) return false;
  return tokens[id].kind == Kind::kStop || std::find(extra_stops.begin(), extra_stops.end(),
                                                     static_cast<int32_t>(id)) != extra_stops.end();
}

bool Vocabulary::is_text(size_t id) const {
  return id < tokens.size() && tokens[id].kind == Kind::kNormal && !is_stop(id) &&
         !tokens[id].bytes.empty();
}

bool Vocabulary::has_all_bytes() const {
  std::bitset<256> found;
  for (size_t id = 0; id < tokens.size(); ++id) {
    if (is_text(id) && tokens[id].bytes.size() == 1) {
      found.set(static_cast<unsigned char>(tokens[id].bytes[0]));
    }
  }
  return found.all();
}

Vocabulary random_vocabulary(RandomSource& random, const std::vector<std::string>& samples,
                             bool all_bytes) {
  Vocabulary out;
  add_single_bytes(random, samples, all_bytes, &out.tokens);
  const int merges = all_bytes ? random.between(10, 140) : random.between(3, 24);
  for (int i = 0; i < merges; ++i)
    out.tokens.push_back({random_merge(random, samples), Kind::kNormal});
  add_odd_ones(random, &out.tokens);
  for (size_t i = out.tokens.size(); i > 1; --i) {
    std::swap(out.tokens[i - 1], out.tokens[random.below(i)]);
  }
  if (random.percent(15)) {  // a text token with a twin, so that no byte is lost
    out.tokens.push_back({"</stop>", Kind::kNormal});
    out.extra_stops.push_back(static_cast<int32_t>(out.tokens.size() - 1));
  }
  out.logits_size = static_cast<int32_t>(out.tokens.size());
  if (random.percent(50)) out.logits_size += random.between(1, 70);
  if (random.percent(25)) out.spelling = Spelling::kByteLevel;
  return out;
}

std::string spelled(const Vocabulary& vocabulary, const std::string& bytes) {
  if (vocabulary.spelling == Spelling::kRaw) return bytes;
  // Byte-level: printable Latin-1 bytes stand for themselves, the others follow from U+0100 on.
  std::string out;
  for (char raw : bytes) {
    const auto byte = static_cast<unsigned char>(raw);
    char32_t hidden = 0x100;
    for (unsigned other = 0; other <= byte; ++other) {
      const bool shown = (other >= 0x21 && other <= 0x7E) || (other >= 0xA1 && other != 0xAD);
      if (other == byte) out += encode_utf8(shown ? char32_t{byte} : hidden);
      if (!shown) ++hidden;
    }
  }
  return out;
}

}  // namespace reference

// Vocabulary: tokens by category, drawn until there are enough that differ.
//
// Entry point: make_vocabulary. Byte-pair encodings have, beside a word, most of its beginnings:
// words are therefore drawn from syllables, and each brings one of its beginnings along.
//
//   " the", "the", " The", "\":{\"", "\n\n\t\t", "123", "\xE4\xBD"
//
// Tests: every program of this folder runs on it; its counts are pinned in counts.ratchet.
#include "vocabulary.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <string_view>
#include <unordered_set>

namespace xgr::core::bench {
namespace {

using Texts = std::span<const std::string_view>;

constexpr std::array<std::string_view, 40> kOnsets = {
    "b",  "c",  "d",  "f",  "g",  "h",  "j",  "k",  "l",  "m",  "n",   "p",  "r",  "s",
    "t",  "v",  "w",  "y",  "z",  "",   "",   "st", "tr", "pr", "ch",  "sh", "th", "gr",
    "cl", "pl", "br", "qu", "sp", "cr", "fl", "ex", "in", "re", "con", "un"};
constexpr std::array<std::string_view, 14> kVowels = {"a", "e", "i",  "o",  "u",  "a",  "e",
                                                      "i", "o", "ea", "ou", "io", "ee", "ai"};
constexpr std::array<std::string_view, 24> kCodas = {
    "",   "",   "",   "",  "n", "r", "s",  "t",   "l",  "m",  "d",  "ng",
    "nt", "st", "ck", "x", "p", "y", "er", "ion", "ed", "ly", "al", "ment"};
constexpr std::array<std::string_view, 60> kCommon = {
    "the",    "and",   "of",      "to",          "in",    "is",     "for",    "that",     "with",
    "this",   "name",  "type",    "value",       "id",    "string", "number", "object",   "true",
    "false",  "null",  "return",  "const",       "int",   "def",    "class",  "import",   "public",
    "data",   "user",  "item",    "list",        "key",   "date",   "time",   "code",     "state",
    "count",  "size",  "text",    "description", "title", "url",    "http",   "https",    "www",
    "com",    "email", "address", "status",      "error", "a",      "e",      "function", "array",
    "select", "from",  "where",   "self",        "print", "new"};
constexpr std::array<std::string_view, 48> kPunctuation = {
    "\"", "\"", "\"", ":",   ",",    "{",  "}",  "[",  "]",    "(",  ")",   "\\",
    "/",  "<",  ">",  "=",   "-",    "_",  ".",  ";",  "'",    "!",  "?",   "*",
    "+",  "#",  "@",  "$",   "%",    "&",  "|",  "`",  "~",    "^",  " ",   " ",
    "\n", "\n", "\t", "\\n", "\\\"", "//", "==", "--", "\r\n", "::", "...", "\":"};

struct Script {
  uint32_t share;        // of a thousand tokens
  uint32_t first, last;  // code points
  uint32_t max_chars;    // of a token
  bool words;            // half of them with a space before
};
constexpr std::array<Script, 11> kScripts = {{{70, 0x430, 0x44F, 8, true},
                                              {10, 0x3B1, 0x3C9, 7, true},
                                              {35, 0x627, 0x64A, 6, true},
                                              {8, 0x5D0, 0x5EA, 5, true},
                                              {20, 0x905, 0x939, 5, true},
                                              {8, 0xE01, 0xE2E, 6, false},
                                              {55, 0x4E00, 0x6E00, 3, false},
                                              {15, 0x3041, 0x3093, 4, false},
                                              {8, 0x30A1, 0x30F6, 5, false},
                                              {25, 0xAC00, 0xB400, 2, true},
                                              {4, 0x1F300, 0x1F64F, 1, false}}};

void append_utf8(uint32_t c, std::string* out) {
  if (c < 0x80) {
    *out += static_cast<char>(c);
  } else if (c < 0x800) {
    *out += static_cast<char>(0xC0 | c >> 6);
    *out += static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    *out += static_cast<char>(0xE0 | c >> 12);
    *out += static_cast<char>(0x80 | (c >> 6 & 63));
    *out += static_cast<char>(0x80 | (c & 63));
  } else {
    *out += static_cast<char>(0xF0 | c >> 18);
    *out += static_cast<char>(0x80 | (c >> 12 & 63));
    *out += static_cast<char>(0x80 | (c >> 6 & 63));
    *out += static_cast<char>(0x80 | (c & 63));
  }
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

class Builder {
 public:
  explicit Builder(size_t size) : size_(size) {}

  Vocabulary build() {
    for (int i = 0; i < 16; ++i) {
      add_special("<|" + std::string(i == 0 ? "end" : "control_" + std::to_string(i)) + "|>",
                  i == 0 ? TokenKind::kStop : TokenKind::kControl);
    }
    for (int b = 0; b < 256; ++b) add(std::string(1, static_cast<char>(b)));
    add_runs();
    for (int i = 0; i < 1000; ++i) {
      std::string digits = std::to_string(i);
      add(digits);
      add(std::string(3 - digits.size(), '0') + digits);
    }
    for (std::string_view w : kCommon) add_forms(std::string(w));
    draw(45, [&] { return punctuation(); });
    draw(60, [&] { return accented(); });
    for (const Script& s : kScripts) draw(s.share, [&] { return script(s); });
    draw(10, [&] { return broken(); });
    while (out_.tokens.size() < size_) add_word();
    return std::move(out_);
  }

 private:
  void add_special(const std::string& name, TokenKind kind) {
    out_.tokens.push_back(name);
    out_.kinds.push_back(static_cast<uint8_t>(kind));
  }
  bool add(const std::string& text) {
    if (text.empty() || out_.tokens.size() >= size_ || !seen_.insert(text).second) return false;
    out_.tokens.push_back(text);
    out_.kinds.push_back(static_cast<uint8_t>(TokenKind::kNormal));
    return true;
  }
  // `share` of a thousand tokens.
  void draw(uint32_t share, const std::function<std::string()>& make) {
    size_t wanted = size_ * share / 1000;
    for (size_t tries = 0; wanted > 0 && tries < 40 * size_; ++tries) wanted -= add(make());
  }
  std::string_view pick(Texts texts) {
    return texts[random_.below(static_cast<uint32_t>(texts.size()))];
  }

  void add_runs() {
    for (size_t n = 1; n <= 80; ++n) add(std::string(n, ' '));
    for (size_t n = 1; n <= 16; ++n) {
      add(std::string(n, '\t'));
      add(std::string(n, '\n'));
      add("\n" + std::string(n * 2, ' '));
      add("\n" + std::string(n, '\t'));
      add("\r\n" + std::string(n, ' '));
      for (char c : std::string_view("=-*#/_.a0[]{}()")) add(std::string(n, c));
    }
    for (size_t n : {24, 32, 48, 64, 80}) {
      for (char c : std::string_view("=-*#/_")) add(std::string(n, c));
    }
  }
  std::string word() {
    std::string w;
    const uint32_t syllables = 1 + random_.below(3);
    for (uint32_t i = 0; i < syllables; ++i) {
      w += pick(kOnsets);
      w += pick(kVowels);
    }
    return w += pick(kCodas);
  }
  // A spelling of the word, as they occur in texts and in programs.
  std::string form(std::string w, uint32_t dice) {
    if (dice < 45) return " " + w;
    if (dice < 68) return w;
    if (dice < 90) w[0] = upper(w[0]);
    if (dice < 82) return " " + w;
    if (dice < 90) return w;
    if (dice < 93) return "_" + w;
    if (dice < 95) return "." + w;
    if (dice < 97) return w + "_";
    for (char& c : w) c = upper(c);
    return dice < 99 ? w : " " + w;
  }
  void add_forms(const std::string& w) {
    for (uint32_t dice : {0u, 50u, 70u, 85u, 91u, 94u, 96u, 98u}) add(form(w, dice));
    add("\"" + w);
    add("\"" + w + "\":");
    add(" \"" + w);
    add("(" + w);
  }
  void add_word() {
    std::string text = form(word(), random_.below(100));
    if (!add(text)) return;
    if (text.size() > 3)
      add(text.substr(0, 2 + random_.below(static_cast<uint32_t>(text.size() - 2))));
  }
  std::string punctuation() {
    std::string text;
    const uint32_t pieces = 2 + random_.below(random_.one_in(3) ? 4 : 2);
    for (uint32_t i = 0; i < pieces; ++i) text += pick(kPunctuation);
    return text;
  }
  std::string accented() {
    static constexpr std::array<std::string_view, 12> kLetters = {
        "\xC3\xA9", "\xC3\xA8", "\xC3\xA1", "\xC3\xB3", "\xC3\xBC", "\xC3\xB6",
        "\xC3\xA7", "\xC3\xB1", "\xC5\x82", "\xC4\x9F", "\xC4\xB1", "\xE1\xBB\x87"};
    std::string w = word(), v = word();
    return form(w.substr(0, w.size() / 2 + 1) + std::string(pick(kLetters)) +
                    v.substr(v.size() / 2 + (v.size() > 1)),
                random_.below(90));
  }
  std::string script(const Script& s) {
    std::string text = s.words && random_.one_in(2) ? " " : "";
    const uint32_t chars = 1 + random_.below(s.max_chars);
    for (uint32_t i = 0; i < chars; ++i) {
      append_utf8(s.first + random_.below(s.last - s.first + 1), &text);
    }
    return text;
  }
  // Ends of one character, beginnings of another.
  std::string broken() {
    const Script& s = kScripts[random_.below(kScripts.size())];
    std::string text;
    append_utf8(s.first + random_.below(s.last - s.first + 1), &text);
    append_utf8(s.first + random_.below(s.last - s.first + 1), &text);
    const uint32_t begin = random_.one_in(2) ? 0 : 1;
    text = text.substr(begin, 1 + random_.below(static_cast<uint32_t>(text.size() - begin)));
    return random_.one_in(3) ? " " + text : text;
  }

  size_t size_;
  Random random_{1};
  Vocabulary out_;
  std::unordered_set<std::string> seen_;
};

std::string decode_base64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  uint32_t bits = 0, count = 0;
  for (char c : text) {
    size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) break;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    if ((count += 6) < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 255);
  }
  return out;
}

}  // namespace

uint64_t Random::next() {  // splitmix64
  uint64_t z = state_ += 0x9E3779B97F4A7C15ull;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ z >> 27) * 0x94D049BB133111EBull;
  return z ^ z >> 31;
}

Vocabulary make_vocabulary(size_t size) {
  Vocabulary v = Builder(size).build();
  v.name = "generated" + std::to_string(size);
  return v;
}

Vocabulary read_vocabulary(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path);
  std::istream& in = path == "-" ? std::cin : file;
  Vocabulary v;
  v.name = path == "-" ? "stdin" : path.substr(path.find_last_of('/') + 1);
  for (std::string line; std::getline(in, line);) {
    TokenKind kind = TokenKind::kNormal;
    if (line[0] == 'C') kind = TokenKind::kControl;
    if (line[0] == 'E') kind = TokenKind::kStop;
    if (line[0] == 'U') kind = TokenKind::kUnused;
    v.tokens.push_back(line.size() > 2 ? decode_base64(std::string_view(line).substr(2)) : "");
    v.kinds.push_back(static_cast<uint8_t>(kind));
  }
  if (v.tokens.empty()) {
    std::fprintf(stderr, "%s: no tokens; expected lines such as \"N aGVsbG8=\"\n", path.c_str());
    std::exit(2);
  }
  return v;
}

std::shared_ptr<const Tokenizer> Vocabulary::tokenizer() const {
  TokenizerInput in;
  in.tokens.assign(tokens.begin(), tokens.end());
  in.kinds = kinds;
  Result<std::shared_ptr<const Tokenizer>> t = Tokenizer::create(in);
  if (!t.ok()) {
    std::fprintf(stderr, "vocabulary %s: %s\n", name.c_str(), t.error().message.c_str());
    std::exit(2);
  }
  return t.value();
}

std::vector<int32_t> tokenize(const Tokenizer& tokenizer, std::string_view text) {
  const TokenTrie& trie = tokenizer.trie();
  std::vector<int32_t> out;
  for (size_t at = 0; at < text.size();) {
    size_t length = 0;
    int32_t id = -1;
    uint32_t node = 0;
    for (size_t n = at; n < text.size(); ++n) {
      node = trie.child(node, static_cast<uint8_t>(text[n]));
      if (node == TokenTrie::kNone) break;
      if (!trie.has_token(node)) continue;
      id = trie.id(trie.first_rank(node));
      length = n + 1 - at;
    }
    if (length == 0) {
      std::fprintf(stderr, "the vocabulary has no token for byte %d\n",
                   static_cast<uint8_t>(text[at]));
      std::exit(2);
    }
    out.push_back(id);
    at += length;
  }
  return out;
}

std::vector<int32_t> tokenize_bytes(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<int32_t> out;
  for (char c : text) {
    std::vector<int32_t> one = tokenize(tokenizer, std::string_view(&c, 1));
    out.push_back(one[0]);
  }
  return out;
}

}  // namespace xgr::core::bench

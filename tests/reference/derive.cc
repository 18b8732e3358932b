// Derives strings by definition, for oracle_test.cc.
//
// Entry points: derive_strings, prefix_grammar. The strings of a rule are the least fixpoint of
// "concatenate the strings of the symbols of a production"; the prefixes of A = X Y are those of X
// and every string of X followed by a prefix of Y.
#include "derive.h"

namespace reference {
namespace {

using Strings = std::set<std::string>;

Strings concatenate(const Strings& left, const Strings& right, size_t length) {
  Strings out;
  for (const std::string& first : left) {
    for (const std::string& second : right) {
      if (first.size() + second.size() <= length) out.insert(first + second);
    }
  }
  return out;
}

}  // namespace

bool derive_strings(const PlainGrammar& grammar, size_t length, const ByteSet& alphabet,
                    size_t max_strings, Strings* out) {
  std::vector<Strings> known(grammar.rules.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t rule = 0; rule < grammar.rules.size(); ++rule) {
      for (const Production& production : grammar.rules[rule]) {
        Strings strings{""};
        for (const Symbol& symbol : production) {
          Strings bytes;
          for (size_t byte = 0; !symbol.is_rule && byte < 256; ++byte) {
            if (symbol.bytes[byte] && alphabet[byte])
              bytes.insert(std::string(1, static_cast<char>(byte)));
          }
          strings = concatenate(strings, symbol.is_rule ? known[symbol.rule] : bytes, length);
          if (strings.size() > max_strings) return false;
        }
        for (const std::string& text : strings) changed |= known[rule].insert(text).second;
        if (known[rule].size() > max_strings) return false;
      }
    }
  }
  *out = known[grammar.root];
  return true;
}

PlainGrammar prefix_grammar(const PlainGrammar& grammar) {
  PlainGrammar out = grammar;
  const auto count = static_cast<uint32_t>(grammar.rules.size());
  out.rules.resize(2 * count);  // rule + count: the prefixes of the rule
  for (uint32_t rule = 0; rule < count; ++rule) {
    for (const Production& production : grammar.rules[rule]) {
      Production before;
      out.rules[rule + count].push_back({});
      for (const Symbol& symbol : production) {
        Production prefix = before;
        prefix.push_back(symbol);
        if (symbol.is_rule) prefix.back().rule += count;
        out.rules[rule + count].push_back(std::move(prefix));
        before.push_back(symbol);
      }
    }
  }
  out.root = grammar.root + count;
  return out;
}

}  // namespace reference

// Expansion of syntax trees to plain grammars, and the two textbook analyses.
//
// Entry points: expand, find_productive, find_nullable, without_unproductive. Everything is spelled
// out by definition, with no sharing and no cleverness: this is what the library is measured by.
// Example: root ::= [a-c]{1,2} becomes root = R; R = C O1; O1 = "" | C; C = {a,b,c}.
// Test: oracle_test.cc derives all short strings of random grammars straight from the definition.
#include "plain_grammar.h"

namespace reference {
namespace {

class Expander {
 public:
  explicit Expander(const Syntax& syntax) : syntax_(syntax) {}

  PlainGrammar run() {
    out_.rules.resize(syntax_.rules.size());
    for (size_t i = 0; i < syntax_.rules.size(); ++i) {
      fill(static_cast<uint32_t>(i), syntax_.rules[i]);
    }
    out_.root = static_cast<uint32_t>(syntax_.root);
    return std::move(out_);
  }

 private:
  void fill(uint32_t rule, const Body& body) {
    for (const Sequence& sequence : body) {
      Production production;
      for (const Element& element : sequence) append(element, &production);
      out_.rules[rule].push_back(std::move(production));
    }
  }

  // A symbol or two for the element, repetition included.
  void append(const Element& element, Production* to) {
    if (element.min == 1 && element.max == 1) {
      append_once(element, to);
      return;
    }
    Production once;
    append_once(element, &once);
    Symbol body;
    if (once.size() == 1) {
      body = once[0];
    } else {
      const uint32_t rule = out_.add_rule();
      out_.rules[rule].push_back(std::move(once));
      body = rule_symbol(rule);
    }
    for (int i = 0; i < element.min; ++i) to->push_back(body);
    if (element.max == kForever) {
      const uint32_t star = out_.add_rule();
      out_.rules[star] = {{}, {rule_symbol(star), body}};
      to->push_back(rule_symbol(star));
      return;
    }
    Symbol rest;
    for (int i = element.min; i < element.max; ++i) {  // innermost (X)? first
      const uint32_t optional = out_.add_rule();
      Production some{body};
      if (i > element.min) some.push_back(rest);
      out_.rules[optional] = {{}, std::move(some)};
      rest = rule_symbol(optional);
    }
    if (element.max > element.min) to->push_back(rest);
  }

  void append_once(const Element& element, Production* to) {
    switch (element.kind) {
      case ElementKind::kText:
        for (char byte : encode_utf8(element.text)) {
          to->push_back(byte_symbol(static_cast<unsigned char>(byte)));
        }
        return;
      case ElementKind::kRule:
        to->push_back(rule_symbol(static_cast<uint32_t>(element.rule)));
        return;
      case ElementKind::kClass: {
        const uint32_t rule = out_.add_rule();
        for (const auto& spelling : spell_ranges(scalar_ranges(element.ranges, element.negated))) {
          Production production;
          for (const ByteSet& bytes : spelling) {
            Symbol symbol;
            symbol.bytes = bytes;
            production.push_back(symbol);
          }
          out_.rules[rule].push_back(std::move(production));
        }
        to->push_back(rule_symbol(rule));
        return;
      }
      case ElementKind::kGroup: {
        const uint32_t rule = out_.add_rule();
        fill(rule, element.group);
        to->push_back(rule_symbol(rule));
        return;
      }
    }
  }

  const Syntax& syntax_;
  PlainGrammar out_;
};

// The least set of rules with a production all of whose symbols are in the set (or bytes, if
// `bytes_count`).
std::vector<bool> least_fixpoint(const PlainGrammar& grammar, bool bytes_count) {
  std::vector<bool> known(grammar.rules.size(), false);
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t rule = 0; rule < grammar.rules.size(); ++rule) {
      if (known[rule]) continue;
      for (const Production& production : grammar.rules[rule]) {
        bool all = true;
        for (const Symbol& symbol : production) {
          all = all && (symbol.is_rule ? known[symbol.rule] : bytes_count && symbol.readable());
        }
        if (all) known[rule] = changed = true;
      }
    }
  }
  return known;
}

}  // namespace

size_t PlainGrammar::symbol_count() const {
  size_t count = 0;
  for (const auto& rule : rules) {
    for (const Production& production : rule) count += production.size() + 1;
  }
  return count;
}

Symbol rule_symbol(uint32_t rule) {
  Symbol symbol;
  symbol.is_rule = true;
  symbol.rule = rule;
  return symbol;
}

Symbol byte_symbol(unsigned char byte) {
  Symbol symbol;
  symbol.bytes.set(byte);
  return symbol;
}

PlainGrammar expand(const Syntax& syntax) { return Expander(syntax).run(); }

std::vector<bool> find_productive(const PlainGrammar& grammar) {
  return least_fixpoint(grammar, true);
}

std::vector<bool> find_nullable(const PlainGrammar& grammar) {
  return least_fixpoint(grammar, false);
}

PlainGrammar without_unproductive(const PlainGrammar& grammar) {
  const std::vector<bool> productive = find_productive(grammar);
  PlainGrammar out;
  out.root = grammar.root;
  out.rules.resize(grammar.rules.size());
  for (size_t rule = 0; rule < grammar.rules.size(); ++rule) {
    for (const Production& production : grammar.rules[rule]) {
      bool all = true;
      for (const Symbol& symbol : production) {
        all = all && (symbol.is_rule ? productive[symbol.rule] : symbol.readable());
      }
      if (all) out.rules[rule].push_back(production);
    }
  }
  return out;
}

}  // namespace reference

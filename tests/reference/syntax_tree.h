// A random grammar as it is written down: rules of alternatives of sequences of elements.
//
// The generator builds one of these. It is printed as the source text that the library compiles
// (printer.h) and, separately, expanded to a plain grammar that the oracle parses with
// (plain_grammar.h). The oracle never reads the text; the library never sees the tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reference {

inline constexpr int kForever = -1;  // Element::max of an unbounded repetition

struct CodeRange {
  char32_t lo, hi;  // inclusive; may touch or overlap others, may contain surrogates
};

struct Element;
using Sequence = std::vector<Element>;
using Body = std::vector<Sequence>;  // alternatives; an empty sequence is the empty string

enum class ElementKind { kText, kClass, kRule, kGroup };

struct Element {
  ElementKind kind = ElementKind::kText;
  std::u32string text;            // kText
  std::vector<CodeRange> ranges;  // kClass
  bool negated = false;           // kClass: every scalar value outside the ranges
  size_t rule = 0;                // kRule
  Body group;                     // kGroup
  int min = 1, max = 1;           // repetition of the whole element
};

struct Syntax {
  std::vector<std::string> names;
  std::vector<Body> rules;  // same size as names
  size_t root = 0;
  uint64_t style = 0;  // seed of the printer's free choices (escapes, spaces)
};

}  // namespace reference

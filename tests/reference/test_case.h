// A case: one source text for the library, and what it means, told to the oracle independently.
//
// To add a front end, write a function that draws a Case and list it in families() (test_case.cc):
// it has to build the meaning by its own means, never by reading the text with the library's code.
#pragma once

#include <string>
#include <vector>

#include "plain_grammar.h"
#include "random_source.h"
#include "syntax_tree.h"
#include "vocabulary.h"

namespace reference {

enum class Format { kEbnf, kRegex, kJsonSchema, kBuiltinJson, kStructuralTag };

struct Case {
  Format format = Format::kEbnf;
  std::string text;
  PlainGrammar meaning;
  bool has_syntax = false;  // then text and meaning follow from it, and it can be made smaller
  Syntax syntax;
  // What the digits behind kTokenSign in the text stand for, and these numbers in the meaning.
  std::vector<int32_t> tokens;
  bool names_tokens = false;
};

// Chooses tokens of the vocabulary that a grammar may ask for, where a case names some.
void choose_tokens(Case* source, const Vocabulary& vocabulary, RandomSource& random);
// The case with these tokens in place.
Case with_tokens(const Case& source, const Vocabulary& vocabulary);

// The case that a syntax tree stands for.
Case make_case(Format format, const Syntax& syntax);

struct Family {
  const char* name;
  Case (*draw)(RandomSource& random);
  bool all_bytes;  // vocabularies have a token for every byte
  int share;       // weight among the families of a mixed run; 0: only by name
};

const std::vector<Family>& families();

}  // namespace reference

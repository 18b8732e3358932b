// The families of cases.
//
// Entry points: families, make_case. A family is a way to draw cases and the kind of vocabulary
// they meet. "spelling" uses small grammars with vocabularies that lack bytes, where the oracle has
// to ask what tokens can spell. Test: compare.cc runs them all; `--family NAME` runs one.
#include "test_case.h"

#include "grammar_generator.h"
#include "printer.h"
#include "schema_generator.h"

namespace reference {
namespace {

constexpr size_t kMaxSpellingSymbols = 160;

Case draw_ebnf(RandomSource& random) { return make_case(Format::kEbnf, random_grammar(random)); }

Case draw_regex(RandomSource& random) { return make_case(Format::kRegex, random_regular(random)); }

Case draw_schema(RandomSource& random) {
  for (;;) {
    const RandomSchema schema = random_schema(random);
    Case out;
    out.format = Format::kJsonSchema;
    out.text = schema.text;
    out.meaning = expand(schema.meaning);
    if (out.meaning.symbol_count() <= kMaxSymbols) return out;
  }
}

Case draw_any_json(RandomSource&) {
  Case out;
  out.format = Format::kBuiltinJson;
  out.text = "any JSON";
  out.meaning = expand(any_json());
  return out;
}

Case draw_spelling(RandomSource& random) {
  for (;;) {
    Case out = random.percent(75) ? draw_ebnf(random) : draw_regex(random);
    if (out.meaning.symbol_count() <= kMaxSpellingSymbols) return out;
  }
}

}  // namespace

Case make_case(Format format, const Syntax& syntax) {
  Case out;
  out.format = format;
  out.text = format == Format::kRegex ? print_regex(syntax) : print_ebnf(syntax);
  out.meaning = expand(syntax);
  out.has_syntax = true;
  out.syntax = syntax;
  return out;
}

const std::vector<Family>& families() {
  static const std::vector<Family> all = {
      {"ebnf", draw_ebnf, true, 70},         {"regex", draw_regex, true, 25},
      {"schema", draw_schema, true, 30},     {"json", draw_any_json, true, 1},
      {"spelling", draw_spelling, false, 0},
  };
  return all;
}

}  // namespace reference

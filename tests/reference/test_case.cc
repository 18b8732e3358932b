// The families of cases.
//
// Entry points: families, make_case. A family is a way to draw cases and the kind of vocabulary
// they meet. "spelling" uses small grammars with vocabularies that lack bytes, where the oracle has
// to ask what tokens can spell. Test: compare.cc runs them all; `--family NAME` runs one.
#include "test_case.h"

#include <algorithm>

#include "grammar_generator.h"
#include "printer.h"
#include "schema_generator.h"
#include "tag_generator.h"

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

Case draw_tag(RandomSource& random, bool names_tokens) {
  RandomTag tag = random_tag(random, names_tokens);
  Case out;
  out.format = Format::kStructuralTag;
  out.text = std::move(tag.text);
  out.meaning = std::move(tag.meaning);
  out.names_tokens = names_tokens;
  return out;
}
Case draw_text_tag(RandomSource& random) { return draw_tag(random, false); }
Case draw_token_tag(RandomSource& random) { return draw_tag(random, true); }

Case draw_spelling(RandomSource& random) {
  for (;;) {
    Case out = random.percent(75) ? draw_ebnf(random) : draw_regex(random);
    if (out.meaning.symbol_count() <= kMaxSpellingSymbols) return out;
  }
}

}  // namespace

void choose_tokens(Case* source, const Vocabulary& vocabulary, RandomSource& random) {
  if (!source->names_tokens) return;
  std::vector<int32_t> texts, controls;
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    const Kind kind = vocabulary.tokens[id].kind;
    if (vocabulary.is_stop(id)) continue;
    if (vocabulary.is_text(id)) texts.push_back(static_cast<int32_t>(id));
    if (kind == Kind::kControl) controls.push_back(static_cast<int32_t>(id));
  }
  source->tokens.clear();
  while (source->tokens.size() < kNamedTokens) {
    const bool control = !controls.empty() && random.percent(50);
    const int32_t id = random.pick(control ? controls : texts);
    if (std::count(source->tokens.begin(), source->tokens.end(), id) == 0)
      source->tokens.push_back(id);
  }
}

Case with_tokens(const Case& source, const Vocabulary& vocabulary) {
  Case out = source;
  if (!source.names_tokens) return out;
  out.text.clear();
  for (size_t i = 0; i < source.text.size(); ++i) {
    if (source.text[i] != kTokenSign) {
      out.text += source.text[i];
    } else {
      out.text += std::to_string(source.tokens[static_cast<size_t>(source.text[++i] - '0')]);
    }
  }
  for (auto& rule : out.meaning.rules) {
    for (Production& production : rule) {
      for (Symbol& symbol : production) {
        std::vector<uint32_t> ids;
        for (uint32_t number : symbol.tokens)
          ids.push_back(static_cast<uint32_t>(source.tokens[number]));
        std::sort(ids.begin(), ids.end());
        symbol.tokens = ids;
        if (!symbol.is_other) continue;
        symbol.tokens.clear();
        for (uint32_t id = 0; id < vocabulary.tokens.size(); ++id) {
          if (vocabulary.is_text(id) && !std::binary_search(ids.begin(), ids.end(), id))
            symbol.tokens.push_back(id);
        }
      }
    }
  }
  return out;
}

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
      {"tag", draw_text_tag, true, 25},      {"token-tag", draw_token_tag, true, 25},
      {"spelling", draw_spelling, false, 8},
  };
  return all;
}

}  // namespace reference

// Tests of the oracle against itself: the recogniser, UTF-8, spelling by tokens and the shrinker
// are each compared with a slower way to compute the same thing. Does not use the library.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <algorithm>

#include "code_points.h"
#include "derive.h"
#include "earley.h"
#include "free_text.h"
#include "grammar_generator.h"
#include "grammar_shapes.h"
#include "oracle.h"
#include "printer.h"
#include "shrink.h"
#include "syntax_builder.h"
#include "token_spelling.h"

namespace reference {
namespace {

// A few bytes that the grammar uses, so that enumeration stays small.
ByteSet some_bytes(const PlainGrammar& grammar, RandomSource& random, size_t count) {
  ByteSet used, out;
  for (const auto& rule : grammar.rules) {
    for (const Production& production : rule) {
      for (const Symbol& symbol : production) {
        if (symbol.bytes.count() <= 4) used |= symbol.bytes;
      }
    }
  }
  used.set('a');
  while (out.count() < count && out.count() < used.count()) {
    const size_t byte = random.below(256);
    if (used[byte]) out.set(byte);
  }
  return out;
}

// Compares the chart with the derived strings and prefixes, on every string over the alphabet.
void check_all_strings(EarleyChart* chart, const std::set<std::string>& strings,
                       const std::set<std::string>& prefixes, const ByteSet& alphabet,
                       std::string* text, size_t length) {
  CHECK(prefixes.count(*text) == 1);
  CHECK(chart->complete() == (strings.count(*text) == 1));
  if (text->size() == length) return;
  for (size_t byte = 0; byte < 256; ++byte) {
    if (!alphabet[byte]) continue;
    text->push_back(static_cast<char>(byte));
    if (chart->push(static_cast<unsigned char>(byte))) {
      check_all_strings(chart, strings, prefixes, alphabet, text, length);
      chart->pop();
    } else {
      CHECK(prefixes.count(*text) == 0);
    }
    text->pop_back();
  }
}

// False when the grammar has too many strings to enumerate.
bool check_recogniser(const PlainGrammar& grammar, RandomSource& random, size_t letters,
                      size_t length) {
  EarleyChart chart(grammar);
  const PlainGrammar alive = without_unproductive(grammar);
  const ByteSet alphabet = some_bytes(alive, random, letters);
  std::set<std::string> strings, prefixes;
  constexpr size_t kMaxStrings = 800;
  if (!derive_strings(alive, length, alphabet, kMaxStrings, &strings) ||
      !derive_strings(prefix_grammar(alive), length, alphabet, kMaxStrings, &prefixes)) {
    return false;
  }
  CHECK(chart.has_strings() == !prefixes.empty());
  if (!chart.has_strings()) return true;
  std::string text;
  check_all_strings(&chart, strings, prefixes, alphabet, &text, length);
  return true;
}

}  // namespace

TEST_CASE("utf-8 spelling of random classes is right for every code point") {
  RandomSource random(7);
  for (int round = 0; round < 12; ++round) {
    std::vector<CodeRange> ranges;
    for (int i = random.between(1, 4); i > 0; --i) {
      const char32_t edge =
          random.one_of<char32_t>({0x60, 0x7F, 0x7FE, 0xD7F0, 0xFFF0, 0x10FF00, 0x3000});
      const auto lo = static_cast<char32_t>(edge + random.below(64));
      ranges.push_back(
          {lo, static_cast<char32_t>(std::min<size_t>(lo + random.below(5000), kLastCodePoint))});
    }
    const bool negated = random.percent(50);
    const auto spellings = spell_ranges(scalar_ranges(ranges, negated));
    size_t spelled = 0;
    for (const auto& spelling : spellings) {
      size_t product = 1;
      for (const ByteSet& bytes : spelling) product *= bytes.count();
      spelled += product;
    }
    size_t members = 0, wrong = 0;
    for (char32_t c = 0; c <= kLastCodePoint; ++c) {
      bool listed = negated;
      for (const CodeRange& range : ranges) {
        if (c >= range.lo && c <= range.hi) listed = !negated;
      }
      const bool expected = listed && (c < 0xD800 || c > 0xDFFF);
      const std::string text = encode_utf8(c);
      bool found = false;
      for (const auto& spelling : spellings) {
        bool fits = spelling.size() == text.size();
        for (size_t i = 0; fits && i < text.size(); ++i) {
          fits = spelling[i][static_cast<unsigned char>(text[i])];
        }
        found = found || fits;
      }
      members += expected;
      wrong += found != expected;
    }
    CHECK(wrong == 0);
    CHECK(spelled == members);  // and nothing that is no character
  }
  CHECK(encode_utf8(U"\u0421\u4E2D\U0001F600") == "\xD0\xA1\xE4\xB8\xAD\xF0\x9F\x98\x80");
}

TEST_CASE("the recogniser knows every short string and prefix of the hard shapes") {
  RandomSource random(11);
  for (const Syntax& shape : hard_shapes()) {
    const PlainGrammar grammar = expand(shape);
    bool done = false;
    for (size_t length = 6; length > 1 && !done; --length) {
      done = check_recogniser(grammar, random, 3, length);
    }
    CHECK(done);
  }
}

TEST_CASE("the recogniser knows every short string and prefix of random grammars") {
  RandomSource random(12);
  int checked = 0, empty = 0;
  for (int i = 0; i < 1500; ++i) {
    const PlainGrammar grammar =
        expand(random.percent(80) ? random_grammar(random) : random_regular(random));
    if (grammar.symbol_count() > 250) continue;
    bool done = false;
    for (size_t length = 5; length > 1 && !done; --length) {
      done = check_recogniser(grammar, random, 3, length);
    }
    checked += done;
    empty += !find_productive(grammar)[grammar.root];
  }
  MESSAGE(checked << " grammars, " << empty << " without a string");
  CHECK(checked > 700);
  CHECK(empty > 50);
}

TEST_CASE("masks are the tokens that lead to derivable prefixes") {
  RandomSource random(13);
  int states = 0;
  for (int i = 0; i < 400; ++i) {
    const PlainGrammar grammar = without_unproductive(expand(random_grammar(random)));
    if (grammar.symbol_count() > 150 || !find_productive(grammar)[grammar.root]) continue;
    const ByteSet alphabet = some_bytes(grammar, random, 2);
    std::set<std::string> prefixes;
    if (!derive_strings(prefix_grammar(grammar), 6, alphabet, 1500, &prefixes)) continue;
    const Vocabulary vocabulary =
        random_vocabulary(random, {prefixes.begin(), prefixes.end()}, true);
    Oracle oracle(grammar, vocabulary);
    for (const std::string& prefix : prefixes) {
      if (prefix.size() > 3) continue;
      ++states;
      const std::vector<bool>& mask = oracle.text_mask(prefix);
      for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
        const std::string& bytes = vocabulary.tokens[id].bytes;
        if (bytes.size() > 3) continue;
        const bool inside = std::all_of(bytes.begin(), bytes.end(), [&](char byte) {
          return alphabet[static_cast<unsigned char>(byte)];
        });
        if (!inside) continue;
        CHECK(mask[id] == (vocabulary.is_text(id) && prefixes.count(prefix + bytes) == 1));
      }
    }
  }
  CHECK(states > 500);
}

TEST_CASE("completion by tokens equals a search over token sequences in finite languages") {
  RandomSource random(14);
  int asked = 0, dead_ends = 0;
  for (int i = 0; i < 3000; ++i) {
    const PlainGrammar grammar = without_unproductive(expand(random_regular(random)));
    std::set<std::string> strings;
    ByteSet all;
    all.set();
    if (!derive_strings(grammar, 24, all, 60, &strings)) continue;
    if (strings.empty() || strings.rbegin()->size() > 12) continue;
    if (std::any_of(strings.begin(), strings.end(), [](const auto& s) { return s.size() > 11; }))
      continue;
    const std::vector<std::string> samples(strings.begin(), strings.end());
    const Vocabulary vocabulary = random_vocabulary(random, samples, false);
    std::vector<std::string> texts;
    for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
      if (vocabulary.is_text(id)) texts.push_back(vocabulary.tokens[id].bytes);
    }
    std::string known;  // bytes of some token; no other byte is ever written
    for (const std::string& text : texts) known += text;
    // Every prefix of a string, the longest first: completable iff it consists of known bytes, and is
    // a string or a token leads from it to a completable one.
    std::set<std::string> prefixes, completable;
    for (const std::string& text : samples) {
      for (size_t length = 0; length <= text.size(); ++length)
        prefixes.insert(text.substr(0, length));
    }
    std::vector<std::string> order(prefixes.begin(), prefixes.end());
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    Oracle oracle(grammar, vocabulary);
    for (const std::string& prefix : order) {
      bool expected = strings.count(prefix) == 1;
      for (const std::string& text : texts) {
        expected = expected || completable.count(prefix + text) == 1;
      }
      expected = expected && prefix.find_first_not_of(known) == std::string::npos;
      if (expected) completable.insert(prefix);
      CHECK(oracle.viable(prefix) == expected);
      ++asked;
      dead_ends += !expected;
    }
  }
  MESSAGE(asked << " prefixes, " << dead_ends << " dead ends");
  CHECK(asked > 2000);
  CHECK(dead_ends > 100);
}

TEST_CASE("completion by tokens equals runs over an automaton of prefix and tokens") {
  RandomSource random(16);
  int asked = 0, dead_ends = 0;
  for (int i = 0; i < 400; ++i) {
    const PlainGrammar grammar = without_unproductive(expand(random_grammar(random)));
    if (grammar.symbol_count() > 80 || !find_productive(grammar)[grammar.root]) continue;
    const std::vector<std::string> tokens = {"a",
                                             "b",
                                             "ab",
                                             "ba",
                                             "0",
                                             "\n",
                                             "1,",
                                             "\xD0",
                                             "\xA1"
                                             "a"};
    const TokenSpelling spelling(grammar, tokens);
    EarleyChart chart(grammar);
    for (std::string prefix; prefix.size() < 8;) {
      Automaton automaton = token_automaton(tokens);
      const uint32_t start = prefix.empty() ? 0 : automaton.states;
      for (size_t k = 0; k < prefix.size(); ++k) {
        const uint32_t to = k + 1 == prefix.size() ? 0 : automaton.states + 1;
        automaton.edges.push_back({automaton.states++, to, static_cast<unsigned char>(prefix[k])});
      }
      const std::vector<uint32_t> ends = find_runs(grammar, automaton)[grammar.root][start];
      const bool expected = std::find(ends.begin(), ends.end(), 0u) != ends.end();
      CHECK(spelling.completable(chart) == expected);
      ++asked;
      dead_ends += !expected;
      const ByteSet next = chart.next_bytes();
      size_t byte = random.below(256);
      if (next.none()) break;
      while (!next[byte]) byte = (byte + 1) % 256;
      chart.push(static_cast<unsigned char>(byte));
      prefix.push_back(static_cast<char>(byte));
    }
  }
  MESSAGE(asked << " prefixes, " << dead_ends << " dead ends");
  CHECK(asked - dead_ends > 100);
  CHECK(dead_ends > 100);
}

namespace {

// Free text in which "x" follows triggers, by search.
bool is_free_text(const std::string& text, const std::vector<std::string>& triggers,
                  const std::vector<std::string>& excludes, bool loop) {
  auto has = [](const std::string& in, const std::string& word) {
    return in.find(word) != std::string::npos;
  };
  auto has_any = [&](const std::string& in, const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(), [&](const auto& word) { return has(in, word); });
  };
  if (!has_any(text, triggers) && !has_any(text, excludes)) return true;
  for (const std::string& trigger : triggers) {
    for (size_t at = 0; (at = text.find(trigger, at)) != std::string::npos; ++at) {
      const size_t end = at + trigger.size();
      const std::string head = text.substr(0, end);
      // No trigger that begins before this one is complete before its end.
      bool passed = false;
      for (size_t from = 0; from < at; ++from) {
        for (const std::string& other : triggers)
          passed |= from + other.size() < end && head.compare(from, other.size(), other) == 0;
      }
      if (passed || has_any(head, excludes) || text[end] != 'x') continue;
      const std::string rest = text.substr(end + 1);
      if (loop ? is_free_text(rest, triggers, excludes, loop) : rest.empty()) return true;
    }
  }
  return false;
}

void check_free_text(EarleyChart* chart, std::string* text, size_t length, const auto& is_one) {
  CHECK(chart->complete() == is_one(*text));
  for (char c : {'a', 'b', 'x'}) {
    if (text->size() == length) return;
    text->push_back(c);
    if (chart->push(static_cast<unsigned char>(c))) {
      check_free_text(chart, text, length, is_one);
      chart->pop();
    } else {
      CHECK(!is_one(*text));
    }
    text->pop_back();
  }
}

}  // namespace

TEST_CASE("free text is what a search says") {
  RandomSource random(16);
  auto word = [&random] {
    std::string out;
    for (int i = random.between(1, 3); i > 0; --i) out += random.one_of({'a', 'b'});
    return out;
  };
  auto wide = [](const std::string& text) { return std::u32string(text.begin(), text.end()); };
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> triggers, excludes;
    PlainGrammar grammar;
    const uint32_t x = add_class(&grammar, {{'x', 'x'}}, false);
    FreeText text;
    text.loop = random.percent(70);
    for (int i = random.between(0, 3); i > 0; --i) triggers.push_back(word());
    for (int i = random.between(0, 2); i > 0; --i) excludes.push_back(word());
    for (const std::string& t : triggers) text.triggers.push_back({wide(t), x});
    for (const std::string& e : excludes) text.excludes.push_back(wide(e));
    grammar.root = add_free_text(&grammar, text);
    EarleyChart chart(grammar);
    std::string at;
    check_free_text(&chart, &at, 7, [&](const std::string& all) {
      return is_free_text(all, triggers, excludes, text.loop);
    });
  }
}

TEST_CASE("a token is read as a whole, by its bytes, or both") {
  // root = "a" "b" "c" | token 0 "d" | token 1
  PlainGrammar grammar;
  grammar.root = grammar.add_rule();
  Symbol whole;
  whole.is_token = true;
  whole.tokens = {0};
  Symbol other = whole;
  other.tokens = {1};
  grammar.rules[0] = {
      {byte_symbol('a'), byte_symbol('b'), byte_symbol('c')}, {whole, byte_symbol('d')}, {other}};
  Vocabulary vocabulary;
  vocabulary.tokens = {{"ab", Kind::kNormal}, {"<x>", Kind::kControl}};
  for (int byte = 0; byte < 256; ++byte)
    vocabulary.tokens.push_back({std::string(1, static_cast<char>(byte)), Kind::kNormal});
  vocabulary.logits_size = static_cast<int32_t>(vocabulary.tokens.size());
  Oracle oracle(grammar, vocabulary);
  const std::string ab = Oracle::whole_token(0);
  CHECK(oracle.text_mask("")[0]);
  CHECK(oracle.text_mask("")[1]);
  CHECK(oracle.viable(ab));
  CHECK(oracle.complete(ab + "c"));
  CHECK(oracle.complete(ab + "d"));
  CHECK_FALSE(oracle.viable("abd"));
  CHECK_FALSE(oracle.viable(ab + "e"));
  CHECK(oracle.complete(Oracle::whole_token(1)));
  CHECK_FALSE(oracle.viable("<x>"));
  CHECK_FALSE(oracle.viable("a" + ab));
  CHECK(oracle.complete("abc"));
}

TEST_CASE("shrinking keeps what matters") {
  RandomSource random(15);
  Scenario scenario;
  Syntax syntax = make_syntax({"root", "x", "y"}, {{{call(1), txt(U"abc")}, {call(2)}},
                                                   {{txt(U"bad"), star(call(2))}},
                                                   {{chars({{'a', 'z'}}, true)}, {}}});
  scenario.cases = {make_case(Format::kEbnf, syntax),
                    make_case(Format::kRegex, random_regular(random))};
  scenario.vocabulary = random_vocabulary(random, {"abc", "bad"}, true);
  scenario.vocabulary.tokens.push_back({"bad", Kind::kNormal});
  const auto bad = static_cast<int64_t>(scenario.vocabulary.tokens.size()) - 1;
  for (int64_t i = 0; i < 50; ++i)
    scenario.script.push_back({Action::kToken, i, "", false, {}, {}});
  scenario.script.insert(scenario.script.begin() + 20, {Action::kToken, bad, "", false, {}, {}});
  const Fails fails = [](const Scenario& s) {
    const bool text = std::any_of(s.cases.begin(), s.cases.end(), [](const Case& c) {
      return c.text.find("bad") != std::string::npos;
    });
    return text && std::any_of(s.script.begin(), s.script.end(), [&s](const Action& a) {
             return a.number < static_cast<int64_t>(s.vocabulary.tokens.size()) &&
                    s.vocabulary.tokens[static_cast<size_t>(a.number)].bytes == "bad";
           });
  };
  const Scenario small = shrink(scenario, fails, 5000);
  CHECK(fails(small));
  CHECK(small.cases.size() == 1);
  CHECK(small.cases[0].syntax.rules.size() <= 2);
  CHECK(small.script.size() == 1);
  CHECK(small.vocabulary.tokens.size() <= 258);
  CHECK(describe(small).find("accept_token") != std::string::npos);
}

TEST_CASE("printed text says what the tree says") {
  Syntax syntax = make_syntax({"root", "x"}, {{{txt(U"a\"\\\n"), star(call(1))}, {}},
                                              {{times(group({{txt(U"b")}, {txt(U"c")}}), 2, 3)}}});
  syntax.style = 3;
  const std::string text = print_ebnf(syntax);
  CHECK(text.find("root ::= ") != std::string::npos);
  CHECK(text.find("{2,3}") != std::string::npos);
  const Syntax regular =
      make_syntax({"root"}, {{{plus(txt(U"ab")), txt(U"."), maybe(chars({{'0', '9'}}))}}});
  const std::string regex = print_regex(regular);
  CHECK(regex.find("+\\.") != std::string::npos);
  CHECK(quote(std::string("a\0\"", 3)) == "\"a\\000\\\"\"");
}

}  // namespace reference

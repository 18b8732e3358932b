// Walks of the token trie against trying every token: mask/trie_walk.cc.
#include "mask/trie_walk.h"

#include <algorithm>

#include "walk_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

TEST_CASE("trie walk: parts of states") {
  Walks walks(make_tokenizer(random_tokens(1, 500)));
  ByteSet punctuation;
  for (char c : std::string_view("\",:]}>;)")) punctuation.add(static_cast<uint8_t>(c));
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    std::unique_ptr<Automaton> a = make_automaton(sample_grammar(g, g % 2 == 0));
    INFO(sample_grammars()[g]);
    std::vector<State*> states =
        visited_states(*walks.tokenizer, a->start(a->grammar().root), 3, 40);
    CHECK(states.size() > 5);
    for (State* q : states) {
      std::vector<bool> expected = brute_force(*walks.tokenizer, q);
      for (const ByteSet& cover : {all_bytes(), punctuation, ByteSet{}}) {
        Part part = walks.from_state(q, cover);
        REQUIRE(part.tokens == expected);
        REQUIRE(part.count ==
                static_cast<size_t>(std::count(expected.begin(), expected.end(), true)));
        if (!cover.empty()) check_exits(&walks, q, part, cover);
      }
    }
  }
}

TEST_CASE("trie walk: parts of frames") {
  Walks walks(make_tokenizer(random_tokens(2, 500)));
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    std::unique_ptr<Automaton> a = make_automaton(sample_grammar(g, true));
    std::vector<State*> states =
        visited_states(*walks.tokenizer, a->start(a->grammar().root), 4, 30);
    size_t with_exits = 0;
    for (size_t i = 0; i < states.size(); ++i) {
      Part part = walks.from_state(states[i], all_bytes());
      if (part.exits.nodes.empty() || ++with_exits > 12) continue;
      for (size_t k = 0; k < states.size(); k += 1 + states.size() / 6) {
        State* frame = states[k];
        Part rest = walks.from_exits(part.exits, frame, all_bytes());
        std::vector<bool> expected(rest.tokens.size(), false);
        const TokenTrie& trie = walks.tokenizer->trie();
        for (uint32_t node : part.exits.nodes) {
          size_t at = walks.paths[node].size() - 1;
          for (uint32_t r = trie.first_rank(node); r < trie.first_rank(trie.end(node)); ++r) {
            std::string_view text = walks.tokenizer->token_bytes(trie.id(r));
            if (walks.reads(frame, text.substr(at)))
              expected[static_cast<size_t>(trie.id(r))] = true;
          }
        }
        REQUIRE(rest.tokens == expected);
        // Exits of the frame's own fragment: what is left after it.
        for (uint32_t n : rest.exits.nodes) {
          bool found = false;
          for (uint32_t first : part.exits.nodes) {
            size_t at = walks.paths[first].size() - 1;
            std::string_view path = walks.paths[n];
            if (path.size() <= at + 1 || path.substr(0, at + 1) != walks.paths[first]) continue;
            found = found || walks.leaves(frame, path.substr(at, path.size() - at - 1));
          }
          REQUIRE(found);
        }
      }
    }
  }
}

TEST_CASE("trie walk: clamped counters give the same tokens and exits") {
  Walks walks(make_tokenizer(random_tokens(5, 300)));
  AutomatonOptions options;
  options.alphabet = walks.tokenizer->known_bytes();
  options.reach = static_cast<uint32_t>(walks.tokenizer->max_token_chars()) + 1;
  std::unique_ptr<Automaton> a = make_automaton(
      ebnf("root ::= \"\\\"\" [a-z\xC3\xA9\\n]{5,60} \"\\\"\" [ab]{30,90} (\"xyz\" | \",\"){40}"),
      options);
  Arena arena;
  State* s = a->start(a->grammar().root);
  std::string text = "\"" + std::string(50, 'a') + "\"" + std::string(60, 'b');
  for (int i = 0; i < 40; ++i) text += ",";
  size_t clamped = 0;
  for (char c : text) {
    State* canonical = Automaton::canonical(s);
    clamped += canonical != s;
    Part x = walks.from_state(s, all_bytes()), y = walks.from_state(canonical, all_bytes());
    REQUIRE(x.tokens == y.tokens);
    REQUIRE(x.exits == y.exits);
    s = Automaton::step(s, static_cast<uint8_t>(c));
    REQUIRE(s != nullptr);
  }
  CHECK(clamped > 60);
}

TEST_CASE("trie walk: all tokens from parses with their stacks") {
  Walks walks(make_tokenizer(random_tokens(6, 400)));
  std::unique_ptr<Automaton> a = make_automaton(sample_grammar(0, true));
  Arena arena;
  Stepper stepper(&arena);
  for (std::string_view text : {"", "[[{\"a", "{\"k\":[1,[2", "[{\"a\": \"\\u00", "[\"\xE4\xBD"}) {
    std::vector<Config> parses =
        parses_after(&stepper, {{a->start(a->grammar().root), nullptr}}, text);
    REQUIRE_FALSE(parses.empty());
    TrieWalk w(*walks.tokenizer, &walks.loops, &walks.scratch, {});
    w.from_parses(parses);
    CHECK(members(w.tokens(), walks.tokenizer->vocab_size()) ==
          brute_force(*walks.tokenizer, parses));
  }
}

TEST_CASE("trie walk: a big loop costs a fraction of the trie") {
  std::vector<std::string> tokens;
  std::mt19937 random(8);
  for (int i = 0; i < 20000; ++i) {
    std::string word;
    for (size_t k = 2 + random() % 7; k > 0; --k) word += static_cast<char>('a' + random() % 26);
    if (i % 50 == 0) word += "\",";
    tokens.push_back(word);
  }
  Walks walks(make_tokenizer(with_bytes(tokens)));
  std::unique_ptr<Automaton> a =
      make_automaton(ebnf("root ::= \"\\\"\" [^\"\\x00-\\x1f]* \"\\\"\" \",\""));
  State* inside = Automaton::step(a->start(a->grammar().root), '"');
  TrieWalk w(*walks.tokenizer, &walks.loops, &walks.scratch, all_bytes());
  w.from_state(inside);
  CHECK(members(w.tokens(), walks.tokenizer->vocab_size()) ==
        brute_force(*walks.tokenizer, inside));
  CHECK(w.visited() * 10 < walks.tokenizer->trie().node_count());
}

// Masks taken from those of another parse, and loops in closed form behind counters, against every
// token tried: mask/reference_walk.cc, mask_store.cc, trie_walk.cc.
#include "mask/reference_walk.h"

#include "compiler/compiler.h"
#include "matcher/matcher.h"
#include "walk_checks.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

// Reads `text` byte by byte and compares the mask of every position with is_token_allowed.
void check_masks(const std::shared_ptr<const CompiledGrammar>& grammar, std::string_view text) {
  const MatcherOptions options{.terminate_without_stop_token = true};
  std::unique_ptr<Matcher> matcher = std::move(Matcher::create(grammar, options)).value();
  const Tokenizer& tokenizer = *grammar->tokenizer();
  std::vector<uint32_t> words(tokenizer.mask_words());
  for (size_t at = 0; at <= text.size(); ++at) {
    MaskKind kind;
    REQUIRE(matcher->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
    std::string wrong;
    for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
      bool allowed;
      REQUIRE(matcher->is_token_allowed(id, &allowed) == Status::kOk);
      const bool set = kind != MaskKind::kTerminated && bit(words, id);
      if (allowed != set) wrong += " " + std::to_string(id);
    }
    INFO("after: " << std::string(text.substr(0, at)));
    CHECK(wrong == "");
    bool ok = true;
    if (at < text.size()) REQUIRE(matcher->accept_bytes(text.substr(at, 1), &ok) == Status::kOk);
    REQUIRE(ok);
  }
}

struct Fixture {
  Fixture() : tokenizer(make_tokenizer(random_tokens(11, 3000))) {
    compiler = std::move(Compiler::create(tokenizer, {})).value();
  }
  void check_schema(std::string_view schema, std::string_view text) {
    auto grammar = compiler->compile_json_schema(schema, {});
    REQUIRE(grammar.ok());
    check_masks(grammar.value(), text);
  }
  void check_regex(std::string_view pattern, std::string_view text) {
    auto grammar = compiler->compile_regex(pattern);
    REQUIRE(grammar.ok());
    check_masks(grammar.value(), text);
  }

  std::shared_ptr<const Tokenizer> tokenizer;
  std::unique_ptr<Compiler> compiler;
};

}  // namespace

TEST_CASE("reference walk: keys beside declared ones") {
  Fixture f;
  f.check_schema(
      R"({"type":"object","properties":{"ab":{"type":"string"},"abk":{"type":"null"},"k":{}}})",
      R"({"abx": [1, "\u0061"], "zz": {"ab": null}})");
}

TEST_CASE("reference walk: strings of bounded length") {
  Fixture f;
  f.check_schema(R"({"type":"string","minLength":3,"maxLength":14})", R"("aba\n\u00e9k bxyz1")");
  f.check_schema(R"({"type":"string","pattern":"^[a-z]+( [a-z]+){0,20}$","maxLength":30})",
                 R"("a xyz b k aaaa ab xyz k b")");
  f.check_schema(R"({"type":"string","pattern":"^1.*3$","maxLength":40})", R"("1ab, \" xyz23")");
}

TEST_CASE("reference walk: patterns found anywhere, one of several") {
  Fixture f;
  f.check_schema(R"({"type":"string","oneOf":[{"pattern":"xyz"},{"pattern":"23"}]})",
                 R"("ab xyz\n1")");
  f.check_schema(R"({"type":"string","not":{"pattern":"^ab"}})", R"("axyzab")");
}

TEST_CASE("reference walk: counters whose rest reads the same characters") {
  Fixture f;
  f.check_regex("[a-z ]{0,3}[a-z]{2}\\.", "ab xy.");
  f.check_regex("(ab|[a-z]){2,12}\"", "ababxyz\"");
  f.check_regex("[ -~]{0,12}[^b]k", "ab xyz k");
}

TEST_CASE("reference walk: beside any state the walk finds what a walk of its own does") {
  Walks walks(make_tokenizer(random_tokens(22, 300)));
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    INFO(sample_grammars()[g]);
    std::unique_ptr<Automaton> a = make_automaton(sample_grammar(g, g % 2 == 0));
    std::vector<State*> states =
        visited_states(*walks.tokenizer, a->start(a->grammar().root), 7, 12);
    for (State* like : states) {
      TrieWalk known(*walks.tokenizer, &walks.loops, &walks.scratch, all_bytes());
      known.from_state(like);
      const TokenSet tokens = known.tokens(), *const sets[] = {&tokens};
      const ExitSet exits = known.exits();
      for (size_t i = 0; i < states.size(); i += 1 + states.size() / 8) {
        ReferenceWalk w(*walks.tokenizer, &walks.scratch, all_bytes());
        w.run(states[i], {like, nullptr}, sets, exits);
        REQUIRE_FALSE(w.failed());
        const TokenSet found = w.tokens();
        const Part part{members(found, walks.tokenizer->vocab_size()), found.count, w.exits()};
        REQUIRE(part.tokens == brute_force(*walks.tokenizer, states[i]));
        REQUIRE(part.count ==
                static_cast<size_t>(std::count(part.tokens.begin(), part.tokens.end(), true)));
        check_exits(&walks, states[i], part, all_bytes());
      }
    }
  }
}

TEST_CASE("reference walk: beside a state over a frame, whose tokens are two sets") {
  Walks walks(make_tokenizer(random_tokens(23, 300)));
  size_t compared = 0;
  for (size_t g : {size_t{0}, size_t{2}, size_t{4}, size_t{6}}) {
    std::unique_ptr<Automaton> a = make_automaton(sample_grammar(g, true));
    std::vector<State*> states =
        visited_states(*walks.tokenizer, a->start(a->grammar().root), 8, 12);
    for (size_t k = 0; k < states.size(); k += 1 + states.size() / 6) {
      State* frame = states[k];
      State* like = states[(k * 7 + 3) % states.size()];
      if (frame->nullable || like->nullable) continue;  // such parses are not compared with
      TrieWalk inner(*walks.tokenizer, &walks.loops, &walks.scratch, all_bytes());
      inner.from_state(like);
      const TokenSet inside = inner.tokens();
      const ExitSet left = inner.exits();
      TrieWalk outer(*walks.tokenizer, &walks.loops, &walks.scratch, all_bytes());
      outer.from_exits(left, frame);
      const TokenSet after = outer.tokens(), *const sets[] = {&inside, &after};
      const ExitSet exits = outer.exits();
      Arena arena;
      const StackEdge edge{frame, nullptr};
      const StackNode* stack = StackNode::make({&edge, 1}, &arena);
      for (State* q : states) {
        ReferenceWalk w(*walks.tokenizer, &walks.scratch, all_bytes());
        w.run(q, {like, stack}, sets, exits);
        const TokenSet found = w.tokens();
        const Part part{members(found, walks.tokenizer->vocab_size()), found.count, w.exits()};
        REQUIRE(part.tokens == brute_force(*walks.tokenizer, q));
        check_exits(&walks, q, part, all_bytes());
        ++compared;
      }
    }
  }
  CHECK(compared > 50);
}

TEST_CASE("reference walk: few differences from a bitmask are kept as such") {
  std::vector<std::string> words;
  for (const std::string& s : all_strings("abcdefgh", 4)) {
    if (s.size() > 1) words.push_back(s);
  }
  words.push_back("abc\"");
  words.push_back("xyz\"");
  Walks walks(make_tokenizer(with_bytes(words)));
  std::unique_ptr<Automaton> a = make_automaton(
      ebnf("root ::= \"(\" [a-z]* \"\\\"\" | \"<\" ([a-z] | \"1\") [a-z]* \"\\\"\""));
  State* start = a->start(a->grammar().root);
  State *like = Automaton::step(start, '('), *q = Automaton::step(start, '<');
  TrieWalk known(*walks.tokenizer, &walks.loops, &walks.scratch, {});
  known.from_state(like);
  const TokenSet tokens = known.tokens(), *const sets[] = {&tokens};
  REQUIRE(tokens.mask() != nullptr);
  ReferenceWalk w(*walks.tokenizer, &walks.scratch, {});
  w.run(q, {like, nullptr}, sets, known.exits());
  const TokenSet found = w.tokens();
  CHECK(found.base == &tokens);
  CHECK(found.words.empty());
  CHECK(found.ids == std::vector<int32_t>{'1'});
  CHECK(found.removed == std::vector<int32_t>{'"'});
  CHECK(found.count == tokens.count);
  CHECK(w.visited() < 10);
  CHECK(members(found, walks.tokenizer->vocab_size()) == brute_force(*walks.tokenizer, q));
}

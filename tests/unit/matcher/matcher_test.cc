// One output being generated: matcher/matcher.cc.
#include "matcher/matcher.h"

#include <algorithm>
#include <random>
#include <thread>

#include "../mask/mask_helpers.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

std::shared_ptr<const CompiledGrammar> compile(Grammar g, std::shared_ptr<const Tokenizer> t,
                                               const CompilerOptions& options = {}) {
  Result<std::unique_ptr<Compiler>> c = Compiler::create(std::move(t), options);
  REQUIRE(c.ok());
  Compiler::Compiled compiled = c.value()->compile(std::move(g));
  if (!compiled.ok()) MESSAGE(compiled.error().message);
  REQUIRE(compiled.ok());
  return compiled.value();
}

std::unique_ptr<Matcher> matcher_of(std::shared_ptr<const CompiledGrammar> g,
                                    const MatcherOptions& options = {}) {
  Result<std::unique_ptr<Matcher>> m = Matcher::create(std::move(g), options);
  REQUIRE(m.ok());
  return std::move(m).value();
}

// Token 0 is the stop token, byte b is token b + 1, `more` follow.
std::shared_ptr<const Tokenizer> tokenizer_with_stop(const std::vector<std::string>& more = {}) {
  std::vector<std::string> tokens = with_bytes(more);
  tokens.insert(tokens.begin(), "<stop>");
  return make_tokenizer(tokens, {0});
}

bool accept(Matcher* m, int32_t token) {
  bool accepted = false;
  REQUIRE(m->accept_token(token, &accepted) == Status::kOk);
  return accepted;
}

bool accept_text(Matcher* m, std::string_view text) {
  bool accepted = false;
  REQUIRE(m->accept_bytes(text, &accepted) == Status::kOk);
  return accepted;
}

// The mask as a list of bits; checked against is_token_allowed and accept_token.
std::vector<bool> mask_of(Matcher* m) {
  const Tokenizer& t = *m->grammar()->tokenizer();
  std::vector<uint32_t> words(t.mask_words(), 0xDEADBEEF);
  MaskKind kind = MaskKind::kTerminated;
  REQUIRE(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  REQUIRE(kind != MaskKind::kTerminated);
  std::vector<bool> out;
  for (int32_t id = 0; id < t.vocab_size(); ++id) out.push_back(bit(words, id));
  for (int32_t id = t.vocab_size(); id < static_cast<int32_t>(t.mask_words() * 32); ++id) {
    REQUIRE_FALSE(bit(words, id));
  }
  bool all = std::find(out.begin(), out.end(), false) == out.end();
  REQUIRE((kind == MaskKind::kAll) == all);
  return out;
}

void check_agreement(Matcher* m, const std::vector<bool>& mask) {
  const size_t size = m->history_size();
  for (int32_t id = 0; id < static_cast<int32_t>(mask.size()); ++id) {
    bool expected = mask[static_cast<size_t>(id)], allowed = !expected;
    REQUIRE(m->is_token_allowed(id, &allowed) == Status::kOk);
    REQUIRE(allowed == expected);
    REQUIRE(m->history_size() == size);
    REQUIRE(accept(m, id) == expected);
    REQUIRE(m->history_size() == size + expected);
    if (expected) REQUIRE(m->rollback(1) == Status::kOk);
  }
}

}  // namespace

TEST_CASE("matcher: mask, question and acceptance say the same along random walks") {
  std::vector<std::string> tokens = random_tokens(21, 250);
  tokens.insert(tokens.begin(), {"<stop>", ""});
  std::shared_ptr<const Tokenizer> t = make_tokenizer(tokens, {0});
  for (size_t g = 0; g < sample_grammars().size(); ++g) {
    INFO(sample_grammars()[g]);
    std::shared_ptr<const CompiledGrammar> grammar = compile(sample_grammar(g, true), t);
    std::mt19937 random(static_cast<uint32_t>(g));
    for (int walk = 0; walk < 3; ++walk) {
      std::unique_ptr<Matcher> m = matcher_of(grammar);
      for (int step = 0; step < 8; ++step) {
        std::vector<bool> mask = mask_of(m.get());
        REQUIRE(mask[0] == m->is_accepting());
        REQUIRE_FALSE(mask[1]);  // a token without text
        check_agreement(m.get(), mask);
        std::vector<int32_t> allowed;
        for (int32_t id = 1; id < t->vocab_size(); ++id) {
          if (mask[static_cast<size_t>(id)]) allowed.push_back(id);
        }
        if (allowed.empty()) break;
        REQUIRE(accept(m.get(), allowed[random() % allowed.size()]));
      }
    }
  }
}

TEST_CASE("matcher: rolling back, resetting and cloning leave no trace") {
  std::vector<std::string> tokens = random_tokens(22, 250);
  tokens.insert(tokens.begin(), "<stop>");
  std::shared_ptr<const Tokenizer> t = make_tokenizer(tokens, {0});
  std::mt19937 random(6);
  struct Session {
    std::unique_ptr<Matcher> m;
    std::vector<int32_t> taken;
    std::vector<std::vector<bool>> masks;  // before each step
  };
  for (size_t g : {size_t{0}, size_t{3}, size_t{4}, size_t{6}}) {
    std::vector<Session> sessions;
    sessions.push_back({matcher_of(compile(sample_grammar(g, true), t)), {}, {}});
    for (int action = 0; action < 400; ++action) {
      Session& s = sessions[random() % sessions.size()];
      uint32_t dice = random() % 12;
      if (dice < 7) {
        std::vector<bool> mask = mask_of(s.m.get());
        std::vector<int32_t> allowed;
        for (int32_t id = 1; id < t->vocab_size(); ++id) {
          if (mask[static_cast<size_t>(id)]) allowed.push_back(id);
        }
        if (allowed.empty()) continue;
        int32_t token = allowed[random() % allowed.size()];
        REQUIRE(accept(s.m.get(), token));
        s.taken.push_back(token);
        s.masks.push_back(std::move(mask));
      } else if (dice < 10) {
        size_t steps = random() % (std::min<size_t>(s.taken.size(), 6) + 1);
        REQUIRE(s.m->rollback(steps) == Status::kOk);
        for (; steps > 0; --steps) {
          if (steps == 1) REQUIRE(mask_of(s.m.get()) == s.masks.back());
          s.taken.pop_back();
          s.masks.pop_back();
        }
      } else if (dice == 10 && sessions.size() < 6) {
        Session copy{s.m->clone(), s.taken, s.masks};
        REQUIRE(mask_of(copy.m.get()) == mask_of(s.m.get()));
        sessions.push_back(std::move(copy));
      } else if (dice == 11 && random() % 8 == 0) {
        s.m->reset();
        s.taken.clear();
        s.masks.clear();
      }
    }
    for (Session& s : sessions) {
      REQUIRE(s.m->history_size() == s.taken.size());
      std::unique_ptr<Matcher> fresh = matcher_of(s.m->grammar());
      for (int32_t token : s.taken) REQUIRE(accept(fresh.get(), token));
      CHECK(mask_of(fresh.get()) == mask_of(s.m.get()));
      CHECK(s.m->rollback(s.taken.size() + 1) == Status::kInvalidArgument);
      CHECK(s.m->history_size() == s.taken.size());
    }
  }
}

TEST_CASE("matcher: stop tokens end the output once it is complete") {
  std::unique_ptr<Matcher> m = matcher_of(compile(ebnf("root ::= \"a\"+"), tokenizer_with_stop()));
  CHECK_FALSE(m->is_accepting());
  CHECK_FALSE(accept(m.get(), 0));
  CHECK(accept(m.get(), 'a' + 1));
  CHECK(m->is_accepting());
  CHECK(mask_of(m.get())[0]);
  CHECK(accept(m.get(), 0));
  CHECK(m->is_terminated());
  CHECK(m->is_accepting());
  CHECK(m->history_size() == 2);
  CHECK_FALSE(accept(m.get(), 'a' + 1));
  CHECK_FALSE(accept(m.get(), 0));
  CHECK_FALSE(accept_text(m.get(), "a"));
  CHECK_FALSE(accept_text(m.get(), ""));
  bool allowed = true;
  CHECK(m->is_token_allowed(0, &allowed) == Status::kOk);
  CHECK_FALSE(allowed);
  std::vector<uint32_t> words(m->grammar()->tokenizer()->mask_words(), 7);
  MaskKind kind = MaskKind::kSome;
  CHECK(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  CHECK(kind == MaskKind::kTerminated);
  // Applying the row of an ended output is harmless.
  for (int32_t id = 0; id < static_cast<int32_t>(words.size()) * 32; ++id)
    CHECK(bit(words, id) == (id < m->grammar()->tokenizer()->vocab_size()));
  std::unique_ptr<Matcher> copy = m->clone();
  CHECK(copy->is_terminated());
  CHECK(m->rollback(1) == Status::kOk);
  CHECK_FALSE(m->is_terminated());
  CHECK(accept(m.get(), 'a' + 1));
  CHECK(copy->is_terminated());
  copy->reset();
  CHECK_FALSE(copy->is_terminated());
  CHECK(copy->history_size() == 0);
}

TEST_CASE("matcher: stop tokens of its own, and none") {
  std::shared_ptr<const CompiledGrammar> g =
      compile(ebnf("root ::= \"ab\"*"), tokenizer_with_stop({"<other>"}));
  MatcherOptions options;
  options.has_stop_tokens = true;
  options.stop_tokens = {257, 257};
  std::unique_ptr<Matcher> m = matcher_of(g, options);
  REQUIRE(m->stop_tokens().size() == 1);
  CHECK(m->stop_tokens()[0] == 257);
  std::vector<bool> mask = mask_of(m.get());
  CHECK(mask[257]);
  CHECK_FALSE(mask[0]);
  CHECK_FALSE(accept(m.get(), 0));
  CHECK(accept(m.get(), 257));
  CHECK(m->is_terminated());
  // Tokens that the matcher stops at are no text, whatever they spell.
  options.stop_tokens = {'a' + 1};
  m = matcher_of(g, options);
  CHECK(accept_text(m.get(), "ab"));
  CHECK(accept(m.get(), 'a' + 1));
  CHECK(m->is_terminated());
  for (int32_t bad : {-1, 258, INT32_MAX, INT32_MIN}) {
    options.stop_tokens = {bad};
    Result<std::unique_ptr<Matcher>> r = Matcher::create(g, options);
    REQUIRE_FALSE(r.ok());
    CHECK(r.error().code == Status::kInvalidArgument);
    CHECK(r.error().message.find(std::to_string(bad)) != std::string::npos);
  }
}

TEST_CASE("matcher: an output that ends without a stop token") {
  MatcherOptions options;
  options.terminate_without_stop_token = true;
  std::unique_ptr<Matcher> m =
      matcher_of(compile(ebnf("root ::= \"a\"+ \";\""), tokenizer_with_stop()), options);
  CHECK_FALSE(m->is_terminated());
  CHECK(accept_text(m.get(), "aa"));
  CHECK_FALSE(mask_of(m.get())[0]);
  CHECK(accept_text(m.get(), ";"));
  CHECK(m->is_terminated());
  CHECK_FALSE(accept(m.get(), 0));
  std::vector<uint32_t> words(m->grammar()->tokenizer()->mask_words(), 7);
  MaskKind kind = MaskKind::kSome;
  CHECK(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  CHECK(kind == MaskKind::kTerminated);
  CHECK(words[0] == UINT32_MAX);
  CHECK(words.back() == 1);  // of 257 tokens
  CHECK(m->rollback(1) == Status::kOk);
  CHECK_FALSE(m->is_terminated());
}

TEST_CASE("matcher: without any stop token the end has to be chosen") {
  const std::shared_ptr<const CompiledGrammar> g =
      compile(ebnf("root ::= [1-9] [0-9]{2,8}"), make_tokenizer(with_bytes({})));
  Result<std::unique_ptr<Matcher>> r = Matcher::create(g, {});
  REQUIRE_FALSE(r.ok());
  CHECK(r.error().code == Status::kInvalidArgument);
  CHECK(r.error().message.find("terminate_without_stop_token") != std::string::npos);
  CHECK(Matcher::create(g, {.terminate_without_stop_token = true}).ok());
  CHECK(Matcher::create(g, {.stop_tokens = {0}, .has_stop_tokens = true}).ok());
}

TEST_CASE("matcher: ids outside the vocabulary are told apart when they are checked") {
  std::unique_ptr<Matcher> m = matcher_of(compile(ebnf("root ::= \"a\"+"), tokenizer_with_stop()),
                                          {.check_token_ids = true});
  for (int copies = 0; copies < 2; ++copies, m = m->clone()) {
    for (int32_t token : {-1, INT32_MIN, 257, INT32_MAX}) {
      bool answer = true;
      CHECK(m->accept_token(token, &answer) == Status::kInvalidArgument);
      CHECK(m->is_token_allowed(token, &answer) == Status::kInvalidArgument);
    }
    CHECK_FALSE(accept(m.get(), 'b' + 1));
    CHECK(accept(m.get(), 'a' + 1));
  }
}

TEST_CASE("matcher: refused tokens are answers and change nothing") {
  std::unique_ptr<Matcher> m =
      matcher_of(compile(ebnf("root ::= \"[\" [0-9]+ \"]\""), tokenizer_with_stop({"[1x", "[12"})));
  std::vector<bool> before = mask_of(m.get());
  for (int32_t token : {-1, INT32_MIN, 259, INT32_MAX, 257, 'x' + 1, 0}) {
    bool answer = true;
    CHECK(m->accept_token(token, &answer) == Status::kOk);
    CHECK_FALSE(answer);
    answer = true;
    CHECK(m->is_token_allowed(token, &answer) == Status::kOk);
    CHECK_FALSE(answer);
  }
  CHECK_FALSE(accept_text(m.get(), "[12a"));
  CHECK(m->history_size() == 0);
  CHECK(mask_of(m.get()) == before);
  CHECK(accept(m.get(), 258));
  CHECK(accept_text(m.get(), "3]"));
  CHECK(m->is_accepting());
  std::vector<uint32_t> words(m->grammar()->tokenizer()->mask_words());
  MaskKind kind;
  CHECK(m->fill_bitmask(words.data(), words.size() - 1, &kind) == Status::kInvalidArgument);
}

TEST_CASE("matcher: bytes may stop inside a character; no bytes are a step") {
  std::unique_ptr<Matcher> m = matcher_of(compile(
      ebnf("root ::= \"<\" [\xC3\xA0-\xC3\xBF\xF0\x9F\x98\x80]* \">\""), tokenizer_with_stop()));
  CHECK(accept_text(m.get(), "<\xC3"));
  std::vector<bool> mask = mask_of(m.get());
  CHECK(mask[0xA9 + 1]);
  CHECK_FALSE(mask[0x80 + 1]);
  CHECK_FALSE(mask['>' + 1]);
  CHECK(accept_text(m.get(), ""));
  CHECK(m->history_size() == 2);
  CHECK(accept_text(m.get(), "\xA9\xF0\x9F"));
  CHECK_FALSE(accept_text(m.get(), "\x98\x81"));
  CHECK(accept_text(m.get(), "\x98\x80>"));
  CHECK(m->is_accepting());
  CHECK(m->rollback(3) == Status::kOk);
  CHECK(mask_of(m.get()) == mask);
}

TEST_CASE("matcher: every token allowed is told apart") {
  std::unique_ptr<Matcher> m =
      matcher_of(compile(ebnf("root ::= [a-c]*"), make_tokenizer({"a", "bc", "cab", "<e>"}, {3})));
  std::vector<uint32_t> words(1);
  MaskKind kind = MaskKind::kSome;
  REQUIRE(m->fill_bitmask(words.data(), 1, &kind) == Status::kOk);
  CHECK(kind == MaskKind::kAll);
  CHECK(words[0] == 0xF);
}

TEST_CASE("matcher: the limit on work is a status, and the matcher goes on") {
  CompilerOptions options;
  options.limits.max_work_per_call = 20000;
  std::unique_ptr<Matcher> m =
      matcher_of(compile(ebnf("root ::= \"a\" root \"b\"? | \"d\" root \"c\"? | \"\""),
                         tokenizer_with_stop(), options));
  for (int i = 0; i < 300; ++i) REQUIRE(accept_text(m.get(), i % 2 ? "d" : "a"));
  bool accepted = true;
  CHECK(m->accept_bytes(std::string(300, 'b'), &accepted) == Status::kLimitExceeded);
  CHECK_FALSE(accepted);
  CHECK(m->history_size() == 300);
  CHECK(accept_text(m.get(), "b"));
  CHECK(m->is_accepting());
}

TEST_CASE("matcher: ten thousand levels") {
  constexpr int kDepth = 10000;
  std::shared_ptr<const CompiledGrammar> g =
      compile(sample_grammar(0, true), tokenizer_with_stop({"[[", "]]", "{\"a\":", "}}"}));
  std::unique_ptr<Matcher> m = matcher_of(g);
  for (int i = 0; i < kDepth; ++i) REQUIRE(accept(m.get(), i % 2 ? 257 : 259));
  std::vector<bool> deep = mask_of(m.get());
  CHECK(accept_text(m.get(), "1"));
  CHECK_FALSE(m->is_accepting());
  std::unique_ptr<Matcher> copy = m->clone();
  for (int i = kDepth; i-- > 0;) REQUIRE(accept_text(m.get(), i % 2 ? "]]" : "}"));
  CHECK(m->is_accepting());
  CHECK_FALSE(accept_text(m.get(), "]"));
  CHECK(copy->rollback(1) == Status::kOk);
  CHECK(mask_of(copy.get()) == deep);
  CHECK(copy->rollback(kDepth) == Status::kOk);
  CHECK(copy->history_size() == 0);
}

TEST_CASE("matcher: 4 KiB and 64 bytes a token are enough") {
  // A document in which every token is what a real vocabulary would have.
  std::vector<std::string> row = {
      "{\"",  "id",   "\":", " ",   "12",   "345", ",",    " \"", "name", "\":", " \"",
      "some", " one", "\",", " \"", "tags", "\":", " [\"", "a",   "\",",  " \"", "b",
      "\"]",  ", \"", "at",  "\":", " {\"", "x",   "\":",  " 1",  ".5",   "}}",  ",\n"};
  std::vector<std::string> tokens = row;
  tokens.insert(tokens.end(), {"[", "]"});
  std::shared_ptr<const Tokenizer> t = tokenizer_with_stop(tokens);
  auto id_of = [&](const std::string& text) {
    return 257 +
           static_cast<int32_t>(std::find(tokens.begin(), tokens.end(), text) - tokens.begin());
  };
  for (bool shared : {false, true}) {
    Grammar grammar = sample_grammar(0, true);
    if (shared) {
      Result<Grammar> json = make_json_grammar({});
      REQUIRE(json.ok());
      grammar = std::move(json).value();
    }
    std::unique_ptr<Matcher> m = matcher_of(compile(std::move(grammar), t));
    std::vector<uint32_t> words(t->mask_words());
    MaskKind kind;
    size_t taken = 0;
    auto take = [&](const std::string& text) {
      REQUIRE(m->fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
      INFO(text << " as token " << taken);
      REQUIRE(accept(m.get(), id_of(text)));
      ++taken;
      REQUIRE(m->memory_bytes() <= 4096 + 64 * taken);
    };
    CHECK(m->memory_bytes() <= 4096);
    take("[");
    while (taken < 100000) {
      for (const std::string& text : row) take(text);
    }
    MESSAGE(taken << " tokens, " << m->memory_bytes() << " bytes");
    // A clone shares what there is; both go on inside the same bound.
    size_t before = m->memory_bytes();
    std::unique_ptr<Matcher> copy = m->clone();
    CHECK(m->memory_bytes() <= before + 1024);
    CHECK(copy->memory_bytes() <= before + 1024);
    std::swap(m, copy);
    for (int i = 0; i < 100; ++i) {
      for (const std::string& text : row) take(text);
    }
    CHECK(copy->memory_bytes() <= before + 1024);
    // Going back and on again takes nothing more.
    before = m->memory_bytes();
    for (int round = 0; round < 20; ++round) {
      REQUIRE(m->rollback(100 * row.size()) == Status::kOk);
      taken -= 100 * row.size();
      CHECK(m->memory_bytes() == before);
      for (size_t k = 0; k < 100 * row.size(); ++k) {
        REQUIRE(accept(m.get(), id_of(row[k % row.size()])));
        ++taken;
      }
      CHECK(m->memory_bytes() == before);
    }
  }
}

TEST_CASE("matcher: one grammar, several threads, from cold") {
  std::vector<std::string> tokens = random_tokens(23, 300);
  tokens.insert(tokens.begin(), "<stop>");
  std::shared_ptr<const Tokenizer> t = make_tokenizer(tokens, {0});
  auto run = [&](const std::shared_ptr<const CompiledGrammar>& g, uint32_t seed) {
    std::vector<std::vector<bool>> masks;
    std::mt19937 random(seed);
    std::unique_ptr<Matcher> m = matcher_of(g);
    for (int step = 0; step < 60; ++step) {
      std::vector<uint32_t> words(t->mask_words());
      MaskKind kind;
      if (m->fill_bitmask(words.data(), words.size(), &kind) != Status::kOk) break;
      std::vector<int32_t> allowed;
      std::vector<bool> mask;
      for (int32_t id = 0; id < t->vocab_size(); ++id) {
        mask.push_back(bit(words, id));
        if (id > 0 && mask.back()) allowed.push_back(id);
      }
      masks.push_back(std::move(mask));
      if (allowed.empty() || random() % 20 == 0) {
        m->reset();
      } else {
        bool accepted = false;
        m->accept_token(allowed[random() % allowed.size()], &accepted);
        if (random() % 4 == 0) m = m->clone();
      }
    }
    return masks;
  };
  for (size_t g : {size_t{0}, size_t{1}, size_t{6}}) {
    constexpr size_t kThreads = 4;
    std::vector<std::vector<std::vector<bool>>> expected, found(kThreads);
    std::shared_ptr<const CompiledGrammar> one = compile(sample_grammar(g, true), t);
    for (uint32_t i = 0; i < kThreads; ++i) expected.push_back(run(one, i));
    std::shared_ptr<const CompiledGrammar> many = compile(sample_grammar(g, true), t);
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < kThreads; ++i)
      threads.emplace_back([&, i] { found[i] = run(many, i); });
    for (std::thread& thread : threads) thread.join();
    CHECK(found == expected);
  }
}

TEST_CASE("matcher: keeps its grammar, and the grammar its tokenizer") {
  std::unique_ptr<Matcher> m;
  {
    std::shared_ptr<const Tokenizer> t = tokenizer_with_stop();
    m = matcher_of(compile(ebnf("root ::= \"a\" | \"b\" root"), t));
  }
  std::unique_ptr<Matcher> copy = m->clone();
  m.reset();
  CHECK(accept_text(copy.get(), "bba"));
  CHECK(copy->is_accepting());
  CHECK(mask_of(copy.get())[0]);
}

// Tokens that grammars name by their ids, in masks and matchers: mask/token_edges.cc, matcher.cc.
#include <algorithm>

#include "attribute_helpers.h"
#include "mask/token_edges.h"
#include "mask/warm_up.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

constexpr int32_t kStop = 0, kControl = 1, kUnused = 2, kFirstText = 3;

// Stop, control, unused, then all bytes, then some texts; also such with a byte 0xFF.
std::shared_ptr<const Tokenizer> small_tokenizer() {
  std::vector<std::string> tokens = with_bytes({"ab", "ba", "aab", "a\xFF", "\xFF\x01", "a", "bb"});
  tokens.insert(tokens.begin(), {"<stop>", "<tool>", ""});
  TokenizerInput in;
  in.tokens.assign(tokens.begin(), tokens.end());
  in.kinds.assign(tokens.size(), 0);
  in.kinds[kStop] = static_cast<uint8_t>(TokenKind::kStop);
  in.kinds[kControl] = static_cast<uint8_t>(TokenKind::kControl);
  in.kinds[kUnused] = static_cast<uint8_t>(TokenKind::kUnused);
  return Tokenizer::create(in).value();
}

const std::vector<int32_t> kInteresting{kStop,
                                        kControl,
                                        kUnused,
                                        kFirstText,
                                        kFirstText + 'a',
                                        kFirstText + 'b',
                                        kFirstText + 0xFF,
                                        kFirstText + 256,
                                        kFirstText + 257,
                                        kFirstText + 259,
                                        kFirstText + 260,
                                        kFirstText + 261};

class Generator {
 public:
  Generator(uint32_t seed, Grammar* g) : random_(seed), p_(g->pool) {
    for (int r = 0; r < 3; ++r) rules_.push_back(g->add_rule(r ? "r" + std::to_string(r) : "root"));
    for (RuleId r : rules_) {
      g->define(r, p_.alt(expr(3), p_.literal(pick(2) ? "a" : "b")));
    }
    g->root = rules_[0];
  }
  bool names_control() const { return names_control_; }

 private:
  uint32_t pick(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  Expr tokens() {
    TokenIds ids;
    for (uint32_t n = 1 + pick(3); n > 0; --n) {
      const int32_t id = kInteresting[pick(static_cast<uint32_t>(kInteresting.size()))];
      ids.add(static_cast<uint32_t>(id), static_cast<uint32_t>(id));
    }
    if (pick(4) == 0) return p_.tokens(ids.complement());
    names_control_ = names_control_ || ids.contains(kControl);
    return p_.tokens(ids);
  }
  Expr expr(int depth) {
    switch (depth == 0 ? pick(4) : pick(9)) {
      case 0:
        return p_.literal("a");
      case 1:
        return p_.literal("ab");
      case 2:
        return p_.literal("b");
      case 3:
        return tokens();
      case 4:
      case 5:
        return p_.seq(expr(depth - 1), expr(depth - 1));
      case 6:
        return p_.alt(expr(depth - 1), expr(depth - 1));
      case 7:
        return p_.repeat(expr(depth - 1), pick(2), pick(2) ? kUnbounded : 3);
      default:
        return p_.call(rules_[pick(3)]);
    }
  }
  std::mt19937 random_;
  ExprPool& p_;
  std::vector<RuleId> rules_;
  bool names_control_ = false;
};

// Every way to read the tokens so far, as text or as a whole.
class Model {
 public:
  Model(uint32_t seed, const Tokenizer& t) : tokenizer_(t) {
    Grammar g;
    const bool control = Generator(seed, &g).names_control();
    PossibleTokens possible;
    possible.texts.add(kFirstText, static_cast<uint32_t>(t.vocab_size() - 1));
    possible.all = possible.texts;
    if (control) possible.all.add(kControl, kControl);
    names_control_ = control;
    AutomatonOptions options;
    options.tokens = possible;
    Result<std::unique_ptr<Automaton>> a = Automaton::create(std::move(g), options);
    if (a.ok()) automaton_ = std::move(a).value();
  }
  bool has_string() const { return automaton_ != nullptr; }
  bool allows(int32_t token) const { return !after(token).empty(); }
  void take(int32_t token) { ways_ = after(token); }
  bool complete() const {
    return std::any_of(ways_.begin(), ways_.end(), [&](const std::string& w) {
      ByteWalk walk(automaton_->start(automaton_->grammar().root));
      return walk.read(w) && walk.complete();
    });
  }

 private:
  std::vector<std::string> after(int32_t token) const {
    std::vector<std::string> out;
    auto add = [&](const std::string& text) {
      ByteWalk walk(automaton_->start(automaton_->grammar().root));
      if (walk.read(text)) out.push_back(text);
    };
    const std::string text(tokenizer_.token_bytes(token));
    const bool whole = !text.empty() || (token == kControl && names_control_);
    for (const std::string& w : ways_) {
      if (!text.empty() && text.find('\xFF') == text.npos) add(w + text);
      if (whole) add(w + spelled_token(token));
    }
    return out;
  }
  const Tokenizer& tokenizer_;
  bool names_control_ = false;
  std::unique_ptr<Automaton> automaton_;
  std::vector<std::string> ways_{""};
};

TokenIds ids_of(std::initializer_list<uint32_t> list) {
  TokenIds ids;
  for (uint32_t id : list) ids.add(id, id);
  return ids;
}

}  // namespace

TEST_CASE("whole tokens: masks and acceptance are those of all ways to read the tokens") {
  std::shared_ptr<const Tokenizer> t = small_tokenizer();
  int grammars = 0;
  for (uint32_t seed = 0; seed < 150; ++seed) {
    INFO("seed " << seed);
    Grammar g;
    Generator(seed, &g);
    Compiler::Compiled compiled = try_compile(std::move(g), t);
    Model fresh(seed, *t);
    REQUIRE(compiled.ok() == fresh.has_string());
    if (!compiled.ok()) continue;
    ++grammars;
    if (seed % 2) compiled.value()->warm_up(WarmUpLevel::kFull, std::atomic<bool>{false});
    std::mt19937 random(seed);
    for (int walk = 0; walk < 2; ++walk) {
      std::unique_ptr<Matcher> m = std::move(Matcher::create(compiled.value(), {})).value();
      Model model(seed, *t);
      for (int step = 0; step < 5; ++step) {
        const std::set<int32_t> allowed = allowed_tokens(m.get());
        REQUIRE((allowed.count(kStop) > 0) == model.complete());
        for (int32_t id = 1; id < t->vocab_size(); ++id) {
          INFO("token " << id << " after " << step);
          REQUIRE((allowed.count(id) > 0) == model.allows(id));
        }
        std::vector<int32_t> next(allowed.begin(), allowed.end());
        next.erase(std::remove(next.begin(), next.end(), kStop), next.end());
        if (next.empty()) break;
        std::vector<int32_t> nice;
        for (int32_t id : next) {
          if (std::count(kInteresting.begin(), kInteresting.end(), id)) nice.push_back(id);
        }
        const std::vector<int32_t>& from = nice.empty() ? next : nice;
        const int32_t id = from[random() % from.size()];
        REQUIRE(take(m.get(), id));
        model.take(id);
      }
    }
  }
  CHECK(grammars > 100);
}

TEST_CASE("whole tokens: no text is taken for one, and fork and rollback keep them") {
  std::shared_ptr<const Tokenizer> t = small_tokenizer();
  Grammar g;
  ExprPool& p = g.pool;
  g.root = g.add_rule("root");
  TokenIds ids = ids_of({kFirstText + 256, kControl});
  g.define(g.root, p.seq({p.literal("x"), p.tokens(ids),
                          p.tokens(ids_of({kFirstText + 'y'}).complement())}));
  std::unique_ptr<Matcher> m = start_matcher(std::move(g), t);
  CHECK(take_text(m.get(), "x"));
  CHECK_FALSE(take_text(m.get(), spelled_token(kControl)));
  CHECK_FALSE(take_text(m.get(), "ab"));
  CHECK(allowed_tokens(m.get()) == std::set<int32_t>{kControl, kFirstText + 256});
  REQUIRE(take(m.get(), kControl));
  std::unique_ptr<Matcher> fork = m->clone();
  CHECK_FALSE(take(m.get(), kFirstText + 'y'));
  CHECK_FALSE(take(m.get(), kStop));
  CHECK(take(m.get(), kFirstText + 0xFF));  // a byte that no text has is a token all the same
  CHECK(m->is_accepting());
  REQUIRE(m->rollback(2) == Status::kOk);
  CHECK(take(m.get(), kFirstText + 256));
  CHECK(take(fork.get(), kFirstText + 'z'));
  CHECK(take(fork.get(), kStop));
}

TEST_CASE("whole tokens: sets without a possible token have no string; unknown ids are errors") {
  std::shared_ptr<const Tokenizer> t = small_tokenizer();
  auto compile_set = [&](const TokenIds& ids) {
    Grammar g;
    g.root = g.add_rule("root");
    g.define(g.root, g.pool.tokens(ids));
    return try_compile(std::move(g), t);
  };
  CHECK_FALSE(compile_set(ids_of({kStop})).ok());
  CHECK_FALSE(compile_set(ids_of({kUnused})).ok());
  CHECK(compile_set(ids_of({kControl})).ok());
  Compiler::Compiled unknown = compile_set(ids_of({5, 1000}));
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().message.find("token 1000") != std::string::npos);
  CHECK(unknown.error().message.find(std::to_string(t->vocab_size())) != std::string::npos);
  CHECK_FALSE(compile_set(ids_of({1000}).complement()).ok());
  CHECK(compile_set(TokenIds().complement()).ok());
}

TEST_CASE("whole tokens: a control token is allowed where it is named, and not as any other") {
  std::shared_ptr<const Tokenizer> t = small_tokenizer();
  Grammar g;
  ExprPool& p = g.pool;
  g.root = g.add_rule("root");
  g.define(g.root,
           p.seq(p.tokens(ids_of({kFirstText}).complement()), p.tokens(ids_of({kControl}))));
  std::unique_ptr<Matcher> m = start_matcher(std::move(g), t);
  CHECK_FALSE(take(m.get(), kControl));
  REQUIRE(take(m.get(), kFirstText + 'a'));
  CHECK(allowed_tokens(m.get()) == std::set<int32_t>{kControl});
}

TEST_CASE("whole tokens: behind the end of a prompt that tokens spell") {
  std::shared_ptr<const Tokenizer> t = small_tokenizer();
  Grammar g;
  g.root = g.add_rule("root");
  g.define(g.root, g.pool.tokens(ids_of({kControl})));
  Compiler::Compiled compiled = try_compile(std::move(g), t);
  REQUIRE(compiled.ok());
  MatcherOptions options;
  options.prefix = "ab";
  std::unique_ptr<Matcher> m = std::move(Matcher::create(compiled.value(), options)).value();
  CHECK_FALSE(take(m.get(), kControl));
  REQUIRE(take(m.get(), kFirstText + 'a'));
  REQUIRE(take(m.get(), kFirstText + 'b'));
  CHECK(allowed_tokens(m.get()) == std::set<int32_t>{kControl});
}

TEST_CASE("whole tokens: a vocabulary that cannot spell every text") {
  std::shared_ptr<const Tokenizer> t = make_tokenizer({"<stop>", "ab", "c", "d"}, {0});
  Grammar g;
  ExprPool& p = g.pool;
  g.root = g.add_rule("root");  // "c" must be followed by "a", which no token is, or by token 3
  g.define(g.root, p.alt({p.seq(p.literal("c"), p.literal("a")),
                          p.seq(p.literal("ab"), p.tokens(ids_of({3})))}));
  std::unique_ptr<Matcher> m = start_matcher(std::move(g), t);
  CHECK(allowed_tokens(m.get()) == std::set<int32_t>{1});
  REQUIRE(take(m.get(), 1));
  CHECK(allowed_tokens(m.get()) == std::set<int32_t>{3});
}

TEST_CASE("whole tokens: any number of triggers with bodies of their own") {
  std::vector<std::string> more;
  for (int i = 0; i < 600; ++i) more.push_back("t" + std::to_string(i));
  std::vector<std::string> tokens = with_bytes(more);
  tokens.push_back("<stop>");
  std::shared_ptr<const Tokenizer> t = make_tokenizer(tokens, {856});
  Grammar g;
  ExprPool& p = g.pool;
  g.root = g.add_rule("root");
  std::vector<Expr> branches;
  for (uint32_t i = 0; i < 600; ++i)
    branches.push_back(p.seq(p.tokens(ids_of({256 + i})), p.literal("=" + std::to_string(i))));
  g.define(g.root, p.alt(branches));
  std::unique_ptr<Matcher> m = start_matcher(std::move(g), t);
  CHECK(allowed_tokens(m.get()).size() == 600);
  REQUIRE(take(m.get(), 256 + 321));
  CHECK(take_text(m.get(), "=321"));
  CHECK(m->is_accepting());
}

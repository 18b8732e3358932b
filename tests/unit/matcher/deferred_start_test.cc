// Outputs whose text begins behind a sequence: matcher/deferred_start.cc, matcher/deferred_steps.cc.
#include "matcher/deferred_start.h"

#include <algorithm>
#include <random>

#include "../mask/mask_helpers.h"
#include "matcher/captures.h"
#include "matcher/draft.h"
#include "matcher/matcher.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

using Kinds = std::vector<uint8_t>;

constexpr uint8_t kNormal = static_cast<uint8_t>(TokenKind::kNormal);
constexpr uint8_t kControl = static_cast<uint8_t>(TokenKind::kControl);
constexpr uint8_t kUnused = static_cast<uint8_t>(TokenKind::kUnused);

// Ids 0 to 5, then texts.
enum : int32_t { kStop, kHole, kMark, kNever, kNeverBehind, kFirstText };

struct Vocabulary {
  std::vector<std::string> tokens;
  Kinds kinds;

  explicit Vocabulary(const std::vector<std::string>& texts)
      : tokens{"<stop>", "", "<mark>", "\xFF", "a\xFF"},
        kinds{kNormal, kUnused, kControl, kNormal, kNormal} {
    tokens.insert(tokens.end(), texts.begin(), texts.end());
    kinds.resize(tokens.size(), kNormal);
  }
  std::shared_ptr<const Tokenizer> tokenizer() const {
    TokenizerInput in;
    in.tokens.assign(tokens.begin(), tokens.end());
    in.kinds = kinds;
    in.stop_tokens = {kStop};
    Result<std::shared_ptr<const Tokenizer>> t = Tokenizer::create(in);
    REQUIRE(t.ok());
    return t.value();
  }
  int32_t id(const std::string& text) const {
    const auto at = std::find(tokens.begin(), tokens.end(), text);
    REQUIRE(at != tokens.end());
    return static_cast<int32_t>(at - tokens.begin());
  }
};

const Vocabulary& small_vocabulary() {
  static const Vocabulary v({"a", "b", "<", ">", "ab", "ba", "a<", "<b", "<a>", "b>a", "a>b<",
                             "ab<b>", "b", "<a", "aab", ">ba"});
  return v;
}

std::shared_ptr<const CompiledGrammar> compile(const std::string& text,
                                               std::shared_ptr<const Tokenizer> t) {
  Result<std::unique_ptr<Compiler>> c = Compiler::create(std::move(t), {});
  REQUIRE(c.ok());
  Compiler::Compiled compiled = c.value()->compile(ebnf(text));
  if (!compiled.ok()) MESSAGE(compiled.error().message);
  REQUIRE(compiled.ok());
  return compiled.value();
}

using Made = Result<std::unique_ptr<Matcher>>;

Made make(std::shared_ptr<const CompiledGrammar> g, const StartOptions& start,
          MatcherOptions options = {}) {
  options.start = start;
  return Matcher::create(std::move(g), options);
}

std::unique_ptr<Matcher> matcher_of(std::shared_ptr<const CompiledGrammar> g,
                                    const StartOptions& start, MatcherOptions options = {}) {
  Made m = make(std::move(g), start, std::move(options));
  if (!m.ok()) MESSAGE(m.error().message);
  REQUIRE(m.ok());
  return std::move(m).value();
}

StartSequence bytes(std::string text, bool implicit = false) {
  return {std::move(text), {}, implicit};
}
StartSequence ids(std::vector<int32_t> tokens, bool implicit = false) {
  return {"", std::move(tokens), implicit};
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

MaskKind fill(const Matcher& m, std::vector<bool>* mask) {
  std::vector<uint32_t> words(m.grammar()->tokenizer()->mask_words(), 0xDEADBEEF);
  MaskKind kind = MaskKind::kTerminated;
  REQUIRE(m.fill_bitmask(words.data(), words.size(), &kind) == Status::kOk);
  mask->clear();
  for (int32_t id = 0; id < m.grammar()->tokenizer()->vocab_size(); ++id)
    mask->push_back(bit(words, id));
  return kind;
}

std::vector<bool> mask_of(const Matcher& m) {
  std::vector<bool> mask;
  fill(m, &mask);
  return mask;
}

std::vector<int32_t> allowed_of(const Matcher& m) {
  const std::vector<bool> mask = mask_of(m);
  std::vector<int32_t> out;
  for (size_t t = 0; t < mask.size(); ++t) {
    if (mask[t]) out.push_back(static_cast<int32_t>(t));
  }
  return out;
}

// What was taken: a token, or bytes where it is negative.
struct Taken {
  int32_t token;
  std::string text;
};

// The same, read off its whole history with nothing but comparisons of texts.
class Naive {
 public:
  Naive(const Vocabulary& v, std::shared_ptr<const CompiledGrammar> g, StartOptions o)
      : v_(v), grammar_(std::move(g)), o_(std::move(o)) {}

  // Whether the last of the steps is accepted behind the others, which are.
  bool accepts(const std::vector<Taken>& steps) {
    std::string text;
    std::vector<int32_t> tokens;
    uint32_t count = 0;
    std::unique_ptr<Matcher> inner;
    for (const Taken& s : steps) {
      const bool is_token = s.token >= 0;
      if (inner) {
        if (!(is_token ? accept(inner.get(), s.token) : accept_text(inner.get(), s.text)))
          return false;
        continue;
      }
      const bool spent = o_.max_tokens && count >= *o_.max_tokens;
      if (s.token == kStop) return o_.may_end && !spent;
      const auto& no = o_.forbidden;
      if (s.token == kHole || (is_token && std::find(no.begin(), no.end(), s.token) != no.end()))
        return false;
      const bool mute = is_token && v_.kinds[static_cast<size_t>(s.token)] != kNormal;
      const std::string added = mute       ? ""
                                : is_token ? v_.tokens[static_cast<size_t>(s.token)]
                                           : s.text;
      if (spent && !goes_on(text, tokens, s.token, added)) return false;
      if (is_token) {
        tokens.push_back(s.token);
        ++count;
        if (mute) text.clear();
        if (const StartSequence* found = find_tokens(tokens)) {
          inner = started();
          if (!found->implicit) continue;
          if (found->tokens.size() == 1) {
            if (!accept(inner.get(), s.token)) return false;
            continue;
          }
          std::string all;
          for (int32_t t : found->tokens) all += v_.tokens[static_cast<size_t>(t)];
          if (!accept_text(inner.get(), all)) return false;
          continue;
        }
      } else if (!added.empty()) {
        tokens.clear();
      }
      for (size_t i = 0; i < added.size() && !inner; ++i) {
        text += added[i];
        const StartSequence* found = find_bytes(text);
        if (!found) continue;
        inner = started();
        std::string given = added.substr(i + 1);
        if (found->implicit) given = found->bytes + given;
        const bool whole = is_token && given == added && found->implicit;
        if (!(whole ? accept(inner.get(), s.token) : accept_text(inner.get(), given))) return false;
      }
    }
    return true;
  }

 private:
  std::unique_ptr<Matcher> started() { return std::move(Matcher::create(grammar_, {})).value(); }
  const StartSequence* find_bytes(const std::string& text) const {
    const StartSequence* best = nullptr;
    for (const StartSequence& s : o_.sequences) {
      if (!s.bytes.empty() && text.ends_with(s.bytes) &&
          (!best || s.bytes.size() > best->bytes.size()))
        best = &s;
    }
    return best;
  }
  const StartSequence* find_tokens(const std::vector<int32_t>& tokens) const {
    const StartSequence* best = nullptr;
    for (const StartSequence& s : o_.sequences) {
      if (s.tokens.empty() || s.tokens.size() > tokens.size()) continue;
      if (!std::equal(s.tokens.rbegin(), s.tokens.rend(), tokens.rbegin())) continue;
      if (!best || s.tokens.size() > best->tokens.size()) best = &s;
    }
    return best;
  }
  bool goes_on(const std::string& text, const std::vector<int32_t>& tokens, int32_t token,
               const std::string& added) const {
    const StartSequence& s = o_.sequences[o_.forced];
    if (token < 0 && added.empty()) return true;
    if (!s.tokens.empty()) {
      size_t n = std::min(tokens.size(), s.tokens.size() - 1);
      while (!std::equal(s.tokens.begin(), s.tokens.begin() + static_cast<std::ptrdiff_t>(n),
                         tokens.end() - static_cast<std::ptrdiff_t>(n)))
        --n;
      return token == s.tokens[n];
    }
    size_t n = std::min(text.size(), s.bytes.size() - 1);
    while (!text.ends_with(s.bytes.substr(0, n))) --n;
    const std::string left = s.bytes.substr(n);
    return !added.empty() && (left.starts_with(added) || added.starts_with(left));
  }

  const Vocabulary& v_;
  std::shared_ptr<const CompiledGrammar> grammar_;
  StartOptions o_;
};

// Everything that says what may come next says what the naive reading says.
void check_place(Matcher* m, Naive* naive, std::vector<Taken> steps, const Vocabulary& v) {
  const size_t size = m->history_size();
  std::vector<bool> mask;
  const MaskKind kind = fill(*m, &mask);
  REQUIRE((kind == MaskKind::kAll) == (std::find(mask.begin(), mask.end(), false) == mask.end()));
  const uint32_t* lent = nullptr;
  MaskKind lent_kind = MaskKind::kSome;
  REQUIRE(m->lend_bitmask(&lent, &lent_kind) == Status::kOk);
  REQUIRE(lent_kind == kind);
  REQUIRE(mask[kStop] == m->is_accepting());
  for (int32_t t = 0; t < static_cast<int32_t>(v.tokens.size()); ++t) {
    INFO("token " << t << " " << v.tokens[static_cast<size_t>(t)]);
    steps.push_back({t, ""});
    const bool expected = naive->accepts(steps);
    steps.pop_back();
    REQUIRE(mask[static_cast<size_t>(t)] == expected);
    REQUIRE(bit({lent, lent + m->grammar()->tokenizer()->mask_words()}, t) == expected);
    bool allowed = !expected;
    REQUIRE(m->is_token_allowed(t, &allowed) == Status::kOk);
    REQUIRE(allowed == expected);
    size_t valid = 7;
    const std::vector<int32_t> one{t};
    REQUIRE(m->validate_tokens(one, &valid) == Status::kOk);
    REQUIRE(valid == (expected ? 1 : 0));
    REQUIRE(accept(m, t) == expected);
    REQUIRE(m->history_size() == size + expected);
    if (expected) REQUIRE(m->rollback(1) == Status::kOk);
  }
  REQUIRE(mask_of(*m) == mask);
}

StartOptions random_start(std::mt19937& random, const Vocabulary& v) {
  StartOptions o;
  const int32_t size = static_cast<int32_t>(v.tokens.size());
  for (size_t n = 1 + random() % 3; n > 0; --n) {
    StartSequence s;
    const size_t length = 1 + random() % 3;
    if (random() % 3 > 0) {
      while (s.bytes.size() < length) s.bytes += "ab<>"[random() % 4];
    } else {
      while (s.tokens.size() < length)
        s.tokens.push_back(
            static_cast<int32_t>(kMark + random() % static_cast<uint32_t>(size - kMark)));
    }
    s.implicit = random() % 3 == 0;
    o.sequences.push_back(std::move(s));
  }
  if (random() % 3 == 0)
    o.forbidden.push_back(static_cast<int32_t>(random() % static_cast<uint32_t>(size)));
  o.may_end = random() % 3 == 0;
  if (random() % 2 == 0) {
    o.max_tokens = random() % 4;
    o.forced = random() % o.sequences.size();
  }
  return o;
}

const std::vector<std::string>& grammars() {
  static const std::vector<std::string> all{
      "root ::= [ab]* \">\"?",
      "root ::= \"<\" [ab]+ \">\"",
      "root ::= (Token(2) | \"ab\" | Token(9)) [ab]{0,3}",
      "root ::= \"a\" x \"b\" | \"<a>\"\nx[max_tokens=2] ::= [ab<]*",
      "root ::= [ab<>]{2,4}",
  };
  return all;
}

}  // namespace

TEST_CASE("deferred start: masks, questions and steps say what a naive reading says") {
  const Vocabulary& v = small_vocabulary();
  const std::shared_ptr<const Tokenizer> t = v.tokenizer();
  std::mt19937 random(17);
  int made = 0;
  for (const std::string& text : grammars()) {
    INFO(text);
    const std::shared_ptr<const CompiledGrammar> grammar = compile(text, t);
    for (int round = 0; round < 120; ++round) {
      const StartOptions o = random_start(random, v);
      Made result = make(grammar, o);
      if (!result.ok()) continue;
      ++made;
      std::unique_ptr<Matcher> m = std::move(result).value();
      Naive naive(v, grammar, o);
      std::vector<Taken> steps;
      for (int i = 0; i < 14; ++i) {
        std::string shown;
        for (const Taken& s : steps)
          shown += s.token < 0 ? "'" + s.text + "' " : v.tokens[static_cast<size_t>(s.token)] + " ";
        INFO("round " << round << " behind " << shown);
        if (m->is_terminated()) break;
        check_place(m.get(), &naive, steps, v);
        const uint32_t dice = random() % 8;
        if (dice == 0 && !steps.empty()) {
          const size_t back = 1 + random() % steps.size();
          REQUIRE(m->rollback(back) == Status::kOk);
          steps.resize(steps.size() - back);
        } else if (dice == 1) {
          m = m->clone();
        } else if (dice == 2) {
          std::string added;
          for (size_t n = random() % 4; n > 0; --n) added += "ab<>"[random() % 4];
          steps.push_back({-1, added});
          const bool expected = naive.accepts(steps);
          REQUIRE(accept_text(m.get(), added) == expected);
          if (!expected) steps.pop_back();
        } else {
          const std::vector<int32_t> allowed = allowed_of(*m);
          if (allowed.empty()) break;
          const int32_t next = allowed[random() % allowed.size()];
          REQUIRE(accept(m.get(), next));
          if (next == kStop) break;
          steps.push_back({next, ""});
        }
      }
      m->reset();
      check_place(m.get(), &naive, {}, v);
    }
  }
  CHECK(made > 300);
}

TEST_CASE("deferred start: a free output is all allowed, and told as such") {
  const Vocabulary v({"a", "<", "{", "}", "<{"});
  Vocabulary whole = v;
  whole.tokens.erase(whole.tokens.begin() + kHole);
  whole.kinds.erase(whole.kinds.begin() + kHole);
  std::shared_ptr<const CompiledGrammar> g = compile("root ::= \"{}\"", whole.tokenizer());
  StartOptions o{.sequences = {bytes("<")}, .may_end = true};
  std::unique_ptr<Matcher> m = matcher_of(g, o);
  std::vector<bool> mask;
  CHECK(fill(*m, &mask) == MaskKind::kAll);
  const uint32_t* words = nullptr;
  MaskKind kind = MaskKind::kSome;
  CHECK(m->lend_bitmask(&words, &kind) == Status::kOk);
  CHECK(kind == MaskKind::kAll);
  REQUIRE(accept(m.get(), kStop));
  CHECK(m->is_terminated());
  CHECK(fill(*m, &mask) == MaskKind::kTerminated);
  REQUIRE(m->rollback(1) == Status::kOk);
  REQUIRE(accept(m.get(), whole.id("<")));
  CHECK(allowed_of(*m) == std::vector<int32_t>{whole.id("{")});
  // Without a stop token before the text, and without what the grammar refuses behind the start.
  o.may_end = false;
  m = matcher_of(compile("root ::= \"}\"", whole.tokenizer()), o);
  CHECK(fill(*m, &mask) == MaskKind::kSome);
  CHECK_FALSE(mask[kStop]);
  CHECK_FALSE(mask[static_cast<size_t>(whole.id("<{"))]);
  CHECK(std::count(mask.begin(), mask.end(), false) == 2);
}

TEST_CASE("deferred start: a budget forces the rest of the sequence, across tokens") {
  const Vocabulary v({"a", "<", "/", "t", ">", "</", "</t>", "</t>a", "t>", "t>b", "a<"});
  std::shared_ptr<const CompiledGrammar> g = compile("root ::= [a]+", v.tokenizer());
  std::unique_ptr<Matcher> m =
      matcher_of(g, {.sequences = {bytes("</t>")}, .may_end = true, .max_tokens = 2});
  REQUIRE(accept(m.get(), v.id("a")));
  std::unique_ptr<Matcher> other = m->clone();
  REQUIRE(accept(m.get(), v.id("a")));
  CHECK_FALSE(m->is_accepting());
  CHECK(allowed_of(*m) == std::vector<int32_t>{v.id("<"), v.id("</"), v.id("</t>"), v.id("</t>a")});
  uint8_t forced[16];
  size_t size = 0;
  CHECK(m->forced_bytes(true, forced, &size) == Status::kOk);
  CHECK(std::string(forced, forced + size) == "</t>a");
  REQUIRE(accept(other.get(), v.id("a<")));
  CHECK(allowed_of(*other) == std::vector<int32_t>{v.id("/")});
  REQUIRE(accept(other.get(), v.id("/")));
  CHECK(allowed_of(*other) == std::vector<int32_t>{v.id("t"), v.id("t>")});
  CHECK(other->forced_bytes(true, {forced, 1}, &size) == Status::kOk);
  CHECK(std::string(forced, forced + size) == "t");
  REQUIRE(accept(other.get(), v.id("t>")));
  CHECK(allowed_of(*other) == std::vector<int32_t>{v.id("a")});
  CHECK(other->rollback(3) == Status::kOk);
  CHECK(mask_of(*other)[static_cast<size_t>(v.id("t>b"))]);
}

TEST_CASE("deferred start: a budget forces ids, and a deadline a call") {
  const Vocabulary v({"a", "b", "c"});
  const int32_t a = v.id("a"), b = v.id("b");
  std::shared_ptr<const CompiledGrammar> g = compile("root ::= \"ab\" \"c\"", v.tokenizer());
  std::unique_ptr<Matcher> m =
      matcher_of(g, {.sequences = {ids({kMark}), ids({a, b}, true)}, .max_tokens = 3, .forced = 1});
  for (int32_t t : {b, b, a}) REQUIRE(accept(m.get(), t));
  int32_t tokens[4];
  size_t count = 0;
  CHECK(m->forced_tokens(nullptr, tokens, &count) == Status::kOk);
  CHECK(std::vector<int32_t>(tokens, tokens + count) == std::vector<int32_t>{b, v.id("c")});
  REQUIRE(accept(m.get(), b));
  CHECK(allowed_of(*m) == std::vector<int32_t>{v.id("c")});
  // At once.
  m = matcher_of(g, {.sequences = {ids({kMark})}, .max_tokens = 0});
  CHECK(allowed_of(*m) == std::vector<int32_t>{kMark});
}

TEST_CASE("deferred start: only places from which tokens spell the rest count") {
  // `x<` is a token, `>` alone is none.
  const Vocabulary v({"x", "x<", "<>", "y"});
  std::shared_ptr<const CompiledGrammar> g = compile("root ::= \"y\"", v.tokenizer());
  std::unique_ptr<Matcher> m = matcher_of(g, {.sequences = {bytes("<>")}, .max_tokens = 1});
  REQUIRE(accept(m.get(), v.id("x<")));
  CHECK(allowed_of(*m) == std::vector<int32_t>{v.id("<>")});
  REQUIRE(accept(m.get(), v.id("<>")));
  CHECK(allowed_of(*m) == std::vector<int32_t>{v.id("y")});
}

TEST_CASE("deferred start: filters, drafts and cancelled calls") {
  const Vocabulary v({"a", "<", "{", "}"});
  std::shared_ptr<const CompiledGrammar> g = compile("root ::= \"{}\"", v.tokenizer());
  std::unique_ptr<Matcher> m = matcher_of(g, {.sequences = {bytes("<")}});
  std::vector<uint32_t> only{1u << v.id("a") | 1u << v.id("<")};
  REQUIRE(m->set_filter(only) == Status::kOk);
  CHECK(allowed_of(*m) == std::vector<int32_t>{v.id("a"), v.id("<")});
  CHECK_FALSE(accept(m.get(), v.id("{")));
  REQUIRE(m->set_filter({}) == Status::kOk);
  const std::vector<int32_t> draft{v.id("a"), v.id("<"), v.id("{"), v.id("a")};
  std::vector<uint32_t> rows(draft.size() + 1);
  std::vector<int32_t> kinds(rows.size());
  size_t valid = 0;
  REQUIRE(fill_draft(m.get(), draft, {rows.data(), 1, kinds.data()}, &valid) == Status::kOk);
  CHECK(valid == 3);
  CHECK(rows[2] == 1u << v.id("{"));
  CHECK(rows[3] == 1u << v.id("}"));
  CHECK(m->history_size() == 0);
}

TEST_CASE("deferred start: captures and temperatures belong to the text") {
  const Vocabulary v({"a", "b", "<", ">", "<a"});
  std::shared_ptr<const CompiledGrammar> g =
      compile("root ::= x \">\"\nx[capture, temperature=0.5] ::= \"<\"? [ab]*", v.tokenizer());
  for (bool implicit : {false, true}) {
    std::unique_ptr<Matcher> m = matcher_of(g, {.sequences = {bytes("<", implicit)}});
    std::vector<Capture> found;
    REQUIRE(accept(m.get(), v.id("b")));
    CHECK(m->is_waiting());
    CHECK_FALSE(m->temperature().has_value());
    REQUIRE(m->find_captures(true, &found) == Status::kOk);
    CHECK(found.empty());
    for (const char* text : {"b", "<a", "b", ">"}) REQUIRE(accept(m.get(), v.id(text)));
    REQUIRE(m->find_captures(false, &found) == Status::kOk);
    REQUIRE(found.size() == 1);
    CHECK(found[0].text == (implicit ? "<ab" : "ab"));
    CHECK_FALSE(m->is_waiting());
    REQUIRE(m->rollback(1) == Status::kOk);
    CHECK(m->temperature() == 0.5f);
    REQUIRE(m->rollback(2) == Status::kOk);
    REQUIRE(m->find_captures(false, &found) == Status::kOk);
    CHECK(found.empty());
  }
}

TEST_CASE("deferred start: what is no start is an error that says so") {
  const Vocabulary v({"a", "b", "<", "<>"});
  std::shared_ptr<const CompiledGrammar> g = compile("root ::= \"a\" | Token(2)", v.tokenizer());
  auto message = [&](const StartOptions& o, const MatcherOptions& options = {}) {
    Made m = make(g, o, options);
    REQUIRE_FALSE(m.ok());
    return m.error().message;
  };
  CHECK(message({}) == "there is no sequence that starts the text; expected one at least");
  CHECK(message({.sequences = {bytes("a"), bytes("")}}) ==
        "start 1 is empty; expected either bytes or tokens");
  CHECK(message({.sequences = {{"a", {kMark}, false}}}) ==
        "start 0 has bytes and tokens; expected either bytes or tokens");
  CHECK(message({.sequences = {bytes("a\xFF")}}) ==
        "start 0 has byte 255 at offset 1, which is in no UTF-8 text");
  CHECK(message({.sequences = {ids({99})}}) ==
        "start 0 has token 99, which is not a token id: expected 0 to 8");
  CHECK(message({.sequences = {ids({-1})}}) ==
        "start 0 has token -1, which is not a token id: expected 0 to 8");
  CHECK(message({.sequences = {ids({kStop})}}) == "start 0 has token 0, which is a stop token");
  CHECK(message({.sequences = {ids({kHole})}}) ==
        "start 0 has token 1, which is unused or forbidden");
  CHECK(message({.sequences = {ids({kMark})}, .forbidden = {kMark}}) ==
        "start 0 has token 2, which is unused or forbidden");
  CHECK(message({.sequences = {ids({kMark})}, .forbidden = {9}}) ==
        "forbidden token 9 is not a token id: expected 0 to 8");
  CHECK(message({.sequences = {ids({kMark})}, .forbidden = {kStop}, .may_end = true})
            .starts_with("forbidden token 0 is a stop token"));
  CHECK(message({.sequences = {ids({kMark})}, .max_tokens = 1, .forced = 1}) ==
        "the sequence to force is start 1; expected 0 to 0");
  CHECK(message({.sequences = {bytes(">")}}).starts_with("the text could never begin"));
  CHECK(message({.sequences = {bytes("<>")}, .forbidden = {v.id("<>")}})
            .starts_with("the text could never begin"));
  CHECK(message({.sequences = {ids({kMark}), bytes(">")}, .max_tokens = 9, .forced = 1})
            .starts_with("start 1 cannot be forced"));
  CHECK(message({.sequences = {ids({kMark}), bytes("b", true)}}) ==
        "start 1 is implicit, but no string of the grammar begins with it");
  CHECK(message({.sequences = {ids({kMark, kMark}, true)}})
            .starts_with("start 0 has token 2, which has no text"));
  MatcherOptions healed;
  healed.prefix = "a";
  CHECK(message({.sequences = {bytes("a")}}, healed).starts_with("an output that waits"));
  StartOptions large{.sequences = {bytes(std::string(DeferredStart::kMaxSymbols + 1, 'a'))}};
  Made m = make(g, large);
  REQUIRE_FALSE(m.ok());
  CHECK(m.error().code == Status::kLimitExceeded);
  // A control token may be the first of the text where the grammar names it.
  CHECK(make(g, {.sequences = {ids({kMark}, true)}}).ok());
}

TEST_CASE("deferred start: thousands of sequences, equal ones, prefixes of each other") {
  std::vector<std::string> texts;
  for (int b = 0x20; b < 0x7F; ++b) texts.push_back(std::string(1, static_cast<char>(b)));
  for (const std::string& t : random_tokens(3, 400)) texts.push_back(t);
  const Vocabulary v(texts);
  std::shared_ptr<const CompiledGrammar> g = compile("root ::= [a-z]+", v.tokenizer());
  std::mt19937 random(4);
  StartOptions o;
  for (int i = 0; i < 5000; ++i) {
    std::string text = "<";
    for (size_t n = random() % 12; n > 0; --n) text += "ab<"[random() % 3];
    o.sequences.push_back(bytes(text + ">"));
  }
  o.sequences.push_back(bytes(std::string(20000, '<') + ">"));
  std::unique_ptr<Matcher> m = matcher_of(g, o);
  Naive naive(v, g, o);
  std::vector<Taken> steps;
  for (const char* text : {"a", "<", "b", "<", "<", "a"}) {
    REQUIRE(accept(m.get(), v.id(text)));
    steps.push_back({v.id(text), ""});
  }
  check_place(m.get(), &naive, steps, v);
  REQUIRE(accept_text(m.get(), std::string(30000, '<')));
  CHECK(mask_of(*m)[static_cast<size_t>(v.id("<"))]);
  REQUIRE(accept(m.get(), v.id(">")));
  CHECK_FALSE(mask_of(*m)[static_cast<size_t>(v.id(">"))]);
}

TEST_CASE("deferred start: the history of a long wait is shared by clones") {
  const Vocabulary v({"a", "<", "{", "}"});
  std::shared_ptr<const CompiledGrammar> g = compile("root ::= \"{}\"", v.tokenizer());
  std::unique_ptr<Matcher> m = matcher_of(g, {.sequences = {bytes("<")}});
  for (int i = 0; i < 20000; ++i) REQUIRE(accept(m.get(), v.id("a")));
  std::unique_ptr<Matcher> copy = m->clone();
  REQUIRE(accept(copy.get(), v.id("<")));
  REQUIRE(accept(m.get(), v.id("a")));
  CHECK(allowed_of(*copy) == std::vector<int32_t>{v.id("{")});
  REQUIRE(copy->rollback(20001) == Status::kOk);
  CHECK(mask_of(*copy) == mask_of(*m));
  CHECK(m->memory_bytes() < 20000 * 64);
}

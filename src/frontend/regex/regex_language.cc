// Regular expressions with look-arounds, atomic groups and \b as generated expressions.
//
// Entry point: add_regex_language. Each demand of the engine is a lazy node; unfolding it gives one
// character and the demands behind it, or an ordinary expression as soon as nothing depends on its
// surroundings any more. What no text can meet is left out: a search forwards for an end decides,
// and remembers.
//
//   \bab*  ->  lazy(0)  ->  [a] b*            a\bb  ->  nothing
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/.
#include "frontend/regex/regex_language.h"

#include <memory>
#include <utility>

namespace xgr::core {

Expr RegexLanguage::at(ExprPool& pool, Demand d, uint32_t mode) const {
  Expr plain = engine_.plain(d);
  if (plain != kNoExpr) return plain;
  bool all = d == RegexEngine::kNothing || engine_.facts(d, pool).all;
  if (all) return pool.star(pool.char_class(CharSet::all()));
  return pool.lazy(id_, {d, mode, 0});
}

Expr RegexLanguage::unfold(ExprPool& pool, const Args& args) const {
  const auto [d, mode, unused] = args;
  notice_alphabet(pool);
  const RegexEngine::Facts& facts = engine_.facts(d, pool);
  std::vector<Expr> branches = facts.plain;
  if (facts.nullable) branches.push_back(pool.epsilon());
  for (const RegexEngine::Step& s : facts.steps) {
    if (!live(pool, s.next, mode)) continue;
    branches.push_back(pool.seq(pool.char_class(s.set), at(pool, s.next, mode)));
  }
  return pool.alt(branches);
}

bool RegexLanguage::nullable(const ExprPool& pool, const Args& args) const {
  return engine_.facts(args[0], pool).nullable;
}

Expr RegexLanguage::witness(ExprPool& pool, const Args& args) const {
  notice_alphabet(pool);
  return live(pool, args[0], args[1]) ? pool.epsilon() : pool.empty();
}

// What has been found dead may be so only because the vocabulary cannot spell it.
void RegexLanguage::notice_alphabet(const ExprPool& pool) const {
  std::array<bool, 256> now;
  for (size_t b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    now[b] = pool.spells(std::string_view(&byte, 1));
  }
  if (now != alphabet_) life_[kAsIs].clear();
  alphabet_ = now;
}

bool RegexLanguage::ends_here(ExprPool& pool, Demand d, uint32_t mode) const {
  auto may_end = [&](Expr plain) { return mode == kSpelled || !pool.dead(plain); };
  Expr plain = engine_.plain(d);
  if (plain != kNoExpr) return may_end(plain);
  const RegexEngine::Facts& facts = engine_.facts(d, pool);
  if (facts.nullable || facts.all) return true;
  for (Expr e : facts.plain) {
    if (may_end(e)) return true;
  }
  return false;
}

// Breadth first: an end is mostly near, where a deep search would first run counters to theirs.
bool RegexLanguage::live(ExprPool& pool, Demand start, uint32_t mode) const {
  std::vector<Life>& life = life_[mode];
  std::vector<std::pair<Demand, size_t>> queue{{start, SIZE_MAX}};  // and what led there
  std::vector<bool> seen;
  for (size_t i = 0; i < queue.size(); ++i) {
    const Demand d = queue[i].first;
    if (life.size() <= d) life.resize(d + 1, kNotAsked);
    if (life[d] == kDead) continue;
    if (life[d] == kLive || ends_here(pool, d, mode)) {
      for (size_t at = i; at != SIZE_MAX; at = queue[at].second) life[queue[at].first] = kLive;
      return true;
    }
    pool.charge(1);
    for (const RegexEngine::Step& s : engine_.facts(d, pool).steps) {
      if (seen.size() <= s.next) seen.resize(s.next + 1);
      if (seen[s.next]) continue;
      if (mode == kAsIs && pool.dead(pool.char_class(s.set))) continue;
      seen[s.next] = true;
      queue.push_back({s.next, i});
    }
  }
  for (const auto& [d, from] : queue) life[d] = kDead;
  return false;
}

Expr add_regex_language(ExprPool& pool, RegexProgram program) {
  auto generator = std::make_unique<RegexLanguage>(std::move(program));
  RegexLanguage* raw = generator.get();
  raw->set_id(pool.add_generator(std::move(generator)));
  return raw->start(pool);
}

}  // namespace xgr::core

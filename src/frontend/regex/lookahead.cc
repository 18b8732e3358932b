// Exact treatment of look-aheads that are not repeated.
//
// Entry point: LookaheadAlgebra. A look-ahead says something about all of the text behind the place
// where it stands, not only about what its group matches. So a part of a pattern with look-aheads
// is kept as the ways through it, each a row of steps, until the whole pattern is there; then a way
// is put together from its end: the texts that may follow a place are those that match the next
// step and go on as they should, and a look-ahead intersects them with a language of its own. ^
// behind a look-ahead needs to know whether anything was matched before it, hence the two sets of
// Suffixes.
//
//   a(?!b).*$   ->  a (.* & ~(b .*))        (a(?=b)|c)d  ->  ways a (?=b) d and c d
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/lookahead.case.
#include "frontend/regex/lookahead.h"

#include <algorithm>

namespace xgr::core {

bool LookaheadAlgebra::seq(std::span<const RegexPart> parts, RegexPart* out) {
  *out = RegexPart();
  if (std::all_of(parts.begin(), parts.end(), [](const RegexPart& p) { return p.is_plain(); })) {
    plain_.clear();
    for (const RegexPart& p : parts) plain_.push_back(p.plain);
    out->plain = anchored_.seq(plain_);
    return true;
  }
  out->ways.emplace_back();
  for (const RegexPart& p : parts) {
    if (p.is_plain()) {
      for (Way& way : out->ways) way.push_back({false, p.plain, {}});
      continue;
    }
    if (out->ways.size() * p.ways.size() > kMaxWays) return false;
    if (p.ways.size() == 1) {
      for (Way& way : out->ways) way.insert(way.end(), p.ways[0].begin(), p.ways[0].end());
      continue;
    }
    std::vector<Way> product;
    for (const Way& head : out->ways) {
      for (const Way& tail : p.ways) {
        product.push_back(head);
        product.back().insert(product.back().end(), tail.begin(), tail.end());
      }
    }
    out->ways = std::move(product);
  }
  return true;
}

bool LookaheadAlgebra::alt(std::span<const RegexPart> branches, RegexPart* out) {
  *out = RegexPart();
  plain_.clear();
  for (const RegexPart& b : branches) {
    if (b.is_plain()) plain_.push_back(b.plain);
    out->ways.insert(out->ways.end(), b.ways.begin(), b.ways.end());
  }
  Anchored plain = plain_.size() == 1 ? plain_[0] : anchored_.alt(plain_);
  if (out->is_plain()) {
    out->plain = plain;
  } else if (!plain_.empty()) {
    out->ways.push_back({{false, plain, {}}});
  }
  return out->ways.size() <= kMaxWays;
}

bool LookaheadAlgebra::repeat(RegexPart* part, uint32_t min, uint32_t max) {
  if (part->is_plain()) {
    part->plain = anchored_.repeat(part->plain, min, max);
    return true;
  }
  if (max > 1) return false;
  if (max == 0) part->ways.clear();
  if (min == 0) part->ways.push_back({{false, anchored_.plain(pool_.epsilon()), {}}});
  return true;
}

RegexPart LookaheadAlgebra::look(const RegexPart& body, bool negative) {
  Expr anything = pool_.star(any_);
  Suffixes ahead = before(body, {anything, anything});
  if (negative) ahead = {pool_.complement(ahead.at_start), pool_.complement(ahead.inside)};
  RegexPart out;
  out.ways.push_back({{true, {}, ahead}});
  return out;
}

Expr LookaheadAlgebra::not_empty(Expr e) {
  return pool_.nullable(e) ? pool_.intersect(e, pool_.plus(any_)) : e;
}

// `match` at the beginning of the text, then what may follow it.
Expr LookaheadAlgebra::then(Expr match, Suffixes after) {
  if (after.at_start == after.inside || !pool_.nullable(match)) {
    return pool_.seq(match, after.inside);
  }
  return pool_.alt(after.at_start, pool_.seq(not_empty(match), after.inside));
}

// `match` as the whole text, if nothing has to follow.
Expr LookaheadAlgebra::then_end(Expr match, Suffixes after) {
  Expr out = pool_.nullable(after.inside) ? not_empty(match) : pool_.empty();
  if (!pool_.nullable(match) || !pool_.nullable(after.at_start)) return out;
  return pool_.alt(out, pool_.epsilon());
}

Suffixes LookaheadAlgebra::before(const Anchored& x, Suffixes after) {
  Suffixes out;
  out.at_start = pool_.alt({then(x.anywhere(), after), then(x.at_start(), after),
                            then_end(x.at_end(), after), then_end(x.as_whole(), after)});
  Expr ending = pool_.nullable(after.inside) ? x.at_end() : pool_.empty();
  out.inside = pool_.alt(pool_.seq(x.anywhere(), after.inside), ending);
  return out;
}

Suffixes LookaheadAlgebra::before(const Way& way, Suffixes after) {
  for (size_t i = way.size(); i-- > 0;) {
    const Step& step = way[i];
    if (step.look) {
      after.at_start = pool_.intersect(after.at_start, step.ahead.at_start);
      after.inside = pool_.intersect(after.inside, step.ahead.inside);
    } else {
      after = before(step.match, after);
    }
  }
  return after;
}

Suffixes LookaheadAlgebra::before(const RegexPart& part, Suffixes after) {
  if (part.is_plain()) return before(part.plain, after);
  Suffixes out;
  for (const Way& way : part.ways) {
    Suffixes one = before(way, after);
    out.at_start = pool_.alt(out.at_start, one.at_start);
    out.inside = pool_.alt(out.inside, one.inside);
  }
  return out;
}

Expr LookaheadAlgebra::whole(const RegexPart& x) {
  if (x.is_plain()) return anchored_.whole(x.plain);
  return before(x, {pool_.epsilon(), pool_.epsilon()}).at_start;
}

Expr LookaheadAlgebra::search(const RegexPart& x) {
  if (x.is_plain()) return anchored_.search(x.plain);
  Expr anything = pool_.star(any_);
  Suffixes out = before(x, {anything, anything});
  return pool_.alt(out.at_start, pool_.seq(pool_.plus(any_), out.inside));
}

}  // namespace xgr::core

// Objects with declared members in order, required ones, and other names at the end.
//
// Entry point: ObjectGenerator::start. A state is (members passed, properties counted); before a
// key the next ones up to the next required member are offered, so 900 optional properties are one
// node, and reading a key narrows a range of the sorted keys. Members whose value has no string are
// never offered; when a required one has none, nothing is.
//
//   {a?, b, c?}:  { -> a or b -> ... after b: c, others or }
//
// Tests: tests/unit/frontend/json_schema/object_generator_test.cc,
// tests/cases/json_schema/object.case.
#include "frontend/json_schema/object_generator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <numeric>

#include "support/sort_unique.h"

namespace xgr::core {
namespace {

constexpr uint32_t kNever = kMaxWantedRules + 1;

bool live(const ExprPool& pool, const ObjectSpec::OtherNames& o) {
  return !pool.dead(o.name) && !pool.dead(o.value);
}

bool live(const ExprPool& pool, const std::vector<ObjectSpec::OtherNames>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const ObjectSpec::OtherNames& o) { return live(pool, o); });
}

// One more expression in the place of a longer one, so that sums of sums stay small: it has a string
// where that has.
Expr opaque(ExprPool& pool, Expr e) {
  const ExprKind kind = pool.node(e).kind;
  return kind == ExprKind::kSeq || kind == ExprKind::kAlt ? pool.repeat(e, 2, 2) : e;
}

// An expression that has a string iff at least `count` of the values have one. A network sorts the
// values by whether they have (Batcher's odd-even merge sort, 1968), so that it takes n log(n)^2
// expressions, fewer for equal values.
Expr at_least(ExprPool& pool, uint32_t count, std::vector<Expr> values) {
  if (count == 0) return pool.epsilon();
  if (count > values.size()) return pool.empty();
  std::sort(values.begin(), values.end());
  const size_t n = std::bit_ceil(values.size());
  values.resize(n, pool.empty());
  auto compare = [&](size_t i, size_t j) {
    const Expr x = values[i], y = values[j];
    if (x == y || y == pool.empty()) return;
    values[i] = x == pool.empty() ? y : pool.alt(opaque(pool, x), opaque(pool, y));
    values[j] = x == pool.empty() ? x : pool.seq(opaque(pool, x), y);
  };
  for (size_t p = 1; p < n; p *= 2) {
    for (size_t k = p; k > 0; k /= 2) {
      for (size_t j = k % p; j + k < n; j += 2 * k) {
        for (size_t i = j; i < std::min(j + k, n - k); ++i) {
          if (i / (2 * p) == (i + k) / (2 * p)) compare(i, i + k);
        }
      }
    }
  }
  return values[count - 1];
}

}  // namespace

Expr add_object(ExprPool& pool, ObjectSpec spec) {
  auto generator = std::make_unique<ObjectGenerator>(std::move(spec));
  ObjectGenerator* raw = generator.get();
  raw->set_id(pool.add_generator(std::move(generator)));
  return raw->start(pool);
}

ObjectGenerator::ObjectGenerator(ObjectSpec spec)
    : spec_(std::move(spec)), sets_(spec_.any_order ? spec_.members.size() : 0) {
  const uint32_t n = size();
  sorted_.resize(n);
  std::iota(sorted_.begin(), sorted_.end(), 0u);
  std::sort(sorted_.begin(), sorted_.end(),
            [&](uint32_t a, uint32_t b) { return spec_.members[a].key < spec_.members[b].key; });
  rank_.resize(n);
  for (uint32_t i = 0; i < n; ++i) rank_[sorted_[i]] = i;
  const uint32_t positions = n + 1 + all_rules();
  next_required_.assign(positions + 1, n);
  required_after_.assign(positions + 1, 0);
  for (uint32_t i = n; i-- > 0;) {
    bool required = spec_.members[i].required;
    next_required_[i] = required ? i : next_required_[i + 1];
    required_after_[i] = required_after_[i + 1] + required;
  }
  bool min_matters = spec_.min > required_after_[0];
  bool others = !spec_.others.empty() || !spec_.wanted.empty();
  bool max_matters = spec_.max != kUnbounded && (others || spec_.max < n);
  if (!min_matters) spec_.min = 0;
  if (!max_matters) spec_.max = kUnbounded;
  counting_ = min_matters || max_matters;
}

LazyGenerator::Args ObjectGenerator::pack(const State& s) {
  return {s.point << 29 | s.position, s.first | (s.depth >> 8) << 24,
          s.count | (s.depth & 0xFF) << 24};
}

ObjectGenerator::State ObjectGenerator::unpack(const Args& a) {
  constexpr uint32_t kLow24 = (1u << 24) - 1;
  return {a[0] >> 29, a[0] & ((1u << 29) - 1), a[2] & kLow24, a[1] & kLow24,
          (a[1] >> 24) << 8 | a[2] >> 24};
}

uint32_t ObjectGenerator::next_count(uint32_t count) const {
  if (!counting_) return 0;
  uint32_t cap = spec_.max == kUnbounded ? spec_.min : spec_.max;
  return std::min(count + 1, cap);
}

uint32_t ObjectGenerator::broken(uint32_t position) const {
  if (spec_.any_order) return sets_.rules(position);
  return position > size() ? position - size() : 0;
}

// The position in which these rules are broken too.
uint32_t ObjectGenerator::breaking(uint32_t position, uint32_t rules) const {
  if (spec_.any_order) return sets_.with_rules(position, rules);
  return size() + (broken(position) | rules);
}

bool ObjectGenerator::past(uint32_t position, uint32_t member) const {
  return spec_.any_order ? sets_.has(position, member) : member < position;
}

// Members that may be next as far as the order goes: [first, second), some of which are past.
std::pair<uint32_t, uint32_t> ObjectGenerator::window(uint32_t position) const {
  if (spec_.any_order) return {0, size()};
  const uint32_t first = std::min(position, size());
  return {first, std::max(first, std::min(next_required_[first] + 1, size()))};
}

uint32_t ObjectGenerator::required_left(uint32_t position) const {
  if (!spec_.any_order) return required_after_[position];
  uint32_t left = 0;
  for (uint32_t i = next_required_[0]; i < size(); i = next_required_[i + 1])
    left += !sets_.has(position, i);
  return left;
}

uint32_t ObjectGenerator::after(uint32_t position, uint32_t member) const {
  return spec_.any_order ? sets_.with(position, member) : member + 1;
}

uint32_t ObjectGenerator::after_other(uint32_t position) const {
  return spec_.any_order ? position : std::max(size(), position);
}

// The fewest wanted properties that break the rest of the rules; kNever when none do.
uint32_t ObjectGenerator::wanted_missing(const ExprPool& pool, uint32_t position) const {
  const uint32_t all = all_rules();
  uint32_t left = all & ~broken(position);
  if (left == 0) return 0;
  std::array<uint32_t, 1u << kMaxWantedRules> fewest;
  fewest.fill(kNever);
  fewest[0] = 0;
  for (uint32_t rules = 1; rules <= all; ++rules) {
    for (const ObjectSpec::Wanted& w : spec_.wanted) {
      if (!(w.rules & rules) || !live(pool, w)) continue;
      fewest[rules] = std::min(fewest[rules], fewest[rules & ~w.rules] + 1);
    }
  }
  return std::min(fewest[left], kNever);
}

bool ObjectGenerator::may_close(const State& s) const {
  return required_left(s.position) == 0 && s.count >= spec_.min &&
         broken(s.position) == all_rules();
}

bool ObjectGenerator::required_live(const ExprPool& pool, uint32_t position) const {
  const uint32_t first = spec_.any_order ? 0 : position;
  for (uint32_t i = next_required_[first]; i < size(); i = next_required_[i + 1]) {
    if (pool.dead(spec_.members[i].value)) return false;
  }
  return wanted_missing(pool, position) != kNever;
}

// Whether the object can still end well with `count` properties written before `position`.
bool ObjectGenerator::completable(const ExprPool& pool, uint32_t position, uint32_t count) const {
  if (!counting_) return true;
  const uint32_t wanted = wanted_missing(pool, position);
  uint64_t needed = uint64_t{count} + required_left(position) + wanted;
  if (spec_.max != kUnbounded && needed > spec_.max) return false;
  if (count >= spec_.min || live(pool, spec_.others)) return true;
  uint64_t available = uint64_t{count} + wanted;
  for (uint32_t i = 0; i < size() && available < spec_.min; ++i) {
    available += !past(position, i) && !pool.dead(spec_.members[i].value);
  }
  return available >= spec_.min;
}

ObjectGenerator::Offer::Offer(const ObjectGenerator& object, const ExprPool& pool, const State& s)
    : object_(object), pool_(pool), s_(s), count_(s.count + (object.counting_ ? 1 : 0)) {
  if (!object.counting_) return;
  const ObjectSpec& spec = object.spec_;
  wanted_ = object.wanted_missing(pool, s.position);
  short_ = count_ < spec.min && !live(pool, spec.others);
  if (spec.any_order) required_left_ = object.required_left(s.position);
  if (!short_) return;
  first_ = spec.any_order ? 0 : std::min(s.position, object.size());
  live_from_.assign(object.size() - first_ + 1, 0);
  for (uint32_t i = object.size(); i-- > first_;) {
    const bool there = !object.past(s.position, i) && !pool.dead(spec.members[i].value);
    live_from_[i - first_] = live_from_[i - first_ + 1] + there;
  }
}

// With `count_` properties written, the member being one of them.
bool ObjectGenerator::Offer::completable(uint32_t member) const {
  if (!object_.counting_) return true;
  const ObjectSpec& spec = object_.spec_;
  const uint32_t required = spec.any_order ? required_left_ - spec.members[member].required
                                           : object_.required_left(member + 1);
  if (spec.max != kUnbounded && uint64_t{count_} + required + wanted_ > spec.max) return false;
  if (!short_) return true;
  const uint32_t others = spec.any_order ? live_from_[0] - 1 : live_from_[member + 1 - first_];
  return uint64_t{count_} + wanted_ + others >= spec.min;
}

bool ObjectGenerator::Offer::has(uint32_t member) const {
  if (object_.past(s_.position, member) || pool_.dead(object_.spec_.members[member].value))
    return false;
  const bool in_turn = object_.spec_.any_order || member <= object_.next_required_[s_.position];
  return in_turn && completable(member);
}

bool ObjectGenerator::others_offered(const ExprPool& pool, const State& s) const {
  if (!spec_.any_order && next_required_[s.position] != size()) return false;
  uint32_t count = s.count + (counting_ ? 1 : 0);
  const uint32_t position = after_other(s.position);
  if (live(pool, spec_.others) && completable(pool, position, count)) return true;
  const uint32_t so_far = broken(position);
  return std::any_of(spec_.wanted.begin(), spec_.wanted.end(), [&](const ObjectSpec::Wanted& w) {
    return (w.rules & ~so_far) && live(pool, w) &&
           completable(pool, breaking(position, w.rules), count);
  });
}

// Only objects without braces can be empty text, or end with their last member.
bool ObjectGenerator::nullable(const ExprPool&, const Args& args) const {
  const State s = unpack(args);
  return spec_.layout.bare && (s.point == kStart || s.point == kRest) && may_close(s);
}

Expr ObjectGenerator::unfold(ExprPool& pool, const Args& args) const {
  State s = unpack(args);
  switch (s.point) {
    case kStart:
      return unfold_start(pool);
    case kRest:
      return unfold_rest(pool, s);
    case kMember:
      return unfold_member(pool, s);
    default:
      return unfold_key(pool, s);
  }
}

// A further member, when there can be one; the separator before it is the caller's.
Expr ObjectGenerator::more(ExprPool& pool, const State& s) const {
  if (!required_live(pool, s.position)) return pool.empty();
  bool any = others_offered(pool, s);
  if (const auto [first, end] = window(s.position); !any && first < end) {
    const Offer offer(*this, pool, s);
    for (uint32_t i = first; !any && i < end; ++i) any = offer.has(i);
  }
  return any ? at(pool, {kMember, s.position, s.count, 0, 0}) : pool.empty();
}

Expr ObjectGenerator::unfold_start(ExprPool& pool) const {
  const Layout& l = spec_.layout;
  State s{kStart, 0, 0, 0, 0};
  Expr none = may_close(s) ? l.empty_object : pool.empty();
  return pool.seq({l.open_object, l.after_open, pool.alt(none, pool.seq(l.first, more(pool, s)))});
}

Expr ObjectGenerator::unfold_rest(ExprPool& pool, const State& s) const {
  const Layout& l = spec_.layout;
  Expr close = may_close(s) ? l.close_object : pool.empty();
  return pool.seq(l.lead, pool.alt(close, pool.seq(l.separator, more(pool, s))));
}

Expr ObjectGenerator::unfold_member(ExprPool& pool, const State& s) const {
  const uint32_t opened = static_cast<uint32_t>(spec_.key_open.size());
  Expr declared = pool.empty();
  if (const auto [first, end] = window(s.position); first < end) {
    std::vector<uint32_t> keys = candidates(pool, {kKey, s.position, s.count, 0, opened});
    if (keys.size() == 1) {
      declared = key_rest(pool, {kKey, s.position, s.count, 0, opened}, sorted_[keys[0]]);
    } else if (!keys.empty()) {
      declared = at(pool, {kKey, s.position, s.count, keys[0], opened});
    }
  }
  return pool.seq(pool.literal(spec_.key_open), pool.alt(declared, other_members(pool, s)));
}

Expr ObjectGenerator::other_name(ExprPool& pool, const ObjectSpec::OtherNames& o) const {
  if (!live(pool, o)) return pool.empty();
  return pool.seq({o.name, spec_.layout.colon, o.value});
}

Expr ObjectGenerator::wanted_members(ExprPool& pool, const State& s) const {
  uint32_t count = s.count + (counting_ ? 1 : 0), so_far = broken(s.position);
  std::vector<Expr> branches;
  for (const ObjectSpec::Wanted& w : spec_.wanted) {
    if (!(w.rules & ~so_far)) continue;
    const uint32_t position = breaking(after_other(s.position), w.rules);
    if (!completable(pool, position, count)) continue;
    State next{kRest, position, next_count(s.count), 0, 0};
    branches.push_back(pool.seq(other_name(pool, w), at(pool, next)));
  }
  return pool.alt(branches);
}

Expr ObjectGenerator::other_members(ExprPool& pool, const State& s) const {
  if (!others_offered(pool, s)) return pool.empty();
  uint32_t count = s.count + (counting_ ? 1 : 0);
  const uint32_t position = after_other(s.position);
  Expr wanted = wanted_members(pool, s);
  if (!completable(pool, position, count)) return wanted;
  std::vector<Expr> any;
  for (const ObjectSpec::OtherNames& o : spec_.others) any.push_back(other_name(pool, o));
  State next{kRest, position, next_count(s.count), 0, 0};
  return pool.alt(pool.seq(pool.alt(any), at(pool, next)), wanted);
}

// Sorted indices of the keys that share the prefix of state `s` and may come next.
std::vector<uint32_t> ObjectGenerator::candidates(const ExprPool& pool, const State& s) const {
  std::string_view prefix =
      std::string_view(spec_.members[sorted_[s.first]].key).substr(0, s.depth);
  auto end = std::partition_point(sorted_.begin() + s.first, sorted_.end(), [&](uint32_t m) {
    return spec_.members[m].key.starts_with(prefix);
  });
  uint32_t range_end = static_cast<uint32_t>(end - sorted_.begin());
  const auto [first, last] = window(s.position);
  const Offer offer(*this, pool, s);
  std::vector<uint32_t> out;
  if (last - first < range_end - s.first) {  // few members left: look at those
    for (uint32_t m = first; m < last; ++m) {
      if (rank_[m] >= s.first && rank_[m] < range_end && offer.has(m)) out.push_back(rank_[m]);
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  for (uint32_t i = s.first; i < range_end; ++i) {
    if (offer.has(sorted_[i])) out.push_back(i);
  }
  return out;
}

Expr ObjectGenerator::after_key(ExprPool& pool, const State& s, uint32_t member) const {
  return pool.seq({spec_.layout.colon, spec_.members[member].value,
                   at(pool, {kRest, after(s.position, member), next_count(s.count), 0, 0})});
}

Expr ObjectGenerator::key_rest(ExprPool& pool, const State& s, uint32_t member) const {
  std::string_view rest = std::string_view(spec_.members[member].key).substr(s.depth);
  return pool.seq(pool.literal(rest), after_key(pool, s, member));
}

Expr ObjectGenerator::unfold_key(ExprPool& pool, const State& s) const {
  std::vector<uint32_t> keys = candidates(pool, s);
  std::vector<SwitchEdge> edges;
  Expr ended = pool.empty();
  for (size_t i = 0; i < keys.size();) {
    const std::string& key = spec_.members[sorted_[keys[i]]].key;
    size_t pos = s.depth;
    if (pos == key.size()) {  // a token ends it; no text does
      ended = after_key(pool, s, sorted_[keys[i++]]);
      continue;
    }
    char32_t c = 0;
    if (!decode_utf8(key, &pos, &c)) return pool.empty();
    std::string_view prefix = std::string_view(key).substr(0, pos);
    size_t end = i;
    while (end < keys.size() && spec_.members[sorted_[keys[end]]].key.starts_with(prefix)) ++end;
    State next{kKey, s.position, s.count, keys[i], static_cast<uint32_t>(pos)};
    Expr child = end - i == 1 ? key_rest(pool, next, sorted_[keys[i]]) : at(pool, next);
    edges.push_back({c, c, child});
    i = end;
  }
  return pool.alt(ended, pool.switch_on(edges));
}

// Needs every required value, and enough optional ones to reach the minimum.
Expr ObjectGenerator::witness(ExprPool& pool, const Args& args) const {
  State s = unpack(args);
  const uint32_t required = required_left(s.position);
  const uint32_t missing = spec_.min > s.count ? spec_.min - s.count : 0;
  std::vector<Expr> needed, choice, branches;
  for (uint32_t i = 0; i < size(); ++i) {
    const ObjectSpec::Member& m = spec_.members[i];
    if (!past(s.position, i)) (m.required ? needed : choice).push_back(m.value);
  }
  sort_unique(&needed);
  for (const ObjectSpec::OtherNames& o : spec_.others)
    branches.push_back(pool.seq(o.name, o.value));
  // What is wanted may be any other name too, so the minimum is no matter then.
  needed.push_back(wanted_witness(pool, s.position));
  const Expr enough =
      at_least(pool, missing > required ? missing - required : 0, std::move(choice));
  needed.push_back(pool.alt(pool.alt(branches), enough));
  return pool.seq(needed);
}

// So many wanted properties as there is room for, breaking the rest of the rules.
Expr ObjectGenerator::wanted_witness(ExprPool& pool, uint32_t position) const {
  const uint32_t all = all_rules();
  uint32_t room = spec_.rules;
  if (spec_.max != kUnbounded) room = std::min(room, spec_.max - required_left(position));
  std::vector<Expr> done(size_t{all} + 1, pool.empty());  // by rules left
  done[0] = pool.epsilon();
  for (; room > 0; --room) {
    for (uint32_t rules = all; rules > 0; --rules) {
      std::vector<Expr> ways{done[rules]};
      for (const ObjectSpec::Wanted& w : spec_.wanted) {
        if (w.rules & rules) ways.push_back(pool.seq({w.name, w.value, done[rules & ~w.rules]}));
      }
      done[rules] = pool.alt(ways);
    }
  }
  return done[all & ~broken(position)];
}

void ObjectGenerator::collect_children(const Args&, std::vector<Expr>* out) const {
  const Layout& l = spec_.layout;
  out->insert(out->end(), {l.open_object, l.empty_object, l.after_open, l.first, l.lead,
                           l.separator, l.close_object, l.colon});
  for (const ObjectSpec::Member& m : spec_.members) out->push_back(m.value);
  for (const ObjectSpec::OtherNames& o : spec_.others) out->insert(out->end(), {o.name, o.value});
  for (const ObjectSpec::Wanted& w : spec_.wanted) out->insert(out->end(), {w.name, w.value});
}

// Whether what was read of a key may become a required one.
bool ObjectGenerator::begins_required(const State& s) const {
  const std::string_view prefix =
      std::string_view(spec_.members[sorted_[s.first]].key).substr(0, s.depth);
  const auto [first, end] = window(s.position);
  for (uint32_t i = next_required_[first]; i < end; i = next_required_[i + 1]) {
    if (!past(s.position, i) && spec_.members[i].key.starts_with(prefix)) return true;
  }
  return false;
}

// Of the required members with all that stands between them.
uint32_t ObjectGenerator::least_bytes(const Args& args, const Least& least) const {
  const State s = unpack(args);
  const Layout& l = spec_.layout;
  uint64_t members = 0, count = 0;
  for (uint32_t i = next_required_[spec_.any_order ? 0 : s.position]; i < size();
       i = next_required_[i + 1]) {
    if (past(s.position, i)) continue;
    members += spec_.members[i].key.size() + uint64_t{least(spec_.members[i].value)};
    ++count;
  }
  uint64_t between = uint64_t{least(l.lead)} + least(l.separator);
  uint64_t all = members + count * (uint64_t{least(l.colon)} + between) + least(l.close_object);
  if (s.point == kStart) all += least(l.open_object);
  const bool inside = s.point == kMember || (s.point == kKey && begins_required(s));
  if ((inside || s.point == kStart) && count > 0) all -= least(l.separator);
  if (s.point == kRest) all += least(l.lead);
  if (s.point == kKey) all -= inside ? std::min<uint64_t>(all, s.depth) : 0;
  return static_cast<uint32_t>(std::min<uint64_t>(all, UINT32_MAX));
}

}  // namespace xgr::core

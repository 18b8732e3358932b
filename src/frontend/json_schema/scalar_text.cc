// Grammar of the values that contain no others: listed values, numbers, strings, literals.
//
// Entry point: SchemaBuilder::scalars_of, values_of. A constrained string is a rule of its own;
// that of a format is equal in all grammars, so that its automaton is shared.
//
//   {"type": "string", "maxLength": 2}  ->  "\"" string_1,  string_1 ::= char{0,2} "\""
//
// Tests: tests/cases/json_schema/{string,number,enum}.case.
#include <algorithm>

#include "frontend/json_schema/multiple_generator.h"
#include "frontend/json_schema/schema_builder.h"
#include "frontend/json_schema/value_text.h"

namespace xgr {
namespace {

constexpr size_t kMaxListedNumbers = 1000;

}  // namespace

Result<Expr> SchemaBuilder::values_of(const Shape& s, uint32_t level) {
  std::vector<JsonId> valid;
  for (JsonId v : s.values) {
    Result<bool> fits = model_.accepts(s, v);
    if (!fits.ok()) return fits.error();
    if (fits.value()) valid.push_back(v);
  }
  return values_text(json_, doc_, valid, level);
}

Result<Expr> SchemaBuilder::scalars_of(const Shape& s, uint32_t) {
  std::vector<Expr> branches;
  if (s.types & kNullBit) branches.push_back(pool_.literal("null"));
  if (s.types & kTrueBit) branches.push_back(pool_.literal("true"));
  if (s.types & kFalseBit) branches.push_back(pool_.literal("false"));
  if (s.types & kNumberBits) {
    Result<Expr> numbers = numbers_of(s);
    if (!numbers.ok()) return numbers;
    branches.push_back(numbers.value());
  }
  if (s.types & kStringBit) {
    Result<Expr> strings = strings_of(s);
    if (!strings.ok()) return strings;
    branches.push_back(strings.value());
  }
  return pool_.alt(branches);
}

// The range without the numbers that listed values rule out, in pieces.
Result<std::vector<NumberRange>> SchemaBuilder::number_pieces(const Shape& s) {
  NumberRange range{s.lower, s.upper, (s.types & kIntegerBit) != 0, (s.types & kFractionBit) != 0};
  std::vector<Decimal> holes;
  for (JsonId v : s.excluded) {
    if (!doc_.is(v, JsonType::kNumber)) continue;
    auto d = Decimal::parse(doc_.text(v));
    if (!d || d->plain_size() > kMaxBoundDigits)
      return refuse(v, "excludes a number of more than 20000 digits");
    bool below = range.lower.set && compare(*d, range.lower.value) < 0;
    bool above = range.upper.set && compare(*d, range.upper.value) > 0;
    if (!below && !above) holes.push_back(std::move(*d));
  }
  std::sort(holes.begin(), holes.end(),
            [](const Decimal& a, const Decimal& b) { return compare(a, b) < 0; });
  std::vector<NumberRange> pieces;
  for (const Decimal& hole : holes) {
    pieces.push_back(range);
    pieces.back().upper = {true, true, hole};
    range.lower = {true, true, hole};
  }
  pieces.push_back(range);
  return pieces;
}

// Several multipleOf between two bounds: the few numbers that meet all, one by one. The product of
// so many remainders would have far more states than there are numbers.
std::optional<Expr> SchemaBuilder::listed_multiples(const Shape& s) {
  if (s.multiples.size() < 2 || !s.lower.set || !s.upper.set) return std::nullopt;
  std::vector<Decimal> steps;
  for (const MultipleTest& m : s.multiples) {
    auto step = Decimal::parse(doc_.text(m.node));
    if (!step || step->digits.size() > 9) return std::nullopt;
    if (!m.negated) steps.push_back(std::move(*step));
  }
  if (steps.empty()) return std::nullopt;
  auto numbers = multiples_between(steps, s.lower.value, s.upper.value, kMaxListedNumbers);
  if (!numbers) return std::nullopt;
  std::vector<std::string> whole, broken;
  for (const Decimal& d : *numbers) {
    if (!number_allowed(s, d)) continue;
    (d.integer() ? whole : broken).push_back(d.plain());
    if (d.zero()) whole.emplace_back("-0");
  }
  Expr zeros = pool_.literal("0");
  Expr point_zeros = pool_.seq(pool_.literal("."), pool_.plus(zeros));
  return pool_.alt(pool_.seq(pool_.string_set(std::move(whole)), pool_.optional(point_zeros)),
                   pool_.seq(pool_.string_set(std::move(broken)), pool_.star(zeros)));
}

// Whether a number between the bounds meets all else that the shape says; its steps are known to be
// short enough.
bool SchemaBuilder::number_allowed(const Shape& s, const Decimal& d) const {
  if (!(s.types & (d.integer() ? kIntegerBit : kFractionBit))) return false;
  if (s.lower.exclusive && compare(d, s.lower.value) == 0) return false;
  if (s.upper.exclusive && compare(d, s.upper.value) == 0) return false;
  for (const MultipleTest& m : s.multiples) {
    if (is_multiple(d, *Decimal::parse(doc_.text(m.node))) == m.negated) return false;
  }
  return std::none_of(s.excluded.begin(), s.excluded.end(), [&](JsonId v) {
    auto other = doc_.is(v, JsonType::kNumber) ? Decimal::parse(doc_.text(v)) : std::nullopt;
    return other && *other == d;
  });
}

Result<Expr> SchemaBuilder::numbers_of(const Shape& s) {
  if (std::optional<Expr> listed = listed_multiples(s)) return *listed;
  Result<std::vector<NumberRange>> pieces = number_pieces(s);
  if (!pieces.ok()) return pieces.error();
  std::vector<Expr> branches;
  for (const NumberRange& r : pieces.value()) branches.push_back(number_text(pool_, r));
  Expr out = pool_.alt(branches);
  bool unbounded =
      pieces.value().size() == 1 && !s.lower.set && !s.upper.set && (s.types & kIntegerBit);
  for (const MultipleTest& m : s.multiples) {
    auto step = Decimal::parse(doc_.text(m.node));
    std::optional<Expr> multiples = step ? MultipleGenerator::language(pool_, *step) : std::nullopt;
    if (!multiples)
      return refuse(m.node, "has too many digits: at most 9, and a value of at most 1e9");
    if (m.negated) *multiples = pool_.complement(*multiples);
    bool alone = unbounded && !m.negated && (step->integer() || (s.types & kFractionBit));
    out = alone ? *multiples : pool_.intersect(out, *multiples);
    unbounded = false;
  }
  return out;
}

// Strings, over characters, that listed values rule out.
Expr SchemaBuilder::excluded_strings(const Shape& s) {
  std::vector<Expr> texts;
  for (JsonId v : s.excluded) {
    if (doc_.is(v, JsonType::kString)) texts.push_back(pool_.literal(doc_.text(v)));
  }
  return pool_.alt(texts);
}

Result<Expr> SchemaBuilder::string_language(const Shape& s) {
  Result<Expr> language = model_.patterns().strings(s);
  if (!language.ok()) return language;
  Expr excluded = excluded_strings(s);
  if (excluded == pool_.empty()) return language;
  return pool_.intersect(language.value(), pool_.complement(excluded));
}

Result<Expr> SchemaBuilder::strings_of(const Shape& s) {
  bool free = s.plain_string() && excluded_strings(s) == pool_.empty();
  if (free) return json_.any_string();
  Result<Expr> language = string_language(s);
  if (!language.ok() || language.value() == pool_.empty()) return language;
  auto [it, fresh] = string_rules_.try_emplace(language.value(), kNoExpr);
  if (fresh) {
    // Sharing pays for the few languages that many schemas name: the formats.
    bool format = s.string_tests.size() == 1 && s.string_tests[0].format && s.min_length == 0 &&
                  s.max_length == UINT32_MAX && !s.string_tests[0].negated &&
                  excluded_strings(s) == pool_.empty();
    std::string_view name = format ? doc_.text(s.string_tests[0].node) : "string";
    RuleId rule = json_.grammar().add_rule(name, format ? RuleUse::kShare : RuleUse::kCall);
    Expr text = json_.spelling().preimage(language.value());
    json_.grammar().define(rule, pool_.seq(text, pool_.literal("\"")));
    it->second = pool_.call(rule);
  }
  return pool_.seq(pool_.literal("\""), it->second);
}

}  // namespace xgr

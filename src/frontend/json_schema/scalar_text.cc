// Grammar of the values that contain no others: listed values, numbers, strings, literals.
//
// Entry point: SchemaBuilder::scalars_of, values_of. A constrained string is a rule of its own;
// that of a format is equal in all grammars, so that its automaton is shared.
//
//   {"type": "string", "maxLength": 2}  ->  "\"" string_1,  string_1 ::= char{0,2} "\""
//
// Tests: tests/cases/json_schema/{string,number,enum}.case.
#include <algorithm>

#include "frontend/json_schema/argument_values.h"
#include "frontend/json_schema/multiple_generator.h"
#include "frontend/json_schema/multiples.h"
#include "frontend/json_schema/schema_builder.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxListedNumbers = 10000;
constexpr const char* kTooManyDigits = "has too many digits: at most 9, and a value of at most 1e9";

}  // namespace

Result<Expr> SchemaBuilder::values_of(const Shape& s, Spot at) {
  std::vector<JsonId> valid;
  for (JsonId v : s.values) {
    Result<bool> fits = model_.accepts(s, v);
    if (!fits.ok()) return fits.error();
    if (!fits.value()) continue;
    if (doc_.is(v, JsonType::kString) && !notation_.spells(at.site, doc_.text(v)))
      return model_.source().error(Status::kUnsupported,
                                   "the listed string " + json_quote(doc_.text(v)) +
                                       " cannot be written: it contains what ends an argument",
                                   v);
    valid.push_back(v);
  }
  // What is an integer in draft 4 also depends on how a number inside of a listed value is written.
  bool plain = s.plain_integers || std::any_of(valid.begin(), valid.end(), [&](JsonId v) {
                 return (doc_.is(v, JsonType::kArray) || doc_.is(v, JsonType::kObject)) &&
                        model_.source().dialect(v).draft == Draft::k4;
               });
  return argument_values(notation_, doc_, valid, at, plain);
}

Result<Expr> SchemaBuilder::scalars_of(const Shape& s, Spot at) {
  if (at.site == Site::kRoot) return pool_.empty();
  std::vector<Expr> branches;
  for (TypeBit type : {kNullBit, kTrueBit, kFalseBit}) {
    if (s.types & type)
      branches.push_back(notation_.written(at.site, type, notation_.word(at.site, type)));
  }
  if (s.types & kNumberBits) {
    Result<Expr> numbers = numbers_of(s);
    if (!numbers.ok()) return numbers;
    branches.push_back(notation_.written(at.site, kNumberBits, numbers.value()));
  }
  if (s.types & kStringBit) {
    Result<Expr> strings = strings_of(s, at.site);
    if (!strings.ok()) return strings;
    branches.push_back(strings.value());
  }
  return pool_.alt(branches);
}

// The range without the numbers that listed values rule out, in pieces.
Result<std::vector<NumberRange>> SchemaBuilder::number_pieces(const Shape& s) {
  NumberRange range{s.lower, s.upper, (s.types & kIntegerBit) != 0, (s.types & kFractionBit) != 0,
                    !s.plain_integers};
  std::vector<Decimal> holes;
  for (JsonId v : s.excluded) {
    if (!doc_.is(v, JsonType::kNumber)) continue;
    auto d = Decimal::parse(doc_.text(v));
    if (!d || d->plain_size() > kMaxBoundDigits)
      return refuse(v, "excludes a number of more than 20000 digits; use a shorter one");
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

// Every plain notation of one of the numbers.
Expr SchemaBuilder::listed_numbers(std::span<const Decimal> numbers, bool zero_fractions) {
  std::vector<std::string> integers, others;
  for (const Decimal& d : numbers) {
    (d.integer() ? integers : others).push_back(d.plain());
    if (d.zero()) integers.push_back("-0");
  }
  Expr zeros = pool_.star(pool_.literal("0"));
  Expr point = pool_.epsilon();
  if (zero_fractions) point = pool_.optional(pool_.seq(pool_.literal(".0"), zeros));
  return pool_.alt(pool_.seq(pool_.string_set(std::move(integers)), point),
                   pool_.seq(pool_.string_set(std::move(others)), zeros));
}

// The multiples asked for, one by one, when the bounds leave few; kNoExpr otherwise.
Result<Expr> SchemaBuilder::few_multiples(const Shape& s, const NumberRange& range,
                                          const Decimal& step) {
  auto found = multiples_between(range, step, kMaxListedNumbers);
  if (!found) return kNoExpr;
  std::vector<Decimal> kept;
  for (Decimal& d : *found) {
    bool wanted = true;
    for (const MultipleTest& m : s.multiples) {
      auto divisor = Decimal::parse(doc_.text(m.node));
      auto multiple = divisor ? is_multiple(d, *divisor) : std::nullopt;
      if (!multiple) return kNoExpr;
      wanted = wanted && *multiple != m.negated;
    }
    if (wanted) kept.push_back(std::move(d));
  }
  return listed_numbers(kept, range.zero_fractions);
}

Result<Expr> SchemaBuilder::numbers_of(const Shape& s) {
  Result<std::vector<NumberRange>> pieces = number_pieces(s);
  if (!pieces.ok()) return pieces.error();
  std::vector<Decimal> steps;
  std::vector<const MultipleTest*> left;
  for (const MultipleTest& m : s.multiples) {
    auto step = Decimal::parse(doc_.text(m.node));
    if (!step)
      return refuse(m.node, "has too large an exponent; write a number of at most 20000 digits");
    if (!m.negated) steps.push_back(std::move(*step));
    if (m.negated) left.push_back(&m);
  }
  std::optional<Decimal> step;
  if (!steps.empty()) step = common_multiple(steps);
  if (!steps.empty() && !step)
    return refuse(s.multiples[0].node, "has too many digits: at most 17 in all");
  std::vector<Expr> branches;
  for (const NumberRange& r : pieces.value()) {
    Result<Expr> few = step ? few_multiples(s, r, *step) : Result<Expr>(kNoExpr);
    Result<Expr> text = few.ok() && few.value() == kNoExpr ? stepped_numbers(r, step, left) : few;
    if (!text.ok()) return text;
    if (text.value() == kNoExpr) return refuse(s.multiples[0].node, kTooManyDigits);
    branches.push_back(text.value());
  }
  return pool_.alt(branches);
}

// kNoExpr: the step has too many digits.
Result<Expr> SchemaBuilder::stepped_numbers(const NumberRange& range,
                                            const std::optional<Decimal>& step,
                                            const std::vector<const MultipleTest*>& negated) {
  Expr out = step ? number_text(pool_, range) : json_.number(range);
  if (step) {
    std::optional<Expr> multiples = MultipleGenerator::language(pool_, *step);
    if (!multiples) return kNoExpr;
    bool unbounded = !range.lower.set && !range.upper.set && range.integers && range.zero_fractions;
    out = unbounded && (step->integer() || range.fractions) ? *multiples
                                                            : pool_.intersect(out, *multiples);
  }
  for (const MultipleTest* m : negated) {
    auto divisor = Decimal::parse(doc_.text(m->node));
    std::optional<Expr> multiples =
        divisor ? MultipleGenerator::language(pool_, *divisor) : std::nullopt;
    if (!multiples) return refuse(m->node, kTooManyDigits);
    out = pool_.intersect(out, pool_.complement(*multiples));
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

// Readers drop the white space around an argument: what is left is the string. One that needs such
// space is written without any around it; lengths count it.
Expr SchemaBuilder::argument_strings(const Shape& s, Site site, Expr language) {
  const bool lengths = s.string_tests.empty() && s.excluded.empty();
  if (lengths || !notation_.string_gaps(site)) return notation_.strings(site, language, false);
  const Expr trimmed = notation_.trimmed(language);
  const bool gaps = !model_.patterns().is_empty(trimmed);
  return notation_.strings(site, gaps ? trimmed : language, gaps);
}

Result<Expr> SchemaBuilder::strings_of(const Shape& s, Site site) {
  bool free = s.plain_string() && excluded_strings(s) == pool_.empty();
  if (free) return notation_.any_string(site);
  Result<Expr> language = string_language(s);
  if (!language.ok() || language.value() == pool_.empty()) return language;
  if (site != Site::kJson) return argument_strings(s, site, language.value());
  auto [it, fresh] = string_rules_.try_emplace(language.value(), kNoExpr);
  if (fresh) {
    // Sharing pays for the few languages that many schemas name: the formats.
    bool format = s.string_tests.size() == 1 && s.string_tests[0].kind == StringTest::kFormat &&
                  s.min_length == 0 && s.max_length == UINT32_MAX && !s.string_tests[0].negated &&
                  excluded_strings(s) == pool_.empty();
    std::string_view name = format ? doc_.text(s.string_tests[0].node) : "string";
    RuleId rule = json_.grammar().add_rule(name, format ? RuleUse::kShare : RuleUse::kCall);
    Expr text = json_.spelling().preimage(language.value());
    json_.grammar().define(rule, pool_.seq(text, pool_.literal("\"")));
    it->second = pool_.call(rule);
  }
  return pool_.seq(pool_.literal("\""), it->second);
}

}  // namespace xgr::core

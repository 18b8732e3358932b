// Ranges of numbers as digit automata.
//
// Entry point: number_text. The sign splits a range into two ranges of magnitudes; each is read
// digit by digit, remembering only whether the digits so far equal those of the lower bound, of the
// upper bound, of both, or of neither. States are shared expressions, so a bound of n digits costs
// O(n).
//
//   [0, 255]  ->  \d | [1-9]\d | 1\d\d | 2([0-4]\d | 5[0-5]), each with an optional ".000"
//
// A number equal to an integer counts as one ("1.0"). With bounds, exponents are offered only where
// the sign of the exponent alone tells that the value is inside: 1e-05 in [0, 1], 1e+20 in [0,
// inf).
//
// Tests: tests/unit/frontend/json_schema/number_text_test.cc.
#include "frontend/json_schema/number_text.h"

#include <algorithm>
#include <string>
#include <vector>

namespace xgr::core {
namespace {

struct Magnitude {    // a bound of absolute values
  bool open = false;  // no bound (upper only)
  bool inclusive = true;
  std::string whole = "0", fraction;
};

class RangeBuilder {
 public:
  RangeBuilder(ExprPool& pool, bool integers, bool zero_fractions) : p_(pool), integers_(integers) {
    any_ = p_.star(digit('0', '9'));
    zero_fraction_ = p_.optional(p_.seq(p_.literal("."), p_.plus(p_.literal("0"))));
    if (integers && !zero_fractions) zero_fraction_ = p_.epsilon();
    free_fraction_ =
        integers ? zero_fraction_ : p_.optional(p_.seq(p_.literal("."), p_.plus(digit('0', '9'))));
  }

  Expr between(Magnitude a, Magnitude b) {
    Expr scientific = integers_ ? p_.empty() : scientific_between(a, b);
    if (integers_) to_integers(&a, &b);
    if (!b.open && exceeds(a, b)) return p_.empty();
    a_ = std::move(a);
    b_ = std::move(b);
    return p_.alt(plain(), scientific);
  }

 private:
  Expr plain() {
    const size_t la = a_.whole.size();
    std::vector<Expr> low = lower_tails();
    if (b_.open) return p_.alt(low[0], longer(la, kUnbounded));
    const size_t lb = b_.whole.size();
    std::vector<Expr> high = upper_tails();
    if (la == lb) return same_length(low, high);
    Expr middle = lb - la >= 2 ? longer(la, static_cast<uint32_t>(lb - 2)) : p_.empty();
    return p_.alt({low[0], middle, high[0]});
  }

  // The notations with an exponent whose side of the bounds is plain to see: d.ddde-N where all of
  // (0, 1) is inside, d.ddde+N where everything from 1 on is.
  Expr scientific_between(const Magnitude& a, const Magnitude& b) {
    CharSet e;
    e.add('E');
    e.add('e');
    Expr fraction = p_.optional(p_.seq(p_.literal("."), p_.plus(digit('0', '9'))));
    Expr mantissa = p_.seq({digit('1', '9'), fraction, p_.char_class(e)});
    Expr zeros = p_.star(p_.literal("0"));
    Expr exponent = p_.seq({zeros, digit('1', '9'), p_.repeat(digit('0', '9'), 0, 2)});
    bool from_zero = a.whole == "0" && a.fraction.empty();
    bool from_one = from_zero || (a.whole == "1" && a.fraction.empty() && a.inclusive);
    Expr small =
        from_zero && (b.open || b.whole != "0") ? p_.seq({p_.literal("-"), exponent}) : p_.empty();
    Expr large = from_one && b.open ? p_.seq(p_.optional(p_.literal("+")), exponent) : p_.empty();
    return p_.seq(mantissa, p_.alt(small, large));
  }

  Expr digit(char lo, char hi) {
    if (lo > hi) return p_.empty();
    CharSet s;
    s.add(static_cast<char32_t>(lo), static_cast<char32_t>(hi));
    return p_.char_class(s);
  }
  Expr exactly(char c) { return digit(c, c); }
  Expr free(size_t n) {
    uint32_t k = static_cast<uint32_t>(n);
    return p_.seq(p_.repeat(digit('0', '9'), k, k), free_fraction_);
  }
  // Numbers of more digits than `tail_min`, at most tail_max + 1.
  Expr longer(size_t tail_min, uint32_t tail_max) {
    uint32_t min = static_cast<uint32_t>(tail_min);
    return p_.seq({digit('1', '9'), p_.repeat(digit('0', '9'), min, tail_max), free_fraction_});
  }

  static void increment(std::string* s) {
    size_t i = s->size();
    while (i > 0 && (*s)[i - 1] == '9') (*s)[--i] = '0';
    if (i == 0) {
      s->insert(s->begin(), '1');
    } else {
      ++(*s)[i - 1];
    }
  }
  static bool decrement(std::string* s) {  // false below zero
    if (*s == "0") return false;
    size_t i = s->size();
    while ((*s)[i - 1] == '0') (*s)[--i] = '9';
    --(*s)[i - 1];
    if (s->size() > 1 && (*s)[0] == '0') s->erase(0, 1);
    return true;
  }
  static void to_integers(Magnitude* a, Magnitude* b) {
    if (!a->fraction.empty() || !a->inclusive) increment(&a->whole);
    *a = {false, true, a->whole, ""};
    if (b->open) return;
    bool any = !b->fraction.empty() || b->inclusive || decrement(&b->whole);
    *b = {false, any, b->whole, ""};  // 0 exclusive stays so: nothing is below
  }
  static bool exceeds(const Magnitude& a, const Magnitude& b) {
    if (a.whole.size() != b.whole.size()) return a.whole.size() > b.whole.size();
    if (a.whole != b.whole) return a.whole > b.whole;
    if (a.fraction != b.fraction) return a.fraction > b.fraction;
    return !a.inclusive || !b.inclusive;
  }

  // low[p]: what may follow when the first p digits are those of a. low[0] is the whole number.
  std::vector<Expr> lower_tails() {
    const std::string& s = a_.whole;
    std::vector<Expr> low(s.size() + 1);
    low[s.size()] = integers_ ? free_fraction_ : lower_fraction();
    for (size_t i = s.size(); i-- > 0;) {
      low[i] = p_.alt(p_.seq(exactly(s[i]), low[i + 1]),
                      p_.seq(digit(static_cast<char>(s[i] + 1), '9'), free(s.size() - i - 1)));
    }
    return low;
  }
  std::vector<Expr> upper_tails() {
    const std::string& s = b_.whole;
    std::vector<Expr> high(s.size() + 1);
    high[s.size()] = integers_ ? (b_.inclusive ? free_fraction_ : p_.empty()) : upper_fraction();
    for (size_t i = s.size(); i-- > 0;) {
      char least = i == 0 && s.size() > 1 ? '1' : '0';
      high[i] = p_.alt(p_.seq(exactly(s[i]), high[i + 1]),
                       p_.seq(digit(least, static_cast<char>(s[i] - 1)), free(s.size() - i - 1)));
    }
    return high;
  }
  Expr same_length(const std::vector<Expr>& low, const std::vector<Expr>& high) {
    const std::string &a = a_.whole, &b = b_.whole;
    size_t i = 0;
    while (i < a.size() && a[i] == b[i]) ++i;
    Expr rest;
    if (i == a.size()) {
      rest = integers_ ? free_fraction_ : both_fraction();
    } else {
      Expr mid = digit(static_cast<char>(a[i] + 1), static_cast<char>(b[i] - 1));
      rest = p_.alt({p_.seq(exactly(a[i]), low[i + 1]), p_.seq(mid, free(a.size() - i - 1)),
                     p_.seq(exactly(b[i]), high[i + 1])});
    }
    return p_.seq(p_.literal(a.substr(0, i)), rest);
  }

  Expr nonzero_digits() { return p_.seq({any_, digit('1', '9'), any_}); }
  // Digits from index i on of a fraction whose first i digits equal a's.
  Expr at_least(size_t i) {
    const std::string& f = a_.fraction;
    Expr tail = a_.inclusive ? any_ : nonzero_digits();
    for (size_t k = f.size(); k-- > i;) {
      tail = p_.alt(p_.seq(exactly(f[k]), tail),
                    p_.seq(digit(static_cast<char>(f[k] + 1), '9'), any_));
    }
    return tail;
  }
  // The same for b; the digits may end early (not right after the point), then the number is
  // smaller.
  Expr at_most(size_t i) {
    if (!most_.empty()) return most_[i];
    const std::string& f = b_.fraction;
    most_.resize(f.size() + 1);
    most_[f.size()] = b_.inclusive ? p_.star(p_.literal("0")) : p_.empty();
    for (size_t k = f.size(); k-- > 0;) {
      most_[k] = p_.alt({p_.seq(exactly(f[k]), most_[k + 1]),
                         p_.seq(digit('0', static_cast<char>(f[k] - 1)), any_),
                         k > 0 ? p_.epsilon() : p_.empty()});
    }
    return most_[i];
  }
  // at_most(i) without the all-zero continuations.
  Expr at_most_not_zero(size_t i) {
    const std::string& f = b_.fraction;
    Expr tail = p_.empty();
    for (size_t k = f.size(); k-- > i;) {
      Expr zero_first =
          f[k] == '0' ? p_.seq(exactly('0'), tail) : p_.seq(exactly('0'), nonzero_digits());
      Expr same = f[k] == '0' ? p_.empty() : p_.seq(exactly(f[k]), at_most(k + 1));
      tail = p_.alt({zero_first, same, p_.seq(digit('1', static_cast<char>(f[k] - 1)), any_)});
    }
    return tail;
  }
  Expr lower_fraction() {
    if (a_.fraction.empty() && a_.inclusive) return free_fraction_;
    return p_.seq(p_.literal("."), at_least(0));
  }
  Expr upper_fraction() {
    if (b_.fraction.empty()) return b_.inclusive ? zero_fraction_ : p_.empty();
    return p_.optional(p_.seq(p_.literal("."), at_most(0)));
  }
  Expr both_fraction() {
    const std::string &a = a_.fraction, &b = b_.fraction;
    if (b.empty()) return zero_fraction_;  // then a is empty too and both are inclusive
    size_t i = 0;
    while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
    Expr rest;
    if (i == a.size()) {
      rest = a_.inclusive ? at_most(i) : at_most_not_zero(i);
    } else {
      Expr mid = digit(static_cast<char>(a[i] + 1), static_cast<char>(b[i] - 1));
      rest = p_.alt({p_.seq(exactly(a[i]), at_least(i + 1)), p_.seq(mid, any_),
                     p_.seq(exactly(b[i]), at_most(i + 1))});
    }
    Expr fraction = p_.seq({p_.literal("."), p_.literal(b.substr(0, i)), rest});
    return a.empty() && a_.inclusive ? p_.optional(fraction) : fraction;
  }

  ExprPool& p_;
  bool integers_;
  Expr any_, zero_fraction_, free_fraction_;
  Magnitude a_, b_;
  std::vector<Expr> most_;
};

Magnitude magnitude(const Bound& b) {
  return {false, !b.exclusive, b.value.whole(), b.value.fraction()};
}

// Plain decimals within the bounds.
Expr bounded(ExprPool& p, const NumberRange& r, bool integers) {
  const Magnitude none{true, true, "", ""};
  const Magnitude zero, above_zero{false, false, "0", ""};
  const Bound &lo = r.lower, &hi = r.upper;
  auto sign = [](const Bound& b) { return b.value.zero() ? 0 : b.value.negative ? -1 : 1; };
  Expr positive = p.empty(), negative = p.empty();
  if (!hi.set || sign(hi) > 0 || (sign(hi) == 0 && !hi.exclusive)) {
    Magnitude from = lo.set && sign(lo) >= 0 ? magnitude(lo) : zero;
    positive =
        RangeBuilder(p, integers, r.zero_fractions).between(from, hi.set ? magnitude(hi) : none);
  }
  if (!lo.set || sign(lo) < 0 || (sign(lo) == 0 && !lo.exclusive)) {
    Magnitude from = hi.set && sign(hi) <= 0 ? magnitude(hi) : zero;
    negative =
        RangeBuilder(p, integers, r.zero_fractions).between(from, lo.set ? magnitude(lo) : none);
  }
  return p.alt(positive, p.seq(p.literal("-"), negative));
}

Expr unbounded(ExprPool& p, bool integers, bool zero_fractions) {
  CharSet nonzero, any, e, sign;
  nonzero.add('1', '9');
  any.add('0', '9');
  e.add('E');
  e.add('e');
  sign.add('+');
  sign.add('-');
  Expr digit = p.char_class(any);
  Expr whole = p.alt(p.literal("0"), p.seq(p.char_class(nonzero), p.star(digit)));
  Expr fraction = p.seq(p.literal("."), p.plus(integers ? p.literal("0") : digit));
  Expr exponent = p.seq({p.char_class(e), p.optional(p.char_class(sign)), p.plus(digit)});
  bool no_fraction = integers && !zero_fractions;
  return p.seq({p.optional(p.literal("-")), whole, no_fraction ? p.epsilon() : p.optional(fraction),
                integers ? p.epsilon() : p.optional(exponent)});
}

}  // namespace

Expr number_text(ExprPool& pool, const NumberRange& range) {
  bool plain = range.lower.set || range.upper.set || !range.integers;
  if (!range.fractions && plain) return bounded(pool, range, true);
  if (!range.fractions) return unbounded(pool, true, range.zero_fractions);
  Expr all = plain ? bounded(pool, range, false) : unbounded(pool, false, true);
  if (range.integers) return all;
  return pool.intersect(all, pool.complement(unbounded(pool, true, true)));
}

Expr limit_digits(ExprPool& pool, Expr numbers, const NumberRange& range, int32_t max_digits) {
  if (max_digits < 0) return numbers;
  const auto most = static_cast<uint32_t>(max_digits);
  auto too_long = [&](const Bound& b) {
    if (!b.set) return false;
    if (b.value.plain_size() > 2 * uint64_t{most} + 2) return true;
    return b.value.whole().size() >= most || b.value.fraction().size() >= most;
  };
  if (too_long(range.lower) || too_long(range.upper)) return numbers;
  CharSet digits, others;
  for (char32_t c = '0'; c <= '9'; ++c) digits.add(c);
  for (char32_t c : {'-', '+', '.', 'e', 'E'}) others.add(c);
  const Expr run = pool.repeat(pool.char_class(digits), 0, most);
  const Expr runs = pool.seq(run, pool.star(pool.seq(pool.char_class(others), run)));
  return pool.intersect(numbers, runs);
}

}  // namespace xgr::core

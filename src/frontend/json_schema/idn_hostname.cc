// Internationalised host names (RFC 5890 to 5893) as an expression over characters.
//
// Entry point: idn_hostname. The whole of IDNA2008 is not regular (the length of a label counts its
// Punycode), so this is a part of it that is certain: characters of the tables (idn_table.h), put
// together so that the text is in NFC, meets the contextual rules of RFC 5892 appendix A and the
// Bidi rule of RFC 5893, and has few enough characters for every Punycode form to fit.
//
//   a.b  l·l  παράδειγμα  क्‍ष  בּית.example      not: a·b  0a.א  -a  xn--a  (60
//   times ü)
//
// How long Punycode gets: a code point takes a number of digits that depends on how far it is from
// the one before it, times the length; with the worst adaptation of the bias, 2 digits reach less
// than 36, 3 less than 1261, 4 less than 28886, 5 less than 288886. Summed up over a label this
// gives at most 54 digits for 13 characters below U+200E, and at most 55 for 11 of this plane.
//
// Tests: tests/cases/json_schema/format_idn.case.
#include "frontend/json_schema/idn_hostname.h"

#include "frontend/json_schema/idn_table.h"

namespace xgr::core {
namespace {

constexpr uint32_t kMostCharacters = 11;
constexpr uint32_t kMostLowCharacters = 13;
constexpr char32_t kLastLow = 0x200D;
// Labels of a name with an internationalised one: three of 63 bytes and one of 59 fit in 253.
constexpr uint32_t kMostLabels = 4;

CharSet set_of(std::span<const IdnRange> ranges) {
  CharSet set;
  for (const IdnRange& r : ranges) {
    if (r.step == 1) set.add(r.first, r.last);
    if (r.step == 1) continue;
    for (char32_t c = r.first; c <= r.last; c += r.step) set.add(c);
  }
  return set;
}

class IdnBuilder {
 public:
  IdnBuilder(ExprPool& pool, bool any_dot) : p_(pool) {
    any_ = one(CharSet::all());
    hyphens_ = p_.star(p_.literal("-"));
    dot_ = one(any_dot
                   ? CharSet::of({{'.', '.'}, {0x3002, 0x3002}, {0xFF0E, 0xFF0E}, {0xFF61, 0xFF61}})
                   : CharSet::of({{'.', '.'}}));
  }

  Expr name() {
    Expr ascii = ascii_label(false);
    Expr plain = p_.seq(ascii, p_.star(p_.seq(p_.literal("."), ascii)));
    // A name with a letter that is written from right to left: the Bidi rule is for all its labels.
    Expr bidi =
        p_.alt(ascii_label(true),
               fit(p_.alt(right_to_left(european_digits()), right_to_left({{0x660, 0x669}}))));
    Expr international = p_.alt({ascii, fit(left_to_right()), fit(katakana())});
    return p_.intersect(p_.alt({plain, labels(international), labels(bidi)}),
                        p_.repeat(any_, 0, 253));
  }

 private:
  Expr one(const CharSet& set) { return p_.char_class(set); }
  Expr one(std::initializer_list<CharRange> ranges) { return one(CharSet::of(ranges)); }

  Expr labels(Expr label) {
    return p_.seq(label, p_.repeat(p_.seq(dot_, label), 0, kMostLabels - 1));
  }

  // `head`, then hyphens and `part`s, the last of them a part.
  Expr hyphenated(Expr head, Expr part) { return p_.seq(head, p_.star(p_.seq(hyphens_, part))); }

  // Letters, digits, inner hyphens; `bidi`: begins with a letter.
  Expr ascii_label(bool bidi) {
    Expr alnum = one({{'0', '9'}, {'A', 'Z'}, {'a', 'z'}});
    Expr letter = one({{'A', 'Z'}, {'a', 'z'}});
    Expr text = hyphenated(bidi ? letter : alnum, alnum);
    return p_.intersect(text, p_.intersect(p_.repeat(any_, 1, 63), no_hyphen_pair()));
  }

  // Short enough, and no hyphens at the third and fourth place.
  Expr fit(Expr label) {
    Expr low = p_.repeat(one({{0, kLastLow}}), 1, kMostLowCharacters);
    Expr length = p_.alt(low, p_.repeat(one({{0, 0xFFFF}}), 1, kMostCharacters));
    return p_.intersect(label, p_.intersect(length, no_hyphen_pair()));
  }

  Expr no_hyphen_pair() {
    Expr other = one(CharSet::of({{'-', '-'}}).negated()), rest = p_.star(any_);
    Expr third =
        p_.alt(p_.seq(other, rest), p_.seq(p_.literal("-"), p_.optional(p_.seq(other, rest))));
    return p_.alt(p_.repeat(any_, 0, 2), p_.seq({any_, any_, third}));
  }

  static std::initializer_list<CharRange> european_digits() {
    static constexpr std::initializer_list<CharRange> kDigits = {{'0', '9'}, {0x6F0, 0x6F9}};
    return kDigits;
  }

  // Letters with marks, of which none can be reordered.
  Expr left_to_right() {
    CharSet letters = set_of(idn_letters());
    letters.add('a', 'z');
    letters.add(CharSet::of(european_digits()));
    Expr mark = one(set_of(idn_marks())), reordered = one(set_of(idn_reordered_marks()));
    Expr begin = p_.seq({one(letters), p_.optional(one(set_of(idn_first_marks()))), p_.star(mark),
                         p_.star(p_.seq(reordered, p_.plus(mark)))});
    // A zero width (non-)joiner after a virama, and a letter after it.
    Expr joined = p_.seq({begin, one(set_of(idn_viramas())), one({{0x200C, 0x200D}})});
    Expr syllable = p_.seq(begin, p_.optional(reordered));
    // Middle dots between two l; the Greek keraia before a Greek letter.
    Expr middle_dots = p_.seq(p_.literal("l"), p_.plus(p_.literal("\u00B7l")));
    Expr keraia = p_.seq(p_.literal("\u0375"), one({{0x3AC, 0x3CE}}));
    Expr part = p_.seq(p_.star(joined), p_.alt({syllable, middle_dots, keraia}));
    return hyphenated(part, part);
  }

  // The Katakana middle dot anywhere in a label with a Hiragana, Katakana or Han character.
  Expr katakana() {
    CharSet all = CharSet::of({{0x3041, 0x3096}, {0x30A1, 0x30FA}, {0x4E00, 0x9FFF}});
    Expr script = one(all);
    all.add(CharSet::of({{'0', '9'}, {'a', 'z'}, {0x30FB, 0x30FC}}));
    Expr other = one(all);
    Expr before = p_.star(p_.seq(other, hyphens_));
    return p_.seq({before, script, p_.star(p_.seq(hyphens_, other))});
  }

  // The Bidi rule for a label that begins with such a letter, with digits of one kind.
  Expr right_to_left(std::initializer_list<CharRange> digits) {
    Expr letter = one(set_of(idn_right_to_left()));
    Expr hebrew = one({{0x5D0, 0x5EA}});
    Expr geresh = p_.seq(hebrew, one({{0x5F3, 0x5F4}}));
    // Zero width non-joiners between letters that would join.
    Expr dual = one({{0x626, 0x626},
                     {0x628, 0x628},
                     {0x62A, 0x62E},
                     {0x633, 0x63F},
                     {0x641, 0x647},
                     {0x649, 0x64A}});
    Expr right_or_dual = one({{0x622, 0x63F}, {0x641, 0x64A}});
    Expr not_joined = p_.seq(p_.plus(p_.seq(dual, p_.literal("\u200C"))), right_or_dual);
    Expr marked = p_.seq(letter, p_.optional(one(set_of(idn_right_to_left_marks()))));
    Expr part = p_.alt({marked, geresh, not_joined});
    return hyphenated(part, p_.alt(part, one(digits)));
  }

  ExprPool& p_;
  Expr any_, hyphens_, dot_;
};

}  // namespace

Expr idn_hostname(ExprPool& pool, bool any_dot) { return IdnBuilder(pool, any_dot).name(); }

}  // namespace xgr::core

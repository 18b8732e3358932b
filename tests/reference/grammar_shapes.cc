// The list of fixed hard grammars: recursion of every kind, ambiguity, nullable loops, counters,
// split UTF-8, JSON-like text.
//
// Entry point: hard_shapes. Each line is one grammar with its reason; rule 0 is the root.
// Test: oracle_test.cc derives short strings of each, compare.cc draws from them.
#include "grammar_shapes.h"

#include "syntax_builder.h"

namespace reference {
namespace {

Element a() { return txt(U"a"); }
Element b() { return txt(U"b"); }
Element c() { return txt(U"c"); }
Element digit() { return chars({{'0', '9'}}); }

std::vector<Syntax> recursion_shapes() {
  return {
      // no string at all
      make_syntax({"root"}, {{{call(0)}}}),
      make_syntax({"root", "x"}, {{{call(1), a()}}, {{b(), call(0)}, {call(1), call(1)}}}),
      // ambiguous beyond measure
      make_syntax({"root"}, {{{call(0), call(0)}, {call(0), call(0), call(0)}, {a()}}}),
      make_syntax({"root"}, {{{call(0), call(0)}, {a()}, {}}}),
      // direct left recursion: sums; with two left-recursive alternatives
      make_syntax({"root", "t", "f"}, {{{call(0), txt(U"+"), call(1)}, {call(1)}},
                                       {{call(1), txt(U"*"), call(2)}, {call(2)}},
                                       {{txt(U"("), call(0), txt(U")")}, {plus(digit())}}}),
      make_syntax({"root"}, {{{call(0), a()}, {call(0), b()}, {c()}}}),
      // indirect left recursion
      make_syntax({"root", "x", "y"},
                  {{{call(1), a()}, {a()}}, {{call(2), b()}, {b()}}, {{call(0), c()}, {c()}}}),
      // hidden left recursion
      make_syntax({"root", "x"}, {{{call(1), call(0), b()}, {c()}}, {{maybe(a())}}}),
      make_syntax({"root", "x"}, {{{star(a()), call(1), b()}, {c()}}, {{call(0), maybe(a())}, {}}}),
      // nullable cycles
      make_syntax({"root", "x", "y"},
                  {{{call(1)}, {a()}}, {{call(2)}, {call(1), b()}}, {{call(0)}, {}}}),
      make_syntax({"root", "x"}, {{{star(call(1)), b()}}, {{star(a())}, {star(call(0)), c()}}}),
      // right recursion, lists
      make_syntax({"root", "i"}, {{{call(1)}, {call(1), txt(U","), call(0)}}, {{plus(digit())}}}),
      make_syntax({"root", "x"}, {{{a(), call(1)}, {}}, {{b(), call(0)}, {call(0)}}}),
      // centre recursion: brackets, palindromes, a^n b^n, a^n b^n c*
      make_syntax({"root"}, {{{txt(U"("), call(0), txt(U")")}, {call(0), call(0)}, {}}}),
      make_syntax({"root"}, {{{a(), call(0), a()}, {b(), call(0), b()}, {a()}, {b()}, {}}}),
      make_syntax({"root"}, {{{a(), call(0), a()}, {a()}}}),
      make_syntax({"root", "p", "q"}, {{{call(1), star(c())}, {star(a()), call(2)}},
                                       {{a(), call(1), b()}, {}},
                                       {{b(), call(2), c()}, {}}}),
      // dangling else
      make_syntax(
          {"root"},
          {{{txt(U"if "), call(0)}, {txt(U"if "), call(0), txt(U" else "), call(0)}, {txt(U"x")}}}),
      // everything at once: left, right and centre recursion in one rule
      make_syntax({"root", "x"}, {{{call(0), a()}, {b(), call(0)}, {call(1), call(0), call(1)}, {}},
                                  {{call(0), c()}, {call(1), a()}, {b()}}}),
  };
}

std::vector<Syntax> regular_shapes() {
  const std::vector<CodeRange> string_ends = {{'"', '"'}, {'\\', '\\'}, {0, 0x1F}};
  return {
      make_syntax({"root", "w"}, {{{plus(call(1)), txt(U"ab")}}, {{plus(a())}}}),  // not greedy
      make_syntax({"root"},
                  {{{star(group({{a()}, {b()}})), a(), times(group({{a()}, {b()}}), 5, 5)}}}),
      make_syntax({"root"}, {{{times(times(maybe(a()), 2, 3), 0, 4), b()}}}),
      make_syntax({"root"}, {{{times(group({{star(a())}, {b()}}), 2, 40)}}}),
      make_syntax({"root"},
                  {{{times(chars({{'a', 'z'}}), 3, 90), txt(U"."), times(digit(), 0, 12)}}}),
      make_syntax({"root"}, {{{plus(group({{plus(chars({{'a', 'z'}})), maybe(txt(U" "))}}))}}}),
      make_syntax({"root"}, {{{times(chars({{0x4E00, 0x9FFF}, {0x3041, 0x3096}}), 1, 20)}}}),
      make_syntax({"root"}, {{{txt(U"ССР"), digit()}, {txt(U"СССР")}}}),
      make_syntax({"root"},
                  {{{star(chars({{'a', 'a'}}, true)), txt(U"a"), chars({{0x1F600, 0x1F64F}})}}}),
      make_syntax({"root"}, {{{txt(U"\""),
                               star(group({{chars(string_ends, true)},
                                           {txt(U"\\"), chars({{'"', '"'}, {'n', 'n'}})}})),
                               txt(U"\"")}}}),
      make_syntax({"root"}, {{{txt(U"\""), times(chars(string_ends, true), 2, 9), txt(U"\"")}}}),
      make_syntax({"root"}, {{{times(chars({{' ', ' '}, {'\n', '\n'}}), 0, 40), txt(U"x")}}}),
      make_syntax({"root"},
                  {{{star(chars({{0, 0x10FFFF}})), txt(U"<f"), star(chars({{'>', '>'}}, true))}}}),
      make_syntax({"root"}, {{{txt(U"aaaa")}, {txt(U"aab"), star(c())}, {txt(U"a")}}}),
      make_syntax({"root"}, {{{}}}),
  };
}

// value, object, array, string, number, white space
Syntax json_shape(bool spaces) {
  const Element ws = spaces ? call(5) : txt(U"");
  const std::vector<CodeRange> string_ends = {{'"', '"'}, {'\\', '\\'}, {0, 0x1F}};
  const Element more_pairs =
      star(group({{txt(U","), ws, call(3), ws, txt(U":"), ws, call(0), ws}}));
  const Element more_items = star(group({{txt(U","), ws, call(0), ws}}));
  return make_syntax(
      {"root", "object", "array", "string", "number", "ws"},
      {{{call(1)}, {call(2)}, {call(3)}, {call(4)}, {txt(U"true")}, {txt(U"null")}},
       {{txt(U"{"), ws, txt(U"}")},
        {txt(U"{"), ws, call(3), ws, txt(U":"), ws, call(0), ws, more_pairs, txt(U"}")}},
       {{txt(U"["), ws, txt(U"]")}, {txt(U"["), ws, call(0), ws, more_items, txt(U"]")}},
       {{txt(U"\""),
         star(group({{chars(string_ends, true)}, {txt(U"\\"), chars({{'"', '"'}, {'n', 'n'}})}})),
         txt(U"\"")}},
       {{maybe(txt(U"-")), group({{txt(U"0")}, {chars({{'1', '9'}}), star(digit())}}),
         maybe(group({{txt(U"."), plus(digit())}}))}},
       {{star(chars({{' ', ' '}, {'\n', '\n'}, {'\t', '\t'}}))}}});
}

}  // namespace

const std::vector<Syntax>& hard_shapes() {
  static const std::vector<Syntax> shapes = [] {
    std::vector<Syntax> all = recursion_shapes();
    for (Syntax& shape : regular_shapes()) all.push_back(std::move(shape));
    all.push_back(json_shape(true));
    all.push_back(json_shape(false));
    return all;
  }();
  return shapes;
}

}  // namespace reference

// Draws random grammars.
//
// Entry points: random_grammar, random_regular. Most are free random trees over a small alphabet,
// so that rules overlap and texts collide; some are known hard shapes (grammar_shapes.h), alone or
// with a random rule in place of one of their parts. Calls go to any rule, so left, right, centre,
// mutual and hidden recursion, unreachable rules and rules without any string all turn up by
// themselves. Test: oracle_test.cc counts the kinds; compare.cc runs them.
#include "grammar_generator.h"

#include "grammar_shapes.h"
#include "plain_grammar.h"
#include "syntax_builder.h"

namespace reference {
namespace {

const std::vector<std::vector<CodeRange>>& class_pool() {
  static const std::vector<std::vector<CodeRange>> pool = {
      {{'a', 'c'}},
      {{'a', 'z'}},
      {{'0', '9'}},
      {{'a', 'b'}, {'d', 'd'}},
      {{'"', '"'}, {'\\', '\\'}},
      {{'"', '"'}, {'\\', '\\'}, {0, 0x1F}},
      {{' ', ' '}, {'\n', '\n'}, {'\t', '\t'}},
      {{'-', '-'}, {']', ']'}, {'^', '^'}},
      {{0x20, 0x7E}},
      {{0x410, 0x44F}},  // Cyrillic
      {{'a', 'z'}, {0xE9, 0xE9}, {0x430, 0x44F}},
      {{0x7F, 0x80}},  // around a change of length
      {{0x7FE, 0x801}},
      {{0x4E00, 0x9FFF}},  // CJK
      {{0x3041, 0x3096}, {0x4E2D, 0x4E2D}},
      {{0xD7FF, 0xE000}},  // around the surrogates
      {{0xFFFD, 0x10002}},
      {{0x1F600, 0x1F64F}},  // emoji
      {{0x80, 0x10FFFF}},
      {{0, 0x10FFFF}},
  };
  return pool;
}

class Generator {
 public:
  Generator(RandomSource& random, bool regular) : random_(random), regular_(regular) {
    const std::u32string pool = U"abc01 \",{}[]:-\n\\é\u0421\u0420中日😀😁";
    const size_t count = 2 + random_.below(4);
    for (size_t i = 0; i < count; ++i) alphabet_.push_back(pool[random_.below(pool.size())]);
    alphabet_.push_back('a');
  }

  Body body(size_t rule_count, int depth) {
    rule_count_ = rule_count;
    Body out(static_cast<size_t>(random_.percent(50) ? 1 : random_.between(2, 4)));
    for (Sequence& sequence : out) {
      if (random_.percent(10)) continue;  // the empty string
      const int length = random_.between(1, 4);
      for (int i = 0; i < length; ++i) sequence.push_back(element(depth));
    }
    return out;
  }

 private:
  Element element(int depth) {
    Element e;
    const int kind = random_.between(0, 99);
    if (kind < 35 && !regular_) {
      e = call(random_.below(rule_count_));
    } else if (kind < 52 && depth > 0) {
      e = group(body(rule_count_, depth - 1));
    } else if (kind < 75) {
      e = char_class();
    } else {
      e = txt(text());
    }
    if (random_.percent(30)) repeat(&e);
    return e;
  }

  std::u32string text() {
    const int length = random_.percent(90) ? random_.between(1, 3) : random_.between(4, 12);
    std::u32string out;
    for (int i = 0; i < length; ++i) {
      out.push_back(random_.percent(97) ? random_.pick(alphabet_)
                                        : random_.one_of<char32_t>({0, 1, 0x7F, 0x85, 0x10FFFF}));
    }
    return out;
  }

  Element char_class() {
    Element e = chars(random_.pick(class_pool()), random_.percent(25));
    if (random_.percent(30)) {
      e.ranges.clear();
      const int count = random_.between(1, 3);
      for (int i = 0; i < count; ++i) {
        const char32_t c = random_.pick(alphabet_);
        e.ranges.push_back({c, c + static_cast<char32_t>(random_.below(3))});
      }
    }
    if (e.negated && e.ranges.front().lo == 0 && e.ranges.front().hi == kLastCodePoint) {
      e.negated = false;  // a class without members has no agreed spelling
    }
    return e;
  }

  void repeat(Element* e) {
    switch (random_.between(0, 8)) {
      case 0:
      case 1:
        *e = star(std::move(*e));
        return;
      case 2:
        *e = plus(std::move(*e));
        return;
      case 3:
      case 4:
        *e = maybe(std::move(*e));
        return;
      case 5: {
        const int count = random_.between(0, 4);
        *e = times(std::move(*e), count, count);
        return;
      }
      case 6:
        *e = times(std::move(*e), random_.between(0, 4), kForever);
        return;
      default: {
        const int min = random_.between(0, 3);
        const int more = random_.percent(85) ? random_.between(0, 5) : random_.between(6, 70);
        *e = times(std::move(*e), min, min + more);
        return;
      }
    }
  }

  RandomSource& random_;
  const bool regular_;
  std::vector<char32_t> alphabet_;
  size_t rule_count_ = 0;
};

Syntax draw(RandomSource& random) {
  Generator generator(random, false);
  if (random.percent(25)) {
    Syntax shape = random_shape(random);
    if (random.percent(60)) return shape;
    // One of its alternatives becomes, or gains, a random one.
    Body extra = generator.body(shape.rules.size(), 1);
    Body& body = shape.rules[random.below(shape.rules.size())];
    if (random.percent(50))
      body.push_back(extra[0]);
    else
      body[random.below(body.size())] = extra[0];
    return shape;
  }
  static const char* const kNames[] = {"root", "a", "b-c", "expr", "ws", "rule_1", "x2"};
  Syntax out;
  const size_t count = 1 + random.below(random.percent(70) ? 4 : 7);
  for (size_t i = 0; i < count; ++i) {
    out.names.push_back(kNames[i]);
    out.rules.push_back(generator.body(count, random.between(0, 3)));
  }
  return out;
}

template <typename Draw>
Syntax draw_small(RandomSource& random, Draw draw_one) {
  for (;;) {
    Syntax syntax = draw_one();
    syntax.style = random.next();
    if (expand(syntax).symbol_count() <= kMaxSymbols) return syntax;
  }
}

}  // namespace

Syntax random_grammar(RandomSource& random) {
  return draw_small(random, [&random] { return draw(random); });
}

Syntax random_regular(RandomSource& random) {
  return draw_small(random, [&random] {
    Generator generator(random, true);
    Syntax out;
    out.names = {"root"};
    out.rules = {generator.body(1, random.between(0, 4))};
    return out;
  });
}

}  // namespace reference

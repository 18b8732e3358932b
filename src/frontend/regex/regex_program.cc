// Compiles the tree of a regular expression to points.
//
// Entry point: compile_regex_program. Each part is compiled towards the point that follows it, from
// the end to the beginning. Near the end of the pattern, where nothing depends on its surroundings
// any more, what is left is kept as one expression beside its points (kPlain). A point then knows
// whether anything that can follow asks for the text before.
//
//   (\bab)*c   ->  enter L; L: assert \b, 'a', 'b', back L | 'c'
//
// Tests: tests/unit/frontend/regex_test.cc.
#include "frontend/regex/regex_program.h"

#include <unordered_map>

#include "support/error_text.h"

namespace xgr::core {
namespace {

using Point = RegexPoint;

class ProgramCompiler {
 public:
  ProgramCompiler(const RegexTree& tree, const std::vector<Expr>& plain,
                  const RegexOptions& options, ExprPool& pool, const Limits& limits)
      : tree_(tree), plain_(plain), options_(options), pool_(pool), limits_(limits) {
    out_.left = LeftContext(options.dialect == RegexDialect::kEcma);
    out_.scopes.push_back({0, 0});
  }

  Result<RegexProgram> run() {
    Expr anything = pool_.star(pool_.char_class(CharSet::all()));
    uint32_t end = add(Point::kEnd, 0, Point::kNone);
    out_.points[end].negative = options_.search;  // any text may follow
    uint32_t tail = add(Point::kPlain, options_.search ? anything : pool_.epsilon(), end);
    uint32_t start = compile(tree_.root, tail);
    if (options_.search) {
      uint32_t any = add_set(CharSet::all());
      RegexLoop loop = new_loop(0, kUnbounded, true);
      uint32_t id = add_loop(loop, start);
      out_.loops[id].body = add(Point::kSet, any, add(Point::kBack, id));
      start = add(Point::kEnter, id);
    }
    out_.start = start;
    if (too_large_ || out_.points.size() > limits_.max_expressions) {
      return make_error(
          Status::kLimitExceeded,
          too_large_
              ? "the repetitions in the look-behinds of the pattern are too large: "
                "written out they have more than " +
                    std::to_string(LeftContext::kMaxPoints) + " parts; repeat less there"
              : "the pattern needs more nodes than " +
                    limit_text("max_expressions", limits_.max_expressions, "split the pattern"));
    }
    mark_contexts();
    out_.left.begin();
    return std::move(out_);
  }

 private:
  uint32_t add(Point::Op op, uint32_t a, uint32_t b = Point::kNone, bool negative = false) {
    Point p;
    p.op = op;
    p.negative = negative;
    p.scope = scope_;
    p.a = a;
    p.b = b;
    out_.points.push_back(p);
    return static_cast<uint32_t>(out_.points.size() - 1);
  }

  uint32_t add_set(const CharSet& set) {
    auto [it, fresh] =
        set_ids_.try_emplace(pool_.char_class(set), static_cast<uint32_t>(out_.sets.size()));
    if (fresh) out_.sets.push_back(set);
    return it->second;
  }

  RegexLoop new_loop(uint32_t min, uint32_t max, bool lazy) {
    RegexLoop l{};
    l.min = min;
    l.max = max;
    l.lazy = lazy;
    l.counted = min > 1 || max != kUnbounded;
    l.scope = scope_;
    l.depth = depth_ + 1;
    return l;
  }
  uint32_t add_loop(RegexLoop l, uint32_t next) {
    l.next = next;
    out_.loops.push_back(l);
    return static_cast<uint32_t>(out_.loops.size() - 1);
  }

  // The point from which `node` and then `next` match. Groups nest at most 250 deep, so does this.
  uint32_t compile(uint32_t node, uint32_t next) {
    if (out_.points.size() > limits_.max_expressions) return next;
    uint32_t start = compile_points(node, next);
    // By value: points are added.
    const Point tail = out_.points[next];
    bool whole = tail.op == Point::kPlain && plain_[node] != kNoExpr && start != next;
    return whole ? add(Point::kPlain, pool_.seq(plain_[node], tail.a), start) : start;
  }

  uint32_t compile_points(uint32_t node, uint32_t next) {
    const RegexNode& n = tree_.nodes[node];
    std::span<const uint32_t> children = tree_.children_of(n);
    switch (n.kind) {
      case RegexKind::kText:
        return compile_text(tree_.text_of(n), next);
      case RegexKind::kSet: {
        bool none = n.a == pool_.empty();
        return add(Point::kSet, add_set(none ? CharSet() : pool_.charset(pool_.node(n.a).a)), next);
      }
      case RegexKind::kSeq:
        for (size_t i = children.size(); i-- > 0;) next = compile(children[i], next);
        return next;
      case RegexKind::kAlt: {
        uint32_t all = compile(children.back(), next);
        for (size_t i = children.size() - 1; i-- > 0;) {
          all = add(Point::kSplit, compile(children[i], next), all);
        }
        return all;
      }
      case RegexKind::kRepeat:
        return compile_repeat(n, next);
      case RegexKind::kAssert:
        out_.left.use(n.assertion);
        return add(Point::kAssert, static_cast<uint32_t>(n.assertion), next);
      case RegexKind::kBehind: {
        uint32_t behind = 0;
        too_large_ = too_large_ || !out_.left.add_behind(tree_, children[0], pool_, &behind);
        return add(Point::kBehind, behind, next, n.negative);
      }
      case RegexKind::kAhead: {
        const uint32_t inner = static_cast<uint32_t>(out_.scopes.size());
        uint32_t ahead =
            add(Point::kAhead, compile_scope(children[0], Point::kNone, true), next, n.negative);
        out_.points[ahead].inner = inner;
        return ahead;
      }
      case RegexKind::kAtomic:
        return compile_scope(children[0], next, false);
    }
    return next;
  }

  uint32_t compile_text(std::string_view text, uint32_t next) {
    std::vector<char32_t> characters;
    for (size_t pos = 0; pos < text.size();) {
      char32_t c = 0;
      XGR_CHECK(decode_utf8(text, &pos, &c));
      characters.push_back(c);
    }
    for (size_t i = characters.size(); i-- > 0;) {
      CharSet one;
      one.add(characters[i]);
      next = add(Point::kSet, add_set(one), next);
    }
    return next;
  }

  uint32_t compile_repeat(const RegexNode& n, uint32_t next) {
    uint32_t body = tree_.children_of(n)[0];
    if (n.b == 0) return next;
    if (n.a == 1 && n.b == 1) return compile(body, next);
    if (n.a == 0 && n.b == 1) {
      uint32_t once = compile(body, next);
      return n.lazy ? add(Point::kSplit, next, once) : add(Point::kSplit, once, next);
    }
    RegexLoop loop = new_loop(n.a, n.b, n.lazy);
    uint32_t id = add_loop(loop, next);
    ++depth_;
    counters_ += 2 * loop.counted;
    out_.loops[id].body = compile(body, add(Point::kBack, id));
    --depth_;
    counters_ -= 2 * loop.counted;
    return add(Point::kEnter, id);
  }

  // A scope of its own. Look-aheads begin anew: no loop around them goes on inside.
  uint32_t compile_scope(uint32_t body, uint32_t next, bool anew) {
    const uint32_t scope = scope_, depth = depth_, counters = counters_;
    if (anew) depth_ = counters_ = 0;
    scope_ = static_cast<uint32_t>(out_.scopes.size());
    out_.scopes.push_back({depth_, counters_});
    uint32_t start = compile(body, add(Point::kEnd, 0, next));
    scope_ = scope;
    depth_ = depth;
    counters_ = counters;
    return start;
  }

  // Sets Point::context, from the points that ask backwards.
  void mark_contexts() {
    std::vector<std::vector<uint32_t>> before(out_.points.size());
    std::vector<uint32_t> work;
    auto leads = [&](uint32_t from, uint32_t to) {
      if (to != Point::kNone) before[to].push_back(from);
    };
    for (uint32_t i = 0; i < out_.points.size(); ++i) {
      const Point& p = out_.points[i];
      switch (p.op) {
        case Point::kSplit:
        case Point::kAhead:
          leads(i, p.a);
          leads(i, p.b);
          break;
        case Point::kEnter:
        case Point::kBack:
          leads(i, out_.loops[p.a].body);
          leads(i, out_.loops[p.a].next);
          break;
        case Point::kAssert: {
          auto a = static_cast<RegexAssertion>(p.a);
          if (a != RegexAssertion::kEnd && a != RegexAssertion::kLineEnd) work.push_back(i);
          leads(i, p.b);
          break;
        }
        case Point::kBehind:
          work.push_back(i);
          break;
        default:
          leads(i, p.b);
      }
    }
    while (!work.empty()) {
      uint32_t i = work.back();
      work.pop_back();
      if (out_.points[i].context) continue;
      out_.points[i].context = true;
      work.insert(work.end(), before[i].begin(), before[i].end());
    }
  }

  const RegexTree& tree_;
  const std::vector<Expr>& plain_;
  const RegexOptions& options_;
  ExprPool& pool_;
  const Limits& limits_;
  RegexProgram out_;
  std::unordered_map<Expr, uint32_t> set_ids_;
  uint32_t scope_ = 0, depth_ = 0, counters_ = 0;
  bool too_large_ = false;
};

}  // namespace

Result<RegexProgram> compile_regex_program(const RegexTree& tree, const std::vector<Expr>& plain,
                                           const RegexOptions& options, ExprPool& pool,
                                           const Limits& limits) {
  return ProgramCompiler(tree, plain, options, pool, limits).run();
}

}  // namespace xgr::core

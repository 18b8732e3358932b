// Spellings of generated expressions, unfolded along with them.
//
// Entry point: add_spelled_generator. What a generator over characters unfolds to is spelled by
// SpellingImages like any other expression; the lazy nodes in it become nodes of this generator.
//
//   pattern "\\bab*": lazy  ->  [a] b*        spelled: lazy'  ->  (a | "\\u0061") (b | "\\u0062")*
//
// Tests: tests/unit/frontend/json_schema/string_spelling_test.cc.
#include "frontend/json_schema/spelled_generator.h"

#include <memory>
#include <vector>

namespace xgr::core {
namespace {

class SpelledGenerator : public LazyGenerator {
 public:
  SpelledGenerator(uint32_t decoded, CharSpelling spelling)
      : decoded_(decoded), images_(spelling) {}
  void set_id(uint32_t id) { images_.add_generator(decoded_, id); }

  Expr unfold(ExprPool& pool, const Args& args) const override {
    Expr all = images_.preimage(pool, pool.generator(decoded_).unfold(pool, args));
    if (pool.node(all).kind != ExprKind::kAlt) return pool.dead(all) ? pool.empty() : all;
    std::vector<Expr> live;
    for (Expr e : pool.children(all)) {
      if (!pool.dead(e)) live.push_back(e);
    }
    return pool.alt(live);
  }
  bool nullable(const ExprPool& pool, const Args& args) const override {
    return pool.generator(decoded_).nullable(pool, args);
  }
  Expr witness(ExprPool& pool, const Args& args) const override {
    return images_.preimage(pool, pool.generator(decoded_).witness(pool, args));
  }
  void collect_children(const Args&, std::vector<Expr>*) const override {}

 private:
  uint32_t decoded_;
  mutable SpellingImages images_;  // unfolded by one thread at a time
};

}  // namespace

uint32_t add_spelled_generator(ExprPool& pool, uint32_t decoded, CharSpelling spelling) {
  auto generator = std::make_unique<SpelledGenerator>(decoded, spelling);
  SpelledGenerator* raw = generator.get();
  const uint32_t id = pool.add_generator(std::move(generator));
  raw->set_id(id);
  return id;
}

}  // namespace xgr::core

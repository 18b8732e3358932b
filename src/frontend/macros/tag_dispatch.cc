// Dispatch on words in free text: the words' automaton, unfolded one character at a time.
//
// Entry points: tag_dispatch, token_tag_dispatch (tag_dispatch.h). A point in the text is a node of
// the words' automaton (tag_words.h). From a free node every character leads on, to the start when
// it begins nothing; a character that completes a trigger leads to the trigger's body. A node
// behind a complete trigger is bound: the text there may only go on to a longer trigger around it.
//
//   "a" -> X, "ab" -> Y:   start = [^a]* ("" | [a] (X start | bound));   bound = [b] Y start
//
// Tests: tests/unit/frontend/macros/tag_dispatch_test.cc.
#include "frontend/macros/tag_dispatch.h"

#include <algorithm>
#include <map>
#include <memory>

#include "frontend/macros/tag_words.h"

namespace xgr::core {
namespace {

using Node = TagWords::Node;

// Args: the node.
class DispatchText : public LazyGenerator {
 public:
  DispatchText(TagWords words, std::vector<Expr> bodies, bool loop)
      : words_(std::move(words)), bodies_(std::move(bodies)), loop_(loop) {}

  void set_id(uint32_t id) { id_ = id; }
  // The whole text. The characters that begin no word are a loop of their own, for masks to see.
  Expr start(ExprPool& pool) const {
    CharSet others = words_.first_characters().negated();
    return pool.seq(pool.star(pool.char_class(others)), pool.lazy(id_, {TagWords::kStart, 0, 0}));
  }

  Expr unfold(ExprPool& pool, const Args& args) const override {
    Node from = args[0];
    std::map<char32_t, Expr> next;
    for (auto [c, to] : words_.steps(from)) next[c] = behind(pool, to);
    bool bound = words_.bound(from);
    if (bound || from == TagWords::kStart) {
      Expr rest = pool.switch_on(edges(next, pool.empty()));
      return bound ? rest : pool.alt(pool.epsilon(), rest);
    }
    return pool.alt(pool.epsilon(), pool.switch_on(edges(next, start(pool))));
  }

  bool nullable(const ExprPool&, const Args& args) const override { return !words_.bound(args[0]); }

  Expr witness(ExprPool& pool, const Args& args) const override {
    if (!words_.bound(args[0])) return pool.epsilon();
    std::vector<Expr> ways;
    words_.each_way(args[0], [&](std::string_view rest, uint32_t trigger) {
      if (pool.spells(rest)) ways.push_back(pool.seq(pool.literal(rest), bodies_[trigger]));
      return true;
    });
    return pool.alt(ways);
  }

  void collect_children(const Args&, std::vector<Expr>* out) const override {
    out->insert(out->end(), bodies_.begin(), bodies_.end());
  }

 private:
  // What follows the character that led to `node`.
  Expr behind(ExprPool& pool, Node node) const {
    if (words_.excluded(node)) return pool.empty();
    std::vector<Expr> ways;
    for (uint32_t trigger : words_.triggers(node)) {
      if (pool.dead(bodies_[trigger])) continue;
      ways.push_back(loop_ ? pool.seq(bodies_[trigger], start(pool)) : bodies_[trigger]);
    }
    if (!words_.bound(node) || goes_on(pool, node)) ways.push_back(pool.lazy(id_, {node, 0, 0}));
    return pool.alt(ways);
  }

  // Whether some longer trigger can be completed from a bound node, and its body after it.
  bool goes_on(const ExprPool& pool, Node node) const {
    bool found = false;
    words_.each_way(node, [&](std::string_view rest, uint32_t trigger) {
      found = !pool.dead(bodies_[trigger]) && pool.spells(rest);
      return !found;
    });
    return found;
  }

  // All characters that are not in `next` lead to `others`.
  static std::vector<SwitchEdge> edges(const std::map<char32_t, Expr>& next, Expr others) {
    std::vector<SwitchEdge> out;
    auto fill = [&](char32_t lo, char32_t end) {
      CharSet gap;
      if (lo < end) gap.add(lo, end - 1);
      for (const CharRange& r : gap.ranges()) out.push_back({r.lo, r.hi, others});
    };
    char32_t at = 0;
    for (const auto& [c, child] : next) {
      fill(at, c);
      out.push_back({c, c, child});
      at = c + 1;
    }
    fill(at, 0x110000);
    return out;
  }

  TagWords words_;
  std::vector<Expr> bodies_;  // by trigger
  bool loop_;
  uint32_t id_ = 0;
};

MaybeError bad_word(std::string message) {
  return make_error(Status::kInvalidSource, std::move(message));
}

MaybeError check_size(const TagDispatch& dispatch) {
  size_t bytes = 0;
  for (const DispatchTag& tag : dispatch.tags) bytes += tag.trigger.size();
  for (const std::string& word : dispatch.excludes) bytes += word.size();
  if (bytes <= kMaxDispatchBytes) return std::nullopt;
  MaybeError e = bad_word("tags and excludes have more than " + std::to_string(kMaxDispatchBytes) +
                          " bytes together");
  e->code = Status::kLimitExceeded;
  return e;
}

MaybeError check_words(const TagDispatch& dispatch) {
  if (MaybeError e = check_size(dispatch)) return e;
  std::vector<std::string_view> triggers;
  for (const DispatchTag& tag : dispatch.tags) {
    if (tag.trigger.empty()) return bad_word("a tag is empty; it needs at least one character");
    triggers.push_back(tag.trigger);
  }
  std::sort(triggers.begin(), triggers.end());
  for (const std::string& word : dispatch.excludes) {
    if (word.empty()) return bad_word("an exclude is empty; it needs at least one character");
    // What begins with the word stands right where the word would be inserted.
    auto it = std::lower_bound(triggers.begin(), triggers.end(), word);
    if (it != triggers.end() && it->starts_with(word)) {
      return bad_word("the exclude \"" + word + "\" begins the tag \"" + std::string(*it) +
                      "\", which could never be complete");
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Expr> tag_dispatch(Grammar& grammar, const TagDispatch& dispatch) {
  if (MaybeError e = check_words(dispatch)) return *std::move(e);
  ExprPool& pool = grammar.pool;
  std::map<std::string_view, std::vector<Expr>> bodies_of;
  for (const DispatchTag& tag : dispatch.tags) bodies_of[tag.trigger].push_back(tag.body);
  std::vector<std::string> triggers;
  std::vector<Expr> bodies;
  for (const auto& [trigger, list] : bodies_of) {
    triggers.emplace_back(trigger);
    bodies.push_back(pool.alt(list));
  }
  auto text = std::make_unique<DispatchText>(TagWords(std::move(triggers), dispatch.excludes),
                                             std::move(bodies), dispatch.loop);
  DispatchText* raw = text.get();
  raw->set_id(pool.add_generator(std::move(text)));
  return raw->start(pool);
}

Expr token_tag_dispatch(Grammar& grammar, const TokenTagDispatch& dispatch) {
  ExprPool& pool = grammar.pool;
  TokenIds special = dispatch.excludes;
  std::vector<Expr> tags;
  for (const TokenDispatchTag& tag : dispatch.tags) {
    for (const TokenRange& r : tag.trigger.ranges()) special.add(r.lo, r.hi);
    tags.push_back(pool.seq(pool.tokens(tag.trigger), tag.body));
  }
  Expr text = pool.tokens(special.complement());
  if (!dispatch.loop) return pool.seq(pool.star(text), pool.optional(pool.alt(tags)));
  tags.push_back(text);
  return pool.star(pool.alt(tags));
}

}  // namespace xgr::core

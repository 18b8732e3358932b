// Spellings of strings outside of JSON.
//
// Entry points: text_until for raw text, and the CharSpellings of entities and of Python for
// SpellingImages. A language of strings becomes one of raw texts by leaving out those that contain
// the marker that ends them.
//
//   text_until("</p>", {"<"})  ->  [^<]* "</p>"
//
// Tests: tests/unit/frontend/json_schema/argument_styles_test.cc.
#include "frontend/json_schema/argument_strings.h"

#include <algorithm>
#include <utility>

namespace xgr::core {
namespace {

struct Entity {
  char32_t c;
  const char* text;
};
constexpr Entity kEntities[] = {{'&', "&amp;"}, {'"', "&quot;"}, {'<', "&lt;"}, {'>', "&gt;"}};

Expr entity_chars(ExprPool& p, const CharSet& set, std::string_view special) {
  CharSet raw = set;
  std::vector<std::string> entities;
  for (const Entity& e : kEntities) {
    if (special.find(static_cast<char>(e.c)) == std::string_view::npos) continue;
    CharSet one;
    one.add(e.c);
    raw = raw.minus(one);
    if (set.contains(e.c)) entities.emplace_back(e.text);
  }
  std::vector<Expr> branches;
  if (!raw.empty()) branches.push_back(p.char_class(raw));
  for (const std::string& e : entities) branches.push_back(p.literal(e));
  return p.alt(branches);
}

constexpr std::pair<char, char32_t> kPythonEscapes[] = {
    {'"', '"'}, {'\'', '\''}, {'\\', '\\'}, {'a', 7}, {'b', 8},
    {'f', 12},  {'n', 10},    {'r', 13},    {'t', 9}, {'v', 11},
};

CharSet raw_python_chars(char32_t quote) {
  CharSet special;
  for (char32_t c : {U'\0', U'\n', U'\r', U'\\', quote}) special.add(c);
  return special.negated();
}

Expr quoted_chars(ExprPool& p, const CharSet& set, char32_t quote) {
  if (set.empty()) return p.empty();
  std::vector<SwitchEdge> edges;
  for (auto [letter, meant] : kPythonEscapes) {
    const char32_t c = static_cast<char32_t>(letter);
    if (set.contains(meant)) edges.push_back({c, c, p.epsilon()});
  }
  for (auto [letter, digits] : {std::pair{'x', 2}, {'u', 4}, {'U', 8}}) {
    const char32_t c = static_cast<char32_t>(letter);
    const Expr hex = hex_chars(p, set, digits);
    if (hex != p.empty()) edges.push_back({c, c, hex});
  }
  std::sort(edges.begin(), edges.end(), [](auto& x, auto& y) { return x.lo < y.lo; });
  const Expr escaped = edges.empty() ? p.empty() : p.switch_on(edges);
  return p.alt(p.char_class(set.intersected(raw_python_chars(quote))),
               p.seq(p.literal("\\"), escaped));
}

}  // namespace

bool contains_any(std::string_view text, std::span<const std::string> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& w) { return text.find(w) != std::string_view::npos; });
}

Expr texts_without(ExprPool& p, std::span<const std::string> words) {
  if (words.empty()) return kNoExpr;
  const Expr any = p.star(p.char_class(CharSet::all()));
  std::vector<Expr> bad;
  for (const std::string& w : words) bad.push_back(p.literal(w));
  return p.complement(p.seq({any, p.alt(bad), any}));
}

Expr text_until(ExprPool& p, std::string_view end, std::span<const std::string> words) {
  const Expr any = p.star(p.char_class(CharSet::all())), last = p.literal(end);
  if (words.empty()) return p.shortest(p.seq(any, last));
  std::vector<std::string> all(words.begin(), words.end());
  all.emplace_back(end);
  return p.seq(texts_without(p, all), last);
}

Expr attribute_chars(ExprPool& p, const CharSet& set) { return entity_chars(p, set, "&\""); }
Expr markup_chars(ExprPool& p, const CharSet& set) { return entity_chars(p, set, "&<>\""); }
Expr single_quoted_chars(ExprPool& p, const CharSet& set) { return quoted_chars(p, set, '\''); }
Expr double_quoted_chars(ExprPool& p, const CharSet& set) { return quoted_chars(p, set, '"'); }

std::string with_entities(std::string_view text, std::string_view special) {
  std::string out;
  for (char c : text) {
    const Entity* found = std::find_if(std::begin(kEntities), std::end(kEntities), [&](auto& e) {
      return e.c == static_cast<unsigned char>(c);
    });
    if (found == std::end(kEntities) || special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += found->text;
    }
  }
  return out;
}

std::string python_chars(std::string_view text, char quote) {
  std::string out;
  for (char c : text) {
    auto escape = std::find_if(std::begin(kPythonEscapes), std::end(kPythonEscapes),
                               [&](auto& e) { return e.second == static_cast<unsigned char>(c); });
    if (c == '\0') {
      out += "\\x00";
    } else if (c == '\n' || c == '\r' || c == '\\' || c == quote) {
      out += {'\\', escape->first};
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace xgr::core

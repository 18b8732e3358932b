// What a string may hold by contentEncoding and contentMediaType, which draft 7 lets assert.
//
// Entry points: is_checked_content, content_expr. Base64 is that of RFC 4648, padded. JSON texts
// nest, so as an expression over characters only those of at most 4 levels are taken.
//
//   contentEncoding "base64" takes eyJhIjoxfQ==; contentMediaType "application/json" takes [{"a":
//   1}]
//
// Tests: tests/cases/json_schema/string.case.
#include "frontend/json_schema/content.h"

#include "frontend/frontend.h"

namespace xgr::core {
namespace {

constexpr int kMaxContentDepth = 4;
constexpr std::string_view kBase64 = "base64", kJson = "application/json";

Result<Expr> json_text(Grammar& grammar, const Limits& limits) {
  const std::string string = "\"(?:[^\"\\\\\\x00-\\x1F]|\\\\(?:[\"\\\\/bfnrt]|u[0-9A-Fa-f]{4}))*\"";
  Result<Expr> key = regex_expr(grammar, string, {}, limits);
  Result<Expr> scalar = regex_expr(
      grammar, "null|true|false|-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?|" + string,
      {}, limits);
  if (!key.ok() || !scalar.ok()) return key.ok() ? scalar : key;
  ExprPool& p = grammar.pool;
  CharSet space;
  for (char32_t c : {U' ', U'\t', U'\n', U'\r'}) space.add(c);
  Expr gap = p.star(p.char_class(space)), value = p.seq({gap, scalar.value(), gap});
  auto list = [&](const char* open, Expr item, const char* close) {
    Expr items = p.seq(item, p.star(p.seq(p.literal(","), item)));
    return p.seq({p.literal(open), p.alt(gap, items), p.literal(close)});
  };
  for (int depth = 0; depth < kMaxContentDepth; ++depth) {
    Expr member = p.seq({gap, key.value(), gap, p.literal(":"), value});
    Expr any = p.alt({scalar.value(), list("[", value, "]"), list("{", member, "}")});
    value = p.seq({gap, any, gap});
  }
  return value;
}

}  // namespace

bool is_checked_content(std::string_view name) { return name == kBase64 || name == kJson; }

Result<Expr> content_expr(Grammar& grammar, std::string_view name, const Limits& limits) {
  if (name == kJson) return json_text(grammar, limits);
  // The bits that padding leaves over are 0.
  const std::string digit = "[A-Za-z0-9+/]";
  return regex_expr(
      grammar,
      "(?:" + digit + "{4})*(?:" + digit + "[AQgw]==|" + digit + "{2}[AEIMQUYcgkosw048]=)?", {},
      limits);
}

}  // namespace xgr::core

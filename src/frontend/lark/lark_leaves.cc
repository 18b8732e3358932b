// The expressions of what Lark text spells out: strings, ranges, regular expressions, substrings.
//
// Entry point: LarkTerminals::leaf (lark_terminals.h). Regular expressions are read by their own
// front end; a Lark dot stops at line ends unless the flag s says otherwise.
//
//   "ok"i  ->  [oO] [kK]        %regex {"substring_chars": "abc"}  ->  "", "a", "ab", "bc", ...
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include <algorithm>

#include "frontend/lark/lark_regex.h"
#include "frontend/lark/lark_terminals.h"
#include "frontend/macros/substring.h"
#include "support/ascii.h"
#include "support/json_reader.h"

namespace xgr::core {

Result<Expr> LarkTerminals::leaf(uint32_t scope, const LarkNode& node) {
  switch (node.kind) {
    case LarkNodeKind::kString:
      return string(scope, node);
    case LarkNodeKind::kRange:
      return range(scope, node);
    case LarkNodeKind::kSubstring:
      return chunks(scope, node);
    default:
      return regex(scope, node);
  }
}

Result<Expr> LarkTerminals::string(uint32_t scope, const LarkNode& node) {
  Result<LarkString> s = decode_lark_string(source_.scopes[scope].text, node.begin, node.end);
  if (!s.ok()) {
    const Error& e = s.error();
    return source_.error(e.code, e.message, scope, static_cast<size_t>(e.byte_offset));
  }
  ExprPool& pool = grammar_.pool;
  if (!s.value().any_case) return pool.literal(s.value().text);
  std::vector<Expr> parts;
  for (char c : s.value().text) {
    CharSet set;
    set.add(static_cast<unsigned char>(c));
    bool letter = is_letter(c);
    if (letter) set.add(static_cast<unsigned char>(c ^ 0x20));
    parts.push_back(letter ? pool.char_class(set) : pool.literal(std::string_view(&c, 1)));
  }
  return pool.seq(parts);
}

Result<Expr> LarkTerminals::range(uint32_t scope, const LarkNode& node) {
  std::string_view text = source_.scopes[scope].text;
  char32_t ends[2] = {};
  const uint32_t spans[2][2] = {{node.begin, node.a}, {node.b, node.end}};
  for (int i = 0; i < 2; ++i) {
    Result<LarkString> s = decode_lark_string(text, spans[i][0], spans[i][1]);
    if (!s.ok()) {
      const Error& e = s.error();
      return source_.error(e.code, e.message, scope, static_cast<size_t>(e.byte_offset));
    }
    size_t pos = 0;
    bool one = !s.value().any_case && decode_utf8(s.value().text, &pos, &ends[i]);
    if (!one || pos != s.value().text.size()) {
      return source_.error(Status::kInvalidSource,
                           "an end of a range is one character without a flag, as in \"a\"..\"z\"",
                           scope, spans[i][0]);
    }
  }
  if (ends[0] > ends[1]) {
    return source_.error(Status::kInvalidSource,
                         "this range runs backwards; write the smaller character first", scope,
                         node.begin);
  }
  CharSet set;
  set.add(ends[0], ends[1]);
  return grammar_.pool.char_class(set);
}

Result<Expr> LarkTerminals::regex(uint32_t scope, const LarkNode& node) {
  std::string_view text = source_.scopes[scope].text;
  Result<LarkRegex> r = decode_lark_regex(text, node.begin, node.end);
  if (!r.ok()) {
    const Error& e = r.error();
    return source_.error(e.code, e.message, scope, static_cast<size_t>(e.byte_offset));
  }
  std::string_view written = text.substr(r.value().begin, r.value().end - r.value().begin);
  LarkPattern pattern(written, {r.value().any_case, r.value().dot_all});
  size_t offset = 0;
  Error error;
  if (MaybeError e = pattern.rewrite()) {
    error = *std::move(e);
    offset = static_cast<size_t>(error.byte_offset);
  } else {
    Result<Expr> out = regex_expr(grammar_, pattern.text(), {}, limits_);
    if (out.ok()) return out;
    error = std::move(out.error());
    offset = pattern.source_offset(static_cast<size_t>(std::max<int64_t>(error.byte_offset, 0)));
  }
  return source_.error(error.code, error.message, scope, r.value().begin + offset);
}

// {"substring_chunks": ["a", ...]} or {"substring_chars": "..."}
Result<Expr> LarkTerminals::chunks(uint32_t scope, const LarkNode& node) {
  auto refuse = [&](Status code, std::string message, size_t at) {
    return source_.error(code, std::move(message), scope, node.begin + at);
  };
  std::string_view json = source_.spelling(source_.scopes[scope], node);
  Result<JsonDocument> read = JsonDocument::parse(json, limits_);
  if (!read.ok()) {
    int64_t at = std::max<int64_t>(read.error().byte_offset, 0);
    return refuse(read.error().code, read.error().message, static_cast<size_t>(at));
  }
  const JsonDocument& doc = read.value();
  const JsonId root = doc.root();
  const JsonId list = doc.find(root, "substring_chunks"), chars = doc.find(root, "substring_chars");
  const bool one = doc.is(root, JsonType::kObject) && doc.count(root) == 1;
  std::vector<std::string> out;
  if (one && chars != kNoJson && doc.is(chars, JsonType::kString)) {
    std::string_view text = doc.text(chars);
    char32_t c = 0;
    for (size_t pos = 0, begin = 0; pos < text.size(); begin = pos) {
      if (!decode_utf8(text, &pos, &c)) break;  // never: JSON text is valid
      out.emplace_back(text.substr(begin, pos - begin));
    }
    return substring(grammar_.pool, out);
  }
  bool ok = one && list != kNoJson && doc.is(list, JsonType::kArray);
  if (ok) {
    for (JsonId item : doc.children(list)) {
      ok = ok && doc.is(item, JsonType::kString);
      if (ok) out.emplace_back(doc.text(item));
    }
  }
  if (ok) return substring(grammar_.pool, out);
  return refuse(Status::kUnsupported,
                "%regex takes {\"substring_chunks\": [\"...\", ...]} or "
                "{\"substring_chars\": \"...\"}",
                0);
}

}  // namespace xgr::core

// Reads the items of Lark text: rules, terminals, templates and directives.
//
// Entry point: read_lark (lark_source.h). Scopes wait in a queue: a nested grammar, a named source
// and the library of common terminals are scopes like the whole text, read one after the other, so
// that no depth of nesting is a depth of calls.
//
//   %import common.INT        the name INT -> the library's definition
//   sum{x}: x ("+" x)*        a template
//   start: sum{INT}           a rule
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include <deque>
#include <map>

#include "frontend/lark/lark_parser.h"
#include "frontend/lark/named_sources.h"
#include "frontend/source_text.h"
#include "support/error_text.h"

namespace xgr::core {
namespace {

class LarkReader : public LarkScopes {
 public:
  LarkReader(const LarkOptions& options, const Limits& limits)
      : options_(options), limits_(limits), expressions_(source_, *this, limits) {}

  Result<LarkSource> run(std::string_view text) {
    Result<uint32_t> whole = add_document(text, "");
    if (!whole.ok()) return std::move(whole.error());
    while (!waiting_.empty()) {
      Waiting next = waiting_.front();
      waiting_.pop_front();
      if (MaybeError e = read_scope(next)) return *std::move(e);
    }
    if (MaybeError e = find_named_cycle(source_)) return *std::move(e);
    return std::move(source_);
  }

  Result<uint32_t> nested(const LarkDocument& document, uint32_t brace, uint32_t from) override {
    const LarkToken& t = document.tokens[brace];
    if (source_.scopes.size() > limits_.max_nesting) {
      return source_.error(Status::kLimitExceeded,
                           "there are more nested grammars than " +
                               limit_text("max_nesting", limits_.max_nesting, "nest fewer"),
                           from, t.begin);
    }
    uint32_t scope = static_cast<uint32_t>(source_.scopes.size());
    source_.scopes[from].used.emplace(scope, t.begin);
    source_.scopes.push_back({document.text, source_.scopes[from].title, t.begin});
    waiting_.push_back({&document, scope, brace + 1, t.match});
    return scope;
  }

  Result<uint32_t> named(std::string_view name, uint32_t from, uint32_t offset) override {
    auto it = named_.find(name);
    if (it == named_.end()) {
      std::optional<std::string_view> text = find_named_source(options_, name);
      if (!text) return kNoLark;
      Result<uint32_t> scope = add_document(*text, "@" + show_text(name));
      if (!scope.ok()) return scope;
      it = named_.emplace(name, scope.value()).first;
    }
    source_.scopes[from].used.emplace(it->second, offset);
    return it->second;
  }

 private:
  struct Waiting {
    const LarkDocument* document;
    uint32_t scope, begin, end;  // tokens
  };

  Result<uint32_t> add_document(std::string_view text, std::string title) {
    uint32_t scope = static_cast<uint32_t>(source_.scopes.size());
    source_.scopes.push_back({text, std::move(title)});
    size_t max_bytes = std::min<size_t>(limits_.max_source_bytes, UINT32_MAX - 1);
    if (text.size() > max_bytes) {
      return error_at(Status::kLimitExceeded,
                      "the grammar's text of " + std::to_string(text.size()) +
                          " bytes is longer than " +
                          limit_text("max_source_size", max_bytes, "split the grammar"),
                      text, max_bytes);
    }
    if (size_t bad = find_invalid_utf8(text); bad != std::string_view::npos)
      return source_.error(Status::kInvalidSource, "the text is not valid UTF-8 from here on",
                           scope, bad);
    Result<std::vector<LarkToken>> tokens = lex_lark(text);
    if (!tokens.ok()) {
      const Error& e = tokens.error();
      return source_.error(e.code, e.message, scope, static_cast<size_t>(e.byte_offset));
    }
    documents_.push_back({text, std::move(tokens).value()});
    uint32_t end = static_cast<uint32_t>(documents_.back().tokens.size() - 1);
    waiting_.push_back({&documents_.back(), scope, 0, end});
    return scope;
  }

  MaybeError read_scope(const Waiting& w) {
    LarkCursor c(*w.document, source_, w.scope, w.begin, w.end);
    while (!c.at_end()) {
      if (c.take(LarkTokenKind::kNewline)) continue;
      MaybeError e = c.kind() == LarkTokenKind::kDirective ? directive(c) : definition(c);
      if (e) return e;
      if (!c.at_end() && !c.take(LarkTokenKind::kNewline)) return c.expected("the end of the line");
    }
    return std::nullopt;
  }

  LarkScope& scope(const LarkCursor& c) { return source_.scopes[c.scope()]; }

  // Two things of one name: which line has the first.
  MaybeError claim(const LarkCursor& c, std::string_view name, uint32_t definition,
                   uint32_t offset) {
    auto [it, fresh] = scope(c).names.emplace(name, definition);
    if (fresh && !scope(c).declared.contains(name)) return std::nullopt;
    std::string where;
    if (!fresh) {
      const LarkDefinition& first = source_.definitions[it->second];
      if (first.scope == c.scope())
        where = ", first in line " + std::to_string(c.malformed("", first.offset).line);
    }
    return c.malformed("the name " + show_text(name) + " is defined twice" + where, offset);
  }

  MaybeError definition(LarkCursor& c) {
    Result<LarkDefinition> head = read_lark_head(c, source_, expressions_);
    if (!head.ok()) return std::move(head.error());
    LarkDefinition d = std::move(head).value();
    d.first = static_cast<uint32_t>(source_.nodes.size());
    if (MaybeError e = expressions_.read(c)) return e;
    d.last = static_cast<uint32_t>(source_.nodes.size() - 1);
    if (MaybeError e =
            claim(c, d.name, static_cast<uint32_t>(source_.definitions.size()), d.offset))
      return e;
    source_.definitions.push_back(std::move(d));
    return std::nullopt;
  }

  MaybeError directive(LarkCursor& c) {
    const LarkToken t = c.token();
    std::string_view name = c.spelling();
    ++c.at;
    if (name == "%import") return import(c);
    if (name == "%ignore") return ignore(c, t.begin);
    if (name == "%declare") return declare(c);
    if (name == "%grammar_options" || name == "%llguidance")
      return read_lark_options(c, &scope(c), limits_);
    return c.error(Status::kUnsupported,
                   show_text(name) +
                       " is not supported here; known are %import, %ignore, %declare and "
                       "%grammar_options",
                   t.begin);
  }

  MaybeError ignore(LarkCursor& c, uint32_t offset) {
    LarkDefinition d{LarkDefinitionKind::kTerminal, "%ignore", offset, c.scope()};
    d.first = static_cast<uint32_t>(source_.nodes.size());
    if (MaybeError e = expressions_.read(c)) return e;
    d.last = static_cast<uint32_t>(source_.nodes.size() - 1);
    scope(c).ignored.push_back(static_cast<uint32_t>(source_.definitions.size()));
    source_.definitions.push_back(std::move(d));
    return std::nullopt;
  }

  MaybeError declare(LarkCursor& c) {
    if (c.kind() != LarkTokenKind::kName)
      return c.expected("the names of terminals behind %declare");
    for (; c.kind() == LarkTokenKind::kName; ++c.at) {
      if (scope(c).names.contains(c.spelling()))
        return c.malformed("the name " + show_text(c.spelling()) + " is defined, not declared",
                           c.token().begin);
      scope(c).declared.emplace(c.spelling(), c.token().begin);
    }
    return std::nullopt;
  }

  // common.X   common.X -> Y   common (X, Y)
  MaybeError import(LarkCursor& c) {
    if (c.kind() != LarkTokenKind::kName || c.spelling() != "common") {
      return c.error(Status::kUnsupported,
                     "the only library is common, as in %import common.INT; found " + c.found(),
                     c.token().begin);
    }
    ++c.at;
    if (c.take(LarkTokenKind::kDot)) {
      const LarkToken t = c.token();
      if (!c.take(LarkTokenKind::kName))
        return c.expected("the name of a terminal behind 'common.'");
      LarkToken alias = t;
      if (c.take(LarkTokenKind::kArrow)) {
        alias = c.token();
        if (!c.take(LarkTokenKind::kName))
          return c.expected("the new name of the terminal behind ->");
      }
      return import_one(c, t, alias);
    }
    if (c.kind() != LarkTokenKind::kOpen) return c.expected("'.' or '(' behind common");
    do {
      ++c.at;
      const LarkToken t = c.token();
      if (!c.take(LarkTokenKind::kName)) return c.expected("the name of a terminal of the library");
      if (MaybeError e = import_one(c, t, t)) return e;
    } while (c.kind() == LarkTokenKind::kComma);
    if (!c.take(LarkTokenKind::kClose)) return c.expected("',' or ')'");
    return std::nullopt;
  }

  MaybeError import_one(const LarkCursor& c, const LarkToken& name, const LarkToken& alias) {
    if (library_ == kNoLark) {
      if (MaybeError e = read_library()) return e;
    }
    const auto& known = source_.scopes[library_].names;
    auto it = known.find(c.spelling(name));
    if (it == known.end()) {
      return c.malformed("the library common has no terminal " + show_text(c.spelling(name)),
                         name.begin);
    }
    if (!is_terminal_name(c.spelling(alias)))
      return c.malformed("a terminal's name begins with a capital letter", alias.begin);
    return claim(c, c.spelling(alias), it->second, alias.begin);
  }

  MaybeError read_library() {
    Result<uint32_t> added = add_document(lark_common(), "common");
    if (!added.ok()) return std::move(added.error());
    library_ = added.value();
    source_.scopes[library_].library = true;
    Waiting w = waiting_.back();
    waiting_.pop_back();
    return read_scope(w);
  }

  const LarkOptions& options_;
  const Limits& limits_;
  LarkSource source_;
  LarkExpressions expressions_;
  std::deque<LarkDocument> documents_;
  std::deque<Waiting> waiting_;
  std::map<std::string_view, uint32_t> named_;
  uint32_t library_ = kNoLark;
};

}  // namespace

Result<LarkSource> read_lark(std::string_view text, const LarkOptions& options,
                             const Limits& limits) {
  return LarkReader(options, limits).run(text);
}

}  // namespace xgr::core

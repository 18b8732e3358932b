// Builds what macros and token literals stand for.
//
// Entry points: ebnf_macro, ebnf_token_literal. Each macro checks its arguments by kind and name
// and hands them to what builds the language (frontend/macros/, the regex front end).
//
//   TagDispatch(("<f>", call), excludes=("</s>"))  ->  tag_dispatch({{"<f>", call}}, {"</s>"})
//   !<[7]>  ->  any token but 7
//
// Tests: tests/unit/frontend/ebnf_macros_test.cc, tests/cases/ebnf/.
#include "frontend/ebnf/ebnf_macros.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "frontend/ebnf/regex_macro.h"
#include "frontend/macros/substring.h"
#include "frontend/macros/tag_dispatch.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr std::array<std::string_view, 6> kMacros = {"ExcludeToken", "Regex", "Substring",
                                                     "TagDispatch",  "Token", "TokenTagDispatch"};
constexpr const char* kLoop = "loop_after_dispatch";

class MacroCall {
 public:
  MacroCall(EbnfSource& source, Grammar& grammar, const Limits& limits)
      : s_(source), grammar_(grammar), pool_(grammar.pool), limits_(limits) {}

  Result<Expr> run() {
    name_ = s_.spelling(s_.token());
    offset_ = s_.token().begin;
    s_.advance();
    Result<std::vector<EbnfArgument>> all = parse_ebnf_arguments(s_);
    if (!all.ok()) return std::move(all.error());
    for (EbnfArgument& a : all.value()) {
      (a.name.empty() ? positional_ : named_).push_back(std::move(a));
    }
    if (name_ == "Regex") return regex();
    if (name_ == "Substring") return runs();
    if (name_ == "TagDispatch") return dispatch();
    if (name_ == "TokenTagDispatch") return token_dispatch();
    return tokens();
  }

 private:
  Error wrong(const std::string& message, size_t offset) const {
    return s_.invalid(std::string(name_) + ": " + message, offset);
  }
  MaybeError want(const EbnfValue& v, EbnfValue::Kind kind, const std::string& what) const {
    if (v.kind == kind) return std::nullopt;
    return wrong(what + " must be " + describe(kind) + ", found " + describe(v.kind), v.offset);
  }

  // Takes the named arguments; `known` are those that the macro has, with what they must be.
  MaybeError take_named(std::initializer_list<std::pair<const char*, EbnfValue::Kind>> known) {
    for (size_t i = 0; i < named_.size(); ++i) {
      const EbnfArgument& a = named_[i];
      auto it = std::find_if(known.begin(), known.end(),
                             [&](const auto& k) { return a.name == k.first; });
      if (it == known.end()) {
        std::string all;
        for (const auto& k : known) all += (all.empty() ? "" : ", ") + std::string(k.first);
        return wrong("there is no argument " + a.name +
                         (all.empty() ? "; it has none with a name" : "; known are " + all),
                     a.value.offset);
      }
      if (MaybeError e = want(a.value, it->second, a.name)) return e;
      for (size_t k = 0; k < i; ++k) {
        if (named_[k].name == a.name) return wrong(a.name + " is given twice", a.value.offset);
      }
    }
    return std::nullopt;
  }
  const EbnfValue* named(std::string_view name) const {
    for (const EbnfArgument& a : named_) {
      if (a.name == name) return &a.value;
    }
    return nullptr;
  }

  Result<Expr> regex() {
    if (positional_.size() != 1) return wrong("it takes one pattern, a string", offset_);
    const EbnfValue& pattern = positional_[0].value;
    if (MaybeError e = want(pattern, EbnfValue::kString, "the pattern")) return *std::move(e);
    MaybeError bad =
        take_named({{"json_string", EbnfValue::kBoolean}, {"flags", EbnfValue::kString}});
    if (bad) return *std::move(bad);
    RegexMacroOptions options;
    const EbnfValue* json_string = named("json_string");
    options.json_string = json_string && json_string->boolean;
    if (const EbnfValue* flags = named("flags")) {
      options.dot_all = false;
      for (char c : flags->text) {
        if (c == 'i') options.caseless = true;
        if (c == 's') options.dot_all = true;
        if (c != 'i' && c != 's' && c != 'u') {
          return wrong("flags are made of i, s and u, found '" + flags->text + "'", flags->offset);
        }
      }
    }
    Result<Expr> e = regex_macro(grammar_, pattern.text, options, limits_);
    if (e.ok()) return e;
    int64_t at = e.error().byte_offset;
    size_t byte = at < 0 ? 0 : std::min(static_cast<size_t>(at), pattern.starts.size() - 1);
    return s_.error(e.error().code, "Regex: " + e.error().message, pattern.starts[byte]);
  }

  Result<Expr> runs() {
    if (MaybeError e = take_named({})) return *std::move(e);
    std::vector<std::string> chunks;
    for (const EbnfArgument& a : positional_) {
      if (MaybeError e = want(a.value, EbnfValue::kString, "a chunk")) return *std::move(e);
      chunks.push_back(a.value.text);
    }
    if (chunks.size() > kMaxChunks) {
      return s_.error(Status::kLimitExceeded,
                      "Substring: there are more than " + std::to_string(kMaxChunks) + " chunks",
                      offset_);
    }
    return substring(pool_, chunks);
  }

  // The items of a pair (first, rule).
  MaybeError take_pair(const EbnfValue& v, EbnfValue::Kind first, const char* example,
                       Expr* body) const {
    bool pair = v.kind == EbnfValue::kTuple && v.items.size() == 2 && v.items[0].kind == first &&
                v.items[1].kind == EbnfValue::kName;
    if (!pair) return wrong(std::string("expected a pair such as ") + example, v.offset);
    Result<RuleId> rule = s_.rule(v.items[1].text, v.items[1].offset);
    if (!rule.ok()) return std::move(rule.error());
    *body = pool_.call(rule.value());
    return std::nullopt;
  }

  Result<Expr> dispatch() {
    MaybeError bad = take_named({{kLoop, EbnfValue::kBoolean}, {"excludes", EbnfValue::kTuple}});
    if (bad) return *std::move(bad);
    TagDispatch d;
    for (const EbnfArgument& a : positional_) {
      DispatchTag tag;
      if (MaybeError e = take_pair(a.value, EbnfValue::kString, "(\"<tag>\", rule)", &tag.body)) {
        return *std::move(e);
      }
      tag.trigger = a.value.items[0].text;
      d.tags.push_back(std::move(tag));
    }
    if (const EbnfValue* excludes = named("excludes")) {
      for (const EbnfValue& v : excludes->items) {
        if (MaybeError e = want(v, EbnfValue::kString, "an exclude")) return *std::move(e);
        d.excludes.push_back(v.text);
      }
    }
    if (const EbnfValue* loop = named(kLoop)) d.loop = loop->boolean;
    Result<Expr> e = tag_dispatch(grammar_, d);
    if (!e.ok()) return s_.error(e.error().code, "TagDispatch: " + e.error().message, offset_);
    return e;
  }

  MaybeError add_token(const EbnfValue& v, TokenIds* ids) const {
    if (MaybeError e = want(v, EbnfValue::kInteger, "a token")) return e;
    if (v.integer < 0 || v.integer > int64_t{kMaxTokenId}) {
      return wrong("a token is a number from 0 to " + std::to_string(kMaxTokenId), v.offset);
    }
    ids->add(static_cast<uint32_t>(v.integer), static_cast<uint32_t>(v.integer));
    return std::nullopt;
  }

  Result<Expr> token_dispatch() {
    MaybeError bad = take_named({{kLoop, EbnfValue::kBoolean}, {"excludes", EbnfValue::kTuple}});
    if (bad) return *std::move(bad);
    TokenTagDispatch d;
    if (const EbnfValue* excludes = named("excludes")) {
      for (const EbnfValue& v : excludes->items) {
        if (MaybeError e = add_token(v, &d.excludes)) return *std::move(e);
      }
    }
    for (const EbnfArgument& a : positional_) {
      TokenDispatchTag tag;
      if (MaybeError e = take_pair(a.value, EbnfValue::kInteger, "(7, rule)", &tag.body)) {
        return *std::move(e);
      }
      const EbnfValue& id = a.value.items[0];
      if (MaybeError e = add_token(id, &tag.trigger)) return *std::move(e);
      if (d.excludes.contains(static_cast<uint32_t>(id.integer))) {
        return wrong("the token " + std::to_string(id.integer) + " is both trigger and exclude",
                     id.offset);
      }
      d.tags.push_back(std::move(tag));
    }
    if (const EbnfValue* loop = named(kLoop)) d.loop = loop->boolean;
    return token_tag_dispatch(grammar_, d);
  }

  Result<Expr> tokens() {
    if (MaybeError e = take_named({})) return *std::move(e);
    if (positional_.empty() && name_ == "Token")
      return wrong("it takes at least one token", offset_);
    TokenIds ids;
    for (const EbnfArgument& a : positional_) {
      if (MaybeError e = add_token(a.value, &ids)) return *std::move(e);
    }
    return pool_.tokens(name_ == "Token" ? ids : ids.complement());
  }

  EbnfSource& s_;
  Grammar& grammar_;
  ExprPool& pool_;
  const Limits& limits_;
  std::string_view name_;
  size_t offset_ = 0;
  std::vector<EbnfArgument> positional_, named_;
};

// The number in <[...]>.
Result<uint32_t> literal_id(const EbnfSource& s, std::string_view digits, size_t offset) {
  uint64_t id = 0;
  bool number = !digits.empty();
  for (char c : digits) {
    number = number && is_digit(c);
    if (id <= kMaxTokenId) id = id * 10 + static_cast<uint64_t>(c - '0');
  }
  if (!number || id > kMaxTokenId) {
    return s.invalid("expected the number of a token, 0 to " + std::to_string(kMaxTokenId) +
                         ", such as <[1000]>",
                     offset);
  }
  return static_cast<uint32_t>(id);
}

}  // namespace

bool is_ebnf_macro(std::string_view name) {
  return std::find(kMacros.begin(), kMacros.end(), name) != kMacros.end();
}

Result<Expr> ebnf_macro(EbnfSource& source, Grammar& grammar, const Limits& limits) {
  return MacroCall(source, grammar, limits).run();
}

Result<Expr> ebnf_token_literal(EbnfSource& source, Grammar& grammar, const EbnfOptions& options) {
  const EbnfToken& token = source.token();
  std::string_view literal = source.spelling(token);
  bool negated = literal.starts_with('!');
  if (negated) literal.remove_prefix(1);
  TokenIds ids;
  if (literal.starts_with("<[") && literal.ends_with("]>")) {
    Result<uint32_t> id = literal_id(source, literal.substr(2, literal.size() - 4), token.begin);
    if (!id.ok()) return std::move(id.error());
    ids.add(id.value(), id.value());
  } else if (!options.token_ids) {
    return source.error(Status::kUnsupported,
                        "the token " + std::string(literal) +
                            " is given by name, which needs a tokenizer; write its number, such "
                            "as <[1000]>",
                        token.begin);
  } else {
    Result<TokenIds> found = options.token_ids(literal);
    if (!found.ok()) {
      return source.error(found.error().code, std::move(found.error().message), token.begin);
    }
    ids = std::move(found).value();
  }
  source.advance();
  return grammar.pool.tokens(negated ? ids.complement() : ids);
}

}  // namespace xgr::core

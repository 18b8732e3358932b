// EBNF text while it is parsed: a cursor over its tokens, the names of its rules, its errors.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontend/ebnf/ebnf_lexer.h"
#include "frontend/frontend.h"

namespace xgr::core {

class EbnfSource {
 public:
  EbnfSource(std::string_view text, std::vector<EbnfToken> tokens, bool gbnf)
      : text_(text), tokens_(std::move(tokens)), gbnf_(gbnf) {}

  std::string_view text() const { return text_; }
  bool gbnf() const { return gbnf_; }
  const std::vector<EbnfToken>& tokens() const { return tokens_; }

  const EbnfToken& token(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  EbnfTokenKind kind(size_t ahead = 0) const { return token(ahead).kind; }
  std::string_view spelling(const EbnfToken& t) const {
    return text_.substr(t.begin, t.end - t.begin);
  }
  void advance(size_t tokens = 1) { at_ += tokens; }
  // Whether the current token is this one character, which has no meaning of its own.
  bool at_character(char c, size_t ahead = 0) const {
    return kind(ahead) == EbnfTokenKind::kOther && text_[token(ahead).begin] == c;
  }

  // At "name ::=" or "name[attributes] ::=".
  bool at_rule() const { return defines_rule(at_); }
  bool defines_rule(size_t i) const;

  // What the name of a rule stands for; names are added before any is looked up.
  void add_rule(std::string_view name, RuleId rule) { rules_.emplace(name, rule); }
  const RuleId* find_rule(std::string_view name) const {
    auto it = rules_.find(name);
    return it == rules_.end() ? nullptr : &it->second;
  }
  Result<RuleId> rule(std::string_view name, size_t offset) const;

  Error error(Status code, std::string message, size_t offset) const {
    return error_at(code, std::move(message), text_, offset);
  }
  Error invalid(std::string message, size_t offset) const {
    return error(Status::kInvalidSource, std::move(message), offset);
  }
  // The current token is not what the grammar of grammars wants.
  Error expected(const std::string& what) const {
    return invalid("expected " + what + ", found " + found(), token().begin);
  }
  std::string found() const;

 private:
  std::string_view text_;
  std::vector<EbnfToken> tokens_;
  bool gbnf_;
  size_t at_ = 0;
  std::unordered_map<std::string_view, RuleId> rules_;
};

}  // namespace xgr::core

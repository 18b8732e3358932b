// The texts of an expression that begin in a given way.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "grammar/grammar.h"
#include "support/limits.h"
#include "support/status.h"

namespace xgr::core {

// What a text has to begin with: a text, or one token of a set.
struct TagAhead {
  std::string text;
  TokenIds tokens;  // when the text is empty
  bool operator==(const TagAhead&) const = default;
};

struct Beginning {
  Expr whole = 0;              // of the texts those that begin with all of it; 0: none
  std::vector<uint32_t> cuts;  // how many of its first characters are a text themselves
};

class Beginnings {
 public:
  Beginnings(Grammar& grammar, TagAhead ahead);
  const TagAhead& ahead() const { return ahead_; }
  // What is left of a text behind its first characters.
  TagAhead behind(uint32_t characters) const;
  Expr text(uint32_t from, uint32_t to) const;

  // Of the texts of `e`. The rules that it calls are defined; kUnsupported, without a position,
  // where one calls itself in front of all characters.
  Result<Beginning> of(Expr e);

 private:
  // Of an expression, what it has to begin with from a character on.
  struct Question {
    Expr e;
    uint32_t at;
    bool operator==(const Question&) const = default;
  };
  struct QuestionHash {
    size_t operator()(const Question& q) const { return q.e * size_t{0x9E3779B9} ^ q.at; }
  };
  struct Answer {
    bool open = false, known = false;
    Beginning found;
  };

  uint32_t size() const { return static_cast<uint32_t>(offsets_.size()) - 1; }
  const Beginning* find(Expr e, uint32_t at);
  bool answer(Question q, Beginning* out);
  bool sequence(Expr first, Expr rest, uint32_t at, Beginning* out);
  bool repetition(const ExprNode& n, uint32_t at, Beginning* out);
  bool continued(uint32_t at, uint32_t cut, Expr rest, Beginning* out);
  bool choice(Expr e, uint32_t at, Beginning* out);
  bool boolean(Expr e, uint32_t at, Beginning* out);
  bool call(RuleId rule, uint32_t at, Beginning* out);
  void literal(std::string_view text, uint32_t at, Beginning* out);
  bool character(Expr e, uint32_t at, Beginning* out);
  char32_t character_at(uint32_t at) const;
  Expr anything() const;
  static void add_cut(uint32_t cut, Beginning* out);
  static void add_cuts(const Beginning& from, Beginning* out);

  Grammar& grammar_;
  ExprPool& pool_;
  TagAhead ahead_;
  std::vector<uint32_t> offsets_;  // of characters and the end; a token counts as one
  std::unordered_map<Question, Answer, QuestionHash> known_;
  std::vector<Question> work_;
  const char* refused_ = nullptr;
};

}  // namespace xgr::core

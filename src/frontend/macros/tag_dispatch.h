// Free text in which certain words must be followed by something of a given form.
//
//   {{"<tool>", json}}, excludes {"</s>"}  ->  any text without "</s>"; each "<tool>" is followed
//   by a JSON document
#pragma once

#include <string>
#include <vector>

#include "grammar/grammar.h"
#include "grammar/token_ids.h"
#include "support/status.h"

namespace xgr::core {

struct DispatchTag {
  std::string trigger;  // valid UTF-8
  Expr body;            // what follows it
};

// The text may end anywhere outside of bodies. Several tags may have one trigger: any of their
// bodies follows. Where a trigger is complete, its body follows, or the text goes on to a longer
// trigger around it: of "a" and "ab", both "a" body and "ab" body are possible. No exclude is ever
// complete in the text, triggers included; a new text begins behind each body.
struct TagDispatch {
  std::vector<DispatchTag> tags;
  std::vector<std::string> excludes;  // valid UTF-8
  bool loop = true;                   // text goes on behind a body; else the body is the end
};

// Triggers and excludes must not be empty, and no exclude begin a trigger; together they are
// limited. Errors have no position.
inline constexpr size_t kMaxDispatchBytes = size_t{4} << 20;
Result<Expr> tag_dispatch(Grammar& grammar, const TagDispatch& dispatch);

struct TokenDispatchTag {
  TokenIds trigger;  // any one of these
  Expr body;
};

// The same with whole tokens: any token but the excludes, and a trigger is followed by its body.
struct TokenTagDispatch {
  std::vector<TokenDispatchTag> tags;
  TokenIds excludes;  // that are no triggers
  bool loop = true;
};

Expr token_tag_dispatch(Grammar& grammar, const TokenTagDispatch& dispatch);

}  // namespace xgr::core

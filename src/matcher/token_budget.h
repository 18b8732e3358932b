// Budgets of tokens: an occurrence of a rule with max_tokens has text of so many tokens at most.
//
// When they are spent, only parses that have left the occurrence go on, so that the next token
// cannot have any of its text. The matcher sees to it that this leaves a way on.
//
//   bool dropped = leave_spent(engine, tokens_so_far, &arena, &stepper, &parses);
#pragma once

#include <vector>

#include "mask/engine.h"

namespace xgr::core {

// Replaces parses by those that they can return to without reading, with no spent occurrence on
// their stacks. Stacks are made in `arena`. False when no budget was spent: nothing has changed.
bool leave_spent(const Engine& engine, uint32_t tokens, Arena* arena, Stepper* stepper,
                 std::vector<Config>* parses);

}  // namespace xgr::core

// What a Lark text says without effect.
#pragma once

#include "frontend/lark/lark_source.h"
#include "frontend/source_notes.h"

namespace xgr::core {

// Strings and regular expressions with the names of special tokens.
void note_lark_texts(const LarkSource& source, SourceNotes* notes);

}  // namespace xgr::core

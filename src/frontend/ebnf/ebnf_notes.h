// What EBNF text says without effect.
#pragma once

#include "frontend/ebnf/ebnf_source.h"
#include "frontend/source_notes.h"

namespace xgr::core {

// Strings with the names of special tokens.
void note_ebnf_texts(const EbnfSource& source, SourceNotes* notes);

}  // namespace xgr::core

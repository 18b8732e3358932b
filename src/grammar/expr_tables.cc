// Which text a byte alphabet can spell: a vocabulary that lacks a byte makes expressions dead.
//
// Entry points: ExprPool::Tables::spells*. With all 256 bytes known (every real vocabulary with byte
// tokens) each answer is immediate.
//
//   alphabet without 'Z': spells("ab") == true, spells("aZ") == false
//
// Tests: tests/unit/grammar/analysis_test.cc.
#include "grammar/expr_tables.h"

namespace xgr::core {

bool ExprPool::spells(std::string_view text) const { return tables_->spells(text); }

bool ExprPool::Tables::spells_byte_between(uint32_t lo, uint32_t hi) const {
  if (full_alphabet) return true;
  for (uint32_t b = lo; b <= hi; ++b) {
    if (has_byte(b)) return true;
  }
  return false;
}

bool ExprPool::Tables::spells(std::string_view text) const {
  if (full_alphabet) return true;
  for (unsigned char b : text) {
    if (!has_byte(b)) return false;
  }
  return true;
}

bool ExprPool::Tables::spells_some(const CharSet& set) const {
  if (full_alphabet) return true;
  std::vector<Utf8Sequence> sequences;
  for (const CharRange& r : set.ranges()) append_utf8_sequences(r.lo, r.hi, &sequences);
  for (const Utf8Sequence& s : sequences) {
    bool all = true;
    for (int i = 0; i < s.length; ++i) all = all && spells_byte_between(s.lo[i], s.hi[i]);
    if (all) return true;
  }
  return false;
}

}  // namespace xgr::core

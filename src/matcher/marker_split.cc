// Marker splits: one pass over the text, content and marker side by side.
//
// Entry point: split_marker. At every place where the content may end, a marker begins; markers in
// the same state go on together, as the one that began first. So the work is linear in the text.
//
//   content [a-z<]*, marker "</t>":   "a</t>"  ->  markers begin at 0, 1, 2; the one from 1 ends
//   with the text
//
// Tests: tests/unit/matcher/captures_test.cc.
#include "matcher/marker_split.h"

#include <algorithm>
#include <vector>

namespace xgr::core {
namespace {

struct Begun {
  State* state;
  size_t begin;
};

void add_begun(State* state, size_t begin, std::vector<Begun>* list) {
  auto it =
      std::find_if(list->begin(), list->end(), [&](const Begun& b) { return b.state == state; });
  if (it == list->end()) {
    list->push_back({state, begin});
  } else {
    it->begin = std::min(it->begin, begin);
  }
}

}  // namespace

std::optional<size_t> split_marker(State* content, State* marker, std::string_view text,
                                   Work* work) {
  std::vector<Begun> now, next;
  for (size_t at = 0;; ++at) {
    if (content && content->nullable) add_begun(marker, at, &now);
    if (at == text.size()) break;
    const uint8_t byte = static_cast<uint8_t>(text[at]);
    next.clear();
    charge(work, 1 + now.size());
    for (const Begun& b : now) {
      if (State* s = Automaton::step(b.state, byte, work)) add_begun(s, b.begin, &next);
    }
    now.swap(next);
    content = content ? Automaton::step(content, byte, work) : nullptr;
  }
  std::optional<size_t> first;
  for (const Begun& b : now) {
    if (b.state->nullable) first = std::min(first.value_or(b.begin), b.begin);
  }
  return first;
}

}  // namespace xgr::core

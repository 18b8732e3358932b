// Parse copies: states, which live as long as the engine, over copied stack nodes.
//
// Entry point: ParseCopy::make. Stack nodes belong to the matcher that made them and may be gone
// any time, so the nearest frames of each stack are copied; what lies below them is cut off. The
// parts of such a mask are parts of the real one, only that tokens are not followed below the cut.
//
//   [[["a  ->  the same four states, three frames at most
//
// Tests: tests/unit/mask/warm_up_test.cc.
#include "mask/parse_copy.h"

namespace xgr::core {
namespace {

constexpr size_t kMaxEdges = 64;

}  // namespace

std::unique_ptr<ParseCopy> ParseCopy::make(std::span<const Config> parses) {
  std::unique_ptr<ParseCopy> out(new ParseCopy);
  if (parses.size() > kMaxEdges) return nullptr;
  for (const Config& c : parses) out->parses_.push_back({c.state, out->copy(c.stack, kNearFrames)});
  if (out->edges_ > kMaxEdges) return nullptr;
  return out;
}

// Calls itself kNearFrames times at most.
const StackNode* ParseCopy::copy(const StackNode* node, int frames) {
  if (!node || frames == 0) return nullptr;
  edges_ += node->count;
  if (edges_ > kMaxEdges) return nullptr;  // the copy is given up
  std::vector<StackEdge> edges;
  for (const StackEdge& e : *node) edges.push_back({e.ret, copy(e.parent, frames - 1)});
  return StackNode::make(edges, &arena_);
}

}  // namespace xgr::core

// Drafts: a chain, or a tree in depth-first order, accepted and undone again.
//
// Entry points: fill_draft, fill_draft_tree. A tree costs one accept and one mask a node, as a chain
// does, and undoes steps where it goes on with another branch.
//
//   root -> a -> b      accept a, fill, accept b, fill, undo 2, accept c, fill, undo 1
//        -> c
//
// Tests: tests/capi/draft_test.c, tests/reference.
#include "matcher/draft.h"

#include <utility>
#include <vector>

namespace xgr::core {
namespace {

// The steps of a draft; undone at the end, also when memory runs out.
class Trail {
 public:
  explicit Trail(Matcher* matcher)
      : matcher_(matcher), prefetching_(matcher->set_prefetching(false)) {}
  ~Trail() {
    go_back(0);
    matcher_->set_prefetching(prefetching_);
  }
  Trail(const Trail&) = delete;
  Trail& operator=(const Trail&) = delete;

  void go_back(size_t steps) {
    if (steps_ > steps) matcher_->rollback(steps_ - steps);
    steps_ = steps;
  }
  Status accept(int32_t token, bool* accepted) {
    const Status status = matcher_->accept_token(token, accepted);
    // An id outside of the vocabulary is no token of an output, whether the matcher checks that or not.
    if (!*accepted) return status == Status::kInvalidArgument ? Status::kOk : status;
    ++steps_;
    return Status::kOk;
  }

 private:
  Matcher* matcher_;
  const bool prefetching_;  // before it
  size_t steps_ = 0;
};

Status fill_row(Matcher* matcher, const DraftRows& rows, size_t row) {
  MaskKind kind = MaskKind::kSome;
  const Status status = matcher->fill_bitmask(rows.words + row * rows.stride, rows.stride, &kind);
  if (rows.kinds) rows.kinds[row] = static_cast<int32_t>(kind);
  return status;
}

void end_row(const Matcher& matcher, const DraftRows& rows, size_t row) {
  matcher.allow_all(rows.words + row * rows.stride);
  if (rows.kinds) rows.kinds[row] = static_cast<int32_t>(MaskKind::kTerminated);
}

// First children and next siblings.
struct DraftLinks {
  std::vector<int32_t> first, next;
};

bool is_link(int32_t to, size_t size) {
  return to >= -1 && (to < 0 || static_cast<size_t>(to) < size);
}

// Siblings in the order of their numbers. False for a parent that is no node.
bool link_parents(const DraftTree& tree, DraftLinks* out) {
  const size_t size = tree.tokens.size();
  out->first.assign(size, -1);
  out->next.assign(size, -1);
  if (tree.parents[0] != -1) return false;
  for (size_t i = size; i-- > 1;) {
    const int32_t parent = tree.parents[i];
    if (parent < 0 || static_cast<size_t>(parent) >= size) return false;
    out->next[i] = std::exchange(out->first[static_cast<size_t>(parent)], static_cast<int32_t>(i));
  }
  return true;
}

bool copy_links(const DraftTree& tree, DraftLinks* out) {
  const size_t size = tree.tokens.size();
  out->first.assign(tree.first_children, tree.first_children + size);
  out->next.assign(tree.next_siblings, tree.next_siblings + size);
  for (size_t i = 0; i < size; ++i) {
    if (!is_link(out->first[i], size) || !is_link(out->next[i], size)) return false;
  }
  return out->next[0] == -1;
}

struct DraftNode {
  int32_t node;
  uint32_t depth;
};

// Nodes in depth-first order. False unless each is reached from the root in one way.
bool order_of(const DraftLinks& links, std::vector<DraftNode>* out) {
  const size_t size = links.first.size();
  std::vector<bool> seen(size, false);
  std::vector<DraftNode> open{{0, 0}};
  out->reserve(size);
  while (!open.empty()) {
    const DraftNode v = open.back();
    open.pop_back();
    const auto node = static_cast<size_t>(v.node);
    if (seen[node]) return false;
    seen[node] = true;
    out->push_back(v);
    if (links.next[node] >= 0) open.push_back({links.next[node], v.depth});
    if (links.first[node] >= 0) open.push_back({links.first[node], v.depth + 1});
  }
  return out->size() == size;
}

}  // namespace

Status fill_draft(Matcher* matcher, std::span<const int32_t> tokens, const DraftRows& rows,
                  size_t* valid) {
  Trail trail(matcher);
  size_t taken = 0;
  bool accepted = true;
  for (size_t row = 0; row <= tokens.size(); ++row) {
    if (row > 0 && accepted) {
      const Status status = trail.accept(tokens[row - 1], &accepted);
      if (status != Status::kOk) return status;
      taken += accepted;
    }
    if (!accepted) {
      end_row(*matcher, rows, row);
    } else if (const Status status = fill_row(matcher, rows, row); status != Status::kOk) {
      return status;
    }
  }
  *valid = taken;
  return Status::kOk;
}

Status fill_draft_tree(Matcher* matcher, const DraftTree& tree, const DraftRows& rows,
                       int32_t* valid) {
  DraftLinks links;
  std::vector<DraftNode> order;
  const bool linked = tree.parents ? link_parents(tree, &links) : copy_links(tree, &links);
  if (!linked || !order_of(links, &order)) return Status::kInvalidArgument;
  Trail trail(matcher);
  uint32_t refused = UINT32_MAX;  // depth of the node that was; those behind it are deeper
  for (const DraftNode& v : order) {
    const auto node = static_cast<size_t>(v.node);
    bool accepted = v.depth == 0;
    if (v.depth > refused) {
      accepted = false;
    } else if (v.depth > 0) {
      trail.go_back(v.depth - 1);
      const Status status = trail.accept(tree.tokens[node], &accepted);
      if (status != Status::kOk) return status;
      refused = accepted ? UINT32_MAX : v.depth;
    }
    if (valid) valid[node] = accepted ? 1 : 0;
    if (!accepted) {
      end_row(*matcher, rows, node);
    } else if (const Status status = fill_row(matcher, rows, node); status != Status::kOk) {
      return status;
    }
  }
  return Status::kOk;
}

}  // namespace xgr::core

package xgr

import (
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// DraftTree is a tree of proposed tokens. Node 0 is its root and stands for the output so far: its token,
// which the matcher has accepted already, is not looked at. Either Parents is given, or FirstChildren and
// NextSiblings together; each has a number for every node.
type DraftTree struct {
	// Tokens is the token id of each node, any value; at least the root's.
	Tokens []int32
	// Parents is the node before each, in any order; that of the root is -1.
	Parents []int32
	// FirstChildren is the first node behind each; -1: none.
	FirstChildren []int32
	// NextSiblings is the next node with the same parent; -1: none.
	NextSiblings []int32
}

// toC writes the tree to out; an error unless C finds a number for every node.
func (t *DraftTree) toC(a *arena, out *raw.DraftTreeT) error {
	if t == nil {
		t = &DraftTree{}
	}
	nodes := len(t.Tokens)
	for _, links := range []struct {
		name string
		size int
	}{
		{"Parents", len(t.Parents)},
		{"FirstChildren", len(t.FirstChildren)},
		{"NextSiblings", len(t.NextSiblings)},
	} {
		if links.size != 0 && links.size != nodes {
			return invalidArgument("%s has %d elements; expected none or %d, one for each node",
				links.name, links.size, nodes)
		}
	}
	*out = raw.DraftTreeT{}
	out.StructSize = unsafe.Sizeof(*out)
	out.Tokens, out.NodeCount = slice(a, t.Tokens)
	out.Parents, _ = slice(a, t.Parents)
	out.FirstChildren, _ = slice(a, t.FirstChildren)
	out.NextSiblings, _ = slice(a, t.NextSiblings)
	return nil
}

// FillDraft writes the masks along a chain of proposed tokens: the one before each token, and the one
// after the last. It returns how many of the tokens are accepted, up to the first that is not.
//
// masks are rows of maskWords words, one behind the other, one more than there are tokens. Row i is the
// mask after the first i tokens; the rows behind that of the first token that is refused allow everything
// and are MaskKindTerminated. kinds are those of the rows, as many as there are, or nil. The matcher is
// afterwards as before, also after an error; the rows are then unspecified.
func (m *Matcher) FillDraft(tokens []int32, masks []uint32, maskWords int, kinds []MaskKind) (int, error) {
	if err := m.handle.acquire(); err != nil {
		return 0, err
	}
	defer m.handle.release()
	var count uintptr
	status := raw.MatcherFillDraft(m.handle.object, unsafe.SliceData(tokens), uintptr(len(tokens)),
		unsafe.SliceData(masks), uintptr(len(masks)), uintptr(maskWords),
		numbers(kinds), uintptr(len(kinds)), &count)
	err := m.explainRows(status, len(tokens)+1, len(masks), maskWords, len(kinds), 0)
	return int(count), err
}

// FillDraftTree writes the masks after the nodes of a tree of proposed tokens.
//
// masks are rows of maskWords words, one behind the other, one for each node. Row i is the mask after the
// tokens on the way from the root to node i, and row 0 the mask of the matcher as it is. The row of a node
// that the output cannot lead to allows everything and is MaskKindTerminated. kinds are those of the rows,
// and valid is 1 for each node when the tokens on the way to it are accepted, else 0; as many as there are
// nodes, or nil. The matcher is afterwards as before, also after an error; the rows are then unspecified.
func (m *Matcher) FillDraftTree(tree *DraftTree, masks []uint32, maskWords int, kinds []MaskKind,
	valid []int32) error {
	if err := m.handle.acquire(); err != nil {
		return err
	}
	defer m.handle.release()
	var memory arena
	defer memory.free()
	var nodes raw.DraftTreeT
	if err := tree.toC(&memory, &nodes); err != nil {
		return err
	}
	rows := len(kinds)
	if len(kinds) == 0 || len(valid) != 0 && len(valid) < rows {
		rows = len(valid)
	}
	status := raw.MatcherFillDraftTree(m.handle.object, unsafe.SliceData(masks), uintptr(len(masks)),
		uintptr(maskWords), numbers(kinds), numbers(valid), uintptr(rows), &nodes)
	return m.explainRows(status, int(nodes.NodeCount), len(masks), maskWords, len(kinds), len(valid))
}

// numbers is where C writes one for each row; nil for none.
func numbers[T ~int32](items []T) *int32 {
	if len(items) == 0 {
		return nil
	}
	return (*int32)(unsafe.Pointer(unsafe.SliceData(items)))
}

// explainRows is the error of a call that writes masks into rows.
func (m *Matcher) explainRows(status int32, rows, maskCount, maskWords, kinds, valid int) error {
	if status != int32(ErrInvalidArgument) {
		return m.explain(status)
	}
	wanted := int(raw.MatcherMaskWords(m.handle.object))
	short := func(size int) bool { return size != 0 && size < rows }
	switch {
	case maskWords < wanted:
		return invalidArgument("a row has %d words; expected at least %d", maskWords, wanted)
	case maskWords > 0 && maskCount/maskWords < rows:
		return invalidArgument("the masks have %d words; expected at least %d, %d rows of %d",
			maskCount, rows*maskWords, rows, maskWords)
	case short(kinds):
		return invalidArgument("kinds has %d elements; expected none or at least %d", kinds, rows)
	case short(valid):
		return invalidArgument("valid has %d elements; expected none or at least %d", valid, rows)
	}
	return invalidArgument("the links are no tree; expected a root, node 0, from which each other node is" +
		" reached once, by either Parents, or FirstChildren and NextSiblings")
}

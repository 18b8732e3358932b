package xgr

import (
	"context"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Grammar is a language, compiled for one tokenizer. It is immutable: any goroutines use it at once,
// and any number of matchers share it.
type Grammar struct{ handle *shared[raw.GrammarT] }

// CompiledStats is what a compiler or a grammar holds, and what that has cost.
type CompiledStats struct {
	// States counts automaton states.
	States uint64
	// MaskParts counts the token sets that masks are composed of, kept for all matchers.
	MaskParts uint64
	// PartsBuilt counts the mask parts that were computed so far.
	PartsBuilt uint64
	// NodesVisited counts the nodes of the token trie that were visited for that.
	NodesVisited uint64
	// WalkNanoseconds is the time that took, all threads together.
	WalkNanoseconds uint64
	// MemorySize is memory in bytes.
	MemorySize uint64
	// MemoryBudget is how many bytes all grammars of the compiler may take.
	MemoryBudget uint64
	// Evictions counts the mask parts that were evicted to stay inside the budget.
	Evictions uint64
}

func newGrammar(object *raw.GrammarT) *Grammar {
	grammar := &Grammar{}
	grammar.handle = newShared(grammar, object, raw.GrammarDestroy)
	return grammar
}

// Close destroys the grammar; its matchers stay valid. Closing twice does nothing.
func (g *Grammar) Close() error {
	g.handle.close()
	return nil
}

// Tokenizer returns a further handle of the tokenizer that the grammar was compiled for.
func (g *Grammar) Tokenizer() (*Tokenizer, error) {
	grammar := g.handle.acquire()
	if grammar == nil {
		return nil, ErrClosed
	}
	defer g.handle.release()
	var object *raw.TokenizerT
	if err := statusError(raw.GrammarTokenizer(grammar, &object)); err != nil {
		return nil, err
	}
	return newTokenizer(object), nil
}

// PrintEBNF prints the grammar as EBNF that compiles back to the same language.
func (g *Grammar) PrintEBNF() (string, error) {
	grammar := g.handle.acquire()
	if grammar == nil {
		return "", ErrClosed
	}
	defer g.handle.release()
	return printed(func(data *byte, capacity uintptr, size *uintptr, cause **raw.ErrorT) int32 {
		return raw.GrammarPrintEbnf(grammar, data, capacity, size, cause)
	})
}

// printed calls a function that prints twice: for the size and for the text.
func printed(print func(*byte, uintptr, *uintptr, **raw.ErrorT) int32) (string, error) {
	var size uintptr
	var cause *raw.ErrorT
	status := print(nil, 0, &size, &cause)
	if err := sourceError(status, cause); err != nil {
		return "", err
	}
	text := make([]byte, size+1)
	status = print(&text[0], size+1, &size, &cause)
	if err := sourceError(status, cause); err != nil {
		return "", err
	}
	return string(text[:size]), nil
}

// MemorySize returns about how many bytes the grammar occupies; it grows as masks are computed.
func (g *Grammar) MemorySize() int { return int(ask(g.handle, raw.GrammarMemorySize)) }

// WarmUp computes ahead what the masks of the grammar consist of, likely ones first, and returns
// when that is done or the context ends; what was computed until then is kept.
func (g *Grammar) WarmUp(ctx context.Context, level WarmUp) error {
	grammar := g.handle.acquire()
	if grammar == nil {
		return ErrClosed
	}
	defer g.handle.release()
	watch, err := newWatch(ctx)
	if err != nil {
		return err
	}
	defer watch.end()
	return watch.explain(statusError(raw.GrammarWarmUp(grammar, int32(level), watch.request())))
}

// Stats returns what the grammar holds by itself, and what that has cost.
func (g *Grammar) Stats() (CompiledStats, error) {
	return compiledStats(g.handle, raw.GrammarStats)
}

func compiledStats[T any](handle *shared[T], get func(*T, *raw.CompiledStatsT) int32) (CompiledStats, error) {
	object := handle.acquire()
	if object == nil {
		return CompiledStats{}, ErrClosed
	}
	defer handle.release()
	stats := raw.CompiledStatsT{StructSize: unsafe.Sizeof(raw.CompiledStatsT{})}
	err := statusError(get(object, &stats))
	return CompiledStats{
		States: stats.States, MaskParts: stats.MaskParts, PartsBuilt: stats.PartsBuilt,
		NodesVisited: stats.NodesVisited, WalkNanoseconds: stats.WalkNanoseconds,
		MemorySize: stats.MemorySize, MemoryBudget: stats.MemoryBudget, Evictions: stats.Evictions,
	}, err
}

package xgr

import (
	"context"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Compiler is one tokenizer's workshop: it compiles sources and owns what the grammars share. Any
// goroutines use it at once.
//
// Compiling takes a context. When the context is done first, its error is returned at once; the work
// in C cannot be interrupted, so that it goes on in the background and its grammar is thrown away.
type Compiler struct{ handle *shared[raw.CompilerT] }

// CompilerOptions are those of NewCompiler. Zero in any field means its default. Going over a limit
// is ErrorLimitExceeded, never a wrong mask.
type CompilerOptions struct {
	// MemoryBudget is how many bytes the automata and masks of all grammars may take; default 512 MiB.
	MemoryBudget int
	// MaxSourceSize limits the size of one source in bytes.
	MaxSourceSize int
	// MaxNesting limits the nesting of groups in a grammar, of levels in a schema.
	MaxNesting int
	// MaxExpressions limits the expressions of one grammar.
	MaxExpressions int
	// MaxStates limits the automaton states of one grammar.
	MaxStates int
	// MaxWorkPerCall limits the elementary steps of one fill or accept.
	MaxWorkPerCall int
	// Threads is how many threads may work at once, the calling one included; default 1.
	Threads int32
	// WarmUp of every grammar that is compiled; with more than one thread nobody waits for it.
	WarmUp WarmUp
}

func (o *CompilerOptions) toC() (*raw.CompilerOptionsT, error) {
	if o == nil {
		return nil, nil
	}
	options := &raw.CompilerOptionsT{Threads: o.Threads, WarmUp: int32(o.WarmUp)}
	options.StructSize = unsafe.Sizeof(*options)
	for _, limit := range []struct {
		name  string
		value int
		to    *uintptr
	}{
		{"MemoryBudget", o.MemoryBudget, &options.MemoryBudget},
		{"MaxSourceSize", o.MaxSourceSize, &options.MaxSourceSize},
		{"MaxNesting", o.MaxNesting, &options.MaxNesting},
		{"MaxExpressions", o.MaxExpressions, &options.MaxExpressions},
		{"MaxStates", o.MaxStates, &options.MaxStates},
		{"MaxWorkPerCall", o.MaxWorkPerCall, &options.MaxWorkPerCall},
	} {
		if limit.value < 0 {
			return nil, &Error{Code: ErrorInvalidArgument, ByteOffset: -1,
				Message: limit.name + " is negative; expected 0 for the default, or a bound"}
		}
		*limit.to = uintptr(limit.value)
	}
	return options, nil
}

// NewCompiler makes a compiler for a tokenizer, which it keeps alive. options may be nil.
func NewCompiler(tokenizer *Tokenizer, options *CompilerOptions) (*Compiler, error) {
	if tokenizer == nil {
		tokenizer = &Tokenizer{}
	}
	vocabulary := tokenizer.handle.acquire()
	if vocabulary == nil {
		return nil, errClosed
	}
	defer tokenizer.handle.release()
	settings, err := options.toC()
	if err != nil {
		return nil, err
	}
	var object *raw.CompilerT
	var cause *raw.ErrorT
	status := raw.CompilerCreate(vocabulary, settings, &object, &cause)
	if err := sourceError(status, cause); err != nil {
		return nil, err
	}
	compiler := &Compiler{}
	compiler.handle = newShared(compiler, object, raw.CompilerDestroy)
	return compiler, nil
}

// Close destroys the compiler, when the last compilation is done; its grammars stay valid. Closing
// twice does nothing.
func (c *Compiler) Close() { c.handle.close() }

// compileCall is one of the functions of C that compile.
type compileCall func(*raw.CompilerT, **raw.GrammarT, **raw.ErrorT) int32

// CompileJSONSchema compiles a JSON Schema (drafts 4 to 2020-12). An assertion that cannot be
// enforced is refused, never ignored, unless the options are lenient. format and options may be nil.
func (c *Compiler) CompileJSONSchema(ctx context.Context, schema string, format *JSONFormat,
	options *JSONSchemaOptions) (*Grammar, error) {
	memory := &arena{}
	layout, settings := format.toC(memory), options.toC(memory)
	return c.compile(ctx, memory, func(compiler *raw.CompilerT, out **raw.GrammarT, cause **raw.ErrorT) int32 {
		data, size := text(schema)
		return raw.CompilerCompileJsonSchema(compiler, data, size, layout, settings, nil, out, cause)
	})
}

// CompileJSON compiles the language of all JSON documents. format may be nil.
func (c *Compiler) CompileJSON(ctx context.Context, format *JSONFormat) (*Grammar, error) {
	memory := &arena{}
	layout := format.toC(memory)
	return c.compile(ctx, memory, func(compiler *raw.CompilerT, out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileJson(compiler, layout, nil, out, cause)
	})
}

// CompileEBNF compiles a grammar in EBNF. rootRule is the name of the rule to match; "" means "root".
func (c *Compiler) CompileEBNF(ctx context.Context, grammar, rootRule string) (*Grammar, error) {
	memory := &arena{}
	options := (&EBNFOptions{RootRule: rootRule}).toC(memory)
	return c.compile(ctx, memory, func(compiler *raw.CompilerT, out **raw.GrammarT, cause **raw.ErrorT) int32 {
		data, size := text(grammar)
		return raw.CompilerCompileEbnf(compiler, data, size, options, nil, out, cause)
	})
}

// CompileRegex compiles a regular expression that the whole output has to match.
func (c *Compiler) CompileRegex(ctx context.Context, pattern string) (*Grammar, error) {
	return c.compile(ctx, &arena{}, func(compiler *raw.CompilerT, out **raw.GrammarT, cause **raw.ErrorT) int32 {
		data, size := text(pattern)
		return raw.CompilerCompileRegex(compiler, data, size, nil, nil, out, cause)
	})
}

// CompileSource compiles a source.
func (c *Compiler) CompileSource(ctx context.Context, source *GrammarSource) (*Grammar, error) {
	memory := &arena{}
	language := memory.source(source)
	if language == nil {
		return nil, errClosed
	}
	return c.compile(ctx, memory, func(compiler *raw.CompilerT, out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileSource(compiler, language, nil, out, cause)
	})
}

// compile runs the call here, or beside a context that may end before it. It frees the memory.
func (c *Compiler) compile(ctx context.Context, memory *arena, call compileCall) (*Grammar, error) {
	if ctx == nil || ctx.Done() == nil {
		return c.compileNow(memory, call)
	}
	if err := ctx.Err(); err != nil {
		memory.free()
		return nil, err
	}
	type result struct {
		grammar *Grammar
		err     error
	}
	results := make(chan result, 1)
	go func() {
		grammar, err := c.compileNow(memory, call)
		results <- result{grammar, err}
	}()
	select {
	case r := <-results:
		return r.grammar, r.err
	case <-ctx.Done():
		go func() {
			if late := <-results; late.err == nil {
				late.grammar.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

func (c *Compiler) compileNow(memory *arena, call compileCall) (*Grammar, error) {
	defer memory.free()
	compiler := c.handle.acquire()
	if compiler == nil {
		return nil, errClosed
	}
	defer c.handle.release()
	var object *raw.GrammarT
	var cause *raw.ErrorT
	status := call(compiler, &object, &cause)
	if err := sourceError(status, cause); err != nil {
		return nil, err
	}
	return newGrammar(object), nil
}

// MemorySize returns about how many bytes the caches occupy, the grammars included.
func (c *Compiler) MemorySize() int { return int(ask(c.handle, raw.CompilerMemorySize)) }

// Stats returns what the compiler and its living grammars hold, and what that has cost.
func (c *Compiler) Stats() (CompiledStats, error) {
	return compiledStats(c.handle, raw.CompilerStats)
}

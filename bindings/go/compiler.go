package xgr

import (
	"context"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Compiler is one tokenizer's workshop: it compiles sources and owns what the grammars share. Any
// goroutines use it at once.
//
// Compiling takes a context and at most one CompileOptions. When the context ends first, so does the
// compile: the error is ErrCancelled and the error of the context, as errors.Is tells. The compiler
// keeps what it has compiled; the same source with the same options is compiled once, also for those
// who ask at the same time, and it goes on for as long as one of them waits.
type Compiler struct{ handle *shared[raw.CompilerT] }

// CompilerOptions are those of NewCompiler. Zero in any field means its default. Going over a limit
// is ErrLimitExceeded, never a wrong mask.
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
	// MaxCompileWork limits the elementary steps of one compile.
	MaxCompileWork int
	// MaxCompileMemory limits the bytes of expressions that one compile adds; default 1 GiB.
	MaxCompileMemory int
	// CacheLimit is how many bytes grammars in the compile cache may keep alive; default 256 MiB.
	CacheLimit int
	// Threads is how many threads may work at once, the calling one included; default 1.
	Threads int32
	// WarmUp of every grammar that is compiled; with more than one thread nobody waits for it.
	WarmUp WarmUp
	// NoCache: no grammar is kept for later requests.
	NoCache bool
	// CanonicalSchemas: JSON Schemas that differ only in white space and in how strings are escaped
	// are one to the cache.
	CanonicalSchemas bool
}

// CacheStats is what the compile cache of a compiler holds, and what it has saved.
type CacheStats struct {
	// Entries counts grammars and remembered failures.
	Entries uint64
	// MemorySize is how many bytes they keep alive: sources, grammars, automata and masks.
	MemorySize uint64
	// MemoryLimit is how many bytes they may keep alive.
	MemoryLimit uint64
	// Hits counts the requests that were answered from the cache.
	Hits uint64
	// Shared counts the requests that waited for a compile that another one had begun.
	Shared uint64
	// Misses counts the requests that began a compile.
	Misses uint64
	// Evictions counts the entries that were given up to stay inside the limit.
	Evictions uint64
	// CompileNanoseconds is the time that compiling took, all threads together.
	CompileNanoseconds uint64
}

func (o *CompilerOptions) toC() (*raw.CompilerOptionsT, error) {
	if o == nil {
		return nil, nil
	}
	options := &raw.CompilerOptionsT{Threads: o.Threads, WarmUp: int32(o.WarmUp),
		NoCache: flag(o.NoCache), CanonicalSchemas: flag(o.CanonicalSchemas)}
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
		{"MaxCompileWork", o.MaxCompileWork, &options.MaxCompileWork},
		{"MaxCompileMemory", o.MaxCompileMemory, &options.MaxCompileMemory},
		{"CacheLimit", o.CacheLimit, &options.CacheLimit},
	} {
		if limit.value < 0 {
			return nil, &Error{Code: ErrInvalidArgument, ByteOffset: -1,
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
		return nil, ErrClosed
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
func (c *Compiler) Close() error {
	c.handle.close()
	return nil
}

// compileCall is one of the functions of C that compile.
type compileCall func(*raw.CompilerT, *raw.CompileOptionsT, **raw.GrammarT, **raw.ErrorT) int32

// CompileJSONSchema compiles a JSON Schema (drafts 4 to 2020-12). An assertion that cannot be
// enforced is refused, never ignored, unless the options are lenient. format and schemaOptions may be
// nil.
func (c *Compiler) CompileJSONSchema(ctx context.Context, schema string, format *JSONFormat,
	schemaOptions *JSONSchemaOptions, options ...CompileOptions) (*Grammar, error) {
	memory := &arena{}
	layout, reading := format.toC(memory), schemaOptions.toC(memory)
	data, size := text(schema)
	return c.compile(ctx, memory, options, func(compiler *raw.CompilerT, settings *raw.CompileOptionsT,
		out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileJsonSchema(compiler, data, size, layout, reading, settings, out, cause)
	})
}

// CompileJSON compiles the language of all JSON documents. format may be nil.
func (c *Compiler) CompileJSON(ctx context.Context, format *JSONFormat,
	options ...CompileOptions) (*Grammar, error) {
	memory := &arena{}
	layout := format.toC(memory)
	return c.compile(ctx, memory, options, func(compiler *raw.CompilerT, settings *raw.CompileOptionsT,
		out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileJson(compiler, layout, settings, out, cause)
	})
}

// CompileEBNF compiles a grammar in EBNF. rootRule is the name of the rule to match; "" means "root".
func (c *Compiler) CompileEBNF(ctx context.Context, grammar, rootRule string,
	options ...CompileOptions) (*Grammar, error) {
	memory := &arena{}
	reading := (&EBNFOptions{RootRule: rootRule}).toC(memory)
	data, size := text(grammar)
	return c.compile(ctx, memory, options, func(compiler *raw.CompilerT, settings *raw.CompileOptionsT,
		out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileEbnf(compiler, data, size, reading, settings, out, cause)
	})
}

// CompileRegex compiles a regular expression that the whole output has to match.
func (c *Compiler) CompileRegex(ctx context.Context, pattern string,
	options ...CompileOptions) (*Grammar, error) {
	data, size := text(pattern)
	return c.compile(ctx, &arena{}, options, func(compiler *raw.CompilerT, settings *raw.CompileOptionsT,
		out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileRegex(compiler, data, size, nil, settings, out, cause)
	})
}

// CompileLark compiles a grammar in Lark. larkOptions may be nil.
func (c *Compiler) CompileLark(ctx context.Context, grammar string, larkOptions *LarkOptions,
	options ...CompileOptions) (*Grammar, error) {
	memory := &arena{}
	reading, err := larkOptions.toC(memory)
	if err != nil {
		memory.free()
		return nil, err
	}
	data, size := text(grammar)
	return c.compile(ctx, memory, options, func(compiler *raw.CompilerT, settings *raw.CompileOptionsT,
		out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileLark(compiler, data, size, reading, settings, out, cause)
	})
}

// CompileStructuralTag compiles a structural tag: free text, and tags in it whose content has a grammar.
// FamilyStructuralTag makes one for the replies of a model. tagOptions may be nil.
func (c *Compiler) CompileStructuralTag(ctx context.Context, tag string, tagOptions *StructuralTagOptions,
	options ...CompileOptions) (*Grammar, error) {
	data, size := text(tag)
	return c.compile(ctx, &arena{}, options, func(compiler *raw.CompilerT, settings *raw.CompileOptionsT,
		out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileStructuralTag(
			compiler, data, size, tagOptions.toC(), settings, out, cause)
	})
}

// CompileSource compiles a source.
func (c *Compiler) CompileSource(ctx context.Context, source *GrammarSource,
	options ...CompileOptions) (*Grammar, error) {
	memory := &arena{}
	language := memory.source(source)
	if language == nil {
		return nil, ErrClosed
	}
	return c.compile(ctx, memory, options, func(compiler *raw.CompilerT, settings *raw.CompileOptionsT,
		out **raw.GrammarT, cause **raw.ErrorT) int32 {
		return raw.CompilerCompileSource(compiler, language, settings, out, cause)
	})
}

// compile runs the call until it is done or the context ends. It frees the memory.
func (c *Compiler) compile(ctx context.Context, memory *arena, options []CompileOptions,
	call compileCall) (*Grammar, error) {
	defer memory.free()
	compiler := c.handle.acquire()
	if compiler == nil {
		return nil, ErrClosed
	}
	defer c.handle.release()
	watch, err := newWatch(ctx)
	if err != nil {
		return nil, err
	}
	defer watch.end()
	settings, err := watch.toC(options)
	if err != nil {
		return nil, err
	}
	var object *raw.GrammarT
	var cause *raw.ErrorT
	status := call(compiler, settings, &object, &cause)
	if err := watch.explain(sourceError(status, cause)); err != nil {
		return nil, err
	}
	return newGrammar(object), nil
}

// ClearCache gives up all that the compile cache holds. Grammars that somebody uses are not affected,
// nor are compiles that are on their way.
func (c *Compiler) ClearCache() {
	ask(c.handle, func(compiler *raw.CompilerT) int32 {
		raw.CompilerClearCache(compiler)
		return 0
	})
}

// CacheStats returns what the compile cache holds, and what it has saved.
func (c *Compiler) CacheStats() (CacheStats, error) {
	compiler := c.handle.acquire()
	if compiler == nil {
		return CacheStats{}, ErrClosed
	}
	defer c.handle.release()
	stats := raw.CacheStatsT{StructSize: unsafe.Sizeof(raw.CacheStatsT{})}
	err := statusError(raw.CompilerCacheStats(compiler, &stats))
	return CacheStats{
		Entries: stats.Entries, MemorySize: stats.MemorySize, MemoryLimit: stats.MemoryLimit,
		Hits: stats.Hits, Shared: stats.Shared, Misses: stats.Misses, Evictions: stats.Evictions,
		CompileNanoseconds: stats.CompileNanoseconds,
	}, err
}

// MemorySize returns about how many bytes the caches occupy, the grammars included.
func (c *Compiler) MemorySize() int { return int(ask(c.handle, raw.CompilerMemorySize)) }

// Stats returns what the compiler and its living grammars hold, and what that has cost.
func (c *Compiler) Stats() (CompiledStats, error) {
	return compiledStats(c.handle, raw.CompilerStats)
}

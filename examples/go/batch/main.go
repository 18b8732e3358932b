// Six outputs under four languages, in one buffer of masks: sources put together, a matcher cloned
// in the middle of its output, steps undone, and what an error tells. The "model" draws from a
// linear congruential generator. The same program exists in every language and writes the same.
//
//	go run ./examples/go/batch
package main

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"os"

	xgr "libxgr/bindings/go"
)

const (
	tokenCount = 96
	stop       = 95
	words      = 3
	rowCount   = 6
	steps      = 48
)

const schema = `{"type":"object","properties":{"id":{"type":"integer","minimum":1,"maximum":999},` +
	`"ok":{"type":"boolean"}},"required":["id","ok"],"additionalProperties":false}`

const ebnf = `root ::= term (" + " term)*
term ::= [0-9] | "(" root ")"`

// row is one of the outputs.
type row struct {
	matcher *xgr.Matcher
	text    []byte
	steps   int
	done    bool
}

// must ends the program with the message of what failed.
func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// newTokenizer makes a vocabulary of the printable characters of ASCII and one stop token.
func newTokenizer() *xgr.Tokenizer {
	tokens := make([]string, tokenCount)
	for i := range stop {
		tokens[i] = string(rune(' ' + i))
	}
	return must(xgr.NewTokenizer(tokens, &xgr.TokenizerOptions{StopTokens: []int32{stop}}))
}

// newSource is either one of three words, or two digits.
func newSource() *xgr.GrammarSource {
	choices := must(xgr.GrammarSourceFromChoices("yes", "no", "maybe"))
	defer choices.Close()
	digits := must(xgr.GrammarSourceFromRegex("[0-9]{2}", nil))
	defer digits.Close()
	return must(xgr.GrammarSourceUnion(choices, digits))
}

func compile(compiler *xgr.Compiler) []*xgr.Grammar {
	ctx := context.Background()
	source := newSource()
	defer source.Close()
	format := &xgr.JSONFormat{Layout: xgr.JSONLayoutLine}
	return []*xgr.Grammar{
		must(compiler.CompileJSONSchema(ctx, schema, format, nil)),
		must(compiler.CompileRegex(ctx, "[a-f]{3}-[0-9]{2,4}")),
		must(compiler.CompileEBNF(ctx, ebnf, "")),
		must(compiler.CompileSource(ctx, source)),
	}
}

// chooseToken draws any of the allowed tokens.
func chooseToken(mask []uint32, state *uint32) int32 {
	count := 0
	for _, word := range mask {
		count += bits.OnesCount32(word)
	}
	*state = (*state*1103515245 + 12345) & 0x7FFFFFFF
	skipped := int(*state/65536) % count
	for token := int32(0); ; token++ {
		if mask[token/32]>>(token%32)&1 == 0 {
			continue
		}
		if skipped == 0 {
			return token
		}
		skipped--
	}
}

func (r *row) step(mask []uint32, state *uint32) {
	must(r.matcher.FillBitmask(mask))
	token := chooseToken(mask, state)
	if must(r.matcher.AcceptToken(token)) && token != stop {
		r.text = append(r.text, byte(' '+token))
	}
	r.steps++
	r.done = r.matcher.IsTerminated()
}

func run(rows []row) {
	masks := make([]uint32, rowCount*words)
	state := uint32(42)
	for range steps {
		for r := range rows {
			if rows[r].matcher != nil && !rows[r].done {
				rows[r].step(masks[r*words:(r+1)*words], &state)
			}
		}
		if first := rows[0]; rows[4].matcher == nil && first.steps == 3 {
			text := append([]byte{}, first.text...)
			rows[4] = row{matcher: must(first.matcher.Clone()), text: text, steps: first.steps}
		}
	}
}

func report(compiler *xgr.Compiler, rows []row) {
	for r, row := range rows {
		end := "cut"
		if row.done {
			end = "done"
		}
		fmt.Printf("row %d: %s (%s)\n", r, row.text, end)
	}
	matcher := rows[2].matcher
	must(0, matcher.Rollback(min(2, matcher.HistorySize())))
	fmt.Printf("rolled back: %d\n", matcher.HistorySize())
	_, err := compiler.CompileRegex(context.Background(), "(a")
	var failure *xgr.Error
	if errors.As(err, &failure) {
		fmt.Printf("error %d at byte %d: %s\n", failure.Code, failure.ByteOffset, failure.Message)
	}
}

func main() {
	tokenizer := newTokenizer()
	defer tokenizer.Close()
	compiler := must(xgr.NewCompiler(tokenizer, nil))
	defer compiler.Close()
	grammars := compile(compiler)
	rows := make([]row, rowCount)
	for r, g := range map[int]int{0: 0, 1: 1, 2: 2, 3: 3, 5: 1} {
		rows[r].matcher = must(xgr.NewMatcher(grammars[g], nil))
	}
	run(rows)
	report(compiler, rows)
	for _, row := range rows {
		row.matcher.Close()
	}
	for _, grammar := range grammars {
		grammar.Close()
	}
}

// A client as an inference engine in Go has it: a sampler over logits, with a grammar that it asks
// about its choice first and for a whole mask only on refusal. The logits are random.
//
//	go run ./examples/go/sampler SCHEMAS SEED
//
// For each line of SCHEMAS, a JSON Schema, it writes one line: a document.
package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand"
	"os"
	"strconv"

	xgr "libxgr/bindings/go"
)

const maxTokens = 4000

// vocabulary is the single bytes, pairs of letters, pieces of JSON, and a stop token at the end.
func vocabulary() [][]byte {
	var tokens [][]byte
	for i := range 256 {
		tokens = append(tokens, []byte{byte(i)})
	}
	for first := 'a'; first <= 'z'; first++ {
		for second := 'a'; second <= 'z'; second++ {
			tokens = append(tokens, []byte(string(first)+string(second)))
		}
	}
	for _, piece := range []string{`{"`, `": `, `": "`, `", "`, `"}`, `}`, `},`, `], `, `[{"`, `true`,
		`false`, `null`, `10`, `20`, ` 1`, ` the`, ` and`, `\"`, `\n`, `é`, `日本`, `name`, `count`} {
		tokens = append(tokens, []byte(piece))
	}
	return append(tokens, nil)
}

// model is what the engine asks: a vocabulary, and random logits that like to end.
type model struct {
	tokens [][]byte
	random *rand.Rand
}

func (m *model) logits(step int) []float32 {
	logits := make([]float32, len(m.tokens))
	for i := range logits {
		logits[i] = float32(m.random.NormFloat64()) * 3
	}
	for _, ending := range []byte(`"]}`) {
		logits[ending] += float32(step) / 8 // sooner or later every string and list ends
	}
	logits[len(logits)-1] += float32(step) / 4
	return logits
}

// generate writes one document.
func (m *model) generate(language *xgr.Grammar) ([]byte, error) {
	grammar, err := NewGrammar(language)
	if err != nil {
		return nil, err
	}
	defer grammar.Close()
	sampler := &Sampler{Random: m.random, Temperature: 0.8, TopK: 40, TopP: 0.95, Grammar: grammar}
	var text []byte
	for step := 0; !grammar.Done(); step++ {
		if step == maxTokens {
			return nil, fmt.Errorf("no end after %d tokens: %.60s", step, text)
		}
		id, err := sampler.Sample(m.logits(step))
		if err != nil {
			return nil, err
		}
		text = append(text, m.tokens[id]...)
	}
	return text, nil
}

func run(schemas string, seed int64) error {
	tokens := vocabulary()
	engine := &model{tokens: tokens, random: rand.New(rand.NewSource(seed))}
	stop := int32(len(tokens) - 1)
	tokenizer, err := xgr.NewTokenizer(tokens, &xgr.TokenizerOptions{StopTokens: []int32{stop}})
	if err != nil {
		return err
	}
	defer tokenizer.Close()
	compiler, err := xgr.NewCompiler(tokenizer, nil)
	if err != nil {
		return err
	}
	defer compiler.Close()
	file, err := os.Open(schemas)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		line, err := document(engine, compiler, lines.Text())
		if err != nil {
			return fmt.Errorf("schema %d: %w", number, err)
		}
		fmt.Printf("%s\n", line)
	}
	return lines.Err()
}

// document compiles a schema and writes one document of it.
func document(engine *model, compiler *xgr.Compiler, schema string) ([]byte, error) {
	format := &xgr.JSONFormat{Layout: xgr.JSONLayoutLine}
	language, err := compiler.CompileJSONSchema(context.Background(), schema, format, nil)
	if err != nil {
		return nil, err
	}
	defer language.Close()
	return engine.generate(language)
}

func main() {
	err := fmt.Errorf("usage: sampler SCHEMAS SEED")
	if len(os.Args) == 3 {
		seed, parsed := strconv.ParseInt(os.Args[2], 10, 64)
		if err = parsed; err == nil {
			err = run(os.Args[1], seed)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The whole of libxgr in one page: tokenizer, compiler, grammar, matcher, and the loop of masks and
// tokens. The "model" is a stand-in that likes the highest token id; the mask makes it write JSON.
//
//	go run ./examples/go/minimal
package main

import (
	"context"
	"fmt"
	"os"

	xgr "libxgr/bindings/go"
)

const stop = 256

const schema = `{"type": "object", "properties": {"city": {"enum": ["Oslo", "Rome"]},
 "days": {"type": "integer", "minimum": 1, "maximum": 14}},
 "required": ["city", "days"], "additionalProperties": false}`

func chooseToken(mask []uint32) int32 {
	token := int32(stop)
	for mask[token/32]>>(token%32)&1 == 0 {
		token--
	}
	return token
}

func run() error {
	// A vocabulary of the 256 single bytes and one stop token.
	tokens := make([][]byte, stop+1)
	for i := range stop {
		tokens[i] = []byte{byte(i)}
	}
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
	grammar, err := compiler.CompileJSONSchema(
		context.Background(), schema, &xgr.JSONFormat{Layout: xgr.JSONLayoutLine}, nil)
	if err != nil {
		return err
	}
	defer grammar.Close()
	matcher, err := xgr.NewMatcher(grammar, nil)
	if err != nil {
		return err
	}
	defer matcher.Close()
	mask := make([]uint32, matcher.MaskWords())
	for !matcher.IsTerminated() {
		if _, err := matcher.FillBitmask(mask); err != nil {
			return err
		}
		token := chooseToken(mask)
		accepted, err := matcher.AcceptToken(token)
		if err != nil {
			return err
		}
		if accepted && token != stop {
			fmt.Printf("%c", token)
		}
	}
	fmt.Println()
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

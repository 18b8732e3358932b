package xgr_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
)

func TestTokenizerTellsWhatItWasGiven(t *testing.T) {
	tokens := []string{"a", "\xff\x00", "", "<|end|>", "<|pad|>"}
	tokenizer := must(xgr.NewTokenizer(tokens, &xgr.TokenizerOptions{
		TokenKinds: []xgr.TokenKind{0, 0, 0, xgr.TokenKindStop, xgr.TokenKindControl},
		VocabSize:  40, AddPrefixSpace: true}))
	defer tokenizer.Close()
	wantEqual(t, tokenizer.VocabSize(), 40)
	wantEqual(t, tokenizer.TokenCount(), 5)
	wantEqual(t, tokenizer.MaskWords(), 2)
	wantEqual(t, string(tokenizer.TokenBytes(1)), "\xff\x00")
	wantEqual(t, tokenizer.TokenBytes(41) == nil, true)
	wantEqual(t, string(tokenizer.TokenName(3)), "<|end|>")
	wantEqual(t, tokenizer.TokenKind(4), xgr.TokenKindControl)
	wantEqual(t, tokenizer.TokenKind(-1), xgr.TokenKindUnused)
	wantEqual(t, slices.Equal(tokenizer.StopTokens(), []int32{3}), true)
	wantEqual(t, tokenizer.VocabType(), xgr.VocabTypeRaw)
	wantEqual(t, tokenizer.AddPrefixSpace(), true)
	wantEqual(t, tokenizer.ModelType()+tokenizer.DetectedBy(), "")
	wantEqual(t, len(tokenizer.Fingerprint()), 64)
	wantEqual(t, tokenizer.MemorySize() > 0, true)
	encoded, err := tokenizer.Encode(tokenizer.TokenBytes(1))
	wantEqual(t, errors.Is(err, xgr.ErrInvalidData) && encoded == nil, true) // no text has a byte 0xFF
	encoded, err = tokenizer.Encode(tokenizer.TokenBytes(0))
	wantEqual(t, err == nil && slices.Equal(encoded, []int32{0}), true)
	decoded, err := tokenizer.Decode([]int32{0, 3}, true)
	wantEqual(t, err == nil && string(decoded) == string(tokenizer.TokenBytes(0))+"<|end|>", true)
	_, err = tokenizer.Decode([]int32{40}, false)
	wantEqual(t, errors.Is(err, xgr.ErrInvalidArgument), true)
	wantEqual(t, xgr.Version() > 0, true)
}

func TestStopTokensByName(t *testing.T) {
	tokenizer := must(xgr.NewTokenizer([]string{"a", "<|im_end|>", "</s>"}, nil))
	defer tokenizer.Close()
	wantEqual(t, slices.Equal(tokenizer.StopTokens(), []int32{1}), true)
	json := `{"model": {"type": "BPE", "vocab": {"a": 0, "</s>": 1}, "merges": []}}`
	found := must(xgr.NewTokenizerFromJSON(json, nil))
	defer found.Close()
	wantEqual(t, slices.Equal(found.StopTokens(), []int32{1}), true)
	none := must(xgr.NewTokenizerFromJSON(json, &xgr.TokenizerJSONOptions{NoStopDetection: true}))
	defer none.Close()
	wantEqual(t, len(none.StopTokens()), 0)
}

func TestTokenizerOptionsAreChecked(t *testing.T) {
	for _, options := range []*xgr.TokenizerOptions{
		{StopTokens: []int32{7}},
		{VocabSize: 1},
		{VocabType: 9},
		{TokenKinds: []xgr.TokenKind{0}},
		{TokenKinds: []xgr.TokenKind{0, 256}},
	} {
		_, err := xgr.NewTokenizer([]string{"a", "b"}, options)
		wantStatus(t, err, xgr.ErrInvalidArgument)
	}
	_, err := xgr.NewTokenizer([]string{"é!"}, &xgr.TokenizerOptions{VocabType: xgr.VocabTypeByteLevel})
	if err != nil {
		t.Errorf("a text that spells no bytes: %v", err)
	}
}

func TestTokenizerFromJSON(t *testing.T) {
	json := `{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "<s>": 2}, "merges": []},
		"added_tokens": [{"id": 2, "content": "<s>", "special": true}], "decoder": {"type": "ByteLevel"}}`
	tokenizer := must(xgr.NewTokenizerFromJSON(json, &xgr.TokenizerJSONOptions{StopTokens: []int32{2}}))
	defer tokenizer.Close()
	wantEqual(t, tokenizer.ModelType(), "BPE")
	wantEqual(t, tokenizer.DetectedBy(), "decoder")
	wantEqual(t, tokenizer.VocabType(), xgr.VocabTypeByteLevel)
	_, err := xgr.NewTokenizerFromJSON("", nil)
	wantStatus(t, err, xgr.ErrInvalidData)
}

func TestTokenizerFromFile(t *testing.T) {
	contents := []byte(`{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "</s>": 2}, "merges": []}}`)
	tokenizer := must(xgr.NewTokenizerFromFile(contents, nil))
	defer tokenizer.Close()
	wantEqual(t, tokenizer.TokenCount(), 3)
	wantEqual(t, strings.Contains(must(tokenizer.Findings()), "well-known name"), true)
	cut := must(xgr.NewTokenizerFromFile(contents, &xgr.TokenizerFileOptions{
		StopTokens: []int32{1}, Format: xgr.TokenizerFormatJSON, VocabSize: 2, CutExcessTokens: true}))
	defer cut.Close()
	wantEqual(t, cut.TokenCount(), 2)
	_, err := xgr.NewTokenizerFromFile(nil, nil)
	wantStatus(t, err, xgr.ErrInvalidData)
}

func TestSavedTokenizer(t *testing.T) {
	tokenizer := newTokenizer(t)
	saved := must(tokenizer.Save())
	again := must(xgr.NewTokenizerFromSaved(saved, &xgr.TokenizerSavedOptions{Verify: true}))
	defer again.Close()
	wantEqual(t, again.VocabSize(), tokenizer.VocabSize())
	path := filepath.Join(t.TempDir(), "tokenizer.xgr")
	wantEqual(t, os.WriteFile(path, saved, 0o600), nil)
	opened := must(xgr.OpenTokenizer(path, nil))
	defer opened.Close()
	wantEqual(t, string(opened.TokenBytes(65)), string(tokenizer.TokenBytes(65)))
	_, err := xgr.OpenTokenizer(path+".none", nil)
	wantStatus(t, err, xgr.ErrInvalidArgument)
	_, err = xgr.NewTokenizerFromSaved(nil, nil)
	wantStatus(t, err, xgr.ErrInvalidData)
}

func TestCompilerOptionsAndStats(t *testing.T) {
	compiler := newCompiler(t, &xgr.CompilerOptions{
		MemoryBudget: 1 << 20, MaxSourceSize: 40, Threads: 2, WarmUp: xgr.WarmUpBounded})
	_, err := compiler.CompileRegex(context.Background(), "a{1,2}bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
	wantStatus(t, err, xgr.ErrLimitExceeded)
	grammar := must(compiler.CompileRegex(context.Background(), "[a-z]+"))
	defer grammar.Close()
	wantEqual(t, grammar.WarmUp(context.Background(), xgr.WarmUpFull), nil)
	wantStatus(t, grammar.WarmUp(context.Background(), 9), xgr.ErrInvalidArgument)
	wantEqual(t, must(compiler.Stats()).MemoryBudget, 1<<20)
	wantEqual(t, must(compiler.Stats()).States > 0, true)
	wantEqual(t, must(grammar.Stats()).MemoryBudget, 1<<20)
	wantEqual(t, grammar.MemorySize() > 0 && compiler.MemorySize() > 0, true)
	again := must(grammar.Tokenizer())
	defer again.Close()
	wantEqual(t, again.VocabSize(), stop+1)
	copied := must(compiler.CompileEBNF(context.Background(), must(grammar.PrintEBNF()), ""))
	defer copied.Close()
	_, err = xgr.NewCompiler(again, &xgr.CompilerOptions{MaxStates: -1})
	wantStatus(t, err, xgr.ErrInvalidArgument)
}

func TestJSONOptions(t *testing.T) {
	ctx, compiler := context.Background(), newCompiler(t, nil)
	line := must(compiler.CompileJSON(ctx, &xgr.JSONFormat{
		Layout: xgr.JSONLayoutLine, ItemSeparator: ";", KeySeparator: "="}))
	defer line.Close()
	matcher := must(xgr.NewMatcher(line, nil))
	defer matcher.Close()
	wantEqual(t, takes(matcher, `{"a"=1;"b"=2}`), true)
	_, err := compiler.CompileJSON(ctx, &xgr.JSONFormat{Indent: 2})
	wantStatus(t, err, xgr.ErrInvalidArgument)

	remote := must(compiler.CompileJSONSchema(ctx, `{"$ref": "mem:x"}`, nil, &xgr.JSONSchemaOptions{
		Remotes: []xgr.RemoteSchema{{URI: "mem:x", Text: `{"enum": [7]}`}}}))
	defer remote.Close()
	seven := must(xgr.NewMatcher(remote, nil))
	defer seven.Close()
	wantEqual(t, takes(seven, "8"), false)
	wantEqual(t, takes(seven, "7"), true)
	_, err = compiler.CompileJSONSchema(ctx, `{"format": "mine"}`, nil,
		&xgr.JSONSchemaOptions{Formats: xgr.FormatsRefuseUnknown})
	wantStatus(t, err, xgr.ErrUnsupported)
}

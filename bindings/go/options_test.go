package xgr_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
	"libxgr/bindings/go/internal/raw"
)

// structs are those of C and those of Go that stand for them.
var structs = map[any]any{
	raw.TokenizerOptionsT{}:      xgr.TokenizerOptions{},
	raw.TokenizerJsonOptionsT{}:  xgr.TokenizerJSONOptions{},
	raw.TokenizerFileOptionsT{}:  xgr.TokenizerFileOptions{},
	raw.TokenizerSavedOptionsT{}: xgr.TokenizerSavedOptions{},
	raw.CompilerOptionsT{}:       xgr.CompilerOptions{},
	raw.CompileOptionsT{}:        xgr.CompileOptions{},
	raw.CompiledStatsT{}:         xgr.CompiledStats{},
	raw.CacheStatsT{}:            xgr.CacheStats{},
	raw.JsonFormatT{}:            xgr.JSONFormat{},
	raw.RemoteSchemaT{}:          xgr.RemoteSchema{},
	raw.JsonSchemaOptionsT{}:     xgr.JSONSchemaOptions{},
	raw.EbnfOptionsT{}:           xgr.EBNFOptions{},
	raw.RegexOptionsT{}:          xgr.RegexOptions{},
	raw.NamedGrammarT{}:          xgr.NamedGrammar{},
	raw.LarkOptionsT{}:           xgr.LarkOptions{},
	raw.StructuralTagOptionsT{}:  xgr.StructuralTagOptions{},
	raw.StartSequenceT{}:         xgr.StartSequence{},
	raw.JsonSchemaEntryT{}:       xgr.JSONSchemaEntry{},
	raw.MatcherOptionsT{}:        xgr.MatcherOptions{},
	raw.BatchOptionsT{}:          xgr.BatchOptions{},
	raw.ApplyOptionsT{}:          xgr.ApplyOptions{},
	raw.DraftTreeT{}:             xgr.DraftTree{},
	raw.MatcherStatsT{}:          xgr.MatcherStats{},
	raw.CaptureT{}:               xgr.Capture{},
	raw.DiagnosticT{}:            xgr.Diagnostic{},
	raw.ReplyReaderOptionsT{}:    xgr.ReplyReaderOptions{},
	raw.ReplyEventT{}:            xgr.ReplyEvent{},
}

// renamed are members that have another name in Go; "" is one that a context stands for, or that Go
// cannot have.
var renamed = map[string]string{"timeoutmilliseconds": "timeout", "cancel": "", "borrow": ""}

// members are the names of the fields, without those that only C needs: counts of what a pointer
// before them points to, sizes of structs, room for later.
func members(value any) []string {
	var names []string
	kind := reflect.TypeOf(value)
	for i := range kind.NumField() {
		field := kind.Field(i)
		counts := i > 0 && kind.Field(i-1).Type.Kind() == reflect.Pointer &&
			field.Type.Kind() == reflect.Uintptr
		if !counts && field.Name != "StructSize" && field.Name != "Reserved" {
			names = append(names, strings.ToLower(field.Name))
		}
	}
	return names
}

func TestStructsHaveEveryMember(t *testing.T) {
	for c, ours := range structs {
		have := map[string]bool{}
		for _, name := range members(ours) {
			have[name] = true
		}
		for _, name := range members(c) {
			if other, ok := renamed[name]; ok {
				name = other
			}
			if name != "" && !have[name] {
				t.Errorf("%T has no member %s of %T", ours, name, c)
			}
		}
	}
	source := string(must(os.ReadFile("internal/raw/types.go")))
	inC := regexp.MustCompile(`(?s)type \w+T struct \{\n[^}]*?StructSize`).FindAllString(source, -1)
	wantEqual(t, len(structs), len(inC))
}

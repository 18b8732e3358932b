package xgr_test

import (
	"context"
	"os"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
)

const deepSchema = `{"items": {"items": {"items": {}}}}`

// makeMistake makes a mistake of tests/cases/mistakes/api.txt.
func makeMistake(t *testing.T, name string) error {
	small := func(options xgr.CompilerOptions) error {
		_, err := newCompiler(t, &options).CompileJSONSchema(context.Background(), deepSchema, nil, nil)
		return err
	}
	matcher := newMatcher(t, "[a-z]+", nil)
	var err error
	switch name {
	case "mask_too_small":
		_, err = matcher.FillBitmask(make([]uint32, 1))
	case "rollback_too_far":
		err = matcher.Rollback(3)
	case "stop_token_out_of_range":
		grammar := must(newCompiler(t, nil).CompileRegex(context.Background(), "a"))
		defer grammar.Close()
		_, err = xgr.NewMatcher(grammar, &xgr.MatcherOptions{StopTokens: []int32{999}})
	case "unknown_draft":
		options := &xgr.JSONSchemaOptions{Draft: 5}
		_, err = newCompiler(t, nil).CompileJSONSchema(context.Background(), "{}", nil, options)
	case "source_too_long":
		err = small(xgr.CompilerOptions{MaxSourceSize: 8})
	case "nested_too_deep":
		err = small(xgr.CompilerOptions{MaxNesting: 2})
	case "no_choices":
		_, err = xgr.GrammarSourceFromChoices()
	case "closed":
		matcher.Close()
		err = matcher.Reset()
	default:
		t.Errorf("nobody makes the mistake %s", name)
	}
	return err
}

func TestMistakes(t *testing.T) {
	text := string(must(os.ReadFile(casesFolder + "/mistakes/api.txt")))
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		name, wanted, _ := strings.Cut(line, ": ")
		name, language, _ := strings.Cut(name, ".")
		if strings.HasPrefix(line, "#") || language != "" && language != "go" {
			continue
		}
		if err := makeMistake(t, name); err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package xgr_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
)

// calls is text, and calls in it: whoever writes "<f=" has begun one.
const calls = `{"type": "structural_tag", "format": {"type": "triggered_tags",
	"triggers": ["<f="], "tags": [{"begin": "<f=a>", "end": "</f>", "content":
	{"type": "json_schema", "json_schema": {"type": "object", "properties": {"x": {"type": "integer"}},
	"required": ["x"]}}}]}}`

const request = `{"model": "m", "reasoning": "off", "tools": [
	{"type": "function", "function": {"name": "get_weather", "parameters":
		{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}},
	{"type": "function", "function": {"name": "now"}}]}`

func contentOfType(schema string) string {
	return fmt.Sprintf(`{"format": {"type": "json_schema", "json_schema": %s}}`, schema)
}

// wantPointer checks that an error is about a malformed source, and where that is wrong.
func wantPointer(t *testing.T, err error, pointer string) {
	t.Helper()
	var failure *xgr.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %v", err)
	}
	wantEqual(t, failure.Code, xgr.ErrInvalidSource)
	wantEqual(t, failure.JSONPointer, pointer)
	wantEqual(t, failure.HasJSONPointer, true)
}

func TestTriggerForcesACall(t *testing.T) {
	grammar := must(newCompiler(t, nil).CompileStructuralTag(context.Background(), calls, nil))
	matcher := must(xgr.NewMatcher(grammar, nil))
	grammar.Close()
	defer matcher.Close()
	wantEqual(t, takes(matcher, "text <f="), true)
	forced := make([]byte, 8)
	wantEqual(t, must(matcher.ForcedBytes(false, forced)), 3)
	wantEqual(t, string(forced[:3]), "a>{")
	wantEqual(t, takes(matcher, `a>{"x": 1}</f> behind`) && matcher.IsAccepting(), true)

	source, err := xgr.GrammarSourceFromStructuralTag(calls, &xgr.StructuralTagOptions{})
	wantAccepts(t, source, err, `now <f=a>{"x": 1}</f> and <f=a>{"x": 2}</f>`, `<f=a>{"x": "1"}</f>`)
}

func TestBadTagSaysWhere(t *testing.T) {
	const bad = `{"format": {"type": "tag", "begin": 1, "content": {"type": "any_text"}, "end": "x"}}`
	_, err := xgr.GrammarSourceFromStructuralTag(bad, nil)
	wantPointer(t, err, "/format/begin")
	_, err = newCompiler(t, nil).CompileStructuralTag(context.Background(), bad, nil)
	wantPointer(t, err, "/format/begin")
	source := must(xgr.GrammarSourceFromStructuralTag(bad, &xgr.StructuralTagOptions{Deferred: true}))
	defer source.Close()
	wantPointer(t, source.Check(), "/format/begin")
	_, err = xgr.GrammarSourceFromStructuralTag("", nil)
	wantStatus(t, err, xgr.ErrInvalidSource)
}

func TestTagOptionsAreAboutTheSchemasInside(t *testing.T) {
	object := contentOfType(`{"type": "object", "properties": {"x": true}}`)
	source, err := xgr.GrammarSourceFromStructuralTag(object, nil)
	wantAccepts(t, source, err, `{"x": 1}`, `{"y": 1}`)
	source, err = xgr.GrammarSourceFromStructuralTag(object, &xgr.StructuralTagOptions{OpenSchemas: true})
	wantAccepts(t, source, err, `{"y": 1}`, `{"y": }`)
	date := contentOfType(`{"type": "string", "format": "date"}`)
	source, err = xgr.GrammarSourceFromStructuralTag(date, nil)
	wantAccepts(t, source, err, `"2000-01-01"`, `"x"`)
	ignore := &xgr.StructuralTagOptions{Formats: xgr.FormatsIgnore}
	source, err = xgr.GrammarSourceFromStructuralTag(date, ignore)
	wantAccepts(t, source, err, `"x"`, `x`)
	hard := contentOfType(`{"uniqueItems": true, "contains": {"const": 1}, "minContains": 2}`)
	_, err = xgr.GrammarSourceFromStructuralTag(hard, nil)
	wantStatus(t, err, xgr.ErrUnsupported)
	source, err = xgr.GrammarSourceFromStructuralTag(hard, &xgr.StructuralTagOptions{Lenient: true})
	wantAccepts(t, source, err, `[1, 1]`, `[1, 2]`)
}

func TestFamiliesHaveNamesAndTexts(t *testing.T) {
	names := xgr.FamilyNames()
	wantEqual(t, len(names) >= 50 && slices.IsSorted(names), true)
	for _, name := range names {
		text, known := xgr.FamilyText(name)
		wantEqual(t, known && strings.Contains(text, fmt.Sprintf(`"family": "%s"`, name)), true)
	}
	text, known := xgr.FamilyText("no_such_family")
	wantEqual(t, text, "")
	wantEqual(t, known, false)
	hermes, _ := xgr.FamilyText("hermes")
	wantEqual(t, must(xgr.FamilyStructuralTag(hermes, request, nil)),
		must(xgr.FamilyStructuralTag("hermes", request, nil)))
}

func TestFamilyConstrainsReplies(t *testing.T) {
	tag := must(xgr.FamilyStructuralTag("qwen_3_coder", request, newTokenizer(t)))
	source := must(xgr.GrammarSourceFromStructuralTag(tag, nil))
	defer source.Close()
	call := func(name, arguments string) string {
		return fmt.Sprintf("<tool_call>\n<function=%s>\n%s</function>\n</tool_call>", name, arguments)
	}
	const city = "<parameter=city>\nParis\n</parameter>\n"
	answers := accepts(t, source, "Hello, world.", call("get_weather", city),
		"One. "+call("get_weather", city)+"\n"+call("now", ""),
		call("get_wether", city), call("get_weather", ""))
	if !slices.Equal(answers, []bool{true, true, true, false, false}) {
		t.Errorf("got %v from %s", answers, tag)
	}
}

func TestTokenizerTellsWhichMarkersAreTokens(t *testing.T) {
	kinds := []xgr.TokenKind{xgr.TokenKindNormal, xgr.TokenKindControl, xgr.TokenKindStop}
	tokenizer := must(xgr.NewTokenizer([]string{"a", "<tool_call>", "<|im_end|>"},
		&xgr.TokenizerOptions{TokenKinds: kinds}))
	const token = `{"type":"token","token":"<tool_call>"}`
	with := must(xgr.FamilyStructuralTag("hermes", request, tokenizer))
	wantEqual(t, strings.Contains(with, token), true)
	without := must(xgr.FamilyStructuralTag("hermes", request, nil))
	wantEqual(t, strings.Contains(without, token), false)
	tokenizer.Close()
	_, err := xgr.FamilyStructuralTag("hermes", request, tokenizer)
	wantStatus(t, err, xgr.ErrInvalidState)
}

func TestFamiliesSayWhatIsWrong(t *testing.T) {
	_, err := xgr.FamilyStructuralTag("no_such_family", "{}", nil)
	wantStatus(t, err, xgr.ErrInvalidArgument)
	wantEqual(t, strings.Contains(err.Error(), "no_such_family"), true)
	_, err = xgr.FamilyStructuralTag("hermes", `{"tools": [7]}`, nil)
	wantPointer(t, err, "/tools/0")
	_, err = xgr.FamilyStructuralTag("hermes", "", nil)
	wantStatus(t, err, xgr.ErrInvalidSource)
	_, err = xgr.FamilyStructuralTag(`{"fields": {"images": {}}}`, "{}", nil)
	wantStatus(t, err, xgr.ErrUnsupported)
}

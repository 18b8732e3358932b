package xgr_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
)

// accepts says which texts are complete outputs of a source.
func accepts(t *testing.T, source *xgr.GrammarSource, texts ...string) []bool {
	t.Helper()
	grammar := must(newCompiler(t, nil).CompileSource(context.Background(), source))
	defer grammar.Close()
	answers := make([]bool, len(texts))
	for i, text := range texts {
		matcher := must(xgr.NewMatcher(grammar, nil))
		answers[i] = takes(matcher, text) && matcher.IsAccepting()
		matcher.Close()
	}
	return answers
}

func wantAccepts(t *testing.T, source *xgr.GrammarSource, err error, good, bad string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if answers := accepts(t, source, good, bad); !slices.Equal(answers, []bool{true, false}) {
		t.Errorf("%q, %q: got %v; want true, false", good, bad, answers)
	}
}

func TestSources(t *testing.T) {
	ab := must(xgr.GrammarSourceFromChoices("a", "b"))
	defer ab.Close()
	digits := must(xgr.GrammarSourceFromRegex("[0-9]+", nil))
	defer digits.Close()
	check := func(source *xgr.GrammarSource, err error) func(good, bad string) {
		return func(good, bad string) { t.Helper(); wantAccepts(t, source, err, good, bad) }
	}
	check(xgr.GrammarSourceFromEBNF("top ::= \"x\"", &xgr.EBNFOptions{RootRule: "top"}))("x", "y")
	check(xgr.GrammarSourceFromEBNF("root ::= \"x\"{2}", &xgr.EBNFOptions{Dialect: xgr.EBNFDialectGBNF}))("xx", "x")
	check(xgr.GrammarSourceFromRegex("q", &xgr.RegexOptions{Search: true, Flags: xgr.RegexCaseless}))("aQb", "ab")
	check(xgr.GrammarSourceFromRegex("a.b", &xgr.RegexOptions{Flags: xgr.RegexDotStops}))("axb", "a\nb")
	check(xgr.GrammarSourceFromJSON(&xgr.JSONFormat{Layout: xgr.JSONLayoutLine}))("[1, 2]", "[1,2]")
	check(xgr.GrammarSourceFromJSONSchema(`{"type": "null"}`, nil, nil))("null", "1")
	check(xgr.GrammarSourceFromSubstring("the ", "old ", "man"))("old man", "ld man")
	check(xgr.GrammarSourceUnion(ab, digits))("12", "a1")
	check(xgr.GrammarSourceConcat(ab, digits))("a1", "12")
	check(ab.Repeat(2, 3))("aba", "abab")
	check(ab.Repeat(0, -1))("abbabba", "c")
	check(digits.Intersection(must(xgr.GrammarSourceFromRegex("..", nil))))("12", "123")
}

func TestLarkNamesOthers(t *testing.T) {
	word := must(xgr.GrammarSourceFromRegex("[a-z]+", nil))
	options := &xgr.LarkOptions{Named: []xgr.NamedGrammar{
		{Name: "word", Source: word}, {Name: "end", Text: "start: \"!\""}}}
	source, err := xgr.GrammarSourceFromLark("start: @word @end", options)
	word.Close()
	wantAccepts(t, source, err, "hello!", "hello")
	_, err = xgr.GrammarSourceFromLark("start: @word @end", options)
	wantStatus(t, err, xgr.ErrInvalidState)
}

func TestPrintAndCheck(t *testing.T) {
	source := must(xgr.GrammarSourceFromRegex("(a|b)+", nil))
	defer source.Close()
	wantEqual(t, source.Check(), nil)
	for _, simplify := range []bool{false, true} {
		again, err := xgr.GrammarSourceFromEBNF(must(source.Print(simplify)), nil)
		wantAccepts(t, again, err, "abba", "abc")
	}
	none := must(xgr.GrammarSourceFromEBNF(`root ::= "a" root`, nil))
	defer none.Close()
	wantStatus(t, none.Check(), xgr.ErrInvalidSource)
}

func TestErrorsSayWhere(t *testing.T) {
	compiler := newCompiler(t, nil)
	_, err := compiler.CompileRegex(context.Background(), "(a")
	var failure *xgr.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %v", err)
	}
	wantEqual(t, failure.Code, xgr.ErrInvalidSource)
	wantEqual(t, failure.ByteOffset, 2)
	wantEqual(t, failure.HasJSONPointer, false)
	wantEqual(t, strings.Contains(err.Error(), "parenthesis"), true)

	_, err = compiler.CompileEBNF(context.Background(), "root ::= \"a\"\nb ::= (", "")
	wantEqual(t, errors.As(err, &failure), true)
	wantEqual(t, failure.Line, 2)
	wantEqual(t, failure.Column > 0, true)

	_, err = compiler.CompileJSONSchema(context.Background(), `{"properties": {"a": {"type": 3}}}`, nil, nil)
	wantEqual(t, errors.As(err, &failure), true)
	wantEqual(t, failure.JSONPointer, "/properties/a/type")
	wantEqual(t, failure.HasJSONPointer, true)
	wantEqual(t, xgr.ErrInvalidSource.Error(), xgr.StatusMessage(xgr.ErrInvalidSource))
}

func TestEmptyTextIsAText(t *testing.T) {
	compiler := newCompiler(t, nil)
	grammar := must(compiler.CompileRegex(context.Background(), ""))
	defer grammar.Close()
	matcher := must(xgr.NewMatcher(grammar, nil))
	defer matcher.Close()
	wantEqual(t, matcher.IsAccepting(), true)
	_, err := compiler.CompileEBNF(context.Background(), "", "")
	wantStatus(t, err, xgr.ErrInvalidSource)
	_, err = xgr.GrammarSourceFromChoices()
	wantStatus(t, err, xgr.ErrInvalidArgument)
	_, err = xgr.GrammarSourceUnion()
	wantStatus(t, err, xgr.ErrInvalidArgument)
}

func TestDiagnostics(t *testing.T) {
	compiler := newCompiler(t, nil)
	schema := `{"type": "string", "maxLenght": 2}`
	grammar := must(compiler.CompileJSONSchema(context.Background(), schema, nil, nil))
	found := must(grammar.Diagnostics())
	grammar.Close()
	defer found.Close()
	for diagnostic := range found.All() {
		wantEqual(t, diagnostic.Code, xgr.DiagnosticIgnoredKeyword)
		wantEqual(t, diagnostic.Subject, "maxLenght")
		wantEqual(t, diagnostic.Pointer, "/maxLenght")
		wantEqual(t, diagnostic.HasPointer, true)
		wantEqual(t, diagnostic.ByteOffset, -1)
		wantEqual(t, strings.HasSuffix(diagnostic.Message, `did you mean "maxLength"?`), true)
	}
	wantEqual(t, found.Size(), 1)
	_, err := found.Get(1)
	wantStatus(t, err, xgr.ErrInvalidArgument)
	strict := &xgr.JSONSchemaOptions{UnknownKeywords: xgr.UnknownKeywordsRefuse}
	_, err = compiler.CompileJSONSchema(context.Background(), schema, nil, strict)
	wantStatus(t, err, xgr.ErrInvalidSource)
}

func TestExplanation(t *testing.T) {
	compiler := newCompiler(t, nil)
	schema := `{"properties": {"age": {"type": "integer", "minimum": 0}}}`
	grammar := must(compiler.CompileJSONSchema(context.Background(), schema, nil, nil))
	matcher := must(xgr.NewMatcher(grammar, nil))
	defer matcher.Close()
	output := []byte(`{"age": `)
	wantEqual(t, must(matcher.AcceptBytes(output)), true)
	found := must(matcher.ExplainBytes(output, []byte("-1")))
	wantEqual(t, strings.Contains(found.Text, `"minimum": 0 at /properties/age/minimum`), true)
	wantEqual(t, strings.Contains(found.JSON, `"pointer": "/properties/age/minimum"`), true)
	found = must(matcher.ExplainToken(output, 't'))
	wantEqual(t, strings.Contains(found.JSON, "/properties/age/type"), true)
	_, err := matcher.ExplainBytes([]byte("]"), nil)
	wantStatus(t, err, xgr.ErrInvalidArgument)
}

func TestJSONSchemaReport(t *testing.T) {
	report := must(xgr.JSONSchemaCheck(`{"type": "string", "format": "mine", "minLength": 1}`, nil))
	defer report.Close()
	outcomes := map[string]xgr.KeywordOutcome{}
	for entry := range report.All() {
		outcomes[entry.Keyword] = entry.Outcome
		wantEqual(t, entry.Pointer, "/"+entry.Keyword)
		wantEqual(t, entry.Reason == "", entry.Outcome == xgr.KeywordOutcomeEnforced)
	}
	wantEqual(t, outcomes["minLength"], xgr.KeywordOutcomeEnforced)
	wantEqual(t, outcomes["format"], xgr.KeywordOutcomeIgnored)
	_, err := report.Entry(report.Size())
	wantStatus(t, err, xgr.ErrInvalidArgument)
}

package xgr_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	xgr "libxgr/bindings/go"
)

// The corpus that all languages share; tests/cases/README.md describes the files.
const casesFolder = "../../tests/cases"

type named struct{ name, text string }

type expectation struct {
	line       int
	verb, text string // accept, reject, error; the output, or the name of a status
	at         int64  // -1: not told
	pointer    *string
	says       string // part of the message
}

type testCase struct {
	kind         string
	options      []string
	source       named
	remotes      []named
	expectations []expectation
}

func (c *testCase) addLine(line string, first bool) {
	text := &c.source.text
	if len(c.remotes) > 0 {
		text = &c.remotes[len(c.remotes)-1].text
	}
	if !first {
		*text += "\n"
	}
	*text += line
}

func readExpectation(line string, number int) expectation {
	e := expectation{line: number, at: -1}
	verb, rest, _ := strings.Cut(line, " ")
	e.verb = verb
	rest = strings.TrimLeft(rest, " ")
	if strings.HasPrefix(rest, `"`) {
		decoder := json.NewDecoder(strings.NewReader(rest))
		must(0, decoder.Decode(&e.text))
		rest = rest[decoder.InputOffset():]
	} else {
		e.text, rest, _ = strings.Cut(rest, " ")
	}
	if place, says, found := strings.Cut(" "+rest, " says "); found {
		must(0, json.Unmarshal([]byte(says), &e.says))
		rest = place
	}
	for _, place := range strings.Split(rest, "at ")[1:] {
		if strings.HasPrefix(place, `"`) {
			e.pointer = new(string)
			must(0, json.NewDecoder(strings.NewReader(place)).Decode(e.pointer))
		} else {
			e.at = must(strconv.ParseInt(strings.TrimSpace(place), 10, 64))
		}
	}
	return e
}

func readCases(path string) []*testCase {
	var cases []*testCase
	var current *testCase
	inSource, first := false, true
	for i, line := range strings.Split(string(must(os.ReadFile(path))), "\n") {
		kind, isKind := strings.CutPrefix(line, "kind: ")
		remote, isRemote := strings.CutPrefix(line, "remote: ")
		switch {
		case !inSource && isKind:
			words := strings.Fields(kind)
			current = &testCase{kind: words[0], options: words[1:]}
			cases = append(cases, current)
			inSource, first = true, true
		case inSource && line == "---":
			inSource = false
		case inSource && isRemote:
			current.remotes = append(current.remotes, named{name: remote})
			first = true
		case inSource:
			current.addLine(line, first)
			first = false
		case line != "" && line[0] != '#' && current != nil:
			current.expectations = append(current.expectations, readExpectation(line, i+1))
		}
	}
	return cases
}

// readOptions reads the words after the kind.
func readOptions(words []string) (*xgr.JSONFormat, *xgr.JSONSchemaOptions) {
	format, options := &xgr.JSONFormat{}, &xgr.JSONSchemaOptions{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		number, _ := strconv.Atoi(value)
		switch name {
		case "strict":
			options.Strict = true
		case "any_order":
			options.AnyOrder = true
		case "unique_names":
			options.UniqueNames = true
		case "formats":
			options.Formats = map[string]xgr.Formats{
				"refuse_unknown": xgr.FormatsRefuseUnknown, "ignore": xgr.FormatsIgnore}[value]
		case "unknown_keywords":
			options.UnknownKeywords = map[string]xgr.UnknownKeywords{
				"refuse": xgr.UnknownKeywordsRefuse}[value]
		case "draft":
			options.Draft = int32(number)
		case "compact":
			format.Layout = xgr.JSONLayoutLine
		case "escapes":
			format.Escapes = map[string]xgr.JSONEscapes{"minimal": xgr.JSONEscapesMinimal}[value]
		case "max_whitespace":
			format.MaxWhitespace = int32(number)
		case "max_digits":
			format.MaxDigits = int32(number)
		case "indent":
			format.Layout, format.Indent = xgr.JSONLayoutIndent, int32(number)
		default:
			panic("unknown option " + word)
		}
	}
	return format, options
}

func (c *testCase) compile(compiler *xgr.Compiler) (*xgr.Grammar, error) {
	ctx := context.Background()
	format, options := readOptions(c.options)
	switch c.kind {
	case "ebnf":
		return compiler.CompileEBNF(ctx, c.source.text, "")
	case "regex":
		return compiler.CompileRegex(ctx, c.source.text)
	case "structural_tag":
		return compiler.CompileStructuralTag(ctx, c.source.text, nil)
	case "json":
		return compiler.CompileJSON(ctx, format)
	case "tokenizer_json":
		tokenizer, err := xgr.NewTokenizerFromJSON(c.source.text, nil)
		if err == nil {
			tokenizer.Close()
		}
		return nil, err
	case "lark":
		lark := &xgr.LarkOptions{}
		for _, remote := range c.remotes {
			lark.Named = append(lark.Named, xgr.NamedGrammar{Name: remote.name, Text: remote.text})
		}
		source, err := xgr.GrammarSourceFromLark(c.source.text, lark)
		if err != nil {
			return nil, err
		}
		defer source.Close()
		return compiler.CompileSource(ctx, source)
	}
	for _, remote := range c.remotes {
		options.Remotes = append(options.Remotes, xgr.RemoteSchema{URI: remote.name, Text: remote.text})
	}
	return compiler.CompileJSONSchema(ctx, c.source.text, format, options)
}

// check says what is wrong, or "".
func (e *expectation) check(grammar *xgr.Grammar, err error) string {
	if e.verb == "error" {
		return e.checkError(err)
	}
	if err != nil {
		return "is refused: " + err.Error()
	}
	matcher := must(xgr.NewMatcher(grammar, nil))
	defer matcher.Close()
	taken := len(e.text)
	if e.verb == "reject" && e.at >= 0 {
		taken = int(e.at)
	}
	for i := range taken + 1 {
		token := int32(stop)
		if i < len(e.text) {
			token = int32(e.text[i])
		}
		wanted := i < taken || e.verb == "accept"
		if accepted, agreed := acceptThreeWays(matcher, token); !agreed {
			return fmt.Sprintf("mask, IsTokenAllowed and AcceptToken disagree at byte %d", i)
		} else if accepted != wanted {
			return fmt.Sprintf("byte %d: accepted is %v", i, accepted)
		}
	}
	return ""
}

func (e *expectation) checkError(err error) string {
	var failure *xgr.Error
	if !errors.As(err, &failure) {
		return "compiles"
	}
	name := map[xgr.Status]string{
		xgr.ErrInvalidArgument: "INVALID_ARGUMENT", xgr.ErrInvalidSource: "INVALID_SOURCE",
		xgr.ErrUnsupported: "UNSUPPORTED", xgr.ErrLimitExceeded: "LIMIT_EXCEEDED",
		xgr.ErrInvalidData: "INVALID_DATA"}[failure.Code]
	if name != e.text || e.at >= 0 && e.at != failure.ByteOffset ||
		e.pointer != nil && (!failure.HasJSONPointer || *e.pointer != failure.JSONPointer) ||
		!strings.Contains(err.Error(), e.says) {
		return fmt.Sprintf("the error is %+v", *failure)
	}
	return ""
}

// acceptThreeWays accepts a token, if mask and IsTokenAllowed say the same.
func acceptThreeWays(matcher *xgr.Matcher, token int32) (accepted, agreed bool) {
	var mask [(stop + 32) / 32]uint32
	kind := must(matcher.FillBitmask(mask[:]))
	allowed := must(matcher.IsTokenAllowed(token))
	accepted = must(matcher.AcceptToken(token))
	bit := kind != xgr.MaskKindTerminated && mask[token/32]>>(token%32)&1 == 1
	return accepted, bit == allowed && allowed == accepted
}

func TestCases(t *testing.T) {
	files := must(filepath.Glob(casesFolder + "/*/*.case"))
	if len(files) == 0 {
		t.Fatalf("no cases in %s", casesFolder)
	}
	compiler := newCompiler(t, nil)
	for _, file := range files {
		t.Run(strings.TrimPrefix(filepath.ToSlash(file), casesFolder+"/"), func(t *testing.T) {
			for _, c := range readCases(file) {
				grammar, err := c.compile(compiler)
				for _, e := range c.expectations {
					if problem := e.check(grammar, err); problem != "" {
						t.Errorf("%s:%d: %s %q: %s", file, e.line, e.verb, e.text, problem)
					}
				}
				if grammar != nil {
					grammar.Close()
				}
			}
		})
	}
}

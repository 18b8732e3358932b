package main

import (
	"context"
	"math"
	"math/rand"
	"testing"

	xgr "libxgr/bindings/go"
)

// newGrammar is an output of a pattern over the vocabulary of the example.
func newGrammar(t *testing.T, pattern string) (*Grammar, int) {
	t.Helper()
	tokens := vocabulary()
	stop := int32(len(tokens) - 1)
	tokenizer, err := xgr.NewTokenizer(tokens, &xgr.TokenizerOptions{StopTokens: []int32{stop}})
	if err != nil {
		t.Fatal(err)
	}
	compiler, err := xgr.NewCompiler(tokenizer, nil)
	if err != nil {
		t.Fatal(err)
	}
	language, err := compiler.CompileRegex(context.Background(), pattern)
	if err != nil {
		t.Fatal(err)
	}
	grammar, err := NewGrammar(language)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(grammar.Close)
	return grammar, len(tokens)
}

// The shortcut for one candidate and the mask for all say the same of every token.
func TestOneCandidateIsJudgedAsAll(t *testing.T) {
	grammar, size := newGrammar(t, `(na|n)me[0-9]{2}|null`)
	all := candidates(make([]token, size), make([]float32, size))
	if err := grammar.Apply(all); err != nil {
		t.Fatal(err)
	}
	for _, candidate := range all {
		one := []token{{id: candidate.id}}
		if err := grammar.Apply(one); err != nil {
			t.Fatal(err)
		}
		if one[0].value != candidate.value {
			t.Errorf("token %d: %v alone, %v among all", candidate.id, one[0].value, candidate.value)
		}
	}
}

// Without temperature the choice is the most likely of the allowed tokens.
func TestGreedyChoiceIsTheBestAllowedToken(t *testing.T) {
	grammar, size := newGrammar(t, `[a-z]{40}`)
	sampler := &Sampler{Grammar: grammar}
	random := rand.New(rand.NewSource(3))
	for !grammar.Done() {
		logits := make([]float32, size)
		for i := range logits {
			logits[i] = random.Float32()
		}
		best, highest := int32(-1), math.Inf(-1)
		for i, logit := range logits {
			allowed, err := grammar.matcher.IsTokenAllowed(int32(i))
			if err != nil {
				t.Fatal(err)
			}
			if allowed && float64(logit) > highest {
				best, highest = int32(i), float64(logit)
			}
		}
		if id, err := sampler.Sample(logits); err != nil || id != best {
			t.Fatalf("chose %d, %v; want %d", id, err, best)
		}
	}
}

func TestNoTokenLeftIsAnError(t *testing.T) {
	grammar, size := newGrammar(t, `a`)
	logits := make([]float32, size)
	for i := range logits {
		logits[i] = float32(math.Inf(-1))
	}
	if _, err := (&Sampler{Grammar: grammar}).Sample(logits); err == nil {
		t.Error("chose a token without any logit")
	}
}

package main

import (
	"cmp"
	"errors"
	"math"
	"math/rand"
	"slices"

	xgr "libxgr/bindings/go"
)

// token is one candidate.
type token struct {
	id    int32
	value float32 // logit, later probability
}

// Grammar keeps one output inside a language. It is what an engine calls between its logits and its
// choice.
type Grammar struct {
	matcher *xgr.Matcher
	mask    []uint32
}

// NewGrammar starts an output of a language.
func NewGrammar(language *xgr.Grammar) (*Grammar, error) {
	matcher, err := xgr.NewMatcher(language, nil)
	if err != nil {
		return nil, err
	}
	return &Grammar{matcher: matcher, mask: make([]uint32, matcher.MaskWords())}, nil
}

// Apply makes the candidates impossible that may not come next. One is asked about by itself, which
// is cheaper than a whole mask.
func (g *Grammar) Apply(tokens []token) error {
	if len(tokens) == 1 {
		allowed, err := g.matcher.IsTokenAllowed(tokens[0].id)
		if !allowed {
			tokens[0].value = float32(math.Inf(-1))
		}
		return err
	}
	kind, err := g.matcher.FillBitmask(g.mask)
	if err != nil || kind == xgr.MaskKindAll {
		return err
	}
	for i := range tokens {
		id := tokens[i].id
		if g.mask[id/32]>>(id%32)&1 == 0 {
			tokens[i].value = float32(math.Inf(-1))
		}
	}
	return nil
}

// Accept takes the chosen token.
func (g *Grammar) Accept(id int32) error {
	accepted, err := g.matcher.AcceptToken(id)
	if err == nil && !accepted {
		err = errors.New("the grammar refuses a token that it allowed")
	}
	return err
}

// Done tells whether the output has ended.
func (g *Grammar) Done() bool { return g.matcher.IsTerminated() }

// Close ends the output.
func (g *Grammar) Close() { g.matcher.Close() }

// Sampler chooses a token by logits, temperature, top-k and top-p, inside a grammar if there is one.
type Sampler struct {
	Random      *rand.Rand
	Temperature float32 // 0: the most likely token
	TopK        int     // 0: all
	TopP        float32
	Grammar     *Grammar
}

// Sample chooses from the logits. Most choices of a good model fit the grammar anyway; so it first
// chooses freely, and computes a mask only if the grammar refuses.
func (s *Sampler) Sample(logits []float32) (int32, error) {
	tokens := make([]token, len(logits))
	chosen, err := s.choose(candidates(tokens, logits))
	if err != nil || s.Grammar == nil {
		return chosen.id, err
	}
	first := []token{chosen}
	if err := s.Grammar.Apply(first); err != nil {
		return 0, err
	}
	if math.IsInf(float64(first[0].value), -1) {
		tokens = candidates(tokens, logits)
		if err := s.Grammar.Apply(tokens); err != nil {
			return 0, err
		}
		if chosen, err = s.choose(tokens); err != nil {
			return 0, err
		}
	}
	return chosen.id, s.Grammar.Accept(chosen.id)
}

func candidates(tokens []token, logits []float32) []token {
	for i, logit := range logits {
		tokens[i] = token{id: int32(i), value: logit}
	}
	return tokens
}

func (s *Sampler) choose(tokens []token) (token, error) {
	slices.SortFunc(tokens, func(a, b token) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.id, b.id))
	})
	if math.IsInf(float64(tokens[0].value), -1) {
		return token{}, errors.New("no token is left")
	}
	if s.Temperature == 0 {
		return tokens[0], nil
	}
	if s.TopK > 0 {
		tokens = tokens[:min(s.TopK, len(tokens))]
	}
	return s.draw(tokens), nil
}

// draw chooses at random from candidates in falling order, as likely as their logits say.
func (s *Sampler) draw(tokens []token) token {
	sum := float32(0)
	highest := tokens[0].value
	for i := range tokens {
		tokens[i].value = float32(math.Exp(float64((tokens[i].value - highest) / s.Temperature)))
		sum += tokens[i].value
	}
	if s.TopP > 0 {
		rest := s.TopP * sum
		sum = 0
		for i := range tokens {
			sum += tokens[i].value
			if sum >= rest {
				tokens = tokens[:i+1]
				break
			}
		}
	}
	place := s.Random.Float32() * sum
	for _, candidate := range tokens {
		if place -= candidate.value; place < 0 {
			return candidate
		}
	}
	return tokens[0]
}

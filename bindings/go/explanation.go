package xgr

import (
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// Explanation tells what may come next at a place of an output, and why an input is refused there.
type Explanation struct {
	// Text is for people, some lines; its wording may change.
	Text string
	// JSON is an object; docs/explain.md lists its members.
	JSON string
}

// ExplainBytes explains what may come next, and why bytes may not: at which of them the output cannot go
// on, what would be accepted there instead, and which part of the source is to blame. output is all bytes so
// far, which a matcher does not keep; without them the source is left aside. It takes milliseconds to
// seconds, as the source is compiled anew for trials.
func (m *Matcher) ExplainBytes(output, bytes []byte) (Explanation, error) {
	return m.explained(func(object **raw.ExplanationT, cause **raw.ErrorT) int32 {
		return raw.MatcherExplainBytes(m.handle.object, unsafe.SliceData(output), uintptr(len(output)),
			unsafe.SliceData(bytes), uintptr(len(bytes)), object, cause)
	})
}

// ExplainToken explains why a token may not come next; of a stop token, what the output still lacks.
func (m *Matcher) ExplainToken(output []byte, token int32) (Explanation, error) {
	return m.explained(func(object **raw.ExplanationT, cause **raw.ErrorT) int32 {
		return raw.MatcherExplainToken(m.handle.object, unsafe.SliceData(output), uintptr(len(output)),
			token, object, cause)
	})
}

func (m *Matcher) explained(call func(**raw.ExplanationT, **raw.ErrorT) int32) (Explanation, error) {
	if err := m.handle.share(); err != nil {
		return Explanation{}, err
	}
	defer m.handle.unshare()
	var object *raw.ExplanationT
	var cause *raw.ErrorT
	if status := call(&object, &cause); status != int32(OK) {
		return Explanation{}, m.watch.now.explain(sourceError(status, cause))
	}
	defer raw.ExplanationDestroy(object)
	var textSize, jsonSize uintptr
	text := raw.ExplanationText(object, &textSize)
	json := raw.ExplanationJson(object, &jsonSize)
	return Explanation{Text: copyText(text, textSize), JSON: copyText(json, jsonSize)}, nil
}

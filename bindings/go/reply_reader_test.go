package xgr_test

import (
	"strings"
	"sync"
	"testing"

	xgr "libxgr/bindings/go"
)

const weatherRequest = `{"tools": [{"type": "function", "function": {"name": "weather", "parameters":
	{"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}}}]}`

const weatherReply = "hm</think>\n\nIn Zürich: <tool_call>\n<function=weather>\n<parameter=city>\n12\n" +
	"</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>"

func newReplyReader(t *testing.T, family, request string, begin xgr.ReplyBegin) *xgr.ReplyReader {
	t.Helper()
	reader := must(xgr.NewReplyReader(family, request, nil, &xgr.ReplyReaderOptions{Begin: begin}))
	t.Cleanup(func() { reader.Close() })
	return reader
}

// readReply is all events of a reply that comes in pieces of some size.
func readReply(reader *xgr.ReplyReader, reply string, size int) []xgr.ReplyEvent {
	var events []xgr.ReplyEvent
	for begin := 0; begin < len(reply); begin += size {
		must(0, reader.Feed([]byte(reply[begin:min(begin+size, len(reply))])))
		for event := range reader.Events() {
			events = append(events, event)
		}
	}
	must(0, reader.Finish())
	for event := range reader.Events() {
		events = append(events, event)
	}
	return events
}

func replyText(events []xgr.ReplyEvent, kind xgr.ReplyEventKind) string {
	text := ""
	for _, event := range events {
		if event.Kind == kind {
			text += event.Text
		}
	}
	return text
}

func TestReplyIsTheSameInAnyPieces(t *testing.T) {
	for _, tokenizer := range []*xgr.Tokenizer{nil, newTokenizer(t)} {
		for _, size := range []int{1, 2, 7, len(weatherReply)} {
			reader := must(xgr.NewReplyReader("qwen_3_coder", weatherRequest, tokenizer, nil))
			events := readReply(reader, weatherReply, size)
			wantEqual(t, replyText(events, xgr.ReplyEventReasoning), "hm")
			wantEqual(t, strings.TrimSpace(replyText(events, xgr.ReplyEventText)), "In Zürich:")
			wantEqual(t, replyText(events, xgr.ReplyEventCallBegin), "weather")
			wantEqual(t, replyText(events, xgr.ReplyEventArguments), `{"city":"12","days":3}`)
			wantEqual(t, events[len(events)-2].Kind, xgr.ReplyEventCallEnd)
			last := events[len(events)-1]
			wantEqual(t, last.Kind, xgr.ReplyEventEnd)
			wantEqual(t, last.Problem, "")
			wantEqual(t, must(reader.NextEvent()).Kind, xgr.ReplyEventNone)
			reader.Close()
		}
	}
}

func TestReplyCallsHaveNumbersAndIDs(t *testing.T) {
	reader := newReplyReader(t, "kimi_k2", "", xgr.ReplyBeginOutside)
	must(0, reader.Feed([]byte("<|tool_calls_section_begin|>"+
		"<|tool_call_begin|>functions.f:7<|tool_call_argument_begin|>{}<|tool_call_end|>"+
		"<|tool_call_begin|>functions.g:8<|tool_call_argument_begin|>{}<|tool_call_end|>"+
		"<|tool_calls_section_end|>")))
	var begun []xgr.ReplyEvent
	for event := range reader.Events() {
		if event.Kind == xgr.ReplyEventCallBegin {
			begun = append(begun, event)
		}
	}
	wantEqual(t, len(begun), 2)
	first := xgr.ReplyEvent{Kind: xgr.ReplyEventCallBegin, Text: "f", ID: "7", ByteOffset: 28}
	second := xgr.ReplyEvent{Kind: xgr.ReplyEventCallBegin, Text: "g", ID: "8", ByteOffset: 107, Call: 1}
	wantEqual(t, begun[0], first)
	wantEqual(t, begun[1], second)
}

func TestMalformedCallIsToldWithItsText(t *testing.T) {
	reader := newReplyReader(t, "hermes", "", xgr.ReplyBeginOutside)
	events := readReply(reader, "a<tool_call>x</tool_call>b", 100)
	wantEqual(t, replyText(events, xgr.ReplyEventText), "ab")
	wantEqual(t, replyText(events, xgr.ReplyEventMalformed), "<tool_call>x</tool_call>")
	for _, event := range events {
		if event.Kind == xgr.ReplyEventMalformed {
			wantEqual(t, event.Problem != "", true)
			wantEqual(t, event.ByteOffset, 12)
			break
		}
	}
}

func TestWhatAReplyLacksIsTold(t *testing.T) {
	events := readReply(newReplyReader(t, "hermes", "", xgr.ReplyBeginReasoning), "hm", 1)
	last := events[len(events)-1]
	wantEqual(t, last.Kind, xgr.ReplyEventEnd)
	wantEqual(t, last.Text+last.Problem, "the reply ends inside of its reasoning")
}

func TestReplyReaderMistakes(t *testing.T) {
	_, err := xgr.NewReplyReader("hemres", "", nil, nil)
	wantStatus(t, err, xgr.ErrInvalidArgument)
	wantEqual(t, strings.Contains(err.Error(), "hermes"), true)
	_, err = xgr.NewReplyReader("hermes", `{"tools": 1}`, nil, nil)
	wantStatus(t, err, xgr.ErrInvalidSource)
	_, err = xgr.NewReplyReader("hermes", "", nil, &xgr.ReplyReaderOptions{Begin: 3})
	wantStatus(t, err, xgr.ErrInvalidArgument)
	_, err = xgr.NewReplyReader("hermes", "", &xgr.Tokenizer{}, nil)
	wantStatus(t, err, xgr.ErrInvalidState)

	reader := newReplyReader(t, "hermes", "", xgr.ReplyBeginAuto)
	must(0, reader.Feed(nil))
	must(0, reader.Feed([]byte{}))
	must(0, reader.Finish())
	for _, err := range []error{reader.Feed([]byte("a")), reader.Finish()} {
		wantStatus(t, err, xgr.ErrInvalidState)
		wantEqual(t, strings.Contains(err.Error(), "the reply is over"), true)
	}
	wantEqual(t, must(reader.NextEvent()).Kind, xgr.ReplyEventEnd)
}

func TestCloseWhileOthersUseAReplyReader(t *testing.T) {
	for range 20 {
		reader := must(xgr.NewReplyReader("hermes", "", nil, &xgr.ReplyReaderOptions{Begin: xgr.ReplyBeginOutside}))
		var group sync.WaitGroup
		for range 4 {
			inBackground(&group, func() {
				for range 50 {
					_, err := reader.NextEvent()
					for _, err := range []error{err, reader.Feed([]byte("a"))} {
						if err != nil {
							wantStatus(t, err, xgr.ErrInvalidState)
						}
					}
				}
			})
		}
		inBackground(&group, func() { reader.Close() })
		group.Wait()
	}
}

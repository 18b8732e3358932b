package xgr_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	xgr "libxgr/bindings/go"
)

// Every status is an error to compare with, however deep it is wrapped.
func TestStatusesAreErrors(t *testing.T) {
	compiler := newCompiler(t, nil)
	_, err := compiler.CompileRegex(context.Background(), "(")
	wantStatus(t, err, xgr.ErrInvalidSource)
	wrapped := fmt.Errorf("request 7: %w", err)
	wantStatus(t, wrapped, xgr.ErrInvalidSource)
	for _, other := range []error{xgr.ErrUnsupported, xgr.ErrCancelled, xgr.ErrClosed, xgr.ErrBusy, xgr.ErrNoLibrary} {
		wantEqual(t, errors.Is(wrapped, other), false)
	}
	wantEqual(t, xgr.ErrLimitExceeded.Error(), xgr.StatusMessage(xgr.ErrLimitExceeded))
}

func TestBusyIsNotClosed(t *testing.T) {
	matcher := newMatcher(t, "a+", nil)
	wantEqual(t, matcher.LendBitmask(func([]uint32, xgr.MaskKind) {
		_, err := matcher.AcceptToken('a')
		wantError(t, err, xgr.ErrBusy)
		wantEqual(t, errors.Is(err, xgr.ErrClosed), false)
	}), nil)
	wantEqual(t, matcher.Close(), nil)
	wantEqual(t, matcher.Close(), nil)
	_, err := matcher.AcceptToken('a')
	wantError(t, err, xgr.ErrClosed)
}

// Without cgo the library is looked for at run time; this test runs itself where there is none.
func TestNoLibrary(t *testing.T) {
	if !withoutCgo {
		t.Skip("the library is linked")
	}
	if os.Getenv("XGR_LIBRARY") != "/nowhere" {
		child := exec.Command(os.Args[0], "-test.run=^TestNoLibrary$")
		child.Env = append(os.Environ(), "XGR_LIBRARY=/nowhere")
		if output, err := child.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		return
	}
	_, err := xgr.NewTokenizer([]string{"a"}, nil)
	wantError(t, err, xgr.ErrNoLibrary)
	wantEqual(t, errors.Is(err, xgr.ErrClosed), false)
}

package xgr

import (
	"testing"
	"unsafe"

	"libxgr/bindings/go/internal/raw"
)

// isDefault tells whether an option struct has nothing but its size.
func isDefault[T any](t *testing.T, options *T) {
	t.Helper()
	size := unsafe.Sizeof(*options)
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(options)), size)
	if uintptr(*(*uint64)(unsafe.Pointer(options))) != size {
		t.Errorf("%T: struct_size is not %d", *options, size)
	}
	for i, value := range bytes[8:] {
		if value != 0 {
			t.Errorf("%T: byte %d is %d", *options, i+8, value)
		}
	}
}

func TestDefaultsAreThoseOfTheLibrary(t *testing.T) {
	var memory arena
	defer memory.free()
	isDefault(t, (&TokenizerOptions{}).toC(&memory))
	isDefault(t, (&TokenizerJSONOptions{}).toC(&memory))
	compiler, err := (&CompilerOptions{}).toC()
	if err != nil {
		t.Fatal(err)
	}
	isDefault(t, compiler)
	compile, err := (*watch)(nil).toC([]CompileOptions{{}})
	if err != nil {
		t.Fatal(err)
	}
	isDefault(t, compile)
	isDefault(t, (&JSONFormat{}).toC(&memory))
	isDefault(t, (&JSONSchemaOptions{}).toC(&memory))
	isDefault(t, (&EBNFOptions{}).toC(&memory))
	isDefault(t, (&RegexOptions{}).toC())
	isDefault(t, (&StructuralTagOptions{}).toC())
	lark, err := (&LarkOptions{}).toC(&memory)
	if err != nil {
		t.Fatal(err)
	}
	isDefault(t, lark)
	isDefault(t, (&MatcherOptions{}).toC(&memory))
	isDefault(t, (&BatchOptions{}).toC())
	isDefault(t, (&ReplyReaderOptions{}).toC())
	apply, err := (&ApplyOptions{}).toC(&memory, &raw.ApplyOptionsT{})
	if err != nil {
		t.Fatal(err)
	}
	isDefault(t, apply)
	var tree raw.DraftTreeT
	if err := (&DraftTree{}).toC(&memory, &tree); err != nil {
		t.Fatal(err)
	}
	isDefault(t, &tree)
}

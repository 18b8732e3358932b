package xgr

import "libxgr/bindings/go/internal/raw"

// FamilyNames returns the names of the families of chat models that are in the library, ascending. A
// family is how the replies of a model are written, as data. None without a library.
func FamilyNames() []string {
	if ready() != nil {
		return nil
	}
	names := make([]string, raw.FamilyCount())
	for i := range names {
		names[i] = nulTerminated(raw.FamilyName(uintptr(i)))
	}
	return names
}

// FamilyText returns the file of a family of the library by its name: JSON, of which a changed copy can be
// given wherever a family is asked for. known is false when no family has the name.
func FamilyText(name string) (text string, known bool) {
	for i, other := range FamilyNames() {
		if other == name {
			return nulTerminated(raw.FamilyText(uintptr(i))), true
		}
	}
	return "", false
}

// FamilyStructuralTag makes the structural tag that constrains the reply to a request, for
// CompileStructuralTag.
//
// family is the name or an alias of a family of the library, the text of a family file, or a response
// template: the member response_template of a tokenizer_config.json, or that whole file. request is a JSON
// object in the shape of OpenAI's APIs, with tools, tool_choice, parallel_tool_calls, response_format and
// reasoning; other members are ignored. The tokenizer tells which markers are tokens; where it is nil,
// all are text, unless the request says otherwise.
func FamilyStructuralTag(family, request string, tokenizer *Tokenizer) (string, error) {
	if err := ready(); err != nil {
		return "", err
	}
	var vocabulary *raw.TokenizerT
	if tokenizer != nil {
		if vocabulary = tokenizer.handle.acquire(); vocabulary == nil {
			return "", ErrClosed
		}
		defer tokenizer.handle.release()
	}
	name, nameSize := text(family)
	asked, askedSize := text(request)
	return printed(func(data *byte, capacity uintptr, size *uintptr, cause **raw.ErrorT) int32 {
		return raw.FamilyStructuralTag(
			name, nameSize, asked, askedSize, vocabulary, data, capacity, size, cause)
	})
}

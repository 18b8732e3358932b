//go:build xgr_vendor

// Nobody sets the tag xgr_vendor. But "go mod vendor" follows the imports of all tags, and so takes
// the folders along that xgr_all.cc includes.

package core

import (
	_ "libxgr/src/automata"
	_ "libxgr/src/capi"
	_ "libxgr/src/chat"
	_ "libxgr/src/compiler"
	_ "libxgr/src/frontend"
	_ "libxgr/src/frontend/ebnf"
	_ "libxgr/src/frontend/json_schema"
	_ "libxgr/src/frontend/lark"
	_ "libxgr/src/frontend/macros"
	_ "libxgr/src/frontend/regex"
	_ "libxgr/src/frontend/structural_tag"
	_ "libxgr/src/grammar"
	_ "libxgr/src/grammar/passes"
	_ "libxgr/src/mask"
	_ "libxgr/src/matcher"
	_ "libxgr/src/parser"
	_ "libxgr/src/support"
	_ "libxgr/src/tokenizer"
)

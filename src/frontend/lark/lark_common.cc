// The terminals of the library `common`, as Lark text.
//
// Entry point: lark_common (lark_parser.h). Each is the set of texts that the terminal of the same
// name stands for in Lark; comments end in front of their line end, strings and C comments at the
// first mark that closes them.
//
//   %import common.SIGNED_INT       "-12" "+3" "0"
//
// Tests: tests/cases/lark/common.case.
#include "frontend/lark/lark_parser.h"

namespace xgr::core {

std::string_view lark_common() {
  return R"lark(
DIGIT: "0".."9"
HEXDIGIT: DIGIT | "a".."f" | "A".."F"
_SIGN: "+" | "-"
INT: DIGIT+
SIGNED_INT: _SIGN? INT
DECIMAL: INT "." INT? | "." INT
_EXP: ("e" | "E") SIGNED_INT
FLOAT: INT _EXP | DECIMAL _EXP?
SIGNED_FLOAT: _SIGN? FLOAT
NUMBER: INT | FLOAT
SIGNED_NUMBER: _SIGN? NUMBER
ESCAPED_STRING: /"([^"\\\n]|\\.)*"/
LCASE_LETTER: "a".."z"
UCASE_LETTER: "A".."Z"
LETTER: LCASE_LETTER | UCASE_LETTER
WORD: LETTER+
CNAME: ("_" | LETTER) ("_" | LETTER | DIGIT)*
WS_INLINE: (" " | "\t")+
WS: /[ \t\f\r\n]+/
CR: "\r"
LF: "\n"
NEWLINE: (CR? LF)+
SH_COMMENT: /#[^\n]*/
CPP_COMMENT: /\/\/[^\n]*/
C_COMMENT: /\/\*([^*]|\*+[^*\/])*\*+\//
SQL_COMMENT: /--[^\n]*/
)lark";
}

}  // namespace xgr::core

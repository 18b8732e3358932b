"""The raw layer of Go by cgo: one typed function for each of C, without copies and without escapes."""
from .emit_go import HEAD, doc, local_name, notes, raw_name, signature, type_of

TOP = """
//go:build cgo && !xgr_purego

package raw

/*
{directives}

#include <xgr/xgr.h>

// Handles point to nothing that Go knows. Said so, they are passed without a look at what is there.
{handles}
*/
import "C"

import "unsafe"
"""


def c_type(t):
    """The type as cgo names it."""
    return "*" * t.pointers + "C." + t.base


def argument(p):
    name = local_name(p.name)
    if p.type.pointers:
        return f"({c_type(p.type)})(unsafe.Pointer({name}))"
    return f"{c_type(p.type)}({name})"


def function(f):
    call = f"C.{f.name}({', '.join(argument(p) for p in f.params)})"
    if f.returns.pointers:
        call = f"return ({type_of(f.returns)})(unsafe.Pointer({call}))"
    elif f.returns.kind != "void":
        call = f"return {type_of(f.returns)}({call})"
    return f"{doc(f, raw_name(f.name), notes(f))}{signature(f)} {{\n\t{call}\n}}\n"


def layout(s):
    """Lines that do not compile unless Go's struct is laid out as C's."""
    yield (f"\t_ = [1]byte{{}}[unsafe.Sizeof({raw_name(s.name)}{{}})-unsafe.Sizeof(C.{s.name}{{}})]\n")
    for m in s.members:
        yield (f"\t_ = [1]byte{{}}[unsafe.Offsetof({raw_name(s.name)}{{}}.{raw_name(m.name)})"
               f"-unsafe.Offsetof(C.{s.name}{{}}.{m.name})]\n")


def emit(api):
    directives = "\n".join(f"#cgo noescape {f.name}\n#cgo nocallback {f.name}" for f in api.functions)
    handles = "\n".join(f"struct {h.tag} {{ char opaque; }};" for h in api.handles)
    asserts = "".join(line for s in api.structs for line in layout(s))
    parts = [HEAD + TOP.format(directives=directives, handles=handles),
             "// The structs of Go are laid out as those of C; an index out of range says otherwise.\n"
             f"var (\n{asserts})\n"]
    return "\n".join(parts + [function(f) for f in api.functions])

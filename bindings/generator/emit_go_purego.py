"""The raw layer of Go without cgo: the same functions by the addresses of a library loaded at run time."""
from .emit_go import HEAD, doc, local_name, raw_name, signature, type_of

TOP = """
//go:build !cgo || xgr_purego

package raw

import (
\t"unsafe"

\t"github.com/ebitengine/purego"
)
"""


def variable(f):
    return "addressOf" + raw_name(f.name)


def argument(p):
    name = local_name(p.name)
    if p.type.pointers:
        return f"uintptr(unsafe.Pointer({name}))"
    if p.type.base in ("float", "double"):
        raise SystemExit(f"{p.name}: a floating-point number by value; Go without cgo wants a pointer")
    return name if p.type.base == "size_t" else f"uintptr({name})"


def function(f):
    call = f"purego.SyscallN({', '.join([variable(f)] + [argument(p) for p in f.params])})"
    if f.returns.pointers:
        body = f"result, _, _ := {call}\n\treturn *(*{type_of(f.returns)})(unsafe.Pointer(&result))"
    elif f.returns.kind == "void":
        body = call
    else:
        result = "result" if f.returns.base == "size_t" else f"{type_of(f.returns)}(result)"
        body = f"result, _, _ := {call}\n\treturn {result}"
    return f"{doc(f, raw_name(f.name))}{signature(f)} {{\n\t{body}\n}}\n"


def emit(api):
    variables = "".join(f"\t{variable(f)} uintptr\n" for f in api.functions)
    symbols = "".join(f'\t{{"{f.name}", &{variable(f)}}},\n' for f in api.functions)
    parts = [HEAD + TOP,
             f"// Where the functions are; Load writes them.\nvar (\n{align(variables)})\n",
             "// What Load looks up.\nvar symbols = []struct {\n\tname    string\n\taddress *uintptr\n"
             f"}}{{\n{symbols}}}\n"]
    return "\n".join(parts + [function(f) for f in api.functions])


def align(lines):
    """Types in one column, as gofmt puts them."""
    rows = [line.split() for line in lines.splitlines()]
    width = max(len(name) for name, _ in rows)
    return "".join(f"\t{name:{width}} {kind}\n" for name, kind in rows)

"""The constants of Go's package xgr: one type for each group of constants of the headers."""
from . import emit_go


def enum(e):
    name = emit_go.public_name(e.name)
    text = emit_go.comment([f"{name}: {emit_go.lower_first(e.doc.purpose)}", *e.doc.contract],
                           name=emit_go.public_name)
    constants = [
        emit_go.comment([c.doc], "\t", emit_go.public_name)
        + f"\t{emit_go.public_name(c.name)} {name} = {c.value}\n" for c in e.constants]
    return f"{text}type {name} int32\n\n// Values of {name}.\nconst (\n" + "\n".join(constants) + ")\n"


def emit(api):
    return "\n".join([emit_go.HEAD + "\npackage xgr\n"] + [enum(e) for e in api.enums])

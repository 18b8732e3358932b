"""How a C++ function of the wrapper calls its C function: parameters, conversions, results."""
import dataclasses
import typing

from . import cpp_names as names
from . import parity


@dataclasses.dataclass
class Call:
    params: typing.List[str] = dataclasses.field(default_factory=list)  # of the C++ function
    before: typing.List[str] = dataclasses.field(default_factory=list)  # statements
    args: typing.List[str] = dataclasses.field(default_factory=list)  # of the C function
    results: typing.List[tuple] = dataclasses.field(default_factory=list)  # (type, expression)
    subject: bool = False  # the C function takes the object itself
    const: bool = False
    error: bool = False
    prints: bool = False  # writes a text whose size it tells


def is_input(p):
    return p.direction == "in"


def add_text(call, p, q):
    """Bytes with their length."""
    as_bytes = "detail::bytes" if p.type.base == "uint8_t" else "detail::chars"
    if p.marks.nullable and p.type.base == "char":
        call.params.append(f"std::optional<std::string_view> {p.name} = std::nullopt")
    else:
        call.params.append(f"std::string_view {p.name}")
    call.args += [f"{as_bytes}({p.name})", f"detail::size({p.name})"]


def add_joined(call, p):
    """Texts that lie end to end, with an array of their lengths."""
    call.params.append(f"Span<const std::string_view> {p.name}")
    call.before.append(f"const detail::Joined joined({p.name});")
    pointer = "detail::bytes(joined.text)" if p.type.base == "uint8_t" else "joined.text.data()"
    call.args += [pointer, "joined.text.size()", "joined.sizes.data()",
                  "joined.sizes.size()"]


def add_array(call, p, api):
    const = "const " if p.type.const or is_input(p) else ""
    if p.type.kind == "handle":
        kind = names.type_name(p.type.base)
        changes = api.named(p.type.base).doc.threads in ("confined", "readers")  # others never do
        const = "" if changes else "const "
        call.params.append(f"Span<{const}{kind}* const> {p.name}")
        call.before.append(f"const auto handles = detail::handles<{p.type.base}>({p.name});")
        call.args += ["handles.data()", "handles.size()"]
        return
    call.params.append(f"Span<{const}{names.element(p.type)}> {p.name}")
    data = f"{p.name}.data()" if p.type.kind == "scalar" else f"detail::numbers({p.name})"
    call.args += [data, f"{p.name}.size()"]


def groups(params):
    """Lengths that several arrays have in common, with these arrays."""
    out = {}
    for p in params:
        if p.marks.length and p.type.pointers - (p.type.kind == "handle") == 1:
            out.setdefault(p.marks.length, []).append(p)
    return {length: arrays for length, arrays in out.items()
            if len(arrays) > 1 and any(p.name == length for p in params)}


def add_member(call, p, api):
    """One of several arrays with one length."""
    add_array(call, p, api)
    call.args.pop()  # the length is told once


def add_common_length(call, arrays):
    sizes = ", ".join("handles.size()" if p.type.kind == "handle" else f"{p.name}.size()" for p in arrays)
    needed = ", ".join("false" if p.marks.nullable else "true" for p in arrays)
    name = arrays[0].marks.length
    call.before.append(f"const std::size_t {name} = detail::common_size({{{sizes}}}, {{{needed}}});")
    call.args.append(name)


def add_input(call, p, api):
    if p.type.kind == "struct":
        kind = names.type_name(p.type.base)
        call.params.append(f"const {kind}& {p.name} = {{}}")
        if not any("storage" in line for line in call.before):
            call.before.append("detail::Storage storage;")
        call.before.append(f"const auto c_{p.name} = {p.name}.to_c(storage);")
        call.args.append(f"&c_{p.name}")
    elif p.type.kind == "handle":
        kind = names.type_name(p.type.base)
        call.params.append(f"Nullable<{kind}> {p.name} = nullptr" if p.marks.nullable
                           else f"const {kind}& {p.name}")
        call.args.append(f"{p.name}.get()")
    else:
        kind = names.scalar(p.type, p.marks.text)
        call.params.append(f"{kind} {p.name}")
        call.args.append(p.name if p.type.kind == "scalar" else f"static_cast<{p.type.base}>({p.name})")


def add_out(call, p, lengths):
    """Something that the C function writes."""
    target = p.type.base + "*" * (p.type.pointers - 1)
    if p.type.kind == "handle":
        call.before.append(f"{target} {p.name} = nullptr;")
        call.results.append((names.type_name(p.type.base), f"{names.type_name(p.type.base)}({p.name})"))
    elif p.type.kind == "struct":
        kind = names.type_name(p.type.base)
        call.before.append(f"{target} {p.name} = {p.type.base[:-2].upper()}_INIT;")
        call.results.append((kind, f"{kind}::from_c({p.name})"))
    elif p.type.pointers == 2:
        kind = f"Span<const {names.element(p.type)}>"
        call.before.append(f"const {target} {p.name} = nullptr;")
        call.results.append((kind, f"{kind}({p.name}, {p.marks.length})"))
    else:
        kind = names.scalar(type(p.type)(p.type.base, 0, False, p.type.kind), p.marks.text)
        call.before.append(f"{p.type.base} {p.name} = 0;")
        if p.name not in lengths:
            value = f"{p.name} != 0" if kind == "bool" else f"static_cast<{kind}>({p.name})"
            call.results.append((kind, p.name if kind == names.element(p.type) and
                                 p.type.kind == "scalar" else value))
    call.args.append("&" + p.name)


def add_printed(call):
    """Caller's memory for a text: asked for its size first."""
    call.prints = True
    call.before.append("std::string text;")
    call.before.append("std::size_t out_text_size = 0;")
    call.args += ["text.data()", "text.size()", "&out_text_size"]


def add_param(call, p, rest, lengths, common, api):
    """Adds one parameter; returns how many of the following it has used up."""
    following = rest[0] if rest else None
    if p.name in common:
        add_common_length(call, common[p.name])
        return 0
    if any(p in arrays for arrays in common.values()):
        add_member(call, p, api)
        return 0
    if p.name == "out_error":
        call.error = True
        call.args.append("&error")
    elif p.marks.length and p.direction == "out" and p.type.base == "char":
        add_printed(call)
        return 2
    elif p.marks.length and p.type.pointers and following and following.name == p.marks.length \
            and p.type.pointers - (p.type.kind == "handle") == 1:
        if len(rest) > 2 and rest[1].name.endswith("_sizes") and rest[1].marks.length == rest[2].name:
            add_joined(call, p)
            return 3
        if is_input(p) and names.is_text(p.type, p.marks.length, p.name):
            add_text(call, p, following)
        else:
            add_array(call, p, api)
        return 1
    elif is_input(p):
        add_input(call, p, api)
    else:
        add_out(call, p, lengths)
    return 0


def returned(function, call, expression):
    """(type, expression) of a function that returns its answer itself."""
    t, text = function.returns, function.return_marks.text
    if t.pointers and t.base in ("char", "uint8_t"):
        size = next((p.name for p in function.params if p.name == "out_size"), None)
        if size:
            call.before.append(f"const auto* pointer = {expression};")
            return "std::string_view", f"detail::view(pointer, {size})"
        return "std::string_view", f"detail::view({expression})"
    if t.pointers:
        call.before.append(f"const auto* pointer = {expression};")
        kind = f"Span<const {names.element(t)}>"
        return kind, f"{kind}(pointer, out_count)"
    kind = names.scalar(t, text)
    if kind == "bool":
        return kind, f"{expression} != 0"
    return kind, f"static_cast<{kind}>({expression})" if t.kind in ("enum", "status") else expression


def drop_defaults_in_front(params):
    """A default in front of a parameter without one is none in C++."""
    for i, _ in enumerate(params):
        if any(" = " not in later for later in params[i + 1:]):
            params[i] = params[i].split(" = ")[0]


def of(function, api):
    """The call of one function."""
    call, params = Call(), list(function.params)
    stem, _ = parity.split(function.name, api)
    lengths = {p.marks.length for p in params}
    if function.returns.pointers:
        lengths |= {"out_size", "out_count"}
    if params and params[0].type.base == f"xgr_{stem}_t" and params[0].type.pointers == 1:
        call.subject, call.const = True, params[0].type.const
        call.args.append("get()")
        params = params[1:]
    common = groups(params)
    while params:
        used = add_param(call, params[0], params[1:], lengths, common, api)
        params = params[1 + used:]
    drop_defaults_in_front(call.params)
    known = [name for _, name in call.results if "out_known" in name]
    if known and len(call.results) == 2:
        kind, value = call.results[1]
        call.results = [(f"std::optional<{kind}>",
                         f"out_known != 0 ? std::optional<{kind}>({value}) : std::nullopt")]
    return call

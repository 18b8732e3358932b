"""What the headers must keep to, so that every language can bind them and every reader knows the rules.

check(api) returns one sentence a violation. The style of the comments is fixed: purpose, contract,
each @param in the order of the signature, @return, @error, @threads, @since.
"""
import re

from . import model

# Words that some target language keeps for itself: C++, Rust, Go, Python, C#, Swift, Kotlin, JavaScript.
KEYWORDS = set("""
abstract alignas alignof and as asm assert async await auto base bool boolean break byte case catch
chan char checked class const constexpr continue crate decimal decltype def default defer del
delegate delete do double dyn elif else enum event except explicit export extends extern fallthrough
false final finally fixed float fn for foreach from func function fun global go goto guard if impl
implements implicit import in init inline inout instanceof int interface internal is lambda let lock
long loop map match mod module move mut mutable namespace native new nil none nonlocal not null
object operator or out override package params pass private protected protocol pub public raise
range readonly ref register return sbyte sealed select self short signed sizeof stackalloc static
string struct super switch template this throw trait true try type typedef typeid typename typeof
uint ulong union unsafe unsigned use using val var virtual void volatile when where while with yield
""".split())
THREADS = {"any", "shared", "synchronised", "readers", "confined"}
ORDER = ["param", "return", "error", "threads", "since"]


def version_of(text):
    match = re.fullmatch(r"(\d+)\.(\d+)", text)
    return (int(match.group(1)), int(match.group(2))) if match else None


def check_since(where, doc, api):
    since = version_of(doc.since)
    if since is None:
        yield f"{where}: @since is {doc.since!r}; expected MAJOR.MINOR"
    elif since > api.version[:2]:
        yield f"{where}: @since {doc.since} is newer than the headers"


def check_doc(where, doc, api):
    if not doc.purpose:
        yield f"{where}: no comment that says what it is for"
    elif not doc.purpose.endswith((".", ".)")) and ":" not in doc.purpose:
        yield f"{where}: the purpose is one sentence with a full stop"
    for word in doc.unknown:
        yield f"{where}: {word!r} is not a tag, or stands after one; see CONTRIBUTING"
    ranks = [ORDER.index(tag) for tag in doc.order if tag in ORDER]
    if ranks != sorted(ranks):
        yield f"{where}: tags stand in the order " + ", ".join("@" + tag for tag in ORDER)
    yield from check_since(where, doc, api)


def check_name(where, name):
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        yield f"{where}: {name} is not snake_case"
    if name in KEYWORDS:
        yield f"{where}: {name} is a keyword of some language"


def is_lent(t):
    """The address of a pointer that the library sets to memory of its own."""
    return t.pointers == 2 and t.const and t.kind == "scalar"


def check_type(where, t, may_be_lent=False):
    if t.kind not in ("scalar", "status", "enum", "handle", "struct", "void"):
        yield f"{where}: {t.base} is {t.kind}; use fixed-width integers, size_t or handles"
    elif t.kind in ("struct", "handle") and t.pointers == 0:
        yield f"{where}: {t.base} by value; pass a pointer"
    elif may_be_lent and is_lent(t):
        return
    elif t.pointers > 2 or (t.pointers == 2 and t.kind != "handle"):
        yield f"{where}: {t.c()}: more than one level of pointers is for handles only"


def check_owned(where, marks, handle, api):
    destroy = api.named(marks.owned)
    if not isinstance(destroy, model.Function):
        yield f"{where}: (owned, destroy with {marks.owned or '?'}) names no function"
    elif [p.type.base for p in destroy.params] != [handle]:
        yield f"{where}: {marks.owned} does not take one {handle}"


def check_length(where, marks, names):
    if marks.length and marks.length not in names:
        yield f"{where}: (length={marks.length}) names nothing beside it"


def check_pointer(where, param, api, names):
    """A pointer says whose memory it is and how long."""
    t, marks = param.type, param.marks
    yield from check_length(where, marks, names)
    if t.kind == "handle":
        if t.pointers == 2 and param.direction == "in":
            if not marks.length:
                yield f"{where}: an array of handles needs (length=...)"
        elif t.pointers == 2:
            yield from check_owned(where, marks, t.base, api)
        return
    if t.kind == "struct":
        if param.direction == "in,out":  # its size is read, the rest is written
            if t.const:
                yield f"{where}: [in,out] but const"
        elif not marks.copied or not t.const:
            yield f"{where}: an options struct is const and (copied)"
        return
    if is_lent(t):
        if param.direction != "out" or not marks.borrowed or not marks.length:
            yield f"{where}: memory that is lent is [out], (borrowed until ...) and (length=...)"
        return
    if param.direction == "in" and not (marks.length and (marks.copied or marks.borrowed)):
        yield f"{where}: an input pointer needs (length=...) and (copied)"
    if param.direction == "out" and t.const:
        yield f"{where}: [out] but const"
    if t.kind == "void":
        yield f"{where}: pointer to void; say what it points to"


def check_params(f, api):
    names = [p.name for p in f.params]
    documented = [name for _, name, _ in f.doc.params]
    for name in documented:
        if name not in names:
            yield f"{f.name}: @param {name} is not a parameter"
    if all(p.documented for p in f.params) and documented != names:
        yield f"{f.name}: @param lines in another order than the parameters"
    for p in f.params:
        where = f"{f.name}({p.name})"
        yield from check_name(where, p.name)
        yield from check_type(where, p.type, may_be_lent=True)
        if not p.documented or not p.marks.text:
            yield f"{where}: undocumented"
        elif p.type.pointers:
            yield from check_pointer(where, p, api, names)
        elif p.direction != "in":
            yield f"{where}: [out] but no pointer"
    yield from check_order(f)


def check_order(f):
    """Subject, inputs, options, outs, and the error last."""
    def rank(p):
        if p.name == "out_error":
            return 3
        if p.type.pointers and p.direction != "in" and p.name.startswith("out_"):
            return 2
        return 1 if p.type.kind == "struct" else 0
    ranks = [rank(p) for p in f.params]
    if ranks != sorted(ranks):
        yield f"{f.name}: parameters are ordered subject, inputs, options, outs, out_error"


def check_returns(f):
    where = f"{f.name}: return"
    yield from check_type(where, f.returns)
    returns_value = f.returns.kind != "void" or f.returns.pointers
    if f.returns.kind == "status" and f.doc.errors:
        return
    if returns_value and not f.doc.returns:
        yield f"{where}: needs @return, or an @error a status"
    if f.returns.pointers and not f.return_marks.borrowed:
        yield f"{where}: a pointer needs (borrowed until ...)"


def check_function(f, api):
    if not re.fullmatch(r"xgr(_[a-z0-9]+)+", f.name):
        yield f"{f.name}: names are xgr_noun_verb"
    if f.variadic:
        yield f"{f.name}: variable arguments cannot be bound everywhere"
    yield from check_doc(f.name, f.doc, api)
    yield from check_params(f, api)
    yield from check_returns(f)
    if f.doc.threads not in THREADS:
        yield f"{f.name}: @threads is {f.doc.threads!r}; expected {', '.join(sorted(THREADS))}"
    statuses = api.named("xgr_status_t")
    known = {c.name.replace("XGR_ERROR_", "") for c in statuses.constants} if statuses else set()
    for code, cause in f.doc.errors:
        if code not in known or not cause:
            yield f"{f.name}: @error {code}: unknown code, or no cause"


def check_handle(h, api):
    yield from check_doc(h.name, h.doc, api)
    if h.doc.threads not in THREADS - {"any"}:
        yield f"{h.name}: @threads is {h.doc.threads!r}; a type is shared, synchronised, readers or confined"
    destroy = api.named(h.name[:-2] + "_destroy")
    if not isinstance(destroy, model.Function):
        yield f"{h.name}: no {h.name[:-2]}_destroy"
    elif destroy.returns.kind != "void" or not destroy.params[0].marks.nullable:
        yield f"{destroy.name}: cannot fail and takes NULL: returns void, parameter (nullable)"
    text = " ".join([h.doc.purpose] + h.doc.contract)
    if f"{h.name[:-2]}_destroy" not in text:
        yield f"{h.name}: its comment names {h.name[:-2]}_destroy"


def check_struct(s, api):
    yield from check_doc(s.name, s.doc, api)
    if not s.members or (s.members[0].name, s.members[0].type.base) != ("struct_size", "size_t"):
        yield f"{s.name}: the first member is size_t struct_size"
    if s.name[:-2].upper() + "_INIT" not in api.macros:
        yield f"{s.name}: no macro {s.name[:-2].upper()}_INIT"
    names, end = [m.name for m in s.members], 0
    for m in s.members:
        where = f"{s.name}.{m.name}"
        yield from check_name(where, m.name)
        yield from check_type(where, m.type)
        if not m.documented or not m.marks.text:
            yield f"{where}: undocumented"
        if m.type.pointers and m.type.kind != "handle" and not m.marks.length:
            yield f"{where}: a pointer needs (length=...)"
        yield from check_length(where, m.marks, names)
        if m.offset != end:
            yield f"{where}: {m.offset - end} bytes of padding before it; add a reserved member"
        end = m.offset + m.size
    if end != s.size:
        yield f"{s.name}: {s.size - end} bytes of padding at its end; add a reserved member"


def check_enum(e, api):
    yield from check_doc(e.name, e.doc, api)
    if e.underlying != "int32_t":
        yield f"{e.name}: is {e.underlying}; expected int32_t"
    if not e.constants:
        yield f"{e.name}: no enum {e.name[:-2]} with its constants follows"
    for c in e.constants:
        if not c.name.startswith("XGR_"):
            yield f"{c.name}: constants begin with XGR_"
        if not c.doc:
            yield f"{c.name}: undocumented"


def check(api):
    """All violations, as sentences."""
    found = list(api.others)
    for items, rule in ((api.enums, check_enum), (api.handles, check_handle),
                        (api.structs, check_struct), (api.functions, check_function)):
        for item in items:
            found += rule(item, api)
    return found

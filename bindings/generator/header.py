"""Parses the headers with libclang into the model.

The wheel of libclang brings no C library headers, so that two small ones stand in for them and the
result is the same on every system. Sizes and offsets are those of 64-bit Linux.
"""
import pathlib
import re

from clang import cindex

from . import comments, model

STUB = "/xgr_stub"
STDINT = "".join(
    f"typedef {spelled} {name};\n"
    for name, spelled in [
        ("int8_t", "signed char"), ("uint8_t", "unsigned char"), ("int16_t", "short"),
        ("uint16_t", "unsigned short"), ("int32_t", "int"), ("uint32_t", "unsigned int"),
        ("int64_t", "long long"), ("uint64_t", "unsigned long long"),
    ])
SCALARS = {
    "int8_t", "uint8_t", "int16_t", "uint16_t", "int32_t", "uint32_t", "int64_t", "uint64_t",
    "size_t", "float", "double", "char",
}
Kind = cindex.CursorKind
ARGUMENTS = ["-x", "c", "-std=c99", "-target", "x86_64-unknown-linux-gnu", "-nostdinc",
             "-isystem", STUB]


def translation_unit(header, include):
    unit = cindex.Index.create().parse(
        str(header), args=ARGUMENTS + ["-I", str(include)],
        unsaved_files=[(STUB + "/stdint.h", STDINT),
                       (STUB + "/stddef.h", "typedef __SIZE_TYPE__ size_t;\n")],
        options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
    errors = [d for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
    if errors:
        raise SystemExit("\n".join(str(error) for error in errors))
    return unit


def type_of(clang_type, api):
    """Type of the model; `kind` says why it is refused when it is."""
    pointers, const, t = 0, False, clang_type
    if t.kind in (cindex.TypeKind.CONSTANTARRAY, cindex.TypeKind.INCOMPLETEARRAY):
        return model.Type(t.spelling, kind="an array")
    while t.kind == cindex.TypeKind.POINTER:
        pointers, t = pointers + 1, t.get_pointee()
        const = t.is_const_qualified()
    name = re.sub(r"\bconst\b", "", t.spelling).strip()
    if t.get_canonical().kind in (cindex.TypeKind.FUNCTIONPROTO, cindex.TypeKind.FUNCTIONNOPROTO):
        return model.Type(name, pointers, const, "a function pointer")
    declared = api.named(name)
    if name == "void":
        kind = "void"
    elif name == "xgr_status_t":
        kind = "status"
    elif isinstance(declared, model.Enum):
        kind = "enum"
    elif isinstance(declared, model.Handle):
        kind = "handle"
    elif isinstance(declared, model.Struct):
        kind = "struct"
    elif name in SCALARS:
        kind = "scalar"
    elif t.get_canonical().kind == cindex.TypeKind.ENUM:
        kind = "a C enum, whose size depends on the compiler"
    elif t.get_canonical().kind == cindex.TypeKind.RECORD:
        kind = "a type without a typedef in these headers"
    else:
        kind = "a type of no fixed size in every language"
    return model.Type(name, pointers, const, kind)


def read_function(cursor, api):
    doc = comments.parse(cursor.raw_comment)
    described = {name: (direction, text) for direction, name, text in doc.params}
    params = []
    for argument in cursor.get_arguments():
        direction, text = described.get(argument.spelling, ("in", ""))
        params.append(model.Param(argument.spelling, type_of(argument.type, api), direction,
                                  comments.marks(text), argument.spelling in described))
    return model.Function(cursor.spelling, type_of(cursor.result_type, api),
                          comments.marks(doc.returns), params, doc,
                          cursor.type.is_function_variadic() if params else False)


def read_struct(typedef, struct, api):
    members = []
    for field in struct.get_children():
        if field.kind != Kind.FIELD_DECL:
            continue
        doc = comments.parse(field.raw_comment)
        marks = comments.marks(" ".join([doc.purpose] + doc.contract))
        kind = type_of(field.type, api)
        if field.is_bitfield():
            kind = model.Type(kind.base, kind=f"a bit-field ({field.spelling})")
        members.append(model.Member(field.spelling, kind, marks, field.get_field_offsetof() // 8,
                                    field.type.get_size(), bool(field.raw_comment)))
    doc = comments.parse(typedef.raw_comment or struct.raw_comment)
    return model.Struct(typedef.spelling, struct.spelling, doc, members, struct.type.get_size())


def read_typedef(cursor, api):
    """A handle or struct; the typedef of an enum waits for its constants."""
    canonical = cursor.underlying_typedef_type.get_canonical()
    declaration = canonical.get_declaration()
    if canonical.kind == cindex.TypeKind.RECORD and declaration.kind == Kind.STRUCT_DECL:
        definition = declaration.get_definition()
        if definition is None:
            doc = comments.parse(cursor.raw_comment)
            api.handles.append(model.Handle(cursor.spelling, declaration.spelling, doc))
        else:
            api.structs.append(read_struct(cursor, definition, api))
        return True
    spelling = cursor.underlying_typedef_type.spelling
    if spelling in SCALARS:
        doc = comments.parse(cursor.raw_comment)
        api.enums.append(model.Enum(cursor.spelling, doc, [], spelling))
        return True
    return False


def read_enum(cursor, api):
    group = api.named(cursor.spelling + "_t")
    if not isinstance(group, model.Enum):
        api.others.append(f"enum {cursor.spelling} follows no typedef {cursor.spelling}_t")
        return
    for constant in cursor.get_children():
        text = comments.join(comments.lines_of(constant.raw_comment))
        group.constants.append(model.Constant(constant.spelling, constant.enum_value, text))


def read_macros(unit, folder):
    macros = {}
    for cursor in unit.cursor.get_children():
        if cursor.kind != Kind.MACRO_DEFINITION or not in_folder(cursor, folder):
            continue
        tokens = [token.spelling for token in cursor.get_tokens()][1:]
        macros[cursor.spelling] = " ".join(tokens)
    return macros


def in_folder(cursor, folder):
    file = cursor.location.file
    return file is not None and pathlib.Path(file.name).resolve().parent == folder


def read_declaration(cursor, api):
    if cursor.kind == Kind.FUNCTION_DECL:
        api.functions.append(read_function(cursor, api))
    elif cursor.kind == Kind.TYPEDEF_DECL:
        if not read_typedef(cursor, api):
            api.others.append(f"typedef {cursor.spelling} is neither handle, struct nor integer")
    elif cursor.kind == Kind.ENUM_DECL:
        read_enum(cursor, api)
    elif cursor.kind != Kind.STRUCT_DECL:
        api.others.append(f"{cursor.kind.name.lower()} {cursor.spelling} is not part of the dialect")
    if cursor.spelling and cursor.kind in (Kind.FUNCTION_DECL, Kind.TYPEDEF_DECL):
        api.order.append(cursor.spelling)


def read(header, include):
    """The Api declared by `header` and what it includes from the same folder."""
    header = pathlib.Path(header).resolve()
    unit = translation_unit(header, include)
    macros = read_macros(unit, header.parent)
    version = tuple(int(macros.get(f"XGR_VERSION_{part}", "0")) for part in ("MAJOR", "MINOR", "PATCH"))
    api = model.Api(version, macros)
    skipped = (Kind.MACRO_DEFINITION, Kind.MACRO_INSTANTIATION, Kind.INCLUSION_DIRECTIVE)
    for cursor in unit.cursor.get_children():
        if cursor.kind not in skipped and in_folder(cursor, header.parent):
            read_declaration(cursor, api)
    return api

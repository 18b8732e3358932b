"""The raw layer of C#: enums, structs, a SafeHandle a handle type, and one DllImport a function.

All signatures are blittable, so that no marshalling code has to be generated at run time: the same
file serves Mono, .NET, NativeAOT and Unity's IL2CPP.
"""
from . import csharp_names as names

HEAD = """\
{header}
#nullable enable

using System;
using System.Runtime.InteropServices;

namespace Xgr
{{
"""
NATIVE = """\
    /// <summary>The functions of the C library, one for each of its headers.</summary>
    internal static unsafe class Native
    {{
#if XGR_STATIC || (UNITY_IOS && !UNITY_EDITOR)
        /// <summary>The C library is part of the program.</summary>
        internal const string Library = "__Internal";
#else
        /// <summary>Name of the C library, as the platform completes it.</summary>
        internal const string Library = "xgr";
#endif
        /// <summary>Version of the headers.</summary>
        internal const int VersionMajor = {0}, VersionMinor = {1}, VersionPatch = {2};
"""
IMPORT = "[DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]"
HANDLE = """\
    internal sealed class {name} : SafeHandle
    {{
        internal {name}(IntPtr owned) : base(IntPtr.Zero, true)
        {{
            SetHandle(owned);
        }}

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {{
            Native.{tag}_destroy(handle);
            return true;
        }}
    }}"""


def enum(e):
    lines = names.summary(e.doc, "    ")
    if e.name.endswith("_flags_t"):
        lines.append("    [Flags]")
    lines += [f"    public enum {names.enum_name(e)} : int", "    {"]
    if e.name.endswith("_flags_t"):
        lines += ["        /// <summary>None of them.</summary>", "        None = 0,"]
    for name, constant in zip(names.constant_names(e), e.constants):
        lines += names.tag("summary", constant.doc, "        ")
        lines.append(f"        {name} = {constant.value},")
    return lines + ["    }"]


def struct(s, api):
    lines = names.summary(s.doc, "    ")
    lines += ["    [StructLayout(LayoutKind.Sequential)]", f"    internal unsafe struct {s.name}", "    {"]
    for m in s.members:
        lines += names.tag("summary", m.marks.text, "        ")
        lines.append(f"        public {names.type_name(m.type, api)} {m.name};")
    return lines + ["    }"]


def handle(h):
    name = names.pascal(h.tag[len("xgr_"):]) + "Handle"
    return names.summary(h.doc, "    ") + HANDLE.format(name=name, tag=h.tag).split("\n")


def function_doc(f, indent):
    lines = names.tag("summary", f.doc.purpose, indent)
    for p in f.params:
        words = ["May be null."] if p.marks.nullable else []
        words += [f"Has {p.marks.length} elements."] if p.marks.length else []
        words += [f"Destroy with {p.marks.owned}."] if p.marks.owned else []
        text = " ".join([p.marks.text.rstrip(".") + "."] + words)
        lines += names.tag("param", text, indent, f' name="{p.name}"')
    if f.return_marks.text:
        borrowed = f" (valid {f.return_marks.borrowed})" if f.return_marks.borrowed else ""
        lines += names.tag("returns", f.return_marks.text + borrowed, indent)
    remarks = f.doc.contract + [f"{code}: {cause}." for code, cause in f.doc.errors]
    return lines + (names.tag("remarks", " ".join(remarks), indent) if remarks else [])


def function(f, api):
    params = ", ".join(f"{names.type_name(p.type, api)} {p.name}" for p in f.params)
    head = f"        internal static extern {names.type_name(f.returns, api)} {f.name}("
    margin = " " * 12
    if len(head) + len(params) + 2 > names.WIDTH and params:
        params = "\n" + "\n".join(names.textwrap.wrap(
            params, names.WIDTH - 2, initial_indent=margin, subsequent_indent=margin))
    return function_doc(f, "        ") + ["        " + IMPORT, f"{head}{params});"]


def emit(api):
    blocks = [enum(e) for e in api.enums] + [struct(s, api) for s in api.structs]
    blocks += [handle(h) for h in api.handles]
    parts = ["\n".join(block) for block in blocks]
    functions = ["\n".join(function(f, api)) for f in api.functions]
    native = "\n".join([NATIVE.format(*api.version), "\n\n".join(functions), "    }"])
    return HEAD.format(header=names.HEADER) + "\n\n".join(parts + [native]) + "\n}\n"

"""Sizes and offsets of the structs in C#, compared with those of C when the tests of C# run."""
from . import csharp_names as names

HEAD = """\
{header}
using System;

namespace Xgr
{{
    /// <summary>The layout that C compilers give the structs on 64-bit platforms.</summary>
    internal static unsafe class Layout
    {{
        /// <summary>Compares; calls different(name, C#'s number, C's number) where they differ.
        /// </summary>
        internal static int Compare(Action<string, long, long> different)
        {{
            int compared = 0;
            Action<string, long, long> same = (name, here, there) =>
            {{
                ++compared;
                if (here != there) different(name, here, there);
            }};
"""
TAIL = """\
            return compared;
        }
    }
}
"""


def struct(s):
    variable = s.tag[len("xgr_"):]
    yield f"            {s.name} {variable};"
    yield f'            same("{s.name}", sizeof({s.name}), {s.size});'
    for m in s.members:
        here = f"(byte*)&{variable}.{m.name} - (byte*)&{variable}"
        yield f'            same("{s.name}.{m.name}", {here}, {m.offset});'


def emit(api):
    lines = [line for s in api.structs for line in struct(s)]
    return HEAD.format(header=names.HEADER) + "\n".join(lines) + "\n" + TAIL

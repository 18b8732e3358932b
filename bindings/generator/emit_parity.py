"""The parity table: every function of the headers, and what each language calls it.

It stands in docs/bindings.md between two markers. Under it a fingerprint of all signatures, so that
a changed function changes the page as well.
"""
import hashlib

from . import parity

PAGE = "docs/bindings.md"
BEGIN = "<!-- parity: written by bindings/generate.py -->\n"
END = "<!-- end of parity -->\n"


def fingerprint(api):
    lines = [f.returns.c(f.name) + "(" + ", ".join(p.type.c(p.name) for p in f.params) + ")"
             for f in api.functions]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def cell(names, symbol):
    name = names.get(symbol)
    return "missing" if name is None else f"`{name}`" if name else "inside"


def table(api, names):
    titles = list(names)
    rows = [["C"] + titles, ["---"] * (len(titles) + 1)]
    for f in api.functions:
        rows.append([f"`{f.name}`"] + [cell(names[title], f.name) for title in titles])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def summary(api, names):
    for title, found in names.items():
        count = sum(name is not None for name in found.values())
        yield f"{title} {100 * count // max(1, len(api.functions))} %"


def emit(api, names, page):
    """The page with the table of today; as it is when it has no markers."""
    if BEGIN not in page or END not in page:
        return page
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    text = (f"{len(api.functions)} functions: {', '.join(summary(api, names))}. \"Inside\": the layer "
            f"calls it itself. Fingerprint of the signatures: `{fingerprint(api)}`.\n\n")
    return before + BEGIN + "\n" + text + table(api, names) + "\n" + END + after

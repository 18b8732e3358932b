"""The table of options: every member of every option struct, its default, and what each language calls it.

It stands in docs/options.md between two markers. The default is read off the comment of the member, which
has to say one: "Not 0: ..." means off, else "default X", "Default: X" or "NULL: X". Names are looked for in
the layer of each language; where they are others than in C, languages.json has them:

  options    struct.member -> name; "" stands for a member that the layer sets by itself
"""
import re

from . import parity

PAGE = "docs/options.md"
BEGIN = "<!-- options: written by bindings/generate.py -->\n"
END = "<!-- end of options -->\n"
DEFAULT = re.compile(r"\bdefault(?:\s+without either)?:?\s+(.+?)(?:[.;](?=\s|$)|\)|$)", re.I | re.S)
NULL = re.compile(r"\bNULL: (.+?)(?:[.;](?=\s|$)|$)", re.S)
# How a language spells a name of C.
SPELLINGS = {"Go": "pascal", "C#": "pascal"}


def option_structs(api):
    """Structs of options: those whose comment says what zero means."""
    phrase = "means its default"
    return [s for s in api.structs if phrase in " ".join([s.doc.purpose, *s.doc.contract])]


def settings(struct):
    """The members that a caller chooses."""
    lengths = {m.marks.length for m in struct.members} | {"struct_size", "reserved"}
    return [m for m in struct.members if m.name not in lengths]


def default_of(member):
    """The default that the comment says; None when it says none."""
    text = " ".join(member.marks.text.split())
    found = DEFAULT.search(text) or NULL.search(text)
    if text.startswith("Not 0:"):
        return "off: " + found[1] if found else "off"
    return found[1] if found else None


def spelt(name, title):
    if SPELLINGS.get(title) != "pascal":
        return name
    return "".join(word.capitalize() for word in name.split("_"))


def name_in(member, struct, title, language, words):
    """What a language calls a member; None when nothing is called so."""
    given = language.get("options", {}).get(f"{struct.name}.{member.name}")
    if given is not None:
        return given if not given or re.match(r"\w+", given)[0] in words else None
    wanted = spelt(member.name, title)
    if wanted in words:
        return wanted
    same = sorted(word for word in words if parity.plain(word) == parity.plain(wanted)
                  and word[0].isupper() == wanted[0].isupper())
    return same[0] if same else None


def cell(name):
    return "missing" if name is None else f"`{name}`" if name else "inside"


def table(struct, layers):
    titles = list(layers)
    yield f"| `{struct.name}` | default | {' | '.join(titles)} |"
    yield "|" + " --- |" * (len(titles) + 2)
    for member in settings(struct):
        names = [cell(name_in(member, struct, title, *layers[title])) for title in titles]
        default = (default_of(member) or "?").replace("|", "\\|").replace("<", "&lt;")
        yield f"| `{member.name}` | {default} | {' | '.join(names)} |"


def survey(api, layers):
    """What is missing: defaults in comments, names in languages."""
    for struct in option_structs(api):
        for member in settings(struct):
            if default_of(member) is None:
                yield (f"{struct.name}.{member.name}: the comment says no default; write "
                       '"default X", "Default: X" or "NULL: X"')
            for title, layer in layers.items():
                if name_in(member, struct, title, *layer) is None:
                    yield f"{title}: no name for the option {struct.name}.{member.name}"


def layers_of(root, outputs):
    """(entry of languages.json, words of its layer) of each language."""
    layers = {}
    for title, language in parity.languages(root).items():
        text = parity.read_layer(language, root, outputs)
        if text is not None:
            layers[title] = language, set(re.findall(r"\w+", text))
    return layers


def emit(api, layers, page):
    """The page with the tables of today; as it is when it has no markers."""
    if BEGIN not in page or END not in page:
        return page
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    tables = "\n".join("\n".join(table(s, layers)) + "\n" for s in option_structs(api))
    return before + BEGIN + "\n" + tables + "\n" + END + after

"""Writers and readers of the argument styles, made from what their families write, not from the library.

`write(rng, value)` gives a text, None when the style has none; `read(text)` yields every value that the
text may mean.
"""
import ast
import itertools
import json
import keyword
import re

SPACE = " \t\n\r"
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class Unreadable(Exception):
    """The text means nothing."""


class Unknown(Exception):
    """A text that means something, but about which nothing is promised."""


def unique(pairs):
    if len({k for k, _ in pairs}) < len(pairs):
        raise Unknown
    return dict(pairs)


def refuse(_):
    raise ValueError


def from_json(text):
    """The value of a JSON text; no strings, which arguments write without quotes."""
    try:
        value = json.loads(text.strip(SPACE), object_pairs_hook=unique, parse_constant=refuse)
    except ValueError:
        raise Unreadable from None
    if isinstance(value, str):
        raise Unreadable
    return value


def trimmed(text):
    """The text with and without the white space around it, and what it is of a listed text with such."""
    left = len(text) - len(text.lstrip(SPACE))
    right = len(text) - len(text.rstrip(SPACE))
    return {text[i:len(text) - j] for i in range(left + 1) for j in range(right + 1)
            if i + j <= len(text)}


def type_name(value):
    if isinstance(value, bool):
        return "boolean"
    return {str: "string", int: "number", float: "number", type(None): "null", list: "array",
            dict: "object"}[type(value)]


class Flat:
    """<key>value</key>, one after the other; JSON inside."""

    def __init__(self, before, after, end, mark=None, trims=False, gap=False, space=True, tail="",
                 cdata=False, entities=()):
        self.before, self.after, self.end, self.mark = before, after, end, mark
        self.trims, self.gap, self.space, self.tail = trims, gap, space, tail
        self.cdata, self.entities = cdata, entities

    def key(self, name):
        for c, e in self.entities:
            name = name.replace(c, e)
        return name

    def write(self, rng, value):
        blank = lambda: rng.choice(["", "", "\n", " \t"]) if self.space else ""
        out = blank()
        for name, v in value.items():
            text = v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)
            if not isinstance(v, str):
                text = blank() + text + blank() if self.space else text
            if self.cdata and isinstance(v, str) and rng.random() < 0.5:
                if "]]>" in text:
                    return None
                text = "<![CDATA[" + text + "]]>"
            elif self.trims and isinstance(v, str) and text != text.strip(SPACE):
                return None
            elif self.end in text or (self.cdata and "<![CDATA[" in text):
                return None
            mark = self.mark(v) if self.mark else ""
            out += self.before + self.key(name) + self.after
            if self.gap:
                out += blank() + self.gap
            out += mark + text + self.end + self.tail + blank()
        return out

    def values(self, text):
        if self.cdata and text.startswith("<![CDATA["):
            if text.count("]]>") != 1 or not text.endswith("]]>"):
                raise Unreadable
            return [text[9:-3]]
        out = sorted(trimmed(text)) if self.trims else [text]
        try:
            out.append(from_json(text))
        except Unreadable:
            pass
        return out

    def marked_values(self, text):
        if not self.mark:
            return self.values(text)
        for sample, kinds in ((v, {type_name(v)}) for v in ("", 1, True, None, [], {})):
            mark = self.mark(sample)
            if not text.startswith(mark):
                continue
            rest = text[len(mark):]
            same = {type_name(v) for v in ("", 1, True, None, [], {}) if self.mark(v) == mark}
            found = self.values(rest)
            return [v for v in found if type_name(v) in same]
        if text.startswith(self.mark(1).replace("number", "integer")) and self.mark(1) != self.mark([]):
            rest = text[len(self.mark(1).replace("number", "integer")):]
            return [v for v in self.values(rest) if isinstance(v, int) and not isinstance(v, bool)]
        raise Unreadable

    def read(self, text):
        """Every value that the text may mean."""
        names, choices = [], []
        strip = (lambda t: t.lstrip(SPACE)) if self.space else (lambda t: t)
        text = strip(text)
        while text:
            if not text.startswith(self.before):
                raise Unreadable
            name, found, text = text[len(self.before):].partition(self.after)
            for c, e in reversed(self.entities):
                name = name.replace(e, c)
            if self.gap:
                text = strip(text)
                if not text.startswith(self.gap):
                    raise Unreadable
                text = text[len(self.gap):]
            inside = self.cdata and text.startswith("<![CDATA[")
            value, end, text = text.partition("]]>" + self.end if inside else self.end)
            value += "]]>" * inside
            if not found or not end or not text.startswith(self.tail):
                raise Unreadable
            text = strip(text[len(self.tail):])
            if name in names:
                raise Unknown
            names.append(name)
            choices.append(self.marked_values(value))
        for values in itertools.product(*choices):
            yield dict(zip(names, values))


class Cursor:
    def __init__(self, text):
        self.text, self.at = text, 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at] in SPACE:
            self.at += 1

    def take(self, word):
        if not self.text.startswith(word, self.at):
            return False
        self.at += len(word)
        return True

    def need(self, word):
        if not self.take(word):
            raise Unreadable

    def until(self, word):
        end = self.text.find(word, self.at)
        if end < 0:
            raise Unreadable
        found = self.text[self.at:end]
        self.at = end + len(word)
        return found


class Cohere:
    kinds = {"string": "raw", "array": "list", "object": "dict"}
    entities = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"))

    def element(self, rng, name, v):
        kind = self.kinds.get(type_name(v), "json")
        for c, e in self.entities:
            name = name and name.replace(c, e)
        head = "<cofl:value" + (f' name="{name}"' if name is not None else "") + f' type="{kind}">'
        if isinstance(v, dict):
            body = self.write(rng, v)
        elif isinstance(v, list):
            parts = [self.element(rng, None, i) for i in v]
            body = None if None in parts else "\n".join(parts)
        else:
            body = v if isinstance(v, str) else json.dumps(v)
            if "</cofl:value>" in body or (isinstance(v, str) and v != v.strip(SPACE)):
                body = None
        return None if body is None else head + body + "</cofl:value>"

    def write(self, rng, value):
        parts = [self.element(rng, k, v) for k, v in value.items()]
        return None if None in parts else rng.choice(["", "\n"]).join(parts)

    def read(self, text):
        c = Cursor(text)
        value = self.members(c)
        if c.at < len(text):
            raise Unreadable
        yield from value

    def all_of(self, readings, make):
        return [make(v) for v in itertools.product(*readings)]

    def members(self, c):
        names, found = [], []
        c.skip()
        while c.take('<cofl:value name="'):
            name = c.until('"')
            for k, e in reversed(self.entities):
                name = name.replace(e, k)
            if name in names:
                raise Unknown
            names.append(name)
            found.append(self.value(c))
            c.skip()
        return self.all_of(found, lambda v: dict(zip(names, v)))

    def value(self, c):
        c.need(' type="')
        kind = c.until('">')
        if kind == "dict":
            out = self.members(c)
        elif kind == "list":
            found = []
            c.skip()
            while c.take("<cofl:value"):
                found.append(self.value(c))
                c.skip()
            out = self.all_of(found, list)
        elif kind == "raw":
            return sorted(trimmed(c.until("</cofl:value>")))
        elif kind == "json":
            value = from_json(c.until("</cofl:value>"))
            if isinstance(value, (list, dict)):
                raise Unreadable
            return [value]
        else:
            raise Unreadable
        c.need("</cofl:value>")
        return out


class Elements:
    """]<]minimax[>[<key>value]<]minimax[>[</key> at every depth; types look alike."""
    ns = "]<]minimax[>["

    def element(self, rng, name, v):
        if isinstance(v, dict):
            body = self.write(rng, v)
        elif isinstance(v, list):
            parts = [self.element(rng, "item", i) for i in v]
            body = None if None in parts else "".join(parts)
        else:
            body = v if isinstance(v, str) else json.dumps(v)
            if self.ns in body + self.ns[:-1]:
                body = None
        if body is None or ">" in name:
            return None
        return f"{self.ns}<{name}>{body}{self.ns}</{name}>"

    def write(self, rng, value):
        parts = [self.element(rng, k, v) for k, v in value.items()]
        return None if None in parts else "\n".join(parts)

    def read(self, text):
        c = Cursor(text)
        names, found = self.children(c)
        if c.at < len(text):
            raise Unreadable
        yield from self.as_objects(names, found)

    def as_objects(self, names, found):
        if len(set(names)) < len(names):
            raise Unknown
        return [dict(zip(names, v)) for v in itertools.product(*found)]

    def children(self, c):
        names, found = [], []
        c.skip()
        while c.take(self.ns + "<"):
            if c.text.startswith("/", c.at):
                c.at -= len(self.ns) + 1
                break
            name = c.until(">")
            names.append(name)
            found.append(self.value(c, name))
            c.skip()
        return names, found

    def value(self, c, name):
        start = c.at
        plain = c.text.find(self.ns, start)
        if plain < 0:
            raise Unreadable
        out = []
        if c.text.startswith(f"{self.ns}</{name}>", plain):
            text = c.text[start:plain]
            out.append(text)
            try:
                if text == text.strip(SPACE):
                    value = from_json(text)
                    if not isinstance(value, (list, dict)):
                        out.append(value)
            except Unreadable:
                pass
        end = f"{self.ns}</{name}>"
        try:
            names, found = self.children(c)
            c.need(end)
        except Unreadable:
            if not out:
                raise
            c.at = plain + len(end)
            return out
        if len(set(names)) == len(names):
            out += self.as_objects(names, found)
        if set(names) <= {"item"}:
            out += [list(v) for v in itertools.product(*found)]
        return out


class Gemma:
    def __init__(self, quote):
        self.quote = quote

    def text(self, rng, v):
        if isinstance(v, str):
            return None if self.quote in v else self.quote + v + self.quote
        if isinstance(v, dict):
            parts = []
            for k, i in v.items():
                one = self.text(rng, i)
                if one is None or ":" in k:
                    return None
                parts.append(k + ":" + rng.choice(["", " "]) + one)
            return "{" + ",".join(parts) + "}"
        if isinstance(v, list):
            parts = [self.text(rng, i) for i in v]
            return None if None in parts else "[" + ", ".join(parts) + "]"
        return json.dumps(v)

    write = text

    def read(self, text):
        c = Cursor(text)
        value = self.value(c)
        if c.at < len(text) or not isinstance(value, dict):
            raise Unreadable
        yield value

    def value(self, c):
        if c.take(self.quote):
            return c.until(self.quote)
        for opening, closing in (("{", "}"), ("[", "]")):
            if not c.take(opening):
                continue
            out = []
            c.skip()
            if not c.take(closing):
                while True:
                    c.skip()
                    name = c.until(":") if opening == "{" else None
                    c.skip()
                    out.append((name, self.value(c)))
                    c.skip()
                    if c.take(closing):
                        break
                    c.need(",")
            return unique(out) if opening == "{" else [v for _, v in out]
        scalar = re.compile(r"[-+.0-9eE]+|true|false|null").match(c.text, c.at)
        if not scalar:
            raise Unreadable
        c.at = scalar.end()
        return from_json(scalar.group())


class Python:
    def __init__(self, also_json):
        self.also_json = also_json

    def text(self, rng, v):
        if isinstance(v, dict):
            return "{" + ", ".join(f"{k!r}: {self.text(rng, i)}" for k, i in v.items()) + "}"
        if isinstance(v, list):
            return "[" + ",".join(self.text(rng, i) for i in v) + "]"
        if isinstance(v, str):
            return rng.choice([repr(v), ascii(v), json.dumps(v, ensure_ascii=False).replace("\\/", "/")])
        if self.also_json and rng.random() < 0.5:
            return json.dumps(v)
        return repr(v)

    def write(self, rng, value):
        if not all(IDENTIFIER.match(k) for k in value):
            return None
        parts = [k + "=" + self.text(rng, v) for k, v in value.items()]
        return rng.choice([", ", ","]).join(parts)

    def read(self, text):
        lead = len(text) - len(text.lstrip(SPACE))
        if any(keyword.iskeyword(name) for name in re.findall(r"(\w+)=", text)):
            raise Unknown
        try:
            tree = ast.parse("f(" + text[lead:] + "\n)", mode="eval").body
            names = {"true": True, "false": False, "null": None} if self.also_json else {}
            if not isinstance(tree, ast.Call) or tree.args:
                raise Unreadable
            keys = [k.arg for k in tree.keywords]
            if len(set(keys)) < len(keys):
                raise Unknown
            yield {k.arg: self.value(k.value, names) for k in tree.keywords}
        except (SyntaxError, ValueError, MemoryError):
            raise Unreadable from None

    def value(self, node, names):
        if isinstance(node, ast.Name) and node.id in names:
            return names[node.id]
        if isinstance(node, ast.List):
            return [self.value(n, names) for n in node.elts]
        if isinstance(node, ast.Dict):
            keys = [ast.literal_eval(k) for k in node.keys]
            return unique([(k, self.value(v, names)) for k, v in zip(keys, node.values)])
        value = ast.literal_eval(node)
        if not isinstance(value, (str, int, float, type(None))):
            raise Unreadable
        return value


def string_mark(v):
    return ("true" if isinstance(v, str) else "false") + '">'


def dsml(bar):
    return Flat(f'<{bar}parameter name="', '" string="', f"</{bar}parameter>", mark=string_mark)


STYLES = {
    "qwen_xml": Flat("<parameter=", ">", "</parameter>", trims=True),
    "minimax_xml": Flat('<parameter name="', '">', "</parameter>", trims=True),
    "minimax_m3_xml": Elements(),
    "deepseek_xml": dsml("｜DSML｜"),
    "deepseek_v4_1_xml": dsml("｜DSML｜ "),
    "gcml_xml": dsml("｜GCML｜"),
    "glm_xml": Flat("<arg_key>", "</arg_key>", "</arg_value>", trims=True, gap="<arg_value>"),
    "glm_4_5_xml": Flat("<arg_key>", "</arg_key>\n<arg_value>", "</arg_value>", space=False,
                        tail="\n"),
    "cohere_xml": Cohere(),
    "kimi_k3_xml": Flat('<|open|>argument key="', '" type="', "<|close|>argument<|sep|>",
                        mark=lambda v: type_name(v) + '"<|sep|>', trims=True,
                        entities=(("&", "&amp;"), ('"', "&quot;"))),
    "gemma": Gemma('<|"|>'),
    "functiongemma": Gemma("<escape>"),
    "python": Python(False),
    "python_json": Python(True),
    "atem_xml": Flat('<atem:parameter name="', '">', "</atem:parameter>"),
    "steptml_xml": Flat('<steptml:parameter name="', '">', "</steptml:parameter>"),
    "ifm_xml": Flat("<ifm|arg_key>", "</ifm|arg_key><ifm|arg_value>", "</ifm|arg_value>"),
    "ifm_xml_typed": Flat("<ifm|arg_key>", "</ifm|arg_key>", "</ifm|arg_value>",
                          mark=lambda v: f"<ifm|arg_type>{type_name(v)}</ifm|arg_type><ifm|arg_value>"),
    "minicpm_xml": Flat('<param name="', '">', "</param>", cdata=True),
}

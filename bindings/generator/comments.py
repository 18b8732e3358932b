"""Takes a documentation comment apart: purpose, contract, tags, marks."""
import re

from . import model

TAG = re.compile(r"@(\w+)(?:\[([\w,]+)\])?\s*(.*)", re.S)
MARK = re.compile(r"\((nullable|copied|owned|borrowed|length=\w+)((?:,| )[^)]*)?\)\s*")


def lines_of(raw):
    """The text of a comment without its frame."""
    body = re.sub(r"^/\*\*<?", "", raw or "")
    body = re.sub(r"\*/$", "", body)
    return [re.sub(r"^\s*\*( |$)", "", line).rstrip() for line in body.strip().splitlines()]


def join(lines):
    return " ".join(line.strip() for line in lines if line.strip())


def blocks_of(raw):
    """Paragraphs and tags, each as one string."""
    blocks, current = [], []
    for line in lines_of(raw):
        if not line.strip() or line.lstrip().startswith("@"):
            if current:
                blocks.append(join(current))
            current = []
        if line.strip():
            current.append(line)
    if current:
        blocks.append(join(current))
    return blocks


def parse(raw):
    doc = model.Doc()
    for block in blocks_of(raw):
        tag = TAG.match(block)
        if not tag:
            if doc.order:
                doc.unknown.append(block)
            elif not doc.purpose:
                doc.purpose = block
            else:
                doc.contract.append(block)
            continue
        name, direction, rest = tag.groups()
        first, _, text = rest.partition(" ")
        doc.order.append(name)
        if name == "param":
            doc.params.append((direction or "in", first, text.strip()))
        elif name == "return":
            doc.returns = rest
        elif name == "error":
            doc.errors.append((first, text.strip()))
        elif name == "threads":
            doc.threads = rest
        elif name == "since":
            doc.since = rest
        else:
            doc.unknown.append("@" + name)
    return doc


def marks(text):
    """The marks at the start of a description, and the rest of it."""
    found = model.Marks()
    while True:
        match = MARK.match(text)
        if not match:
            found.text = text
            return found
        word, more = match.group(1), (match.group(2) or "").strip(", ")
        if word == "nullable":
            found.nullable = True
        elif word == "copied":
            found.copied = True
        elif word == "owned":
            found.owned = more.replace("destroy with ", "") or "?"
        elif word == "borrowed":
            found.borrowed = more or "?"
        else:
            found.length = word.split("=")[1]
        text = text[match.end():]

#!/usr/bin/env python3
"""Links of the pages: the files and the headings that they lead to exist."""
import posixpath
import re

import tree

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def without_code(text):
    text = re.sub(r"^(`{3,}).*?^\1[ ]*$", "", text, flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(text):
    """What a heading is called behind #: its words in small letters, joined by hyphens."""
    prose = re.sub(r"^(`{3,}).*?^\1[ ]*$", "", text, flags=re.M | re.S)
    for heading in re.findall(r"^#+ +(.*)$", prose, re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def check():
    for page in tree.files(".md"):
        for link in LINK.findall(without_code(tree.read(page))):
            if ":" in link:
                continue  # of the web
            path, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(page.parent.as_posix(), path)) if path else page.as_posix()
            if not (tree.ROOT / target).exists():
                yield f"{page}: the link {link} leads nowhere"
            elif anchor and anchor not in anchors(tree.read(target)):
                yield f"{page}: {target} has no heading #{anchor}"


tree.finish(list(check()))

"""Reads the files of tests/cases; README.md there describes the format."""
import dataclasses
import json
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "tests" / "cases"


@dataclasses.dataclass
class Expectation:
    line: int
    verb: str  # accept, reject, error
    text: bytes  # the output, or the name of a status
    at: object = None  # number of bytes
    pointer: object = None  # JSON Pointer
    says: str = ""  # part of the message


@dataclasses.dataclass
class Case:
    place: str
    kind: str
    options: dict
    source: bytes = b""
    remotes: dict = dataclasses.field(default_factory=dict)  # name of a further source: its lines
    expectations: list = dataclasses.field(default_factory=list)


def _words(text):
    """(word, whether it was a JSON string) for the parts of `VERB TEXT at PLACE`."""
    while text := text.strip():
        if text[0] == '"':
            value, end = json.JSONDecoder().raw_decode(text)
            yield value, True
        else:
            end = len(text.split(" ")[0])
            yield text[:end], False
        text = text[end:]


def _expectation(line, text):
    (verb, _), (value, _), *places = _words(text)
    says = ""
    if ("says", False) in places:
        says = places.pop()[0]
        places.pop()
    found = Expectation(line, verb, value.encode("utf-8", "surrogatepass"), says=says)
    for place, is_pointer in places:
        if is_pointer:
            found.pointer = place
        elif place != "at":
            found.at = int(place)
    return found


def _options(words):
    """compact, strict, draft=7, formats=ignore: as a dict."""
    pairs = (word.partition("=") for word in words)
    return {name: int(value) if value.isdigit() else value or True for name, _, value in pairs}


def read_cases(path):
    cases, lines = [], None
    for number, raw in enumerate(path.read_bytes().split(b"\n"), 1):
        text = raw.decode("utf-8", "replace")
        if lines is None and text.startswith("kind: "):
            kind, *words = text[6:].split()
            cases.append(Case(f"{path.parent.name}/{path.name}:{number}", kind, _options(words)))
            lines = sources = {None: []}
            name = None
        elif lines is not None and text == "---":
            joined = {key: b"\n".join(value) for key, value in sources.items()}
            cases[-1].source, lines = joined.pop(None), None
            cases[-1].remotes = joined
        elif lines is not None and text.startswith("remote: "):
            name = text[8:]
            sources[name] = []
        elif lines is not None:
            sources[name].append(raw)
        elif text and not text.startswith("#") and cases:
            cases[-1].expectations.append(_expectation(number, text))
    return cases


def all_cases():
    return [case for path in sorted(FOLDER.rglob("*.case")) for case in read_cases(path)]

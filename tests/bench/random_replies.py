"""Random constrained replies of families of chat models, read back into calls that have to validate.

  python tests/bench/random_replies.py SCHEMAS.jsonl[.gz] [--families NAME...] [--replies 3] [--seed 1]

SCHEMAS holds a JSON object a line with "id" and "schema", as the benchmark of random_documents.py has it.
The first 20 schemas of objects with properties that compile become tools. For every family, with tool_choice
"auto" and "required", with its markers as text and as control tokens, replies are generated at random, closed
after some tokens, and read by the family's reader: no call may be malformed, and the package `jsonschema` has
to find the arguments of each valid. Prints what fails, and last a line of counts.
"""
import argparse
import collections
import gzip
import json
import random
import sys

from random_documents import validator

import xgr

TOOLS = 20
MAX_TOKENS = 4000
WORDS = ["the ", "of ", "Paris", "2024", "-01-01", "T10:00:00Z", "true", "false", "null", "\": ", "\", \"",
         "a@b.example", "https://b.example/", "</", "><", "\n\n", "name", "{}", "[]", "value"]


def tools_of(path, compiler, count):
    """The first schemas that can be arguments, as tools."""
    out = []
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            schema = json.loads(line)["schema"]
            if not isinstance(schema, dict) or schema.get("type") != "object" or not schema.get("properties"):
                continue
            try:
                compiler.compile_json_schema(schema, strict_mode=True, timeout=5)
            except xgr.XgrError:
                continue
            parameters = {"name": f"tool_{len(out)}", "parameters": schema}
            out.append({"type": "function", "function": parameters})
            if len(out) == count:
                break
    return out


def vocabulary(markers):
    """All bytes, some words, and the markers as control tokens."""
    texts = [bytes([b]) for b in range(256)] + [word.encode() for word in WORDS]
    kinds = [xgr.TokenKind.NORMAL] * len(texts) + [xgr.TokenKind.CONTROL] * len(markers)
    texts += [marker.encode() for marker in markers] + [b"<end of reply>"]
    kinds.append(xgr.TokenKind.STOP)
    return texts, xgr.TokenizerInfo(texts, token_kinds=kinds)


def markers_of(family):
    """All markers of a family file, those of its arguments too; what ends a reply is none of them."""
    data = json.loads(xgr.family_text(family))
    found = set(data.get("markers", ()))
    parts = [part for part in data.get("call", ()) if isinstance(part, dict)]
    for part in parts:
        found.update(part.get("markers", ()))
    return sorted(found - set(data.get("stop", ())))


class Run:
    """Replies of one family over one vocabulary."""

    def __init__(self, family, markers, seed):
        self.family = family
        self.texts, self.info = vocabulary(markers)
        self.stop = len(self.texts) - 1
        self.compiler = xgr.GrammarCompiler(self.info)
        self.random = random.Random(seed)

    def reply(self, compiled, steps):
        """Bytes of a reply that is asked to end after some steps; None: it does not."""
        matcher = xgr.GrammarMatcher(compiled)
        mask = xgr.allocate_token_bitmask(1, self.info.vocab_size)
        out = b""
        for step in range(MAX_TOKENS):
            if step == steps:
                matcher.set_closing(True)
            matcher.fill_next_token_bitmask(mask)
            allowed = xgr.bitmask_tokens(mask)
            # Markers and words are few, so that they come as often as all bytes together.
            long = [token for token in allowed if token >= 256]
            token = self.random.choice(long if long and self.random.random() < 0.5 else allowed)
            assert matcher.accept_token(token), f"token {token} of the mask is refused behind {out[-200:]}"
            if token == self.stop:
                return out
            out += self.texts[token]
        return None

    def problems(self, request, text, judges):
        """What is wrong with the calls of a reply, and how many there are."""
        reader = xgr.ReplyReader(self.family, request, self.info)
        kind, names, arguments, calls = xgr.ReplyEventKind, {}, collections.defaultdict(str), set()
        for event in reader.feed(text) + reader.finish():
            if event.kind == kind.MALFORMED:
                yield f"malformed: {event.problem} at byte {event.offset}"
            elif event.kind == kind.CALL_BEGIN:
                names[event.call] = event.text
            elif event.kind == kind.ARGUMENTS:
                arguments[event.call] += event.text
            elif event.kind == kind.CALL_END:
                calls.add(event.call)
        for call, name in names.items():
            if call not in calls:
                yield f"call {call} of {name} has no end"
                continue
            error = next(judges[name].iter_errors(json.loads(arguments[call] or "{}")), None)
            if error:
                yield f"arguments of {name} at {list(error.absolute_path)}: {error.message[:200]}"
        self.calls = len(names)


def run_family(family, tools, options, count):
    judges = {t["function"]["name"]: validator(t["function"]["parameters"]) for t in tools}
    for markers in ([], markers_of(family)):
        run = Run(family, markers, options.seed)
        for choice in ("auto", "required"):
            request = {"tools": tools, "tool_choice": choice}
            try:
                tag = xgr.family_structural_tag(family, request, run.info)
                compiled = run.compiler.compile_structural_tag(tag, timeout=60)
            except xgr.XgrError as error:
                count["refused"] += 1
                print(f"{family} {choice}{' tokens' if markers else ''}: {error}")
                continue
            for _ in range(options.replies):
                check_reply(run, request, compiled, judges, count)


def check_reply(run, request, compiled, judges, count):
    place = f"{run.family} {request['tool_choice']}"
    try:
        text = run.reply(compiled, run.random.choice([20, 60, 200]))
    except (xgr.XgrError, AssertionError) as error:
        count["failed"] += 1
        print(f"{place}: {error}")
        return
    count["replies"] += 1
    if text is None:
        count["endless"] += 1
        return
    problems = list(run.problems(request, text, judges))
    count["calls"] += run.calls
    if request["tool_choice"] == "required" and not run.calls:
        problems.append("no call")
    if problems:
        count["failed"] += 1
        print(f"{place}: {problems[0]}\n  {text[:1500]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("schemas")
    parser.add_argument("--families", nargs="*")
    parser.add_argument("--replies", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    count = collections.Counter()
    tools = tools_of(options.schemas, xgr.GrammarCompiler(vocabulary([])[1]), TOOLS)
    for family in options.families or xgr.families():
        run_family(family, tools, options, count)
    print(", ".join(f"{name} {count[name]}" for name in ("replies", "calls", "endless", "refused", "failed")))
    return 1 if count["failed"] or count["endless"] else 0


if __name__ == "__main__":
    sys.exit(main())

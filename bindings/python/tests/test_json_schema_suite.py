"""JSON-Schema-Test-Suite, where it is at hand: every test that does not pass is in the ratchet file, and
docs/json-schema.md has the table of results.

The suite is not part of this repository: XGR_JSON_SCHEMA_SUITE names it (JSON, gzipped: "groups" with
"draft", "file", "group", "schema", "tests"; "remotes" by URI). A test that passes now has to leave the
ratchet file: run this file with --update.
"""
import collections
import gzip
import json
import os
import pathlib
import sys

import pytest

import xgr

HERE = pathlib.Path(__file__).parent
RATCHET = HERE / "json_schema_suite.ratchet"
PAGE = HERE.parents[2] / "docs" / "json-schema.md"
BEGIN, END = "<!-- results of the test suite -->\n", "<!-- end of results -->\n"
SUITE = pathlib.Path(os.environ.get(
    "XGR_JSON_SCHEMA_SUITE", HERE.parents[2] / ".." / "shared" / "data" / "json-schema-test-suite.json.gz"))


def outcomes(group, compiler, remotes):
    """Yields (name of the test, outcome) of the tests that do not pass."""
    tests = group["tests"]
    year = int(group["draft"].removeprefix("draft").split("-")[0])
    try:
        compiled = compiler.compile_json_schema(json.dumps(group["schema"]), strict_mode=False,
                                                draft=year, remotes=remotes, any_order=True)
    except xgr.XgrError:
        if any(test["valid"] for test in tests):
            yield from ((test["description"], "refused") for test in tests)
        return
    for test in tests:
        text = json.dumps(test["data"], ensure_ascii=False, separators=(",", ":"))
        matcher = xgr.GrammarMatcher(compiled)
        accepted = matcher.accept_string(text) and matcher.accept_token(256)
        if accepted != test["valid"]:
            yield test["description"], "false_positive" if accepted else "false_negative"


def run():
    """(failures as lines, table of results)"""
    with gzip.open(SUITE, "rt") as file:
        suite = json.load(file)
    info = xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b"</s>"], stop_token_ids=256)
    compiler = xgr.GrammarCompiler(info)
    remotes = {uri: json.dumps(schema) for uri, schema in suite["remotes"].items()}
    lines, right, total = set(), collections.Counter(), collections.Counter()
    for group in suite["groups"]:
        place = group["file"].removesuffix(".json"), group["draft"]
        failed = list(outcomes(group, compiler, remotes))
        total[place] += len(group["tests"])
        right[place] += len(group["tests"]) - len(failed)
        lines |= {" | ".join([outcome, *place[::-1], group["group"], name]) for name, outcome in failed}
    return sorted(lines), table(right, total)


def table(right, total):
    drafts = sorted({draft for _, draft in total}, reverse=True)
    rows = [["tests of the suite", *(draft.removeprefix("draft") for draft in drafts)], ["---"] * (len(drafts) + 1)]
    for file in sorted({file for file, _ in total}, key=lambda file: ("/" in file, file)):
        cells = [(right[file, draft], total[file, draft]) for draft in drafts]
        rows.append([f"`{file}`", *(f"{good} / {all_}" if all_ else "" for good, all_ in cells)])
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


@pytest.mark.skipif(not SUITE.exists(), reason="the suite is not here")
def test_the_ratchet_file_and_the_page_tell_the_results():
    lines, results = run()
    assert lines == RATCHET.read_text().splitlines()
    assert not any(line.startswith("false_positive") for line in lines)
    assert results == PAGE.read_text().split(BEGIN)[1].split(END)[0]


def update():
    lines, results = run()
    RATCHET.write_text("".join(line + "\n" for line in lines))
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(before + BEGIN + results + END + rest.split(END)[1])


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()

"""JSON-Schema-Test-Suite, where it is at hand: every test that does not pass is in the ratchet file.

The file is not part of this repository: XGR_JSON_SCHEMA_SUITE names it (JSON, gzipped: "groups" with
"draft", "file", "group", "schema", "tests"; "remotes" by URI). A test that passes now has to leave the
ratchet file: run this file with --update.
"""
import gzip
import json
import os
import pathlib
import sys

import pytest

import xgr

HERE = pathlib.Path(__file__).parent
RATCHET = HERE / "json_schema_suite.ratchet"
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


def failures():
    with gzip.open(SUITE, "rt") as file:
        suite = json.load(file)
    info = xgr.TokenizerInfo([bytes([i]) for i in range(256)] + [b"</s>"], stop_token_ids=256)
    compiler = xgr.GrammarCompiler(info)
    remotes = {uri: json.dumps(schema) for uri, schema in suite["remotes"].items()}
    return sorted({
        " | ".join([outcome, group["draft"], group["file"], group["group"], name])
        for group in suite["groups"] for name, outcome in outcomes(group, compiler, remotes)})


@pytest.mark.skipif(not SUITE.exists(), reason="the suite is not here")
def test_nothing_but_the_ratchet_file_fails():
    found = failures()
    assert found == RATCHET.read_text().splitlines()
    assert not any(line.startswith("false_positive") for line in found)


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        RATCHET.write_text("".join(line + "\n" for line in failures()))

#!/usr/bin/env python3
"""Run an example and check what it writes: check.py PROGRAM minimal|batch|generate|serve

What minimal and batch write stands in expected/; they write it in every language. The documents of generate
are parsed and, where the Python package jsonschema is installed, validated by it against the schema that
generate prints. Of serve, whose times differ, the outputs are compared with the patterns of its requests.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.dom.minidom

try:
    import jsonschema
except ImportError:
    jsonschema = None

SEEDS = range(30)
EXPECTED = pathlib.Path(__file__).resolve().parent / "expected"


def output_of(*command):
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout[-500:]}{done.stderr}")
    return done.stdout


def check_expected(program, name):
    expected = (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")
    written = output_of(program)
    assert written == expected, f"expected:\n{expected}written:\n{written}"


def check_generate(program):
    documents = set()
    for seed in SEEDS:
        lines = output_of(program, str(seed)).splitlines()
        parts = dict(line.split(": ", 1) for line in lines if ": " in line and line[0] != " ")
        document = json.loads(parts["document"])
        assert document["name"] == "book_flight", document
        assert lines[-1].startswith("valid: "), lines[-1]
        if jsonschema:
            schema = json.loads(parts["schema"])
            checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
            jsonschema.Draft202012Validator(schema, format_checker=checker).validate(document)
        documents.add(parts["document"])
    assert len(documents) > len(SEEDS) // 2, "the documents are too much alike"
    print(f"{len(SEEDS)} passed, 0 failed")


def check_serve(*command):
    patterns = [r'\{"id": [1-9][0-9]{0,5}, "ok": (true|false)\}', "[a-f]{3}(-[0-9]{2}){1,4}",
                "(red|green|blue)(, (red|green|blue)){2,6}", r'"[A-Z][a-z ]{3,20}\."']
    with tempfile.TemporaryDirectory() as folder:
        picture = pathlib.Path(folder, "serve.svg")
        lines = output_of(*command, str(picture)).splitlines()
        assert xml.dom.minidom.parse(str(picture)).documentElement.tagName == "svg"
    outputs = [line.split(None, 2)[2] for line in lines if line.startswith("request")]
    assert len(outputs) == 32, f"{len(outputs)} outputs"
    for number, output in enumerate(outputs):
        assert re.fullmatch(patterns[number % 4], output), f"request {number}: {output}"
    steps = [line for line in lines if re.fullmatch(r"step +\d+  \d requests  m*\.*  masks .* us", line)]
    assert len(steps) + len(outputs) == len(lines), lines[0]


if sys.argv[2] == "serve":
    check_serve(sys.argv[1])
elif sys.argv[2] == "generate":
    check_generate(sys.argv[1])
else:
    check_expected(sys.argv[1], sys.argv[2])

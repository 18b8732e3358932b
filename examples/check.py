#!/usr/bin/env python3
"""Run an example and check what it writes: check.py PROGRAM minimal|generate

The documents of generate are parsed and, where the Python package jsonschema is
installed, validated by it against the schema that generate prints.
"""
import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    jsonschema = None

SEEDS = range(30)


def output_of(*command):
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout[-500:]}{done.stderr}")
    return done.stdout


def check_minimal(program):
    document = json.loads(output_of(program))
    assert list(document) == ["city", "days"] and 1 <= document["days"] <= 14, document


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


{"minimal": check_minimal, "generate": check_generate}[sys.argv[2]](sys.argv[1])

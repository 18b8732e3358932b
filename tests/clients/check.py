#!/usr/bin/env python3
"""Run a native client over the schemas and check what it writes: check.py COMMAND...

Runs COMMAND with the schemas' file and a seed as further arguments, for several seeds
(XGR_CLIENT_SEEDS, default 3). The client writes for each schema one line, the document that random
logits led to under masks; here every line is parsed and, where the Python package jsonschema is
installed, validated. The last line is "N passed, M failed".
"""
import json
import os
import pathlib
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMAS = pathlib.Path(__file__).with_name("schemas.jsonl")


def problem_of(schema, line):
    """Why the line is no document of the schema, or None."""
    try:
        document = json.loads(line)
        if jsonschema:
            kind = jsonschema.Draft202012Validator
            kind(schema, format_checker=kind.FORMAT_CHECKER).validate(document)
    except ValueError as error:
        return f"not JSON: {error}"
    except jsonschema.ValidationError as error:
        return error.message
    return None


def run(command, seed):
    """The lines that the client writes."""
    done = subprocess.run([*command, str(SCHEMAS), str(seed)], check=False, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"seed {seed}: exit status {done.returncode}\n{done.stderr.decode()[-800:]}\n0 passed, 1 failed")
    return done.stdout.decode("utf-8").split("\n")[:-1]


def main():
    schemas = [json.loads(line) for line in SCHEMAS.read_text(encoding="utf-8").splitlines()]
    passed = failed = 0
    for seed in range(int(os.environ.get("XGR_CLIENT_SEEDS", "3"))):
        lines = run(sys.argv[1:], seed)
        if len(lines) != len(schemas):
            sys.exit(f"seed {seed}: {len(lines)} lines for {len(schemas)} schemas\n0 passed, 1 failed")
        for number, (schema, line) in enumerate(zip(schemas, lines), 1):
            problem = problem_of(schema, line)
            passed, failed = passed + (problem is None), failed + (problem is not None)
            if problem:
                print(f"seed {seed}, schema {number}: {problem}\n  {line}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

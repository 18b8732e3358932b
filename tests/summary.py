#!/usr/bin/env python3
"""Add up test results: one plain line, 'N passed, N failed', and the exit status.

Usage: summary.py FILE...

A .json file is Meson's testlog.json; any other file is the output of one test
program. A program that counts its own cases (doctest's summary, or a last line
'N passed, N failed' as pytest prints it) counts as that many, any other as one.
"""
import json
import re
import sys

DOCTEST = re.compile(r"test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed")
PASSED = re.compile(r"(\d+) passed")
FAILED = re.compile(r"(\d+) (?:failed|error)")


def count_output(text, succeeded):
    """(passed, failed) of one program."""
    doctest = DOCTEST.findall(text)
    last = text.strip().splitlines()[-1] if text.strip() else ""
    if doctest:
        passed, failed = map(int, doctest[-1])
    elif PASSED.search(last) or FAILED.search(last):
        passed = sum(map(int, PASSED.findall(last)))
        failed = sum(map(int, FAILED.findall(last)))
    else:
        passed, failed = (1, 0) if succeeded else (0, 1)
    if not succeeded and failed == 0:
        failed = 1  # it crashed, or a sanitizer stopped it
    return passed, failed


def count_file(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    if not path.endswith(".json"):
        return [count_output(text, True)]
    tests = map(json.loads, text.splitlines())
    return [
        count_output(test.get("stdout", ""), test["result"] in ("OK", "EXPECTEDFAIL"))
        for test in tests if test["result"] != "SKIP"
    ]


counts = [count for path in sys.argv[1:] for count in count_file(path)]
total_passed = sum(passed for passed, _ in counts)
total_failed = sum(failed for _, failed in counts)
print(f"{total_passed} passed, {total_failed} failed")
sys.exit(1 if total_failed or not total_passed else 0)

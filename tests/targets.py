#!/usr/bin/env python3
"""Print the build targets that test suites need, one a line: targets.py BUILD_FOLDER SUITE...

A suite of Meson needs what its tests depend on; another one, such as a binding, needs the library. The
paths are relative to the build folder, as Ninja takes them.
"""
import json
import os
import sys

LIBRARY = ("xgr",)


def read(build, name):
    with open(os.path.join(build, "meson-info", f"intro-{name}.json"), encoding="utf-8") as file:
        return json.load(file)


def needed(build, suites):
    """Paths of the files that the tests of the suites depend on."""
    targets = read(build, "targets")
    files = {target["id"]: target["filename"] for target in targets}
    found = set()
    for test in read(build, "tests"):
        if any(suite.rpartition(":")[2] in suites for suite in test["suite"]):
            found.update(path for name in test["depends"] for path in files[name])
    of_meson = {suite.rpartition(":")[2] for test in read(build, "tests") for suite in test["suite"]}
    if set(suites) - of_meson:
        found.update(path for target in targets if target["name"] in LIBRARY for path in target["filename"])
    return sorted(os.path.relpath(path, os.path.abspath(build)) for path in found)


if __name__ == "__main__":
    print("\n".join(needed(sys.argv[1], sys.argv[2:])))

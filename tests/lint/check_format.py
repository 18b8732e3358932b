#!/usr/bin/env python3
"""Format: C and C++ files are laid out as .clang-format says; generated files and tables are exempt.

The version of clang-format is the one in requirements.txt beside this file, which PyPI has: another one
lays some lines out differently. Skipped where it is not there; in CI that fails. To mend what it finds:

  clang-format -i FILE...
"""
import os
import pathlib
import shutil
import subprocess
import sys

import tree

WANTED = tree.read("tests/lint/requirements.txt").strip().partition("==")[2]
BATCH = 100  # files a process, so that two cores share the work


def program():
    """The clang-format of this Python's environment, or that of the machine."""
    own = pathlib.Path(sys.executable).with_name("clang-format")
    return str(own) if own.exists() else shutil.which("clang-format")


def version(command):
    out = subprocess.run([command, "--version"], check=True, capture_output=True, text=True).stdout
    return out.split("version ", 1)[1].split()[0]


def start(command, files):
    return subprocess.Popen([command, "--dry-run", "-Werror", *map(str, files)], cwd=tree.ROOT, text=True,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def unformatted(command, files):
    """One line a place that clang-format would change."""
    waiting = [files[i:i + BATCH] for i in range(0, len(files), BATCH)]
    running = []
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            running.append(start(command, waiting.pop()))
        errors = running.pop(0).communicate()[1]
        yield from (line for line in errors.splitlines() if "clang-format-violations" in line)


clang_format = program()
if clang_format is None or version(clang_format) != WANTED:
    tree.skip(f"needs clang-format {WANTED}; pip install clang-format=={WANTED} brings it")
written = [path for path in tree.files(".cc", ".h", ".c")
           if not path.name.endswith("_table.cc") and not tree.is_generated(tree.read(path))]
tree.finish(list(unformatted(clang_format, written)))

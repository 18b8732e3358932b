#!/usr/bin/env python3
"""Compare what a client did on two libraries: compare.py CLIENT THEIRS OURS...

Every mask, and every other result, has to be the same, except as exceptions.json says. Each entry there names
clients (all, where it names none), a side and cases, by patterns of file names, and why they differ. Regular
expressions say of which tokens (their bytes in Latin-1; no text for ids without a token) only one of the two may
allow any; an entry without them allows any other difference. An entry that names clients and that nothing needs
fails, too. The last line is "N passed, M failed", counting outputs.
"""
import fnmatch
import json
import pathlib
import re
import sys

EXCEPTIONS = pathlib.Path(__file__).with_name("exceptions.json")


def difference(theirs, ours):
    """(what is different, tokens that only they allow, tokens that only we allow) or None."""
    if "value" in theirs or "value" in ours:
        same = theirs.get("value") == ours.get("value")
        return None if same else (f"{theirs.get('value')} became {ours.get('value')}"[:300], set(), set())
    if ("error" in theirs) != ("error" in ours):
        return f"theirs: {theirs.get('error', 'an output')}; ours: {ours.get('error', 'an output')}", set(), set()
    only_theirs, only_ours, place = set(), set(), None
    for i, (their, our) in enumerate(zip(theirs["steps"], ours["steps"])):
        a, b = set(their["allowed"]), set(our["allowed"])
        if a != b and place is None:
            place = i
        only_theirs |= a - b
        only_ours |= b - a
    if place is not None:
        return f"step {place}: {len(only_theirs)} tokens theirs only, {len(only_ours)} ours only", only_theirs, only_ours
    if len(theirs["steps"]) != len(ours["steps"]) or theirs.get("ended") != ours.get("ended"):
        return f"{len(theirs['steps'])} steps became {len(ours['steps'])}", set(), set()
    return None


def excused(found, entries, tokens):
    """Indices of the entries that allow a difference, each token by one of them; None where some do not."""
    text, only_theirs, only_ours = found
    if not only_theirs and not only_ours:
        whole = [i for i, entry in entries if "theirs_only" not in entry and "ours_only" not in entry]
        return whole or None
    used = set()
    for key, some in (("theirs_only", only_theirs), ("ours_only", only_ours)):
        patterns = [(i, entry[key]) for i, entry in entries if key in entry]
        for token in some:
            name = tokens[token] if token < len(tokens) else ""
            allowing = [i for i, pattern in patterns if re.search(pattern, name)]
            if not allowing:
                return None
            used.update(allowing)
    return used


def main():
    client, theirs_path, *ours_paths = sys.argv[1:]
    exceptions = [entry for entry in json.loads(EXCEPTIONS.read_text("utf-8"))
                  if client in entry.get("clients", [client])]
    data = json.loads(pathlib.Path(theirs_path).read_text("utf-8"))
    theirs, tokens, used = data["cases"], data["tokens"], set()
    passed = failed = 0
    for path in ours_paths:
        side = pathlib.Path(path).stem
        ours, allowed = json.loads(pathlib.Path(path).read_text("utf-8"))["cases"], 0
        for case in sorted(theirs.keys() | ours.keys()):
            if case not in ours or case not in theirs:
                failed += 1
                print(f"{client}, {side}, {case}: only {'theirs' if case in theirs else 'ours'}")
                continue
            found = difference(theirs[case], ours[case])
            entries = [(i, entry) for i, entry in enumerate(exceptions) if fnmatch.fnmatch(side, entry.get("side", "*"))
                       and any(fnmatch.fnmatch(case, pattern) for pattern in entry["cases"])]
            reasons = found and excused(found, entries, tokens)
            if found and not reasons:
                failed += 1
                names = [[tokens[i] if i < len(tokens) else i for i in sorted(some)[:9]] for some in found[1:]]
                print(f"{client}, {side}, {case}: {found[0]} {names}")
                continue
            passed += 1
            if found:
                allowed += 1
                used.update(reasons)
        steps = sum(len(case.get("steps", ())) for case in ours.values())
        print(f"{client}, {side}: {len(ours)} results, {steps} masks, {allowed} different for a reason")
    for i, entry in enumerate(exceptions):
        if i not in used and "clients" in entry:
            failed += 1
            print(f"{client}: nothing needs the exception for {entry['cases']}: {entry['why']}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()

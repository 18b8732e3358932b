#!/usr/bin/env python3
"""Families: what is made from the files of src/chat/families fits them, and they fit their schema."""
import importlib.util
import json
import subprocess
import sys

import tree

found = []
for script in ("src/chat/family_files.py",):
    done = subprocess.run([sys.executable, str(tree.ROOT / script), "--check"], check=False, capture_output=True,
                          text=True)
    if done.returncode != 0:
        found.append(done.stderr.strip())
folder = tree.ROOT / "src" / "chat" / "families"
if importlib.util.find_spec("jsonschema"):
    import jsonschema

    validator = jsonschema.Draft202012Validator(json.loads((folder / "family.schema.json").read_text(encoding="utf-8")))
    for path in sorted(folder.glob("*.json")):
        if path.name != "family.schema.json":
            for error in validator.iter_errors(json.loads(path.read_text(encoding="utf-8"))):
                found.append(f"{path.name}: {error.json_path}: {error.message}")
tree.finish(found)

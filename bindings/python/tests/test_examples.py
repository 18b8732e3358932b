"""The examples of Python alone (examples/python): each runs as it stands, and does what it says. Those that all
languages have are in test_package.py."""
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import xml.dom.minidom

import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "examples" / "python"


def run(name, *arguments, timeout=120):
    done = subprocess.run([sys.executable, FOLDER / f"{name}.py", *arguments], text=True, check=False, timeout=timeout,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_async_server(tmp_path):
    lines = run("async_server", tmp_path / "timeline.svg")
    outputs = [line.split(None, 2)[2] for line in lines if line.startswith("request")]
    assert len(outputs) == 12
    for number, output in enumerate(outputs):
        if number % 3 == 0:
            assert 10 <= int(json.loads(output)["id"]) <= 999999
        else:
            assert re.fullmatch(["[a-f]{3}(-[0-9]{2}){1,4}", r"(red|green|blue)(\+(red|green|blue)){2,6}"][
                number % 3 - 1], output)
    assert [line.split(":")[0] for line in lines[12:14]] == ["compile", "masks"]
    compiled, kept, made, reused = map(int, re.findall(r"\d+", lines[14]))
    assert compiled + kept == 13 and compiled >= 7 and made <= 12 < made + reused
    picture = xml.dom.minidom.parse(str(tmp_path / "timeline.svg"))
    assert len(picture.getElementsByTagName("text")) == 4 and len(picture.getElementsByTagName("rect")) > 50


def test_speculative():
    lines = run("speculative")
    assert lines[0] == 'chain: {"name": "Ada", "born": 1815, "died": 1852}'
    passes, tokens, drafted = map(int, re.findall(r"\d+", lines[1]))
    assert tokens == 44 and passes + drafted == tokens and passes < 25
    assert [line.split(": ")[1].startswith("goes on") for line in lines[3:]] == [True] * 4 + [False]


def test_tool_calls():
    lines = [re.sub(r" +", " ", line.strip()) for line in run("tool_calls")]
    assert lines[0] == "hermes" and lines[6] == "qwen_3_coder" and lines[-1].startswith("0 tokens of Paris")
    for begin, layout in ((1, '{"city": "Oslo", "days": 3}'), (7, '{"city":"Oslo","days":3}')):
        texts = [line.split(" ", 2)[2] for line in lines[begin:begin + 5]]
        assert texts == [repr("Let me look.\n"), "'forecast'", repr(layout), "''", "''"]
        assert int(lines[begin].split()[1]) > 5 and int(lines[begin + 2].split()[1]) > 5  # in pieces


def test_transformers_generate():
    for package in ("torch", "tokenizers", "transformers", "xgr.transformers"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"needs {package}, which is not installed")
    lines = run("transformers_generate", "2", timeout=300)
    assert [line.split(": ")[0] for line in lines] == ["sampling"] * 2 + ["two beams"] * 2
    for line in lines:
        document = json.loads(line.split(": ", 1)[1])
        assert list(document) == ["name", "size", "capital"] and document["size"] in ("village", "town", "city")

"""What type checkers find: nothing, with mypy in its strict mode. And what users of the types see."""
import os
import pathlib
import subprocess
import sys

import pytest

mypy = pytest.importorskip("mypy", reason="the package mypy is not installed")

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = ROOT / "bindings" / "python" / "src"
USER = '''
import xgr

info = xgr.TokenizerInfo(["a", "</s>"])
compiler = xgr.GrammarCompiler(info, max_threads=2)
matcher = xgr.GrammarMatcher(compiler.compile_regex("a"))
mask = xgr.allocate_token_bitmask(1, info.vocab_size)
reveal_type(compiler.compile_regex_async("a").result())
reveal_type(matcher.fill_next_token_bitmask(mask))
reveal_type(xgr.BatchGrammarMatcher.batch_accept_token([matcher], [0]))
reveal_type(xgr.ReplyReader("hermes").feed(""))
compiler.compile_regex(5)
compiler.compile_regex("a", flag=1)
'''
TOLD = ['"xgr.compiler.CompiledGrammar"', '"bool"', '"list[bool]"', '"list[xgr.reply_reader.ReplyEvent]"',
        'incompatible type "int"', 'Unexpected keyword argument "flag"']


def check(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", *arguments], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False, cwd=SOURCES,
        env={**os.environ, "MYPYPATH": str(SOURCES)})


def test_strict(tmp_path):
    done = check("--cache-dir", tmp_path, "-p", "xgr", "-m", "_xgr_as_xgrammar", "-m", "_xgr_vllm")
    assert done.returncode == 0, done.stdout


def test_of_a_user(tmp_path):
    program = tmp_path / "user.py"
    program.write_text(USER)
    lines = [line for line in check("--cache-dir", tmp_path / "cache", program).stdout.splitlines()
             if "user.py" in line and ("error:" in line or "Revealed" in line)]
    assert len(lines) == len(TOLD), lines
    for line, told in zip(lines, TOLD):
        assert told in line

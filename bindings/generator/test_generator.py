#!/usr/bin/env python3
"""Tests of the generator: golden outputs for a small header, one broken header a rule, drift.

  python3 bindings/generator/test_generator.py            exit status 77 without libclang
  python3 bindings/generator/test_generator.py --accept   rewrite the golden outputs
"""
import importlib.util
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
sys.path.insert(0, str(HERE.parent))
if importlib.util.find_spec("clang") is None:
    print("skipped: needs the Python package libclang")
    sys.exit(77)

import generate  # noqa: E402
from generator import header, rules  # noqa: E402


def problems_of(text):
    """What the rules say about a header with this text."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "xgr" / "xgr.h"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        return rules.check(header.read(path, folder))


def golden_name(output):
    return GOLDEN / (pathlib.Path(output).name + ".golden")


class Golden(unittest.TestCase):
    maxDiff = None

    def test_outputs(self):
        outputs = generate.generate(GOLDEN / "xgr" / "xgr.h", GOLDEN)
        for path, text in outputs.items():
            with self.subTest(path):
                self.assertEqual(golden_name(path).read_text(encoding="utf-8"), text)


# (what to replace in the golden header, by what, a part of the complaint)
BROKEN = [
    ("/**\n * Destroy a box.", "/*\n * Destroy a box.", "no comment"),
    ("(const xgr_box_options_t* options, ", "(const xgr_box_options_t* type, ", "keyword"),
    (" * @param box            box to ask\n", "", "xgr_box_words(box): undocumented"),
    ("(nullable) (copied) NULL", "(nullable) NULL", "const and (copied)"),
    ("(owned, destroy with xgr_box_destroy) new", "new", "names no function"),
    ("(owned, destroy with xgr_box_destroy) new", "(owned, destroy with xgr_box_drop) new",
     "names no function"),
    ("(borrowed until box is destroyed) words", "words", "a pointer needs (borrowed"),
    (" * @since 1.2", " * @since 1.3", "newer than the headers"),
    (" * @since 1.2", "", "@since is ''"),
    (" * @threads any", " * @threads many", "@threads is 'many'"),
    ("@error INVALID_ARGUMENT  out_box", "@error BAD_LUCK  out_box", "unknown code"),
    ("xgr_box_words(const xgr_box_t* box, size_t* out_count)",
     "xgr_box_words(const xgr_box_t* box, long* out_count)", "no fixed size"),
    ("xgr_box_words(const xgr_box_t* box, size_t* out_count)",
     "xgr_box_words(enum xgr_status box, size_t* out_count)", "a C enum"),
    ("xgr_box_words(const xgr_box_t* box, size_t* out_count)",
     "xgr_box_words(const xgr_box_t* box, size_t* out_count, ...)", "variable arguments"),
    ("xgr_box_words(const xgr_box_t* box, size_t* out_count)",
     "xgr_box_words(xgr_box_options_t box, size_t* out_count)", "by value"),
    ("xgr_box_words(const xgr_box_t* box, size_t* out_count)",
     "xgr_box_words(size_t* out_count, const xgr_box_t* box)", "another order"),
    ("(nullable) (length=label_size) Text", "(nullable) Text", "needs (length=...)"),
    ("(nullable) (length=label_size) Text", "(length=other) Text", "names nothing"),
    ("  /** Must be 0. */\n  int32_t reserved;\n", "", "padding at its end"),
    ("  /** Number of words. */\n", "", "xgr_box_options_t.size: undocumented"),
    ("#define XGR_BOX_OPTIONS_INIT", "#define XGR_BOX_INIT", "no macro"),
    ("/**< Done. */", "", "XGR_OK: undocumented"),
    ("(borrowed until box is destroyed) (length=out_count)", "(length=out_count)", "memory that is lent"),
    ("(borrowed until box is destroyed) (length=out_count)", "(borrowed until box is destroyed)",
     "memory that is lent"),
    ("const uint32_t** out_words", "uint32_t** out_words", "more than one level of pointers"),
    ("size_t* out_count, xgr_box_stats_t* out_stats",
     "size_t* out_count, const xgr_box_stats_t* out_stats", "[in,out] but const"),
    ("@param[in,out] out_stats", "@param[out] out_stats", "const and (copied)"),
    ("XGR_API void xgr_box_destroy(xgr_box_t* box)", "XGR_API xgr_status_t xgr_box_destroy(xgr_box_t* box)",
     "cannot fail"),
    ("void xgr_box_destroy(xgr_box_t* box)", "void xgr_box_drop(xgr_box_t* box)",
     "no xgr_box_destroy"),
    ("typedef int32_t xgr_status_t", "typedef int64_t xgr_status_t", "expected int32_t"),
    (" * @threads any\n * @since 1.0", " * @since 1.0\n * @threads any", "tags stand in the order"),
    (" * Costs nothing.", " * @cost nothing", "is not a tag"),
    ("#endif\n", "union xgr_u { int32_t a; };\n#endif\n", "not part of the dialect"),
]


class Rules(unittest.TestCase):
    def test_golden_header_keeps_them(self):
        self.assertEqual(problems_of((GOLDEN / "xgr" / "xgr.h").read_text(encoding="utf-8")), [])

    def test_each_broken_header_is_refused(self):
        text = (GOLDEN / "xgr" / "xgr.h").read_text(encoding="utf-8")
        for old, new, complaint in BROKEN:
            with self.subTest(complaint, new=new):
                self.assertIn(old, text)
                found = problems_of(text.replace(old, new, 1))
                self.assertTrue(any(complaint in problem for problem in found), found)


class Drift(unittest.TestCase):
    """A header that changes without its generated files fails --check; generating mends it."""

    def run_generator(self, root, *arguments):
        command = [sys.executable, str(HERE.parent / "generate.py"), "--root", str(root)]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)

    def test_added_function(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            shutil.copytree(generate.ROOT / "include", root / "include")
            self.assertEqual(self.run_generator(root).returncode, 0)
            self.assertEqual(self.run_generator(root, "--check").returncode, 0)
            path = root / "include" / "xgr" / "matcher.h"
            text = path.read_text(encoding="utf-8")
            added = ("/**\n * Get nothing.\n *\n * @return 0\n * @threads any\n * @since 0.1\n */\n"
                     "XGR_API int32_t xgr_added_function(void);\n\n#ifdef __cplusplus\n}\n")
            path.write_text(text.replace("#ifdef __cplusplus\n}\n", added), encoding="utf-8")
            drift = self.run_generator(root, "--check")
            self.assertEqual(drift.returncode, 1)
            self.assertIn("xgr_added_function", drift.stdout)
            self.assertEqual(self.run_generator(root).returncode, 0)
            self.assertEqual(self.run_generator(root, "--check").returncode, 0)


if __name__ == "__main__":
    if "--accept" in sys.argv:
        for output, content in generate.generate(GOLDEN / "xgr" / "xgr.h", GOLDEN).items():
            golden_name(output).write_text(content, encoding="utf-8")
        sys.exit(0)
    unittest.main()

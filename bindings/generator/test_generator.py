#!/usr/bin/env python3
"""Tests of the generator: golden outputs for a small header, one broken header a rule, drift.

  python3 bindings/generator/test_generator.py            exit status 77 without libclang
  python3 bindings/generator/test_generator.py --accept   rewrite the golden outputs
"""
import contextlib
import importlib.util
import io
import pathlib
import re
import shutil
import sys
import tempfile
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
sys.path.insert(0, str(HERE.parent))
if importlib.util.find_spec("clang") is None:
    print("skipped: needs the Python package libclang")
    sys.exit(77)

import generate  # noqa: E402
from generator import emit_options, header, model, parity, rules  # noqa: E402


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
     "xgr_box_words(const xgr_box_t* box, _Bool out_count)", "no fixed size"),
    ("xgr_box_words(const xgr_box_t* box, size_t* out_count)",
     "xgr_box_words(const xgr_box_t* box, void (*out_count)(int))", "a function pointer"),
    ("  int32_t size;\n", "  int32_t size : 8;\n", "a bit-field"),
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
    """A header that changes: what --check, the manifest and the parity table say, in a copy."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        ignored = shutil.ignore_patterns("__pycache__", "target", "obj", "bin", "golden")
        for name in ("include", "bindings"):
            shutil.copytree(generate.ROOT / name, self.root / name, ignore=ignored)
        (self.root / "docs").mkdir()
        shutil.copy(generate.ROOT / "docs" / "bindings.md", self.root / "docs")
        self.run_generator()
        self.manifest = self.root / "old.json"
        shutil.copy(self.root / "bindings" / "api.json", self.manifest)

    def tearDown(self):
        self.folder.cleanup()

    def run_generator(self, *arguments):
        """(exit status, output) of generate.py on the copy."""
        command = ["generate.py", "--root", str(self.root), *map(str, arguments)]
        with mock.patch.object(sys, "argv", command), \
                contextlib.redirect_stdout(io.StringIO()) as output:
            return int(generate.main()), output.getvalue()

    def edit(self, old, new):
        path = self.root / "include" / "xgr" / "matcher.h"
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def expect(self, arguments, status, *sentences):
        found, output = self.run_generator(*arguments)
        self.assertEqual(found, status, output)
        for sentence in sentences:
            self.assertIn(sentence, output)

    def layers(self):
        """Outputs that name every function: raw layers, manifests, lists of exports."""
        for path in generate.OUTPUTS:
            text = (self.root / path).read_text(encoding="utf-8")
            if re.search(r"\b_?xgr_matcher_reset\b|\bMatcherReset\b", text):
                yield path, text

    def test_unchanged(self):
        self.expect(["--check"], 0)
        self.expect(["--against", self.manifest], 0, "compatible")

    def test_added_function(self):
        """One command, and every raw layer has it; the layers by hand are told that they have not."""
        self.edit("#ifdef __cplusplus\n}\n",
                  "/**\n * Get nothing.\n *\n * @return 0\n * @threads any\n * @since 0.1\n */\n"
                  "XGR_API int32_t xgr_added_function(void);\n\n#ifdef __cplusplus\n}\n")
        self.expect(["--check"], 1, "xgr_added_function")
        self.run_generator()
        found = list(self.layers())
        self.assertGreaterEqual(len(found), 5)
        for path, text in found:
            with self.subTest(path):
                self.assertRegex(text, r"\b_?xgr_added_function\b|\bAddedFunction\b")
        self.expect(["--check"], 1, "Python: does not call xgr_added_function")
        self.expect(["--against", self.manifest], 0, "compatible")

    def test_removed_function(self):
        text = (self.root / "include" / "xgr" / "matcher.h").read_text(encoding="utf-8")
        start = text.index("/**\n * Go back to the start of the output")
        end = text.index(";\n", start) + 2
        self.edit(text[start:end], "")
        self.expect(["--check"], 1, "+++ generated", "bindings/api.json", "docs/bindings.md")
        self.expect(["--against", self.manifest], 1, "xgr_matcher_reset is gone")
        self.run_generator()
        self.expect(["--check"], 1, "Python: calls lib.xgr_matcher_reset, which the headers do not have")

    def test_changed_function(self):
        self.edit("@param step_count        number", "@param deep  0\n * @param step_count        number")
        self.edit("xgr_matcher_rollback(xgr_matcher_t* matcher, size_t step_count)",
                  "xgr_matcher_rollback(xgr_matcher_t* matcher, int32_t deep, size_t step_count)")
        self.expect(["--check"], 1, "bindings/api.json", "docs/bindings.md", "int32_t deep")
        self.expect(["--against", self.manifest], 1, "xgr_matcher_rollback(xgr_matcher_t* matcher")
        self.run_generator()
        self.expect(["--check"], 1, "Rust: calls xgr_matcher_rollback with 2 arguments; it has 3")

    def test_changed_type(self):
        self.edit("XGR_API xgr_status_t xgr_matcher_rollback(xgr_matcher_t* matcher, size_t step_count)",
                  "XGR_API xgr_status_t xgr_matcher_rollback(xgr_matcher_t* matcher, int32_t step_count)")
        self.expect(["--check"], 1, "bindings/api.json", "Fingerprint")
        self.expect(["--against", self.manifest], 1, "has become")

    def test_changed_constant_and_struct(self):
        self.edit("XGR_MASK_KIND_ALL = 1,", "XGR_MASK_KIND_ALL = 3,")
        self.edit("  int32_t prefetch;", "  int32_t ahead;")
        self.expect(["--check"], 1, "XGR_MASK_KIND_ALL")
        self.expect(["--against", self.manifest], 1, "XGR_MASK_KIND_ALL was 1 and is 3",
                    "xgr_matcher_options_t.prefetch has moved, changed or gone")


class Parity(unittest.TestCase):
    """A layer that lacks a function fails the check."""

    def problems(self, text):
        api = header.read(GOLDEN / "xgr" / "xgr.h", GOLDEN)
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "bindings").mkdir()
            (root / parity.MANIFEST).write_text(
                '{"X": {"layer": ["x/*.x"], "defines": ["def (\\\\w+)"]}}', encoding="utf-8")
            if text is not None:
                (root / "x").mkdir()
                (root / "x" / "layer.x").write_text(text, encoding="utf-8")
            return parity.survey(api, root, {})[1]

    WHOLE = ("def create xgr_box_create(a, &b) xgr_box_destroy(b) def words xgr_box_words(b, n)"
             " def lend xgr_box_lend(b, f(1, 2), {3, 4}, s) a.label a.Size")

    def test_whole_layer(self):
        self.assertEqual(self.problems(self.WHOLE), [])

    def test_what_is_missing(self):
        for old, new, complaint in [
                ("xgr_box_words(b, n)", "", "does not call xgr_box_words"),
                ("xgr_box_words(b, n)", "// xgr_box_words(b, n)\n", "does not call xgr_box_words"),
                ("{3, 4}, ", "", "calls xgr_box_lend with 3 arguments; it has 4"),
                ("a.label", "", "has nothing for xgr_box_options_t.label"),
                ("def words", "", "defines no name for xgr_box_words"),
                ("def words", "xgr_box_empty() def words", "calls xgr_box_empty, which the headers")]:
            with self.subTest(complaint):
                found = self.problems(self.WHOLE.replace(old, new))
                self.assertTrue(any(complaint in problem for problem in found), found)
        self.assertEqual(self.problems(None), ["X: no file is x/*.x"])


class Options(unittest.TestCase):
    """The page of options: what comments say a default is, and what languages call a member."""

    def member(self, text, name="at_most"):
        number = model.Type("int32_t")
        return model.Member(name, number, model.Marks(text=text), 0, 4, True)

    def test_defaults(self):
        for text, default in [
                ("Size; default 64 MiB.", "64 MiB"), ("Notation. Default: NONE. More.", "NONE"),
                ("Names; NULL: all of them.", "all of them"), ("Not 0: it is loud.", "off"),
                ("Not 0: loud. Default: it is quiet.", "off: it is quiet"),
                ('Text between; default ": ". Must be NULL', '": "'), ("Number of things.", None)]:
            with self.subTest(text):
                self.assertEqual(emit_options.default_of(self.member(text)), default)

    def test_what_is_missing(self):
        struct = model.Struct("xgr_box_options_t", "xgr_box_options", model.Doc(
            purpose="Options. Zero in any field means its default."), [self.member("Number of things.")], 4)
        api = model.Api((0, 1, 0), {}, structs=[struct])
        layers = {"X": ({}, {"at_most"}), "Go": ({}, {"AtMost"}), "Y": ({}, {"atmost"}),
                  "Z": ({"options": {"xgr_box_options_t.at_most": "most"}}, {"at_most"})}
        found = list(emit_options.survey(api, layers))
        self.assertEqual([line.split(":")[0] for line in found], ["xgr_box_options_t.at_most", "Z"])
        self.assertIn("says no default", found[0])
        page = emit_options.emit(api, layers, emit_options.BEGIN + emit_options.END)
        self.assertIn("| `at_most` | ? | `at_most` | `AtMost` | `atmost` | missing |", page)


if __name__ == "__main__":
    if "--accept" in sys.argv:
        for output, content in generate.generate(GOLDEN / "xgr" / "xgr.h", GOLDEN).items():
            golden_name(output).write_text(content, encoding="utf-8")
        sys.exit(0)
    unittest.main()

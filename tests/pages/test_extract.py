#!/usr/bin/env python3
"""docs/extract.py: what it takes out of a page, and what it does not let through."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "docs"))
import extract  # noqa: E402

PAGE = """# Page

```json schema.json
{}
```

```python
x = 1
```

Text.

```python continued
print(x)
```

```output
1
```

```c fragment
f(x);
```

```sh
make
```
"""


class ExtractTest(unittest.TestCase):
    def refused(self, page, message):
        with self.assertRaisesRegex(extract.PageError, message):
            extract.programs(page, "p.md")

    def test_programs(self):
        program, fragment = extract.programs(PAGE, "p.md")
        self.assertEqual(program.text, "x = 1\n" + "\n" * 5 + "print(x)\n")  # each line where the page has it
        self.assertEqual((program.line, program.language, program.expected), (8, "python", "1\n"))
        self.assertEqual(program.files, {"schema.json": "{}\n"})
        self.assertFalse(program.is_fragment)
        self.assertTrue(fragment.is_fragment)

    def test_line_directives(self):
        program, = extract.programs("\n```c\nint x;\n```\n", "docs/p.md")
        self.assertEqual(extract.source_text(program), '#line 3 "p.md"\nint x;\n')

    def test_blocks_that_nobody_would_run(self):
        self.refused("```\nx\n```\n", "p.md:1: the block is marked ''")
        self.refused("```py\nx\n```\n", "marked 'py'; a program is one of c, cpp")
        self.refused("```python exempt\nx\n```\n", "'exempt' behind python")

    def test_blocks_without_a_program(self):
        self.refused("```output\nx\n```\n", "the output of what")
        self.refused("```c fragment\nx\n```\n```output\nx\n```\n", "the output of what")
        self.refused("```go\nx\n```\n```python continued\nx\n```\n", "no program in python")

    def test_cases(self):
        self.assertEqual(extract.cases("```case\na\n```\n\n```case\nb\n```\n"), "a\n\nb\n")


if __name__ == "__main__":
    unittest.main()

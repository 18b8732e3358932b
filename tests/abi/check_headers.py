#!/usr/bin/env python3
"""Each public header compiles alone, as strict C99 and as C++11 (.hpp: C++17), without a warning, and
defines no macro but XGR_*.

  check_headers.py INCLUDE_FOLDER -- C COMPILER... -- C++ COMPILER...
"""
import pathlib
import re
import subprocess
import sys
import tempfile

MODES = {"c": ["-std=c99", "-pedantic-errors"], "c++": ["-std=c++11", "-pedantic-errors"],
         "c++17": ["-std=c++17", "-pedantic-errors"]}
WARNINGS = ["-Wall", "-Wextra", "-Werror"]


def compile_alone(command, language, include, header, folder):
    """Whether a file that includes the header, twice, compiles; with an option struct if it has one."""
    source = pathlib.Path(folder) / ("alone.c" if language == "c" else "alone.cc")
    source.write_text(f"#include <xgr/{header.name}>\n#include <xgr/{header.name}>\n"
                      "int main(void) { return XGR_VERSION_ATLEAST(0, 1, 0) ? 0 : 1; }\n")
    return subprocess.run([*command, *MODES[language], *WARNINGS, "-fsyntax-only", f"-I{include}",
                           str(source)], check=False).returncode == 0


def leaked_macros(command, language, include, header):
    """Macros that only the header defines, neither the compiler nor the system's headers that it includes."""
    def macros(text):
        done = subprocess.run([*command, *MODES[language], "-x", language.rstrip("17"), f"-I{include}", "-dM", "-E", "-"],
                              input=text, check=False, capture_output=True, text=True)
        return set(re.findall(r"^#define (\w+)", done.stdout, re.M))
    texts = [file.read_text(encoding="utf-8") for file in [*include.glob("xgr/*.h"), header]]
    system = sorted({line for text in texts for line in re.findall(r"^#include <(?!xgr/).*>", text, re.M)})
    before = macros("\n".join(system))
    found = macros("\n".join([*system, f"#include <xgr/{header.name}>"]))
    return sorted(name for name in found - before if not name.startswith("XGR_")) if before else []


def main():
    parts = " ".join(sys.argv[1:]).split(" -- ")
    include, commands = pathlib.Path(parts[0]), {"c": parts[1].split(), "c++": parts[2].split()}
    headers = sorted((include / "xgr").glob("*.h")) + sorted((include / "xgr").glob("*.hpp"))
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for header in headers:
            for language in ("c++17",) if header.suffix == ".hpp" else ("c", "c++"):
                command = commands[language.rstrip("17")]
                if not compile_alone(command, language, include, header, folder):
                    print(f"{header.name} does not compile alone as {language}")
                    failures += 1
                for macro in leaked_macros(command, language, include, header):
                    print(f"{header.name} defines {macro} in {language}; its macros are XGR_*")
                    failures += 1
    print(f"{len(headers)} headers, {failures} failures")
    return 1 if failures or not headers else 0


sys.exit(main())

"""What a call costs beyond the C function, in nanoseconds: the least of many runs, and the same loop in C.

  python bindings/python/tests/overhead.py [PREFIX]

PREFIX is where libxgr is installed (include/, lib/); without it pkg-config finds it.
"""
import pathlib
import subprocess
import sys
import tempfile
import timeit

import xgr

CALLS, RUNS = 500, 4000  # short enough for a run to pass without interruption
PROGRAM = pathlib.Path(__file__).with_name("overhead.c")


def flags():
    if len(sys.argv) > 1:
        prefix = sys.argv[1]
        return [f"-I{prefix}/include", f"-L{prefix}/lib", f"-Wl,-rpath,{prefix}/lib", "-lxgr"]
    return subprocess.check_output(["pkg-config", "--cflags", "--libs", "xgr"], text=True).split()


def in_c():
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "overhead")
        subprocess.run(["cc", "-O2", f"-DCALLS={CALLS}", f"-DRUNS={RUNS}", str(PROGRAM), "-o",
                        str(program), *flags()], check=True)
        lines = subprocess.check_output([str(program)], text=True).splitlines()
    return {name: float(value) for name, value in map(str.split, lines)}


def in_python():
    compiler = xgr.GrammarCompiler(xgr.TokenizerInfo(["a", "b"], stop_token_ids=1))
    matcher = xgr.GrammarMatcher(compiler.compile_grammar("root ::= [a]*"))
    names = {"m": matcher, "mask": bytearray(4)}

    def least(statement):
        times = timeit.Timer(statement, globals=names).repeat(RUNS, CALLS)
        return 1e9 * min(times) / CALLS

    loop = least("pass")
    return {"fill": least("m.fill_next_token_bitmask(mask)") - loop,
            "is_token_allowed": least("m.is_token_allowed(0)") - loop,
            "refused": least("m.accept_token(1)") - loop}


def main():
    ours, theirs = in_python(), in_c()
    print(f"{'':18}{'Python':>8}{'C':>8}{'beyond':>8}")
    for name, value in ours.items():
        print(f"{name:18}{value:8.0f}{theirs[name]:8.0f}{value - theirs[name]:8.0f}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Run the lines of README.md and docs/install.md as a newcomer would, on an empty Debian 12, and say what they take.

  python3 tests/first_contact.py [--keep FOLDER] [TEXT...]     as root; needs debootstrap and a network

debootstrap makes the system, in FOLDER or a temporary one; a FOLDER that is there already is used again. The committed
state of the checkout lies in it as ~/libxgr. All ```sh debian blocks run there in their order, those of one second-level
heading with the folder and variables of the one before; with TEXT only sections that have a heading with it. Not part
of the tests: takes half an hour. Figures: seconds, those of the processor, and the memory of the largest process.

What this machine's apt, pip, cargo and go need to reach their mirrors is copied from it: sources, certificates, name
resolution, settings, and the variables that name them.
"""
import argparse
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))
import extract  # noqa: E402

PAGES = ("README.md", "docs/install.md")
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
SETTINGS = ["/etc/resolv.conf", "/etc/hosts", "/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/apt/auth.conf.d",
            "/etc/apt/apt.conf.d", "/usr/share/keyrings", "/etc/ssl/certs", "/usr/local/share/ca-certificates",
            "/etc/pip.conf", "~/.config/pip", "~/.config/go/env", "~/.cargo/config.toml"]
VARIABLES = re.compile(r"PIP_|CARGO_(HTTP|NET|REGIST)|GO(PROXY|SUMDB|FLAGS|NOSUMDB|PRIVATE)|SSL_|.*_CA_BUNDLE$|.*_proxy$",
                       re.I)
APT = 'APT::Get::Assume-Yes "true";\nAPT::Install-Recommends "false";\nDpkg::Use-Pty "0";\nquiet "2";\n'


def run(*command, **keywords):
    subprocess.run([str(word) for word in command], check=True, **keywords)


def make_system(folder):
    """An empty Debian with the settings of this machine, and the checkout in it."""
    if not (folder / "etc/debian_version").exists():
        run("debootstrap", "--variant=minbase", SUITE, folder, MIRROR, stdout=subprocess.DEVNULL)
    for name in SETTINGS:
        source = pathlib.Path(name).expanduser()
        target = folder / (pwd.getpwuid(0).pw_dir[1:] + name[1:] if name[0] == "~" else name[1:])
        if not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            # Without what this machine's own packages do after apt.
            shutil.copytree(source, target, dirs_exist_ok=True, symlinks=False, ignore_dangling_symlinks=True,
                            ignore=shutil.ignore_patterns("*docker*", "*packagekit*", "*appstream*"))
        else:
            shutil.copy(source, target)
    if not pathlib.Path("/etc/apt/sources.list").exists():
        (folder / "etc/apt/sources.list").unlink(missing_ok=True)  # debootstrap's own line
    (folder / "etc/apt/apt.conf.d/00answers").write_text(APT, encoding="utf-8")
    checkout = folder / pwd.getpwuid(0).pw_dir[1:] / "libxgr"
    shutil.rmtree(checkout, ignore_errors=True)
    checkout.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    run("tar", "xf", "-", "-C", checkout, input=archive)


def sections(text):
    """[(first line, nearest heading, shell lines)] of each second-level section that has blocks to run."""
    headings = [(text.count("\n", 0, match.start()) + 1, match[1]) for match in re.finditer(r"^##+ (.*)$", text, re.M)]
    tops = {text.count("\n", 0, match.start()) + 1 for match in re.finditer(r"^## ", text, re.M)}
    out = {}
    for block in extract.blocks(text):
        if block.words != ["sh", "debian"]:
            continue
        _, heading = max(entry for entry in headings if entry[0] < block.line)
        top = max((top for top in tops if top < block.line), default=0)
        out.setdefault(top, []).append((block.line, heading, block.text))
    return list(out.values())


def run_block(shell_state, folder, text):
    """(exit status, output, (seconds, processor seconds, memory in MB)) of a block, which goes on from shell_state."""
    script = (f"set -e; . {shell_state} 2>/dev/null || true\n{text}\n"
              f"{{ export -p; printf 'cd %s\\n' \"$PWD\"; }} >{shell_state}\n")
    environment = {name: value for name, value in os.environ.items() if VARIABLES.match(name)}
    environment |= {"HOME": pwd.getpwuid(0).pw_dir, "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    start = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(["chroot", str(folder), "sh", "-c", script], env=environment, stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        written = log.read().decode(errors="replace")
    return process.returncode, written, (time.monotonic() - start, usage.ru_utime + usage.ru_stime,
                                         usage.ru_maxrss / 1024)


def run_section(folder, page, blocks):
    """Whether all blocks ended well; prints a line for each, and the last one that it wrote."""
    state = "/tmp/first_contact"
    (folder / state[1:]).write_text("cd ~/libxgr\n", encoding="utf-8")
    for line, heading, text in blocks:
        status, written, figures = run_block(state, folder, text)
        print(f"{page + ':' + str(line):20} {heading:29.29} {figures[0]:8.0f} {figures[1]:8.0f} {figures[2]:8.0f}")
        if status:
            print(f"FAILED, exit status {status}:\n{text}\n{written[-3000:]}")
            return False
        print("    " + (written.strip().splitlines() or [""])[-1][:100], flush=True)
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("texts", nargs="*", metavar="TEXT")
    options = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        sys.exit("first_contact.py makes a system of its own: needs root, and debootstrap (apt install debootstrap)")
    folder = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="xgr-debian-"))
    failed = 0
    try:
        make_system(folder)
        run("chroot", folder, "apt-get", "update", stdout=subprocess.DEVNULL)
        run("mount", "-t", "proc", "proc", folder / "proc")
        print(f"{'':50} {'seconds':>8} {'CPU':>8} {'MB':>8}")
        for page in PAGES:
            for blocks in sections((ROOT / page).read_text(encoding="utf-8")):
                if any(text in heading for _, heading, _ in blocks for text in options.texts or [""]):
                    failed += not run_section(folder, page, blocks)
    finally:
        subprocess.run(["umount", str(folder / "proc")], check=False, stderr=subprocess.DEVNULL)
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{failed} sections failed" if failed else "all blocks ran")
    return 1 if failed else 0


sys.exit(main())

#!/usr/bin/env python3
"""The examples of README.md: each is run, and prints what README.md says.

usage: test-readme.py DMASCOPE

In blocks that are marked `console`, a line that begins with "$ " is a command; what follows
up to the next one is what it prints, where a line "…" stands for any lines, and "…" inside a
line for any text. They run in one folder, one after the other, beside data/ of the project.

SPDX-License-Identifier: MIT
"""

import re
import shlex
import subprocess
import sys

from cli_lib import ROOT, TESTS, TIMEOUT, check, main

README = ROOT / "README.md"


def examples():
    """Yields (number of the block, [(command, printed lines)])."""
    text = README.read_text(encoding="utf-8")
    for number, block in enumerate(re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S), 1):
        commands = []
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append([line[2:], []])
            elif commands:
                commands[-1][1].append(line)
        yield number, commands


def pattern_of(lines):
    """A regular expression for what a command prints."""
    parts = []
    for line in lines:
        if line.strip() == "…":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append("[^\n]*".join(re.escape(part) for part in line.split("…")) + r"\n")
    return re.compile("".join(parts))


def run_block(program, commands):
    (program.folder / "data").symlink_to(ROOT / "data")
    # The name that README uses leads to the program under test.
    words = f'dmascope () {{ {shlex.quote(program.path)} "$@"; }}\n'
    for command, lines in commands:
        done = subprocess.run(["bash", "-c", words + command], cwd=program.folder,
                              env=program.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
        printed = done.stdout.decode("utf-8")
        check(pattern_of(lines).fullmatch(printed), f"$ {command}\n{printed}")


def make_test(number, commands):
    def one(program):
        run_block(program, commands)
    one.__name__ = f"example_{number}_{commands[0][0][:60]}"
    return one


if __name__ == "__main__":
    found = [make_test(number, commands) for number, commands in examples()]
    TESTS.extend(found or [lambda program: check(False, "README.md has no examples")])
    sys.exit(main())

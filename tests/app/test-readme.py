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

from cli_lib import ROOT, TIMEOUT, check, main, test

README = ROOT / "README.md"


def examples():
    """Pairs of a command and the lines that it prints."""
    found = []
    text = README.read_text(encoding="utf-8")
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def pattern_of(lines):
    """A regular expression for what a command prints."""
    parts = []
    for line in lines:
        if line.strip() == "…":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append("[^\n]*".join(re.escape(part) for part in line.split("…")) + r"\n")
    return re.compile("".join(parts))


@test
def readme_prints_what_it_says(program):
    (program.folder / "data").symlink_to(ROOT / "data")
    # The name that README uses leads to the program under test.
    words = f'dmascope () {{ {shlex.quote(program.path)} "$@"; }}\n'
    found = list(examples())
    check(found, "README.md has no examples")
    for command, lines in found:
        done = subprocess.run(["bash", "-c", words + command], cwd=program.folder,
                              env=program.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
        printed = done.stdout.decode("utf-8")
        check(pattern_of(lines).fullmatch(printed), f"$ {command}\n{printed}")


if __name__ == "__main__":
    sys.exit(main())

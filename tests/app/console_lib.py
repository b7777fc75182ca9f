"""Documents whose examples are run: what they print is what the document says.

In blocks that are marked `console`, a line that begins with "$ " is a command, and lines that
begin with "> " right after it belong to it; what follows up to the next command is what it
prints, where a line "…" stands for any lines, and "…" inside a line for any text. They run in
one folder, one after the other.

SPDX-License-Identifier: MIT
"""

import re
import shlex
import subprocess

from cli_lib import TIMEOUT, check


def examples(path):
    """Pairs of a command and the lines that it prints."""
    found = []
    text = path.read_text(encoding="utf-8")
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif (line.startswith("> ") or line == ">") and not found[-1][1]:
                found[-1] = (found[-1][0] + "\n" + line[2:], [])
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


def check_document(path, program, folder, environment):
    # The name that documents use leads to the program under test.
    words = f'dmascope () {{ {shlex.quote(program.path)} "$@"; }}\n'
    found = list(examples(path))
    check(found, f"{path.name} has no examples")
    for command, lines in found:
        done = subprocess.run(["bash", "-c", words + command], cwd=folder, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT,
                              check=False)
        printed = done.stdout.decode("utf-8")
        check(pattern_of(lines).fullmatch(printed), f"{path.name}: $ {command}\n{printed}")

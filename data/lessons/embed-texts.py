#!/usr/bin/env python3
"""Writes a C file that holds texts: the lessons and the sample drivers' sources.

usage: embed-texts.py OUT.c FILE...

SPDX-License-Identifier: MIT
"""

import pathlib
import sys


def literal(text):
    """The text as C string literals, one for each line."""
    lines = []
    for line in text.splitlines(keepends=True):
        quoted = "".join(character(byte) for byte in line.encode("utf-8"))
        lines.append(f'    "{quoted}"')
    return "\n".join(lines) or '    ""'


def character(byte):
    if byte == 0x0A:
        return "\\n"
    if chr(byte) in '"\\?':
        return "\\" + chr(byte)
    # Octal has a fixed width, so that a digit behind it cannot join it.
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


def main():
    out, *files = (pathlib.Path(argument) for argument in sys.argv[1:])
    rows = [f'  {{ "{path.name}",\n{literal(path.read_text(encoding="utf-8"))} }},'
            for path in files]
    out.write_text(
        '#include "data/lessons/dms-embedded.h"\n\n#include <stddef.h>\n\n'
        "const DmsEmbedded dms_embedded[] = {\n"
        + "\n".join(rows)
        + "\n  { NULL, NULL },\n};\n",
        encoding="utf-8")


if __name__ == "__main__":
    main()

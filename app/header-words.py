#!/usr/bin/env python3
"""Makes a table of the words in headers: what a driver may use.

usage: header-words.py OUTPUT HEADER...

SPDX-License-Identifier: MIT
"""

import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
WORD = re.compile(r"\b[A-Za-z_][A-Za-z0-9_]*\b")


def main():
    output, *headers = map(pathlib.Path, sys.argv[1:])
    words = set()
    for header in headers:
        words.update(WORD.findall(COMMENT.sub(" ", header.read_text(encoding="utf-8"))))
    lines = [f'  "{word}",' for word in sorted(words)]
    output.write_text("\n".join([
        "/* dms-header-words.c — words of the headers that drivers include",
        " *",
        " * Made by header-words.py.",
        " *",
        " * SPDX-License-Identifier: MIT",
        " */",
        '#include "app/dms-driver-names.h"',
        "",
        "const char *const dms_header_words[] = {",
        *lines,
        "};",
        "",
        f"const size_t dms_n_header_words = {len(words)};",
        "",
    ]), encoding="utf-8")


if __name__ == "__main__":
    main()

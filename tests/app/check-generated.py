#!/usr/bin/env python3
"""Holds what a program prints against the committed file that was made by it.

usage: check-generated.py PROGRAM FILE

Prints TAP. With DMS_UPDATE_GOLDEN=1 the file is written instead.

SPDX-License-Identifier: MIT
"""

import difflib
import os
import pathlib
import subprocess
import sys


def main():
    program, path = sys.argv[1], pathlib.Path(sys.argv[2])
    made = subprocess.run([program], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")
    if os.environ.get("DMS_UPDATE_GOLDEN") == "1":
        path.write_text(made, encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""

    print("1..1")
    if made == kept:
        print(f"ok 1 {path.name} is what the program makes now")
        return 0
    print(f"not ok 1 {path.name} is what the program makes now")
    lines = difflib.unified_diff(kept.splitlines(), made.splitlines(), str(path), "made now",
                                 lineterm="")
    for line in list(lines)[:60]:
        print(f"# {line}")
    print("# to accept: DMS_UPDATE_GOLDEN=1, and read the difference")
    return 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Holds what the engine's libraries take from outside against an allow-list.

usage: check-symbols.py ALLOWED FOLDER

FOLDER is the engine's folder in a finished build: every static library below it is held
against the list. Prints TAP, one line for each library. A symbol that any of the libraries defines is no
symbol from outside. Libraries built with a sanitizer or for coverage are skipped: they call
the runtime of the instrumentation.

SPDX-License-Identifier: MIT
"""

import pathlib
import re
import subprocess
import sys

INSTRUMENTED = re.compile(r"^__(asan|ubsan|tsan|msan|hwasan|sanitizer|gcov|llvm_profile)")


def nm(option, library):
    command = ["nm", option, "--format=posix", str(library)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        # "name type value size"; lines such as "lib.a[member.o]:" name the member.
        fields = line.split()
        if len(fields) >= 2 and len(fields[1]) == 1:
            yield fields[0]


def allowed_names(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def main(arguments):
    allowed = allowed_names(pathlib.Path(arguments[0]))
    libraries = sorted(pathlib.Path(arguments[1]).rglob("*.a"))
    wanted = {library: set(nm("--undefined-only", library)) for library in libraries}
    defined = {name for library in libraries for name in nm("--defined-only", library)}

    print(f"1..{len(libraries)}" if libraries else "1..0 # SKIP no library is built")
    status = 0
    for number, library in enumerate(libraries, 1):
        title = f"{number} symbols: {library.name}"
        if any(INSTRUMENTED.match(name) for name in wanted[library]):
            print(f"ok {title} # SKIP instrumented build")
            continue
        foreign = sorted(wanted[library] - defined - allowed)
        for name in foreign:
            print(f"# {library.name} may not use {name}()")
        print(f"{'not ok' if foreign else 'ok'} {title}")
        status |= bool(foreign)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Holds docs/coverage.md against the sources.

usage: check-coverage.py ROOT

Each member of DMA_OPERATIONS and each rule has a row; each test that a row names is in the
tests, and each file that it links to is there. Prints TAP.

SPDX-License-Identifier: MIT
"""

import pathlib
import re
import sys


def rows(text, heading):
    """The cells of the table below a heading."""
    part = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def members(root):
    """Names of the members of DMA_OPERATIONS, in order."""
    for path in sorted((root / "engine" / "wdm").glob("wdm*.h")):
        found = re.search(r"struct _DMA_OPERATIONS\n\{(.*?)\n\}", path.read_text("utf-8"), re.S)
        if found:
            return re.findall(r"^\s+\w+ (\w+);", found.group(1), re.M)
    return []


def rules(root):
    text = (root / "engine" / "rules" / "dms-rules-list.h").read_text("utf-8")
    return re.findall(r'^DMS_RULE \(\w+, \d+, "([^"]+)"', text, re.M)


def test_names(root):
    """Names of tests: whole ones, and those that a family and a table of names make."""
    whole, families, own = set(), set(), set()
    for path in (root / "tests").rglob("*.c"):
        text = path.read_text("utf-8")
        whole.update(re.findall(r'"(/[\w/-]+)"', text))
        families.update(re.findall(r'"(/[\w/-]+/)%s"', text))
        own.update(re.findall(r'"([\w-]+)"', text))
    return whole | {family + name for family in families for name in own}


def check(root):
    """Yields what is wrong, a sentence each."""
    path = root / "docs" / "coverage.md"
    text = path.read_text("utf-8")
    routines = rows(text, "DMA_OPERATIONS")
    told = rows(text, "Rules")
    if [row[1] for row in routines] != members(root):
        yield "the members in the table are not those of DMA_OPERATIONS, in their order"
    if [int(row[0]) for row in routines] != list(range(len(routines))):
        yield "the members are not numbered from 0"
    missing = set(rules(root)) - {re.sub(r"\[(.*?)\].*", r"\1", row[1]) for row in told}
    for code in sorted(missing):
        yield f"rule {code} has no row"
    names = test_names(root)
    for row in routines + told:
        for name in re.findall(r"`(/[^`]*)`", " ".join(row)):
            if name not in names:
                yield f"there is no test {name}"
    for link in re.findall(r"\]\(([^)#]+)", text):
        if not (path.parent / link).exists():
            yield f"there is no file {link}"
    for row in routines:
        if not re.search(r"`/", row[3]):
            yield f"nothing proves {row[1]}"


def main():
    wrong = list(check(pathlib.Path(sys.argv[1])))
    print("1..1")
    for sentence in wrong:
        print(f"# {sentence}")
    print(f"{'not ok' if wrong else 'ok'} 1 coverage: every row is true")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Counts the sub-tests of meson's test logs and prints `N passed, N failed` as last line.

usage: count-tests.py NAME=LOG...

LOG is the testlog.json of one run. A TAP program counts as its `ok` and `not ok` lines, and
any other test as one. A program that failed without a `not ok` line (a crash, a timeout, a
leak) counts as one failure, and so does a log that is missing. The status is not zero when
anything failed or nothing ran.

SPDX-License-Identifier: MIT
"""

import json
import re
import sys

RESULT = re.compile(r"^(not )?ok\b(?P<rest>.*)$")
DIRECTIVE = re.compile(r"#\s*(?P<word>SKIP|TODO)\b", re.IGNORECASE)
BAD = {"FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS"}


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = []
        self.failures = []


def count_lines(name, text, count):
    """Counts TAP lines; returns (lines seen, failures seen)."""
    seen = failures = 0
    for line in text.splitlines():
        match = RESULT.match(line)
        if not match:
            continue
        seen += 1
        title = match["rest"].strip()
        directive = DIRECTIVE.search(title)
        word = directive["word"].upper() if directive else ""
        if word == "SKIP":
            count.skipped.append(f"{name}: {title}")
        elif match[1] and word != "TODO":
            failures += 1
            count.failed += 1
            count.failures.append(f"{name}: {title}")
        elif word != "TODO":
            count.passed += 1
    return seen, failures


def count_test(run, test, count):
    name = f"{run}: {test['name']}"
    seen, failures = count_lines(name, test.get("stdout") or "", count)
    result = test["result"]
    if result in BAD and failures == 0:
        count.failed += 1
        count.failures.append(f"{name}: {result}, status {test.get('returncode')}")
    elif result == "SKIP" and seen == 0:
        count.skipped.append(name)
    elif result not in BAD and seen == 0:
        count.passed += 1


def count_log(run, path, count):
    try:
        with open(path, encoding="utf-8", errors="replace") as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except (OSError, ValueError) as error:
        count.failed += 1
        count.failures.append(f"{run}: no result: {error}")
        return
    for test in tests:
        count_test(run, test, count)


def main(arguments):
    count = Count()
    for argument in arguments:
        run, _, path = argument.partition("=")
        count_log(run, path, count)
    for line in count.skipped:
        print(f"skipped  {line}")
    for line in count.failures:
        print(f"failed   {line}")
    print(f"{count.passed} passed, {count.failed} failed")
    return 0 if count.failed == 0 and count.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

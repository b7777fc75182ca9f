#!/usr/bin/env python3
"""The examples of README.md: each is run, and prints what README.md says.

usage: test-readme.py DMASCOPE

SPDX-License-Identifier: MIT
"""

import sys

from cli_lib import ROOT, main, test
from console_lib import check_document


@test
def readme_prints_what_it_says(program):
    (program.folder / "data").symlink_to(ROOT / "data")
    check_document(ROOT / "README.md", program, program.folder, program.environment)


if __name__ == "__main__":
    sys.exit(main())

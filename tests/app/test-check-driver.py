#!/usr/bin/env python3
"""dmascope check-driver: finds what is missing, and nothing else.

usage: test-check-driver.py PROGRAM [WORD]

DMS_UPDATE_GOLDEN=1 writes the golden files anew. DMS_SEED repeats a random run.

SPDX-License-Identifier: MIT
"""

import os
import random
import shutil
import subprocess
import sys

from cli_lib import ROOT, check, main, test

FIXTURES = ROOT / "tests" / "fixtures" / "driver"
GOLDEN = ROOT / "tests" / "golden" / "check-driver"
EXAMPLE = ROOT / "examples" / "own-driver"


def compare(name, text):
    path = GOLDEN / name
    if os.environ.get("DMS_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    check(text == path.read_text(encoding="utf-8"), f"{name} differs:\n{text}")


def fixture(program):
    for file in FIXTURES.iterdir():
        shutil.copy(file, program.folder)


@test
def a_foreign_driver_is_told_what_to_do(program):
    fixture(program)
    result = program.run("check-driver", "foreign.c")
    check(result.status == 1 and result.err == "", result)
    compare("foreign.txt", result.out)


@test
def the_same_in_json(program):
    fixture(program)
    result = program.run("check-driver", "--format", "json", "foreign.c")
    check(result.status == 1 and result.err == "", result)
    compare("foreign.json", result.out)
    for row in result.objects:
        check(row["lines"][0] == row["line"] and row["advice"].endswith("."), row)
        line = (FIXTURES / row["file"]).read_text(encoding="utf-8").splitlines()[row["line"] - 1]
        check(row["name"] in line, row, line)


@test
def nothing_is_missing_in_the_example(program):
    result = program.ok("check-driver", EXAMPLE / "driver.c", EXAMPLE / "main.c")
    check(result.out.startswith("Nothing is missing: "), result)


@test
def what_it_calls_clean_compiles(program):
    """The two lists of names, that of the headers and that of the compiler, are one."""
    flags = ["-fsyntax-only", "-std=c11", "-Wall", "-Werror", "-fshort-wchar", "-Wno-multichar",
             f"-I{ROOT}", f"-I{ROOT}/engine/wdm", f"-I{ROOT}/lib"]
    for source in (EXAMPLE / "driver.c", EXAMPLE / "main.c"):
        done = subprocess.run(["cc", *flags, str(source)], capture_output=True, text=True,
                              check=False)
        check(done.returncode == 0, done.stderr)


@test
def what_other_files_define_is_not_missing(program):
    one = program.file("one.c", "#include <wdm.h>\nVOID Foo(VOID)\n{\n  Bar(BarLimit);\n}\n")
    other = program.file("other.c", "#define BarLimit 3\nvoid\nBar (ULONG limit)\n{\n}\n")
    check(program.run("check-driver", one).out.count("\n") == 3, "Bar and BarLimit")
    check(program.run("check-driver", one, other).status == 0, "both are there")


@test
def odd_layouts_are_understood(program):
    path = program.file("odd.c", "VOID Long\\\nName(VOID);\n"
                        "/* IoAllocateIrp */ // IoFreeIrp \\\n IoReuseIrp\n"
                        "char *text = \"IoAllocateIrp \\\" IoFreeIrp\";\n"
                        "# define \\\n Twice(Argument) ((Argument) * 2)\n"
                        "static enum { Red, Green = 2, Blue } Colour;\n"
                        "VOID Foo(VOID) { ULONG One, *Two, Three[2]; PVOID (*Hook)(VOID);\n"
                        "  One = Twice(1); goto Out; Out: Hook = NULL; Colour = Blue; }\n")
    result = program.run("check-driver", path)
    names = [line.split(": ")[1] for line in result.lines[:-1]]
    # A name that a line's end cuts in two is the one thing that is not put together.
    check([name for name in names if name not in ("Long", "Name")] == [], result)


@test
def what_cannot_be_read_is_one_sentence(program):
    program.refused("check-driver", "missing.c", says=["missing.c"])
    program.refused("check-driver", program.folder, says=[program.folder.name])
    program.refused("check-driver", says=["FILE"])
    program.file("big.c", b"x" * (8 * 1024 * 1024 + 1))
    program.refused("check-driver", "big.c", says=["big.c", "bytes"])


@test
def any_bytes_do(program):
    seed = int(os.environ.get("DMS_SEED", "20"))
    print(f"# DMS_SEED={seed}")
    draw = random.Random(seed)
    text = (FIXTURES / "foreign.c").read_bytes()
    for _ in range(60):
        bytes_ = bytearray(text)
        for _ in range(draw.randrange(1, 40)):
            at = draw.randrange(len(bytes_))
            bytes_[at:at + draw.randrange(3)] = draw.choice(
                [b"/*", b"*/", b'"', b"'", b"\\", b"\n#", b"\0", b"\xff", b"(", b"}", b"->", b"<"])
        result = program.run("check-driver", program.file("random.c", bytes(bytes_)))
        check(result.status in (0, 1) and result.err == "", result)
    program.file("empty.c", b"")
    check(program.run("check-driver", "empty.c").status == 0, "nothing is missing in nothing")


@test
def files_that_include_each_other_end(program):
    program.file("a.h", '#include "b.h"\nIoAllocateIrp();\n')
    program.file("b.h", '#include "a.h"\n')
    result = program.run("check-driver", program.file("a.c", '#include "a.h"\n'))
    check(result.status == 1 and "3 files" in result.out, result)


if __name__ == "__main__":
    sys.exit(main())

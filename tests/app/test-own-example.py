#!/usr/bin/env python3
"""The example of an own driver: a project outside, built against what is installed.

usage: test-own-example.py PROGRAM [WORD]

DMS_BUILD_ROOT is the folder of the build, DMS_BUILD_FLAGS what programs of this build are
linked with beside the package's flags (the sanitizers).

SPDX-License-Identifier: MIT
"""

import os
import re
import shutil
import subprocess
import sys

from cli_lib import ROOT, Skip, check, main, test
from console_lib import check_document

BUILD = os.environ["DMS_BUILD_ROOT"]
FLAGS = os.environ.get("DMS_BUILD_FLAGS", "")
EXAMPLE = ROOT / "examples" / "own-driver"


def run(command, folder, environment, status=0):
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True,
                          check=False, timeout=240)
    check(done.returncode == status, command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def install(program):
    """Installs into the test's folder; the environment in which a user would build."""
    target = program.folder / "target"
    meson = shutil.which("meson")
    if not meson:
        raise Skip("meson is not there")
    run([meson, "install", "-C", BUILD, "--no-rebuild", "--destdir", str(target)],
        program.folder, program.environment)
    package = next(target.rglob("dmascope.pc"))
    library = next(target.rglob("libdmascope.so"))
    environment = dict(program.environment)
    environment["PKG_CONFIG_PATH"] = str(package.parent)
    prefix = next(target.rglob("dmascope.h")).parent.parent.parent
    environment["PKG_CONFIG"] = f"pkg-config --define-variable=prefix={prefix}"
    environment["LD_LIBRARY_PATH"] = str(library.parent)
    return target, environment


def build(program, compiler, flags=""):
    if not shutil.which(compiler):
        raise Skip(f"{compiler} is not there")
    _, environment = install(program)
    folder = program.folder / "own-driver"
    shutil.copytree(EXAMPLE, folder)
    # What the sanitizer of undefined behaviour sees first would not crash as on a machine.
    quiet = "-fno-sanitize=undefined" if flags else ""
    output = run(["make", "all", f"CC={compiler}", f"CFLAGS=-O1 -g -Werror {flags} {quiet}",
                  f"LDFLAGS={flags} {quiet}"], folder, environment)
    check("warning" not in output, output)
    return folder, environment


def play(program, compiler, flags=""):
    folder, environment = build(program, compiler, flags)
    run(["make", "run", f"CC={compiler}"], folder, environment)
    check("DriverUnload returns" in program.ok("events", folder / "own.dmatrace").lines[-1],
          "the run comes to its end")
    output = run(["make", "crash", f"CC={compiler}"], folder, environment)
    check("DpcForIsr: SIGSEGV" in output, output)
    check("SIGSEGV" in program.ok("events", folder / "crash.dmatrace").lines[-1], "told")
    run(["make", "clean"], folder, environment)
    check({path.name for path in folder.iterdir()}
          == {path.name for path in EXAMPLE.iterdir()}, list(folder.iterdir()))


@test
def it_builds_and_runs_with_the_compiler_of_this_build(program):
    play(program, os.environ.get("DMS_CC", "cc"), FLAGS)


@test
def it_builds_and_runs_with_gcc(program):
    if FLAGS:
        raise Skip("with sanitizers one compiler is enough")
    play(program, "gcc")


@test
def it_builds_and_runs_with_clang(program):
    if FLAGS:
        raise Skip("with sanitizers one compiler is enough")
    play(program, "clang")


@test
def the_tutorial_prints_what_it_says(program):
    if FLAGS:
        raise Skip("its commands do not know of sanitizers")
    _, environment = install(program)
    folder = program.folder / "own-driver"
    shutil.copytree(EXAMPLE, folder)
    # The name that the tutorial uses leads to what was installed into the test's folder.
    program.file("pkg-config", f'#!/bin/sh\nexec {shutil.which("pkg-config")} '
                 f'{environment["PKG_CONFIG"].split()[1]} "$@"\n').chmod(0o755)
    environment["PATH"] = f"{program.folder}:{environment['PATH']}"
    check_document(ROOT / "docs" / "own-driver.md", program, folder, environment)


@test
def what_is_installed_is_whole(program):
    target, environment = install(program)
    headers = sorted(path.name for path in target.rglob("*.h"))
    check({"dmascope.h", "wdm.h", "ntddk.h", "ntifs.h"} <= set(headers), headers)
    include = next(target.rglob("dmascope.h")).parent
    for header in include.rglob("*.h"):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
        for name in re.findall(r'#\s*include\s+"([^"]+)"', text):
            check((include / name).is_file(), header, "includes", name)
        check("glib" not in text, header, "needs more than C")
    flags = run([*environment["PKG_CONFIG"].split(), "--cflags", "--libs", "dmascope"],
                program.folder, environment)
    check("-ldmascope" in flags and "glib" not in flags, flags)


@test
def every_routine_of_the_headers_is_in_the_library(program):
    target, _ = install(program)
    include = next(target.rglob("dmascope.h")).parent / "engine" / "wdm"
    library = next(target.rglob("libdmascope.so"))
    done = subprocess.run(["nm", "-D", "--defined-only", str(library)], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise Skip("nm is not there")
    there = {line.split()[-1] for line in done.stdout.splitlines()}
    for header in include.glob("*.h"):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"^\s*#(?:.*\\\n)*.*$", "", text, flags=re.MULTILINE)
        text = re.sub(r"\{[^{}]*\}", "{}", text)
        for name in re.findall(r"^(?!typedef|static)[A-Za-z_][\w \*]*?\b(\w+) \([^;{]*\);", text,
                               re.MULTILINE):
            check(name in there, f"{header.name}: {name} is declared, and nowhere defined")


if __name__ == "__main__":
    sys.exit(main())

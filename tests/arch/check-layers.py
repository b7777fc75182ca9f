#!/usr/bin/env python3
"""Holds the tree against ARCHITECTURE: who may include whom, and how a file is made.

usage: check-layers.py [--root DIR] [--compiler CC] [--only CHECK]

Prints TAP. The checks:

  includes   every #include is one that the file's layer may use
  own-first  a .c file includes its own header first (so that the header stands alone)
  heads      first line `/* file-name — subject`, an SPDX line, `#pragma once` in headers
  length     more than 800 lines only where the head says "long because ..."
  alone      every header compiles alone, with the flags of its layer's libraries only

SPDX-License-Identifier: MIT
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys

# ---- The house ---------------------------------------------------------------------------

PURE_C = """assert.h errno.h inttypes.h limits.h stdalign.h stdarg.h stdbool.h stddef.h
stdint.h stdio.h stdlib.h stdnoreturn.h string.h""".split()

GLIB = [r"glib\.h", r"glib-(object|unix)\.h", r"glib/.*\.h", r"gio/.*\.h", r"gobject/.*\.h"]
GTK = [r"gtk/.*\.h", r"gdk/.*\.h", r"gsk/.*\.h", r"gdk-pixbuf/.*\.h", r"adwaita\.h",
       r"gtksourceview/.*\.h", r"graphene.*\.h"]
CAIRO = [r"cairo(-[a-z]+)?\.h"]
PANGO = [r"pango/.*\.h"]

# What the outside world needs and no standard names: GLib code only.
POSIX = """fcntl.h unistd.h signal.h poll.h pthread.h dirent.h locale.h libintl.h math.h
time.h sys/.*\\.h linux/.*\\.h endian.h getopt.h ctype.h wchar.h""".split()

ANY = [r".*"]


class Layer:
    """One row of the table: `uses` are folders of ours, `system` patterns of <headers>."""

    def __init__(self, folder, uses, system, packages=(), files=r".*"):
        self.folder = folder
        self.uses = [folder, *uses]
        self.system = re.compile("|".join(f"(?:{pattern})" for pattern in system))
        self.packages = packages
        self.files = re.compile(files)

    def owns(self, path):
        is_inside = path.as_posix().startswith(self.folder + "/")
        return is_inside and self.files.fullmatch(path.name) is not None

    def may_include(self, header):
        return any(header == folder or header.startswith(folder + "/") for folder in self.uses)


CORE = "engine/core"
KERNEL = "engine/kernel"
PORTS = "engine/ports"
DEVICES = "engine/devices"
WDM = "engine/wdm"

GLIB_PACKAGES = ("gio-2.0", "gio-unix-2.0")
PAINT_PACKAGES = ("cairo", "pangocairo")
GTK_PACKAGES = (*GLIB_PACKAGES, *PAINT_PACKAGES, "gtk4", "libadwaita-1", "gtksourceview-5")
ALL_PACKAGES = (*GTK_PACKAGES, "sqlite3", "jansson", "libzstd")

# The first layer that owns a file counts.
LAYERS = [
    Layer(CORE, [], PURE_C),
    Layer(KERNEL, [CORE], PURE_C),
    Layer(PORTS, [KERNEL, CORE], PURE_C),
    Layer(DEVICES, [KERNEL, CORE], PURE_C),
    Layer(WDM, [PORTS, KERNEL, CORE], PURE_C),
    # The one place that puts kernel, devices and sample drivers together.
    Layer("engine/drivers", [WDM, DEVICES, PORTS, KERNEL, CORE], PURE_C, files=r"dms-.*"),
    # The drivers themselves: documented names only, by the names a driver writer uses.
    Layer("engine/drivers", [WDM], [r"(wdm|irb|storport|srb)\.h"]),
    Layer("engine/rules", [CORE], PURE_C),
    Layer("data/trace", [CORE], PURE_C + POSIX + GLIB + [r"sqlite3\.h", r"zstd\.h"],
          (*GLIB_PACKAGES, "sqlite3", "libzstd")),
    # An importer announces what it reads in the words of data/trace (runs, facts).
    Layer("data/import", ["data/trace", CORE],
          PURE_C + POSIX + GLIB + [r"trace-cmd/.*\.h", r"event-parse\.h", r"traceevent/.*\.h"],
          GLIB_PACKAGES),
    Layer("data/scenario", [CORE], PURE_C + POSIX + GLIB + [r"jansson\.h"],
          (*GLIB_PACKAGES, "jansson")),
    Layer("data/lessons", ["data/scenario", CORE], PURE_C + POSIX + GLIB + [r"jansson\.h"],
          (*GLIB_PACKAGES, "jansson")),
    Layer("lib", ["engine", "data"], PURE_C + POSIX + GLIB + [r"sqlite3\.h", r"jansson\.h"],
          (*GLIB_PACKAGES, "sqlite3", "jansson")),
    Layer("ui/scene", [CORE], [*PURE_C, r"math\.h"]),
    Layer("ui/paint", ["ui/scene", CORE],
          [*PURE_C, r"math\.h", r"glib\.h", r"glib-object\.h"] + CAIRO + PANGO, PAINT_PACKAGES),
    Layer("ui/widget", ["ui/scene", "ui/paint", "data/trace", CORE],
          PURE_C + POSIX + GLIB + GTK + CAIRO + PANGO, GTK_PACKAGES),
    Layer("app", ["engine", "data", "lib", "ui"], ANY, ALL_PACKAGES),
    Layer("tests", ["engine", "data", "lib", "ui", "app"], ANY, ALL_PACKAGES),
]

LONGEST = 800
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
HEAD_COMMENT = re.compile(r"\A/\*.*?\*/", re.DOTALL)
LONG_BECAUSE = re.compile(r"\blong\b[\s*]+because\b", re.IGNORECASE)


def layer_of(path):
    return next((layer for layer in LAYERS if layer.owns(path)), None)


def is_header(path):
    """A -list.h is not a header but rows of macros, included with another meaning each time."""
    return path.suffix == ".h" and not path.name.endswith("-list.h")


class File:
    def __init__(self, root, path):
        self.path = path
        self.text = (root / path).read_text(encoding="utf-8")
        self.layer = layer_of(path)
        # Comments may quote an #include; code decides.
        code = re.sub(r"/\*.*?\*/", "", self.text, flags=re.DOTALL)
        self.includes = INCLUDE.findall(code)

    @property
    def head(self):
        match = HEAD_COMMENT.match(self.text)
        return match[0] if match else ""


# ---- The checks: each yields sentences about what is wrong -------------------------------


def check_includes(files, _options):
    for file in files:
        if file.layer is None:
            yield f"{file.path}: belongs to no layer; add the folder to LAYERS or move the file"
            continue
        for ours, system in file.includes:
            if ours and "/" not in ours:
                yield f'{file.path}: "{ours}" must be named by its path from the root'
            elif ours and not file.layer.may_include(ours):
                yield f'{file.path}: {file.layer.folder} may not use "{ours}"'
            elif system and not file.layer.system.fullmatch(system):
                yield f"{file.path}: {file.layer.folder} may not use <{system}>"


def check_own_first(files, _options):
    paths = {file.path for file in files}
    for file in files:
        if file.path.suffix != ".c":
            continue
        own = [file.path.with_suffix(".h"), file.path.with_name(file.path.stem + "-private.h")]
        own = [path.as_posix() for path in own if path in paths]
        first = file.includes[0][0] if file.includes else ""
        if own and first not in own:
            yield f'{file.path}: the first include must be "{own[0]}"'


def check_heads(files, _options):
    for file in files:
        if not file.text.startswith(f"/* {file.path.name} \N{EM DASH} "):
            yield f"{file.path}: must start with `/* {file.path.name} \N{EM DASH} subject`"
        if "SPDX-License-Identifier: MIT" not in file.head:
            yield f"{file.path}: the head lacks `SPDX-License-Identifier: MIT`"
        if is_header(file.path) and "#pragma once" not in file.text:
            yield f"{file.path}: lacks #pragma once"


def check_length(files, _options):
    for file in files:
        lines = file.text.count("\n")
        if lines > LONGEST and not LONG_BECAUSE.search(file.head):
            yield f'{file.path}: {lines} lines; split it, or say in the head "long because ..."'


def package_flags(packages):
    if not packages:
        return []
    command = ["pkg-config", "--cflags", *packages]
    return shlex.split(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compile_alone(options, file, flags):
    command = [*shlex.split(options.compiler), "-std=c17", "-fsyntax-only", "-Wall", "-Wextra",
               "-Werror", "-Wno-unknown-pragmas", "-I.", "-D_DEFAULT_SOURCE", "-xc", *flags, "-"]
    # Through a source that includes it, so that #pragma once is not in a main file.
    source = f'#include "{file.path.as_posix()}"\n'
    done = subprocess.run(command, input=source, cwd=options.root, capture_output=True, text=True)
    return file, done


def first_error(messages):
    return next((line for line in messages.splitlines() if "error:" in line), messages)


def check_alone(files, options):
    headers = [file for file in files if is_header(file.path) and file.layer is not None]
    flags = {}
    for file in headers:
        if file.layer.packages not in flags:
            flags[file.layer.packages] = package_flags(file.layer.packages)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        jobs = [pool.submit(compile_alone, options, file, flags[file.layer.packages])
                for file in headers]
        for job in jobs:
            file, done = job.result()
            if done.returncode != 0:
                yield f"{file.path}: does not compile alone: {first_error(done.stderr)}"


CHECKS = {
    "includes": check_includes,
    "own-first": check_own_first,
    "heads": check_heads,
    "length": check_length,
    "alone": check_alone,
}

# ---- Running them ------------------------------------------------------------------------


def source_files(root):
    tops = sorted({layer.folder.split("/")[0] for layer in LAYERS})
    paths = [path.relative_to(root) for top in tops for path in sorted((root / top).rglob("*.[ch]"))]
    # Fixtures are input, not code; examples are projects of their own, outside of the house.
    return [File(root, path) for path in paths if "fixtures" not in path.parts]


def main():
    parser = argparse.ArgumentParser(description="Checks layers and the form of files.")
    here = pathlib.Path(__file__).resolve().parent
    parser.add_argument("--root", type=pathlib.Path, default=here.parent.parent)
    parser.add_argument("--compiler", default=os.environ.get("CC", "cc"))
    parser.add_argument("--only", choices=CHECKS, action="append")
    options = parser.parse_args()

    files = source_files(options.root)
    names = options.only or list(CHECKS)
    failures = 0
    print(f"1..{len(names)}")
    print(f"# {len(files)} files")
    for number, name in enumerate(names, 1):
        wrong = list(CHECKS[name](files, options))
        for sentence in wrong:
            print("\n".join(f"# {line}" for line in sentence.splitlines()))
        print(f"{'not ok' if wrong else 'ok'} {number} layers: {name}", flush=True)
        failures += bool(wrong)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

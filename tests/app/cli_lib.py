"""What the tests of the command line share: starting the program, and TAP.

SPDX-License-Identifier: MIT
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LESSONS = ROOT / "data" / "lessons"
STORY = LESSONS / "two-pages-out-of-reach.json"
OUTGOING = LESSONS / "two-pages-out-of-reach-going-out.json"
TIMEOUT = 240  # seconds; the sanitizers on a busy machine are slow


class Skip(Exception):
    """Raised by a test that cannot run here; says why."""


class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.raw = done.stdout
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8")

    @property
    def lines(self):
        return self.out.splitlines()

    @property
    def objects(self):
        return [json.loads(line) for line in self.lines]

    def __repr__(self):
        return f"status {self.status}\nout: {self.out[:2000]}\nerr: {self.err[:2000]}"


class Program:
    """The program under test, in a folder of its own, without any display."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dmascope-cli-"))
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.environment = {key: value for key, value in os.environ.items()
                            if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        self.environment["TMPDIR"] = str(self.temporary)

    def close(self):
        shutil.rmtree(self.folder)

    def file(self, name, content=None):
        """The path of a file in the test's folder, with that content."""
        path = self.folder / name
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif content is not None:
            path.write_bytes(content)
        return path

    def popen(self, *arguments, **more):
        return subprocess.Popen([self.path, *map(str, arguments)], cwd=self.folder,
                                env=self.environment, **more)

    def run(self, *arguments, **more):
        done = subprocess.run([self.path, *map(str, arguments)], cwd=self.folder,
                              env=self.environment, stdout=more.pop("stdout", subprocess.PIPE),
                              stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                              timeout=TIMEOUT, check=False, **more)
        if done.stdout is None:
            done.stdout = b""
        return Result(done)

    def ok(self, *arguments):
        """Runs, and insists on status 0 and silence on standard error."""
        result = self.run(*arguments)
        assert result.status == 0 and result.err == "", f"{arguments}: {result}"
        return result

    def refused(self, *arguments, status=2, says=()):
        """Runs, and insists on one sentence on standard error that says certain words."""
        result = self.run(*arguments)
        assert result.status == status, f"{arguments}: {result}"
        assert result.err.startswith("dmascope: "), f"{arguments}: {result}"
        assert result.err.count("\n") == 1 and result.err.endswith("\n"), f"{arguments}: {result}"
        for word in says:
            assert str(word) in result.err, f"{arguments}: “{word}” is not in: {result.err}"
        return result


TESTS = []


def test(function):
    TESTS.append(function)
    return function


def check(condition, *about):
    if not condition:
        raise AssertionError(" ".join(str(thing)[:3000] for thing in about))


def main():
    """Runs the tests whose names contain the second argument, or all of them."""
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    tests = [one for one in TESTS if wanted in one.__name__]
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, one in enumerate(tests, 1):
        name = one.__name__.replace("_", " ")
        program = Program(sys.argv[1])
        try:
            one(program)
            left = list(program.temporary.iterdir())
            check(not left, "left in the folder for temporary files:", left)
            print(f"ok {number} {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} {name} # SKIP {reason}", flush=True)
        except Exception:  # whatever it is, the others still run
            failed += 1
            print(f"not ok {number} {name}")
            print("\n".join(f"# {line}" for line in traceback.format_exc().splitlines()),
                  flush=True)
        finally:
            program.close()
    return 1 if failed else 0

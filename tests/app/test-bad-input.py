#!/usr/bin/env python3
"""Bad input: every command answers with one clear sentence that names the file, and status 2.

usage: test-bad-input.py DMASCOPE [WORDS-OF-A-TEST]

SPDX-License-Identifier: MIT
"""

import json
import os
import resource
import sqlite3
import sys

from cli_lib import STORY, Skip, check, main, test

READERS = (["info"], ["events"], ["state", "--at", "1"], ["check"],
           ["render", "--at", "1", "-o", "out.png"])


def refused_by_all(program, path, says=(), more=()):
    for command, *options in (*READERS, *more):
        program.refused(command, path, *options, says=[path.name, *says])
    check(list(program.folder.glob("out*")) == [], "something was written")


MAKERS = (["run", "-o", "out.dmatrace"], ["import", "-o", "out.dmatrace"])


@test
def missing_file(program):
    refused_by_all(program, program.file("missing.json"), ["No such file"], MAKERS)


@test
def empty_file(program):
    refused_by_all(program, program.file("empty", ""), ["empty"], MAKERS)
    refused_by_all(program, program.file("empty.json", ""), [], [["run"]])
    refused_by_all(program, program.file("empty.dmatrace", ""))


@test
def folder(program):
    path = program.file("folder")
    path.mkdir()
    refused_by_all(program, path, ["folder"], MAKERS)


@test
def no_regular_file(program):
    path = program.file("pipe")
    os.mkfifo(path)
    refused_by_all(program, path, ["regular file"], MAKERS)


@test
def file_without_permission(program):
    if os.geteuid() == 0:
        raise Skip("root may read everything")
    path = program.file("secret.json", STORY.read_bytes())
    path.chmod(0)
    refused_by_all(program, path, ["Permission denied"], MAKERS)


@test
def text_that_is_nothing(program):
    refused_by_all(program, program.file("letter.txt", "Dear reader,\nthis is a letter.\n"),
                   ["ftrace", "scenario"], MAKERS)
    refused_by_all(program, program.file("noise", bytes(range(256)) * 64), [], MAKERS)


# ---- scenarios -------------------------------------------------------------------------------


@test
def truncated_scenario_at_every_length(program):
    text = STORY.read_bytes()
    for length in range(1, len(text.rstrip()), max(1, len(text) // 40)):
        program.refused("run", program.file("cut.json", text[:length]), says=["cut.json"])


@test
def scenario_that_is_no_json_names_the_line(program):
    refused_by_all(program, program.file("bad.json", '{\n  "dmascope": 1,\n  title\n}\n'),
                   ["bad.json:3"], [["run"]])
    refused_by_all(program, program.file("prose.json", "once upon a time\n"), [], [["run"]])


def changed(change):
    scenario = json.loads(STORY.read_text(encoding="utf-8"))
    change(scenario)
    return json.dumps(scenario)


@test
def wrong_typed_values_are_named(program):
    cases = (
        (lambda s: s["devices"][0].update(map_registers=-1), "devices[0].map_registers"),
        (lambda s: s["devices"][0].update(address_bits="many"), "devices[0].address_bits"),
        (lambda s: s["devices"][0].update(driver=7), "devices[0].driver"),
        (lambda s: s["devices"][0].update(driver="no-such-driver"), "no-such-driver"),
        (lambda s: s["devices"][0].update(model="no-such-model"), "no-such-model"),
        (lambda s: s.update(buffers={}), "buffers"),
        (lambda s: s.update(requests=[7]), "requests[0]"),
        (lambda s: s["requests"][0].update(direction="sideways"), "requests[0].direction"),
        (lambda s: s["requests"][0].update(device="card9"), "card9"),
        (lambda s: s.update(surprise=1), "surprise"),
        (lambda s: s.update(dmascope=99), "dmascope"),
        (lambda s: s.pop("devices"), "devices"),
    )
    for change, word in cases:
        program.refused("run", program.file("wrong.json", changed(change)),
                        says=["wrong.json", word])


@test
def absurd_scenarios_are_refused_quickly_and_in_little_memory(program):
    def little_memory():
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    device = json.loads(STORY.read_text(encoding="utf-8"))["devices"][0]
    cases = (
        lambda s: s["machine"].update(memory=2**63),
        lambda s: s["machine"].update(memory="9223372036854775808 GiB"),
        lambda s: s["buffers"][0].update(length=2**63 - 1),
        lambda s: s["devices"][0].update(maximum_length=2**63 - 1, map_registers=10**9),
        lambda s: s.update(devices=[dict(device, name=f"card{i}") for i in range(1000000)]),
        lambda s: s["requests"][0].update(count=10**18),
    )
    for change in cases:
        path = program.file("absurd.json", changed(change))
        result = program.run("run", path, preexec_fn=little_memory)
        check(result.status == 2 and result.err.startswith("dmascope: ")
              and result.err.count("\n") == 1 and "absurd.json" in result.err, result)
    path = program.file("deep.json", '{"a":' + "[" * 100000)
    program.refused("run", path, says=["deep.json"])


# ---- traces ----------------------------------------------------------------------------------


def make_trace(program, name):
    path = program.file(name)
    program.ok("run", STORY, "-o", path)
    return path


@test
def trace_that_is_no_sqlite_file(program):
    refused_by_all(program, program.file("no.dmatrace", "x" * 5000))
    refused_by_all(program, program.file("head.dmatrace", b"SQLite format 3\0"))


@test
def sqlite_file_of_somebody_else(program):
    path = program.file("others.db")
    with sqlite3.connect(path) as others:
        others.execute("CREATE TABLE run (a)")
    others.close()
    refused_by_all(program, path)


@test
def trace_of_a_newer_version(program):
    path = make_trace(program, "newer.dmatrace")
    trace = sqlite3.connect(path)
    trace.execute("PRAGMA user_version = 9999")
    trace.commit()
    trace.close()
    refused_by_all(program, path, ["newer"])


@test
def trace_that_is_cut(program):
    path = make_trace(program, "whole.dmatrace")
    whole = path.read_bytes()
    refused_by_all(program, program.file("half.dmatrace", whole[:len(whole) // 2]))
    said = program.ok("events", path).out
    for length in range(512, len(whole), 512 * 7):
        result = program.run("events", program.file("cut.dmatrace", whole[:length]))
        refused = result.status == 2 and result.err.count("\n") == 1
        # What is missing at the very end may be nothing that is needed.
        check(refused or (result.status == 0 and result.out == said), length, result)


@test
def trace_with_something_executable_in_it(program):
    path = make_trace(program, "trap.dmatrace")
    trace = sqlite3.connect(path)
    trace.execute("CREATE VIEW trap AS SELECT 1")
    trace.commit()
    trace.close()
    refused_by_all(program, path)


@test
def making_a_trace_of_a_trace(program):
    path = make_trace(program, "story.dmatrace")
    program.refused("import", path, "-o", "out.dmatrace", says=[path.name, "trace already"])


# ---- recordings ------------------------------------------------------------------------------


@test
def ftrace_head_without_events(program):
    head = "# tracer: nop\n#\n# entries-in-buffer/entries-written: 0/0   #P:2\n#\n"
    program.refused("import", program.file("head.txt", head), "-o", "out.dmatrace",
                    says=["head.txt"])
    check(not program.file("out.dmatrace").exists())


@test
def recordings_of_other_kinds(program):
    """What is known but cannot be read is named, with what can be read instead."""
    binary = program.file("disk.dat", "\x17\x08Dtracing6\0")
    program.refused("info", binary, says=["disk.dat", "trace-cmd report"])
    perf = program.file("perf.txt", "dd 253 [001] 13.011706: dma:dma_map_sg: 0000:00:1f.2\n")
    program.refused("info", perf, says=["perf.txt", "perf", "trace-cmd report"])


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Somebody's own driver: whatever it does, the trace has everything up to there.

usage: test-own-driver.py PROGRAM [WORD]

DMS_OWN_DRIVER is the example's driver with the trap of own-driver-trap.c. DMS_SEED repeats
a random run.

SPDX-License-Identifier: MIT
"""

import functools
import json
import os
import random
import signal
import subprocess
import sys
import time

from cli_lib import LESSONS, ROOT, TIMEOUT, check, main, test

DRIVER = os.environ["DMS_OWN_DRIVER"]
SCENARIO = ROOT / "examples" / "own-driver" / "scenario.json"


def start(program, *arguments, trap=None, **more):
    environment = dict(program.environment)
    if trap:
        environment["DMS_TRAP"] = trap
    return subprocess.Popen([DRIVER, *map(str, arguments)], cwd=program.folder, env=environment,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, **more)


def play(program, *arguments, trap=None, status=0, scenario=SCENARIO, trace="own.dmatrace"):
    """Runs the driver; its standard error, and the events of its trace."""
    process = start(program, scenario, "-o", trace, *arguments, trap=trap)
    _, err = process.communicate(timeout=TIMEOUT)
    check(process.returncode == status, trap, arguments, process.returncode, err)
    left = [path.name for path in program.folder.iterdir() if path.name.startswith(trace + "-")]
    check(not left, "the trace is not one file:", left)
    return err.decode(), events(program, trace)


def events(program, trace):
    return program.ok("events", "--format", "json", trace).objects


def story(rows):
    """What is compared: all but the sentences, which tell of the state around."""
    return [{key: value for key, value in row.items() if key not in ("sentence", "why")}
            for row in rows]


@functools.lru_cache(maxsize=None)
def reference_text(program):
    return json.dumps(story(play(program)[1]))


def reference(program):
    return json.loads(reference_text(program))


def check_ends_with_crash(program, rows, how, trap=None):
    """Everything before the trap is there, then the trap's line, then the crash."""
    check(rows[-1]["kind"] == "crash" and how in rows[-1]["signal"], rows[-1], "not", how)
    check(all(row["kind"] != "crash" for row in rows[:-1]), "one crash is enough")
    if trap is None:
        return
    check(rows[-2]["kind"] == "log" and rows[-2]["text"] == f"trap {trap}", rows[-2])
    check(story(rows[:-2]) == reference(program)[:len(rows) - 2],
          f"what came before trap {trap} is not what comes without it")


@test
def a_driver_runs_to_its_end(program):
    err, rows = play(program)
    check(err == "", err)
    check(rows[-1]["kind"] == "return" and rows[-1]["name"] == "DriverUnload", rows[-1])
    kinds = {row["kind"] for row in rows}
    check({"page", "bounce", "burst", "interrupt", "unmap", "complete"} <= kinds, kinds)
    check(sum(row["kind"] == "complete" and row["status"] == "STATUS_SUCCESS" for row in rows) == 2,
          "both requests succeed")
    check("No findings" in program.ok("check", "own.dmatrace").out, "and it breaks no rule")
    check("driver.c" in program.ok("info", "own.dmatrace").out, "its source travels in the trace")


@test
def a_crash_at_any_call_loses_nothing(program):
    n = 0
    while True:
        n += 1
        process = start(program, SCENARIO, "-o", "own.dmatrace", trap=f"segv:{n}")
        _, err = process.communicate(timeout=TIMEOUT)
        if process.returncode == 0:
            break
        check(process.returncode == 1 and b"SIGSEGV" in err and b"0x1230" in err, n, err)
        rows = events(program, "own.dmatrace")
        check_ends_with_crash(program, rows, "SIGSEGV", n)
        check(rows[-1]["address"] == "0x1230" and rows[-1].get("cause"), rows[-1])
    check(n > 45, f"the driver calls {n - 1} routines")


@test
def every_way_to_end_is_told(program):
    draw = random.Random(int(os.environ.get("DMS_SEED", "7")))
    for action, how in [("stack", "SIGSEGV"), ("divide", "SIGFPE"), ("abort", "SIGABRT"),
                        ("bugcheck", "SIGABRT"), ("exit", "exit status 3"),
                        ("quick-exit", "exit status 0"), ("kill", "SIGKILL"),
                        ("junk", "damaged"), ("close", "")]:
        n = draw.randrange(1, 50)
        err, rows = play(program, trap=f"{action}:{n}", status=1)
        check(how in err, action, err)
        if action == "bugcheck":
            check(rows[-2]["name"] == "KeBugCheckEx", rows[-2])
            del rows[-2]
        check_ends_with_crash(program, rows, how, n)


@test
def the_routine_that_crashed_is_named(program):
    rows = play(program)[1]
    names = [row["name"] for row in rows if row["kind"] == "call" and "CALLBACK" in row["flags"]]
    check({"DriverEntry", "AddDevice", "DispatchPnp", "DispatchRead", "DispatchWrite", "StartIo",
           "ProgramDevice", "InterruptService", "DpcForIsr", "DriverUnload"} == set(names), names)
    seen = set()
    for n in range(1, 40):
        err, _ = play(program, trap=f"segv:{n}", status=1)
        seen.add(err.split(" in ")[1].split(",")[0])
    check({"AddDevice", "DispatchPnp", "StartIo", "ProgramDevice", "InterruptService"} <= seen, seen)


@test
def a_driver_that_hangs_is_ended(program):
    begun = time.monotonic()
    err, rows = play(program, "--timeout", 1, trap="hang:20", status=1)
    check("no sign of life for 1 second" in err, err)
    check(time.monotonic() - begun < 60, "that took long")
    check_ends_with_crash(program, rows, "no sign of life for 1 second", 20)


@test
def a_driver_that_goes_on_and_on_is_ended(program):
    err, rows = play(program, "--max-events", 5000, trap="flood:20", status=1)
    check("ended after 5000 events" in err, err)
    check(len(rows) == 5001 and rows[-2]["text"] == "flood", len(rows))


@test
def much_output_is_kept(program):
    _, rows = play(program, trap="lines:30")
    lines = [row for row in rows if row["kind"] == "log" and "line" in row["text"]]
    check(len(lines) == 20000, len(lines))
    check(all(row["text"].endswith(f"line {i}") for i, row in enumerate(lines)), "in their order")


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def long_scenario(program):
    scenario = json.loads(SCENARIO.read_text(encoding="utf-8"))
    scenario["requests"] = [{**row, "count": 100000} for row in scenario["requests"]]
    return program.file("long.json", json.dumps(scenario))


def wait_for_child(process):
    while process.poll() is None:
        children = child_of(process.pid)
        if children:
            return children[0]
        time.sleep(0.002)
    raise AssertionError("the driver ended at once")


@test
def killed_at_random_the_trace_is_whole(program):
    seed = int(os.environ.get("DMS_SEED", "11"))
    print(f"# DMS_SEED={seed}")
    draw = random.Random(seed)
    scenario = long_scenario(program)
    first = None
    for _ in range(6):
        process = start(program, scenario, "-o", "long.dmatrace")
        child = wait_for_child(process)
        time.sleep(draw.random() * 0.4)
        os.kill(child, signal.SIGKILL)
        _, err = process.communicate(timeout=TIMEOUT)
        check(process.returncode == 1 and b"SIGKILL" in err, err)
        n = int(program.ok("info", "--format", "json", "long.dmatrace").objects[0]["events"])
        text = program.ok("events", "long.dmatrace").lines
        check(len(text) == n and "SIGKILL" in text[-1], n, text[-1])
        # The same run each time: the shorter one is the beginning of the longer.
        mine = program.ok("sql", "long.dmatrace", "SELECT seq, step, kind, a, b, length FROM event "
                          "WHERE seq <= 1000 AND kind <> 'crash'").lines
        first = first or mine
        shorter = min(len(mine), len(first))
        check(mine[:shorter] == first[:shorter], "the runs differ")


@test
def a_recorder_that_is_killed_takes_the_driver_with_it(program):
    scenario = long_scenario(program)
    process = start(program, scenario, "-o", "long.dmatrace")
    child = wait_for_child(process)
    time.sleep(0.4)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=TIMEOUT)
    for _ in range(1000):
        try:
            with open(f"/proc/{child}/stat", encoding="ascii") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    break
        except FileNotFoundError:
            break
        time.sleep(0.01)
    else:
        raise AssertionError("the driver's process is still there")
    check(program.run("events", "long.dmatrace").status == 0, "what was committed can be read")


@test
def interrupted_by_the_user_the_trace_is_closed(program):
    process = start(program, long_scenario(program), "-o", "long.dmatrace",
                    start_new_session=True)
    wait_for_child(process)
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=TIMEOUT)
    check(process.returncode == 1 and b"interrupted" in err, process.returncode, err)
    check("interrupted" in program.ok("events", "long.dmatrace").lines[-1], "and it says so")


@test
def wrong_use_is_one_sentence(program):
    def refused(*arguments, status=2, says=""):
        process = start(program, *arguments)
        _, err = process.communicate(timeout=TIMEOUT)
        check(process.returncode == status and err.count(b"\n") == 1 and says in err.decode(),
              arguments, process.returncode, err)
        check(not program.folder.joinpath("own.dmatrace").exists(), "a trace was made")

    refused(says="one scenario is needed")
    refused("missing.json", "-o", "own.dmatrace", says="missing.json")
    refused(SCENARIO, "--timeout", "-1", "-o", "own.dmatrace", says="--timeout")
    refused(SCENARIO, "--max-events", "-1", "-o", "own.dmatrace", says="--max-events")
    refused(SCENARIO, "--nonsense", "-o", "own.dmatrace", says="--nonsense")
    refused(LESSONS / "two-pages-out-of-reach.json", "-o", "own.dmatrace", says="\"own\"")
    refused(SCENARIO, "--set", "devices[0].model=\"nothing\"", "-o", "own.dmatrace", says="model")
    refused(SCENARIO, "-o", "missing/own.dmatrace", status=3, says="missing")


@test
def the_program_itself_says_who_can_run_it(program):
    program.refused("run", SCENARIO, says=["devices[0].driver", "own-driver.md"])


@test
def the_scenario_can_be_changed(program):
    _, rows = play(program, "--set", "devices[0].address_bits=64")
    check(all(row["kind"] != "bounce" for row in rows), "a card with 64 lines needs no bounce page")


@test
def the_trace_grows_while_the_driver_runs(program):
    process = start(program, SCENARIO, "--timeout", 20, "-o", "own.dmatrace", trap="hang:20")
    try:
        for _ in range(2000):
            if program.folder.joinpath("own.dmatrace").exists():
                result = program.run("events", "own.dmatrace")
                if "trap 20" in result.out:
                    break
            time.sleep(0.02)
        else:
            raise AssertionError("what was recorded cannot be seen")
        # Who follows sees the code as well.
        sources = program.ok("sql", "own.dmatrace", "SELECT name, length(text) FROM source").out
        check("driver.c" in sources, sources)
        check("still being written" in program.ok("info", "own.dmatrace").out)
    finally:
        process.terminate()
        process.communicate(timeout=TIMEOUT)


def crowd(program, commands=(), n=4):
    """Requests to two cards that overlap; each has a buffer of its own."""
    scenario = json.loads(SCENARIO.read_text(encoding="utf-8"))
    card = scenario["devices"][0]
    scenario["devices"].append({**card, "name": "card1", "address_bits": 24})
    scenario["buffers"] = [{"name": f"data{i}", "offset": 100 * i, "length": 9000,
                            "frames": [f"0x{base + 16 * i + k:x}" for k in range(3)]}
                           for i, base in enumerate([0x140000, 0xa000] * n)]
    scenario["requests"] = [{"device": f"card{i % 2}", "buffer": f"data{i}",
                             "direction": ["read", "write"][i // 2 % 2], "at_ns": 10 * i}
                            for i in range(2 * n)]
    scenario["commands"] = list(commands)
    return program.file("crowd.json", json.dumps(scenario))


def statuses(rows, device="card0"):
    return [row["status"] for row in rows if row["kind"] == "complete" and row["device"] == device]


@test
def requests_that_overlap_wait_in_the_queue_of_startio(program):
    err, rows = play(program, scenario=crowd(program))
    check(err == "", err)
    for device in ("card0", "card1"):
        check(statuses(rows, device) == ["STATUS_SUCCESS"] * 4, statuses(rows, device))
        calls = [row["name"] for row in rows if row["kind"] == "call" and "CALLBACK" in row["flags"]
                 and row.get("device") == device]
        # All are handed over before the first is done, and started one after the other.
        check(calls.index("DpcForIsr") > max(i for i, name in enumerate(calls)
                                             if name.startswith("Dispatch") and name != "DispatchPnp"),
              calls)
        check(calls.count("StartIo") == 4 and calls.count("DpcForIsr") == 4, calls)
    check("No findings" in program.ok("check", "own.dmatrace").out, "it breaks no rule")


@test
def a_request_is_cancelled_and_the_device_stopped(program):
    scenario = crowd(program, [{"after": {"ns": 3000}, "do": "cancel", "device": "card0", "nth": 4},
                               {"after": {"ns": 4000}, "do": "stop", "device": "card1"}])
    err, rows = play(program, scenario=scenario)
    check(err == "", err)
    # This driver has no cancel routine: what it has, it does.
    check(any(row["kind"] == "request-cancelled" for row in rows), "it is cancelled")
    check(statuses(rows) == ["STATUS_SUCCESS"] * 4, statuses(rows))
    check(statuses(rows, "card1") == ["STATUS_SUCCESS"] * 4, statuses(rows, "card1"))
    names = [row["name"] for row in rows if row["kind"] == "call" and row.get("device") == "card1"]
    check(names.count("PutDmaAdapter") == 1 and names.count("IoDisconnectInterrupt") == 1, names)
    check(names.count("DispatchPnp") == 4, "start, query-stop, stop, remove:", names)


@test
def what_is_asked_of_a_device_that_does_not_start_fails(program):
    scenario = crowd(program, [{"after": {"event": 1}, "do": "fail-allocation", "of": "adapters",
                                "count": 1}])
    _, rows = play(program, scenario=scenario)
    check(statuses(rows) == ["STATUS_UNSUCCESSFUL"] * 4, statuses(rows))
    check(statuses(rows, "card1") == ["STATUS_SUCCESS"] * 4, statuses(rows, "card1"))


if __name__ == "__main__":
    sys.exit(main())

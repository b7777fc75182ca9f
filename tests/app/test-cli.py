#!/usr/bin/env python3
"""The commands, as somebody uses them in a shell: what they print, write and answer.

usage: test-cli.py DMASCOPE [WORDS-OF-A-TEST]

SPDX-License-Identifier: MIT
"""

import json
import os
import re
import signal
import subprocess
import sys

from cli_lib import LESSONS, OUTGOING, ROOT, STORY, Skip, check, main, test

COMMANDS = ["run", "import", "info", "events", "state", "check", "render", "sql"]

FTRACE = """# tracer: nop
#
# entries-in-buffer/entries-written: 3/3   #P:2
#
#                                _-----=> irqs-off/BH-disabled
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
    kworker/0:1-12      [000] d..1.    13.011706: dma_map_page: 0000:00:04.0 dir=FROM_DEVICE \
dma_addr=1a2b3000 size=4096 phys_addr=1a2b3000 attrs=0x0
    kworker/0:1-12      [000] d..1.    13.011900: dma_unmap_page: 0000:00:04.0 dir=FROM_DEVICE \
dma_addr=1a2b3000 size=4096 attrs=0x0
"""
UNREADABLE = "this line is no event of anything\n"

EVENT_LINE = re.compile(r"^ *(\d+)  step +(\d+)  +([\d ]+\.\d{3}) µs  (.+)$")


def sentence_of(line):
    return re.sub(r" \([^()]*\)$", "", EVENT_LINE.match(line)[4])


# ---- help ----------------------------------------------------------------------------------


@test
def version_and_help_name_every_command(program):
    check(re.fullmatch(r"dmascope \d+\.\d+\.\d+\n", program.ok("--version").out))
    text = program.ok("--help").out
    for command in COMMANDS:
        check(re.search(rf"^  {command} ", text, re.MULTILINE), command, text)


@test
def every_command_explains_itself(program):
    for command in COMMANDS:
        text = program.ok(command, "--help").out
        check(text.startswith("Usage:\n  dmascope " + command), text)
        check(text == program.ok(command, "-h").out, command)


@test
def window_without_a_display_says_what_works(program):
    program.refused(STORY, says=["display", "dmascope"])


# ---- run -----------------------------------------------------------------------------------


@test
def run_tells_the_story_in_the_words_of_its_events(program):
    lines = program.ok("run", STORY).lines
    text = "\n".join(lines)
    for words in (
        "The driver asks for a scatter/gather list of 20 992 bytes, from the device into the "
        "buffer. (packet-sg.c:",
        "The buffer touches 6 pages, because it starts 512 bytes into the first: "
        "(512 + 20 992 + 4 095) / 4 096, rounded down.",
        "Page 2 is frame 0x140003, above 4 GiB. card0 drives 32 address lines and cannot "
        "reach it, so map register 2 puts its bounce page",
        "card0 has moved all 20 992 bytes and interrupts. 8 192 of them wait in bounce pages.",
    ):
        check(words in text, words, text)
    check(re.fullmatch(r"\d+ steps, \d+ events, model time [\d ]+\.\d{3} µs\.", lines[-1]),
          lines[-1])


@test
def run_tells_each_step_once(program):
    steps = [int(match[1]) for match in re.finditer(r"^step +(\d+) ", program.ok("run", STORY).out,
                                                    re.MULTILINE)]
    told = [step for step in steps if step > 0]
    check(told == list(range(1, len(told) + 1)), steps)


@test
def run_writes_a_trace_that_holds_the_same_events(program):
    trace = program.file("story.dmatrace")
    said = program.ok("run", STORY, "-o", trace, "--format", "json")
    check(trace.read_bytes().startswith(b"SQLite format 3\0"))
    check(list(trace.parent.glob("story.dmatrace-*")) == [], "SQLite left files beside it")
    check(program.ok("events", trace, "--format", "json").out == said.out)
    check(program.ok("events", STORY, "--format", "json").out == said.out)


@test
def run_says_where_the_trace_is(program):
    check(program.ok("run", STORY, "-o", "story.dmatrace").lines[-1] == "Trace: story.dmatrace")


@test
def run_until_stops_exactly_there(program):
    whole = program.ok("run", STORY, "--format", "json").objects
    by_event = program.ok("run", STORY, "--format", "json", "--until", "17").objects
    check(by_event == whole[:17])
    by_step = program.ok("run", STORY, "--format", "json", "--until", "step:9").objects
    check(by_step == [event for event in whole if event["step"] <= 9])
    t_ns = whole[len(whole) // 2]["t_ns"]
    seconds = f"{t_ns // 10**9}.{t_ns % 10**9:09}s"
    by_time = program.ok("run", STORY, "--format", "json", "--until", seconds).objects
    check(by_time == [event for event in whole if event["t_ns"] <= t_ns])


@test
def run_until_refuses_what_is_no_position(program):
    for position in ("", "50%", "step:", "step:x", "-1", "1.5", "12 s", "99999999999999999999"):
        program.refused("run", STORY, f"--until={position}", says=["position"])


@test
def run_set_changes_the_scenario(program):
    bounces = [event for event in program.ok("run", STORY, "--format", "json").objects
               if event["kind"] == "bounce"]
    check(len(bounces) == 2, bounces)
    changed = program.ok("run", STORY, "--format", "json", "--set",
                         "devices[0].address_bits=64").objects
    check([event for event in changed if event["kind"] == "bounce"] == [])
    program.refused("run", STORY, "--set", "devices[0].address_bits=65", says=["address_bits"])
    program.refused("run", STORY, "--set", "devices[0].address_bytes=8", says=["address_bytes"])


@test
def run_does_not_touch_what_it_reads(program):
    copy = program.file("copy.json", STORY.read_bytes())
    program.refused("run", copy, "-o", copy, says=[copy])
    check(copy.read_bytes() == STORY.read_bytes())


@test
def run_replaces_an_older_trace_and_only_with_good_input(program):
    trace = program.file("story.dmatrace")
    program.ok("run", STORY, "-o", trace, "--until", "5")
    before = trace.read_bytes()
    bad = program.file("bad.json", '{"dmascope": 1, ')
    program.refused("run", bad, "-o", trace, says=[bad])
    check(trace.read_bytes() == before)
    program.ok("run", STORY, "-o", trace)
    check(len(program.ok("events", trace).lines) > 5)


@test
def run_refuses_what_is_no_scenario(program):
    trace = program.file("story.dmatrace")
    program.ok("run", STORY, "-o", trace)
    program.refused("run", trace, says=[trace, "scenario"])
    program.refused("run", program.file("trace.txt", FTRACE), says=["recording", "scenario"])


@test
def ctrl_c_ends_a_long_run_and_leaves_nothing(program):
    scenario = json.loads(STORY.read_text(encoding="utf-8"))
    scenario["requests"][0].update(count=5000000, every_ns=100000)
    path = program.file("long.json", json.dumps(scenario))
    process = program.popen("run", path, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    while not any(program.temporary.iterdir()):
        check(process.poll() is None, "it ended by itself with", process.returncode)
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    check(process.wait(timeout=60) == 130, process.returncode)


# ---- events ----------------------------------------------------------------------------------


@test
def events_have_a_line_each_in_order(program):
    lines = program.ok("events", STORY).lines
    check(all(EVENT_LINE.match(line) for line in lines), lines)
    check([int(EVENT_LINE.match(line)[1]) for line in lines] == list(range(1, len(lines) + 1)))
    check(any(re.search(r"\(packet-sg\.c:\d+, DISPATCH_LEVEL\)$", line) for line in lines), lines)


@test
def events_say_the_same_in_text_and_json(program):
    lines = program.ok("events", STORY).lines
    objects = program.ok("events", STORY, "--format", "json").objects
    check(len(lines) == len(objects))
    for line, event in zip(lines, objects):
        seq, step, micros, text = EVENT_LINE.match(line).groups()
        check(int(seq) == event["seq"] and int(step) == event["step"], line, event)
        check(round(float(micros.replace(" ", "")) * 1000) == event["t_ns"], line, event)
        check(text.startswith(event["sentence"]), line, event)


@test
def events_in_json_have_the_fields_of_the_list(program):
    objects = program.ok("events", STORY, "--format", "json").objects
    call = next(event for event in objects if event["kind"] == "call"
                and event["name"] == "GetScatterGatherList")
    check(call["length"] == 20992 and call["file"] == "packet-sg.c" and call["line"] > 0, call)
    check("FROM_DEVICE" in call["flags"] and call["context"] == "DISPATCH_LEVEL", call)
    page = next(event for event in objects if event["kind"] == "page")
    check(page["frame"] == "0xA311" and page["logical"] == "0xA311200"
          and page["length"] == 3584 and page["device"] == "card0", page)
    mdl = next(event for event in objects if event["kind"] == "mdl")
    check(mdl["frames"] == ["0xA311", "0xA312", "0x140003", "0x140004", "0xB020", "0xB021"], mdl)
    listed = next(event for event in objects if event["kind"] == "map")
    check([segment["length"] for segment in listed["segments"]] == [7680, 4096, 4096, 5120], listed)
    check(objects[0]["kind"] == "machine" and all(event["cause"] < event["seq"]
          for event in objects if "cause" in event))


@test
def a_run_repeats_bit_for_bit(program):
    for scenario in (STORY, OUTGOING):
        check(program.ok("events", scenario).raw == program.ok("events", scenario).raw)


@test
def a_reader_that_leaves_early_is_no_trouble(program):
    process = program.popen("events", STORY, "--format", "json", stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    process.stdout.close()
    said = process.stderr.read()
    process.wait(timeout=60)
    check(said == b"" and process.returncode in (0, 3), process.returncode, said)
    process.stderr.close()


@test
def a_full_disk_is_reported(program):
    if not os.path.exists("/dev/full"):
        raise Skip("there is no /dev/full")
    for command in ("events", "info", "state"):
        with open("/dev/full", "wb") as full:
            result = program.run(command, STORY, stdout=full)
        check(result.status == 3 and result.err.startswith("dmascope: standard output"), result)


# ---- state -----------------------------------------------------------------------------------


@test
def state_is_that_of_the_position(program):
    events = program.ok("events", STORY, "--format", "json").objects
    for position, seq in (("0", 0), ("12", 12), ("100%", len(events))):
        state = json.loads(program.ok("state", STORY, "--at", position, "--format", "json").out)
        check(state["seq"] == seq, position, state["seq"])
    state = json.loads(program.ok("state", STORY, "--at", "step:9", "--format", "json").out)
    check(state["step"] == 9, state)
    check(program.ok("state", STORY).out == program.ok("state", STORY, "--at", "100%").out)


@test
def state_follows_the_transfer(program):
    events = program.ok("events", STORY, "--format", "json").objects
    interrupt = next(event["seq"] for event in events if event["kind"] == "interrupt")
    state = json.loads(program.ok("state", STORY, "--at", interrupt, "--format", "json").out)
    check(state["waiting_bytes"] == 8192 and state["registers_granted"] == 6, state)
    check([register["use"] for register in state["registers"]]
          == ["granted", "granted", "bounces", "bounces", "granted", "granted"], state)
    pages = state["buffers"][0]["mdls"][0]["pages"]
    check([page["ranges"][0]["content"] for page in pages][1:4]
          != [page["ranges"][0]["content"] for page in pages][0:3], pages)
    end = json.loads(program.ok("state", STORY, "--format", "json").out)
    check(end["waiting_bytes"] == 0 and end["copied_bytes"] == 8192
          and end["moved_bytes"] == 20992, end)
    check("waiting=8192" in program.ok("state", STORY, "--at", interrupt).out)


@test
def positions_that_do_not_exist_are_refused(program):
    for position in ("99999", "step:99999", "", "x", "-1", "101%", "step:"):
        said = program.refused("state", STORY, f"--at={position}").err
        check(str(program.temporary) not in said, "a temporary name is shown:", said)


# ---- check -----------------------------------------------------------------------------------


@test
def check_finds_nothing_in_correct_runs(program):
    for scenario in (STORY, OUTGOING, LESSONS / "all-within-reach.json",
                     LESSONS / "a-chain-of-mdls.json",
                     LESSONS / "waiting-for-map-registers.json"):
        check(program.ok("check", scenario).out.startswith("No findings: "), scenario)
        check(program.ok("check", scenario, "--format", "json").out == "", scenario)


@test
def check_finds_each_mistake(program):
    for rule in ("list-never-put", "list-put-twice", "touch-before-flush", "wrong-direction"):
        scenario = LESSONS / f"mistake-{rule}.json"
        result = program.run("check", scenario, "--format", "json")
        check(result.status == 1 and result.err == "", rule, result)
        check([finding["rule"] for finding in result.objects] == [rule], rule, result)
        finding = result.objects[0]
        check(finding["sentence"] and finding["what_is_right"] and finding["source"], finding)
        text = program.run("check", scenario)
        check(text.status == 1 and f", {rule}: {finding['sentence']}" in text.out, text)
        check(text.lines[-1].startswith("1 finding: "), text)


# ---- info ------------------------------------------------------------------------------------


@test
def info_says_what_a_trace_is(program):
    info = json.loads(program.ok("info", STORY, "--format", "json").out)
    events = program.ok("events", STORY, "--format", "json").objects
    check(info["kind"] == "simulation" and info["title"] == "Two pages out of reach", info)
    check(info["events"] == len(events) and info["steps"] == events[-1]["step"], info)
    check(info["devices"] == ["card0"] and info["last_t_ns"] == events[-1]["t_ns"], info)
    text = program.ok("info", STORY).out
    for words in ("Two pages out of reach", "simulation", "card0", "packet-sg.c"):
        check(words in text, words, text)


@test
def info_adds_up_what_two_runs_can_be_compared_by(program):
    def summary(*changes):
        program.ok("run", STORY, *changes, "-o", "run.dmatrace")
        return json.loads(program.ok("info", "run.dmatrace", "--format", "json").out)

    narrow = summary()
    wide = summary("--set", "devices[0].address_bits=64")
    one, other = narrow["summary"], wide["summary"]
    check(one["requests"] == one["done"] == 1 and one["moved_bytes"] == 20992, one)
    check(one["copied_bytes"] == 8192 and one["bounced_pages"] == 2, one)
    check(other["copied_bytes"] == 0 and other["bounced_pages"] == 0, other)
    # Two pages need not be copied, and one element less is two register writes less.
    check(one["register_writes"] - other["register_writes"] == 2, one, other)
    check(one["busy_ns"] - other["busy_ns"] == (8192 * 100 + 2 * 150000) // 1000, one, other)
    check(narrow["cost"]["copy_byte_ps"] == {"each_ps": 100, "count": 8192, "total_ps": 819200},
          narrow["cost"])
    dear = summary("--set", 'cost={"copy_byte_ps": 1000}')
    check(dear["cost"]["copy_byte_ps"]["total_ps"] == 8192000, dear["cost"])
    check(dear["summary"]["busy_ns"] > one["busy_ns"], dear)
    text = program.ok("info", "run.dmatrace").out
    for words in ("1 request, 1 done", "8 192 bytes between pages and bounce pages",
                  "assumptions", "1 000 ps for each byte copied"):
        check(words in text, words, text)


@test
def info_compares_how_three_port_models_learn_addresses(program):
    lesson = LESSONS / "three-port-models.json"
    rows = json.loads(program.ok("info", lesson, "--format", "json").out)["addresses"]
    found = [(row["device"], row["learns_by"], row["calls"], row["in"], row["irql"], row["lock"],
              row["freed_by"], row["valid_until"]) for row in rows]
    check(found == [
        ("scsi", "ScsiPortGetPhysicalAddress", 5, "HwScsiStartIo", "DIRQL", "interrupt",
         "port-driver", "ScsiPortNotification"),
        ("ata", "AtaPortGetScatterGatherList", 1, "IdeHwBuildIo", "DISPATCH_LEVEL", "none",
         "port-driver", "AtaPortCompleteRequest"),
        ("storport", "StorPortGetScatterGatherList", 1, "HwStorBuildIo", "DISPATCH_LEVEL", "none",
         "port-driver", "StorPortNotification")], found)
    check(all(row["requests"] == 1 and row["elements"] == 5 for row in rows), rows)
    text = program.ok("info", lesson).out
    for words in ("5 for 1 request", "the lock of the interrupt", "the port driver"):
        check(words in text, words, text)


def start_writer(program, name):
    """Another process that is writing a trace; kill() it or close its standard input."""
    path = os.path.join(os.environ["DMS_TEST_BUILD_DIR"], "data", "trace", "trace-writer")
    if not os.path.exists(path):
        raise Skip("trace-writer is not built")
    writer = subprocess.Popen([path, program.file(name)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    writer.stdout.readline()
    writer.stdin.write("emit 100\n")
    writer.stdin.flush()
    check(int(writer.stdout.readline()) == 100)
    return writer


@test
def info_says_that_a_trace_is_still_being_written(program):
    def state():
        return json.loads(program.ok("info", "live.dmatrace", "--format", "json").out)["state"]

    writer = start_writer(program, "live.dmatrace")
    check(state() == "growing", state())
    text = program.ok("info", "live.dmatrace").out
    check("still being written" in text, text)
    check(len(program.ok("events", "live.dmatrace").lines) == 100)
    writer.communicate("close\n")
    check(state() == "closed", state())
    check("still being written" not in program.ok("info", "live.dmatrace").out)
    writer = start_writer(program, "live.dmatrace")
    writer.kill()
    writer.communicate()
    check(state() == "broken-off", state())
    check("without closing" in program.ok("info", "live.dmatrace").out)
    check(len(program.ok("events", "live.dmatrace").lines) == 100)


# ---- import ----------------------------------------------------------------------------------


@test
def import_counts_every_line(program):
    text = program.file("trace.txt", FTRACE)
    result = program.ok("import", text, "-o", "trace.dmatrace")
    check(f"{FTRACE.count(chr(10)):12}  lines, of which" in result.out, result)
    check(re.search(r"^ +2  are events that have a picture$", result.out, re.MULTILINE), result)
    check("           0  could not be read" in result.out, result)
    kinds = [event["kind"] for event
             in program.ok("events", "trace.dmatrace", "--format", "json").objects]
    check(kinds == ["map", "unmap"], kinds)
    check(program.ok("events", text).out == program.ok("events", "trace.dmatrace").out)


@test
def import_reports_lines_that_it_cannot_read(program):
    text = program.file("trace.txt", FTRACE + UNREADABLE)
    result = program.run("import", text, "-o", "trace.dmatrace")
    number = FTRACE.count("\n") + 1
    check(result.status == 0, result)
    check(result.err.startswith(f"dmascope: {text}:{number}: not read, ")
          and UNREADABLE.strip() in result.err, result)
    check(re.search(r"^ +1  could not be read$", result.out, re.MULTILINE), result)
    info = json.loads(program.run("info", "trace.dmatrace", "--format", "json").out)
    check(info["unread_lines"] == 1 and info["kind"] == "ftrace-text", info)


@test
def recordings_have_clock_times(program):
    text = program.file("trace.txt", FTRACE)
    lines = program.ok("events", text).lines
    check(re.match(r"^1 +13\.011706 s  0000:00:04\.0 maps 4 096 bytes in 1 segment", lines[0]), lines)
    check(json.loads(program.ok("state", text, "--at", "13.0118s", "--format", "json").out)["seq"]
          == 1)
    program.ok("check", text)


@test
def import_needs_one_recording_and_a_place(program):
    text = program.file("trace.txt", FTRACE)
    program.refused("import", text, says=["-o"])
    program.refused("import", text, text, "-o", "trace.dmatrace", says=["one recording"])
    program.refused("import", text, "-o", text, says=[text])
    check(text.read_text(encoding="utf-8") == FTRACE)
    program.refused("import", STORY, "-o", "trace.dmatrace", says=["scenario", "dmascope run"])
    check(not program.file("trace.dmatrace").exists())


@test
def real_recordings_are_read_to_the_last_line(program):
    folder = ROOT.parent / "shared" / "traces"
    texts = sorted(folder.glob("*6.12.95.ftrace.txt"))
    if not texts:
        raise Skip("the real recordings are not here")
    for text in texts:
        result = program.ok("import", text, "-o", "real.dmatrace")
        check("           0  could not be read" in result.out, text, result)


# ---- render ----------------------------------------------------------------------------------


def size_of_png(path):
    data = path.read_bytes()
    check(data.startswith(b"\x89PNG\r\n\x1a\n"), path, data[:16])
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


@test
def render_writes_every_form(program):
    for view in ("stage", "timeline"):
        for form, magic in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF-")):
            picture = program.file(f"{view}.{form}")
            program.ok("render", STORY, "--at", "step:21", "--view", view, "-o", picture)
            check(picture.read_bytes().startswith(magic), picture)


@test
def render_repeats_byte_for_byte(program):
    for form in ("png", "svg", "pdf"):
        one, other = program.file(f"one.{form}"), program.file(f"other.{form}")
        for picture in (one, other):
            program.ok("render", STORY, "--at", "50%", "-o", picture)
        check(one.read_bytes() == other.read_bytes(), form)


@test
def render_obeys_size_and_theme(program):
    light, dark = program.file("light.png"), program.file("dark.png")
    for theme, picture in (("light", light), ("dark", dark)):
        program.ok("render", STORY, "--at", "step:21", "--size", "1600x1000", "--theme", theme,
                   "-o", picture)
        check(size_of_png(picture) == (1600, 1000), size_of_png(picture))
    check(light.read_bytes() != dark.read_bytes())


@test
def render_draws_each_step(program):
    steps = json.loads(program.ok("info", STORY, "--format", "json").out)["steps"]
    program.ok("render", STORY, "--each-step", "--size", "700x440", "-o", "step.png")
    pictures = sorted(program.folder.glob("step-*.png"))
    check(len(pictures) == steps, len(pictures), steps)
    check(len({picture.read_bytes() for picture in pictures}) == steps, "two steps look the same")
    program.ok("render", STORY, "--at", "step:5", "--size", "700x440", "-o", "five.png")
    check(program.file("five.png").read_bytes() == pictures[4].read_bytes())


@test
def render_refuses_what_it_cannot_draw(program):
    for more in (["--at", "1", "-o", "out.gif"], ["--at", "1"], ["-o", "out.png"],
                 ["--at", "1", "--each-step", "-o", "out.png"],
                 ["--at", "1", "-o", "out.png", "--size", "0x5"],
                 ["--at", "1", "-o", "out.png", "--size", "100"],
                 ["--at", "1", "-o", "out.png", "--size", "99999999999x5"],
                 ["--at", "1", "-o", "out.png", "--theme", "pink"],
                 ["--at", "1", "-o", "out.png", "--view", "memory"],
                 ["--at", "99999", "-o", "out.png"]):
        program.refused("render", STORY, *more)
    check(list(program.folder.glob("out*")) == [])


# ---- sql -------------------------------------------------------------------------------------


@test
def sql_answers_in_columns(program):
    n = len(program.ok("events", STORY).lines)
    check(program.ok("sql", STORY, "SELECT count(*) AS n FROM event").lines == ["n", str(n)])
    bytes_moved = program.ok("sql", STORY, "SELECT device, sum(length) FROM event "
                             "WHERE kind = 'burst' GROUP BY device").lines
    check(bytes_moved[1].split("\t") == ["card0", "20992"], bytes_moved)


@test
def sql_only_reads(program):
    trace = program.file("story.dmatrace")
    program.ok("run", STORY, "-o", trace)
    before = trace.read_bytes()
    for query in ("DELETE FROM run", "DROP TABLE chunk", "PRAGMA user_version = 9",
                  "ATTACH 'other.db' AS other", "SELECT load_extension('x')", "SELECT", "x"):
        program.refused("sql", trace, query)
    check(trace.read_bytes() == before)
    check(not program.file("other.db").exists())


# ---- documents -------------------------------------------------------------------------------


def names_in(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_in(inner)


@test
def every_name_in_json_is_documented(program):
    documented = set(re.findall(r"`([a-z_]+)`",
                                (ROOT / "docs" / "json.md").read_text(encoding="utf-8")))
    recording = program.file("trace.txt", FTRACE)
    printed = [program.run("check", LESSONS / "mistake-touch-before-flush.json", "--format",
                           "json").objects]
    for path in (STORY, recording):
        printed.append(program.ok("info", path, "--format", "json").objects)
        for position in ("10%", "50%", "100%"):
            printed.append(program.ok("state", path, "--at", position, "--format",
                                      "json").objects)
    missing = set(names_in(printed)) - documented
    check(not missing, "not in docs/json.md:", missing)


# ---- usage and output --------------------------------------------------------------------------


@test
def wrong_usage_is_one_sentence(program):
    program.refused("--nonsense", says=["nonsense", "--help"])
    program.refused("no-such-command", says=["no-such-command", "--help"])
    for command in COMMANDS:
        program.refused(command, says=[command])
        program.refused(command, "--nonsense", says=["nonsense", command])
    for command in ("run", "info", "events", "state", "check"):
        program.refused(command, STORY, "more", says=["more"])
        program.refused(command, STORY, "--format", "yaml", says=["yaml", "json"])
    program.refused("run", STORY, "-o", says=["run"])


@test
def output_that_cannot_be_written_is_status_3(program):
    nowhere = program.file("no-such-folder") / "out"
    program.refused("run", STORY, "-o", f"{nowhere}.dmatrace", status=3, says=[nowhere])
    program.refused("import", program.file("trace.txt", FTRACE), "-o", f"{nowhere}.dmatrace",
                    status=3, says=[nowhere])
    program.refused("render", STORY, "--at", "1", "-o", f"{nowhere}.png", status=3,
                    says=[nowhere])
    folder = program.file("folder.dmatrace")
    folder.mkdir()
    program.refused("run", STORY, "-o", folder, status=3, says=[folder])


if __name__ == "__main__":
    sys.exit(main())

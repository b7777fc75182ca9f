#!/usr/bin/env python3
"""Opens the window as a user does, presses keys and clicks, and checks state and picture.

usage: test-input.py DMASCOPE LESSON.json RECORDING.txt TRACE-WRITER

Keys and clicks are real ones of the X server (XTEST). The position is read from the state of
the window's action `position` on the session bus, the picture from the server's own pixels.
Prints TAP.

SPDX-License-Identifier: MIT
"""

import ctypes
import ctypes.util
import os
import re
import subprocess
import sys
import tempfile
import time

APPLICATION = "io.github.dmascope.Dmascope"
OBJECT = "/io/github/dmascope/Dmascope"
PATIENCE = 60.0


class Display:
    """Just enough of Xlib and XTEST: keys, a pointer, pixels."""

    class Image(ctypes.Structure):
        _fields_ = [
            ("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int),
            ("format", ctypes.c_int), ("data", ctypes.c_void_p),
            ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
            ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int),
            ("depth", ctypes.c_int), ("bytes_per_line", ctypes.c_int),
        ]

    REVERT_TO_PARENT = 2
    Z_PIXMAP = 2
    ALL_PLANES = ctypes.c_ulong(-1)
    VIEWABLE = 2

    def __init__(self):
        self.x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        self.test = ctypes.CDLL(ctypes.util.find_library("Xtst") or "libXtst.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.x.XGetImage.restype = ctypes.POINTER(self.Image)
        self.x.XStringToKeysym.restype = ctypes.c_ulong
        self.x.XDefaultRootWindow.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x.XOpenDisplay(None))
        if not self.display.value:
            raise SystemExit("Bail out! no display")
        self.root = ctypes.c_ulong(self.x.XDefaultRootWindow(self.display))

    def sync(self):
        self.x.XSync(self.display, 0)

    def windows(self):
        """Windows in view, (id, x, y, width, height), topmost last."""
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        children = ctypes.POINTER(ctypes.c_ulong)()
        n = ctypes.c_uint()
        self.x.XQueryTree(self.display, self.root, ctypes.byref(root), ctypes.byref(parent),
                          ctypes.byref(children), ctypes.byref(n))
        found = []
        for i in range(n.value):
            window = ctypes.c_ulong(children[i])
            x, y = ctypes.c_int(), ctypes.c_int()
            width, height = ctypes.c_uint(), ctypes.c_uint()
            border, depth = ctypes.c_uint(), ctypes.c_uint()
            self.x.XGetGeometry(self.display, window, ctypes.byref(root), ctypes.byref(x),
                                ctypes.byref(y), ctypes.byref(width), ctypes.byref(height),
                                ctypes.byref(border), ctypes.byref(depth))
            if width.value > 300 and height.value > 200:
                found.append((window.value, x.value, y.value, width.value, height.value))
        return found

    def focus(self, window):
        self.x.XSetInputFocus(self.display, ctypes.c_ulong(window), self.REVERT_TO_PARENT, 0)
        self.sync()

    def move(self, window, x, y):
        self.x.XMoveWindow(self.display, ctypes.c_ulong(window), x, y)
        self.sync()

    def key(self, name):
        code = self.x.XKeysymToKeycode(
            self.display, ctypes.c_ulong(self.x.XStringToKeysym(name.encode())))
        for is_press in (1, 0):
            self.test.XTestFakeKeyEvent(self.display, code, is_press, 0)
        self.sync()

    def click(self, x, y):
        self.test.XTestFakeMotionEvent(self.display, -1, int(x), int(y), 0)
        for is_press in (1, 0):
            self.test.XTestFakeButtonEvent(self.display, 1, is_press, 0)
        self.sync()

    def point(self, x, y):
        self.test.XTestFakeMotionEvent(self.display, -1, int(x), int(y), 0)
        self.sync()

    def pixels(self, x, y, width, height):
        image = self.x.XGetImage(self.display, self.root, x, y, width, height,
                                 self.ALL_PLANES, self.Z_PIXMAP)
        if not image:
            raise RuntimeError("the X server gives no pixels")
        size = image.contents.bytes_per_line * image.contents.height
        data = ctypes.string_at(image.contents.data, size)
        self.x.XFree(image)
        return data


class Window:
    """The program, running; read over the bus, driven over the display."""

    def __init__(self, display, program, *arguments):
        self.display = display
        self.process = subprocess.Popen([program, *arguments])
        self.path = None
        self.wait(lambda: self.find_path() and display.windows(), "a window")
        self.id, *self.place = display.windows()[-1]
        display.move(self.id, 0, 0)
        self.place[0:2] = 0, 0
        display.point(self.place[2] - 3, self.place[3] - 3)
        display.focus(self.id)
        self.wait(lambda: self.position() > 0, "something that is open")

    def call(self, path, method, *arguments):
        result = subprocess.run(
            ["gdbus", "call", "--session", "--dest", APPLICATION, "--object-path", path,
             "--method", method, *arguments], capture_output=True, text=True, check=False)
        return result.stdout if result.returncode == 0 else ""

    def find_path(self):
        text = subprocess.run(
            ["gdbus", "introspect", "--session", "--dest", APPLICATION, "--object-path",
             OBJECT + "/window", "--only-properties", "--recurse"],
            capture_output=True, text=True, check=False).stdout
        numbers = re.findall(r"window/(\d+)", text)
        self.path = f"{OBJECT}/window/{numbers[-1]}" if numbers else None
        return self.path is not None

    def describe(self, action):
        return self.call(self.path, "org.gtk.Actions.Describe", action)

    def position(self):
        match = re.search(r"uint64 (\d+)", self.describe("position"))
        return int(match[1]) if match else -1

    def is_enabled(self, action):
        return self.describe(action).startswith("((true")

    def set_position(self, seq):
        self.call(self.path, "org.gtk.Actions.SetState", "position", f"<uint64 {seq}>", "{}")

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended with {self.process.returncode}")
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}")
            time.sleep(0.02)

    def wait_for(self, position):
        self.wait(lambda: self.position() == position,
                  f"position {position}; it is {self.position()}")

    def press(self, key):
        """Presses a key and returns the position that it leads to."""
        before = self.position()
        self.display.key(key)
        self.wait(lambda: self.position() != before, f"what {key} does at {before}")
        return self.position()

    def picture(self):
        """Pixels of the stage once they have come to rest: the part of the window that is
        the same however its position was reached. The code pane scrolls only when it must."""
        x, y, width, height = self.place
        part = x + width * 2 // 5, y + 60, width * 3 // 5 - 20, height * 67 // 100
        before, now = None, self.display.pixels(*part)
        while now != before:
            time.sleep(0.25)
            before, now = now, self.display.pixels(*part)
        return now

    def close(self):
        self.call(OBJECT, "org.gtk.Actions.Activate", "quit", "[]", "{}")
        return self.process.wait(PATIENCE)


# ---- The tests ------------------------------------------------------------------------------


def test_keys_step(window):
    first = window.position()
    stops = [first]
    for _ in range(6):
        stops.append(window.press("Right"))
    assert stops == sorted(set(stops)), f"the way forward is {stops}"
    for stop in reversed(stops[:-1]):
        assert window.press("Left") == stop, "the way back is not the way forward"


def test_home_and_end(window):
    first = window.position()
    assert window.is_enabled("back") is False, "there is something before the beginning"
    last = window.press("End")
    assert last > first + 10
    assert window.is_enabled("forward") is False, "there is something behind the end"
    assert window.press("Home") == first


def test_the_picture_follows(window):
    """Steps forward change the picture; back at the same place it is the same to the byte."""
    pictures = {window.position(): window.picture()}
    for _ in range(5):
        position = window.press("Right")
        pictures[position] = window.picture()
    assert len(set(pictures.values())) == len(pictures), "two steps look the same"
    for _ in range(5):
        position = window.press("Left")
        assert window.picture() == pictures[position], f"another picture at {position}"


def test_space_plays_and_pauses(window):
    start = window.position()
    window.display.key("space")
    window.wait(lambda: window.position() > start, "playing to begin")
    window.display.key("space")
    window.wait(lambda: True, "")
    rest = window.position()
    time.sleep(1.6)  # longer than a step takes at speed 1
    assert window.position() == rest, "it goes on playing after the second Space"
    window.press("Home")


def test_a_click_on_the_timeline_seeks(window):
    _, _, width, height = window.place
    window.display.click(width * 0.75, height - 30)
    window.wait(lambda: window.position() > 10, "the click to seek")
    late = window.position()
    window.display.click(width * 0.35, height - 30)
    window.wait(lambda: window.position() < late, "the second click to seek")
    # The click has taken the focus; keys step all the same.
    position = window.position()
    assert window.press("Right") > position
    window.press("Home")


def test_a_click_into_the_code_leaves_keys_alone(window):
    _, _, _, height = window.place
    window.display.click(200, height // 3)
    position = window.position()
    assert window.press("Right") > position
    window.display.key("space")
    window.wait(lambda: window.position() > position + 1, "playing to begin")
    window.press("Home")


def test_positions_are_exact(window):
    """Any way to a position shows the same picture: by seeking and by stepping."""
    for _ in range(4):
        window.press("Right")
    position, picture = window.position(), window.picture()
    window.press("End")
    window.set_position(position)
    window.wait_for(position)
    assert window.picture() == picture
    window.press("Home")


def test_a_recording_steps(window):
    first = window.position()
    for seq in range(first + 1, first + 5):
        assert window.press("Right") == seq
    for seq in range(first + 3, first - 1, -1):
        assert window.press("Left") == seq


LESSON_TESTS = [
    test_keys_step,
    test_home_and_end,
    test_the_picture_follows,
    test_space_plays_and_pauses,
    test_a_click_on_the_timeline_seeks,
    test_a_click_into_the_code_leaves_keys_alone,
    test_positions_are_exact,
]
RECORDING_TESTS = [test_a_recording_steps, test_home_and_end]


class Writer:
    """Another process, which writes the trace that a window follows."""

    def __init__(self, program, path, *arguments):
        self.process = subprocess.Popen([program, path, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def emit(self, n):
        self.process.stdin.write(f"emit {n}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def run(self, rate):
        self.process.stdin.write(f"run {rate}\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def kill(self):
        self.process.kill()
        self.process.communicate()


def test_it_is_followed(window, writer):
    for n in (1, 40, 400):
        window.wait_for(writer.emit(n))


def test_back_stays_and_end_goes_on(window, writer):
    last = writer.emit(10)
    window.wait_for(last)
    before = window.press("Left")
    assert before < last
    picture = window.picture()
    more = writer.emit(300)
    window.wait(lambda: window.is_enabled("forward"), "more to step to")
    assert window.picture() == picture, "the picture changed though nobody moved"
    assert window.position() == before, "it moved by itself"
    assert window.press("Left") < before
    window.display.key("End")
    window.wait_for(more)
    window.wait_for(writer.emit(70))
    first = window.press("Home")
    assert first < before
    window.press("Right")
    window.display.key("End")
    window.wait_for(writer.emit(5))


def test_steps_while_it_is_written_fast(window, writer):
    """Keys are answered while a hundred thousand events a second arrive."""
    writer.run(100000)
    start = window.position()
    window.wait(lambda: window.position() > start + 20000, "the window to keep up")
    window.press("Home")
    for _ in range(10):
        before = window.position()
        window.display.key("Right")
        window.wait(lambda before=before: window.position() > before, "a step forward")
    assert window.position() < 100, "a step went further than one"
    window.display.key("End")
    window.wait(lambda: window.position() > start + 20000, "the end again")
    window.wait_for(writer.emit(3))


def test_it_stays_when_the_writer_is_killed(window, writer):
    last = writer.emit(50)
    window.wait_for(last)
    assert "true" in window.describe("follow")
    writer.kill()
    window.wait(lambda: not window.is_enabled("follow"), "the end of following")
    assert window.position() == last
    before = window.press("Left")
    assert before < last
    assert window.press("Right") == last


FOLLOW_TESTS = [
    test_it_is_followed,
    test_back_stays_and_end_goes_on,
    test_steps_while_it_is_written_fast,
    test_it_stays_when_the_writer_is_killed,
]


class Count:
    def __init__(self):
        self.n = 0
        self.failed = 0

    def report(self, name, problem=None):
        self.n += 1
        self.failed += problem is not None
        print("ok" if problem is None else "not ok", self.n, "input:", name, flush=True)
        if problem is not None:
            print("#", str(problem).replace("\n", "\n# "), flush=True)


def run(count, window, tests, what, *more):
    for test in tests:
        name = f"{what}: {test.__name__.removeprefix('test_').replace('_', ' ')}"
        try:
            test(window, *more)
        except (AssertionError, RuntimeError) as problem:
            count.report(name, problem)
        else:
            count.report(name)


def follow(count, display, program, writer_program, kind, *arguments):
    what = f"a {kind} that grows"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "live.dmatrace")
        writer = Writer(writer_program, path, *arguments)
        try:
            writer.emit(20)
            window = Window(display, program, path)
            run(count, window, FOLLOW_TESTS, what, writer)
            status = window.close()
            count.report(f"{what}: it ends well", f"status {status}" if status else None)
        except (AssertionError, RuntimeError, subprocess.TimeoutExpired) as problem:
            count.report(f"{what}: the window opens", problem)
        finally:
            writer.kill()


def quiet_home():
    """No animations: pictures come to rest at once."""
    folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "gtk-4.0")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "settings.ini"), "w", encoding="utf-8") as file:
        file.write("[Settings]\ngtk-enable-animations=0\n")


def main():
    program, lesson, recording, writer = sys.argv[1:]
    quiet_home()
    # The real accessibility bus is not needed, and what it prints is not TAP.
    os.environ["GTK_A11Y"] = "none"
    display = Display()
    count = Count()
    for path, tests, what in (
        (lesson, LESSON_TESTS, "lesson"),
        (recording, RECORDING_TESTS, "recording"),
    ):
        try:
            window = Window(display, program, path)
            run(count, window, tests, what)
            status = window.close()
            count.report(f"{what}: it ends well", f"status {status}" if status else None)
        except (AssertionError, RuntimeError, subprocess.TimeoutExpired) as problem:
            count.report(f"{what}: the window opens", problem)
    follow(count, display, program, writer, "simulation", "--simulation")
    follow(count, display, program, writer, "recording")
    print(f"1..{count.n}")
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())

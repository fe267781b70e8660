"""faultline walk: plain text, pictures, other processes, and the terminal."""

import fcntl
import hashlib
import json
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest
import xml.etree.ElementTree

from support import PATIENCE, PROGRAM, CliTest

SMALL = ["--size", "1MiB", "--directory", "data"]
RIGHT, LEFT, HOME, END = b"\x1b[C", b"\x1b[D", b"\x1b[H", b"\x1b[F"


def skip(test, reason):
    print("SKIPPED:", reason, file=sys.stderr)
    test.skipTest(reason)


class WalkTest(CliTest):
    def walk(self, *words, code=0):
        result = self.faultline("walk", *words)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def test_without_a_terminal_all_steps_are_printed(self):
        text = self.walk(*SMALL).stdout
        for part in (
            "a new temporary file",
            "the existing file",
            "memory of no file",
            "Map a view",
            "Flush the view",
            "The virtual size grew by 1.00 MiB",
            "The virtual size shrank by 1.00 MiB",
            "1 load: ",
            "256 pages of 4KiB",
            "Address map around the view",
        ):
            self.assertIn(part, text)
        self.assertNotIn("\x1b", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        self.assertEqual(text.count("Free the object"), 3)

    def test_nothing_is_left_behind(self):
        self.walk(*SMALL)
        self.assertEqual(self.entries(), [])
        (self.folder / "data").mkdir()
        self.walk(*SMALL)
        self.assertEqual(self.entries(), ["data"])

    def test_an_existing_file_is_read_and_not_changed(self):
        file = self.folder / "my file"
        file.write_bytes(os.urandom(300_000))
        file.chmod(0o444)
        before = (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        text = self.walk("--file", file).stdout
        self.assertIn("my file", text)
        self.assertIn("74 pages", text)
        self.assertNotIn("Store a byte", text)
        self.assertIn("r--s", text)
        after = (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        self.assertEqual(before, after)
        self.assertIn("2 pages", self.walk("--file", file, "--size", "5000").stdout)
        self.assertEqual(self.entries(), ["my file"])

    def test_pictures_are_well_formed_whatever_the_name(self):
        file = self.folder / "a<b>&\"'\x1b\udcff"
        file.write_bytes(b"x" * 100_000)
        for name in ("walk.svg", "walk.html"):
            result = self.walk("--file", file, "--output", name)
            self.assertEqual(result.stdout, f"Picture: {name}\n")
            text = (self.folder / name).read_text(encoding="utf-8")
            self.assertEqual(text.count("Flush the view"), 1)
            self.assertIn("a&lt;b&gt;&amp;&quot;&#39;", text)
            root = xml.etree.ElementTree.fromstring(text.replace("<!DOCTYPE html>", ""))
            self.assertTrue(root.tag.endswith(name.rpartition(".")[2]))
            self.assertNotIn("http", text.replace("http://www.w3.org/2000/svg", ""))

    def test_json_says_what_the_text_says(self):
        document = json.loads(self.walk("--kind", "memory", *SMALL, "--format", "json").stdout)
        self.assertEqual(document["schema"], "faultline-walk/1")
        (walk,) = document["walks"]
        self.assertEqual(walk["object_bytes"], 1 << 20)
        steps = {step["action"]: step for step in walk["steps"]}
        grown = steps["map"]["after"]["virtual_bytes"] - steps["map"]["before"]["virtual_bytes"]
        self.assertEqual(grown, 1 << 20)
        (view,) = steps["store"]["views"]
        self.assertEqual(sum(run[0] for run in view["pages"]), 256)

    def test_another_process_is_shown(self):
        own = subprocess.Popen(["sleep", "60"])
        try:
            for words in ("", "--output pid.svg", "--format json"):
                text = self.walk("--pid", own.pid, *words.split()).stdout
            self.assertIn(f"process {own.pid} (", text)
            text = self.walk("--pid", own.pid).stdout
            for part in ("By backing", "the executable or library", "[stack]", "swap space"):
                self.assertIn(part, text)
            self.assertIn(f"process {own.pid}", (self.folder / "pid.svg").read_text())
        finally:
            own.kill()
            own.wait()
        self.assert_refused(self.faultline("walk", "--pid", own.pid), "no process", str(own.pid))

    def test_a_process_that_may_not_be_looked_into_is_one_line(self):
        if os.geteuid() == 0:
            as_other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            if subprocess.run([*as_other, "true"], capture_output=True).returncode != 0:
                skip(self, "can't become another user")
            if subprocess.run([*as_other, PROGRAM, "--version"], capture_output=True).returncode:
                skip(self, "another user can't run the program here")
        else:
            as_other = []
        result = subprocess.run(
            [*as_other, PROGRAM, "walk", "--pid", "1"], cwd="/", capture_output=True, text=True
        )
        self.assert_refused(result, "no right to inspect process 1", "root", code=77)
        # What needs no right works all the same, and says what it isn't told.
        result = subprocess.run(
            [*as_other, PROGRAM, "walk", "--kind", "memory"],
            cwd="/",
            capture_output=True,
            text=True,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("root only", result.stdout)

    def test_a_program_that_may_be_run_and_not_read_works(self):
        copy = self.folder / "program"
        shutil.copy(PROGRAM, copy)
        copy.chmod(0o111)
        self.folder.chmod(0o755)
        as_other = []
        if os.geteuid() == 0:
            as_other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            if subprocess.run([*as_other, copy, "--version"], capture_output=True).returncode != 0:
                skip(self, "can't become another user")
        result = subprocess.run(
            [*as_other, copy, "walk", "--kind", "memory"], cwd="/", capture_output=True, text=True
        )
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_bad_input_is_refused(self):
        (self.folder / "empty").write_bytes(b"")
        for words, parts in [
            (["--kind", "temporal"], ["did you mean 'temporary'?"]),
            (["--kind", "memory", "--file", "empty"], ["--file", "existing"]),
            (["--file", "empty"], ["empty"]),
            (["--file", "missing"], ["missing", "No such file"]),
            (["--file", "."], ["not a regular file"]),
            (["--size", "0"], ["--size"]),
            (["--size", "2GiB"], ["1GiB"]),
            (["--size", "many"], ["--size"]),
            (["--pid", "0"], ["--pid"]),
            (["--pid", "x"], ["--pid"]),
            (["--pid", "1", "--size", "1MiB"], ["--size"]),
            (["--output", "picture.png"], [".html or .svg"]),
            (["--output", "missing/picture.svg"], ["no directory"]),
            (["--output", "a.svg", "--format", "json"], ["--format"]),
            (["--format", "csv"], ["text or json"]),
            (["--plane"], ["did you mean '--plain'?"]),
        ]:
            with self.subTest(words=words):
                self.assert_refused(self.faultline("walk", *words), *parts)
                self.assertEqual(self.entries(), ["empty"])

    def test_a_directory_that_another_run_uses_is_refused(self):
        (self.folder / "data").mkdir()
        with open(self.folder / "data" / "faultline.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = self.faultline("walk", "--kind", "temporary", *SMALL)
        if result.returncode == 0:
            skip(self, "the program's lock is of another kind here")
        self.assert_refused(result, "another run uses", "--directory")

    def test_an_interrupted_walk_removes_its_file(self):
        process = self.start(
            "walk", "--kind", "existing", "--size", "256MiB", "--directory", "data"
        )
        self.wait_until(lambda: list(self.folder.glob("data/*.data")), "the file")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(self.entries(), [])


class TerminalTest(CliTest):
    def setUp(self):
        super().setUp()
        try:
            self.ours, self.theirs = os.openpty()
        except OSError as error:
            skip(self, f"no pseudo terminal here: {error}")
        self.addCleanup(os.close, self.ours)
        self.addCleanup(os.close, self.theirs)
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.before = termios.tcgetattr(self.theirs)
        self.shown = ""

    def open_walk(self, *words):
        def own_terminal():
            os.setsid()
            fcntl.ioctl(self.theirs, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [PROGRAM, "walk", *words, *SMALL],
            cwd=self.folder,
            preexec_fn=own_terminal,
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
        )
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)

    def expect(self, part, seconds=PATIENCE):
        """Reads until the screen shows `part`, and forgets what came before."""
        end = time.monotonic() + seconds
        while part not in self.shown:
            self.assertLess(time.monotonic(), end, f"no {part!r} in {self.shown!r}")
            if select.select([self.ours], [], [], 0.1)[0]:
                self.shown += os.read(self.ours, 65536).decode(errors="replace")
        self.shown = self.shown.partition(part)[2]

    def press(self, keys):
        os.write(self.ours, keys)

    def assert_ended(self, code):
        self.assertEqual(self.process.wait(timeout=PATIENCE), code)
        self.assertEqual(termios.tcgetattr(self.theirs), self.before)
        self.expect("\x1b[?25h\x1b[?1049l")
        self.assertEqual(self.entries(), [])

    def test_keys_step_forward_and_back_and_q_quits(self):
        self.open_walk("--kind", "temporary")
        self.expect("\x1b[?1049h\x1b[?25l")
        self.expect("Before")
        self.expect("q: quit")
        self.assertFalse(termios.tcgetattr(self.theirs)[3] & (termios.ICANON | termios.ECHO))
        for key, part in [
            (RIGHT, "Create the mapping object"),
            (b" ", "Map a view of all of it"),
            (b"\r", "Load one byte"),
            (LEFT, "Map a view"),
            (b"b", "Create the"),
            (HOME, "Nothing is done yet"),
            (END, "1 load: "),
        ]:
            self.press(key)
            self.expect(part)
            self.expect("q: quit")
        self.press(b"q")
        self.assert_ended(0)

    def test_the_last_step_is_the_end(self):
        self.open_walk("--kind", "memory")
        for _ in range(10):
            self.expect("right/space: next")
            self.press(b" ")
        self.expect("Free the object")
        self.expect("the end")
        self.press(b" ")
        self.expect("the end")
        self.press(b"q")
        self.assert_ended(0)

    def test_all_kinds_follow_one_another(self):
        self.open_walk()
        headings = []
        for _ in range(25):  # into the third: they have 11, 10 and 11 steps
            self.expect("A mapping object of ")
            headings.append(self.shown[:13])
            self.expect("q: quit")
            self.press(b" ")
        self.assertEqual(sorted(set(headings)), ["a new tempora", "memory of no ", "the existing "])
        self.assertEqual(headings.count("the existing "), 10)
        self.expect("q: quit")
        self.press(b"q")
        self.assert_ended(0)

    def test_ctrl_c_and_requests_to_end_give_the_terminal_back(self):
        for end in (None, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(end=end):
                self.open_walk("--kind", "existing")
                self.expect("q: quit")
                self.press(RIGHT)
                self.expect("Create the mapping object")
                self.expect("q: quit")
                if end is None:
                    self.press(b"\x03")
                else:
                    self.process.send_signal(end)
                self.assert_ended(130)

    def test_a_crash_gives_the_terminal_back(self):
        self.open_walk("--kind", "memory")
        self.expect("q: quit")
        self.process.send_signal(signal.SIGSEGV)
        self.assert_ended(-signal.SIGSEGV)

    def test_plain_prints_and_leaves_the_screen_alone(self):
        self.open_walk("--kind", "memory", "--plain")
        self.expect("Free the object")
        self.assertEqual(self.process.wait(timeout=PATIENCE), 0)
        self.assertNotIn("\x1b[?1049h", self.shown)


if __name__ == "__main__":
    unittest.main()

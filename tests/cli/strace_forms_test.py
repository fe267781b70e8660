"""A program with random I/O, recorded, and under strace in random forms: every read, write and
flush is in the trace.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import unittest

from support import PATIENCE, CliTest

# Does what its arguments say to files that it names data-…: reads, writes, flushes, in threads of
# its own.
PROGRAM_TEXT = """
import json, os, sys, threading
def work(steps):
    files = {}
    for name, flags, what, *place in steps:
        if name not in files:
            files[name] = os.open(name, os.O_RDWR | os.O_CREAT | flags, 0o644)
        fd = files[name]
        if what == "pread": os.pread(fd, place[1], place[0])
        elif what == "pwrite": os.pwrite(fd, b"x" * place[1], place[0])
        elif what == "write": os.write(fd, b'"),\\n' * place[1])
        elif what == "read": os.read(fd, place[1])
        elif what == "seek": os.lseek(fd, place[0], os.SEEK_SET)
        elif what == "sync": os.fdatasync(fd)
        elif what == "say": os.write(2, b"half a line") if place[0] else os.write(2, b"$ read(3, 5) = 5, done\\n")
    for fd in files.values(): os.close(fd)
threads = [threading.Thread(target=work, args=(steps,)) for steps in json.loads(sys.argv[1])]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def random_steps(random_source, thread):
    """Steps on files of one thread, and the reads, bytes read, writes, bytes written and flushes
    that they are.
    """
    names = [f"data-{thread}-{i}" for i in range(random_source.randint(1, 3))]
    flags = {name: random_source.choice([0, 0, os.O_APPEND, os.O_DSYNC]) for name in names}
    steps, counts = [], {name: [0, 0, 0, 0, 0] for name in names}
    sizes, offsets = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for _ in range(random_source.randint(5, 40)):
        name = random_source.choice(names)
        what = random_source.choice(
            ["pread", "pwrite", "pwrite", "write", "read", "seek", "sync", "say"]
        )
        place, size = random_source.randint(0, 20000), random_source.randint(1, 5000)
        count = counts[name]
        if what == "say":
            place = random_source.randint(0, 1)
        elif what == "seek":
            offsets[name] = place
        elif what == "sync":
            count[4] += 1
        elif what in ("pread", "read"):
            begin = place if what == "pread" else offsets[name]
            got = max(0, min(size, sizes[name] - begin))
            count[0] += got > 0
            count[1] += got
            offsets[name] += got if what == "read" else 0
        else:
            size *= 1 if what == "pwrite" else 4
            begin = place if what == "pwrite" else offsets[name]
            if flags[name] & os.O_APPEND:
                begin = sizes[name]
            count[2] += 1
            count[3] += size
            count[4] += bool(flags[name] & os.O_DSYNC)
            sizes[name] = max(sizes[name], begin + size)
            if what == "write":
                offsets[name] = begin + size
                size //= 4
        steps.append([name, flags[name], what, place, size])
    used = {step[0] for step in steps}
    return steps, {name: count for name, count in counts.items() if name in used}


def random_options(random_source):
    """Options of strace that change what its text looks like, and say all that there is to say."""
    options = ["-f"]
    choices = [
        ["", "-t", "-tt", "-ttt", "-r", "--absolute-timestamps=format:unix,precision:ns"],
        ["", "-T", "--syscall-times=ns"],
        ["", "-y", "-yy"],
        ["", "-i"],
        ["", "-n"],
        ["", "-x", "-xx"],
        ["", "-s 0", "-s 5000"],
        ["", "-v"],
        ["", "-a 1", "-a 60"],
        ["", "-q", "-qq"],
        ["", "-z"],
        ["", "-C"],
        ["", "-Y"],
    ]
    for words in choices:
        options += random_source.choice(words).split()
    if "-tt" in options and random_source.random() < 0.3:
        options.append("-r")
    return options


class StraceFormsTest(CliTest):
    def setUp(self):
        super().setUp()
        if (
            not shutil.which("strace")
            or subprocess.run(["strace", "true"], capture_output=True).returncode
        ):
            print("SKIPPED: strace is missing or may not trace here")
            self.skipTest("no strace")
        (self.folder / "program.py").write_text(PROGRAM_TEXT)

    def trace(self, options, output, steps):
        """The texts of strace, as what `import` is given."""
        command = [sys.executable, "-S", "program.py", json.dumps(steps)]
        if output == "stderr":
            result = subprocess.run(
                ["strace", *options, *command],
                cwd=self.folder,
                stderr=subprocess.PIPE,
                timeout=PATIENCE,
            )
            (self.folder / "text").write_bytes(result.stderr)
        else:
            (self.folder / "texts").mkdir()
            place = ["-ff", "-o", "texts/t"] if output == "folder" else ["-o", "text"]
            result = subprocess.run(
                ["strace", *options, *place, *command],
                cwd=self.folder,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE,
            )
        self.assertEqual(result.returncode, 0, options)
        return "texts" if output == "folder" else "text"

    def rounds(self):
        """Random sources with programs that they chose: steps of each thread, and what they are."""
        seed = int(os.environ.get("FAULTLINE_SEED", "1"))
        for number in range(int(os.environ.get("FAULTLINE_ROUNDS", "12"))):
            source = random.Random(seed * 1000 + number)
            threads = [random_steps(source, thread) for thread in range(source.randint(1, 3))]
            wanted = {name: counts for _, files in threads for name, counts in files.items()}
            yield source, [steps for steps, _ in threads], wanted
            for path in self.folder.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name != "program.py":
                    path.unlink()

    def test_every_transfer_is_in_the_trace_whatever_the_form(self):
        for source, steps, wanted in self.rounds():
            options, output = random_options(source), source.choice(["file", "stderr", "folder"])
            if output == "folder":
                options = [word for word in options if word not in ("-C", "-r")]
                if not any(word.startswith(("-t", "--absolute")) for word in options):
                    options.append("-ttt")
            with self.subTest(options=options, output=output):
                text = self.trace(options, output, steps)
                result = self.faultline(
                    "trace", "import", text, "--file", "data-*", "--output", "it.fltrace"
                )
                self.compare(result, wanted)

    def test_every_transfer_is_recorded_by_each_recorder(self):
        for _, steps, wanted in self.rounds():
            for recorder in ("strace", "events"):
                output = f"{recorder}.fltrace"
                result = self.faultline(
                    "trace", "record", "--recorder", recorder, "--file", "data-*",
                    "--output", output, "--",
                    sys.executable, "-S", "program.py", json.dumps(steps),
                )  # fmt: skip
                if result.returncode == 77:
                    print("SKIPPED:", result.stderr)
                    continue
                with self.subTest(recorder=recorder):
                    self.compare(result, wanted, output)
                for path in self.folder.glob("data-*"):
                    path.unlink()

    def compare(self, result, wanted, trace="it.fltrace"):
        """The trace was made, and has what is wanted of each file."""
        self.assertEqual(result.returncode, 0, result.stderr)
        shown = json.loads(self.faultline("trace", "show", trace, "--format", "json").stdout)
        figures = ("reads", "read_bytes", "writes", "written_bytes", "flushes")
        got = {
            os.path.basename(file["path"]): [file[figure] for figure in figures]
            for file in shown["files"]
        }
        self.assertEqual(got, wanted, result.stderr)
        counts = shown["counts"]
        self.assertEqual(
            [counts["unseen_threads"], counts["unread_transfers"]], [0, 0], result.stderr
        )


if __name__ == "__main__":
    unittest.main()

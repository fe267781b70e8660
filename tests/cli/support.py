"""What the end-to-end tests share: the real program, run in a fresh directory."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ.get("FAULTLINE_PROGRAM", "faultline")

# Seconds after which a process hangs, however busy the machine may be.
PATIENCE = 600

# Small enough for a trial to take milliseconds.
SMALL = ["--records", "1000", "--repetitions", "1", "--directory", "data", "--output", "out"]


def read_document(path):
    """A JSON file, which may hold neither NaN nor Infinity."""

    def refuse(name):
        raise ValueError(f"{name} is no JSON")

    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"), parse_constant=refuse)


def repetitions_of(document):
    return [repetition for trial in document["trials"] for repetition in trial["repetitions"]]


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="faultline-cli-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.started = []
        self.addCleanup(self.end_started)

    def end_started(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()

    def faultline(self, *words):
        return subprocess.run(
            [PROGRAM, *map(str, words)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
        )

    def start(self, *words):
        """The program in the background; ended at the latest with the test."""
        process = subprocess.Popen(
            [PROGRAM, *map(str, words)],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        self.started.append(process)
        return process

    def run_small(self, *words, code=0):
        result = self.faultline("run", *SMALL, *words)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def document(self, output="out"):
        return read_document(self.folder / output / "run.json")

    def entries(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def assert_refused(self, result, *parts, code=2):
        """One line that says all `parts`, that exit code, and nothing else."""
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr, r"\Afaultline: [^\n]+\n\Z")
        for part in parts:
            self.assertIn(part, result.stderr)

    def wait_until(self, happened, what, process=None, seconds=PATIENCE):
        """Fails at once when `process`, which is to bring it about, has ended instead."""
        end = time.monotonic() + seconds
        while not happened():
            if process is not None and process.poll() is not None and not happened():
                self.fail(f"the program ended before {what}: {process.communicate()}")
            self.assertLess(time.monotonic(), end, f"waited {seconds} s for {what}")
            time.sleep(0.02)

    def wait_for_repetitions(self, count, output="out"):
        def there():
            path = self.folder / output / "run.json"
            return path.exists() and len(repetitions_of(read_document(path))) >= count

        self.wait_until(there, f"{count} repetitions in run.json")

    def processes_here(self):
        """Processes that work in this test's directory."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                alive = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
                if alive and pathlib.Path(os.readlink(entry / "cwd")) == self.folder:
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

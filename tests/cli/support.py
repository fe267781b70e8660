"""What the end-to-end tests share: the real program, run in a fresh directory."""

import functools
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ.get("FAULTLINE_PROGRAM", "faultline")

# Seconds after which a process hangs, however busy the machine may be.
PATIENCE = 600

# Small enough for a trial to take milliseconds.
SMALL = ["--records", "1000", "--repetitions", "1", "--directory", "data", "--output", "out"]


ROOT = pathlib.Path(__file__).resolve().parents[2]
VALIDATOR = ROOT / "tests" / "support" / "validate_documents.py"


def load_script(name):
    """A Python program of scripts/ as a module."""
    loader = importlib.machinery.SourceFileLoader(
        name.replace("-", "_"), str(ROOT / "scripts" / name)
    )
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@functools.cache
def python_that_validates():
    """A Python that has jsonschema: Debian's own may where the first on the PATH does not."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import jsonschema"], capture_output=True).returncode == 0:
            return python
    raise RuntimeError("no Python here has jsonschema; scripts/setup installs it")


def validate(paths):
    """Holds documents against their schemas: a finished process that printed what is wrong."""
    return subprocess.run(
        [python_that_validates(), "-B", VALIDATOR, *paths], capture_output=True, text=True
    )


def read_document(path):
    """A JSON file, which may hold neither NaN nor Infinity."""

    def refuse(name):
        raise ValueError(f"{name} is no JSON")

    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"), parse_constant=refuse)


def without_progress(errors):
    """What a command said, but for the lines of progress that it prints every half minute."""
    return "".join(
        line for line in errors.splitlines(keepends=True)
        if not re.match(r"\[.*\] |preparing |how long it takes", line)
    )  # fmt: skip


def repetitions_of(document):
    return [repetition for trial in document["trials"] for repetition in trial["repetitions"]]


class CliTest(unittest.TestCase):
    # Whether the test itself writes documents, older or broken ones, into its folder: what is
    # printed is validated then.
    MAKES_DOCUMENTS = False

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="faultline-cli-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.printed = []
        self.started = []
        self.addCleanup(self.end_started)

    def tearDown(self):
        """Every document that the test made keeps its schema, whatever the test looked at."""
        written = []
        if not self.MAKES_DOCUMENTS:
            written = [path for path in self.folder.rglob("*.json") if path.is_file()]
        with tempfile.TemporaryDirectory(prefix="faultline-cli-printed-") as folder:
            for number, text in enumerate(self.printed):
                path = pathlib.Path(folder) / f"printed-{number}.json"
                path.write_text(text, encoding="utf-8")
                written.append(path)
            if not written:
                return
            result = validate(written)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def end_started(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()

    def faultline(self, *words):
        result = subprocess.run(
            [PROGRAM, *map(str, words)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
        if result.stdout.startswith("{"):
            self.printed.append(result.stdout)
        return result

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

    def refuse(self, *words, says, code=2):
        """The program refuses these words in one line that says all of `says`, and leaves nothing
        behind.
        """
        before = self.entries()
        self.assert_refused(self.faultline(*words), *says, code=code)
        self.assertEqual(self.entries(), before)

    def wait_until(self, happened, what, after_end=False):
        """Fails at once when the program that was started last has ended instead, unless that is
        what it waits for.
        """
        end = time.monotonic() + PATIENCE
        while not happened():
            if not after_end and self.started[-1].poll() is not None and not happened():
                self.fail(f"the program ended before {what}: {self.started[-1].communicate()}")
            self.assertLess(time.monotonic(), end, f"waited {PATIENCE} s for {what}")
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
                # Not by its name: a process with mounts of its own may have another one for it.
                if alive and os.path.samefile(entry / "cwd", self.folder):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

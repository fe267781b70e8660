"""Google Benchmark's own compare.py agrees with faultline compare on the same pair of runs."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import unittest

from pairs import PairTest
from support import PATIENCE

# Debian's libbenchmark-tools; BENCHMARK_TOOLS names another place.
COMPARE_PY = pathlib.Path(os.environ.get("BENCHMARK_TOOLS", "/usr/share/benchmark"), "compare.py")
# Beyond whatever repetitions differ by among themselves.
FACTOR = 1000


def python_with_scipy():
    for python in ("/usr/bin/python3", sys.executable):
        words = [python, "-c", "import scipy.stats, numpy"]
        if (
            pathlib.Path(python).exists()
            and not subprocess.run(words, capture_output=True).returncode
        ):
            return python
    return None


PYTHON = python_with_scipy()


class ComparePyTest(PairTest):
    def test_google_benchmarks_compare_py_agrees_on_the_same_pair(self):
        run, benchmark = self.measured(9)
        slow = copy.deepcopy(benchmark)
        for entry in slow["benchmarks"]:
            if entry["name"].startswith("mmap-view/"):
                entry["real_time"] *= FACTOR
        self.write("before", run, benchmark)
        self.write("after", self.slowed(run, "mmap-view", FACTOR), slow)
        for first, second in (("before", "after"), ("after", "before"), ("before", "before")):
            self.agree(first, second)

    def agree(self, first, second):
        words = [PYTHON, COMPARE_PY, "-d", "theirs.json", "benchmarks",
                 f"{first}/benchmark.json", f"{second}/benchmark.json"]  # fmt: skip
        result = subprocess.run(
            words, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        theirs = json.loads((self.folder / "theirs.json").read_text())
        result = self.faultline("compare", first, second, "--format", "json")
        ours = json.loads(result.stdout)["trials"]
        self.assertEqual(len(ours), 3)
        for trial in ours:
            accepted = next(time for time in trial["times"] if time["figure"] == "accepted")
            name = trial["id"] + "/iterations:1/repeats:1/manual_time"
            (runs,) = (entry for entry in theirs if entry["name"] == name)
            self.assertTrue(runs["utest"]["have_optimal_repetitions"])
            # Each repetition changed by the same factor, so that any mean of them did.
            change = runs["measurements"][0]["time"]
            ratio = accepted["comparison"]["ratio"]["median"]
            self.assertAlmostEqual(1 / ratio - 1, change, delta=1e-6)
            significant = runs["utest"]["time_pvalue"] < 0.05
            with self.subTest(trial=trial["id"], first=first, second=second):
                if accepted["change"] == "worse":
                    self.assertTrue(significant and change > 0)
                elif accepted["change"] == "better":
                    self.assertTrue(significant and change < 0)
                else:
                    self.assertFalse(significant)


if __name__ == "__main__":
    if os.environ.get("FAULTLINE_SANITIZE"):
        print("SKIPPED: with sanitizers nine repetitions take minutes, and say the same",
              file=sys.stderr)  # fmt: skip
        sys.exit(0)
    if not COMPARE_PY.exists() or PYTHON is None:
        print(f"SKIPPED: needs {COMPARE_PY} (libbenchmark-tools) and a Python with scipy "
              "(python3-scipy)", file=sys.stderr)  # fmt: skip
        sys.exit(0)
    unittest.main()

"""Pairs of runs for the tests of comparisons: a real one, and what is made of it."""

import copy
import json

from support import CliTest, read_document

TRIALS = ["--strategy", "read-write", "--strategy", "mmap-view", "--workload", "random-update"]


def close_to(figures, value):
    return any(abs(figure - value) <= 1e-9 * abs(value) for figure in figures)


class PairTest(CliTest):
    def tripled(self):
        """A real run's document, as if each trial had been repeated three times, one percent apart and
        undisturbed.
        """
        run, _ = self.measured(1)
        for trial in run["trials"]:
            copies = [copy.deepcopy(trial["repetitions"][0]) for _ in range(3)]
            for repetition, factor in zip(copies, (0.99, 1, 1.01)):
                self.scale(repetition, factor)
            trial["repetitions"] = copies
        return run

    def measured(self, repetitions):
        """The documents of a real run, whose repetitions count as undisturbed: the run's own, and
        Google Benchmark's.
        """
        result = self.faultline(
            "run", "--records", "1000", "--repetitions", repetitions, "--directory", "data",
            "--output", "measured", "--noise-floor", "on", *TRIALS,
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        run = read_document(self.folder / "measured/run.json")
        benchmark = json.loads((self.folder / "measured/benchmark.json").read_text())
        for trial in run["trials"]:
            seconds = [
                entry["real_time"] / 1000
                for entry in benchmark["benchmarks"]
                if entry["run_type"] == "iteration"
                and entry["name"].startswith(trial["id"] + "/iterations")
            ]
            self.assertEqual(len(seconds), repetitions)
            # A disturbed repetition that was made again is in the run's document alone.
            trial["repetitions"] = [
                repetition
                for repetition in trial["repetitions"]
                if close_to(seconds, repetition["ns_per_operation"] * 1e-9 * 2000)
            ]
            self.assertEqual(len(trial["repetitions"]), repetitions, "the same repetitions in both")
            for repetition in trial["repetitions"]:
                repetition["status"] = "ok"
        run["noise_floor"] = {"ratio": 1, "low": 0.95, "high": 1.05, "trials": []}
        return run, benchmark

    def write(self, name, document, benchmark=None):
        (self.folder / name).mkdir(exist_ok=True)
        (self.folder / name / "run.json").write_text(json.dumps(document))
        if benchmark is not None:
            (self.folder / name / "benchmark.json").write_text(json.dumps(benchmark))

    def scale(self, repetition, factor):
        for figure in ("ns_per_operation", "durable_ns_per_operation"):
            repetition[figure] *= factor

    def slowed(self, document, strategy, factor):
        slow = copy.deepcopy(document)
        for trial in slow["trials"]:
            for repetition in trial["repetitions"]:
                if trial["strategy"]["spec"] == strategy:
                    self.scale(repetition, factor)
        return slow

"""Pairs of runs for the tests of comparisons: a real one, and what is made of it."""

import copy
import json

from support import CliTest, read_document

TRIALS = ["--strategy", "read-write", "--strategy", "mmap-view", "--workload", "random-update"]


def close_to(figures, value):
    return any(abs(figure - value) <= 1e-9 * abs(value) for figure in figures)


class PairTest(CliTest):
    def measured(self, repetitions=3):
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
        run["noise_floor"] = {"ratio": 1, "low": 0.98, "high": 1.02, "trials": []}
        return run, benchmark

    def write(self, name, document, benchmark=None):
        (self.folder / name).mkdir(exist_ok=True)
        (self.folder / name / "run.json").write_text(json.dumps(document))
        if benchmark is not None:
            (self.folder / name / "benchmark.json").write_text(json.dumps(benchmark))

    def slowed(self, document, strategy, factor):
        slow = copy.deepcopy(document)
        for trial in slow["trials"]:
            for repetition in trial["repetitions"]:
                if trial["strategy"]["spec"] == strategy:
                    for figure in ("ns_per_operation", "durable_ns_per_operation"):
                        repetition[figure] *= factor
        return slow

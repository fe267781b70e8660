"""Pairs of runs for the tests of comparisons: a real one, and what is made of it."""

import copy
import json

from support import CliTest, read_document

TRIALS = ["--strategy", "read-write", "--strategy", "mmap-view", "--workload", "random-update"]


# Enough for a verdict.
ROUNDS = 6


class PairTest(CliTest):
    def rounds(self):
        """A real run's document as an older version wrote it, without comparisons, as if each trial
        had been repeated in six rounds with a noise of one percent and without interference.
        """
        run, _ = self.measured(1)
        for trial in run["trials"]:
            made = [copy.deepcopy(trial["repetitions"][0]) for _ in range(ROUNDS)]
            for number, repetition in enumerate(made):
                repetition["round"] = number
                self.scale(repetition, 1 + 0.01 * (number % 3 - 1))
            trial["repetitions"] = made
        for name in ("groups", "comparisons"):
            del run[name]
        return run

    def measured(self, repetitions):
        """The documents of a real run, whose repetitions count as without interference: the run's
        own, and Google Benchmark's.
        """
        result = self.faultline(
            "run", "--records", "1000", "--repetitions", repetitions, "--directory", "data",
            "--output", "measured", "--noise-floor", "on", *TRIALS,
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        run = read_document(self.folder / "measured/run.json")
        benchmark = json.loads((self.folder / "measured/benchmark.json").read_text())
        for trial in run["trials"]:
            # One that had interference and was made again is there beside the one that took its
            # place.
            last = {repetition["round"]: repetition for repetition in trial["repetitions"]}
            trial["repetitions"] = list(last.values())
            self.assertEqual(len(trial["repetitions"]), repetitions)
            for repetition in trial["repetitions"]:
                repetition["status"] = "ok"
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

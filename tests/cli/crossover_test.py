"""The search for crossovers, end to end on tiny data. The best strategy depends on the machine."""

import json
import os
import re
import signal
import subprocess
import unittest

from support import PATIENCE, CliTest, read_document, without_progress

PLACES = ["--directory", "data", "--output", "out"]
# Rounds of milliseconds: three at a point, too few for a verdict; or six.
FEW = ["--quick", "--operations", "100", *PLACES]
TINY = [*FEW, "--repetitions", "1"]
ENOUGH = [*FEW, "--repetitions", "2"]
SIZES = ["--x", "record-size=16..32", "--records", "500"]


class CrossoverTest(CliTest):
    def crossover(self, *words, code=0):
        result = self.faultline("crossover", *words)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def found(self):
        return read_document(self.folder / "out/crossover.json")

    def points(self):
        return [point for row in self.found()["rows"] for point in row["points"]]

    def assert_data_files_gone(self):
        self.assertEqual([path.name for path in (self.folder / "data").iterdir()],
                         ["faultline.lock"])  # fmt: skip

    def test_one_axis_gives_points_a_table_documents_and_a_page(self):
        result = self.crossover(*SIZES, *ENOUGH)
        self.assertEqual(without_progress(result.stderr), "")
        self.assertRegex(result.stdout, r"(?m)^from random-update, 500 x 16, 100 operations x 2")
        self.assertRegex(result.stdout, r"(?m)^  record-size +best +read-write +mmap-view ")
        self.assertRegex(result.stdout, r"(?m)^Crossover document: out/crossover.json")
        self.assert_data_files_gone()
        document = self.found()
        self.assertEqual(document["schema"], "faultline-crossover/2")
        self.assertIs(document["complete"], True)
        self.assertEqual(document["ended"], "narrow")
        self.assertIn("kernel", document["environment"])
        (row,) = document["rows"]
        self.assertIsNone(row["y"])
        self.assertEqual([point["x"] for point in row["points"]], [16, 32])
        for point in row["points"]:
            self.assertEqual(point["parameters"]["record_size"], point["x"])
            self.assertEqual(point["rounds"], 6)
            self.assertEqual(len(point["again"]), 6)
            self.assert_judged(point)
            for number, one in enumerate(point["results"]):
                self.assertEqual(one["strategy"], number)
                self.assertIn(one["status"], ("ok", "interference"))
                self.assertGreater(one["figures"]["durable_ns_per_operation"]["median"], 0)
                self.assertEqual([each["round"] for each in one["repetitions"]], list(range(6)))
        report = self.faultline("report", "out")
        if report.returncode != 77:
            self.assertEqual(report.returncode, 0, report.stderr)
            self.assertEqual(report.stdout, "out/crossover.html\n")
        # Without one where every point is inconclusive.
        if (self.folder / "out/policy.json").exists():
            self.assert_header_follows(read_document(self.folder / "out/policy.json"))

    def assert_judged(self, point):
        """Whichever is best: winners, ranking and comparisons agree."""
        pairs = {(one["strategy"], one["baseline"]): one for one in point["comparisons"]}
        leader = point["ranking"]["best"][0]
        self.assertEqual(
            set(pairs), {(1, 0), (2, 0)} | ({(0, 1), (2, 1)} if leader == 1 else set())
        )
        verdict = pairs[1 - leader, leader]["verdict"]
        self.assertEqual(
            (point["winners"], point["inconclusive"] is None),
            {
                "slower": ([leader], True),
                "tied": ([0, 1], True),
                "inconclusive": ([], False),
            }[verdict],
        )
        for one in pairs.values():
            self.assertEqual(one["figure"], "ns_per_operation")
            self.assertEqual(one["rounds"], 6)
            self.assertLessEqual(one["ratio"]["low"], one["ratio"]["median"])
            self.assertLessEqual(one["ratio"]["median"], one["ratio"]["high"])
            self.assertEqual(one["reason"] is not None, one["verdict"] == "inconclusive")

    def test_too_few_rounds_give_no_verdict_and_say_how_many_are_needed(self):
        result = self.crossover(*SIZES, *TINY)
        self.assertIn("3 usable rounds, 6 needed", " ".join(result.stdout.split()))
        self.assertIn("no point tells which strategy is best", result.stdout)
        for point in self.points():
            self.assertEqual((point["rounds"], point["winners"]), (3, []))
            self.assertIn("6 needed", point["inconclusive"])
            for one in point["comparisons"]:
                self.assertEqual(one["verdict"], "inconclusive")
                self.assertIsNone(one["ratio"]["low"])

    def assert_header_follows(self, policy):
        self.assertEqual(policy["schema"], "faultline-policy/1")
        (row,) = policy["rows"]
        checks = "".join(
            f'static_assert(Same(SpecOf(Choose({int(one["low"])}u)),'
            f' "{policy["strategies"][one["strategy"]]}"));\n'
            for one in row["ranges"]
        )
        (self.folder / "check.cc").write_text(
            '#include "out/policy.h"\nusing namespace faultline_policy;\n'
            "constexpr bool Same(const char* a, const char* b) {\n"
            "  return *a == *b && (*a == 0 || Same(a + 1, b + 1));\n}\n" + checks
        )
        compiler = os.environ.get("FAULTLINE_COMPILER", "c++")
        flags = ["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
        done = subprocess.run(
            [compiler, *flags, "check.cc"], cwd=self.folder, capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_two_axes_give_a_row_for_each_value_of_y(self):
        result = self.crossover(*SIZES, "--y", "threads=1..2", *TINY, "--format", "json",
                                "--quiet")  # fmt: skip
        document = self.found()
        self.assertEqual(json.loads(result.stdout), document)
        self.assertEqual(result.stderr, "")
        self.assertEqual([row["y"] for row in document["rows"]], [1, 2])
        for row in document["rows"]:
            self.assertEqual([point["x"] for point in row["points"]], [16, 32])
            for point in row["points"]:
                self.assertEqual(point["parameters"]["threads"], row["y"])

    def test_a_strategy_that_fails_or_can_not_serve_a_point_is_said_and_wins_nowhere(self):
        result = self.crossover(*SIZES, *TINY, "--timeout", "0.0000001", code=1)
        self.assertRegex(result.stdout, r"at 16, 32: mmap-view FAILED: hung")
        self.assertIn("no point tells which strategy is best", result.stdout)
        self.assertFalse((self.folder / "out/policy.h").exists())
        for point in self.points():
            self.assertEqual(point["winners"], [])
            self.assertEqual([one["status"] for one in point["results"]], ["failed", "failed"])
        result = self.crossover("--x", "processes=1..2", "--strategy", "read-all", "--strategy",
                                "read-write", "--records", "500", *TINY)  # fmt: skip
        self.assertIn("at 2: read-all is not possible: strategy read-all can't", result.stdout)
        self.assertIn(self.points()[-1]["winners"], ([1], []))

    def test_a_spent_budget_ends_the_search_with_what_it_has(self):
        result = self.crossover("--x", "record-size=16..64KiB", "--records", "500", "--budget",
                                "0.3", *PLACES)  # fmt: skip
        self.assertIn("The budget is spent", result.stdout)
        self.assertEqual(self.found()["ended"], "budget")
        self.assert_data_files_gone()

    def test_ctrl_c_keeps_the_points_that_are_finished(self):
        process = self.start("crossover", *SIZES, "--operations", "100", "--repetitions", "300",
                             "--budget", "1000", *PLACES)  # fmt: skip
        self.wait_until(
            lambda: (self.folder / "out/crossover.json").exists()
            and len(self.processes_here()) > 1,
            "the search to begin",
        )
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("Interrupted", output)
        document = self.found()
        self.assertIs(document["complete"], False)
        self.assertEqual(document["ended"], "interrupted")
        self.wait_until(
            lambda: not self.processes_here(), "the last process to end", after_end=True
        )
        self.assert_data_files_gone()

    def test_what_makes_no_sense_is_refused_and_leaves_nothing(self):
        nothing: list[str] = []
        axis = ["--x", "threads=1..2"]
        for words, parts in (
            (nothing, ["--x PARAMETER=LOW..HIGH"]),
            (["--x", "threads"], ["PARAMETER=LOW..HIGH"]),
            (["--x", "thread=1..2"], ["did you mean 'threads'?"]),
            (["--x", "threads=2..1"], ["must go up"]),
            (["--x", "threads=0..2"], ["at threads=0:", "--threads takes 1 or more"]),
            (
                ["--x", "workload:reads=0..2", "--workload", "mixed"],
                ["at workload:reads=2:", "too large"],
            ),
            (["--x", "data-to-memory=1..2"], ["--memory-limit"]),
            ([*axis, "--y", "threads=1..4"], ["both threads"]),
            ([*axis, "--y", "record-size=1..5MiB"], ["at threads=1 record-size=5MiB:", "4 MiB"]),
            ([*axis, "--strategy", "read-write"], ["two or more"]),
            ([*axis, "--strategy", "all"], ["two or more"]),
            ([*axis, *(2 * ["--strategy", "stdio"])], ["'stdio' is given twice"]),
            ([*axis, "--strategy", "mmap-vew"], ["did you mean 'mmap-view'?"]),
            ([*axis, *(2 * ["--workload", "random-read"])], ["--workload"]),
            ([*axis, "--threads", "2"], ["--threads is given too"]),
            ([*axis, "--by", "luck"], ["accepted, durable or steady"]),
            ([*axis, "--by", "steady", "--passes", "1"], ["--passes 2"]),
            ([*axis, "--budget", "0"], ["--budget"]),
            ([*axis, "--budget=-5"], ["--budget takes more than 0"]),
            ([*axis, "--budget", "nan"], ["--budget"]),
            ([*axis, "--budget", "inf"], ["--budget"]),
            ([*axis, "--noise-floor", "on"], ["--noise-floor"]),
            ([*axis, "--format", "csv"], ["table or json"]),
        ):
            with self.subTest(words=words):
                self.assert_refused(self.faultline("crossover", *words, *PLACES), *parts)
                self.assertEqual(self.entries(), [])
        result = self.faultline("crossover", "--x", "processes=2..4", "--strategy", "read-all",
                                "--strategy", "shared-memory", *PLACES)  # fmt: skip
        self.assert_refused(result, "several processes", code=77)
        self.assertEqual(self.entries(), [])

    def test_help_names_every_option(self):
        text = self.crossover("--help").stdout
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)
        for option in (
            "x y strategy workload by budget quick records operations repetitions record-size "
            "passes threads processes cache memory-limit seed timeout directory output format "
            "plugin quiet"
        ).split():
            self.assertEqual(len(re.findall(rf"(?m)^  --{option}\b", text)), 1, option)


if __name__ == "__main__":
    unittest.main()

"""Runs that succeed, or fail in a trial: the document, the other formats, the exit code."""

import csv
import io
import json
import unittest

from support import SMALL, CliTest, repetitions_of, without_progress

TOP_LEVEL = (
    "schema complete suite environment counters absent warnings groups comparisons trials".split()
)
REPETITION = (
    "status error verified operations asked ns_per_operation durable_ns_per_operation "
    "steady_ns_per_operation phases cache memory latency series round order".split()
)


class RunTest(CliTest):
    def benchmarks(self):
        # Google Benchmark itself writes NaN for the variation of figures that are 0.
        return json.loads((self.folder / "out/benchmark.json").read_text())["benchmarks"]

    def test_the_document_has_every_documented_field_and_is_verified(self):
        self.run_small(
            "--strategy", "read-write", "--strategy", "mmap-view", "--strategy", "null",
            "--workload", "random-update", "--workload", "ycsb", "--latency", "sampled",
            "--noise-floor", "on",
        )  # fmt: skip
        document = self.document()
        self.assertEqual(document["schema"], "faultline-run/2")
        self.assertIs(document["complete"], True)
        self.assertEqual(document["suite"], "command line")
        for field in TOP_LEVEL:
            self.assertIn(field, document)
        for fact in ("kernel", "processor", "file_system", "version", "compiler"):
            self.assertIn(fact, document["environment"])
        self.assertEqual(len(document["trials"]), 8)
        self.assertEqual(len({trial["id"] for trial in document["trials"]}), 8)
        self.assertIn("read-write/ycsb#2", [trial["id"] for trial in document["trials"]])
        for trial in document["trials"]:
            for repetition in trial["repetitions"]:
                for field in REPETITION:
                    self.assertIn(field, repetition)
                self.assertIn(repetition["status"], ("ok", "interference"))
                stores = trial["strategy"]["name"] != "null"
                self.assertIs(repetition["verified"], True if stores else None)
                self.assertEqual(repetition["operations"], 2000)
                phases = "close first flush open steady".split()
                self.assertEqual(list(repetition["phases"]), phases)
                self.assertGreater(repetition["ns_per_operation"], 0)
                self.assertGreater(repetition["latency"]["samples"], 0)
        orders = sorted(repetition["order"] for repetition in repetitions_of(document))
        self.assertEqual(orders, list(range(len(orders))))

    def test_all_strategies_are_right(self):
        self.run_small("--strategy", "all", "--operations", "200", "--passes", "1", "--quiet")
        document = self.document()
        self.assertGreaterEqual(len(document["trials"]), 11)
        for trial in document["trials"]:
            stores = trial["strategy"]["name"] != "null"
            for repetition in trial["repetitions"]:
                self.assertIs(repetition["verified"], True if stores else None, trial["id"])

    def test_the_table_names_trials_and_the_document(self):
        result = self.run_small("--strategy", "read-write", "--strategy", "null")
        title = r"(?m)^random-update, 1,000 x 125 B, paged, 1 thread +1 round, [\d.]+ m?s$"
        self.assertRegex(result.stdout, title)
        self.assertRegex(
            result.stdout, r"(?m)^  read-write +~?[\d.]+ [nu]s/op +~?[\d.]+ [num]s/op "
        )
        self.assertIn("null: the harness itself", " ".join(result.stdout.split()))
        self.assertRegex(result.stdout, r"(?m)^Answer: read-write was measured alone")
        self.assertRegex(result.stdout, r"(?m)^Next: faultline report out   faultline advise out$")
        self.assertNotIn("\033", result.stdout)
        for line in result.stdout.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertEqual(without_progress(result.stderr), "")

    def test_json_on_standard_output_is_the_document(self):
        result = self.run_small("--strategy", "read-write", "--format", "json")
        self.assertEqual(json.loads(result.stdout), self.document())
        self.assertEqual(without_progress(result.stderr), "Run document: out/run.json\n")

    def test_quiet_prints_the_results_and_nothing_else(self):
        result = self.run_small("--strategy", "read-write", "--format", "json", "--quiet")
        json.loads(result.stdout)
        self.assertEqual(result.stderr, "")
        table = self.run_small("--strategy", "read-write", "--quiet").stdout
        self.assertNotIn("Run document", table)
        self.assertNotIn("Next:", table)

    def test_six_rounds_are_made_and_compared_unless_told_otherwise(self):
        place = ["--directory", "data", "--output", "out", "--budget", "0.001"]
        small = ["--records", "1000", "--strategy", "read-write", "--strategy", "mmap-view"]
        result = self.faultline("run", *place, *small)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"(?m) 6 rounds, [\d.]+ m?s$")
        self.assertRegex(result.stdout, r"(?m)^Answer: ")
        self.assertNotIn("Not enough data", result.stdout)
        for comparison in self.document()["comparisons"]:
            if comparison["figure"] == "ns_per_operation":
                self.assertEqual(comparison["rounds"], 6)

    def test_one_round_is_not_enough_for_a_verdict_and_the_answer_says_so(self):
        result = self.run_small("--strategy", "read-write", "--strategy", "mmap-view")
        text = " ".join(result.stdout.split())
        self.assertIn("1 usable round, 6 needed (--repetitions 6 or more).", text)
        self.assertNotIn("faster", text)

    def test_more_is_told_when_asked_for(self):
        result = self.run_small("--strategy", "read-write", "--verbose")
        self.assertRegex(result.stdout, r"(?m)^  details +accepted ns/op +dev\. read ")

    def test_csv_has_a_line_per_trial(self):
        result = self.run_small(
            "--strategy", "mmap-window:size=64KiB,count=2", "--strategy", "stdio",
            "--format", "csv", "--quiet",
        )  # fmt: skip
        rows = list(csv.DictReader(io.StringIO(result.stdout), strict=True))
        self.assertEqual(
            [row["strategy"] for row in rows], ["mmap-window:size=64KiB,count=2", "stdio"]
        )
        for row in rows:
            self.assertEqual(row["records"], "1000")
            self.assertNotIn(None, row)
            self.assertNotIn(None, row.values())
            self.assertEqual(int(row["ok"]) + int(row["interference"]), int(row["repetitions"]))
            if row["ns_per_operation"]:
                self.assertGreater(float(row["ns_per_operation"]), 0)

    def test_benchmark_json_is_written_and_its_filter_works(self):
        trials = ["--strategy", "read-write", "--strategy", "mmap-view", "--repetitions", "2"]
        place = ["--records", "1000", "--directory", "data", "--output", "out"]
        words = ["run", *place, *trials]
        result = self.faultline(*words, "--", "--benchmark_filter=^mmap")
        self.assertEqual(result.returncode, 0, result.stderr)
        names = [trial["id"] for trial in self.document()["trials"]]
        self.assertEqual(names, ["mmap-view/random-update"])
        benchmarks = self.benchmarks()
        runs = [run for run in benchmarks if run["run_type"] == "iteration"]
        self.assertEqual(len(runs), 2)
        for run in runs:
            self.assertTrue(run["name"].startswith("mmap-view/random-update/iterations:1"))
            self.assertGreater(run["ns_per_operation"], 0)
        flags = ["--benchmark_filter=-mmap", "--benchmark_out=mine.json"]
        result = self.faultline(*words, "--", *flags)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.document()["trials"][0]["id"], "read-write/random-update")
        self.assertTrue((self.folder / "mine.json").exists())

    def test_names_are_listed_without_a_run(self):
        result = self.run_small("--strategy", "read-write", "--", "--benchmark_list_tests=true")
        self.assertEqual(
            result.stdout, "read-write/random-update/iterations:1/repeats:1/manual_time\n"
        )
        self.assertEqual(self.entries(), [])
        listed = result.stdout.strip()
        self.run_small("--strategy", "read-write")
        self.assertEqual(self.benchmarks()[0]["name"], listed)

    def test_a_suite_file_runs_and_the_command_line_overrides_it(self):
        (self.folder / "mine.ini").write_text(
            "records = 500\nrepetitions = 2\n"
            "[one]\nstrategy = mmap-view\npasses = 1\n"
            "[two]\nstrategy = read-write\nworkload = random-read\n"
        )
        place = ["--directory", "data", "--output", "out"]
        result = self.faultline("run", "--suite", "mine.ini", "--seed", "7", *place)
        self.assertEqual(result.returncode, 0, result.stderr)
        document = self.document()
        self.assertEqual(document["suite"], "mine")
        self.assertEqual(
            [trial["id"] for trial in document["trials"]],
            ["one/mmap-view/random-update", "two/read-write/random-read"],
        )
        for trial in document["trials"]:
            self.assertEqual(trial["parameters"]["seed"], 7)
            self.assertEqual(trial["parameters"]["records"], 500)
            self.assertGreaterEqual(len(trial["repetitions"]), 2)

    def test_threads_and_processes_and_cache_reach_the_trial(self):
        self.run_small("--strategy", "mmap-view", "--threads", "2", "--processes", "2",
                       "--cache", "paged", "--passes", "1", "--record-size", "1KiB")  # fmt: skip
        (trial,) = self.document()["trials"]
        self.assertEqual(trial["parameters"]["threads"], 2)
        self.assertEqual(trial["parameters"]["processes"], 2)
        self.assertEqual(trial["parameters"]["cache"], "paged")
        self.assertEqual(trial["parameters"]["file_bytes"], 1024000)
        self.assertIsNone(trial["repetitions"][0]["steady_ns_per_operation"])

    def test_a_failed_trial_is_a_row_and_exit_code_1(self):
        result = self.run_small("--strategy", "read-write", "--timeout", "0.0000001", code=1)
        self.assertIn("read-write FAILED in 1 of 1 repetition: hung", result.stdout)
        (repetition,) = repetitions_of(self.document())
        self.assertEqual(repetition["status"], "failed")
        self.assertIn("--timeout", repetition["error"])
        self.assertIsNone(repetition["verified"])
        self.assertIs(self.document()["complete"], True)

    def test_a_run_of_which_nothing_is_possible_says_so_with_exit_code_77(self):
        result = self.run_small("--strategy", "read-all", "--processes", "2", code=77)
        text = " ".join(result.stdout.split())
        self.assertIn("read-all can't be shared by several processes", text)
        (repetition,) = repetitions_of(self.document())
        self.assertEqual(repetition["status"], "unsupported")

    def test_the_data_file_is_kept_and_used_again(self):
        self.run_small("--strategy", "read-write")
        (data,) = (self.folder / "data").glob("*.data")
        lock = self.folder / "data/faultline.lock"
        inodes = [data.stat().st_ino, lock.stat().st_ino]
        self.run_small("--strategy", "mmap-view")
        self.assertEqual([data.stat().st_ino, lock.stat().st_ino], inodes)
        self.assertEqual(len(list((self.folder / "data").glob("*.data"))), 1)
        self.assertIs(repetitions_of(self.document())[0]["verified"], True)

    def test_without_an_output_the_document_gets_a_folder_of_its_own(self):
        result = self.faultline("run", *SMALL[:4], "--directory", "data", "--strategy", "null")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(list(self.folder.glob("faultline-runs/run-*/run.json"))), 1)


if __name__ == "__main__":
    unittest.main()

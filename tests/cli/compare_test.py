"""faultline compare on the documents of real runs: verdicts, refusals, exit codes."""

import copy
import json
import unittest

from pairs import PairTest


class CompareTest(PairTest):
    MAKES_DOCUMENTS = True

    def compared(self, *words, code):
        result = self.faultline("compare", *words, "--format", "json")
        self.assertEqual(result.returncode, code, result.stderr)
        document = json.loads(result.stdout)
        self.assertEqual(document["schema"], "faultline-comparison/2")
        return document

    def test_a_run_against_itself_and_a_slower_one(self):
        run = self.rounds()
        self.write("before", run)
        for times in (1, 1000):
            self.write("after", self.slowed(run, "mmap-view", times))
            document = self.compared("before", "after/run.json", code=0 if times == 1 else 1)
            self.assertEqual(len(document["trials"]), 3)
            for trial in document["trials"]:
                slow = times > 1 and trial["id"].startswith("mmap-view/")
                for figure in trial["times"]:
                    self.assertEqual(figure["change"], "worse" if slow else "tied")
                    comparison = figure["comparison"]
                    self.assertEqual(comparison["verdict"], "slower" if slow else "tied")
                    self.assertEqual(comparison["rounds"], 6)
                    median = comparison["ratio"]["median"]
                    self.assertAlmostEqual(median * (times if slow else 1), 1, delta=1e-6)
                counters = {count["counter"]: count for count in trial["counts"]}
                self.assertIn(counters["minor_faults"]["change"], ("same", "varies"))
                self.assertEqual(counters["write_calls"]["unit"], "")
        self.compared("after", "before", code=0)
        table = self.faultline("compare", "before", "after")
        self.assertEqual(table.returncode, 1)
        self.assertRegex(table.stdout, r"(?m)^2 worse, 0 better, .* of 3 trials$")
        self.assertRegex(table.stdout, r"(?m)^  accepted  worse +1,000x \[")
        comment = self.faultline("compare", "before", "after", "--format", "markdown").stdout
        self.assertIn("| `mmap-view/random-update` | accepted | **worse** | 1,000x [", comment)
        self.assertTrue(table.stdout.endswith("of 3 trials.\n"), table.stdout)
        for line in table.stdout.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.compared("before", "after", "--tolerance", "900%", code=1)
        self.compared(
            "before", "after", "--metric", "write_calls", "--metric", "major_faults", code=0
        )

    def test_what_is_inconclusive_is_said_last_and_fails_only_a_strict_gate(self):
        run, _ = self.measured(1)
        self.write("run", run)
        table = self.faultline("compare", "run", "run")
        self.assertEqual(table.returncode, 0, table.stderr)
        self.assertIn("0 worse, 0 better, 0 tied, 6 inconclusive, of 3 trials", table.stdout)
        self.assertIn("6 repetitions needed on each side", " ".join(table.stdout.split()))
        self.assertIn("0 worse, but 6 inconclusive", table.stdout.splitlines()[-1])
        self.compared("run", "run", "--strict", code=1)
        # Nor is one repetition a reason to fail on a count.
        more = copy.deepcopy(run)
        for trial in more["trials"]:
            for phase in trial["repetitions"][0]["phases"].values():
                phase["counters"]["minor_faults"] += 1
        self.write("more", more)
        self.compared("run", "more", "--metric", "minor_faults", code=0)
        self.compared("run", "more", "--metric", "minor_faults", "--strict", code=1)
        run = self.rounds()
        self.write("before", run)
        self.compared("before", "before", "--strict", code=0)

    def test_what_is_not_comparable_is_refused_unless_told_otherwise(self):
        run = self.rounds()
        other = copy.deepcopy(run)
        other["environment"]["processor"] = "Another 5000"
        for trial in other["trials"]:
            trial["parameters"]["seed"] = 9
        self.write("before", run)
        self.write("after", other)
        self.assert_refused(
            self.faultline("compare", "before", "after"),
            "'Another 5000'",
            "seed 1 against 9 (read-write/random-update and 2 others)",
            "--anyway",
        )
        document = self.compared("before", "after", "--anyway", code=0)
        self.assertEqual(len(document["differences"]), 2)

    def test_a_failed_trial_makes_the_exit_code(self):
        run = self.rounds()
        self.write("before", run)
        run["trials"][0]["repetitions"][0].update(status="failed", error="lost", verified=False)
        run["complete"] = False
        self.write("after", run)
        result = self.faultline("compare", "before", "after")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("FAILED after: failed: lost", result.stdout)
        self.assertIn("incomplete", result.stdout)

    def test_bad_input_is_one_line_and_exit_code_2(self):
        self.write("run", {"schema": "faultline-claims/1"})
        (self.folder / "cut.json").write_text('{"schema": "faultline-run/1", "tri')
        (self.folder / "empty").mkdir()
        for words, parts in {
            (): ["Name two runs", "(0 given)"],
            ("run",): ["(1 given)"],
            ("run", "run", "run"): ["(3 given)"],
            ("run", "run"): ["run/run.json: schema", "faultline-claims/1"],
            ("run", "cut.json"): ["run/run.json: schema"],
            ("cut.json", "run"): ["cut.json: line 1, column", "cut off"],
            ("empty", "run"): ["empty: holds no run.json"],
            ("absent", "run"): ["absent", "No such file"],
            ("run", "run", "--format", "xml"): ["table, markdown or json"],
            ("run", "run", "--tolerance", "much"): ["--tolerance"],
            ("run", "run", "--tolerance", "-1%"): ["--tolerance", "negative"],
            ("run", "run", "--tolerance", "5"): ["--tolerance", "5%"],
            ("run", "run", "--tolerence", "1%"): ["did you mean '--tolerance'?"],
        }.items():
            with self.subTest(words=words):
                self.assert_refused(self.faultline("compare", *words), *parts)


if __name__ == "__main__":
    unittest.main()

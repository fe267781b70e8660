"""faultline advise on the document of a real run: within a page, as JSON, and refusals."""

import json
import unittest

from pairs import PairTest


class AdviseTest(PairTest):
    MAKES_DOCUMENTS = True

    def setUp(self):
        super().setUp()
        self.write("run", self.slowed(self.rounds(), "read-write", 1000))

    def test_the_best_is_said_with_its_gain(self):
        result = self.faultline("advise", "run")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("Advice from run/run.json, against read-write\n", result.stdout)
        text = " ".join(result.stdout.split())
        self.assertRegex(
            text,
            r"If you flush at the end: mmap-view, [\d.,]+x \[[\d.,]+ [\d.,]+\] faster than"
            r" read-write",
        )
        self.assertIn("If every update must be durable: not measured, so not advised.", text)
        self.assertIn("Cost of mmap-view: ", text)
        self.assertIn(
            "no comparisons of its own (made by an older version): it was judged anew", text
        )
        self.assertLessEqual(result.stdout.count("\n"), 60)
        for line in result.stdout.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_a_run_of_this_version_is_advised_by_its_own_comparisons(self):
        advised = self.faultline("advise", "measured", "--format", "json")
        self.assertEqual(advised.returncode, 0, advised.stderr)
        self.assertFalse(json.loads(advised.stdout)["judged_anew"])
        self.assertNotIn("judged anew", self.faultline("advise", "measured").stdout)
        # One round tells nothing, whatever it found.
        answers = json.loads(advised.stdout)["workloads"][0]["answers"]
        self.assertEqual([answer["best"] for answer in answers], [None, None, None])
        text = " ".join(self.faultline("advise", "measured").stdout.split())
        self.assertIn("nothing is settled", text)
        self.assertIn("not enough data: 1 usable round, 6 needed", text)

    def test_json_has_what_the_text_says(self):
        result = self.faultline(
            "advise", "run/run.json", "--format", "json", "--baseline", "mmap-view"
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        advice = json.loads(result.stdout)
        self.assertEqual(advice["schema"], "faultline-advice/2")
        (workload,) = advice["workloads"]
        self.assertEqual(workload["workload"], "random-update")
        needs = [answer["need"] for answer in workload["answers"]]
        self.assertEqual(needs, ["returned", "flushed at the end", "durable every"])
        for answer in workload["answers"][:2]:
            self.assertEqual(answer["best"], "mmap-view")
            self.assertEqual(answer["baseline_stands"], "leads")
            self.assertIn(answer["runner_up"], ("read-write", "read-write#2"))
            self.assertEqual(answer["lead"]["verdict"], "faster")
            self.assertEqual(len(answer["ranked"]), 3)
            self.assertGreater(answer["ranked"][0]["peak_resident_bytes"]["median"], 0)
        self.assertIsNone(workload["answers"][2]["best"])

    def test_bad_input_is_one_line_and_exit_code_2(self):
        for words, parts in {
            (): ["advise on what?"],
            ("run", "run"): ["(2 given)"],
            ("run", "--baseline", "mmap-vew"): ["run/run.json", "did you mean 'mmap-view'?"],
            ("run", "--workload", "sorting"): ["it has random-update"],
            ("run", "--format", "xml"): ["use text or json"],
            ("data",): ["data: holds no run.json"],
        }.items():
            with self.subTest(words=words):
                self.assert_refused(self.faultline("advise", *words), *parts)


if __name__ == "__main__":
    unittest.main()

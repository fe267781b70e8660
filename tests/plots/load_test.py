"""What is made of run documents, good and bad."""

import copy
import json
import tempfile
import unittest
from pathlib import Path

import made_up
from faultline_plots import kinds
from faultline_plots.document import LoadError


def load(document):
    """The document by way of a file, as users have it; texts are written as they are."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "run.json"
        path.write_text(
            document if isinstance(document, str) else json.dumps(document), encoding="utf-8"
        )
        return kinds.load(path)


def loaded(document):
    return load(document).content


def run_of(*trials):
    return loaded(made_up.document(list(trials)))


class Sound(unittest.TestCase):
    def test_figures_that_are_null_are_absent_and_zero_is_a_figure(self):
        trial = made_up.steady("read-write", 100)
        trial["summary"]["figures"]["total.major_faults"] = made_up.figure(None)
        figures = run_of(trial).trials[0].figures
        self.assertNotIn("total.major_faults", figures)
        self.assertEqual(figures["flush.major_faults"].median, 0)

    def test_what_is_no_finite_number_is_read_as_null_and_noted(self):
        for written in ("NaN", "-Infinity", "1e999", "1" + "0" * 400):
            trial = made_up.steady("read-write", 100)
            trial["summary"]["figures"]["ns_per_operation"] = made_up.figure(123.5)
            document = json.dumps(made_up.document([trial])).replace("123.5", written)
            with self.subTest(written):
                found = load(document)
                self.assertIsNone(found.content.trials[0].figure("ns_per_operation"))
                self.assertIn(f"run.json contains {written[:20]}", found.notes[-1])

    def test_figures_are_of_the_rounds_that_the_harness_says_they_are_of(self):
        interference = made_up.repetition(status="interference", error="others wrote", ns=7)
        few = made_up.trial("stdio", [made_up.repetition(), interference])
        many = made_up.trial(
            "stdio", [*(made_up.repetition() for _ in range(6)), made_up.repetition(ns=7)]
        )
        many["repetitions"][6]["status"] = "interference"
        first, second = run_of(few, many).trials
        self.assertTrue(first.with_interference and first.drawn)
        self.assertEqual([r.status for r in first.sources], ["ok", "interference"])
        self.assertFalse(second.with_interference)
        self.assertEqual({r.status for r in second.sources}, {"ok"})

    def test_a_round_that_was_made_again_counts_once(self):
        repetitions = [
            made_up.repetition(status="interference", ns=7, round=0),
            made_up.repetition(ns=5, round=0),
            made_up.repetition(status="interference", ns=9, round=1),
        ]
        trial = run_of(made_up.trial("stdio", repetitions)).trials[0]
        self.assertEqual([r.ns_per_operation for r in trial.sources], [5, 9])

    def test_fewer_than_six_rounds_have_points_and_no_interval(self):
        for count, points in ((1, 1), (5, 5), (6, 0)):
            read = run_of(made_up.steady("stdio", 100, count=count)).trials[0]
            for name in ("ns_per_operation", "operations_per_second", "write_amplification",
                         "first.seconds", "total.minor_faults"):  # fmt: skip
                with self.subTest(name, count=count):
                    self.assertEqual(len(read.figure(name).points), points)
            if points == 5:
                for value, expected in zip(
                    read.figure("ns_per_operation").points, (99, 99.5, 100, 100.5, 101)
                ):
                    self.assertAlmostEqual(value, expected)

    def test_a_wrong_result_is_not_drawn(self):
        wrong = made_up.repetition(status="failed", verified=False, error="lost")
        trial = run_of(made_up.trial("stdio", [made_up.repetition(), wrong])).trials[0]
        self.assertFalse(trial.drawn)

    def test_groups_and_comparisons_are_read_as_they_are_and_either_way_round(self):
        document = made_up.document(
            [made_up.steady("read-write", 100), made_up.steady("mmap-view", 50)]
        )
        made_up.say(
            document, "ns_per_operation", "mmap-view", "read-write", "slower", (0.25, 0.5, 0.8),
            rounds=9, with_interference=True,
        )  # fmt: skip
        (judged,) = loaded(document).judged.values()
        self.assertEqual(judged.baseline, "read-write")
        found = judged.find("ns_per_operation", "mmap-view", "read-write")
        self.assertEqual((found.verdict, found.rounds), ("slower", 9))
        self.assertTrue(found.with_interference)
        self.assertEqual((found.ratio.low, found.ratio.median), (0.25, 0.5))
        other = judged.find("ns_per_operation", "read-write", "mmap-view")
        self.assertEqual((other.verdict, other.strategy), ("faster", "read-write"))
        self.assertEqual((other.ratio.low, other.ratio.high), (1.25, 4))
        self.assertEqual(judged.ranking("ns_per_operation").order, ("read-write", "mmap-view"))
        self.assertIsNone(judged.find("ns_per_operation", "mmap-view", "stdio"))

    def test_control_characters_are_stripped_from_texts(self):
        trials = [made_up.steady("read-write", 100)]
        run = loaded(made_up.document(trials, suite="a\u0000b\u001b[31mc\u202ed"))
        self.assertEqual(run.suite, "ab[31mcd")


class Older(unittest.TestCase):
    """Documents that 'faultline report' made of those of version 1."""

    def older(self):
        """As such a run is: it has no member that was thought of later."""
        document = made_up.document(
            [made_up.steady("read-write", 100), made_up.steady("mmap-view", 50)], judged_anew=True
        )
        for trial in document["trials"]:
            for name in ("copies", "discards", "gives_back", "plugin"):
                del trial["strategy"][name]
            for name in ("needs_durability", "facts"):
                del trial["workload"][name]
            for name in ("load", "rate", "arrivals", "timeline"):
                del trial["parameters"][name]
            for name in ("unsupported", "cut_off"):
                del trial["summary"][name]
            for repetition in trial["repetitions"]:
                for name in ("open_loop", "timeline", "stages"):
                    del repetition[name]
        del document["environment"]["plugins"]
        return document

    def test_what_they_lack_is_unknown_or_as_it_was(self):
        run = loaded(self.older())
        self.assertTrue(run.judged_anew)
        trial = run.trials[0]
        self.assertFalse(trial.open_load)
        self.assertIsNone(trial.repetitions[0].stages)
        self.assertEqual(trial.figures["ns_per_operation"].median, 100)

    def test_what_this_version_does_not_know_is_left(self):
        document = self.older()
        document["noise_floor"] = {"ratio": 1.1}
        document["trials"][0]["summary"]["disturbed"] = 3
        self.assertEqual(len(loaded(document).trials), 2)

    def test_what_is_there_is_held_against_the_schema_all_the_same(self):
        document = self.older()
        document["trials"][1]["parameters"]["records"] = "many"
        with self.assertRaisesRegex(LoadError, r"trials\[1\].parameters.records: expected a"):
            loaded(document)

    def test_what_no_page_can_do_without_is_missed(self):
        document = self.older()
        del document["trials"][1]["strategy"]["spec"]
        with self.assertRaisesRegex(LoadError, r"trials\[1\].strategy.spec: is missing"):
            loaded(document)


class Unsound(unittest.TestCase):
    def fails_with(self, document, *words):
        with self.assertRaises(LoadError) as caught:
            loaded(document)
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        for word in words:
            self.assertIn(word, message)

    def test_malformed_json_is_reported_with_its_position(self):
        self.fails_with('{"schema":\n  oops}', "line 2, column 3")

    def test_a_file_cut_off_is_reported_with_its_position(self):
        text = json.dumps(made_up.document([]))
        self.fails_with(text[: len(text) // 2], "line 1, column")

    def test_endless_nesting_is_malformed(self):
        self.fails_with("[" * 100000, "malformed")

    def test_a_later_schema_is_refused_by_name(self):
        self.fails_with(
            made_up.document([], schema="faultline-run/3"), "faultline-run/3", "faultline-run/2"
        )

    def test_a_document_without_comparisons_is_refused_with_what_to_do(self):
        trials = [made_up.steady("read-write", 100)]
        self.fails_with(
            made_up.document(trials, schema="faultline-run/1"),
            "holds no comparisons",
            "'faultline report'",
        )

    def test_a_document_of_another_kind_is_refused(self):
        self.fails_with([1, 2], "schema: expected one of", 'found "none"')
        self.fails_with({"context": {}}, "schema: expected one of", 'found "none"')

    def test_a_member_that_breaks_the_schema_is_reported_with_its_place(self):
        good = made_up.document(
            [made_up.steady("read-write", 100), made_up.steady("mmap-view", 10)]
        )
        for change, words in (
            (lambda d: d.update(trials={}), "trials: expected an array, found an object"),
            (lambda d: d.update(trials=None), "trials: expected an array, found null"),
            (lambda d: d.update(trials=[]), "trials: expected at least 1 item, found 0"),
            (lambda d: d.update(novelty=1), "novelty: no such field in faultline-run/2"),
            (lambda d: d.pop("comparisons"), "comparisons: expected an array, found nothing"),
            (lambda d: d["trials"][0].update(id=7), "trials[0].id: expected a text, found 7"),
            (
                lambda d: d["trials"][0]["strategy"].pop("spec"),
                "trials[0].strategy.spec: expected a text, found nothing",
            ),
            (
                lambda d: d["trials"][0].pop("strategy"),
                "trials[0].strategy: expected an object, found nothing",
            ),
            (
                lambda d: d["trials"][0]["parameters"].update(records="many"),
                'trials[0].parameters.records: expected a whole number, found "many"',
            ),
            (
                lambda d: d["trials"][0]["parameters"].update(records=0),
                "trials[0].parameters.records: expected at least 1, found 0",
            ),
            (
                lambda d: d["trials"][0]["repetitions"][1].update(status="fine"),
                'trials[0].repetitions[1].status: expected one of "ok", "interference", "failed",'
                ' "unsupported", "cut off", found "fine"',
            ),
            (
                lambda d: d["trials"][0]["repetitions"][1].update(verified=1),
                "trials[0].repetitions[1].verified: expected true, false or null, found 1",
            ),
            (
                lambda d: d["comparisons"][0].update(verdict="wins"),
                'comparisons[0].verdict: expected one of "faster", "slower",',
            ),
            (
                lambda d: d["comparisons"][0].update(ratio={"median": 0, "low": 0, "high": 1}),
                "comparisons[0].ratio.median: expected more than 0, found 0",
            ),
            (
                lambda d: d["comparisons"][0].update(ratio="1"),
                'comparisons[0].ratio: expected an object or null, found "1"',
            ),
            (
                lambda d: d["trials"][0]["repetitions"][0].update(latency=made_up.binned([[1, 2]])),
                "trials[0].repetitions[0].latency.bins[0]: expected at least 3 items, found 2",
            ),
            (
                lambda d: d["absent"].update({"Not a name": "why"}),
                "absent: expected a name that matches ^[a-z][a-z0-9_]*$, found",
            ),
            (
                lambda d: d["environment"].update(processors="many"),
                "environment.processors: expected a text that matches ^[0-9]+$, found",
            ),
        ):
            document = copy.deepcopy(good)
            change(document)
            with self.subTest(words):
                self.fails_with(document, f"run.json: {words}")

    def test_what_was_found_is_shown_short_and_on_one_line(self):
        document = made_up.document([made_up.steady("read-write", 100)])
        document["trials"][0]["repetitions"] = "\u001b[31mx\n" * 1000
        self.fails_with(document, 'repetitions: expected an array, found "[31mx [31mx')
        with self.assertRaises(LoadError) as caught:
            loaded(document)
        self.assertLess(len(str(caught.exception)), 300)

    def test_a_missing_file_is_one_line(self):
        with self.assertRaises(LoadError) as caught:
            kinds.load(Path("/nonexistent/run.json"))
        self.assertIn("/nonexistent/run.json: cannot be read", str(caught.exception))


if __name__ == "__main__":
    unittest.main()

"""What is made of run documents, good and bad."""

import copy
import json
import tempfile
import unittest
from pathlib import Path

import made_up
from faultline_plots import kinds


def loaded(document):
    """The document by way of a file, as users have it; texts are written as they are."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "run.json"
        path.write_text(
            document if isinstance(document, str) else json.dumps(document), encoding="utf-8"
        )
        return kinds.load(path)[1]


class Sound(unittest.TestCase):
    def test_figures_that_are_null_are_absent_and_zero_is_a_figure(self):
        trial = made_up.steady("read-write", 100)
        trial["summary"]["figures"]["total.major_faults"] = None
        figures = loaded(made_up.document([trial])).trials[0].figures
        self.assertNotIn("total.major_faults", figures)
        self.assertEqual(figures["flush.major_faults"].median, 0)

    def test_nan_is_read_as_absent_and_warned_of(self):
        trial = made_up.steady("read-write", 100)
        trial["summary"]["figures"]["ns_per_operation"] = made_up.figure(float("nan"))
        run = loaded(made_up.document([trial]))
        self.assertIsNone(run.trials[0].figure("ns_per_operation"))
        self.assertIn("NaN", run.warnings[-1])

    def test_a_number_beyond_all_bounds_is_absent(self):
        trial = made_up.steady("read-write", 100)
        trial["summary"]["figures"]["ns_per_operation"] = made_up.figure(10**400)
        self.assertIsNone(loaded(made_up.document([trial])).trials[0].figure("ns_per_operation"))

    def test_an_infinite_number_is_absent(self):
        document = made_up.document([made_up.steady("read-write", 100)])
        document["trials"][0]["summary"]["figures"]["ns_per_operation"] = {"median": "huge"}
        run = loaded(json.dumps(document).replace('"huge"', "1e999"))
        self.assertIsNone(run.trials[0].figure("ns_per_operation"))

    def test_figures_are_of_the_rounds_that_the_harness_says_they_are_of(self):
        interference = made_up.repetition(status="interference", error="a neighbour", ns=7)
        few = made_up.trial("stdio", [made_up.repetition(), interference])
        many = made_up.trial(
            "stdio", [*(made_up.repetition() for _ in range(6)), made_up.repetition(ns=7)]
        )
        many["repetitions"][6]["status"] = "interference"
        first, second = loaded(made_up.document([few, many])).trials
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
        trial = loaded(made_up.document([made_up.trial("stdio", repetitions)])).trials[0]
        self.assertEqual([r.costs["ns_per_operation"] for r in trial.sources], [5, 9])

    def test_fewer_than_six_rounds_have_points_and_no_interval(self):
        for count, points in ((1, 1), (5, 5), (6, 0)):
            trial = made_up.steady("stdio", 100, count=count)
            read = loaded(made_up.document([trial])).trials[0]
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
        trial = loaded(
            made_up.document([made_up.trial("stdio", [made_up.repetition(), wrong])])
        ).trials[0]
        self.assertFalse(trial.drawn)

    def test_groups_and_comparisons_are_read_as_they_are_and_either_way_round(self):
        document = made_up.document(
            [made_up.steady("read-write", 100), made_up.steady("mmap-view", 50)]
        )
        made_up.say(
            document, "ns_per_operation", "mmap-view", "read-write", "slower", (0.25, 0.5, 0.8),
            rounds=9, with_interference=True,
        )  # fmt: skip
        (judged,) = loaded(document).groups.values()
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
        run = loaded(made_up.document([], suite="a\u0000b\u001b[31mc\u202ed"))
        self.assertEqual(run.suite, "ab[31mcd")

    def test_everything_that_may_be_null_may_be_null(self):
        document = made_up.document([made_up.steady("read-write", 100)])
        for name in (
            "environment",
            "counters",
            "absent",
            "warnings",
            "judged_anew",
            "suite",
            "complete",
        ):
            document[name] = None
        trial = document["trials"][0]
        trial["summary"] = None
        trial["parameters"] = {name: None for name in trial["parameters"]}
        for repetition in trial["repetitions"]:
            for name in repetition:
                repetition[name] = "ok" if name == "status" else None
        for comparison in document["comparisons"]:
            comparison |= {"ratio": None, "reason": None, "rounds_needed": None}
        for group in document["groups"]:
            group |= {"baseline": None, "rankings": None}
        self.assertEqual(loaded(document).trials[0].figures, {})


class Unsound(unittest.TestCase):
    def fails_with(self, document, *words):
        with self.assertRaises(kinds.LoadError) as caught:
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
        self.fails_with(made_up.document(trials, schema="faultline-run/1"), "faultline report")
        for name in ("groups", "comparisons"):
            document = made_up.document(trials)
            del document[name]
            self.fails_with(document, "holds no comparisons", "'faultline report'")

    def test_a_document_of_another_kind_is_refused(self):
        self.fails_with([1, 2], "the document", "an object")
        self.fails_with({"context": {}}, "schema")

    def test_a_member_of_the_wrong_type_is_reported_with_its_place(self):
        good = made_up.document(
            [made_up.steady("read-write", 100), made_up.steady("mmap-view", 10)]
        )
        for change, place in (
            (lambda d: d.update(trials={}), "trials: expected an array"),
            (lambda d: d.update(trials=None), "trials: expected an array"),
            (lambda d: d["trials"][0].update(id=7), "trials[0].id"),
            (lambda d: d["trials"][0]["strategy"].pop("spec"), "trials[0].strategy.spec"),
            (
                lambda d: d["trials"][0]["parameters"].update(records="many"),
                "trials[0].parameters.records",
            ),
            (
                lambda d: d["trials"][0]["repetitions"][1].update(status="fine"),
                "trials[0].repetitions[1].status",
            ),
            (
                lambda d: d["trials"][0]["repetitions"][1].update(verified=1),
                "trials[0].repetitions[1].verified",
            ),
            (lambda d: d["trials"][0].pop("group"), "trials[0].group: expected a text"),
            (lambda d: d["groups"][0].update(title=None), "groups[0].title: expected a text"),
            (lambda d: d["comparisons"][0].update(verdict="wins"), "comparisons[0].verdict"),
            (lambda d: d["comparisons"][0].update(verdict="disturbed"), "known: faster, slower"),
            (
                lambda d: d["comparisons"][0].update(ratio={"median": 0, "low": 0, "high": 1}),
                "comparisons[0].ratio",
            ),
            (
                lambda d: d["trials"][0]["repetitions"][0].update(latency={"bins": [[1, 2]]}),
                "latency.bins[0]",
            ),
        ):
            document = copy.deepcopy(good)
            change(document)
            with self.subTest(place):
                self.fails_with(document, place)

    def test_a_missing_file_is_one_line(self):
        with self.assertRaises(kinds.LoadError) as caught:
            kinds.load(Path("/nonexistent/run.json"))
        self.assertIn("/nonexistent/run.json: cannot be read", str(caught.exception))


if __name__ == "__main__":
    unittest.main()

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

    def test_disturbed_figures_stand_in_only_where_there_is_no_good_repetition(self):
        disturbed = made_up.repetition(status="disturbed", error="a neighbour")
        only = made_up.trial("stdio", [disturbed])
        mixed = made_up.trial("stdio", [made_up.repetition(), disturbed])
        first, second = loaded(made_up.document([only, mixed])).trials
        self.assertTrue(first.figures_disturbed and first.drawn and not first.judged)
        self.assertFalse(second.figures_disturbed)
        self.assertTrue(second.judged)

    def test_a_wrong_result_is_neither_drawn_nor_judged(self):
        wrong = made_up.repetition(status="failed", verified=False, error="lost")
        trial = loaded(
            made_up.document([made_up.trial("stdio", [made_up.repetition(), wrong])])
        ).trials[0]
        self.assertFalse(trial.drawn or trial.judged)

    def test_an_unverified_result_is_not_judged(self):
        trial = made_up.trial("stdio", [made_up.repetition(verified=None)])
        self.assertFalse(loaded(made_up.document([trial])).trials[0].judged)

    def test_figures_without_a_repetition_behind_them_are_not_judged(self):
        trial = made_up.steady("stdio", 100)
        trial["repetitions"] = []
        self.assertFalse(loaded(made_up.document([trial])).trials[0].judged)

    def test_the_noise_floor_is_the_larger_side_of_its_interval(self):
        floor = loaded(
            made_up.document([], noise_floor={"ratio": 1.0, "low": 0.8, "high": 1.1, "trials": []})
        )
        self.assertAlmostEqual(floor.noise_floor.factor, 1.25)

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
            "noise_floor",
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
            made_up.document([], schema="faultline-run/2"), "faultline-run/2", "faultline-run/1"
        )

    def test_a_document_of_another_kind_is_refused(self):
        self.fails_with([1, 2], "the document", "an object")
        self.fails_with({"context": {}}, "schema")

    def test_a_member_of_the_wrong_type_is_reported_with_its_place(self):
        good = made_up.document([made_up.steady("read-write", 100)])
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

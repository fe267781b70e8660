"""The page of crossovers: boundaries, points and maps, and sentences that are true of them."""

import copy
import json
import unittest

import made_up_crossover as made
import pages
from made_up import Json
from made_up_environment import environment
from pages import HOSTILE, Elements, run_main


class _InDirectory(pages.InDirectory):
    DOCUMENT, PAGE = "crossover.json", "crossover.html"


class WholePage(_InDirectory):
    def test_a_boundary_is_said_and_drawn_on_a_page_that_needs_nothing_else(self):
        page = self.page_of(made.document([made.crossed()]))
        elements = self.stands_alone(page)
        self.assertEqual(page.count("<svg"), 2)
        for expected in (
            "Regime: random-update, made up.",
            "Best by accepted nanoseconds per operation; strategies: read-write, mmap-view.",
            "record-size 16 B to 2 KiB: mmap-view is best.",
            "record-size 2 KiB to 64 KiB: read-write is best.",
            "From mmap-view to read-write at record-size 2 KiB, somewhere between 1 KiB and 4 KiB.",
            "Search finished: this noise level allows no narrower boundary.",
            "mmap-view is from 0.100x [0.095 0.105] at 64 KiB to 10.0x [9.5 10.5] at 16 B as"
            " fast.",
            "10.0x [9.5 10.5] faster",
            "read-write = mmap-view",
            "mmap-view: 90.0 ns to 9.00 us.",
        ):
            self.assertIn(expected, elements.words)
        self.assertNotIn("Incomplete", page)

    def test_two_parameters_make_a_map_with_a_row_each(self):
        page = self.page_of(made.map_document())
        elements = self.stands_alone(page)
        self.assertEqual(page.count("<svg"), 1 + 2 * 3)
        for expected in (
            "The best strategy by record-size and data-to-memory",
            "points what was measured: 12 in 3 rows.",
            "At data-to-memory 0.25: 2 KiB [1 KiB 4 KiB].",
            "Speed relative to read-write, data-to-memory 4",
            "mmap-view is best; tied with it all over: read-write.",
            "No boundary was found",
        ):
            self.assertIn(expected, elements.words)

    def test_an_inconclusive_point_says_why_and_names_no_best_whatever_its_figures(self):
        row = made.crossed()
        row["points"][0] |= {"inconclusive": "made-up reason", "winners": []}
        row["points"][0]["comparisons"][0]["verdict"] = "inconclusive"
        words = self.words_of(made.document([row]))
        self.assertIn("At 16 B inconclusive: made-up reason.", words)
        self.assertIn("16 B inconclusive 900 ns", words)
        self.assertIn("10.0x [9.5 10.5] inconclusive", words)

    def test_the_page_says_what_the_document_says_whatever_the_figures_are(self):
        row = made.crossed()
        row["points"][0]["comparisons"][0]["verdict"] = "tied"
        row["points"][0]["winners"] = [0]
        words = self.words_of(made.document([row]))
        self.assertIn("16 B read-write 900 ns", words)
        self.assertIn("10.0x [9.5 10.5] tied", words)

    def test_a_ratio_of_too_few_rounds_has_no_interval(self):
        row = made.crossed()
        row["points"][0]["comparisons"][0]["ratio"] |= {"low": None, "high": None}
        words = self.words_of(made.document([row]))
        self.assertIn("to 10x at 16 B as fast.", words)
        self.assertIn("10x faster", words)

    def test_costs_with_interference_are_marked(self):
        row = made.crossed()
        row["points"][0]["results"][1]["status"] = "interference"
        self.assertIn("~90.0 ns [", self.words_of(made.document([row])))

    def test_without_a_boundary_a_finished_search_speaks_of_none(self):
        words = self.words_of(made.document([made.uncrossed()]))
        self.assertIn("Search finished.", words)
        self.assertNotIn("narrower", words)

    def test_failures_are_listed_with_their_reason(self):
        row = made.crossed()
        row["points"][4] = made.point(65536, 900, None, [0])
        words = self.words_of(made.document([row]))
        self.assertIn("record-size 64 KiB mmap-view failed made-up failure", words)

    def test_what_was_cut_off_is_said_to_be_missing(self):
        row = made.crossed()
        row["points"][4] = made.point(65536, 900, None, [0])
        row["points"][4]["results"][1] |= {"status": "cut off", "error": "cut off after 2 s"}
        words = self.words_of(made.document([row]))
        self.assertIn("Not drawn: mmap-view at 64 KiB, cut off as far behind.", words)
        self.assertIn("record-size 64 KiB mmap-view cut off cut off after 2 s", words)

    def test_nothing_measured_is_a_page_without_conclusions(self):
        nothing: Json = {"y": None, "points": [], "ranges": [], "crossovers": []}
        page = self.page_of(made.document([nothing], complete=False, ended=None))
        words = Elements(page).words
        self.assertIn("Incomplete document.", words)
        self.assertIn("Not drawn. No point has figures.", words)
        self.assertNotIn("<svg", page)
        failed = nothing | {"points": [made.point(16, None, None, [])]}
        self.assertIn(
            "No point tells which strategy is best.", self.words_of(made.document([failed]))
        )

    def test_the_figure_that_decides_is_drawn(self):
        words = self.words_of(
            made.document([made.crossed()], figure="durable_ns_per_operation", ended="budget")
        )
        self.assertIn("Best by durable nanoseconds", words)
        self.assertIn("mmap-view: 180 ns to 18.0 us.", words)
        self.assertIn("its budget was spent", words)

    def test_names_from_outside_are_escaped_everywhere(self):
        document = made.map_document()
        document["strategies"][1]["spec"] = HOSTILE
        for row in document["rows"]:
            for point in row["points"]:
                point["results"][1] |= {"spec": HOSTILE, "status": "failed", "error": HOSTILE}
        document["x"]["parameter"] = document["y"]["parameter"] = f"workload:{HOSTILE}"
        document |= {"regimes": [HOSTILE], "warnings": [HOSTILE]}
        document["environment"] = environment(kernel=HOSTILE)
        page = self.page_of(document)
        self.assertNotIn("<script", page)
        self.stands_alone(page)


class Malformed(_InDirectory):
    def test_whatever_is_wrong_is_one_line_that_says_where(self):
        def change(*path, to):
            document = copy.deepcopy(made.map_document())
            at = document
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = to
            return document

        point = ("rows", 0, "points", 0)
        for document, place in (
            (change("strategies", to=None), "strategies: expected an array"),
            (change("x", "low", to=-1), "x.low: expected at least 0, found -1"),
            (change("y", "high", to=0.25), "y.high: 0.25 is not above low, 0.25"),
            (change("figure", to="beauty"), 'figure: expected one of "ns_per_operation"'),
            (change("ended", to="tired"), "ended: expected one of"),
            (change("rows", 0, "y", to=None), "rows[0].y: is missing"),
            (change(*point, "x", to="16"), 'rows[0].points[0].x: expected a number, found "16"'),
            (change(*point, "winners", to=[2]), "rows[0].points[0].winners[0]: there is no"),
            (change(*point, "results", to=[]), "rows[0].points[0].results: expected one for each"),
            (
                change(*point, "comparisons", 0, "ratio", "median", to=None),
                "ratio.median: expected",
            ),
            (
                change(*point, "comparisons", 0, "ratio", "low", to=-1),
                "ratio.low: expected at least",
            ),
            (change("schema", to="faultline-crossover/1"), "schema: expected one of"),
            (change("rows", 0, "ranges", 0, "strategy", to=2), "rows[0].ranges[0].strategy: there"),
            (change("rows", 0, "ranges", 0, "others", to=[7]), "ranges[0].others[0]: there is no"),
            (change("rows", 0, "crossovers", 0, "from", to=2), "crossovers[0].from: there is no"),
            (
                change("rows", 0, "crossovers", 0, "value", to=1e300),
                "crossovers[0].value: 1e+300 is",
            ),
        ):
            with self.subTest(place):
                path = self.directory / "crossover.json"
                path.write_text(json.dumps(document), encoding="utf-8")
                code, out, err = run_main(path)
                self.assertEqual((code, out, err.count("\n")), (2, "", 1), err)
                self.assertIn(place, err)


if __name__ == "__main__":
    unittest.main()

"""The page of a claims document: every verdict and every chart on it, and nothing made of bad
ones.
"""

import copy
import json
import tempfile
import unittest
from pathlib import Path

import made_up_claims as made
import pages
from faultline_plots import kinds, style
from faultline_plots.claims import chart, figures
from faultline_plots.document import LoadError
from made_up_environment import environment
from pages import HOSTILE, Elements


def loaded(document):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "claims.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return kinds.load(path).content


def drawn(one):
    """The figure's axes, and the chart."""
    (claim,) = loaded(made.document([made.claim(charts=[one])])).claims
    with style.settings():
        figure = chart.draw(claim.evidence.charts[0])
    assert figure
    return figure.axes[1], claim.evidence.charts[0]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def legend(axes):
    return [text.get_text() for text in axes.figure.axes[0].get_legend().get_texts()]


class _InDirectory(pages.InDirectory):
    DOCUMENT, PAGE = "claims.json", "claims.html"


class WholePage(_InDirectory):
    def test_every_verdict_and_chart_is_on_a_page_that_needs_nothing_else(self):
        page = self.page_of(made.small())
        elements = self.stands_alone(page)
        self.assertEqual(page.count("<svg"), 7)
        for name in ("A07-faults_and_calls", "A07-counts", "A32-dirty", "A32-alone"):
            for suffix in (".svg", ".png"):
                self.assertTrue((self.directory / "charts" / (name + suffix)).exists())
        for expected in (
            "5 claims · experiments of 1.2 s altogether · Linux 6.1 (made up)",
            "2 × a processor · 23.5 GiB of memory · ext4 on vda",
            "1 ✓ holds the criterion is met",
            "1 ✗ does not hold the criterion is not met: a finding, not a failure",
            "1 ≈ inconclusive",
            "1 – not testable here",
            "1 ! failed",
            "A07 What A07 says ✓ holds the figure that decides A07",
            "A07 · What A07 says A paper, section What mapping offers.",
            "Published: 19 times slower.",
            "Regime: file system ext4, made up.",
            "At 64 parts a record costs 9.6 times as much by calls.",
            "Experiment and criterion How A07 was tried. Holds if it was so.",
            "Why: an explanation, which decided nothing Why A07 is so.",
            "range beyond the view refused: Invalid argument",
            "Why it can't be tested here: needs /proc/kpagecount",
            "The experiment failed: the experiment crashed: killed by SIGBUS",
            "device_model not known",
        ):
            self.assertIn(expected, elements.words)
        self.assertNotIn("Incomplete", page)

    def test_an_error_stands_once_in_the_list_and_once_at_its_claim(self):
        page = self.page_of(made.document([made.failed("A15", "failed", "killed by SIGBUS")]))
        self.assertEqual(page.count("killed by SIGBUS"), 2)

    def test_verdicts_without_a_claim_are_not_counted(self):
        words = self.words_of(made.document([made.claim(), made.claim("A08")]))
        self.assertIn("2 ✓ holds", words)
        self.assertNotIn("inconclusive", words)

    def test_a_quick_run_says_so(self):
        self.assertIn("A quick run:", self.words_of(made.document([made.claim()], quick=True)))
        self.assertNotIn("A quick run:", self.words_of(made.document([made.claim()])))

    def test_an_incomplete_document_says_so(self):
        words = self.words_of(made.document([made.claim()], complete=False))
        self.assertIn("Incomplete document.", words)

    def test_documents_without_claims_or_without_evidence_are_pages(self):
        words = self.words_of(made.document([]))
        self.assertIn("0 claims", words)
        self.assertIn("The claims None.", words)
        page = self.page_of(made.document([made.failed("A01", "failed", "killed by SIGBUS")]))
        self.assertIn("A01 · What A01 says", Elements(page).words)
        for absent in ("Evidence", "Regime", "None", "<svg"):
            self.assertNotIn(absent, page)

    def test_a_claim_without_charts_has_no_place_for_them(self):
        page = self.page_of(made.document([made.claim()]))
        self.assertIn("Evidence", page)
        self.assertNotIn("<svg", page)
        self.assertNotIn('class="charts"', page)

    def test_a_chart_without_a_point_says_that_it_is_not_drawn(self):
        empty = made.chart(made.curve("calls"), made.curve("view"))
        page = self.page_of(made.document([made.claim(charts=[empty, made.chart()])]))
        self.assertEqual(page.count("Not drawn: it has no point."), 2)
        self.assertNotIn("<svg", page)

    def test_names_from_outside_are_escaped_everywhere(self):
        one = made.chart(
            made.curve(HOSTILE, made.point(1, 2)),
            title=HOSTILE,
            reading=HOSTILE,
            x=made.axis(HOSTILE),
            y=made.axis(HOSTILE),
        )
        fields = (
            "title",
            "source",
            "section",
            "published",
            "method",
            "figure",
            "regime",
            "why",
            "error",
        )
        claim = made.claim(charts=[one], words={"found": HOSTILE}) | dict.fromkeys(fields, HOSTILE)
        page = self.page_of(made.document([claim], environment=environment(kernel=HOSTILE)))
        self.assertNotIn("<script", page)
        self.assertEqual(self.stands_alone(page).open, [])
        for path in self.directory.rglob("*.svg"):
            self.assertEqual(path.parent, self.directory / "charts")
            self.assertNotIn("<script", path.read_text(encoding="utf-8"))

    def test_a_claim_without_a_published_figure_says_nothing_of_one(self):
        claim = made.claim("A07", published=None)
        self.assertNotIn("Published", self.words_of(made.document([claim])))

    def test_equal_ids_and_names_are_kept_apart(self):
        one = made.chart(made.curve("calls", made.point(1, 2)))
        claims = [made.claim("A07", charts=[one, one]), made.claim("A07", charts=[one])]
        elements = self.stands_alone(self.page_of(made.document(claims)))
        self.assertTrue({"A07", "A07-2"} <= set(elements.ids))

    def test_equal_documents_give_equal_files(self):
        def made_once():
            page = self.page_of(made.small())
            return page, {path: path.read_bytes() for path in self.directory.rglob("*.svg")}

        self.assertEqual(made_once(), made_once())


class Charts(unittest.TestCase):
    def test_zero_on_a_logarithmic_axis_has_a_labelled_place_of_its_own(self):
        points = [made.point(x, 4096 * x) for x in (0, 1, 10, 100)]
        axes, one = drawn(
            made.chart(made.curve("written", *points), y=made.axis("written", "bytes"))
        )
        self.assertEqual(ticks(axes.xaxis), ["0", "1", "10", "100"])
        self.assertEqual(ticks(axes.yaxis)[0], "0")
        self.assertIn("4 KiB", ticks(axes.yaxis))
        line = axes.get_lines()[0]
        self.assertTrue(0 < line.get_xdata()[0] < 1 and 0 < line.get_ydata()[0] < 4096)
        for name in ("horizontal", "vertical"):
            self.assertIn(f"On the {name} axis, 0 has a place", " ".join(chart.notes(one)))

    def test_values_below_zero_make_an_axis_linear(self):
        axes, one = drawn(made.chart(made.curve("calls", made.point(1, -5), made.point(2, 5))))
        self.assertEqual((axes.get_xscale(), axes.get_yscale()), ("log", "linear"))
        self.assertNotIn("logarithmic", axes.get_ylabel())
        self.assertIn("The vertical axis is linear", " ".join(chart.notes(one)))

    def test_an_interval_down_to_zero_ends_at_the_zero(self):
        axes, _ = drawn(made.chart(made.curve("calls", made.point(1, 5, -3, 9), made.point(2, 5))))
        self.assertEqual(axes.get_yscale(), "log")
        self.assertEqual(ticks(axes.yaxis)[0], "0")

    def test_null_intervals_are_none(self):
        with_one = made.point(2, 5, 4, 6)
        for points, notes in (
            ([made.point(1, 5), made.point(2, 5)], []),
            ([made.point(1, 5), with_one], ["Whiskers are 95 % intervals, where there is one."]),
            ([with_one], ["Whiskers are 95 % intervals."]),
        ):
            axes, one = drawn(made.chart(made.curve("calls", *points)))
            self.assertEqual(chart.notes(one), notes)
            self.assertEqual(bool(axes.collections), bool(notes))

    def test_whiskers_end_where_the_interval_does(self):
        axes, _ = drawn(made.chart(made.curve("calls", made.point(2, 5, 4, 8), made.point(3, 6))))
        (whiskers,) = axes.collections
        first, second = (segment[:, 1].tolist() for segment in whiskers.get_segments())
        self.assertEqual((first, second), ([4, 8], [6, 6]))

    def test_points_are_joined_in_the_order_of_the_document(self):
        axes, _ = drawn(made.chart(made.curve("calls", made.point(9, 1), made.point(2, 5))))
        self.assertEqual(list(axes.get_lines()[0].get_xdata()), [9, 2])

    def test_every_unit_is_readable_at_the_ticks(self):
        for unit, values, expected in (
            ("bytes", (4096, 1 << 20), ["4 KiB", "1 MiB"]),
            ("ns", (100, 1e7), ["100 ns", "10 ms"]),
            ("seconds", (0.001, 10), ["1 ms", "10 s"]),
            ("ratio", (1, 100), ["1x", "100x"]),
            ("share", (0.01, 1), ["1 %", "100 %"]),
            ("count", (1, 1e6), ["1", "1 M"]),
        ):
            for scale in ("log", "linear"):
                with self.subTest(unit, scale=scale):
                    points = [made.point(value, value) for value in values]
                    where = made.axis("what", unit, scale)
                    axes, _ = drawn(made.chart(made.curve("it", *points), x=where, y=where))
                    for axis in (axes.xaxis, axes.yaxis):
                        found = ticks(axis)
                        self.assertGreaterEqual(len(found), 2)
                        self.assertLessEqual(len(found), 9)
                        if scale == "log":
                            self.assertTrue(set(expected) <= set(found), found)
                        else:
                            self.assertEqual(found[0], "0")

    def test_curves_that_coincide_are_one_with_both_names(self):
        same = [made.point(x, 0) for x in (1, 2)]
        axes, _ = drawn(
            made.chart(
                made.curve("calls", *same),
                made.curve("other", made.point(1, 3)),
                made.curve("view", *same),
            )
        )
        self.assertEqual(legend(axes), ["calls = view", "other"])
        self.assertEqual(len(axes.get_lines()) - 1, 2)  # and the line before the 0

    def test_markers_of_curves_that_meet_differ_in_size(self):
        axes, _ = drawn(
            made.chart(
                made.curve("calls", made.point(1, 3), made.point(2, 4)),
                made.curve("view", made.point(1, 3), made.point(2, 5)),
            )
        )
        sizes = [line.get_markersize() for line in axes.get_lines()]
        self.assertGreater(sizes[0], sizes[1])

    def test_a_single_point_is_visible(self):
        axes, _ = drawn(made.chart(made.curve("alone", made.point(5, 7))))
        (line,) = axes.get_lines()
        self.assertNotIn(line.get_marker(), (None, "", "None"))
        self.assertTrue(axes.get_xlim()[0] < 5 < axes.get_xlim()[1])
        self.assertTrue(axes.get_ylim()[0] < 7 < axes.get_ylim()[1])

    def test_a_name_with_an_underscore_in_front_is_in_the_legend(self):
        axes, _ = drawn(made.chart(made.curve("_view", made.point(1, 2))))
        self.assertEqual([name.strip() for name in legend(axes)], ["_view"])


class Figures(unittest.TestCase):
    def test_names_and_units_come_from_the_name(self):
        for raw, value, name, shown in (
            ("flush_ns", 1234.5, "flush", "1.23 us"),
            ("first_touch_us", 12, "first touch", "12.0 us"),
            ("flush_seconds", 0.0123, "flush", "12 ms"),
            ("page_bytes", 4096, "page", "4.00 KiB"),
            ("device_bytes_during_the_flush", 8192, "device bytes during the flush", "8.00 KiB"),
            ("device_bytes_during_the_store", 0, "device bytes during the store", "0 B"),
            ("resident_pages", 30518, "resident", "30,518 pages"),
            ("dirty_pages", 1, "dirty", "1 page"),
            ("dirty_pages_after_the_store", 1, "dirty pages after the store", "1"),
            ("pages", 12, "pages", "12"),
            ("bytes", 12, "bytes", "12 B"),
            ("time_ratio", 3.25, "time ratio", "3.25x"),
            ("time_ratio_high", 4.5, "time ratio high", "4.50x"),
            ("time_ratio_noise", 0.607, "time ratio noise", "60.7 %"),
            ("time_ratio_repetitions", 21, "time ratio repetitions", "21"),
            ("time_ratio_rounds", 21, "time ratio rounds", "21"),
            ("time_ratio_twins", 1.02, "time ratio twins", "1.02x"),
            ("gain_cold_noise", 0.184, "gain cold noise", "18.4 %"),
            ("ratio_of_ns", 3.25, "ratio of ns", "3.25x"),
            ("resident_share", 0.034, "resident share", "3.40 %"),
            ("ns_per_operation", 12, "ns per operation", "12.0 ns"),
            ("faults_per_page", 0.5, "faults per page", "0.500"),
            ("updates_per_ns", 7, "updates per ns", "7"),
            ("first_faults", 256, "first", "256 faults"),
            ("pages_between_processes", 16, "pages between processes", "16"),
            ("faults_later_rounds", 0, "faults later rounds", "0"),
            ("throughput_by_calls", 0.27, "throughput by calls", "0.270"),
            ("found_by_pages", 2, "found by pages", "2"),
            ("pages_by_bytes", 2, "pages by bytes", "2"),
            ("orders", 24, "orders", "24"),
            ("", 1, "", "1"),
        ):
            with self.subTest(raw):
                found = figures.readable(raw, value)
                self.assertEqual((found.raw, found.name, found.value), (raw, name, shown))

    def test_rounded_sizes_are_given_in_full_too(self):
        self.assertEqual(figures.readable("written_bytes", 125001728).value, "119 MiB")
        self.assertEqual(figures.readable("written_bytes", 125001728).exact, "125,001,728")
        self.assertEqual(figures.readable("written_bytes", 12).exact, "")

    def test_numbers_in_names_are_in_their_order(self):
        names = ["ns_p16", "ns_p2", "ns_p1024", "ns"]
        self.assertEqual(
            [figure.raw for figure in figures.table(dict.fromkeys(names, 1))],
            ["ns", "ns_p2", "ns_p16", "ns_p1024"],
        )


class Folded(_InDirectory):
    def test_many_figures_are_folded_and_few_are_not(self):
        for count, folded in ((24, False), (25, True)):
            claim = made.claim(figures={f"pages_{place}": place for place in range(count)})
            page = self.page_of(made.document([claim]))
            self.assertEqual("<summary>Evidence: 25 figures</summary>" in page, folded)
            self.assertEqual(page.count('title="pages_'), count)


class Unsound(unittest.TestCase):
    def test_a_member_of_the_wrong_kind_is_reported_with_its_place(self):
        good = made.document([made.claim(charts=[made.chart(made.curve("it", made.point(1, 2)))])])

        def claim(document):
            return document["claims"][0]

        def first(document):
            return claim(document)["evidence"]["charts"][0]

        def at(document):
            return first(document)["curves"][0]["points"][0]

        place = "claims[0].evidence.charts[0]"
        for change, words in (
            (lambda d: d.pop("claims"), "claims: expected an array, found nothing"),
            (lambda d: d.update(claims={}), "claims: expected an array"),
            (lambda d: d.update(claims=[3]), "claims[0]: expected an object"),
            (lambda d: d.update(complete="yes"), "complete: expected true"),
            (lambda d: claim(d).update(id="../<script>"), "claims[0].id: expected a text that"),
            (lambda d: claim(d).update(verdict="so"), 'claims[0].verdict: expected one of "holds"'),
            (lambda d: claim(d).update(seconds="1"), "claims[0].seconds: expected a number"),
            (lambda d: claim(d).update(evidence=[1]), "claims[0].evidence: expected an object"),
            (
                lambda d: claim(d)["evidence"].update(figures={"n": "1"}),
                "claims[0].evidence.figures.n: expected a number",
            ),
            (
                lambda d: claim(d)["evidence"].update(figures={"n": float("nan")}),
                "claims[0].evidence.figures.n: expected a number, found null",
            ),
            (
                lambda d: claim(d)["evidence"].update(figures={HOSTILE: 1}),
                "claims[0].evidence.figures: expected a name that matches",
            ),
            (lambda d: first(d)["x"].update(unit="ell"), f"{place}.x.unit: expected one of"),
            (lambda d: first(d).update(name="../x"), f"{place}.name: expected a text that"),
            (lambda d: first(d).update(curves=None), f"{place}.curves: expected an array"),
            (lambda d: at(d).update(y=[]), f"{place}.curves[0].points[0].y: expected a number"),
            (lambda d: at(d).update(low="2"), "points[0].low: expected a number or null"),
            (lambda d: at(d).update(y=1e300), "points[0].y: 1e+300 is beyond what can be drawn"),
            (lambda d: at(d).update(x=1e-300), "points[0].x: 1e-300 is beyond what can be drawn"),
        ):
            document = copy.deepcopy(good)
            change(document)
            with self.subTest(words):
                with self.assertRaises(LoadError) as caught:
                    loaded(document)
                self.assertIn(words, str(caught.exception))
                self.assertNotIn("\n", str(caught.exception))


if __name__ == "__main__":
    unittest.main()

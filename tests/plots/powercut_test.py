"""The page of power cuts: promises, shares and records, and sentences that are true of them."""

import copy
import json
import tempfile
import unittest
from pathlib import Path

import made_up_powercut as made
import pages
from faultline_plots import kinds, style
from faultline_plots.document import LoadError
from faultline_plots.powercut import charts, wording
from made_up_environment import environment
from pages import HOSTILE, Elements


def loaded(document):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "powercut.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return kinds.load(path).content


def rows(*given):
    return loaded(made.document(list(given)))


def drawn(make, document):
    with style.settings():
        return make(document)


class _InDirectory(pages.InDirectory):
    DOCUMENT, PAGE = "powercut.json", "powercut.html"


class WholePage(_InDirectory):
    def test_every_promise_and_record_verdict_is_on_a_page_that_needs_nothing_else(self):
        page = self.page_of(made.small())
        elements = self.stands_alone(page)
        self.assertEqual(page.count("<svg"), 2)
        for expected in (
            "workload random-update records 2,000",
            "file system ext4 device 64 MiB",
            "seed 42",
            "Flushed updates were lost in 2 of 10 cuts.",
            "In 16 other cuts nothing had been flushed yet.",
            "liar, cut during the updates: 2,000 acknowledged updates are missing, of 6,000.",
            "liar, cut after the flush: 1 acknowledged update is missing, of 10,000.",
            "PROMISE BROKEN: 2,000 missing",
            "40.0 % of 10,000",
            ">99.9 % of 10,000",
            "7 torn",
            "312 lost",
            "1 impossible",
            "not cut",
            "no liburing here; install liburing-dev",
            "the child crashed: killed by SIGBUS",
            "acknowledged By what the strategy declares, the update was durable",
        ):
            self.assertIn(expected, elements.words)
        self.assertNotIn("Incomplete", page)

    def test_an_incomplete_document_says_so(self):
        self.assertIn(
            "Incomplete document.", self.words_of(made.document([made.row()], complete=False))
        )

    def test_no_row_is_a_page(self):
        words = self.words_of(made.document([]))
        self.assertIn("No row says whether a promise was kept.", words)
        self.assertNotIn("cut during the updates", words)
        self.assertIn("Not drawn. No row says what survived.", words)

    def test_a_failed_row_shouts_and_shows_what_was_counted(self):
        failed = made.row(
            survived=5000,
            status="failed",
            error="record 3 is impossible",
            records={"impossible": 1},
        )
        page = self.page_of(made.document([failed]))
        words = Elements(page).words
        for expected in ("50.0 % of 10,000", "FAILED", "1 impossible", "record 3 is impossible"):
            self.assertIn(expected, words)
        self.assertNotIn("Cut during the updates: a part", words)
        self.assertIn("1 record is impossible in 1 of 1 rows", words)

    def test_rows_that_are_all_unsupported_conclude_nothing(self):
        page = self.page_of(
            made.document([made.unsupported("mmap-view", "during", "needs a loop device")])
        )
        self.assertIn("needs a loop device", page)
        self.assertIn("Not drawn.", page)
        self.assertNotIn("<svg", page)
        self.assertNotIn("0 % of", Elements(page).words)

    def test_rows_without_updates_or_without_counts_have_no_share(self):
        document = made.document(
            [made.row(updates=0, survived=0), made.row("stdio", straddling=None)]
        )
        document["rows"][1] |= {"survived": None, "records": None}
        words = self.words_of(document)
        self.assertIn("n/a no updates", words)
        self.assertNotIn("Cut during the updates:", words)

    def test_names_from_outside_are_escaped_everywhere(self):
        given = [
            made.row(HOSTILE, survival=made.survival([0.5])),
            made.row("b", survival=made.survival([0.5])),
            made.unsupported(HOSTILE, "after-flush", HOSTILE),
        ]
        document = made.document(given, environment=environment(kernel=HOSTILE))
        document["parameters"]["workload"] = HOSTILE
        page = self.page_of(document)
        self.assertNotIn("<script", page)
        self.stands_alone(page)
        for path in self.directory.rglob("*.svg"):
            self.assertNotIn("<script", path.read_text(encoding="utf-8"))


class Sentences(unittest.TestCase):
    def test_promises(self):
        kept = made.row(acknowledged=10, survived=10000)
        none, broken = made.row(), made.row(acknowledged=10, missing=3)
        for given, words in (
            ([kept], "No flushed update was lost (1 of 1 cut)."),
            ([none], "Nothing had been flushed before the cut (1), so no promise was made."),
            ([kept, broken], "Flushed updates were lost in 1 of 2 cuts."),
            ([made.unsupported("a", "during", "b")], "No row says whether"),
        ):
            self.assertIn(words, wording.promises(rows(*given)))
        self.assertEqual(wording.broken(rows(kept, none)), [])
        self.assertEqual(
            wording.broken(rows(broken)),
            ["mmap-view, cut during the updates: 3 acknowledged updates are missing, of 10."],
        )

    def test_outcomes_tell_everything_from_a_part_and_from_nothing(self):
        document = rows(
            made.row("a", survived=10000),
            made.row("b", survived=9999),
            made.row("c", survived=0),
            made.row("d", survived=0),
            made.row("e", "after-flush", survived=10000),
            made.unsupported("f", "after-close", "no"),
        )
        self.assertEqual(
            wording.outcomes(document),
            [
                "Cut during the updates: everything survived of a; a part survived of b; nothing"
                " survived of c and d.",
                "Cut after the flush: everything survived of e.",
            ],
        )

    def test_survival_by_age(self):
        def reading(*shares, **more):
            given = [
                made.row(f"s{place}", survival=made.survival(each, **more))
                for place, each in enumerate(shares)
            ]
            return wording.survival_reading(list(rows(*given).rows))

        self.assertIn(
            "Nothing survived of s0 and s1, not even updates 1 ms old.",
            reading([0, 0], [0, 0, 0]),
        )
        self.assertIn("Nothing survived of s0, whatever its age.", reading([0], first=0))
        self.assertIn("Every update survived of s0, whatever its age.", reading([1, 1]))
        self.assertIn(
            "s0: of the youngest updates (500 us to 1 ms old), 10.0 % survived; of the oldest (1 ms"
            " to 2 ms old), 100 %.",
            reading([0.1, 1]),
        )
        self.assertIn(
            "s0: of the youngest updates (up to 1 us old), 50.0 % survived.",
            reading([0.5], first=0),
        )
        self.assertIn("2 more are between all and nothing.", reading(*[[0.5]] * 8))
        self.assertIn("stands for 1,000 to 1,000 updates", reading([1]))
        self.assertNotIn("Hollow", reading([1], updates=20))
        self.assertIn("Hollow points have fewer than 20.", reading([1], updates=19))

    def test_records(self):
        sound = made.row("a", survived=10000)
        bad = made.row(
            "b", "after-close", records={"torn": 20}, straddling={"records": 61, "torn": 15}
        )
        self.assertEqual(
            wording.records_reading(list(rows(sound).rows)),
            "No record is torn. No record is lost. No record is impossible.",
        )
        words = wording.records_reading(list(rows(sound, bad).rows))
        self.assertIn(
            "20 records are torn in 1 of 2 rows; the largest share is 1.0 %, of b cut after"
            " closing.",
            words,
        )
        self.assertIn("Of the 20 torn ones, 15 lie on two pages or more.", words)
        few = made.row("c", records={"torn": 1}, straddling=None)
        self.assertIn(
            "21 records are torn in 2 of 2 rows; the largest share is 1.0 %, of b cut after"
            " closing.",
            wording.records_reading(list(rows(few, bad).rows)),
        )
        bad["straddling"]["torn"] = 20
        self.assertIn("All torn ones lie on two", wording.records_reading(list(rows(bad).rows)))
        bad["straddling"] = None
        self.assertNotIn("two pages", wording.records_reading(list(rows(bad).rows)))


class Charts(unittest.TestCase):
    def test_each_strategy_has_a_panel_however_alike_their_curves(self):
        document = rows(
            *(made.row(name, survival=made.survival([0, 0, 0])) for name in "abcd"),
            made.row("late", "after-flush", survival=made.survival([1])),
        )
        panels = [axes for axes in drawn(charts.survival, document).figure.axes if axes.axison]
        self.assertEqual([axes.get_title(loc="left") for axes in panels], list("abcd"))
        self.assertEqual({axes.get_xscale() for axes in panels}, {"log"})
        labels = [label.get_text() for label in panels[0].get_yticklabels()]
        self.assertEqual((labels[0], labels[-1]), ("0", "100 %"))

    def test_a_panel_shows_its_own_shares(self):
        document = rows(made.row("a", survival=made.survival([0.25, 0.75])))
        (axes,) = [axes for axes in drawn(charts.survival, document).figure.axes if axes.axison]
        own = [line for line in axes.get_lines() if line.get_color() == "#0072B2"]
        self.assertEqual(list(own[0].get_ydata()), [0.25, 0.75])

    def test_the_youngest_updates_and_points_of_few_are_drawn(self):
        few, many = made.survival([0.5, 0.5], first=0)
        document = rows(made.row(survival=[few | {"updates": 19, "survived": 9}, many]))
        (axes,) = [axes for axes in drawn(charts.survival, document).figure.axes if axes.axison]
        left, right = axes.get_xlim()
        points = [line for line in axes.get_lines() if line.get_marker() == "o"]
        for point in points:
            self.assertTrue(left < point.get_xdata()[0] < right)
        self.assertEqual([p.get_markerfacecolor() for p in points], ["white", "#0072B2"])

    def test_nothing_to_draw_is_no_chart(self):
        document = rows(made.unsupported("a", "during", "no"))
        self.assertIsNone(drawn(charts.survival, document))
        self.assertIsNone(drawn(charts.records, document))

    def test_records_are_drawn_by_their_shares_with_the_bad_ones_written(self):
        document = rows(made.row("a", survived=5000, records={"torn": 500}))
        figure = drawn(charts.records, document).figure
        axes = figure.axes[1]
        self.assertEqual([round(bar.get_width(), 6) for bar in axes.patches], [0.5, 0.25, 0.25])
        self.assertIn("500 torn", [text.get_text() for text in axes.texts])


class Unsound(unittest.TestCase):
    def test_a_member_of_the_wrong_kind_is_reported_with_its_place(self):
        good = made.document([made.row(survival=made.survival([0.5]))])

        def row(document):
            return document["rows"][0]

        for change, words in (
            (lambda d: d.pop("rows"), "rows: expected an array, found nothing"),
            (lambda d: d["parameters"].update(novelty=1), "parameters.novelty: no such field in"),
            (lambda d: row(d)["strategy"].pop("spec"), "rows[0].strategy.spec: expected a text"),
            (lambda d: row(d).update(instant="now"), 'rows[0].instant: expected one of "during",'),
            (lambda d: row(d).update(promise="maybe"), "rows[0].promise: expected one of"),
            (lambda d: row(d).update(updates="7"), "updates: expected a whole number or null"),
            (lambda d: row(d).update(updates=-7), "rows[0].updates: expected at least 0, found -7"),
            (
                lambda d: row(d).update(survived=10001),
                "rows[0].survived: 10001 is more than updates, 10000",
            ),
            (lambda d: row(d).update(records=[]), "rows[0].records: expected an object or null"),
            (lambda d: row(d)["records"].update(torn="1"), "records.torn: expected a whole number"),
            (
                lambda d: row(d)["survival"][0].update(survived=1001),
                "rows[0].survival[0].survived: 1001 is more than updates, 1000",
            ),
            (
                lambda d: row(d)["survival"][0].update(age_high_seconds=1e-9),
                "rows[0].survival[0].age_high_seconds: 1e-09 is not above age_low_seconds",
            ),
            (
                lambda d: row(d)["survival"][0].update(age_low_seconds=-1),
                "rows[0].survival[0].age_low_seconds: expected at least 0, found -1",
            ),
            (
                lambda d: row(d)["survival"][0].pop("age_low_seconds"),
                "rows[0].survival[0].age_low_seconds: expected a number",
            ),
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

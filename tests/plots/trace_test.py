"""The page of a trace: its charts, sentences that are true of them, and hostile documents."""

import json
import unittest

import made_up_trace as made
import pages
from made_up import Json
from pages import HOSTILE, run_main


class TracePage(pages.InDirectory):
    DOCUMENT, PAGE = "trace.json", "trace.html"

    def words(self, document):
        return self.stands_alone(self.page_of(document)).words

    def test_every_chart_and_figure_is_on_a_page_that_needs_nothing_else(self):
        page = self.page_of(made.document())
        words = self.stands_alone(page).words
        self.assertEqual(page.count("<svg"), 4)
        for part in (
            "111 events; most are of kind read: 54.1 %. Flushes: 10.",
            "Most have up to 4 KiB, and more than half of that: 70.0 % of all.",
            "At most 24.0 KiB at a time; 80.0 KiB in all.",
            "At most 80.0 % can be answered; 4.00 KiB answer half of these.",
            "sequential reads 50.0 %",
            "accesses through mappings as page faults",
            "/a/my.db 1.00 MiB 60 240 KiB 40 20.0 KiB 10",
            "/a/my.db 8 KiB 25 25.0 %",
        ):
            self.assertIn(part, words)

    def test_a_sample_of_the_pages_is_called_an_estimate(self):
        document = made.document()
        document["reuse"]["rate"] = 0.125
        self.assertIn("An estimate from 12.5 % of the pages.", self.words(document))

    def test_a_trace_without_accesses_or_clock_has_no_charts(self):
        page = self.page_of(made.empty())
        self.assertEqual(page.count("<svg"), 0)
        self.assertIn("Not drawn", page)
        self.assertIn("not kept", page)

    def test_hostile_texts_stay_texts(self):
        document = made.document(command=HOSTILE, recorder=HOSTILE, notes=[HOSTILE])
        document["files"][0]["path"] = HOSTILE
        document["hot_regions"][0]["file"] = HOSTILE
        self.assertNotIn("<script", self.page_of(document))

    def test_what_is_wrong_is_said_with_its_place(self):
        working_set = {"bytes": 1.0, "interval_seconds": 1e99, "bytes_by_interval": []}
        changes: list[tuple[Json, str]] = [
            ({"files": None}, "files: expected an array"),
            ({"accesses": -1}, "accesses: expected at least 0, found -1"),
            ({"accesses": "many"}, 'accesses: expected a whole number, found "many"'),
            ({"read_sizes": [[1, 2, 3]]}, "read_sizes[0]: expected at most 2 items, found 3"),
            ({"read_sizes": [[0, 2]]}, "read_sizes[0][0]: expected at least 1, found 0"),
            (
                {"read_sizes": [[1, 10**40]]},
                "read_sizes[0][1]: 1e+40 is beyond what can be drawn",
            ),
            (
                {"working_set": working_set},
                "working_set.interval_seconds: 1e+99 is beyond what can be drawn",
            ),
        ]
        for change, place in changes:
            with self.subTest(place):
                path = self.directory / "trace.json"
                path.write_text(json.dumps(made.document(**change)), encoding="utf-8")
                code, _, err = run_main(path)
                self.assertEqual((code, err.count("\n")), (2, 1))
                self.assertIn(place, err)


if __name__ == "__main__":
    unittest.main()

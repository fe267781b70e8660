"""The page of a trace: its charts, sentences that are true of them, and hostile documents."""

import json
import unittest

import made_up_trace as made
import pages
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
            "Most have up to 4 KiB, and more than half of that: 70 % of all.",
            "At most 24 KiB at a time; 80 KiB in all.",
            "At most 80 % can be answered; 4 KiB answer half of these.",
            "sequential reads 50 %",
            "accesses through mappings as page faults",
            "/a/my.db 1 MiB 60 240 KiB 40 20 KiB 10",
            "/a/my.db 8 KiB 25 25 %",
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
        document["events"][HOSTILE] = {"count": 5, "bytes": 5}
        self.assertNotIn("<script", self.page_of(document))

    def test_what_is_wrong_is_said_with_its_place(self):
        for change, place in (
            ({"files": None}, "files: expected an array"),
            ({"accesses": -1}, "accesses: -1 is below 0"),
            ({"accesses": "many"}, "accesses: expected a number"),
            ({"read_sizes": [[1, 2, 3]]}, "read_sizes[0]: expected two numbers"),
            ({"read_sizes": [[0, 2]]}, "read_sizes[0][0]: 0 is not above 0"),
            ({"working_set": {"bytes": 1e99}}, "working_set.bytes"),
        ):
            with self.subTest(place):
                path = self.directory / "trace.json"
                path.write_text(json.dumps(made.document(**change)), encoding="utf-8")
                code, _, err = run_main(path)
                self.assertEqual((code, err.count("\n")), (2, 1))
                self.assertIn(place, err)


if __name__ == "__main__":
    unittest.main()

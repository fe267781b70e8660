"""The page and the program: self-contained, escaped, complete, and clear when it can't be done."""

import json
import unittest

import made_up
import pages
from faultline_plots import style
from faultline_plots.run.charts import FAMILIES
from made_up_environment import environment
from pages import HOSTILE, Elements, run_main


class _InDirectory(pages.InDirectory):
    DOCUMENT, PAGE = "run.json", "report.html"


class WholeReport(_InDirectory):
    def test_a_run_of_everything_gives_a_whole_page_that_needs_nothing_else(self):
        page = self.page_of(made_up.small())
        elements = self.stands_alone(page)
        self.assertEqual(page.count("<svg"), page.count("How to read it."))
        words = elements.words
        for expected in (
            "WRONG RESULT in 1 of 1",
            "verified 6 of 6",
            "nothing to verify",
            "others wrote 3 MB",
            "record 17 is lost",
            "tlb_misses",
            "a virtual machine?",
            "Write-back is on; quiet the machine.",
            "Linux 6.1 (made up)",
            "not known",
            "Identical runs of read-write: accepted tied, 1.04x [1.04 1.04]",
            "The harness itself costs 1.00 ns [0.990 ns 1.01 ns] per operation",
        ):
            self.assertIn(expected, words)
        self.assertNotIn("Incomplete run", words)

    def test_open_loads_have_charts_of_their_latencies_only_and_are_compared_by_them(self):
        trials = []
        for strategy in ("read-write", "mmap-view"):
            trial = made_up.steady(strategy, 10, load="open", rate=1000)
            for repetition in trial["repetitions"]:
                repetition["latency"] = made_up.latency(100, samples=1000)
                repetition["open_loop"] = made_up.open_loop(True)
            for name in trial["summary"]["figures"]:
                if "operation" in name:
                    trial["summary"]["figures"][name] = made_up.figure(None)
            trials.append(trial)
        page = self.page_of(made_up.document(trials))
        self.assertIn("Latency p99", page)
        self.assertNotIn("Accepted", page)
        self.assertIn("An open loop", page)
        charts = [path.name for path in (self.directory / "charts").glob("*.svg")]
        self.assertEqual(len(charts), 1)
        self.assertTrue(charts[0].startswith("latency-"))

    def test_waiting_that_the_times_lack_is_told_where_it_was_more_than_the_margin(self):
        def run(*shares, net=(True, True)):
            trials = []
            for strategy, share, is_net in zip(("read-write", "mmap-view"), shares, net):
                trial = made_up.steady(strategy, 100) | {"net_of_waiting": is_net}
                for repetition in trial["repetitions"]:
                    for phase in repetition["phases"].values():
                        waited = int(share * phase["seconds"] * 1e9)
                        phase["counters"]["run_delay_ns"] = waited
                trials.append(trial)
            return Elements(self.page_of(made_up.document(trials))).words

        self.assertNotIn("waited for", run(0.02, 0.06))
        told = "Others kept the processors busy: workers waited for 30 % of the time."
        words = run(0.2, 0.4)
        self.assertIn(told + " Times per operation are without this waiting.", words)
        self.assertIn("this waiting, except in groups where", run(0.3, 0.9, net=(True, False)))
        self.assertNotIn("kept the processors busy", run(0.9, 0.9, net=(False, False)))

    def test_counters_with_a_column_have_it_in_the_table_of_trials(self):
        document = made_up.document([made_up.steady("read-write", 100, major=3)])
        document["counters"]["device_read_bytes"] = {
            "unit": "bytes",
            "summary": "bytes read from the device",
            "kind": "total",
            "scope": "device",
            "column": "dev. read",
        }
        words = Elements(self.page_of(document)).words
        self.assertIn("minor faults dev. read", words)
        self.assertIn("12.0 KiB", words)

    def test_equal_runs_give_equal_files(self):
        trials = [made_up.steady("read-write", 100), made_up.steady("mmap-view", 10)]
        first = self.page_of(made_up.document(trials))
        svg = {path: path.read_bytes() for path in (self.directory / "charts").glob("*.svg")}
        self.assertEqual(first, self.page_of(made_up.document(trials)))
        self.assertTrue(svg)
        for path, content in svg.items():
            self.assertEqual(path.read_bytes(), content)

    def test_names_from_outside_are_escaped_everywhere(self):
        hostile = "<script>alert(1)</script>"
        trials = [made_up.steady(HOSTILE, 100), made_up.steady("mmap-view", 10)]
        trials[1]["repetitions"][0] |= {"status": "failed", "error": hostile}
        page = self.page_of(
            made_up.document(
                trials,
                suite=hostile,
                environment=environment(kernel=hostile),
                warnings=[hostile],
                absent={"tlb_misses": hostile},
            )
        )
        self.assertNotIn("<script", page)
        self.assertIn("&lt;script&gt;", page)
        self.assertEqual(Elements(page).open, [])
        for path in (self.directory / "charts").glob("*.svg"):
            self.assertNotIn("<script", path.read_text(encoding="utf-8"))

    def test_dollar_signs_are_drawn_as_such(self):
        from faultline_plots import text

        self.assertEqual(text.label("a$b$"), r"a\$b\$")

    def test_an_incomplete_run_says_so(self):
        page = self.page_of(made_up.document([made_up.steady("read-write", 100)], complete=False))
        self.assertIn("Incomplete run.", page)

    def test_a_run_in_which_everything_failed_concludes_nothing(self):
        failed = made_up.unfinished("failed", "killed by the memory limit")
        page = self.page_of(made_up.document([made_up.trial("read-write", [failed])]))
        self.assertIn("there is nothing to conclude", page)
        self.assertIn("killed by the memory limit", page)
        self.assertNotIn("<svg", page)
        self.assertEqual(page.count("Not drawn."), len(FAMILIES))

    def test_few_repetitions_are_drawn_without_a_verdict(self):
        page = self.page_of(
            made_up.document(
                [
                    made_up.steady(name, ns, count=1)
                    for name, ns in (("read-write", 100), ("mmap-view", 10))
                ]
            )
        )
        self.assertIn("not enough data: 1 usable rounds, 6 needed", page)
        self.assertIn("no strategy is shown to be the fastest", page)
        self.assertNotIn("is the fastest", page)

    def test_an_unproved_cache_state_is_told(self):
        trial = made_up.steady("read-write", 100)
        trial["repetitions"][0]["cache"] |= {"proved": False, "why_not": "22 pages stayed"}
        page = self.page_of(made_up.document([trial]))
        self.assertIn("cache state unproved in 1", page)
        self.assertIn("22 pages stayed", page)


class Program(_InDirectory):
    def fails_in_one_line(self, *arguments, words):
        code, out, err = run_main(*arguments)
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(err.count("\n"), 1)
        for word in words:
            self.assertIn(word, err)

    def test_an_unreadable_run_is_one_line_and_nothing_is_written(self):
        path = self.directory / "run.json"
        self.fails_in_one_line(path, words=["cannot be read"])
        path.write_text('{"schema": oops}')
        self.fails_in_one_line(path, words=["line 1, column 12"])
        path.write_text('{"schema": "faultline-run/9"}')
        self.fails_in_one_line(path, words=["faultline-run/9"])
        self.assertEqual([entry.name for entry in self.directory.iterdir()], ["run.json"])

    def test_an_output_that_can_not_be_written_is_one_line(self):
        trials = [made_up.steady("read-write", 100)]
        (self.directory / "run.json").write_text(json.dumps(made_up.document(trials)))
        (self.directory / "taken").write_text("a file")
        self.fails_in_one_line(
            self.directory,
            "--output",
            self.directory / "taken" / "deeper",
            words=["cannot be written"],
        )


class Style(unittest.TestCase):
    def test_file_names_hold_nothing_but_letters_digits_and_hyphens(self):
        self.assertRegex(style.slug(HOSTILE + "/../x"), r"^[a-z0-9-]+$")
        self.assertEqual(style.slug("$"), "chart")


if __name__ == "__main__":
    unittest.main()

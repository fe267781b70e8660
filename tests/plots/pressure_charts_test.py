"""The charts of trials under memory pressure, of threads and of hints: what they draw, what they
say of it, and what they leave unsaid.
"""

import unittest

import made_up
from charts_test import made, reading
from faultline_plots.document import LoadError
from faultline_plots.run.charts import hints, memory_ratio, shootdowns, threads, timeline
from load_test import run_of

LIMIT = 1 << 26


def sized(strategy, ns, ratio, **more):
    """A trial with data of `ratio` times its memory limit."""
    size = int(ratio * LIMIT)
    return made_up.steady(
        strategy, ns, records=size // 4096, file_bytes=size, memory_limit_bytes=LIMIT, **more
    )


def swept(**costs):
    """Trials of strategies with costs at the ratios 1/4, 1, 4..."""
    return [
        sized(name.replace("_", "-"), ns, 4.0**place / 4)
        for name, own in costs.items()
        for place, ns in enumerate(own)
    ]


def threaded(**costs):
    return [
        made_up.steady(name.replace("_", "-"), ns, threads=2**place)
        for name, own in costs.items()
        for place, ns in enumerate(own)
    ]


def repetitions_of(*trials):
    return [each for trial in run_of(*trials).trials for each in trial.repetitions]


class Timeline(unittest.TestCase):
    def test_each_strategy_has_a_row_and_its_stall_a_length(self):
        trials = [
            made_up.under_pressure("mmap-view", 100, stall=(0, 0, 5)),
            made_up.under_pressure("direct", 100),
        ]
        (chart,) = made(timeline, *trials).charts
        self.assertTrue(chart.title.startswith("made-up: random-update"))
        rows = [axes for axes in chart.figure.axes if axes.axison]
        self.assertEqual([axes.get_title(loc="left") for axes in rows], ["mmap-view", "direct"])
        self.assertIn("Stalls: mmap-view for 300 ms from 600 ms on.", chart.reading)
        self.assertIn("No stall in direct.", chart.reading)

    def test_rates_are_of_the_intervals_and_skip_what_is_not_known(self):
        trial = made_up.under_pressure("mmap-view", 100)
        trial["repetitions"][0]["timeline"] = made_up.sampled(
            [[0, 0, 1], [100, 0.1, None], [None, 0.2, 1], [150, 0.3, 1], [150, 0.3, 1]],
            columns=["operations", "seconds", "cached_pages"],
        )
        first = repetitions_of(trial)[0]
        for (at, rate), expected in zip(timeline.rates(first), [(0.05, 1000), (0.2, 250)]):
            self.assertAlmostEqual(at, expected[0])
            self.assertAlmostEqual(rate, expected[1])
        self.assertEqual(len(timeline.rates(first)), 2)

    def test_the_steady_stages_are_told_over_the_repetitions_and_not_compared(self):
        fast = made_up.under_pressure("direct", 100, after=(8000,) * 9)
        slow = made_up.under_pressure("mmap-view", 100, after=(4000,) * 9)
        words = reading(timeline, fast, slow)
        self.assertIn("direct 8.00 k (8.00 k to 8.01 k) and mmap-view 4.00 k.", words)
        self.assertIn("The run doesn't compare these.", words)
        self.assertNotIn("highest", words)

    def test_a_trial_without_a_good_repetition_is_drawn_marked(self):
        trial = made_up.under_pressure("mmap-view", 100, count=1)
        trial["repetitions"][0] |= {"status": "failed", "verified": None, "error": "killed"}
        trial["summary"]["figures"] = {}
        (chart,) = made(timeline, trial).charts
        self.assertIn("of mmap-view (failed): drawn as it is, greyed", chart.reading)
        self.assertIn("No trial has a steady stage", chart.reading)

    def test_the_first_good_repetition_is_drawn(self):
        trial = made_up.under_pressure("mmap-view", 100)
        trial["repetitions"][0]["status"] = "interference"
        trial["repetitions"][1]["timeline"] = None
        read = run_of(trial).trials[0]
        self.assertIs(timeline.shown(read), read.repetitions[2])

    def test_the_first_interval_begins_with_the_passes(self):
        trial = made_up.under_pressure("mmap-view", 100)
        del trial["repetitions"][0]["timeline"]["rows"][0]
        first, second, *_ = repetitions_of(trial)
        self.assertEqual(timeline.rates(first)[:6], timeline.rates(second)[:6])

    def test_a_stall_without_a_filling_to_compare_with_can_not_be_told(self):
        trial = made_up.under_pressure("mmap-view", 100)
        for repetition in trial["repetitions"]:
            repetition["stages"]["filling"] = None
        words = reading(timeline, trial)
        self.assertIn("A stall can't be detected in mmap-view", words)
        self.assertNotIn("No stall", words)

    def test_a_timeline_without_stages_is_drawn_without_them(self):
        trial = made_up.under_pressure("mmap-view", 100)
        for repetition in trial["repetitions"]:
            repetition["stages"] = None
        words = reading(timeline, trial)
        self.assertIn("No stages are known of mmap-view.", words)
        self.assertNotIn("stall in", words)

    def test_a_run_without_timelines_has_no_such_chart(self):
        found = made(timeline, made_up.steady("mmap-view", 100))
        self.assertEqual(found.charts, [])
        self.assertIn("--timeline on", found.reason)

    def test_a_wrong_result_is_not_drawn(self):
        trial = made_up.under_pressure("mmap-view", 100)
        trial["repetitions"][0] |= {"status": "failed", "verified": False}
        self.assertEqual(made(timeline, trial).charts, [])


class MemoryRatio(unittest.TestCase):
    def test_the_best_at_both_ends_and_the_change_between(self):
        words = reading(memory_ratio, *swept(mmap_view=(10, 20, 900), direct=(500, 500, 500)))
        self.assertIn("At 1/4 of the memory: mmap-view is the fastest, 50x [50 50]", words)
        self.assertIn("At 4x the memory: direct is the fastest, 1.80x [1.80 1.80]", words)
        self.assertIn(
            "The best strategy changes between 1x the memory (mmap-view) and 4x the memory"
            " (direct).",
            words,
        )

    def test_reads_have_one_panel_and_changes_one_for_durable_too(self):
        for changed, panels in ((0, 1), (5, 2)):
            asked = {"read_bytes": 5, "changed_bytes": changed}
            trials = [sized("direct", 10, ratio, asked=asked) for ratio in (1, 2)]
            (chart,) = made(memory_ratio, *trials).charts
            self.assertEqual(sum(axes.axison for axes in chart.figure.axes), panels)

    def test_a_ratio_at_which_none_is_best_widens_the_change(self):
        words = reading(memory_ratio, *swept(mmap_view=(10, 500, 900), direct=(500, 500, 500)))
        self.assertIn("between 1/4 of the memory (mmap-view) and 4x the memory (direct)", words)

    def test_no_change_is_claimed_between_ties(self):
        words = reading(memory_ratio, *swept(mmap_view=(100, 101), direct=(101, 100)))
        self.assertIn("The comparisons show no change of the best strategy", words)
        self.assertIn("are tied", words)

    def test_none_leads_by_the_absence_of_another(self):
        trials = swept(mmap_view=(10, 20, 30), direct=(500, 500, 500), io_uring=(600, 600, 600))
        trials[2]["repetitions"][0] |= {"status": "failed", "verified": None, "error": "killed"}
        words = reading(memory_ratio, *trials)
        self.assertIn("At 4x the memory: direct", words)
        self.assertIn("show no change of the best strategy", words)

    def test_a_single_ratio_or_no_limit_is_no_chart(self):
        self.assertIn("two or more ratios", made(memory_ratio, sized("direct", 5, 2)).reason)
        trials = [made_up.steady("direct", 5, file_bytes=size) for size in (4096, 8192)]
        self.assertEqual(made(memory_ratio, *trials).charts, [])

    def test_a_point_with_interference_is_told_as_one(self):
        trials = swept(mmap_view=(10, 20), direct=(500, 500))
        for repetition in trials[1]["repetitions"]:
            repetition["status"] = "interference"
        trials[1]["summary"]["with_interference"] = True
        words = reading(memory_ratio, *trials)
        self.assertIn("Greyed: some points of mmap-view had fewer than 6 rounds", words)

    def test_failed_repetitions_leave_their_ratio_out(self):
        trials = swept(mmap_view=(10, 20), direct=(500, 500))
        trials[1]["summary"]["figures"] = {}
        for repetition in trials[1]["repetitions"]:
            repetition |= {"status": "failed", "verified": None, "error": "killed"}
        words = reading(memory_ratio, *trials)
        self.assertIn("At 1x the memory: direct is the only one with such a figure", words)
        self.assertIn("no change of the best one can be shown", words)


class Threads(unittest.TestCase):
    def test_the_throughput_at_both_ends_is_told_and_not_compared(self):
        words = reading(threads, *threaded(direct=(800, 400, 200), mmap_view=(100, 110, 125)))
        self.assertIn("direct 1.25 M at 1 thread and 5.00 M at 4 threads", words)
        self.assertIn("Numbers of threads are different groups", words)
        self.assertIn("With 4 threads: mmap-view is the fastest, 1.60x [1.60 1.60]", words)
        self.assertNotIn("Speed-up", words)

    def test_one_number_of_threads_is_no_chart(self):
        self.assertEqual(made(threads, made_up.steady("direct", 5, threads=4)).charts, [])


class Shootdowns(unittest.TestCase):
    def test_counts_per_page_are_told_and_not_compared(self):
        trials = [
            made_up.under_pressure("mmap-view", 100, shootdowns=1500),
            made_up.under_pressure("read-write", 100, shootdowns=0),
        ]
        words = reading(shootdowns, *trials)
        self.assertIn(
            "Shootdowns per page: mmap-view 1.50 and read-write 0. The run doesn't compare these.",
            words,
        )
        self.assertNotIn("taken from others", words)

    def test_unknown_counts_and_nothing_taken_are_no_bar(self):
        cases = (("tlb_shootdowns", None), ("reclaimed_pages", None), ("reclaimed_pages", 0))
        for name, value in cases:
            trial = made_up.under_pressure("mmap-view", 100)
            for repetition in trial["repetitions"]:
                repetition["stages"]["steady"]["totals"][name] = value
            with self.subTest(name, value=value):
                self.assertEqual(made(shootdowns, trial).charts, [])


def hinted(*amplifications):
    """Trials by (spec, bytes read from the device per byte asked)."""
    return [
        made_up.steady(spec, 10, major=1, asked={"read_bytes": 4096 // times, "changed_bytes": 0})
        for spec, times in amplifications
    ]


class Hints(unittest.TestCase):
    def test_advice_is_drawn_beside_the_references_and_only_times_are_compared(self):
        trials = hinted(
            ("mmap-view", 32),
            ("mmap-view:advice=random", 2),
            ("read-write", 8),
            ("direct", 2),
            ("io-uring", 1),
        )
        (chart,) = made(hints, *trials).charts
        axes = next(axes for axes in chart.figure.axes if axes.axison)
        labels = [label.get_text().replace("\n", "") for label in axes.get_yticklabels()]
        self.assertEqual(labels, ["mmap-view", "mmap-view:advice=random", "read-write", "direct"])
        self.assertIn("By accepted time: mmap-view, mmap-view:advice=random", chart.reading)
        self.assertIn("they give no verdict", chart.reading)

    def test_one_advice_is_no_chart(self):
        trials = hinted(
            ("mmap-view:advice=random", 2), ("mmap-view:advice=random,willneed=8", 3), ("direct", 1)
        )
        self.assertIn("two or more kinds of advice", made(hints, *trials).reason)

    def test_unknown_traffic_is_no_bar(self):
        trials = hinted(("mmap-view", 32), ("mmap-view:advice=random", 2))
        trials[0]["summary"]["figures"]["read_amplification"] = made_up.figure(None)
        self.assertEqual(made(hints, *trials).charts, [])


class Loading(unittest.TestCase):
    def test_repetitions_without_a_timeline_have_no_stages(self):
        for repetition in repetitions_of(made_up.steady("mmap-view", 100)):
            self.assertIsNone(repetition.timeline)
            self.assertIsNone(repetition.stages)
            self.assertIsNone(repetition.stage("steady"))

    def test_absent_stages_and_absent_counts_stay_absent(self):
        trial = made_up.under_pressure("mmap-view", 100)
        trial["repetitions"][0]["stages"]["steady"]["totals"]["tlb_shootdowns"] = None
        first = repetitions_of(trial)[0]
        self.assertIsNone(first.stage("stall"))
        self.assertIsNone(first.stage("steady").totals["tlb_shootdowns"])
        self.assertEqual(first.stage("filling").totals["tlb_shootdowns"], 0)

    def test_a_row_that_does_not_fit_its_columns_is_reported_with_its_place(self):
        trial = made_up.under_pressure("mmap-view", 100)
        trial["repetitions"][1]["timeline"]["rows"][2].append(1)
        with self.assertRaises(LoadError) as caught:
            run_of(trial)
        self.assertIn(
            "trials[0].repetitions[1].timeline.rows[2]: expected 9 numbers, one for each column,"
            " found 10",
            str(caught.exception),
        )


if __name__ == "__main__":
    unittest.main()

"""Every chart family draws what the run has, says why it draws nothing, and reads its figures
truly.
"""

import re
import unittest
from pathlib import Path

import made_up
from faultline_plots import kinds, style
from faultline_plots.run import regime
from faultline_plots.run.charts import (
    FAMILIES,
    amplification,
    cache_fill,
    faults,
    latency,
    options,
    phases,
    record_size,
)
from faultline_plots.run.charts import throughput
from load_test import loaded

DATA = Path(__file__).parent / "data"
# What an axis of ours may measure in; a label without one of these leaves the reader guessing.
UNITS = re.compile(
    r"per second|\(count\)|\(s\)|seconds|per page|\(bytes|bytes per byte|\(ns|percentile"
)


def made(family, *trials, **changes):
    run = loaded(made_up.document(list(trials), **changes))
    with style.settings():
        return family.make(run, style.Colours(trial.strategy for trial in run.trials))


def reading(family, *trials, **changes):
    """The sentences of the only chart."""
    charts = made(family, *trials, **changes).charts
    assert len(charts) == 1, [chart.title for chart in charts]
    return charts[0].reading


class EveryFamily(unittest.TestCase):
    def test_draws_the_kept_document_with_units_on_all_axes(self):
        _, run = kinds.load(DATA / "made_up.json")
        with style.settings():
            for family in FAMILIES:
                with self.subTest(family.NAME):
                    found = family.make(run, style.Colours(trial.strategy for trial in run.trials))
                    self.assertTrue(found.charts)
                    self.assertEqual(found.reason, "")
                    for chart in found.charts:
                        self.assertTrue(chart.reading and chart.regime and chart.title)
                        for axes in chart.figure.axes:
                            if axes.axison:
                                self.assertRegex(axes.get_xlabel(), UNITS)
                                self.assertTrue(
                                    axes.get_ylabel() == "" or UNITS.search(axes.get_ylabel())
                                )

    def test_gives_a_reason_for_a_run_without_trials(self):
        for family in FAMILIES:
            with self.subTest(family.NAME):
                found = made(family)
                self.assertEqual(found.charts, [])
                self.assertRegex(found.reason, r"\w.*\.$")

    def test_gives_a_reason_for_trials_that_all_failed_or_have_no_figures(self):
        failed = made_up.repetition(
            status="failed", error="killed", verified=None, phases=None, cache=None, asked=None
        )
        trials = [made_up.trial(name, [failed]) for name in ("read-write", "mmap-view")]
        for family in FAMILIES:
            with self.subTest(family.NAME):
                found = made(family, *trials)
                self.assertEqual(found.charts, [])
                self.assertNotEqual(found.reason, "")

    def test_draws_with_half_of_the_figures_absent(self):
        names = sorted(made_up.figures_of([made_up.repetition()]))
        for absent in (names[::2], names[1::2]):
            document = made_up.small()
            for trial in document["trials"]:
                trial["summary"]["figures"] |= {name: None for name in absent}
            run = loaded(document)
            with self.subTest(absent), style.settings():
                for family in FAMILIES:
                    found = family.make(run, style.Colours(trial.strategy for trial in run.trials))
                    self.assertTrue(found.charts or found.reason)


class Throughput(unittest.TestCase):
    def test_names_the_fastest_with_its_ratios(self):
        words = reading(
            throughput, made_up.steady("read-write", 1000), made_up.steady("mmap-view", 100)
        )
        self.assertIn(
            (
                "Accepted (the calls had returned): mmap-view is the fastest at 10 M operations per"
                " second"
            ),
            words,
        )
        self.assertIn("Against read-write: 10× [9.80 10.2]", words)
        self.assertIn("Differences up to 3.00 % are noise", words)

    def test_says_overlap_and_noise_instead_of_a_winner(self):
        words = reading(
            throughput, made_up.steady("read-write", 101), made_up.steady("mmap-view", 100)
        )
        self.assertNotIn("fastest", words)
        self.assertIn("the intervals overlap", words)
        words = reading(
            throughput,
            made_up.steady("read-write", 102, 0.001),
            made_up.steady("mmap-view", 100, 0.001),
        )
        self.assertIn("below the noise floor", words)

    def test_the_axis_is_logarithmic_only_for_wide_figures(self):
        for slow, scale in ((200, "linear"), (20000, "log")):
            chart = made(
                throughput, made_up.steady("read-write", slow), made_up.steady("mmap-view", 100)
            ).charts[0]
            axes = next(axes for axes in chart.figure.axes if axes.axison)
            self.assertEqual(axes.get_xscale(), scale)
            self.assertEqual("logarithmic" in chart.reading, scale == "log")

    def test_a_disturbed_trial_is_drawn_marked_and_without_verdict(self):
        disturbed = made_up.trial(
            "stdio", [made_up.repetition(ns=1, status="disturbed", error="a neighbour")]
        )
        chart = made(
            throughput,
            made_up.steady("read-write", 100),
            made_up.steady("mmap-view", 50),
            disturbed,
        ).charts[0]
        axes = next(axes for axes in chart.figure.axes if axes.axison)
        self.assertIn("stdio (disturbed)", [label.get_text() for label in axes.get_yticklabels()])
        self.assertIn("mmap-view is the fastest", chart.reading)
        self.assertIn("Of stdio there are disturbed repetitions only", chart.reading)

    def test_settings_left_out_of_the_chart_are_in_the_verdict_and_told(self):
        windows = [
            made_up.steady(f"mmap-window:size={size}", 100 + place)
            for place, size in enumerate((1, 2, 4, 8, 16))
        ]
        words = reading(throughput, made_up.steady("read-write", 500), *windows)
        self.assertEqual(words.count("mmap-window:size=2 and mmap-window:size=4"), 2)
        self.assertIn("Not drawn: 3 of mmap-window", words)

    def test_regimes_are_drawn_apart(self):
        trials = [
            made_up.steady(name, ns, cache=cache)
            for name, ns in (("read-write", 100), ("mmap-view", 50))
            for cache in ("cold", "written")
        ]
        self.assertEqual(len(made(throughput, *trials).charts), 2)


class Counts(unittest.TestCase):
    def test_faults_name_most_and_fewest(self):
        words = reading(
            faults,
            made_up.steady("read-write", 10, minor=10),
            made_up.steady("mmap-view", 10, minor=3000),
        )
        self.assertIn(
            (
                "Most minor faults: mmap-view with 3 k [3 k 3 k], 300× [300 300] the count of"
                " read-write"
            ),
            words,
        )
        self.assertIn("fewest: read-write with 10", words)
        self.assertIn("There were no major faults.", words)

    def test_the_filling_of_the_cache_is_compared_per_page(self):
        trials = [
            made_up.steady("mmap-view", 10, minor=minor, cache=cache)
            for cache, minor in (("cold", 31), ("streamed", 62), ("paged", 310))
        ]
        words = reading(cache_fill, *trials)
        self.assertIn("mmap-view, with 1 faults per page when cold and 10 when paged, 10×", words)

    def test_reading_and_updating_touches_are_told_apart(self):
        run = loaded(
            made_up.document(
                [
                    made_up.trial(
                        "mmap-view",
                        [made_up.repetition(asked={"read_bytes": 5, "changed_bytes": changed})],
                    )
                    for changed in (0, 5)
                ]
            )
        )
        self.assertEqual(
            [cache_fill.touch([trial]) for trial in run.trials], ["reading", "updating"]
        )

    def test_faults_that_do_not_depend_on_the_filling_are_said_not_to(self):
        trials = [
            made_up.steady("mmap-view", 10, minor=31, cache=cache) for cache in ("cold", "paged")
        ]
        self.assertIn("no strategy's faults depend on the filling", reading(cache_fill, *trials))

    def test_one_cache_state_is_no_chart(self):
        found = made(cache_fill, made_up.steady("mmap-view", 10), made_up.steady("read-write", 10))
        self.assertIn("two or more of the cache states", found.reason)

    def test_amplification_names_the_highest(self):
        small = made_up.steady(
            "mmap-view", 10, asked={"read_bytes": 125000, "changed_bytes": 250000}
        )
        large = made_up.steady("read-write", 10, asked={"read_bytes": 125000, "changed_bytes": 125})
        words = reading(amplification, small, large)
        self.assertIn("The read amplification is 0 everywhere", words)
        self.assertIn("read-write has the highest write amplification: 2,000 bytes", words)
        self.assertIn("mmap-view the lowest: 1", words)

    def test_phases_name_the_longest_and_the_largest_share_of_the_flush(self):
        words = reading(
            phases,
            made_up.steady("read-write", 1e6),
            made_up.steady("mmap-view", 1e3, flush_seconds=0.099),
        )
        self.assertIn("The longest bar is read-write: 1.00 s", words)
        self.assertRegex(
            words,
            r"largest share in mmap-view: 99\.0? % of its time|largest share in mmap-view: 98\.98",
        )


class Lines(unittest.TestCase):
    def test_record_sizes_at_a_kept_number_of_records(self):
        trials = [
            made_up.steady(name, ns * size / 100, record_size=size, file_bytes=1000 * size)
            for name, ns in (("read-write", 100), ("mmap-view", 10))
            for size in (100, 1000)
        ]
        words = reading(record_size, *trials)
        self.assertIn("At 100 bytes a record, mmap-view is the cheapest: 10 ns", words)
        self.assertIn("100 bytes at", words)

    def test_record_sizes_in_a_kept_file(self):
        trials = [
            made_up.steady(
                "mmap-view",
                10,
                record_size=size,
                records=125000 // size,
                operations=125000 // size,
                file_bytes=125000 // size * size,
            )
            for size in (100, 1000)
        ]
        chart = made(record_size, *trials).charts[0]
        self.assertIn("file size kept", chart.title)
        self.assertIn(
            "makes no difference that can be claimed: the intervals overlap", chart.reading
        )

    def test_sizes_that_keep_records_and_nearly_the_file_are_one_chart(self):
        trials = [
            made_up.steady("mmap-view", 10, record_size=size, file_bytes=1000 * size)
            for size in (100, 102)
        ]
        self.assertEqual(len(made(record_size, *trials).charts), 1)

    def test_two_record_sizes_in_unlike_regimes_are_no_line(self):
        trials = [
            made_up.steady("mmap-view", 10, record_size=size, threads=threads)
            for size, threads in ((100, 1), (1000, 2))
        ]
        self.assertEqual(made(record_size, *trials).charts, [])

    def test_window_sizes_and_flush_intervals_are_found_by_their_options(self):
        windows = [
            made_up.steady(f"mmap-window:size={size},count=4", ns)
            for size, ns in (("4KiB", 900), ("1MiB", 30))
        ]
        flushes = [
            made_up.steady(f"{name}-flushed:every={every}", 5000 / every)
            for name in ("mmap-view", "read-write")
            for every in (1, 10)
        ]
        charts = made(options, *flushes, *windows).charts
        self.assertEqual(
            [chart.title.split(":")[0] for chart in charts], ["window size", "flush interval"]
        )
        self.assertIn(
            "count=4: 1 MiB at 30 ns is the cheapest, 4 KiB at 900 ns the dearest (30×",
            charts[0].reading,
        )
        self.assertEqual(charts[1].reading.count("is the cheapest, 1 at 5 µs the dearest"), 2)

    def test_a_default_is_placed_by_its_effective_setting(self):
        trials = [
            made_up.steady("mmap-window", 50, effective={"size": "1MiB"}),
            made_up.steady("mmap-window:size=4KiB", 900),
        ]
        self.assertIn("1 MiB at 50 ns is the cheapest", reading(options, *trials))

    def test_a_missing_sweep_is_said_to_be_missing(self):
        found = made(
            options, *(made_up.steady(f"mmap-window:size={size}", 10) for size in (4096, 8192))
        )
        self.assertEqual(len(found.charts), 1)
        self.assertIn("flush interval", found.notes[0])


class Latency(unittest.TestCase):
    def test_percentiles_come_from_the_bins_of_all_repetitions(self):
        bins = [[[10, 11, 50]], [[20, 21, 49], [64, 66, 1]]]
        trial = made_up.trial(
            "mmap-view",
            [made_up.repetition(latency={"timer_ns": 3, "bins": each}) for each in bins],
            latency="all",
        )
        merged = latency.merged(loaded(made_up.document([trial])).trials[0])
        self.assertEqual(merged, [(10, 11, 50), (20, 21, 49), (64, 66, 1)])
        self.assertEqual(
            [latency.percentile(merged, share) for share in (0.5, 0.51, 0.99, 1)], [10, 20, 20, 65]
        )
        self.assertAlmostEqual(latency.last_share(merged), 0.9)

    def test_the_timer_is_told_where_it_hides_the_strategy(self):
        for timer, told in ((30, True), (5, False)):
            trial = made_up.steady("mmap-view", 10, latency="all")
            for repetition in trial["repetitions"]:
                repetition["latency"] = {"timer_ns": timer, "bins": [[40, 41, 1000]]}
            words = reading(latency, trial)
            self.assertIn("Half of all operations of mmap-view took 40 ns or less", words)
            self.assertEqual("tell more of the timer" in words, told)

    def test_an_open_load_is_read_as_one_and_ranked_only_where_the_rate_was_kept(self):
        trials = []
        for strategy, kept, ns in (("read-write", True, 40), ("mmap-view", False, 10)):
            trial = made_up.steady(strategy, 10, load="open", rate=1000)
            for repetition in trial["repetitions"]:
                repetition["latency"] = {"timer_ns": 1, "bins": [[ns, ns + 1, 1000]]}
                repetition["open_loop"] = {"rate_kept": kept}
            trials.append(trial)
        words = reading(latency, *trials)
        self.assertIn("An open loop", words)
        self.assertNotIn("A closed loop", words)
        self.assertIn("The rate was not kept by mmap-view", words)
        self.assertIn("Half of all operations of read-write took 40 ns or less.", words)
        (chart,) = made(latency, *trials).charts
        self.assertIn("open load of 1,000 operations per second", chart.regime)


class Groups(unittest.TestCase):
    def test_the_second_of_a_pair_is_a_repeat(self):
        run = loaded(
            made_up.document(
                [made_up.steady("read-write", 10), made_up.steady("read-write", 11, suffix="#2")]
            )
        )
        (group,) = regime.groups(run)
        self.assertEqual([trial.id[-2:] for trial in group.repeats], ["#2"])

    def test_the_regime_names_all_that_matters(self):
        trial = loaded(
            made_up.document(
                [
                    made_up.steady(
                        "read-write", 10, threads=2, memory_limit_bytes=1 << 26, latency="all"
                    )
                ]
            )
        ).trials[0]
        self.assertEqual(
            regime.regime_text(trial),
            (
                "random-update, 1,000 records of 125 bytes (125 kB), 1,000 operations in each of 2"
                " passes, 2 threads, 1 process, cache written, memory limit 64 MiB, latency all"
            ),
        )


if __name__ == "__main__":
    unittest.main()

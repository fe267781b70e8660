"""Every chart family draws what the run has, says why it draws nothing, and reads its figures
truly.
"""

import re
import unittest

import made_up
from faultline_plots import style
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
    throughput,
)
from load_test import loaded, run_of
from matplotlib.colors import to_rgba

# What an axis of ours may measure in; a label without one of these leaves the reader guessing.
UNITS = re.compile(
    r"per second|\(count\)|\(s\)|seconds|per page|\(bytes|bytes per byte|\(ns|percentile"
)


def make(family, run):
    with style.settings():
        return family.make(run, style.Colours(trial.strategy.name for trial in run.trials))


def made(family, *trials):
    return make(family, run_of(*trials))


def reading(family, *trials):
    """The sentences of the only chart."""
    charts = made(family, *trials).charts
    assert len(charts) == 1, [chart.title for chart in charts]
    return charts[0].reading


def reading_of(family, document):
    """The sentences of the only chart of a document."""
    (chart,) = make(family, loaded(document)).charts
    return chart.reading


class EveryFamily(unittest.TestCase):
    def test_draws_a_run_of_everything_with_units_on_all_axes(self):
        run = loaded(made_up.small())
        for family in FAMILIES:
            with self.subTest(family.NAME):
                found = make(family, run)
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

    def test_gives_a_reason_for_a_trial_that_has_not_run(self):
        for family in FAMILIES:
            with self.subTest(family.NAME):
                found = made(family, made_up.trial("read-write", []))
                self.assertEqual(found.charts, [])
                self.assertRegex(found.reason, r"\w.*\.$")

    def test_gives_a_reason_for_trials_that_all_failed_or_have_no_figures(self):
        trials = [
            made_up.trial(name, [made_up.unfinished("failed", "killed")])
            for name in ("read-write", "mmap-view")
        ]
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
                trial["summary"]["figures"] |= {name: made_up.figure(None) for name in absent}
            run = loaded(document)
            with self.subTest(absent):
                for family in FAMILIES:
                    found = make(family, run)
                    self.assertTrue(found.charts or found.reason)


class Throughput(unittest.TestCase):
    def test_names_the_fastest_with_its_ratios(self):
        words = reading(
            throughput,
            made_up.steady("read-write", 1000),
            made_up.steady("mmap-view", 100),
            made_up.steady("read-all", 500),
        )
        self.assertIn(
            (
                "Accepted (the calls had returned): mmap-view is the fastest, 5.0x [5.0 5.0] faster"
                " than the next, read-all. mmap-view is 10x [10 10] faster than the baseline,"
                " read-write."
            ),
            words,
        )

    def test_says_tied_and_inconclusive_instead_of_a_winner(self):
        words = reading(
            throughput, made_up.steady("read-write", 101), made_up.steady("mmap-view", 100)
        )
        self.assertNotIn("fastest", words)
        self.assertIn("mmap-view and read-write are tied, 0.99x", words)
        words = reading(
            throughput,
            made_up.steady("read-write", 200, count=3),
            made_up.steady("mmap-view", 100, count=3),
        )
        self.assertIn("no strategy is shown to be the fastest", words)
        self.assertIn("3 usable rounds, 6 needed", words)

    def test_rows_stand_in_the_order_of_the_document(self):
        document = made_up.document(
            [made_up.steady("mmap-view", 100), made_up.steady("read-write", 1000)]
        )
        made_up.say(document, "ns_per_operation", "mmap-view", "read-write", "slower", 0.5)
        run = loaded(document)
        with style.settings():
            (chart,) = throughput.make(run, style.Colours(["mmap-view", "read-write"])).charts
        axes = next(axes for axes in chart.figure.axes if axes.axison)
        labels = [label.get_text() for label in axes.get_yticklabels()]
        self.assertEqual(labels, ["read-write", "mmap-view"])

    def test_whiskers_begin_with_six_rounds_and_below_each_repetition_is_a_ring(self):
        for count, whiskers, rings in ((1, 0, 1), (5, 0, 5), (6, 2, 0)):
            (chart,) = made(
                throughput,
                made_up.steady("read-write", 200, count=count, minor=0),
                made_up.steady("mmap-view", 100, count=count),
            ).charts
            axes = next(axes for axes in chart.figure.axes if axes.axison)
            points = [len(line.get_xdata()) for line in axes.lines if line.get_marker() == "o"]
            with self.subTest(count):
                self.assertEqual(len(axes.collections), 2 * whiskers)
                self.assertEqual(points, [rings] * 4 if rings else [])
                self.assertEqual("each repetition is a small ring" in chart.reading, bool(rings))

    def test_the_axis_is_logarithmic_only_for_wide_figures(self):
        for slow, scale in ((200, "linear"), (20000, "log")):
            chart = made(
                throughput, made_up.steady("read-write", slow), made_up.steady("mmap-view", 100)
            ).charts[0]
            axes = next(axes for axes in chart.figure.axes if axes.axison)
            self.assertEqual(axes.get_xscale(), scale)
            self.assertEqual("logarithmic" in chart.reading, scale == "log")

    def test_a_trial_with_interference_is_drawn_greyed_and_told(self):
        interference = made_up.trial(
            "stdio", [made_up.repetition(ns=40, status="interference", error="others wrote")]
        )
        (chart,) = made(
            throughput,
            made_up.steady("read-write", 100),
            made_up.steady("mmap-view", 50),
            interference,
        ).charts
        axes = next(axes for axes in chart.figure.axes if axes.axison)
        labels = [label.get_text() for label in axes.get_yticklabels()]
        self.assertIn("stdio (with interference)", labels)
        self.assertIn("Greyed: stdio had fewer than 6 rounds without interference", chart.reading)
        colours = style.Colours(["read-write", "mmap-view", "stdio"])
        drawn = {patch.get_edgecolor() for patch in axes.patches}
        self.assertIn(to_rgba(style.greyed(colours.of("stdio"))), drawn)
        self.assertNotIn(to_rgba(colours.of("stdio")), drawn)
        self.assertIn(to_rgba(colours.of("mmap-view")), drawn)

    def test_stacked_rows_with_interference_are_greyed_too(self):
        marked = made_up.steady("stdio", 100)
        for repetition in marked["repetitions"]:
            repetition["status"] = "interference"
        marked["summary"]["with_interference"] = True
        for family in (faults, phases):
            (chart,) = made(family, made_up.steady("read-write", 100), marked).charts
            axes = next(axes for axes in chart.figure.axes if axes.axison)
            rows = {patch.get_y() > 0.5: patch.get_facecolor() for patch in axes.patches}
            with self.subTest(family.NAME):
                own = style.PHASE_COLOURS.values()
                self.assertIn(rows[False], [to_rgba(colour) for colour in own])
                self.assertIn(rows[True], [to_rgba(style.greyed(colour)) for colour in own])

    def test_settings_left_out_of_the_chart_are_in_the_verdict_and_told(self):
        windows = [
            made_up.steady(f"mmap-window:size={size}", 100 + place / 2)
            for place, size in enumerate((1, 2, 4, 8, 16))
        ]
        words = reading(throughput, made_up.steady("read-write", 500), *windows)
        self.assertEqual(words.count("mmap-window:size=2, mmap-window:size=4, mmap-window"), 2)
        self.assertIn("Not drawn: 3 of mmap-window", words)

    def test_regimes_are_drawn_apart(self):
        trials = [
            made_up.steady(name, ns, cache=cache)
            for name, ns in (("read-write", 100), ("mmap-view", 50))
            for cache in ("cold", "written")
        ]
        self.assertEqual(len(made(throughput, *trials).charts), 2)


class Counts(unittest.TestCase):
    def test_faults_are_told_as_the_comparisons_with_the_baseline_tell_them(self):
        words = reading(
            faults,
            made_up.steady("read-write", 10, minor=10),
            made_up.steady("mmap-view", 10, minor=3000),
            made_up.steady("read-all", 10, minor=10),
            made_up.steady("stdio", 10, minor=5, count=2),
        )
        self.assertIn(
            (
                "Minor faults against read-write: mmap-view 300x [300 300] more; tied read-all;"
                " inconclusive stdio (not enough data: 2 usable rounds, 6 needed)."
            ),
            words,
        )
        self.assertIn("There were no major faults.", words)

    def test_the_filling_of_the_cache_is_told_per_page_and_not_compared(self):
        trials = [
            made_up.steady("mmap-view", 10, minor=minor, cache=cache)
            for cache, minor in (("cold", 31), ("streamed", 62), ("paged", 310))
        ]
        words = reading(cache_fill, *trials)
        self.assertIn("faults per page: mmap-view 1.00 cold, 2.00 streamed, 10.0 paged.", words)
        self.assertIn("the run doesn't compare them", words)

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

    def test_one_cache_state_is_no_chart(self):
        found = made(cache_fill, made_up.steady("mmap-view", 10), made_up.steady("read-write", 10))
        self.assertIn("two or more of the cache states", found.reason)

    def test_amplification_is_the_devices_and_has_no_verdict(self):
        small = made_up.steady(
            "mmap-view", 10, asked={"read_bytes": 125000, "changed_bytes": 250000}
        )
        large = made_up.steady("read-write", 10, asked={"read_bytes": 125000, "changed_bytes": 125})
        document = made_up.document([small, large])
        words = reading_of(amplification, document)
        self.assertIn("The read amplification is 0 everywhere", words)
        self.assertIn("they give no verdict", words)
        for word in ("fewer", "more", "highest", "lowest", "tied"):
            self.assertNotIn(word, words)
        own = "total.write_bytes"
        group = document["groups"][0]["title"]
        document["comparisons"].append(
            made_up.comparison(group, own, "mmap-view", "read-write", "fewer", (1.5, 2, 3))
        )
        self.assertIn(
            "Bytes that the process itself made dirty or sent to storage against read-write:"
            " mmap-view 2.00x [1.50 3.00] fewer.",
            reading_of(amplification, document),
        )

    def test_phases_tell_the_share_of_each_flush(self):
        words = reading(
            phases,
            made_up.steady("read-write", 1e6),
            made_up.steady("mmap-view", 1e3, flush_seconds=0.099),
        )
        self.assertRegex(words, r"leaves out: read-write 0 % and mmap-view (99|98\.9\d?)\.?\d* %")


class Lines(unittest.TestCase):
    def test_record_sizes_at_a_kept_number_of_records(self):
        trials = [
            made_up.steady(name, ns * size / 100, record_size=size, file_bytes=1000 * size)
            for name, ns in (("read-write", 100), ("mmap-view", 10))
            for size in (100, 1000)
        ]
        words = reading(record_size, *trials)
        self.assertIn("At 100 B a record: mmap-view is the fastest, 10x [10 10]", words)
        self.assertIn("mmap-view 10.0 ns at 100 B and 100 ns at 1000 B", words)
        self.assertIn("Record sizes are different groups: the run doesn't compare them.", words)

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
        self.assertIn("mmap-view is the only one with such a figure", chart.reading)

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
            "Accepted time of mmap-window:count=4: mmap-window:size=1MiB,count=4 is the fastest,"
            " 30x [30 30] faster than the next, mmap-window:size=4KiB,count=4.",
            charts[0].reading,
        )
        self.assertEqual(charts[1].reading.count("is the fastest, 10x [10 10]"), 2)

    def test_a_default_is_placed_by_its_effective_setting(self):
        trials = [
            made_up.steady("mmap-window", 50, effective={"size": "1MiB"}),
            made_up.steady("mmap-window:size=4KiB", 900),
        ]
        (chart,) = made(options, *trials).charts
        axes = next(axes for axes in chart.figure.axes if axes.axison)
        self.assertEqual(sorted(axes.lines[0].get_xdata()), [4096, 1 << 20])
        self.assertIn("mmap-window is the fastest, 18x [18 18]", chart.reading)

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
            [made_up.repetition(latency=made_up.binned(each, timer_ns=3)) for each in bins],
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
                repetition["latency"] = made_up.binned([[40, 41, 1000]], timer)
            words = reading(latency, trial)
            self.assertEqual("tell more of the timer" in words, told)

    def test_percentiles_are_ranked_by_the_documents_comparisons(self):
        trials = []
        for strategy, ns in (("read-write", 400), ("mmap-view", 100)):
            trials.append(made_up.steady(strategy, 10, latency="all"))
            for repetition in trials[-1]["repetitions"]:
                repetition["latency"] = made_up.latency(ns, samples=200)
        document = made_up.document(trials)
        made_up.say(document, "latency.p99", "mmap-view", "read-write", "slower", (0.2, 0.25, 0.5))
        words = reading_of(latency, document)
        self.assertIn(
            "Half of all operations (p50): mmap-view is the fastest, 4.0x [4.0 4.0]", words
        )
        self.assertIn("p99: read-write is the fastest, 4.0x [2.0 5.0] faster than the next", words)

    def test_an_open_load_is_read_as_one_and_a_rate_that_was_not_kept_is_told(self):
        trials = []
        for strategy, kept, ns in (("read-write", True, 40), ("mmap-view", False, 10)):
            trial = made_up.steady(strategy, 10, load="open", rate=1000)
            for repetition in trial["repetitions"]:
                repetition["latency"] = made_up.binned([[ns, ns + 1, 1000]], timer_ns=1)
                repetition["open_loop"] = made_up.open_loop(kept)
            trials.append(trial)
        words = reading(latency, *trials)
        self.assertIn("An open loop", words)
        self.assertNotIn("A closed loop", words)
        self.assertIn("The rate was not kept by mmap-view", words)
        (chart,) = made(latency, *trials).charts
        self.assertIn("open load of 1,000 operations per second", chart.regime)


class Groups(unittest.TestCase):
    def test_an_a_a_pair_is_two_trials_of_a_group(self):
        run = loaded(
            made_up.document(
                [made_up.steady("read-write", 10), made_up.steady("read-write", 11, suffix="#2")]
            )
        )
        (group,) = regime.groups(run)
        self.assertEqual([trial.title for trial in group.trials], ["read-write", "read-write#2"])
        ((second, first),) = group.pairs
        self.assertEqual((second.title, first.title), ("read-write#2", "read-write"))

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
                "random-update, 1,000 records of 125 bytes (122 KiB), 1,000 operations in each of 2"
                " passes, 2 threads, 1 process, cache written, memory limit 64 MiB, latency all"
            ),
        )


if __name__ == "__main__":
    unittest.main()

"""The sentences of the page say what the document's comparisons say, whatever the figures are."""

import unittest

import made_up
import pages
from faultline_plots import text
from faultline_plots.run import headline, regime, wording
from faultline_plots.run.comparisons import Comparison, Judged, Ranking, Ratio
from faultline_plots.run.load import Figure
from load_test import loaded

ACCEPTED, DURABLE = "ns_per_operation", "durable_ns_per_operation"


def compared(verdict, ratio=None, reason="", strategy="a", baseline="b", needed=None):
    found = Ratio(*ratio) if ratio else None
    return Comparison(
        "group", ACCEPTED, strategy, baseline, verdict, found, 6, False, needed, reason
    )


def judged(order, *comparisons, best=(), inconclusive=(), slower=(), baseline=None):
    ranking = Ranking(tuple(order), tuple(best), tuple(inconclusive), tuple(slower))
    places = {(each.figure, each.strategy, each.baseline): each for each in comparisons}
    return Judged("group", baseline, {ACCEPTED: ranking}, places)


class Words(unittest.TestCase):
    def test_a_difference_is_told_as_a_factor_above_one(self):
        found = compared("faster", (5.2, 4.6, 5.9))
        self.assertEqual(wording.against(found), "5.2x [4.6 5.9] faster than b")
        self.assertEqual(wording.short(found), "5.2x [4.6 5.9] faster")
        found = compared("slower", (0.1, 0.05, 0.2))
        self.assertEqual(wording.against(found), "10.0x [5.0 20.0] slower than b")
        self.assertEqual(wording.against(found.mirrored()), "10.0x [5.0 20.0] faster than a")

    def test_counts_are_fewer_or_more(self):
        found = compared("more", (0.25, 0.2, 0.5))
        self.assertEqual(wording.against(found), "4.0x [2.0 5.0] more than b")
        self.assertEqual(wording.against(found.mirrored()), "4.0x [2.0 5.0] fewer than a")

    def test_a_tie_and_an_inconclusive_pair_name_their_interval_and_reason(self):
        self.assertEqual(
            wording.against(compared("tied", (1.01, 0.98, 1.04))),
            "tied with b, 1.01x [0.98 1.04]",
        )
        self.assertEqual(
            wording.against(
                compared("inconclusive", (1.72, None, None), "not enough data: 2 usable rounds")
            ),
            "inconclusive against b, 1.72x (not enough data: 2 usable rounds)",
        )
        self.assertEqual(
            wording.against(compared("inconclusive", needed=90)),
            "inconclusive against b (about 90 rounds would settle it)",
        )

    def test_a_figure_has_an_interval_only_where_there_are_no_points(self):
        self.assertEqual(
            wording.measured(Figure(1, 2, 3), text.duration), "2.00 ns [1.00 ns 3.00 ns]"
        )
        self.assertEqual(
            wording.measured(Figure(2, 2, 2, (2,)), text.duration), "2.00 ns (1 repetition)"
        )
        self.assertEqual(
            wording.measured(Figure(1, 2, 3, (1, 2, 3)), text.duration),
            "2.00 ns (3 repetitions, 1.00 ns to 3.00 ns)",
        )

    def test_a_fastest_one_is_told_with_its_distance_to_the_next(self):
        found = judged("abc", compared("faster", (2, 1.5, 2.5)), best="a", slower="bc")
        self.assertEqual(
            wording.answer(found, ACCEPTED),
            "a is the fastest, 2.00x [1.50 2.50] faster than the next, b.",
        )

    def test_ties_share_the_lead(self):
        found = judged(
            "abc", compared("tied", (0.99, 0.97, 1.02), strategy="b", baseline="a"),
            best="ab", slower="c",
        )  # fmt: skip
        self.assertEqual(wording.answer(found, ACCEPTED), "a and b are tied, 0.99x [0.97 1.02].")

    def test_a_leader_of_whom_some_may_be_as_fast_is_not_the_fastest(self):
        found = judged(
            "abc",
            compared("inconclusive", (1.1, 0.9, 1.3), "about 40 rounds", strategy="a"),
            compared("faster", (2, 1.5, 2.5), baseline="c"),
            best="a", inconclusive="b", slower="c",
        )  # fmt: skip
        self.assertEqual(
            wording.answer(found, ACCEPTED),
            "a leads: it is 2.00x [1.50 2.50] faster than c. Against a inconclusive: b (about 40"
            " rounds).",
        )

    def test_a_reason_that_several_share_is_told_once(self):
        found = judged(
            "abcd",
            compared("inconclusive", None, "too wide; about 40 rounds", "b", "a"),
            compared("inconclusive", None, "too wide; about 9 rounds", "c", "a"),
            compared("inconclusive", reason="d failed: killed", strategy="d", baseline="a"),
            best="a", inconclusive="bcd",
        )  # fmt: skip
        self.assertIn(
            "Against a inconclusive: b (about 40 rounds) and c (about 9 rounds), as too wide;"
            " d (d failed: killed).",
            wording.answer(found, ACCEPTED),
        )

    def test_without_anything_slower_none_is_shown_to_be_the_fastest(self):
        found = judged("ab", compared("inconclusive", reason="why"), best="a", inconclusive="b")
        self.assertEqual(
            wording.answer(found, ACCEPTED),
            "Inconclusive: no strategy is shown to be the fastest. Against a inconclusive: b"
            " (why).",
        )

    def test_one_with_a_figure_is_the_only_one_and_none_is_no_sentence(self):
        self.assertIn("the only one", wording.answer(judged("a", best="a"), ACCEPTED))
        self.assertEqual(wording.answer(judged(""), ACCEPTED), "")
        self.assertEqual(wording.answer(Judged("group"), ACCEPTED), "")

    def test_some_of_a_group_are_ranked_by_the_comparisons_of_the_whole(self):
        found = judged(
            "abcd",
            compared("faster", strategy="c", baseline="b"),
            compared("tied", strategy="d", baseline="c"),
            best="a", slower="bcd",
        )  # fmt: skip
        ranking = found.ranking(ACCEPTED, "bcd")
        self.assertEqual(ranking.order, ("c", "b", "d"))
        self.assertEqual((ranking.best, ranking.slower), (("c", "d"), ("b",)))
        self.assertEqual(found.ranking(ACCEPTED, "ab").inconclusive, ("b",))
        self.assertIsNone(found.ranking(ACCEPTED, "x"))


def answers(*trials, says=()):
    document = made_up.document(list(trials))
    for each in says:
        made_up.say(document, *each)
    found = headline.headlines(loaded(document))
    return {answer.kind: answer for answer in found[0].answers}


class Headlines(unittest.TestCase):
    def test_a_clear_winner_is_named_with_its_ratio_to_the_next_and_to_the_baseline(self):
        found = answers(
            made_up.steady("read-write", 1000),
            made_up.steady("mmap-view", 100),
            made_up.steady("read-all", 200),
        )["accepted"]
        self.assertEqual(found.leaders, "mmap-view")
        self.assertIn("is the fastest, 2.0x [2.0 2.0] faster than the next, read-all", found.words)
        self.assertIn("10x [10 10] faster than the baseline, read-write", found.baseline)

    def test_the_comparison_counts_where_the_figures_say_otherwise(self):
        found = answers(
            made_up.steady("read-write", 1000),
            made_up.steady("mmap-view", 100),
            says=[
                (ACCEPTED, "mmap-view", "read-write", "slower", (0.4, 0.5, 0.6)),
                (DURABLE, "mmap-view", "read-write", "tied", (0.98, 1.0, 1.03)),
            ],
        )
        self.assertEqual(found["accepted"].leaders, "read-write")
        self.assertEqual(
            found["accepted"].words,
            "read-write is the fastest, 2.00x [1.67 2.50] faster than the next, mmap-view.",
        )
        self.assertEqual(found["durable"].leaders, "mmap-view and read-write")

    def test_a_few_repetitions_win_nothing(self):
        found = answers(
            made_up.steady("mmap-view", 10, count=5), made_up.steady("read-write", 1000)
        )["accepted"]
        self.assertNotIn("is the fastest", found.words)
        self.assertIn("5 usable rounds, 6 needed", found.words)
        self.assertEqual(found.leaders, "")

    def test_durable_and_accepted_may_have_different_winners(self):
        found = answers(
            made_up.steady("mmap-view", 10, flush_seconds=0.01), made_up.steady("read-write", 1000)
        )
        self.assertEqual(found["accepted"].leaders, "mmap-view")
        self.assertEqual(found["durable"].leaders, "read-write")

    def test_the_idle_strategy_and_failed_ones_never_lead(self):
        found = answers(
            made_up.steady("null", 1, durability="never"),
            made_up.trial(
                "stdio",
                [
                    made_up.repetition(ns=2),
                    made_up.repetition(ns=2, verified=False, status="failed"),
                ],
            ),
            made_up.steady("mmap-view", 100),
            made_up.steady("read-write", 1000),
        )
        self.assertEqual(found["accepted"].leaders, "mmap-view")

    def test_trials_of_another_regime_are_not_compared(self):
        run = loaded(
            made_up.document(
                [
                    made_up.steady("mmap-view", 10, threads=4),
                    made_up.steady("read-write", 1000),
                ]
            )
        )
        self.assertEqual(headline.headlines(run), [])

    def test_an_open_load_is_compared_by_its_latencies(self):
        trials = []
        for name, ns in (("read-write", 1000), ("mmap-view", 100)):
            trials.append(made_up.steady(name, 10, load="open", rate=1000))
            for repetition in trials[-1]["repetitions"]:
                repetition["latency"] = made_up.latency(ns, samples=100)
        found = answers(*trials)
        self.assertEqual(list(found), ["latency p50", "latency p99"])
        self.assertIn("mmap-view is the fastest, 10x [10 10]", found["latency p50"].words)

    def test_the_harness_cost_is_told_as_a_share_of_the_leaders_time(self):
        run = loaded(
            made_up.document(
                [
                    made_up.steady("null", 5, durability="never"),
                    made_up.steady("mmap-view", 100),
                    made_up.steady("read-write", 1000),
                ]
            )
        )
        self.assertIn(
            "the median of mmap-view is 100 ns, and 5.0 % of that is the harness",
            headline.headlines(run)[0].harness,
        )

    def test_identical_runs_are_two_strategies_and_told_as_one_measured_twice(self):
        pair = [made_up.steady("read-write", 100), made_up.steady("read-write", 101, suffix="#2")]
        document = made_up.document([*pair, made_up.steady("mmap-view", 10)])
        for verdict, words in (
            ("tied", "Identical runs of read-write: accepted tied, 1.01x [0.98 1.04];"),
            ("faster", "accepted 1.01x [0.98 1.04] faster, though nothing differs"),
            ("inconclusive", "accepted inconclusive, 1.01x [0.98 1.04] (too few);"),
        ):
            made_up.say(
                document, ACCEPTED, "read-write#2", "read-write", verdict, (0.98, 1.01, 1.04),
                reason="too few" if verdict == "inconclusive" else None,
            )  # fmt: skip
            run = loaded(document)
            (group,) = regime.groups(run)
            with self.subTest(verdict):
                self.assertIn(words, headline.pair_sentences(group)[0])
                self.assertEqual(len(group.trials), 3)


class Page(pages.InDirectory):
    DOCUMENT, PAGE = "run.json", "report.html"

    def test_no_sentence_on_the_page_follows_figures_that_the_comparisons_contradict(self):
        trials = [
            made_up.steady("read-write", 1000, minor=5000, flush_seconds=0.001),
            made_up.steady("mmap-view", 10, minor=3),
            made_up.steady("mmap-view:advice=random", 20, minor=4, threads=1),
        ]
        document = made_up.document(trials)
        for figure in (ACCEPTED, DURABLE, "steady_ns_per_operation"):
            made_up.say(document, figure, "mmap-view", "read-write", "slower", (0.2, 0.25, 0.5))
            made_up.say(
                document, figure, "mmap-view:advice=random", "read-write", "inconclusive",
                (0.7, 1.1, 1.6), reason="too wide; about 77 rounds would settle it",
                rounds_needed=77,
            )  # fmt: skip
        made_up.say(
            document, "total.minor_faults", "mmap-view", "read-write", "more", (0.1, 0.125, 0.25)
        )
        words = self.words_of(document)
        self.assertNotIn("mmap-view is the fastest", words)
        self.assertNotRegex(words, r"mmap-view(:advice=random)? leads")
        self.assertIn("read-write leads: it is 4.0x [2.0 5.0] faster than mmap-view.", words)
        self.assertIn(
            "Against read-write inconclusive: mmap-view:advice=random (about 77 rounds would settle"
            " it), as too wide.",
            words,
        )
        self.assertIn("read-write, perhaps mmap-view:advice=random", words)
        self.assertIn("Minor faults against read-write: mmap-view 8.0x [4.0 10.0] more", words)
        self.assertNotRegex(words, r"mmap-view [\d.,]+x \[[^]]*\] fewer")
        for word in ("noise floor", "lowest", "highest", "cheapest", "can't be told from"):
            self.assertNotIn(word, words)

    def test_a_run_that_was_judged_anew_says_so(self):
        trials = [made_up.steady("read-write", 100), made_up.steady("mmap-view", 10)]
        self.assertIn("Judged anew.", self.words_of(made_up.document(trials, judged_anew=True)))
        self.assertNotIn("Judged anew.", self.words_of(made_up.document(trials)))


if __name__ == "__main__":
    unittest.main()

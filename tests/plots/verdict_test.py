"""What may be said of two figures, and that the sentences on the page say no more."""

import unittest

import made_up
from faultline_plots import text
from faultline_plots.run import headline, verdict
from faultline_plots.run.load import Figure, NoiseFloor
from load_test import loaded

NOISE = NoiseFloor(factor=1.05, ratio=1.0, low=0.96, high=1.05, trials=())


def compared(first, second, noise=NOISE, repetitions=5):
    return verdict.compare(Figure(*first), Figure(*second), noise, repetitions)


class Comparing(unittest.TestCase):
    def test_intervals_apart_and_beyond_the_noise_floor_differ(self):
        found = compared((190, 200, 210), (95, 100, 105))
        self.assertIs(found.kind, verdict.Kind.DIFFERS)
        self.assertEqual(found.interval(), "2× [1.81 2.21]")

    def test_intervals_that_touch_overlap(self):
        self.assertIs(compared((100, 200, 300), (50, 80, 100)).kind, verdict.Kind.OVERLAPS)
        self.assertIs(compared((50, 80, 100), (100, 200, 300)).kind, verdict.Kind.OVERLAPS)

    def test_a_ratio_within_the_noise_floor_is_noise_either_way(self):
        self.assertIs(compared((104, 104, 104), (100, 100, 100)).kind, verdict.Kind.BELOW_NOISE)
        self.assertIs(compared((100, 100, 100), (104, 104, 104)).kind, verdict.Kind.BELOW_NOISE)
        self.assertIs(compared((106, 106, 106), (100, 100, 100)).kind, verdict.Kind.DIFFERS)

    def test_one_repetition_carries_no_verdict(self):
        found = compared((200, 200, 200), (100, 100, 100), repetitions=1)
        self.assertIs(found.kind, verdict.Kind.SINGLE)
        self.assertEqual(found.interval(), "2×")

    def test_zero_and_absent_figures_carry_no_ratio(self):
        self.assertIs(compared((0, 0, 0), (1, 1, 1)).kind, verdict.Kind.UNKNOWN)
        self.assertIs(verdict.compare(None, Figure(1, 1, 1), NOISE, 5).kind, verdict.Kind.UNKNOWN)


def answers(*trials, **changes):
    found = headline.headlines(loaded(made_up.document(list(trials), **changes)))
    return {answer.kind: answer for answer in found[0].answers}


class Headlines(unittest.TestCase):
    def test_a_clear_winner_is_named_with_its_ratio_to_the_next_and_to_the_baseline(self):
        found = answers(
            made_up.steady("read-write", 1000),
            made_up.steady("mmap-view", 100),
            made_up.steady("read-all", 200),
        )["accepted"]
        self.assertEqual(found.winner, "mmap-view")
        self.assertIn(
            "is the fastest, 2× [1.96 2.04] the throughput of the next, read-all", found.words
        )
        self.assertIn("10× [9.80 10.2] the throughput of read-write", found.ratio)

    def test_overlapping_strategies_share_the_lead(self):
        found = answers(
            made_up.steady("read-write", 1000),
            made_up.steady("mmap-view", 100),
            made_up.steady("read-all", 101),
        )["accepted"]
        self.assertNotIn("fastest", found.words)
        self.assertIn("can't be told from read-all (the intervals overlap)", found.words)

    def test_a_lead_below_the_noise_floor_is_no_lead(self):
        found = answers(
            made_up.steady("mmap-view", 100, spread=0.001),
            made_up.steady("read-all", 102, spread=0.001),
        )["accepted"]
        self.assertNotIn("fastest", found.words)
        self.assertIn("read-all (the difference is below the noise floor)", found.words)

    def test_a_single_repetition_wins_nothing(self):
        found = answers(
            made_up.steady("mmap-view", 10, count=1), made_up.steady("read-write", 1000)
        )["accepted"]
        self.assertNotIn("fastest", found.words)
        self.assertIn("only one repetition", found.ratio)

    def test_durable_and_accepted_may_have_different_winners(self):
        found = answers(
            made_up.steady("mmap-view", 10, flush_seconds=0.01), made_up.steady("read-write", 1000)
        )
        self.assertEqual(found["accepted"].winner, "mmap-view")
        self.assertEqual(found["durable"].winner, "read-write")

    def test_the_idle_strategy_and_wrong_or_disturbed_results_never_win(self):
        found = answers(
            made_up.steady("null", 1, durability="never"),
            made_up.trial(
                "stdio",
                [
                    made_up.repetition(ns=2),
                    made_up.repetition(ns=2, verified=False, status="failed"),
                ],
            ),
            made_up.trial("read-all", [made_up.repetition(ns=3, status="disturbed")]),
            made_up.steady("mmap-view", 100),
            made_up.steady("read-write", 1000),
        )
        self.assertEqual(found["accepted"].winner, "mmap-view")

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

    def test_the_harness_cost_is_told_as_a_share_of_the_fastest(self):
        run = loaded(
            made_up.document(
                [
                    made_up.steady("null", 5, durability="never"),
                    made_up.steady("mmap-view", 100),
                    made_up.steady("read-write", 1000),
                ]
            )
        )
        self.assertIn("5 % of the time of mmap-view", headline.headlines(run)[0].harness)


class Numbers(unittest.TestCase):
    def test_numbers_have_three_digits_and_a_unit(self):
        self.assertEqual(text.duration(1234), "1.23 µs")
        self.assertEqual(text.duration(999.99), "1.00 µs")
        self.assertEqual(text.count(30518), "30.5 k")
        self.assertEqual(text.count(0), "0")
        self.assertEqual(text.size(65536), "64 KiB")
        self.assertEqual(text.size(125000000), "125 MB")
        self.assertEqual(text.seconds(0.0004), "400 µs")

    def test_sizes_of_specs_are_understood(self):
        self.assertEqual(text.parse_size("64KiB"), 65536)
        self.assertEqual(text.parse_size("1000"), 1000)
        self.assertIsNone(text.parse_size("sync"))
        self.assertIsNone(text.parse_size(""))


if __name__ == "__main__":
    unittest.main()

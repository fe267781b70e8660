"""Numbers and texts as people read them; numbers as the program writes them."""

import csv
import unittest
from collections.abc import Callable
from pathlib import Path

from faultline_plots import style, text

EXAMPLES = Path(__file__).resolve().parents[1] / "support" / "number_examples.tsv"
# By the names of the examples, which are those of harness/base/text.h, harness/verdict and
# harness/report.
FUNCTIONS: dict[str, Callable[..., str]] = {
    "significant": text.significant,
    "count": text.whole,
    "bytes": text.binary_size,
    "nanoseconds": text.duration,
    "seconds": text.seconds,
    "share": text.share,
    "factor": text.factor,
    "ratio": text.ratio,
}


class AsTheProgram(unittest.TestCase):
    def test_numbers_are_written_as_the_program_writes_them(self):
        with EXAMPLES.open(encoding="utf-8", newline="") as lines:
            examples = list(csv.DictReader(lines, delimiter="\t"))
        self.assertEqual({each["function"] for each in examples}, set(FUNCTIONS))
        for each in examples:
            with self.subTest(each["function"], value=each["value"]):
                values = [float(value) for value in each["value"].split()]
                self.assertEqual(FUNCTIONS[each["function"]](*values), each["text"])


class OfPagesAlone(unittest.TestCase):
    def test_a_count_of_no_whole_number_rounds_a_half_up(self):
        self.assertEqual([text.whole(value) for value in (12.5, 13.5, 0.4)], ["13", "14", "0"])

    def test_large_counts_have_a_prefix_where_they_are_rounded(self):
        counts = [text.count(value) for value in (0, 12.5, 999.6, 30518, 4e6, 5e12)]
        self.assertEqual(counts, ["0", "12.5", "1.00 k", "30.5 k", "4.00 M", "5,000 G"])

    def test_sizes_that_a_user_chose_are_exact(self):
        sizes = [text.size(value) for value in (0, 125, 1500, 65536, 3 << 20, 1 << 51)]
        self.assertEqual(sizes, ["0 B", "125 B", "1500 B", "64 KiB", "3 MiB", "2048 TiB"])

    def test_a_ratio_without_an_interval_is_a_factor(self):
        self.assertEqual(text.ratio(1.8, None, None), "1.80x")

    def test_ticks_have_no_zeros_behind_the_point(self):
        for value, formatted, tick in (
            (1000, text.duration, "1 us"),
            (10, text.times, "10x"),
            (2.5, text.times, "2.5x"),
            (100, text.duration, "100 ns"),
            (0.25, text.significant, "0.25"),
            (2000, text.count, "2 k"),
            (12000, text.significant, "12,000"),
        ):
            with self.subTest(tick):
                self.assertEqual(style.tick_text(value, formatted), tick)

    def test_sizes_of_specs_are_understood(self):
        self.assertEqual(text.parse_size("64KiB"), 65536)
        self.assertEqual(text.parse_size("1000"), 1000)
        self.assertIsNone(text.parse_size("sync"))
        self.assertIsNone(text.parse_size(""))


if __name__ == "__main__":
    unittest.main()

"""Axes for whatever values: labels are few, distinct, and stand where the axis says."""

import random
import unittest

from faultline_plots import scale, style
from matplotlib.figure import Figure


def applied(unit, logarithmic, values, measured=()):
    """The axes, their scale, and the labels of y."""
    found = scale.of(unit, logarithmic, values)
    with style.settings():
        axes = Figure().subplots()
        scale.apply(axes, "y", found, "what", list(measured))
        axes.figure.canvas.draw()
    return axes, found, [label.get_text() for label in axes.get_yticklabels()]


class AnyValues(unittest.TestCase):
    def test_labels_are_few_and_distinct_and_within_the_axis(self):
        source = random.Random(7)
        for number in range(300):
            unit = source.choice(list(scale.UNITS))
            logarithmic = source.random() < 0.6
            low = 10 ** source.uniform(-9, 9)
            high = low * 10 ** source.choice((0, 0.001, 0.05, 0.3, 1, 4, 12))
            values = [low, high] + [0.0] * source.choice((0, 0, 1))
            with self.subTest(number, unit=unit, logarithmic=logarithmic, values=values):
                axes, _, labels = applied(unit, logarithmic, values)
                self.assertTrue(2 <= len(labels) <= 12, labels)
                self.assertEqual(len(set(labels)), len(labels))
                bottom, top = axes.get_ylim()
                self.assertTrue(bottom < top)
                for place in axes.get_yticks():
                    self.assertTrue(bottom <= place <= top)

    def test_a_value_is_drawn_where_it_is_labelled(self):
        axes, found, labels = applied("bytes", True, [0, 4096, 1 << 20])
        for value, label in ((0, "0"), (4096, "4 KiB"), (1 << 20, "1 MiB")):
            place = axes.get_yticks()[labels.index(label)]
            self.assertAlmostEqual(place, found.place(value))

    def test_measured_values_are_labelled_while_they_are_few(self):
        _, _, labels = applied("count", True, [1, 30518], measured=[1, 7, 50, 30518])
        self.assertEqual(labels, ["1", "7", "50", "30.5 k"])
        many = [1.1**power for power in range(100)]
        _, _, labels = applied("count", True, many, measured=many)
        self.assertEqual(labels, ["1", "10", "100", "1 k", "10 k"])

    def test_measured_values_too_alike_for_three_digits_are_labelled_in_full(self):
        values = [30518, 30519, 30520]
        _, _, labels = applied("count", True, values, measured=values)
        self.assertEqual(labels, ["30,518", "30,519", "30,520"])

    def test_nothing_but_zeros_is_a_linear_axis(self):
        axes, found, labels = applied("ns", True, [0, 0])
        self.assertFalse(found.logarithmic)
        self.assertEqual(labels[0], "0")
        self.assertEqual(axes.get_ylabel(), "what")


if __name__ == "__main__":
    unittest.main()

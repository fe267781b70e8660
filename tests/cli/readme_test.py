"""The README's figures are those of the committed reference run."""

import json
import unittest

from support import ROOT, load_script


class ReadmeTest(unittest.TestCase):
    def setUp(self):
        self.script = load_script("reference-figures")
        path = ROOT / "results" / "reference" / "run.json"
        self.document = json.loads(path.read_text(encoding="utf-8"))

    def test_its_figures_are_those_of_the_reference_run(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        block = self.script.figures(self.document)
        self.assertEqual(
            self.script.readme_with(readme, block), readme, "run scripts/reference-figures --write"
        )

    def test_most_of_its_comparisons_are_answered(self):
        inconclusive, judged = self.script.Run(self.document).inconclusive()
        self.assertGreaterEqual(judged, 10)
        self.assertLessEqual(10 * inconclusive, judged)

    def test_other_figures_would_be_noticed(self):
        before = self.script.figures(self.document)
        for one in self.document["comparisons"]:
            if one["strategy"] == "mmap-view" and one["ratio"]:
                one["ratio"]["median"] *= 2
        self.assertNotEqual(self.script.figures(self.document), before)


if __name__ == "__main__":
    unittest.main()

"""What 'faultline report' hands to the pages, which judge nothing: a run without comparisons is
judged first.
"""

import os
import unittest

from pairs import PairTest
from support import read_document

# Stands for Python: keeps the documents it is given, and prints the words that the pages would see.
KEEPER = """#!/bin/sh
[ $# -le 2 ] && exit 0
shift 3
mkdir -p "$HERE/handed"
if [ -d "$1" ]; then cp -L "$1"/*.json "$HERE/handed"; else cp "$1" "$HERE/handed"; fi
shift
echo "$@"
"""


class OlderRunTest(PairTest):
    MAKES_DOCUMENTS = True

    def setUp(self):
        super().setUp()
        (self.folder / "keeper").write_text(KEEPER)
        (self.folder / "keeper").chmod(0o755)
        for name, value in (("HERE", self.folder), ("FAULTLINE_PYTHON", self.folder / "keeper")):
            os.environ[name] = str(value)
            self.addCleanup(os.environ.pop, name)
        os.environ["TMPDIR"] = str(self.folder / "temporary")
        self.addCleanup(os.environ.pop, "TMPDIR")
        (self.folder / "temporary").mkdir()
        self.run_document = self.rounds()
        self.write("run", self.run_document)

    def report(self, *words):
        result = self.faultline("report", *words)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(list((self.folder / "temporary").iterdir()), [], "nothing is left behind")
        return result.stdout.strip()

    def test_an_older_run_is_handed_over_judged_and_its_page_goes_beside_it(self):
        self.assertEqual(self.report("run/run.json"), "--output run")
        handed = read_document(self.folder / "handed/run.json")
        self.assertIs(handed["judged_anew"], True)
        self.assertEqual(len(handed["groups"]), 1)
        pairs = {(one["strategy"], one["baseline"]) for one in handed["comparisons"]}
        self.assertIn(("mmap-view", "read-write"), pairs)
        self.assertIn(("read-write#2", "read-write"), pairs)
        self.assertEqual(read_document(self.folder / "run/run.json"), self.run_document)

    def test_the_folder_of_one_is_handed_over_with_the_other_documents(self):
        (self.folder / "run/claims.json").write_text('{"schema": "faultline-claims/1"}')
        self.assertEqual(self.report("run"), "--output run")
        names = sorted(path.name for path in (self.folder / "handed").iterdir())
        self.assertEqual(names, ["claims.json", "run.json"])
        self.assertIn("comparisons", read_document(self.folder / "handed/run.json"))

    def test_the_place_that_was_asked_for_is_kept(self):
        self.assertEqual(self.report("run/run.json", "--output", "pages"), "--output pages")
        self.assertEqual(self.report("run/run.json", "--output=pages"), "--output pages")
        self.assertEqual(self.report("--output", "pages", "run/run.json"), "--output pages")

    def test_a_run_with_comparisons_is_handed_over_as_it_is(self):
        self.assertEqual(self.report("measured/run.json"), "")
        handed = read_document(self.folder / "handed/run.json")
        self.assertEqual(handed, read_document(self.folder / "measured/run.json"))

    def test_an_older_run_that_cant_be_judged_is_refused_with_its_own_name(self):
        del self.run_document["trials"][0]["strategy"]["spec"]
        self.write("run", self.run_document)
        result = self.faultline("report", "run")
        self.assertEqual(result.returncode, 2)
        self.assertIn("run/run.json: trials[0].strategy.spec: expected a text", result.stderr)


if __name__ == "__main__":
    unittest.main()

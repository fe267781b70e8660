"""faultline claims: table, document, exit codes, and what is left behind."""

import json
import os
import pathlib
import shutil
import signal
import unittest

from support import PATIENCE, CliTest

PLACES = ["--directory", "data", "--output", "out"]


class ClaimsTest(CliTest):
    def claims(self, *words, code=0):
        result = self.faultline("claims", *words, *PLACES)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def document(self):
        return json.loads((self.folder / "out" / "claims.json").read_text())

    def test_chosen_claims_are_run_and_written_down(self):
        result = self.claims("A28", "A30")
        document = self.document()
        self.assertEqual(document["schema"], "faultline-claims/1")
        self.assertTrue(document["complete"])
        self.assertIsInstance(document["environment"]["kernel"], str)
        self.assertEqual([claim["id"] for claim in document["claims"]], ["A28", "A30"])
        for claim in document["claims"]:
            self.assertEqual(claim["verdict"], "holds")
            self.assertIsNone(claim["error"])
            self.assertTrue(claim["evidence"]["figures"])
            words = " ".join(result.stdout.split())
            self.assertIn(claim["title"], words)
            self.assertIn(claim["figure"], words)
        self.assertIn("2 claims: 2 holds", result.stdout)
        self.assertIn("claims.json", result.stdout)

    def test_what_was_published_stands_beside_what_was_measured(self):
        result = self.faultline("claims", "L01", "--quick", *PLACES)
        # 77: where memory is short the cache can't be brought to the state that it takes.
        self.assertIn(result.returncode, (0, 77), result.stdout + result.stderr)
        claim = self.document()["claims"][0]
        self.assertIn("Lucene", claim["source"])
        self.assertIn(claim["published"], " ".join(result.stdout.split()))

    def test_a_letter_of_no_publication_is_refused(self):
        self.assert_refused(self.faultline("claims", "Z", *PLACES), "Z")

    def test_a_claim_that_is_false_today_is_no_failure(self):
        self.claims("A22")
        self.assertEqual(self.document()["claims"][0]["verdict"], "does not hold")

    def test_json_is_the_document_and_nothing_else(self):
        result = self.claims("A28", "--format", "json", "--quiet")
        self.assertEqual(json.loads(result.stdout), self.document())
        self.assertEqual(result.stderr, "")

    def test_the_laboratory_is_gone_afterwards(self):
        self.claims("A22")
        self.assertEqual(
            list((self.folder / "data").iterdir()), [self.folder / "data" / "faultline.lock"]
        )

    def test_what_a_killed_run_left_is_removed_by_the_next(self):
        process = self.start("claims", "A01", *PLACES)
        laboratory = self.folder / "data" / "claims-laboratory"
        self.wait_until((laboratory / "A01" / "records").exists, "an experiment at work")
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertTrue(laboratory.exists())
        self.claims("A28")
        self.assertFalse(laboratory.exists())

    def test_a_folder_of_that_name_that_is_foreign_is_refused(self):
        precious = self.folder / "data" / "claims-laboratory" / "thesis"
        precious.parent.mkdir(parents=True)
        precious.write_text("mine")
        result = self.faultline("claims", "A28", *PLACES)
        self.assert_refused(result, "claims-laboratory", "--directory")
        self.assertEqual(precious.read_text(), "mine")
        self.assertFalse((self.folder / "out").exists())

    def test_names_and_limits_are_gone_afterwards(self):
        shared = pathlib.Path("/dev/shm")
        if not shared.is_dir():
            self.skipTest("no /dev/shm")
        self.claims("A16", "A17", "A24", "--quick")
        self.assertEqual(
            [name for name in os.listdir(shared) if name.startswith("faultline-claim")], []
        )

    def test_a_quick_run_says_so(self):
        self.claims("A09", "--quick")
        quick = self.document()
        self.assertTrue(quick["quick"])
        shutil.rmtree(self.folder / "out")
        self.claims("A09")
        self.assertFalse(self.document()["quick"])
        self.assertNotEqual(self.document()["claims"][0]["regime"], quick["claims"][0]["regime"])

    def test_an_interrupted_run_keeps_what_is_finished(self):
        process = self.start("claims", "A28", "A01", "A30", *PLACES)
        self.wait_until(
            (self.folder / "data/claims-laboratory/A01/records").exists, "the second experiment"
        )
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 130)
        self.assertEqual([claim["id"] for claim in self.document()["claims"]], ["A28"])
        self.assertFalse(self.document()["complete"])
        self.assertFalse((self.folder / "data" / "claims-laboratory").exists())

    def test_bad_input_is_refused(self):
        for words, parts in [
            (["A99"], ["unknown claim 'A99'"]),
            (["a28"], ["did you mean 'A28'?"]),
            (["A28", "--quiett"], ["did you mean '--quiet'?"]),
            (["A28", "--format", "csv"], ["table or json"]),
            (["A28", "--timeout", "0"], ["--timeout"]),
        ]:
            with self.subTest(words=words):
                self.assert_refused(self.faultline("claims", *words, *PLACES), *parts)
                self.assertEqual(self.entries(), [])

    def test_claims_are_listed_and_described(self):
        self.assertIn("A35", self.faultline("list", "claims").stdout)
        described = self.faultline("describe", "A26").stdout
        for part in ("claim A26", "method", "why"):
            self.assertIn(part, described)


if __name__ == "__main__":
    unittest.main()

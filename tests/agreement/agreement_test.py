"""What `advise`, `compare`, `report` and the table say of one run, as users read it."""

import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["FAULTLINE_PROGRAM"]
WRITER = os.environ["FAULTLINE_AGREEMENT_WRITER"]
ACCEPTED = "ns_per_operation"
SECONDS = 600


class AgreementTest(unittest.TestCase):
    folder: pathlib.Path
    names: list[str]

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="faultline-agreement-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        subprocess.run([WRITER, str(cls.folder)], check=True, timeout=SECONDS)
        cls.names = sorted(path.parent.name for path in cls.folder.glob("*/run.json"))

    def faultline(self, *words):
        result = subprocess.run(
            [PROGRAM, *map(str, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
        )
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return result.stdout

    def document(self, name):
        return json.loads((self.folder / name / "run.json").read_text(encoding="utf-8"))

    def ranking(self, name):
        (group,) = self.document(name)["groups"]
        return group["rankings"][ACCEPTED]

    def verdict(self, name, strategy, baseline):
        for one in self.document(name)["comparisons"]:
            if one["figure"] == ACCEPTED and (one["strategy"], one["baseline"]) == (
                strategy,
                baseline,
            ):
                return one
        raise AssertionError(f"{name}: {strategy} is not compared with {baseline}")

    def page(self, folder):
        text = self.faultline("report", folder)
        path = pathlib.Path(text.strip().splitlines()[-1].split(": ")[-1])
        if not path.is_absolute():
            path = pathlib.Path.cwd() / path
        return " ".join(
            html.unescape(re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8"))).split()
        )

    def test_there_are_runs_of_every_kind(self):
        self.assertEqual(self.names, ["apart", "failed", "few", "noisy", "quiet"])
        self.assertEqual(self.ranking("quiet")["best"], ["mmap-view", "mmap-private"])
        self.assertEqual(self.verdict("quiet", "read-write#2", "read-write")["verdict"], "tied")
        self.assertEqual(self.verdict("apart", "read-write#2", "read-write")["verdict"], "slower")
        self.assertEqual(self.verdict("few", "mmap-view", "read-write")["verdict"], "inconclusive")
        self.assertEqual(self.verdict("noisy", "mmap-view", "read-write")["verdict"], "faster")

    def test_advice_is_the_ranking_of_the_document(self):
        for name in self.names:
            with self.subTest(name):
                (workload,) = json.loads(
                    self.faultline("advise", self.folder / name, "--format", "json")
                )["workloads"]
                answer = next(a for a in workload["answers"] if a["need"] == "returned")
                names = [one["strategy"] for one in answer["ranked"]]
                ranking = self.ranking(name)
                if names:
                    self.assertEqual(names[0], ranking["best"][0])
                    self.assertEqual(sorted(answer["tied"]), sorted(ranking["best"][1:]))

    def test_a_run_compared_with_itself_has_not_changed(self):
        for name in self.names:
            with self.subTest(name):
                told = json.loads(
                    self.faultline(
                        "compare", self.folder / name, self.folder / name, "--format", "json"
                    )
                )
                self.assertEqual(told["verdicts"]["worse"], 0)
                self.assertEqual(told["verdicts"]["better"], 0)

    def test_table_and_page_name_the_same_leader(self):
        for name in self.names:
            with self.subTest(name):
                leader = self.ranking(name)["best"][0]
                table = " ".join(
                    (self.folder / name / "table.txt").read_text(encoding="utf-8").split()
                )
                page = self.page(self.folder / name)
                faster = self.verdict_of_leader(name, leader)
                self.assertEqual("faster than read-write" in table, faster, table)
                answer = page[page.index("Accepted") :][:1500]
                self.assertIn(leader, answer)
                if not faster:
                    self.assertNotIn("faster than read-write", answer)

    def verdict_of_leader(self, name, leader):
        if leader == "read-write":
            return False
        return self.verdict(name, leader, "read-write")["verdict"] == "faster"

    def test_pages_and_advice_follow_the_document_and_not_its_figures(self):
        """A verdict against the medians: a command that judges by itself contradicts it."""
        document = self.document("quiet")
        for one in document["comparisons"]:
            one.update(verdict="inconclusive", reason="planted: nobody knows", rounds_needed=77)
        for group in document["groups"]:
            for ranking in group["rankings"].values():
                ranking["inconclusive"] = ranking["order"][1:]
                ranking["best"] = ranking["order"][:1]
                ranking["slower"] = []
        folder = self.folder / "planted"
        folder.mkdir()
        (folder / "run.json").write_text(json.dumps(document), encoding="utf-8")
        page = self.page(folder)
        self.assertNotIn("faster than", page)
        self.assertIn("planted: nobody knows", page)
        advice = " ".join(self.faultline("advise", folder).split())
        self.assertNotIn("faster than", advice)
        self.assertIn("nclusive", advice)
        shutil.rmtree(folder)


if __name__ == "__main__":
    unittest.main()

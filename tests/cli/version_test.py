"""The commit that a build names: cmake/Commit.cmake, in repositories that the test makes."""

import os
import pathlib
import tempfile
import unittest

from building import CMAKE, call
from support import ROOT

SCRIPT = ROOT / "cmake" / "Commit.cmake"


class VersionTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="faultline-version-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.tree = self.folder / "tree"
        self.tree.mkdir()
        self.source = self.folder / "commit.cc"

    def git(self, *words):
        return call(
            "git", "-C", self.tree, "-c", "user.name=Test", "-c", "user.email=test@localhost",
            "-c", "commit.gpgsign=false", *words,
        ).strip()  # fmt: skip

    def commit(self, text):
        (self.tree / "file").write_text(text)
        self.git("add", "file")
        self.git("commit", "--quiet", "--message", text)
        return self.git("rev-parse", "--short=12", "HEAD")

    def named(self, tree=None):
        call(CMAKE, f"-DFOLDER={tree or self.tree}", f"-DOUTPUT={self.source}", "-P", SCRIPT)
        (line,) = (line for line in self.source.read_text().splitlines() if "kCommit" in line)
        return line.split('"')[1]

    def test_outside_a_repository_it_is_unknown(self):
        self.assertEqual(self.named(), "unknown")

    def test_a_repository_without_a_commit_has_none(self):
        self.git("init", "--quiet")
        self.assertEqual(self.named(), "unknown")

    def test_it_follows_new_commits_and_says_where_files_differ(self):
        self.git("init", "--quiet")
        first = self.commit("one")
        self.assertEqual(self.named(), first)
        (self.tree / "file").write_text("changed")
        self.assertEqual(self.named(), f"{first}-dirty")
        second = self.commit("two")
        self.assertNotEqual(second, first)
        self.assertEqual(self.named(), second)
        self.git("tag", "v1.2")
        self.assertEqual(self.named(), "v1.2")

    def test_a_tree_within_the_repository_of_something_else_has_no_commit(self):
        self.git("init", "--quiet")
        self.commit("one")
        (self.tree / "vendored").mkdir()
        self.assertEqual(self.named(self.tree / "vendored"), "unknown")

    def test_a_source_that_says_the_same_is_left_as_it_is(self):
        self.git("init", "--quiet")
        self.commit("one")
        self.named()
        os.utime(self.source, (1, 1))
        self.named()
        self.assertEqual(self.source.stat().st_mtime, 1)


if __name__ == "__main__":
    unittest.main()

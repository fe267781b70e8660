"""Bad input: one line that says what, where and what to try, and nothing left behind."""

import subprocess
import unittest

from support import PATIENCE, PROGRAM, CliTest

PLACES = ["--directory", "data", "--output", "out"]
TRIAL = ["--strategy", "read-write", "--records", "1000", *PLACES]


class UsageTest(CliTest):
    def refused(self, words, *parts, code=2):
        with self.subTest(words=words):
            self.refuse(*words, says=parts, code=code)

    def test_unknown_names_come_with_the_nearest_one(self):
        self.refused(["rum"], "'rum'", "did you mean 'run'?")
        self.refused(["xyzzy"], "'xyzzy'", "faultline --help")
        self.refused(["list", "strategys"], "did you mean 'strategies'?")
        self.refused(["describe", "mmap-vew"], "did you mean 'mmap-view'?")
        self.refused(["describe"], "describe what?")
        self.refused(["run", "--recods", "5"], "'--recods'", "did you mean '--records'?")
        self.refused(["run", "--reco", "5"], "'--reco'")
        self.refused(["run", "--suite", "quik", *PLACES], "did you mean 'quick'?")
        self.refused(["run", "--strategy", "mmap-vew", *PLACES], "did you mean 'mmap-view'?")
        self.refused(["run", "--strategy", "mmap-view:advise=none", *PLACES], "'advice'")
        self.refused(["run", "--workload", "random-updat", *PLACES], "'random-update'?")
        self.refused(["run", *TRIAL, "--cache", "cool"], "cool", "cold")
        self.refused(["run", *TRIAL, "--latency", "most"], "off, sampled or all")
        self.refused(["run", *TRIAL, "--format", "xml"], "table, json or csv")

    def test_words_out_of_place_are_refused(self):
        self.refused(
            ["run", "mmap-view"], "unexpected argument 'mmap-view'", "faultline run --help"
        )
        self.refused(["run", *TRIAL, "--seed"], "--seed")
        self.refused(["run", *TRIAL, "--seed", "1", "--seed", "2"], "--seed is given 2 times")
        self.refused(["run", *TRIAL, "--output", "elsewhere"], "--output")
        self.refused(["run", *TRIAL, "--strategy", "read-write"], "is given twice")
        self.refused(["run", *TRIAL, "--", "--benchmark_nonsense"], "--benchmark_nonsense")
        self.refused(["run", *TRIAL, "--", "--benchmark_filter=nothing"], "no trial passes")
        self.refused(["run", *TRIAL, "--", "--benchmark_filter=("], "no regular expression")

    def test_bad_figures_are_refused(self):
        for option in ("records", "record-size", "operations", "passes", "threads", "processes"):
            trial = ["--strategy", "read-write", *PLACES]
            for value in ("0", "-1", "1.5", "many", "1e6", "99999999999999999999", " 5", ""):
                self.refused(["run", *trial, f"--{option}", value], option)
        self.refused(["run", *TRIAL, "--repetitions", "0"], "--repetitions")
        self.refused(["run", *TRIAL, "--repetitions", "1000000"], "--repetitions", "10,000")
        self.refused(["run", *TRIAL, "--timeout", "0"], "--timeout")
        self.refused(["run", *TRIAL, "--seed", "x"], "--seed")
        self.refused(["run", *TRIAL, "--memory-limit", "1KiB"], "4MiB")
        self.refused(["run", *TRIAL, "--record-size", "64KB64"], "64KB64", "64KiB")
        self.refused(["run", *TRIAL, "--record-size", "20000000TiB"], "too large")

    def test_contradictions_are_refused(self):
        self.refused(["run", *TRIAL, "--record-size", "5MiB"], "4 MiB")
        self.refused(["run", *TRIAL, "--operations", "18446744073709551615"], "64 bits")
        self.refused(
            ["run", "--strategy", "read-write", "--records", "99999999999999", *PLACES], "1 TiB"
        )
        window = ["run", "--strategy", "mmap-window:size=4KiB", "--records", "1000", *PLACES]
        self.refused([*window, "--record-size", "5000"], "record of 5000 bytes", "size=8KiB")
        self.refused(["run", *TRIAL, "--threads", "2000"], "2000 workers", "1000 records")
        self.refused(["run", *TRIAL, "--threads", "4", "--operations", "3"], "3 operations")
        self.refused(["run", *TRIAL, "--workload", "partial-record:parts=126"], "126")

    def test_a_malformed_suite_is_refused_with_file_and_line(self):
        for text, parts in {
            "[s]\nstrategy = mmap-vew\n": [".ini:2:", "did you mean 'mmap-view'?"],
            "records = 0\n[s]\n": [".ini:1:", "--records"],
            "[s]\n\nnonsense\n": [".ini:3:", "'nonsense'"],
            "[s]\n[s]\n": [".ini:2:", "line 1"],
            "[s\n": [".ini:1:"],
            "": [".ini", "no section"],
            "[s]\nthreads = 9\nrecords = 8\nstrategy = null\n": [".ini:1:", "section 's'"],
        }.items():
            (self.folder / "bad.ini").write_text(text, encoding="utf-8")
            self.refused(["run", "--suite", "bad.ini", *PLACES], "bad", *parts)
        (self.folder / "bad.ini").write_bytes(b"[s]\n\xff\x00\xfe = \x01\n")
        words = [PROGRAM, "run", "--suite", "bad.ini", *PLACES]
        result = subprocess.run(words, cwd=self.folder, capture_output=True, timeout=PATIENCE)
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"bad.ini:2:", result.stderr)
        self.assertEqual(result.stderr.count(b"\n"), 1)

    def test_an_unreadable_suite_is_refused(self):
        self.refused(["run", "--suite", "absent.ini", *PLACES], "absent.ini")
        self.refused(["run", "--suite", "./absent", *PLACES], "absent")
        (self.folder / "folder.ini").mkdir()
        self.refused(["run", "--suite", "folder.ini", *PLACES], "folder.ini")

    def test_a_directory_that_can_not_be_made_is_refused(self):
        (self.folder / "file").write_text("mine")
        trial = ["run", "--strategy", "read-write", "--records", "1000"]
        for place in ("file", "file/under", "/proc/under", "new/" + 300 * "x"):
            self.refused([*trial, "--directory", place, "--output", "out"], "--directory")
            self.refused([*trial, "--directory", "data", "--output", place], "--output")
        self.assertEqual((self.folder / "file").read_text(), "mine")

    def test_a_report_is_of_one_document(self):
        self.refused(["report"], "report on what?", "0 given")
        self.refused(["report", "a", "b"], "report on what?", "2 given")
        self.refused(["report", "a", "--outptu", "b"], "did you mean '--output'?")

    def test_what_is_no_command_is_refused(self):
        self.refused(["--vresion"], "did you mean '--version'?")
        self.refused(["--nonsense"], "'faultline --help'")
        self.refused(["--generate", "csh"], "'csh'", "man, bash, zsh, fish")
        self.refused(["trace"], "record, import and show")
        self.refused(["trace", "shwo"], "did you mean 'show'?")

    def test_a_foreign_file_in_the_place_of_the_data_stays_as_it_is(self):
        self.run_small("--strategy", "null")
        (data,) = (self.folder / "data").glob("*.data")
        manifest = data.with_suffix(".manifest")
        ours = manifest.read_bytes()
        # Out of the way, but not gone: a file system may give a new file the number of one that is.
        data.rename(self.folder / "kept")
        for size in (0, 10, 125000, 200000):
            foreign = bytes(range(256)) * (size // 256) + bytes(size % 256)
            data.write_bytes(foreign)
            for proof in (None, ours, b"", b"nonsense"):
                manifest.unlink(missing_ok=True)
                if proof is not None:
                    manifest.write_bytes(proof)
                result = self.faultline("run", *TRIAL)
                self.assertIn(result.returncode, (1, 2))
                self.assertRegex(result.stderr, r"\Afaultline: [^\n]+\n\Z")
                self.assertIn(data.name.rsplit(".", 1)[0], result.stderr)
                self.assertEqual(data.read_bytes(), foreign)
                self.assertEqual(manifest.read_bytes() if manifest.exists() else None, proof)


if __name__ == "__main__":
    unittest.main()

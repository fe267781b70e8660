"""From a program to its answer, command by command on a small load, and advice on traces."""

import json
import os
import pathlib
import re
import subprocess
import unittest

from support import PATIENCE, PROGRAM, CliTest, read_document
from trace_test import can_trace, missing

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "choose.md"

# The page's load and run, made small: what is measured is not the point here.
SMALLER = {"n where i < 20000": "n where i < 200", "% 20000 + 1": "% 200 + 1", "seq 200": "seq 2"}
FAST = " --strategy read-write --strategy mmap-view --repetitions 3"


def commands(start):
    """The page's fenced blocks that begin so."""
    blocks = re.findall(
        r"^```\w*\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [block.rstrip("\n") for block in blocks if block.startswith(start)]


class ChooseTest(CliTest):
    def setUp(self):
        super().setUp()
        if missing("sqlite3") or not can_trace():
            print("SKIPPED: sqlite3 or strace is missing, or may not trace here")
            self.skipTest("no sqlite3 or strace")

    def shell(self, script):
        path = f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}"
        result = subprocess.run(
            ["bash", "-euc", script],
            cwd=self.folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def command(self, start):
        """The command of the page that begins so, over as many lines as it has."""
        (block,) = commands(start)
        lines = block.splitlines()
        count = next(i for i, line in enumerate(lines) if not line.endswith("\\")) + 1
        return "\n".join(lines[:count])

    def test_the_commands_of_the_page_go_from_a_program_to_its_answer(self):
        (load,) = commands("cat > load.sql")
        for there, smaller in SMALLER.items():
            self.assertIn(there, load)
            load = load.replace(there, smaller)
        self.shell(load)
        recorded = self.shell(self.command("faultline trace record")).stderr
        self.assertRegex(recorded, r"recorded, .* without: [\d.]+ times as long")
        self.assertRegex(recorded, r"events of 2 files")
        shown = self.shell(self.command("faultline trace show")).stdout
        self.assertRegex(shown, r"flushes +\d+")
        advice = self.shell(self.command("faultline advise") + FAST).stdout
        self.check_advice(advice)
        again = self.shell("faultline advise faultline-runs/advise-*").stdout
        self.assertIn("With the flushes of the program itself:", again)

    def check_advice(self, text):
        self.assertLessEqual(text.count("\n"), 60)
        words = " ".join(text.split())
        for part in (
            ", against read-write",
            "Baseline: read-write, ",
            "accesses are calls.",
            "With the flushes of the program itself:",
            "as fast as possible, not at the recorded pace",
            "items.db (",
            "items.db-journal (",
            "Growth: ",
            "cache written",
        ):
            self.assertIn(part, words)
        self.assertNotIn("flush at the end", words)


class AdviseOnTraceTest(CliTest):
    """Of a trace that needs no tracer: an imported one."""

    def setUp(self):
        super().setUp()
        lines = ['7 1700000100.000000 open("/f", O_RDWR) = 3\n']
        lines += [
            f'7 1700000100.{i:06} pwrite64(3, ""..., 4096, {i * 4096}) = 4096\n'
            for i in range(1, 40)
        ]
        lines += ["7 1700000101.000000 fsync(3) = 0\n", "7 1700000101.000001 close(3) = 0\n"]
        (self.folder / "text").write_text("".join(lines))
        result = self.faultline("trace", "import", "text", "--output", "it.fltrace")
        self.assertEqual(result.returncode, 0, result.stderr)

    def advise(self, *words, code=0):
        result = self.faultline(
            "advise", "it.fltrace", "--directory", "data", "--output", "out", "--repetitions", "3",
            *words,
        )  # fmt: skip
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def test_json_says_what_was_chosen_and_the_run_is_kept(self):
        result = self.advise("--format", "json", "--baseline", "mmap-view", "--strategy", "stdio")
        advice = json.loads(result.stdout)
        self.assertEqual(advice["schema"], "faultline-advice/2")
        self.assertEqual(advice["baseline"], "mmap-view")
        self.assertEqual(advice["baseline_why"], "as --baseline says")
        (workload,) = advice["workloads"]
        self.assertEqual(workload["replay"]["files"], "1")
        self.assertIn("0 of 39", workload["replay"]["split"])
        self.assertEqual([answer["need"] for answer in workload["answers"]], ["own flushes"])
        run = read_document(self.folder / "out/run.json")
        self.assertTrue(run["complete"])
        strategies = [trial["strategy"]["spec"] for trial in run["trials"]]
        self.assertEqual(strategies, ["mmap-view", "stdio"])
        for trial in run["trials"]:
            self.assertTrue(trial["workload"]["needs_durability"])
            for repetition in trial["repetitions"]:
                self.assertIs(repetition["verified"], True)

    def test_a_strategy_that_keeps_no_flush_is_left_out_and_said(self):
        text = self.advise("--strategy", "null", "--strategy", "mmap-view", "--quiet").stdout
        self.assertRegex(
            " ".join(text.split()), r"Left out: .*null \(unsupported: .*can't keep the flushes"
        )

    def test_bad_input_is_one_line_and_exit_code_2(self):
        (self.folder / "cut.fltrace").write_bytes((self.folder / "it.fltrace").read_bytes()[:40])
        (self.folder / "run.json").write_text("{}")
        (self.folder / "a,b").write_bytes((self.folder / "it.fltrace").read_bytes())
        for words, parts in {
            ("it.fltrace", "--workload", "mixed"): ["leave --workload out"],
            ("it.fltrace", "--baseline", "mmap-vew"): ["did you mean 'mmap-view'?"],
            ("it.fltrace", "--strategy", "read-wite"): ["did you mean 'read-write'?"],
            ("it.fltrace", "--operations", "1000"): ["the trace has 40 operations"],
            ("a,b",): ["'a,b' has ','", "rename the trace"],
            ("run.json", "--cache", "cold"): ["--cache is for a trace"],
            ("run.json", "--quiet"): ["--quiet is for a trace"],
        }.items():
            with self.subTest(words=words):
                self.assert_refused(self.faultline("advise", *words), *parts)
        self.assert_refused(self.faultline("advise", "cut.fltrace"), "cut.fltrace", code=1)
        self.assertFalse((self.folder / "faultline-runs").exists())


if __name__ == "__main__":
    unittest.main()

"""Memory limits: they hold, and their control groups go with the run, or with the next one."""

import os
import pathlib
import sys
import unittest

from support import PATIENCE, CliTest, repetitions_of

LIMITED = ["run", "--strategy", "read-write", "--workload", "sequential-read", "--passes", "1",
           "--records", "400000", "--memory-limit", "24MiB", "--directory", "data",
           "--output", "out"]  # fmt: skip


def groups_of(process_id):
    """Control groups that this process made."""
    found = []
    for folder, below, _ in os.walk("/sys/fs/cgroup"):
        found += [pathlib.Path(folder) / name for name in below if f"-{process_id}-" in name]
    return found


class MemoryLimitTest(CliTest):
    def run_limited(self, *words):
        process = self.start(*LIMITED, *words)
        output, errors = process.communicate(timeout=PATIENCE)
        if process.returncode == 77:
            print("SKIPPED: no memory limit can be set here:", output, errors, file=sys.stderr)
            self.skipTest("no memory limit can be set here")
        self.assertEqual(process.returncode, 0, output + errors)
        return process

    def test_a_limit_is_proved_and_holds_and_leaves_nothing(self):
        process = self.run_limited("--repetitions", "1")
        document = self.document()
        (proof,) = document["limit_proofs"]
        self.assertIs(proof["held"], True)
        for repetition in repetitions_of(document):
            memory = repetition["memory"]
            self.assertEqual(memory["limit_bytes"], 24 << 20)
            self.assertLessEqual(memory["peak_bytes"], 24 << 20)
            self.assertGreater(memory["peak_bytes"], 8 << 20)
            self.assertIs(repetition["verified"], True)
        self.assertEqual(groups_of(process.pid), [])

    def test_what_a_killed_run_left_is_removed_by_the_next(self):
        self.run_limited("--repetitions", "1")
        process = self.start(*LIMITED, "--repetitions", "1000")
        self.wait_until(lambda: groups_of(process.pid), "a control group")
        self.wait_for_repetitions(1)
        self.wait_until(lambda: groups_of(process.pid), "a control group")
        process.kill()
        process.wait()
        self.wait_until(
            lambda: not self.processes_here(), "the last process to end", after_end=True
        )
        self.run_limited("--repetitions", "1")
        self.assertEqual(groups_of(process.pid), [])


if __name__ == "__main__":
    unittest.main()

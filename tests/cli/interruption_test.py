"""Runs that are stopped from outside: what is finished is kept, and nothing is left running."""

import shutil
import signal
import unittest

from support import PATIENCE, SMALL, CliTest, repetitions_of

LONG = ["run", "--records", "1000", "--strategy", "read-write", "--strategy", "mmap-view",
        "--repetitions", "5000", "--directory", "data", "--output", "out"]  # fmt: skip


class InterruptionTest(CliTest):
    def assert_no_process_left(self):
        self.wait_until(
            lambda: not self.processes_here(), "the last process to end", after_end=True
        )

    def assert_right(self, document):
        self.assertIs(document["complete"], False)
        for repetition in repetitions_of(document):
            self.assertIn(repetition["status"], ("ok", "interference"))
            self.assertIs(repetition["verified"], True)

    def test_ctrl_c_keeps_what_is_finished(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start(*LONG)
            self.wait_for_repetitions(3)
            process.send_signal(number)
            output, errors = process.communicate(timeout=PATIENCE)
            self.assertEqual(process.returncode, 130, errors)
            self.assertIn("read-write", output)
            self.assertGreaterEqual(len(repetitions_of(self.document())), 3)
            self.assert_right(self.document())
            self.assert_no_process_left()
            (self.folder / "out/run.json").unlink()

    def test_ctrl_c_in_the_middle_of_a_long_trial(self):
        process = self.start("run", *SMALL, "--strategy", "mmap-view",
                             "--operations", "1000000000000")  # fmt: skip
        self.wait_until(lambda: len(self.processes_here()) > 1, "the trial's process")
        self.wait_for_repetitions(0)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 130, errors)
        self.assertEqual(repetitions_of(self.document()), [])
        self.assert_no_process_left()

    def test_ctrl_c_is_heard_while_data_is_prepared_and_nothing_is_left(self):
        if shutil.disk_usage(self.folder).free < 12e9:
            self.skipTest("too little room for a file that takes long to prepare")
        process = self.start("run", "--records", "80000000", "--strategy", "null",
                             "--directory", "data", "--output", "out")  # fmt: skip
        self.wait_until(lambda: list(self.folder.glob("data/*.data")), "the data file")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("interrupted while the data file was made ready", errors)
        self.assertEqual(output, "")
        self.assertEqual(self.entries(), [])

    def test_a_killed_run_loses_no_finished_repetition_and_the_next_one_works(self):
        process = self.start(*LONG, "--threads", "2", "--processes", "2")
        self.wait_for_repetitions(3)
        process.kill()
        process.wait()
        self.assert_no_process_left()
        document = self.document()
        self.assertGreaterEqual(len(repetitions_of(document)), 3)
        self.assert_right(document)
        self.run_small("--strategy", "read-write")
        self.assertIs(self.document()["complete"], True)
        self.assertIs(repetitions_of(self.document())[0]["verified"], True)

    def test_a_second_run_in_the_same_directory_is_refused(self):
        process = self.start(*LONG)
        self.wait_for_repetitions(1)
        second = self.faultline("run", "--records", "1000", "--strategy", "null", "--directory",
                                "data", "--output", "second")  # fmt: skip
        self.assert_refused(second, "another run uses", "--directory")
        self.assertFalse((self.folder / "second").exists())
        self.wait_for_repetitions(len(repetitions_of(self.document())) + 2)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 130)
        self.assert_right(self.document())


if __name__ == "__main__":
    unittest.main()

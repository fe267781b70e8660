"""faultline powercut: table, document, exit codes, and what is left behind: nothing."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

from support import PATIENCE, PROGRAM, CliTest, read_document

SMALL = ["powercut", "--records", "1000", "--cuts", "2", "--seconds", "0.05", "--output", "out"]
INSTANTS = ["during", "after-updates", "after-unmap", "after-close", "after-flush"]
NOBODY = 65534


def devices_over(folder):
    """Loop devices whose storage is a file in this folder, named or not."""
    found = []
    for backing in pathlib.Path("/sys/block").glob("loop*/loop/backing_file"):
        try:
            if backing.read_text().startswith(str(folder)):
                found.append(backing.parts[3])
        except OSError:
            continue
    return found


class PowercutTest(CliTest):
    def powercut(self, *words, code=0):
        result = self.faultline(*SMALL, *words)
        if result.returncode == 77 and code != 77:
            print("SKIPPED: power can't be cut here:", result.stderr, file=sys.stderr)
            self.skipTest("power can't be cut here")
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def document(self, output="out"):
        return read_document(self.folder / output / "powercut.json")

    def test_a_row_for_each_instant_in_table_and_document(self):
        mounts = pathlib.Path("/proc/mounts").read_text()
        result = self.powercut(
            "--strategy", "mmap-view", "--strategy", "read-write-flushed:every=3",
            "--image-directory", self.folder,
        )  # fmt: skip
        document = self.document()
        self.assertEqual(document["schema"], "faultline-powercut/1")
        self.assertIs(document["complete"], True)
        self.assertEqual(document["environment"]["file_system"], "ext4")
        self.assertIsInstance(document["environment"]["kernel"], str)
        parameters = document["parameters"]
        self.assertEqual(
            (parameters["workload"], parameters["records"], parameters["operations"]),
            ("random-update", 1000, 1000),
        )
        self.assertEqual([row["instant"] for row in document["rows"]], 2 * INSTANTS)
        for row in document["rows"]:
            self.assertEqual(row["status"], "ok")
            self.assertIsNone(row["error"])
            self.assertEqual(row["cuts"], 2 if row["instant"] == "during" else 1)
            self.assertEqual(sum(row["records"].values()), 1000 * row["cuts"])
            self.assertEqual(row["acknowledged_missing"], 0)
            self.assertLessEqual(row["acknowledged"], row["survived"])
            self.assertLessEqual(row["survived"], row["updates"])
            ages = row["survival"]
            self.assertEqual(sum(age["updates"] for age in ages), row["updates"])
            self.assertEqual(sum(age["survived"] for age in ages), row["survived"])
            for before, after in zip(ages, ages[1:]):
                self.assertLessEqual(before["age_high_seconds"], after["age_low_seconds"])
            self.assertIn(row["instant"], result.stdout)
        promises = [row["promise"] for row in document["rows"]]
        self.assertEqual(promises, 4 * ["none made"] + 6 * ["kept"])
        self.assertIn("powercut.json", result.stdout)
        self.assertEqual(self.entries(), ["out", "out/powercut.json"])
        self.assertEqual(devices_over(self.folder), [])
        self.assertEqual(pathlib.Path("/proc/mounts").read_text(), mounts)

    def test_without_a_strategy_it_runs_all_there_are(self):
        listed = re.findall(r"^  (\S+)  ", self.faultline("list", "strategies").stdout, re.M)
        instants = INSTANTS
        if os.environ.get("FAULTLINE_SANITIZE"):  # all take half a minute, in the same code
            instants = ["during", "after-flush"]
        self.powercut("--quiet", *(word for instant in instants for word in ("--instant", instant)))
        rows = self.document()["rows"]
        self.assertEqual([row["strategy"]["name"] for row in rows[:: len(instants)]], listed)
        for row in rows:
            if row["strategy"]["name"] == "null":
                self.assertEqual(row["status"], "unsupported")
                self.assertIn("stores nothing", row["error"])
                self.assertIsNone(row["updates"])
            elif row["status"] != "unsupported":
                self.assertEqual(row["status"], "ok", row["error"])
                self.assertNotEqual(row["promise"], "broken")
                # An engine that synchronises lazily may be unable to recover: a finding, no
                # failure.
                self.assertEqual(row["recovery_error"] is None, row["records"]["unreadable"] == 0)
                if row["instant"] == "after-flush":
                    self.assertEqual(row["survived"], row["updates"])

    def test_json_is_the_document_and_nothing_else(self):
        result = self.powercut("--strategy", "read-write", "--format", "json", "--quiet")
        self.assertEqual(result.stdout, (self.folder / "out/powercut.json").read_text())
        self.assertEqual(result.stderr, "")

    def test_chosen_instants_only(self):
        self.powercut(
            "--strategy",
            "null",
            "--strategy",
            "mmap-view",
            "--instant",
            "after-flush",
            "--instant",
            "after-close",
        )
        rows = self.document()["rows"]
        self.assertEqual(
            [row["instant"] for row in rows if row["strategy"]["name"] == "mmap-view"],
            ["after-flush", "after-close"],
        )
        self.assertTrue(self.document()["complete"])

    def test_the_same_seed_gives_the_same_plan(self):
        survivors = []
        for seed in ("1", "1", "2"):
            self.powercut("--strategy", "mmap-view", "--seed", seed)
            survivors.append([row["records"] for row in self.document()["rows"][1:]])
        self.assertEqual(survivors[0], survivors[1])
        self.assertNotEqual(survivors[0], survivors[2])

    def test_other_file_systems_where_they_can_be_made(self):
        for kind in ("xfs", "btrfs"):
            result = self.faultline(*SMALL, "--strategy", "mmap-view", "--file-system", kind)
            if result.returncode == 77:
                self.assertRegex(result.stderr, r"\Afaultline: [^\n]+\n\Z")
                continue
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(self.document()["environment"]["file_system"], kind)
            self.assertEqual(self.document()["rows"][4]["promise"], "kept")

    def start_long(self):
        self.powercut("--strategy", "null", code=77)  # tells "none possible" from "not here"
        if not (self.folder / "out").exists():
            print("SKIPPED: power can't be cut here", file=sys.stderr)
            self.skipTest("power can't be cut here")
        return self.start("powercut", "--strategy", "read-write", "--strategy", "mmap-view",
                          "--records", "1000", "--seconds", "3", "--cuts", "50", "--output", "out",
                          "--image-directory", self.folder)  # fmt: skip

    def assert_nothing_left(self):
        self.wait_until(
            lambda: not self.processes_here(), "the last process to end", after_end=True
        )
        self.wait_until(lambda: not devices_over(self.folder), "the last device", after_end=True)
        self.assertEqual(self.entries(), ["out", "out/powercut.json"])

    def wait_for_rows(self, count):
        self.wait_until(lambda: self.document()["rows"][count - 1 :], f"{count} rows")

    def test_ctrl_c_keeps_what_is_finished(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start_long()
            self.wait_until(lambda: not self.document()["complete"], "the new document")
            self.wait_for_rows(5)
            self.wait_until(lambda: devices_over(self.folder), "a device")
            process.send_signal(number)
            output, errors = process.communicate(timeout=PATIENCE)
            self.assertEqual(process.returncode, 130, errors)
            self.assertIn("read-write", output)
            document = self.document()
            self.assertIs(document["complete"], False)
            self.assertEqual(len(document["rows"]), 5)
            self.assert_nothing_left()

    def test_a_killed_run_leaves_no_mount_no_device_and_no_process(self):
        mounts = pathlib.Path("/proc/mounts").read_text()
        process = self.start_long()
        self.wait_until(lambda: devices_over(self.folder), "a device")
        self.wait_until(lambda: len(self.processes_here()) >= 3, "the strategy's process")
        self.assertEqual(pathlib.Path("/proc/mounts").read_text(), mounts)
        process.kill()
        process.wait()
        self.assert_nothing_left()
        self.assertEqual(pathlib.Path("/proc/mounts").read_text(), mounts)

    def test_without_root_it_says_so_and_makes_nothing(self):
        if os.geteuid() != 0:
            result = self.faultline(*SMALL)
        else:
            os.chmod(self.folder, 0o777)
            try:
                result = subprocess.run([PROGRAM, *SMALL], cwd=self.folder, capture_output=True,
                                        text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE,
                                        user=NOBODY, group=NOBODY, extra_groups=[])  # fmt: skip
            except PermissionError:
                print("SKIPPED: no other user may run the program here", file=sys.stderr)
                self.skipTest("no other user may run the program here")
        self.assert_refused(result, "root", code=77)
        self.assertEqual(self.entries(), [])

    def test_bad_input_is_refused(self):
        for words, parts in [
            (["--strategy", "mmap-veiw"], ["did you mean 'mmap-view'?"]),
            (["--strategy", "mmap-view:size=1"], ["size"]),
            (["--workload", "random"], ["unknown workload"]),
            (["--file-system", "ext5"], ["ext4, xfs, btrfs"]),
            (["--cuts", "0"], ["--cuts"]),
            (["--cuts", "201"], ["--cuts"]),
            (["--records", "0"], ["--records"]),
            (["--records", "1e6"], ["--records"]),
            (["--records", "100000000"], ["--records"]),
            (["--operations", "0"], ["--operations"]),
            (["--operations", "100000000"], ["--operations"]),
            (["--record-size", "4"], ["--record-size"]),
            (["--instant", "lunch"], ["during, after-updates"]),
            (["--seconds", "-1"], ["--seconds"]),
            (["--seconds", "soon"], ["--seconds"]),
            (["--format", "csv"], ["table or json"]),
            (["--quite"], ["did you mean '--quiet'?"]),
            (["word"], ["unexpected argument 'word'"]),
        ]:
            with self.subTest(words=words):
                self.assert_refused(self.faultline("powercut", *words), *parts)
                self.assertEqual(self.entries(), [])

    def test_help_fits_and_names_every_option(self):
        text = self.faultline("powercut", "--help").stdout
        self.assertIn("Usage: faultline powercut", text)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)
        for option in (
            "strategy instant workload records record-size operations cuts seconds seed"
            " file-system image-directory output format quiet"
        ).split():
            self.assertRegex(text, rf"(?m)^  --{option}\b")
        self.assertIn("powercut", self.faultline("--help").stdout)


if __name__ == "__main__":
    unittest.main()

"""Disks without room, or read-only. Needs the right to mount."""

import subprocess
import sys
import unittest

from support import CliTest


class FullDiskTest(CliTest):
    def mount(self, options):
        disk = self.folder / "disk"
        disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "faultline-test", str(disk)]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            print("SKIPPED: a file system can't be mounted here", file=sys.stderr)
            self.skipTest("a file system can't be mounted here")
        self.addCleanup(lambda: subprocess.run(["umount", str(disk)], check=True))
        return disk

    def refused(self, *words, code, parts):
        before = self.entries()
        result = self.faultline("run", "--strategy", "read-write", *words)
        self.assert_refused(result, *parts, code=code)
        return [entry for entry in self.entries() if entry not in before]

    def test_data_that_doesn_t_fit_is_refused_and_leaves_nothing(self):
        self.mount("size=2m")
        left = self.refused("--records", "100000", "--directory", "disk/data", "--output", "out",
                            code=77, parts=["not enough space", "missing"])  # fmt: skip
        self.assertEqual(left, [])

    def test_a_document_that_doesn_t_fit_is_refused_and_leaves_nothing_there(self):
        disk = self.mount("size=64k")
        with open(disk / "filler", "wb", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                pass
        left = self.refused("--records", "1000", "--directory", "data", "--output", "disk/out",
                            code=2, parts=["disk/out", "--output"])  # fmt: skip
        self.assertFalse([entry for entry in left if entry.startswith("disk")])

    def test_a_disk_for_reading_only_is_refused_and_leaves_nothing(self):
        self.mount("ro")
        for place in ("disk", "disk/new"):
            for option, other in (("--directory", "--output"), ("--output", "--directory")):
                left = self.refused("--records", "1000", option, place, other, "elsewhere",
                                    code=2, parts=["disk", option])  # fmt: skip
                self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()

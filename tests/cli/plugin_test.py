"""Strategies from outside: built against the installed package, loaded by --plugin, or refused."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zlib

import support
from building import BUILD, CMAKE, COMPILER, call, configure_example, finish, start
from support import CliTest, repetitions_of

HERE = pathlib.Path(__file__).parent
# Made once for all tests: the installed package, and libraries.
INSTALLED = LAST_BLOCK = LIAR = TAKEN = NOTHING = SLUGGARD = VAGUE = pathlib.Path()
TAG = rb"faultline_strategies_\d+_\d+_\d+_[0-9a-f]+"


def setUpModule():
    """Installs the program that was built and builds libraries against it, once for all tests."""
    if os.environ.get("FAULTLINE_SANITIZE"):
        print("SKIPPED: the installed package builds libraries without this program's sanitizers",
              file=sys.stderr)  # fmt: skip
        raise unittest.SkipTest("sanitizers")
    global INSTALLED, LAST_BLOCK, LIAR, TAKEN, NOTHING, SLUGGARD, VAGUE
    work = pathlib.Path(tempfile.mkdtemp(prefix="faultline-plugin-test-"))
    unittest.addModuleCleanup(shutil.rmtree, work)
    INSTALLED = work / "installed"
    call(CMAKE, "--install", BUILD, "--prefix", INSTALLED)
    (program,) = (path for path in INSTALLED.glob("*/faultline") if path.is_file())
    unittest.addModuleCleanup(setattr, support, "PROGRAM", support.PROGRAM)
    support.PROGRAM = str(program)
    built = work / "built"
    configure_example(INSTALLED, built)
    LIAR, TAKEN, NOTHING, SLUGGARD, VAGUE = (
        work / name for name in ("liar.so", "taken.so", "nothing.so", "sluggard.so", "vague.so")
    )
    at_once = [
        start(CMAKE, "--build", built),
        start(*by_hand("liar.cc", LIAR, '-DNAME="liar"')),
    ]
    finish(at_once)
    finish(
        [
            start(*by_hand("liar.cc", TAKEN, '-DNAME="read-write"')),
            start(*by_hand("nothing.cc", NOTHING)),
        ]
    )
    finish(
        [
            start(*by_hand("sluggard.cc", SLUGGARD)),
            start(*by_hand("liar.cc", VAGUE, '-DNAME="vague"', "-DDURABILITY=kPeriodic")),
        ]
    )
    LAST_BLOCK = built / "last_block.so"


def by_hand(source, library, *flags):
    """Without CMake: the installed headers are all that it takes."""
    return [COMPILER, "-std=c++20", "-shared", "-fPIC", f"-I{INSTALLED / 'include'}",
            *flags, "-o", library, HERE / "plugins" / source]  # fmt: skip


class PluginTest(CliTest):
    def refused(self, *words, says, code=2):
        for command in (["run", *support.SMALL], ["list"], ["describe", "null"], ["powercut"]):
            with self.subTest(command=command[0], words=words):
                self.refuse(*command, *words, says=says, code=code)

    def test_a_strategy_from_outside_runs_like_any_other_and_is_verified(self):
        self.run_small(
            "--plugin", LAST_BLOCK, "--strategy", "last-block", "--strategy", "read-write",
            "--strategy", "last-block:block=512", "--workload", "random-update",
            "--workload", "mixed", "--workload", "ycsb:workload=a", "--threads", "2",
            "--processes", "2", "--operations", "500",
        )  # fmt: skip
        document = self.document()
        self.assertEqual(len(document["trials"]), 9)
        for trial in document["trials"]:
            own = trial["strategy"]["name"] == "read-write"
            self.assertEqual(trial["strategy"]["plugin"], None if own else "last_block.so")
        for repetition in repetitions_of(document):
            self.assertIs(repetition["verified"], True, repetition["error"])
        contents = LAST_BLOCK.read_bytes()
        self.assertEqual(
            document["environment"]["plugins"],
            f"last_block.so ({len(contents)} bytes, CRC-32 {zlib.crc32(contents):08x}): last-block",
        )
        self.assertNotIn(str(LAST_BLOCK.parent), (self.folder / "out/run.json").read_text())

    def test_records_of_every_size_are_right(self):
        for record_size in (1, 7, 4096, 5000):
            self.run_small("--plugin", LAST_BLOCK, "--strategy", "last-block:block=4KiB",
                           "--workload", "ycsb:workload=a", "--workload", "sequential-update",
                           "--record-size", record_size, "--threads", "3")  # fmt: skip
            for repetition in repetitions_of(self.document()):
                self.assertIs(repetition["verified"], True, repetition["error"])

    def test_without_a_plugin_nothing_is_said_of_one(self):
        self.run_small("--strategy", "null")
        self.assertEqual(self.document()["environment"]["plugins"], "none")
        self.assertIsNone(self.document()["trials"][0]["strategy"]["plugin"])

    def test_a_strategy_that_forgets_updates_is_caught(self):
        result = self.run_small("--plugin", LIAR, "--strategy", "liar", code=1)
        self.assertIn("liar FAILED in 1 of 1 repetition: ", result.stdout)
        (repetition,) = repetitions_of(self.document())
        self.assertEqual(repetition["status"], "failed")
        self.assertIs(repetition["verified"], False)
        self.assertIn("lost", repetition["error"])

    def test_what_is_far_behind_is_cut_off_twice_and_not_advised(self):
        lines = ["fio version 2 iolog", "f add", "f open"]
        lines += [f"f write {4096 * block} 4096" for block in range(10)]
        (self.folder / "log").write_text("\n".join([*lines, "f close", ""]))
        imported = self.faultline("trace", "import", "--format", "fio", "--output", "it", "log")
        self.assertEqual(imported.returncode, 0, imported.stderr)
        # On a busy machine the others may take long too, but not a twentieth of ten times this.
        asleep = "sluggard:seconds=600"
        advice = self.faultline(
            "advise", "it", "--plugin", SLUGGARD, "--strategy", asleep, "--repetitions", "4",
            "--output", "out", "--format", "json",
        )  # fmt: skip
        self.assertEqual(advice.returncode, 0, advice.stderr)
        trials = {trial["strategy"]["spec"]: trial for trial in self.document()["trials"]}
        slow = trials[asleep]
        self.assertEqual([one["status"] for one in slow["repetitions"]], ["cut off"] * 2)
        self.assertEqual(slow["summary"]["cut_off"], 2)
        self.assertGreaterEqual(len(trials["read-write"]["repetitions"]), 4)
        # Others may be left out for reasons of their own, such as interference.
        left_out = json.loads(advice.stdout)["workloads"][0]["left_out"]
        (about,) = (one for one in left_out if one["strategy"] == asleep)
        self.assertRegex(
            about["why"], r"cut off in 'first' after [\d.]+ m?s: the fastest was durable after"
        )
        # A plain run waits for it.
        plain = self.faultline("run", "--plugin", SLUGGARD, "--strategy", "sluggard",
                               "--workload", "trace:it", "--operations", "3", "--passes", "1",
                               "--repetitions", "1")  # fmt: skip
        self.assertEqual(plain.returncode, 0, plain.stdout + plain.stderr)

    def test_a_library_that_was_not_optimised_is_warned_of(self):
        self.run_small("--plugin", LIAR, "--plugin", LAST_BLOCK, "--strategy", "null")
        about = [text for text in self.document()["warnings"] if ".so" in text]
        self.assertEqual(len(about), 1)
        self.assertIn("liar.so was compiled without optimisation", about[0])

    def test_the_library_that_the_build_makes_of_the_example_is_taken_too(self):
        library = pathlib.Path(BUILD).resolve() / "examples/strategy/last_block.so"
        self.run_small(
            "--plugin", library, "--strategy", "last-block", "--workload", "random-update"
        )
        (repetition,) = repetitions_of(self.document())
        self.assertIs(repetition["verified"], True, repetition["error"])

    def test_list_and_describe_say_where_a_strategy_comes_from(self):
        both = ["--plugin", LAST_BLOCK, "--plugin", LIAR]
        listed = self.faultline("list", "strategies", *both).stdout
        for name, library in (("last-block", "last_block.so"), ("liar", "liar.so")):
            (entry,) = re.findall(rf"(?ms)^  {name} .*?(?=^  \S|\Z)", listed)
            self.assertIn(f"(of {library})", " ".join(entry.split()))
        self.assertEqual(listed.count("(of "), 2)
        described = self.faultline("describe", "last-block", *both).stdout
        self.assertRegex(described, r"(?m)^  plugin +last_block.so$")
        self.assertIn("block=4KiB", described)
        self.assertNotIn("plugin", self.faultline("describe", "read-write", *both).stdout)

    def test_powercut_takes_it_too(self):
        result = self.faultline("powercut", "--plugin", LAST_BLOCK, "--strategy", "last-block",
                                "--instant", "after-flush", "--records", "1000",
                                "--output", "out")  # fmt: skip
        if result.returncode == 77:
            print("SKIPPED: power can't be cut here:", result.stderr, file=sys.stderr)
            self.skipTest("power can't be cut here")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        document = support.read_document(self.folder / "out/powercut.json")
        self.assertEqual([row["promise"] for row in document["rows"]], ["kept"])
        self.assertIn("last_block.so", document["environment"]["plugins"])

    def test_what_is_no_library_is_refused(self):
        self.refused("--plugin", "absent.so", says=["no file 'absent.so'"])
        (self.folder / "folder.so").mkdir()
        self.refused("--plugin", "folder.so", says=["'folder.so' is no complete shared library"])
        whole = LAST_BLOCK.read_bytes()
        for garbage in (b"", b"\x7fEL", b"faultline_strategies_0_1_0_0", os.urandom(5000),
                        whole[:64], whole[: len(whole) // 2], whole[:-1]):  # fmt: skip
            (self.folder / "garbage.so").write_bytes(garbage)
            self.refused(
                "--plugin", "garbage.so", says=["'garbage.so' is no complete shared library"]
            )

    def test_what_was_not_built_for_this_faultline_is_refused(self):
        contents = LAST_BLOCK.read_bytes()
        (tag, *_) = re.findall(TAG, contents)
        for other in (tag[:-1] + (b"0" if tag[-1:] != b"0" else b"1"),
                      tag.replace(b"_0_1_0_", b"_0_1_9_")):  # fmt: skip
            if other == tag:
                continue
            (self.folder / "old.so").write_bytes(contents.replace(tag, other))
            self.refused("--plugin", "old.so", says=["'old.so'", "another Faultline", "again"])
        library = subprocess.run([COMPILER, "-print-file-name=libstdc++.so.6"],
                                 capture_output=True, text=True).stdout.strip()  # fmt: skip
        if os.path.isabs(library):
            self.refused("--plugin", library, says=["not built with the headers"])

    def test_what_registers_nothing_is_refused(self):
        self.refused("--plugin", NOTHING, says=["registers no strategy"])

    def test_a_period_that_no_option_says_is_refused(self):
        self.refused(
            "--plugin",
            VAGUE,
            says=["'vague'", "contradicts itself", "periodic_flush.every names no option"],
        )

    def test_a_name_that_is_taken_is_refused(self):
        self.refused("--plugin", TAKEN, says=["'read-write'", "taken.so", "Faultline's own"])
        shutil.copy(LAST_BLOCK, self.folder / "copy.so")
        self.refused("--plugin", LAST_BLOCK, "--plugin", "copy.so",
                     says=["'last-block'", "copy.so", "last_block.so"])  # fmt: skip
        self.refused("--plugin", LAST_BLOCK, "--plugin", LAST_BLOCK, says=["given twice"])

    def test_what_the_system_can_not_load_is_not_possible_here(self):
        contents = LAST_BLOCK.read_bytes()
        needy = contents.replace(b"libstdc++.so.6\0", b"libabsent.so.6\0")
        self.assertNotEqual(needy, contents)
        (self.folder / "needy.so").write_bytes(needy)
        self.refused("--plugin", "needy.so", says=["can't load", "libabsent.so.6"], code=77)


if __name__ == "__main__":
    unittest.main()

"""Help, lists and descriptions: complete, on standard output, within 80 columns."""

import re
import shutil
import unittest

from support import CliTest


class HelpTest(CliTest):
    def text_of(self, *words, code=0):
        result = self.faultline(*words)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stderr, "")
        self.assertEqual(self.entries(), [])
        for line in result.stdout.splitlines():
            self.assertLessEqual(len(line), 80, f"{words}: {line}")
        return result.stdout

    def names(self, kind):
        return re.findall(r"^  (\S+)  ", self.text_of("list", kind), re.MULTILINE)

    def test_help_names_every_command_and_exit_code(self):
        for words in (["--help"], ["-h"], ["help"]):
            text = self.text_of(*words)
            for word in ("run", "list", "describe", "report", "Exit codes", "77", "130"):
                self.assertIn(word, text)

    def test_no_command_prints_the_help_and_is_wrong_usage(self):
        self.assertIn("Usage: faultline COMMAND", self.text_of(code=2))

    def test_every_command_has_help(self):
        for command in ("run", "list", "describe", "report", "compare", "advise"):
            self.assertIn(f"Usage: faultline {command}", self.text_of(command, "--help"))

    def test_help_of_run_names_every_option(self):
        text = self.text_of("run", "--help")
        for option in (
            "suite strategy workload records record-size operations passes threads processes "
            "cache memory-limit repetitions seed latency timeout noise-floor directory output "
            "format quiet verbose plugin budget precision"
        ).split():
            self.assertRegex(text, rf"(?m)^  --{option}\b")

    def test_no_command_has_an_option_twice(self):
        commands = re.findall(r"(?m)^  ([a-z]+) +\S", self.text_of("--help"))
        self.assertIn("crossover", commands)
        for command in commands:
            options = re.findall(r"(?m)^  (?:-\w \[ )?(--[\w-]+)", self.text_of(command, "--help"))
            self.assertEqual(len(set(options)), len(options), f"{command}: {options}")

    def test_every_command_that_names_strategies_takes_those_of_others(self):
        for command in ("run", "list", "describe", "powercut"):
            self.assertRegex(self.text_of(command, "--help"), r"(?m)^  --plugin FILE\b")

    def test_the_version_names_the_build(self):
        first, *facts = self.text_of("--version").splitlines()
        self.assertRegex(first, r"\Afaultline \d+\.\d+\.\d+\Z")
        facts = dict(re.split(" {2,}", fact.strip(), maxsplit=1) for fact in facts)
        self.assertEqual([*facts], ["commit", "build type", "compiler", "sanitizer"])
        self.assertTrue(all(facts.values()), facts)

    def test_a_run_says_the_same_of_the_build(self):
        self.run_small("--strategy", "null")
        environment = self.document()["environment"]
        shutil.rmtree(self.folder / "data")
        shutil.rmtree(self.folder / "out")
        text = self.text_of("--version")
        for fact in ("version", "commit", "build_type", "compiler", "sanitizer"):
            self.assertIn(environment[fact], text)

    def test_what_an_option_lists_is_what_it_takes(self):
        """Every value of "--cache cold|paged|…" is named where another one is refused."""
        log = ["fio version 2 iolog", "f add", "f open", "f write 0 4096", "f close", ""]
        (self.folder / "log").write_text("\n".join(log))
        self.assertEqual(self.faultline("trace", "import", "--output", "it", "log").returncode, 0)
        before = {
            "crossover": ["--x", "records=10..20"],
            "run": ["--strategy", "null"],
            "trace import": ["log"],
            "trace show": ["text"],
            "compare": ["a", "b"],
            "advise": ["it"],
        }
        checked = set()
        for command in (
            "run", "crossover", "claims", "powercut", "trace import", "trace show", "walk",
            "compare", "advise", "",
        ):  # fmt: skip
            shown = self.faultline(*command.split(), "--help").stdout
            for option, listed in re.findall(
                r"(?m)^  --([\w-]+) ([a-z0-9-]+(?:\|[a-z0-9-]+)+)(?: |$)", shown
            ):
                with self.subTest(command=command, option=option):
                    words = [*command.split(), *before.get(command, [])]
                    result = self.faultline(*words, f"--{option}", "xyzzy")
                    self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
                    for value in listed.split("|"):
                        self.assertIn(value, result.stderr)
                    checked.add((command, option))
        self.assertGreaterEqual(len(checked), 15)
        self.assertIn(("run", "cache"), checked)

    def test_list_has_the_registered_names(self):
        everything = self.text_of("list")
        for kind, some in {
            "strategies": ["null", "read-write", "mmap-view", "mmap-window", "stdio"],
            "workloads": ["random-update", "ycsb", "mixed"],
            "suites": ["quick", "article"],
            "probes": ["usage"],
        }.items():
            names = self.names(kind)
            for name in some:
                self.assertIn(name, names)
            for name in names:
                self.assertIn(f"  {name} ", everything)

    def test_everything_listed_can_be_described(self):
        for kind in ("strategies", "workloads", "suites", "probes"):
            for name in self.names(kind):
                self.assertIn(name, self.text_of("describe", name).splitlines()[0])

    def test_a_description_has_options_with_their_defaults(self):
        self.assertIn("size=1MiB", self.text_of("describe", "mmap-window"))
        self.assertIn("reads=", self.text_of("describe", "mixed"))
        self.assertIn("strategy = mmap-view", self.text_of("describe", "quick"))
        self.assertIn("minor_faults", self.text_of("describe", "usage"))


if __name__ == "__main__":
    unittest.main()

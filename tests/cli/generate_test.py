"""The files that the program generates: a man page that roff takes, and completions that their
shells take.
"""

import re
import shutil
import subprocess
import sys
import unittest

from support import PATIENCE, CliTest

# Completes the last of the words behind the script's name, as a line of the shell would.
IN_BASH = r"""
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_faultline
printf '%s\n' "${COMPREPLY[@]}"
"""


class GenerateTest(CliTest):
    def setUp(self):
        super().setUp()
        for kind in ("man", "bash", "zsh", "fish"):
            result = self.faultline("--generate", kind)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            (self.folder / kind).write_text(result.stdout)

    def run_in(self, program, *words):
        """What the program prints; None where it isn't installed, which is said."""
        if shutil.which(program) is None:
            print(f"not checked: {program} is not installed", file=sys.stderr)
            return None
        result = subprocess.run([program, *words], cwd=self.folder, capture_output=True, text=True,
                                stdin=subprocess.DEVNULL, timeout=PATIENCE)  # fmt: skip
        self.assertEqual((result.returncode, result.stderr), (0, ""), f"{program} {words}")
        return result.stdout

    def commands(self):
        shown = self.faultline("--help").stdout
        return re.findall(r"(?m)^  ([a-z]+) +\S", shown)

    def names(self, kind):
        return re.findall(r"(?m)^  (\S+)  ", self.faultline("list", kind).stdout)

    def options(self, command):
        return re.findall(r"(?m)^  (--[\w-]+)", self.faultline(*command.split(), "--help").stdout)

    # The man page.

    def test_the_man_page_is_sound(self):
        page = self.run_in("groff", "-man", "-Tutf8", "-ww", "-P-c", "man")
        if page is None:
            return
        text = " ".join(re.sub(".\b", "", page).split())
        for words in (
            "COMMANDS", "EXIT STATUS", "FAULTLINE_PYTHON", "TRACE RECORD",
            "'faultline COMMAND --help' says more.", "--cache cold|streamed|paged|written",
        ):  # fmt: skip
            self.assertIn(words, text)

    def test_the_man_page_has_every_command_and_option(self):
        page = (self.folder / "man").read_text().replace("\\-", "-")
        for command in [*self.commands(), "trace record", "trace import", "trace show"]:
            section = page.split(f'.SH "{command.upper()}"\n', 1)[1].split("\n.SH", 1)[0]
            for option in self.options(command):
                self.assertIn(f"\\fB{option}\\fR", section, command)
            # The help tells the same, with no word over two lines.
            shown = self.faultline(*command.split(), "--help").stdout.split()
            for text in re.findall(r"(?m)^\.TP\n.*\n(.*)$", section.replace("\\(aq", "'")):
                self.assertLessEqual(set(text.split()), set(shown), command)

    # Bash.

    def completed(self, *words):
        """What bash offers for the last of the words, which follow the program's name."""
        line = ("faultline", *words)
        offered = self.run_in("bash", "--norc", "-c", IN_BASH, "bash", "./bash", *line)
        return set(offered.split("\n")) - {""}

    def test_bash_takes_its_completion(self):
        self.run_in("bash", "-n", "bash")

    def test_bash_offers_commands_and_their_options(self):
        self.assertEqual(self.completed(""), set(self.commands()))
        self.assertEqual(self.completed("cr"), {"crossover"})
        self.assertEqual(self.completed("--"), {"--help", "--version", "--generate"})
        self.assertEqual(self.completed("--generate", ""), {"man", "bash", "zsh", "fish"})
        self.assertEqual(self.completed("trace", ""), {"record", "import", "show"})
        for command in [*self.commands(), "trace record", "trace import", "trace show"]:
            self.assertEqual(
                self.completed(*command.split(), "--"), set(self.options(command)), command
            )
        self.assertEqual(self.completed("run", "--rec"), {"--records", "--record-size"})

    def test_bash_offers_what_an_option_takes(self):
        states = {"cold", "streamed", "paged", "written"}
        self.assertEqual(self.completed("run", "--cache", ""), states)
        self.assertEqual(self.completed("run", "--cache", "="), states)
        self.assertEqual(self.completed("run", "--cache", "=", "p"), {"paged"})
        self.assertEqual(self.completed("run", "--latency", ""), {"off", "sampled", "all"})
        self.assertEqual(self.completed("run", "--load", ""), {"closed", "open"})
        self.assertEqual(self.completed("run", "--arrivals", ""), {"even", "poisson"})
        self.assertEqual(self.completed("run", "--timeline", ""), {"on", "off"})
        self.assertEqual(self.completed("run", "--format", ""), {"table", "json", "csv"})
        self.assertEqual(self.completed("compare", "--format", ""), {"table", "markdown", "json"})
        self.assertEqual(
            self.completed("powercut", "--instant", "after-u"), {"after-updates", "after-unmap"}
        )
        self.assertEqual(self.completed("run", "--records", ""), set())

    def test_bash_offers_what_is_registered(self):
        self.assertEqual(self.completed("run", "--strategy", ""), set(self.names("strategies")))
        self.assertEqual(self.completed("advise", "--baseline", "mmap-w"), {"mmap-window"})
        self.assertEqual(self.completed("run", "--workload", ""), set(self.names("workloads")))
        self.assertLessEqual(set(self.names("suites")), self.completed("run", "--suite", ""))
        self.assertLessEqual(set(self.names("claims")) | {"A"}, self.completed("claims", ""))
        self.assertIn("mmap-view", self.completed("describe", ""))
        self.assertIn("minor_faults", self.completed("compare", "--metric", ""))
        self.assertIn("strategies", self.completed("list", ""))

    def test_bash_offers_files_where_they_belong(self):
        (self.folder / "a run").mkdir()
        (self.folder / "a file").write_text("")
        self.assertEqual(self.completed("compare", "a"), {"a run", "a file"})
        self.assertEqual(self.completed("run", "--output", "a"), {"a run"})
        self.assertIn("a file", self.completed("run", "--suite", "a"))
        self.assertEqual(self.completed("run", "a"), set())
        self.assertEqual(self.completed("trace", "record", "--", "cat", "a"), {"a run", "a file"})
        self.assertIn("cat", self.completed("trace", "record", "--cost", "--", "ca"))

    # The others.

    def test_zsh_takes_its_completion(self):
        self.run_in("zsh", "-n", "zsh")

    def test_fish_takes_its_completion_and_offers_the_same(self):
        if self.run_in("fish", "--no-execute", "fish") is None:
            return

        def completed(line):
            offered = self.run_in(
                "fish", "--no-config", "-c", 'source ./fish; complete -C "$argv[1]"', line
            )
            return {one.split("\t")[0] for one in offered.splitlines()}

        self.assertEqual(completed("faultline "), set(self.commands()))
        self.assertEqual(completed("faultline trace "), {"record", "import", "show"})
        self.assertEqual(
            completed("faultline run --cache "), {"cold", "streamed", "paged", "written"}
        )
        self.assertEqual(completed("faultline run --cache=p"), {"--cache=paged"})
        self.assertEqual(completed("faultline run --rec"), {"--records", "--record-size"})
        self.assertEqual(completed("faultline run --strategy mmap-w"), {"mmap-window"})
        self.assertIn("zsh", completed("faultline compare "))
        self.assertIn("cat", completed("faultline trace record -- ca"))


if __name__ == "__main__":
    unittest.main()

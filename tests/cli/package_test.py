"""The Debian package: what is in it, and that the program works where it is unpacked."""

import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import docs_test
import support
from building import BUILD, CMAKE, call, configure_example
from support import ROOT, CliTest, repetitions_of

TOOLS = ("dpkg-deb", "dpkg-shlibdeps", "file")
SKIPPED = 77
# Made once for all tests: the package, and the root that it is unpacked in.
PACKAGE = PACKED = pathlib.Path()
# Where Debian wants what is installed.
FOLDERS = tuple(
    f"usr/{folder}/"
    for folder in (
        "bin", "include/faultline", "lib", "share/bash-completion", "share/doc/faultline",
        "share/faultline", "share/fish", "share/man/man1", "share/zsh",
    )
)  # fmt: skip
# Asks a completion of bash what it offers for an argument.
COMPLETE = """
source "$1"
COMP_WORDS=(faultline walk --kind "")
COMP_CWORD=3
_faultline
echo "${COMPREPLY[@]}"
"""


def setUpModule():
    """Builds the package and unpacks it, once for all tests."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        print(
            f"SKIPPED: {', '.join(missing)} missing; scripts/setup --package installs them",
            file=sys.stderr,
        )
        raise unittest.SkipTest("no tools")
    global PACKAGE, PACKED
    work = pathlib.Path(tempfile.mkdtemp(prefix="faultline-package-test-"))
    unittest.addModuleCleanup(shutil.rmtree, work)
    cmake = shutil.which(CMAKE)
    assert cmake is not None
    cpack = pathlib.Path(cmake).with_name("cpack")
    # As where new files are kept from other users.
    call(cpack, "-G", "DEB", "--config", f"{BUILD}/CPackConfig.cmake", "-B", work, umask=0o077)
    (PACKAGE,) = work.glob("faultline_*.deb")
    PACKED = work / "root"
    call("dpkg-deb", "--extract", PACKAGE, PACKED)
    unittest.addModuleCleanup(setattr, support, "PROGRAM", support.PROGRAM)
    support.PROGRAM = str(PACKED / "usr/bin/faultline")


def field(name):
    return call("dpkg-deb", "--field", PACKAGE, name).strip()


class PackageTest(CliTest):
    def output_of(self, *words):
        result = self.faultline(*words)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def installed(self, path):
        return (PACKED / "usr" / path).read_text(encoding="utf-8")

    def test_its_control_file_names_what_it_needs(self):
        self.assertEqual(field("Package"), "faultline")
        self.assertRegex(field("Version"), r"\A\d+\.\d+\.\d+-1\Z")
        self.assertIn("libc6", field("Depends"))
        self.assertIn("libboost-program-options", field("Depends"))
        for package in (
            "python3",
            "python3-matplotlib",
            "python3-jinja2",
            "python3-jsonschema",
            "strace",
        ):
            self.assertIn(package, re.split(", ", field("Recommends")))
        summary, *text = field("Description").splitlines()
        self.assertLessEqual(len(summary), 80)
        self.assertGreater(len(text), 5)

    def test_everything_in_it_is_where_debian_wants_it_and_can_be_read_by_all(self):
        for line in call("dpkg-deb", "--contents", PACKAGE).splitlines():
            mode, owner, _, _, _, path = line.split(maxsplit=5)
            with self.subTest(path=path):
                self.assertEqual(owner, "root/root")
                self.assertRegex(mode, r"\A([d-]rwxr-xr-x|-rw-r--r--)\Z")
                place = path.removeprefix("./")
                if not place.endswith("/"):
                    self.assertTrue(place.startswith(FOLDERS))
                    self.assertNotRegex(place, r"\.pyc$|/__pycache__/|/\.git")

    def test_its_scripts_are_sound(self):
        control = self.folder / "control"
        call("dpkg-deb", "--control", PACKAGE, control)
        for script in ("postinst", "prerm"):
            call("sh", "-n", control / script)
            self.assertTrue(os.access(control / script, os.X_OK))

    def test_nothing_in_it_names_the_folder_that_it_was_built_in(self):
        for path in (PACKED / "usr").rglob("*"):
            if path.is_file() and path.name != "faultline":
                self.assertNotIn(str(ROOT).encode(), path.read_bytes(), path)

    def test_it_has_what_the_program_generates(self):
        man = gzip.decompress((PACKED / "usr/share/man/man1/faultline.1.gz").read_bytes()).decode()
        self.assertEqual(man, self.output_of("--generate", "man"))
        for shell, place in {
            "bash": "bash-completion/completions/faultline",
            "zsh": "zsh/vendor-completions/_faultline",
            "fish": "fish/vendor_completions.d/faultline.fish",
        }.items():
            self.assertEqual(self.installed(f"share/{place}"), self.output_of("--generate", shell))

    def test_the_links_of_its_documentation_lead_somewhere(self):
        documentation = PACKED / "usr/share/doc/faultline"
        self.assertTrue((documentation / "CHANGELOG.md").exists())
        pages = sorted(
            path.relative_to(documentation).as_posix() for path in documentation.rglob("*.md")
        )
        self.assertIn("docs/start.md", pages)

        def read(name):
            return (documentation / name).read_text(encoding="utf-8")

        broken = [one for page in pages for one in docs_test.broken_links(
            page, read(page), lambda place: (documentation / place).exists(), read)]  # fmt: skip
        self.assertEqual(broken, [])

    def test_the_program_says_what_it_is(self):
        self.assertRegex(self.output_of("--version"), r"\Afaultline \d+\.\d+\.\d+\n")
        self.assertIn("mmap-view", self.output_of("list", "strategies"))

    def test_a_run_and_its_page(self):
        self.run_small("--strategy", "read-write", "--strategy", "mmap-view")
        # The source tree has the pages' Python too; this tells whose it is.
        module = PACKED / "usr/share/faultline/plots/faultline_plots/__init__.py"
        before = module.read_bytes()
        self.addCleanup(module.write_bytes, before)
        module.write_bytes(before + b'\nimport sys\nprint("of the package", file=sys.stderr)\n')
        result = self.faultline("report", "out")
        if result.returncode == SKIPPED:
            print("not checked: the page of a run:", result.stderr.strip(), file=sys.stderr)
            return
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("of the package", result.stderr)
        self.assertIn("mmap-view", (self.folder / "out/report.html").read_text(encoding="utf-8"))

    def test_its_headers_are_the_public_ones_and_their_tag(self):
        public = {path.name for path in (ROOT / "include/faultline").iterdir()}
        packed = {path.name for path in (PACKED / "usr/include/faultline").iterdir()}
        self.assertEqual(packed, public | {"abi_tag.h"})

    def test_a_strategy_is_built_against_its_headers(self):
        built = self.folder / "built"
        configure_example(PACKED / "usr", built)
        call(CMAKE, "--build", built)
        self.run_small("--plugin", built / "last_block.so", "--strategy", "last-block")
        for repetition in repetitions_of(self.document()):
            self.assertIs(repetition["verified"], True, repetition["error"])

    def test_the_shells_take_its_completions(self):
        completion = PACKED / "usr/share/bash-completion/completions/faultline"
        result = subprocess.run(
            ["bash", "--norc", "-c", COMPLETE, "bash", completion], capture_output=True, text=True
        )
        self.assertEqual((result.stdout, result.stderr), ("temporary existing memory all\n", ""))


if __name__ == "__main__":
    unittest.main()

"""The public headers (include/faultline): they stand alone, they are what is installed, and the tag
that ties plug-ins to a program covers them and nothing else.

Each check is a function on texts or folders, so that a bad one shows that it can fail.
"""

import concurrent.futures
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import PATIENCE, PROGRAM, ROOT

BUILD = os.environ.get("FAULTLINE_BUILD", "build")
CMAKE = os.environ.get("FAULTLINE_CMAKE", "cmake")
COMPILER = os.environ.get("FAULTLINE_COMPILER", "c++")

# A specification that is longer is not read.
MOST_HEADERS = 20
PUBLIC = sorted(path.name for path in (ROOT / "include/faultline").iterdir())
# What the build makes of them and installs beside them.
TAG_HEADER = "abi_tag.h"

INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
SYMBOL = re.compile(r"\bfaultline_strategies_\w+")


def foreign_includes(text, public):
    """What a text includes besides public headers and those of the C++ standard library, which have
    no suffix.
    """
    allowed = {f'"faultline/{name}"' for name in public}
    return [
        name
        for name in INCLUDE.findall(text)
        if name not in allowed and not re.fullmatch(r"<[a-z_]+>", name)
    ]


def compile_alone(name, include_folder):
    """What the compiler says of a source file that includes this header and nothing else."""
    command = [
        COMPILER,
        "-std=c++20",
        "-fsyntax-only",
        "-Wall",
        "-Wextra",
        "-Werror",
        f"-I{include_folder}",
    ]
    result = subprocess.run(
        [*command, "-x", "c++", "-"],
        input=f'#include "faultline/{name}"\n',
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return (
        result.stdout
        + result.stderr
        + (f"exit code {result.returncode}" if result.returncode else "")
    )


def headers_under(folder):
    """Name and content of every header at any depth, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.h"))
    }


def tag_of(include_folder, names, version="1.2.3"):
    """The symbol that the build's script makes of headers."""
    with tempfile.TemporaryDirectory(prefix="faultline-tag-test-") as work:
        header, source = pathlib.Path(work) / "tag.h", pathlib.Path(work) / "tag.cc"
        subprocess.run(
            [
                CMAKE,
                f"-DFOLDER={include_folder}",
                f"-DHEADERS={','.join(names)}",
                f"-DVERSION={version}",
                f"-DHEADER={header}",
                f"-DSOURCE={source}",
                "-P",
                ROOT / "cmake/AbiTag.cmake",
            ],
            check=True,
            timeout=PATIENCE,
        )
        (symbol,) = set(SYMBOL.findall(header.read_text(encoding="utf-8")))
        if symbol not in SYMBOL.findall(source.read_text(encoding="utf-8")):
            raise AssertionError("the program's side of the tag has another symbol")
        return symbol


def digest_of(headers):
    """What the tag is to hold of headers: a digest of their names and contents, worked out without
    the script.
    """
    lines = [
        f"{name} {hashlib.sha256(content).hexdigest()}\n"
        for name, content in sorted(headers.items())
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


class PublicHeadersTest(unittest.TestCase):
    installed = pathlib.Path()

    @classmethod
    def setUpClass(cls):
        work = pathlib.Path(tempfile.mkdtemp(prefix="faultline-headers-test-"))
        cls.addClassCleanup(shutil.rmtree, work)
        cls.installed = work / "installed"
        subprocess.run(
            [CMAKE, "--install", BUILD, "--prefix", cls.installed],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )

    def test_they_are_few(self):
        self.assertTrue(PUBLIC)
        self.assertLessEqual(len(PUBLIC), MOST_HEADERS)

    def test_they_include_each_other_and_the_standard_library_only(self):
        for name in PUBLIC:
            text = (ROOT / "include/faultline" / name).read_text(encoding="utf-8")
            self.assertEqual(foreign_includes(text, [*PUBLIC, TAG_HEADER]), [], name)

    def test_the_example_includes_these_and_the_standard_library_only(self):
        sources = [path for path in (ROOT / "examples").rglob("*") if path.suffix in (".cc", ".h")]
        self.assertTrue(sources)
        for path in sources:
            text = path.read_text(encoding="utf-8")
            self.assertIn('#include "faultline/', text)
            self.assertEqual(foreign_includes(text, PUBLIC), [], path)

    def test_exactly_these_are_installed(self):
        found = headers_under(self.installed)
        tag = found.pop(f"include/faultline/{TAG_HEADER}")
        self.assertRegex(tag.decode(), SYMBOL)
        sources = headers_under(ROOT / "include")
        self.assertEqual(found, {f"include/{name}": content for name, content in sources.items()})

    def test_each_compiles_alone_where_it_is_installed(self):
        names = [*PUBLIC, TAG_HEADER]
        folders = [self.installed / "include"] * len(names)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            said = list(pool.map(compile_alone, names, folders))
        self.assertEqual([f"{name}: {text}" for name, text in zip(names, said) if text], [])

    def test_the_program_has_the_tag_of_these(self):
        names = [f"faultline/{name}" for name in PUBLIC]
        text = (self.installed / "include/faultline" / TAG_HEADER).read_text(encoding="utf-8")
        (symbol,) = set(SYMBOL.findall(text))
        (parts,) = re.findall(r"^faultline_strategies_(\d+_\d+_\d+)_([0-9a-f]{12})$", symbol)
        version, digest = parts
        self.assertEqual(digest, digest_of(headers_under(ROOT / "include")))
        self.assertEqual(symbol, tag_of(ROOT / "include", names, version.replace("_", ".")))
        self.assertIn(symbol.encode(), pathlib.Path(PROGRAM).read_bytes())

    def test_a_change_in_any_of_these_changes_the_tag_and_one_elsewhere_does_not(self):
        names = [f"faultline/{name}" for name in PUBLIC]
        before = tag_of(ROOT / "include", names)
        with tempfile.TemporaryDirectory(prefix="faultline-tree-test-") as work:
            tree = pathlib.Path(work)
            for folder in ("include", "harness", "strategies"):
                shutil.copytree(ROOT / folder, tree / folder)
            internal = [
                path for path in tree.rglob("*.h") if not path.is_relative_to(tree / "include")
            ]
            self.assertGreater(len(internal), MOST_HEADERS)
            for header in internal:
                header.write_bytes(header.read_bytes() + b"// one more line\n")
            self.assertEqual(tag_of(tree / "include", names), before)
            seen = {before}
            for name in names:
                header = tree / "include" / name
                header.write_bytes(header.read_bytes() + b"// one more line\n")
                after = tag_of(tree / "include", names)
                self.assertNotIn(after, seen, name)
                seen.add(after)
        self.assertNotEqual(tag_of(ROOT / "include", names[1:]), before)
        self.assertNotEqual(tag_of(ROOT / "include", names, version="1.2.4"), before)


class ChecksTest(unittest.TestCase):
    """That the checks fail where they should, and only there."""

    def test_includes(self):
        good = (
            '// "x.h"\n#pragma once\n#include <string_view>\n'
            '  # include "faultline/a.h"\n#include <bit>\n'
        )
        self.assertEqual(foreign_includes(good, ["a.h"]), [])
        bad = (
            '#include "harness/base/text.h"\n#include <fcntl.h>\n#include <sys/mman.h>\n'
            '#include "a.h"\n#include MACRO\n'
        )
        self.assertEqual(len(foreign_includes(bad, ["a.h"])), 5)
        self.assertEqual(
            foreign_includes('#include "faultline/b.h"\n', ["a.h"]), ['"faultline/b.h"']
        )

    def test_compiling(self):
        with tempfile.TemporaryDirectory(prefix="faultline-header-test-") as folder:
            (pathlib.Path(folder) / "faultline").mkdir()
            header = pathlib.Path(folder) / "faultline/a.h"
            header.write_text(
                "#pragma once\n#include <cstdint>\nstruct A { std::uint64_t size = 0; };\n"
            )
            self.assertEqual(compile_alone("a.h", folder), "")
            header.write_text("#pragma once\nstruct A { std::uint64_t size = 0; };\n")
            self.assertNotEqual(compile_alone("a.h", folder), "")


if __name__ == "__main__":
    unittest.main()

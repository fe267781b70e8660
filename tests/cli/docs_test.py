"""The documentation holds together: its links lead somewhere, the options it names exist, its words
are the project's.

Each check is a function on texts, so that a bad text shows that it can fail.
"""

import functools
import pathlib
import posixpath
import re
import unittest

from support import CliTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST_README_LINES = 150

# Words that the glossary replaces, and turns of phrase that take a reader time: in no page, and in
# no comment, help or message of SOURCES.
BANNED = (
    "disturbance",
    "undecided",
    "can't be told from",
    "somebody",
    "so many",
    "doings",
    "told apart",
    "not to be had",
)

SOURCES = (
    "harness include strategies workloads claims benchmarks plots/faultline_plots scripts examples"
    " cmake"
)

# Folders whose files pages name in code spans.
FOLDERS = (
    "benchmarks claims cmake docs examples harness include plots results scripts strategies tests"
    " workloads .ci"
)
# What is made by a command, so that it isn't in the tree.
MADE = ("results/calibration.md", "results/calibration.json")

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
LINK = re.compile(
    r"\[[^\[\]]*\]\(<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE
)
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$")
COMMAND = re.compile(r"(?<![\w-])faultline ((?:trace )?[a-z]+)(?=\s|$)")
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")


def split_code(text):
    """The lines as (number, line, whether it is code): in a fence, or indented by four columns
    behind a blank line.
    """
    fence: str | None = None
    indented = False
    blank = True
    for number, line in enumerate(text.splitlines(), 1):
        mark = FENCE.match(line)
        if fence is not None:
            if mark and line.strip().startswith(fence) and line.strip().strip(fence[0]) == "":
                fence = None
            yield number, line, True
        elif mark:
            fence = mark[1]
            yield number, line, True
        else:
            starts = line.startswith(("    ", "\t"))
            indented = starts and (indented or blank)
            blank = not line.strip()
            yield number, line, indented


def prose_of(text):
    """The text with its code blocks as empty lines."""
    return "\n".join("" if code else line for _, line, code in split_code(text))


def anchors_of(text):
    """The anchors of a page's headings, as GitHub makes them."""
    anchors = set()
    for _, line, code in split_code(text):
        heading = None if code else HEADING.match(line)
        if not heading:
            continue
        words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).strip().lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number, first = 0, anchor
        while anchor in anchors:
            number += 1
            anchor = f"{first}-{number}"
        anchors.add(anchor)
    return anchors


def broken_links(name, text, exists, read):
    """What is wrong with the relative links of the page `name`. `exists` and `read` take paths from
    the root.
    """
    for link in LINK.finditer(
        SPAN.sub(lambda span: re.sub(r"[^\n]", " ", span[0]), prose_of(text))
    ):
        target = link[1] or link[2]
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        path, _, anchor = target.partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        if not exists(place):
            yield f"{name}: {target}: there is no {place}"
        elif anchor and (not place.endswith(".md") or anchor not in anchors_of(read(place))):
            yield f"{name}: {target}: {place} has no such heading"


def too_long(name, text, most):
    lines = len(text.splitlines())
    if lines > most:
        yield f"{name}: {lines} lines, more than {most}"


def unlinked(names, index):
    """Pages beside the index that it has no link to."""
    linked = {
        posixpath.normpath((link[1] or link[2]).partition("#")[0])
        for link in LINK.finditer(prose_of(index))
    }
    return [f"{name} is not in the index" for name in names if name not in linked]


def commands_of(text):
    """What a page shows of commands and their options: (line, command, option), where option may be
    None.

    In code an option belongs to the command before it on its line, up to `|`, `&&`, `;` or ` -- `;
    lines that end with a backslash go on. In prose spans of code count, up to the sentence's end;
    one of another program is left out.
    """
    before = ""
    for number, line, code in split_code(text):
        if code:
            before += line
            if before.endswith("\\"):
                before = before[:-1]
                continue
            for part in re.split(r"\||&&|;", before):
                yield from in_command(number, part, None)
            before = ""
            continue
        before = ""
        command = None
        place = 0
        for span in SPAN.finditer(line):
            if re.search(r"[.?!] ", line[place : span.start()]):
                command = None
            place = span.end()
            words = span[2].strip()
            if COMMAND.search(words) or words.startswith("--"):
                for found in in_command(number, words, command):
                    command = found[1]
                    yield found


def in_command(number, words, command):
    words = re.split(r"\s--\s|\s#\s", words)[0]
    place = 0
    for found in [*COMMAND.finditer(words), None]:
        end = found.start() if found else len(words)
        if command is not None:
            for option in OPTION.findall(words[place:end]):
                yield number, command, option
        if found:
            command, place = found[1], found.end()
            yield number, command, None


def unknown_options(name, text, options_of):
    """Commands and options that the program doesn't have. `options_of` gives a command's, or None
    for no command.
    """
    for number, command, option in commands_of(text):
        options = options_of(command)
        if options is None:
            yield f"{name}:{number}: there is no command 'faultline {command}'"
        elif option is not None and option not in options:
            yield f"{name}:{number}: 'faultline {command}' has no {option}"


def banned_words(name, text):
    """Also where comments or string literals break between two of the words."""
    for words in BANNED:
        pattern = r"\b" + r"[\s/#\"]+".join(map(re.escape, words.split()))
        for found in re.finditer(pattern, text, re.IGNORECASE):
            yield f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {words}"


def missing_files(name, text, exists):
    """Files of the tree that a page names in code spans and that aren't there. `exists` takes a
    glob from the root.
    """
    folders = "|".join(map(re.escape, FOLDERS.split()))
    for span in SPAN.finditer(prose_of(text)):
        path = re.match(rf"(?:{folders})/[\w./*-]*", span[2])
        rest = "" if path is None else span[2][path.end() :]
        if (
            path is None
            or rest[:1].strip()
            or re.search(r"[A-Z]{2,}\b(?!\.md|\.txt)|NAME", path[0])
        ):
            continue
        if path[0] not in MADE and not exists(path[0].rstrip("/.")):
            yield f"{name}: there is no {path[0]}"


def without_blank_lines(text):
    return [line for line in text.splitlines() if line.strip()]


def code_blocks(text, language):
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return "".join(blocks)


class DocsTest(CliTest):
    def setUp(self):
        super().setUp()
        self.docs = sorted(
            path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")
        )
        self.pages = ["README.md", *self.docs]

    def read(self, name):
        return (ROOT / name).read_text(encoding="utf-8")

    def in_all(self, check, names, *more):
        return [problem for name in names for problem in check(name, self.read(name), *more)]

    @functools.lru_cache(maxsize=None)
    def options_of(self, command):
        if command == "help":
            return set()
        result = self.faultline(*command.split(), "--help")
        return None if result.returncode != 0 else set(OPTION.findall(result.stdout)) | {"--help"}

    def assert_none(self, problems):
        self.assertEqual([], problems, "\n" + "\n".join(problems))

    def test_links_lead_to_files_and_headings(self):
        names = [*self.pages, "CHANGELOG.md"]
        self.assert_none(
            self.in_all(broken_links, names, lambda place: (ROOT / place).exists(), self.read)
        )

    def test_the_readme_is_short(self):
        self.assert_none(self.in_all(too_long, ["README.md"], MOST_README_LINES))

    def test_the_index_has_every_page(self):
        names = [name.removeprefix("docs/") for name in self.docs if name != "docs/README.md"]
        self.assert_none(unlinked(names, self.read("docs/README.md")))

    def test_options_are_those_of_the_program(self):
        self.assertIn("--records", self.options_of("run"))
        self.assert_none(self.in_all(unknown_options, self.pages, self.options_of))

    def test_words_are_those_of_the_glossary(self):
        self.assert_none(self.in_all(banned_words, [*self.pages, "CHANGELOG.md"]))

    def test_sources_use_the_words_of_the_glossary(self):
        files = [
            path.relative_to(ROOT).as_posix()
            for folder in SOURCES.split()
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        ]
        self.assertIn("harness/cli/main.cc", files)
        self.assert_none(self.in_all(banned_words, files))

    def test_files_that_are_named_exist(self):
        self.assert_none(
            self.in_all(missing_files, self.pages, lambda place: any(ROOT.glob(place)))
        )

    def test_the_example_of_a_strategy_is_the_one_in_the_tree(self):
        page = self.read("docs/writing-a-strategy.md")
        for language, name in (("cpp", "last_block.cc"), ("cmake", "CMakeLists.txt")):
            example = self.read(f"examples/strategy/{name}")
            self.assertEqual(
                without_blank_lines(code_blocks(page, language)), without_blank_lines(example)
            )


class ChecksTest(unittest.TestCase):
    """That the checks fail where they should, and only there."""

    def test_anchors(self):
        page = (
            "# One page: `run`, and more?\n## A [link](x.md)\n## A link\n"
            "```\n# no heading\n```\n\n    # nor this\n"
        )
        self.assertEqual(anchors_of(page), {"one-page-run-and-more", "a-link", "a-link-1"})

    def test_links(self):
        def wrong(text):
            tree = {"docs/a.md": "# Here\n", "docs/b.md": text, "README.md": "", "docs": ""}
            return len([*broken_links("docs/b.md", text, tree.__contains__, tree.get)])

        self.assertEqual(
            wrong("[a](a.md) [b](a.md#here) [c](../README.md) [d](https://x.y/z#q) ![e](../docs)"),
            0,
        )
        self.assertEqual(
            wrong(
                "# Me\n[me](#me) and `[x](none.md)`\n\n    [x](none.md)\n```\n[x](none.md)\n```\n"
            ),
            0,
        )
        self.assertEqual(wrong("[a link over\ntwo lines](c.md)"), 1)
        self.assertEqual(
            wrong("[`code`](c.md) [a](a.md#there) [b](#there) [c](../README.md#x) [d](../docs#x)"),
            5,
        )
        self.assertEqual(wrong("[a]: c.md\n"), 1)

    def test_length(self):
        self.assertEqual([*too_long("x", "a\nb\n", 2)], [])
        self.assertEqual(len([*too_long("x", "a\nb\nc", 2)]), 1)

    def test_index(self):
        self.assertEqual(unlinked(["a.md", "b.md"], "[a](a.md) [b](./b.md#x)"), [])
        self.assertEqual(len(unlinked(["a.md", "b.md"], "[a](a.md) `[b](b)` b.md")), 1)

    def test_options(self):
        known = {"run": {"--records", "--cost"}, "trace record": {"--file"}}

        def wrong(text):
            return [problem.split(": ", 1)[1] for problem in unknown_options("x", text, known.get)]

        self.assertEqual(
            wrong("`faultline run --records 3`, with `--cost=on`, not `cmake --install`.\n"), []
        )
        self.assertEqual(wrong("text faultline soon --x; `--x` of something else\n"), [])
        self.assertEqual(wrong("`faultline run` is one. Another command has `--file`.\n"), [])
        self.assertEqual(
            wrong("    faultline trace record --file 'x' -- cmd --other | grep --more\n"), []
        )
        self.assertEqual(
            wrong("```\nbuild/bin/faultline run \\\n    --records 1   # --none\n```\n"), []
        )
        self.assertEqual(
            wrong("a `faultline run` with `--record` here\n"), ["'faultline run' has no --record"]
        )
        self.assertEqual(wrong("    faultline run --file\n"), ["'faultline run' has no --file"])
        self.assertEqual(
            wrong("    faultline run --plan && faultline trace record --plan\n"),
            ["'faultline run' has no --plan", "'faultline trace record' has no --plan"],
        )
        self.assertEqual(wrong("```\nfaultline run --records 1 \\\n    --plan 1\n```\n"),
                         ["'faultline run' has no --plan"])  # fmt: skip
        self.assertEqual(wrong("    faultline rum\n"), ["there is no command 'faultline rum'"])

    def test_words(self):
        self.assertEqual(
            [*banned_words("x", "The noise floor is interference, and so much more.")], []
        )
        self.assertEqual([*banned_words("x", "a\nSo\nmany")], ["x:2: so many"])
        self.assertEqual([*banned_words("x", "// told\n  // apart")], ["x:1: told apart"])
        self.assertEqual([*banned_words("x", '"so "\n    "many"')], ["x:1: so many"])
        self.assertEqual(
            len([*banned_words("x", "Somebody can't be told from\nundecided disturbances")]), 4
        )

    def test_files(self):
        def wrong(text):
            return len([*missing_files("x", text, lambda place: any(ROOT.glob(place)))])

        self.assertEqual(
            wrong(
                "`harness/verdict/comparison.h` `strategies/*.cc` `harness/os/`"
                " `scripts/test -L fast`"
            ),
            0,
        )
        self.assertEqual(
            wrong("`strategies/NAME.cc` `a/b` `results/calibration.md`\n\n    `harness/none.h`\n"),
            0,
        )
        self.assertEqual(
            wrong("`harness/verdict/compare.h` `strategies/*.xy` `tests/none/` `scripts/none --x`"),
            4,
        )

    def test_examples(self):
        page = "```cpp\nint a;\n\n```\ntext\n```cmake\nx\n```\n```cpp\nint b;\n```\n"
        self.assertEqual(without_blank_lines(code_blocks(page, "cpp")), ["int a;", "int b;"])
        self.assertNotEqual(without_blank_lines(code_blocks(page, "cpp")), ["int a;", "int c;"])


if __name__ == "__main__":
    unittest.main()

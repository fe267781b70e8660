"""Running the program in a directory of its own, and taking its pages apart."""

import contextlib
import io
import json
import re
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

from faultline_plots.__main__ import main

HOSTILE = "read-write:name=<script>alert(1)</script>&\"'$a_b$\\frac"


class Elements(HTMLParser):
    """Start tags, ids, and the text of a page; complains of tags that don't match."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.ids, self.open, self.text = [], [], [], []
        self.feed(page)

    @property
    def words(self):
        """The text that is shown, with one space between words and between elements."""
        return " ".join(" ".join(self.text).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for name, value in attributes if name == "id"]

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def run_main(*arguments):
    """(exit code, stdout, stderr) of the program."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return code, out.getvalue(), err.getvalue()


class InDirectory(unittest.TestCase):
    # The names of the files.
    DOCUMENT: str
    PAGE: str

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.directory = Path(self._directory.name)

    def page_of(self, document):
        """The page that the program makes of it."""
        (self.directory / self.DOCUMENT).write_text(json.dumps(document), encoding="utf-8")
        code, out, err = run_main(self.directory)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines()[-1], str(self.directory / self.PAGE))
        return (self.directory / self.PAGE).read_text(encoding="utf-8")

    def words_of(self, document):
        return Elements(self.page_of(document)).words

    def stands_alone(self, page):
        """Checks that the page is whole and needs nothing else, and each chart is a file too. Gives
        its elements.
        """
        elements = Elements(page)
        self.assertEqual(elements.open, [])
        self.assertEqual(len(elements.ids), len(set(elements.ids)))
        self.assertFalse({tag for tag, _ in elements.tags} & {"script", "link", "img", "iframe"})
        for _, attributes in elements.tags:
            for name in ("href", "xlink:href", "src"):
                self.assertTrue(attributes.get(name, "#").startswith("#"), attributes)
        for reference in re.findall(r'(?:href="#|url\(#)([^")]+)', page):
            self.assertIn(reference, elements.ids)
        self.assertNotRegex(re.sub(r'xmlns(:\w+)?="[^"]*"', "", page), "https?://")
        charts = sorted(path.name for path in (self.directory / "charts").iterdir())
        self.assertEqual(len(charts), 2 * page.count("<svg"))
        self.assertEqual({name.rsplit(".", 1)[1] for name in charts}, {"svg", "png"})
        return elements

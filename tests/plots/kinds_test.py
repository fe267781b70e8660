"""Which page is made of what: a document's kind is that of its schema."""

import json
import unittest

import made_up
import made_up_claims
import made_up_crossover
import made_up_powercut
import made_up_trace
import pages
from pages import run_main

_NOTHING: made_up.Json = {"y": None, "points": [], "ranges": [], "crossovers": []}
LEAST = {
    "run.json": (made_up.document([made_up.trial("read-write", [])]), "report.html"),
    "claims.json": (made_up_claims.document([]), "claims.html"),
    "powercut.json": (made_up_powercut.document([]), "powercut.html"),
    "crossover.json": (made_up_crossover.document([_NOTHING]), "crossover.html"),
    "trace.json": (made_up_trace.empty(), "trace.html"),
}


class Dispatch(pages.InDirectory):
    def keep(self, name, document):
        path = self.directory / name
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    def made(self):
        return sorted(path.name for path in self.directory.glob("*.html"))

    def test_each_document_has_its_page(self):
        for name, (document, page) in LEAST.items():
            with self.subTest(name):
                path = self.keep("document.json", document)
                self.assertEqual(run_main(path), (0, f"{self.directory / page}\n", ""))
                self.assertTrue((self.directory / page).exists())

    def test_a_directory_stands_for_the_document_in_it(self):
        for name, (document, page) in LEAST.items():
            with self.subTest(name):
                path = self.keep(name, document)
                self.assertEqual(run_main(self.directory), (0, f"{self.directory / page}\n", ""))
                path.unlink()

    def test_a_directory_of_several_gives_a_page_each_and_the_runs_last(self):
        for name, (document, _) in LEAST.items():
            self.keep(name, document)
        code, out, err = run_main(self.directory)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(
            self.made(),
            ["claims.html", "crossover.html", "powercut.html", "report.html", "trace.html"],
        )
        self.assertEqual(len(out.splitlines()), 5)
        self.assertEqual(out.splitlines()[-1], str(self.directory / "report.html"))

    def test_a_document_named_alone_leaves_those_beside_it(self):
        for name, (document, _) in LEAST.items():
            self.keep(name, document)
        run_main(self.directory / "claims.json")
        self.assertEqual(self.made(), ["claims.html"])

    def test_pages_go_where_they_are_asked_to_go(self):
        self.keep("claims.json", LEAST["claims.json"][0])
        output = self.directory / "new" / "folder"
        self.assertEqual(run_main(self.directory, "--output", output)[0], 0)
        self.assertEqual(sorted(path.name for path in output.iterdir()), ["charts", "claims.html"])
        self.assertEqual(self.made(), [])

    def test_one_that_is_cut_off_keeps_no_page_from_the_others(self):
        self.keep("run.json", LEAST["run.json"][0])
        whole = json.dumps(LEAST["claims.json"][0])
        self.keep("claims.json", whole[: len(whole) // 2])
        code, out, err = run_main(self.directory)
        self.assertEqual(code, 2)
        self.assertEqual(out, f"{self.directory / 'report.html'}\n")
        self.assertEqual(err.count("\n"), 1)
        self.assertIn("claims.json: line 1, column", err)
        self.assertEqual(self.made(), ["report.html"])

    def test_a_directory_without_any_is_one_line(self):
        code, out, err = run_main(self.directory)
        self.assertEqual((code, out, err.count("\n")), (2, "", 1))
        self.assertIn(
            "holds no run.json, claims.json, powercut.json, crossover.json or trace.json", err
        )

    def test_another_schema_or_none_is_one_line_that_names_those_known(self):
        for schema in ("faultline-claims/2", "other/1", None, 7, ["faultline-run/2"], "x\n" * 99):
            with self.subTest(schema):
                path = self.keep("claims.json", {"schema": schema, "claims": []})
                code, out, err = run_main(path)
                self.assertEqual((code, out, err.count("\n")), (2, "", 1))
                self.assertLess(len(err), 400)
                for known in ("faultline-run/2", "faultline-claims/1", "faultline-powercut/1"):
                    self.assertIn(f'"{known}"', err)
                if schema == "faultline-claims/2":
                    self.assertIn('found "faultline-claims/2"', err)

    def test_nothing_but_an_object_is_a_document(self):
        for document in ([], 3, None, "faultline-run/2"):
            with self.subTest(document):
                code, out, err = run_main(self.keep("claims.json", json.dumps(document)))
                self.assertEqual((code, out, err.count("\n")), (2, "", 1))


if __name__ == "__main__":
    unittest.main()

"""The gate of the documents: what a schema doesn't know, or misses, is refused; and their page is
made from the schemas.
"""

import copy
import json
import pathlib
import tempfile
import unittest

from support import ROOT, CliTest, load_script, validate


def objects_of(schema):
    """Every object with fixed members in a schema."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type", "object") != "array":
            yield schema
        for value in schema.values():
            yield from objects_of(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects_of(value)


class SchemaTest(CliTest):
    def refusals(self, document):
        """What the validator prints of the document; "" if it is fine."""
        with tempfile.TemporaryDirectory(prefix="faultline-schema-test-") as folder:
            path = pathlib.Path(folder) / "document.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            result = validate([path])
        self.assertEqual(result.returncode, 1 if result.stdout else 0, result.stderr)
        return result.stdout

    def test_a_field_too_many_or_too_few_is_refused_wherever_it_is(self):
        self.run_small("--strategy", "read-write", "--strategy", "mmap-view")
        document = self.document()
        self.assertEqual(self.refusals(document), "")
        for path in (
            (),
            ("trials", 0),
            ("trials", 0, "repetitions", 0),
            ("comparisons", 0),
            ("groups", 0),
        ):
            more, less = copy.deepcopy(document), copy.deepcopy(document)
            at_more, at_less = more, less
            for step in path:
                at_more, at_less = at_more[step], at_less[step]
            at_more["novelty"] = 1
            self.assertIn("'novelty'", self.refusals(more), path)
            lost = next(name for name in at_less if name != "schema")
            del at_less[lost]
            self.assertIn(f"'{lost}'", self.refusals(less), path)
        wrong = copy.deepcopy(document)
        wrong["comparisons"][0]["verdict"] = "undecided"
        self.assertIn("verdict", self.refusals(wrong))

    def test_documents_that_are_not_ours_are_left_alone(self):
        for other in ([], {"schema": "somebody/1"}, {"context": {}}, 5):
            self.assertEqual(self.refusals(other), "")

    def test_every_object_of_every_schema_closes_its_gate(self):
        for path in sorted((ROOT / "docs" / "schema").glob("*.schema.json")):
            for found in objects_of(json.loads(path.read_text(encoding="utf-8"))):
                self.assertIs(
                    found.get("additionalProperties"),
                    False,
                    f"{path.name}: {list(found['properties'])}",
                )
                for name, field in found["properties"].items():
                    if "$ref" not in field:
                        self.assertTrue(field.get("description"), f"{path.name}: {name}")

    def test_the_committed_documents_keep_their_schemas(self):
        documents = sorted((ROOT / "results").rglob("*.json"))
        self.assertGreater(len(documents), 2)
        result = validate(documents)
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_the_page_of_fields_is_made_from_the_schemas(self):
        script = load_script("schema-reference")
        page = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")
        self.assertEqual(
            script.page(script.load_schemas()), page, "run scripts/schema-reference --write"
        )


if __name__ == "__main__":
    unittest.main()

"""The filled documents keep their schemas, and fill every field that a schema has: a field that one
side lacks is seen.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "cli"))
from support import PATIENCE, validate  # noqa: E402

WRITER = os.environ["FAULTLINE_DOCUMENT_WRITER"]

# Fields that only some documents have: not those that the same program writes and reads.
NOT_FILLED = {"run.schema.json": {"judged_anew"}}


class Filled:
    """Walks a document along its schema, and remembers which fields had a value."""

    def __init__(self, schema):
        self.schema = schema
        self.known = set()
        self.seen = set()

    def resolved(self, schema):
        while "$ref" in schema:
            schema = self.schema["$defs"][schema["$ref"].rpartition("/")[2]]
        return schema

    def walk(self, schema, value, place=""):
        schema = self.resolved(schema)
        for one in schema.get("anyOf", ()):
            if value is not None and self.resolved(one).get("type") != "null":
                self.walk(one, value, place)
        if isinstance(value, list):
            first = schema.get("prefixItems", [])
            others = schema.get("items") or {}
            for i, element in enumerate(value):
                self.walk(first[i] if i < len(first) else others, element, place)
        elif isinstance(value, dict):
            fields = schema.get("properties", {})
            entries = schema.get("additionalProperties")
            for name, field in fields.items():
                self.known.add((place, name))
                if value.get(name) is not None:
                    self.seen.add((place, name))
                    self.walk(field, value[name], f"{place}.{name}")
            if isinstance(entries, dict):
                for name in value.keys() - fields.keys():
                    self.walk(entries, value[name], f"{place}.*")


class FilledDocumentsTest(unittest.TestCase):
    documents: list[pathlib.Path] = []

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="faultline-document-test-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run([WRITER, str(folder)], check=True, timeout=PATIENCE)
        cls.documents = sorted(folder.glob("*.json"))

    def test_filled_documents_keep_their_schemas(self):
        self.assertTrue(self.documents)
        result = validate(self.documents)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_filled_documents_have_every_field_of_their_schemas(self):
        for path in self.documents:
            schema_path = ROOT / "docs" / "schema" / f"{path.stem}.schema.json"
            schema = json.loads(schema_path.read_text(encoding="utf-8"))
            document = json.loads(path.read_text(encoding="utf-8"))
            self.assertEqual(document["schema"], schema["properties"]["schema"]["const"])
            filled = Filled(schema)
            filled.walk(schema, document)
            left_out = NOT_FILLED.get(schema_path.name, set())
            empty = sorted(
                f"{place}.{name}"
                for place, name in filled.known - filled.seen
                if name not in left_out
            )
            self.assertEqual(empty, [], schema_path.name)


if __name__ == "__main__":
    unittest.main()

"""Validates documents against docs/schema: `validate_documents.py FILE…`.

A JSON file that names no schema of ours is left out. Exit code 1, with a line for each violation,
if there is any.
"""

import json
import pathlib
import sys

import jsonschema

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "schema"
MOST_SHOWN = 5


def load_schemas(folder=FOLDER):
    """{name in the document: validator}."""
    validators = {}
    for path in sorted(folder.glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[schema["properties"]["schema"]["const"]] = jsonschema.Draft202012Validator(
            schema
        )
    return validators


def violations(document, validators):
    """Lines "field: what is wrong"; [] for a document that names none of the schemas."""
    name = document.get("schema") if isinstance(document, dict) else None
    if name not in validators:
        return []
    errors = sorted(
        validators[name].iter_errors(document),
        key=lambda error: list(map(str, error.absolute_path)),
    )
    return [f"{error.json_path}: {error.message[:300]}" for error in errors]


def main(paths):
    validators = load_schemas()
    wrong = False
    for path in paths:
        try:
            document = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        except ValueError:
            continue
        found = violations(document, validators)
        wrong |= bool(found)
        for line in found[:MOST_SHOWN]:
            print(f"{path}: {line}")
        if len(found) > MOST_SHOWN:
            print(f"{path}: and {len(found) - MOST_SHOWN} more")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Every test has exactly one of the labels by which commands choose them, and a name under which
CTest runs it.

Usage: labels_test.py CTEST BUILD_DIRECTORY
"""

import json
import pathlib
import re
import subprocess
import sys

LABELS = {"fast", "machine", "slow"}
HERE = pathlib.Path(__file__).parent
CASE = re.compile(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')


def wrong_labels(tests):
    if not tests:
        yield "no test at all"
    names = set()
    for test in tests:
        name, properties = test["name"], {p["name"]: p["value"] for p in test["properties"]}
        labels = properties.get("LABELS", [])
        if len(labels) != 1 or not LABELS.issuperset(labels):
            yield f"{name}: its labels are {labels}, not one of {sorted(LABELS)}"
        if name in names:
            yield f"{name}: two tests have this name"
        names.add(name)


def wrong_names(path):
    """CTest takes a semicolon for the end of a name: what lies before and behind it are two tests,
    which run nothing and pass.
    """
    for case in CASE.finditer(path.read_text(encoding="utf-8")):
        if ";" in case[1]:
            yield f"{path.relative_to(HERE)}: a semicolon in {' '.join(case[1].split())}"


def main(ctest, build):
    shown = subprocess.run([ctest, "--test-dir", build, "--show-only=json-v1"], capture_output=True,
                           text=True, check=True).stdout  # fmt: skip
    wrong = [*wrong_labels(json.loads(shown)["tests"])]
    for path in sorted(HERE.rglob("*.cc")):
        wrong += wrong_names(path)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

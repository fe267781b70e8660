"""python -m faultline_plots DOCUMENT_OR_DIR [--output DIR]: draws the page of a document.

run.json becomes report.html, claims.json claims.html, powercut.json powercut.html, crossover.json
crossover.html, trace.json trace.html; of a directory, all that it holds. Exit codes: 0 done, 2
wrong use or an unreadable document, 77 when this interpreter lacks a library. Each line on stdout
is the path of a page, the run's the last one.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from faultline_plots.document import LoadError

_NOT_POSSIBLE = 77


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="faultline_plots", description="Draws the page of a Faultline document."
    )
    parser.add_argument(
        "document",
        type=Path,
        help="a run.json, claims.json, powercut.json, crossover.json or trace.json, or its folder",
    )
    parser.add_argument(
        "--output", type=Path, help="directory to write into (default: beside the document)"
    )
    given = parser.parse_args(arguments)
    try:
        from faultline_plots import kinds
    except ImportError as error:
        _complain(
            f"{sys.executable} can't import {error.name}; install python3-matplotlib,"
            " python3-jinja2 and python3-jsonschema, or set FAULTLINE_PYTHON to an interpreter that"
            " has them"
        )
        return _NOT_POSSIBLE
    try:
        paths = kinds.documents(given.document)
    except LoadError as error:
        _complain(error)
        return 2
    # A document that can't be read is no reason to go without the pages of those beside it.
    code = 0
    for path in paths:
        output = given.output or path.parent
        try:
            print(kinds.load(path).write(output))
        except LoadError as error:
            _complain(error)
            code = 2
        except OSError as error:
            _complain(
                f"{error.filename or output}: cannot be written: {error.strerror}; try another"
                " --output"
            )
            code = 2
    return code


def _complain(words: object) -> None:
    print(f"faultline_plots: {words}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

"""python -m faultline_plots RUN_DIR_OR_JSON [--output DIR]: draws the report of a run.

Exit codes: 0 done, 2 wrong use or an unreadable run, 77 when this interpreter lacks a library. The
last line on stdout is the path of report.html.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

_NOT_POSSIBLE = 77


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="faultline_plots", description="Draws the report of a Faultline run from its run.json."
    )
    parser.add_argument("run", type=Path, help="a run.json, or the directory it is in")
    parser.add_argument(
        "--output", type=Path, help="directory to write into (default: beside run.json)"
    )
    given = parser.parse_args(arguments)
    try:
        from faultline_plots import load, report
    except ImportError as error:
        print(
            (
                f"faultline_plots: {sys.executable} can't import {error.name}; install"
                " python3-matplotlib and python3-jinja2, or set FAULTLINE_PYTHON to an interpreter"
                " that has them"
            ),
            file=sys.stderr,
        )
        return _NOT_POSSIBLE
    try:
        run = load.load(given.run)
    except load.LoadError as error:
        print(f"faultline_plots: {error}", file=sys.stderr)
        return 2
    output = given.output or run.path.parent
    try:
        page = report.write(run, output)
    except OSError as error:
        print(
            (
                f"faultline_plots: {error.filename or output}: cannot be written: {error.strerror};"
                " try another --output"
            ),
            file=sys.stderr,
        )
        return 2
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())

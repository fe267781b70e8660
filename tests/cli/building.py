"""What the tests share that build strategies against an installed Faultline."""

import os
import subprocess

from support import PATIENCE, ROOT

COMPILER = os.environ.get("FAULTLINE_COMPILER", "c++")
CMAKE = os.environ.get("FAULTLINE_CMAKE", "cmake")
# What built the program is there; CMake's default generator may not be.
GENERATOR = os.environ.get("FAULTLINE_GENERATOR", "Ninja")
BUILD = os.environ.get("FAULTLINE_BUILD", "build")


def start(*words, **how):
    return subprocess.Popen(
        [str(word) for word in words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        **how,
    )


def finish(processes):
    """What they printed, one text each; all of them must succeed."""
    outputs = []
    for process in processes:
        outputs.append(process.communicate(timeout=PATIENCE)[0])
        if process.returncode != 0:
            raise AssertionError(f"{process.args}: {outputs[-1]}")
    return outputs


def call(*words, **how):
    return finish([start(*words, **how)])[0]


def configure_example(installed, folder):
    """Makes `folder` the build of the example of a strategy, against the package that is installed
    in `installed`.
    """
    call(
        CMAKE, "-G", GENERATOR, "-S", ROOT / "examples/strategy", "-B", folder,
        f"-DCMAKE_PREFIX_PATH={installed}", f"-DCMAKE_CXX_COMPILER={COMPILER}",
        "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror",
    )  # fmt: skip

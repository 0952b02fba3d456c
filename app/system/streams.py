"""What a program reads from and writes to where nobody is: without a terminal, or closed."""

from __future__ import annotations

import os
import sys


def open_missing_streams() -> None:
    """Let what would be said go nowhere, and nothing come, instead of failing on ``None``.

    On Windows the terminal has ``wordlight-cli.exe``; but whoever gives a command to
    ``wordlight.exe`` gets it done all the same, and its exit status. Elsewhere a script may
    have closed them.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Open as long as the program runs, as the streams of every other program are.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115

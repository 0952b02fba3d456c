"""Start Wordlight: the window, or one of the commands of the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run Wordlight with the given arguments; gives the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    # The commands need no Qt and the window no parser: import only what is used.
    if arguments and (arguments[0] in _COMMANDS or arguments[0] in _QUESTIONS):
        from app.cli import commands

        return commands.run(arguments)
    from app.bootstrap.window import run_window

    return run_window(arguments)


_COMMANDS = frozenset({"transcribe", "export", "import", "list", "doctor"})
_QUESTIONS = frozenset({"-h", "--help", "--version"})

if __name__ == "__main__":
    sys.exit(main())

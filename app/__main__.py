"""Start Wordlight: the window, or one of the commands of the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run Wordlight with the given arguments; gives the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    # The commands need no Qt and the window no parser: import only what is used.
    if arguments and (arguments[0] in _COMMANDS or arguments[0] in _QUESTIONS):
        from app.cli import commands

        return commands.run(arguments)
    for argument in arguments:
        if argument.startswith("-") and not os.path.lexists(argument):
            from app.cli import commands

            commands.refuse(argument)
    if not _may_have_screen():
        print(  # noqa: T201 - there is nowhere else
            "wordlight: There is no screen to open the window on; "
            "“wordlight transcribe FILES…” needs none.",
            file=sys.stderr,
        )
        return 1
    from app.bootstrap.window import run_window

    return run_window(arguments)


def _may_have_screen() -> bool:
    """Tell whether Qt can be tried: without a display it would abort the process."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))


_COMMANDS = frozenset({"transcribe", "export", "import", "list", "doctor"})
_QUESTIONS = frozenset({"-h", "--help", "--version"})

if __name__ == "__main__":
    sys.exit(main())

"""Start Wordlight: the window, or one of the commands of the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run Wordlight with the given arguments; gives the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if getattr(sys, "frozen", False) and sys.platform.startswith("linux"):
        from app.system.children import leave_loader_alone

        leave_loader_alone()
    if arguments and arguments[0].startswith("--") and _was_a_part(arguments):
        return 0
    # The commands need no Qt and the window no parser: import only what is used.
    if arguments and (arguments[0] in _COMMANDS or arguments[0] in _QUESTIONS):
        from app.cli import commands

        return commands.run(arguments)
    for argument in arguments:
        if argument.startswith("-") and not os.path.lexists(argument):
            from app.cli import commands

            commands.refuse(argument)
    from app.probe import may_have_screen

    if not may_have_screen():
        print(  # noqa: T201 - there is nowhere else
            "wordlight: There is no screen to open the window on; "
            "“wordlight transcribe FILES…” needs none.",
            file=sys.stderr,
        )
        return 1
    from app.bootstrap.window import run_window

    return run_window(arguments)


def _was_a_part(arguments: Sequence[str]) -> bool:
    """Be a part of the program in a process of its own, if that is what is asked for."""
    from app.system.children import OwnChild

    if arguments[0] == OwnChild.RECOGNISER:
        from app.ondevice.worker import main as recognise

        recognise()
        return True
    if arguments[0] == OwnChild.SPELLER:
        from app.ondevice.spelling_worker import main as spell

        spell()
        return True
    if arguments[0] == OwnChild.PROBE:
        from app.probe import main as probe

        probe(arguments[1:])
        return True
    return False


_COMMANDS = frozenset({"transcribe", "export", "import", "list", "doctor"})
_QUESTIONS = frozenset({"-h", "--help", "--version"})

if __name__ == "__main__":
    sys.exit(main())

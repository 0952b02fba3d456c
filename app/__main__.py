"""Start Wordlight: the window, or one of the commands of the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run Wordlight with the given arguments; gives the exit status."""
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:  # before there was anything to put away
        return _STOPPED


def _run(argv: Sequence[str]) -> int:
    arguments = list(argv)
    if None in (sys.stdin, sys.stdout, sys.stderr):
        # Before a file is opened: it would get the number of what is missing, and whatever
        # a child says would be written into it.
        from app.system.streams import open_missing_streams

        open_missing_streams()
    if getattr(sys, "frozen", False):
        _begin_frozen()
    if arguments and arguments[0].startswith("--"):
        code = _be_a_part(arguments)
        if code is not None:
            return code
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
        from app.cli import commands

        commands.tell_no_screen()
        return 1
    from app.bootstrap.plain_imports import import_plainly

    import_plainly()  # before the next line, which imports much
    from app.bootstrap.window import run_window

    return run_window(arguments)


def _begin_frozen() -> None:
    """Do what only a bundle has to: whatever is put in its place later is another build."""
    from app.system.children import leave_loader_alone
    from app.system.resources import build_name

    build_name()
    if sys.platform.startswith("linux"):
        leave_loader_alone()


def _be_a_part(arguments: Sequence[str]) -> int | None:
    """Be a part of the program in a process of its own, if that is what is asked for.

    Returns:
        The exit status, or nothing if something else is asked for.
    """
    from app.system.children import OTHER_BUILD, OwnChild
    from app.system.resources import build_name

    part, *rest = arguments
    if part not in tuple(OwnChild):
        return None
    if rest[:1] != [build_name()]:
        return OTHER_BUILD
    if part == OwnChild.RECOGNISER:
        from app.ondevice.worker import main as recognise

        recognise()
    elif part == OwnChild.SPELLER:
        from app.ondevice.spelling_worker import main as spell

        spell()
    elif part == OwnChild.CAPTURE:
        from app.capture.worker import main as record

        record()
    else:
        from app.probe import main as probe

        probe(rest[1:])
    return 0


_STOPPED = 130
"""As shells have it for a program that was interrupted."""
_COMMANDS = frozenset({"transcribe", "export", "import", "list", "record", "dictate", "doctor"})
_QUESTIONS = frozenset({"-h", "--help", "--version"})

if __name__ == "__main__":
    sys.exit(main())

"""Run one command of the command line and turn its end into an exit status."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Sequence
from typing import Any, NoReturn

from app.cli.arguments import build_parser, options_of
from app.cli.language import choose_language, said
from app.cli.terminal import (
    StandardOutputError,
    drop_standard_output,
    on_ending,
    take_every_character,
    telling,
)
from app.core.errors import AppError
from app.core.messages import Message, message

FAILED = 1
STOPPED = 130
"""As shells have it for a program that was interrupted."""


def run(argv: Sequence[str]) -> int:
    """Run a command; gives 0, 1 when something failed, 130 when interrupted.

    Raises:
        SystemExit: The usage was wrong (status 2), or help was asked for.
    """
    take_every_character()
    choose_language()
    parser = build_parser()
    arguments = parser.parse_args(argv)
    work: Coroutine[Any, Any, int]
    if arguments.command == "doctor":
        work = _tell_of_this_computer()
    elif arguments.command == "transcribe":
        from app.cli.transcribe import transcribe

        options = options_of(arguments, parser)
        if arguments.end is not None and arguments.end <= options.start_ms:
            parser.error(said("--end is before --start"))
        work = transcribe(arguments, options)
    elif arguments.command == "export":
        from app.cli.export import export

        work = export(arguments)
    elif arguments.command == "record":
        from app.cli.record import record

        work = record(arguments)
    elif arguments.command == "dictate":
        from app.cli.dictate import dictate

        work = dictate(arguments)
    elif arguments.command == "import":
        from app.cli.importing import import_files

        work = import_files(arguments)
    else:
        from app.cli.export import list_transcripts

        work = list_transcripts(in_json=arguments.json)
    try:
        return asyncio.run(_interruptible(work))
    except AppError as error:
        _tell_end(arguments, "failed", error.message)
        return FAILED
    except StandardOutputError as error:
        drop_standard_output()
        _tell_end(arguments, "failed", error.message)
        return FAILED
    except BrokenPipeError:  # whoever reads the texts has had enough
        drop_standard_output()
        return FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        _tell_end(arguments, "stopped", message("stopped; run the same command to continue"))
        return STOPPED


def _tell_end(arguments: argparse.Namespace, event: str, reason: Message) -> None:
    """Say why a command ended: as an event where only events are read."""
    from app.cli.output import STANDARD_OUTPUT
    from app.cli.progress import JsonEvents

    asked = vars(arguments)
    if asked.get("json") and asked.get("output") == STANDARD_OUTPUT:
        JsonEvents(sys.stderr).tell(event, reason=reason.fill())
    else:
        print(f"wordlight: {said(reason)}", file=sys.stderr)


def tell_no_screen() -> None:
    """Say why there is no window."""
    choose_language()
    reason = said(
        "There is no screen to open the window on. “wordlight transcribe FILES…” works "
        "without one."
    )
    print(f"wordlight: {reason}", file=sys.stderr)


def refuse(option: str) -> NoReturn:
    """Say that there is no such option.

    Raises:
        SystemExit: Always, with status 2.
    """
    choose_language()
    build_parser().error(said("unrecognized arguments: %s") % option)


async def _tell_of_this_computer() -> int:
    from app.bootstrap.services import model_folders
    from app.diagnostics import report
    from app.store.paths import AppPaths

    paths = AppPaths.find()
    told = report(paths, model_folders(paths))
    with telling(sys.stdout):
        print(told)
    return 0


async def _interruptible(work: Coroutine[Any, Any, int]) -> int:
    """Let whatever ends a command cancel its work, so that it is put away in order."""
    task = asyncio.ensure_future(work)
    on_ending(task.cancel)
    return await task

"""Ask in a terminal whether sound may leave this computer."""

from __future__ import annotations

import asyncio
import sys
import threading
from decimal import Decimal

from app.cli.language import said
from app.core.messages import message
from app.jobs.consent import Ask, Leaving, host_of


def ask_in_terminal(*, is_agreed: bool) -> Ask:
    """Give who is asked.

    Args:
        is_agreed: It was agreed to on the command line.
    """

    async def ask(leaving: Leaving) -> bool:
        host = host_of(leaving.address)
        if is_agreed:
            return True
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            _say(
                said(
                    message(
                        "Audio would be sent to {host}, which you have not allowed yet. Add "
                        "--send-sound to allow it from now on.",
                        host=host,
                    )
                )
            )
            return False
        _say(
            said(
                message(
                    "Audio is about to be sent to {host}. An hour of it costs about ${hourly}.",
                    host=host,
                    hourly=f"{leaving.dollars_per_hour:.2f}",
                )
            )
        )
        if leaving.dollars is not None:
            cost = max(leaving.dollars, Decimal("0.01"))
            _say(said(message("This time it costs about ${amount}.", amount=f"{cost:.2f}")))
        question = said("Allow it from now on? Type y for yes:")
        print(question, end=" ", file=sys.stderr, flush=True)
        return (await _line()).strip().casefold() in {"y", "yes"}

    return ask


def _say(text: str) -> None:
    print(f"wordlight: {text}", file=sys.stderr, flush=True)


async def _line() -> str:
    """Read a line; who gives up need not type one, so the thread may stay behind."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str] = loop.create_future()

    def give(line: str) -> None:
        if not typed.done():
            typed.set_result(line)

    def read() -> None:
        line = sys.stdin.readline()
        if not loop.is_closed():
            loop.call_soon_threadsafe(give, line)

    threading.Thread(target=read, name="answer", daemon=True).start()
    return await typed

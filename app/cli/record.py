"""``wordlight record``: a microphone, what the computer plays, or both, into a file."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from app.cli.language import said
from app.cli.live_words import TerminalWords, hearing
from app.cli.progress import JsonEvents
from app.cli.terminal import logged, on_ending, tell_aside, telling
from app.core.errors import RecordingError
from app.core.messages import Message, counted_message, message
from app.core.take import GAP_NAMES, Device, Gap, Source, SourceKind, Troubled, trouble_message
from app.core.timecode import clock
from app.jobs.taking import Kept, TakeNow, Taking
from app.store.paths import AppPaths
from app.system.files import explain

_NONE = "none"
_DEFAULT = "default"


async def record(arguments: argparse.Namespace) -> int:
    """Record until Ctrl+C, or until the time is over; gives 0.

    Raises:
        RecordingError: Nothing could be recorded, or not into that folder.
    """
    paths = AppPaths.find()
    try:
        folder = Path(arguments.output or ".").absolute()
    except FileNotFoundError as error:  # the folder one is in is gone
        raise RecordingError(explain(error, Path(os.environ.get("PWD", ".")))) from error
    taking = Taking(paths.takes, lambda: folder, nothing_more)
    if arguments.devices:
        _list(await taking.devices(), in_json=arguments.json)
        return 0
    sources = await chosen_sources(taking, arguments)
    await asyncio.to_thread(_make_ready, folder)
    paths.create()
    with logged(paths):
        return await _record(arguments, paths, taking, sources)


async def _record(
    arguments: argparse.Namespace, paths: AppPaths, taking: Taking, sources: tuple[Source, ...]
) -> int:
    events = JsonEvents() if arguments.json else None
    told = Told(events, sources)
    taking.subscribe(told.show)
    async with hearing(arguments, paths) as ears:
        live = None
        if ears is not None:
            live = TerminalWords(taking, ears, told, in_json=arguments.json)
        await taking.start(sources)
        told.say_begun()
        if live is not None:
            live.start()
        await until_stopped(arguments.length)
        kept = await taking.stop(None if live is None else live.finish)
    told.close()
    if live is not None and live.dollars:
        told.say_cost(live.dollars)
    if kept is None:
        raise RecordingError("There was no sound, so nothing was recorded.")
    told.say_kept(kept)
    if live is not None:
        live.raise_refusal()
    return 0


def _make_ready(folder: Path) -> None:
    """Find out before somebody speaks whether the recording can be saved.

    Raises:
        RecordingError: It cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RecordingError(explain(error, folder)) from error


async def until_stopped(length_ms: int | None, stopped: asyncio.Event | None = None) -> None:
    """Wait for Ctrl+C, a polite kill, a closed terminal, or until the time is over.

    Args:
        length_ms: How long at most; ``None`` for as long as it takes.
        stopped: What else may end it.
    """
    stopped = stopped or asyncio.Event()
    on_ending(stopped.set)
    try:
        async with asyncio.timeout(length_ms and length_ms / 1_000):
            await stopped.wait()
    except TimeoutError:
        pass
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()  # Ctrl+C is how one stops; there is nothing to give up


async def nothing_more(_kept: Kept) -> None:
    """The recording is a file now, and nothing more is asked for in a terminal."""


async def chosen_sources(taking: Taking, arguments: argparse.Namespace) -> tuple[Source, ...]:
    """Say what to record.

    Raises:
        RecordingError: There is no such microphone, or nothing was asked for.
    """
    sources: list[Source] = []
    name: str = arguments.mic
    if name == _DEFAULT:
        sources.append(Source(SourceKind.MICROPHONE))
    elif name != _NONE:
        sources.append(_chosen(await taking.devices(), name))
    if arguments.computer:
        sources.append(Source(SourceKind.COMPUTER))
    if not sources:
        raise RecordingError(
            "There is nothing to record. Name a microphone, or use --computer."
        )
    return tuple(sources)


def _chosen(devices: list[Device], name: str) -> Source:
    found = [one.source for one in devices if name in {one.source.device, one.source.name}]
    if not found:
        wanted = name.casefold()
        found = [one.source for one in devices if wanted in one.source.name.casefold()]
    if len(found) != 1:
        raise RecordingError(
            counted_message(
                "{count} device is called “{name}”. See “wordlight record --devices”.",
                "{count} devices are called “{name}”. See “wordlight record --devices”.",
                len(found),
                name=name,
            )
            if found
            else message(
                "No device is called “{name}”. See “wordlight record --devices”.", name=name
            )
        )
    return found[0]


def _list(devices: list[Device], *, in_json: bool) -> None:
    with telling(sys.stdout):
        for one in devices:
            source = one.source
            if in_json:
                JsonEvents().tell(
                    "device",
                    kind=source.kind.value,
                    id=source.device,
                    name=source.name,
                    default=one.is_default,
                )
                continue
            mark = "*" if one.is_default else " "
            print(f"{mark} {source.kind.value:10}  {source.name}  ({source.device})")


class Told:
    """Says what a person has to know while it is recorded, each thing once."""

    def __init__(self, events: JsonEvents | None, sources: tuple[Source, ...]) -> None:
        self._events = events
        self._sources = sources
        self._troubles: tuple[Troubled, ...] = ()
        self._gaps = 0
        self._is_drawn = False

    def show(self, now: TakeNow | None) -> None:
        """Follow how the take stands."""
        if now is None:
            return
        for one in now.troubles:
            if one not in self._troubles:
                self._say("trouble", trouble_message(one, self._sources))
        self._troubles = now.troubles
        for gap in now.gaps[self._gaps :]:
            self._say("gap", _gap_line(gap))
        self._gaps = len(now.gaps)
        if now.is_recording and self._events is None and sys.stderr.isatty():
            loud = max((level.peak for level in now.levels), default=0.0)
            bar = "#" * round(loud * 20)
            tell_aside(f"\r\x1b[K● {clock(now.at_ms)} [{bar:20}]", end="")
            self._is_drawn = True

    def say_begun(self) -> None:
        """Say that sound comes, and how to stop."""
        if self._events is not None:
            self._events.tell("recording", sources=[one.kind.value for one in self._sources])
        else:
            tell_aside(said("Recording. Press Ctrl+C to stop."))

    def say_cost(self, dollars: Decimal) -> None:
        """Say what the words have cost."""
        if self._events is not None:
            self._events.tell("cost", dollars=float(round(dollars, 4)))
            return
        amount = f"{max(dollars, Decimal('0.01')):.2f}"
        what = message("Live text has cost about ${amount}.", amount=amount)
        tell_aside(said(what))

    def say_kept(self, kept: Kept) -> None:
        """Say where the recording is."""
        if self._events is not None:
            gaps = [[gap.at_ms, gap.lost_ms, gap.reason.value] for gap in kept.take.gaps]
            self._events.tell("recorded", file=str(kept.path), gaps=gaps)
            return
        with telling(sys.stdout):
            print(kept.path)

    def say_trouble(self, what: Message) -> None:
        """Say what is wrong."""
        self._say("trouble", what)

    def close(self) -> None:
        """Take the drawn line away."""
        if self._is_drawn:
            tell_aside("\r\x1b[K", end="")
            self._is_drawn = False

    def _say(self, event: str, what: Message) -> None:
        self.close()
        if self._events is not None:
            self._events.tell(event, text=what.fill())
        tell_aside(f"wordlight: {said(what)}")


def _gap_line(gap: Gap) -> Message:
    return message(
        "{length} is missing at {time}: {sentence}.",
        length=clock(gap.lost_ms),
        time=clock(gap.at_ms),
        sentence=GAP_NAMES[gap.reason].text,
    )

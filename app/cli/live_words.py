"""The words of a take, printed as they are spoken."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Protocol

from app.bootstrap.services import Storage, model_folders
from app.cli.consent import ask_in_terminal
from app.cli.language import said
from app.cli.progress import JsonEvents, tell_of_rescue
from app.cli.terminal import StandardOutputError, telling
from app.core.errors import ServiceError, StorageError
from app.core.live import SOURCE_NAMES, lag_message
from app.core.live_models import LiveModel
from app.core.messages import Message
from app.core.names import all_names
from app.core.options import ModelId, TranscriptionOptions
from app.core.projects import NO_PROJECT
from app.core.spoken_punctuation import Begin, Line, SpokenSigns, text_of
from app.core.take import Source
from app.core.timecode import clock
from app.core.transcript import Word, join_words
from app.jobs.consent import Consent
from app.jobs.live_service import LiveService
from app.jobs.live_session import Ears, LiveNow, LiveSession
from app.jobs.own_words import OwnWords
from app.jobs.service import Service
from app.jobs.taking import TakeNow, Taking
from app.ondevice.live import LiveEars
from app.store.paths import AppPaths

_log = logging.getLogger(__name__)
HERE = "here"


class Teller(Protocol):
    """Who says what a person has to know."""

    def say_trouble(self, what: Message) -> None:
        """Say what is wrong."""
        ...

    def close(self) -> None:
        """Take away what is drawn, so that a line can be written."""
        ...


async def ears_here(paths: AppPaths, language: str, package: str) -> LiveEars:
    """Give what hears a take on this computer, and listens for the person's own words."""
    options = TranscriptionOptions(
        model=ModelId.ON_DEVICE,
        language=language or "en",
        package=package,
        names=all_names((), await asyncio.to_thread(own_names, paths)),
    )
    return LiveEars(model_folders(paths), options)


def own_names(paths: AppPaths) -> Sequence[str]:
    """Give what a person has listed; it is a help and no more. Blocks."""
    try:
        storage = Storage.open(paths)
    except StorageError as error:
        _log.info("the word list cannot be read: %s", error.message.text)
        return ()
    try:
        tell_of_rescue(storage.notice)
        return OwnWords(storage.settings, storage.projects).names_in(NO_PROJECT)
    finally:
        storage.close()


@asynccontextmanager
async def hearing(
    arguments: argparse.Namespace, paths: AppPaths
) -> AsyncGenerator[Ears | None]:
    """Give what hears a take as was asked for on the command line, within this.

    Raises:
        ServiceError: The service does not know the language, or sound may not be sent to it.
        StorageError: The settings cannot be read, or the person's answer not be kept.
    """
    if not arguments.live:
        yield None
        return
    if arguments.live == HERE:
        yield await ears_here(paths, arguments.language, arguments.package)
        return
    storage = await asyncio.to_thread(Storage.open, paths)
    try:
        tell_of_rescue(storage.notice)
        service = Service(storage.settings, storage.keys)
        consent = Consent(service, storage.settings)
        consent.ask = ask_in_terminal(is_agreed=arguments.send_sound)
        live = LiveService(service, storage.settings, consent)
        language, model = arguments.language or "en", LiveModel(arguments.live)
        if not await live.is_allowed(language, model):
            raise ServiceError(consent.refusal())
        yield live.ears(language, model)
    finally:
        await asyncio.to_thread(storage.close)


class TerminalWords:
    """Prints settled words, a line for each utterance.

    Attributes:
        dollars: What the words have cost.
        ended: Set once no more words come; others may set it to end the listening.
        has_failed: Whether no more words come although there is sound.
    """

    def __init__(
        self,
        taking: Taking,
        ears: Ears,
        teller: Teller,
        *,
        in_json: bool = False,
        has_signs: bool = False,
        is_kept: bool = True,
    ) -> None:
        """Set up.

        Args:
            taking: The take.
            ears: What hears it.
            teller: Says what goes wrong.
            in_json: Whether a line is a JSON event.
            has_signs: Whether signs are written that are spoken; then lines end where that is
                said.
            is_kept: Whether a recording is made as well.
        """
        self.ended = asyncio.Event()
        self.dollars = Decimal(0)
        self.has_failed = False
        self._taking = taking
        self._ears = ears
        self._teller = teller
        self._events = JsonEvents() if in_json else None
        self._has_signs = has_signs
        self._is_kept = is_kept
        self._is_late = False
        self._signs: list[SpokenSigns] = []
        self._is_line_begun = False
        self._sources: tuple[Source, ...] = ()
        self._session: LiveSession | None = None
        self._told: Message | None = None
        self._refused: StandardOutputError | BrokenPipeError | None = None

    def start(self) -> None:
        """Begin to listen; the take has begun."""
        now, folder = self._taking.now, self._taking.folder
        if now is None or folder is None:
            return
        self._sources = now.sources
        self._signs = [SpokenSigns() for _ in now.sources] if self._has_signs else []
        self._session = LiveSession(folder, [self._ears.channel() for _ in now.sources], self)
        self._taking.subscribe(self._follow)
        self._session.start()

    async def finish(self) -> None:
        """Wait for the last words.

        Raises:
            StandardOutputError: They could not be printed.
            BrokenPipeError: Whoever reads them has had enough.
        """
        if self._session is not None:
            await self._session.finish()
        for channel, signs in enumerate(self._signs):
            self._tell_lines(channel, signs.rest(), "")
        if self._is_line_begun:
            self._print("\n")

    def raise_refusal(self) -> None:
        """Tell that words could not be printed, if so; the recording is safe by then.

        Raises:
            StandardOutputError: They could not be printed.
            BrokenPipeError: Whoever reads them has had enough.
        """
        if self._refused is not None:
            raise self._refused

    def settle(self, channel: int, words: tuple[Word, ...], language: str) -> None:
        """Print words."""
        lines: tuple[Line, ...] = (Line(Begin.HERE, words),)
        if self._signs:
            lines = self._signs[channel].take(words, language)
        self._tell_lines(channel, lines, language)

    def mark_wordless(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Tell programs where somebody spoke; among the words it would be none of them."""
        if self._events is not None and self._refused is None:
            for start_ms, end_ms in spans:
                try:
                    self._events.tell("speech_without_words", start_ms=start_ms, end_ms=end_ms)
                except (StandardOutputError, BrokenPipeError) as error:
                    self._refused = error

    def _tell_lines(self, channel: int, lines: Sequence[Line], language: str) -> None:
        if self._refused is not None:
            return
        self._teller.close()
        if self._signs and self._events is None and len(self._sources) == 1:
            self._print(self._flowing(lines))
            return
        words = [word for line in lines for word in line.words]
        text = text_of(lines)
        if not text:
            return
        try:
            if self._events is not None:
                self._events.tell(
                    "words",
                    text=text,
                    source=self._sources[channel].kind.value,
                    start_ms=words[0].start_ms if words else None,
                    end_ms=words[-1].end_ms if words else None,
                    language=language,
                )
                return
            if len(self._sources) > 1:
                name = said(SOURCE_NAMES[self._sources[channel].kind])
                text = f"{name}: {text}"
            with telling(sys.stdout):
                print(text)
        except (StandardOutputError, BrokenPipeError) as error:
            self._refused = error  # the sound is recorded all the same

    def _flowing(self, lines: Sequence[Line]) -> str:
        """Give what follows what was printed before, on the same line unless told so."""
        text = ""
        for line in lines:
            if line.begin is not Begin.HERE:
                text += "\n" if line.begin is Begin.LINE else "\n\n"
                self._is_line_begun = False
            if line.words:
                if self._is_line_begun and not line.words[0].is_joined:
                    text += " "
                text += join_words(line.words)
                self._is_line_begun = True
        return text

    def _print(self, text: str) -> None:
        if self._refused is not None:
            return
        try:
            with telling(sys.stdout):
                print(text, end="", flush=True)
        except (StandardOutputError, BrokenPipeError) as error:
            self._refused = error

    def show(self, now: LiveNow) -> None:
        """Say why no words come."""
        self.dollars = now.dollars
        why = now.ended or now.offline
        if why is not None and why != self._told:
            self._teller.say_trouble(why)
        self._told = why
        is_late = now.behind_ms > 0 and why is None
        if is_late and not self._is_late:
            lag = lag_message(clock(now.behind_ms), is_kept=self._is_kept)
            self._teller.say_trouble(lag)
        self._is_late = is_late
        if now.ended is not None:
            self.has_failed = True
            self.ended.set()

    def _follow(self, now: TakeNow | None) -> None:
        if now is not None and self._session is not None:
            self._session.set_paused(is_paused=now.is_paused)

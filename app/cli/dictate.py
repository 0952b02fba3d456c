"""``wordlight dictate``: what is said into a microphone, as text, and no sound is kept."""

from __future__ import annotations

import argparse
import asyncio
import shutil

from app.cli.language import said
from app.cli.live_words import TerminalWords, ears_here
from app.cli.record import chosen_sources, nothing_more, until_stopped
from app.cli.terminal import logged, tell_aside
from app.core.messages import Message
from app.jobs.taking import Taking
from app.store.paths import AppPaths
from app.system.locks import Presence


async def dictate(arguments: argparse.Namespace) -> int:
    """Print what is said until Ctrl+C, or until the time is over.

    Returns:
        0; 1 if no words can be made of it any more, which has been said by then.

    Raises:
        RecordingError: Nothing can be heard.
        StandardOutputError: The words could not be printed.
    """
    paths = AppPaths.find()
    paths.create()
    with logged(paths):
        return await _dictate(arguments, paths)


async def _dictate(arguments: argparse.Namespace, paths: AppPaths) -> int:
    # The sound lies where nothing outlives this process: it is wanted for its words alone.
    presence = await asyncio.to_thread(Presence, paths.presence)
    folder = await asyncio.to_thread(paths.run_folder, presence)
    try:
        taking = Taking(folder, lambda: folder, nothing_more, goes_on=False)
        sources = await chosen_sources(taking, arguments)
        teller = _Teller()
        words = TerminalWords(
            taking,
            await ears_here(paths, arguments.language, arguments.package),
            teller,
            in_json=arguments.json,
            has_signs=arguments.spoken_punctuation,
            is_kept=False,
        )
        await taking.start(sources)
        tell_aside(said("Listening. Press Ctrl+C to stop."))
        words.start()
        await until_stopped(arguments.length, words.ended)
        await taking.drop(words.finish)
        words.raise_refusal()
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        await asyncio.to_thread(presence.close)
    return 1 if words.has_failed else 0


class _Teller:
    """Writes on standard error: words alone go to standard output."""

    def say_trouble(self, what: Message) -> None:
        tell_aside(f"wordlight: {said(what)}")

    def close(self) -> None:
        pass

"""Long work on the transcript on the page: how far it is, and whether it still fits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.core.transcript import Transcript
from app.jobs.open_transcript import OpenTranscript
from app.ui.stage import Said, Stage

_MS_PER_MINUTE = 60_000
_TRIES = 3

Found = TypeVar("Found")


class HowFar:
    """Says how far work is that listens to the recording, with a button to end it."""

    def __init__(
        self,
        stage: Stage,
        sentence: Callable[[int, int], str],
        button: str,
        cancel: Callable[[], None],
    ) -> None:
        """Say nothing yet.

        Args:
            stage: Where it is said.
            sentence: Says that so many of so many minutes are done; of none in all while
                there is nothing to count.
            button: Text of the button.
            cancel: Ends the work.
        """
        self._stage = stage
        self._sentence = sentence
        self._button = button
        self._cancel = cancel
        self._said: Said | None = None
        self._text = ""

    def show(self, done_ms: int, total_ms: int) -> None:
        """Say how far it is, in minutes of sound."""
        minutes = total_ms // _MS_PER_MINUTE
        text = self._sentence(done_ms // _MS_PER_MINUTE, minutes if minutes > 1 else 0)
        if self._said is not None and self._said.is_shown and text == self._text:
            return
        self._text = text
        self._said = self._stage.say(text, button=self._button, answer=self._cancel, stays=True)

    def hide(self) -> None:
        """Say it no longer."""
        if self._said is not None:
            self._said.dismiss()
            self._said = None


async def found_at_rest(
    opened: OpenTranscript,
    current: Callable[[], OpenTranscript | None],
    find: Callable[[Transcript], Awaitable[Found]],
) -> Found | None:
    """Give what is found of the words, looked for anew where they were edited meanwhile.

    Returns:
        ``None`` where the transcript was left, or is edited all the time.
    """
    for _ in range(_TRIES):
        before = opened.document.transcript
        found = await find(before)
        if current() is not opened:
            return None
        if opened.document.transcript is before:
            return found
    return None

"""A transcript being worked on: apply, undo, redo, and tell who is listening.

The document is the only owner of the words. Views, autosave and exporters follow
its changes; none of them edits on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, Protocol, TypeAlias

from app.core.recording import AttachedRecording
from app.core.transcript import Paragraph, Speaker, Transcript

Listener = Callable[["Change"], None]
_Spans: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Splice:
    """Paragraphs in place of others, at one place of the transcript.

    Attributes:
        first: Place of the first paragraph that differs, as counted before the change.
        removed: Paragraphs that were there.
        inserted: Paragraphs that are there now.
    """

    first: int
    removed: tuple[Paragraph, ...]
    inserted: tuple[Paragraph, ...]

    @property
    def end(self) -> int:
        """Place behind the last removed paragraph, as counted before the change."""
        return self.first + len(self.removed)


@dataclass(frozen=True, slots=True)
class Change:
    """A step from one transcript to the next, and enough to step back.

    Whoever follows takes the splices from the last to the first: then none moves the
    place of another.

    Attributes:
        splices: What differs, in reading order; none reaches into another.
        speakers_before: Speakers that were there.
        speakers_after: Speakers that are there now.
        label: What was done, for the Undo entry (a translator's key).
        wordless: Where speech had no words before, and where it has none after; ``None``
            where that stays as it is.
        recording: The recording it had before, and the one it has after; ``None`` where
            that stays the same.
    """

    splices: tuple[Splice, ...]
    speakers_before: tuple[Speaker, ...]
    speakers_after: tuple[Speaker, ...]
    label: str = ""
    wordless: tuple[_Spans, _Spans] | None = None
    recording: tuple[AttachedRecording, AttachedRecording] | None = None

    @property
    def are_speakers_changed(self) -> bool:
        """Whether there are other speakers now, or other names."""
        return self.speakers_before != self.speakers_after

    def applied_to(self, transcript: Transcript) -> Transcript:
        """Give a transcript as it is after the step.

        Raises:
            StaleChangeError: The step does not start from it.
        """
        if transcript.speakers != self.speakers_before:
            raise StaleChangeError
        after = replace(
            transcript,
            paragraphs=_spliced(transcript.paragraphs, self.splices),
            speakers=self.speakers_after,
            wordless=_with_spans(transcript.wordless, self.wordless),
        )
        if self.recording is None:
            return after
        _, now = self.recording
        return replace(after, duration_ms=now.duration_ms, sound=now.sound)

    def inverted(self) -> Change:
        """Give the step back."""
        back: list[Splice] = []
        shift = 0
        for one in self.splices:
            back.append(Splice(one.first + shift, one.inserted, one.removed))
            shift += len(one.inserted) - len(one.removed)
        return replace(
            self,
            splices=tuple(back),
            speakers_before=self.speakers_after,
            speakers_after=self.speakers_before,
            wordless=None if self.wordless is None else self.wordless[::-1],
            recording=None if self.recording is None else self.recording[::-1],
        )


def joined(first: Change, second: Change) -> Change | None:
    """Give two steps as one, where the second is made within what the first put there.

    Returns:
        The one step, with the first one's label; ``None`` where they lie apart.
    """
    if len(first.splices) != 1 or len(second.splices) != 1 or second.wordless is not None:
        return None
    if first.recording is not None or second.recording is not None:
        return None
    one, other = first.splices[0], second.splices[0]
    begin, end = other.first - one.first, other.end - one.first
    if begin < 0 or end > len(one.inserted) or one.inserted[begin:end] != other.removed:
        return None
    inserted = one.inserted[:begin] + other.inserted + one.inserted[end:]
    return Change(
        (Splice(one.first, one.removed, inserted),),
        first.speakers_before,
        second.speakers_after,
        first.label,
        first.wordless,
    )


class StaleChangeError(Exception):
    """A change was made for another state of the document."""


class Pace(Protocol):
    """How fast those who listen can take up what is done."""

    def pieces(self, change: Change) -> Sequence[Change]:
        """Give a step as those that come to the same, each soon taken up."""
        ...

    def begin(self, steps: Generator[None]) -> None:
        """Take up one piece with each step, between other things, until none is left."""
        ...


class Document:
    """A transcript with its history of edits.

    A large step may be told piece by piece. Whoever asks for the transcript meanwhile has it
    as it is after the step, with all of the step told; only those who are told of a piece
    see it as it is after that piece.

    Attributes:
        pace: Of those who listen; ``None`` while each step is told at once.
    """

    def __init__(self, transcript: Transcript) -> None:
        self.pace: Pace | None = None
        self._now = transcript
        self._undo: list[Change] = []
        self._redo: list[Change] = []
        self._listeners: list[tuple[Listener, bool]] = []
        self._left: Generator[None] | None = None  # of a step that is told piece by piece
        self._is_telling = False
        self._afterwards: list[Callable[[], object]] = []

    @property
    def transcript(self) -> Transcript:
        """The present state."""
        self.finish()
        return self._now

    def finish(self) -> None:
        """Tell what is left of a step that is told piece by piece, now."""
        if self._left is not None and not self._is_telling:
            for _ in self._left:
                pass

    def afterwards(self, act: Callable[[], object]) -> None:
        """Do something once all of the last step is told: now, where nothing is left of it."""
        if self._left is None:
            act()
        else:
            self._afterwards.append(act)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._redo)

    @property
    def history(self) -> tuple[str, ...]:
        """What was done, each step by its label, the latest last."""
        return tuple(change.label for change in self._undo)

    @property
    def steps(self) -> tuple[Change, ...]:
        """What was done and not taken back, the latest last."""
        return tuple(self._undo)

    @property
    def steps_ahead(self) -> tuple[Change, ...]:
        """What was taken back and can be done again, the next first."""
        return tuple(reversed(self._redo))

    def apply(self, change: Change, *, joins: bool = False) -> None:
        """Take a step and tell the listeners.

        Args:
            change: The step.
            joins: Whether it is taken back together with the one before, as the letters
                of a word are; only a step in the same place can be.

        Raises:
            StaleChangeError: The change does not start from the present state.
        """
        after = change.applied_to(self.transcript)
        both = joined(self._undo[-1], change) if joins and self._undo else None
        if both is None:
            self._undo.append(change)
        else:
            self._undo[-1] = both
        self._redo.clear()
        self._go_to(after, change)

    def undo(self) -> Change | None:
        """Take the last step back; gives the change that did so, if there was one."""
        if not self._undo:
            return None
        back = self._undo[-1].inverted()
        after = back.applied_to(self.transcript)
        self._redo.append(self._undo.pop())
        self._go_to(after, back)
        return back

    def redo(self) -> Change | None:
        """Take the last undone step again; gives the change, if there was one."""
        if not self._redo:
            return None
        change = self._redo[-1]
        after = change.applied_to(self.transcript)
        self._undo.append(self._redo.pop())
        self._go_to(after, change)
        return change

    def take_back(self, step: Change) -> bool:
        """Take one step back, whatever else was done to other words since.

        Args:
            step: As it was taken here, or in a copy that was left since.

        Returns:
            Whether it is taken back now; it cannot be where its own words have changed.
        """
        if self._undo and self._undo[-1] is step:
            self.undo()
            return True
        is_back = any(one is step for one in self._redo)
        return is_back or self._take_later(step.inverted())

    def take_again(self, step: Change) -> bool:
        """Take a step again that was taken back, as ``take_back`` does the other way."""
        if self._redo and self._redo[-1] is step:
            self.redo()
            return True
        # One that stands in the history may have been taken back by a later step.
        return self._take_later(step) or any(one is step for one in self._undo)

    def _take_later(self, change: Change) -> bool:
        """Take a step that was made for an earlier state, if it fits the present one."""
        try:
            self.apply(change)
        except StaleChangeError:
            return False
        return True

    def grow(self, change: Change, **facts: Any) -> None:
        """Take in what is recognised meanwhile: no step of a person's, nothing to take back.

        What a person did before can still be taken back where the change left it alone, as
        one does that puts turns behind all others and brings no speakers.

        Args:
            change: What comes to the words; see ``app/core/growing.py``.
            facts: What else is known of the transcript now, by its attributes' names.

        Raises:
            StaleChangeError: The change does not start from the present state.
        """
        self._now = replace(change.applied_to(self.transcript), **facts)
        self._tell(change, are_whole={False, True})

    def subscribe(self, listener: Listener, *, is_whole: bool = False) -> Callable[[], None]:
        """Call ``listener`` after each change; gives a function that ends this.

        Args:
            listener: Is called.
            is_whole: Whether a step that is told piece by piece is told to it as one, at its
                end: it says what was done, and does not follow the words.
        """
        told = listener, is_whole
        self._listeners.append(told)

        def unsubscribe() -> None:
            if told in self._listeners:
                self._listeners.remove(told)

        return unsubscribe

    def _go_to(self, after: Transcript, change: Change) -> None:
        """Come to a state by a change, and tell of it."""
        pieces = [change] if self.pace is None else self.pace.pieces(change)
        if self.pace is None or len(pieces) < 2:
            self._now = after
            self._tell(change, are_whole={False, True})
            return
        self._left = steps = self._in_pieces(after, change, pieces)
        next(steps)
        self.pace.begin(steps)

    def _in_pieces(
        self, after: Transcript, change: Change, pieces: Sequence[Change]
    ) -> Generator[None]:
        try:
            for piece in pieces[:-1]:
                self._now = piece.applied_to(self._now)
                self._tell(piece, are_whole={False})
                yield
            self._left, self._now = None, after
            self._tell(pieces[-1], are_whole={False})
        finally:
            # Also where somebody fails who is told of a piece: the words are what they were to
            # be, and whoever saves them hears of it.
            self._left, self._now = None, after
            self._tell(change, are_whole={True})
            afterwards, self._afterwards = self._afterwards, []
            for act in afterwards:
                act()

    def _tell(self, change: Change, *, are_whole: set[bool]) -> None:
        was_telling, self._is_telling = self._is_telling, True
        try:
            for listener, is_whole in tuple(self._listeners):
                if is_whole in are_whole:
                    listener(change)
        finally:
            self._is_telling = was_telling


def _with_spans(now: _Spans, step: tuple[_Spans, _Spans] | None) -> _Spans:
    """Take a step of spans; those that have come since it was made stay."""
    if step is None or now == step[1]:
        return now
    before, after = step
    if now == before:
        return after
    kept = (one for one in now if one not in before)
    return tuple(sorted({*after, *kept}))


def _spliced(
    paragraphs: tuple[Paragraph, ...], splices: tuple[Splice, ...]
) -> tuple[Paragraph, ...]:
    """Put paragraphs in place of others; all are gone through once, for they are many."""
    done = 0
    for one in splices:
        if not done <= one.first <= len(paragraphs) or (
            paragraphs[one.first : one.end] != one.removed
        ):
            raise StaleChangeError
        done = one.end
    if not splices:
        return paragraphs
    return tuple(chain.from_iterable(_pieces(paragraphs, splices)))


def _pieces(
    paragraphs: tuple[Paragraph, ...], splices: tuple[Splice, ...]
) -> Iterator[Iterable[Paragraph]]:
    """Give what stays and what is put there, in turns."""
    rest = iter(paragraphs)
    done = 0
    for one in splices:
        yield islice(rest, one.first - done)
        yield one.inserted
        for _ in range(len(one.removed)):
            next(rest)
        done = one.end
    yield rest

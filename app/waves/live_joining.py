"""Join the pieces of text that a live socket gives into words of the whole take. Pure.

A piece ends wherever the service happens to cut: in the middle of a sentence, and the full
stop may open the next one. So the last word of a piece waits for the piece behind it before
it is settled. After a lost connection the sound since the last settled word is sent again;
what is heard of it twice is told by its times, or by its spelling where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.core.transcript import Word
from app.waves.live_codec import Heard
from app.waves.words import build_words, follows_unspaced

_GOES_ON_MS = 20
"""A word goes on in the next piece only if no more than this lies between them."""
_LONGEST_AGAIN_MS = 2_000
"""So much of the last settled word is sent again at most."""
_UNTIMED_MARGIN_MS = 3_000
"""Times that were worked out may be so far off."""
_TAIL = 40
_CLOSING = re.compile(r"^[.,?!:;…%)\]}»”’。、，！？；：）」』】》।॥؟،؛]+")
_WORDY = re.compile(r"\w$")
_HYPHENS = {"-", "‐"}


class Joiner:
    """Gathers the words of one channel over all its connections.

    Attributes:
        settled_ms: Up to here everything is settled.
        again_from_ms: From here sound is sent again if the connection is lost.
    """

    def __init__(self) -> None:
        self.settled_ms = 0
        self.again_from_ms = 0
        self._offset_ms = 0
        self._open: Word | None = None
        self._tail: list[str] = []
        self._last_text = ""
        self._is_first = False
        self._writes_spaces = False
        self._speech_from_ms = 0
        self._last: Heard | None = None

    @property
    def has_open(self) -> bool:
        """Whether a word waits for what comes behind it."""
        return self._open is not None

    def connect(self, offset_ms: int) -> None:
        """Begin a connection whose first sample is at ``offset_ms`` of the take.

        What was not settled on the one before is heard again.
        """
        self._offset_ms = offset_ms
        self._speech_from_ms = offset_ms
        self._open = None
        self._last = None
        self._is_first = bool(self._tail)
        self._writes_spaces = False

    def start_speech(self, at_ms: int) -> None:
        """Note where somebody begins to speak, on this connection's clock."""
        self._speech_from_ms = self._offset_ms + at_ms

    def add(self, heard: Heard, sent_ms: int) -> tuple[Word, ...]:
        """Take a final piece; gives the words that are settled by it.

        Args:
            heard: The piece.
            sent_ms: How much sound of the take was sent when it came.
        """
        is_timed = bool(heard.entries)
        if is_timed and heard == self._last:
            return ()  # sent twice: no word is spoken twice at the same time
        self._last = heard
        words = self._words(heard, sent_ms)
        has_space = heard.text[:1].isspace()
        if words and self._is_first:
            words = self._without_repeats(words, is_timed=is_timed)
            self._is_first = False
        settled: list[Word] = []
        for place, word in enumerate(words):
            if place or has_space or not heard.text.startswith(word.text):
                self._follow(word, settled)
            elif not self._go_on_with(word):
                before = self._last_text if self._open is None else self._open.text
                is_joined = follows_unspaced(before, word.text)
                self._follow(replace(word, is_joined=is_joined), settled)
        self._writes_spaces = self._writes_spaces or has_space
        return self._settle(settled, is_timed=is_timed, sent_ms=sent_ms)

    def tentative(self, text: str, sent_ms: int) -> tuple[Word, ...]:
        """Give what is heard behind the settled words, the word that waits included.

        Args:
            text: What is not final; empty for nothing.
            sent_ms: How much sound of the take was sent when it came.
        """
        waiting = self._open
        words = list(self._words(Heard(text), sent_ms)) if text else []
        if words and self._is_first:
            words = self._without_repeats(words, is_timed=False)
        if waiting is None or not words:
            return tuple(words) if waiting is None else (waiting,)
        first = words[0].text
        rest = _without_closing(first)
        if rest != first:
            lead = first[: len(first) - len(rest)]
            waiting = replace(waiting, text=waiting.text + lead)
            words[:1] = [replace(words[0], text=rest)] if rest else []
        return (waiting, *words)

    def release(self) -> tuple[Word, ...]:
        """Settle the word that waits: nothing comes behind it for now."""
        waiting, self._open = self._open, None
        return self._settle([] if waiting is None else [waiting], is_timed=True, sent_ms=0)

    def settle_tentative(self, text: str, sent_ms: int) -> tuple[Word, ...]:
        """Settle what was never made final, since nothing comes any more."""
        words = list(self.tentative(text, sent_ms))
        self._open = None
        return self._settle(words, is_timed=False, sent_ms=sent_ms)

    def hear_silence(self, until_ms: int) -> None:
        """Note that all sound up to there was heard and held no more words."""
        if self._open is None:
            self.again_from_ms = max(self.again_from_ms, until_ms)
            self.settled_ms = max(self.settled_ms, until_ms)

    def _follow(self, word: Word, settled: list[Word]) -> None:
        """Let a word wait, and settle the one that waited for it."""
        previous, self._open = self._open, word
        rest = _without_closing(word.text)
        if previous is None:
            if not rest:  # the word that it closes is settled without it
                self._open = replace(word, is_joined=bool(self._tail))
        elif not rest:
            self._open = replace(previous, text=previous.text + word.text)
        else:
            lead = word.text[: len(word.text) - len(rest)]
            settled.append(replace(previous, text=previous.text + lead))
            self._open = replace(word, text=rest)

    def _go_on_with(self, word: Word) -> bool:
        """Put a piece's first word to the one that waits, if the cut is within a word.

        Where this connection puts no spaces before its pieces, only a hyphen tells.
        """
        waiting = self._open
        first = word.text[:1]
        if (
            waiting is None
            or not (first in _HYPHENS or (self._writes_spaces and first.islower()))
            or not _WORDY.search(waiting.text)
            or waiting.is_estimated
            or word.is_estimated
            or abs(word.start_ms - waiting.end_ms) > _GOES_ON_MS
        ):
            return False
        end_ms = max(waiting.end_ms, word.end_ms)
        self._open = replace(waiting, text=waiting.text + word.text, end_ms=end_ms)
        return True

    def _words(self, heard: Heard, sent_ms: int) -> list[Word]:
        waiting_ms = self.settled_ms if self._open is None else self._open.end_ms
        begin_ms = max(waiting_ms, min(self._speech_from_ms, sent_ms), self._offset_ms)
        end_ms = max(begin_ms, sent_ms)
        words = build_words(
            heard.text.strip(),
            heard.entries,
            begin_ms - self._offset_ms,
            end_ms - self._offset_ms,
        )
        return [
            replace(
                word,
                start_ms=word.start_ms + self._offset_ms,
                end_ms=word.end_ms + self._offset_ms,
            )
            for word in words
        ]

    def _without_repeats(self, words: list[Word], *, is_timed: bool) -> list[Word]:
        """Leave out what was settled on an earlier connection and has been heard again."""
        if not is_timed:
            bare = [_bare(word.text) for word in words]
            for count in range(min(len(bare), len(self._tail)), 0, -1):
                if self._tail[-count:] == bare[:count]:
                    return words[count:]
            return words
        place = 0
        while place < len(words):
            word = words[place]
            is_before = (word.start_ms + word.end_ms) // 2 < self.settled_ms
            is_same = word.start_ms < self.settled_ms and _bare(word.text) == self._tail[-1]
            if not is_before and not is_same:
                break
            place += 1
        while place and place < len(words) and not _without_closing(words[place].text):
            place += 1  # what closes a word that is settled without it
        return words[place:]

    def _settle(
        self, words: Iterable[Word], *, is_timed: bool, sent_ms: int
    ) -> tuple[Word, ...]:
        settled: list[Word] = []
        for word in words:
            start_ms = max(word.start_ms, self.settled_ms)
            end_ms = max(word.end_ms, start_ms)
            settled.append(replace(word, start_ms=start_ms, end_ms=end_ms))
            again_ms = max(start_ms, end_ms - _LONGEST_AGAIN_MS)
            if word.is_estimated or not is_timed:
                again_ms = min(again_ms, sent_ms) - _UNTIMED_MARGIN_MS
            self.again_from_ms = max(self.again_from_ms, again_ms)
            self.settled_ms = end_ms
        if settled:
            self._last_text = settled[-1].text
            self._tail = [*self._tail, *(_bare(word.text) for word in settled)][-_TAIL:]
        return tuple(settled)


def _without_closing(text: str) -> str:
    return _CLOSING.sub("", text)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text

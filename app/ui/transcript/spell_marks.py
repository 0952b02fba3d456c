"""Which words of the texts on the page are misspelt, as far as that is known by now.

The page asks while it paints, so that only what is seen is ever checked; what is not known yet
is noted, looked up elsewhere and painted when it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from app.core.spelling import Spelled, spelled_words
from app.ui.transcript.word_places import units

_MOST_TEXTS, _MOST_WORDS = 2_000, 50_000


class SpellMarks:
    """Verdicts on words, and where the misspelt ones stand.

    Args:
        on_wanted: Called when words are asked for that nobody has looked up yet.
    """

    def __init__(self, on_wanted: Callable[[], None]) -> None:
        self._on_wanted = on_wanted
        self._verdicts: dict[str, bool] = {}
        self._spans: dict[str, tuple[tuple[int, int], ...]] = {}
        self._wanted: dict[str, None] = {}
        self._accepted: set[str] = set()
        self.is_on = False

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Give from where to where words of a text are misspelt, in places as Qt counts."""
        if not self.is_on:
            return ()
        found = self._spans.get(text)
        if found is not None:
            return found
        words = spelled_words(text)
        unknown = [one.word for one in words if one.word not in self._verdicts]
        found = tuple(
            (units(text[: one.start]), units(text[: one.end]))
            for one in words
            if self.is_wrong(one.word)
        )
        if unknown:
            self._wanted.update(dict.fromkeys(unknown))
            self._on_wanted()
            return found
        if len(self._spans) >= _MOST_TEXTS:
            self._spans.clear()
        self._spans[text] = found
        return found

    def wrong_at(self, text: str, offset: int) -> Spelled | None:
        """Give the misspelt word at a place of a text, in places as Qt counts."""
        for one in spelled_words(text) if self.is_on else ():
            if units(text[: one.start]) <= offset <= units(text[: one.end]):
                return one if self.is_wrong(one.word) else None
        return None

    def is_wrong(self, word: str) -> bool:
        """Tell whether a word is known to be misspelt, and nobody accepted it."""
        return (
            self._verdicts.get(word) is False
            and word.casefold() not in self._accepted
            and word.removesuffix("'s").casefold() not in self._accepted
        )

    def take_wanted(self) -> list[str]:
        """Give the words that are to be looked up, each once."""
        wanted = list(self._wanted)
        self._wanted.clear()
        return wanted

    def note(self, words: Iterable[str], wrong: Collection[str]) -> None:
        """Take up what a look at words has shown."""
        if len(self._verdicts) >= _MOST_WORDS:
            self._verdicts.clear()
        self._verdicts.update((word, word not in wrong) for word in words)
        self._spans.clear()

    def accept(self, words: Iterable[str]) -> None:
        """Take words for right from now on, however they are written."""
        self._accepted.update(word.casefold() for word in words)
        self._spans.clear()

    def forget(self, accepted: Iterable[str]) -> None:
        """Begin afresh, for another language; only these words are right already."""
        self._verdicts.clear()
        self._spans.clear()
        self._wanted.clear()
        self._accepted = {word.casefold() for word in accepted}

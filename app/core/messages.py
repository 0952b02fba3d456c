"""Sentences for people, kept apart from the language they are shown in.

The packages below the window know no Qt, yet their errors and notes end up
before a person. A ``Message`` carries the English sentence, which is also the
key under which a translation is looked up, and the values that go into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_GAP = re.compile(r"\{(\w+)\}")

TEXT_GAPS = frozenset({"instead", "language", "model", "origin", "sentence"})
"""Gaps filled with a text that is translated itself, as the name of a language."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with named gaps and what goes into them.

    Attributes:
        text: English sentence with ``{name}`` gaps; a translator's key.
        values: Pairs of gap name and value, already formatted for people.
    """

    text: str
    values: tuple[tuple[str, str], ...] = ()

    def fill(self, text: str | None = None) -> str:
        """Give the finished sentence.

        Args:
            text: A translation of ``text`` with the same gaps; English if left out.
        """
        values = dict(self.values)
        # In one go: a value may itself look like a gap ("{name}.mp3").
        return _GAP.sub(
            lambda gap: values.get(gap[1], gap[0]), self.text if text is None else text
        )


def translatable(text: str) -> str:
    """Mark a text for translation and give it unchanged: one that is looked up later.

    For tables and constants; what is passed to ``message`` needs no mark.
    """
    return text


def message(text: str, /, **values: object) -> Message:
    """Make a message; each value is turned into text as it stands."""
    return Message(text, tuple((name, str(value)) for name, value in values.items()))


def counted_message(one: str, many: str, count: int, /, **values: object) -> Message:
    """Make a message about one thing or about ``{count}`` things.

    Args:
        one: The English sentence for one thing.
        many: The same for any other number.
        count: How many there are.
        values: What goes into the other gaps.
    """
    return Message(
        one if count == 1 else many,
        (("count", str(count)), *((name, str(value)) for name, value in values.items())),
    )

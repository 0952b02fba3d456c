"""Sentences for people, kept apart from the language they are shown in.

The packages below the window know no Qt, yet their errors and notes end up
before a person. A ``Message`` carries the English sentence, which is also the
key under which a translation is looked up, and the values that go into it.
"""

from __future__ import annotations

from dataclasses import dataclass


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
        filled = self.text if text is None else text
        for name, value in self.values:
            filled = filled.replace("{" + name + "}", value)
        return filled


def message(text: str, **values: object) -> Message:
    """Make a message; each value is turned into text as it stands."""
    return Message(text, tuple((name, str(value)) for name, value in values.items()))

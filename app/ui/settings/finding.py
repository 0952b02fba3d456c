"""What somebody looks for in the settings: does a text have it, and where to mark it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from app.ui.kit.folding import folded, places_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Some words or parts of words that are looked for, case and accents aside.

    Attributes:
        words: Them, folded; none for everything.
    """

    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, typed: str) -> Wanted:
        """Read what somebody typed."""
        return cls(tuple(folded(typed).split()))

    def fits(self, *texts: str) -> bool:
        """Tell whether each of the words stands in some of these texts."""
        whole = folded("\n".join(texts))
        return all(word in whole for word in self.words)

    def marked(self, text: str, colour: str) -> str:
        """Give a text with what was found in it on a colour, as HTML; plain if nothing was.

        Args:
            text: As people see it.
            colour: As ``#rrggbb``.
        """
        spans = places_of(self.words, text)
        if not spans:
            return text
        pieces: list[str] = []
        end = 0
        for start, stop in spans:
            pieces.append(escape(text[end:start]))
            found = escape(text[start:stop])
            pieces.append(f'<span style="background-color:{colour}">{found}</span>')
            end = stop
        pieces.append(escape(text[end:]))
        return f"<span>{''.join(pieces)}</span>"

"""Find a text in paragraphs, counted in characters as Qt does."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left

from app.ui.transcript.word_places import units


class Sought:
    """What is looked for, whatever its case; spaces match any white space.

    Attributes:
        length: How many characters a hit is, as Qt counts them.
    """

    def __init__(self, wanted: str) -> None:
        wanted = " ".join(wanted.split())
        self.length = units(wanted)
        self._pattern = (
            re.compile(re.escape(wanted).replace(r"\ ", r"\s"), re.IGNORECASE)
            if wanted
            else None
        )

    def __bool__(self) -> bool:
        return self._pattern is not None

    def places_in(self, text: str) -> tuple[int, ...]:
        """Give the place of every hit in a text, ascending and not overlapping."""
        if self._pattern is None:
            return ()
        found = [hit.start() for hit in self._pattern.finditer(text)]
        if found and not text.isascii() and max(text) > "\uffff":
            # Each character beyond the basic plane counts twice for Qt.
            wide = array(
                "i", (place for place, character in enumerate(text) if character > "\uffff")
            )
            return tuple(place + bisect_left(wide, place) for place in found)
        return tuple(found)

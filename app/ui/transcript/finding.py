"""Find a text in the document's characters, as Qt counts them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left

from app.ui.transcript.word_places import units


def find_all(text: str, wanted: str) -> tuple[array[int], int]:
    """Give the place of every hit, whatever its case, and how long a hit is.

    Args:
        text: The document's plain text.
        wanted: What is looked for; spaces match any white space.

    Returns:
        Places in UTF-16 units, ascending and not overlapping, and their common length.
    """
    wanted = " ".join(wanted.split())
    if not wanted:
        return array("i"), 0
    pattern = re.compile(re.escape(wanted).replace(r"\ ", r"\s"), re.IGNORECASE)
    found = array("i", (hit.start() for hit in pattern.finditer(text)))
    if max(text, default="") > "\uffff":
        # Each sign beyond the basic plane counts twice for Qt.
        wide = [place for place, sign in enumerate(text) if sign > "\uffff"]
        found = array("i", (place + bisect_left(wide, place) for place in found))
    return found, units(wanted)

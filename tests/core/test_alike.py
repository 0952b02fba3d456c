"""What was just put right, and where else it stands."""

from __future__ import annotations

import pytest

from app.core import edits
from app.core.alike import alike, corrected
from app.core.replacing import replace_hits
from tests.support.builders import transcript

TALK = transcript(("A", "so Muller, met Mullers and Muller."), ("B", "Muller"))


@pytest.mark.parametrize(
    ("place", "count", "text", "wanted"),
    [
        (1, 1, "Müller,", ("Muller", "Müller")),
        (1, 1, "Müller;", ("Muller", "Müller")),
        (1, 1, "Muller;", None),
        (0, 1, "So", None),
        (1, 1, "", None),
        (0, 5, "all of it other than before", None),
        (1, 1, "van Miller,", ("Muller", "van Miller")),
    ],
)
def test_a_correction_is_seen(place: int, count: int, text: str, wanted: object) -> None:
    change = edits.correct_words(TALK, 0, place, count, text)
    assert change is not None
    assert corrected(change) == wanted


def test_the_others_are_fixed_as_one_step() -> None:
    hits = alike(TALK, "Muller", "Müller")
    change = replace_hits(TALK, hits)
    assert change is not None
    assert [one.inserted[0].text for one in change.splices] == [
        "so Müller, met Mullers and Müller.",
        "Müller",
    ]

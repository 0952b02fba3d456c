"""Words of which few are sure read as if another language had been spoken."""

from __future__ import annotations

import pytest

from app.core.language_doubt import may_be_another
from app.core.transcript import Transcript
from tests.support.builders import heard


@pytest.mark.parametrize(
    ("one", "is_doubtful"),
    [
        (heard(*[0.53] * 30), True),
        (heard(*[0.93] * 30), False),
        (heard(*[0.8] * 25, *[0.5] * 5), False),
        (heard(*[0.1] * 12), False),  # too few to tell
        (heard(*[None] * 40), False),  # nothing is known
        (heard(*[0.5] * 30, *[None] * 40), True),
        (Transcript(()), False),
    ],
)
def test_the_mean_tells(one: Transcript, is_doubtful: bool) -> None:
    assert may_be_another(one) is is_doubtful

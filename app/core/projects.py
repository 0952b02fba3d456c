"""A project: transcripts that belong together, as in a folder. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

from app.core.preferences import ListedWord

ProjectId = NewType("ProjectId", str)
NO_PROJECT = ProjectId("")
"""Of a transcript that is in none."""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of transcripts.

    Attributes:
        project_id: Its id.
        name: As a person called it.
        count: How many transcripts are in it, those in the bin aside.
    """

    project_id: ProjectId
    name: str
    count: int = 0


def joined_words(
    own: Sequence[ListedWord], others: Sequence[ListedWord]
) -> tuple[ListedWord, ...]:
    """Join two word lists; where both say how something is written wrongly, the first counts.

    Args:
        own: The project's list.
        others: The person's list for everything.
    """
    claimed = {" ".join(wrong.split()).casefold() for one in own for wrong in one.wrong}
    words = {one.right: one.wrong for one in own}
    for one in others:
        free = tuple(
            wrong for wrong in one.wrong if " ".join(wrong.split()).casefold() not in claimed
        )
        words[one.right] = tuple(dict.fromkeys((*words.get(one.right, ()), *free)))
    return tuple(ListedWord(right, wrong) for right, wrong in words.items())

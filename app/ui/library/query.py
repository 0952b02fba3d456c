"""What of the library is to be listed, and in what order."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.projects import ProjectId
from app.store.listing import SortBy


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """What is to be listed.

    Attributes:
        typed: What is searched for.
        sort_by: The order.
        is_descending: Whether it runs backwards.
        model: Only transcripts of this model; empty for all.
        language: Only of this language.
        tag: Only with this tag.
        is_bin: Those in the bin.
        project: Only those of this project, or of none for ``NO_PROJECT``; ``None`` for all.
    """

    typed: str = ""
    sort_by: SortBy = SortBy.CREATED
    is_descending: bool = True
    model: str = ""
    language: str = ""
    tag: str = ""
    is_bin: bool = False
    project: ProjectId | None = None

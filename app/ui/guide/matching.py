"""Which actions a person may mean by some letters of their names."""

from __future__ import annotations

from collections.abc import Sequence

from app.ui.kit.folding import folded


def matching(typed: str, names: Sequence[str]) -> list[int]:
    """Give the places of the names that fit what was typed, the likeliest first.

    Each word typed must begin a word of the name, or at least stand within one; names all of
    whose words are begun come first, and of those the ones that begin with what was typed.

    Args:
        typed: Some words or beginnings of words; empty for everything.
        names: What there is to choose from.
    """
    wanted = folded(typed).split()
    ranked = [
        (rank, place)
        for place, name in enumerate(names)
        if (rank := _rank(wanted, folded(name))) is not None
    ]
    return [place for _, place in sorted(ranked)]


def _rank(wanted: Sequence[str], name: str) -> int | None:
    """Give how far a name is from what was typed; ``None`` if it is something else."""
    if not all(one in name for one in wanted):
        return None
    if name.startswith(" ".join(wanted)):
        return 0
    words = name.split()
    if all(any(word.startswith(one) for word in words) for one in wanted):
        return 1
    return 2

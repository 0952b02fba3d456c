"""Finding what kept its colours when the theme changed."""

from __future__ import annotations

from collections import Counter

import numpy as np
from PySide6.QtGui import QImage

_SEEN = 12
"""So many pixels of a colour are more than the shades at the edge of a letter that moved."""


def stale(after: QImage, made_so: QImage) -> list[str]:
    """Give the colours that are in the one picture, and nowhere in the other.

    Args:
        after: Of what stood there when the theme changed.
        made_so: Of the same, made in that theme.
    """
    known = _colours(made_so)
    return [
        f"#{one:06x}"
        for one, count in _colours(after).items()
        if count >= _SEEN and one not in known
    ]


def _colours(picture: QImage) -> Counter[int]:
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(plain.constBits(), np.uint32)
    found, counts = np.unique(raw & 0xFFFFFF, return_counts=True)
    return Counter(dict(zip(found.tolist(), counts.tolist(), strict=True)))

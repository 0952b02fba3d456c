"""A language that marks every text."""

from __future__ import annotations

from PySide6.QtCore import QTranslator
from typing_extensions import override

_WORD = 8
"""So long is a word of what it is longer by, so that it wraps where a text does."""


class PseudoTranslator(QTranslator):
    """Marks and lengthens every text, so that a test sees what was forgotten.

    Gaps in braces and ``%1`` stay as they are.
    """

    @override
    def translate(
        self,
        context: bytes | bytearray | memoryview | str,
        sourceText: bytes | bytearray | memoryview | str,
        disambiguation: object = None,
        n: int = -1,
    ) -> str:
        text = sourceText if isinstance(sourceText, str) else bytes(sourceText).decode()
        more = "·" * (len(text) // 3)
        words = " ".join(more[at : at + _WORD] for at in range(0, len(more), _WORD))
        return f"⟦{text}~{words}⟧" if text else text

    @override
    def isEmpty(self) -> bool:
        return False

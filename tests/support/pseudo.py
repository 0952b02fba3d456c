"""A language that marks every text."""

from __future__ import annotations

from PySide6.QtCore import QTranslator
from typing_extensions import override


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
        return f"⟦{text}~{'·' * (len(text) // 3)}⟧" if text else text

    @override
    def isEmpty(self) -> bool:
        return False

"""Scripts for which no font is installed: said before boxes stand in their place."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.messages import Message, message

_RARE = re.compile("[^\0-\u052f\u1e00-\u1fff\u2000-\u203e\u2060-\u206f\u20ac\ufeff\ufffd]")
"""Signs beyond those that each font has."""
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_NOBODYS = frozenset({"Cn", "Co", "Cs"})
"""Signs that stand for nothing anywhere, so that no font can be asked for."""
_PICTURES = range(0x2400, 0x2440)
"""What control characters were turned into; few fonts have them."""
STAND_IN = 0xFFFD
_SCRIPTS = {
    "CJK": ("Chinese", "Noto Sans CJK"),
    "HIRAGANA": ("Japanese", "Noto Sans CJK"),
    "KATAKANA": ("Japanese", "Noto Sans CJK"),
    "HANGUL": ("Korean", "Noto Sans CJK"),
    "FULLWIDTH": ("Chinese", "Noto Sans CJK"),
    "IDEOGRAPHIC": ("Chinese", "Noto Sans CJK"),
    "MYANMAR": ("Burmese", "Noto Sans Myanmar"),
    "ETHIOPIC": ("Amharic", "Noto Sans Ethiopic"),
    "GURMUKHI": ("Punjabi", "Noto Sans Gurmukhi"),
}
"""Scripts by the first word of their characters' names, where that is not how people say it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What cannot be shown.

    Attributes:
        script: Its script in English, or the character itself where it is of none.
        font: A font that has it.
    """

    script: str
    font: str

    def refusal(self) -> Message:
        """Say it of a file that would hold boxes for ever."""
        return message(
            "No font for {script} is installed on this computer, so the PDF would show boxes "
            "instead. Install one, such as {font}, and export again, or choose Word or text.",
            script=self.script,
            font=self.font,
        )

    def remark(self) -> Message:
        """Say it of a file that other computers may show well."""
        return message(
            "No font for {script} is installed on this computer: a browser here shows boxes "
            "instead until you install one, such as {font}.",
            script=self.script,
            font=self.font,
        )


def has_rare_characters(text: str) -> bool:
    """Tell whether a font has to be looked for at all; needs no Qt."""
    return not text.isascii() and _RARE.search(text) is not None


def find_missing(texts: Iterable[str]) -> tuple[Missing | None, dict[int, int]]:
    """Look for characters that no installed font has; a ``QGuiApplication`` must exist.

    Args:
        texts: All that is to be shown.

    Returns:
        The first script that is missing, and what to put in place of characters that stand for
        nothing, for ``str.translate``.
    """
    characters: dict[str, None] = {}
    for text in texts:
        if not text.isascii():
            characters |= dict.fromkeys(_RARE.findall(text))
    unseen = _without_font(
        [
            character
            for character in characters
            if unicodedata.category(character) not in _INVISIBLE
        ]
    )
    stand_ins = {
        ord(character): STAND_IN
        for character in unseen
        if unicodedata.category(character) in _NOBODYS or ord(character) in _PICTURES
    }
    named = [_named(character) for character in unseen if ord(character) not in stand_ins]
    return (named[0] if named else None), stand_ins


def _named(character: str) -> Missing:
    first = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    if first in _SCRIPTS:
        return Missing(*_SCRIPTS[first])
    if unicodedata.category(character)[0] in "LMN" and first.isalpha():
        script = first.capitalize()
        return Missing(script, f"Noto Sans {script}")
    font = "Noto Emoji" if ord(character) >= 0x1F000 else "Noto Sans Symbols"
    return Missing(f"“{character}”", font)


def _without_font(characters: list[str]) -> list[str]:
    """Give those that no font has, in the order given."""
    if not characters:
        return []
    from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QRawFont

    usual = QFont()
    families = [usual.family(), *QFontDatabase.families()]
    left = list(characters)
    for family in dict.fromkeys(families):
        raw = QRawFont.fromFont(QFont(family))
        left = [character for character in left if not raw.supportsCharacter(ord(character))]
        if not left:
            return []
    if sys.platform in {"darwin", "win32"}:  # whose systems have fonts they do not list
        metrics = QFontMetrics(usual)
        left = [character for character in left if not metrics.inFontUcs4(ord(character))]
    return left

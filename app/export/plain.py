"""Text that any format can carry: whatever a word holds, shown and never obeyed.

Words and names come from recordings, other programs and keyboards, so they may
hold control characters, line breaks or halves of characters. XML forbids most of
these and terminals obey them; here they become the visible pictures that Unicode
has for them.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from app.core.errors import ExportError
from app.core.messages import message
from app.export.options import Encoding, LineEnd

Content = bytes | bytearray
"""What a file holds; grown piece by piece where it is too large to be made at once."""

WORD_JOINER = "\u2060"
"""Invisible, without width: keeps a character from starting a command in a subtitle."""

COMMA_IN_A_FIELD = "‚"
"""Looks like a comma, and does not end a field of ASS as one would."""

_UNUSUAL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"


def one_line(text: str) -> str:
    """Put text on one line, with pictures in place of control characters."""
    return text if text.isprintable() else _UNUSUAL.sub(_picture, text)


def encode(text: str, encoding: Encoding, line_end: LineEnd) -> bytes:
    """Turn lines into the bytes of a file.

    Raises:
        ExportError: The encoding has no place for a character.
    """
    if line_end is LineEnd.CRLF:
        text = text.replace("\n", "\r\n")
    try:
        return text.encode(encoding.value)
    except UnicodeEncodeError as error:
        raise ExportError(
            message(
                "The encoding {encoding} cannot write “{character}”. Choose UTF-8.",
                encoding=encoding.value,
                character=text[error.start],
            )
        ) from error


def take_apart(root: ET.Element) -> None:
    """Let a long tree go bit by bit.

    Let go at once, the elements of a hundred thousand words keep every other thread
    waiting until the last is freed, the window's too.
    """
    for part in root.iter():
        while len(part) > _A_BIT:
            del part[-_A_BIT:]


_A_BIT = 200


def utf16_length(text: str) -> int:
    """Count as JavaScript does: characters beyond U+FFFF are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _picture(found: re.Match[str]) -> str:
    character = found[0]
    if character in _SPACES:
        return " "
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\u2421" if character == "\x7f" else "\ufffd"

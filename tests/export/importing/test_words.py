"""Text cut into words, in scripts that write no spaces between them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export.importing.words import split_words

SCRIPTS = {
    "thai": (0x0E01, 0x0E4E),
    "lao": (0x0E81, 0x0ECD),
    "khmer": (0x1780, 0x17D3),
    "burmese": (0x1000, 0x103E),
    "tibetan": (0x0F40, 0x0FBC),
    "chinese": (0x4E00, 0x4E80),
    "japanese": (0x3041, 0x30FE),
}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("สวัสดีครับ", ["ส", "วั", "ส", "ดี", "ค", "รั", "บ"]),
        ("เธอน้ำใจ", ["เธ", "อ", "น้ำ", "ใจ"]),
        ("ສະບາຍດີ", ["ສະ", "ບາ", "ຍ", "ດີ"]),
        ("ខ្មែរ", ["ខ្មែ", "រ"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("བཀྲ་ཤིས་བདེ", ["བཀྲ་", "ཤིས་", "བདེ"]),
        ("你好，世界", ["你", "好，", "世", "界"]),
        ("「はい」と", ["「は", "い」", "と"]),
        ("か\u3099く", ["か\u3099", "く"]),
        ("用Python写", ["用", "Python", "写"]),
    ],
)
def test_pieces_are_whole(text: str, pieces: list[str]) -> None:
    assert [piece for piece, _ in split_words(text)] == pieces


@pytest.mark.parametrize("script", SCRIPTS)
@given(data=st.data())
def test_nothing_is_lost_and_nothing_begins_with_a_mark(
    script: str, data: st.DataObject
) -> None:
    first, last = SCRIPTS[script]
    text = data.draw(st.text(st.characters(min_codepoint=first, max_codepoint=last)))
    text = chr(first) + text
    words = split_words(text)
    assert "".join(piece for piece, _ in words) == text
    assert all(is_joined for _, is_joined in words[1:])
    assert not any(unicodedata.category(piece[0]).startswith("M") for piece, _ in words)


@given(st.text())
def test_any_text_keeps_its_signs(text: str) -> None:
    assert "".join(piece for piece, _ in split_words(text)) == "".join(text.split())

"""Recognise how the characters of a file became bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

ENCODINGS: tuple[str, ...] = (
    "utf-8",
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp874",
    "cp932",
    "gb18030",
    "big5",
    "cp949",
    "euc_jp",
    "koi8_r",
    "mac_roman",
    "iso8859_2",
    "cp850",
    "cp852",
    "cp866",
    "utf-16-le",
    "utf-16-be",
)
"""Those that can be chosen, as Python names them."""
_LONGEST = 200_000
"""More bytes tell no more."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """How a file is written.

    Attributes:
        encoding: As Python names it.
        is_sure: Whether its bytes can hardly be anything else; else somebody has to look.
    """

    encoding: str
    is_sure: bool


def recognise(data: bytes) -> Recognised:
    """Tell in which encoding a text file is written."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return Recognised(encoding, is_sure=True)
    if b"\0" in data[:2_000]:
        return _wide(data)
    if (shifted := _shifted(data)) is not None:
        return Recognised(shifted, is_sure=True)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and _is_mostly_beyond_ascii(data[: error.start]):
            return Recognised("utf-8", is_sure=True)  # its last character is cut in two
        if _is_broken_utf8(data):
            return Recognised("utf-8", is_sure=True)
    else:
        return Recognised("utf-8", is_sure=True)
    return Recognised(_likeliest(data), is_sure=False)


def _is_mostly_beyond_ascii(data: bytes) -> bool:
    return not data.isascii()


def _is_broken_utf8(data: bytes) -> bool:
    """Tell whether only some of many characters of UTF-8 were cut in two.

    Text in an old encoding hardly ever forms one by chance.
    """
    text = data[:_LONGEST].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(not character.isascii() for character in text) - broken
    return whole > 2 * broken


def _shifted(data: bytes) -> str | None:
    """Recognise text of seven bits that says itself where its letters change."""
    if not data.isascii() or _SHIFT.search(data) is None:
        return None
    of_korea = ("iso2022_kr",) if b"\x1b$)C" in data else ()
    for encoding in (*of_korea, "iso2022_jp_2"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


_SHIFT = re.compile(rb"\x1b\$(?:[@AB]|\([CD]|\)C)")


def _wide(data: bytes) -> Recognised:
    """Tell text of two or four bytes a character, without its mark, by where zeros stand."""
    zeros = [data[place:2_000:4].count(0) for place in range(4)]
    quarter = len(data[:2_000:4])
    for encoding, empty in (("utf-32-le", (2, 3)), ("utf-32-be", (0, 1))):
        if len(data) % 4 == 0 and all(zeros[place] * 10 >= quarter * 9 for place in empty):
            return Recognised(encoding, is_sure=True)
    even, odd = data[0:2_000:2].count(0), data[1:2_000:2].count(0)
    if max(even, odd) * 4 < len(data[:2_000:2]) or min(even, odd) * 4 > max(even, odd):
        return Recognised("utf-8", is_sure=False)
    return Recognised("utf-16-le" if odd > even else "utf-16-be", is_sure=True)


def _likeliest(data: bytes) -> str:
    """Ask about the lines that tell anything: times and numbers are alike in all."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    telling = b"\n".join(lines)[:_LONGEST]
    if (of_letters := _of_latin_letters(telling)) is not None:
        return of_letters
    from charset_normalizer import from_bytes

    known = [one for one in ENCODINGS if not one.startswith("utf")]
    found = from_bytes(telling, cp_isolation=known).best()
    return _second_look(telling, "cp1252" if found is None else found.encoding)


def _of_latin_letters(telling: bytes) -> str | None:
    """Recognise text of Latin letters by which of them a language has.

    A few lines of it have so few others that the library takes them for any script.
    """
    beyond = sum(byte > _ASCII for byte in telling)
    letters = sum(65 <= byte <= 122 for byte in telling)
    if letters < _LATIN_SHARE * beyond:
        return None
    best: dict[bool, tuple[int, str | None]] = {True: (0, None), False: (0, None)}
    for encoding, alphabet in _ALPHABETS:
        text = telling.decode(encoding, "replace").lower().replace("õe", "oe")
        within = [one for word in _WORD.findall(text) for one in word if not one.isascii()]
        signs = [one for one in text if not one.isascii() and not one.isalpha()]
        odd = sum(one not in _USUAL_SIGNS for one in signs)
        fitting = sum(one in alphabet for one in within)
        score = fitting - _ODD_COST * (len(within) - fitting) - _ODD_COST * odd
        is_usual = encoding.startswith("cp125")
        if score > best[is_usual][0]:
            best[is_usual] = score, encoding
    rare, usual = best[False], best[True]
    return rare[1] if rare[0] > usual[0] + 1 else usual[1] or rare[1]


_ASCII = 127
_LATIN_SHARE = 4
_ODD_COST = 3
_WORD = re.compile(r"[^\W\d_]+")
_USUAL_SIGNS = frozenset("’‘“”„«»‹›–—…¿¡°·€£§©®™½¼²³ºª\xa0\u2002♪")
_ALPHABETS = tuple(
    (encoding, frozenset(alphabet))
    for alphabet, *encodings in (
        ("äöüß", "cp1252", "mac_roman", "cp850"),
        ("àâæçéèêëîïôœùûüÿ", "cp1252", "mac_roman", "cp850"),
        ("áéíóúüñ", "cp1252", "mac_roman", "cp850"),
        ("ãáâàçéêíóôúü", "cp1252", "mac_roman", "cp850"),
        ("àèéìíîòóùú", "cp1252", "mac_roman", "cp850"),
        ("åäöæøé", "cp1252", "mac_roman", "cp850"),
        ("çğıi̇öşüâîû", "cp1254"),
        ("ąćęłńóśźż", "cp1250", "iso8859_2", "cp852"),
        ("áčďéěíňóřšťúůýž", "cp1250", "iso8859_2", "cp852"),
        ("áäčďéíĺľňóôŕšťúýž", "cp1250", "iso8859_2", "cp852"),
        ("áéíóöőúüű", "cp1250", "iso8859_2", "cp852"),
        ("ăâîşţșț", "cp1250", "iso8859_2"),
        ("čćđšž", "cp1250", "iso8859_2", "cp852"),
        ("ąčęėįšųūž", "cp1257"),
        ("āčēģīķļņšūž", "cp1257"),
        ("äõöüšž", "cp1257"),
        ("áðéíóúýþæö", "cp1252"),
    )
    for encoding in encodings
)
"""What small letters languages have beside those of English, and how old files have them."""


def _second_look(telling: bytes, encoding: str) -> str:
    """Put right what a few lines alone leave open for the library."""
    pairs = _PAIRS.findall(telling)
    if encoding not in _OF_PAIRS_ALIKE and pairs and not _ODD.search(telling):
        kana = sum(one[0] in {0xA4, 0xA5} for one in pairs)
        usual = sum(0xB0 <= one[0] <= 0xD7 or one[0] in {0xA1, 0xA3} for one in pairs)
        if kana * _KANA_SHARE >= len(pairs):
            return "euc_jp"
        if encoding not in _OF_PAIRS and usual * 10 >= len(pairs) * 9:
            return "gb18030"
    if encoding == "cp1251" and _HEBREW.fullmatch(telling):
        return "cp1255"
    if encoding == "cp1250" and not _CENTRAL.search(telling.decode("cp1252", "replace")):
        return "cp1252"
    return encoding


_PAIRS = re.compile(rb"[\xa1-\xfe]{2}")
_ODD = re.compile(
    rb"[\x80-\xa0\xff]|(?<![\xa1-\xfe])(?:[\xa1-\xfe]{2})*[\xa1-\xfe](?![\xa1-\xfe])"
)
_KANA_SHARE = 4
_OF_PAIRS = frozenset({"cp932", "gb18030", "big5", "cp949", "euc_jp"})
_OF_PAIRS_ALIKE = frozenset({"cp932", "big5", "euc_jp"})
_HEBREW = re.compile(rb"[\x00-\x7f\x84\x91-\x97\xa0\xa4\xab\xb7\xbb\xe0-\xfa]+")
"""Letters of Hebrew, which are the small ones of Russian without its last and commonest."""
_CENTRAL = re.compile("(?<=[^\\W\\d_])[¹³¿£¥ª¯¼¾øìòŸœ]")
"""What Czech and Polish become within a word where they are taken for Western."""

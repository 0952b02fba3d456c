"""Punctuation that is spoken: who says “comma” gets a comma. Pure.

It is for dictation, where a person asks for it; what is recorded stays as it was said. Signs
stand at the word before them or behind them, and a new line or paragraph begins where it is
called for. A recogniser that hears a pause puts signs there of its own: where a spoken one
follows, it takes their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from app.core.transcript import Word, join_words


class Begin(StrEnum):
    """How a line begins."""

    HERE = "here"
    """It goes on where the one before has ended."""
    LINE = "line"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one line.

    Attributes:
        begin: How it begins.
        words: They; empty behind a new line that nothing follows yet.
    """

    begin: Begin
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Opening:
    """A sign that stands before the word behind it."""

    text: str


_Sign: TypeAlias = str | _Opening | Begin
_LINE, _PARAGRAPH = Begin.LINE, Begin.PARAGRAPH
_SIGNS: Mapping[str, Mapping[str, _Sign]] = {
    "en": {
        "comma": ",",
        "full stop": ".",
        "period": ".",
        "question mark": "?",
        "exclamation mark": "!",
        "exclamation point": "!",
        "colon": ":",
        "semicolon": ";",
        "semi colon": ";",
        "open quote": _Opening("“"),
        "open quotes": _Opening("“"),
        "close quote": "”",
        "close quotes": "”",
        "open bracket": _Opening("("),
        "open brackets": _Opening("("),
        "close bracket": ")",
        "close brackets": ")",
        "new line": _LINE,
        "newline": _LINE,
        "new paragraph": _PARAGRAPH,
    },
    "de": {
        "komma": ",",
        "punkt": ".",
        "fragezeichen": "?",
        "ausrufezeichen": "!",
        "doppelpunkt": ":",
        "semikolon": ";",
        "strichpunkt": ";",
        "anführungszeichen auf": _Opening("„"),
        "anführungszeichen zu": "“",
        "klammer auf": _Opening("("),
        "klammer zu": ")",
        "neue zeile": _LINE,
        "neuer absatz": _PARAGRAPH,
    },
    "fr": {
        "virgule": ",",
        "point": ".",
        "point d'interrogation": "?",
        "point d'exclamation": "!",
        "deux points": ":",
        "point virgule": ";",
        "point-virgule": ";",
        "ouvrez les guillemets": _Opening("«"),
        "fermez les guillemets": "»",
        "ouvrez la parenthèse": _Opening("("),
        "fermez la parenthèse": ")",
        "à la ligne": _LINE,
        "nouvelle ligne": _LINE,
        "nouveau paragraphe": _PARAGRAPH,
    },
    "es": {
        "coma": ",",
        "punto": ".",
        "punto y seguido": ".",
        "abre interrogación": _Opening("¿"),
        "cierra interrogación": "?",
        "abre exclamación": _Opening("¡"),
        "cierra exclamación": "!",
        "dos puntos": ":",
        "punto y coma": ";",
        "abre comillas": _Opening("“"),
        "cierra comillas": "”",
        "abre paréntesis": _Opening("("),
        "cierra paréntesis": ")",
        "nueva línea": _LINE,
        "nuevo párrafo": _PARAGRAPH,
    },
    "hi": {
        "अल्पविराम": ",",
        "अल्प विराम": ",",
        "पूर्णविराम": "।",
        "पूर्ण विराम": "।",
        "प्रश्नचिह्न": "?",
        "प्रश्न चिह्न": "?",
        "विस्मयादिबोधक चिह्न": "!",
        "नई पंक्ति": _LINE,
        "नया अनुच्छेद": _PARAGRAPH,
        "नया पैराग्राफ": _PARAGRAPH,
    },
    "ar": {
        "فاصلة": "،",
        "نقطة": ".",
        "علامة استفهام": "؟",
        "علامة تعجب": "!",
        "نقطتان": ":",
        "فاصلة منقوطة": "؛",
        "سطر جديد": _LINE,
        "فقرة جديدة": _PARAGRAPH,
    },
}
_BY_WORDS = {
    language: {tuple(spoken.split()): sign for spoken, sign in signs.items()}
    for language, signs in _SIGNS.items()
}
_ENDS = frozenset(".?!।؟")
_OF_ITS_OWN = ".,;:…?!،؛؟।"
"""What a recogniser writes at a word where it hears a pause."""
_AROUND = f"{_OF_ITS_OWN}\"'“”„«»()-–"


def has_spoken_signs(language: str) -> bool:
    """Tell whether it is known what signs are called in a language, by its code."""
    return language in _BY_WORDS


class SpokenSigns:
    """Writes what somebody dictates, piece by piece as it is heard.

    A piece may end in the middle of what a sign is called: “full” is held until it is known
    whether “stop” follows.
    """

    def __init__(self) -> None:
        self._held: tuple[Word, ...] = ()
        self._is_capital = False
        self._language = ""

    def take(self, words: Sequence[Word], language: str) -> tuple[Line, ...]:
        """Write what follows; see ``punctuated``."""
        self._language = language
        spoken = (*self._held, *words)
        held = _held_back(spoken, language)
        self._held = spoken[len(spoken) - held :]
        return self._write(spoken[: len(spoken) - held])

    def rest(self) -> tuple[Line, ...]:
        """Write what was held: nothing follows."""
        held, self._held = self._held, ()
        return self._write(held)

    def preview(self, words: Sequence[Word], language: str) -> tuple[Line, ...]:
        """Give how what may still change would be written behind what there is."""
        return punctuated((*self._held, *words), language, is_capital=self._is_capital)

    def _write(self, words: Sequence[Word]) -> tuple[Line, ...]:
        lines = punctuated(words, self._language, is_capital=self._is_capital)
        if lines[-1].words:
            self._is_capital = lines[-1].words[-1].text.endswith(tuple(_ENDS))
        elif lines[-1].begin is not Begin.HERE:
            self._is_capital = True
        return lines


def punctuated(
    words: Sequence[Word], language: str, *, is_capital: bool = False
) -> tuple[Line, ...]:
    """Put signs in the place of what they are called.

    Args:
        words: What was said without a break; goes on where something may have been said
            before.
        language: Its code; in one that is not known nothing is changed.
        is_capital: Whether the first word begins a sentence.

    Returns:
        At least one line, the first of which goes on where the last one had ended. A sign
        that nothing comes before is a word of its own, joined to what stands there.
    """
    signs = _BY_WORDS.get(language, {})
    longest = max((len(one) for one in signs), default=0)
    writing = _Writing(_is_capital=is_capital and bool(signs))
    spoken = [_bare(word.text) for word in words]
    at = 0
    while at < len(words):
        count = next(
            (
                count
                for count in range(min(longest, len(words) - at), 0, -1)
                if tuple(spoken[at : at + count]) in signs
            ),
            0,
        )
        if count:
            writing.put(signs[tuple(spoken[at : at + count])], words[at : at + count])
        else:
            writing.write(words[at])
        at += max(1, count)
    return writing.lines()


def _held_back(words: Sequence[Word], language: str) -> int:
    """Tell how many of the last words may be the beginning of what a sign is called."""
    calls = _BY_WORDS.get(language, {})
    longest = max((len(one) for one in calls), default=1)
    last = tuple(_bare(word.text) for word in words[-(longest - 1) :]) if longest > 1 else ()
    return next(
        (
            len(last) - at
            for at in range(len(last))
            if any(
                len(call) > len(last) - at and call[: len(last) - at] == last[at:]
                for call in calls
            )
        ),
        0,
    )


def text_of(lines: Sequence[Line], *, line: str = "\n", paragraph: str = "\n\n") -> str:
    """Give what stands there behind what was there before, the space between left out.

    Args:
        lines: They.
        line: What begins a line.
        paragraph: What begins a paragraph.
    """
    begins = {Begin.HERE: "", Begin.LINE: line, Begin.PARAGRAPH: paragraph}
    return "".join(begins[one.begin] + join_words(one.words) for one in lines)


@dataclass(slots=True)
class _Writing:
    """Lines while they are written."""

    _done: list[Line] = field(default_factory=list[Line])
    _begin: Begin = Begin.HERE
    _words: list[Word] = field(default_factory=list[Word])
    _opening: str = ""
    _is_capital: bool = False

    def write(self, word: Word) -> None:
        """Write a word."""
        text = word.text
        if self._is_capital:
            text = text[0].upper() + text[1:]
        is_joined = word.is_joined and not self._opening
        self._words.append(replace(word, text=self._opening + text, is_joined=is_joined))
        self._opening, self._is_capital = "", False

    def put(self, sign: _Sign, called: Sequence[Word]) -> None:
        """Put a sign where it was called for."""
        if isinstance(sign, Begin):
            self._end_line(sign)
        elif isinstance(sign, _Opening):
            self._opening += sign.text
        elif self._words:
            last = self._words[-1]
            bare = last.text.rstrip(_OF_ITS_OWN) if sign in _OF_ITS_OWN else last.text
            self._words[-1] = replace(last, text=(bare or last.text) + sign)
        else:
            self._words.append(
                replace(called[0], text=sign, end_ms=called[-1].end_ms, is_joined=True)
            )
        if isinstance(sign, str) and sign in _OF_ITS_OWN:  # what closes leaves it as it is
            self._is_capital = sign in _ENDS

    def lines(self) -> tuple[Line, ...]:
        """Give what is written."""
        return (*self._done, Line(self._begin, tuple(self._words)))

    def _end_line(self, begin: Begin) -> None:
        if self._words or self._begin is Begin.HERE:
            self._done.append(Line(self._begin, tuple(self._words)))
            self._begin = begin
        elif begin is Begin.PARAGRAPH:
            self._begin = begin
        self._words = []
        self._is_capital = True


def _bare(text: str) -> str:
    """Give a word as it is said."""
    return text.strip(_AROUND).replace("’", "'").casefold()

"""A ten-minute conversation of three people as it was said, and as a recogniser wrote it down.

Forty errors of ten kinds are planted, one here and one there, in an order of chance that is the
same each time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word

NAMES = ("Anna", "Ben", "Carla")
SURE, UNSURE = 0.95, 0.3
WORD_MS = 400
"""A hundred and fifty words a minute."""
_PARAGRAPHS, _WORDS = 60, 25
_TEXT = (
    "about after again always another answer around because before began being better between "
    "bring building called could country during early enough every family father field finally "
    "first follow found garden given going great group happened house hundred important kept "
    "knew large later learned leave letter light little living looked making market matter "
    "maybe might money morning mother moved never night nothing number office often only open "
    "other people place played point quite reason remember right river round school second "
    "seemed several should since small something sometimes started still story street summer "
    "table taken talked their there thing those thought three through today together told "
    "towards town travel turned under until village walked water weather where which while "
    "winter without woman wonder working world would years young"
)
_VOCABULARY: tuple[str, ...] = tuple(_TEXT.split())
RIGHT_NAME, WRONG_NAME = "Villanueva", "Vilanova"
FILLERS = ("um,", "uh,")


class Kind(StrEnum):
    """What is wrong."""

    WRONG = "a wrong word"
    MISSING = "a missing word"
    EXTRA = "an extra word"
    SPEAKER = "the wrong speaker for a paragraph"
    HALF = "the wrong speaker for half a paragraph"
    SPLIT = "a word written as two"
    MERGED = "two words written as one"
    NAME = "a name"
    FILLER = "a filler"
    PUNCTUATION = "punctuation"
    BREAK = "a paragraph break"


COUNTS = {
    Kind.WRONG: 5,
    Kind.MISSING: 3,
    Kind.EXTRA: 3,
    Kind.SPEAKER: 3,
    Kind.HALF: 3,
    Kind.SPLIT: 2,
    Kind.MERGED: 2,
    Kind.NAME: 6,
    Kind.FILLER: 6,
    Kind.PUNCTUATION: 4,
    Kind.BREAK: 3,
}
"""Forty; split and merged words are one kind."""


@dataclass(frozen=True)
class Error:
    """Something that is wrong.

    Attributes:
        kind: What.
        old: How it was written down.
        new: How it should read; the name for a speaker.
        at_ms: When it is heard: the beginning of the word that is wrong, or behind which
            or before which something is.
    """

    kind: Kind
    old: str
    new: str
    at_ms: int


def said() -> Transcript:
    """Give the conversation as it was said."""
    rnd = random.Random(13)
    speakers = tuple(Speaker(SpeakerId(name.lower()), name) for name in NAMES)
    paragraphs: list[Paragraph] = []
    at_ms = 0
    for number in range(_PARAGRAPHS):
        who = speakers[0 if number % 2 == 0 else 1 + number // 2 % 2].speaker_id
        words: list[Word] = []
        left = 0
        for place in range(_WORDS):
            text = rnd.choice(_VOCABULARY)
            if not left:
                text, left = text.capitalize(), rnd.choice((7, 9, 12))
            left -= 1
            if not left or place == _WORDS - 1:
                text += "."
                left = 0
            words.append(Word(text, at_ms, at_ms + WORD_MS - 40, SURE))
            at_ms += WORD_MS
        paragraphs.append(Paragraph(tuple(words), who, words[0].start_ms, at_ms))
    return Transcript(tuple(paragraphs), speakers, language="en", duration_ms=at_ms)


def flawed() -> tuple[Transcript, Transcript, tuple[Error, ...]]:
    """Give what is wanted, what was written down, and what is wrong, as it is heard."""
    whole = said()
    rnd = random.Random(7)
    kinds = [kind for kind, count in COUNTS.items() for _ in range(count)]
    rnd.shuffle(kinds)
    wanted = list(whole.paragraphs)
    given: list[Paragraph] = []
    errors: list[Error] = []
    number = 1
    while number < len(wanted):
        kind = kinds[0] if kinds else None
        if len(given) == 0:
            given.append(wanted[0])
        if kind in {Kind.SPEAKER, Kind.HALF} and number % 2 == 0:
            given.append(wanted[number])
            number += 1
            continue
        paragraph = wanted[number]
        if kind is None:
            given.append(paragraph)
        elif kind is Kind.HALF:
            second = wanted[number + 1]
            begun = second.words[0]
            given.append(
                replace(paragraph, words=paragraph.words + second.words, end_ms=second.end_ms)
            )
            errors.append(Error(kind, "", _name(second.speaker_id), begun.start_ms))
            number += 1
        else:
            wanted[number], written, error = _spoil(paragraph, kind)
            given += written
            errors.append(error)
        number += 1
        kinds = kinds[1:]
    if kinds:
        raise ValueError("the conversation is too short for all that is wrong")
    return (
        replace(whole, paragraphs=tuple(wanted)),
        replace(whole, paragraphs=tuple(given)),
        tuple(errors),
    )


def _name(speaker: SpeakerId | None) -> str:
    return next(name for name in NAMES if name.lower() == speaker)


def _spoil(paragraph: Paragraph, kind: Kind) -> tuple[Paragraph, list[Paragraph], Error]:
    """Give a paragraph as it is wanted, as it was written down, and what is wrong in it."""
    words = list(paragraph.words)
    # Amid a sentence, so that it is about one word and no sign.
    at = next(
        place
        for place in range(12, len(words) - 2)
        if all(
            one.text.isalpha() and one.text.islower() for one in words[place - 1 : place + 2]
        )
    )
    right, before = list(words), list(words)
    here = words[at]

    def error(old: str, new: str, where: Word = here) -> Error:
        return Error(kind, old, new, where.start_ms)

    def unsure(text: str) -> Word:
        return replace(here, text=text, confidence=UNSURE)

    match kind:
        case Kind.WRONG:
            wrong = _VOCABULARY[(_VOCABULARY.index(here.text) + 40) % len(_VOCABULARY)]
            before[at] = unsure(wrong)
            found = error(wrong, here.text)
        case Kind.MISSING:
            del before[at]
            found = error("", here.text, words[at + 1])
        case Kind.EXTRA:
            before[at] = unsure(here.text)
            del right[at]
            found = error(here.text, "")
        case Kind.SPEAKER:
            other = next(name for name in NAMES[1:] if name.lower() != paragraph.speaker_id)
            spoilt = replace(paragraph, speaker_id=SpeakerId(other.lower()))
            name = _name(paragraph.speaker_id)
            return paragraph, [spoilt], error(other, name, words[3])
        case Kind.SPLIT:
            whole = replace(here, text="understanding")
            right[at] = whole
            before[at : at + 1] = [
                replace(whole, text="under", end_ms=here.start_ms + 150),
                replace(whole, text="standing", start_ms=here.start_ms + 150),
            ]
            found = error("under standing", "understanding", before[at + 1])
        case Kind.MERGED:
            right[at], right[at + 1] = (
                replace(here, text="a"),
                replace(words[at + 1], text="lot"),
            )
            before[at : at + 2] = [replace(here, text="alot", end_ms=words[at + 1].end_ms)]
            found = error("alot", "a lot")
        case Kind.NAME:
            right[at] = replace(here, text=RIGHT_NAME)
            before[at] = unsure(WRONG_NAME)
            found = error(WRONG_NAME, RIGHT_NAME)
        case Kind.FILLER:
            before[at] = replace(here, text=FILLERS[here.start_ms // 20_000 % 2])
            del right[at]
            found = error(before[at].text, "")
        case Kind.PUNCTUATION:
            end = next(
                place for place in range(8, len(words)) if words[place].text.endswith(".")
            )
            before[end] = replace(words[end], text=words[end].text[:-1] + ",")
            found = error(before[end].text, words[end].text, words[end])
        case _:
            halves = [words[:at], words[at:]]
            parts = [
                replace(
                    paragraph,
                    words=tuple(half),
                    start_ms=half[0].start_ms,
                    end_ms=half[-1].end_ms,
                )
                for half in halves
            ]
            return paragraph, parts, error("", "")
    return (
        replace(paragraph, words=tuple(right)),
        [replace(paragraph, words=tuple(before))],
        found,
    )

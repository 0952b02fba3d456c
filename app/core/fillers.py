"""Fillers: sounds and phrases that mean nothing, found by language and by what a person adds.

A sound such as *um* is nothing else; a phrase such as *you know* may be meant, so that a
person is asked for each. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.core.finding import FoundText
from app.core.replacing import Hit
from app.core.transcript import Transcript, join_words

SOUNDS: dict[str, tuple[str, ...]] = {
    "en": ("um", "uh", "uhm", "er", "erm", "hm", "ah", "eh"),
    "de": ("äh", "ähm", "öh", "öhm", "hm", "ehm", "ah"),
    "fr": ("euh", "heu", "hum", "hm", "ah"),
    "es": ("eh", "em", "ehm", "hm", "ah"),
    "hi": ("अं", "उम्म", "हम्म", "अह", "एं", "उह"),
    "ar": ("اه", "آه", "ام", "إم"),
}
"""Sounds of hesitation, by language."""
PHRASES: dict[str, tuple[str, ...]] = {
    "en": (
        *("you know", "i mean", "like", "sort of", "kind of", "so", "well", "right", "okay"),
        *("mhm", "uh-huh", "actually", "basically", "literally"),
    ),
    "de": (
        *("sozusagen", "quasi", "halt", "eben", "also", "ja", "genau", "irgendwie"),
        *("weißt du", "sag ich mal", "mhm"),
    ),
    "fr": (
        *("tu vois", "vous voyez", "tu sais", "en fait", "du coup", "genre", "quoi", "voilà"),
        *("ben", "bah", "bon"),
    ),
    "es": (
        *("o sea", "bueno", "pues", "es que", "sabes", "digamos", "en plan", "este"),
        *("vale", "entonces"),
    ),
    "hi": ("मतलब", "यानी", "तो", "वो", "क्या है कि", "ऐसा है कि", "अच्छा"),
    "ar": ("يعني", "طيب", "بصراحة", "مثلا", "هيك", "عارف", "طبعا"),
}
"""Phrases that often mean nothing, by language."""
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_REPEATED = re.compile(r"(\w)\1+")


@dataclass(frozen=True, slots=True)
class Filler:
    """A filler and where it is said.

    Attributes:
        text: As the list has it.
        is_sound: It is a sound of hesitation, and surely a filler.
        is_own: A person added it.
        places: Paragraph and words of each.
    """

    text: str
    is_sound: bool
    is_own: bool
    places: tuple[tuple[int, range], ...]


def listed(language: str) -> tuple[tuple[str, bool], ...]:
    """Give the fillers of a language, each with whether it is a mere sound.

    Args:
        language: A code such as ``en`` or ``en-US``; of an unknown one the sounds of all are
            given.
    """
    base = language.partition("-")[0].casefold()
    if base in SOUNDS:
        return (
            *((one, True) for one in SOUNDS[base]),
            *((one, False) for one in PHRASES[base]),
        )
    every = dict.fromkeys(one for own in SOUNDS.values() for one in own)
    return tuple((one, True) for one in every)


def find_fillers(transcript: Transcript, own: Sequence[str] = ()) -> tuple[Filler, ...]:
    """Give every filler that is said, those said most first.

    Args:
        transcript: What is looked through.
        own: What a person added, for whatever language.
    """
    entries: dict[tuple[str, ...], tuple[str, bool, bool]] = {}
    for text in own:
        if key := _key(text.split(), is_sound=False):
            entries[key] = text, False, True
    for text, is_sound in listed(transcript.language):
        if key := _key(text.split(), is_sound=is_sound):
            entries.setdefault(key, (text, is_sound, False))
    sounds = {key[0] for key, entry in entries.items() if entry[1]}
    by_first = {
        first: sorted(keys, key=len, reverse=True)
        for first, keys in groupby(sorted(entries), key=lambda key: key[0])
    }
    found: dict[tuple[str, ...], list[tuple[int, range]]] = {}
    plain: dict[str, str] = {}
    for number, paragraph in enumerate(transcript.paragraphs):
        texts = [_plain(word.text, plain, sounds) for word in paragraph.words]
        at = 0
        while at < len(texts):
            key = _match(texts, at, by_first.get(texts[at], ()))
            if key is None:
                at += 1
                continue
            found.setdefault(key, []).append((number, range(at, at + len(key))))
            at += len(key)
    fillers = [Filler(*entries[key], tuple(places)) for key, places in found.items()]
    return tuple(sorted(fillers, key=lambda one: (-len(one.places), one.text)))


def places_of(fillers: Iterable[Filler]) -> dict[int, set[int]]:
    """Give the words of fillers by paragraph, to strike or delete them."""
    places: dict[int, set[int]] = {}
    for filler in fillers:
        for number, words in filler.places:
            places.setdefault(number, set()).update(words)
    return places


def hits_of(transcript: Transcript, fillers: Iterable[Filler]) -> dict[Hit, range]:
    """Give each place of fillers in reading order, with its words within the paragraph."""
    spots = sorted(
        {(number, words.start, words.stop) for one in fillers for number, words in one.places}
    )
    hits: dict[Hit, range] = {}
    for number, first, stop in spots:
        words = transcript.paragraphs[number].words
        start = len(join_words(words[: first + 1])) - len(words[first].text)
        hits[Hit(number, FoundText(start, len(join_words(words[:stop])), ""))] = range(
            first, stop
        )
    return hits


def _match(
    texts: Sequence[str], at: int, keys: Sequence[tuple[str, ...]]
) -> tuple[str, ...] | None:
    return next((key for key in keys if tuple(texts[at : at + len(key)]) == key), None)


def _key(parts: Sequence[str], *, is_sound: bool) -> tuple[str, ...]:
    texts = [_EDGES.sub("", part.casefold()) for part in parts]
    if is_sound:
        texts = [_REPEATED.sub(r"\1", text) for text in texts]
    return tuple(text for text in texts if text)


def _plain(text: str, known: dict[str, str], sounds: set[str]) -> str:
    """Give a word without case and punctuation; a drawn-out sound as a short one."""
    found = known.get(text)
    if found is None:
        found = _EDGES.sub("", text.casefold())
        short = _REPEATED.sub(r"\1", found)
        if short in sounds:
            found = short
        known[text] = found
    return found

"""A person's own words: names and terms, and how recognisers tend to write them. Pure.

What sounds alike is found by a key of our own: those of the libraries (Metaphone and its
kin) are rules of English, and transcripts come in any language. The key folds letters that
many languages of the Latin script say alike, and two words must look alike as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from app.core.finding import FoundText
from app.core.preferences import ListedWord
from app.core.replacing import Hit
from app.core.transcript import Transcript

LABEL = "Apply the word list"
_LIKE = 0.6
"""Words that sound alike must look alike at least so much."""
_LEAST_KEY = 2
_FOLDED = (
    *(("sch", "s"), ("tsch", "s"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("kh", "k")),
    *(("ck", "k"), ("qu", "kv"), ("ch", "k"), ("sh", "s"), ("cz", "s"), ("sz", "s")),
    *(("dt", "t"), ("x", "ks"), ("c", "k"), ("q", "k"), ("z", "s"), ("w", "v"), ("d", "t")),
    *(("b", "p"), ("g", "k"), ("j", "y"), ("ß", "s")),
)
_VOWELS = re.compile(r"[aeiouyh]+")
_TWICE = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def listed_hits(transcript: Transcript, words: Sequence[ListedWord]) -> Iterator[Hit]:
    """Give where wrong forms of the list stand as whole words, whatever their case."""
    rights = {
        " ".join(wrong.split()).casefold(): one.right
        for one in words
        for wrong in one.wrong
        if wrong.strip() and one.right.strip()
    }
    if not rights:
        return
    # The longest first, so that "new york city" is not taken for "new york".
    forms = sorted(rights, key=len, reverse=True)
    source = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
    pattern = re.compile(rf"(?<!\w)(?:{source})(?!\w)", re.IGNORECASE)
    for number, paragraph in enumerate(transcript.paragraphs):
        for hit in pattern.finditer(paragraph.text):
            right = rights.get(" ".join(hit[0].split()).casefold())
            if right is not None and right != hit[0]:
                yield Hit(number, FoundText(hit.start(), hit.end(), right))


def sound_alikes(transcript: Transcript, words: Sequence[ListedWord]) -> Iterator[Hit]:
    """Give words that sound like one of the list and are written otherwise.

    They are guesses: a person is to look at each.
    """
    by_key: dict[str, list[str]] = {}
    listed = {one.right.casefold() for one in words}
    listed |= {wrong.casefold() for one in words for wrong in one.wrong}
    for one in words:
        key = sound_key(one.right)
        if " " not in one.right.strip() and len(key) >= _LEAST_KEY:
            by_key.setdefault(key, []).append(one.right)
    if not by_key:
        return
    for number, paragraph in enumerate(transcript.paragraphs):
        for hit in _WORD.finditer(paragraph.text):
            if hit[0].casefold() in listed:
                continue
            for right in by_key.get(sound_key(hit[0]), ()):
                if looks_like(hit[0], right):
                    yield Hit(number, FoundText(hit.start(), hit.end(), right))
                    break


@lru_cache(maxsize=20_000)
def sound_key(word: str) -> str:
    """Give what words that sound alike have in common; empty for other scripts than Latin."""
    apart = unicodedata.normalize("NFD", word.casefold())
    plain = "".join(sign for sign in apart if sign.isalpha() or sign == "ß")
    if not plain or not all(sign < "\u0250" for sign in plain):
        return ""
    begins_with_vowel = plain[0] in "aeiouy"
    for written, said in _FOLDED:
        plain = plain.replace(written, said)
    bones = _TWICE.sub(r"\1", _VOWELS.sub("", plain))
    return "a" + bones if begins_with_vowel else bones


def looks_like(one: str, other: str) -> bool:
    """Tell whether two words are written nearly alike."""
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= _LIKE


def with_word(words: Sequence[ListedWord], right: str, wrong: str) -> tuple[ListedWord, ...]:
    """Give the list with one more way to write a word wrongly."""
    done: list[ListedWord] = []
    is_there = False
    for one in words:
        if one.right == right:
            is_there = True
            forms = dict.fromkeys((*one.wrong, wrong))
            done.append(ListedWord(right, tuple(forms)))
        else:
            done.append(one)
    return tuple(done) if is_there else (*done, ListedWord(right, (wrong,)))

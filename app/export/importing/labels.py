"""Names that a file writes into its text: ``[SPEAKER_00]: …``, ``NAME: …``, ``Ann Lee: …``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LABEL = re.compile(
    r"\s*(?P<change>>{2,3}\s*)?"
    r"(?:(?P<bracket>[\[(])(?P<inner>[^\[\]():\n]{1,60})[\])]\s*:?|"
    r"(?P<plain>[^\W\d][^\[\]():\n<>]{0,59}?)\s*(?P<colon>[:：]))"
    r"(?:\s+(?=\S)|(?<=：)(?=\S)|\s*$)"
)
_BARE = re.compile(r"\s*(?:>{2,3}\s*)?[\[(](?P<inner>[^\[\]():\n]{1,60})[\])]\s+(?=\S)")
"""A name in brackets alone, as sounds are written too."""
_LOOSE = re.compile(r"\s*(?:>{2,3}\s*)?(?P<plain>[^:\n]{1,60}?)\s*:\s+(?=\S)")
"""A name as people call themselves in a meeting: *Lee, Ann*, *ann (she/her)*, *+1 555 123*."""
_NO_NAME = re.compile(r"[.?!,;…\"“”](?:\s|$)|https?$|\s[a-z]+\s[a-z]+\s", re.IGNORECASE)
_INITIAL = re.compile(r"(?:^|\s)(?:\w|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr)\.(?=\s|$)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:speaker|spk|sprecher|person|voice)[ _-]?\w{1,3}", re.IGNORECASE)
_MOST_WORDS = 5
_MOST_CUES = 0.9
"""Where so many cues begin with a label, each label is a name."""
_LEAST_SHARE = 0.1
"""Labels that come again are names if so many cues begin with one."""
_LEAST_LOOSE, _TIMES_LOOSE = 4, 3
"""So many cues, and each label so often on average, make names of what else is none."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The names that a file writes before what is said; none for most files.

    Attributes:
        names: As they are written.
        carry_on: Whether who speaks is said only where it changes; else a cue that does
            not say it is by somebody unknown.
        form: How they are written.
    """

    names: frozenset[str] = frozenset()
    carry_on: bool = False
    form: re.Pattern[str] = _LABEL

    def match(self, line: str) -> tuple[str, int] | None:
        """Give the name a line begins with, and how many characters it takes up."""
        if not self.names:
            return None
        found = self.form.match(line)
        name = _name(found) if self.form is _LABEL else _written(found)
        if found is None or name not in self.names:
            return None
        return name, found.end()


def find_labels(cues: Iterable[Sequence[str]]) -> Labels:
    """Find out whether a file names those who speak, and whom.

    Args:
        cues: The lines of each cue, or of each paragraph.
    """
    cues = [cue for cue in cues if cue]
    found: Counter[str] = Counter()
    sure: set[str] = set()
    labelled = 0
    for cue in cues:
        names = [(match, _name(match)) for match in map(_LABEL.match, cue)]
        found.update(name for _, name in names if name)
        sure.update(
            name
            for match, name in names
            if name and match and (_NUMBERED.fullmatch(name) or match["change"])
        )
        labelled += bool(names[0][1])
    strange = _strange(cues, labelled)
    if strange is not None:
        return strange
    if not found:
        return Labels()
    # Machines name each cue whose speaker they know, people only where it changes.
    carry_on = any(_NUMBERED.fullmatch(name) is None for name in found)
    if labelled > 1 and labelled >= _MOST_CUES * len(cues):
        return Labels(frozenset(found), carry_on)
    again = {name for name, count in found.items() if count > 1}
    share = sum(found[name] for name in again) / len(cues)
    if len(again) > 1 and share >= _LEAST_SHARE:
        capitals = {name for name in found if name.isupper()}
        return Labels(frozenset(again | sure | capitals), carry_on)
    return Labels(frozenset(sure), carry_on)


def _strange(cues: Sequence[Sequence[str]], usual: int) -> Labels | None:
    """Find names that look like none, where nearly each cue has one and they come again.

    Args:
        cues: The lines of each.
        usual: How many of them begin with a name that looks like one.
    """
    for form in (_BARE, _LOOSE):
        names = [_written(form.match(cue[0])) for cue in cues]
        said = [name for name in names if name]
        if form is _BARE and not all(map(_is_capital, said)):
            continue
        if (
            len(said) >= max(_LEAST_LOOSE, _MOST_CUES * len(cues))
            and len(said) > usual
            and len(set(said)) * _TIMES_LOOSE <= len(said)
        ):
            return Labels(frozenset(said), form=form)
    return None


def _written(found: re.Match[str] | None) -> str:
    """Give the name in a label of a looser form, whatever it looks like."""
    fields = {} if found is None else found.groupdict()
    return " ".join((fields.get("inner") or fields.get("plain") or "").split())


def _is_capital(name: str) -> bool:
    return all(not word[0].islower() for word in name.split())


def _name(found: re.Match[str] | None) -> str:
    """Give the name in a label; none for what is no name, such as *[music]* or *At 10*."""
    if found is None:
        return ""
    inner, plain = found["inner"], found["plain"]
    name = " ".join((inner or plain or "").split())
    is_bare = inner is not None and ":" not in found[0]
    if is_bare and _NUMBERED.fullmatch(name) is None:
        return ""  # a sound: [laughs]
    words = name.split()
    if not words or len(words) > _MOST_WORDS or _NO_NAME.search(_INITIAL.sub("", name)):
        return ""
    first = name[0]
    return (
        name
        if first.isupper()
        or not (first.islower() or first.isdigit())
        or (_NUMBERED.fullmatch(name))
        else ""
    )

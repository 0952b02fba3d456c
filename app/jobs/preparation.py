"""How the recording of a job was prepared, as it is kept from one run to the next.

Replies are kept part by part, so a job goes on with the parts it began with even if the
settings have changed meanwhile; and what was recognised of another recording, or for other
options, must not be taken for this one's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from app.audio.parts import Part
from app.audio.plan import Form, Plan


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a part lies in the recording.

    Attributes:
        start_ms: Where it begins.
        end_ms: Where it ends.
        channel: Which channel it is; ``None`` for all mixed.
    """

    start_ms: int
    end_ms: int
    channel: int | None = None

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.end_ms - self.start_ms


class UnreadableError(ValueError):
    """What was kept is no preparation: damaged, or of another program."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is known of a job once it was begun.

    Attributes:
        asked: What it is of: the recording's content and the options. ``None`` in what an
            early Wordlight kept: it fits any.
        form: What the recogniser gets; ``None`` while nothing was prepared yet.
        split_ms: Longest part; ``None`` where the whole goes in one piece.
        parts: Where the parts lie, in the order of their replies; none while nothing was
            prepared yet.
    """

    asked: str | None
    form: Form | None = None
    split_ms: int | None = None
    parts: tuple[Cut, ...] = ()

    def fits(self, asked: str) -> bool:
        """Tell whether it is of this recording and these options."""
        return self.asked in {None, asked}

    def resumed(self, plan: Plan) -> Plan:
        """Give a plan in the form, and cut as long, as the job was begun."""
        if self.form is None:
            return plan
        return replace(plan, form=self.form, split_ms=self.split_ms)

    def prepared(self, plan: Plan, parts: Iterable[Part]) -> Preparation:
        """Give what is known once the parts of a plan are made."""
        cuts = tuple(Cut(part.start_ms, part.end_ms, part.channel) for part in parts)
        return Preparation(self.asked, plan.form, plan.split_ms, cuts)

    def is_cut_otherwise(self, now: Preparation) -> bool:
        """Tell whether replies to the parts known so far are none to those known now."""
        return bool(self.parts) and self.parts != now.parts

    def to_json(self) -> str:
        """Write it, to be kept."""
        plain: dict[str, object] = {"asked": self.asked}
        if self.form is not None:
            plain["form"] = self.form.value
            plain["split_ms"] = self.split_ms
            plain["parts"] = [[one.start_ms, one.end_ms, one.channel] for one in self.parts]
        return json.dumps(plain)

    @classmethod
    def from_json(cls, text: str) -> Preparation:
        """Read what ``to_json`` wrote, here or in an earlier Wordlight.

        Raises:
            UnreadableError: Something of it makes no sense, so nothing of it is trusted:
                with a part left out, each reply behind it would be taken for another's.
        """
        try:
            found: object = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableError(str(error)) from error
        if not isinstance(found, dict):
            raise UnreadableError("no object")
        plain = cast("dict[str, object]", found)
        asked = plain.get("asked")
        if asked is not None and not isinstance(asked, str):
            raise UnreadableError("asked for what is no text")
        if not {"form", "split_ms", "parts"} & set(plain):
            return cls(asked)
        form, split_ms, parts = (plain.get(name) for name in ("form", "split_ms", "parts"))
        if not isinstance(form, str) or not isinstance(parts, list):
            raise UnreadableError("neither begun nor prepared")
        if not isinstance(split_ms, int | None):
            raise UnreadableError("a length that is none")
        cuts = tuple(map(_cut, cast("list[object]", parts)))
        return cls(asked, _form(form), split_ms, cuts)


def parts_in(text: str | None) -> tuple[Cut, ...]:
    """Give the parts of a kept preparation; none where there is none, or no sense in it."""
    try:
        return () if text is None else Preparation.from_json(text).parts
    except UnreadableError:
        return ()


def _form(found: str) -> Form:
    try:
        return Form(found)
    except ValueError:
        raise UnreadableError("an unknown form") from None


def _cut(found: object) -> Cut:
    match found:
        case [int(start_ms), int(end_ms), int() | None as channel] if 0 <= start_ms <= end_ms:
            return Cut(start_ms, end_ms, channel)
        case _:
            raise UnreadableError("a part that is none")

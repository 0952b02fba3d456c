"""Which models of the service turn sound into words while it is spoken, and what each takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.messages import Message, message


class LiveModel(StrEnum):
    """A model of the service for live text."""

    PULSE = "pulse"
    PULSE_2 = "pulse-2"


@dataclass(frozen=True, slots=True)
class LiveCapabilities:
    """What one model for live text takes.

    Attributes:
        name: What people call it.
        languages: The codes it knows; one of them is always said.
        is_on_trial: The service has it, but describes it nowhere yet: it is offered to
            those who want to try it.
        dollars_per_minute: What the service asks for the sound that is sent: 0.008, as its
            model card says since 2026-06-19 (contract 7.2). For the model on trial nothing
            is published, and the same is taken. Whether pauses cost is not published either;
            none are sent.
    """

    name: Message
    languages: tuple[str, ...]
    is_on_trial: bool
    dollars_per_minute: Decimal


LIVE_MODELS: Mapping[LiveModel, LiveCapabilities] = {
    LiveModel.PULSE: LiveCapabilities(
        message("Pulse"),
        (
            *("en", "hi", "de", "es", "ru", "it", "fr", "nl", "pt", "zh", "yue", "ja", "ko"),
            *("gu", "mr", "or", "bn", "ta", "te", "kn", "ml"),
            *("hi-dev", "north_indic", "multi-asian", "multi-south-indic"),
        ),
        is_on_trial=False,
        dollars_per_minute=Decimal("0.008"),
    ),
    LiveModel.PULSE_2: LiveCapabilities(
        message("Pulse 2"),
        ("en",),
        is_on_trial=True,
        dollars_per_minute=Decimal("0.008"),
    ),
}


def live_language(model: LiveModel, code: str) -> str:
    """Give the code by which a model knows a language; empty if it does not.

    Args:
        model: The model for live text.
        code: As it was chosen, perhaps with a country: ``en-GB`` is ``en`` to the service.
    """
    known = LIVE_MODELS[model].languages
    for candidate in (code, code.replace("_", "-").partition("-")[0].lower()):
        if candidate in known:
            return candidate
    return ""

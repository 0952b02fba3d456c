"""What can be asked of a recogniser, and which recogniser takes what.

The capabilities of each model are data in this one place: the window greys out
what is not taken and says why, the command line refuses it, and the service
client leaves it out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.languages import ON_DEVICE_LANGUAGES, PULSE_LANGUAGES
from app.core.messages import Message, message
from app.core.recording import SoundChoice


class ModelId(StrEnum):
    """A recogniser a person can pick."""

    ON_DEVICE = "on-device"
    PULSE = "pulse"
    PULSE_PRO = "pulse-pro"


MODEL_NAMES = {
    ModelId.ON_DEVICE: message("On this computer"),
    ModelId.PULSE: message("Pulse"),
    ModelId.PULSE_PRO: message("Pulse Pro"),
}
"""What people call each model, wherever one is named."""


class Feature(StrEnum):
    """Something that can be switched on where the model takes it."""

    DIARIZE = "diarize"
    SPEAKERS = "speakers"
    """Saying how many people there are."""
    REDACT_PII = "redact-pii"
    REDACT_PCI = "redact-pci"
    EMOTION = "emotion"
    GENDER = "gender"
    BY_URL = "by-url"
    WEBHOOK = "webhook"


AUTO = "auto"
"""Language choice *detect language* (on this computer only; the service has no such value)."""


MOST_SPEAKERS = 12
"""More are not told apart on this computer."""


@dataclass(frozen=True, slots=True)
class TranscriptionOptions:
    """What was chosen for one job; each job keeps its own.

    Attributes:
        model: The recogniser.
        language: A code of ``app/core/languages.py``, ``AUTO``, or one typed by hand.
        diarize: Tell speakers apart.
        speakers: How many there are, 0 to find out; no more are looked for.
        timestamps: Show and export times (word times are always asked for).
        redact_pii: Replace names, addresses and the like in the text.
        redact_pci: Replace card and account numbers in the text.
        emotion: Tell the emotions heard.
        gender: Tell the gender heard.
        save_data: Send a small lossy copy instead of a lossless one.
        channels_are_speakers: Each channel is one speaker.
        tracks_are_speakers: Each sound track is one speaker.
        track: The one sound track that is taken, from 0; ``None`` for those that speak.
        channel: The one channel that is taken, from 0; ``None`` for all mixed.
        start_ms: Where to begin, 0 for the start.
        end_ms: Where to end, ``None`` for the end.
        by_webhook: Let the service call back instead of waiting for it.
        package: On-device model package (``tiny.en``, ``base``); empty chooses by language.
        names: Names and terms that may be said (``app/core/names.py``), on this computer.
    """

    model: ModelId = ModelId.ON_DEVICE
    language: str = "en"
    diarize: bool = False
    speakers: int = 0
    timestamps: bool = True
    redact_pii: bool = False
    redact_pci: bool = False
    emotion: bool = False
    gender: bool = False
    save_data: bool = False
    channels_are_speakers: bool = False
    tracks_are_speakers: bool = False
    track: int | None = None
    channel: int | None = None
    start_ms: int = 0
    end_ms: int | None = None
    by_webhook: bool = False
    package: str = ""
    names: tuple[str, ...] = ()

    @property
    def sound(self) -> SoundChoice | None:
        """Which of the recording's sound was chosen; ``None`` for what speaks."""
        if self.track is None and self.channel is None:
            return None
        return SoundChoice(() if self.track is None else (self.track,), self.channel)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one model takes.

    Attributes:
        features: What may be switched on.
        languages: Codes offered, in order; free entry is allowed where ``takes_any_code``.
        takes_any_code: Whether another code may be typed.
        needs_key: Whether it is the paid service.
        labels_speakers: Whether the recogniser itself tells speakers apart; for one that
            does not, this computer does by the recording.
        reasons: Why a feature is not offered, as a sentence.
    """

    features: frozenset[Feature]
    languages: tuple[str, ...]
    takes_any_code: bool
    needs_key: bool
    labels_speakers: bool = False
    reasons: tuple[tuple[Feature, Message], ...] = ()

    def reason_against(self, feature: Feature) -> Message | None:
        """Say why a feature is not offered, or nothing if it is."""
        if feature in self.features:
            return None
        for refused, reason in self.reasons:
            if refused is feature:
                return reason
        return message("Not available with this model.")


_BY_VOICE = frozenset({Feature.DIARIZE, Feature.SPEAKERS})
"""What this computer does for every model whose words come without speakers."""
_ONLY_SERVICE = message("Only Pulse can do this. Choose Pulse as the model.")
_ONLY_PULSE = message("Pulse Pro cannot do this. Choose Pulse as the model.")

CAPABILITIES: dict[ModelId, Capabilities] = {
    ModelId.ON_DEVICE: Capabilities(
        features=_BY_VOICE,
        languages=(AUTO, *ON_DEVICE_LANGUAGES),
        takes_any_code=False,
        needs_key=False,
        reasons=tuple(
            (feature, _ONLY_SERVICE) for feature in Feature if feature not in _BY_VOICE
        ),
    ),
    # contract 2.2
    ModelId.PULSE: Capabilities(
        features=frozenset(Feature) - {Feature.WEBHOOK, Feature.SPEAKERS},
        languages=PULSE_LANGUAGES,
        takes_any_code=True,
        needs_key=True,
        labels_speakers=True,
        reasons=(
            (
                Feature.WEBHOOK,
                message("Only Pulse Pro can use a webhook. Choose Pulse Pro as the model."),
            ),
            (
                Feature.SPEAKERS,
                message("Pulse finds the number of speakers itself."),
            ),
        ),
    ),
    # contract 1.3: diarize is accepted and has no effect, so voices are told apart here;
    # 2.2: only en; the seed: no URL.
    # Emotion and redaction are "not stated" for Pulse Pro, so they are not offered.
    ModelId.PULSE_PRO: Capabilities(
        features=_BY_VOICE | {Feature.WEBHOOK},
        languages=("en",),
        takes_any_code=False,
        needs_key=True,
        reasons=tuple(
            (feature, _ONLY_PULSE)
            for feature in Feature
            if feature not in _BY_VOICE | {Feature.WEBHOOK}
        ),
    ),
}


def settle(options: TranscriptionOptions) -> TranscriptionOptions:
    """Leave out what the chosen model does not take, and fit the language to it."""
    takes = CAPABILITIES[options.model]
    language = options.language
    if not takes.takes_any_code and language not in takes.languages:
        language = "en"
    if takes.takes_any_code and language == AUTO:
        # contract 3.2: no value "auto"; multi-eu answered on every key reported
        language = "multi-eu"
    diarize = options.diarize and Feature.DIARIZE in takes.features
    return replace(
        options,
        language=language,
        diarize=diarize,
        speakers=options.speakers if diarize and Feature.SPEAKERS in takes.features else 0,
        redact_pii=options.redact_pii and Feature.REDACT_PII in takes.features,
        redact_pci=options.redact_pci and Feature.REDACT_PCI in takes.features,
        emotion=options.emotion and Feature.EMOTION in takes.features,
        gender=options.gender and Feature.GENDER in takes.features,
        by_webhook=options.by_webhook and Feature.WEBHOOK in takes.features,
        package=options.package if options.model is ModelId.ON_DEVICE else "",
        names=options.names if options.model is ModelId.ON_DEVICE else (),
    )

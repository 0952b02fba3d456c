"""What a person can set: one value of plain fields, and what each may be.

Flat on purpose: the store keeps each field as a row of its own, so that two programs that
change different ones do not undo each other, and the settings dialog names fields.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.core.live import LiveBy
from app.core.options import ModelId, TranscriptionOptions


class ThemeChoice(StrEnum):
    """Light, dark, or as the system has it."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


class Region(StrEnum):
    """Which hosts of the service are used; ``DEFAULT`` leaves it to the base address."""

    DEFAULT = "default"
    INDIA = "india"
    US = "us"


class ProxyMode(StrEnum):
    """Where the proxy comes from."""

    SYSTEM = "system"
    NONE = "none"
    MANUAL = "manual"


class ResumeMode(StrEnum):
    """Where playback goes on after a pause for typing."""

    WHERE_STOPPED = "where-stopped"
    BEFORE_EDIT = "before-edit"
    AFTER_EDIT = "after-edit"
    SECONDS_EARLIER = "seconds-earlier"
    STAY_PAUSED = "stay-paused"


class ClickMode(StrEnum):
    """What a click on a word does besides putting the caret there."""

    SEEKS = "seeks"
    PLAYS = "plays"
    NOTHING_MORE = "nothing-more"


class Leaving(StrEnum):
    """What closing does while work is under way."""

    ASK = "ask"
    FINISH = "finish"
    CONTINUE_NEXT_TIME = "continue-next-time"


@dataclass(frozen=True, slots=True)
class WatchFolder:
    """A folder whose new recordings are queued by themselves.

    Attributes:
        path: The folder.
        options: What its recordings are transcribed with.
        export_format: Format written when done; empty for none.
        export_folder: Where to; empty for beside the recording.
        is_on: Whether it is watched now.
    """

    path: str
    options: TranscriptionOptions = field(default_factory=TranscriptionOptions)
    export_format: str = ""
    export_folder: str = ""
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class ListedWord:
    """A word of the person's own list, as it is to be written.

    Attributes:
        right: As it is right; may be several words.
        wrong: How it is written wrongly.
    """

    right: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """Options under a name.

    Attributes:
        name: As a person called it.
        options: What it stands for.
    """

    name: str
    options: TranscriptionOptions = field(default_factory=TranscriptionOptions)


@dataclass(frozen=True, slots=True)
class ExportPreset:
    """A way to export, under a name.

    Attributes:
        name: As a person called it.
        format_name: Which format.
        options_json: The format's options as JSON; ``app/export`` reads them.
    """

    name: str
    format_name: str
    options_json: str = "{}"


def first_options() -> TranscriptionOptions:
    """Give what recordings are transcribed with until a person chooses otherwise."""
    return TranscriptionOptions(diarize=True)  # costs nothing but a little time


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set.

    Attributes:
        options: Options of recordings added next.
        presets: Named options.
        favourite_languages: Shown first in the picker.
        recent_languages: Used last, latest first.
        base_url: Address of the service; empty for the usual one.
        service_path: Path below it, for self-hosting; empty for the usual one.
        region: Which of the service's hosts.
        proxy_mode: Where the proxy comes from.
        proxy_url: The proxy entered by hand.
        certificates: File of further certificates to trust, for a company's own.
        allow_plain_http: The person was warned and wants http beyond this computer.
        prices: US dollars a minute, by model.
        ask_above: Ask before sending what costs more, in US dollars; 0 never asks.
        sound_may_go_to: Addresses a person lets sound be sent to, as ``https://host``.
        live_stop_at: Live text by the service stops when a take has cost so much, in US
            dollars; 0 for never.
        starts_per_minute: Most requests started in a minute, per model.
        jobs_at_once: How many jobs run at a time.
        split_ms: Longest part that is sent.
        save_data: Send small lossy copies unless a job says otherwise.
        webhook_url: Public address the service calls back.
        webhook_method: How it calls.
        webhook_extra: Text it sends along.
        receiver_on: Wordlight receives the calls itself.
        receiver_host: Where it listens.
        receiver_port: On which port; 0 for any.
        receiver_secret: Secret part of the path.
        record_microphone: The microphone recorded last; empty for the system's, ``none``
            for none.
        records_computer: Whether what the computer plays was recorded last.
        live_text: What makes words of a recording while it is recorded.
        keeps_live_text: Whether these words stay, and are not made better afterwards.
        spoken_punctuation: Whether who dictates says “comma” for a comma.
        theme: Light, dark or system.
        font_size_pt: Size of the text to read, all other text in proportion; 0 for the usual
            size.
        reading_font: Family of the text to read; empty for the system's.
        line_chars: About how many characters a line of the text to read has at most.
        interface_language: Code of the window's language; empty for the system's.
        geometry: The window's place and size, as Qt packs it, base64.
        panes: State of the window's panes, base64.
        shows_video: Moving pictures are shown beside the text.
        speed: Playback speed.
        volume: Loudness, 0 to 1.
        skip_ms: How far *back* and *forward* go.
        rewind_on_pause_ms: How far playback goes back when it resumes.
        pauses_while_typing: Typing holds playback.
        typing_pause_ms: It goes on after so long without a key.
        resume_mode: Where playback resumes after typing.
        resume_earlier_ms: How far back with ``ResumeMode.SECONDS_EARLIER``.
        reaction_ms: How long after hearing a word one presses a key for it.
        types_at_spoken: While it plays, typing goes to the word just heard.
        click_mode: What a click on a word does to the sound.
        space_plays: Where nothing was typed yet, Space plays and Return plays from there.
        audio_device: Name of the output, as Qt describes it; empty for the system's.
        latency_ms: Delay of the output that the highlight makes up for.
        checks_spelling: Whether words the dictionary does not know are marked.
        marks_uncertain: Whether words in doubt are marked while nobody goes through them.
        knows_voices: Names of voices that were named before are suggested.
        pales_unheard: Whether words nobody has heard are paler.
        hides_struck: Whether words that are struck through are neither seen nor heard.
        own_fillers: Words and phrases a person counts as fillers.
        word_list: The person's own words, and how they are written wrongly.
        applies_word_list: Whether it is applied to each new transcript.
        key_bindings: Action and key sequence, where not the usual one.
        watch_folders: Folders watched for new recordings.
        export_format: Format used last.
        export_folder: Where it went; empty for beside the recording.
        export_template: What exported files are called; see ``app/export/names.py``.
        export_options_json: Options used last, by format, as JSON.
        export_presets: Named ways to export.
        auto_export_format: Format that every transcript is written in when done; empty
            for none.
        keep_copies: Keep a copy of each recording.
        lists_recent_files: Recordings that are added stand among the system's recent files.
        backups_kept: How many rolling copies of the library stay; 0 for none.
        bin_days: After how many days deleted transcripts are gone; 0 for never.
        leaving: What closing does while work is under way.
        is_queue_paused: The queue was paused by a person, and stays so over a restart.
        keep_awake: Keep the computer awake while working.
        notify_done: Tell when the queue is done.
        models_folder: The person's own folder of models; empty for none.
        reopens_last: The transcript that was read last is opened at the start.
        last_transcript: Id of that transcript; empty for none.
        has_chosen_model: Which model recordings are added with was settled once.
        looks_for_updates: Wordlight looks once a week whether there is a newer one.
        was_asked_for_updates: A person was asked whether it shall.
        updates_looked_ms: When it looked last.
        update_told: The newest version that was told of.
        is_welcomed: The first steps were taken or passed by.
        is_shown_around: What the first page says once was read.
        reads_speakers: Who hears the page is told who speaks, when, and how sure it is.
        experience: Milliseconds of work a second of recording takes, by model.
    """

    options: TranscriptionOptions = field(default_factory=first_options)
    presets: tuple[Preset, ...] = ()
    favourite_languages: tuple[str, ...] = ()
    recent_languages: tuple[str, ...] = ()
    base_url: str = ""
    service_path: str = ""
    region: Region = Region.DEFAULT
    proxy_mode: ProxyMode = ProxyMode.SYSTEM
    proxy_url: str = ""
    certificates: str = ""
    allow_plain_http: bool = False
    prices: tuple[tuple[ModelId, float], ...] = ()
    ask_above: float = 1.0
    sound_may_go_to: tuple[str, ...] = ()
    live_stop_at: float = 2.0
    starts_per_minute: int = 25
    jobs_at_once: int = 2
    split_ms: int = 10 * 60_000
    save_data: bool = False
    webhook_url: str = ""
    webhook_method: str = "POST"
    webhook_extra: str = ""
    receiver_on: bool = False
    receiver_host: str = "127.0.0.1"
    receiver_port: int = 0
    record_microphone: str = ""
    records_computer: bool = False
    live_text: LiveBy = LiveBy.HERE
    keeps_live_text: bool = False
    spoken_punctuation: bool = False
    receiver_secret: str = field(default="", repr=False)
    theme: ThemeChoice = ThemeChoice.SYSTEM
    font_size_pt: float = 0.0
    reading_font: str = ""
    line_chars: int = 68
    interface_language: str = ""
    geometry: str = ""
    panes: str = ""
    shows_video: bool = True
    speed: float = 1.0
    volume: float = 1.0
    skip_ms: int = 5_000
    rewind_on_pause_ms: int = 1_000
    pauses_while_typing: bool = True
    typing_pause_ms: int = 1_500
    resume_mode: ResumeMode = ResumeMode.WHERE_STOPPED
    resume_earlier_ms: int = 2_000
    reaction_ms: int = 400
    types_at_spoken: bool = False
    click_mode: ClickMode = ClickMode.SEEKS
    space_plays: bool = False
    audio_device: str = ""
    latency_ms: int = 0
    checks_spelling: bool = False
    marks_uncertain: bool = False
    knows_voices: bool = False
    pales_unheard: bool = False
    hides_struck: bool = False
    own_fillers: tuple[str, ...] = ()
    word_list: tuple[ListedWord, ...] = ()
    applies_word_list: bool = False
    key_bindings: tuple[tuple[str, str], ...] = ()
    watch_folders: tuple[WatchFolder, ...] = ()
    export_format: str = "txt"
    export_folder: str = ""
    export_template: str = "{name}"
    export_options_json: str = "{}"
    export_presets: tuple[ExportPreset, ...] = ()
    auto_export_format: str = ""
    keep_copies: bool = False
    lists_recent_files: bool = True
    backups_kept: int = 3
    bin_days: int = 30
    leaving: Leaving = Leaving.ASK
    is_queue_paused: bool = False
    keep_awake: bool = True
    notify_done: bool = True
    models_folder: str = ""
    reopens_last: bool = True
    last_transcript: str = ""
    has_chosen_model: bool = False
    looks_for_updates: bool = False
    was_asked_for_updates: bool = False
    updates_looked_ms: int = 0
    update_told: str = ""
    is_welcomed: bool = False
    is_shown_around: bool = False
    reads_speakers: bool = False
    experience: tuple[tuple[str, float], ...] = ()


LIMITS: dict[str, tuple[float, float]] = {
    "ask_above": (0, 1_000_000),
    "live_stop_at": (0, 1_000_000),
    "starts_per_minute": (1, 600),
    "jobs_at_once": (1, 8),
    "split_ms": (60_000, 24 * 3_600_000),
    "receiver_port": (0, 65_535),
    "font_size_pt": (0, 72),
    "line_chars": (30, 200),
    "speed": (0.5, 3),
    "volume": (0, 1),
    "skip_ms": (500, 600_000),
    "rewind_on_pause_ms": (0, 60_000),
    "typing_pause_ms": (200, 60_000),
    "resume_earlier_ms": (0, 60_000),
    "reaction_ms": (0, 5_000),
    "latency_ms": (-2_000, 2_000),
    "backups_kept": (0, 100),
    "bin_days": (0, 3_650),
}
"""Least and greatest value of each number."""


def within_limits(settings: Settings) -> Settings:
    """Bring numbers that are too small or too large to the nearest allowed one."""
    changes: dict[str, Any] = {}
    for name, (least, greatest) in LIMITS.items():
        value: float = getattr(settings, name)
        if math.isnan(value):
            changes[name] = getattr(_DEFAULTS, name)
        elif not least <= value <= greatest:
            changes[name] = type(value)(least if value < least else greatest)
    if any(not 0 <= price < math.inf for _, price in settings.prices):
        changes["prices"] = tuple(
            (model, price) for model, price in settings.prices if 0 <= price < math.inf
        )
    return dataclasses.replace(settings, **changes) if changes else settings


_DEFAULTS = Settings()

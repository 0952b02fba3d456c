"""Several languages in one recording: each stretch in its own, nothing lost, none translated.

``python3 packaging/dev.py bench languages [--short]``. All voices are of people: English is
the clips in ``tests/clips``; French, Spanish, Italian and Russian are the prompts of a
telephone exchange, Czech and Dutch the talk of two fish in a game, German four sentences of
another, as Debian has them (``apt-get install`` and the names in ``PACKAGES``). What is not
installed is left out, and said. Of the fish it is known what they say; the others are held
against what the bare engine hears in each alone when it is told their language, which is the
most that can be wished for.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the path comes first

from app.core.options import AUTO, TranscriptionOptions  # noqa: E402
from app.core.transcript import Transcript, Word  # noqa: E402
from app.ondevice.catalog import PACKAGES as MODELS  # noqa: E402
from app.ondevice.installed import ModelFolders  # noqa: E402
from app.ondevice.recogniser import Recogniser  # noqa: E402
from bench import CannotMeasureError, Figure  # noqa: E402
from bench.sounds import LEVEL, RATE, Samples, active_level, clip, decoded, music, write  # noqa: E402
from tests.support.wer import normalised  # noqa: E402

MODEL = "base"
PROMPTS = Path("/usr/share/asterisk/sounds")
SPEAKERS = {
    "fr": "fr_CA_f_June",
    "es": "es_MX_f_Allison",
    "it": "it_IT_m_Carlo",
    "ru": "ru_RU_f_IvrvoiceRU",
}
FISH = Path("/usr/share/games/fillets-ng")
PLAYS = {"cs": ("briefcase", "kitchen"), "nl": ("briefcase", "kitchen")}
GAME = Path("/usr/share/unknown-horizons/content/audio/voice")
PACKAGES = {
    "de": "unknown-horizons",
    **{code: f"asterisk-core-sounds-{code}-g722" for code in SPEAKERS},
    **{code: f"fillets-ng-data fillets-ng-data-{code}" for code in PLAYS},
}
LONG = ("demo-congrats", "dir-intro", "priv-callee-options")
SHORT = ("vm-intro", "demo-thanks", "vm-newuser", "vm-tempgreeting2", "queue-periodic-announce")
OWN = 0.95
RIGHT = 0.85
"""The fish speak through bubbles: of theirs no more than two thirds are heard."""
_GAP_S = 0.7
_INTRO_S = 25


@dataclass(frozen=True)
class Part:
    """Somebody speaking one language without a break.

    Attributes:
        language: Which.
        samples: The sound.
        text: What is said; empty where it is not known.
    """

    language: str
    samples: Samples
    text: str = ""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE


@dataclass(frozen=True)
class Mixed:
    """A sound in several languages.

    Attributes:
        name: What it is called.
        parts: What is said, in order.
        before_s: Seconds of music before it.
    """

    name: str
    parts: tuple[Part, ...]
    before_s: float = 0.0

    def samples(self) -> Samples:
        """Give the whole sound."""
        gap = np.zeros(int(_GAP_S * RATE), np.float32)
        pieces: list[Samples] = [gap]
        if self.before_s:
            pieces.insert(0, music(int(self.before_s * RATE)) * np.float32(0.08))
        for part in self.parts:
            pieces += [part.samples, gap]
        return np.concatenate(pieces)

    def places(self) -> Iterator[tuple[int, int, Part]]:
        """Give each part with its begin and end in milliseconds."""
        at_s = self.before_s + _GAP_S
        for part in self.parts:
            yield round(at_s * 1e3), round((at_s + part.seconds) * 1e3), part
            at_s += part.seconds + _GAP_S


@dataclass
class Score:
    """How much of what was said came out, and how.

    Attributes:
        said: How many words were said.
        right: How many of them were heard.
        heard: How many words there are.
        own: How many of them are held to be in their own language.
        wordless_ms: Speech without words.
        by_language: How many words were said and heard in each language.
    """

    said: int = 0
    right: int = 0
    heard: int = 0
    own: int = 0
    wordless_ms: int = 0
    by_language: dict[str, Counter[str]] = field(default_factory=dict[str, "Counter[str]"])

    def add(
        self, code: str, said: int, right: int, found: Counter[str], wordless_ms: int
    ) -> None:
        """Count a part."""
        self.said += said
        self.right += right
        self.heard += found.total()
        self.own += found[code]
        self.wordless_ms += wordless_ms
        self.by_language.setdefault(code, Counter()).update(found)


class Bare(Protocol):
    """The bare engine, told a language."""

    def __call__(self, part: Part) -> str:
        """Give what it hears."""
        ...


def prompts(code: str, names: Sequence[str]) -> list[Part]:
    """Give prompts of one voice; none where they are not installed."""
    folder = PROMPTS / SPEAKERS[code]
    paths = [folder / f"{name}.g722" for name in names]
    return [Part(code, _levelled(decoded(path))) for path in paths if path.is_file()]


def talk(code: str, seconds: float, skip: int = 0) -> list[Part]:
    """Give what two fish say to each other, up to a length; none where it is not installed."""
    found: list[Part] = []
    for play in PLAYS[code]:
        script = FISH / "script" / play / f"dialogs_{code}.lua"
        if not script.is_file():
            continue
        told = script.read_text("utf-8")
        lines = re.findall(r'dialogId\("([^"]+)".*\)\s*dialogStr\("(.+)"\)', told)
        for name, text in lines:
            path = FISH / "sound" / play / code / f"{name}.ogg"
            if path.is_file():
                found.append(Part(code, _levelled(decoded(path)), text))
    found, length_s = found[skip:], 0.0
    kept: list[Part] = []
    for part in found:
        if length_s >= seconds:
            break
        kept.append(part)
        length_s += part.seconds + _GAP_S
    return kept


def announcements(code: str) -> list[Part]:
    """Give what a game announces; none where it is not installed."""
    return [
        Part(code, _levelled(decoded(path))) for path in sorted(GAME.glob(f"{code}/**/*.ogg"))
    ]


def english(*numbers: int) -> list[Part]:
    """Give sentences of one reader."""
    clips = [clip(f"lj001-{number:04}") for number in numbers]
    return [Part("en", _levelled(one.samples), one.text) for one in clips]


def _levelled(samples: Samples) -> Samples:
    return samples / active_level(samples) * np.float32(LEVEL)


def voices() -> dict[str, tuple[list[Part], list[Part]]]:
    """Give for each language that is installed long parts and short ones."""
    found = {code: (prompts(code, LONG), prompts(code, SHORT)) for code in SPEAKERS}
    found |= {code: (talk(code, 25, 12), talk(code, 12)) for code in PLAYS}
    german = announcements("de")
    found["de"] = german, german[1:]
    return {code: parts for code, parts in found.items() if all(parts)}


def mixed(*, short: bool = False) -> Iterator[Mixed]:
    """Give the sounds."""
    known = voices()
    for code, (long, brief) in known.items():
        if not short or code in {"fr", "es"}:
            parts = [*english(2), *brief[:1], *english(4, 5), *long[:1], *english(8)]
            if code not in SPEAKERS:
                parts = [*english(2), *brief, *english(4, 5), *long, *english(8)]
            yield Mixed(f"{code} within English", tuple(parts))
    many = [
        part
        for code, (long, _) in known.items()
        for part in long[: 1 if code in SPEAKERS else None]
    ]
    yield Mixed(f"{len(known) + 1} languages", (*english(2), *many))
    for code in ("fr", "it") if not short else ("fr",):
        if code in known:
            yield Mixed(f"music, then {code}", tuple(known[code][0][1:]), _INTRO_S)
    for code in ("fr", "es", "ru", "de"):
        if code in known and not short:
            turns = zip(english(3, 5, 7, 9, 11), known[code][1], strict=False)
            yield Mixed(f"en and {code} in turns", tuple(one for pair in turns for one in pair))


def figures(*, short: bool = False) -> Iterator[Figure]:
    """Recognise all sounds, the language detected, and say what became of each part."""
    known = voices()
    for code, package in PACKAGES.items():
        if code not in known:
            print(f"  no voice for {code}: apt-get install {package}", flush=True)
    if not known:
        raise CannotMeasureError("no voices of people in other languages are installed")
    with tempfile.TemporaryDirectory() as folder:
        folders = ModelFolders(Path(folder, "models"))
        if not folders.is_installed(MODELS[MODEL]):
            raise CannotMeasureError(f"{MODEL} is not installed")
        bare = _bare(folders)
        with asyncio.Runner() as runner:
            recogniser = Recogniser(folders)
            total = Score()
            for sound in mixed(short=short):
                path = write(Path(folder, "sound.wav"), sound.samples())
                options = TranscriptionOptions(language=AUTO, package=MODEL)
                transcript = runner.run(recogniser.transcribe(path, options))
                print(f"  {sound.name}:", flush=True)
                _score(sound, transcript, bare, total)
            runner.run(recogniser.aclose())
    for code, found in total.by_language.items():
        print(f"  {code}: {dict(found.most_common())}")
    for what, count, of, reference, least in (
        ("words in their own language", total.own, total.heard, "heard", OWN),
        ("words right", total.right, total.said, "said", RIGHT),
    ):
        yield Figure(what, count, "words", of, reference, least, at_least=True)
    yield Figure("speech without words", total.wordless_ms / 1e3, "s")


def _bare(folders: ModelFolders) -> Bare:
    from faster_whisper import WhisperModel

    model = WhisperModel(
        str(folders.ready(MODELS[MODEL])),
        device="cpu",
        compute_type="int8",
        cpu_threads=2,
        local_files_only=True,
    )

    def hear(part: Part) -> str:
        found, _ = model.transcribe(part.samples, language=part.language)
        return " ".join(one.text for one in found)

    return hear


def _score(sound: Mixed, transcript: Transcript, bare: Bare, total: Score) -> None:
    words = [
        (word, turn.language or transcript.language)
        for turn in transcript.paragraphs
        for word in turn.words
    ]
    for start_ms, end_ms, part in sound.places():
        inside = [
            (word, code)
            for word, code in words
            if start_ms - 350 <= (word.start_ms + word.end_ms) // 2 < end_ms + 350
        ]
        text = part.text or bare(part)
        got = " ".join(word.text for word, _ in inside)
        said, right = words_right(text, got)
        found = Counter(code for _, code in inside)
        wordless_ms = sum(
            max(0, min(end_ms, until_ms) - max(start_ms, begin_ms))
            for begin_ms, until_ms in transcript.wordless
        )
        total.add(part.language, said, right, found, wordless_ms)
        print(
            f"    {part.language} {part.seconds:.0f} s: {right} of {said} words right, "
            f"{dict(found.most_common())}, {wordless_ms / 1e3:.1f} s without words"
            f", sure {_mean(word for word, _ in inside):.2f}"
            + (f"\n      said  {text}\n      heard {got}" if right < said * 0.7 else ""),
            flush=True,
        )


def _mean(words: Iterator[Word]) -> float:
    known = [word.confidence for word in words if word.confidence is not None]
    return float(np.mean(known)) if known else 0.0


def words_right(text: str, heard: str) -> tuple[int, int]:
    """Count the words of a text, and those of them that were heard, in their order."""
    said, got = normalised(text), normalised(heard)
    matched = SequenceMatcher(None, said, got, autojunk=False).get_matching_blocks()
    return len(said), sum(block.size for block in matched)

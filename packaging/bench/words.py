"""Recognition on this computer: the right words at the right moment, beside the bare engine.

``python3 packaging/dev.py bench words [--short]``. The bare engine is faster-whisper as it
comes, with the same model in the same run. Word times are judged on synthetic speech, where
they are known exactly; words on real speech, clean and made harder.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the path comes first
from typing_extensions import override  # noqa: E402

from app.core.options import TranscriptionOptions  # noqa: E402
from app.ondevice.catalog import PACKAGES  # noqa: E402
from app.ondevice.installed import ModelFolders  # noqa: E402
from app.ondevice.recogniser import Recogniser  # noqa: E402
from app.ondevice.sound import PIECE_MS, cut_place  # noqa: E402
from bench import CannotMeasureError, Figure  # noqa: E402
from bench.sounds import (  # noqa: E402
    RATE,
    VOICES,
    Spoken,
    TimedWord,
    clean,
    clip,
    hard,
    in_noise,
    nothing,
    silences,
    synthetic,
    write,
)
from tests.support.wer import normalised  # noqa: E402

MODELS = ("tiny.en", "base")
NAMES = (
    *("Hale", "Thornton", "Dashwood", "Gutenberg", "Schoeffer", "Maintz", "Netherlands"),
    *("Strasburg", "Basle", "Lubeck", "Margaret"),
)
"""Those in the clips."""
OTHER_NAMES = ("Anderson", "Baxter", "Kowalski", "Nakamura", "Fitzgerald", "Villanueva")
SHORT_HARD = ("pink noise 5 dB",)
NOISES = {"pink": (7, 8, 9), "white": (7,), "babble": (1, 2)}
"""Seeds of each kind: how many words one noise hides is chance to a great part."""
MOST_LOST = 0.25
STRETCH_WORDS = 5
"""So many words that are missing in a row are a stretch that vanished."""
SHARE_LIT = 0.9


@dataclass(frozen=True)
class Errors:
    """What is wrong with a text.

    Attributes:
        changed: Words that are others.
        lost: Words that are missing.
        invented: Words that nobody said.
        said: Words that there are.
    """

    changed: int = 0
    lost: int = 0
    invented: int = 0
    said: int = 0

    @property
    def all(self) -> int:
        """How many there are."""
        return self.changed + self.lost + self.invented

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.changed + other.changed,
            self.lost + other.lost,
            self.invented + other.invented,
            self.said + other.said,
        )

    @override
    def __str__(self) -> str:
        return f"{self.all} ({self.lost} lost, {self.invented} invented)"


class Both:
    """The program and the bare engine, with one model."""

    def __init__(self, model: str, folders: ModelFolders, folder: Path) -> None:
        from faster_whisper import WhisperModel

        self._options = TranscriptionOptions(language="en", package=model)
        self._folders = folders
        self._folder = folder
        self._recogniser = Recogniser(folders)
        self._bare = WhisperModel(
            str(folders.ready(PACKAGES[model])),
            device="cpu",
            compute_type="int8",
            cpu_threads=2,
            local_files_only=True,
        )

    async def ours(self, sound: Spoken, names: tuple[str, ...] = ()) -> list[TimedWord]:
        """Recognise as the program does."""
        path = write(self._folder / "sound.wav", sound.samples)
        options = replace(self._options, names=names)
        heard = await self._recogniser.transcribe(path, options)
        return [(one.text, one.start_ms / 1e3, one.end_ms / 1e3) for one in heard.words()]

    def bare(self, sound: Spoken) -> list[TimedWord]:
        """Recognise with the bare engine."""
        import ctranslate2

        ctranslate2.set_random_seed(1)
        found, _ = self._bare.transcribe(sound.samples, language="en", word_timestamps=True)
        return [
            (one.word.strip(), one.start, one.end) for part in found for one in part.words or ()
        ]

    def before(self, sound: Spoken) -> list[TimedWord]:
        """Recognise as the program did up to commit 9a56e24: nothing was heard again."""
        import ctranslate2

        ctranslate2.set_random_seed(1)
        left = np.clip(np.round(sound.samples * 32_768), -32_768, 32_767).astype(np.int16)
        heard: list[TimedWord] = []
        longest, start_s = PIECE_MS * RATE // 1_000, 0.0
        while left.size:
            piece = left[:longest]
            piece = piece[: cut_place(piece)] if piece.size < left.size else piece
            found, _ = self._bare.transcribe(
                piece.astype(np.float32) / np.float32(32_768),
                language="en",
                word_timestamps=True,
                vad_filter=True,
                condition_on_previous_text=False,
            )
            heard += [
                (one.word.strip(), start_s + one.start, start_s + one.end)
                for part in found
                for one in part.words or ()
            ]
            left, start_s = left[piece.size :], start_s + piece.size / RATE
        return heard

    async def close(self) -> None:
        """End the child."""
        await self._recogniser.aclose()


def figures(*, short: bool = False) -> Iterator[Figure]:
    """Recognise all sounds with both models, by the program and by the bare engine."""
    spoken = [clean(short=short)]
    spoken += [one for one in hard(spoken[0]) if not short or one.name in SHORT_HARD]
    if not short:
        quiet = tuple(f"lj001-{number:04}" for number in (2, 4, 6, 8, 11))
        spoken += [clip("five-minutes"), silences(quiet, None), silences(quiet, -60)]
    sentences = 10 if short else 26
    exact = [
        one
        for voice in VOICES[1 if short else 0 :]
        if (one := synthetic(voice, sentences=sentences))
    ]
    if not exact:
        raise CannotMeasureError("no synthetic voices; install festival and its voices")
    silent = list(nothing(10 if short else 60))
    with tempfile.TemporaryDirectory() as folder:
        folders = ModelFolders(Path(folder, "models"))
        for model in MODELS:
            if not folders.is_installed(PACKAGES[model]):
                print(f"{model} is not installed", flush=True)
                continue
            runner = asyncio.Runner()
            with runner:
                both = Both(model, folders, Path(folder))
                yield from _words(model, spoken, both, runner)
                noises = {"pink": NOISES["pink"][:1]} if short else NOISES
                yield from _lost(model, spoken[0], both, runner, noises)
                yield from _times(model, exact, both, runner)
                yield from _invented(model, silent, both, runner)
                if not short:
                    yield from _names(model, [spoken[0], clip("five-minutes")], both, runner)
                runner.run(both.close())


def _words(
    model: str, spoken: Sequence[Spoken], both: Both, runner: asyncio.Runner
) -> Iterator[Figure]:
    ours, bare = Errors(), Errors()
    for one in spoken:
        mine = errors_in(one.text, [word for word, _, _ in runner.run(both.ours(one))])
        plain = errors_in(one.text, [word for word, _, _ in both.bare(one)])
        print(f"  {model}, {one.name}: {mine}; bare {plain}; of {mine.said}", flush=True)
        ours, bare = ours + mine, bare + plain
    target = 0.85 if model == "base" else 1.0
    yield Figure(f"{model}: errors", ours.all, "words", bare.all, "bare", target)
    yield Figure(f"{model}: words lost", ours.lost, "words", bare.lost, "bare")
    yield Figure(f"{model}: words invented", ours.invented, "words", bare.invented, "bare")


def _lost(
    model: str,
    base: Spoken,
    both: Both,
    runner: asyncio.Runner,
    noises: Mapping[str, Sequence[int]],
) -> Iterator[Figure]:
    """Count what is lost in several noises, beside what the program lost in the same ones."""
    ours_gone = before_gone = 0
    for kind, seeds in noises.items():
        ours, before = Errors(), Errors()
        for seed in seeds:
            one = in_noise(base, 5, seed, kind)
            heard = [word for word, _, _ in runner.run(both.ours(one))]
            known = [word for word, _, _ in both.before(one)]
            mine, old = errors_in(one.text, heard), errors_in(one.text, known)
            gone, gone_before = vanished(one.text, heard), vanished(one.text, known)
            print(
                f"  {model}, {one.name}: {mine}, {gone} in stretches; "
                f"before {old}, {gone_before} in stretches; of {mine.said}",
                flush=True,
            )
            ours, before = ours + mine, before + old
            ours_gone, before_gone = ours_gone + gone, before_gone + gone_before
        what = f"{model}: words lost in {len(seeds)} {kind} noises of 5 dB"
        yield Figure(what, ours.lost, "words", before.lost, "before", MOST_LOST)
    what = f"{model}: words lost in whole stretches, in all of them"
    yield Figure(what, ours_gone, "words", before_gone, "before", MOST_LOST)


def _times(
    model: str, exact: Sequence[Spoken], both: Both, runner: asyncio.Runner
) -> Iterator[Figure]:
    for one in exact:
        mine = Timing.of(one.words, runner.run(both.ours(one)))
        plain = Timing.of(one.words, both.bare(one))
        what = f"{model}, {one.name}"
        print(f"  {what}: {mine}; bare {plain}", flush=True)
        yield Figure(f"{what}: start off, median", mine.median_ms, "ms", target=20)
        yield Figure(f"{what}: start off, 95 %", mine.most_ms, "ms", target=100)
        yield Figure(f"{what}: share lit", mine.lit, "", target=SHARE_LIT, at_least=True)


def _invented(
    model: str, silent: Sequence[Spoken], both: Both, runner: asyncio.Runner
) -> Iterator[Figure]:
    found = {one.name: runner.run(both.ours(one)) for one in silent}
    for name, words in found.items():
        if words:
            print(f"  {model}, {name}: {' '.join(word for word, _, _ in words)}", flush=True)
    count = sum(len(words) for words in found.values())
    yield Figure(f"{model}: words where nobody speaks", count, "words", target=0)


def _names(
    model: str, spoken: Sequence[Spoken], both: Both, runner: asyncio.Runner
) -> Iterator[Figure]:
    """Recognise with the right list, with a wrong one, and with one of 10,000 lines."""
    said = sum(names_in(one.text.split()) for one in spoken)
    many = tuple(f"{name}{number}" for number in range(1_600) for name in OTHER_NAMES)
    plain = Errors()
    for list_name, names in (
        ("no list", ()),
        ("the right list", NAMES + OTHER_NAMES),
        ("a wrong list", OTHER_NAMES),
        ("10,000 names", (*many, *NAMES)),
    ):
        errors, right = Errors(), 0
        for one in spoken:
            heard = [word for word, _, _ in runner.run(both.ours(one, names))]
            errors, right = errors + errors_in(one.text, heard), right + names_in(heard)
        if not names:
            plain = errors
        yield Figure(f"{model}, {list_name}: names right of {said}", right, "words")
        yield Figure(
            f"{model}, {list_name}: errors", errors.all, "words", plain.all, "no list", 1.0
        )


def names_in(words: Sequence[str]) -> int:
    """Count the words that are one of the names."""
    listed = {name.lower() for name in NAMES}
    return sum(re.sub(r"'s$|[^a-z']", "", word.lower()) in listed for word in words)


@dataclass(frozen=True)
class Timing:
    """How far word times are off.

    Attributes:
        matched: How many words both have.
        bias_ms: By how much they begin late, at the median.
        median_ms: By how much starts are off, at the median.
        most_ms: The same at 95 %.
        lit: Share of the words' spoken time that lies within the times given.
    """

    matched: int
    bias_ms: float
    median_ms: float
    most_ms: float
    lit: float

    @classmethod
    def of(cls, true: Sequence[TimedWord], heard: Sequence[TimedWord]) -> Timing:
        """Compare those words that both have."""
        plain = [_plain(word) for word, _, _ in true]
        got = [_plain(word) for word, _, _ in heard]
        pairs = [
            (true[block.a + place], heard[block.b + place])
            for block in SequenceMatcher(None, plain, got, autojunk=False).get_matching_blocks()
            for place in range(block.size)
        ]
        if not pairs:
            return cls(0, 0.0, 1e6, 1e6, 0.0)
        off = np.array([1e3 * (mine[1] - real[1]) for real, mine in pairs])
        shares = [
            max(0.0, min(real[2], mine[2]) - max(real[1], mine[1])) / (real[2] - real[1])
            for real, mine in pairs
            if real[2] > real[1]
        ]
        return cls(
            len(pairs),
            float(np.median(off)),
            float(np.median(abs(off))),
            float(np.percentile(abs(off), 95)),
            float(np.mean(shares)),
        )

    @override
    def __str__(self) -> str:
        return (
            f"{self.bias_ms:+.0f} / {self.median_ms:.0f} / {self.most_ms:.0f} ms, "
            f"lit {self.lit:.2f}, {self.matched} words"
        )


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())


def errors_in(text: str, heard: Sequence[str]) -> Errors:
    """Count what is wrong by the cheapest way from one text to the other."""
    said, got = normalised(text), normalised(" ".join(heard))
    costs = [(column, 0, column) for column in range(len(got) + 1)]  # all, lost, invented
    for place, word in enumerate(said, start=1):
        diagonal, costs[0] = costs[0], (place, place, 0)
        for column, other in enumerate(got, start=1):
            all_, lost, invented = diagonal
            same = (all_ + (word != other), lost, invented)
            above, left = costs[column], costs[column - 1]
            diagonal = above
            costs[column] = min(
                same,
                (above[0] + 1, above[1] + 1, above[2]),
                (left[0] + 1, left[1], left[2] + 1),
            )
    all_, lost, invented = costs[-1]
    return Errors(all_ - lost - invented, lost, invented, len(said))


def vanished(text: str, heard: Sequence[str]) -> int:
    """Count the words that are missing in whole stretches, by the cheapest way."""
    said, got = normalised(text), normalised(" ".join(heard))
    costs = [list(range(len(got) + 1))]
    for place, word in enumerate(said, start=1):
        above, row = costs[-1], [place]
        for column, other in enumerate(got, start=1):
            cheapest = min(above[column - 1] + (word != other), above[column] + 1)
            row.append(min(cheapest, row[-1] + 1))
        costs.append(row)
    count, in_a_row, column = 0, 0, len(got)
    for place in range(len(said), 0, -1):
        while column and costs[place][column] == costs[place][column - 1] + 1:
            column -= 1  # nobody said it
        if costs[place][column] == costs[place - 1][column] + 1:
            in_a_row += 1
        else:
            column -= 1
            count += in_a_row if in_a_row >= STRETCH_WORDS else 0
            in_a_row = 0
    return count + (in_a_row if in_a_row >= STRETCH_WORDS else 0)

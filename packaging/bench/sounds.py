"""Sounds to recognise, with what is said in them: clean, noisy, far away, fast. Seeded.

Real speech is the clips in ``tests/clips``. *Synthetic* speech is Festival's, reading
sentences of those clips: where each of its words begins and ends is known exactly, which no
ear and no aligner can say of real speech.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

RATE = 16_000
CLIPS = Path(__file__).parents[2] / "tests" / "clips"
LEVEL = 0.07
"""Of active speech, against full scale."""
VOICES = ("cmu_us_slt_arctic_hts", "kal_diphone")
_BABBLE = (
    *("five-minutes", "two-readers-alternating", "librispeech-1688-142285-0000"),
    *("librispeech-2412-153948-0000", "kennedy-1961", "five-minutes"),
)
_SEED = 7
_FULL_SCALE = 32_768
_MUSIC_STEP_S = 0.4

Samples = NDArray[np.float32]
TimedWord = tuple[str, float, float]


@dataclass(frozen=True)
class Spoken:
    """A sound and what is said in it.

    Attributes:
        name: What it is called.
        samples: 16 kHz mono.
        text: What is said; empty where nobody speaks.
        words: Each word with its start and end in seconds, where they are known exactly.
    """

    name: str
    samples: Samples
    text: str = ""
    words: tuple[TimedWord, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE


def clip(name: str) -> Spoken:
    """Read one of the clips."""
    text = (CLIPS / f"{name}.txt").read_text("utf-8").strip()
    return Spoken(name, decoded(CLIPS / f"{name}.flac"), text)


def clean(*, short: bool = False) -> Spoken:
    """Give single clips and two readers in turn at one level, with pauses between."""
    singles = sorted(path.stem for path in CLIPS.glob("l*.flac"))
    names = [*(singles[:3] if short else singles), "kennedy-1961"]
    parts: list[Samples] = []
    texts: list[str] = []
    for name in [*names, *([] if short else ["two-readers-alternating"])]:
        one = clip(name)
        parts += [one.samples / active_level(one.samples) * np.float32(LEVEL), _silence(0.6)]
        texts.append(one.text)
    return Spoken("clean", np.concatenate(parts), " ".join(texts))


def hard(base: Spoken) -> Iterator[Spoken]:
    """Give a clean sound as it is in noise, over a telephone, in a room, and so on."""
    rng = np.random.default_rng(_SEED)
    x = base.samples
    noise, level = pink(len(x), rng), np.float32(active_level(x))

    def made(name: str, samples: NDArray[np.floating]) -> Spoken:
        return Spoken(name, np.clip(samples, -1, 1).astype(np.float32), base.text)

    yield made("pink noise 5 dB", x + noise * level * 10 ** (-5 / 20))
    yield made("pink noise 10 dB", x + noise * level * 10 ** (-10 / 20))
    yield made("telephone", _filtered(x, "highpass=f=300,lowpass=f=3400", "pcm_mulaw", 8_000))
    yield made("room", _in_a_room(x, rng) + pink(len(x), rng) * LEVEL * 10 ** (-30 / 20))
    yield made("music 5 dB", x + music(len(x)) * level * 10 ** (-5 / 20))
    other = clip("lj001-0003").samples
    other = np.resize(other / active_level(other), len(x))
    yield made("second talker 10 dB", x + other * level * 10 ** (-10 / 20))
    yield made("-40 dB", np.round(x * 0.01 * _FULL_SCALE) / _FULL_SCALE)
    yield made("clipped", np.clip(x * 16, -0.95, 0.95))
    yield made("1.5 times", _filtered(x, "atempo=1.5"))


def in_noise(base: Spoken, above_db: float, seed: int, kind: str = "pink") -> Spoken:
    """Give a clean sound in one of many noises: what one of them hides may be chance.

    Args:
        base: The clean sound.
        above_db: How far its speech is above the noise.
        seed: Which of them.
        kind: ``pink``, ``white``, or ``babble``: six people who read at once.
    """
    rng, count = np.random.default_rng(seed), len(base.samples)
    noise = {"pink": pink, "white": white, "babble": babble}[kind](count, rng)
    loud = active_level(base.samples) * 10 ** (-above_db / 20)
    samples = np.clip(base.samples + noise * np.float32(loud), -1, 1)
    return Spoken(f"{kind} {seed}, {above_db:g} dB", samples.astype(np.float32), base.text)


def silences(base_names: tuple[str, ...], floor_db: float | None) -> Spoken:
    """Give clips after long silences, digital or with the noise of a quiet room."""
    rng = np.random.default_rng(3)
    parts: list[Samples] = []
    texts: list[str] = []
    for name in base_names:
        one = clip(name)
        parts += [
            _silence(float(rng.uniform(12, 50))),
            one.samples / active_level(one.samples) * LEVEL,
        ]
        texts.append(one.text)
    x = np.concatenate([*parts, _silence(45)])
    if floor_db is not None:
        x = x + pink(len(x), rng) * np.float32(10 ** (floor_db / 20))
    name = "long silences" + ("" if floor_db is None else f", {floor_db:g} dB")
    return Spoken(name, x.astype(np.float32), " ".join(texts))


def nothing(seconds: float) -> Iterator[Spoken]:
    """Give sounds in which nobody speaks."""
    count = int(seconds * RATE)
    times = np.arange(count) / RATE
    hum = np.sin(2 * np.pi * 50 * times) * 0.02 + np.sin(2 * np.pi * 150 * times) * 0.01
    hiss = pink(count, np.random.default_rng(_SEED)) * np.float32(10 ** (-45 / 20))
    yield Spoken("digital silence", np.zeros(count, np.float32))
    yield Spoken("hiss", hiss)
    yield Spoken("hum", hum.astype(np.float32))
    yield Spoken("music", music(count) * np.float32(0.08))


def synthetic(voice: str, *, sentences: int) -> Spoken | None:
    """Let Festival read; ``None`` where it or the voice is not installed."""
    festival = shutil.which("festival")
    if festival is None:
        return None
    text = (CLIPS / "five-minutes.txt").read_text("utf-8")
    read = [
        re.sub(r'["\\()]', "", one.strip())
        for one in re.split(r"(?<=[.;:])\s+", text)
        if 5 <= len(one.split()) <= 40
    ][:sentences]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "read.scm")
        script.write_text("\n".join(_script(voice, read, folder)), "utf-8")
        subprocess.run([festival, "-b", str(script)], capture_output=True, check=False)
        if not Path(folder, f"{len(read) - 1}.txt").exists():
            return None
        return _joined(f"synthetic {voice.split('_', 1)[0]}", folder, len(read))


def _script(voice: str, read: list[str], folder: str) -> Iterator[str]:
    yield f"(voice_{voice})"
    yield (
        '(define (words u f) (let ((fd (fopen f "w"))) (mapcar (lambda (w) (let ((l '
        '(item.leafs (item.relation w "SylStructure")))) (if l (format fd "%s %f %f\\n" '
        '(item.name w) (item.feat w "word_start") (item.feat w "word_end"))))) '
        "(utt.relation.items u (quote Word))) (fclose fd)))"
    )
    for number, one in enumerate(read):
        yield (
            f'(set! u (utt.synth (Utterance Text "{one}"))) '
            f'(utt.save.wave u "{folder}/{number}.wav" (quote riff)) '
            f'(words u "{folder}/{number}.txt")'
        )


def _joined(name: str, folder: str, count: int) -> Spoken:
    rng = np.random.default_rng(5)
    parts: list[Samples] = []
    words: list[TimedWord] = []
    at = 0
    for number in range(count):
        samples = decoded(Path(folder, f"{number}.wav"))
        gap = _silence(float(rng.uniform(0.3, 1.2)))
        parts += [gap, samples / np.abs(samples).max() * np.float32(0.4)]
        at += len(gap)
        for line in Path(folder, f"{number}.txt").read_text("utf-8").splitlines():
            word, start, end = line.split()
            words.append((word, float(start) + at / RATE, float(end) + at / RATE))
        at += len(samples)
    x = np.concatenate([*parts, _silence(0.5)])
    x = x + np.random.default_rng(1).normal(size=len(x)).astype(np.float32) * np.float32(3e-4)
    text = " ".join(word for word, _, _ in words)
    return Spoken(name, x.astype(np.float32), text, tuple(words))


def write(path: Path, samples: Samples) -> Path:
    """Write a sound as the program's own preparation would."""
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        scaled = np.clip(np.round(samples * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1)
        out.writeframes(scaled.astype("<i2").tobytes())
    return path


def active_level(x: Samples) -> float:
    """Give how loud a sound is where somebody speaks."""
    frames = x[: len(x) // 320 * 320].reshape(-1, 320)
    level = np.sqrt((frames**2).mean(1))
    return float(np.sqrt((level[level > level.max() * 0.05] ** 2).mean()))


def pink(count: int, rng: np.random.Generator) -> Samples:
    """Make pink noise of level 1."""
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum = rng.normal(size=len(hertz)) + 1j * rng.normal(size=len(hertz))
    made = np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, 20)), count)
    return (made / np.std(made)).astype(np.float32)


def white(count: int, rng: np.random.Generator) -> Samples:
    """Make white noise of level 1."""
    return rng.normal(size=count).astype(np.float32)


def babble(count: int, rng: np.random.Generator) -> Samples:
    """Let six people read the clips at once, each from a moment of their own; of level 1.

    Some of them say what the speech says, at other times.
    """
    mixed = np.zeros(count, np.float32)
    for name in _BABBLE:
        one = clip(name).samples
        one = np.roll(one / active_level(one), int(rng.integers(len(one))))
        mixed += np.resize(one, count)
    return mixed / np.sqrt(np.square(mixed).mean())


def music(count: int) -> Samples:
    """Make plucked chords with a bass and a beat, of level 1."""
    rng = np.random.default_rng(_SEED)
    step = int(_MUSIC_STEP_S * RATE)
    times = np.arange(step * 4) / RATE
    made = np.zeros(count + step * 4)
    chords = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
    for beat in range(count // step):
        chord = chords[beat // 8 % 4]
        notes = [48 + chord[0] - 12, 60 + chord[beat % 3], 72 + chord[int(rng.integers(3))]]
        for note in notes:
            hertz = 440 * 2 ** ((note - 69) / 12)
            tone = sum(np.sin(2 * np.pi * hertz * k * times) / k**1.5 for k in range(1, 7))
            made[beat * step : beat * step + len(times)] += tone * np.exp(-times * 2.5)
        hit = rng.normal(size=1_600) * np.exp(-np.arange(1_600) / 250)
        made[beat * step : beat * step + 1_600] += hit * (1.5 if beat % 2 else 0.7)
    made = made[:count]
    return (made / np.sqrt((made**2).mean())).astype(np.float32)


def _in_a_room(x: Samples, rng: np.random.Generator) -> Samples:
    """Ring for 0.8 s, with the direct sound 3 dB under the rest."""
    length = int(0.9 * RATE)
    rings = rng.normal(size=length) * 10 ** (-3 * np.arange(length) / RATE / 0.8)
    rings[: int(0.003 * RATE)] = 0
    rings /= np.sqrt((rings**2).sum())
    rings[0] = 10 ** (-3 / 20)
    size = 1 << (len(x) + length).bit_length()
    far = np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(rings, size), size)[: len(x)]
    return (far * LEVEL / active_level(far.astype(np.float32))).astype(np.float32)


def _silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.float32)


def decoded(path: Path) -> Samples:
    """Read any sound."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path)]
    command += ["-ar", str(RATE), "-ac", "1", "-f", "s16le", "-"]
    raw = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return np.frombuffer(raw, "<i2").astype(np.float32) / np.float32(_FULL_SCALE)


def _filtered(x: Samples, filters: str, codec: str = "pcm_s16le", rate: int = RATE) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        before, after = write(Path(folder, "a.wav"), x), Path(folder, "b.wav")
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(before)]
        command += ["-af", filters, "-ar", str(rate), "-c:a", codec, str(after)]
        subprocess.run(command, check=True)
        return decoded(after)

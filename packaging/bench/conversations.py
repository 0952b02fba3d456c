"""Conversations made of single voices: rooms, noise, levels, overlap, short answers. Seeded.

Readers are the clips in ``tests/clips``; where those are too few, the speech synthesisers of
the distribution (flite, festival and its voices, if they are installed) are voices too. What
counts as a word is a third of a second of speech: nothing here recognises anything.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import numpy as np

RATE = 16_000
CLIPS = Path(__file__).parents[2] / "tests" / "clips"
WORD_S = 0.3
LEVEL = 0.05
PACES = (0.88, 1.14)
"""A voice played so much faster is another one, to our models and to people."""

READERS = {
    "LJ": [f"lj001-{number:04}" for number in range(1, 13)],
    "Kennedy": ["kennedy-1961"],
    "1688": ["librispeech-1688-142285-0000"],
    "2412": ["librispeech-2412-153948-0000"],
}
FLITE = ("awb", "rms")
FESTIVAL_ENGLISH = ("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts")
FESTIVAL_OTHERS = (
    *("lp_diphone", "pc_diphone", "upc_ca_ona_hts", "czech_dita", "czech_krb"),
    *("czech_machac", "czech_ph", "suo_fi_lj_diphone", "hy_fi_mv_diphone"),
    "msu_ru_nsh_clunits",
)
ENGLISH = (
    "It is worth mention in passing that the earliest book was printed with movable types.",
    "Well, I never thought of it that way. Yes. No, not really. Perhaps. Why not?",
    "The forms of letters follow those of the written hand, and follow it very closely.",
    "Right. I see. We shall have to wait until the end of the week, or even longer than that.",
    "Nobody told me. They left without a word, and the house has been empty ever since.",
    "Of course. Go on. What happened then is known to everybody who was there that night.",
)
LATIN = (
    "Quo usque tandem abutere patientia nostra? Quam diu etiam furor iste tuus nos eludet?",
    "Non, non. Ita. Nihil urbis vigiliae, nihil timor populi, nihil hic locus moverunt?",
    "Gallia est omnis divisa in partes tres, quarum unam incolunt populi antiqui.",
    "Ita est. Bene. Arma virumque cano, qui primus ab oris longe et terris venit.",
    "Odi et amo. Quare id faciam, fortasse requiris. Nescio, sed fieri sentio.",
    "Vale. Veni. Maecenas, quis fit ut nemo contentus vivat sua sorte, sed laudet alios?",
)

Word = tuple[float, float, str]
Turn = tuple[float, float, str]


@dataclass(frozen=True)
class Conversation:
    """Sound and truth.

    Attributes:
        name: What it is called.
        samples: The sound.
        turns: Start, end and voice of each turn, in seconds.
        words: The same of each word.
    """

    name: str
    samples: np.ndarray
    turns: list[Turn]
    words: list[Word]

    @property
    def voices(self) -> int:
        """How many speak."""
        return len({name for _, _, name in self.turns})


@dataclass(frozen=True)
class Style:
    """How a conversation sounds.

    Attributes:
        seconds: About how long it is.
        rt60_s: How long the room rings, from and to.
        noise_db: How far below the voices the noise is, from and to.
        is_phone: Whether it comes over a telephone line.
    """

    seconds: float = 150
    rt60_s: tuple[float, float] = (0.2, 0.6)
    noise_db: tuple[float, float] = (10, 20)
    is_phone: bool = False


PHONE = Style(seconds=150, rt60_s=(0.1, 0.2), noise_db=(15, 25), is_phone=True)


@dataclass
class Voices:
    """Everybody there is to speak, with their phrases cut at pauses.

    Attributes:
        phrases: Of each voice.
        made: Which of them are synthesisers.
    """

    phrases: dict[str, list[np.ndarray]] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)

    @classmethod
    def gather(cls) -> Voices:
        """Read the clips and let every synthesiser that is installed speak."""
        found = cls()
        for name, clips in READERS.items():
            found.add(name, [sound_of(CLIPS / f"{clip}.flac") for clip in clips])
        found.add("Austen", austen())
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "said.wav")
            for voice, texts, command in synthesisers(out):
                pieces = []
                for text in texts:
                    ended = subprocess.run(
                        command, input=text.encode(), capture_output=True, check=False
                    )
                    if ended.returncode == 0 and out.exists():
                        pieces.append(sound_of(out))
                        out.unlink()
                if pieces:
                    found.add(voice, pieces)
                    found.made.add(voice)
        return found

    def others(self) -> Voices:
        """Give as many other voices: everybody, played slower and faster."""
        found = Voices()
        for name, phrases in self.phrases.items():
            for pace in PACES:
                voice = f"{name} x {pace}"
                found.phrases[voice] = [_paced(phrase, pace) for phrase in phrases]
                if name in self.made:
                    found.made.add(voice)
        return found

    def add(self, name: str, sounds: Sequence[np.ndarray]) -> None:
        """Take in a voice."""
        self.phrases[name] = [phrase for sound in sounds for phrase in phrases_of(sound)]


def _paced(sound: np.ndarray, pace: float) -> np.ndarray:
    at = np.linspace(0, len(sound) - 1, int(len(sound) / pace))
    return np.interp(at, np.arange(len(sound)), sound).astype(np.float32)


def synthesisers(out: Path) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Give voice, texts and command of each; a text is fed, the sound lies in ``out``."""
    found: list[tuple[str, tuple[str, ...], list[str]]] = []
    flite, festival = shutil.which("flite"), shutil.which("text2wave")
    if flite:
        found += [
            (one, ENGLISH, [flite, "-voice", one, "-f", "/dev/stdin", "-o", str(out)])
            for one in FLITE
        ]
    if festival:
        found += [
            (one, texts, [festival, "-eval", f"(voice_{one})", "-o", str(out)])
            for voices, texts in ((FESTIVAL_ENGLISH, ENGLISH), (FESTIVAL_OTHERS, LATIN))
            for one in voices
        ]
    return found


def sound_of(path: Path) -> np.ndarray:
    """Read any sound as 16 kHz mono at one level."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path)]
    command += ["-ar", str(RATE), "-ac", "1", "-f", "s16le", "-"]
    raw = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    sound = np.frombuffer(raw, "<i2").astype(np.float32) / 32_768
    return sound * (LEVEL / (np.sqrt(np.mean(sound**2)) + 1e-9))


def austen() -> list[np.ndarray]:
    """Give the first of the two readers who read in turn; the other is LJ."""
    sound = sound_of(CLIPS / "two-readers-alternating.flac")
    lines = (CLIPS / "two-readers-alternating.rttm").read_text("utf-8").splitlines()
    turns = [line.split() for line in lines]
    return [
        sound[int(float(one[3]) * RATE) : int((float(one[3]) + float(one[4])) * RATE)]
        for one in turns
        if one[7] == "A"
    ]


def phrases_of(sound: np.ndarray, pause_s: float = 0.16) -> list[np.ndarray]:
    """Cut at pauses, and leave them out."""
    step = RATE // 50
    frames = sound[: len(sound) // step * step].reshape(-1, step)
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    speaks = level > np.percentile(level, 95) - 32
    edges = np.flatnonzero(np.diff(speaks.astype(int), prepend=0, append=0)).reshape(-1, 2)
    joined: list[list[int]] = []
    for first, last in edges.tolist():
        if joined and first - joined[-1][1] < pause_s * 50:
            joined[-1][1] = last
        else:
            joined.append([first, last])
    return [
        sound[max(0, first - 1) * step : (last + 1) * step]
        for first, last in joined
        if last - first >= 0.2 * 50
    ]


def room_response(rng: np.random.Generator, rt60_s: float) -> np.ndarray:
    """Give how a room of a random size answers at a random place near the microphone."""
    size = np.array([rng.uniform(3.5, 8), rng.uniform(3, 6), rng.uniform(2.4, 3.2)])
    microphone = size * rng.uniform(0.35, 0.65, 3)
    turn, away = rng.uniform(0, 2 * np.pi), rng.uniform(0.4, 1.6)
    source = microphone + np.array([away * np.cos(turn), away * np.sin(turn), 0.3])
    source = np.clip(source, 0.2, size - 0.2)
    order = int(np.clip(rt60_s * 40, 3, 14))
    walls = 2 * (size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
    absorbed = min(0.95, 0.161 * np.prod(size) / (walls * max(rt60_s, 0.05)))
    places, bounces = [], []
    for axis in range(3):
        number, side = np.meshgrid(np.arange(-order, order + 1), [0, 1], indexing="ij")
        image = (1 - 2 * side) * source[axis] + 2 * number * size[axis] - microphone[axis]
        places.append(image.ravel() ** 2)
        bounces.append((np.abs(number - side) + np.abs(number)).ravel())
    far = np.sqrt(np.add.outer(np.add.outer(places[0], places[1]), places[2]))
    hits = np.add.outer(np.add.outer(bounces[0], bounces[1]), bounces[2])
    delay = np.round(far / 343 * RATE).astype(int)
    length = int(rt60_s * RATE * 1.2) + 800
    is_heard = delay < length
    gain = (np.sqrt(1 - absorbed) ** hits / np.maximum(far, 0.2))[is_heard]
    answer = np.bincount(delay[is_heard], gain, minlength=length)[delay.min() : length]
    return (answer / np.abs(answer[0])).astype(np.float32)


def convolved(sound: np.ndarray, answer: np.ndarray) -> np.ndarray:
    """Put a sound into a room; its ringing is added at the end."""
    length = len(sound) + len(answer) - 1
    size = 1 << length.bit_length()
    whole = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)
    return whole[:length].astype(np.float32)


class _Stage:
    """One conversation while it is made."""

    def __init__(
        self, voices: Voices, cast: Sequence[str], style: Style, rng: np.random.Generator
    ) -> None:
        self._rng = rng
        self._voices = voices
        self._sound = np.zeros(int((style.seconds + 40) * RATE), np.float32)
        rt60_s = rng.uniform(*style.rt60_s)
        self._rooms = {name: room_response(rng, rt60_s) for name in cast}
        self._gain = {name: 10 ** (-rng.uniform(0, 8) / 20) for name in cast}
        self.words: list[Word] = []
        self.spoken_s = 0.0

    def piece(self, name: str, longest_s: float) -> list[np.ndarray]:
        """Take consecutive phrases of somebody, and cut the last one short."""
        stock = self._voices.phrases[name]
        place = int(self._rng.integers(len(stock)))
        taken: list[np.ndarray] = []
        left = int(longest_s * RATE)
        while left > 0.2 * RATE:
            phrase = stock[place % len(stock)]
            begin = int(self._rng.integers(max(1, len(phrase) - left)))
            phrase = phrase[begin : begin + left]
            taken.append(phrase)
            left -= len(phrase) + int(0.25 * RATE)
            place += 1
        return taken

    def put(self, name: str, at_s: float, piece: Sequence[np.ndarray]) -> float:
        """Let somebody say something at a time; gives when it is said."""
        for phrase in piece:
            fade = min(len(phrase) // 4, 160)
            said = phrase.copy()
            said[:fade] *= np.linspace(0, 1, fade)
            said[-fade:] *= np.linspace(1, 0, fade)
            heard = convolved(said, self._rooms[name]) * self._gain[name]
            begin = int(at_s * RATE)
            heard = heard[: max(0, len(self._sound) - begin)]
            self._sound[begin : begin + len(heard)] += heard
            length_s = len(phrase) / RATE
            many = max(1, round(length_s / WORD_S))
            edges = at_s + np.linspace(0, length_s, many + 1)
            self.words += [(float(start), float(end), name) for start, end in pairwise(edges)]
            self.spoken_s += length_s
            at_s += length_s + float(self._rng.uniform(0.15, 0.4))
        return self.words[-1][1]

    def finish(self, until_s: float, style: Style) -> np.ndarray:
        """Give the sound, with noise."""
        rng, sound = self._rng, self._sound[: int((until_s + 0.7) * RATE)]
        shape = np.fft.rfft(rng.standard_normal(len(sound)))
        shape /= np.sqrt(np.maximum(np.arange(len(shape)), 30))
        noise = np.fft.irfft(shape, len(sound))
        level = np.sqrt(np.mean(sound**2)) + 1e-9
        below_db = rng.uniform(*style.noise_db)
        sound = sound + noise / noise.std() * level * 10 ** (-below_db / 20)
        if style.is_phone:
            sound = over_the_line(sound)
        return (sound / (np.abs(sound).max() + 1e-9) * 0.8).astype(np.float32)


def over_the_line(sound: np.ndarray) -> np.ndarray:
    """Leave what a telephone line lets through, in 256 steps."""
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(hz < 300) | (hz > 3_400)] = 0
    narrow = np.fft.irfft(spectrum, len(sound))
    narrow = narrow / (np.abs(narrow).max() + 1e-9)
    steps = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
    return np.sign(steps) * (256 ** np.abs(steps) - 1) / 255


OVERLAP = 0.10


def converse(
    name: str, voices: Voices, cast: Sequence[str], style: Style, seed: int
) -> Conversation:
    """Make one conversation: long and short turns, a quarter of them answers of a word."""
    rng = np.random.default_rng(seed)
    stage = _Stage(voices, cast, style, rng)
    now_s, over_s, last = 0.5, 0.0, ""
    while now_s < style.seconds:
        share = np.array([0.15 if one == last and len(cast) > 1 else 1.0 for one in cast])
        who = str(rng.choice(list(cast), p=share / share.sum()))
        kind = rng.choice(["answer", "short", "long"], p=[0.25, 0.25, 0.5])
        longest_s = {"answer": 0.9, "short": 3.0, "long": float(rng.choice([6, 9, 14]))}[kind]
        piece = stage.piece(who, longest_s)
        length_s = sum(len(one) for one in piece) / RATE
        at_s = now_s + abs(rng.normal(0.25, 0.35))
        may_overlap = over_s < OVERLAP * stage.spoken_s
        if last and who != last and may_overlap:
            at_s = max(0.2, now_s - min(rng.uniform(0.2, 1.6), 0.8 * length_s))
        end_s = stage.put(who, at_s, piece)
        over_s += 2 * max(0.0, min(end_s, now_s) - at_s)
        if (
            kind == "long"
            and len(cast) > 1
            and may_overlap
            and length_s > 2
            and rng.random() < 0.5
        ):
            other = str(rng.choice([one for one in cast if one != who]))
            begin_s = at_s + rng.uniform(0.5, length_s - 1.0)
            over_s += 2 * (stage.put(other, begin_s, stage.piece(other, 0.9)) - begin_s)
        now_s, last = max(now_s, end_s), who
    words = sorted(stage.words)
    until_s = max(end for _, end, _ in words)
    return Conversation(name, stage.finish(until_s, style), turns_of(words), words)


def turns_of(words: Sequence[Word], gap_s: float = 0.4) -> list[Turn]:
    """Give who speaks from when to when; a shorter gap is none."""
    turns: list[Turn] = []
    for name in sorted({word[2] for word in words}):
        mine = sorted(word for word in words if word[2] == name)
        start, end = mine[0][:2]
        for begin, stop, _ in mine[1:]:
            if begin - end > gap_s:
                turns.append((start, end, name))
                start = begin
            end = max(end, stop)
        turns.append((start, end, name))
    return sorted(turns)


def read_conversations(folder: Path) -> list[Conversation]:
    """Read conversations made before: ``NAME.flac`` or ``.wav``, and ``NAME.json``."""
    found: list[Conversation] = []
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text("utf-8"))
        if not isinstance(content, dict) or "turns" not in content:
            continue
        sounds = [path.with_suffix(end) for end in (".flac", ".wav")]
        sound = next((one for one in sounds if one.exists()), None)
        if sound is not None:
            found.append(
                Conversation(
                    path.stem,
                    sound_of(sound),
                    [(start, end, name) for start, end, name in content["turns"]],
                    [(start, end, name) for start, end, name, *_ in content["words"]],
                )
            )
    return found

"""Where the sound lies in files of bare samples: WAV and its kin, AIFF, AU, CAF."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.audio.walking import (
    LEAST_LOST,
    UNKNOWN_SIZES,
    FileBytes,
    Layout,
    joined,
    limited,
    walk_marked,
)
from app.core.recording import ByteRange

_LARGEST_CLAIM = 0x7FFF_0000  # larger ones stand for "not known yet" in streamed files
_WRAP = 1 << 32
W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")
_W64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")
_CAF_HEAD = b"caff\x00\x01\x00\x00desc"
_ASCII = re.compile(rb"[\x20-\x7e]{4}")


@dataclass(frozen=True, slots=True)
class _Wave:
    """One WAV in a file."""

    start: int
    end: int
    data_start: int
    data_end: int
    is_true: bool
    missing_bytes: int
    claimed_bytes: int = 0
    bytes_per_s: int = 0
    raw_codec: str = ""
    raw_form: tuple[int, int] | None = None


def walk_waves(data: FileBytes) -> Layout:
    """WAVs, also such whose sizes are wrong, one behind the other."""
    waves: list[_Wave] = []
    place = 0
    while place < len(data):
        wave = _read_wave(data, place)
        if wave is None:
            break
        waves.append(wave)
        place = wave.end
    if not waves:
        return Layout()
    first = waves[0]
    is_lying = any(not wave.is_true for wave in waves)
    unread = len(data) - waves[-1].end
    starts = [wave.start for wave in waves]
    return limited(
        Layout(
            links=joined(starts, waves[-1].end),
            ignores_size=is_lying,
            raw=ByteRange(first.data_start, first.data_end)
            if is_lying or (first.raw_codec and len(waves) == 1)
            else None,
            raw_codec=first.raw_codec,
            raw_form=first.raw_form if len(waves) == 1 else None,
            claimed_bytes=first.claimed_bytes if is_lying else 0,
            bytes_per_s=first.bytes_per_s if len(waves) == 1 else 0,
            sound_bytes=sum(wave.data_end - wave.data_start for wave in waves),
            missing=first.missing_bytes / len(data) if len(waves) == 1 else 0.0,
            unread_bytes=unread if unread >= LEAST_LOST else 0,
        )
    )


def _read_wave(data: FileBytes, start: int) -> _Wave | None:
    size, order = len(data), "big" if data.cut(start, start + 4) == b"RIFX" else "little"
    if not is_wave(data, start):
        return None
    place = start + 12
    long_size: int | None = None
    bytes_per_s, raw_codec, form = 0, "", b""
    is_unpadded = False
    while place + 8 <= size:
        name = data.cut(place, place + 4)
        claimed = int.from_bytes(data.cut(place + 4, place + 8), order)
        body = place + 8
        if name == b"ds64" and body + 16 <= size:
            long_size = int.from_bytes(data.cut(body + 8, body + 16), "little")
        if name == b"fmt " and order == "little":
            form = data.cut(body, body + min(claimed, 40))
            bytes_per_s, raw_codec = _bytes_per_s(form), _wide_codec(form)
        if name == b"data":
            if long_size and claimed in UNKNOWN_SIZES:
                claimed = long_size
            wave = _end_of_wave(data, start, body, claimed)
            wave = replace(wave, bytes_per_s=bytes_per_s, raw_codec=raw_codec)
            if is_unpadded and (codec := raw_codec or _plain_codec(form)):
                channels, rate_hz = (
                    int.from_bytes(form[at:until], "little") for at, until in ((2, 4), (4, 8))
                )
                wave = replace(wave, raw_codec=codec, raw_form=(channels, rate_hz))
            return wave
        place = body + claimed
        if claimed & 1:
            # Some recorders forget the byte that makes a length even; players stumble.
            is_here = _is_chunk(data, place) and not _is_chunk(data, place + 1)
            is_unpadded = is_unpadded or is_here
            place += 0 if is_here else 1
    return None


def _is_chunk(data: FileBytes, place: int) -> bool:
    """Tell whether a chunk begins at a place: a name, and a length that lies in the file."""
    length = int.from_bytes(data.cut(place + 4, place + 8), "little")
    name = data.cut(place, place + 4)
    is_name = _ASCII.fullmatch(name) is not None
    return name == b"data" or (is_name and place + 8 + length <= len(data))


def _plain_codec(form: bytes) -> str:
    """Name what samples are by a WAV's ``fmt`` chunk; nothing for compressed sound."""
    kind, bits = (int.from_bytes(form[at : at + 2], "little") for at in (0, 14))
    if kind == _EXTENSIBLE:
        kind = int.from_bytes(form[24:26], "little")
    return _PLAIN_CODECS.get((kind, bits), "")


_PLAIN_CODECS = {
    (1, 8): "pcm_u8",
    (1, 16): "pcm_s16le",
    (1, 24): "pcm_s24le",
    (1, 32): "pcm_s32le",
    (3, 32): "pcm_f32le",
    (3, 64): "pcm_f64le",
    (6, 8): "pcm_alaw",
    (7, 8): "pcm_mulaw",
}


def _bytes_per_s(form: bytes) -> int:
    """Read from a WAV's ``fmt`` chunk how much a second takes; 0 for compressed sound."""
    kind = int.from_bytes(form[:2], "little")
    if kind == _EXTENSIBLE:
        kind = int.from_bytes(form[24:26], "little")
    if kind not in _UNCOMPRESSED or len(form) < 16:
        return 0
    return int.from_bytes(form[4:8], "little") * int.from_bytes(form[12:14], "little")


def _wide_codec(form: bytes) -> str:
    """Name what samples are that have more room than bits; nothing for all others.

    ffmpeg goes by the bits, and takes the room for more samples or for another form.
    """
    if len(form) < 40 or int.from_bytes(form[:2], "little") != _EXTENSIBLE:
        return ""
    channels, room, bits = (int.from_bytes(form[at : at + 2], "little") for at in (2, 12, 18))
    width = room // channels if channels else 0
    if int.from_bytes(form[24:26], "little") != 1 or not bits or (bits + 7) // 8 >= width:
        return ""
    return {2: "pcm_s16le", 3: "pcm_s24le", 4: "pcm_s32le"}.get(width, "")


_EXTENSIBLE = 0xFFFE
_UNCOMPRESSED = frozenset({1, 3, 6, 7})
"""Whole numbers, numbers with a point, A-law and µ-law."""


def _end_of_wave(data: FileBytes, start: int, body: int, claimed: int) -> _Wave:
    """Find where the samples end: where the header says, or a multiple of 4 GB later."""
    size = len(data)
    if claimed not in UNKNOWN_SIZES:
        end = body + claimed
        while end <= size:
            after = _after_samples(data, end)
            if after is not None:
                is_true = end == body + claimed
                return _Wave(start, after, body, end, is_true, 0, claimed)
            end += _WRAP
    if claimed in UNKNOWN_SIZES or body + claimed <= size:
        # To the end, or to where the next recording begins.
        end = _next_wave(data, body)
        is_true = claimed in UNKNOWN_SIZES and end == size
        return _Wave(start, end, body, end, is_true, 0, claimed)
    claims_nothing = _LARGEST_CLAIM < claimed < _WRAP
    missing = 0 if claims_nothing else body + claimed - size
    return _Wave(start, size, body, size, is_true=True, missing_bytes=missing)


def _after_samples(data: FileBytes, place: int) -> int | None:
    """Walk the chunks behind the samples; gives where they end, ``None`` if there are none."""
    size = len(data)
    for begin in dict.fromkeys((place, place + (place & 1))):
        here = begin
        while here < size:
            if is_wave(data, here):
                return here
            name = data.cut(here, here + 4)
            length = int.from_bytes(data.cut(here + 4, here + 8), "little")
            if name == b"data" and length >= LEAST_LOST:
                return None  # more samples, in a chunk of their own
            if not _ASCII.fullmatch(name) or here + 8 + length > size + 1:
                break
            here += 8 + length + (length & 1)
        rest = data.cut(here, min(size, here + LEAST_LOST))
        if size - here < 16 or (size - here < LEAST_LOST and not any(rest)):
            return size
        if here > begin and here < size:
            return here  # whole chunks, and then something else
    return None


def is_wave(data: FileBytes, place: int) -> bool:
    """Tell whether a WAV begins at a place."""
    return (
        data.cut(place, place + 4) in {b"RIFF", b"RIFX", b"RF64", b"BW64"}
        and data.cut(place + 8, place + 12) == b"WAVE"
    )


def _next_wave(data: FileBytes, begin: int) -> int:
    place = begin
    while (place := data.find(b"WAVEfmt ", place)) >= 0:
        if place - 8 >= begin and is_wave(data, place - 8):
            return place - 8
        place += 8
    return len(data)


def walk_w64(data: FileBytes) -> Layout:
    """Wave64: WAV with sizes that never wrap."""
    starts: list[int] = []
    begin = 0
    while data.cut(begin, begin + 16) == W64_RIFF:
        starts.append(begin)
        length = int.from_bytes(data.cut(begin + 16, begin + 24), "little")
        ends = {begin + length, begin + (length + 7 & ~7)} if length > 24 else set[int]()
        begin = next((end for end in ends if data.cut(end, end + 16) == W64_RIFF), -1)
        if begin < 0:  # its size is not told, or wrong
            begin = data.find(W64_RIFF, starts[-1] + 16)
        if begin < 0:
            break
    if len(starts) > 1:
        return limited(Layout(links=joined(starts, len(data))))
    return _walk_one_w64(data)


def _walk_one_w64(data: FileBytes) -> Layout:
    size, place = len(data), 40
    while place + 24 <= size:
        length = int.from_bytes(data.cut(place + 16, place + 24), "little")
        if data.cut(place, place + 16) == _W64_DATA:
            rest = size - place
            wrong = length > 24 and rest - length >= LEAST_LOST
            if wrong and not _is_w64_chunk(data, place + (length + 7 & ~7)):
                return Layout(raw=ByteRange(place + 24, size), sound_bytes=rest - 24)
            return Layout(missing=max(0, length - rest) / size if length < 1 << 62 else 0.0)
        if length < 24:
            break
        place += length + 7 & ~7
    return Layout()


def _is_w64_chunk(data: FileBytes, place: int) -> bool:
    length = int.from_bytes(data.cut(place + 16, place + 24), "little")
    return 24 <= length <= len(data) - place


def walk_aiff(data: FileBytes) -> Layout:
    """AIFF and AIFC, also such that were never finished."""
    size, place = len(data), 12
    starts, end = [0], 0
    while data.cut(end, end + 4) == b"FORM":
        end += 8 + int.from_bytes(data.cut(end + 4, end + 8), "big")
        end += end & 1
        if data.cut(end, end + 4) == b"FORM" and data.cut(end + 8, end + 11) == b"AIF":
            starts.append(end)
    if len(starts) > 1:
        return limited(Layout(links=joined(starts, size)))
    form = b""
    while place + 16 <= size:
        name = data.cut(place, place + 4)
        length = int.from_bytes(data.cut(place + 4, place + 8), "big")
        end = place + 8 + length + (length & 1)
        if name == b"COMM":
            form = data.cut(place + 8, place + 8 + min(length, 22))
        if name == b"SSND" and length <= 8 and size - place > LEAST_LOST:
            return _unfinished_aiff(data, place + 16, form)
        if name == b"SSND":
            body = place + 16 + int.from_bytes(data.cut(place + 8, place + 12), "big")
            is_end = _ASCII.fullmatch(data.cut(end, end + 4)) is not None
            if size - end < LEAST_LOST or is_end:
                return Layout(missing=max(0, end - size) / size)
            return Layout(raw=ByteRange(body, size), sound_bytes=size - body)
        place = end
    return Layout()


def _unfinished_aiff(data: FileBytes, body: int, form: bytes) -> Layout:
    """Read what a recorder that lost power wrote: its header says that there is nothing."""
    channels, bits = (int.from_bytes(form[at : at + 2], "big") for at in (0, 6))
    power = int.from_bytes(form[8:10], "big") - 0x3FFF  # of a number of 80 bits
    rate_hz = int.from_bytes(form[10:18], "big") >> (63 - power) if 0 <= power <= 20 else 0
    order = {b"": "be", b"NONE": "be", b"twos": "be", b"sowt": "le"}.get(form[18:22])
    if bits not in {16, 24, 32} or not channels or not rate_hz or order is None:
        return Layout()
    return Layout(
        raw=ByteRange(body, len(data)),
        raw_codec=f"pcm_s{bits}{order}",
        raw_form=(channels, rate_hz),
        sound_bytes=len(data) - body,
    )


def walk_au(data: FileBytes) -> Layout:
    """AU: a head, and samples to the end."""
    size = len(data)
    starts = [0]
    while True:
        begin = starts[-1]
        claimed = int.from_bytes(data.cut(begin + 8, begin + 12), "big")
        end = begin + int.from_bytes(data.cut(begin + 4, begin + 8), "big") + claimed
        if claimed in UNKNOWN_SIZES or not _is_au(data, end):
            end = data.find(b".snd\0\0", begin + 24)
            while end >= 0 and not _is_au(data, end):
                end = data.find(b".snd\0\0", end + 4)
        if end < 0:
            break
        starts.append(end)
    if len(starts) > 1:
        return limited(Layout(links=joined(starts, size)))
    start = int.from_bytes(data.cut(4, 8), "big")
    claimed = int.from_bytes(data.cut(8, 12), "big")
    if claimed in UNKNOWN_SIZES or size - start - claimed < LEAST_LOST:
        missing = max(0, start + claimed - size) / size
        return Layout(missing=0.0 if claimed in UNKNOWN_SIZES else missing)
    return Layout(raw=ByteRange(start, size), sound_bytes=size - start)


def _is_au(data: FileBytes, place: int) -> bool:
    """Tell whether a recording begins at a place: with numbers as only a header has them."""
    if data.cut(place, place + 4) != b".snd":
        return False
    start, _, form, rate, channels = (
        int.from_bytes(data.cut(place + at, place + at + 4), "big") for at in range(4, 24, 4)
    )
    return 24 <= start < 1 << 20 and 0 < form < 32 and 0 < rate < 1 << 20 and 0 < channels < 256


def walk_caf(data: FileBytes) -> Layout:
    """CAF: chunks, of which the samples may claim no length."""
    size, place = len(data), 8
    several = walk_marked(data, mark=_CAF_HEAD)
    if several.links:
        return several
    while place + 16 <= size:
        length = int.from_bytes(data.cut(place + 4, place + 12), "big", signed=True)
        end = place + 12 + length
        if data.cut(place, place + 4) == b"data" and length >= 0:
            is_end = _ASCII.fullmatch(data.cut(end, end + 4)) is not None
            if size - end < LEAST_LOST or is_end:
                return Layout()
            return Layout(raw=ByteRange(place + 16, size), sound_bytes=size - place - 16)
        if length < 0:
            return Layout()
        place = end
    return Layout()

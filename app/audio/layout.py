"""What a file's own bytes say of where its sound lies.

Decoders believe what a header says. Headers lie: a recorder that lost power wrote
none, sizes above 4 GB wrap round, and two recordings copied into one file are known by
the first one's header alone. So the containers in which that happens are walked here,
from header to header: quick, since what lies between is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app.audio.mp3 import frame_length
from app.core.recording import ByteRange

MOST_LINKS = 60
"""More recordings in one file are not read: each is an input of its own for ffmpeg."""
_UNKNOWN_SIZES = {0, 0xFFFF_FFFF, 0x7FFF_FFFF}
_LARGEST_CLAIM = 0x7FFF_0000  # larger ones stand for "not known yet" in streamed files
_WRAP = 1 << 32
_LEAST_LOST = 4_096
"""Fewer odd bytes at the end are padding or a stray tag."""
_W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")
_W64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")
_FLAC_HEADS = (b"fLaC\x00\x00\x00\x22", b"fLaC\x80\x00\x00\x22")
_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_MARKS = (
    b"#!AMR\n",
    b"#!AMR-WB\n",
    bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),  # ASF: WMA and WMV
    b"nut/multimedia c",
)
_FLASH = re.compile(rb"FLV\x01[\x01\x04\x05]\0\0\0\x09\0\0\0\0")
_MOST_SEARCHED = 1 << 31
_CAF_HEAD = b"caff\x00\x01\x00\x00desc"
_ASCII = re.compile(rb"[\x20-\x7e]{4}")
_WINDOW = 1 << 16
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the sound of a file lies.

    Attributes:
        links: The recordings in it, one after the other; empty where it is one.
        ignores_size: The size in the header is wrong and must not be believed.
        raw: Where the bare samples lie, for a container whose header ffmpeg must believe.
        raw_codec: ffmpeg's name of what the bare samples are, where it would err about it.
        raw_form: Channels and samples a second of them, where ffmpeg finds no samples.
        bytes_per_s: How much a second of uncompressed sound takes; 0 where nobody looked.
        sound_bytes: How much uncompressed sound there really is, where that is known.
        claimed_bytes: How much its header says there is, where that is wrong.
        missing: How much more the file says it holds than there is, as a share of it.
        is_chained: It holds several streams in turn, which are read as one.
        unread_bytes: How much at its end is in no form that is known.
    """

    links: tuple[ByteRange, ...] = ()
    ignores_size: bool = False
    raw: ByteRange | None = None
    raw_codec: str = ""
    raw_form: tuple[int, int] | None = None
    bytes_per_s: int = 0
    sound_bytes: int | None = None
    claimed_bytes: int = 0
    missing: float = 0.0
    is_chained: bool = False
    unread_bytes: int = 0


def read_layout(path: Path) -> Layout:
    """Walk a file from header to header; blocks.

    A file of a kind in which headers do not lie, or one that is too odd to be walked,
    gives an empty layout: others have the say then.
    """
    size = path.stat().st_size
    if size < 16:
        return Layout()
    with path.open("rb") as file:
        head = file.read(16)
        walk = _walk_for(head) or _walk_shifted
        return walk(_Bytes(file, size))


class _Bytes:
    """A file as if it were in memory, read a window at a time.

    No memory map: a file cut short by another program would end this one.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._start = 0
        self._window = b""

    def __len__(self) -> int:
        return self._size

    def byte(self, place: int) -> int:
        """Give one byte."""
        found = self.cut(place, place + 1)
        return found[0] if found else 0

    def cut(self, start: int, end: int) -> bytes:
        """Give the bytes between two places, fewer at the end of the file."""
        if not self._start <= start <= end <= self._start + len(self._window):
            self._file.seek(start)
            self._window = self._file.read(max(end - start, _WINDOW))
            self._start = start
        return self._window[start - self._start : end - self._start]

    def find(self, wanted: bytes, begin: int) -> int:
        """Give the next place at which these bytes are, -1 for none."""
        while begin < self._size:
            piece = self.cut(begin, begin + _PIECE)
            found = piece.find(wanted)
            if found >= 0:
                return begin + found
            if len(piece) < _PIECE:
                return -1
            begin += _PIECE - len(wanted) + 1
        return -1


_Walk = Callable[[_Bytes], Layout]


def _walk_for(head: bytes) -> _Walk | None:
    for mark in _MARKS:
        if head.startswith(mark):
            return partial(_walk_marked, mark=mark)
    if head[:4] in {b"RIFF", b"RIFX", b"RF64", b"BW64"}:
        return {b"WAVE": _walk_waves, b"AVI ": _walk_films}.get(head[8:12])
    if head == _W64_RIFF:
        return _walk_w64
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return _walk_aiff
    if head[:4] in {b".snd", b"caff"}:
        return _walk_au if head[:4] == b".snd" else _walk_caf
    if head[:4] == b"fLaC" or head[:3] == b"ID3":
        return _walk_flac
    if head[:4] == b"OggS":
        return _walk_ogg
    if head[:4] == _EBML:
        return _walk_matroska
    if _FLASH.match(head):
        return _walk_flash
    if head[4:8] == b"ftyp":
        return _walk_mp4
    return None


def _walk_shifted(data: _Bytes) -> Layout:
    """Find a WAV behind something that does not belong there, such as zeros or a mark."""
    place = data.cut(0, _WINDOW).find(b"WAVEfmt ") - 8
    if place <= 0 or not _is_wave(data, place):
        return Layout()
    return Layout(links=(ByteRange(place, len(data)),))


def _walk_marked(data: _Bytes, *, mark: bytes) -> Layout:
    """Look for the long mark with which a recording of a kind begins, all through a file."""
    starts: list[int] = []
    place = 0
    while len(data) <= _MOST_SEARCHED and (place := data.find(mark, place)) >= 0:
        starts.append(place)
        place += len(mark)
    return _limited(Layout(links=_joined(starts, len(data))))


def _walk_flash(data: _Bytes) -> Layout:
    """Flash films one behind the other, as copied together or taken down in pieces."""
    starts: list[int] = []
    place = 0
    while len(data) <= _MOST_SEARCHED and (place := data.find(b"FLV\x01", place)) >= 0:
        if _FLASH.match(data.cut(place, place + 13)):
            starts.append(place)
        place += 4
    return _limited(Layout(links=_joined(starts, len(data))))


def _joined(starts: list[int], size: int) -> tuple[ByteRange, ...]:
    """Give the links between places at which a recording begins; none for only one."""
    if len(starts) < 2:
        return ()
    return tuple(
        ByteRange(start, end) for start, end in zip(starts, [*starts[1:], size], strict=True)
    )


def _limited(layout: Layout) -> Layout:
    """Keep to as many links as can be read, and count what is behind them."""
    if len(layout.links) <= MOST_LINKS:
        return layout
    kept = layout.links[:MOST_LINKS]
    unread = layout.links[-1].end - kept[-1].end
    return replace(layout, links=kept, unread_bytes=layout.unread_bytes + unread)


# -- WAV -------------------------------------------------------------------------------


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


def _walk_waves(data: _Bytes) -> Layout:
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
    return _limited(
        Layout(
            links=_joined(starts, waves[-1].end),
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
            unread_bytes=unread if unread >= _LEAST_LOST else 0,
        )
    )


def _read_wave(data: _Bytes, start: int) -> _Wave | None:
    size, order = len(data), "big" if data.cut(start, start + 4) == b"RIFX" else "little"
    if not _is_wave(data, start):
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
            if long_size and claimed in _UNKNOWN_SIZES:
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


def _is_chunk(data: _Bytes, place: int) -> bool:
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


def _end_of_wave(data: _Bytes, start: int, body: int, claimed: int) -> _Wave:
    """Find where the samples end: where the header says, or a multiple of 4 GB later."""
    size = len(data)
    if claimed not in _UNKNOWN_SIZES:
        end = body + claimed
        while end <= size:
            after = _after_samples(data, end)
            if after is not None:
                is_true = end == body + claimed
                return _Wave(start, after, body, end, is_true, 0, claimed)
            end += _WRAP
    if claimed in _UNKNOWN_SIZES or body + claimed <= size:
        # To the end, or to where the next recording begins.
        end = _next_wave(data, body)
        is_true = claimed in _UNKNOWN_SIZES and end == size
        return _Wave(start, end, body, end, is_true, 0, claimed)
    claims_nothing = _LARGEST_CLAIM < claimed < _WRAP
    missing = 0 if claims_nothing else body + claimed - size
    return _Wave(start, size, body, size, is_true=True, missing_bytes=missing)


def _after_samples(data: _Bytes, place: int) -> int | None:
    """Walk the chunks behind the samples; gives where they end, ``None`` if there are none."""
    size = len(data)
    for begin in dict.fromkeys((place, place + (place & 1))):
        here = begin
        while here < size:
            if _is_wave(data, here):
                return here
            name = data.cut(here, here + 4)
            length = int.from_bytes(data.cut(here + 4, here + 8), "little")
            if name == b"data" and length >= _LEAST_LOST:
                return None  # more samples, in a chunk of their own
            if not _ASCII.fullmatch(name) or here + 8 + length > size + 1:
                break
            here += 8 + length + (length & 1)
        rest = data.cut(here, min(size, here + _LEAST_LOST))
        if size - here < 16 or (size - here < _LEAST_LOST and not any(rest)):
            return size
        if here > begin and here < size:
            return here  # whole chunks, and then something else
    return None


def _is_wave(data: _Bytes, place: int) -> bool:
    return (
        data.cut(place, place + 4) in {b"RIFF", b"RIFX", b"RF64", b"BW64"}
        and data.cut(place + 8, place + 12) == b"WAVE"
    )


def _next_wave(data: _Bytes, begin: int) -> int:
    place = begin
    while (place := data.find(b"WAVEfmt ", place)) >= 0:
        if place - 8 >= begin and _is_wave(data, place - 8):
            return place - 8
        place += 8
    return len(data)


def _walk_w64(data: _Bytes) -> Layout:
    starts: list[int] = []
    begin = 0
    while data.cut(begin, begin + 16) == _W64_RIFF:
        starts.append(begin)
        length = int.from_bytes(data.cut(begin + 16, begin + 24), "little")
        ends = {begin + length, begin + (length + 7 & ~7)} if length > 24 else set[int]()
        begin = next((end for end in ends if data.cut(end, end + 16) == _W64_RIFF), -1)
        if begin < 0:  # its size is not told, or wrong
            begin = data.find(_W64_RIFF, starts[-1] + 16)
        if begin < 0:
            break
    if len(starts) > 1:
        return _limited(Layout(links=_joined(starts, len(data))))
    return _walk_one_w64(data)


def _walk_one_w64(data: _Bytes) -> Layout:
    size, place = len(data), 40
    while place + 24 <= size:
        length = int.from_bytes(data.cut(place + 16, place + 24), "little")
        if data.cut(place, place + 16) == _W64_DATA:
            rest = size - place
            wrong = length > 24 and rest - length >= _LEAST_LOST
            if wrong and not _is_w64_chunk(data, place + (length + 7 & ~7)):
                return Layout(raw=ByteRange(place + 24, size), sound_bytes=rest - 24)
            return Layout(missing=max(0, length - rest) / size if length < 1 << 62 else 0.0)
        if length < 24:
            break
        place += length + 7 & ~7
    return Layout()


def _is_w64_chunk(data: _Bytes, place: int) -> bool:
    length = int.from_bytes(data.cut(place + 16, place + 24), "little")
    return 24 <= length <= len(data) - place


def _walk_aiff(data: _Bytes) -> Layout:
    size, place = len(data), 12
    starts, end = [0], 0
    while data.cut(end, end + 4) == b"FORM":
        end += 8 + int.from_bytes(data.cut(end + 4, end + 8), "big")
        end += end & 1
        if data.cut(end, end + 4) == b"FORM" and data.cut(end + 8, end + 11) == b"AIF":
            starts.append(end)
    if len(starts) > 1:
        return _limited(Layout(links=_joined(starts, size)))
    form = b""
    while place + 16 <= size:
        name = data.cut(place, place + 4)
        length = int.from_bytes(data.cut(place + 4, place + 8), "big")
        end = place + 8 + length + (length & 1)
        if name == b"COMM":
            form = data.cut(place + 8, place + 8 + min(length, 22))
        if name == b"SSND" and length <= 8 and size - place > _LEAST_LOST:
            return _unfinished_aiff(data, place + 16, form)
        if name == b"SSND":
            body = place + 16 + int.from_bytes(data.cut(place + 8, place + 12), "big")
            is_end = _ASCII.fullmatch(data.cut(end, end + 4)) is not None
            if size - end < _LEAST_LOST or is_end:
                return Layout(missing=max(0, end - size) / size)
            return Layout(raw=ByteRange(body, size), sound_bytes=size - body)
        place = end
    return Layout()


def _unfinished_aiff(data: _Bytes, body: int, form: bytes) -> Layout:
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


def _walk_au(data: _Bytes) -> Layout:
    size = len(data)
    starts = [0]
    while True:
        begin = starts[-1]
        claimed = int.from_bytes(data.cut(begin + 8, begin + 12), "big")
        end = begin + int.from_bytes(data.cut(begin + 4, begin + 8), "big") + claimed
        if claimed in _UNKNOWN_SIZES or not _is_au(data, end):
            end = data.find(b".snd\0\0", begin + 24)
            while end >= 0 and not _is_au(data, end):
                end = data.find(b".snd\0\0", end + 4)
        if end < 0:
            break
        starts.append(end)
    if len(starts) > 1:
        return _limited(Layout(links=_joined(starts, size)))
    start = int.from_bytes(data.cut(4, 8), "big")
    claimed = int.from_bytes(data.cut(8, 12), "big")
    if claimed in _UNKNOWN_SIZES or size - start - claimed < _LEAST_LOST:
        missing = max(0, start + claimed - size) / size
        return Layout(missing=0.0 if claimed in _UNKNOWN_SIZES else missing)
    return Layout(raw=ByteRange(start, size), sound_bytes=size - start)


def _is_au(data: _Bytes, place: int) -> bool:
    """Tell whether a recording begins at a place: with numbers as only a header has them."""
    if data.cut(place, place + 4) != b".snd":
        return False
    start, _, form, rate, channels = (
        int.from_bytes(data.cut(place + at, place + at + 4), "big") for at in range(4, 24, 4)
    )
    return 24 <= start < 1 << 20 and 0 < form < 32 and 0 < rate < 1 << 20 and 0 < channels < 256


def _walk_caf(data: _Bytes) -> Layout:
    size, place = len(data), 8
    joined = _walk_marked(data, mark=_CAF_HEAD)
    if joined.links:
        return joined
    while place + 16 <= size:
        length = int.from_bytes(data.cut(place + 4, place + 12), "big", signed=True)
        end = place + 12 + length
        if data.cut(place, place + 4) == b"data" and length >= 0:
            is_end = _ASCII.fullmatch(data.cut(end, end + 4)) is not None
            if size - end < _LEAST_LOST or is_end:
                return Layout()
            return Layout(raw=ByteRange(place + 16, size), sound_bytes=size - place - 16)
        if length < 0:
            return Layout()
        place = end
    return Layout()


# -- video and the rest ----------------------------------------------------------------


def _walk_films(data: _Bytes) -> Layout:
    """AVI: further RIFF chunks named ``AVIX`` go on with the same video."""
    size, place = len(data), 0
    starts: list[int] = []
    while place + 12 <= size and data.cut(place, place + 4) == b"RIFF":
        if data.cut(place + 8, place + 12) == b"AVI ":
            starts.append(place)
        length = int.from_bytes(data.cut(place + 4, place + 8), "little")
        if length in _UNKNOWN_SIZES:
            break
        place += 8 + length + (length & 1)
    return _limited(Layout(links=_joined(starts, size)))


def _walk_mp4(data: _Bytes) -> Layout:
    """MP4 and its kin: a second ``ftyp`` behind pictures and sound is another recording."""
    size = len(data)
    starts, has_content = [0], False
    for place, name in _boxes(data):
        if name == b"ftyp" and has_content:
            starts.append(place)
            has_content = False
        has_content = has_content or name in {b"mdat", b"moov"}
    return _limited(Layout(links=_joined(starts, size)))


def _boxes(data: _Bytes) -> Iterator[tuple[int, bytes]]:
    size, place = len(data), 0
    while place + 8 <= size:
        length = int.from_bytes(data.cut(place, place + 4), "big")
        name = data.cut(place + 4, place + 8)
        if length == 1:
            length = int.from_bytes(data.cut(place + 8, place + 16), "big")
        yield place, name
        if length < 8:  # 0: to the end of the file
            return
        place += length


def _walk_flac(data: _Bytes) -> Layout:
    if data.cut(0, 3) == b"ID3" and not _is_flac_behind_tag(data):
        return _walk_behind_tag(data)  # an MP3 may hold anything in its tag
    starts: list[int] = []
    for head in _FLAC_HEADS:
        place = -1
        while (place := data.find(head, place + 1)) >= 0:
            starts.append(place)
    starts.sort()
    if not starts:
        return Layout()
    starts[0] = 0
    return _limited(Layout(links=_joined(starts, len(data))))


def _walk_behind_tag(data: _Bytes) -> Layout:
    """Find the frames of an MP3 whose tag says that it is longer than the file."""
    if 10 + _tag_length(data) < len(data):
        return Layout()
    begin = 10
    while (begin := data.find(b"\xff", begin)) >= 0:
        head = data.cut(begin, begin + 4)
        length = frame_length(head)
        if length and frame_length(data.cut(begin + length, begin + length + 4)):
            return Layout(links=(ByteRange(begin, len(data)),))
        begin += 1
    return Layout()


def _tag_length(data: _Bytes) -> int:
    length = 0
    for byte in data.cut(6, 10):
        length = length << 7 | byte & 0x7F
    return length


def _is_flac_behind_tag(data: _Bytes) -> bool:
    length = _tag_length(data)
    return data.cut(10 + length, 14 + length) == b"fLaC"


def _walk_ogg(data: _Bytes) -> Layout:
    """Ogg: a stream that begins behind another one's sound is a link of a chain."""
    size, place = len(data), 0
    starts: list[int] = []
    has_content = True
    while place + 27 <= size:
        if data.cut(place, place + 4) != b"OggS":
            place = data.find(b"OggS", place)
            if place < 0:
                break
            continue
        begins = bool(data.byte(place + 5) & 2)
        if begins and has_content:
            starts.append(place)
        has_content = not begins
        count = data.byte(place + 26)
        place += 27 + count + sum(data.cut(place + 27, place + 27 + count))
    is_chained = len(starts) > 1
    # ffmpeg reads a chain as one stream, if its links are alike.
    links = _joined(starts, size) if len(starts) <= MOST_LINKS else ()
    return Layout(links=links, is_chained=is_chained)


def _walk_matroska(data: _Bytes) -> Layout:
    size = len(data)
    starts: list[int] = []
    place = 0
    while place < size and data.cut(place, place + 4) == _EBML:
        starts.append(place)
        place = _end_of_segment(data, place)
    unread = size - place
    return _limited(
        Layout(
            links=_joined(starts, place),
            unread_bytes=unread if starts and unread >= _LEAST_LOST else 0,
        )
    )


def _end_of_segment(data: _Bytes, start: int) -> int:
    """Give where the recording ends whose EBML header is at a place."""
    size = len(data)
    length, place = _vint(data, start + 4)
    place += length or 0
    while place + 12 <= size and data.cut(place, place + 4) != _SEGMENT:
        if data.cut(place, place + 1) != b"\xec":  # Void
            return size
        length, place = _vint(data, place + 1)
        place += length or 0
    length, body = _vint(data, place + 4)
    if length is not None:
        return min(size, body + length)
    # Written to a stream: it says nothing, so the next header is looked for.
    place = body
    while (place := data.find(_EBML, place)) >= 0:
        head = data.cut(place, place + 80)
        if b"webm" in head or b"matroska" in head:
            return place
        place += 4
    return size


def _vint(data: _Bytes, place: int) -> tuple[int | None, int]:
    """Read a length of EBML; ``None`` for one that is not known. Gives where it ends too."""
    if place >= len(data) or not data.byte(place):
        return None, len(data)
    width = 9 - data.byte(place).bit_length()
    value = int.from_bytes(data.cut(place, place + width), "big") & ((1 << 7 * width) - 1)
    return (None if value == (1 << 7 * width) - 1 else value), place + width

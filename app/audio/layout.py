"""What a file's own bytes say of where its sound lies.

Decoders believe what a header says. Headers lie: a recorder that lost power wrote
none, sizes above 4 GB wrap round, and two recordings copied into one file are known by
the first one's header alone. So the containers in which that happens are walked here,
from header to header: quick, since what lies between is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from app.audio.adts import is_adts, walk_adts
from app.audio.mp3 import frame_length
from app.audio.walking import (
    LEAST_LOST,
    MOST_LINKS,
    MOST_SEARCHED,
    UNKNOWN_SIZES,
    WINDOW,
    FileBytes,
    Layout,
    joined,
    limited,
    walk_marked,
)
from app.audio.wave_layout import (
    W64_RIFF,
    is_wave,
    walk_aiff,
    walk_au,
    walk_caf,
    walk_w64,
    walk_waves,
)
from app.core.recording import ByteRange

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
        return walk(FileBytes(file, size))


_Walk = Callable[[FileBytes], Layout]


def _walk_for(head: bytes) -> _Walk | None:
    for mark in _MARKS:
        if head.startswith(mark):
            return partial(walk_marked, mark=mark)
    if head[:4] in {b"RIFF", b"RIFX", b"RF64", b"BW64"}:
        return {b"WAVE": walk_waves, b"AVI ": _walk_avi}.get(head[8:12])
    if head == W64_RIFF:
        return walk_w64
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return walk_aiff
    if head[:4] in {b".snd", b"caff"}:
        return walk_au if head[:4] == b".snd" else walk_caf
    if is_adts(head):
        return walk_adts
    if head[:3] == b"ID3":
        return _walk_flac
    by_mark = {b"fLaC": _walk_flac, b"OggS": _walk_ogg, _EBML: _walk_matroska}
    if head[:4] in by_mark:
        return by_mark[head[:4]]
    if _FLASH.match(head):
        return _walk_flash
    if head[4:8] == b"ftyp":
        return _walk_mp4
    return None


def _walk_shifted(data: FileBytes) -> Layout:
    """Find a WAV behind something that does not belong there, such as zeros or a mark."""
    place = data.cut(0, WINDOW).find(b"WAVEfmt ") - 8
    if place <= 0 or not is_wave(data, place):
        return Layout()
    return Layout(links=(ByteRange(place, len(data)),))


def _walk_flash(data: FileBytes) -> Layout:
    """Flash films one behind the other, as copied together or taken down in pieces."""
    starts: list[int] = []
    place = 0
    while len(data) <= MOST_SEARCHED and (place := data.find(b"FLV\x01", place)) >= 0:
        if _FLASH.match(data.cut(place, place + 13)):
            starts.append(place)
        place += 4
    return limited(Layout(links=joined(starts, len(data))))


def _walk_avi(data: FileBytes) -> Layout:
    """AVI: further RIFF chunks named ``AVIX`` go on with the same video."""
    size, place = len(data), 0
    starts: list[int] = []
    while place + 12 <= size and data.cut(place, place + 4) == b"RIFF":
        if data.cut(place + 8, place + 12) == b"AVI ":
            starts.append(place)
        length = int.from_bytes(data.cut(place + 4, place + 8), "little")
        if length in UNKNOWN_SIZES:
            break
        place += 8 + length + (length & 1)
    return limited(Layout(links=joined(starts, size)))


def _walk_mp4(data: FileBytes) -> Layout:
    """MP4 and its kin: a second ``ftyp`` behind pictures and sound is another recording."""
    size = len(data)
    starts, has_content = [0], False
    for place, name in _boxes(data):
        if name == b"ftyp" and has_content:
            starts.append(place)
            has_content = False
        has_content = has_content or name in {b"mdat", b"moov"}
    return limited(Layout(links=joined(starts, size)))


def _boxes(data: FileBytes) -> Iterator[tuple[int, bytes]]:
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


def _walk_flac(data: FileBytes) -> Layout:
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
    return limited(Layout(links=joined(starts, len(data))))


def _walk_behind_tag(data: FileBytes) -> Layout:
    """Find the frames of an MP3 whose tag says that it is longer than the file."""
    begin = 10 + _tag_length(data)
    if begin < len(data):
        is_aac = is_adts(data.cut(begin, begin + 16))
        return walk_adts(data, begin) if is_aac else Layout()
    begin = 10
    while (begin := data.find(b"\xff", begin)) >= 0:
        head = data.cut(begin, begin + 4)
        length = frame_length(head)
        if length and frame_length(data.cut(begin + length, begin + length + 4)):
            return Layout(links=(ByteRange(begin, len(data)),))
        begin += 1
    return Layout()


def _tag_length(data: FileBytes) -> int:
    length = 0
    for byte in data.cut(6, 10):
        length = length << 7 | byte & 0x7F
    return length


def _is_flac_behind_tag(data: FileBytes) -> bool:
    length = _tag_length(data)
    return data.cut(10 + length, 14 + length) == b"fLaC"


def _walk_ogg(data: FileBytes) -> Layout:
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
    links = joined(starts, size) if len(starts) <= MOST_LINKS else ()
    return Layout(links=links, is_chained=is_chained)


def _walk_matroska(data: FileBytes) -> Layout:
    size = len(data)
    starts: list[int] = []
    place = 0
    while place < size and data.cut(place, place + 4) == _EBML:
        starts.append(place)
        place = _end_of_segment(data, place)
    unread = size - place
    return limited(
        Layout(
            links=joined(starts, place),
            unread_bytes=unread if starts and unread >= LEAST_LOST else 0,
        )
    )


def _end_of_segment(data: FileBytes, start: int) -> int:
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


def _vint(data: FileBytes, place: int) -> tuple[int | None, int]:
    """Read a length of EBML; ``None`` for one that is not known. Gives where it ends too."""
    if place >= len(data) or not data.byte(place):
        return None, len(data)
    width = 9 - data.byte(place).bit_length()
    value = int.from_bytes(data.cut(place, place + width), "big") & ((1 << 7 * width) - 1)
    return (None if value == (1 << 7 * width) - 1 else value), place + width

"""The folder of a take: its journal, its sound in parts, and the lock that tells who records.

::

    TAKE/take.json    what is known, written whole each time
    TAKE/part-1.wav   sound; another part where the disk would not take more of one
    TAKE/owner.lock   held by the process that records
    TAKE/window.lock  held by whoever follows that, and makes a recording of the take
    TAKE/stop         asks a process whose window died to finish
    TAKE/live.json    which transcript of the library is its live text, if it has one
    TAKE/project      the project its transcript goes into, if it goes into one

The parts are plain WAV whose header says that the length is unknown: nothing in the file
has to be put right at the end, so that whatever was written counts, and any program can
play it.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.core.errors import StorageError
from app.core.live import LiveLeft
from app.core.messages import message
from app.core.projects import NO_PROJECT, ProjectId
from app.core.take import (
    RATE_HZ,
    SAMPLE_BYTES,
    Gap,
    GapReason,
    Source,
    SourceKind,
    Take,
    TakeState,
    bytes_to_ms,
)
from app.core.transcript import TranscriptId
from app.system.files import write_whole
from app.system.locks import InstanceLock

HEADER_BYTES = 44
_UNKNOWN_LENGTH = 0xFFFFFFFF
_JOURNAL = "take.json"
_LOCK = "owner.lock"
_WINDOW = "window.lock"
_STOP = "stop"
_LIVE = "live.json"
_PROJECT = "project"
_VERSION = 1


def wav_header(channels: int) -> bytes:
    """Give the header of a WAV file whose length is not known yet."""
    frame = channels * SAMPLE_BYTES
    form = struct.pack(
        "<HHIIHH", 1, channels, RATE_HZ, RATE_HZ * frame, frame, 8 * SAMPLE_BYTES
    )
    return (
        b"RIFF"
        + struct.pack("<I", _UNKNOWN_LENGTH)
        + b"WAVEfmt "
        + struct.pack("<I", len(form))
        + form
        + b"data"
        + struct.pack("<I", _UNKNOWN_LENGTH)
    )


@dataclass(frozen=True, slots=True)
class TakeFolder:
    """Where one take lies.

    Attributes:
        path: The folder; its name is the take's id.
    """

    path: Path

    @property
    def owner(self) -> InstanceLock:
        """A lock object of its own for whoever records, or looks whether somebody does."""
        return InstanceLock(self.path / _LOCK)

    @property
    def window(self) -> InstanceLock:
        """A lock object of its own for whoever follows the take, or asks whether one does."""
        return InstanceLock(self.path / _WINDOW)

    @property
    def stop_file(self) -> Path:
        """Once it is there, a process that records without a window finishes."""
        return self.path / _STOP

    def is_being_recorded(self) -> bool:
        """Tell whether a process records this take now."""
        return _is_held(self.owner)

    def is_followed(self) -> bool:
        """Tell whether a program that lives will make a recording of this take."""
        return _is_held(self.window)

    def read(self) -> Take:
        """Read the journal; without a readable one, give what the sound itself tells.

        Raises:
            StorageError: There is neither a journal nor sound.
        """
        try:
            return _take_of(json.loads((self.path / _JOURNAL).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            parts = self.parts()
            if not parts:
                raise StorageError(
                    message("Nothing of this recording is on the disk."),
                    details=f"{self.path}: {error}",
                ) from error
            channels = _channels_of(parts[0])
            return Take(
                self.path.name,
                (Source(SourceKind.MICROPHONE),) * channels,
                int(parts[0].stat().st_mtime * 1_000),
            )

    def write(self, take: Take) -> None:
        """Write the journal, whole or not at all.

        Raises:
            StorageError: It could not be written.
        """
        told = {"version": _VERSION, **asdict(take)}
        write_whole(self.path / _JOURNAL, json.dumps(told, ensure_ascii=False).encode())

    def write_live(self, left: LiveLeft) -> None:
        """Keep which live text it has.

        Raises:
            StorageError: It could not be written.
        """
        write_whole(self.path / _LIVE, json.dumps(asdict(left)).encode())

    def read_live(self) -> LiveLeft | None:
        """Give which live text it has; ``None`` for none."""
        try:
            told = json.loads((self.path / _LIVE).read_bytes())
            return LiveLeft(
                TranscriptId(str(told["transcript_id"])),
                bool(told["is_final"]),
                bool(told.get("is_whole", False)),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def drop_live(self) -> None:
        """Forget its live text: there was nothing in it."""
        (self.path / _LIVE).unlink(missing_ok=True)

    def write_project(self, project_id: ProjectId) -> None:
        """Keep which project its transcript goes into.

        Raises:
            StorageError: It could not be written.
        """
        write_whole(self.path / _PROJECT, project_id.encode())

    def read_project(self) -> ProjectId:
        """Give which project its transcript goes into; none where that cannot be told."""
        try:
            return ProjectId((self.path / _PROJECT).read_text("utf-8"))
        except (OSError, ValueError):
            return NO_PROJECT

    def parts(self) -> list[Path]:
        """Give the parts that hold sound, in their order."""
        found = sorted(self.path.glob("part-*.wav"), key=_number)
        return [part for part in found if part.stat().st_size > HEADER_BYTES]

    def sound_bytes(self) -> int:
        """Tell how much sound lies here."""
        return sum(part.stat().st_size - HEADER_BYTES for part in self.parts())

    def part_to_go_on(self, channels: int) -> Path | None:
        """Give the last part, if more of the same sound can be put behind it."""
        found = sorted(self.path.glob("part-*.wav"), key=_number)
        if not found or found[-1].stat().st_size < HEADER_BYTES:
            return None
        return found[-1] if _channels_of(found[-1]) == channels else None

    def next_part(self) -> Path:
        """Give the name of a part that is not there yet."""
        numbers = [_number(part) for part in self.path.glob("part-*.wav")]
        return self.path / f"part-{max(numbers, default=0) + 1}.wav"

    def duration_ms(self) -> int:
        """Tell how long the sound is that lies here."""
        parts = self.parts()
        return bytes_to_ms(self.sound_bytes(), _channels_of(parts[0])) if parts else 0

    def first_file_ms(self) -> int | None:
        """Tell how long the first part is, if it is over; ``None`` while it is the last."""
        parts = self.parts()
        if len(parts) < 2:
            return None
        return bytes_to_ms(parts[0].stat().st_size - HEADER_BYTES, _channels_of(parts[0]))


def takes_in(folder: Path) -> list[TakeFolder]:
    """Give the takes that lie in a folder, oldest first."""
    try:
        found = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    except FileNotFoundError:
        return []
    return [TakeFolder(entry) for entry in found]


def _is_held(lock: InstanceLock) -> bool:
    """Tell whether a lock that this object does not hold is held by somebody."""
    if not lock.path.exists():
        return False
    try:
        return not lock.acquire()
    except StorageError:
        return False
    finally:
        lock.release()


def _number(part: Path) -> int:
    digits = part.stem.removeprefix("part-")
    return int(digits) if digits.isdecimal() else 0


def _channels_of(part: Path) -> int:
    with part.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return 1
    return max(1, struct.unpack_from("<H", header, 22)[0])


def _take_of(told: dict[str, Any]) -> Take:
    return Take(
        take_id=str(told["take_id"]),
        sources=tuple(
            Source(SourceKind(one["kind"]), str(one["device"]), str(one["name"]))
            for one in told["sources"]
        ),
        began_at_ms=int(told["began_at_ms"]),
        state=TakeState(told["state"]),
        gaps=tuple(
            Gap(
                int(one["at_ms"]),
                int(one["lost_ms"]),
                GapReason(one["reason"]),
                None if one["channel"] is None else int(one["channel"]),
                bool(one["is_filled"]),
            )
            for one in told["gaps"]
        ),
        marks_ms=tuple(int(one) for one in told["marks_ms"]),
        file=str(told["file"]),
    )

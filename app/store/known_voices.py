"""The voices of people a person asked to be known, in a file of their own.

What somebody sounds like says who they are, so it stays on this computer: not in the
library, and so in no backup, bundle or export; nobody but the person may read the file.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import StorageError
from app.core.known_voices import KnownVoice
from app.core.messages import message
from app.store.records import dump, from_plain
from app.system.files import explain, write_whole


@dataclass(frozen=True, slots=True)
class _Content:
    voices: tuple[KnownVoice, ...] = ()


class KnownVoices:
    """Known voices on disk; each change is there at once. Safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        """Set up; nothing is read yet.

        Args:
            path: The file.
        """
        self._path = path
        self._lock = threading.Lock()

    def voices(self) -> tuple[KnownVoice, ...]:
        """Give all voices, by name; blocks.

        Raises:
            StorageError: They cannot be read.
        """
        with self._lock:
            return self._read()

    def remember(self, voice: KnownVoice) -> None:
        """Keep a voice in place of the same person's of the same kind; blocks.

        Voices that other models heard are of no use any more, and go.

        Raises:
            StorageError: It cannot be kept; all is as it was.
        """
        with self._lock:
            others = [
                one
                for one in self._read()
                if one.models == voice.models
                and (one.name, one.is_narrow) != (voice.name, voice.is_narrow)
            ]
            self._write((*others, voice))

    def forget(self, name: str | None = None) -> None:
        """Delete the voices of one person, or of all; blocks.

        Raises:
            StorageError: They cannot be deleted.
        """
        with self._lock:
            # All go also where the file cannot be read.
            everybody = () if name is None else self._read()
            self._write(tuple(one for one in everybody if one.name != name))

    def _read(self) -> tuple[KnownVoice, ...]:
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise StorageError(
                message("The remembered voices cannot be read. Delete them in Settings."),
                details=repr(error),
            ) from error
        try:
            plain: object = json.loads(text)
        except (ValueError, RecursionError):
            return ()  # nothing in it is of use; the next one begins anew
        found = from_plain(_Content, plain).voices
        return tuple(sorted((one for one in found if one.name), key=lambda one: one.name))

    def _write(self, voices: tuple[KnownVoice, ...]) -> None:
        try:
            if not voices:
                self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)  # the new file takes over who may read it
            write_whole(self._path, dump(_Content(voices)).encode("utf-8"))
        except OSError as error:
            raise StorageError(
                explain(error, self._path), details=type(error).__name__
            ) from error

"""Words that a damaged library does not take: beside it until it is rescued, then in it.

A library that is found damaged at work is rescued at the next start. What is typed until then
lies in files of its own, one for each transcript, and is saved as soon as that is done.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from app.core.errors import AppError, StorageError
from app.core.options import TranscriptionOptions
from app.core.transcript import Transcript, TranscriptId
from app.store.audio_links import NO_RECORDING_BYTES, AudioLink
from app.store.library import Library
from app.store.transcript_blob import pack, unpack
from app.system.files import explain, is_folder, write_whole

_SUFFIX = ".words"
_NAME_WORDS = 8


class WordsAside:
    """The words set aside of one library."""

    def __init__(self, database_path: Path) -> None:
        self._folder = database_path.with_name("unsaved")

    def keep(self, transcript_id: TranscriptId, transcript: Transcript) -> None:
        """Set the words of a transcript aside, in place of earlier ones; blocks.

        Raises:
            StorageError: They could not be written.
        """
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StorageError(explain(error, self._folder)) from error
        write_whole(self._file(transcript_id), pack(transcript))

    def drop(self, transcript_id: TranscriptId) -> None:
        """Forget those of a transcript: the library has newer ones; blocks."""
        with contextlib.suppress(OSError):
            self._file(transcript_id).unlink(missing_ok=True)

    def take_up(self, library: Library, *, now_ms: int) -> None:
        """Save all in the library; what it does not take stays for another time. Blocks.

        Words of a transcript that could not be rescued are a transcript of their own.
        """
        if not is_folder(self._folder):
            return
        for file in sorted(self._folder.glob(f"*{_SUFFIX}")):
            with contextlib.suppress(OSError, AppError):
                transcript = unpack(file.read_bytes())
                transcript_id = TranscriptId(file.stem)
                if library.entry(transcript_id) is None:
                    _add(library, transcript, now_ms)
                else:
                    # Whatever else is there by now is kept as a version.
                    library.save(transcript_id, transcript, now_ms=now_ms, known=transcript)
                file.unlink()
        with contextlib.suppress(OSError):  # something is left in it
            self._folder.rmdir()

    def _file(self, transcript_id: TranscriptId) -> Path:
        return self._folder / f"{transcript_id}{_SUFFIX}"


def _add(library: Library, transcript: Transcript, now_ms: int) -> None:
    library.add(
        transcript,
        name=" ".join(transcript.text.split()[:_NAME_WORDS]),
        options=TranscriptionOptions(timestamps=True),
        link=AudioLink("", size_bytes=NO_RECORDING_BYTES),
        now_ms=now_ms,
    )

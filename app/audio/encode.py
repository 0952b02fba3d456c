"""Write sound in one of the forms used here: for the recogniser, and for others to hear."""

from __future__ import annotations

from app.audio.plan import Form
from app.audio.process import Finished
from app.core.errors import Action, AppError, RecordingError, StorageError

_ENCODERS = {
    Form.WAV: ("-c:a", "pcm_s16le", "-f", "wav"),
    # Qt begins to play at the next whole frame behind the place sought: up to 264 ms late
    # with the encoder's own 4,608 samples, 27 ms with 512, which are smaller on disk too.
    Form.FLAC: ("-c:a", "flac", "-sample_fmt", "s16", "-frame_size", "512", "-f", "flac"),
    Form.OPUS: ("-c:a", "libopus", "-b:a", "32k", "-application", "voip", "-f", "ogg"),
}
_FULL_DISK = ("No space left on device", "Disk quota exceeded", "There is not enough space")


def encode_arguments(form: Form) -> list[str]:
    """Give ffmpeg's arguments for a form; no titles or other tags leave with it."""
    return ["-map_metadata", "-1", "-map_chapters", "-1", "-bitexact", *_ENCODERS[form]]


def failure(said: Finished) -> AppError:
    """Say why ffmpeg failed to write."""
    if any(one in said.text or one in said.tail for one in _FULL_DISK):
        return StorageError(
            "The disk is full. Free some space and try again.",
            action=Action.RETRY,
            details=said.tail,
        )
    return RecordingError(
        "The audio of this recording could not be converted. It may be damaged.",
        action=Action.RETRY,
        details=said.tail,
    )

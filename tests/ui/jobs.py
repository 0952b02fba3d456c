"""Jobs in every state, for tests and screenshots."""

from __future__ import annotations

from app.core.errors import Action
from app.core.job import Failure, Job, JobId, JobState, Progress, ProgressUnit
from app.core.messages import message
from app.core.options import ModelId, TranscriptionOptions
from app.core.transcript import TranscriptId

NOW_MS = 1_760_000_000_000
PULSE = TranscriptionOptions(model=ModelId.PULSE)


def make_job(name: str = "a.wav", state: JobState = JobState.WAITING, **changes: object) -> Job:
    fields: dict[str, object] = {
        "job_id": JobId(name),
        "source": f"/recordings/{name}",
        "options": PULSE,
        "created_ms": NOW_MS,
        "title": name,
        "state": state,
        "since_ms": NOW_MS - 5_000,
    }
    return Job(**(fields | changes))  # pyright: ignore[reportArgumentType]


def every_state() -> tuple[Job, ...]:
    return (
        make_job(
            "Interview Anna 2026-10-03.m4a",
            JobState.DONE,
            duration_ms=3_134_000,
            transcript_id=TranscriptId("t1"),
        ),
        make_job(
            "Lecture 4 – thermodynamics, second half, recorded from the back row.mp4",
            JobState.UPLOADING,
            progress=Progress(12_000_000, 28_000_000, ProgressUnit.BYTES),
        ),
        make_job(
            "Board meeting.mp3",
            JobState.NEEDS_ATTENTION,
            failure=Failure(
                message("The service does not know this key; enter another one."),
                Action.ENTER_KEY,
                details="401",
            ),
        ),
        make_job(
            "Focus group 2.wav",
            JobState.TRANSCRIBING,
            since_ms=NOW_MS - 125_000,
            expected_ms=60_000,
        ),
        make_job(
            "On this computer.wav",
            JobState.TRANSCRIBING,
            options=TranscriptionOptions(),
            progress=Progress(61_000, 180_000, ProgressUnit.MILLISECONDS),
        ),
        make_job("Preparing.ogg", JobState.PREPARING),
        make_job(
            "Too fast.wav",
            JobState.UPLOADING,
            wait_until_ms=NOW_MS + 42_000,
            note=message("The service asks for a pause"),
        ),
        make_job("Called back.wav", JobState.AWAITING_SERVICE),
        make_job(
            "Asked again.wav",
            JobState.NEEDS_ATTENTION,
            failure=Failure(
                message(
                    "The service did not answer in time; it may have finished and billed this "
                    "recording, so look in its log before sending it again."
                ),
                Action.ASK_RESEND,
                details="timeout",
                request_id="r-1",
            ),
        ),
        make_job("Podcast draft.flac", JobState.WAITING),
        make_job("Not this one.wav", JobState.CANCELLED),
    )

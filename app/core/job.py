"""A job: one recording to be transcribed, with its own options and state.

Jobs are values; every step makes a new one. Which step may follow which is told
by ``FOLLOWS`` and held by ``Job.moved``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import NewType

from app.core.errors import Action, AppError
from app.core.messages import Message, message
from app.core.options import TranscriptionOptions
from app.core.projects import NO_PROJECT, ProjectId
from app.core.transcript import TranscriptId

JobId = NewType("JobId", str)


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    PREPARING = "preparing"
    UPLOADING = "uploading"
    TRANSCRIBING = "transcribing"
    AWAITING_SERVICE = "awaiting-service"
    """Accepted by the service, which will call back."""
    SAVING = "saving"
    DONE = "done"
    NEEDS_ATTENTION = "needs-attention"
    CANCELLED = "cancelled"

    @property
    def is_running(self) -> bool:
        """Whether something works on the job right now."""
        return self in RUNNING

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens unless a person asks."""
        return self in OVER


STATE_NAMES = {
    JobState.WAITING: message("Waiting"),
    JobState.PREPARING: message("Preparing"),
    JobState.UPLOADING: message("Uploading"),
    JobState.TRANSCRIBING: message("Transcribing"),
    JobState.AWAITING_SERVICE: message("Waiting for the service"),
    JobState.SAVING: message("Saving"),
    JobState.DONE: message("Done"),
    JobState.NEEDS_ATTENTION: message("Needs attention"),
    JobState.CANCELLED: message("Cancelled"),
}
"""What people call each state, in the window and in a terminal."""

RUNNING = frozenset(
    {JobState.PREPARING, JobState.UPLOADING, JobState.TRANSCRIBING, JobState.SAVING}
)

OVER = frozenset({JobState.DONE, JobState.NEEDS_ATTENTION, JobState.CANCELLED})

_ENDS = {JobState.NEEDS_ATTENTION, JobState.CANCELLED}
FOLLOWS: dict[JobState, frozenset[JobState]] = {
    # A reply that was kept before a crash goes straight to saving.
    JobState.WAITING: frozenset(
        {
            JobState.PREPARING,
            JobState.UPLOADING,
            JobState.TRANSCRIBING,  # its words are kept, who says them is still to be told
            JobState.SAVING,
            *_ENDS,
        }
    ),
    JobState.PREPARING: frozenset(
        {JobState.UPLOADING, JobState.TRANSCRIBING, JobState.WAITING, *_ENDS}
    ),
    JobState.UPLOADING: frozenset(
        {
            JobState.TRANSCRIBING,
            JobState.AWAITING_SERVICE,
            JobState.PREPARING,  # 413: prepared again, smaller
            JobState.SAVING,
            JobState.WAITING,
            *_ENDS,
        }
    ),
    JobState.TRANSCRIBING: frozenset(
        {
            JobState.UPLOADING,  # the next part, or another try
            JobState.AWAITING_SERVICE,
            JobState.PREPARING,
            JobState.SAVING,
            JobState.WAITING,
            *_ENDS,
        }
    ),
    JobState.AWAITING_SERVICE: frozenset(
        {JobState.TRANSCRIBING, JobState.SAVING, JobState.WAITING, *_ENDS}
    ),
    JobState.SAVING: frozenset({JobState.DONE, JobState.WAITING, *_ENDS}),
    JobState.DONE: frozenset({JobState.WAITING}),
    JobState.NEEDS_ATTENTION: frozenset(
        {JobState.WAITING, JobState.TRANSCRIBING, JobState.SAVING, *_ENDS}
    ),
    JobState.CANCELLED: frozenset({JobState.WAITING}),
}


class ProgressUnit(StrEnum):
    """What progress is counted in."""

    BYTES = "bytes"
    MILLISECONDS = "milliseconds"


@dataclass(frozen=True, slots=True)
class Progress:
    """Something really counted: bytes sent, or milliseconds of sound done.

    Attributes:
        done: How much is done.
        total: How much there is.
        unit: Of what.
        left_ms: How long the rest will take, if that can be told.
    """

    done: int
    total: int
    unit: ProgressUnit
    left_ms: int | None = None

    @property
    def fraction(self) -> float:
        """Share done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job needs attention; what an ``AppError`` says, as a value.

    Attributes:
        message: The sentence.
        action: What one click can do.
        details: Raw text for the curious.
        request_id: The service's id of the request, if known.
    """

    message: Message
    action: Action = Action.NONE
    details: str = ""
    request_id: str = ""

    @classmethod
    def of(cls, error: AppError) -> Failure:
        """Keep what an error says."""
        return cls(error.message, error.action, error.details, error.request_id)


class IllegalStepError(Exception):
    """A job was moved to a state that cannot follow its present one."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A recording that was transcribed and that a person wants transcribed again.

    Attributes:
        title: What it is called.
        source: Path, or link when ``is_url``.
        options: What it was made with.
        is_url: Whether the service fetches it itself.
        duration_ms: How long it is; ``None`` if that is not known.
        project_id: The project the new transcript goes into.
        transcript_id: The transcript there is: where it is in a project by now, that one
            counts; ``None`` where nothing can have changed.
    """

    title: str
    source: str
    options: TranscriptionOptions
    is_url: bool = False
    duration_ms: int | None = None
    project_id: ProjectId = NO_PROJECT
    transcript_id: TranscriptId | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One recording, one recogniser, one set of options.

    Attributes:
        job_id: Its id.
        source: File path, or a public link when ``is_url``.
        options: What was chosen when it was added.
        created_ms: When it was added, milliseconds since 1970.
        position: Place in the queue; lower goes first.
        state: How far it has come.
        is_url: ``source`` is a link.
        is_repeat: A person wants it done even if the library has it already.
        accepts_damage: A person wants what can be read of a damaged recording.
        title: Name shown; the file's own name at first.
        progress: What is counted in this state, if anything is.
        since_ms: When the present state began, milliseconds since 1970.
        expected_ms: How long the present state usually takes, if past jobs tell.
        note: Something worth knowing (what is sent and why; a wait and until when).
        remark: What is worth knowing of its recording even when it is done: which sound
            tracks were taken, what is missing.
        wait_until_ms: When a pause before another try ends, milliseconds since 1970;
            ``None`` when not waiting. A person may skip the wait.
        failure: Why it needs attention.
        duration_ms: Length of the recording, once known.
        transcript_id: The transcript it gave.
        request_id: The service's id while it is to call back.
        has_live_text: Its transcript is there already: words that were heard while it was
            recorded.
        keeps_live_text: These are all the words it is to have.
        awaits_voices: Its words are kept as its transcript, and who says them is still to
            be told; on a job that is done, they could not be.
        project_id: The project its transcript goes into, if that is still there then.
    """

    job_id: JobId
    source: str
    options: TranscriptionOptions
    created_ms: int
    position: int = 0
    state: JobState = JobState.WAITING
    is_url: bool = False
    is_repeat: bool = False
    accepts_damage: bool = False
    title: str = ""
    progress: Progress | None = None
    since_ms: int = 0
    expected_ms: int | None = None
    note: Message | None = None
    remark: Message | None = None
    wait_until_ms: int | None = None
    failure: Failure | None = None
    duration_ms: int | None = None
    transcript_id: TranscriptId | None = None
    request_id: str = ""
    awaits_voices: bool = False
    has_live_text: bool = False
    keeps_live_text: bool = False
    project_id: ProjectId = NO_PROJECT

    @property
    def path(self) -> Path:
        """The recording's path; meaningless when ``is_url``."""
        return Path(self.source)

    @property
    def is_there_already(self) -> bool:
        """Whether it rests only since the library has a transcript of its recording."""
        return (
            self.state is JobState.NEEDS_ATTENTION
            and self.failure is not None
            and self.failure.action is Action.OPEN_OR_REPEAT
        )

    @property
    def needs_attention(self) -> bool:
        """Whether something went wrong that only a person can see to."""
        return self.state is JobState.NEEDS_ATTENTION and not self.is_there_already

    def moved(self, state: JobState, *, now_ms: int) -> Job:
        """Give the job in its next state; progress, failure, a wait and its note start afresh.

        Raises:
            IllegalStepError: That state cannot follow.
        """
        if state is not self.state and state not in FOLLOWS[self.state]:
            raise IllegalStepError(f"{self.state} -> {state}")
        return replace(
            self,
            state=state,
            progress=None,
            since_ms=now_ms,
            expected_ms=None,
            wait_until_ms=None,
            note=None if self.wait_until_ms is not None else self.note,  # it told of the wait
            failure=None,
        )

    def failed(self, failure: Failure, *, now_ms: int) -> Job:
        """Give the job as needing attention."""
        return replace(self.moved(JobState.NEEDS_ATTENTION, now_ms=now_ms), failure=failure)

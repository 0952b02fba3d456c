"""What the queue tells its listeners; applied in order they rebuild its list exactly."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import Action
from app.core.job import Job
from app.core.messages import Message


@dataclass(frozen=True, slots=True)
class JobsInserted:
    """Jobs were put into the list, the first at place ``at``."""

    at: int
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class JobsRemoved:
    """``count`` jobs from place ``at`` on left the list."""

    at: int
    count: int


@dataclass(frozen=True, slots=True)
class JobChanged:
    """The job at place ``at`` is now ``job``."""

    at: int
    job: Job


@dataclass(frozen=True, slots=True)
class JobsReordered:
    """The same jobs stand in another order."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Why jobs of the service wait although the queue runs: a refused key, a price.

    All jobs wait where the action is ``Action.RESTART``: none could be done any more.

    Attributes:
        message: In one sentence.
        action: What a person can do about it.
    """

    message: Message
    action: Action = Action.NONE


@dataclass(frozen=True, slots=True)
class QueuePaused:
    """The queue stopped starting jobs, or starts them again.

    Attributes:
        is_paused: Whether a person paused the queue.
        hold: Why jobs of the service wait; ``None`` when they do not.
    """

    is_paused: bool
    hold: Hold | None


QueueEvent = JobsInserted | JobsRemoved | JobChanged | JobsReordered | QueuePaused

"""What the queue has done for a job: the shape of the work, and how it may end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from app.core.errors import Action
from app.core.job import Job
from app.core.messages import Message, message
from app.jobs.events import Hold
from app.jobs.job_progress import JobProgress

MAYBE_BILLED = message(
    "Wordlight stopped while the service was working, so this recording may be finished and "
    "billed. Check with the service, or try again."
)


class HeldBackError(Exception):
    """A job is not done now but waits on, and with it all jobs of the service.

    Attributes:
        hold: Why, and what a person can do about it.
    """

    def __init__(self, sentence: Message, action: Action = Action.NONE) -> None:
        self.hold = Hold(sentence, action)
        super().__init__(sentence.fill())


class Work(Protocol):
    """What is done for one job, start to end."""

    async def run(self, progress: JobProgress) -> None:
        """Do the job; its last step is ``DONE``, or ``AWAITING_SERVICE``.

        Raises:
            AppError: It cannot be done; the queue shows why.
            HeldBackError: It is to wait, with all others of the service.
        """
        ...

    async def discard(self, job: Job) -> None:
        """Remove what was prepared for a job that is not wanted any more."""
        ...


Doing = Callable[[JobProgress], Awaitable[None]]
"""Does something for one job, and tells each step."""

"""A job in words: the second line of its row, its buttons, its whole story read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLocale

from app.core.errors import Action
from app.core.job import Job, JobState, Progress, ProgressUnit
from app.core.options import CAPABILITIES
from app.ui.translate import QT_TRANSLATE_NOOP, translated
from app.ui.wording import clock, model_name, size, span, state_name

_CONTEXT = "JobText"
_MS_PER_MINUTE = 60_000
_WORTH_COUNTING_MIN = 2
_WORTH_SAYING_MS = 20_000
"""A state younger than this does not say for how long it has lasted."""


class RowAction(StrEnum):
    """What a button on a row asks for."""

    RETRY = "retry"
    CANCEL = "cancel"
    SKIP_WAIT = "skip-wait"
    DETAILS = "details"
    ENTER_KEY = "enter-key"
    OPEN_SETTINGS = "open-settings"
    CHOOSE_FILE = "choose-file"
    CHOOSE_MODEL = "choose-model"
    OTHER_REGION = "other-region"
    SEND_AGAIN = "send-again"
    LOOK_IN_LOG = "look-in-log"
    USE_READABLE_PART = "use-readable-part"
    OPEN_TRANSCRIPT = "open-transcript"
    DO_AGAIN = "do-again"
    TELL_AGAIN = "tell-again"


@dataclass(frozen=True, slots=True)
class RowButton:
    """A button on a row."""

    action: RowAction
    text: str


_BUTTONS = {
    RowAction.RETRY: QT_TRANSLATE_NOOP("JobText", "Try again"),
    RowAction.CANCEL: QT_TRANSLATE_NOOP("JobText", "Cancel"),
    RowAction.SKIP_WAIT: QT_TRANSLATE_NOOP("JobText", "Try again"),
    RowAction.DETAILS: QT_TRANSLATE_NOOP("JobText", "Details"),
    RowAction.ENTER_KEY: QT_TRANSLATE_NOOP("JobText", "Enter key…"),
    RowAction.OPEN_SETTINGS: QT_TRANSLATE_NOOP("JobText", "Settings…"),
    RowAction.CHOOSE_FILE: QT_TRANSLATE_NOOP("JobText", "Choose the file…"),
    RowAction.CHOOSE_MODEL: QT_TRANSLATE_NOOP("JobText", "Change options…"),
    RowAction.OTHER_REGION: QT_TRANSLATE_NOOP("JobText", "Try the other region"),
    RowAction.SEND_AGAIN: QT_TRANSLATE_NOOP("JobText", "Try again"),
    RowAction.LOOK_IN_LOG: QT_TRANSLATE_NOOP("JobText", "Check with the service"),
    RowAction.USE_READABLE_PART: QT_TRANSLATE_NOOP("JobText", "Use the readable part"),
    RowAction.OPEN_TRANSCRIPT: QT_TRANSLATE_NOOP("JobText", "Open"),
    RowAction.DO_AGAIN: QT_TRANSLATE_NOOP("JobText", "Transcribe again"),
    RowAction.TELL_AGAIN: QT_TRANSLATE_NOOP("JobText", "Try again"),
}

_WAYS_OUT: dict[Action, tuple[RowAction, ...]] = {
    Action.NONE: (RowAction.RETRY,),
    Action.RETRY: (RowAction.RETRY,),
    Action.ENTER_KEY: (RowAction.ENTER_KEY, RowAction.RETRY),
    Action.OPEN_SETTINGS: (RowAction.OPEN_SETTINGS, RowAction.RETRY),
    Action.CHOOSE_FILE: (RowAction.CHOOSE_FILE,),
    Action.FIND_FILE: (RowAction.CHOOSE_FILE, RowAction.RETRY),
    Action.CHOOSE_MODEL: (RowAction.CHOOSE_MODEL,),
    Action.OTHER_REGION: (RowAction.OTHER_REGION, RowAction.CHOOSE_MODEL),
    Action.ASK_RESEND: (RowAction.LOOK_IN_LOG, RowAction.SEND_AGAIN),
    Action.OPEN_OR_REPEAT: (RowAction.OPEN_TRANSCRIPT, RowAction.DO_AGAIN),
    Action.LOOK_IN_LOG: (RowAction.LOOK_IN_LOG, RowAction.RETRY),
    Action.RESTART: (RowAction.RETRY,),
    Action.USE_READABLE_PART: (RowAction.USE_READABLE_PART, RowAction.CHOOSE_FILE),
}
"""Trying again is offered only where it can help: not for a file that is no recording."""


_TRIES_AGAIN = frozenset({RowAction.RETRY, RowAction.TELL_AGAIN})


def _t(text: str, **values: object) -> str:
    found = QCoreApplication.translate(_CONTEXT, text)
    for name, value in values.items():
        found = found.replace("{" + name + "}", str(value))
    return found


def state_text(
    job: Job,
    *,
    now_ms: int,
    held: Action | None = None,
    is_paused: bool = False,
    cost: str = "",
) -> str:
    """Say how far a job is: the second line of its row.

    Args:
        job: The job.
        now_ms: The time, milliseconds since 1970.
        held: What a person can do about it if jobs of the service are held back;
            ``None`` if they are not.
        is_paused: Whether the queue is paused.
        cost: What it will cost, if that is known.
    """
    if job.wait_until_ms is not None and not job.state.is_over:
        return _waiting_for_retry(job, now_ms)
    if job.state is JobState.WAITING:
        return _waiting(job, held=held, is_paused=is_paused, cost=cost)
    if job.state is JobState.DONE:
        return _done(job)
    if job.is_there_already:
        return _t("Already transcribed")
    if job.state is JobState.TRANSCRIBING and job.awaits_voices:
        return _telling(job)
    if job.progress is not None and job.state.is_running:
        return _counting(job, job.progress)
    if job.state is JobState.TRANSCRIBING:
        return _transcribing(job, now_ms)
    return state_name(job.state)


def _waiting(job: Job, *, held: Action | None, is_paused: bool, cost: str) -> str:
    needs_key = CAPABILITIES[job.options.model].needs_key
    if held is not None and (needs_key or held is Action.RESTART):
        waiting = (
            _t("Waiting · needs your key")
            if held is Action.ENTER_KEY
            else _t("Waiting · on hold")
        )
    else:
        waiting = _t("Waiting · queue paused") if is_paused else state_name(job.state)
    return f"{waiting} · {cost}" if cost else waiting


def _waiting_for_retry(job: Job, now_ms: int) -> str:
    left = span(max(0, (job.wait_until_ms or 0) - now_ms))
    if job.note is None:
        return _t("Trying again in {time}", time=left)
    reason = translated(job.note)
    if "{time}" in reason:  # it says itself when: "Offline. Trying again in {time}"
        return reason.replace("{time}", left)
    return _t("{reason} · {time}", reason=reason, time=left)


def _done(job: Job) -> str:
    done = state_name(job.state)
    if job.duration_ms is not None:
        done = _t("{state} · {time}", state=done, time=clock(job.duration_ms))
    if job.awaits_voices:
        done = _t("{done} · speakers not identified", done=done)
    if job.remark is None:
        return done
    return _t("{done} · {remark}", done=done, remark=translated(job.remark))


def _telling(job: Job) -> str:
    total = 0 if job.progress is None else job.progress.total // _MS_PER_MINUTE
    if job.progress is None or total < _WORTH_COUNTING_MIN:
        return _t("Identifying speakers")
    return _t(
        "Identifying speakers, {done} of {total} min",
        done=QLocale().toString(job.progress.done // _MS_PER_MINUTE),
        total=QLocale().toString(total),
    )


def _counting(job: Job, progress: Progress) -> str:
    percent = QLocale().toString(int(progress.fraction * 100))
    if progress.unit is ProgressUnit.BYTES:
        total = size(progress.total)
        done = size(progress.done)
        number, _, unit = total.partition(" ")
        done_number, _, done_unit = done.partition(" ")
        counted = f"{done_number if done_unit == unit else done}"
        return _t(
            "{state} {percent} % ({done} of {total})",
            state=state_name(job.state),
            percent=percent,
            done=counted,
            total=f"{number} {unit}".strip(),
        )
    if progress.left_ms is not None:
        return _t(
            "{state} {percent} % · about {time} left",
            state=state_name(job.state),
            percent=percent,
            time=span(progress.left_ms),
        )
    return _t(
        "{state} {percent} % ({done} of {total})",
        state=state_name(job.state),
        percent=percent,
        done=clock(progress.done),
        total=clock(progress.total),
    )


def _transcribing(job: Job, now_ms: int) -> str:
    so_far = now_ms - job.since_ms
    name = state_name(job.state)
    if job.since_ms <= 0 or so_far < _WORTH_SAYING_MS:
        if job.expected_ms is None:
            return name
        return _t("{state} (usually about {time})", state=name, time=span(job.expected_ms))
    if job.expected_ms is None:
        return _t("{state} ({time} so far)", state=name, time=span(so_far))
    time, usual = span(so_far), span(job.expected_ms)
    return _t("{state} ({time}, usually {usual})", state=name, time=time, usual=usual)


def sentence(job: Job) -> str:
    """Say why a job needs attention; empty if it does not."""
    if job.state is JobState.NEEDS_ATTENTION and job.failure is not None:
        return translated(job.failure.message)
    return ""


def buttons(job: Job) -> tuple[RowButton, ...]:
    """Say what can be pressed on the row, the best way out first."""
    actions: tuple[RowAction, ...] = ()
    if job.state is JobState.NEEDS_ATTENTION and job.failure is not None:
        actions = _WAYS_OUT[job.failure.action]
        if job.failure.details or job.failure.request_id:
            actions = (*actions, RowAction.DETAILS)
    elif job.wait_until_ms is not None and not job.state.is_over:
        actions = (RowAction.SKIP_WAIT, RowAction.CANCEL)
    elif job.state is JobState.DONE and job.awaits_voices:
        actions = (RowAction.TELL_AGAIN,)
    elif job.state is JobState.AWAITING_SERVICE:
        actions = (RowAction.LOOK_IN_LOG, RowAction.CANCEL)
    return tuple(RowButton(action, _t(_BUTTONS[action])) for action in actions)


def may_try_again(job: Job) -> bool:
    """Tell whether *Try again* can help a job, without asking anything first."""
    offered = {button.action for button in buttons(job)}
    return job.state is JobState.CANCELLED or not offered.isdisjoint(_TRIES_AGAIN)


def spoken(job: Job, line: str) -> str:
    """Give everything a row says, for somebody who hears it."""
    pieces = [job.title, line, sentence(job), model_name(job.options.model)]
    if job.note is not None and job.wait_until_ms is None:
        pieces.insert(2, translated(job.note))
    offered = ", ".join(button.text for button in buttons(job))
    if offered:
        pieces.append(_t("Press Enter for {actions}", actions=offered))
    return ". ".join(piece.rstrip(".") for piece in pieces if piece)

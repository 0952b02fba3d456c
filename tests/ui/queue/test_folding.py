"""Which done rows fold away."""

from __future__ import annotations

from app.core.job import JobState
from app.ui.queue.folding import foldable, hidden
from tests.ui.jobs import make_job

DONE = [make_job(f"{number}.wav", JobState.DONE, since_ms=number) for number in range(8)]


def test_a_few_done_rows_stay() -> None:
    assert foldable(DONE[:5]) == []
    assert hidden(foldable(DONE[:5]), ()) == set()


def test_of_many_the_three_that_were_done_last_stay_wherever_they_stand() -> None:
    turned = [*reversed(DONE), make_job("waiting.wav"), make_job("off.wav", JobState.CANCELLED)]
    assert [job.title for job in foldable(turned)] == [f"{number}.wav" for number in range(5)]


def test_what_is_selected_or_lacks_its_speakers_stays() -> None:
    lacking = make_job("lacking.wav", JobState.DONE, since_ms=-1, awaits_voices=True)
    kept = DONE[1].job_id
    found = hidden(foldable([lacking, *DONE]), {kept})
    assert found == {job.job_id for job in DONE[:5]} - {kept}

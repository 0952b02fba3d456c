from dataclasses import replace

from app.core.job import Job, JobId, JobState, Progress, ProgressUnit
from app.core.options import ModelId, TranscriptionOptions
from app.jobs.throughput import ThroughputHistory

JOB = Job(JobId("a"), "/a.wav", TranscriptionOptions(), created_ms=0)


def test_nothing_is_claimed_before_anything_was_learned():
    assert ThroughputHistory({}).expected_ms(ModelId.PULSE, 60_000) is None
    assert ThroughputHistory({}).time_left_ms([JOB], now_ms=0, limit=2) is None


def test_first_job_sets_the_rate_and_later_ones_move_it():
    first = ThroughputHistory({}).learned(ModelId.PULSE, duration_ms=60_000, took_ms=6_000)
    assert first.expected_ms(ModelId.PULSE, 120_000) == 12_000
    second = first.learned(ModelId.PULSE, duration_ms=60_000, took_ms=12_000)
    assert 12_000 < (second.expected_ms(ModelId.PULSE, 120_000) or 0) < 24_000


def test_models_do_not_mix():
    learned = ThroughputHistory({}).learned(ModelId.PULSE, duration_ms=60_000, took_ms=6_000)
    assert learned.expected_ms(ModelId.ON_DEVICE, 60_000) is None


def test_a_sliver_of_sound_teaches_nothing():
    none = ThroughputHistory({})
    assert none.learned(ModelId.PULSE, duration_ms=10, took_ms=900) == none


def test_time_left_counts_what_is_done_of_the_job_at_work():
    known = ThroughputHistory({ModelId.ON_DEVICE.value: 100.0})
    waiting = replace(JOB, duration_ms=100_000)
    working = replace(waiting, state=JobState.TRANSCRIBING, since_ms=1_000)
    assert known.time_left_ms([waiting], now_ms=0, limit=1) == 10_000
    assert known.time_left_ms([working], now_ms=5_000, limit=1) == 6_000
    assert known.time_left_ms([waiting, working], now_ms=5_000, limit=1) == 16_000
    assert known.time_left_ms([waiting, waiting], now_ms=0, limit=2) == 10_000


def test_a_recording_of_unknown_length_counts_as_an_average_one():
    known = ThroughputHistory({ModelId.ON_DEVICE.value: 100.0})
    assert (
        known.time_left_ms([replace(JOB, duration_ms=100_000), JOB], now_ms=0, limit=1)
        == 20_000
    )


def test_a_late_job_and_unknown_lengths_never_leave_nothing_to_do():
    known = ThroughputHistory({ModelId.ON_DEVICE.value: 100.0})
    late = replace(JOB, duration_ms=100_000, state=JobState.TRANSCRIBING, since_ms=0)
    left = known.time_left_ms([late, *[JOB] * 32], now_ms=60_000, limit=1)
    assert left == 1_000 + 32 * 10_000
    done = replace(late, state=JobState.DONE)
    assert known.time_left_ms([done, *[JOB] * 32], now_ms=60_000, limit=2) == 160_000


def test_what_is_counted_of_a_job_says_more_than_what_is_usual():
    known = ThroughputHistory({ModelId.ON_DEVICE.value: 100.0})
    slow = replace(
        JOB,
        duration_ms=100_000,
        state=JobState.TRANSCRIBING,
        since_ms=0,
        progress=Progress(25, 100, ProgressUnit.MILLISECONDS),
    )
    assert known.time_left_ms([slow], now_ms=10_000, limit=1) == 30_000
    told = replace(slow, progress=Progress(25, 100, ProgressUnit.MILLISECONDS, 7_000))
    assert known.time_left_ms([told], now_ms=10_000, limit=1) == 7_000


def test_from_the_fifth_file_on_it_is_right_within_a_third():
    took_ms = (9_000, 14_000, 8_000, 11_000, 12_000, 9_500, 10_500, 13_000, 10_000, 9_000)
    known = ThroughputHistory({})
    jobs = [replace(JOB, duration_ms=100_000) for _ in took_ms]
    for number, took in enumerate(took_ms):
        known = known.learned(ModelId.ON_DEVICE, duration_ms=100_000, took_ms=took)
        jobs[number] = replace(jobs[number], state=JobState.DONE)
        really = sum(took_ms[number + 1 :])
        if number >= 4 and really:
            said = known.time_left_ms(jobs, now_ms=0, limit=1)
            assert said is not None
            assert abs(said - really) <= really / 3

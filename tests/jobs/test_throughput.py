from app.core.options import ModelId
from app.jobs.throughput import ThroughputHistory


def test_nothing_is_claimed_before_anything_was_learned():
    assert ThroughputHistory({}).expected_ms(ModelId.PULSE, 60_000) is None


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

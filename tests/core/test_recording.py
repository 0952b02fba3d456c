from pathlib import Path

from app.core.recording import Recording


def test_recording_is_a_value_and_sound_unless_told_otherwise():
    one = Recording(Path("a.wav"), 44, 1, 1_000, "wav", "pcm_s16le", 1, 16_000)

    assert one == Recording(Path("a.wav"), 44, 1, 1_000, "wav", "pcm_s16le", 1, 16_000)
    assert (one.has_video, one.is_variable_rate, one.damaged_at_ms) == (False, False, None)

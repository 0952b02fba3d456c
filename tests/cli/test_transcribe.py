from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.transcribe import misheard
from app.core.options import AUTO, ModelId, TranscriptionOptions
from app.store.database import Database
from app.store.library import Library
from app.store.paths import AppPaths
from tests.cli.conftest import Wordlight
from tests.support.builders import heard
from tests.support.fake_waves import FakeWaves, Fault
from tests.support.wer import word_error_rate

CLIPS = ["lj001-0002", "lj001-0004", "lj001-0006", "lj001-0008", "lj001-0011"]


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_text_files_with_the_words_in_them(wordlight: Wordlight, clips: Path, tmp_path: Path):
    recordings = [clips / f"{name}.flac" for name in CLIPS]
    out = tmp_path / "texts"

    done = wordlight("transcribe", *recordings, "--output", out, "--format", "txt,srt")

    assert done.returncode == 0, done.stderr.decode()
    said = " ".join((clips / f"{name}.txt").read_text("utf-8") for name in CLIPS)
    got = " ".join((out / f"{name}.txt").read_text("utf-8") for name in CLIPS)
    assert word_error_rate(said, got) <= 0.12
    assert all(" --> " in (out / f"{name}.srt").read_text("utf-8") for name in CLIPS)


@pytest.mark.slow
def test_what_is_done_is_done_once_and_can_be_listed_and_exported(
    wordlight: Wordlight, service, fake_waves: FakeWaves, clips: Path, tmp_path: Path
):
    talk = Path(shutil.copy(clips / "lj001-0008.flac", tmp_path / "it's a “talk” 🎙.flac"))
    fake_waves.answer = "We meet again."
    wish = ("transcribe", talk, "--model", "pulse", "--output")

    first = wordlight(*wish, "-", **service)
    assert first.returncode == 0, first.stderr.decode()
    assert first.stdout.decode().strip() == "We meet again."
    second = wordlight(*wish, tmp_path, "--json", **service)
    events = [json.loads(line) for line in second.stdout.splitlines()]
    assert second.returncode == 0
    assert [event["event"] for event in events] == ["written"]
    assert Path(events[0]["path"]).read_text("utf-8").strip() == "We meet again."
    assert len(fake_waves.transcriptions) == 1

    (entry,) = [json.loads(line) for line in wordlight("list", "--json").stdout.splitlines()]
    assert entry["name"] == talk.name
    assert entry["words"] == 3
    out = tmp_path / "out"
    exported = wordlight("export", entry["id"][:8], "--format", "vtt,json", "--output", out)
    assert exported.returncode == 0, exported.stderr.decode()
    assert {path.suffix for path in out.iterdir()} == {".vtt", ".json"}
    assert wordlight("export", "nothing like it").returncode == 1


@pytest.mark.slow
def test_where_somebody_speaks_and_no_words_were_heard_is_told(
    wordlight: Wordlight, service, fake_waves: FakeWaves, clips: Path, tmp_path: Path
):
    fake_waves.answer = "We meet again."
    wish = ("transcribe", clips / "lj001-0008.flac", "--model", "pulse", "--output", "-")
    assert b"without words" not in wordlight(*wish, **service).stderr
    database = Database(AppPaths.below(tmp_path / "home").database)
    library = Library(database)
    (entry,) = library.entries()
    words = library.load(entry.transcript_id).transcript
    spans = tuple((second * 1_000, second * 1_000 + 1_500) for second in range(61, 81, 2))
    library.save(entry.transcript_id, replace(words, wordless=spans), now_ms=1)
    database.close()

    told = wordlight(*wish, **service)

    assert told.returncode == 0
    assert told.stdout.decode().strip() == "We meet again."
    line = told.stderr.decode()
    assert "lj001-0008.flac: there is speech without words at 1:01–1:02, 1:03–1:04, " in line
    assert "1:17–1:18…; listen there, or try another language or model" in line


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            TranscriptionOptions(language="pt"),
            (
                "many words are uncertain; if this is not Portuguese, run it again with "
                "--language auto"
            ),
        ),
        (
            TranscriptionOptions(language="en", package="tiny.en"),
            (
                "many words are uncertain; if this is not English, run it again with "
                "--language auto --package base"
            ),
        ),
        (
            TranscriptionOptions(language=AUTO),
            (
                "many words are uncertain; if this is not Welsh, run it again with "
                "--language and the code of what is spoken, such as de"
            ),
        ),
        (TranscriptionOptions(model=ModelId.PULSE), None),
    ],
)
def test_a_language_that_is_perhaps_another_is_told_with_what_to_run(
    options: TranscriptionOptions, told: str | None
) -> None:
    unsure = replace(heard(*[0.5] * 30), model="on-device:base", language="cy")

    found = misheard(unsure, options)

    assert (None if found is None else found.fill()) == told
    assert misheard(replace(heard(*[0.9] * 30), model="on-device:base"), options) is None


@pytest.mark.slow
def test_a_wrong_language_is_told_behind_the_words(
    wordlight: Wordlight, clips: Path, tmp_path: Path
) -> None:
    wish = ("transcribe", clips / "lj001-0002.flac", "--output", "-")
    assert b"uncertain" not in wordlight(*wish).stderr
    database = Database(AppPaths.below(tmp_path / "home").database)
    library = Library(database)
    (entry,) = library.entries()
    words = library.load(entry.transcript_id).transcript
    unsure = replace(heard(*[0.4] * 30), model=words.model, language=words.language)
    library.save(entry.transcript_id, unsure, now_ms=1)
    database.close()

    told = wordlight(*wish)

    assert told.returncode == 0
    (line,) = [one for one in told.stderr.decode().splitlines() if "uncertain" in one]
    assert "lj001-0002.flac: many words are uncertain; if this is not English, run" in line


@pytest.mark.slow
def test_each_failure_is_named_and_the_others_are_done(
    wordlight: Wordlight, service, fake_waves: FakeWaves, clips: Path, tmp_path: Path
):
    (tmp_path / "words.mp3").write_text("no sound here\n" * 99)
    (tmp_path / "empty.wav").touch()
    talk = str(shutil.copy(clips / "lj001-0008.flac", tmp_path / "good.flac"))

    done = wordlight(
        "transcribe", "words.mp3", "empty.wav", "gone.wav", talk, "--model", "pulse", "--json",
        **service,
    )  # fmt: skip

    assert done.returncode == 1
    errors = done.stderr.decode().splitlines()
    for name in ("words.mp3", "empty.wav", "gone.wav"):
        assert len([line for line in errors if name in line]) == 1, errors
    assert "Traceback" not in done.stderr.decode()
    assert (tmp_path / "good.txt").read_text("utf-8").startswith("Hello")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    states = [one["state"] for one in events if one["event"] == "state" and one["file"] == talk]
    assert states[0] == "waiting"
    assert states[-1] == "done"
    assert sum(one["event"] == "failed" for one in events) == 3


@pytest.mark.slow
def test_without_a_key_every_recording_is_named_with_the_reason(
    wordlight: Wordlight, fake_waves: FakeWaves, clips: Path
):
    recordings = [clips / f"{name}.flac" for name in CLIPS[:4]]
    done = wordlight(
        "transcribe", *recordings, "--model", "pulse", "--output", "-",
        WORDLIGHT_BASE_URL=fake_waves.address,
    )  # fmt: skip
    errors = done.stderr.decode()

    assert done.returncode == 1
    assert not done.stdout
    for recording in recordings:
        (line,) = [line for line in errors.splitlines() if recording.name in line]
        assert "key" in line
    assert not fake_waves.requests


def kill_once_one_is_done(wish: list[str], surroundings: dict[str, str], at: Path) -> None:
    """Run a command until one of its recordings is done, and end it without ceremony."""
    with subprocess.Popen(
        [sys.executable, "-m", "app", *wish, "--json"],
        env=surroundings,
        cwd=at,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert any(b'"state": "done"' in line for line in running.stdout)
        running.send_signal(signal.SIGKILL)


@pytest.mark.slow
def test_killed_and_run_again_it_goes_on_and_pays_no_reply_twice(
    wordlight: Wordlight, service, surroundings, fake_waves: FakeWaves, clips: Path, tmp_path
):
    """The first recording's reply has come when the process is killed over the second's."""
    talks = [clips / f"{name}.flac" for name in CLIPS[:2]]
    wish = ["transcribe", *map(str, talks), "--model", "pulse-pro", "--output", str(tmp_path)]
    fake_waves.script(None, Fault(stalls="upload"))
    kill_once_one_is_done(wish, surroundings | service, tmp_path)
    fake_waves.go_on()

    again = wordlight(*wish, **service)
    if again.returncode:  # all of the second had left: that is for a person to say
        assert b"may be finished" in again.stderr
    assert len([one for one in fake_waves.transcriptions if one.status == 200]) <= 2
    sizes = [one.size for one in fake_waves.transcriptions if one.status == 200]
    assert len(sizes) == len(set(sizes)), "one recording was answered twice"
    written = [path for path in tmp_path.glob("*.txt") if path.read_text("utf-8").strip()]
    assert len(written) == 2 - again.returncode


@pytest.mark.slow
def test_killed_while_doing_again_the_same_command_goes_on(
    wordlight: Wordlight, service, surroundings, fake_waves: FakeWaves, clips: Path, tmp_path
):
    talks = [clips / f"{name}.flac" for name in CLIPS[:2]]
    wish = ["transcribe", *map(str, talks), "--model", "pulse-pro", "--output", str(tmp_path)]
    assert wordlight(*wish, **service).returncode == 0

    def billed() -> int:
        return len([one for one in fake_waves.transcriptions if one.status == 200])

    assert billed() == 2
    fake_waves.script(None, Fault(stalls="upload"))
    kill_once_one_is_done([*wish, "--again"], surroundings | service, tmp_path)
    fake_waves.go_on()
    assert billed() in {3, 4}  # the second may have left whole before its sender was gone

    on = wordlight(*wish, "--again", **service)
    if on.returncode:  # all of the second had left: that is for a person to say
        assert b"may be finished" in on.stderr
    assert billed() <= 4
    made = wordlight("list", "--json").stdout.splitlines()
    assert len(made) == 4 - on.returncode
    if not on.returncode:  # nothing is left of the killed run: now all is done again
        assert wordlight(*wish, "--again", **service).returncode == 0
        assert billed() == 6


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["transcribe"], "FILES"),
        (
            ["transcribe", "a.wav", "--model", "pulse", "--speakers", "2"],
            "finds the number",
        ),
        (["transcribe", "a.wav", "--speakers", "0"], "not a number of speakers"),
        (["transcribe", "a.wav", "--speakers", "13"], "not a number of speakers"),
        (["transcribe", "a.wav", "--speakers", "two"], "not a number of speakers"),
        (["transcribe", "a.wav", "--language", "tlh"], "does not offer the language"),
        (["transcribe", "a.wav", "--format", "pdq"], "unknown format"),
        (["transcribe", "a.wav", "--start", "soon"], "is not a time"),
        (["transcribe", "a.wav", "--start", "5", "--end", "2"], "before --start"),
        (["list", "--sideways"], "unrecognized arguments"),
    ],
)
def test_wrong_usage_is_told_with_status_2(words, says, capsys):
    from app.__main__ import main

    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("question", ["--version", "--help"])
def test_questions_are_answered_without_opening_anything(question, capsys):
    from app.__main__ import main

    with pytest.raises(SystemExit) as ended:
        main([question])
    assert ended.value.code == 0
    assert "ordlight" in capsys.readouterr().out


@pytest.mark.slow
def test_the_doctor_tells_everything_but_the_key(wordlight: Wordlight, service, fake_waves):
    told = wordlight("doctor", **service)

    assert told.returncode == 0, told.stderr.decode()
    report = told.stdout.decode()
    for word in ("Python", "PySide6", "ffmpeg", "Keyring", "tiny.en", "Data", "Logs"):
        assert word in report
    assert fake_waves.key not in report + told.stderr.decode()


@pytest.mark.slow
def test_a_link_is_sent_as_the_address_it_is(
    wordlight: Wordlight, service, fake_waves: FakeWaves, tmp_path: Path
):
    link = "https://example.org/talks//one.mp3?a=b"
    fake_waves.answer = "We meet again."

    done = wordlight(
        "transcribe", link, "--model", "pulse", "--output", tmp_path / "out", **service
    )

    assert done.returncode == 0, done.stderr.decode()
    (file,) = (tmp_path / "out").iterdir()
    assert file.read_text("utf-8").strip() == "We meet again."
    (request,) = fake_waves.transcriptions
    assert link in repr(request)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["on-device", "pulse-pro"])
def test_a_link_for_another_model_says_what_to_do(
    wordlight: Wordlight, service, fake_waves: FakeWaves, model: str
):
    done = wordlight("transcribe", "https://example.org/one.mp3", "--model", model, **service)

    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert "https://example.org/one.mp3" in line
    assert "--model pulse" in line
    assert not fake_waves.requests


@pytest.mark.slow
def test_where_no_words_were_heard_no_file_is_written(
    wordlight: Wordlight, service, fake_waves: FakeWaves, clips: Path, tmp_path: Path
):
    talk = Path(shutil.copy(clips / "lj001-0008.flac", tmp_path / "talk.flac"))
    fake_waves.answer = ""

    done = wordlight("transcribe", talk, "--model", "pulse", "--json", **service)

    assert done.returncode == 1
    assert "No words were heard. Try another" in done.stderr.decode()
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["reason"] for one in events if one["event"] == "failed"] == [
        "No words were heard. Try another language or model."
    ]
    assert not any(one["event"] == "written" for one in events)
    assert not list(tmp_path.glob("*.txt"))


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    "name", ["obs-two-tracks.mkv", "camera-four-mono-tracks.mov", "apac-first.qta"]
)
def test_the_words_on_the_track_that_speaks_are_written(
    wordlight: Wordlight, tmp_path: Path, name: str
):
    recording = Path(__file__).parents[1] / "field" / name

    texts: list[str] = []
    for _ in range(2):
        done = wordlight("transcribe", recording, "--output", "-", "--again")
        assert done.returncode == 0, done.stderr.decode()
        texts.append(done.stdout.decode())

        assert "using track 2" in done.stderr.decode()
    assert len(texts[0].split()) > 10
    assert texts[0] == texts[1]


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_voices_that_could_not_be_told_apart_are_when_it_is_run_again(
    wordlight: Wordlight, service, fake_waves: FakeWaves, clips: Path, tmp_path: Path
):
    fake_waves.answer = " ".join(f"word{number}" for number in range(150))
    talk = Path(shutil.copy(clips / "two-readers-alternating.flac", tmp_path / "talk.flac"))
    in_the_way = tmp_path / "home" / "cache" / "voices"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("no folder")
    wish = ("transcribe", talk, "--model", "pulse-pro", "--diarize", "--format", "txt")

    first = wordlight(*wish, "--output", tmp_path / "one", **service)
    in_the_way.unlink()
    second = wordlight(*wish, "--output", tmp_path / "two", **service)

    # The words are there at once, and the reason is said; a second run does what is missing.
    assert first.returncode == 0, first.stderr.decode()
    words = (tmp_path / "one" / "talk.txt").read_text("utf-8")
    assert "word149" in words
    assert "Speaker" not in words
    assert "talk.flac" in first.stderr.decode()
    assert second.returncode == 0, second.stderr.decode()
    named = (tmp_path / "two" / "talk.txt").read_text("utf-8")
    assert "Speaker 1" in named
    assert "Speaker 2" in named
    assert second.stderr.decode().count("again") == 0
    assert len(fake_waves.transcriptions) == 1


@pytest.mark.slow
def test_nothing_is_sent_to_an_address_that_nobody_has_allowed(
    wordlight: Wordlight, clips: Path, tmp_path: Path
):
    talk = Path(shutil.copy(clips / "lj001-0008.flac", tmp_path))
    away = {"WORDLIGHT_BASE_URL": "https://speech.invalid", "SMALLEST_API_KEY": "sk_nobody"}

    done = wordlight("transcribe", talk, "--model", "pulse", "--output", "-", **away)

    assert done.returncode == 1
    told = done.stderr.decode()
    assert "which you have not allowed yet. Add --send-sound" in told
    assert "On hold: audio may not be sent to speech.invalid." in told

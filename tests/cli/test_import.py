"""``wordlight import``: files of other programs, from the terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Result, Wordlight

FIELD = Path(__file__).parents[1] / "field" / "transcripts"
SRT = "1\n00:00:00,500 --> 00:00:02,000\n{}\n"
VTT = "WEBVTT\n\n00:00.500 --> 00:02.000\n<v Anna>Good evening, everybody\n"


def events(done: Result) -> list[dict[str, str]]:
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def words_of(wordlight: Wordlight, wanted: str) -> str:
    done = wordlight("export", wanted, "--format", "txt", "--output", "-")
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8")


def test_files_of_several_programs_come_in_at_once_and_can_be_read(
    wordlight: Wordlight, tmp_path: Path
) -> None:
    (tmp_path / "talk.srt").write_text(SRT.format("Good morning"), "utf-8")
    (tmp_path / "evening.vtt").write_text(VTT, "utf-8")
    field = ("whisperx.srt", "zoom.vtt", "deepgram.json", "aws.json")
    files = [tmp_path / "talk.srt", tmp_path / "evening.vtt", *(FIELD / one for one in field)]
    done = wordlight("import", *files, "--json")
    assert done.returncode == 0, done.stderr
    told = events(done)
    assert [one["event"] for one in told] == ["imported"] * len(files)
    assert [one["file"] for one in told] == [str(one) for one in files]
    assert [one["name"] for one in told] == [one.stem for one in files]
    listed = events(wordlight("list", "--json"))
    assert {one["id"] for one in listed} == {one["id"] for one in told}
    assert all(int(one["words"]) > 0 for one in listed)
    assert "Good morning" in words_of(wordlight, told[0]["id"])
    evening = words_of(wordlight, "evening")
    assert "Anna" in evening
    assert "Good evening, everybody" in evening


def test_a_run_that_was_broken_off_goes_on_and_takes_no_file_twice(
    wordlight: Wordlight, tmp_path: Path
) -> None:
    (tmp_path / "one.srt").write_text(SRT.format("Good morning"), "utf-8")
    (tmp_path / "two.srt").write_text(SRT.format("Good morning"), "utf-8")
    (first,) = events(wordlight("import", "one.srt", "--json"))
    packed = wordlight("export", first["id"], "--format", "wordlight", "--output", "packed")
    assert packed.returncode == 0, packed.stderr
    wordlight("import", "packed/one.wordlight")
    again = wordlight("import", "one.srt", "two.srt", "packed/one.wordlight", "--json")
    assert again.returncode == 0, again.stderr
    assert [one["event"] for one in events(again)] == ["known", "imported", "known"]
    assert events(again)[0]["id"] == first["id"]
    assert "--again" in events(again)[0]["remark"]
    assert len(events(wordlight("list", "--json"))) == 3
    (tmp_path / "one.srt").write_text(SRT.format("Good evening"), "utf-8")
    (other,) = events(wordlight("import", "one.srt", "--json"))
    (wanted,) = events(wordlight("import", "one.srt", "--again", "--json"))
    assert {other["event"], wanted["event"]} == {"imported"}
    assert len(events(wordlight("list", "--json"))) == 5


def test_a_bad_file_is_said_and_the_others_come_in(
    wordlight: Wordlight, tmp_path: Path
) -> None:
    (tmp_path / "good.srt").write_text(SRT.format("Good morning"), "utf-8")
    (tmp_path / "torn.json").write_text('{"segments": [', "utf-8")
    (tmp_path / "empty.srt").write_bytes(b"")
    (tmp_path / "torn.wordlight").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    bad = ["torn.json", "empty.srt", "torn.wordlight", "picture.png", "gone.srt"]
    done = wordlight("import", *bad, "good.srt")
    assert done.returncode == 1
    told = done.stderr.decode("utf-8").splitlines()
    assert "Traceback" not in done.stderr.decode("utf-8")
    for name in bad:
        (line,) = [one for one in told if one.startswith(f"wordlight: {name}: ")]
        assert line.endswith("."), line
    assert any(one.endswith("  good") for one in told)
    assert [one["name"] for one in events(wordlight("list", "--json"))] == ["good"]


def test_how_characters_became_bytes_is_guessed_said_and_can_be_told(
    wordlight: Wordlight, tmp_path: Path
) -> None:
    (tmp_path / "old.srt").write_bytes(SRT.format("Grüße aus Köln").encode("cp1252"))
    done = wordlight("import", "old.srt")
    assert done.returncode == 0, done.stderr
    said = done.stderr.decode("utf-8")
    assert "“Grüße aus Köln”; if that is wrong, choose another with --encoding" in said
    assert "Grüße aus Köln" in words_of(wordlight, "old")

    (tmp_path / "moscow.srt").write_bytes(SRT.format("Привет").encode("cp1251"))
    done = wordlight("import", "moscow.srt", "--encoding", "cp1251", "--json")
    assert [one["encoding"] for one in events(done)] == ["cp1251"]
    assert done.stderr == b""
    assert "Привет" in words_of(wordlight, "moscow")

    refused = wordlight("import", "moscow.srt", "--encoding", "rot13")
    assert refused.returncode == 2
    assert b"--encoding" in refused.stderr


def test_what_times_count_is_asked_and_can_be_told(
    wordlight: Wordlight, tmp_path: Path
) -> None:
    slow = [
        {"start": place * 900, "end": place * 900 + 800, "text": "Yes, and then nothing."}
        for place in range(9)
    ]
    (tmp_path / "slow.json").write_text(json.dumps(slow), "utf-8")
    done = wordlight("import", "slow.json", "--json")
    assert done.returncode == 1
    (failed,) = events(done)
    assert failed["event"] == "failed"
    assert "Use --times-in: " in failed["reason"]
    done = wordlight("import", "slow.json", "--times-in", "milliseconds", "--json")
    assert done.returncode == 0, done.stderr
    (listed,) = events(wordlight("list", "--json"))
    assert int(listed["duration_ms"]) == 8_000


@pytest.mark.parametrize("is_by_name", [True, False])
def test_two_of_one_name_are_two_and_each_is_found_by_its_id(
    wordlight: Wordlight, tmp_path: Path, clips: Path, is_by_name: bool
) -> None:
    for folder, text in (("first", "Good morning"), ("second", "Good evening")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "talk.srt").write_text(SRT.format(text), "utf-8")
    shutil.copyfile(clips / "lj001-0002.flac", tmp_path / "second" / "talk.flac")
    done = wordlight("import", "first/talk.srt", "second/talk.srt", "--json")
    first, second = events(done)
    assert first["name"] == second["name"] == "talk"
    if is_by_name:
        refused = wordlight("export", "talk", "--format", "txt", "--output", "-")
        assert refused.returncode == 1
        said = refused.stderr.decode("utf-8")
        assert "several match; use the id" in said
        assert first["id"][:8] in said
        assert second["id"][:8] in said
        return
    assert "Good morning" in words_of(wordlight, first["id"][:12])
    assert "Good evening" in words_of(wordlight, second["id"])
    sources = {one["id"]: one["source"] for one in events(wordlight("list", "--json"))}
    assert sources[second["id"]] == str(tmp_path / "second" / "talk.flac")

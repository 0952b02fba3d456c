"""Words in a terminal: a line for each utterance, or as signs that are spoken say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap.services import Storage
from app.capture.journal import TakeFolder, wav_header
from app.cli.live_words import TerminalWords, own_names
from app.core.live import Settled
from app.core.preferences import ListedWord
from app.core.take import Source, SourceKind
from app.jobs.taking import TakeNow, Taking
from app.store.paths import AppPaths
from tests.jobs.test_live_session import FakeRecogniser
from tests.support.speech import words

SAID = (
    "Dear Anna comma new line",
    "thank you comma",
    "goodbye full stop new paragraph",
    "P.S.",
)


class Teller:
    def say_trouble(self, what: object) -> None:
        pytest.fail(str(what))

    def close(self) -> None:
        """Nothing is drawn."""


class Ears:
    def __init__(self) -> None:
        self.one = FakeRecogniser()

    def channel(self) -> Any:
        return self.one


async def print_all(
    folder: Path, *, wordless: tuple[tuple[int, int], ...] = (), **how: bool
) -> None:
    async def nothing(_kept: object) -> None:
        pass

    taking = Taking(folder, lambda: folder, nothing)
    taking.now = TakeNow("1-a", (Source(SourceKind.MICROPHONE),))
    take = TakeFolder(folder / "1-a")
    take.path.mkdir()
    (take.path / "part-1.wav").write_bytes(wav_header(1) + bytes(96_000))
    ears = Ears()
    printing = TerminalWords(taking, ears, Teller(), **how)
    printing.start()
    for place, text in enumerate(SAID):
        spoken = words(text, place * 4_000)
        ears.one.told.put_nowait(Settled(spoken, spoken[-1].end_ms, "en"))
    if wordless:
        ears.one.told.put_nowait(Settled((), 20_000, "en", wordless))
    await printing.finish()


async def test_each_utterance_is_a_line_and_nothing_is_made_of_signs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await print_all(tmp_path)
    assert capsys.readouterr().out == "".join(f"{one}\n" for one in SAID)


async def test_signs_that_are_spoken_are_written_and_say_where_a_line_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await print_all(tmp_path, has_signs=True)
    assert capsys.readouterr().out == "Dear Anna,\nThank you, goodbye.\n\nP.S.\n"


async def test_they_stand_in_events_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await print_all(tmp_path, has_signs=True, in_json=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["text"] for one in told] == [
        "Dear Anna,\n",
        "Thank you,",
        "goodbye.\n\n",
        "P.S.",
    ]


async def test_speech_without_words_is_an_event_and_no_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "events").mkdir()
    await print_all(tmp_path / "events", wordless=((17_000, 19_500),), in_json=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[-1] == {
        "event": "speech_without_words",
        "start_ms": 17_000,
        "end_ms": 19_500,
    }
    await print_all(tmp_path, wordless=((17_000, 19_500),))
    assert capsys.readouterr().out == "".join(f"{one}\n" for one in SAID)


def test_the_persons_own_words_are_listened_for_in_a_terminal_too(tmp_path: Path) -> None:
    paths = AppPaths.below(tmp_path)
    assert own_names(paths) == ()
    storage = Storage.open(paths)
    try:
        listed = (ListedWord("Thornton", ()), ListedWord("Hale", ("hail",)))
        storage.settings.change(word_list=listed)
        assert own_names(paths) == ("Thornton", "Hale")  # beside a window, too
    finally:
        storage.close()
    paths.database.unlink()
    paths.database.mkdir()  # it cannot be opened, and dictating goes on all the same
    assert own_names(paths) == ()

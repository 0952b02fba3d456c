"""Paragraphs begin and end where a person or the rules say; the words stay as they are."""

from __future__ import annotations

from app.core.options import TranscriptionOptions
from app.core.transcript import Paragraph, Speaker, SpeakerId, Transcript, Word
from app.store.audio_links import AudioLink
from app.ui.actions import ActionId
from app.ui.stage import Page
from app.ui.transcript.paragraphs import CutSheet
from tests.flow.conftest import Opened, OpenProgram
from tests.support.waiting import until

ANNA, BO = SpeakerId("a"), SpeakerId("b")


def spoken(text: str, who: SpeakerId, start_ms: int, **marks: object) -> Paragraph:
    words = tuple(
        Word(one, start_ms + 300 * at, start_ms + 300 * at + 250)
        for at, one in enumerate(text.split())
    )
    return Paragraph(words, who, start_ms, words[-1].end_ms, **marks)  # type: ignore[arg-type]


TALK = Transcript(
    (
        spoken("One two. Three four.", ANNA, 0),
        spoken("Five six.", ANNA, 9_000),
        spoken("Seven.", BO, 12_000),
        spoken("Eight.", BO, 20_000, is_approved=True),
        spoken("Nine ten.", BO, 30_000),
    ),
    (Speaker(ANNA, "Anna"), Speaker(BO, "Bo")),
    duration_ms=40_000,
)


async def read(opened: Opened) -> None:
    one = opened.storage.library.add(
        TALK,
        name="Talk",
        options=TranscriptionOptions(),
        link=AudioLink("/nowhere/talk.wav", size_bytes=5),
        now_ms=1,
    )
    opened.program.rooms.library.open(one)
    await until(lambda: opened.transcript == TALK)
    await until(lambda: opened.window.page is Page.TRANSCRIPT)


def texts(opened: Opened) -> list[str]:
    return [one.text for one in opened.transcript.paragraphs]


def put_caret(opened: Opened, before: str) -> None:
    cursor = opened.view.text.textCursor()
    cursor.setPosition(opened.view.text.toPlainText().index(before))
    opened.view.text.setTextCursor(cursor)


def do(opened: Opened, action_id: ActionId) -> None:
    opened.program.front.actions[action_id].trigger()


def test_paragraphs_are_split_and_joined_through_the_menu(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await read(opened)
            put_caret(opened, "Three")
            do(opened, ActionId.SPLIT)
            assert texts(opened)[:2] == ["One two.", "Three four."]
            do(opened, ActionId.JOIN_AFTER)
            assert texts(opened)[:2] == ["One two.", "Three four. Five six."]
            do(opened, ActionId.JOIN_BEFORE)
            assert texts(opened)[0] == "One two. Three four. Five six."
            assert list(opened.transcript.words()) == list(TALK.words())
            for _ in range(3):
                do(opened, ActionId.UNDO)
            assert opened.transcript == TALK

    run_async(flow())


def test_rules_are_applied_again_to_all_or_to_what_is_selected(
    open_program: OpenProgram, run_async
) -> None:
    async def flow() -> None:
        async with open_program() as opened:
            await read(opened)
            do(opened, ActionId.CUT_ANEW)
            (sheet,) = opened.window.findChildren(CutSheet)
            assert sheet.only_selected.is_refused
            sheet.by_pause.setChecked(False)
            sheet.by_length.setChecked(False)
            sheet.cut_button.click()
            joined = ["One two. Three four. Five six.", "Seven.", "Eight.", "Nine ten."]
            await until(lambda: texts(opened) == joined)
            assert list(opened.transcript.words()) == list(TALK.words())
            assert opened.transcript.paragraphs[2] == TALK.paragraphs[3]
            assert opened.view.text.toPlainText() == "\n".join(joined)
            do(opened, ActionId.UNDO)
            assert opened.transcript == TALK

            put_caret(opened, "Seven")
            opened.view.text.select_word(6)
            do(opened, ActionId.CUT_ANEW)
            sheet = opened.window.findChildren(CutSheet)[-1]
            assert sheet.only_selected.isChecked()
            sheet.by_pause.setChecked(False)
            sheet.cut_button.click()
            await until(lambda: "already like this" in opened.window.notice.text)
            assert opened.transcript == TALK

    run_async(flow())

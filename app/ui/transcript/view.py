"""The transcript: read, listened to, searched and put right.

The view follows a ``Document`` and changes nothing in it; every wish goes out as a
``…_requested`` signal, and the text changes when the document says so.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.document import Change, Document
from app.core.doubt import doubtful_words
from app.core.marks import NOTHING, Found, Marks, TimesChange
from app.core.transcript import MarkerKind, SpeakerId, Transcript, Word, join_words
from app.player.transport import INSIDE_MS
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.inline_edit import InlineEdit
from app.ui.kit.key_splitter import KeySplitter
from app.ui.kit.margins import margins
from app.ui.kit.tall import Tall
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_16, TEXT_BASE
from app.ui.transcript.find_bar import FindBar
from app.ui.transcript.finding import Finder, followed
from app.ui.transcript.pacing import PagePace
from app.ui.transcript.text import TranscriptText
from app.ui.transcript.way_back import WayBack
from app.ui.wording import clock

_BESIDE_FROM = 640
"""Narrower than this, a pane stands under the page."""


class TranscriptView(Tall):
    """Show a transcript that can be heard, searched and written in.

    Attributes:
        does_click_seek: Whether a click on a word brings the sound there.

    Signals:
        seek_requested: Go here, in milliseconds: a word was clicked.
        play_requested: Play from here: with the key for it, or a click with Ctrl.
        rename_requested: Speaker id and new name.
        speaker_requested: Paragraph whose name was clicked: who speaks it is to be asked.
        assign_requested: Paragraph, and the id of the speaker who says it.
        approve_requested: Paragraph, and whether it is approved.
        highlight_requested: Paragraph, and whether it is highlighted.
        note_requested: Paragraph, and the note.
        marker_requested: Something is to be put on words: its ``MarkerKind``, the places of
            the words in reading order as a range, and what was written.
        typed: A range of the text reads otherwise; see ``TranscriptText``.
        typing_moved: What is typed next is another matter.
        about_to_type: A key is about to write something.
        typing_began: A field opened over the page; playback may want to hold.
        typing_ended: It is gone.
        following_changed: Whether the page follows the spoken word.
        hits_changed: When in the recording hits of a search came and went; a
            ``TimesChange``.
        low_confidence_changed: The same of uncertain words; none are there while they are not
            marked.
        wordless_changed: Where in the recording speech has no words: spans in milliseconds.
        edit_refused: Somebody would change a transcript that is only shown.
    """

    seek_requested = Signal(int)
    play_requested = Signal(int)
    rename_requested = Signal(str, str)
    speaker_requested = Signal(int)
    assign_requested = Signal(int, str)
    approve_requested = Signal(int, bool)
    highlight_requested = Signal(int, bool)
    note_requested = Signal(int, str)
    marker_requested = Signal(object, object, str)
    typed = Signal(object)
    typing_moved = Signal()
    about_to_type = Signal()
    typing_began = Signal()
    typing_ended = Signal()
    following_changed = Signal(bool)
    hits_changed = Signal(object)
    low_confidence_changed = Signal(object)
    wordless_changed = Signal(object)
    edit_refused = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.does_click_seek = True
        self._document = Document(Transcript(()))
        self._unsubscribe: Callable[[], None] = lambda: None
        self._is_following = True
        self._is_playing = False
        self._threshold: float | None = None
        self._low_confidence = Marks()
        self._on_accepted: Callable[[str], None] = lambda _text: None
        self._text = TranscriptText(appearance)
        self._text.setAccessibleName(self.tr("Transcript"))
        self._pace = PagePace(self, lambda: self._text.is_taking)
        self._find_bar = FindBar(appearance)
        self._finder = Finder(
            appearance, self._text, self._find_bar, lambda: self._document.transcript
        )
        self._back = WayBack(self.tr("Back to the word being spoken"), self._text, self)
        self._editor = InlineEdit(self._text)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        find_row = QHBoxLayout()
        find_row.setContentsMargins(margins(0, 0, SPACE_16, 0))
        find_row.addStretch(1)
        find_row.addWidget(self._find_bar, 6)
        column.addLayout(find_row)
        self._above = QVBoxLayout()
        column.addLayout(self._above)
        self._beside = KeySplitter(self.tr("Width of the pane beside the text"))
        self._beside.setChildrenCollapsible(False)
        self._beside.addWidget(self._text)
        self._beside.setStretchFactor(0, 1)
        column.addWidget(self._beside, 1)
        self.setFocusProxy(self._text)
        self._back.clicked.connect(self.follow)
        self._text.typed.connect(self.typed)
        self._text.typing_moved.connect(self.typing_moved)
        self._text.word_clicked.connect(self._on_word_clicked)
        self._text.word_meant.connect(self._on_word_meant)
        self._text.about_to_type.connect(self.about_to_type)
        self._text.writing_refused.connect(self.edit_refused)
        self._text.name_clicked.connect(self.speaker_requested)
        self._text.reader_moved.connect(self._on_reader_moved)
        self._text.verticalScrollBar().valueChanged.connect(self._place_back_button)
        self._editor.accepted.connect(self._on_editor_accepted)
        self._editor.closed.connect(self.typing_ended)
        self._finder.hits_changed.connect(self.hits_changed)
        self._finder.reached.connect(self._on_reader_moved)
        self._find_bar.closed.connect(self._on_find_closed)

    # What is shown

    @property
    def text(self) -> TranscriptText:
        """The page itself: the widget with the accessible text."""
        return self._text

    @property
    def document(self) -> Document:
        """What is shown."""
        return self._document

    def show_document(self, document: Document, *, is_writable: bool = True) -> None:
        """Show another transcript and follow its changes.

        What is being typed goes to the transcript it is about.

        Args:
            document: What is shown.
            is_writable: Whether it may be changed; else it is only read and heard.
        """
        self.finish_typing()
        self._document.finish()
        self._document.pace = None
        self._unsubscribe()
        self._document = document
        document.pace = self._pace
        self._unsubscribe = document.subscribe(self._on_document_changed)
        self._text.show_transcript(document.transcript)
        self._set_following(following=True)
        self.set_writable(writable=is_writable)
        self._finder.look()
        self._look_for_low_confidence()
        self.wordless_changed.emit(self._text.wordless_spans())

    def set_writable(self, *, writable: bool) -> None:
        """Let what is shown be changed from now on, or only be read and heard."""
        self._text.set_writable(writable=writable)

    def add_over(self, widget: QWidget) -> None:
        """Put something over the text, as wide as the page."""
        self._column.insertWidget(0, widget)

    def add_under(self, widget: QWidget) -> None:
        """Put something under the text, as wide as the page."""
        self._column.addWidget(widget)

    def show_nothing(self) -> None:
        """Let go of the transcript."""
        self.show_document(Document(Transcript(())), is_writable=False)

    def place_above(self, widget: QWidget) -> None:
        """Put a bar over the page, below those that are there."""
        self._above.addWidget(widget)

    def place_beside(self, widget: QWidget) -> None:
        """Put a pane beside the page; where there is no room for both, under it."""
        self._beside.addWidget(widget)

    def set_menu(self, menu: QMenu) -> None:
        """Open this menu wherever the page is asked for one."""
        self._text.menu_requested.connect(menu.popup)

    def set_times_shown(self, shown: bool) -> None:  # noqa: FBT001 – a plain setter
        """Show or hide the time of each paragraph."""
        self._text.set_times_shown(shown)

    def set_confidence_threshold(self, threshold: float | None) -> None:
        """Underline words the recogniser was less sure of than this; ``None`` for none."""
        if threshold != self._threshold:
            self._threshold = threshold
            self._text.set_confidence_threshold(threshold)
            self._look_for_low_confidence()

    # Following the sound

    @property
    def is_following(self) -> bool:
        """Whether the page goes with the sound."""
        return self._is_following

    def show_spoken(self, word: int | None) -> None:
        """Light the word that is spoken, by its place in reading order."""
        self._text.set_spoken(word)
        if word is not None and self._is_following and self._is_playing:
            self._text.bring_into_band(word)

    def show_playing(self, playing: bool) -> None:  # noqa: FBT001 – a plain setter
        """Tell whether sound runs; the page only goes along while it does."""
        self._is_playing = playing
        self._place_back_button()

    def follow(self) -> None:
        """Go back to the word that is spoken, and go with it from there."""
        self._set_following(following=True)
        if self._text.spoken is not None:
            self._text.bring_into_band(self._text.spoken)

    def scroll_place(self) -> int:
        """Give the word at the top of the page, to come back to it later."""
        paragraph = self._text.firstVisibleBlock().blockNumber()
        return self._text.places.words_of(paragraph).start

    def scroll_to(self, word: int) -> None:
        """Bring a word to the comfortable part of the page."""
        if 0 <= word < len(self._text.places):
            self._text.bring_into_band(word, always=True)

    def select_word(self, word: int) -> None:
        """Bring a word before the reader, selected, with the caret and the focus there."""
        if 0 <= word < len(self._text.places):
            self._text.bring_into_band(word, always=True)
            self._text.select_word(word)
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def select_spoken(self, word: int) -> None:
        """Select a word to write over it, and stay with it whatever the sound does."""
        self._set_following(following=False)
        self._text.select_word(word)
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_step(self, change: Change | None) -> None:
        """Bring before the reader what was just taken back or done again, if anything."""
        if change is not None:
            self._document.afterwards(lambda: self._text.show_step(change))

    def put_caret(self, word: int) -> None:
        """Put the caret before a word, with the focus there."""
        self._text.put_caret(word)
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    # Finding

    @property
    def find_bar(self) -> FindBar:
        """What asks what to find."""
        return self._find_bar

    @property
    def finder(self) -> Finder:
        """What finds it."""
        return self._finder

    def open_find(self) -> None:
        """Ask what to look for."""
        self._finder.open()

    def show_words(self, words: range) -> None:
        """Bring words before the reader, selected; the focus stays where it is."""
        if words and words.stop <= len(self._text.places):
            self._set_following(following=False)
            self._text.select_words(words)

    @property
    def low_confidence(self) -> Marks:
        """The words it was not sure of."""
        return self._low_confidence

    def step_low_confidence(self, places: int) -> bool:
        """Select the next uncertain word, or the one before, round the end.

        Args:
            places: 1 for the next, -1 for the one before.

        Returns:
            Whether there is any.
        """
        if not self._low_confidence:
            return False
        caret = self._text.caret_word()
        at = 0
        if caret is not None:
            paragraph = self._text.places.paragraph_of(caret)
            word = caret - self._text.places.words_of(paragraph).start
            if places > 0 and self._text.textCursor().hasSelection():
                word += 1
            at = self._low_confidence.first_from(paragraph, word)
        if places < 0:
            at -= 1
        self._set_following(following=False)
        paragraph, word = self._low_confidence.at(at % len(self._low_confidence))
        self._text.select_word(self._text.places.words_of(paragraph).start + word)
        return True

    # Where the reader is

    def caret_speaker(self) -> SpeakerId | None:
        """Give who speaks at the caret."""
        paragraph = self._text.caret_paragraph()
        return (
            None
            if paragraph is None
            else self._document.transcript.paragraphs[paragraph].speaker_id
        )

    def caret_times(self) -> tuple[int, int] | None:
        """Give start and end of the word at the caret, in milliseconds, if there is one."""
        place = self._text.caret_word()
        if place is None:
            return None
        word = self._word(place)
        return word.start_ms, max(word.start_ms, word.end_ms)

    def selected_paragraphs(self) -> range | None:
        """Give the numbers of the paragraphs that are selected, if anything is."""
        cursor = self._text.textCursor()
        if not cursor.hasSelection():
            return None
        document = self._text.document()
        first = document.findBlock(cursor.selectionStart()).blockNumber()
        return range(first, document.findBlock(cursor.selectionEnd()).blockNumber() + 1)

    def selected_range(self) -> range:
        """Give the words that are selected, in however many paragraphs; none without any."""
        cursor = self._text.textCursor()
        if not cursor.hasSelection():
            return range(0)
        document, places = self._text.document(), self._text.places
        first, last = (
            document.findBlock(cursor.selectionStart()),
            document.findBlock(cursor.selectionEnd()),
        )
        if first == last:
            origin = first.position()
            return places.words_between(
                first.blockNumber(),
                cursor.selectionStart() - origin,
                cursor.selectionEnd() - origin,
            )
        begin = places.words_between(
            first.blockNumber(), cursor.selectionStart() - first.position(), first.length()
        )
        finish = places.words_between(
            last.blockNumber(), 0, cursor.selectionEnd() - last.position()
        )
        start = begin.start if begin else places.words_of(first.blockNumber()).stop
        stop = finish.stop if finish else places.words_of(last.blockNumber()).start
        return range(start, max(start, stop))

    def selected_times(self) -> tuple[int, int] | None:
        """Give start and end of what is selected, in milliseconds, if anything is."""
        cursor = self._text.textCursor()
        if not cursor.hasSelection():
            return None
        times: list[tuple[int, int]] = []
        block = self._text.document().findBlock(cursor.selectionStart())
        while block.isValid() and block.position() < cursor.selectionEnd():
            number, origin = block.blockNumber(), block.position()
            first = self._text.places.words_of(number).start
            for word in self._text.places.words_between(
                number, cursor.selectionStart() - origin, cursor.selectionEnd() - origin
            ):
                one = self._document.transcript.paragraphs[number].words[word - first]
                times.append((one.start_ms, max(one.start_ms, one.end_ms)))
            block = block.next()
        if not times:
            return None
        return min(start for start, _ in times), max(end for _, end in times)

    def say_spoken(self) -> None:
        """Let assistive technology say the word that is spoken, and who speaks."""
        word = self._text.spoken
        if word is None:
            return
        places = self._text.places
        paragraph = places.paragraph_of(word)
        text = self._word(word).text
        label = self._text.label_of(paragraph)
        announce(self._text, f"{label}: {text}" if label else text)

    def play_here(self) -> None:
        """Ask to play from the word at the caret."""
        word = self._text.caret_word()
        if word is not None:
            self._set_following(following=True)
            self.play_requested.emit(self._start_of(word))

    # Putting right

    def rename_speaker(self) -> None:
        """Edit the name of who speaks at the caret."""
        paragraph = self._text.caret_paragraph()
        if paragraph is not None:
            self.rename_speaker_of(paragraph)

    def rename_speaker_of(self, paragraph: int) -> None:
        """Edit the name of who speaks a paragraph."""
        if not self._may_change():
            return
        speaker_id = self._document.transcript.paragraphs[paragraph].speaker_id
        if speaker_id is None:
            return
        place = paragraph
        while place and self._text.name_rect(place).isEmpty():
            place -= 1  # the name stands above the first paragraph of the turn

        def ask(name: str) -> None:
            self.rename_requested.emit(speaker_id, name)

        over = self._text.name_rect(place)
        looks = self._appearance.font(TEXT_BASE, weight=600), self._text.colour_of(paragraph)
        label = self._text.label_of(paragraph)
        self._edit(label, over, self.tr("Speaker name"), ask, looks=looks)

    def edit_word(self, word: int, ask: Callable[[str], None]) -> None:
        """Let a word be written anew in a field over it; ``ask`` gets what was written."""
        if not self._may_change():
            return
        words = range(word, word + 1)
        self._edit(self._word(word).text, self._rect_of(words), self.tr("Correct"), ask)

    def note(self) -> None:
        """Write a note on what is selected, else on the paragraph of the caret."""
        paragraph = self._text.caret_paragraph()
        if paragraph is None or not self._may_change():
            return
        if selected := self.selected_range():
            self._note_on(selected)
            return
        words = self._text.places.words_of(paragraph)
        self._rect_of(words[:1])  # brings it into view
        over = self._text.paragraph_rect(paragraph)
        if words and over.bottom() + HIT_SIZE + SPACE_4 > self._text.viewport().height():
            self._text.bring_into_band(words.start, always=True)  # room for the note below
            over = self._text.paragraph_rect(paragraph)

        def ask(text: str) -> None:
            self.note_requested.emit(paragraph, text)

        before = self._document.transcript.paragraphs[paragraph].note
        self._edit(before, over, self.tr("Note"), ask, is_below=True)

    def bookmark(self) -> None:
        """Put a bookmark on what is selected, else on the word of the caret."""
        words = self.selected_range()
        word = self._text.caret_word()
        if not words and word is not None:
            words = range(word, word + 1)
        if words and self._may_change():
            self.marker_requested.emit(MarkerKind.BOOKMARK, words, "")

    def _note_on(self, words: range) -> None:
        def ask(text: str) -> None:
            if text.strip():
                self.marker_requested.emit(MarkerKind.NOTE, words, text.strip())

        over = self._rect_of(words[:1])
        self._edit("", over, self.tr("Note"), ask, is_below=True)

    def finish_typing(self) -> None:
        """Take what is being typed for finished; nothing if nobody types."""
        self._editor.finish()
        self._text.finish_typing()

    def toggle_approved(self) -> None:
        """Approve the paragraph of the caret, or no longer."""
        paragraph = self._text.caret_paragraph()
        if paragraph is not None and self._may_change():
            is_approved = self._document.transcript.paragraphs[paragraph].is_approved
            self.approve_requested.emit(paragraph, not is_approved)

    def toggle_highlighted(self) -> None:
        """Highlight what is selected, else the paragraph of the caret, or no longer."""
        if not self._may_change():
            return
        if selected := self.selected_range():
            self.marker_requested.emit(MarkerKind.HIGHLIGHT, selected, "")
            return
        paragraph = self._text.caret_paragraph()
        if paragraph is not None:
            is_highlighted = self._document.transcript.paragraphs[paragraph].is_highlighted
            self.highlight_requested.emit(paragraph, not is_highlighted)

    # Copying

    def selected_text(self, *, with_times: bool = False) -> str:
        """Give what is selected; without a selection, everything.

        Args:
            with_times: Whether each paragraph begins with its time and speaker.
        """
        cursor = self._text.textCursor()
        document = self._text.document()
        start, end = 0, document.characterCount()
        if cursor.hasSelection():
            start, end = cursor.selectionStart(), cursor.selectionEnd()
        block, lines = document.findBlock(start), list[str]()
        while block.isValid() and block.position() < end:
            number, origin = block.blockNumber(), block.position()
            if number < len(self._document.transcript.paragraphs):
                lines.append(
                    self._line(number, start - origin, end - origin, with_times=with_times)
                )
            block = block.next()
        return "\n".join(line for line in lines if line)

    def copy(self, *, with_times: bool = False) -> None:
        """Put what is selected on the clipboard; without a selection, everything."""
        QGuiApplication.clipboard().setText(self.selected_text(with_times=with_times))

    # Qt's part

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _BESIDE_FROM
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._beside.orientation() is not wanted:
            self._beside.setOrientation(wanted)
        self._place_back_button()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.play_here()
            case Qt.Key.Key_Escape if not self._find_bar.isHidden():
                self._find_bar.close_bar()
            case _:
                super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        # Esc closes the find bar, even where it plays and pauses.
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and not self._find_bar.isHidden()
        ):
            event.accept()
            return True
        is_done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._place_back_button()  # what stands under the text came or went
        return is_done

    # Inside

    def _may_change(self) -> bool:
        """Tell whether what is shown may be changed; if not, that is told."""
        if self._text.isReadOnly():
            self.edit_refused.emit()
        return not self._text.isReadOnly()

    def speaker_label(self, speaker_id: SpeakerId | None) -> str:
        """Give what a speaker is called on the page."""
        return self._document.transcript.speaker_label(
            speaker_id, self.tr("Speaker {number}"), self.tr("Part {part} · Speaker {number}")
        )

    def _line(self, number: int, start: int, end: int, *, with_times: bool) -> str:
        paragraph = self._document.transcript.paragraphs[number]
        places = self._text.places
        first = places.words_of(number).start
        chosen = places.words_between(number, start, end)
        words = paragraph.words[chosen.start - first : chosen.stop - first]
        if not words:
            return ""
        text = join_words(words)
        if not with_times:
            return text
        label = self.speaker_label(paragraph.speaker_id)
        head = f"[{clock(words[0].start_ms)}] "
        return f"{head}{label}: {text}" if label else head + text

    def _edit(
        self,
        text: str,
        over: QRect,
        name: str,
        ask: Callable[[str], None],
        *,
        is_below: bool = False,
        looks: tuple[QFont, str] | None = None,
    ) -> None:
        self._on_accepted = ask
        viewport = self._text.viewport()
        self.typing_began.emit()
        over = over.translated(viewport.mapTo(self._text, QPoint()))
        font, foreground = looks or (self._text.font(), "")
        self._editor.open(text, over, name, is_below=is_below, font=font, foreground=foreground)

    def _rect_of(self, words: range) -> QRect:
        if not words:
            return self._text.cursorRect()
        if not self._text.is_in_view(words.start):
            self._text.bring_into_band(words.start)
        rect = self._text.word_rects(words.start)[0]
        for word in words[1:]:
            for other in self._text.word_rects(word):
                if other.top() == rect.top():
                    rect = rect.united(other)
        return rect.toAlignedRect()

    def _start_of(self, word: int) -> int:
        """Give the time a hair inside a word, so that the one before is not lit."""
        return max(0, self._word(word).start_ms) + INSIDE_MS

    def _word(self, word: int) -> Word:
        places = self._text.places
        paragraph = places.paragraph_of(word)
        first = places.words_of(paragraph).start
        return self._document.transcript.paragraphs[paragraph].words[word - first]

    def _set_following(self, *, following: bool) -> None:
        if following != self._is_following:
            self._is_following = following
            self.following_changed.emit(self._is_following)
        self._place_back_button()

    def _place_back_button(self) -> None:
        """Show the way back while the page does not go with the sound."""
        self._back.place(is_wanted=self._is_playing and not self._is_following)

    def _look_for_low_confidence(self) -> None:
        count = 0 if self._threshold is None else len(self._document.transcript.paragraphs)
        self._low_confidence = Marks(
            self._find_low_confidence(number) for number in range(count)
        )
        self.low_confidence_changed.emit(TimesChange(self._low_confidence.times_ms()))

    def _find_low_confidence(self, paragraph: int) -> Found:
        threshold = self._threshold or 0.0
        words = self._document.transcript.paragraphs[paragraph].words
        found = doubtful_words(self._document.transcript.paragraphs[paragraph], threshold)
        if not found:
            return NOTHING
        return Found(found, tuple(max(0, words[place].start_ms) for place in found))

    # Slots

    def _on_document_changed(self, change: Change) -> None:
        self._text.follow_change(change, self._document.transcript)
        self._finder.follow_change(change)
        if self._document.transcript.wordless or change.wordless is not None:
            self.wordless_changed.emit(self._text.wordless_spans())
        if self._threshold is not None:
            self.low_confidence_changed.emit(
                followed(self._low_confidence, change, self._find_low_confidence)
            )

    def _on_word_meant(self, word: int) -> None:
        self._set_following(following=True)
        self.play_requested.emit(self._start_of(word))

    def _on_word_clicked(self, word: int) -> None:
        if not self.does_click_seek:
            return
        self._set_following(following=True)
        self.seek_requested.emit(self._start_of(word))

    def _on_reader_moved(self) -> None:
        self._set_following(following=False)

    def _on_editor_accepted(self, text: str) -> None:
        self._on_accepted(text)

    def _on_find_closed(self) -> None:
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

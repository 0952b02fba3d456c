"""Going through doubtful words and speakers: play each, take an answer, go on."""

from __future__ import annotations

import asyncio
from functools import partial

from PySide6.QtCore import QTimer, Signal
from typing_extensions import override

from app.core import doubt
from app.core.document import Change
from app.core.edits import correct_words
from app.core.finding import Query
from app.core.replacing import find_all, replace_hits
from app.core.transcript import Paragraph, Transcript, Word, join_words
from app.core.walking import Walk
from app.core.wordless import (
    WordlessPlaces,
    agree_to_no_words,
    span_beside,
    wordless_places,
    wordless_words,
)
from app.player.session import PlaySession
from app.ui.stage import Stage
from app.ui.tasks import Tasks
from app.ui.transcript.review_wording import tell_wordless
from app.ui.transcript.served import Served
from app.ui.transcript.view import TranscriptView
from app.ui.transcript.walk_bar import Answer, WalkBar, WalkKind
from app.ui.translate import counted
from app.ui.wording import number

_BEFORE_MS, _BEHIND_MS = 1_500, 1_000
"""So much is heard around what is in doubt."""
_COUNT_AFTER_MS = 1_000
_SETTLE_MS = 80


class WalkController(Served):
    """Leads through what is in doubt of the transcript on the page.

    Signals:
        counted: How many words, and how many passages of a speaker, are in doubt; ``None``
            for words where the recogniser said of none how sure it is.
    """

    counted = Signal(object, int)

    def __init__(
        self,
        *,
        stage: Stage,
        bar: WalkBar,
        view: TranscriptView,
        session: PlaySession,
        tasks: Tasks,
    ) -> None:
        super().__init__(_COUNT_AFTER_MS)
        self._stage = stage
        self._bar = bar
        self._view = view
        self._session = session
        self._tasks = tasks
        self._walk: Walk | None = None
        self._finder = _Finder(WalkKind.WORDS, 0.0, {})
        self._confidences = doubt.Confidences(Transcript(()))
        self._marked: float | None = None  # threshold of the marks, if a person wants them
        self._wants_marks = False
        self._is_fixing = False
        self._pending = 0.0
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLE_MS)
        self._settled.timeout.connect(self._on_settled)
        bar.answered.connect(self._on_answered)
        bar.given.connect(self._on_given)
        bar.threshold_changed.connect(self._on_threshold_moved)
        view.typing_ended.connect(self._on_typing_ended)

    @property
    def threshold(self) -> float | None:
        """Below what a word of this transcript is in doubt; ``None`` if nothing is known."""
        if self._opened is not None and self._opened.place.doubt_below is not None:
            return self._opened.place.doubt_below
        return self._confidences.starting_threshold()

    def mark(self, *, wanted: bool) -> None:
        """Show doubtful words in the text, also while nobody walks."""
        self._wants_marks = wanted
        self._show_marks()

    def start(self, kind: WalkKind) -> None:
        """Begin to go through what is in doubt, from the caret on."""
        if self._opened is None:
            return
        self._tasks.start(self._start(kind), "walk through doubts", replace=True)

    def end(self) -> None:
        """Go through it no more."""
        if self._walk is not None:
            if self._settled.isActive() and self._opened is not None:
                self._settled.stop()
                self._opened.set_doubt_below(self._pending)
            self._walk = None
            self._is_fixing = False
            self._bar.hide()
            self._show_marks()
            self._view.setFocus()

    @override
    def begin(self) -> None:
        self._settled.stop()
        self.end()
        self._confidences = doubt.Confidences(Transcript(()))
        self.counted.emit(None, 0)
        self.look()

    @override
    def follow_change(self, change: Change) -> None:
        super().follow_change(change)
        if self._walk is None:
            return
        self._finder.wordless = wordless_places(self.transcript)
        self._walk.follow(change, self.transcript)
        if change.are_speakers_changed:
            self._bar.offer(self._speaker_names())
        self._show_place()

    # -- counting --------------------------------------------------------------

    @override
    def look(self) -> None:
        if self._opened is not None:
            self._tasks.start(self._count(), "count doubtful words", replace=True)

    async def _count(self) -> None:
        """Count off the thread that paints: a hundred thousand are sorted."""
        opened, transcript = self._opened, self.transcript
        confidences = await asyncio.to_thread(doubt.Confidences, transcript)
        passages = await asyncio.to_thread(_count_passages, transcript)
        if opened is not self._opened:
            return
        self._confidences = confidences
        threshold = self.threshold
        count = None if threshold is None else confidences.count_below(threshold)
        wordless = len(wordless_places(transcript))
        if wordless:
            count = (count or 0) + wordless
        self.counted.emit(count, passages)
        if self._walk is None:
            self._show_marks()

    # -- walking ---------------------------------------------------------------

    async def _start(self, kind: WalkKind) -> None:
        opened, transcript = self._opened, self.transcript
        confidences = await asyncio.to_thread(doubt.Confidences, transcript)
        self._confidences = confidences
        threshold = self.threshold
        wordless = wordless_places(transcript)
        if kind is WalkKind.WORDS and threshold is None and not wordless:
            self._stage.say(
                self.tr(
                    "Speech recognition did not report how sure it was, so there is nothing "
                    "to check."
                )
            )
            return
        walk = await asyncio.to_thread(Walk, transcript, self._find(kind, threshold or 0.0))
        if opened is not self._opened or transcript is not self.transcript:
            return
        if not walk.total and kind is WalkKind.SPEAKERS:
            self._stage.say(self.tr("There are no uncertain speakers."))
            return
        self._walk = walk
        if kind is WalkKind.WORDS and threshold is not None and opened is not None:
            opened.set_doubt_below(threshold)  # words that are fixed are not to move it
        self._bar.open(kind, self._speaker_names())
        self._show_marks()
        self._show_threshold()
        paragraph, place = self._caret()
        walk.go_from(paragraph, place)
        self._arrive()

    def _find(self, kind: WalkKind, threshold: float) -> _Finder:
        self._finder = _Finder(kind, threshold, wordless_places(self.transcript))
        return self._finder

    def _is_wordless(self) -> bool:
        """Tell whether the place one is at is speech without words."""
        if self._walk is None or self._walk.current is None:
            return False
        return self._span(*self._walk.current) is not None

    def _span(self, paragraph: int, words: range) -> tuple[int, int] | None:
        paragraphs = self.transcript.paragraphs
        if self._finder.kind is not WalkKind.WORDS or paragraph >= len(paragraphs):
            return None
        return span_beside(paragraphs[paragraph], words.start, self._finder.wordless)

    def _caret(self) -> tuple[int, int]:
        word = self._view.text.caret_word()
        if word is None:
            return 0, 0
        paragraph = self._view.text.places.paragraph_of(word)
        return paragraph, word - self._view.text.places.words_of(paragraph).start

    def _on_answered(self, answer: Answer) -> None:
        walk = self._walk
        if walk is None:
            return
        match answer:
            case Answer.END:
                self.end()
            case Answer.BACK:
                walk.back()
                self._arrive()
            case Answer.SKIP:
                walk.step()
                self._arrive()
            case Answer.PLAY:
                self._play()
            case Answer.ACCEPT:
                self._accept()
            case Answer.FIX | Answer.FIX_ALIKE:
                self._fix(answer)
            case Answer.GIVE:
                pass  # the bar asks to whom

    def _accept(self) -> None:
        if self._walk is None or self._walk.current is None:
            return
        paragraph, words = self._walk.current
        if self._is_wordless():
            self.apply(agree_to_no_words(self.transcript, paragraph, words.start))
            self._walk.step()
            self._arrive()
            return
        accept = doubt.accept_words
        if self._bar.kind is WalkKind.SPEAKERS:
            accept = doubt.accept_speaker
        self.apply(accept(self.transcript, paragraph, words))
        self._walk.step()
        self._arrive()

    def _on_given(self, place: int) -> None:
        if self._walk is None or self._walk.current is None:
            return
        speaker = self.transcript.speakers[place].speaker_id
        paragraph, words = self._walk.current
        self.apply(doubt.give_passage(self.transcript, paragraph, words, speaker))
        self._walk.step()
        self._arrive()
        self._bar.setFocus()

    def _fix(self, answer: Answer) -> None:
        if (first := self._first_word()) is not None:
            if self._is_wordless():
                self._view.text.write_behind(first)
                return
            self._is_fixing = True
            self._view.edit_word(first, partial(self._on_fixed, answer))

    def _on_fixed(self, answer: Answer, text: str) -> None:
        if self._walk is None or self._walk.current is None:
            return
        paragraph, words = self._walk.current
        old = self.transcript.paragraphs[paragraph].words[words.start].text
        if not self.apply(
            correct_words(self.transcript, paragraph, words.start, len(words), text)
        ):
            return
        fixed = self.transcript.paragraphs[paragraph].words[words.start : words.start + 1]
        if answer is Answer.FIX_ALIKE and fixed:
            self._fix_others(old, fixed[0])
        self._walk.step()
        self._arrive()

    def _on_typing_ended(self) -> None:
        if self._is_fixing and self._walk is not None:
            self._is_fixing = False
            self._bar.setFocus()

    def _fix_others(self, old: str, fixed: Word) -> None:
        """Let every other word that reads as the old one did read as the new one."""
        plain, new = old.strip(_SIGNS), fixed.text.strip(_SIGNS)
        if not plain or not new:
            return
        query = Query(plain, is_case_kept=True, is_whole_word=True)
        hits = list(find_all(self.transcript, query, new))
        if self.apply(replace_hits(self.transcript, hits, "Correct all")):
            self._stage.say(
                counted(
                    "WalkController",
                    len(hits),
                    "One more was corrected too.",
                    "{count} more were corrected too.",
                )
            )

    # -- what is shown and heard -----------------------------------------------

    def _first_word(self) -> int | None:
        if self._walk is None or self._walk.current is None:
            return None
        paragraph, words = self._walk.current
        places = self._view.text.places.words_of(paragraph)
        word = places.start + words.start
        return word if word in places else None

    def _arrive(self) -> None:
        """Bring the place one is at before the reader, and let it be heard."""
        self._show_place()
        first = self._first_word()
        if first is None:
            return
        _, words = (self._walk.current if self._walk else None) or (0, range(0))
        self._view.show_words(range(first, first + len(words)))
        self._play()

    def _play(self) -> None:
        if self._walk is None or self._walk.current is None:
            return
        paragraph, words = self._walk.current
        heard = self.transcript.paragraphs[paragraph].words[words.start : words.stop]
        if (span := self._span(paragraph, words)) is not None:
            self._session.play_once(span[0] - _BEFORE_MS, span[1] + _BEHIND_MS)
        elif heard:
            end_ms = max(heard[0].start_ms, *(word.end_ms for word in heard))
            self._session.play_once(heard[0].start_ms - _BEFORE_MS, end_ms + _BEHIND_MS)

    def _show_place(self) -> None:
        walk = self._walk
        if walk is None:
            return
        if walk.current is None or not (walk.left or walk.current):
            self._bar.show_place(0, walk.total, "")
            return
        paragraph, words = walk.current
        paragraphs = self.transcript.paragraphs
        shown = (
            paragraphs[paragraph].words[words.start : words.stop]
            if paragraph < len(paragraphs)
            else ()
        )
        number = walk.number if walk.left else 0
        self._bar.show_place(
            number, walk.total, self._about(paragraph, shown) if number else ""
        )

    def _about(self, paragraph: int, words: tuple[Word, ...]) -> str:
        """Say what is in doubt, and how much."""
        if not words:
            return ""
        at = self._walk.current if self._walk is not None else None
        if at is not None and (span := self._span(*at)) is not None:
            return tell_wordless(span)
        if self._bar.kind is WalkKind.WORDS:
            text = self.tr("“{word}”, {percent} % sure")
            sure, said = words[0].confidence, words[0].text
            if words[0].review is not None and words[0].review.is_accepted:
                text = self.tr("“{word}”, accepted")
        else:
            text = self.tr("{name}: “{word}”, {percent} % sure of the speaker")
            sure = min((one.speaker_confidence or 0.0) for one in words)
            said = join_words(list(words))
            owner = self.transcript.paragraphs[paragraph].speaker_id
            text = text.replace("{name}", self._view.speaker_label(owner))
        text = text.replace("{percent}", number(round(100 * (sure or 0.0))))
        return text.replace("{word}", said)

    def _speaker_names(self) -> list[str]:
        return [self._view.speaker_label(one.speaker_id) for one in self.transcript.speakers]

    def _show_marks(self) -> None:
        is_walking = self._walk is not None and self._bar.kind is WalkKind.WORDS
        marked = self.threshold if is_walking or self._wants_marks else None
        self._view.set_confidence_threshold(marked)

    # -- the threshold ---------------------------------------------------------

    def _show_threshold(self) -> None:
        threshold = self.threshold or 0.0
        count = self._confidences.count_below(threshold)
        self._bar.show_threshold(round(100 * threshold), count)

    def _on_threshold_moved(self, percent: int) -> None:
        """Count at once; the walk is made anew when the hand rests."""
        self._bar.show_threshold(percent, self._confidences.count_below(percent / 100))
        self._pending = percent / 100
        self._settled.start()

    def _on_settled(self) -> None:
        if self._opened is None or self._walk is None:
            return
        self._opened.set_doubt_below(self._pending)
        self._tasks.start(self._walk_anew(), "walk through doubts", replace=True)

    async def _walk_anew(self) -> None:
        transcript = self.transcript
        find = self._find(WalkKind.WORDS, self.threshold or 0.0)
        walk = await asyncio.to_thread(Walk, transcript, find)
        if self._walk is None or transcript is not self.transcript:
            return
        at = self._walk.current
        self._walk = walk
        self._show_marks()
        walk.go_from(*((at[0], at[1].start) if at else (0, 0)))
        self._show_place()
        if (first := self._first_word()) is not None:
            self._view.show_words(range(first, first + 1))
        self.look()


_SIGNS = " .,;:!?…\"'“”„‘’()[]–-"


class _Finder:
    """Finds what is in doubt in a paragraph.

    Attributes:
        kind: Words, or who says them.
        wordless: Where speech has no words; these are gone through with the words.
    """

    def __init__(self, kind: WalkKind, threshold: float, wordless: WordlessPlaces) -> None:
        self.kind = kind
        self._threshold = threshold
        self.wordless = wordless

    def __call__(self, paragraph: Paragraph) -> tuple[range, ...]:
        if self.kind is WalkKind.SPEAKERS:
            return doubt.doubtful_passages(paragraph)
        places = {
            *doubt.doubtful_words(paragraph, self._threshold),
            *wordless_words(paragraph, self.wordless),
        }
        return tuple(range(place, place + 1) for place in sorted(places))


def _count_passages(transcript: Transcript) -> int:
    return sum(len(doubt.doubtful_passages(one)) for one in transcript.paragraphs)

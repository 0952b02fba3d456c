"""What a person types into the page, told as the document understands it.

Qt's text widget is typed into as any other: keys, input methods, clipboard, dropped text. What
came of it is told as *this range now reads thus*; the document decides, and the widget is
brought to what the document says. One thing may differ for a moment: a space just typed, which
belongs to no word until one follows. It waits where the caret is, and goes when that goes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from app.core.retyping import Typed
from app.core.transcript import Paragraph
from app.ui.transcript.word_places import WordPlaces, units
from app.ui.transcript.writing import replace_text

_BLOCK_BREAK = "\u2029"
_LINE_BREAK = "\u2028"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Spaces on the page that no word has yet.

    Attributes:
        paragraph: In which.
        start: Where they begin, in characters.
        text: They.
    """

    paragraph: int
    start: int
    text: str


class Typist(QObject):
    """Watches a text widget and keeps it at what the document says.

    Signals:
        typed: A range reads otherwise: ``Typed``, as the page showed it before. The words
            and ``places`` follow before this signal's slots return.
        moved: What is typed next is another matter.
    """

    typed = Signal(object)
    moved = Signal()

    def __init__(self, edit: QPlainTextEdit, places: Callable[[], WordPlaces]) -> None:
        super().__init__(edit)
        self._waiting: Waiting | None = None
        self._edit = edit
        self._places = places
        self._changed: tuple[int, int, int] | None = None  # from, characters gone and new
        self._is_ours = False
        self._is_taking = False
        edit.document().contentsChange.connect(self._on_contents_change)

    @property
    def waiting(self) -> Waiting | None:
        """The spaces just typed, if any."""
        return self._waiting

    @waiting.setter
    def waiting(self, waiting: Waiting | None) -> None:
        self._waiting = waiting
        gap = None
        if waiting is not None:
            before = self._places().texts[waiting.paragraph][: waiting.start]
            gap = waiting.paragraph, units(before), units(waiting.text)
        self._places().gap = gap

    @property
    def is_taking(self) -> bool:
        """Whether the words are just following what the widget shows already."""
        return self._is_taking

    @contextmanager
    def writing(self) -> Generator[None]:
        """Write into the widget without its being taken for typing."""
        was, self._is_ours = self._is_ours, True
        try:
            yield
        finally:
            self._is_ours = was

    def forget(self) -> None:
        """Begin with another text."""
        self.waiting = self._changed = None

    def take(
        self,
        *,
        was_selected: bool = False,
        is_pasted: bool = False,
        carried: tuple[Paragraph, ...] = (),
    ) -> bool:
        """Tell what was typed since; gives whether anything was.

        Args:
            was_selected: Whether anything was selected before.
            is_pasted: Whether it was pasted or dropped, and not typed.
            carried: What of it was taken from elsewhere in the transcript.
        """
        if self._changed is None or self._is_taking:
            return False
        changed, self._changed = self._changed, None
        typed = self._read(*changed)
        if typed is None:
            return False
        is_apart = is_pasted or (was_selected and not changed[2])
        typed = replace(typed, is_apart=is_apart, carried=carried)
        self.waiting = None  # and found anew below
        self._is_taking = True
        try:
            self.typed.emit(typed)
        finally:
            self._is_taking = False
        self._bring(typed.first, typed.text.count("\n") + 1)
        return True

    def over(self, cursor: QTextCursor, text: str) -> Typed:
        """Give what it would be to write a text over what a cursor has selected.

        No space may wait.
        """
        places: list[tuple[int, int]] = []
        for at in (cursor.selectionStart(), cursor.selectionEnd()):
            block = self._edit.document().findBlock(at)
            texts, number = self._places().texts, block.blockNumber()
            line = texts[number] if number < len(texts) else ""
            places.append((number, _characters(line, at - block.position())))
        return Typed(*places[0], *places[1], text, is_apart=True)

    def settle(self) -> None:
        """The caret goes elsewhere: spaces that still wait are gone."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            self._write(waiting.paragraph)
        self.moved.emit()

    # What was typed

    def _on_contents_change(self, begin: int, removed: int, added: int) -> None:
        if self._is_ours:
            return
        if self._changed is None:
            self._changed = begin, removed, added
            # Most ways to type take it at once; assistive technology writes by itself.
            QTimer.singleShot(0, self, self.take)
            return
        before, gone, new = self._changed
        end = max(before + new, begin + removed)
        start = min(before, begin)
        self._changed = start, end - new + gone - start, end - removed + added - start

    def _read(self, begin: int, removed: int, added: int) -> Typed | None:
        """Give what a change of the widget's characters is in paragraphs and offsets."""
        document = self._edit.document()
        last = document.characterCount() - 1
        cursor = QTextCursor(document)
        cursor.setPosition(min(begin, last))
        block = cursor.block()
        first, start = block.blockNumber(), begin - block.position()
        cursor.setPosition(min(begin + added, last), QTextCursor.MoveMode.KeepAnchor)
        new = cursor.selectedText().replace(_BLOCK_BREAK, "\n").replace(_LINE_BREAK, "\n")
        lines = self._shown_from(first, removed + start)
        old = "\n".join(lines)
        begin_at = _characters(old, start)
        end_at = _characters(old, start + removed)
        head = _common(old[begin_at:end_at], new)
        begin_at, new = begin_at + head, new[head:]
        tail = _common(old[begin_at:end_at][::-1], new[::-1])
        end_at, new = end_at - tail, new[: len(new) - tail]
        if begin_at == end_at and not new:
            return None  # an input method showed what it is about
        return Typed(*_place(old, begin_at, first), *_place(old, end_at, first), new)

    def _shown_from(self, first: int, size: int) -> list[str]:
        """Give paragraphs as they were shown before, from one on, that reach so far."""
        texts, lines = self._places().texts, list[str]()
        for number in range(first, len(texts)):
            line = texts[number]
            waiting = self.waiting
            if waiting is not None and waiting.paragraph == number:
                line = line[: waiting.start] + waiting.text + line[waiting.start :]
            lines.append(line)
            size -= units(line) + 1
            if size < 0:
                break
        return lines or [""]

    # What the document says

    def _bring(self, first: int, count: int) -> None:
        """Bring paragraphs to what the document says, but for a space at the caret."""
        texts = self._places().texts
        if max(1, len(texts)) != self._edit.document().blockCount():
            self._write_all()  # it was not taken up
            self.moved.emit()
            return
        caret = self._edit.textCursor()
        is_other = False
        for number in range(first, min(first + count, len(texts))):
            shown = self._edit.document().findBlockByNumber(number).text()
            if shown == texts[number]:
                continue
            at = caret.position() - caret.block().position()
            waiting = _waiting(number, shown, texts[number])
            if (
                waiting is not None
                and caret.blockNumber() == number
                and 0 <= _characters(shown, at) - waiting.start <= len(waiting.text)
            ):
                self.waiting = waiting
                continue
            self._write(number)
            is_other = True
        if not texts and self._edit.document().characterCount() > 1:
            self._write_all()
            is_other = True
        if is_other:
            self.settle()  # what was typed is counted by what the page showed before

    def _write(self, number: int) -> None:
        texts = self._places().texts
        block = self._edit.document().findBlockByNumber(number)
        if number < len(texts) and block.isValid():
            with self.writing():
                replace_text(
                    QTextCursor(self._edit.document()),
                    block.position(),
                    block.text(),
                    texts[number],
                )

    def _write_all(self) -> None:
        with self.writing():
            document, shown = self._edit.document(), list[str]()
            block = document.begin()
            while block.isValid():  # Qt's own plain text has other spaces and breaks
                shown.append(block.text())
                block = block.next()
            new = "\n".join(self._places().texts)
            replace_text(QTextCursor(document), 0, "\n".join(shown), new)


def _waiting(number: int, shown: str, text: str) -> Waiting | None:
    """Give the spaces by which a paragraph is longer than its words, if that is all."""
    more = len(shown) - len(text)
    head = _common(shown, text)
    spaces = shown[head : head + more]
    if more <= 0 or not spaces.isspace() or shown[:head] + shown[head + more :] != text:
        return None
    return Waiting(number, head, spaces)


def _common(one: str, other: str) -> int:
    """Give how many characters two texts begin alike with."""
    least = min(len(one), len(other))
    return next((at for at in range(least) if one[at] != other[at]), least)


def _characters(text: str, offset: int) -> int:
    """Give how many characters so many of Qt's are."""
    if not text or text.isascii() or max(text) <= "\uffff":
        return min(offset, len(text))
    raw = text.encode("utf-16-le", "surrogatepass")[: 2 * offset]
    return len(raw.decode("utf-16-le", "surrogatepass"))


def _place(text: str, at: int, first: int) -> tuple[int, int]:
    """Give paragraph and offset of a place in a text of several lines."""
    return first + text.count("\n", 0, at), at - (text.rfind("\n", 0, at) + 1)

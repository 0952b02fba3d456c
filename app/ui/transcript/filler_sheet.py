"""Which fillers go: each with its count, what a person adds, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.fillers import Filler
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Switch
from app.ui.kit.flow import Flow
from app.ui.kit.line_field import LineField, room_for_example
from app.ui.kit.mnemonics import escaped
from app.ui.kit.refusing import Button
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import HIT_SIZE, SPACE_4
from app.ui.translate import counted
from app.ui.wording import number


class FillerSheet(Sheet):
    """Asks which fillers are meant, and what is to become of them.

    Signals:
        strike_requested: Strike through the chosen ones: a tuple of ``Filler``.
        delete_requested: Delete them.
        restore_requested: Bring back everything that is struck through.
        choose_requested: Each place of the chosen ones is to be looked at first.
        added: A person's own filler.
        hide_requested: Whether what is struck through is hidden in the text.
    """

    strike_requested = Signal(object)
    delete_requested = Signal(object)
    choose_requested = Signal(object)
    restore_requested = Signal()
    added = Signal(str)
    hide_requested = Signal(bool)

    def __init__(
        self, appearance: Appearance, *, is_hidden: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Fillers"), parent)
        self._appearance = appearance
        self._fillers: tuple[Filler, ...] = ()
        self._switches: list[Switch] = []
        self._unchosen: set[str] = set()
        self._chosen: set[str] = set()
        self._about = self.add_text()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_4)
        self.body.addLayout(self._rows)
        self._own = LineField()
        self._own.setPlaceholderText(self.tr("Another word or phrase"))
        self._own.setAccessibleName(self.tr("Another word or phrase"))
        self._own.returnPressed.connect(self._on_add)
        add = Button(self.tr("Add"))
        add.setAccessibleName(self.tr("Add"))
        add.setAutoDefault(False)
        add.setMinimumHeight(HIT_SIZE)
        add.clicked.connect(self._on_add)
        adding = Flow()
        adding.add(self._own, grows_from=room_for_example(self._own))
        adding.add(add)
        self.body.addWidget(adding)
        hide = Switch(appearance, self.tr("Hide and skip struck-through words"))
        hide.setChecked(is_hidden)
        hide.toggled.connect(self.hide_requested)
        self.body.addWidget(hide)
        self.add_text(
            self.tr(
                "Struck-through words stay in the transcript and keep their times. Exports "
                "leave them out unless you choose otherwise."
            ),
            muted=True,
        )
        self._restore = self.add_button(self.tr("Restore"))
        self._restore.clicked.connect(self._on_restore)
        choose = self._choose = self.add_button(self.tr("One by one…"))
        choose.setAccessibleName(self.tr("One by one"))
        choose.clicked.connect(self._on_choose)
        delete = self.add_button(self.tr("Delete"))
        delete.clicked.connect(self._on_delete)
        self._strike = self.add_button(self.tr("Strike through"), is_primary=True)
        self._strike.clicked.connect(self._on_strike)
        self._delete = delete

    def show_fillers(self, fillers: Sequence[Filler], struck: int) -> None:
        """Show what is said, and how many words are struck through."""
        self._fillers = tuple(fillers)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._switches = []
        for filler in self._fillers:
            count = number(len(filler.places))
            switch = Switch(self._appearance, escaped(f"{filler.text}  ·  {count}"))
            is_on = (filler.is_sound or filler.is_own) and filler.text not in self._unchosen
            switch.setChecked(is_on or filler.text in self._chosen)
            switch.toggled.connect(partial(self._on_chosen, filler.text))
            self._switches.append(switch)
            self._rows.addWidget(switch)
        self._about.setText(
            self.tr(
                "Sounds like “um” are already selected. Select phrases only where they "
                "are just fillers."
            )
            if self._fillers
            else self.tr("No fillers were found in this transcript.")
        )
        self._restore.setText(
            counted("FillerSheet", struck, "Restore 1 word", "Restore {count} words")
        )
        self._restore.setVisible(bool(struck))
        self._enable()
        if not self.isVisible() and self.chosen:
            self._strike.setFocus()  # so that Return does what is wanted nearly always

    @property
    def chosen(self) -> tuple[Filler, ...]:
        """The fillers that are meant."""
        return tuple(
            filler
            for filler, switch in zip(self._fillers, self._switches, strict=True)
            if switch.isChecked()
        )

    def _on_chosen(self, text: str, on: bool) -> None:  # noqa: FBT001 - a slot
        (self._chosen if on else self._unchosen).add(text)
        (self._unchosen if on else self._chosen).discard(text)
        self._enable()

    def _enable(self) -> None:
        for button in (self._strike, self._delete, self._choose):
            button.refuse("" if self.chosen else self.tr("Nothing is selected."))

    def _on_add(self) -> None:
        text = " ".join(self._own.text().split())
        if text:
            self._own.clear()
            self.added.emit(text)

    def _on_restore(self) -> None:
        self.restore_requested.emit()
        self.close()

    def _on_choose(self) -> None:
        self.choose_requested.emit(self.chosen)
        self.close()

    def _on_delete(self) -> None:
        self.delete_requested.emit(self.chosen)
        self.close()

    def _on_strike(self) -> None:
        self.strike_requested.emit(self.chosen)
        self.close()

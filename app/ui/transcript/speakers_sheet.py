"""One or two people? Two speakers side by side, or one of them, and what their voices say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.core.regrouping import Compared
from app.core.transcript import SpeakerId
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.fields import Picker
from app.ui.kit.flow import Flow
from app.ui.kit.mnemonics import escaped
from app.ui.kit.people_picker import PeoplePicker
from app.ui.kit.refusing import Button
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import SPACE_8
from app.ui.wording import clock

_MS_PER_S = 1_000
_TEXT_LEAST = 220


@dataclass(frozen=True, slots=True)
class Row:
    """A speaker as the sheet shows them.

    Attributes:
        speaker_id: Who it is.
        label: How they are called.
        said: The beginning of what they say, to know them by.
        sounds_like: The name of whom they sound like; empty for nobody.
    """

    speaker_id: SpeakerId
    label: str
    said: str = ""
    sounds_like: str = ""


class SpeakersSheet(Sheet):
    """Asks whether speakers are one person or two, shows why, and does what is answered.

    Signals:
        look_requested: One or two speaker ids, as a tuple: look at their voices.
        merge_requested: The same: these two are one person.
        part_requested: The same, of one: this is two people.
        number_requested: There are so many people, 0 to find out.
        name_requested: Speaker id and name: take the suggestion.
    """

    look_requested = Signal(object)
    merge_requested = Signal(object)
    part_requested = Signal(object)
    number_requested = Signal(int)
    name_requested = Signal(str, str)

    def __init__(
        self, appearance: Appearance, rows: Sequence[Row], parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Merge or split speakers"), parent, width=520)
        self._appearance = appearance
        self._rows = {row.speaker_id: row for row in rows}
        self._suggestions = QVBoxLayout()
        self._suggestions.setSpacing(SPACE_8)
        self.body.addLayout(self._suggestions)
        self.one = Picker(appearance, self.tr("Speaker"))
        self.other = Picker(appearance, self.tr("And"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("Speaker"), self.one)
        form.addRow(self.tr("And"), self.other)
        self.body.addLayout(form)
        self.look = Button(self.tr("Compare their voices"))
        self.look.setAccessibleName(self.look.text())
        self.merge = Button(self.tr("Merge: same person"))
        self.merge.setAccessibleName(self.merge.text())
        self.part = Button(self.tr("Split: two people"))
        self.part.setAccessibleName(self.part.text())
        self.body.addWidget(Flow(self.look, self.merge, self.part))
        self.evidence = self.add_text()
        self.reason = self.add_text(muted=True)
        self.people = PeoplePicker(appearance)
        self.tell = Button(self.tr("Identify again"))
        self.tell.setAccessibleName(self.tell.text())
        label = QLabel(self.tr("Number of people"))
        label.setBuddy(self.people)
        self.body.addWidget(Flow(label, self.people, self.tell))
        self.add_text(
            self.tr(
                "Speakers you named, and passages you approved or assigned yourself, stay as "
                "they are. You can undo each change."
            ),
            muted=True,
        )
        keep = self.add_button(self.tr("Leave as it is"))
        keep.clicked.connect(self.reject)
        for speaker in rows:
            self.one.addItem(speaker.label, speaker.speaker_id)
        self.one.currentIndexChanged.connect(self._offer_others)
        self.other.currentIndexChanged.connect(self._show_choice)
        self.look.clicked.connect(lambda: self.look_requested.emit(self.chosen))
        self.merge.clicked.connect(self._on_merge)
        self.part.clicked.connect(self._on_part)
        self.tell.clicked.connect(self._on_tell)
        self._against: Mapping[tuple[SpeakerId, ...], str] = {}
        self._offer_others()
        self.show_suggestions({})

    @property
    def chosen(self) -> tuple[SpeakerId, ...]:
        """Who is looked at: two speakers, or one."""
        one, other = self.one.currentData(), self.other.currentData()
        return (SpeakerId(one), SpeakerId(other)) if other else (SpeakerId(one),)

    def choose(self, speaker: SpeakerId | None) -> None:
        """Begin with a speaker; ``None`` for the first."""
        self.one.setCurrentIndex(max(0, self.one.findData(speaker)))

    def show_reasons(self, against: Mapping[tuple[SpeakerId, ...], str]) -> None:
        """Say, of one or two speakers, why nothing can be done with them."""
        self._against = against
        self._show_choice()

    def show_suggestions(self, names: Mapping[SpeakerId, str]) -> None:
        """Offer the names of whom speakers sound like."""
        while (item := self._suggestions.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for speaker, name in names.items():
            if speaker in self._rows:
                self._suggestions.addWidget(self._suggestion(speaker, name))

    def show_looking(self, text: str) -> None:
        """Say that the voices are being looked at."""
        self.evidence.setText(text)
        self.look.refuse(text)

    def show_evidence(self, asked: tuple[SpeakerId, ...], found: Compared) -> None:
        """Show what the voices say, if it is still what is asked."""
        self.look.refuse("")
        if asked == self.chosen:
            self.evidence.setText("\n".join(self._sentences(asked, found)))
            announce(self.evidence, self.evidence.text())

    def show_failure(self, text: str) -> None:
        """Say why the voices could not be looked at."""
        self.look.refuse("")
        self.evidence.setText(text)
        announce(self.evidence, text)

    def _offer_others(self) -> None:
        mine = self.one.currentData()
        self.other.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.other.clear()
        self.other.addItem(self.tr("nobody else (is this two people?)"), "")
        for row in self._rows.values():
            if row.speaker_id != mine:
                self.other.addItem(row.label, row.speaker_id)
        self.other.setCurrentIndex(1 if self.other.count() > 1 else 0)
        self.other.blockSignals(False)  # noqa: FBT003 - Qt's signature
        self._show_choice()

    def _show_choice(self) -> None:
        chosen = self.chosen
        is_pair = len(chosen) > 1
        why_not = self._against.get(chosen) or self._against.get(chosen[::-1], "")
        self.merge.setVisible(is_pair)
        self.part.setVisible(not is_pair)
        self.merge.refuse(why_not)
        self.part.refuse(why_not)
        self.look.setText(
            self.tr("Compare their voices") if is_pair else self.tr("Check this voice")
        )
        self.look.setAccessibleName(self.look.text())
        self.reason.setText(why_not)
        self.reason.setVisible(bool(why_not))
        quotes = [self._quote(self._rows[one]) for one in chosen]
        self.evidence.setText("\n".join(quote for quote in quotes if quote))

    def _quote(self, row: Row) -> str:
        if not row.said:
            return ""
        text = self.tr("{speaker}: “{words}”").replace("{speaker}", row.label)
        return text.replace("{words}", row.said)

    def _sentences(self, asked: tuple[SpeakerId, ...], found: Compared) -> list[str]:
        first, second = (
            clock(round(one * _MS_PER_S)) for one in (found.first_s, found.second_s)
        )
        labels = [self._rows[one].label for one in asked]
        is_pair = len(asked) > 1
        if found.second_s == 0 and not is_pair:
            return [self.tr("Only one voice was found in what this speaker says.")]
        heard = (
            self.tr("Speaking alone: {one} {first}, {other} {second}.")
            if is_pair
            else self.tr("The two most different voices in {one}: {first} and {second}.")
        )
        for name, value in (
            ("{one}", labels[0]),
            ("{other}", labels[-1]),
            ("{first}", first),
            ("{second}", second),
        ):
            heard = heard.replace(name, value)
        if found.likeness <= 0 and found.verdict == "open":
            return [heard, self.tr("That is too little to compare.")]
        alike = self.tr("They are {percent} % alike. Below {limit} % suggests two people.")
        locale = QLocale()
        alike = alike.replace("{percent}", locale.toString(round(100 * found.likeness)))
        alike = alike.replace("{limit}", locale.toString(round(100 * found.two_below)))
        lines = [heard, alike]
        if found.apart_s > 0:
            apart = self.tr("For {time} they were heard as two voices close together.")
            lines.append(apart.replace("{time}", clock(round(found.apart_s * _MS_PER_S))))
        lines.append(
            {
                "one": self.tr("Most likely one person."),
                "two": self.tr("Most likely two people."),
            }.get(found.verdict, self.tr("Could be either. Listen to them."))
        )
        return lines

    def _suggestion(self, speaker: SpeakerId, name: str) -> QWidget:
        text = self.tr("{speaker} sounds like {name}.")
        text = text.replace("{speaker}", self._rows[speaker].label).replace("{name}", name)
        label = QLabel(text)
        label.setWordWrap(True)
        naming = self.tr("Name them {name}").replace("{name}", name)
        take = Button(escaped(naming))
        take.setAccessibleName(naming)
        take.clicked.connect(lambda: self._take_name(speaker, name))
        line = Flow()
        line.add(label, grows_from=_TEXT_LEAST)
        line.add(take)
        return line

    def _take_name(self, speaker: SpeakerId, name: str) -> None:
        self.name_requested.emit(speaker, name)
        self.accept()

    def _on_merge(self) -> None:
        chosen = self.chosen
        self.accept()
        self.merge_requested.emit(chosen)

    def _on_part(self) -> None:
        chosen = self.chosen
        self.accept()
        self.part_requested.emit(chosen)

    def _on_tell(self) -> None:
        number = self.people.number
        self.accept()
        self.number_requested.emit(number)

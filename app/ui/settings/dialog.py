"""The settings in one window: pages, and a field that finds what somebody looks for.

Each change is asked for at once; there is nothing to confirm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.preferences import Settings
from app.jobs.stored_places import StoredPlace
from app.ui.actions import Actions
from app.ui.kit.announcing import announce
from app.ui.kit.appearance import Appearance
from app.ui.kit.in_steps import Between, Steps, at_once
from app.ui.kit.letters import give_letters, text_of
from app.ui.kit.line_field import LineField
from app.ui.kit.margins import margins
from app.ui.kit.sheet import Sheet
from app.ui.kit.tips import show_tip
from app.ui.kit.tokens import HIT_SIZE, SPACE_4, SPACE_8, SPACE_16
from app.ui.settings.everyday_pages import (
    ExportPage,
    GeneralPage,
    PlaybackPage,
    TextPage,
    TypingPage,
)
from app.ui.settings.fields_page import FieldsPage
from app.ui.settings.finding import Wanted
from app.ui.settings.keys_page import KeysPage
from app.ui.settings.page_list import PageList
from app.ui.settings.privacy_page import PrivacyPage
from app.ui.settings.service_pages import ServicePage, WebhookPage
from app.ui.settings.storage_page import StoragePage
from app.ui.settings.watch_page import WatchPage
from app.ui.settings.words_page import WordsPage

_WIDTH, _HEIGHT = 880, 640
_LEAST_WIDTH, _LEAST_HEIGHT = 560, 160
_LIST_SHARE = 0.34
"""The most of the window's width that the list of pages has."""
_MODELS_AT = 6
_Widget = TypeVar("_Widget", bound=QWidget)
_Fields = TypeVar("_Fields", bound=FieldsPage)


class _Page:
    """A page, made in steps.

    Attributes:
        kind: What it is.
        title: What it is called.
        icon: Name of its icon.
        area: Where it is shown.
        hits: How many places of it have what is looked for.
    """

    def __init__(
        self,
        kind: type[QWidget],
        title: str,
        icon: str,
        make: Callable[[], QWidget],
        also: str = "",
    ) -> None:
        self.kind = kind
        self.title = title
        self.icon = icon
        self.hits = 0
        self._make = make
        self._also = also
        self._widget: QWidget | None = None
        self._waiting: list[Callable[[], object]] = []
        self._steps = self._fill()
        self.area = QWidget()

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there."""
        return self._widget is not None

    @property
    def widget(self) -> QWidget:
        """What is on it; made now, where that is still to come."""
        if self._widget is None:
            at_once(self._steps)
        return cast("QWidget", self._widget)

    def make_more(self) -> None:
        """Make a little more of it."""
        next(self._steps, None)

    def when_whole(self, act: Callable[[], object]) -> None:
        """Do something once it is there, now or later."""
        if self.is_whole:
            act()
        else:
            self._waiting.append(act)

    def _fill(self) -> Steps[None]:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.title)
        around = QVBoxLayout()
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)
        self.area.setLayout(around)
        yield
        widget = self._make()
        area.setWidget(widget)  # before it is filled: Qt styles anew all that is moved
        yield
        if isinstance(widget, FieldsPage | KeysPage):
            yield from widget.fill()
        self._widget = widget
        for act in self._waiting:
            act()

    def search(self, wanted: Wanted) -> None:
        """Show what is wanted; ``hits`` tells how many places have it."""
        page, title = self.widget, f"{self.title}\n{self._also}"
        if isinstance(page, FieldsPage | KeysPage):
            self.hits = page.search(wanted, title)
        else:
            self.hits = int(wanted.fits(title, *_texts_of(page)))


class _Search(LineField):
    """The field to type in what is looked for, with a button that clears it.

    Signals:
        entered: Go to what was found.
    """

    entered = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setMinimumHeight(HIT_SIZE + SPACE_8)
        clear = QToolButton()
        clear.setAccessibleName(self.tr("Clear the search"))
        show_tip(clear, self.tr("Clear the search (Esc)"))
        clear.setCursor(Qt.CursorShape.ArrowCursor)
        clear.clicked.connect(self.clear)
        clear.hide()
        appearance.apply_icon(clear, "close", "muted")
        inside = QHBoxLayout(self)
        inside.setContentsMargins(margins(0, 0, SPACE_4, 0))
        inside.addStretch()
        inside.addWidget(clear)
        self.setTextMargins(margins(0, 0, HIT_SIZE + SPACE_4, 0))
        self.textChanged.connect(lambda: clear.setVisible(bool(self.text())))

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        key = arg__1.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            self.entered.emit()  # not for the window, which would close
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(arg__1)


class SettingsDialog(Sheet):
    """All settings, on pages: those of every day first, the service's insides last.

    Attributes:
        search: What is typed to find a setting.
        list: The pages by name.

    Signals:
        change_requested: Fields of ``Settings`` to set: a dict of name and value.
        key_requested: Open the dialog for the key.
        connection_test_requested: Try whether the service can be reached.
        folder_requested: Choose a folder to watch.
        export_folder_requested: Choose the folder that exports go to.
        explanation_requested: Say in full what leaves this computer.
        place_requested: Show a folder in the system's file manager: its ``Path``.
        forget_requested: The name of whose voice is to be forgotten; empty for all.
    """

    change_requested = Signal(object)
    key_requested = Signal()
    connection_test_requested = Signal()
    folder_requested = Signal()
    export_folder_requested = Signal()
    explanation_requested = Signal()
    place_requested = Signal(object)
    forget_requested = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        actions: Actions,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        make_models: Callable[[], QWidget] | None = None,
        is_gradual: bool = False,
    ) -> None:
        """Make the window.

        Args:
            appearance: The theme.
            actions: Every action, for its keys.
            settings: What is set.
            parent: The program's window.
            make_models: Makes the page of the models on this computer; none without it.
            is_gradual: Whether it opens without its pages, which come between events once
                they are looked at.
        """
        super().__init__(self.tr("Settings"), parent, width=_LEAST_WIDTH)
        scale = appearance.text_scale**0.5
        self.resize(round(_WIDTH * scale), round(_HEIGHT * scale))
        self._appearance = appearance
        self._actions = actions
        self._settings = settings
        self._announced = ""
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(_LEAST_HEIGHT)
        self._pages = self._ordered(make_models)
        self.search = _Search(appearance)
        self.search.setAccessibleName(self.tr("Search the settings"))
        self.search.setPlaceholderText(self.tr("Search the settings"))
        self.search.textChanged.connect(self._on_typed)
        self.search.entered.connect(self._on_entered)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus)
        self.list = PageList(appearance, [(one.title, one.icon) for one in self._pages])
        self._is_gradual = is_gradual
        self._coming = Between(self, self._fill())
        self.list.selectionModel().currentChanged.connect(self._on_page)
        for page in self._pages:
            self._stack.addWidget(page.area)
        self._nothing = QLabel(self.tr("Nothing found"))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._stack.addWidget(self._nothing)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_16)
        middle.addWidget(self.list)
        middle.addWidget(self._stack, 1)
        self.body.addWidget(self.search)
        self.body.addLayout(middle, 1)
        close = self.add_button(self.tr("Close"), is_primary=True)
        close.clicked.connect(self.accept)
        appearance.theme_changed.connect(self._mark)
        self.list.turn_to(0)
        self.search.setFocus()
        for page in self._pages:
            page.when_whole(partial(self._on_whole, page))
        self._fill_more()

    def show_settings(self, settings: Settings) -> None:
        """Take the settings as they are after a change."""
        self._settings = settings
        for page in self._pages:
            page.when_whole(partial(self._show_on, page))

    def _show_on(self, page: _Page) -> None:
        if isinstance(page.widget, FieldsPage):
            page.widget.show_settings(self._settings)

    def show_connection(self, text: str, *, is_good: bool) -> None:
        """Say what the test of the connection gave."""
        self.service.show_connection(text, is_good=is_good)

    def show_voices(self, names: Sequence[str], problem: str = "") -> None:
        """Show whose voices are known; a problem is said in their place."""
        self._page(PrivacyPage).when_whole(
            lambda: self._page_of(PrivacyPage).voices.show_names(names, problem)
        )

    def show_places(self, places: Sequence[StoredPlace]) -> None:
        """Show what lies where."""
        self._page(StoragePage).when_whole(
            lambda: self._page_of(StoragePage).show_places(places)
        )

    @property
    def keys(self) -> KeysPage:
        """The keys of every action."""
        return self._page_of(KeysPage)

    @property
    def service(self) -> ServicePage:
        """The speech service."""
        return self._page_of(ServicePage)

    @property
    def watch(self) -> WatchPage:
        """Folders that are watched."""
        return self._page_of(WatchPage)

    @override
    def showEvent(self, arg__1: QShowEvent) -> None:
        super().showEvent(arg__1)
        self.list.doItemsLayout()  # the rows have their height only once the style is on
        self._fit_list()

    @override
    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        super().resizeEvent(arg__1)
        self._fit_list()

    def turn_to(self, kind: type[QWidget]) -> None:
        """Open the page of a kind, and go to the first thing on it."""
        page = self._page(kind)
        self.list.turn_to(self._pages.index(page))
        page.when_whole(lambda: page.widget.setFocus(Qt.FocusReason.OtherFocusReason))

    # -- pages ----------------------------------------------------------------

    def _ordered(self, make_models: Callable[[], QWidget] | None) -> tuple[_Page, ...]:
        tr, fields = self.tr, self._fields
        pages = [
            _Page(GeneralPage, tr("General"), "settings", lambda: fields(GeneralPage)),
            _Page(TextPage, tr("Text"), "text", lambda: fields(TextPage)),
            _Page(PlaybackPage, tr("Playback"), "play", lambda: fields(PlaybackPage)),
            _Page(TypingPage, tr("Typing"), "edit", lambda: fields(TypingPage)),
            _Page(ExportPage, tr("Export"), "export", self._make_export),
            _Page(WordsPage, tr("Words"), "note", self._make_words, tr("word list, names")),
            _Page(KeysPage, tr("Keys"), "keyboard", self._make_keys, tr("shortcuts, pedal")),
            _Page(
                WatchPage,
                tr("Watched folders"),
                "folder",
                self._make_watch,
                tr("automatic, hot folder"),
            ),
            _Page(
                PrivacyPage,
                tr("Privacy"),
                "lock",
                self._make_privacy,
                tr("consent, data, voices"),
            ),
            _Page(
                StoragePage,
                tr("Storage"),
                "library",
                self._make_storage,
                tr("disk, space, folder"),
            ),
            _Page(
                ServicePage, tr("Service"), "cloud", self._make_service, tr("Pulse, network")
            ),
            _Page(WebhookPage, tr("Webhook"), "link", lambda: fields(WebhookPage)),
        ]
        if make_models is not None:
            also = tr("recognition, offline, download, fast, accurate")
            here = _Page(QWidget, tr("Models"), "computer", make_models, also)
            pages.insert(_MODELS_AT, here)
        return tuple(pages)

    def _fields(self, kind: type[_Fields]) -> _Fields:
        page = kind(self._appearance, self._settings)
        page.change_requested.connect(self.change_requested)
        return page

    def _make_export(self) -> QWidget:
        page = self._fields(ExportPage)
        page.folder_requested.connect(self.export_folder_requested)
        return page

    def _make_service(self) -> QWidget:
        page = self._fields(ServicePage)
        page.key_requested.connect(self.key_requested)
        page.test_requested.connect(self.connection_test_requested)
        return page

    def _make_storage(self) -> QWidget:
        page = self._fields(StoragePage)
        page.folder_wanted.connect(self.place_requested)
        return page

    def _make_privacy(self) -> QWidget:
        page = self._fields(PrivacyPage)
        page.explanation_requested.connect(self.explanation_requested)
        page.voices.forget_requested.connect(self.forget_requested)
        page.voices.forget_all_requested.connect(lambda: self.forget_requested.emit(""))
        return page

    def _make_keys(self) -> QWidget:
        bindings = dict(self._settings.key_bindings)
        page = KeysPage(self._appearance, self._actions, bindings)
        page.bindings_changed.connect(lambda: self._ask(key_bindings=page.stored_bindings()))
        return page

    def _make_watch(self) -> QWidget:
        page = WatchPage(self._appearance, self._settings.watch_folders)
        page.add_requested.connect(self.folder_requested)
        page.folders_changed.connect(lambda: self._ask(watch_folders=page.folders()))
        return page

    def _make_words(self) -> QWidget:
        settings = self._settings
        page = WordsPage(
            self._appearance, settings.word_list, applies=settings.applies_word_list
        )
        page.words_changed.connect(lambda: self._ask(word_list=page.words()))

        def apply_always(is_on: bool) -> None:  # noqa: FBT001 - a slot
            self._ask(applies_word_list=is_on)

        page.switched.connect(apply_always)
        return page

    def _page(self, kind: type[QWidget]) -> _Page:
        """Give a page by its kind, which only one is of."""
        return next(one for one in self._pages if one.kind is kind)

    def _page_of(self, kind: type[_Widget]) -> _Widget:
        return cast("_Widget", self._page(kind).widget)

    def _fill(self) -> Steps[None]:
        """Make the page that somebody looks at; for a search, the others after it.

        No more than are wanted: all that is there is styled anew with every other theme.
        """
        while (page := self._next_page()) is not None:
            page.make_more()
            yield

    def _next_page(self) -> _Page | None:
        shown = self._pages[max(0, self.list.row)]
        is_all = not self._is_gradual or bool(self.search.text())
        wanted = (shown, *self._pages) if is_all else (shown,)
        return next((one for one in wanted if not one.is_whole), None)

    def _fill_more(self) -> None:
        """Go on making pages where another is wanted by now."""
        if self._coming.is_done:
            self._coming = Between(self, self._fill())
        if not self._is_gradual:
            self._coming.finish()

    def _on_whole(self, page: _Page) -> None:
        """Look on a page that has just come for what is looked for."""
        if self.search.text():
            page.search(Wanted.of(self.search.text()))
            self._show_found()
        if page is self._pages[self.list.row] and self.isVisible():
            give_letters(self)

    def _ask(self, **changes: Any) -> None:
        self.change_requested.emit(changes)

    def _on_page(self) -> None:
        if self.list.row >= 0:
            self._stack.setCurrentIndex(self.list.row)
            self._fill_more()
            if self.isVisible():
                give_letters(self)

    def _fit_list(self) -> None:
        most = round(self.width() * _LIST_SHARE)
        self.list.setFixedWidth(min(self.list.wanted_width(), most))

    # -- what is looked for ---------------------------------------------------

    def _on_typed(self) -> None:
        self._fill_more()
        self._mark()
        self._show_found()

    def _show_found(self) -> None:
        """List the pages that have what is looked for."""
        is_all = not Wanted.of(self.search.text()).words
        found = [row for row, page in enumerate(self._pages) if is_all or page.hits]
        if not found and not all(page.is_whole for page in self._pages):
            return  # it may be on one that is still to come
        self.list.show_only(found)
        if not found:
            self._stack.setCurrentWidget(self._nothing)
            self._announce(self._nothing.text())
            return
        if self.list.row not in found:
            self.list.turn_to(found[0])
        self._on_page()
        self._announce("" if is_all else self._pages[self.list.row].title)

    def _announce(self, text: str) -> None:
        """Say what came of typing, unless that was said: the focus stays in the field."""
        if text != self._announced:
            self._announced = text
            announce(self.search, text)

    def _mark(self) -> None:
        """Mark what is looked for on every page."""
        wanted = Wanted.of(self.search.text())
        for page in self._pages:
            if page.is_whole:
                page.search(wanted)

    def _on_entered(self) -> None:
        """Go to the first control that was found."""
        if self._stack.currentWidget() is self._nothing:
            return
        first = next(
            (
                one
                for one in self._pages[self.list.row].widget.findChildren(QWidget)
                if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
            ),
            None,
        )
        if first:
            first.setFocus(Qt.FocusReason.TabFocusReason)


def _texts_of(page: QWidget) -> list[str]:
    """Give what a page says."""
    texts = [text_of(one) for one in page.findChildren(QLabel)]
    texts += [
        text_of(one) or one.accessibleName() for one in page.findChildren(QAbstractButton)
    ]
    return texts + [one.placeholderText() for one in page.findChildren(QLineEdit)]

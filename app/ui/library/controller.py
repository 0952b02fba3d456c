"""The library's page: list, search, open, put in order; every wish is one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.core.errors import AppError
from app.core.projects import Project
from app.core.transcript import TranscriptId
from app.jobs.maintenance import remove_copies
from app.store.library import Library
from app.store.listing import Filter, TranscriptEntry
from app.store.projects import Projects
from app.store.search import Hit
from app.system.files import is_folder
from app.ui.actions import ActionId, Actions
from app.ui.kit.choice_sheet import ChoiceSheet
from app.ui.library import wording
from app.ui.library.model import LibraryRow
from app.ui.library.query import LibraryQuery
from app.ui.library.view import LibraryView
from app.ui.stage import Page, Stage
from app.ui.tasks import Tasks
from app.ui.translate import counted, language_name, translated

_MOST_HITS = 200
_RECENT = 5


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look into the library gave.

    Attributes:
        rows: What is to be listed.
        summary: How many there are, in words.
        everything: All transcripts, however few are listed.
    """

    rows: tuple[LibraryRow, ...]
    summary: str
    everything: _Everything


@dataclass(frozen=True, slots=True)
class _Everything:
    """All transcripts in an order, and what they can be narrowed to."""

    entries: tuple[TranscriptEntry, ...]
    models: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    tags: list[str]
    projects: tuple[Project, ...]

    @classmethod
    def of(
        cls, entries: tuple[TranscriptEntry, ...], projects: tuple[Project, ...]
    ) -> _Everything:
        """Sum transcripts up: ten thousand take too long for the window's thread."""
        return cls(
            entries,
            _choices(entries, lambda entry: entry.model.partition(":")[0], _model),
            _choices(entries, lambda entry: entry.language, language_name),
            sorted({tag for entry in entries for tag in entry.tags}, key=str.casefold),
            projects,
        )


class LibraryController(QObject):
    """Shows the library and does what is asked there.

    Signals:
        transcript_needed: Open a transcript: its id, and a word's place in reading
            order or ``None``.
        shown: The library stands in the middle now; nothing else should claim it.
        left: A person goes back to the page that was there before.
        renamed: A transcript's id and its new name.
        recent_listed: The latest transcripts: id, name and when, of each.
    """

    transcript_needed = Signal(str, object)
    shown = Signal()
    left = Signal()
    renamed = Signal(str, str)
    recent_listed = Signal(list)

    def __init__(
        self,
        *,
        stage: Stage,
        actions: Actions,
        view: LibraryView,
        library: Library,
        projects: Projects,
        tasks: Tasks,
        now_ms: Callable[[], int],
    ) -> None:
        super().__init__()
        self._stage = stage
        self._view = view
        self._library = library
        self._projects = projects
        self._tasks = tasks
        self._now_ms = now_ms
        self._before = Page.EMPTY
        self._listed: tuple[LibraryQuery, _Everything] | None = None
        self._changes: set[asyncio.Task[Any]] = set()
        actions[ActionId.LIBRARY].triggered.connect(self.toggle)
        actions[ActionId.FIND].triggered.connect(self._on_find)
        view.query_changed.connect(self._on_query)
        view.open_requested.connect(self._on_open)
        view.rename_requested.connect(self.rename)
        view.tags_requested.connect(self._on_tags)
        view.delete_requested.connect(self._on_delete)
        view.restore_requested.connect(self._on_restore)
        view.purge_requested.connect(self._on_purge)
        view.reveal_requested.connect(self._on_reveal)
        view.left.connect(self._on_left)
        view.share_export_keys(actions[ActionId.EXPORT])

    def toggle(self) -> None:
        """Show the library, or go back to what was there before."""
        if self._stage.page is Page.LIBRARY:
            self._on_left()
            return
        self._before = self._stage.page
        self.shown.emit()
        self._stage.turn_to(Page.LIBRARY)
        self._view.focus_search()
        self.refresh()

    def refresh(self) -> None:
        """Look again: something in the library has changed."""
        self._listed = None
        if self._stage.page is Page.LIBRARY:
            self._on_query(self._view.query)
        self._tasks.start(self._show_recent(), "show the latest transcripts", replace=True)

    def open(self, transcript_id: str) -> None:
        """Let a transcript be opened where one was last."""
        self.transcript_needed.emit(transcript_id, None)

    async def save(self) -> None:
        """Wait until every change that was asked for is in the library."""
        await asyncio.gather(*self._changes, return_exceptions=True)

    # -- looking -------------------------------------------------------------

    def _on_query(self, query: LibraryQuery) -> None:
        self._tasks.start(self._show(query), "list the library", replace=True)

    async def _show(self, query: LibraryQuery) -> None:
        found = await asyncio.to_thread(self._find, query)
        everything = found.everything
        self._view.show_choices(everything.models, everything.languages, everything.tags)
        is_empty = not everything.entries and not query.is_bin
        if not query.is_bin:
            self._view.strip.show_projects(everything.projects, len(everything.entries))
            if self._view.strip.project != query.project:  # it is gone
                self._on_query(self._view.query)
                return
        self._view.strip.setVisible(not query.is_bin)
        self._view.show_rows(found.rows, query, summary=found.summary, is_empty=is_empty)
        if any(row.hit is not None and row.place is None for row in found.rows):
            rows = await asyncio.to_thread(self._placed, found.rows)
            self._view.show_rows(rows, query, summary=found.summary, is_empty=is_empty)

    def _find(self, query: LibraryQuery) -> _Found:
        """Look into the library. Blocks."""
        everything = self._list(query)
        entries = tuple(
            entry
            for entry in everything.entries
            if query.model in {"", entry.model.partition(":")[0]}
            and query.language in {"", entry.language}
            and (not query.tag or query.tag in entry.tags)
            and (query.is_bin or query.project in {None, entry.project_id})
        )
        typed = query.typed.strip()
        if not typed:
            rows = tuple(LibraryRow(entry) for entry in entries)
            summary = counted(
                "LibraryController", len(rows), "1 transcript", "{count} transcripts"
            )
            return _Found(rows, summary if rows else "", everything)
        sought = typed.casefold()
        named = [entry for entry in entries if sought in entry.name.casefold()]
        places = self._hits(query, entries)
        # Each transcript once, below it the places in it.
        by_id = {entry.transcript_id: [LibraryRow(entry)] for entry in named}
        for row in places:
            group = by_id.setdefault(row.entry.transcript_id, [LibraryRow(row.entry)])
            group.append(row)
        rows = tuple(row for group in by_id.values() for row in group)
        summary = counted(
            "LibraryController", len(named) + len(places), "1 found", "{count} found"
        )
        if not rows:
            summary = ""
        if len(places) >= _MOST_HITS:
            summary = counted(
                "LibraryController",
                len(places),
                "the latest match",
                "the latest {count} matches",
            )
        return _Found(rows, summary, everything)

    def _placed(self, rows: tuple[LibraryRow, ...]) -> tuple[LibraryRow, ...]:
        """Find out when found words are spoken and by whom. Blocks."""
        hits = [row.hit for row in rows if row.hit is not None]
        places = iter(self._library.hit_places(hits))
        return tuple(
            row if row.hit is None else replace(row, place=next(places)) for row in rows
        )

    def _list(self, query: LibraryQuery) -> _Everything:
        """List all transcripts in the order asked for; kept until something changes."""
        asked = LibraryQuery(
            sort_by=query.sort_by,
            is_descending=query.is_descending,
            is_bin=query.is_bin,
        )
        if self._listed is None or self._listed[0] != asked:
            entries = self._library.entries(
                Filter(is_deleted=query.is_bin),
                sort_by=query.sort_by,
                is_descending=query.is_descending,
            )
            self._listed = (asked, _Everything.of(entries, self._projects.all()))
        return self._listed[1]

    def _hits(
        self, query: LibraryQuery, entries: Sequence[TranscriptEntry]
    ) -> list[LibraryRow]:
        if query.is_bin:  # what is deleted is not in the search
            return []
        by_id = {entry.transcript_id: entry for entry in entries}
        hits = self._library.search(query.typed, limit=_MOST_HITS)
        return [
            LibraryRow(by_id[hit.transcript_id], hit)
            for hit in hits
            if hit.transcript_id in by_id
        ]

    async def _show_recent(self) -> None:
        entries = await asyncio.to_thread(self._library.entries, Filter(), limit=_RECENT)
        self.recent_listed.emit(
            [
                (entry.transcript_id, entry.name, wording.when(entry.created_ms))
                for entry in entries
            ]
        )

    # -- doing ---------------------------------------------------------------

    def _change(self, change: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Do what was asked for; what fails can be asked for again, with what was typed."""

        async def do() -> None:
            try:
                await change()
            except AppError as error:
                self._stage.say(
                    translated(error.message),
                    button=self.tr("Try again"),
                    answer=lambda: self._change(change, name),
                    is_bad=True,
                    stays=True,
                )

        task = self._tasks.start(do(), name)
        if task is not None:
            self._changes.add(task)
            task.add_done_callback(self._changes.discard)

    def _on_find(self) -> None:
        if self._stage.page is Page.LIBRARY:
            self._view.focus_search()

    def _on_left(self) -> None:
        self._stage.turn_to(self._before)
        self.left.emit()

    def _on_open(self, row: LibraryRow) -> None:
        entry = row.entry
        if entry.deleted_ms is not None:
            self._stage.say(
                self.tr("{name} is in the bin. Restore it to open it.").replace(
                    "{name}", entry.name
                ),
                button=self.tr("Restore"),
                answer=lambda: self._on_restore([entry.transcript_id]),
            )
            return
        hit = row.hit or self._first_hit(entry)
        if hit is None:
            self.transcript_needed.emit(entry.transcript_id, None)
            return

        async def open_at() -> None:
            word = await asyncio.to_thread(self._word_of, hit)
            self.transcript_needed.emit(entry.transcript_id, word)

        self._tasks.start(open_at(), "open at a word", replace=True)

    def _first_hit(self, entry: TranscriptEntry) -> Hit | None:
        """Give the first place found in a transcript that was found by its words alone."""
        sought = self._view.query.typed.strip().casefold()
        row = self._view.model.find(entry.transcript_id)
        if not sought or sought in entry.name.casefold() or row is None:
            return None
        below = row + 1
        is_last = below >= self._view.model.rowCount()
        return None if is_last else self._view.model.row_at(below).hit

    def _word_of(self, hit: Hit) -> int:
        """Give a found word's place in reading order. Blocks."""
        paragraphs = self._library.load(hit.transcript_id).transcript.paragraphs
        before = sum(len(paragraph.words) for paragraph in paragraphs[: hit.paragraph_index])
        return before + hit.word_index

    def rename(self, transcript_id: str, name: str) -> None:
        """Give a transcript another name; ``renamed`` tells when it has it."""

        async def rename() -> None:
            query = TranscriptId(transcript_id)
            await asyncio.to_thread(
                lambda: self._library.rename(query, name, now_ms=self._now_ms())
            )
            self.renamed.emit(transcript_id, name)
            self.refresh()

        self._change(rename, "rename a transcript")

    def _on_tags(self, tagged: list[tuple[TranscriptId, list[str]]]) -> None:
        def save_all() -> None:
            for transcript_id, tags in tagged:
                self._library.set_tags(transcript_id, tags)

        async def save() -> None:
            await asyncio.to_thread(save_all)
            self.refresh()

        self._change(save, "keep tags")

    def _on_delete(self, ids: list[TranscriptId]) -> None:
        async def delete() -> None:
            await asyncio.to_thread(lambda: self._library.delete(ids, now_ms=self._now_ms()))
            self.refresh()
            self._stage.say(
                counted(
                    "LibraryController",
                    len(ids),
                    "1 transcript is in the bin",
                    "{count} transcripts are in the bin",
                ),
                button=self.tr("Undo"),
                answer=lambda: self._on_restore(ids),
            )

        self._change(delete, "delete transcripts")

    def _on_restore(self, ids: list[TranscriptId]) -> None:
        async def restore() -> None:
            await asyncio.to_thread(self._library.restore, ids)
            self.refresh()
            self._stage.say(
                counted(
                    "LibraryController",
                    len(ids),
                    "1 transcript is back in the library",
                    "{count} transcripts are back in the library",
                )
            )

        self._change(restore, "restore transcripts")

    def _on_purge(self, ids: list[TranscriptId]) -> None:
        sheet = ChoiceSheet(
            counted(
                "LibraryController",
                len(ids),
                "Delete this transcript permanently?",
                "Delete {count} transcripts permanently?",
            ),
            self.tr(
                "The words, your edits and saved copies will be gone. Recordings stay "
                "where they are."
            ),
            (("purge", self.tr("Delete permanently")), ("keep", self.tr("Keep"))),
            self._stage.dialog_parent,
        )

        async def purge() -> None:
            copies = await asyncio.to_thread(self._library.purge, ids)
            await asyncio.to_thread(remove_copies, copies)
            self.refresh()

        def on_answered(answer: str) -> None:
            if answer == "purge":
                self._change(purge, "delete for good")

        sheet.answered.connect(on_answered)
        sheet.open()

    def _on_reveal(self, row: LibraryRow) -> None:
        folder = Path(row.entry.source).parent
        url = QUrl.fromLocalFile(str(folder))
        if not is_folder(folder) or not QDesktopServices.openUrl(url):
            self._stage.say(
                self.tr("The folder {folder} no longer exists.").replace(
                    "{folder}", str(folder)
                )
            )


def _model(model: str) -> str:
    return wording.model_name(model)


def _choices(
    entries: Sequence[TranscriptEntry],
    value_of: Callable[[TranscriptEntry], str],
    name_of: Callable[[str], str],
) -> list[tuple[str, str]]:
    """Give what occurs, as pairs of name and value, by name."""
    values = {value_of(entry) for entry in entries} - {""}
    return sorted(((name_of(value), value) for value in values), key=lambda one: one[0])

"""Every signal between rooms, in one list; a room never connects to another one itself."""

from __future__ import annotations

from app.bootstrap.errands import Errands, is_local
from app.bootstrap.furnish import Front
from app.bootstrap.leaving import Leaving
from app.bootstrap.rooms import Rooms
from app.bootstrap.single import FilesListener
from app.core.job import Repeat
from app.core.options import TranscriptionOptions
from app.core.preferences import Settings
from app.ui.actions import ActionId
from app.ui.stage import Page
from app.ui.window import MainWindow
from app.ui.wording import goes_into


def wire(  # noqa: PLR0915 - one list, for one look
    window: MainWindow,
    front: Front,
    rooms: Rooms,
    errands: Errands,
    leaving: Leaving,
    others: FilesListener,
) -> None:
    """Let the rooms hear of each other."""
    queue, reading, library = rooms.queue, rooms.reading, rooms.library
    settings, keys, account = rooms.settings, rooms.keys, rooms.account
    options, guide = front.side.options, rooms.guide

    def show_page(page: Page) -> None:
        if page is not Page.TRANSCRIPT:
            rooms.reopened.end()
        front.side.queue.show_library_open(page is Page.LIBRARY)
        front.menu.offer_page(is_open=page is Page.TRANSCRIPT)

    def show_target() -> None:
        shown = rooms.library_view.shown_project
        is_seen = window.page is Page.LIBRARY and shown is not None
        text = goes_into(shown.name if is_seen and shown is not None else "")
        front.side.queue.show_target(text)
        window.show_target(text)

    def show_place(chosen: TranscriptionOptions) -> None:
        front.empty.show_place(is_local=is_local(chosen))

    def save_reading(is_on: bool) -> None:  # noqa: FBT001 - a slot
        settings.note({"reads_speakers": is_on})

    def note_pause(is_paused: bool) -> None:  # noqa: FBT001 - a slot
        settings.note({"is_queue_paused": is_paused})

    def transcribe_again(wanted: Repeat) -> None:
        queue.transcribe_again([wanted])

    def show_settings(now: Settings) -> None:
        options.show_languages(favourites=now.favourite_languages, recent=now.recent_languages)
        show_place(now.options)

    # The window
    window.page_turned.connect(show_page)
    window.page_turned.connect(show_target)
    window.sources_dropped.connect(queue.adding.take)
    window.geometry_changed.connect(lambda: settings.save_geometry(*window.pack_geometry()))
    window.close_requested.connect(leaving.ask)
    window.restart_requested.connect(leaving.restart)
    others.files_given.connect(errands.take_files)
    others.refused.connect(errands.tell_refused)

    # The queue
    queue.job_shown.connect(errands.show_job)
    rooms.growing.ended.connect(queue.show_anew)
    queue.transcript_needed.connect(errands.show_transcript)
    queue.adding.transcripts_dropped.connect(rooms.imports.take)
    queue.details_needed.connect(rooms.recovery.show_details)
    queue.log_needed.connect(rooms.recovery.look_in_log)
    queue.key_needed.connect(keys.open)
    queue.key_refused.connect(keys.open_because)
    queue.settings_needed.connect(settings.open)
    queue.other_region_needed.connect(errands.try_other_region)
    queue.stands.connect(rooms.work.show_standing)
    queue.paused.connect(note_pause)
    rooms.work.transcript_made.connect(library.refresh)
    rooms.work.transcript_made.connect(rooms.updates.on_transcript_made)
    rooms.work.window_wanted.connect(window.come_forward)

    # What is being recorded
    rooms.recording.live_begun.connect(rooms.live_tail.begin)
    rooms.recording.live_begun.connect(errands.show_transcript)
    rooms.recording.live_grew.connect(rooms.live_sound.extend)
    rooms.recording.live_words.connect(rooms.live_tail.show_words)
    rooms.recording.live_over.connect(rooms.live_tail.end)
    reading.opened.connect(rooms.live_tail.look_at_page)
    reading.left.connect(rooms.live_tail.look_at_page)
    rooms.recording.live_recorded.connect(errands.reload_sound)

    # The transcript on the page
    reading.opened.connect(errands.offer_fetching)
    reading.opened.connect(errands.remember_opened)
    reading.opened.connect(rooms.reopened.end)
    reading.left.connect(rooms.reopened.end)
    front.head.rename_requested.connect(errands.rename_on_page)
    front.actions[ActionId.RENAME].triggered.connect(front.head.begin_rename)
    reading.opened.connect(rooms.comparing.follow)
    reading.opened.connect(rooms.spelling.follow)
    rooms.comparing.again_requested.connect(transcribe_again)
    rooms.work.transcript_made.connect(rooms.comparing.offer_new)
    reading.opened.connect(rooms.retiming.follow)
    reading.sound_shown.connect(rooms.retiming.show_sound)
    reading.recording_missed.connect(rooms.attaching.show_missing)
    rooms.session.position_changed.connect(rooms.retiming.show_position)
    rooms.retiming.seek_requested.connect(rooms.session.seek)
    for forget in (
        rooms.comparing.follow,
        rooms.spelling.follow,
        rooms.retiming.follow,
        rooms.step_teller.follow,
        rooms.speaker_reader.follow,
        rooms.reviewing.take,
    ):
        reading.left.connect(forget)
    reading.changed.connect(library.refresh)
    reading.changed.connect(leaving.note_saved)
    reading.again_requested.connect(transcribe_again)
    rooms.fetching.fetched.connect(errands.reload_sound)
    rooms.page.hits_changed.connect(rooms.bar.timeline.show_hits)
    rooms.page.low_confidence_changed.connect(rooms.bar.timeline.show_low_confidence)
    rooms.page.wordless_changed.connect(rooms.bar.timeline.show_wordless)

    reading.opened.connect(rooms.step_teller.follow)
    reading.opened.connect(rooms.speaker_reader.follow)
    rooms.speaker_reader.switched.connect(save_reading)

    # Finding one's way
    guide.welcome.sample_requested.connect(front.empty.sample_requested)
    guide.welcome.key_requested.connect(keys.open)
    guide.welcome.options_chosen.connect(options.show_options)
    guide.welcome.options_chosen.connect(settings.save_options)
    guide.welcome.options_chosen.connect(show_place)
    guide.welcome.options_chosen.connect(account.follow_options)
    guide.welcome.seen.connect(settings.note)
    guide.help.check_requested.connect(rooms.updates.look_now)
    rooms.updates.told.connect(guide.help.show_check)
    keys.key_changed.connect(guide.welcome.take_key)
    window.page_turned.connect(guide.welcome.follow_page)
    library.recent_listed.connect(guide.welcome.follow_library)
    reading.opened.connect(guide.welcome.show_around)
    reading.changed.connect(guide.announcer.tell_saved)
    library.recent_listed.connect(front.menu.show_recent)
    front.menu.open_recent_with(library.open)
    for offer in (guide.commands, front.menu.page):
        offer.about_to_offer.connect(rooms.page_menu.about_to_offer)
    guide.commands.offered.connect(rooms.page_menu.aboutToHide)
    front.menu.page.aboutToHide.connect(rooms.page_menu.aboutToHide)

    # The library
    library.transcript_needed.connect(errands.show_transcript)
    rooms.reviewing.notes.transcript_needed.connect(errands.show_transcript)
    library.shown.connect(errands.make_way_for_library)
    library.left.connect(errands.go_back_from_library)
    library.renamed.connect(errands.show_name)
    rooms.projects.changed.connect(library.refresh)
    rooms.library_view.strip.shown.connect(show_target)
    rooms.projects.words_changed.connect(rooms.spelling.follow_words)
    library.recent_listed.connect(front.empty.show_recent)
    front.empty.recent_requested.connect(library.open)
    rooms.replacing.replaced.connect(library.refresh)
    rooms.backup.restore_requested.connect(leaving.restore)

    # Export and import
    front.side.queue.export_requested.connect(rooms.exports.export_many)
    rooms.library_view.export_requested.connect(rooms.exports.export_many)
    rooms.imports.imported.connect(errands.show_transcript)
    front.model.write_files_by(rooms.exports.write_dragged)
    rooms.library_view.model.write_files_by(rooms.exports.write_dragged)

    # The options of the next recordings
    options.options_changed.connect(settings.save_options)
    options.options_changed.connect(account.follow_options)
    options.favourite_toggled.connect(settings.toggle_favourite)
    rooms.models.packages_found.connect(options.show_packages)
    rooms.models.package_removed.connect(options.forget_package)

    # The service
    account.model_chosen.connect(options.show_options)
    account.model_chosen.connect(show_place)
    account.prices_changed.connect(lambda: front.model.show_costs(account.cost_text))
    account.cost_told.connect(options.show_cost)
    account.balance_told.connect(options.show_balance)
    account.key_needed.connect(keys.open)
    keys.key_changed.connect(errands.go_on_with_key)
    keys.key_changed.connect(account.on_key_changed)
    rooms.deliveries.refused.connect(options.refuse_webhook)
    rooms.deliveries.settings_needed.connect(settings.open)

    # The settings
    settings.settings_shown.connect(show_settings)
    settings.settings_changed.connect(errands.follow_settings)
    settings.key_needed.connect(keys.open)
    settings.explanation_needed.connect(front.actions[ActionId.PRIVACY].trigger)

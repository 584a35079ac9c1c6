"""The desk of one signed-in person: their window, pages, lock and verification.

Owns what lives from sign-in to sign-out, and takes it down in order; signing in is
`desk_assembly`'s, what a page does is the page's.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.models.errors import TeakError
from app.services.drafts import PersonalDrafts
from app.services.log.checkpoints import keep_checkpoint
from app.services.people.sign_in import SignedIn, unlock
from app.services.people.traffic import record_sign_out
from app.services.registry.opening import close_registry
from app.services.registry.server_line import STANDARD_PATIENCE, LinePatience
from app.services.registry.settings import get_idle_lock_minutes
from app.views.changes import Changes
from app.views.components.form import Form
from app.views.desk import Desk
from app.views.desk_line import DeskLine, database_words
from app.views.found import find_hits
from app.views.frame.top_bar import Person
from app.views.idle_lock import IdleLock
from app.views.main_window import MainWindow
from app.views.page_entries import page_entries
from app.views.pages.context import PageContext
from app.views.presenters.charts.collected import StationAccess, make_feed
from app.views.sign_in_window import DemoPeople, SignInPanel
from app.views.tasks import TaskRunner
from app.views.theme.fonts import load_chinese_font
from app.views.verification_state import VerificationState
from app.views.waiting_counts import WaitingCounts
from app.views.worker_state import WorkerState

_log = logging.getLogger(__name__)
_SETTLED_AFTER_MS = 400
"""What the first window need not wait for begins once it stands."""


class DeskSession(QObject):
    """One person at the desk; `ended` carries whether somebody may sign in next."""

    ended = Signal(bool)

    def __init__(
        self,
        application: QApplication,
        desk: Desk,
        signed_in: SignedIn,
        *,
        host: str,
        demo_people: DemoPeople | None = None,
        patience: LinePatience = STANDARD_PATIENCE,
        access: StationAccess | None = None,
    ) -> None:
        super().__init__()
        self._signed_in = signed_in
        self._host = host
        self._demo_people = demo_people
        self._ended = False
        registry, actor = signed_in.registry, signed_in.actor
        # Work, and news of changes, of one person never reach the next one's window.
        self.desk = replace(desk, tasks=TaskRunner(), changes=Changes())
        self.lock = IdleLock(application, registry.idle_lock_minutes * 60)
        made = make_feed(registry, actor, access)
        self.stations = made[1] if made is not None else None
        self.context = PageContext(
            stations=made[0] if made is not None else None,
            lines=access.bench if access is not None else None,
            registry=registry,
            actor=actor,
            desk=self.desk,
            drafts=PersonalDrafts(registry, actor),
            open_page=self._open_page,
        )
        self.verification = VerificationState(self.desk, registry)
        self.worker = WorkerState(self.desk, registry)
        self.window = MainWindow(
            self.desk,
            page_entries(self.context, self.verification, self.worker),
            person=Person(actor.name.split("·")[0].strip(), f"roles.{actor.role}"),
            search=lambda words: find_hits(registry, words),
            lock=self.lock,
        )
        self.counts = WaitingCounts(self.context, self.window)
        self.line = None if registry.server is None else self._make_line(patience)
        self._connect()

    def start(self) -> None:
        """Show the window, start the lock's clock, and verify the log."""
        self.window.status_line.show_database(
            self._signed_in.registry.label, words_key=database_words(self._signed_in.registry)
        )
        self.window.show()
        self.lock.start()
        self.counts.refresh()
        self.worker.start()
        if self.line is not None:
            self.line.start()
        QTimer.singleShot(_SETTLED_AFTER_MS, self, self._settle)

    def _settle(self) -> None:
        if self._ended:
            return
        load_chinese_font()
        if self.stations is not None:
            self.desk.tasks.run(self.stations.start)
        self.verification.start()

    def _open_page(self, key: str, target: str) -> None:
        self.window.show_page(key, target)

    def _make_line(self, patience: LinePatience) -> DeskLine:
        line = DeskLine(
            self.desk,
            self.window,
            self.lock,
            self._signed_in,
            host=self._host,
            demo_people=self._demo_people,
            patience=patience,
        )
        line.other_person_asked.connect(lambda: self.end(signed_out=True))
        return line

    def _connect(self) -> None:
        self.lock.locked.connect(self._cover)
        self.window.sign_out_asked.connect(lambda: self.end(signed_out=True))
        self.window.closed.connect(lambda: self.end(signed_out=False))
        self.window.notices_asked.connect(lambda: self.window.show_page("inbox"))
        self.verification.changed.connect(self._show_verification)
        self.worker.changed.connect(self._show_worker)
        self.desk.changes.told.connect(self._read_settings)
        self.desk.changes.told.connect(self._reload_stations)

    def _read_settings(self, kinds: frozenset[str]) -> None:
        if "settings" not in kinds:
            return
        self.desk.tasks.run(
            lambda: get_idle_lock_minutes(self._signed_in.registry),
            on_done=lambda minutes: self.lock.set_idle(minutes * 60),
        )

    def _reload_stations(self, kinds: frozenset[str]) -> None:
        if self.stations is not None and kinds & {"calibrations", "stations"}:
            self.desk.tasks.run(self.stations.reload)

    def _cover(self) -> None:
        panel = SignInPanel(
            self.desk,
            self._unlock,
            registry_name=self._signed_in.registry.label,
            demo_people=self._demo_people,
            locked_user=self._signed_in.actor.user_name,
        )
        panel.signed_in.connect(lambda _none: self._uncover())
        panel.other_person_asked.connect(lambda: self.end(signed_out=True))
        self.window.cover(panel)

    def _unlock(self, _user: str, passphrase: str, code: str) -> None:
        unlock(
            self._signed_in.registry,
            self._signed_in.actor,
            passphrase=passphrase,
            code=code,
            host=self._host,
        )

    def _uncover(self) -> None:
        self.window.uncover()
        self.lock.start()

    def _show_verification(self) -> None:
        last = self.verification.last
        if last is not None:
            self.window.status_line.show_verification(
                last.when, entries=last.result.entries, whole=last.result.ok
            )

    def _show_worker(self) -> None:
        standing = self.worker.last
        if standing is not None:
            self.window.status_line.show_worker(
                is_active=standing.is_active,
                waiting=standing.waiting,
                has_problem=bool(standing.problem),
            )

    def end(self, *, signed_out: bool = False) -> None:
        """Take the desk down; the window goes last when somebody may sign in next."""
        if self._ended:
            return
        self._ended = True
        self.lock.stop()
        self.lock.deleteLater()
        for form in self.window.findChildren(Form):
            form.keep_draft()
        self.window.put_down()
        registry = self._signed_in.registry
        if self.stations is not None:
            self.desk.tasks.run(self.stations.stop, outlasts=True)
        if self.line is not None:
            self.line.stop()
            # A server that has fallen silent must not hold the window.
            self.desk.tasks.run(self._leave, outlasts=True)
        self.desk.tasks.shut_down()
        if self.line is None:
            self._leave()
        close_registry(registry)
        self.ended.emit(signed_out)
        self.window.close()
        self.window.deleteLater()

    def _leave(self) -> None:
        registry, actor = self._signed_in.registry, self._signed_in.actor
        try:
            record_sign_out(registry, actor, host=self._host)
            keep_checkpoint(registry)
        except TeakError as error:
            # Whoever leaves a registry that fails must get away from it all the same.
            _log.warning("the sign-out of %s is not recorded: %s", actor.user_name, error)

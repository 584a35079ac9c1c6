"""The desk's windows over one registry: sign-in, then the desk of whoever signed in.

Owns which of the two stands, and taking them down; opening the registry's file is the
services', what stands in a window the window's.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.models.errors import ConnectionLost, SessionEnded
from app.models.server_place import ServerPlace
from app.services.people.demo import DemoPerson as CodedPerson
from app.services.people.demo import demo_people
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.people.sign_in import SignedIn, sign_in
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import close_registry, open_demo
from app.views.desk import Desk
from app.views.dialogs.error_dialogs import ErrorReporter
from app.views.garbage import WindowGarbage
from app.views.sign_in_window import DemoPeople, DemoPerson, SignInWindow
from app.views.theme.tokens import WINDOW_START

if TYPE_CHECKING:
    from app.views.desk_session import DeskSession
    from app.views.presenters.charts.collected import StationAccess


class DeskAssembly(QObject):
    """Shows the sign-in window and the desk by turns, never neither.

    `demo` is the registry opened without a person, to show the demo people and their codes;
    None for a real registry. `catches_errors` shows what no code catches in a dialog. When the
    last window is closed the application ends by itself; whoever runs it then calls `shut_down`.
    With `offers_other` the sign-in window has a way back: `other_registry_asked`.
    """

    other_registry_asked = Signal()

    def __init__(
        self,
        application: QApplication,
        desk: Desk,
        place: Path | ServerPlace,
        *,
        demo: OpenRegistry | None,
        catches_errors: bool = False,
        access: StationAccess | None = None,
        offers_other: bool = False,
    ) -> None:
        super().__init__()
        self._access = access
        self._offers_other = offers_other
        self._application = application
        self._desk = desk
        self._place = place
        self._demo = demo
        self._catches_errors = catches_errors
        self._host = socket.gethostname()
        self._reporter: ErrorReporter | None = None
        self.sign_in_window: SignInWindow | None = None
        self.session: DeskSession | None = None
        self._garbage = WindowGarbage(self)
        desk.language.changed.connect(self._follow_language)

    def start(self) -> None:
        """Show the sign-in window."""
        window = SignInWindow(
            self._desk,
            self._sign_in,
            registry_name=_name_of(self._place),
            demo_people=self._demo_people(),
            offers_other=self._offers_other,
        )
        window.panel.other_registry_asked.connect(self.other_registry_asked)
        window.panel.signed_in.connect(self._open_session)
        self._reporter = ErrorReporter(self._desk, window)
        if self._catches_errors:
            self._reporter.install()
        self.sign_in_window = window
        window.resize(*WINDOW_START)
        window.show()
        window.activateWindow()

    def shut_down(self) -> None:
        """End the session, the work under way and the registries; safe to call twice."""
        if self._catches_errors:
            sys.excepthook = sys.__excepthook__
        if self.session is not None:
            self.session.end()
            self.session = None
        if self.sign_in_window is not None:
            self._drop_sign_in()
        self._desk.tasks.shut_down()
        self._garbage.stop()
        if self._demo is not None:
            close_registry(self._demo)
            self._demo = None

    def _sign_in(self, user: str, passphrase: str, code: str) -> SignedIn:
        return sign_in(self._place, user=user, passphrase=passphrase, code=code, host=self._host)

    def _demo_people(self) -> DemoPeople | None:
        if self._demo is None:
            return None

        def people() -> Sequence[DemoPerson]:
            demo = self._demo
            if demo is None:
                return []
            return [
                DemoPerson(
                    user_name=person.user_name,
                    name=person.name,
                    role_key=f"roles.{person.role}",
                    passphrase=DEMO_PASSPHRASE,
                    code=person.code,
                    seconds_left=person.seconds_left,
                )
                for person in self._read_demo_people(demo)
            ]

        return people

    def _read_demo_people(self, demo: OpenRegistry) -> Sequence[CodedPerson]:
        """Read them; nobody while their server does not answer: signing in says so."""
        try:
            return demo_people(demo)
        except SessionEnded:
            self._demo = open_demo(self._place)
            close_registry(demo)
        except ConnectionLost:
            pass
        return ()

    def _open_session(self, signed_in: SignedIn) -> None:
        # The pages are many; the first window does not wait for them.
        from app.views.desk_session import DeskSession

        session = DeskSession(
            self._application,
            self._desk,
            signed_in,
            host=self._host,
            demo_people=self._demo_people(),
            access=self._access,
        )
        session.ended.connect(self._close_session)
        self.session = session
        session.start()
        self._drop_sign_in()
        if self._catches_errors:
            session.window.errors.install()

    def _close_session(self, signed_out: bool) -> None:
        self.session = None
        if signed_out:
            self.start()

    def _drop_sign_in(self) -> None:
        window, self.sign_in_window = self.sign_in_window, None
        self._reporter = None
        if window is not None:
            # Where no window manager does it, the keyboard must be given to the desk.
            window.destroyed.connect(self._activate_desk)
            window.close()
            window.deleteLater()

    def _activate_desk(self) -> None:
        if self.session is not None:
            self.session.window.activateWindow()

    def _follow_language(self) -> None:
        self._desk.theme.set_language(self._desk.language.code)


def _name_of(place: Path | ServerPlace) -> str:
    return place.label if isinstance(place, ServerPlace) else place.name

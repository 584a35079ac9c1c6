"""What the desk does as its line to the server breaks, comes back, or tells of others' acts.

Owns the banner, the database's lamp, signing in again over the windows as they stand, and having
everything fetched anew afterwards. Watching the line is `server_watch`'s; nothing that was typed
is touched here.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.models.errors import ConnectionLost, SessionEnded
from app.services.people.networked_sign_in import sign_in_again
from app.services.people.signed_in import SignedIn
from app.services.registry.context import OpenRegistry
from app.services.registry.server_line import STANDARD_PATIENCE, LinePatience
from app.views.changes import CONNECTION
from app.views.components.form import Form
from app.views.components.message_bar import MessageBar
from app.views.desk import Desk
from app.views.idle_lock import IdleLock
from app.views.main_window import MainWindow
from app.views.server_watch import LineState, ServerWatch
from app.views.sign_in_window import DemoPeople, SignInPanel
from app.views.theme.tokens import Tone

_OVER = (ConnectionLost.code, "no-connection", SessionEnded.code)
"""Codes of messages that mean nothing any more once the server answers again."""


def database_words(registry: OpenRegistry) -> str:
    """Give the key of the words for how the registry is kept from others' eyes."""
    if registry.server is None:
        return "status.encrypted"
    return "line.encrypted" if registry.server.place.is_encrypted else "line.on_this_machine"


class DeskLine(QObject):
    """Of a desk on a server; `other_person_asked` follows giving up to sign in again."""

    other_person_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        lock: IdleLock,
        signed_in: SignedIn,
        *,
        host: str,
        demo_people: DemoPeople | None = None,
        patience: LinePatience = STANDARD_PATIENCE,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._lock = lock
        self._signed_in = signed_in
        self._host = host
        self._demo_people = demo_people
        self.watch = ServerWatch(signed_in.registry, patience=patience)
        self.watch.changed.connect(self._follow)
        self.watch.heard.connect(lambda kinds: desk.changes.tell(*kinds))
        desk.tasks.met.connect(self._take_problem)
        window.errors.leave_out(ConnectionLost, SessionEnded)
        window.banner.acted.connect(self.watch.try_now)
        desk.language.changed.connect(self._show)

    def start(self) -> None:
        """Begin to watch the line."""
        self.watch.start()

    def stop(self) -> None:
        """Watch no more."""
        self.watch.stop()

    def _take_problem(self, error: Exception) -> None:
        if isinstance(error, SessionEnded):
            self.watch.end()
        elif isinstance(error, ConnectionLost):
            self.watch.doubt()

    def _follow(self) -> None:
        self._show()
        if self.watch.state is LineState.ENDED:
            self._ask_to_sign_in()
        elif self.watch.state is LineState.HOLDS:
            self._catch_up()

    def _show(self) -> None:
        holds, language = self.watch.state is LineState.HOLDS, self._desk.language
        registry = self._signed_in.registry
        self._window.status_line.show_database(
            registry.label,
            connected=self.watch.state is not LineState.LOST,
            words_key=database_words(registry),
        )
        if holds:
            self._window.banner.clear()
        elif self.watch.state is LineState.LOST:
            self._window.banner.say(
                Tone.AMBER,
                language.text("line.lost", place=self._signed_in.registry.label),
                language.text("line.lost_sentence"),
                action=language.text("line.try_now"),
            )

    def _catch_up(self) -> None:
        """Fetch everything anew, keep what could not be kept, and let pages ask what became."""
        for bar in self._window.findChildren(MessageBar):
            bar.clear_code(*_OVER)
        for form in self._window.findChildren(Form):
            form.keep_draft_again()
        self._window.refresh_all()
        self._desk.changes.tell(CONNECTION, "transactions", "settings")

    def _ask_to_sign_in(self) -> None:
        self._lock.stop()
        panel = SignInPanel(
            self._desk,
            self._sign_in,
            registry_name=self._signed_in.registry.label,
            demo_people=self._demo_people,
            locked_user=self._signed_in.actor.user_name,
            is_over=True,
        )
        panel.signed_in.connect(lambda _none: self._go_on())
        panel.other_person_asked.connect(self.other_person_asked)
        self._window.cover(panel)

    def _sign_in(self, _user: str, passphrase: str, code: str) -> None:
        sign_in_again(
            self._signed_in.registry,
            self._signed_in.actor,
            passphrase=passphrase,
            code=code,
            host=self._host,
        )

    def _go_on(self) -> None:
        self._window.uncover()
        self._lock.start()
        self.watch.try_now()

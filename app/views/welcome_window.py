"""The window that stands while no registry is open: ways to one, and those used lately.

Owns the ways and what is typed into them; finding, opening and making registries is the
presenter's, off the window's thread. `opened` carries the `FoundRegistry`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.registry.context import system_clock
from app.views.components.fields import Field, FieldKind
from app.views.components.form import Form, FormPlan
from app.views.components.labels import IconLabel, role_label, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.desk import Desk
from app.views.dialogs.enrolment import EnrolmentDialog
from app.views.dialogs.passphrase_fields import (
    PASSPHRASE_FIELDS,
    said_problems,
    show_typed_passphrase,
)
from app.views.frame.top_bar import LanguageSwitch, ThemeSwitch
from app.views.presenters.welcome import (
    CreatedFile,
    FoundRegistry,
    WelcomePresenter,
    creation_problems,
    server_address,
    server_problems,
)
from app.views.theme.tokens import (
    GAP_L,
    GAP_M,
    GAP_XL,
    ICON_EMPTY,
    WELCOME_SIZE,
    WINDOW_MINIMUM,
    Tone,
)
from app.views.welcome_parts import RecentCard, WaysCard

_KINDS = "Teak (*.teak);;* (*)"

_SERVER = FormPlan(
    name="welcome-server",
    title_key="welcome.server",
    act_key="welcome.connect",
    icon="cable",
    act_icon="arrow-right",
    checks=False,
    fields=(
        Field("server", "welcome.server_field", hint_key="welcome.server_hint"),
        Field("database", "welcome.database_field", hint_key="welcome.database_hint"),
        Field(
            "certificate",
            "welcome.certificate_field",
            FieldKind.FILE,
            hint_key="welcome.certificate_hint",
            optional=True,
        ),
    ),
)

_CREATION = FormPlan(
    name="welcome-creation",
    title_key="welcome.create",
    act_key="welcome.create_act",
    icon="circle-plus",
    act_icon="check",
    checks=False,
    fields=(
        Field("registry_name", "welcome.name_field", half=True),
        Field("registry_name_th", "welcome.name_th_field", half=True, optional=True),
        Field("name", "welcome.administrator", hint_key="people.name_hint", half=True),
        Field(
            "user_name",
            "people.user_name",
            hint_key="people.user_name_hint",
            initial="admin",
            half=True,
        ),
        *PASSPHRASE_FIELDS,
    ),
)


class WelcomeWindow(QFrame):
    """`opened` carries the `FoundRegistry` that the person chose."""

    opened = Signal(object)

    def __init__(self, desk: Desk, presenter: WelcomePresenter) -> None:
        super().__init__()
        self._desk = desk
        self._presenter = presenter
        self._path = ""
        self.setProperty("role", "page")
        self.message = MessageBar(desk)
        self.recent = RecentCard(desk)
        self.ways = WaysCard(desk)
        self.server = Form(desk, _SERVER)
        self.creation = Form(desk, _CREATION)
        self.right = QStackedWidget()
        self._build()
        self._connect()
        self.show_recent()
        self.setMinimumSize(*WINDOW_MINIMUM)
        desk.language.keep(self, self.setWindowTitle, "brand.name")
        desk.theme.keep_icon(self, self.setWindowIcon, "trees", lambda palette: palette.teak)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand where one begins: at the registry used last, else at the first way."""
        super().showEvent(event)
        (self.recent.first() or self.ways.buttons["open"]).setFocus()

    def show_recent(self) -> None:
        """Show the registries used lately."""
        self.recent.show_rows(self._presenter.recent())

    def open(self, text: str) -> None:
        """Look at a registry and go on to it; a failure is said here."""
        self._run(lambda: self._presenter.open(text), self._found)

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP_XL, GAP_L, GAP_L, GAP_XL)
        outer.setSpacing(GAP_L)
        switches = QHBoxLayout()
        switches.addStretch()
        switches.addWidget(LanguageSwitch(self._desk))
        switches.addWidget(ThemeSwitch(self._desk))
        middle = QWidget()
        middle.setProperty("role", "clear")
        middle.setMaximumSize(*WELCOME_SIZE)
        words = QVBoxLayout(middle)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(GAP_XL)
        words.addLayout(self._build_head())
        words.addWidget(self.message)
        columns = QHBoxLayout()
        columns.setSpacing(GAP_XL)
        for widget in (self.ways, self.server, self.creation):
            self.right.addWidget(widget)
        columns.addWidget(self.recent, 2)
        columns.addWidget(self.right, 3)
        words.addLayout(columns, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        outer.addStretch(1)
        outer.addLayout(row, 100)
        outer.addStretch(2)
        # Drawn first but added last: Tab begins with what one came for.
        outer.insertLayout(0, switches)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(GAP_M)
        picture = IconLabel(self._desk, "trees", lambda palette: palette.teak, size=ICON_EMPTY)
        head.addWidget(picture, alignment=Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        title, sentence = role_label("title"), wrapped_label("muted")
        self._desk.language.keep(title, title.setText, "welcome.title")
        self._desk.language.keep(sentence, sentence.setText, "welcome.sentence")
        words.addWidget(title)
        words.addWidget(sentence)
        head.addLayout(words, 1)
        return head

    def _connect(self) -> None:
        self.recent.chosen.connect(self.open)
        self.recent.removed.connect(self._forget)
        ways = self.ways.buttons
        ways["open"].clicked.connect(self._ask_file)
        ways["server"].clicked.connect(lambda: self._show_form(self.server, "server"))
        ways["create"].clicked.connect(self._ask_new_file)
        ways["demo"].clicked.connect(self._open_demonstration)
        self.server.submitted.connect(self._connect_to_server)
        self.creation.submitted.connect(self._create)
        self.creation.changed.connect(self._show_typed)
        for form in (self.server, self.creation):
            form.cancelled.connect(self._show_ways)

    def _forget(self, text: str) -> None:
        self._presenter.forget(text)
        self.show_recent()
        (self.recent.first() or self.ways.buttons["open"]).setFocus()

    def _show_ways(self) -> None:
        self.message.clear()
        self.right.setCurrentWidget(self.ways)
        self.ways.buttons["open"].setFocus()

    def _show_form(self, form: Form, first: str) -> None:
        self.message.clear()
        self.right.setCurrentWidget(form)
        form.field(first).setFocus()

    # Ways

    def _ask_file(self) -> None:
        title = self._desk.language.text("welcome.open")
        name, _chosen = QFileDialog.getOpenFileName(self, title, "", _KINDS)
        if name:
            self.open(name)

    def _ask_new_file(self) -> None:
        title = self._desk.language.text("welcome.create")
        name, _chosen = QFileDialog.getSaveFileName(self, title, "registry.teak", _KINDS)
        if name:
            self._path = name
            self._show_form(self.creation, "registry_name")

    def _open_demonstration(self) -> None:
        language = self._desk.language
        self._run(self._presenter.open_demonstration, self._found)
        self.message.say(
            Tone.BLUE, language.text("welcome.making_demo"), language.text("welcome.making_hint")
        )

    def _connect_to_server(self, values: dict[str, str]) -> None:
        problems = server_problems(values)
        if problems:
            self.server.set_running(running=False)
            said = said_problems(problems, self._desk.language)
            self.server.show_problems(said, focus=True)
            return
        self.server.show_problems(())
        self._run(lambda: self._presenter.open(server_address(values)), self._found)

    def _show_typed(self, values: dict[str, str]) -> None:
        show_typed_passphrase(
            self.creation, values, self._desk.language, user_name=values["user_name"]
        )

    def _create(self, values: dict[str, str]) -> None:
        problems = creation_problems(values)
        if problems:
            self.creation.set_running(running=False)
            said = said_problems(problems, self._desk.language)
            self.creation.show_problems(said, focus=True)
            return
        path = self._path
        self._run(lambda: self._presenter.create(path, values), self._show_enrolment)

    def _show_enrolment(self, created: CreatedFile) -> None:
        self.creation.finish()
        self._show_ways()
        dialog = EnrolmentDialog(self._desk, created.administrator, system_clock, self)
        dialog.setModal(True)
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(lambda _result: self.open(str(created.path)))
        dialog.open()

    # Work

    def _run(self, work: Callable[[], Any], on_done: Callable[[Any], None]) -> None:
        """Run one way; meanwhile no other can be begun."""
        self.message.clear()
        self._set_running(running=True)

        def done(result: object) -> None:
            self.message.clear()
            self._set_running(running=False)
            on_done(result)

        def refused(error: Exception) -> None:
            self._set_running(running=False)
            self.message.say_problem(error)

        self._desk.tasks.run(work, on_done=done, on_error=refused, owner=self)

    def _set_running(self, *, running: bool) -> None:
        self.recent.setEnabled(not running)
        self.ways.setEnabled(not running)
        self.server.set_running(running=running)
        self.creation.set_running(running=running)

    def _found(self, found: FoundRegistry) -> None:
        self._presenter.keep_used(found.place)
        self.opened.emit(found)

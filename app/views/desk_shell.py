"""The desk from its start to its end: the welcome window and the desk of a registry by turns.

Owns which of the two stands, and keeping the language, the colours and the registries used in the
person's memory; what a registry's desk shows is `desk_assembly`'s.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.models.errors import TeakError
from app.models.server_place import ServerPlace
from app.services.registry.opening import open_demo
from app.views.desk import Desk
from app.views.desk_assembly import DeskAssembly
from app.views.dialogs.error_dialogs import ErrorReporter
from app.views.garbage import WindowGarbage
from app.views.language import CODES, Language
from app.views.presenters.welcome import FoundRegistry, WelcomePresenter
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme, ThemeMode
from app.views.theme.tokens import WINDOW_START
from app.views.welcome_window import WelcomeWindow

if TYPE_CHECKING:
    from app.views.presenters.charts.collected import StationAccess


class DeskShell(QObject):
    """Shows the welcome window where no registry is named, and whenever another is asked for.

    `catches_errors` shows what no code catches in a dialog. When the last window is closed the
    application ends by itself; whoever runs it then calls `shut_down`.
    """

    def __init__(
        self,
        application: QApplication,
        presenter: WelcomePresenter,
        *,
        language: str,
        catches_errors: bool = False,
        access: StationAccess | None = None,
    ) -> None:
        super().__init__()
        memory = presenter.memory
        chosen = memory.language if memory.language in CODES else language
        mode = ThemeMode(memory.colours) if memory.colours in list(ThemeMode) else ThemeMode.SYSTEM
        self._application = application
        self._presenter = presenter
        self._access = access
        self._catches_errors = catches_errors
        self._language = Language(chosen)
        self._theme = Theme(application, mode, chosen)
        self._welcome_desk: Desk | None = None
        self._garbage: WindowGarbage | None = None
        self._reporter: ErrorReporter | None = None
        self.welcome: WelcomeWindow | None = None
        self.assembly: DeskAssembly | None = None
        self._language.changed.connect(self._keep_looks)
        self._theme.changed.connect(self._keep_looks)

    def start(self, place: Path | ServerPlace | None) -> None:
        """Show the sign-in of a registry; the welcome window where none is named, or none opens."""
        if place is None:
            self.show_welcome()
            return
        try:
            found = FoundRegistry(place, open_demo(place))
        except TeakError as error:
            self.show_welcome(error)
        else:
            self._presenter.keep_used(place)
            self._go_on(found)

    def show_welcome(self, problem: Exception | None = None) -> None:
        """Show the window from which one goes to a registry, and what stood in the way."""
        desk = Desk(self._language, self._theme, TaskRunner())
        window = WelcomeWindow(desk, self._presenter)
        window.opened.connect(self._go_on)
        self._welcome_desk, self.welcome = desk, window
        self._reporter = ErrorReporter(desk, window)
        if self._catches_errors:
            self._reporter.install()
        if problem is not None:
            window.message.say_problem(problem)
        window.resize(*WINDOW_START)
        window.show()
        window.activateWindow()
        assembly, self.assembly = self.assembly, None
        if assembly is not None:
            assembly.shut_down()
            assembly.deleteLater()
        self._garbage = WindowGarbage(self)

    def shut_down(self) -> None:
        """Take everything down; safe to call twice."""
        if self._catches_errors:
            sys.excepthook = sys.__excepthook__
        if self.assembly is not None:
            self.assembly.shut_down()
            self.assembly = None
        self._drop_welcome()

    def _go_on(self, found: FoundRegistry) -> None:
        desk = Desk(self._language, self._theme, TaskRunner())
        self._stop_garbage()
        assembly = DeskAssembly(
            self._application,
            desk,
            found.place,
            demo=found.demo,
            catches_errors=self._catches_errors,
            access=self._access,
            offers_other=True,
        )
        assembly.other_registry_asked.connect(self.show_welcome)
        self.assembly = assembly
        assembly.start()
        self._drop_welcome()

    def _drop_welcome(self) -> None:
        self._stop_garbage()
        window, self.welcome = self.welcome, None
        desk, self._welcome_desk = self._welcome_desk, None
        self._reporter = None
        if window is not None:
            window.close()
            window.deleteLater()
        if desk is not None:
            desk.tasks.shut_down()

    def _stop_garbage(self) -> None:
        garbage, self._garbage = self._garbage, None
        if garbage is not None:
            garbage.stop()
            garbage.deleteLater()

    def _keep_looks(self) -> None:
        self._theme.set_language(self._language.code)
        self._presenter.keep_looks(language=self._language.code, colours=self._theme.mode.value)

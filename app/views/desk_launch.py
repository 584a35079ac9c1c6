"""Starts the desk on a registry: the Qt application, its surroundings, the first window.

Owns the application's beginning and end; which registry it is, is the composition root's.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from app.models.server_place import ServerPlace
from app.services.desk_memory import demonstration_path
from app.services.registry.context import OpenRegistry
from app.views.desk import Desk
from app.views.desk_assembly import DeskAssembly
from app.views.desk_shell import DeskShell
from app.views.language import Language
from app.views.presenters.welcome import WelcomePresenter
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme, ThemeMode

if TYPE_CHECKING:
    from app.views.presenters.charts.collected import StationAccess


def run_desk(
    place: Path | ServerPlace | None,
    *,
    access: StationAccess | None = None,
    memory_file: Path | None = None,
) -> int:
    """Open the desk and stay until its last window is closed; give the exit status.

    Without a place, or where it cannot be used, the welcome window offers others. With `access`
    the stations of a technician's registry are read. `memory_file` None remembers nothing.
    """
    application = make_application()
    shell = DeskShell(
        application,
        WelcomePresenter(memory_file, demonstration_path()),
        language=system_language(),
        catches_errors=True,
        access=access,
    )
    shell.start(place)
    status = application.exec()
    shell.shut_down()
    return status


def make_application() -> QApplication:
    """Make the one Qt application, or give the one there is."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    application.setApplicationName("Teak")
    application.setDesktopFileName("teak")
    return application


def assemble(
    application: QApplication,
    place: Path | ServerPlace,
    language: str,
    mode: ThemeMode,
    *,
    demo: OpenRegistry | None,
    catches_errors: bool = False,
    access: StationAccess | None = None,
) -> DeskAssembly:
    """Make the desk's windows over a registry; `start` shows the first."""
    desk = Desk(Language(language), Theme(application, mode, language), TaskRunner())
    return DeskAssembly(
        application, desk, place, demo=demo, catches_errors=catches_errors, access=access
    )


def system_language() -> str:
    """Give the desk's language that the system asks for."""
    return "th" if QLocale.system().language() is QLocale.Language.Thai else "en"

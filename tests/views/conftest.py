"""The surroundings of every widget under test: English, light, a real task runner."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from app.views.desk import Desk
from app.views.garbage import WindowGarbage
from app.views.language import Language
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme, ThemeMode


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pass over what the offscreen platform says of popups; every other warning fails."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True)
def garbage_of_this_thread(qapp: QApplication) -> Iterator[None]:
    """Collect between tests, as the desk does: never on a task's thread."""
    collector = WindowGarbage(qapp)
    yield
    collector.collect()
    collector.stop()
    gc.disable()
    collector.deleteLater()


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, ThemeMode.LIGHT)


@pytest.fixture
def desk(theme: Theme) -> Iterator[Desk]:
    theme.set_mode(ThemeMode.LIGHT)
    tasks = TaskRunner()
    yield Desk(language=Language("en"), theme=theme, tasks=tasks)
    assert tasks.shut_down()

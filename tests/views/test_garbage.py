"""Cycles that hold widgets are collected on the window's thread and nowhere else."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.views.garbage import WindowGarbage


@pytest.fixture
def garbage(qapp: object) -> Iterator[WindowGarbage]:
    assert qapp
    collector = WindowGarbage(interval_ms=5)
    yield collector
    collector.stop()
    assert gc.isenabled()


def make_cycles(count: int) -> None:
    for _ in range(count):
        box: list[object] = []
        box.append(box)


def test_other_threads_never_collect(garbage: WindowGarbage) -> None:
    collected_on: list[int] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            collected_on.append(threading.get_ident())

    gc.callbacks.append(note)
    try:
        worker = threading.Thread(target=make_cycles, args=(50_000,))
        worker.start()
        worker.join()
        assert collected_on == []
        garbage.collect()
    finally:
        gc.callbacks.remove(note)
    assert collected_on == [threading.get_ident()]


def test_the_timer_takes_a_forgotten_widget_away(qtbot: QtBot, garbage: WindowGarbage) -> None:
    destroyed: list[bool] = []
    label = QLabel()
    label.destroyed.connect(lambda: destroyed.append(True))
    label.me = label  # type: ignore[attr-defined]
    del label

    def is_gone() -> bool:
        make_cycles(2_000)
        return bool(destroyed)

    qtbot.waitUntil(is_gone, timeout=30_000)

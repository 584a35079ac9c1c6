from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.models.errors import RegistryBusy
from app.views.tasks import TaskControl, TaskRunner


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    assert runner.shut_down()


def test_work_runs_beside_and_answers_in_the_windows_thread(
    tasks: TaskRunner, qtbot: QtBot
) -> None:
    threads: list[int] = []

    def work() -> int:
        threads.append(threading.get_ident())
        return 42

    def done(answer: int) -> None:
        threads.extend((threading.get_ident(), answer))

    tasks.run(work, on_done=done)
    qtbot.waitUntil(lambda: len(threads) == 3)
    assert threads[0] != threading.get_ident()
    assert threads[1:] == [threading.get_ident(), 42]


def test_the_registrys_lane_is_serial_and_in_order(tasks: TaskRunner, qtbot: QtBot) -> None:
    at_work, order = [0], list[int]()

    def work(number: int) -> int:
        at_work[0] += 1
        assert at_work[0] == 1
        at_work[0] -= 1
        return number

    for number in range(50):
        tasks.run(partial(work, number), on_done=order.append)
    qtbot.waitUntil(lambda: len(order) == 50)
    assert order == list(range(50))


def test_only_the_latest_answer_of_a_key_counts(tasks: TaskRunner, qtbot: QtBot) -> None:
    gate, heard, ran = threading.Event(), list[int](), list[int]()

    def work(number: int) -> int:
        ran.append(number)
        gate.wait(5)
        return number

    for number in range(5):
        tasks.run(partial(work, number), on_done=heard.append, latest_key="preview")
    gate.set()
    qtbot.waitUntil(lambda: bool(heard) and not tasks.open_tasks)
    assert heard == [4]
    assert 3 not in ran, "what became stale while waiting is not even begun"


def test_expected_errors_go_to_their_asker_else_to_the_window(
    tasks: TaskRunner, qtbot: QtBot
) -> None:
    def fail() -> None:
        raise RegistryBusy("in use")

    heard: list[Exception] = []
    finished: list[bool] = []
    tasks.run(fail, on_error=heard.append, on_finished=lambda: finished.append(True))
    qtbot.waitUntil(lambda: bool(finished))
    assert isinstance(heard[0], RegistryBusy)
    with qtbot.waitSignal(tasks.failed) as told:
        tasks.run(fail)
    assert isinstance(told.args[0], RegistryBusy)


def test_a_bug_is_logged_and_told_as_a_crash(
    tasks: TaskRunner, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a bug")

    heard: list[Exception] = []
    with qtbot.waitSignal(tasks.crashed) as told:
        tasks.run(fail, on_error=heard.append)
    assert isinstance(told.args[0], ZeroDivisionError)
    assert heard == []
    assert "ZeroDivisionError: a bug" in caplog.text


def test_long_work_tells_progress_and_stops_when_cancelled(tasks: TaskRunner, qtbot: QtBot) -> None:
    stopped = threading.Event()

    def work(control: TaskControl) -> None:
        try:
            for number in range(10_000_000):
                control.progress(number, 10_000_000)
        finally:
            stopped.set()

    answers: list[object] = []
    with qtbot.waitSignal(tasks.progressed) as told:
        task = tasks.run_long(work, title="Counting", on_done=answers.append)
    assert told.args == [task]
    with qtbot.waitSignal(tasks.ended):
        task.cancel()
    assert stopped.is_set()
    assert answers == []


def test_long_work_reaches_the_registry_through_its_lane(tasks: TaskRunner, qtbot: QtBot) -> None:
    names: list[str] = []
    tasks.run(lambda: names.append(threading.current_thread().name))
    tasks.run_long(
        lambda control: control.on_registry(lambda: threading.current_thread().name),
        title="",
        on_done=names.append,
    )
    qtbot.waitUntil(lambda: len(names) == 2)
    assert names[0] == names[1]


def test_an_error_inside_the_lane_reaches_the_long_work(tasks: TaskRunner, qtbot: QtBot) -> None:
    def fail() -> None:
        raise RegistryBusy("in use")

    with qtbot.waitSignal(tasks.failed):
        tasks.run_long(lambda control: control.on_registry(fail), title="")


def test_nothing_is_told_to_an_owner_that_is_gone(tasks: TaskRunner, qtbot: QtBot) -> None:
    gate, heard = threading.Event(), list[object]()
    owner = QObject()
    tasks.run(lambda: gate.wait(5), on_done=heard.append, owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    with qtbot.waitSignal(tasks.ended):
        gate.set()
    assert heard == []


def test_shutting_down_finishes_what_runs_and_takes_no_more(qtbot: QtBot) -> None:
    runner = TaskRunner()
    begun, finished = threading.Event(), list[str]()

    def work() -> None:
        begun.set()
        threading.Event().wait(0.1)
        finished.append("whole")

    runner.run(work)
    assert begun.wait(5)
    runner.run(lambda: finished.append("never"))
    assert runner.shut_down()
    assert finished == ["whole"]
    assert runner.run(lambda: finished.append("late")).cancel_asked.is_set()
    assert finished == ["whole"]


def test_what_outlasts_the_desk_is_done_before_it_is_gone(qtbot: QtBot) -> None:
    runner, gate, finished = TaskRunner(), threading.Event(), list[str]()
    runner.run(lambda: gate.wait(5))
    runner.run(lambda: finished.append("dropped"))
    runner.run(lambda: finished.append("kept"), outlasts=True)
    threading.Timer(0.05, gate.set).start()
    assert runner.shut_down()
    assert finished == ["kept"]


def test_the_window_gets_its_turn_beside_busy_work(tasks: TaskRunner) -> None:
    task_begun = threading.Event()

    def work(control: TaskControl) -> None:
        task_begun.set()
        while not control.cancelled:
            pass

    task = tasks.run_long(work, title="Busy")
    assert task_begun.wait(5)
    begun = time.monotonic()
    for _each in range(200):
        # As a repaint does: leave the interpreter, and ask for it again.
        time.sleep(0)
    taken_s = time.monotonic() - begun
    task.cancel()
    assert taken_s < 0.6

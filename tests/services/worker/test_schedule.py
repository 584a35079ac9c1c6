"""When the worker does what, on a clock that the test moves."""

from __future__ import annotations

from app.services.worker.schedule import Schedule, Task


def names(schedule: Schedule) -> list[str]:
    return [task.name for task in schedule.due()]


def test_tasks_are_due_by_their_interval_and_at_once_when_a_word_is_heard() -> None:
    now = 0.0
    tasks = (
        Task("renew", 4.0, lambda: None),
        Task("seal", 1.0, lambda: None, frozenset({"transactions"})),
    )
    schedule = Schedule(tasks, lambda: now)
    assert names(schedule) == ["renew", "seal"], "all are due at the start"
    assert names(schedule) == []
    assert schedule.wait_s() == 1.0
    now = 0.4
    schedule.hear("people")
    assert names(schedule) == []
    schedule.hear("transactions")
    assert schedule.wait_s() == 0.0
    assert names(schedule) == ["seal"]
    now = 1.4
    assert names(schedule) == ["seal"]
    now = 4.0
    assert names(schedule) == ["renew", "seal"]

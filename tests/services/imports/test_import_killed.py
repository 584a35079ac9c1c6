"""An import that stops half way can be run again and ends as if it had never stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.models.codes import Role
from app.services.checks.violation import RulesBroken
from app.services.imports import registry_export
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor
from app.services.registry.opening import close_registry, open_demo
from tests.fixtures.export_rows import verra_row
from tests.fixtures.imported_state import block_rows, log_end, state_of
from tests.fixtures.registries import FrozenClock, copy_registry, read_people
from tests.services.imports.conftest import Importer, real_file

EXPORT = "verra__transactions.csv"

CHILD = """
import sys
from pathlib import Path
from app.services.imports import registry_export
from app.services.registry.opening import open_demo
from tests.fixtures.registries import FrozenClock, read_people

registry_export.STEPS_AT_A_TIME = 30
registry = open_demo(Path(sys.argv[1]), clock=FrozenClock())
people = read_people(registry)

def progress(done, total):
    print(done, flush=True)
    sys.stdin.readline()

registry_export.import_registry_export(
    registry, Path(sys.argv[2]), format="verra",
    proposer=people["officer"], approver=people["approver"], progress=progress,
)
"""


def kill_after(path: Path, news: int) -> None:
    """Import in a process of its own and kill it when it has told of progress so often."""
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(real_file(EXPORT))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(news):
            assert process.stdout.readline().strip().isdigit()
            process.stdin.write("\n")
            process.stdin.flush()
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def test_killed_half_way_and_run_again_it_ends_as_uninterrupted(
    demo_template: Path, demo_registry_path: Path, tmp_path: Path
) -> None:
    kill_after(demo_registry_path, news=14)
    states = []
    for path in (demo_registry_path, copy_registry(demo_template, tmp_path / "other.teak")):
        registry = open_demo(path, clock=FrozenClock())
        assert registry is not None
        began_with = len(block_rows(registry))
        report = Importer(registry, read_people(registry), tmp_path).import_file(
            real_file(EXPORT), "verra"
        )
        assert report.rejected == ()
        assert verify_registry(registry).ok
        states.append((state_of(registry), log_end(registry), began_with))
        close_registry(registry)
    assert 0 < states[0][2] < 200
    assert states[1][2] == 0
    assert states[0][:2] == states[1][:2]


def test_a_strict_import_that_stops_has_written_nothing(importer: Importer) -> None:
    before = log_end(importer.registry)
    report = importer.import_file(
        real_file(EXPORT), "verra", strict=True, cancelled=after_asking(5)
    )
    assert report.stopped
    assert report.units_issued == 0
    assert log_end(importer.registry) == before


def after_asking(times: int) -> Callable[[], bool]:
    asked = iter(range(times))
    return lambda: next(asked, None) is None


def test_cancelling_keeps_what_is_committed_and_says_so(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_export, "STEPS_AT_A_TIME", 30)
    report = importer.import_file(real_file(EXPORT), "verra", cancelled=after_asking(5))
    assert report.stopped
    assert 0 < report.imported < 200
    assert sum(block["quantity"] for block in block_rows(importer.registry)) == report.units_issued
    again = importer.import_file(real_file(EXPORT), "verra")
    assert not again.stopped
    assert again.units_issued + report.units_issued == 4_029_227
    assert again.units_cancelled + report.units_cancelled == 137_546


def test_progress_counts_rows_up_to_all_of_them(importer: Importer) -> None:
    told: list[tuple[int, int]] = []
    importer.import_file(
        real_file(EXPORT), "verra", progress=lambda done, total: told.append((done, total))
    )
    assert told[0] == (0, 200)
    assert told[-1] == (200, 200)
    assert told == sorted(told)
    told.clear()
    importer.import_file(
        real_file(EXPORT), "verra", progress=lambda done, total: told.append((done, total))
    )
    assert told[-1] == (200, 200)


# --- who imports ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proposer", "approver"),
    [
        ("officer", "officer"),
        ("approver", "approver"),
        ("officer", "officer2"),
        ("admin", "approver"),
    ],
)
def test_two_persons_of_the_right_roles_are_needed(
    proposer: str, approver: str, importer: Importer
) -> None:
    before = log_end(importer.registry)
    people = importer.people
    with pytest.raises(RulesBroken) as broken:
        importer.import_rows([verra_row()], proposer=people[proposer], approver=people[approver])
    assert broken.value.violations[0].code in {9101, 9102, 9103, 9402, 9405}
    assert log_end(importer.registry) == before


def test_a_role_that_is_only_claimed_does_not_pass(importer: Importer) -> None:
    officer = importer.people["officer2"]
    claimed = Actor(officer.id, officer.user_name, officer.name, Role.APPROVER)
    with pytest.raises(RulesBroken):
        importer.import_rows([verra_row()], approver=claimed)
    assert block_rows(importer.registry) == []

"""The demo registry: filled through the acts, whole, the same each time, never half made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.errors import RegistryExists
from app.services.listings.awaiting import count_awaiting
from app.services.listings.certificates import list_certificates
from app.services.listings.holdings import holdings
from app.services.listings.monthly_figures import MONTHS_SHOWN, monthly_figures
from app.services.listings.page import PageRequest
from app.services.listings.project_detail import UnitsInState, get_project
from app.services.listings.transactions import list_transactions
from app.services.log.verification import verify_registry
from app.services.people.demo import sign_in_demo
from app.services.registry.context import OpenRegistry
from app.services.registry.demo import make_demo_registry
from app.services.registry.opening import close_registry, open_demo


@pytest.fixture(scope="module")
def scene_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scene") / "demo.teak"
    make_demo_registry(path, exports=False)
    return path


@pytest.fixture
def scene(scene_path: Path) -> Iterator[OpenRegistry]:
    opened = open_demo(scene_path)
    assert opened is not None
    yield opened
    close_registry(opened)


def test_every_page_has_something_to_show(scene: OpenRegistry) -> None:
    rows = list_transactions(scene, PageRequest()).rows
    assert {row.type for row in rows} == {"issuance", "transfer", "cancellation"}
    statuses = Counter(row.status for row in rows)
    assert {"completed", "rejected", "cancelled", "awaiting approval"} <= statuses.keys()
    assert statuses["awaiting approval"] == 3
    assert len(list_certificates(scene, PageRequest()).rows) >= 5
    approver = sign_in_demo(scene, "approver", host="test")
    assert count_awaiting(scene, approver) == 4


def test_it_verifies_and_its_units_add_up(scene: OpenRegistry) -> None:
    verification = verify_registry(scene)
    assert (verification.ok, verification.failure) == (True, "")
    units = verification.units["TER"]
    assert units["issued"] == units["held"] + units["cancelled"]
    assert units["issued"] == sum(row.quantity for row in holdings(scene))


def test_two_demo_registries_hold_the_same(scene: OpenRegistry, tmp_path: Path) -> None:
    other_path = tmp_path / "other.teak"
    make_demo_registry(other_path, exports=False)
    other = open_demo(other_path)
    assert other is not None
    held = [(row.account, row.unit_type, row.quantity) for row in holdings(other)]
    close_registry(other)
    assert held == [(row.account, row.unit_type, row.quantity) for row in holdings(scene)]


def test_a_registry_that_stands_there_is_left_alone(scene_path: Path) -> None:
    before = scene_path.read_bytes()
    with pytest.raises(RegistryExists):
        make_demo_registry(scene_path, exports=False)
    assert scene_path.read_bytes() == before
    assert sorted(part.name for part in scene_path.parent.iterdir() if part.is_dir()) == []


def test_months_add_up_to_what_was_issued_and_offset(scene: OpenRegistry) -> None:
    months = monthly_figures(scene)
    today = scene.today()
    assert len(months) == MONTHS_SHOWN
    assert (months[-1].year, months[-1].month) == (today.year, today.month)
    done = [
        row for row in list_transactions(scene, PageRequest()).rows if row.status == "completed"
    ]
    issued = sum(row.quantity for row in done if row.type == "issuance")
    offset = sum(row.quantity for row in done if row.type == "cancellation")
    assert (sum(m.issued_t for m in months), sum(m.offset_t for m in months)) == (issued, offset)


def test_a_project_tells_what_became_of_its_units(scene: OpenRegistry) -> None:
    detail = get_project(scene, "TH", "0042")
    assert [each.state for each in detail.reductions] == ["issued", "issued", "open"]
    assert detail.units == (
        UnitsInState("TER", "cancelled", 1_204),
        UnitsInState("TER", "held", 8_421 + 20_526 - 1_204),
    )

"""Eight workstations at once: the same units, the same proposals, the same votes."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from app.services.log.verification import verify_registry
from app.services.transactions.proposing import propose
from app.services.transactions.voting import get_tally
from tests.fire.crew import Crew, Place, insist
from tests.fire.judging import Start, judge, look
from tests.fire.processes import Nursery, Writer, until
from tests.fixtures.conversions import Committee, cer, row
from tests.fixtures.duration import times
from tests.fixtures.figures import Figures
from tests.fixtures.ledger import Ledger

pytestmark = [pytest.mark.both_engines, pytest.mark.slow]

WORKSTATIONS = 8
WAYS = times(12, 100)
"""Into how many parts the units are divided; the workstations ask for twice as many."""

HEAD_START_S = 0.5
TURNS = times(12, 200)


def together(nursery: Nursery, job: str, orders: list[dict[str, object]]) -> list[Writer]:
    """Start a writer for each order, all at the same moment, and wait for all of them."""
    writers = [nursery.new(f"workstation{number}") for number in range(len(orders))]
    at = time.monotonic() + HEAD_START_S
    for writer, order in zip(writers, orders, strict=True):
        nursery.start(writer, job, at=at, **order)
    assert [nursery.wait(writer) for writer in writers] == [0] * len(writers)
    return writers


def said(writers: list[Writer]) -> Counter[str]:
    return Counter(line[-1] for writer in writers for line in writer.lines())


def test_each_unit_is_spent_once(
    place: Place, start: Start, nursery: Nursery, storage: str, figures: Figures
) -> None:
    before = look(place)
    share = before.forest // WAYS
    begun = time.monotonic()
    writers = together(
        nursery,
        "spend",
        [
            {
                "quantity": share,
                "times": 2 * WAYS // WORKSTATIONS,
                "officer": ("officer", "officer2")[number % 2],
            }
            for number in range(WORKSTATIONS)
        ],
    )
    took, after = time.monotonic() - begun, look(place)
    count = said(writers)
    asked = 2 * WAYS // WORKSTATIONS * WORKSTATIONS
    assert count == {"done": WAYS, "refused": asked - WAYS}
    assert after.green - before.green == WAYS * share == before.forest - after.forest
    assert after.units == before.units == start.units
    verified = judge_by_proof(place)
    figures(
        f"{WORKSTATIONS} workstations spend the same units, {storage}", asked_for=asked,
        done=count["done"], refused=count["refused"],
        doubled=0, conserved=after.units == start.units, verified=verified, took=f"{took:.1f} s",
    )  # fmt: skip


def test_a_desk_gets_its_turn_beside_one_that_writes_on_and_on(
    place: Place, start: Start, nursery: Nursery, storage: str, figures: Figures
) -> None:
    """As beside an import: whoever holds the registry for long gives it up between acts."""
    hog, crew = nursery.new("hog"), Crew.board(place)
    nursery.start(hog, "keep_writing", first=0)
    until(lambda: hog.size > 0)
    done, waits = {}, []
    for number in range(TURNS):
        begun = time.monotonic()
        done[number], busy = insist(lambda: crew.carry_out("desk", number))  # noqa: B023 - called at once
        waits.append(time.monotonic() - begun)
        assert not busy
        time.sleep(0.02)
    nursery.kill(hog)
    crew.rest()
    found = judge(place, start, {"desk": done, "hog": hog.acknowledged()})
    found.require()
    figures(
        f"a desk beside a program that writes on and on, {storage}", acts=TURNS,
        told_busy=0, longest=f"{max(waits):.2f} s", **found.as_figures(),
    )  # fmt: skip


def judge_by_proof(place: Place) -> bool:
    """Prove the registry whole; give that it is."""
    crew = Crew.board(place)
    found = verify_registry(crew.registry)
    crew.rest()
    assert found.ok, (found.failed_at, found.failure)
    return found.ok


def test_a_proposal_approved_at_once_is_carried_out_once(
    place: Place, start: Start, nursery: Nursery, storage: str, figures: Figures
) -> None:
    crew = Crew.board(place)
    officer = crew.people["officer"]
    proposed = [
        propose(crew.registry, crew.transfer(quantity), officer).transaction_id
        for quantity in range(1, WAYS + 1)
    ]
    crew.rest()
    before = look(place)
    writers = together(nursery, "decide", [{"transactions": proposed}] * WORKSTATIONS)
    after = look(place)
    done = Counter(line[0] for writer in writers for line in writer.lines() if line[1] == "done")
    assert done == {str(number): 1 for number in proposed}
    assert after.green - before.green == sum(range(1, WAYS + 1))
    verified = judge_by_proof(place)
    figures(
        f"{WORKSTATIONS} workstations approve the same proposals, {storage}",
        proposals=len(proposed), approvals_tried=len(proposed) * WORKSTATIONS,
        carried_out=done.total(), doubled=0, conserved=after.units == start.units,
        verified=verified,
    )  # fmt: skip


def test_votes_cast_at_once_count_once(
    place: Place, tmp_path: Path, storage: str, figures: Figures
) -> None:
    """Two members vote on two workstations each, at once; two votes decide nothing yet.

    Then three more vote, also twice each: the third yes converts the units, once.
    """
    members = [f"committee{number}" for number in range(1, 6)]
    crew = Crew.board(place)
    ledger = Ledger(
        crew.registry, crew.people["officer"], crew.people["approver"], place.forest, place.green
    )
    committee = Committee(ledger, (), tmp_path)
    committee.register(row(1, 600))
    number = ledger.propose(committee.conversion(cer(1, 600))).transaction_id
    crew.rest()
    outcomes, gained = [], 0
    with Nursery(place, tmp_path, users=tuple(members)) as nursery:
        before = look(place)
        for names in (members[:2], members[2:]):
            orders = [{"member": name, "transaction": number} for name in names * 2]
            outcomes.append(said(together(nursery, "cast", orders)))
            after = look(place)
            gained = after.units - before.units
            assert gained == after.forest - before.forest == (0 if len(outcomes) == 1 else 600)
    tally = get_tally_of(place, number)
    assert outcomes[0] == {"done": 2, "refused": 2}
    assert outcomes[1]["done"] == tally - 2
    assert tally >= 3
    figures(
        f"votes cast on two workstations at once, {storage}", votes_tried=10, counted=tally,
        converted=gained, doubled=0, verified=judge_by_proof(place),
    )  # fmt: skip


def get_tally_of(place: Place, number: int) -> int:
    crew = Crew.board(place)
    tally = get_tally(crew.registry, number, crew.people["officer"])
    crew.rest()
    return tally.yes + tally.no

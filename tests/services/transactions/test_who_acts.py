"""Who may propose, ask again and decide: judged before anything is stored."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.models.codes import Role, TransactionStatus
from app.models.storage.unit_of_work import reading
from app.models.tables import TransactionRow
from app.services.checks.violation import RulesBroken
from app.services.people.administration import revoke_person
from app.services.registry.context import Actor
from app.services.transactions.proposing import propose, withdraw
from app.services.transactions.who_acts import refuse_second_person
from tests.fixtures.conversions import Committee, cer, row
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines

People = dict[str, Actor]


def refusal(error: pytest.ExceptionInfo[RulesBroken]) -> list[tuple[int, bool]]:
    """Give each code, and whether its sentences in both languages name the request id."""
    return [
        (item.code, "desk-1" in item.message and "desk-1" in item.message_th)
        for item in error.value.violations
    ]


def count(ledger: Ledger) -> int:
    with reading(ledger.registry.engine) as connection:
        return int(connection.execute(select(func.count(TransactionRow.id))).scalar_one())


@pytest.mark.parametrize("quantity", [100, 101])
def test_a_request_id_is_answered_to_its_own_person_alone(
    ledger: Ledger, people: People, quantity: int
) -> None:
    ledger.complete(ledger.issuance())
    ledger.propose(ledger.transfer(100), request_id="desk-1")
    with pytest.raises(RulesBroken) as error:
        propose(ledger.registry, ledger.transfer(quantity), people["officer2"], request_id="desk-1")
    assert refusal(error) == [(9142, True)]
    assert "another person" in str(error.value)
    assert count(ledger) == 2


def test_a_request_id_of_another_act_is_refused_before_its_units_are_counted(
    ledger: Ledger,
) -> None:
    ledger.complete(ledger.issuance())
    ledger.propose(ledger.transfer(100), request_id="desk-1")
    with pytest.raises(RulesBroken) as error:
        ledger.propose(ledger.transfer(99_999), request_id="desk-1")
    assert refusal(error) == [(9142, True)]
    assert "another act" in str(error.value)


@pytest.mark.parametrize(("name", "code"), [("approver", 9101), ("auditor", 9101)])
def test_whoever_may_not_propose_learns_nothing_by_a_request_id(
    ledger: Ledger, people: People, name: str, code: int
) -> None:
    ledger.complete(ledger.issuance())
    ledger.propose(ledger.transfer(100), request_id="desk-1")
    with pytest.raises(RulesBroken) as error:
        propose(ledger.registry, ledger.transfer(100), people[name], request_id="desk-1")
    assert refusal(error) == [(code, False)]


@pytest.mark.embedded_only(reason="a server lets a revoked person no longer in at all")
def test_a_revoked_person_gets_no_answer_to_a_repeated_request(
    ledger: Ledger, people: People
) -> None:
    ledger.complete(ledger.issuance())
    ledger.propose(ledger.transfer(100), request_id="desk-1")
    revoke_person(ledger.registry, people["admin"], "officer", reason="left")
    with pytest.raises(RulesBroken) as error:
        ledger.propose(ledger.transfer(100), request_id="desk-1")
    assert refusal(error) == [(9104, False)]


def test_ones_own_request_gives_its_first_result_for_ever(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    first = ledger.propose(ledger.transfer(100), request_id="desk-1")
    withdraw(ledger.registry, first.transaction_id, ledger.officer)
    again = ledger.propose(ledger.transfer(100), request_id="desk-1")
    assert (again.transaction_id, again.status) == (
        first.transaction_id,
        TransactionStatus.CANCELLED,
    )


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("approver", []),
        ("auditor", [9102]),
        ("committee1", [9102]),
        ("officer2", [9102]),
        ("admin", [9102]),
        ("officer", [9102, 9103]),
    ],
)
def test_who_could_not_approve_is_told_before_anything_is_stored(
    ledger: Ledger, people: People, name: str, codes: list[int]
) -> None:
    ledger.complete(ledger.issuance())
    found: list[int] = []
    try:
        refuse_second_person(
            ledger.registry,
            ledger.transfer(100),
            proposer=ledger.officer,
            decider=people[name],
        )
    except RulesBroken as broken:
        found = [item.code for item in broken.violations]
    assert found == codes
    assert count(ledger) == 1


@pytest.mark.embedded_only(reason="a server lets a revoked person no longer in at all")
def test_a_revoked_approver_is_told_too(ledger: Ledger, people: People) -> None:
    revoke_person(ledger.registry, people["admin"], "approver", reason="left")
    with pytest.raises(RulesBroken) as error:
        refuse_second_person(
            ledger.registry, ledger.issuance(), proposer=ledger.officer, decider=ledger.approver
        )
    assert refusal(error) == [(9104, False)]


@pytest.mark.parametrize("name", ["approver", "committee1"])
def test_nobody_agrees_to_a_conversion_at_once(
    committee: Committee, people: People, name: str
) -> None:
    committee.register(row(1, 600))
    act = committee.conversion(cer(1, 600))
    assert act.decider is Role.COMMITTEE
    with pytest.raises(RulesBroken) as error:
        refuse_second_person(
            committee.ledger.registry,
            act,
            proposer=committee.ledger.officer,
            decider=people[name],
        )
    assert refusal(error) == [(9594, False)]

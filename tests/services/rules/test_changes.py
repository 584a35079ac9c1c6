"""Rules change by proposal and approval alone, never backwards, never overlapping."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.models.codes import RuleKind
from app.models.errors import GuardRefused, NotFound, UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.services.checks.violation import RulesBroken
from app.services.listings.page import PageRequest
from app.services.listings.rule_changes import count_rules_awaiting, list_rule_changes
from app.services.listings.rules import list_rules
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor, OpenRegistry
from app.services.rules.changes import (
    approve_rule,
    propose_rule,
    reject_rule,
    rule_change_number,
    withdraw_rule,
)
from app.services.rules.new_rule import NewRule, read_new_rule

pytestmark = pytest.mark.both_engines

People = dict[str, Actor]


def levy(**changes: object) -> NewRule:
    content: dict[str, object] = {
        "kind": RuleKind.LEVY_RATE,
        "unit_type": "TER",
        "value": Decimal("0.07"),
        "valid_from": date(2027, 1, 1),
        "reason": "Decision 7/2569",
    }
    return NewRule(**{**content, **changes})  # type: ignore[arg-type]


def rows(registry: OpenRegistry) -> list[tuple[Decimal, date, date]]:
    page = list_rules(registry, PageRequest(filters={"kind": "levy-rate", "unit_type": "TER"}))
    return [(row.value, row.valid_from, row.valid_to) for row in page.rows]


def codes(error: pytest.ExceptionInfo[RulesBroken]) -> list[int]:
    return [item.code for item in error.value.violations]


def test_an_approved_change_ends_the_row_before_it(registry: OpenRegistry, people: People) -> None:
    change = propose_rule(registry, people["admin"], levy())
    assert rows(registry) == [(Decimal("0.05"), date(2026, 1, 1), date(2030, 12, 31))]
    assert approve_rule(registry, people["approver"], change.id).status == "approved"
    assert rows(registry) == [
        (Decimal("0.05"), date(2026, 1, 1), date(2026, 12, 31)),
        (Decimal("0.07"), date(2027, 1, 1), date(2030, 12, 31)),
    ]
    assert verify_registry(registry).ok
    (row,) = list_rule_changes(registry)
    assert (row.status, row.proposed_by, row.decided_by) == ("approved", "admin", "approver")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": Decimal("1.5")}, 9610),
        ({"kind": RuleKind.DEFAULT_EXPIRY, "value": Decimal("2.5")}, 9610),
        ({"kind": RuleKind.COMMITTEE_QUORUM, "value": Decimal(0)}, 9610),
        ({"valid_to": date(2031, 1, 1)}, 9611),
        ({"valid_from": date(2026, 1, 1)}, 9612),
        ({"valid_to": date(2027, 12, 31)}, 9613),
        ({"reason": "  "}, 9617),
        ({"unit_type": "XYZ"}, 9618),
        ({"period": 7}, 9618),
        ({"valid_from": date(2041, 1, 1)}, 9618),
    ],
)
def test_what_does_not_fit_is_refused(
    registry: OpenRegistry, people: People, changes: dict[str, object], code: int
) -> None:
    with pytest.raises(RulesBroken) as refused:
        propose_rule(registry, people["admin"], levy(**changes))
    assert codes(refused) == [code]
    assert list_rule_changes(registry) == []


def test_a_change_awaits_approvers_until_it_is_decided(
    registry: OpenRegistry, people: People
) -> None:
    def awaiting(name: str) -> int:
        return count_rules_awaiting(registry, people[name])

    change = propose_rule(registry, people["admin"], levy())
    assert [awaiting(name) for name in ("approver", "officer", "admin", "admin2")] == [1, 0, 0, 0]
    reject_rule(registry, people["approver"], change.id, comment="no")
    assert awaiting("approver") == 0


def test_two_persons_decide_once(registry: OpenRegistry, people: People) -> None:
    change = propose_rule(registry, people["admin"], levy(), request_id="mine")
    assert propose_rule(registry, people["admin"], levy(), request_id="mine") == change
    with pytest.raises(RulesBroken) as repeated:
        propose_rule(registry, people["admin"], levy(value=Decimal("0.08")), request_id="mine")
    assert codes(repeated) == [9142]
    with pytest.raises(RulesBroken) as other:
        propose_rule(registry, people["admin"], levy(value=Decimal("0.08")))
    assert codes(other) == [9614]
    for user, code in (("admin", 9402), ("admin2", 9402), ("officer", 9402)):
        with pytest.raises(RulesBroken) as refused:
            approve_rule(registry, people[user], change.id)
        assert codes(refused) == [code]
    with pytest.raises(RulesBroken) as silent:
        reject_rule(registry, people["approver"], change.id, comment="")
    assert codes(silent) == [9143]
    assert reject_rule(registry, people["approver"], change.id, comment="No").status == "rejected"
    with pytest.raises(RulesBroken) as again:
        approve_rule(registry, people["approver"], change.id)
    assert codes(again) == [9615]
    assert rows(registry) == [(Decimal("0.05"), date(2026, 1, 1), date(2030, 12, 31))]


def test_only_an_administrator_proposes_and_only_the_proposer_withdraws(
    registry: OpenRegistry, people: People
) -> None:
    with pytest.raises(RulesBroken) as refused:
        propose_rule(registry, people["officer"], levy())
    assert codes(refused) == [9402]
    change = propose_rule(registry, people["admin"], levy())
    with pytest.raises(RulesBroken) as other:
        withdraw_rule(registry, people["admin2"], change.id)
    assert codes(other) == [9144]
    assert withdraw_rule(registry, people["admin"], change.id).status == "withdrawn"


@pytest.mark.embedded_only(reason="each engine has attacks of its own")
def test_the_database_refuses_a_rule_without_its_change(
    registry: OpenRegistry, people: People
) -> None:
    propose_rule(registry, people["admin"], levy())
    attacks = (
        (
            "INSERT INTO rule (kind, unit_type, period, value, valid_from, valid_to) "
            "VALUES ('levy-rate', 'CER', 1, '0', '2027-01-01', '2027-12-31')"
        ),
        (
            "INSERT INTO rule (kind, unit_type, period, value, valid_from, valid_to, change_id) "
            "VALUES ('levy-rate', 'TER', 1, '0.07', '2027-01-01', '2030-12-31', 1)"
        ),
        "UPDATE rule SET valid_to = '2026-12-01' WHERE kind = 'levy-rate'",
        "UPDATE rule_change SET status = 'approved', decided_by = proposed_by",
        "UPDATE rule_change SET value = '0.5'",
        "DELETE FROM rule_change",
    )
    for attack in attacks:
        with (
            pytest.raises(Exception) as refused,  # noqa: PT011 - the guard, or a constraint
            UnitOfWork(registry.engine) as unit,
        ):
            unit.connection.exec_driver_sql(attack)
        assert isinstance(refused.value, GuardRefused) or "constraint" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"kind": "levy"}, "kind"),
        ({"kind": "levy-rate", "unit_type": "TER", "value": "much"}, "value"),
        ({"kind": "levy-rate", "unit_type": "TER", "value": "nan"}, "value"),
        ({"kind": "levy-rate", "unit_type": "TER", "value": "1e999999999"}, "value"),
        ({"kind": "levy-rate", "unit_type": "TER", "value": "1e-400"}, "value"),
        (
            {"kind": "levy-rate", "unit_type": "TER", "value": "1", "valid_from": "20270101"},
            "valid_from",
        ),
        ({"rate": 1}, "rate"),
    ],
)
def test_input_of_the_wrong_form_names_its_field(content: dict[str, object], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        read_new_rule(content)


def test_an_identifier_is_read_with_its_letter_or_without() -> None:
    assert rule_change_number("R12") == rule_change_number("12") == 12
    with pytest.raises(NotFound):
        rule_change_number("TH12")

"""Attacks on unit conversions: votes, quorum, and serials that convert once."""

from __future__ import annotations

import json
from functools import partial

import psycopg
import pytest

from tests.fixtures.attackers import Attackers, call, propose, refused
from tests.fixtures.conversions import Committee, cer, row

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


@pytest.fixture
def conversion(committee: Committee) -> int:
    """A pending conversion of 100 registered CERs."""
    committee.register(row(1, 100))
    return committee.ledger.propose(committee.conversion(cer(1, 100))).transaction_id


def ballot(conversion: int, choice: str = "yes", **more: object) -> dict[str, object]:
    """Fill in a ballot; `seen` is how many votes its tally stands on."""
    ballot = {"transaction_id": conversion, "choice": choice, "comment": "x", "seen": 0}
    return {**ballot, **more}


def test_nobody_votes_twice(attackers: Attackers, conversion: int) -> None:
    member = attackers.connect("committee1")
    call(member, "vote", **ballot(conversion))
    for choice in ("yes", "no"):
        with pytest.raises(psycopg.errors.UniqueViolation):
            call(member, "vote", **ballot(conversion, choice))
    assert attackers.one("SELECT count(*) FROM teak.vote") == 1


def test_a_vote_stands_on_all_votes_before_it(attackers: Attackers, conversion: int) -> None:
    """Else the vote that reaches the quorum could pass for one that does not."""
    call(attackers.connect("committee1"), "vote", **ballot(conversion))
    late = attackers.connect("committee2")
    for seen in (0, 2, None):
        refused(partial(call, late, "vote", **ballot(conversion, seen=seen)), "voted meanwhile")
    call(late, "vote", **ballot(conversion, seen=1))


@pytest.mark.parametrize("user", ["officer", "approver", "admin", "auditor"])
def test_only_the_committee_votes(attackers: Attackers, conversion: int, user: str) -> None:
    attacker = attackers.connect(user)
    refused(partial(call, attacker, "vote", **ballot(conversion)), "permission denied")
    refused(
        partial(
            attacker.execute,
            "INSERT INTO teak.vote SELECT %s, id, 'yes', '', now() FROM teak.person "
            "WHERE role = 'committee'",
            (conversion,),
        ),
        "permission denied",
    )


def test_nobody_votes_for_another(attackers: Attackers, conversion: int) -> None:
    member = attackers.connect("committee1")
    other = attackers.one("SELECT id FROM teak.person WHERE user_name = 'committee2'")
    vote = ballot(conversion, person_id=other)
    refused(partial(call, member, "vote", **vote), "themselves alone")


def test_a_member_votes_on_no_proposal_of_their_own(attackers: Attackers, conversion: int) -> None:
    """Nobody of the committee proposes; if one had, their vote would not count."""
    owner = attackers.owner()
    owner.execute("SET session_replication_role = replica")
    owner.execute(
        "UPDATE teak.registry_transaction SET proposed_by = (SELECT id FROM teak.person "
        "WHERE user_name = 'committee1') WHERE id = %s", (conversion,)
    )  # fmt: skip
    member = attackers.connect("committee1")
    refused(partial(call, member, "vote", **ballot(conversion)), "not their own")


def test_no_conversion_without_its_quorum(attackers: Attackers, conversion: int) -> None:
    for seen, name in enumerate(("committee1", "committee2")):
        call(attackers.connect(name), "vote", **ballot(conversion, seen=seen))
    third = attackers.connect("committee3")
    refused(partial(call, third, "complete", transaction_id=conversion), "quorum")
    approver = attackers.connect("approver")
    refused(partial(call, approver, "complete", transaction_id=conversion), "committee member")


def test_no_member_ends_a_conversion_alone(attackers: Attackers, conversion: int) -> None:
    member = attackers.connect("committee1")
    for status in (5, 6):
        ending = {"status": status, "comment": "x", "said": {"codes": "9000"}}
        refused(
            partial(call, member, "end_transaction", transaction_id=conversion, **ending),
            "has not decided",
        )
        vote = ballot(conversion, "no", end=ending)
        refused(partial(call, member, "vote", **vote), "has not decided")


def test_a_serial_converts_once(attackers: Attackers, conversion: int) -> None:
    officer = attackers.connect("officer")
    source, account = (
        attackers.one("SELECT min(id) FROM teak.source_unit"),
        attackers.one("SELECT to_account_id FROM teak.registry_transaction WHERE type = 2"),
    )
    again = {
        "request_id": "again", "type": 2, "supplementary_type": 9011, "to_account_id": account,
        "unit_type": "TER", "quantity": 100, "act": "{}", "source_ids": [source],
    }  # fmt: skip
    refused(partial(propose, officer, json.dumps(again)), "taken by another")


def test_a_serial_is_registered_once(attackers: Attackers, conversion: int) -> None:
    officer = attackers.connect("officer")
    for first, last in ((1, 100), (100, 120), (50, 60), (0, 500)):
        refused(
            partial(
                officer.execute,
                "INSERT INTO teak.source_unit (serial, grammar, series, first_serial, "
                "last_serial, unit_type, host_country, project, attributes, record_sha256, "
                "attestation_sha256, registered_by, registered_at) SELECT serial, grammar, "
                "series, %s, %s, unit_type, host_country, project, attributes, record_sha256, "
                "attestation_sha256, registered_by, registered_at FROM teak.source_unit LIMIT 1",
                (first, last),
            ),
            "registered and converted once",
        )


def test_a_converted_serial_stays_converted(
    attackers: Attackers, committee: Committee, conversion: int
) -> None:
    for member in (1, 2, 3):
        committee.vote(conversion, member)
    owner = attackers.owner()
    for change in ("converted_by = NULL", "reissued_first = NULL", "reissued_first = 5"):
        refused(partial(owner.execute, f"UPDATE teak.source_unit SET {change}"), "once")
    assert (
        attackers.one("SELECT status FROM teak.registry_transaction WHERE id = %s", conversion) == 4
    )

"""Conversion of source units: what may be reissued, and that a source serial converts once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.models.codes import AccountState, TransactionStatus
from app.models.errors import UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import LogEntry, SourceUnit, TransactionDocument, UnitBatch
from app.services.accounts import change_account
from app.services.checks.violation import RulesBroken
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor
from app.services.transactions.acts import Act, Conversion, read_proposal
from app.services.transactions.evaluation import preview
from app.services.transactions.proposing import withdraw
from tests.fixtures.conversions import Committee, cer, row

pytestmark = pytest.mark.both_engines


def refused(committee: Committee, act: Act) -> list[int]:
    with pytest.raises(RulesBroken) as error:
        committee.ledger.propose(act)
    return [violation.code for violation in error.value.violations]


def test_units_are_reissued_one_for_one_with_every_attribute_kept(committee: Committee) -> None:
    committee.register(row(1, 600), row(1001, 1400, vintage="2024"))
    number = committee.convert(cer(1001, 1400), cer(1, 600))
    ledger = committee.ledger
    assert ledger.holding(ledger.forest) == (1_000, 0)
    assert [block[:4] for block in ledger.blocks()] == [
        ("TH-TER-14-0042-2024-", 1, 1000, ledger.forest)
    ]
    with reading(ledger.registry.engine) as connection:
        sources = connection.execute(
            select(
                SourceUnit.first_serial,
                SourceUnit.reissued_series,
                SourceUnit.reissued_first,
                SourceUnit.reissued_last,
                SourceUnit.converted_by,
                SourceUnit.attributes,
            ).order_by(SourceUnit.first_serial)
        ).all()
        batch = connection.execute(select(UnitBatch.vintage, UnitBatch.expires_on)).one()
        papers = connection.execute(select(TransactionDocument.purpose)).scalars().all()
    series = "TH-TER-14-0042-2024-"
    assert [tuple(source)[:5] for source in sources] == [
        (1, series, 401, 1000, number),
        (1001, series, 1, 400, number),
    ]
    assert '"methodology":"AMS-I.D. ver. 18"' in sources[0].attributes
    assert "บริษัท ตัวอย่าง จำกัด" in sources[0].attributes
    assert (batch.vintage, batch.expires_on.isoformat()) == (2024, "2030-12-31")
    assert sorted(papers) == ["attestation", "cancellation record"]
    assert verify_registry(ledger.registry).ok


def test_no_levy_is_taken(committee: Committee) -> None:
    committee.register(row(1, 600))
    evaluation = preview(
        committee.ledger.registry, committee.conversion(cer(1, 600)), committee.ledger.officer
    )
    assert evaluation.violations == ()
    assert evaluation.plan.levy == ()
    assert evaluation.plan.quantity == 600


def test_the_log_says_which_source_became_which(
    committee: Committee, seal: Callable[[], None]
) -> None:
    committee.register(row(1, 600))
    number = committee.convert(cer(1, 600))
    seal()
    with reading(committee.ledger.registry.engine) as connection:
        entry = connection.execute(
            select(LogEntry.entry).where(LogEntry.transaction_id == number)
        ).scalar_one()
    assert b'"reissues":[{"end":600,"series":"TH-TER-14-0042-2024-"' in entry


@pytest.mark.parametrize(
    ("serials", "changes", "expected"),
    [
        ((), {}, [9551]),
        (("rubbish",), {}, [9552]),
        ((cer(1, 600),), {"attestation_sha256": "abc"}, [9550]),
        ((cer(1, 600),), {"account": "TH-100-1042-0-53"}, [2001]),
        ((cer(1, 600),), {"project": "9999"}, [2017]),
        ((cer(1, 601),), {}, [9553]),
        ((cer(9001, 9002),), {}, [9553]),
        ((cer(601, 1001),), {}, [9554]),
        ((cer(1, 300),), {}, [9554]),
        ((cer(2, 600),), {}, [9554]),
        ((cer(1, 600), cer(1, 600)), {}, [9555]),
        ((cer(1, 600), cer(1, 600).replace(" - ", " to ")), {}, [9555]),
        ((cer(1, 600),), {"host_country": "LA"}, [9558, 9559]),
        ((cer(1, 50, country="LA"),), {}, [9559]),
        ((cer(1, 50, country="LA"),), {"host_country": "LA"}, [9558]),
        (("TH-6-1-2-2-0-7014 - TH-6-10-2-2-0-7014",), {}, [9557]),
        ((cer(1, 600),), {"attestation_sha256": "b" * 64}, [9560]),
        ((cer(1001, 1400),), {"vintage": 2023}, [9561]),
    ],
)
def test_eligibility(
    committee: Committee, serials: tuple[str, ...], changes: dict[str, Any], expected: list[int]
) -> None:
    temporary = row(1, 10, unit_type="tCER", serial="TH-6-1-2-2-0-7014 - TH-6-10-2-2-0-7014")
    committee.register(
        row(1, 600), row(1001, 1400, vintage="2024"), row(1, 50, country="LA"), temporary
    )
    assert refused(committee, committee.conversion(*serials, **changes)) == expected


def test_an_account_or_project_that_may_not_receive_them(committee: Committee) -> None:
    committee.register(row(1, 600))
    act = committee.conversion(cer(1, 600), account=committee.ledger.green)
    assert refused(committee, act) == [9203]


def test_rows_that_adjoin_can_be_named_as_one_range(committee: Committee) -> None:
    committee.register(row(1, 600), row(601, 700))
    committee.convert(cer(1, 700))
    assert committee.ledger.holding(committee.ledger.forest) == (700, 0)


SPELLINGS = [
    cer(1, 600),
    cer(1, 600).replace(" - ", " – "),
    cer(1, 600).replace(" - ", " to "),
    cer(1, 600).replace("-5-", "-5-000"),
    cer(1, 700),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_source_serial_converts_once_however_it_is_spelled(
    committee: Committee, spelling: str
) -> None:
    committee.register(row(1, 600), row(601, 700))
    committee.convert(cer(1, 600))
    assert refused(committee, committee.conversion(spelling)) in ([9556], [9552])
    with reading(committee.ledger.registry.engine) as connection:
        total = connection.execute(select(UnitBatch.last_serial)).scalars().all()
    assert total == [600]


def test_a_part_of_what_was_converted_is_refused(committee: Committee) -> None:
    committee.register(row(1, 600))
    committee.convert(cer(1, 600))
    for part in (cer(1, 1), cer(600, 600), cer(200, 300)):
        assert refused(committee, committee.conversion(part)) == [9554]
    assert committee.register(row(1, 300)).rejected[0].code == 9540
    assert committee.register(row(1, 600, purpose="again")).rejected[0].code == 9540
    assert committee.register(row(1, 600)).already_there == 1


def test_pending_sources_cannot_be_proposed_again_until_released(committee: Committee) -> None:
    committee.register(row(1, 600))
    ledger = committee.ledger
    act = committee.conversion(cer(1, 600))
    first = ledger.propose(act).transaction_id
    assert refused(committee, act) == [9556]
    withdraw(ledger.registry, first, ledger.officer)
    second = ledger.propose(act).transaction_id
    for member in (1, 2, 3):
        committee.vote(second, member, "no")
    number = committee.convert(cer(1, 600))
    assert refused(committee, act) == [9556]
    with reading(ledger.registry.engine) as connection:
        taken = connection.execute(select(SourceUnit.converted_by)).scalars().all()
    assert taken == [number]
    assert verify_registry(ledger.registry).ok


def test_many_hands_at_once_convert_a_serial_once(committee: Committee) -> None:
    committee.register(row(1, 600))
    act = committee.conversion(cer(1, 600))

    def attempt(_: int) -> list[int]:
        try:
            committee.ledger.propose(act)
        except RulesBroken as broken:
            return [item.code for item in broken.violations]
        return []

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(8))) == [[], *[[9556]] * 7]


def test_a_repeated_request_is_harmless(committee: Committee) -> None:
    committee.register(row(1, 600))
    act = committee.conversion(cer(1, 600))
    first = committee.ledger.propose(act, request_id="once")
    assert committee.ledger.propose(act, request_id="once").transaction_id == first.transaction_id


def test_a_conversion_that_no_longer_holds_is_terminated_by_the_last_vote(
    committee: Committee, people: dict[str, Actor]
) -> None:
    committee.register(row(1, 600))
    ledger = committee.ledger
    number = ledger.propose(committee.conversion(cer(1, 600))).transaction_id
    change_account(
        ledger.registry, people["admin"], ledger.forest, AccountState.SUSPENDED, reason="case"
    )
    committee.vote(number, 1)
    committee.vote(number, 2)
    ended = committee.vote(number, 3).outcome
    assert ended.status is TransactionStatus.TERMINATED
    assert ended.evaluation is not None
    assert [item.code for item in ended.evaluation.violations] == [2004]
    with reading(ledger.registry.engine) as connection:
        assert connection.execute(select(SourceUnit.converted_by)).scalars().all() == [None]


def test_units_are_not_registered_here_and_converted_too(committee: Committee) -> None:
    from app.services.projects import NewProject, register_project
    from app.services.transactions.acts import Registration

    ledger = committee.ledger
    cdm = NewProject(origin="CDM", code="7014", name_en="Biogas", country="TH")
    register_project(ledger.registry, ledger.officer, cdm)
    committee.register(row(1, 600))
    content: dict[str, Any] = {
        "origin": "CDM",
        "project": "7014",
        "account": ledger.forest,
        "unit_type": "CER",
        "vintage": None,
        "issued_on": None,
    }
    again = Registration(**content, serial=cer(500, 700), quantity=201)
    assert refused(committee, again) == [9153]
    ledger.complete(Registration(**content, serial=cer(601, 700), quantity=100))
    assert committee.register(row(650, 800)).rejected[0].code == 9541


def test_the_act_is_read_as_the_contract_says() -> None:
    content = {
        "source_serials": [cer(1, 600), {"serial": cer(601, 700)}],
        "host_country": "TH",
        "attestation_sha256": "A" * 64,
        "account": "TH-100-1042-0-52",
        "project": "0042",
        "vintage": 2024,
    }
    act = read_proposal("conversion", content)
    assert isinstance(act, Conversion)
    assert (act.quantity, act.unit_type, act.attestation_sha256) == (700, "TER", "a" * 64)
    assert read_proposal("conversion", act.as_json()) == act
    for wrong in ({"source_serials": "x"}, {"source_serials": [1]}, {"vintage": "2024"}):
        with pytest.raises(UsageError):
            read_proposal("conversion", content | wrong)


def test_a_rule_of_expiry_must_be_valid(committee: Committee) -> None:
    from dataclasses import replace

    committee.register(row(1, 600))
    later = replace(committee.ledger.registry, clock=lambda: datetime(2040, 1, 1, tzinfo=UTC))
    evaluation = preview(later, committee.conversion(cer(1, 600)), committee.ledger.officer)
    assert [item.code for item in evaluation.violations] == [9211]

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.models.errors import NotFound, UsageError
from app.services.accounts import NewAccount, NewHolder, propose_account
from app.services.checks.violation import RulesBroken
from app.services.documents import read_document
from app.services.transactions.acts import Cancellation, Issuance, Transfer
from app.views.presenters.cancellation import CancellationForm
from app.views.presenters.issuance import IssuanceForm, digest_file
from app.views.presenters.transfer import TransferForm
from tests.fixtures.ledger import Ledger

TRANSFER = {
    "from": "TH-100-1042-0-52",
    "to": "TH-100-2210-0-32",
    "unit_type": "TER",
    "quantity": "12500",
    "choice": "fifo",
    "blocks": "",
    "reason": "Sale contract",
}
EMPTY = dict.fromkeys(TRANSFER, "") | {"choice": "fifo"}


def form(ledger: Ledger) -> TransferForm:
    return TransferForm(ledger.registry, ledger.officer)


def test_values_make_a_transfer(ledger: Ledger) -> None:
    assert form(ledger).read(TRANSFER).act == Transfer(
        from_account="TH-100-1042-0-52",
        to_account="TH-100-2210-0-32",
        unit_type="TER",
        quantity=12_500,
        reason="Sale contract",
    )


def test_blocks_count_only_when_they_are_picked(ledger: Ledger) -> None:
    picked = TRANSFER | {"choice": "pick", "blocks": "TH-1\nTH-2"}
    act = form(ledger).read(picked).act
    assert isinstance(act, Transfer)
    assert act.blocks == ("TH-1", "TH-2")
    act = form(ledger).read(picked | {"choice": "fifo"}).act
    assert isinstance(act, Transfer)
    assert act.blocks == ()


def test_what_is_missing_is_named_but_not_shown_while_typing(ledger: Ledger) -> None:
    reading = form(ledger).read(EMPTY)
    assert reading.act is None
    assert [gap.field for gap in reading.gaps] == ["from", "unit_type", "quantity", "to"]
    assert reading.unreadable == ()


@pytest.mark.parametrize("typed", ["12x", "1.5", "-3", "๑๒", "9" * 30])
def test_what_is_no_quantity_is_shown_while_typing(ledger: Ledger, typed: str) -> None:
    reading = form(ledger).read(TRANSFER | {"quantity": typed})
    assert reading.act is None
    assert [gap.field for gap in reading.unreadable] == ["quantity"]


def test_picking_without_a_block_asks_for_one(ledger: Ledger) -> None:
    reading = form(ledger).read(TRANSFER | {"choice": "pick"})
    assert [gap.field for gap in reading.gaps] == ["blocks"]


def test_a_cancellation_may_lack_beneficiary_and_purpose(ledger: Ledger) -> None:
    presenter = CancellationForm(ledger.registry, ledger.officer)
    act = presenter.read(TRANSFER).act
    assert isinstance(act, Cancellation)
    assert (act.beneficiary, act.purpose) == ("", "")


def test_the_same_content_is_proposed_once_until_it_is_done(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    presenter = form(ledger)
    values = TRANSFER | {"from": ledger.forest, "to": ledger.green, "quantity": "10"}
    act = presenter.read(values).act
    assert act is not None
    first = presenter.propose(act, values)
    assert presenter.propose(act, values).transaction_id == first.transaction_id
    other = presenter.read(values | {"quantity": "11"}).act
    assert other is not None
    assert presenter.propose(other, values).transaction_id != first.transaction_id
    presenter.done()
    assert presenter.propose(act, values).transaction_id != first.transaction_id


def test_held_units_give_types_and_what_is_free(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    ledger.propose(ledger.transfer(1_000))
    presenter = form(ledger)
    presenter.take_held(ledger.forest, presenter.list_held(ledger.forest))
    assert presenter.only_unit_type() == "TER"
    assert [option.value for option in presenter.unit_type_options("th")] == ["TER"]
    free = presenter.free_units("TER")
    assert free is not None
    assert free.values == {"count": 9_500 - 1_000}
    assert presenter.free_units("VCU") is None


def test_only_open_holding_accounts_are_offered(ledger: Ledger) -> None:
    propose_account(
        ledger.registry,
        ledger.officer,
        NewAccount(name="Not yet", holder=NewHolder(name_en="Not yet", name_th="ยังไม่เปิด")),
    )
    accounts = form(ledger).list_accounts()
    assert [each.number for each in accounts] == [ledger.forest, ledger.green]


# Issuance


def issuance_values(ledger: Ledger, digest: str, document: str = "") -> dict[str, str]:
    return {
        "project": "0042",
        "account": ledger.forest,
        "reduction": "",
        "unit_type": "TER",
        "vintage": "2025",
        "period_from": "2025-01-01",
        "period_to": "2025-12-31",
        "verified_quantity": "10000",
        "quantity": "10000",
        "verified_reference": "VR-1",
        "document": document,
        "document_sha256": digest,
    }


def test_values_make_an_issuance(ledger: Ledger) -> None:
    presenter = IssuanceForm(ledger.registry, ledger.officer)
    act = presenter.read(issuance_values(ledger, "A" * 64)).act
    assert isinstance(act, Issuance)
    assert (act.period_from, act.period_to) == (date(2025, 1, 1), date(2025, 12, 31))
    assert act.document_sha256 == "a" * 64


def test_what_is_no_day_is_shown_while_typing(ledger: Ledger) -> None:
    presenter = IssuanceForm(ledger.registry, ledger.officer)
    reading = presenter.read(issuance_values(ledger, "a" * 64) | {"period_to": "last year"})
    assert [gap.field for gap in reading.unreadable] == ["period_to"]


def test_the_report_is_kept_with_the_proposal(ledger: Ledger, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    report.write_bytes(b"%PDF verified")
    seen: list[int] = []
    digest = digest_file(report, seen.append)
    assert seen[-1] == len(b"%PDF verified")
    presenter = IssuanceForm(ledger.registry, ledger.officer)
    values = issuance_values(ledger, digest, str(report))
    act = presenter.read(values).act
    assert act is not None
    presenter.propose(act, values)
    assert read_document(ledger.registry, digest) == b"%PDF verified"


def test_a_report_is_kept_only_when_the_checks_pass(ledger: Ledger, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    report.write_bytes(b"%PDF verified")
    digest = digest_file(report, lambda _done: None)
    presenter = IssuanceForm(ledger.registry, ledger.officer)
    values = issuance_values(ledger, digest, str(report)) | {"quantity": "10001"}
    act = presenter.read(values).act
    assert act is not None
    with pytest.raises(RulesBroken) as caught:
        presenter.propose(act, values)
    assert [each.code for each in caught.value.violations] == [9205]
    with pytest.raises(NotFound):
        read_document(ledger.registry, digest)


def test_a_file_that_changed_meanwhile_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    report.write_bytes(b"one")
    digest = digest_file(report, lambda _done: None)
    report.write_bytes(b"another")
    presenter = IssuanceForm(ledger.registry, ledger.officer)
    values = issuance_values(ledger, digest, str(report))
    act = presenter.read(values).act
    assert act is not None
    with pytest.raises(UsageError, match=r"report\.pdf"):
        presenter.propose(act, values)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.pdf"):
        digest_file(tmp_path / "gone.pdf", lambda _done: None)


def test_a_project_offers_its_accounts(ledger: Ledger) -> None:
    presenter = IssuanceForm(ledger.registry, ledger.officer)
    presenter.take_choices(presenter.list_choices())
    assert [option.value for option in presenter.project_options("en")] == ["0042"]
    assert [option.value for option in presenter.account_options("0042")] == [ledger.forest]
    assert presenter.only_account("0042") == ledger.forest
    assert presenter.account_options("0043") == ()
    assert {option.value for option in presenter.unit_type_options("en")} == {"TER", "EPC"}


def test_checks_speak_of_the_form_s_own_fields(ledger: Ledger) -> None:
    presenter = IssuanceForm(ledger.registry, ledger.officer)
    assert presenter.field_of("to") == "account"
    assert presenter.field_of("document") == "document_sha256"
    assert presenter.field_of("vintage") == "vintage"

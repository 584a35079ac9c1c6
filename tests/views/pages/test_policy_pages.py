"""Rules, notices, the calendar and the proof, played by mouse and keys on visible pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.services.log.checkpoints import make_checkpoint
from app.services.notices.recording import NewNotice, record_notice
from app.services.registry.context import Actor
from app.views.pages.cancellation import CancellationPage
from app.views.pages.checkpoints import CheckpointsPage
from app.views.pages.notices import NoticesPage
from app.views.pages.proof import ProofPage
from app.views.pages.proof_report import ProofReportPage
from app.views.pages.rules import RulesPage
from app.views.walk import Hand
from tests.views.pages.conftest import Surroundings

Show = Callable[[QWidget], None]


@pytest.fixture
def hand() -> Hand:
    return Hand(longest_wait_s=10)


def test_a_rule_is_changed_by_two_people(
    surroundings: Surroundings, people: dict[str, Actor], shown: Show, hand: Hand
) -> None:
    page = RulesPage(surroundings.context(people["admin"]))
    shown(page)
    page.enter("tables:levy-rate/TER")
    hand.click_row("Rules", "Levy rate", "TER", "5 %")
    hand.read(r"^(Levy rate · TER)$")
    hand.click("Change this rule")
    hand.fill("Value", "0.08")
    hand.fill("From", "2027-01-01")
    assert hand.read(r"(The row in force, 5 %, ends on 2026-12-31.+)")
    hand.fill("Reason", "Decision of the board")
    hand.click("Propose the change")
    assert hand.read(r"^(R1 is proposed; an approver decides\.)$")
    page.close()
    deciding = RulesPage(surroundings.context(people["approver"]))
    shown(deciding)
    deciding.enter("changes")
    hand.click_row("Changes", "R1")
    hand.click("Approve")
    hand.click("Approve")
    assert hand.read(r"^(R1 is approved\.)$")
    deciding.enter("tables")
    hand.click_row("Rules", "Levy rate", "TER", "8 %", "2027-01-01")


def test_a_holiday_is_added_and_taken_off(
    surroundings: Surroundings, people: dict[str, Actor], shown: Show, hand: Hand
) -> None:
    page = RulesPage(surroundings.context(people["admin"]))
    shown(page)
    page.enter("holidays")
    hand.click("Add a holiday")
    hand.fill("Day", "2027-04-13")
    hand.fill("Name in English", "Songkran")
    hand.fill("Name in Thai", "สงกรานต์")
    hand.click("Add a holiday")
    hand.read(r"^(The holiday is in the calendar\.)$")
    hand.click_row("Holidays", "2027-04-13", "Songkran", "สงกรานต์")
    hand.click("Take off the calendar")
    hand.read(r"^(The holiday is off the calendar\.)$")


def test_a_period_is_opened_by_two_administrators(
    surroundings: Surroundings, people: dict[str, Actor], shown: Show, hand: Hand
) -> None:
    page = RulesPage(surroundings.context(people["admin"]))
    shown(page)
    page.enter("periods")
    hand.click("Open the next period")
    hand.fill("Last day", "2035-12-31")
    hand.read(r"^(Period 2 will run from 2031-01-01 to 2035-12-31.+)$")
    hand.click("Fill in the other demo administrator")
    hand.click("Open the period")
    assert hand.read(r"^(Period 2 is open, from 2031-01-01 to 2035-12-31.+)$")


def test_a_notice_is_recorded_and_leads_to_the_form_that_answers_it(
    surroundings: Surroundings,
    people: dict[str, Actor],
    shown: Show,
    hand: Hand,
    qtbot: QtBot,
) -> None:
    page = NoticesPage(surroundings.context(people["admin"]))
    shown(page)
    page.enter()
    hand.click("Record a notice")
    hand.fill("Notice", "ITL-2026-0113")
    hand.choose("Kind", "Non-compliance")
    hand.fill("What it says", "Cancel units")
    hand.choose("Unit type", "TER")
    hand.fill("Quantity", "1200")
    hand.click("Record a notice")
    hand.read(r"^(Notice ITL-2026-0113 is recorded; its clock runs\.)$")
    hand.click_row("Notices", "ITL-2026-0113", "30 days left", "1,200")
    hand.read(r"^(0 of 1,200 units; 0 pending)$")
    hand.click("Cancel units: Non-compliance")
    (opened,) = surroundings.opened
    form = CancellationPage(surroundings.context(surroundings.ledger.officer))
    shown(form)
    form.enter(opened[1])
    qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)
    values = form.form.values()
    assert (values["kind"], values["notice"]) == ("non-compliance", "ITL-2026-0113")
    assert values["quantity"] == "1200"


def test_others_read_notices_and_are_told_who_records_them(
    surroundings: Surroundings, people: dict[str, Actor], shown: Show, hand: Hand
) -> None:
    registry = surroundings.ledger.registry
    record_notice(registry, people["admin"], NewNotice(number="N-1", type=10, message="Read"))
    page = NoticesPage(surroundings.context(people["auditor"]))
    shown(page)
    page.enter("N-1")
    hand.read("^(Notification update)$")
    assert not page.record.button.isEnabled()
    assert not page.close_notice.isVisible()


def test_the_ledger_is_proved_against_a_checkpoint_kept_outside(
    surroundings: Surroundings,
    people: dict[str, Actor],
    shown: Show,
    hand: Hand,
    tmp_path: Path,
) -> None:
    surroundings.ledger.complete(surroundings.ledger.issuance(1_000))
    page = ProofPage(surroundings.context(people["auditor"]))
    shown(page)
    page.enter("checkpoints")
    hand.click("Make a checkpoint")
    hand.read(r"^(A checkpoint over \d+ entries is signed\.)$")
    hand.click("Save the checkpoint…")
    hand.save_as(str(tmp_path / "kept.txt"))
    hand.read(r"^(kept\.txt is saved\.)$")
    hand.click("Proof of the ledger")
    hand.click("Prove against a checkpoint…")
    hand.save_as(str(tmp_path / "kept.txt"))
    hand.read(r"^(Everything that was checked holds)$")
    assert hand.read(r"(It agrees with a checkpoint kept outside over \d+ entries)")
    hand.click("Save in Thai…")
    hand.save_as(str(tmp_path / "proof.pdf"))
    hand.read(r"^(proof\.pdf is saved\.)$")
    assert (tmp_path / "proof.pdf").read_bytes().startswith(b"%PDF")
    report = page.part("report")
    assert isinstance(report, ProofReportPage)
    surroundings.desk.language.set_code("th")
    assert any("ทุกสิ่งที่ตรวจสอบถูกต้อง" in each.text() for each in report.findChildren(QLabel))


def test_every_checkpoint_made_is_in_the_list_at_once(
    surroundings: Surroundings, people: dict[str, Actor], shown: Show, hand: Hand, qtbot: QtBot
) -> None:
    registry = surroundings.ledger.registry
    page = ProofPage(surroundings.context(people["auditor"]))
    shown(page)
    page.enter("checkpoints")
    part = page.part("checkpoints")
    assert isinstance(part, CheckpointsPage)
    for count in (1, 2, 3):
        record_notice(
            registry, people["admin"], NewNotice(number=f"N-{count}", type=10, message="Read")
        )
        hand.wait_quiet()
        hand.click("Make a checkpoint")
        qtbot.waitUntil(lambda count=count: part.table.model.total == count)  # type: ignore[misc]
        newest = part.table.model.row_at(0)
        assert newest.size == int(part._key)
        assert part.table.current_row() == newest
    # Another desk's checkpoint, told by the server, comes in as well.
    record_notice(registry, people["admin"], NewNotice(number="N-4", type=10, message="Read"))
    make_checkpoint(registry)
    assert page.shows >= {"log"}
    page.refresh()
    qtbot.waitUntil(lambda: part.table.model.total == 4)

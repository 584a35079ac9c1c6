"""Rules, calendar, notices, proof and checkpoints without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.models.codes import RuleKind
from app.models.errors import TeakError
from app.services.checks.violation import RulesBroken
from app.services.listings.page import PageRequest
from app.services.notices.recording import NewNotice
from app.services.people.demo import demo_people
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Cancellation
from app.views.language import Language
from app.views.presenters.calendar import Calendar, reason_against_calendar
from app.views.presenters.kept_rows import page_of
from app.views.presenters.notices import Notices, ways_to_answer
from app.views.presenters.proof import (
    Proofs,
    balances_said,
    sections_said,
    serials_said,
    verdict,
)
from app.views.presenters.registry_import import Credentials
from app.views.presenters.rules import ChangeAct, RuleTables, say_value, write_value
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock


def values(**changes: str) -> dict[str, str]:
    return {
        "kind": "levy-rate",
        "unit_type": "TER",
        "value": "0.08",
        "valid_from": "2027-01-01",
        "valid_to": "",
        "reason": "Decision of the board",
        **changes,
    }


def test_a_change_is_told_what_it_ends_and_then_does_it(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    tables = RuleTables(registry, people["admin"])
    rule = tables.read(values()).rule
    assert rule is not None
    (ended,) = tables.preview(rule).ends
    assert ended.ends_on == date(2026, 12, 31)
    change = tables.propose(rule)
    (row,) = tables.list_changes()
    assert tables.acts(row) == (ChangeAct.WITHDRAW,)
    approver = RuleTables(registry, people["approver"])
    assert approver.acts(row) == (ChangeAct.REJECT, ChangeAct.APPROVE)
    assert RuleTables(registry, people["auditor"]).acts(row) == ()
    approver.carry_out(change.id, ChangeAct.APPROVE, "")
    line = next(each for each in tables.list_lines() if each.key == "levy-rate/TER")
    assert line.now is not None
    assert line.next is not None
    assert (line.now.valid_to, line.now.value) == (ended.ends_on, ended.value)
    assert (line.next.valid_from, line.next.value) == (date(2027, 1, 1), Decimal("0.08"))
    assert approver.acts(tables.list_changes()[0]) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": "2"}, 9610),
        ({"valid_from": "2026-11-21"}, 9612),
        ({"valid_to": "2200-01-01"}, 9611),
    ],
)
def test_what_cannot_be_proposed_is_said_before(
    registry: OpenRegistry, people: dict[str, Actor], changes: dict[str, str], code: int
) -> None:
    tables = RuleTables(registry, people["admin"])
    rule = tables.read(values(**changes)).rule
    assert rule is not None
    assert [each.code for each in tables.preview(rule).violations] == [code]
    with pytest.raises(RulesBroken, match=str(code)):
        tables.propose(rule)


def test_a_missing_reason_is_asked_for_only_when_the_change_is(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    tables = RuleTables(registry, people["admin"])
    rule = tables.read(values(reason="")).rule
    assert rule is not None
    assert not tables.preview(rule).violations
    with pytest.raises(RulesBroken, match="9617"):
        tables.propose(rule)


def test_a_value_that_is_no_number_is_a_gap(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    tables = RuleTables(registry, people["admin"])
    for text in ("five", "NaN", "Infinity"):
        (gap,) = tables.read(values(value=text)).gaps
        assert (gap.field, gap.is_empty) == ("value", False)
    assert {gap.field for gap in tables.read({}).gaps} >= {"kind", "unit_type", "valid_from"}


def test_values_are_written_as_people_read_them() -> None:
    assert write_value(str(RuleKind.LEVY_RATE), Decimal("0.050")) == "5 %"
    assert write_value(str(RuleKind.MAXIMUM_TRANSFER), Decimal(12000)) == "12,000"
    assert write_value(str(RuleKind.COMMITTEE_QUORUM), Decimal(10)) == "10"


def test_holidays_come_and_go(registry: OpenRegistry, people: dict[str, Actor]) -> None:
    calendar = Calendar(registry, people["admin"])
    before = calendar.list_holidays()
    holiday = calendar.read_holiday(
        {"day": "2026-12-10", "name_en": "Constitution Day", "name_th": "วันรัฐธรรมนูญ"}
    )
    assert holiday is not None
    calendar.add(holiday)
    assert holiday in calendar.list_holidays()
    with pytest.raises(RulesBroken, match="9651"):
        calendar.add(holiday)
    calendar.remove(holiday.day)
    assert calendar.list_holidays() == before
    assert calendar.read_holiday({"day": "2026-12-10"}) is None
    assert reason_against_calendar(people["officer"]) != ""


def test_two_administrators_open_the_next_period(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    calendar = Calendar(registry, people["admin"])
    number, first = calendar.next_period()
    second = next(each for each in demo_people(registry) if each.user_name == "admin2")
    agreed = Credentials("admin2", DEMO_PASSPHRASE, second.code)
    period = calendar.open_next(first + timedelta(days=700), agreed)
    assert (period.number, period.first_day) == (number, first)
    assert [line.tense for line in calendar.list_periods()] == ["present", "coming"]


def test_one_administrator_is_not_two(registry: OpenRegistry, people: dict[str, Actor]) -> None:
    calendar = Calendar(registry, people["admin"])
    own = next(each for each in demo_people(registry) if each.user_name == "admin")
    with pytest.raises(RulesBroken, match="9616"):
        calendar.open_next(date(2040, 1, 1), Credentials("admin", DEMO_PASSPHRASE, own.code))


def record(ledger: Ledger, admin: Actor, **changes: object) -> Notices:
    notices = Notices(ledger.registry, admin)
    notice = NewNotice(number="N-1", type=2, message="Cancel", unit_type="TER", target_quantity=100)
    notices.record(replace(notice, **changes))  # type: ignore[arg-type]
    return notices


def test_a_notice_counts_its_days(
    ledger: Ledger, people: dict[str, Actor], clock: FrozenClock
) -> None:
    notices = record(ledger, people["admin"])
    (line,) = notices.list_lines()
    assert (line.days_left, line.clock.key) == (30, "notices.days_left")
    clock.advance(days=30)
    assert notices.list_lines()[0].clock.key == "notices.today"
    clock.advance(days=2)
    (line,) = notices.list_lines()
    assert (line.state, line.clock.values["days"]) == ("overdue", 2)


def test_a_notice_leads_to_its_form_and_is_fulfilled_by_it(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    ledger.complete(ledger.issuance(1_000))
    notices = record(ledger, people["admin"])
    (way,) = ways_to_answer(notices.list_lines()[0].notice)
    assert way.page == "cancellation"
    assert dict(part.split("=") for part in way.target.split(";")) == {
        "kind": "non-compliance",
        "unit_type": "TER",
        "quantity": "100",
        "notice": "N-1",
    }
    act = Cancellation(
        from_account=ledger.forest,
        unit_type="TER",
        quantity=60,
        kind="non-compliance",
        notice="N-1",
        beneficiary="",
        purpose="",
    )
    done = ledger.complete(act)
    shown = notices.read("N-1")
    assert [each.id for each in shown.answers] == [done.identifier]
    assert (shown.line.state, shown.line.fulfilled) == ("incomplete", 60)
    assert "quantity=40" in ways_to_answer(shown.line.notice)[0].target
    with pytest.raises(RulesBroken, match="9643"):
        notices.close("N-1", "enough")
    ledger.complete(replace(act, quantity=40))
    assert notices.read("N-1").line.days_left is None
    assert ways_to_answer(notices.read("N-1").line.notice) == ()


def test_a_notice_that_asks_for_no_units_is_closed_with_a_reason(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    notices = record(ledger, people["admin"], type=10, unit_type=None, target_quantity=None)
    notices.close("N-1", "read")
    assert notices.list_lines()[0].state == "completed"
    read = notices.read_new({"number": "2", "type": "2", "message": "Cancel"})
    assert {gap.field for gap in read.gaps} == {"quantity", "unit_type"}
    assert notices.read_new({"number": "2", "type": "10", "message": "x"}).notice is not None


def test_the_proof_is_said_in_both_languages_and_saved(ledger: Ledger, tmp_path: Path) -> None:
    ledger.complete(ledger.issuance(1_000))
    proofs = Proofs(ledger.registry)
    report = proofs.make(lambda _done, _of: None)
    assert verdict(report, "en")[0] == "Everything that was checked holds"
    assert verdict(report, "th")[0] != verdict(report, "en")[0]
    assert "1,000" in " ".join(serials_said(report, "en").sentences)
    assert balances_said(report, "th").sentences[0]
    assert len(sections_said(report, "en")) == 4
    for language in ("en", "th"):
        assert proofs.save(report, language, tmp_path / f"{language}.pdf").stat().st_size > 5_000


def test_a_checkpoint_kept_outside_shows_that_the_log_goes_on(
    ledger: Ledger, tmp_path: Path
) -> None:
    proofs = Proofs(ledger.registry)
    note = proofs.make_checkpoint()
    (line,) = proofs.list_checkpoints()
    assert line.note == note
    kept = proofs.save_checkpoint(note, tmp_path / "kept.txt")
    ledger.complete(ledger.issuance(1_000))
    report = proofs.make(lambda _done, _of: None, str(kept))
    assert (report.holds, report.verification.against) == (True, line.size)
    kept.write_text(note.replace(f"\n{line.size}\n", f"\n{line.size + 1}\n"))
    assert not proofs.make(lambda _done, _of: None, str(kept)).holds
    (tmp_path / "other.txt").write_text("no checkpoint")
    with pytest.raises(TeakError):
        proofs.make(lambda _done, _of: None, str(tmp_path / "other.txt"))
    with pytest.raises(TeakError):
        proofs.make(lambda _done, _of: None, str(tmp_path / "missing.txt"))


def test_a_short_list_is_filtered_and_sorted() -> None:
    rows = [date(2026, 3, 1), date(2025, 5, 2), date(2026, 1, 9)]
    request = PageRequest(sort="month", descending=True)
    assert [row.month for row in page_of(rows, request).rows] == [5, 3, 1]
    assert page_of(rows, PageRequest(filters={"year": "2026"})).total == 2
    assert page_of(rows, PageRequest(filter_text="5"), texts=("month",)).rows == (rows[1],)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (RuleKind.LEVY_RATE, "0.05", "5 %"),
        (RuleKind.DEFAULT_EXPIRY, "6", "6 years"),
        (RuleKind.DEFAULT_EXPIRY, "99", "never"),
        (RuleKind.ROLLBACK_WINDOW, "5", "5 working days"),
        (RuleKind.COMMITTEE_QUORUM, "3", "3 votes"),
        (RuleKind.STRANGERS_ALLOWED, "0", "no"),
        (RuleKind.MAXIMUM_TRANSFER, "12000", "12,000 units"),
    ],
)
def test_a_value_says_what_it_counts(kind: RuleKind, value: str, words: str) -> None:
    phrase = say_value(str(kind), Decimal(value))
    assert Language("en").text(phrase.key, **phrase.values) == words
    assert Language("th").text(phrase.key, **phrase.values) != phrase.key


def test_every_kind_of_rule_has_words_for_its_value() -> None:
    for kind in RuleKind:
        assert Language("th").has(say_value(str(kind), Decimal(1)).key), kind

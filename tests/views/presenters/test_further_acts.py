from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.models.codes import NoticeType, Role
from app.services.notices.recording import NewNotice, record_notice
from app.services.registry.context import Actor
from app.services.transactions.acts import (
    BufferRelease,
    Cancellation,
    ExpiryChange,
    ExternalTransfer,
    Replacement,
    Retirement,
    read_act,
)
from app.services.transactions.acts.disposal import CANCELLATION_KINDS
from app.services.transactions.acts.replacement import REPLACEMENT_KINDS
from app.views.presenters.cancellation import CancellationForm, kind_options
from app.views.presenters.further_acts import (
    KINDS,
    FurtherForm,
    replacement_kind_options,
    whom_it_takes,
)
from tests.fixtures.ledger import Ledger

SHARED = {"from": "TH-100-1042-0-52", "unit_type": "TER", "quantity": "12", "choice": "fifo"}
FILLED = {
    "to": "TH-100-2210-0-32",
    "kind": "tCER-expiry",
    "replaced": "RW-6-1-2-2-0-7014 - RW-6-9-2-2-0-7014",
    "to_expiry": "2030-12-31",
    "registry": "CH",
    "corrects": "TH12",
    "reversed_project": "0042",
    "over_issued": "TH12",
    "reason": "Decided by the board",
}


def form(ledger: Ledger, name: str) -> FurtherForm:
    return FurtherForm(ledger.registry, ledger.officer, KINDS[name])


def content(name: str) -> dict[str, Any]:
    """Give the act as the command line states it."""
    asked = {extra.field for extra in KINDS[name].extras}
    made: dict[str, Any] = {"from": SHARED["from"], "unit_type": "TER", "quantity": 12}
    made |= {key: value for key, value in FILLED.items() if key in asked}
    if "replaced" in asked:
        made["replaced"] = [{"serial": FILLED["replaced"]}]
    return made


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_a_form_offers_is_what_its_act_takes(name: str) -> None:
    act, kind = read_act(name, content(name)), KINDS[name]
    assert kind.proposers == act.proposers
    assert kind.from_types == act.transferring_types
    if kind.to_types:
        assert kind.to_types == act.acquiring_types
    if name != "replacement":
        assert kind.notices == act.notice_types


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_form_makes_the_act_that_the_command_line_makes(ledger: Ledger, name: str) -> None:
    reading = form(ledger, name).read(SHARED | FILLED)
    assert reading.gaps == ()
    assert reading.act == read_act(name, content(name))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_an_empty_form_asks_for_what_it_needs_and_shows_nothing_red(
    ledger: Ledger, name: str
) -> None:
    reading = form(ledger, name).read({"choice": "fifo"})
    asked = [gap.field for gap in reading.gaps]
    assert asked[:3] == ["from", "unit_type", "quantity"]
    needed = [extra.field for extra in KINDS[name].extras if extra.missing_key]
    assert asked[3:] == needed
    assert reading.unreadable == ()


def test_every_notice_that_a_replacement_answers_is_offered() -> None:
    assert KINDS["replacement"].notices == {kind.notice for kind in REPLACEMENT_KINDS.values()}
    assert [each.value for each in replacement_kind_options()] == list(REPLACEMENT_KINDS)


def test_values_that_may_be_left_empty_are_left_out(ledger: Ledger) -> None:
    act = form(ledger, "retirement").read(SHARED | {"period": "", "purpose": " "}).act
    assert act == Retirement(from_account=SHARED["from"], unit_type="TER", quantity=12)
    act = form(ledger, "retirement").read(SHARED | {"period": "1", "beneficiary": "State"}).act
    assert isinstance(act, Retirement)
    assert (act.period, act.beneficiary) == (1, "State")


@pytest.mark.parametrize(
    ("name", "field", "typed"),
    [("retirement", "period", "first"), ("expiry-change", "to_expiry", "soon")],
)
def test_what_cannot_be_read_is_shown_while_typing(
    ledger: Ledger, name: str, field: str, typed: str
) -> None:
    reading = form(ledger, name).read(SHARED | FILLED | {field: typed})
    assert [gap.field for gap in reading.unreadable] == [field]


def test_several_replaced_ranges_stand_one_a_line(ledger: Ledger) -> None:
    act = form(ledger, "replacement").read(SHARED | FILLED | {"replaced": " A \n\n B "}).act
    assert isinstance(act, Replacement)
    assert act.replaced == ("A", "B")


def test_optional_fields_reach_their_act(ledger: Ledger) -> None:
    sent = form(ledger, "external-transfer").read(
        SHARED | {"registry": "CH", "account": "CH-100-77-0-11", "notice": "N1"}
    )
    assert isinstance(sent.act, ExternalTransfer)
    assert (sent.act.account, sent.act.notice) == ("CH-100-77-0-11", "N1")
    released = form(ledger, "buffer-release").read(SHARED | FILLED | {"project": "0042"})
    assert isinstance(released.act, BufferRelease)
    assert released.act.project == "0042"
    changed = form(ledger, "expiry-change").read(SHARED | FILLED)
    assert isinstance(changed.act, ExpiryChange)
    assert changed.act.to_expiry == date(2030, 12, 31)


@pytest.mark.parametrize(
    ("name", "giving", "receiving"),
    [
        ("retirement", {"100"}, set()),
        ("buffer-deposit", {"100"}, {"901"}),
        ("buffer-hold", {"901"}, set()),
        ("buffer-return", {"902"}, {"901"}),
        ("buffer-release", {"901"}, {"100"}),
    ],
)
def test_only_accounts_that_the_act_takes_are_offered(
    ledger: Ledger, name: str, giving: set[str], receiving: set[str]
) -> None:
    presenter = form(ledger, name)
    presenter.take_choices(presenter.list_choices())
    assert {each.value.split("-")[1] for each in presenter.giving_options()} == giving
    assert {each.value.split("-")[1] for each in presenter.receiving_options()} == receiving


def test_periods_and_projects_are_offered_where_they_are_asked(ledger: Ledger) -> None:
    retirement = form(ledger, "retirement")
    retirement.take_choices(retirement.list_choices())
    assert [each.value for each in retirement.period_options()] == ["1"]
    assert retirement.project_options("en") == ()
    release = form(ledger, "buffer-release")
    release.take_choices(release.list_choices())
    assert [each.value for each in release.project_options("th")] == ["0042"]


def test_open_notices_of_the_act_are_offered_with_their_day(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    for number, kind in (("N-4", 4), ("N-9", 9)):
        notice = NewNotice(
            number=number,
            type=kind,
            message="as told",
            unit_type="tCER",
            target_quantity=10,
            due_on=date(2026, 12, 31),
        )
        record_notice(ledger.registry, people["admin"], notice)
    presenter = form(ledger, "expiry-change")
    presenter.take_choices(presenter.list_choices())
    offered = presenter.notice_options("en", date.isoformat)
    assert [(each.value, each.text) for each in offered] == [
        ("N-9", "N-9 · Expiry date change · 2026-12-31")
    ]
    assert "การเปลี่ยนวันหมดอายุ" in presenter.notice_options("th", date.isoformat)[0].text
    cancellation = CancellationForm(ledger.registry, ledger.officer)
    cancellation.take_choices(cancellation.list_choices())
    for wanted, numbers in (("mandatory", ["N-4"]), ("voluntary", []), ("net-source", [])):
        found = cancellation.notice_options(wanted, "en", date.isoformat)
        assert [each.value for each in found] == numbers, wanted
    assert NoticeType.REVERSAL_OF_STORAGE in CANCELLATION_KINDS["mandatory"].notices


def test_a_closure_takes_everything_an_account_holds(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    closure, retirement = form(ledger, "closure-transfer"), form(ledger, "retirement")
    for presenter in (closure, retirement):
        presenter.take_held(ledger.forest, presenter.list_held(ledger.forest))
    assert closure.whole_holding("TER") == "9500"
    assert closure.whole_holding("VCU") == ""
    assert retirement.whole_holding("TER") == ""


def test_who_proposes_is_said_for_every_act() -> None:
    said = {name: whom_it_takes(kind.proposers).key for name, kind in KINDS.items()}
    assert said["retirement"] == "further.by_officer"
    assert said["buffer-hold"] == "further.by_administrator"
    assert said["closure-transfer"] == "further.by_either"


# Cancellation of every kind


@pytest.mark.parametrize("kind", list(CANCELLATION_KINDS))
def test_a_cancellation_is_of_the_chosen_kind(ledger: Ledger, kind: str) -> None:
    presenter = CancellationForm(ledger.registry, ledger.officer)
    values = SHARED | {"kind": kind, "beneficiary": "Race", "purpose": "Why", "notice": "N1"}
    act = presenter.read(values).act
    assert isinstance(act, Cancellation)
    assert (act.kind, act.purpose) == (kind, "Why")
    assert act.beneficiary == ("Race" if kind == "voluntary" else "")
    assert act.notice == ("N1" if CANCELLATION_KINDS[kind].notices else "")
    assert presenter.proposers_of(values) == act.proposers


def test_only_a_mandatory_cancellation_may_leave_built_in_accounts(ledger: Ledger) -> None:
    presenter = CancellationForm(ledger.registry, ledger.officer)
    presenter.take_choices(presenter.list_choices())
    for kind in (option.value for option in kind_options()):
        types = {each.value.split("-")[1] for each in presenter.giving_options(kind)}
        assert types == ({"100", "901", "902", "903"} if kind == "mandatory" else {"100"}), kind


def test_an_administrator_may_only_propose_what_an_administrator_may(ledger: Ledger) -> None:
    presenter = CancellationForm(ledger.registry, ledger.officer)
    assert Role.ADMINISTRATOR in presenter.proposers_of({"kind": "mandatory"})
    assert presenter.proposers_of({"kind": ""}) == {Role.OFFICER}

"""Conversions without a window: picking, evidence, and what a vote would bring about."""

from __future__ import annotations

import pytest

from app.models.codes import TransactionStatus
from app.models.errors import NotFound, UsageError
from app.services.listings.page import PageRequest
from app.services.people.administration import revoke_person
from app.services.registry.context import Actor
from app.services.transactions.voting import Choice
from app.views.presenters.committee import (
    AWAITING,
    AWAITS_YOU,
    VOTED,
    CommitteeForm,
    tally_said,
    vote_said,
)
from app.views.presenters.conversion import (
    ConversionForm,
    SourceUnits,
    lines_of,
    reason_against_registering,
)
from app.views.presenters.inbox import Decision, InboxForm
from tests.fixtures.conversions import Committee, cer, row


def proposed(committee: Committee) -> str:
    committee.register(row(1, 400), row(401, 900))
    return committee.ledger.propose(committee.conversion(cer(1, 400))).identifier


def test_a_record_is_looked_through_row_by_row(committee: Committee) -> None:
    committee.register(row(1, 100))
    sources = SourceUnits(committee.ledger.registry, committee.ledger.officer)
    record = committee.write(
        row(1, 100), row(101, 200), row(150, 250), row(301, 310, quantity=9), name="next.json"
    )
    attestation = str(committee.attestation())
    found = sources.preview(str(record), attestation)
    assert [each.row for each in found.new] == [2]
    assert [each.row for each in found.refused] == [3, 4]
    assert found.rows[0].is_there
    assert found.units == 100
    report = sources.register(str(record), attestation)
    assert [each.row for each in report.rejected] == [each.row for each in found.refused]
    assert (report.registered, report.units) == (len(found.new), found.units)


def test_a_form_becomes_a_conversion_of_what_was_picked(committee: Committee) -> None:
    committee.register(row(1, 400, vintage="2012"), row(401, 900, vintage="2012"))
    ledger = committee.ledger
    form = ConversionForm(ledger.registry, ledger.officer)
    form.take_choices(form.list_choices())
    serials = [each.serial for each in form.free_sources(PageRequest()).rows]
    assert form.vintage_of(serials) == "2012"
    values = {
        "sources": "\n".join(serials),
        "project": "0042",
        "account": form.only_account("0042"),
        "vintage": "2012",
    }
    act = form.read(values).act
    assert act == committee.conversion(*serials, vintage=2012)
    assert not form.preview(act).violations
    assert sorted(each.name for each in form.evidence(serials)) == [
        "attestation.pdf",
        "record.json",
    ]
    assert form.read({**values, "sources": " "}).gaps[0].field == "sources"


def test_lines_that_say_nothing_are_left_out() -> None:
    assert lines_of(" a \n\n b\n") == ("a", "b")


def test_a_serial_is_followed_and_another_text_is_refused(committee: Committee) -> None:
    committee.register(row(1, 400))
    committee.convert(cer(1, 400))
    sources = SourceUnits(committee.ledger.registry, committee.ledger.officer)
    (found,) = sources.follow(cer(11, 20))
    assert found.quantity == 10
    assert sources.follow(found.domestic) == (found,)
    with pytest.raises(UsageError, match="no serial"):
        sources.follow("nothing of the kind")


def test_only_officers_register(committee: Committee) -> None:
    assert reason_against_registering(committee.ledger.officer) == ""
    assert reason_against_registering(committee.members[0]).endswith("only_officers_register")


def test_a_vote_is_told_what_it_brings_about(committee: Committee) -> None:
    identifier = proposed(committee)
    forms = [CommitteeForm(committee.ledger.registry, member) for member in committee.members]
    said, told = [], []
    for form in forms[:3]:
        detail = form.read(identifier)
        said.append((detail.brings[Choice.YES].key, detail.brings[Choice.NO].key))
        told.append(vote_said(form.vote(detail, Choice.YES, "read"))[0].key)
    assert said == [
        ("committee.yes_counts", "committee.no_counts"),
        ("committee.yes_counts", "committee.no_counts"),
        ("committee.yes_completes", "committee.no_counts"),
    ]
    assert told == ["committee.cast", "committee.cast", "committee.completed"]
    decided = forms[3].read(identifier)
    assert decided.outcome is None
    assert decided.reason is not None
    assert decided.reason.key == "committee.is_decided"


def test_a_no_that_decides_says_so_first(committee: Committee) -> None:
    identifier = proposed(committee)
    forms = [CommitteeForm(committee.ledger.registry, member) for member in committee.members]
    for form in forms[:2]:
        form.vote(form.read(identifier), Choice.NO, "unsigned")
    detail = forms[2].read(identifier)
    assert detail.brings[Choice.NO].key == "committee.no_rejects"
    assert forms[2].missing_comment(Choice.NO, " ") is not None
    assert forms[2].missing_comment(Choice.YES, "") is None
    assert vote_said(forms[2].vote(detail, Choice.NO, "unsigned"))[0].key == "committee.rejected"


def test_a_yes_after_a_rule_broke_is_told_to_terminate(
    committee: Committee, people: dict[str, Actor]
) -> None:
    from app.models.codes import AccountState
    from app.services.accounts import change_account

    identifier = proposed(committee)
    ledger = committee.ledger
    for member in (1, 2):
        committee.vote(int(identifier[2:]), member)
    change_account(
        ledger.registry, people["admin"], ledger.forest, AccountState.SUSPENDED, reason="asked"
    )
    form = CommitteeForm(ledger.registry, committee.members[2])
    detail = form.read(identifier)
    assert detail.brings[Choice.YES].key == "committee.yes_terminates"
    phrase, went_well = vote_said(form.vote(detail, Choice.YES, ""))
    assert (phrase.key, went_well) == ("committee.terminated", False)


def test_the_list_says_what_awaits_whom(committee: Committee) -> None:
    identifier = proposed(committee)
    committee.vote(int(identifier[2:]), 1)

    def standing(actor: Actor) -> list[str]:
        form = CommitteeForm(committee.ledger.registry, actor)
        return [each.standing for each in form.list_rows(PageRequest()).rows]

    assert standing(committee.members[0]) == [VOTED]
    assert standing(committee.members[1]) == [AWAITS_YOU]
    assert standing(committee.ledger.officer) == [AWAITING]


def test_only_members_vote_and_others_are_told_why(committee: Committee) -> None:
    identifier = proposed(committee)
    detail = CommitteeForm(committee.ledger.registry, committee.ledger.officer).read(identifier)
    assert detail.reason is not None
    assert detail.reason.key == "committee.only_members"
    assert not detail.brings
    assert {each.name for each in detail.documents} == {"record.json", "attestation.pdf"}


def test_what_is_no_conversion_is_not_the_committees(committee: Committee) -> None:
    ledger = committee.ledger
    issued = ledger.complete(ledger.issuance(100))
    with pytest.raises(NotFound, match="no conversion"):
        CommitteeForm(ledger.registry, committee.members[0]).read(issued.identifier)


def test_the_inbox_leads_members_to_the_committee_and_says_officers_how_it_stands(
    committee: Committee,
) -> None:
    proposed(committee)
    ledger = committee.ledger
    for actor, decisions in (
        (committee.members[0], (Decision.VOTE,)),
        (ledger.officer, (Decision.VOTE, Decision.WITHDRAW)),
    ):
        form = InboxForm(ledger.registry, actor)
        (found,) = form.list_rows(PageRequest()).rows
        assert form.decisions(found.awaiting) == decisions
        facts = {fact.label_key for fact in form.read(found.awaiting).facts}
        assert "inbox.votes" in facts
    assert not InboxForm(ledger.registry, ledger.approver).list_rows(PageRequest()).rows


def test_a_vote_that_cannot_go_on_says_so_and_is_concluded(
    committee: Committee, people: dict[str, Actor]
) -> None:
    identifier = proposed(committee)
    registry = committee.ledger.registry
    form = CommitteeForm(registry, committee.members[0])
    assert form.read(identifier).concludes is None
    for name in ("committee3", "committee4", "committee5"):
        revoke_person(registry, people["admin"], name, reason="left")
    detail = form.read(identifier)
    assert tally_said(detail.tally).key == "committee.tally_out_of_reach"
    assert detail.concludes is not None
    assert detail.concludes.key == "committee.conclude_rejects"
    assert CommitteeForm(registry, committee.ledger.officer).read(identifier).concludes is None
    outcome = form.conclude(detail, "")
    assert outcome.outcome.status is TransactionStatus.REJECTED
    ended = form.read(identifier)
    assert ended.concludes is None
    assert tally_said(ended.tally, is_pending=False).key == "committee.tally"

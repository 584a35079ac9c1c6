"""An auditor follows one source serial to its domestic one and back, and reads the evidence."""

from __future__ import annotations

import pytest

from app.models.errors import NotFound
from app.models.serials.reading import read_serial
from app.services.conversions.evidence import get_evidence
from app.services.conversions.listing import list_source_units
from app.services.conversions.tracing import find_reissue
from app.services.listings.page import PageRequest
from tests.fixtures.conversions import Committee, cer, row

pytestmark = pytest.mark.both_engines

SERIES = "TH-TER-14-0042-2024-"


@pytest.fixture
def converted(committee: Committee) -> Committee:
    """Two ranges reissued in the order named: the later one first."""
    committee.register(row(1, 600), row(1001, 1400), row(5001, 5100))
    committee.convert(cer(1001, 1400), cer(1, 600))
    return committee


@pytest.mark.parametrize(
    ("source", "domestic"),
    [
        ((1001, 1001), (1, 1)),
        ((1400, 1400), (400, 400)),
        ((1, 1), (401, 401)),
        ((600, 600), (1000, 1000)),
        ((250, 260), (650, 660)),
    ],
)
def test_one_serial_both_ways(
    converted: Committee, source: tuple[int, int], domestic: tuple[int, int]
) -> None:
    registry = converted.ledger.registry
    (there,) = find_reissue(registry, read_serial(cer(*source)))
    assert (there.domestic_first, there.domestic_last) == domestic
    assert there.domestic == f"{SERIES}-{domestic[0]}-{domestic[1]}"
    (back,) = find_reissue(registry, read_serial(there.domestic))
    assert (back.source_first, back.source_last) == source
    assert back.source == cer(*source)
    assert back == there


def test_a_range_over_several_records_gives_each_part(converted: Committee) -> None:
    found = find_reissue(converted.ledger.registry, read_serial(f"{SERIES}-391-410"))
    assert [(item.source_first, item.source_last, item.domestic_first) for item in found] == [
        (1, 10, 401),
        (1391, 1400, 391),
    ]
    assert [item.quantity for item in found] == [10, 10]


@pytest.mark.parametrize("text", [cer(5001, 5100), cer(9001, 9002), f"{SERIES}-1001-1002"])
def test_nothing_for_units_never_converted(converted: Committee, text: str) -> None:
    assert find_reissue(converted.ledger.registry, read_serial(text)) == ()


def test_what_was_split_and_moved_since_is_followed_all_the_same(converted: Committee) -> None:
    ledger = converted.ledger
    ledger.complete(ledger.transfer(450))
    (found,) = find_reissue(ledger.registry, read_serial(cer(49, 52)))
    assert (found.domestic_first, found.domestic_last) == (449, 452)


def test_the_evidence_has_everything_the_committee_needs(committee: Committee) -> None:
    committee.register(row(1, 600, vintage="2024"))
    ledger = committee.ledger
    pending = ledger.propose(committee.conversion(cer(1, 600)))
    committee.vote(pending.transaction_id, 1, "no", comment="Page 2 is missing")
    found = get_evidence(ledger.registry, pending.identifier)
    assert [item.purpose for item in found.documents] == ["attestation", "cancellation record"]
    assert found.documents[0].media_type == "application/pdf"
    (source,) = found.sources
    assert source.attributes["methodology"] == "AMS-I.D. ver. 18"
    assert source.registered_by == "officer"
    assert [step.status for step in found.steps] == ["awaiting committee"]
    assert [(vote.user, vote.choice, vote.comment) for vote in found.votes] == [
        ("committee1", "no", "Page 2 is missing")
    ]
    assert found.tally is not None
    tally = {"yes": 0, "no": 1, "members": 5, "quorum": 3, "standing": "open"}
    assert found.tally.as_json() == tally
    content = found.as_json()
    assert content["sources"][0]["attributes"]["vintage"] == "2024"
    assert content["transaction"]["status"] == "awaiting committee"


def test_the_evidence_stays_after_the_end(converted: Committee) -> None:
    found = get_evidence(converted.ledger.registry, "TH1")
    assert [(item.reissued_first, item.reissued_last) for item in found.sources] == [
        (401, 1000),
        (1, 400),
    ]
    assert [step.status for step in found.steps] == ["awaiting committee", "completed"]
    assert len(found.votes) == 3


def test_other_transactions_have_no_committee(committee: Committee) -> None:
    issued = committee.ledger.complete(committee.ledger.issuance())
    found = get_evidence(committee.ledger.registry, issued.identifier)
    assert (found.documents, found.sources, found.votes, found.tally) == ((), (), (), None)
    with pytest.raises(NotFound):
        get_evidence(committee.ledger.registry, "TH999")


def test_source_units_are_listed_by_what_became_of_them(converted: Committee) -> None:
    ledger = converted.ledger
    ledger.propose(converted.conversion(cer(5001, 5100)))
    converted.register(row(7001, 7002))
    registry = ledger.registry

    def listed(**filters: str) -> list[tuple[int, str, str | None]]:
        rows = list_source_units(registry, PageRequest(filters=filters)).rows
        return [(item.first, item.state, item.conversion) for item in rows]

    assert listed() == [
        (1, "converted", "TH1"),
        (1001, "converted", "TH1"),
        (5001, "pending", "TH2"),
        (7001, "registered", None),
    ]
    assert listed(state="pending") == [(5001, "pending", "TH2")]
    assert [first for first, _, _ in listed(state="converted")] == [1, 1001]
    assert listed(state="registered") == [(7001, "registered", None)]

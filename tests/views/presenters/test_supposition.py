from __future__ import annotations

from decimal import Decimal

import pytest

from app.models.codes import RuleKind
from app.services.rules.supposing import suppose_issuance
from app.services.transactions.acts import Act
from app.services.transactions.evaluation import preview
from app.views.presenters.phrases import Phrase
from app.views.presenters.supposition import (
    Differences,
    differences,
    issuance_differences,
    read_assumption,
    rule_options,
    wanted_of,
)
from tests.fixtures.ledger import Ledger


def suppose(ledger: Ledger, act: Act, kind: RuleKind, value: str) -> Differences:
    here = preview(ledger.registry, act, ledger.officer)
    assumed = {kind: Decimal(value)}
    there = preview(ledger.registry, act, ledger.officer, assumed=assumed)
    return differences(here, there)


def keys(phrases: tuple[Phrase, ...]) -> list[str]:
    return [phrase.key for phrase in phrases]


def test_another_levy_is_told_in_units(ledger: Ledger) -> None:
    found = suppose(ledger, ledger.issuance(10_000), RuleKind.LEVY_RATE, "0.1")
    assert [(each.key, dict(each.values)) for each in found.sentences] == [
        ("suppose.levied", {"was": 500, "would_be": 1_000}),
        ("suppose.kept", {"was": 9_500, "would_be": 9_000}),
    ]


def test_another_expiry_is_told_and_never_is_a_word_of_its_own(ledger: Ledger) -> None:
    act = ledger.issuance(10_000)
    assert keys(suppose(ledger, act, RuleKind.DEFAULT_EXPIRY, "1").sentences) == ["suppose.expiry"]
    never = suppose(ledger, act, RuleKind.DEFAULT_EXPIRY, "99")
    assert keys(never.sentences) == ["suppose.expiry_to_never"]


def test_a_limit_that_would_refuse_is_told_by_its_check(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance(10_000))
    found = suppose(ledger, ledger.transfer(100), RuleKind.MAXIMUM_TRANSFER, "5")
    assert len(found.refused_there) == 1
    assert found.refused_here == ()
    assert not found.is_none


def test_a_delay_would_be_told_by_its_moment(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance(10_000))
    found = suppose(ledger, ledger.transfer(100), RuleKind.STRANGER_DELAY, "26")
    assert keys(found.sentences) == ["suppose.delay"]


def test_the_same_rule_changes_nothing(ledger: Ledger) -> None:
    assert suppose(ledger, ledger.issuance(10_000), RuleKind.LEVY_RATE, "0.05").is_none


def test_a_completed_issuance_is_compared_by_its_own_rules(ledger: Ledger) -> None:
    done = ledger.complete(ledger.issuance(10_000))
    levy = {RuleKind.LEVY_RATE: Decimal(0)}
    found = suppose_issuance(ledger.registry, done.transaction_id, levy)
    assert [dict(each.values) for each in issuance_differences(found).sentences] == [
        {"was": 500, "would_be": 0},
        {"was": 9_500, "would_be": 10_000},
    ]


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        ("", "1", "suppose.missing_rule"),
        ("levy-rate", "2", "suppose.wrong_value"),
        ("levy-rate", "a lot", "suppose.wrong_value"),
        ("levy-rate", "NaN", "suppose.wrong_value"),
        ("stranger-delay", "1.5", "suppose.wrong_value"),
    ],
)
def test_what_cannot_be_a_rule_is_said(kind: str, value: str, key: str) -> None:
    assumption = read_assumption(kind, value, "en")
    assert assumption.problem is not None
    assert assumption.problem.key == key
    assert assumption.as_mapping == {}


def test_a_rule_is_read_with_its_separators() -> None:
    assumption = read_assumption("maximum-transfer", "12,500", "en")
    assert assumption.as_mapping == {RuleKind.MAXIMUM_TRANSFER: Decimal(12_500)}


def test_only_rules_the_act_goes_by_are_offered() -> None:
    kinds = frozenset({RuleKind.LEVY_RATE, RuleKind.COMMITTEE_QUORUM})
    assert [each.value for each in rule_options(kinds, "en")] == ["levy-rate"]
    assert rule_options(kinds, "th")[0].text == "อัตราส่วนหัก"
    assert "0 to 1" in wanted_of("levy-rate", "en")
    assert wanted_of("nothing", "en") == ""

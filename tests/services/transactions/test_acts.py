"""What a person may and may not write into a proposal."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.errors import UsageError
from app.services.transactions.acts import act_as_json, read_act, read_proposal

CANCELLATION: dict[str, Any] = {"from": "TH-100-1000-0-68", "unit_type": "TER", "quantity": 5}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_date", "2010-01-01"),
        ("source_word", "Retired"),
        ("source_reason", "Long ago"),
        ("source_serial", "TH-TER-14-0042-2025--1-5"),
    ],
)
def test_nobody_proposes_what_another_registry_recorded(field: str, value: str) -> None:
    with pytest.raises(UsageError, match=field):
        read_proposal("cancellation", {**CANCELLATION, field: value})


def test_nobody_proposes_a_registration_but_both_are_read_back_as_stored() -> None:
    registration = {
        "origin": "Verra",
        "project": "1",
        "account": "TH-100-1000-0-68",
        "unit_type": "VCU",
        "quantity": 5,
        "serial": "1-1-5-VCS-VCU-1-VER-TH-1-1-01012020-31122020-0",
        "source_serial": "1-1-9-VCS-VCU-1-VER-TH-1-1-01012020-31122020-0",
    }
    with pytest.raises(UsageError):
        read_proposal("registration", registration)
    for name, content in (
        ("registration", registration),
        ("cancellation", {**CANCELLATION, "source_date": "2010-01-01"}),
    ):
        act = read_act(name, content)
        assert read_act(name, act_as_json(act)) == act


@pytest.mark.parametrize("vintage", [0, -1, 10_000, 10**30, "2025", True])
def test_a_vintage_is_a_year(vintage: object) -> None:
    with pytest.raises(UsageError, match="vintage"):
        read_proposal("cancellation", {**CANCELLATION, "vintage": vintage})


@pytest.mark.parametrize("period", [0, -1, 10, 10**30, "1", True])
@pytest.mark.parametrize("kind", ["retirement", "carry-over"])
def test_a_period_is_one_digit(kind: str, period: object) -> None:
    with pytest.raises(UsageError, match="period"):
        read_proposal(kind, {**CANCELLATION, "period": period})


def test_a_field_given_as_null_is_as_one_left_out() -> None:
    nothing = dict.fromkeys(("project", "vintage", "blocks", "beneficiary", "purpose"))
    given = read_proposal("cancellation", CANCELLATION | nothing)
    assert given == read_proposal("cancellation", CANCELLATION)


def test_a_misspelt_field_is_told_every_field_there_is() -> None:
    with pytest.raises(UsageError) as error:
        read_proposal("cancellation", {**CANCELLATION, "vintge": 2025})
    assert "vintage" in error.value.hint

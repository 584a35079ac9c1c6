"""A typed proposal of an account, read into the service's values and carried out."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from app.models.codes import AccountType
from app.models.errors import UsageError
from app.services.accounts import NewHolder, NewRepresentative
from app.services.listings.account_detail import get_account
from app.services.registry.context import Actor, OpenRegistry
from app.views.presenters.account_proposal import propose_with_document, read_proposal

VALUES = {
    "name": "",
    "name_en": "Green Thai Co., Ltd.",
    "name_th": "บริษัท กรีนไทย จำกัด",
    "kind": "organisation",
    "tax_id": "0105561012346",
    "country": "th",
    "email": "carbon@greenthai.example",
    "identity_check": "passed",
    "representatives": "Ploy Chaiyasit, ploy@greenthai.example, both\n\nKrit, krit@x.example",
    "document": "",
}


def test_values_make_an_account_named_after_its_holder() -> None:
    account = read_proposal(VALUES).account
    assert account is not None
    assert isinstance(account.holder, NewHolder)
    assert (account.name, account.type) == ("Green Thai Co., Ltd.", AccountType.HOLDING)
    assert account.holder.country == "TH"
    assert account.representatives == (
        NewRepresentative(name="Ploy Chaiyasit", email="ploy@greenthai.example", rights="both"),
        NewRepresentative(name="Krit", email="krit@x.example", rights="read"),
    )


def test_a_person_has_an_account_of_a_person() -> None:
    account = read_proposal({**VALUES, "kind": "person", "name": "Savings"}).account
    assert account is not None
    assert (account.type, account.name) == (AccountType.PERSON_HOLDING, "Savings")


@pytest.mark.parametrize(
    "line",
    [
        "Ploy",
        "Ploy, ploy.example",
        "Ploy, ploy@x.example, sign",
        ", ploy@x.example",
        "Ploy, ploy@x.example, both, more",
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    read = read_proposal({**VALUES, "representatives": line})
    assert read.account is None
    assert [(each.field, each.phrase.values["line"]) for each in read.problems] == [
        ("representatives", line)
    ]


def test_a_holder_has_a_name_in_one_language_at_least() -> None:
    assert read_proposal({**VALUES, "name_en": "", "name_th": ""}).account is None
    thai_only = read_proposal({**VALUES, "name_en": ""}).account
    assert thai_only is not None
    assert thai_only.name == VALUES["name_th"]


def test_the_document_is_kept_with_the_holder(
    registry: OpenRegistry, people: dict[str, Actor], tmp_path: Path
) -> None:
    file = tmp_path / "registration.pdf"
    file.write_bytes(b"%PDF-1.7 a paper")
    account = read_proposal(VALUES).account
    assert account is not None
    number = propose_with_document(
        registry, people["officer"], account, str(file), request_id="one"
    )
    detail = get_account(registry, number)
    assert detail.holder is not None
    assert [(each.name, each.sha256) for each in detail.holder.documents] == [
        ("registration.pdf", sha256(b"%PDF-1.7 a paper").hexdigest())
    ]
    assert [each.rights for each in detail.representatives] == ["both", "read"]


def test_a_document_that_is_gone_is_named_and_nothing_is_proposed(
    registry: OpenRegistry, people: dict[str, Actor], tmp_path: Path
) -> None:
    account = read_proposal(VALUES).account
    assert account is not None
    with pytest.raises(UsageError, match=r"gone\.pdf"):
        propose_with_document(
            registry, people["officer"], account, str(tmp_path / "gone.pdf"), request_id="one"
        )

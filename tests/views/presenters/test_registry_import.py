"""Importing at the desk: the format by the header, and a second person who agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.errors import NotFound, SignInRefused, UsageError
from app.models.resource_files import resource_path
from app.services.listings.page import PageRequest
from app.services.listings.transactions import list_transactions
from app.services.people.demo import demo_people
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry.context import Actor, OpenRegistry
from app.views.presenters.registry_import import Credentials, carry_out, read_file

FILES = {
    "verra__transactions.csv": "verra",
    "american-carbon-registry__retirements.csv": "acr",
    "climate-action-reserve__retirements.csv": "car",
    "gold-standard__issuances.sample.csv": "gold-standard",
}


def export(name: str) -> Path:
    return resource_path("demo", "registries", name)


def never() -> bool:
    return False


def silent(_done: int, _total: int) -> None:
    """Say nothing of progress."""


@pytest.mark.parametrize(("name", "source"), FILES.items())
def test_the_format_follows_from_the_header(registry: OpenRegistry, name: str, source: str) -> None:
    read = read_file(registry, export(name), "")
    assert read.format == source
    assert read.preview.new_rows > 0


def test_a_format_that_was_chosen_is_kept_to(registry: OpenRegistry) -> None:
    with pytest.raises(UsageError):
        read_file(registry, export("verra__transactions.csv"), "acr")


def test_a_file_that_is_no_export_is_refused(registry: OpenRegistry, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError):
        read_file(registry, other, "")
    with pytest.raises(NotFound):
        read_file(registry, tmp_path / "gone.csv", "")


def test_both_people_stand_in_the_history(registry: OpenRegistry, people: dict[str, Actor]) -> None:
    read = read_file(registry, export("gold-standard__issuances.sample.csv"), "")
    approver = next(each for each in demo_people(registry) if each.user_name == "approver")
    credentials = Credentials("approver", DEMO_PASSPHRASE, approver.code)
    report = carry_out(
        registry,
        people["officer"],
        read,
        credentials,
        strict=False,
        progress=silent,
        cancelled=never,
    )
    assert report.imported == read.preview.new_rows
    row = list_transactions(registry, PageRequest(limit=1)).rows[0]
    assert (row.proposed_by, row.approved_by) == ("officer", "approver")


def test_without_a_second_person_nothing_is_imported(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    read = read_file(registry, export("verra__transactions.csv"), "")
    with pytest.raises(SignInRefused):
        carry_out(
            registry,
            people["officer"],
            read,
            Credentials("approver", DEMO_PASSPHRASE, "000000"),
            strict=False,
            progress=silent,
            cancelled=never,
        )
    assert list_transactions(registry, PageRequest()).rows == ()

"""A committee's conversion at the desk, by mouse and keys alone, on both engines.

A record is registered, a conversion proposed, three members vote, the units are reissued, and a
serial is followed from one end to the other. What is asserted is what is seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.models.codes import AccountState
from app.models.server_place import ServerPlace
from app.services.accounts import NewAccount, NewHolder, change_account, propose_account
from app.services.projects import NewProject, register_project
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.opening import close_registry, open_demo
from app.views.desk import Desk
from app.views.desk_assembly import DeskAssembly
from app.views.language import Language
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme
from app.views.walk import Hand
from tests.fixtures.conversions import ATTESTATION, row
from tests.fixtures.networked import NetworkedDemo
from tests.fixtures.registries import read_people

pytestmark = pytest.mark.journey

MEMBERS = ("committee1", "committee2", "committee3")


@pytest.fixture(params=["embedded", "networked"])
def place(request: pytest.FixtureRequest) -> Path | ServerPlace:
    """A registry of each kind with a project and its account, and nothing issued."""
    if request.param == "networked":
        demo: NetworkedDemo = request.getfixturevalue("networked_demo")
        officer, approver = demo.sign_in("officer"), demo.sign_in("approver")
        _prepare((officer.registry, officer.actor), (approver.registry, approver.actor))
        return demo.place
    path: Path = request.getfixturevalue("demo_registry_path")
    registry = open_demo(path)
    assert registry is not None
    people = read_people(registry)
    _prepare((registry, people["officer"]), (registry, people["approver"]))
    close_registry(registry)
    return path


def _prepare(officer: tuple[OpenRegistry, Actor], approver: tuple[OpenRegistry, Actor]) -> None:
    account = NewAccount(name="Ban Huai Sak", holder=NewHolder(name_en="Ban Huai Sak"))
    number = propose_account(*officer, account)
    change_account(*approver, number, AccountState.OPEN, reason="")
    project = NewProject(
        origin="TH", code="0042", name_en="Ban Huai Sak", country="TH", sectoral_scope=14
    )
    register_project(*officer, project, accounts=(number,))


@pytest.fixture
def hand(qapp: QApplication, theme: Theme, place: Path | ServerPlace) -> Iterator[Hand]:
    desk = Desk(Language("en"), theme, TaskRunner())
    assembly = DeskAssembly(qapp, desk, place, demo=open_demo(place))
    assembly.start()
    yield Hand()
    assembly.shut_down()
    qapp.processEvents()


def sign_in(hand: Hand, user: str) -> None:
    hand.click(f"Fill in {user}")
    hand.click("Sign in")
    hand.see("Home", QAbstractButton)


def choose_file(hand: Hand, button: str, path: Path) -> None:
    """Click a button that asks for a file, and write the path into the dialog that comes."""
    hand.see(button, QAbstractButton)
    QTimer.singleShot(0, lambda: hand.save_as(str(path)))
    hand.click(button)


def register_record(hand: Hand, folder: Path) -> None:
    """Register a record of which one row is refused, and is told so before anything is written."""
    record, attestation = folder / "record.json", folder / "attestation.pdf"
    rows = [row(1001, 1500), row(2001, 2100), row(3001, 3010, quantity=7)]
    record.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    attestation.write_bytes(ATTESTATION)
    hand.click("Conversions")
    hand.click("Register a record")
    choose_file(hand, "Cancellation record: Choose file…", record)
    said = hand.read(r"^(2 of 3 rows go in: 600 units\. 1 are refused\..*)$")
    assert "Choose the attestation too" in said
    choose_file(hand, "Attestation: Choose file…", attestation)
    hand.click("Register source units")
    hand.read(r"^(2 ranges are registered: 600 units\.)$")
    assert hand.read(r"^(Row 3 was refused: .+)$")


def propose(hand: Hand) -> str:
    """Pick a range from the list of those that can be picked, and propose it."""
    hand.click("Propose a conversion")
    hand.click("Pick source units…")
    hand.click_row("Pick source units", "TH-5-1001-")
    hand.read(r"^(1 ranges chosen: 500 units)$")
    hand.click("Take these")
    hand.choose("Project that is credited", "0042")
    hand.fill("Vintage", "2024")
    hand.see("attestation.pdf", QAbstractButton)
    hand.read(r"^(New units with the next serial numbers.+)$")
    hand.click("Propose to the committee")
    return hand.read(r"^(TH\d+) is proposed; the committee decides\.$")


def vote(hand: Hand, identifier: str, brings: str) -> None:
    """Come from the inbox, open a document of the evidence, and vote yes."""
    hand.click("Inbox")
    hand.click_row("Awaiting a decision", "Conversion", "500")
    hand.read(rf"^Conversion · {identifier}$")
    hand.click("Open with the committee")
    hand.click("record.json")
    hand.see("The document")
    hand.click("Close")
    assert hand.read(rf"({brings})")
    hand.fill("Comment (a no needs one)", "Record and attestation agree")
    hand.click("Vote yes")


def test_a_committee_converts_source_units(hand: Hand, tmp_path: Path) -> None:
    sign_in(hand, "officer")
    register_record(hand, tmp_path)
    identifier = propose(hand)
    hand.click("Inbox")
    assert hand.read(r"^(0 yes, 0 no; 3 of 5 members must say yes)$")
    for member, brings in zip(
        MEMBERS,
        ("2 more are needed", "1 more are needed", "Your yes decides: 500 TER"),
        strict=True,
    ):
        hand.click("Sign out")
        sign_in(hand, member)
        vote(hand, identifier, brings)
        done = f"{identifier} is completed" if member == MEMBERS[-1] else "Your vote on"
        hand.read(rf"^({done}.+)$")
    assert hand.read(r"^(It is decided; .+)$")
    hand.click("Conversions")
    hand.click("Follow a serial")
    hand.fill("Serial numbers", "TH-5-1101-2-2-0-7014 - TH-5-1200-2-2-0-7014")
    hand.click("Follow")
    hand.click_row("Where the serial leads", "TH-TER-14-0042-2024--101-200", "100", identifier)


def test_a_member_votes_no_only_with_a_reason(hand: Hand, tmp_path: Path) -> None:
    sign_in(hand, "officer2")
    register_record(hand, tmp_path)
    identifier = propose(hand)
    hand.click("Sign out")
    sign_in(hand, "committee4")
    hand.click("Committee")
    hand.read(rf"^Conversion · {identifier}$")
    hand.click("Vote no")
    hand.read(r"(A no needs its reason.+)")
    hand.fill("Comment (a no needs one)", "The attestation is not signed")
    hand.click("Vote no")
    hand.read(r"^(Your vote on .+: 0 yes, 1 no, quorum 3\.)$")
    assert hand.read(r"^(You voted no at .+)$")

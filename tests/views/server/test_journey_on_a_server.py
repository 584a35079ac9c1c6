"""The journey on PostgreSQL: a committee's conversion, a transfer, its rollback, a certificate.

By mouse and keys on visible widgets, beside a real `teak work`. Where TEAK_PICTURES names a folder,
each station of the way is photographed there.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from app.models.codes import AccountState
from app.services.accounts import NewAccount, NewHolder, change_account, propose_account
from app.services.projects import NewProject, register_project
from app.services.registry.opening import open_demo
from app.views.desk import Desk
from app.views.desk_assembly import DeskAssembly
from app.views.language import Language
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme
from app.views.walk import Hand
from tests.fixtures.networked import NetworkedDemo
from tests.views.server.conftest import Camera
from tests.views.test_committee_journey import MEMBERS, propose, register_record, vote

pytestmark = [pytest.mark.journey, pytest.mark.postgres]

FOREST, GREEN = "Ban Huai Sak", "Green Thai"


@pytest.fixture
def registry_at_work(networked_demo: NetworkedDemo, tmp_path: Path) -> Iterator[NetworkedDemo]:
    """A registry with a project and two accounts, and its worker, a process of its own."""
    officer, approver = networked_demo.sign_in("officer"), networked_demo.sign_in("approver")
    numbers = []
    for name in (FOREST, GREEN):
        new = NewAccount(name=name, holder=NewHolder(name_en=name))
        numbers.append(propose_account(officer.registry, officer.actor, new))
        change_account(approver.registry, approver.actor, numbers[-1], AccountState.OPEN, reason="")
    project = NewProject(origin="TH", code="0042", name_en=FOREST, country="TH", sectoral_scope=14)
    register_project(officer.registry, officer.actor, project, accounts=(numbers[0],))
    said = tmp_path / "worker.txt"
    with said.open("wb") as output:
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "app", "work"),
                *("--registry", str(networked_demo.place)),
                *("--worker-file", str(networked_demo.worker_file)),
            ],
            stdout=output,
            stderr=output,
        )
        yield networked_demo
        ended = worker.poll()
        worker.terminate()
        worker.wait(timeout=20)
    assert ended is None, said.read_text()


@pytest.fixture
def hand(qapp: QApplication, theme: Theme, registry_at_work: NetworkedDemo) -> Iterator[Hand]:
    desk = Desk(Language("en"), theme, TaskRunner())
    place = registry_at_work.place
    assembly = DeskAssembly(qapp, desk, place, demo=open_demo(place))
    assembly.start()
    yield Hand()
    assembly.shut_down()
    qapp.processEvents()


def sign_in(hand: Hand, user: str) -> None:
    """Sign in with the code that holds now; one that was used already is not shown again."""

    def filled() -> bool:
        hand.click(f"Fill in {user}")
        code: QLineEdit = hand.see("One-time code", QLineEdit)
        return bool(code.text())

    hand.wait_for(filled, f"a code of {user}")
    hand.click("Sign in")
    hand.see("Home", QAbstractButton)


def convert(hand: Hand, camera: Camera, folder: Path) -> str:
    """Register a record, propose, and let three members vote."""
    sign_in(hand, "officer")
    register_record(hand, folder)
    camera.take("record-registered")
    identifier = propose(hand)
    camera.take("conversion-proposed")
    for member, brings in zip(
        MEMBERS, ("2 more are needed", "1 more are needed", "Your yes decides"), strict=True
    ):
        hand.click("Sign out")
        sign_in(hand, member)
        vote(hand, identifier, brings)
        done = f"{identifier} is completed" if member == MEMBERS[-1] else "Your vote on"
        hand.read(rf"^({done}.+)$")
    camera.take("committee-decided")
    hand.click("Sign out")
    return identifier


def propose_transfer(hand: Hand) -> str:
    hand.click("Transfers")
    hand.choose("From account", FOREST)
    hand.choose("To account", GREEN)
    hand.choose("Unit type", "TER")
    hand.fill("Quantity", "300")
    hand.fill("Reason", "Sale contract 2569/121")
    hand.click("Propose transfer")
    return hand.read(r"^(TH\d+) is proposed")


def decide(hand: Hand, identifier: str, kind: str) -> str:
    """Go to the inbox as the approver and approve; gives what is said of it."""
    hand.click("Sign out")
    sign_in(hand, "approver")
    hand.click("Inbox")
    hand.click_row("Awaiting a decision", kind)
    hand.read(rf"^{kind} · {identifier}$")
    hand.click("Approve")
    said = hand.read(rf"^({identifier} is completed.+)$")
    hand.click("Sign out")
    return said


def roll_back(hand: Hand, camera: Camera, transfer: str) -> str:
    sign_in(hand, "admin")
    hand.click("Transactions")
    hand.click_row("Transactions", transfer)
    hand.click("Roll back…")
    hand.fill("Reason", "The buyer withdrew")
    camera.take("rollback")
    hand.click("Propose rollback")
    return hand.read(r"(TH\d+) is proposed")


def propose_cancellation(hand: Hand) -> str:
    sign_in(hand, "officer2")
    hand.click("Cancellation")
    hand.choose("From account", FOREST)
    hand.choose("Unit type", "TER")
    hand.fill("Quantity", "50")
    hand.fill("Beneficiary", "Bangkok Half Marathon 2569")
    hand.fill("Purpose", "Carbon-neutral race day")
    hand.click("Propose cancellation")
    return hand.read(r"^(TH\d+) is proposed")


def test_a_conversion_a_rollback_and_a_certificate_on_a_server(hand: Hand, tmp_path: Path) -> None:
    camera = Camera(hand)
    hand.read(r"^(teak_\d+ @ 127\.0\.0\.1)$")
    camera.take("sign-in")
    convert(hand, camera, tmp_path)
    sign_in(hand, "officer")
    transfer = propose_transfer(hand)
    camera.take("transfer-proposed")
    decide(hand, transfer, "Transfer")
    rollback = roll_back(hand, camera, transfer)
    decide(hand, rollback, "Rollback")
    cancellation = propose_cancellation(hand)
    decide(hand, cancellation, "Cancellation")
    sign_in(hand, "officer")
    hand.click("Transactions")
    hand.click_row("Transactions", transfer)
    hand.read(r"^(Rolled back by)$")
    camera.take("rolled-back")
    hand.click_row("Transactions", cancellation)
    hand.click("Open certificate")
    hand.read(r"^(TH-OC-\d{4}-\d{6})$")
    camera.take("certificate")
    hand.click("Verification")
    hand.click("Verify now")
    hand.read(r"^(Everything holds)$")
    hand.read(r"^(At work)$")
    assert hand.read(r"^(Worker at work)$")
    camera.take("verified")

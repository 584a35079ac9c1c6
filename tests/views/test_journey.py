"""The whole path at the desk, by mouse and keys on visible widgets alone.

From an officer's sign-in to a certificate that the command line verifies. Nothing here calls a
service or a presenter: what is asserted is what is seen, and the file that was saved.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.services.registry.demo import make_demo_registry
from app.services.registry.opening import open_demo
from app.views.desk import Desk
from app.views.desk_assembly import DeskAssembly
from app.views.language import Language
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme
from app.views.walk import Hand

pytestmark = pytest.mark.journey

PROPOSED = r"^(TH\d+) is proposed"
BENEFICIARY = "Bangkok Half Marathon 2569 · กรุงเทพฮาล์ฟมาราธอน 2569"


@pytest.fixture
def registry_path(tmp_path: Path) -> Path:
    path = tmp_path / "journey.teak"
    make_demo_registry(path, exports=False)
    return path


@pytest.fixture
def hand(qapp: QApplication, theme: Theme, registry_path: Path) -> Iterator[Hand]:
    """A hand before the sign-in window of a real, encrypted registry."""
    desk = Desk(Language("en"), theme, TaskRunner())
    assembly = DeskAssembly(qapp, desk, registry_path, demo=open_demo(registry_path))
    assembly.start()
    yield Hand()
    assembly.shut_down()
    qapp.processEvents()


def teak(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sign_in(hand: Hand, user: str) -> None:
    hand.click(f"Fill in {user}")
    hand.click("Sign in")
    hand.see("Home", QAbstractButton)


def approve(hand: Hand, identifier: str, kind: str, quantity: str) -> str:
    hand.click("Inbox")
    hand.click_row("Awaiting a decision", kind, quantity)
    hand.read(rf"^{kind} · {identifier}$")
    hand.click("Approve")
    return hand.read(rf"^({identifier} is completed: .+)$")


def be_refused(hand: Hand) -> None:
    """Enter a wrong passphrase; the answer does not tell what was wrong."""
    hand.fill("User name", "officer")
    hand.fill("Passphrase", "not the passphrase")
    hand.fill("One-time code", "000000")
    hand.press(Qt.Key.Key_Return)
    assert hand.read(r"^(User name, passphrase or one-time code is not right\.)$")


def propose_issuance(hand: Hand) -> str:
    """Propose against a verified reduction on record."""
    hand.click("Issuance")
    hand.choose("Project", "0042")
    hand.choose("Take from a recorded verified reduction", "VR-0042")
    hand.choose("Unit type", "TER")
    assert "526 of 10,526 units" in hand.read(r"^(Levy of .+)$")
    hand.click("Propose issuance")
    return hand.read(PROPOSED)


def propose_transfer(hand: Hand) -> str:
    """Ask for too much, then for less; lock the desk half way and find the form as it was."""
    hand.click("Transfers")
    hand.choose("From account", "Lampang")
    hand.choose("To account", "Green Thai")
    hand.choose("Unit type", "TER")
    hand.fill("Quantity", "999999999")
    assert "999,999,999 TER were asked for" in hand.read(r"^(?:3005 · )?(.+were asked for.+)$")
    hand.fill("Quantity", "2750")
    assert hand.read(r"^(One block splits: .+)$")
    assert "3005" not in " ".join(hand.texts())
    hand.click("Lock the desk")
    hand.click("Fill in officer")
    hand.click("Unlock")
    hand.fill("Reason", "Sale contract 2569/121")
    hand.click("Propose transfer")
    return hand.read(PROPOSED)


def propose_cancellation(hand: Hand) -> str:
    """Cancel voluntarily for somebody with a Thai name; one's own proposal is not approved."""
    hand.click("Cancellation")
    hand.choose("From account", "Green Thai")
    hand.choose("Unit type", "TER")
    hand.fill("Quantity", "1500")
    hand.fill("Beneficiary", BENEFICIARY)
    hand.fill("Purpose", "Carbon-neutral race day")
    hand.read(r"^(First in, first out: earliest .+)$")
    hand.click("Propose cancellation")
    identifier = hand.read(PROPOSED)
    hand.click("Inbox")
    hand.click_row("Awaiting a decision", "Cancellation", "1,500")
    hand.read(rf"^Cancellation · {identifier}$")
    assert hand.find("Approve", QAbstractButton) is None
    return identifier


def save_certificate(hand: Hand, identifier: str, file: Path) -> str:
    """Read the transaction's whole history, and save its certificate; gives its number."""
    hand.click("Transactions")
    hand.click_row("Transactions", identifier)
    hand.read(rf"^{identifier} · Cancellation$")
    assert hand.read(r"(leaf hash [0-9a-f ]{60,})")
    # Whoever acted comes into sight a moment after the lines beside it.
    for who in (r"officer \(Kanya Phromma\)", r"approver \(Wichai Rattanaporn\)"):
        assert hand.read(rf"^({who})(?:\n|$)")
    hand.click("Open certificate")
    number = hand.read(r"^(TH-OC-\d{4}-\d{6})$")
    hand.click_row("Certificates", number)
    hand.click("Save…")
    hand.save_as(str(file))
    hand.read(r"^(certificate\.pdf is saved\.)$")
    return number


def test_from_sign_in_to_a_certificate_that_anyone_can_check(
    hand: Hand, registry_path: Path, tmp_path: Path
) -> None:
    be_refused(hand)
    sign_in(hand, "officer")
    issuance = propose_issuance(hand)
    transfer = propose_transfer(hand)
    cancellation = propose_cancellation(hand)
    hand.click("Sign out")
    sign_in(hand, "approver")
    assert "10,526 TER were issued" in approve(hand, issuance, "Issuance", "10,526")
    assert "2,750 TER moved" in approve(hand, transfer, "Transfer", "2,750")
    assert "cancelled for good" in approve(hand, cancellation, "Cancellation", "1,500")
    file = tmp_path / "certificate.pdf"
    number = save_certificate(hand, cancellation, file)
    hand.click("Verification")
    hand.click("Verify now")
    hand.read(r"^(Everything holds)$")

    key = tmp_path / "registry.pem"
    assert teak("public-key", "--registry", str(registry_path), "--out", str(key)).returncode == 0
    verified = teak("certificate", "verify", str(file), "--public-key", str(key), "--json")
    said = json.loads(verified.stdout)
    assert (verified.returncode, said["ok"]) == (0, True)
    assert (said["certificate"], said["quantity"]) == (number, 1500)
    assert said["beneficiary"] == BENEFICIARY
    assert [re.sub(r"\d+-\d+$", "", serial) for serial in said["serials"]] == [
        "TH-TER-1-0117-2024--"
    ]


def test_language_and_scheme_change_while_the_desk_runs(hand: Hand) -> None:
    sign_in(hand, "auditor")
    hand.click("Accounts")
    hand.click_row("Accounts", "Green Thai Co., Ltd.")
    hand.read(r"^(TH-100-1001-0-\d+\nGreen Thai Co\., Ltd\.)$")
    hand.click("ภาษาไทย")
    hand.read("^(ยอดถือครอง)$")
    assert "เฉพาะเจ้าหน้าที่ทะเบียนเท่านั้นที่เสนอเปิดบัญชีได้" in hand.texts()
    hand.click("English")
    assert hand.read("^(Holdings)$")
    before = hand.window().grab().toImage().pixelColor(300, 300).lightness()
    hand.choose_in_menu("Light or dark", "Dark")
    after = hand.window().grab().toImage().pixelColor(300, 300).lightness()
    assert after < before // 2
    hand.choose_in_menu("Light or dark", "Light")


def test_the_search_finds_and_opens_by_keys_alone(hand: Hand) -> None:
    sign_in(hand, "officer2")
    hand.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    hand.type("Andaman")
    hand.see("What was found")
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_Up)
    hand.press(Qt.Key.Key_Return)
    assert "Andaman Mangrove Cooperative" in hand.read(r"^(TH-100-\d+-0-\d+\n.+)$")

"""The main job played at the desk where there is no display, with pictures of it.

Owns the story and where its pictures go: an officer proposes, an approver approves, units are
issued, transferred and cancelled, and a certificate comes out. Everything is done by the hand
of `walk`, on visible widgets; afterwards the registry is verified on its own page.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPixmap

from app.services.registry.opening import open_demo
from app.views.desk_launch import assemble, make_application
from app.views.theme.theme import ThemeMode
from app.views.walk import Hand

Told = Callable[[str], None]

BENEFICIARY = "Bangkok Half Marathon 2569 · กรุงเทพฮาล์ฟมาราธอน 2569"


def play_demonstration(demo: Path, out: Path, *, told: Told) -> int:
    """Play on a copy of a demo registry; leave pictures and `certificate.pdf` in `out`.

    Gives the exit status: 0 when the registry then verifies, 1 when it does not.
    """
    qInstallMessageHandler(_pass_over_what_offscreen_cannot)
    path = _copy(demo, out / "walk.teak")
    application = make_application()
    assembly = assemble(application, path, "en", ThemeMode.LIGHT, demo=open_demo(path))
    story = Demonstration(Hand(), out.resolve(), told=told)
    try:
        assembly.start()
        return 0 if story.play() else 1
    finally:
        assembly.shut_down()
        application.processEvents()


class Demonstration:
    """The story, step by step; each step says what it does."""

    def __init__(self, hand: Hand, out: Path, *, told: Told) -> None:
        self._hand = hand
        self._out = out
        self._told = told
        self._pictures = 0

    def play(self) -> bool:
        """Play it all; tell whether the registry verifies in the end."""
        self._out.mkdir(parents=True, exist_ok=True)
        self._sign_in("officer")
        issuance = self._propose_issuance()
        transfer = self._propose_transfer()
        cancellation = self._propose_cancellation()
        self._lock_and_unlock("officer")
        self._hand.click("Sign out")
        self._sign_in("approver")
        self._approve(issuance, "Issuance", "10,526")
        self._approve(transfer, "Transfer", "2,750")
        self._approve(cancellation, "Cancellation", "1,500")
        self._save_certificate(cancellation)
        holds = self._verify()
        self._take_pages()
        self._told(f"{self._pictures} pictures and certificate.pdf are in {self._out}")
        return holds

    # People

    def _sign_in(self, user: str) -> None:
        hand = self._hand
        hand.see(f"Fill in {user}")
        self._picture(f"sign-in-{user}")
        hand.click(f"Fill in {user}")
        hand.click("Sign in")
        hand.see("Home")
        hand.wait_quiet()
        self._told(f"Signed in as {user}, with passphrase and one-time code")

    def _lock_and_unlock(self, user: str) -> None:
        hand = self._hand
        hand.click("Lock the desk")
        hand.see(f"Fill in {user}")
        self._picture("locked")
        hand.click(f"Fill in {user}")
        hand.click("Unlock")
        hand.see("Home")
        self._told("Locked the desk, and unlocked it; the forms are as they were")

    # Acts

    def _propose_issuance(self) -> str:
        hand = self._hand
        hand.click("Issuance")
        hand.choose("Project", "0042")
        hand.choose("Take from a recorded verified reduction", "VR-0042")
        hand.choose("Unit type", "TER")
        hand.read("Levy of")
        hand.wait_quiet()
        self._picture("propose-issuance")
        hand.click("Propose issuance")
        identifier = hand.read(_PROPOSED)
        self._told(f"Proposed issuance {identifier}: 10,526 TER of project 0042")
        return identifier

    def _propose_transfer(self) -> str:
        hand = self._hand
        hand.click("Transfers")
        hand.choose("From account", "Lampang")
        hand.choose("To account", "Green Thai")
        hand.choose("Unit type", "TER")
        hand.fill("Quantity", "2750")
        hand.fill("Reason", "Sale contract 2569/121")
        hand.read(r"First in, first out: earliest")
        hand.wait_quiet()
        self._picture("propose-transfer")
        hand.click("Propose transfer")
        identifier = hand.read(_PROPOSED)
        self._told(f"Proposed transfer {identifier}: 2,750 TER")
        return identifier

    def _propose_cancellation(self) -> str:
        hand = self._hand
        hand.click("Cancellation")
        hand.choose("From account", "Green Thai")
        hand.choose("Unit type", "TER")
        hand.fill("Quantity", "1500")
        hand.fill("Beneficiary", BENEFICIARY)
        hand.fill("Purpose", "Carbon-neutral race day")
        hand.read(r"First in, first out: earliest")
        hand.wait_quiet()
        self._picture("propose-cancellation")
        hand.click("Propose cancellation")
        identifier = hand.read(_PROPOSED)
        self._told(f"Proposed voluntary cancellation {identifier}: 1,500 TER")
        return identifier

    def _approve(self, identifier: str, kind: str, quantity: str) -> None:
        hand = self._hand
        hand.click("Inbox")
        hand.click_row("Awaiting a decision", kind, quantity)
        hand.read(rf"{kind} · {identifier}$")
        hand.wait_quiet()
        self._picture(f"approve-{kind.lower()}")
        hand.click("Approve")
        self._told(f"Approved: {hand.read(rf'({identifier} is completed: .+)')}")

    def _save_certificate(self, identifier: str) -> None:
        hand = self._hand
        hand.click("Transactions")
        hand.click_row("Transactions", identifier)
        hand.read(rf"{identifier} · Cancellation")
        self._picture("transaction")
        hand.click("Open certificate")
        number = hand.read(r"^(TH-OC-\d{4}-\d{6})$")
        hand.click_row("Certificates", number)
        hand.wait_quiet()
        self._picture("certificate-page")
        file = self._out / "certificate.pdf"
        file.unlink(missing_ok=True)
        hand.click("Save…")
        hand.save_as(str(file))
        hand.read("certificate.pdf is saved")
        self._told(f"Saved certificate {number} of {identifier} as {file.name}")

    def _verify(self) -> bool:
        hand = self._hand
        hand.click("Verification")
        hand.click("Verify now")
        verdict = hand.read(r"^(Everything holds|Something does not hold)$")
        self._told(f"Verified the registry: {verdict}")
        return verdict == "Everything holds"

    # Pictures

    def _take_pages(self) -> None:
        """Picture every page: light and dark in English, then light in Thai."""
        self._told("Picturing every page: light, dark, Thai")
        pages = self._hand.names_in("Pages")
        for page in pages:
            self._take(page, f"{page.lower()}-light")
        self._hand.choose_in_menu("Light or dark", "Dark")
        for page in pages:
            self._take(page, f"{page.lower()}-dark")
        self._hand.choose_in_menu("Light or dark", "Light")
        self._hand.click("ภาษาไทย")
        thai = self._hand.names_in("หน้าต่าง ๆ")
        for page, name in zip(pages, thai, strict=True):
            self._take(name, f"{page.lower()}-thai")
        self._hand.click("English")

    def _take(self, page: str, name: str) -> None:
        self._hand.click(page)
        self._hand.wait_quiet()
        self._picture(name)

    def _picture(self, name: str) -> None:
        picture: QPixmap = self._hand.window().grab()
        picture.save(str(self._out / f"{name}.png"))
        self._pictures += 1


_PROPOSED = r"^(TH\d+) is proposed"


def _pass_over_what_offscreen_cannot(
    _kind: QtMsgType, _context: QMessageLogContext, message: str
) -> None:
    """Qt's offscreen platform warns of what only a screen can do, at each popup."""
    if not message.startswith("This plugin does not support"):
        sys.stderr.write(f"{message}\n")


def _copy(source: Path, target: Path) -> Path:
    """Copy a registry that nobody has open, with its key slots."""
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    for ending in (".keys", ""):
        shutil.copy2(source.with_name(source.name + ending), target.with_name(target.name + ending))
    return target

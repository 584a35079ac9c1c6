"""What is shown of an enrolment, once: it lets in, and it is shown nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pypdfium2
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.errors import SignInRefused
from app.services.registry.context import OpenRegistry
from app.views.desk import Desk
from app.views.dialogs.add_person import AddPersonDialog
from app.views.dialogs.enrolment import EnrolmentDialog
from app.views.dialogs.enrolment_again import EnrolAgainDialog
from app.views.pages.people import PeoplePage
from app.views.presenters.people import PersonAct
from app.views.theme.theme import ThemeMode
from tests.fixtures.people_office import (
    NOK,
    PASSPHRASE,
    Office,
    add_nok,
    dialog,
    open_office,
    open_page,
    press,
    qr_text,
    texts_of,
    write,
)
from tests.fixtures.real_registries import RealRegistry
from tests.fixtures.registries import FrozenClock


@pytest.fixture
def office(
    real_registry: RealRegistry, clock: FrozenClock, desk: Desk, qtbot: QtBot
) -> Iterator[Office]:
    with open_office(real_registry, clock, desk, qtbot) as opened:
        yield opened


def test_a_person_added_here_signs_in_with_what_the_dialog_shows(office: Office) -> None:
    page = office.page()
    shown = add_nok(office, page)
    assert not shown.finish.isEnabled()
    uri = qr_text(shown)
    secret = pyotp.parse_uri(uri).secret
    assert shown.secret.text().replace(" ", "") == secret
    write(shown.code.entry, office.code_of(uri))
    office.qtbot.waitUntil(shown.finish.isEnabled)
    assert shown.confirmed.text() == "The app works."
    press(shown.finish)
    # The code that was tried in the dialog is still good: trying it did not use it up.
    actor = office.enter("nok", passphrase=PASSPHRASE, code=office.code_of(uri))
    assert (actor.name, actor.role) == (NOK["name"], "officer")
    assert page.message.title == "nok is added."
    office.qtbot.waitUntil(lambda: page.table.model.rowCount() == 5)


def test_the_qr_code_can_be_read_in_the_dark(office: Office) -> None:
    office.desk.theme.set_mode(ThemeMode.DARK)
    assert qr_text(add_nok(office, office.page())).startswith("otpauth://totp/")


def test_a_wrong_code_leaves_the_enrolment_open(office: Office) -> None:
    shown = add_nok(office, office.page())
    right = office.code_of(qr_text(shown))
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    write(shown.code.entry, wrong[:5])
    assert not shown.code.problem
    write(shown.code.entry, wrong)
    office.qtbot.waitUntil(lambda: bool(shown.code.problem))
    assert not shown.finish.isEnabled()
    assert shown.code.entry.value() == wrong
    write(shown.code.entry, f"{right[:3]} {right[3:]}")
    office.qtbot.waitUntil(shown.finish.isEnabled)
    assert not shown.code.problem


def test_recovery_codes_are_shown_once(office: Office) -> None:
    page = office.page()
    shown = add_nok(office, page)
    codes = [line.split()[1] for line in shown.codes.sheet().splitlines() if line.count("-") == 3]
    assert len(set(codes)) == 10
    assert all(code in texts_of(shown) for code in codes)
    shown.reject()
    assert shown.isVisible()
    assert shown.message.title == "The app has not been checked."
    shown.message.acted.emit()
    office.qtbot.waitUntil(lambda: not page.findChildren(EnrolmentDialog))
    page.enter("nok")
    office.qtbot.waitUntil(lambda: "nok@registry.example" in texts_of(page))
    everywhere = "\n".join(texts_of(each) for each in QApplication.topLevelWidgets())
    assert not any(code in everywhere for code in codes)
    assert office.enter("nok", passphrase=PASSPHRASE, code=codes[0]).user_name == "nok"
    with pytest.raises(SignInRefused):
        office.enter("nok", passphrase=PASSPHRASE, code=codes[0])


def test_recovery_codes_are_copied_saved_and_printed(office: Office, tmp_path: Path) -> None:
    shown = add_nok(office, office.page())
    press(shown.codes.copy)
    copied = QGuiApplication.clipboard().text().split()
    assert len(copied) == 10
    path = tmp_path / "codes.txt"
    shown.codes.save_to(path)
    office.qtbot.waitUntil(lambda: path.name in shown.message.title)
    assert path.stat().st_mode & 0o077 == 0
    assert all(code in path.read_text(encoding="utf-8") for code in copied)
    shown.codes.save_to(tmp_path / "nowhere" / "codes.txt")
    office.qtbot.waitUntil(lambda: "cannot be written" in shown.message.title)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "codes.pdf"))
    shown.codes.print_on(printer)
    printed = pypdfium2.PdfDocument(tmp_path / "codes.pdf")[0].get_textpage().get_text_range()
    assert all(code in printed for code in copied)


def test_a_lost_phone_is_replaced(office: Office) -> None:
    page = office.page(show="officer")
    press(page.acts[PersonAct.ENROL_AGAIN])
    asking = dialog(office.qtbot, page, EnrolAgainDialog)
    press(asking.act)
    asking.reject()
    shown = dialog(office.qtbot, page, EnrolmentDialog)
    uri = qr_text(shown)
    with pytest.raises(SignInRefused):
        office.enter("officer")
    assert office.enter("officer", code=office.code_of(uri)).user_name == "officer"


@pytest.fixture
def demo_page(registry: OpenRegistry, desk: Desk, qtbot: QtBot) -> Callable[[], PeoplePage]:
    return lambda: open_page(qtbot, desk, registry, "admin", show="officer")


def test_in_a_demo_no_passphrase_is_asked_for(
    demo_page: Callable[[], PeoplePage], qtbot: QtBot
) -> None:
    page = demo_page()
    assert not page.change_passphrase.isEnabled()
    assert "“demo”" in texts_of(page.header)
    press(page.add)
    adding = dialog(qtbot, page, AddPersonDialog)
    assert set(adding.form.values()) == set(NOK)
    adding.form.set_values(NOK)
    press(adding.form.act)
    assert qr_text(dialog(qtbot, page, EnrolmentDialog)).startswith("otpauth://totp/")

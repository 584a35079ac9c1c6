"""The People page over real registries: who may do what, and that it is done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.models.codes import PersonState
from app.models.errors import SignInRefused
from app.models.storage.sign_in_counts import record_failure
from app.models.storage.sign_in_failures import LOCKING_FAILURES
from app.services.drafts import PersonalDrafts
from app.services.listings.page import PageRequest
from app.services.listings.people import list_people
from app.services.people.standing import get_sign_in_standing
from app.services.registry.settings import get_idle_lock_minutes
from app.views.desk import Desk
from app.views.dialogs.add_person import AddPersonDialog
from app.views.dialogs.enrolment import EnrolmentDialog
from app.views.dialogs.passphrase import PassphraseDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.presenters.people import PersonAct
from tests.fixtures.people_office import (
    NOK,
    PASSPHRASE,
    Office,
    begin_adding,
    dialog,
    open_office,
    press,
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


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(office: Office) -> None:
    page = office.page()
    adding = begin_adding(office, page, user_name="officer", again="four green parrot")
    form = adding.form
    press(form.act)
    assert form.problem_of("again") == "This is not the same as above."
    form.set_values({"again": PASSPHRASE})
    press(form.act)
    office.qtbot.waitUntil(lambda: "taken" in form.problem_of("user_name"))
    assert form.values() == {
        **NOK,
        "user_name": "officer",
        "passphrase": PASSPHRASE,
        "again": PASSPHRASE,
    }
    assert form.act.isEnabled()


def test_a_passphrase_is_judged_while_it_is_typed(office: Office) -> None:
    form = begin_adding(office, office.page(), passphrase="", again="").form
    write(form.field("passphrase"), "four gre")
    office.qtbot.waitUntil(lambda: form.field("passphrase").control.toolTip() == "8 of 12")
    write(form.field("again"), "fx")
    office.qtbot.waitUntil(lambda: bool(form.problem_of("again")))
    write(form.field("again"), "four")
    office.qtbot.waitUntil(lambda: not form.problem_of("again"))


def test_a_draft_keeps_the_person_but_no_passphrase(office: Office) -> None:
    page = office.page()
    adding = begin_adding(office, page, email="")
    drafts = PersonalDrafts(office.registry, office.signed_in.actor)
    write(adding.form.field("email"), NOK["email"])
    office.qtbot.waitUntil(lambda: bool(drafts.load("person")))
    assert drafts.load("person") == NOK
    adding.reject()
    press(page.add)
    office.qtbot.waitUntil(
        lambda: (
            [each.form.values() for each in page.findChildren(AddPersonDialog)]
            == [{**NOK, "passphrase": "", "again": ""}]
        )
    )


def test_a_second_click_and_escape_do_nothing_while_a_person_is_added(office: Office) -> None:
    page = office.page()
    adding = begin_adding(office, page)
    press(adding.form.act)
    press(adding.form.act)
    QTest.keyClick(adding, Qt.Key.Key_Escape)
    assert adding.isVisible()
    dialog(office.qtbot, page, EnrolmentDialog)
    office.qtbot.waitUntil(lambda: not office.desk.tasks.open_tasks)
    assert len(page.findChildren(EnrolmentDialog)) == 1
    assert [each.user for each in list_people(office.registry, PageRequest()).rows].count(
        "nok"
    ) == 1


@pytest.mark.parametrize("user", ["officer", "approver"])
def test_others_see_why_they_cannot(office: Office, user: str) -> None:
    page = office.page(user, show="approver")
    reason = "Only a registry administrator manages people and settings."
    office.qtbot.waitUntil(lambda: len(page.acts) == len(PersonAct))
    idle = page.idle_lock
    for widget in (page.add, *page.acts.values(), idle.act):
        assert not widget.isEnabled()
        assert widget.toolTip() == widget.accessibleDescription() == reason
    assert not idle.minutes.isEnabled()
    assert reason in texts_of(page.header)
    assert reason in texts_of(page.pane)
    assert page.change_passphrase.isEnabled()
    office.desk.language.set_code("th")
    assert "ผู้ดูแลทะเบียน" in page.add.toolTip()


def test_nobody_revokes_themself_nor_skips_their_own_passphrase(office: Office) -> None:
    page = office.page(show="admin")
    office.qtbot.waitUntil(lambda: bool(page.acts))
    off = {act for act, button in page.acts.items() if not button.isEnabled()}
    assert off == {PersonAct.REVOKE, PersonAct.RESET_PASSPHRASE, PersonAct.RESET_FAILURES}


def test_a_locked_person_is_let_in_again(office: Office) -> None:
    assert office.registry.file is not None
    for _ in range(LOCKING_FAILURES):
        record_failure(office.registry.file.path, user="officer", now=office.clock())
    page = office.page(show="officer")
    assert "10 in a row: locked" in texts_of(page.pane)
    button = page.acts[PersonAct.RESET_FAILURES]
    press(button)
    press(button)
    office.qtbot.waitUntil(lambda: "10 in a row" not in texts_of(page.pane))
    assert get_sign_in_standing(office.registry, "officer").failures == 0
    assert not page.acts[PersonAct.RESET_FAILURES].isEnabled()
    office.enter("officer")


def test_a_forgotten_passphrase_is_replaced(office: Office) -> None:
    page = office.page(show="officer")
    press(page.acts[PersonAct.RESET_PASSPHRASE])
    asking = dialog(office.qtbot, page, PassphraseDialog)
    asking.form.set_values({"passphrase": PASSPHRASE, "again": PASSPHRASE})
    press(asking.form.act)
    office.qtbot.waitUntil(lambda: "officer has a new passphrase" in page.message.title)
    office.enter("officer", passphrase=PASSPHRASE)


def test_revoking_asks_for_the_reason(office: Office) -> None:
    page = office.page(show="officer")
    press(page.acts[PersonAct.REVOKE])
    asking = dialog(office.qtbot, page, ReasonDialog)
    press(asking.act)
    office.qtbot.waitUntil(lambda: "Give the reason" in asking.message.title)
    assert office.state_of("officer") is PersonState.ACTIVE
    asking.reason.entry.set_value("Left the office")
    press(asking.act)
    office.qtbot.waitUntil(lambda: page.message.title == "officer is revoked.")
    assert office.state_of("officer") is PersonState.REVOKED
    office.qtbot.waitUntil(lambda: not page.acts)
    with pytest.raises(SignInRefused):
        office.enter("officer")


def test_everybody_changes_their_own_passphrase(office: Office) -> None:
    page = office.page("officer")
    press(page.change_passphrase)
    form = dialog(office.qtbot, page, PassphraseDialog).form
    form.set_values({"old": "wrong", "passphrase": PASSPHRASE, "again": PASSPHRASE})
    press(form.act)
    office.qtbot.waitUntil(lambda: "not right" in form.problem_of("old"))
    assert form.values()["again"] == PASSPHRASE
    form.set_values({"old": office.real.passphrases["officer"]})
    press(form.act)
    office.qtbot.waitUntil(lambda: page.message.title.startswith("Your passphrase is changed"))
    office.enter("officer", passphrase=PASSPHRASE)


def test_secrets_are_typed_unseen(office: Office) -> None:
    page = office.page()
    form = begin_adding(office, page).form
    for key in ("passphrase", "again"):
        line = form.field(key).control
        assert isinstance(line, QLineEdit)
        assert line.echoMode() is QLineEdit.EchoMode.Password


def test_the_idle_lock_is_set(office: Office) -> None:
    page = office.page()
    idle = page.idle_lock
    office.qtbot.waitUntil(lambda: idle.minutes.value() == "10")
    buttons = {each.text(): each for each in idle.minutes.findChildren(type(idle.act))}
    assert list(buttons) == [str(minutes) for minutes in range(1, 11)]
    press(buttons["3"])
    idle.read()
    office.qtbot.waitUntil(lambda: not office.desk.tasks.open_tasks)
    assert idle.minutes.value() == "3"
    with office.qtbot.waitSignal(office.desk.changes.told):
        press(idle.act)
    assert get_idle_lock_minutes(office.registry) == 3
    assert "3" in page.message.title

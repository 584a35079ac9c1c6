"""Every page of the desk over a registry with a year of work: shown, named, told, done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.models.resource_files import resource_path
from app.services.people.demo import sign_in_demo
from app.services.people.sign_in import SignedIn
from app.services.registry.demo import make_demo_registry
from app.services.registry.opening import open_demo
from app.views.desk import Desk
from app.views.desk_session import DeskSession
from app.views.dialogs.import_export import ImportDialog
from app.views.page_entries import page_entries
from app.views.pages.listing_page import ListingPage
from app.views.walk import Hand
from tests.fixtures.registries import copy_registry

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTableView)


@dataclass
class Visit:
    """One person's desk, a hand on it, and what went wrong meanwhile."""

    session: DeskSession
    hand: Hand = field(default_factory=Hand)
    failures: list[object] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """The keys of all pages."""
        entries = page_entries(self.session.context, self.session.verification, self.session.worker)
        return [entry.key for entry in entries]

    def show(self, key: str, target: str = "") -> QWidget:
        """Show a page and wait until nothing is loading."""
        self.session.window.show_page(key, target)
        self.hand.wait_quiet()
        self.hand.wait_for(lambda: not self.session.desk.tasks.open_tasks, "idle lanes")
        return self.session.window.page(key)


@pytest.fixture(scope="module")
def scene_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scene") / "scene.teak"
    make_demo_registry(path, exports=False)
    return path


@pytest.fixture
def visit(
    desk: Desk, qapp: QApplication, scene_path: Path, tmp_path: Path
) -> Iterator[Callable[[str], Visit]]:
    """Open the desk of a demo person on a registry of the test's own."""
    visits: list[Visit] = []

    def open_for(user: str) -> Visit:
        registry = open_demo(copy_registry(scene_path, tmp_path / "scene.teak"))
        assert registry is not None
        actor = sign_in_demo(registry, user, host="test")
        session = DeskSession(qapp, desk, SignedIn(registry, actor), host="test")
        made = Visit(session)
        session.desk.tasks.crashed.connect(made.failures.append)
        session.desk.tasks.failed.connect(made.failures.append)
        visits.append(made)
        session.start()
        session.window.activateWindow()
        return made

    yield open_for
    for made in visits:
        made.session.end()
        assert made.failures == []


def nameless(page: QWidget) -> list[str]:
    """Name the visible controls that a screen reader could not name."""
    controls = [each for kind in CONTROLS for each in page.findChildren(kind)]
    return [
        f"{type(each).__name__} in {type(each.parentWidget()).__name__}"
        for each in controls
        if each.isVisible()
        and each.focusPolicy() is not each.focusPolicy().NoFocus
        and not each.accessibleName()
        and not (isinstance(each, QLineEdit) and isinstance(each.parentWidget(), QComboBox))
        and not (isinstance(each, QAbstractButton) and each.text())
    ]


@pytest.mark.parametrize("user", ["officer", "approver", "auditor"])
def test_every_page_stands_for_everyone_and_names_its_controls(
    visit: Callable[[str], Visit], user: str
) -> None:
    made = visit(user)
    found = {key: nameless(made.show(key)) for key in made.keys}
    assert {key: names for key, names in found.items() if names} == {}


def test_every_page_changes_its_language_while_it_is_shown(visit: Callable[[str], Visit]) -> None:
    made = visit("officer")
    pages = {key: made.show(key) for key in made.keys}
    english = {key: page.accessibleName() for key, page in pages.items()}
    made.session.desk.language.set_code("th")
    thai = {key: made.show(key).accessibleName() for key in made.keys}
    assert [key for key in english if thai[key] == english[key]] == []


def test_collecting_hears_of_calibrations_and_limits(
    visit: Callable[[str], Visit], qtbot: QtBot
) -> None:
    class Reloaded:
        count = 0

        def start(self) -> None:
            """A late start of the desk asks for it too."""

        def reload(self) -> None:
            self.count += 1

        def stop(self) -> None:
            pass

    made, stations = visit("officer"), Reloaded()
    made.session.stations = stations  # type: ignore[assignment]
    for kinds in (("transactions",), ("calibrations",), ("stations",)):
        made.session.desk.changes.tell(*kinds)
    qtbot.waitUntil(lambda: stations.count == 2)


def test_a_desk_left_at_once_begins_nothing_more(
    visit: Callable[[str], Visit], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, begun = visit("officer"), list[str]()
    monkeypatch.setattr(made.session.verification, "start", lambda: begun.append("verification"))
    made.session.end()
    qtbot.wait(600)
    assert begun == []


def test_one_gets_away_from_a_registry_that_fails(
    visit: Callable[[str], Visit], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made, ended = visit("officer"), list[bool]()
    made.show("home")
    made.session.ended.connect(ended.append)
    file = tmp_path / "scene.teak"
    file.write_bytes(bytes(file.stat().st_size))
    made.session.context.registry.engine.dispose()
    made.session.end(signed_out=True)
    assert ended == [True]
    assert "the sign-out of officer is not recorded" in caplog.text


def test_what_one_may_not_do_is_off_and_says_why(visit: Callable[[str], Visit]) -> None:
    made = visit("auditor")
    made.show("accounts", "TH-100-1000-0-68")
    made.hand.read(r"^(Only a registry officer proposes accounts\.)$")
    made.hand.read(r"^(Only a registry administrator changes the state of an account\.)$")
    for name in ("Propose account", "Suspend…", "Close…"):
        assert not made.hand.see(name, QAbstractButton).isEnabled()


def test_an_account_tells_all_that_is_known_of_it(visit: Callable[[str], Visit]) -> None:
    made = visit("auditor")
    made.show("accounts", "TH-100-1000-0-68")
    for words in (
        "ป่าชุมชนบ้านห้วยสัก",
        "25,000 TER, of which 12,500 are reserved",
        "boonsong@huaisak.example",
        "holder-huai-sak.txt",
        "TH-TER-14-0042-2024--2501-7000",
        "reserved by TH",
        "Identity and documents are in order.",
    ):
        made.hand.read(f"({re.escape(words)})")


def test_an_administrator_suspends_an_account_with_a_reason(
    visit: Callable[[str], Visit],
) -> None:
    made = visit("admin")
    made.show("accounts", "TH-100-1001-0-63")
    made.hand.click("Suspend…")
    made.hand.click("Suspend account")
    assert made.hand.read("^(Give the reason for this change.+)$")
    made.hand.fill("Reason", "Case 2569/21")
    made.hand.click("Suspend account")
    made.hand.read(r"^(Account TH-100-1001-0-63 is now: suspended\.)$")
    assert made.hand.read(r"^(admin · Case 2569/21)$")
    assert made.hand.see("Lift…", QAbstractButton).isEnabled()


def test_an_officer_proposes_an_account(visit: Callable[[str], Visit]) -> None:
    made = visit("officer")
    made.show("accounts")
    made.hand.click("Propose account")
    made.hand.click("Propose account")
    assert made.hand.read("^(Give the holder’s name in English or Thai.)$")
    made.hand.fill("Holder’s name in English", "Doi Tung Coffee Growers")
    made.hand.fill("Holder’s name in Thai", "กลุ่มผู้ปลูกกาแฟดอยตุง")
    made.hand.click("Propose account")
    number = made.hand.read(r"^Account (TH-100-\d+-0-\d+) is proposed\.$")
    assert made.hand.read(rf"^({number}\nDoi Tung Coffee Growers)$")


def test_a_real_export_comes_in_with_a_second_person(visit: Callable[[str], Visit]) -> None:
    made = visit("officer")
    made.show("transactions")
    made.hand.click("Import registry export…")
    dialog = made.hand.window()
    assert isinstance(dialog, ImportDialog)
    export = resource_path("demo", "registries", "gold-standard__issuances.sample.csv")
    dialog.file.entry.set_value(str(export))
    dialog.file.entry.edited.emit()
    made.hand.read(r"^(Rows: \d+, projects: \d+, holders: \d+\. Nothing is written yet\.)$")
    assert dialog.format.entry.value() == "gold-standard"
    assert dialog.figures.cards["rejected"].figure == "0"
    made.hand.click("Fill in the demo approver")
    made.hand.wait_for(lambda: dialog.approver.credentials().code, "a code")
    made.hand.click("Import")
    assert made.hand.read(r"^(Done: (?:\d+) of \d+ rows were imported\.)$")
    assert dialog.approver.credentials().passphrase == ""
    made.hand.click("Close")
    made.show("projects")
    made.hand.read(r"^(\d\d+ rows)$")


def test_a_narrow_page_gives_its_place_to_the_pane(visit: Callable[[str], Visit]) -> None:
    made = visit("auditor")
    page = made.show("projects", "TH / 0042")
    assert isinstance(page, ListingPage)
    assert page.table.isVisible()
    made.session.window.resize(1024, 680)
    made.hand.wait_for(lambda: not page.table.isVisible(), "the pane alone")
    made.hand.click("Close")
    assert page.table.isVisible()

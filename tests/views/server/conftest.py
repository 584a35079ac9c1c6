"""Desks over a registry on a server: opened for demo people, with a hand on each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.models.errors import ConnectionLost, SessionEnded
from app.models.server_place import ServerPlace
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry.server_line import STANDARD_PATIENCE, LinePatience
from app.views.desk import Desk
from app.views.desk_session import DeskSession
from app.views.page_entries import page_entries
from app.views.walk import Hand
from tests.fixtures.networked import NetworkedDemo

PICTURES = os.environ.get("TEAK_PICTURES", "")
"""Where the stations of a journey are photographed; read before the tests forget `TEAK_*`."""


@dataclass
class ServerVisit:
    """One person's desk on a server, a hand on it, and what went wrong meanwhile."""

    session: DeskSession
    hand: Hand = field(default_factory=Hand)
    failures: list[object] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """The keys of all pages."""
        entries = page_entries(self.session.context, self.session.verification, self.session.worker)
        return [entry.key for entry in entries]

    def take_failure(self, error: Exception) -> None:
        """Note what nobody answered, but for what the desk's banner says."""
        if not isinstance(error, ConnectionLost | SessionEnded):
            self.failures.append(error)

    def show(self, key: str, target: str = "") -> QWidget:
        """Show a page and wait until nothing is loading."""
        self.session.window.show_page(key, target)
        self.hand.wait_quiet()
        self.settle()
        return self.session.window.page(key)

    def settle(self) -> None:
        """Wait until no work is under way."""
        self.hand.wait_for(lambda: not self.session.desk.tasks.open_tasks, "idle lanes")


@dataclass
class Camera:
    """Photographs the window in front, where a folder is named."""

    hand: Hand
    count: int = field(default=0)

    def take(self, name: str) -> None:
        if not PICTURES:
            return
        self.hand.wait_quiet()
        self.count += 1
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        self.hand.window().grab().save(str(folder / f"{self.count:02d}-{name}.png"))


Visits = Callable[..., ServerVisit]


@pytest.fixture
def visit_place(desk: Desk, qapp: QApplication) -> Iterator[Visits]:
    """Open the desk of a demo person at a place; no work of it may fail unanswered."""
    visits: list[ServerVisit] = []

    def open_for(
        user: str, place: ServerPlace, patience: LinePatience = STANDARD_PATIENCE
    ) -> ServerVisit:
        signed_in = sign_in_demo_on_server(
            place, user=user, passphrase=DEMO_PASSPHRASE, host="test"
        )
        assert signed_in is not None
        session = DeskSession(qapp, desk, signed_in, host="test", patience=patience)
        made = ServerVisit(session)
        session.desk.tasks.crashed.connect(made.failures.append)
        session.desk.tasks.failed.connect(made.take_failure)
        visits.append(made)
        session.start()
        session.window.activateWindow()
        return made

    yield open_for
    for made in visits:
        made.session.end()
        assert made.failures == []


@pytest.fixture
def visit(visit_place: Visits, networked_demo: NetworkedDemo) -> Visits:
    """Open the desk of a demo person on the test's own registry."""
    return lambda user: visit_place(user, networked_demo.place)


def through(place: ServerPlace, port: int) -> ServerPlace:
    """Give the same place by another port: a proxy's."""
    return replace(place, port=port)

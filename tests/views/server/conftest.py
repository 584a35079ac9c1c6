"""Desks over a registry on a server: opened for demo people, with a hand on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.models.server_place import ServerPlace
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.people.signed_in import SignedIn
from app.views.desk import Desk
from app.views.desk_session import DeskSession
from app.views.page_entries import page_entries
from app.views.walk import Hand
from tests.fixtures.networked import NetworkedDemo


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

    def show(self, key: str, target: str = "") -> QWidget:
        """Show a page and wait until nothing is loading."""
        self.session.window.show_page(key, target)
        self.hand.wait_quiet()
        self.settle()
        return self.session.window.page(key)

    def settle(self) -> None:
        """Wait until no work is under way."""
        self.hand.wait_for(lambda: not self.session.desk.tasks.open_tasks, "idle lanes")


Visits = Callable[..., ServerVisit]


@pytest.fixture
def visit(desk: Desk, qapp: QApplication, networked_demo: NetworkedDemo) -> Iterator[Visits]:
    """Open the desk of a demo person; `place` may lead through a proxy."""
    visits: list[ServerVisit] = []

    def open_for(user: str, place: ServerPlace | None = None) -> ServerVisit:
        signed_in = sign_in_demo_on_server(
            place or networked_demo.place, user=user, passphrase=DEMO_PASSPHRASE, host="test"
        )
        assert signed_in is not None
        session = open_session(qapp, desk, signed_in)
        made = ServerVisit(session)
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


def open_session(qapp: QApplication, desk: Desk, signed_in: SignedIn) -> DeskSession:
    """Make the desk of a person who has signed in."""
    return DeskSession(qapp, desk, signed_in, host="test")


def through(place: ServerPlace, port: int) -> ServerPlace:
    """Give the same place by another port: a proxy's."""
    return replace(place, port=port)

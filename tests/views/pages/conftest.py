"""What pages under test are given: a real registry, a desk, and where pages were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.drafts import PersonalDrafts
from app.services.registry.context import Actor
from app.views.desk import Desk
from app.views.pages.context import PageContext
from tests.fixtures.ledger import Ledger


@dataclass
class Surroundings:
    """Makes contexts, and remembers what the desk was asked and told."""

    ledger: Ledger
    desk: Desk
    opened: list[tuple[str, str]] = field(default_factory=list)
    told: list[frozenset[str]] = field(default_factory=list)
    crashes: list[Exception] = field(default_factory=list)

    def context(self, actor: Actor) -> PageContext:
        """Make the context of a person."""
        registry = self.ledger.registry
        return PageContext(
            registry=registry,
            actor=actor,
            desk=self.desk,
            drafts=PersonalDrafts(registry, actor),
            open_page=lambda key, target: self.opened.append((key, target)),
        )


@pytest.fixture
def surroundings(ledger: Ledger, desk: Desk) -> Iterator[Surroundings]:
    made = Surroundings(ledger, desk)
    desk.changes.told.connect(made.told.append)
    desk.tasks.crashed.connect(made.crashes.append)
    desk.tasks.failed.connect(made.crashes.append)
    yield made
    assert not made.crashes


Settle = Callable[[Callable[[], bool]], None]


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Show a widget in the smallest window the desk has."""

    def show(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        widget.resize(1064, 718)
        widget.show()

    return show

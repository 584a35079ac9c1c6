"""What every page of the desk is given: the registry, who acts, and the desk around it.

Owns nothing but these together: a page's constructor is `SomePage(context)`. The
composition root makes one context when a person signs in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from app.services.calibrating.station_line import StationLines
from app.services.registry.context import Actor, OpenRegistry
from app.views.changes import Changes
from app.views.components.fields import DraftStore
from app.views.desk import Desk
from app.views.language import Language
from app.views.presenters.charts.live_source import StationFeed
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme

OpenPage: TypeAlias = Callable[[str, str], None]
"""Show the page of a key and in it what the target names, as `MainWindow.show_page` does."""


@dataclass(frozen=True)
class PageContext:
    """The surroundings of a page; `registry` and `actor` are used off the window's thread."""

    registry: OpenRegistry
    actor: Actor
    desk: Desk
    drafts: DraftStore
    open_page: OpenPage
    stations: StationFeed | None = None
    """What reads stations here; None where no line is open."""
    lines: StationLines | None = None
    """What opens a sensor's line for calibrating; None where no port can be read."""

    @property
    def language(self) -> Language:
        """The texts in the language in force."""
        return self.desk.language

    @property
    def theme(self) -> Theme:
        """The colours in force."""
        return self.desk.theme

    @property
    def tasks(self) -> TaskRunner:
        """What runs work off the window's thread."""
        return self.desk.tasks

    @property
    def changes(self) -> Changes:
        """Where a page tells the kinds of thing it changed, so that open pages refresh."""
        return self.desk.changes

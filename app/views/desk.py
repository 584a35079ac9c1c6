"""What every widget of the desk is given: language, theme, task runner, news of changes.

Owns nothing but these together, so that constructors stay short and no global application
object is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.views.changes import Changes
from app.views.language import Language
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme


@dataclass(frozen=True)
class Desk:
    """The surroundings of a widget; made once by the composition root."""

    language: Language
    theme: Theme
    tasks: TaskRunner
    changes: Changes = field(default_factory=Changes)

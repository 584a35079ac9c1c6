"""Keeps the wizard's draft up to date, and forgets it when the calibration is recorded.

Owns when that happens; what is kept is the presenter's. A draft that could not be kept is said,
and kept when the line to the registry holds again.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.views.changes import CONNECTION
from app.views.pages.context import PageContext
from app.views.presenters.calibration.draft import draft_name, write_draft
from app.views.presenters.calibration.wizard import CalibrationWizard


class DraftKeeper(QObject):
    """`failed` carries why a draft is not kept."""

    failed = Signal(object)

    def __init__(
        self, context: PageContext, wizard: CalibrationWizard, parent: QObject, *, form: str = ""
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._wizard = wizard
        self._form = form
        self._kept = write_draft(wizard)
        context.changes.told.connect(self._take_changes)

    @property
    def has_kept(self) -> bool:
        """Whether there is a draft to be taken up."""
        return bool(self._form) and self._kept is not None

    def keep(self) -> None:
        """Keep the wizard as it stands, if something of it changed."""
        values = write_draft(self._wizard)
        if values == self._kept:
            return
        if values is None:
            self._clear()
            return
        if not self._form:
            self._form = draft_name()
        drafts, form, self._kept = self._context.drafts, self._form, values
        # What was taken is written even while the desk is taken down.
        self._context.tasks.run(
            lambda: drafts.save(form, values), on_error=self._fail, owner=self, outlasts=True
        )

    def forget(self) -> None:
        """Forget the draft: it was recorded."""
        self._clear()
        self._form = ""

    def _clear(self) -> None:
        drafts, form, self._kept = self._context.drafts, self._form, None
        if form:
            self._context.tasks.run(
                lambda: drafts.clear(form), on_error=self._fail, owner=self, outlasts=True
            )

    def _fail(self, error: Exception) -> None:
        self._kept = None
        self.failed.emit(error)

    def _take_changes(self, kinds: frozenset[str]) -> None:
        if CONNECTION in kinds:
            self.keep()

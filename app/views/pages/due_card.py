"""What is to be calibrated, on the first page of those who calibrate: how many, which first.

Owns the widgets; urgency is the service's. Hidden where nothing is ever due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.calibrating.due import DueLine, Urgency
from app.views.components.cards import Card
from app.views.components.chips import Chip
from app.views.components.flow_layout import FlowLayout
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.pages.context import PageContext
from app.views.pages.station_listing import due_words
from app.views.theme.tokens import GAP_S, GAP_XS, Tone

_LOOKS = {
    Urgency.OVERDUE: (Tone.RED, "overdue"),
    Urgency.IN_GRACE: (Tone.AMBER, "in_grace"),
    Urgency.NEVER: (Tone.AMBER, "never"),
    Urgency.DUE_SOON: (Tone.BLUE, "due_soon"),
}
_SHOWN = 3


class DueCard(Card):
    """Counts by urgency, the most urgent channels with the way to calibrate them, and the board."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "home.due.title", icon="gauge")
        self._context = context
        board = text_button(context.desk, "home.due.open", kind="quiet", icon="arrow-right")
        board.clicked.connect(lambda: context.open_page("calibrations", ""))
        self.add_to_head(board)
        self._shown = QVBoxLayout()
        self._shown.setSpacing(GAP_S)
        self.body.addLayout(self._shown)
        self.hide()

    def show_due(self, due: Sequence[DueLine] | None) -> None:
        """Show what is due; None or nothing at all hides the card."""
        self.setVisible(bool(due))
        while (item := self._shown.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        reminded = [line for line in due or () if line.needs_reminder]
        language = self._context.language
        if not reminded:
            self._shown.addWidget(wrapped_label("muted", language.text("home.due.nothing")))
            return
        self._shown.addWidget(self._counts(reminded))
        for line in reminded[:_SHOWN]:
            self._shown.addWidget(self._line(line))
        if len(reminded) > _SHOWN:
            more = language.text("home.due.more", count=len(reminded) - _SHOWN)
            self._shown.addWidget(role_label("muted", more))

    def _counts(self, reminded: Sequence[DueLine]) -> QWidget:
        made = QWidget()
        row = FlowLayout(made, spacing=GAP_S)
        row.setContentsMargins(0, 0, 0, 0)
        counted = Counter(line.urgency for line in reminded)
        for urgency, (tone, key) in _LOOKS.items():
            if counted[urgency]:
                text = self._context.language.text(f"home.due.{key}", count=counted[urgency])
                row.addWidget(Chip(text, tone))
        return made

    def _line(self, line: DueLine) -> QWidget:
        language = self._context.language
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_S)
        words = QVBoxLayout()
        words.setSpacing(GAP_XS)
        channel = language.text(f"charts.channels.{line.channel}")
        place = f"{line.station} · {line.sensor} · {channel}"
        words.addWidget(wrapped_label("strong", place))
        when = due_words(language.text, line.due_on, line.days_left)
        if line.urgency is Urgency.NEVER:
            when = language.text("home.due.never_line")
        words.addWidget(wrapped_label("small", when, tone=_LOOKS[line.urgency][0]))
        row.addLayout(words, 1)
        calibrate = text_button(self._context.desk, "home.due.calibrate")
        calibrate.setAccessibleDescription(f"{place}: {when}")
        target = str(line.channel_id)
        calibrate.clicked.connect(partial(self._context.open_page, "calibrations", target))
        row.addWidget(calibrate, alignment=Qt.AlignmentFlag.AlignTop)
        return made

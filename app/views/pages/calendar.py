"""The calendar: holidays, on which no working hours count, and the commitment periods.

Owns the widgets; an administrator changes them.
"""

from __future__ import annotations

from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.services.registry.periods import PeriodRow
from app.services.trust.holidays import HolidayRow
from app.views.components.act_button import ActButton
from app.views.components.cards import Card
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.labels import text_button
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.table import Table
from app.views.dialogs.add_holiday import AddHolidayDialog
from app.views.dialogs.open_period import OpenPeriodDialog
from app.views.pages.context import PageContext
from app.views.presenters.calendar import Calendar, PeriodLine, reason_against_calendar
from app.views.presenters.kept_rows import page_of
from app.views.theme.tokens import Tone

_TENSES = {
    "past": ChipLook(Tone.QUIET, "calendar.past"),
    "present": ChipLook(Tone.LEAF, "calendar.present"),
    "coming": ChipLook(Tone.BLUE, "calendar.coming"),
}


class HolidaysPage(Page):
    """Everybody reads; an administrator adds a day and takes the chosen one off."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "calendar.holidays", "calendar.holidays_sentence")
        self.context = context
        self._calendar = Calendar(context.registry, context.actor)
        self.table = Table(context.desk, self._listing())
        self.remove = text_button(context.desk, "calendar.remove", kind="danger")
        self.remove.clicked.connect(self._remove)
        self.remove.setVisible(not reason_against_calendar(context.actor))
        self.remove.setEnabled(False)
        self.add = ActButton(context.desk, "calendar.add", kind="primary", icon="plus")
        self.add.set_reason(reason_against_calendar(context.actor))
        self.add.asked.connect(self.open_adding)
        self.header.add_act(self.remove)
        self.header.add_act(self.add)
        paper = Card(context.desk)
        paper.body.addWidget(self.table)
        self.body.addWidget(paper, 1)
        self.table.selection_changed.connect(lambda row: self.remove.setEnabled(row is not None))

    def enter(self, target: str = "") -> None:
        """Show the holidays."""
        self.table.load()

    def refresh(self) -> None:
        """Fetch them again."""
        self.table.refresh()

    def open_adding(self) -> None:
        """Ask for a day and its names."""
        dialog = AddHolidayDialog(self.context, self._calendar, self.window())
        dialog.added.connect(lambda: self._changed("calendar.added"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remove(self) -> None:
        row: HolidayRow | None = self.table.current_row()
        if row is None:
            return
        self.remove.setEnabled(False)
        self.context.tasks.run(
            lambda: self._calendar.remove(row.day),
            on_done=lambda _none: self._changed("calendar.removed"),
            on_error=self.message.say_problem,
            on_finished=lambda: self.remove.setEnabled(self.table.current_row() is not None),
            owner=self,
        )

    def _changed(self, key: str) -> None:
        self.message.say(Tone.LEAF, self.context.language.text(key))
        self.context.changes.tell("holidays")
        self.table.refresh()

    def _listing(self) -> Listing:
        def fetch(request: PageRequest) -> RowsPage[HolidayRow]:
            rows = self._calendar.list_holidays()
            return page_of(rows, request, texts=("day", "name_en", "name_th"))

        return Listing(
            columns=(
                Column("day", "calendar.day", width=150, kind=CellKind.DATE, strong=True),
                Column("name_en", "calendar.name_en", width=300, stretch=True),
                Column("name_th", "calendar.name_th", width=300),
            ),
            fetch=fetch,
            title_key="calendar.holidays",
            row_key=lambda row: row.day.isoformat(),
            empty=EmptyText(
                "calendar.no_holidays", "calendar.no_holidays_sentence", icon="calendar-days"
            ),
            sort="day",
        )


class PeriodsPage(Page):
    """Everybody reads; two administrators open the next."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "calendar.periods", "calendar.periods_sentence")
        self.context = context
        self._calendar = Calendar(context.registry, context.actor)
        self.table = Table(context.desk, self._listing(), toolbar=False)
        self.open_next = ActButton(
            context.desk, "calendar.open_next", kind="primary", icon="calendar"
        )
        self.open_next.set_reason(reason_against_calendar(context.actor))
        self.open_next.asked.connect(self.open_opening)
        self.header.add_act(self.open_next)
        paper = Card(context.desk)
        paper.body.addWidget(self.table)
        self.body.addWidget(paper, 1)

    def enter(self, target: str = "") -> None:
        """Show the periods."""
        self.table.load()

    def refresh(self) -> None:
        """Fetch them again."""
        self.table.refresh()

    def open_opening(self) -> None:
        """Ask for the last day and the second administrator."""
        dialog = OpenPeriodDialog(self.context, self._calendar, self.window())
        dialog.opened.connect(self._opened)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _opened(self, period: PeriodRow) -> None:
        language = self.context.language
        self.message.say(
            Tone.LEAF,
            language.text(
                "calendar.opened",
                number=str(period.number),
                first=period.first_day,
                last=period.last_day,
            ),
        )
        self.context.changes.tell("periods", "accounts")
        self.table.refresh()

    def _listing(self) -> Listing:
        def fetch(request: PageRequest) -> RowsPage[PeriodLine]:
            return page_of(self._calendar.list_periods(), request)

        return Listing(
            columns=(
                Column(
                    "number",
                    "calendar.number",
                    width=120,
                    strong=True,
                    sortable=False,
                    value=lambda row: str(row.number),
                ),
                Column("first_day", "calendar.first_day", width=180, kind=CellKind.DATE),
                Column(
                    "last_day", "calendar.last_day", width=180, stretch=True, kind=CellKind.DATE
                ),
                Column("tense", "rules.state", width=120, kind=CellKind.CHIP, chips=_TENSES),
            ),
            fetch=fetch,
            title_key="calendar.periods",
            row_key=lambda row: str(row.number),
            empty=EmptyText("calendar.no_periods", "calendar.periods_sentence", icon="calendar"),
        )

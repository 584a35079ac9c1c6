"""Calibrations: what is due, overdue or in its days of grace, the references, and the wizard.

Owns the widgets; urgency is the service's, the wizard's steps are `app.views.calibration`'s.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.services.calibrating.doubt import find_open_doubt, mark_open_doubt
from app.services.calibrating.due import DueLine, Urgency, list_due
from app.services.calibration.evaluation import DoubtfulSpan
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.services.stations.listing import list_stations
from app.services.stations.standards import KeptStandard, list_standards
from app.services.stations.values import StationDetail
from app.views.calibration.add_reference import AddReferenceDialog
from app.views.calibration.wizard_view import WizardView
from app.views.components.act_button import ActButton
from app.views.components.cards import Card
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.table import Table
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.context import PageContext
from app.views.presenters.calibration.wizard import CalibrationWizard
from app.views.presenters.station_words import reason_against_station_acts
from app.views.theme.tokens import UNITS_TABLE_HEIGHT, Tone

_CHIPS = {
    Urgency.OVERDUE.value: ChipLook(Tone.RED, "calibration.urgency.overdue"),
    Urgency.IN_GRACE.value: ChipLook(Tone.AMBER, "calibration.urgency.in_grace"),
    Urgency.NEVER.value: ChipLook(Tone.AMBER, "calibration.urgency.never"),
    Urgency.DUE_SOON.value: ChipLook(Tone.BLUE, "calibration.urgency.due_soon"),
    Urgency.IN_TIME.value: ChipLook(Tone.LEAF, "calibration.urgency.in_time"),
    Urgency.NO_DATE.value: ChipLook(Tone.QUIET, "calibration.urgency.no_date"),
}
_DUE_COLUMNS = (
    Column("urgency", "calibration.board.urgency", width=130, kind=CellKind.CHIP, chips=_CHIPS),
    Column("station", "calibration.board.station", width=120, strong=True, sortable=False),
    Column("sensor", "calibration.board.sensor", width=120, sortable=False),
    Column("channel", "calibration.board.channel", width=100, sortable=False),
    Column("due_on", "calibration.board.due_on", width=120, kind=CellKind.DATE, sortable=False),
    Column("days_left", "calibration.board.days_left", width=90, sortable=False),
    Column("last_code", "calibration.board.last", width=180, stretch=True, sortable=False),
)
_STANDARD_COLUMNS = (
    Column(
        "identification",
        "calibration.columns.reference",
        width=150,
        strong=True,
        sortable=False,
        value=lambda row: row.material.identification,
    ),
    Column(
        "value",
        "calibration.columns.value",
        width=200,
        sortable=False,
        value=lambda row: (
            f"{row.material.value:g} ± {row.material.expanded:g} {row.material.unit} "
            f"(k = {row.material.factor:g})"
        ),
    ),
    Column(
        "certificate",
        "calibration.columns.certificate",
        width=160,
        stretch=True,
        sortable=False,
        value=lambda row: row.material.certificate,
    ),
    Column(
        "expires_on",
        "calibration.columns.expires",
        width=120,
        kind=CellKind.DATE,
        sortable=False,
        value=lambda row: row.material.expires_on,
    ),
)


class CalibrationsPage(Page):
    """The board and the references; the wizard takes their place while it stands."""

    shows = frozenset({"calibrations", "stations"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context.desk, "calibration.title", "calibration.sentence")
        self.context = context
        self.wizard: WizardView | None = None
        self._wanted: int | None = None
        self._doubted = ""
        desk = context.desk
        why = reason_against_station_acts(context.actor)
        self.add_reference = ActButton(desk, "calibration.add_reference", icon="plus")
        self.begin = ActButton(desk, "calibration.begin", kind="primary", icon="gauge")
        for act in (self.add_reference, self.begin):
            act.set_reason(why)
            self.header.add_act(act)
        self.add_reference.asked.connect(self._add_reference)
        self.begin.asked.connect(self._ask_wizard)
        self.due = Table(desk, self._listing(_DUE_COLUMNS, "board", self._due_rows))
        self.standards = Table(
            desk,
            self._listing(_STANDARD_COLUMNS, "references", self._standard_rows),
            toolbar=False,
        )
        self.due.selection_changed.connect(self._take_selection)
        self.mark = ActButton(desk, "calibration.mark_later", icon="triangle-alert")
        self.mark.set_reason("calibration.why.no_doubt")
        self.mark.asked.connect(self._ask_marking)
        self._board = QWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._board)
        self._build()

    def enter(self, target: str = "") -> None:
        """Show the board as it stands; a target is the id of a channel to calibrate."""
        self.refresh()
        if target.isdigit():
            self._wanted = int(target)
            self._ask_wizard()

    def refresh(self) -> None:
        """Fetch both lists again."""
        self.due.load()
        self.standards.load()

    def _build(self) -> None:
        column = QVBoxLayout(self._board)
        column.setContentsMargins(0, 0, 0, 0)
        board = Card(self.desk, "calibration.board.title", icon="bell-ring")
        board.body.addWidget(self.due)
        board.body.addWidget(self.mark)
        column.addWidget(board, 1)
        card = Card(self.desk, "calibration.references_title", icon="award")
        self.standards.setFixedHeight(UNITS_TABLE_HEIGHT)
        card.body.addWidget(self.standards)
        column.addWidget(card)
        self.body.addWidget(self._stack, 1)

    def _listing(
        self,
        columns: tuple[Column, ...],
        key: str,
        rows: Callable[[PageRequest], RowsPage[object]],
    ) -> Listing:
        return Listing(
            columns=columns,
            fetch=rows,
            title_key=f"calibration.{key}.title"
            if key == "board"
            else "calibration.references_title",
            row_key=lambda row: str(getattr(row, "channel_id", getattr(row, "id", ""))),
            empty=EmptyText(
                f"calibration.{key}.none", f"calibration.{key}.none_sentence", icon="gauge"
            ),
        )

    def _due_rows(self, _request: PageRequest) -> RowsPage[object]:
        return RowsPage(tuple(list_due(self.context.registry)))

    def _standard_rows(self, _request: PageRequest) -> RowsPage[object]:
        kept = list_standards(self.context.registry)
        return RowsPage(tuple(each for each in kept if not each.is_retired))

    def _take_selection(self, line: DueLine | None) -> None:
        self._wanted = None if line is None else line.channel_id
        self._doubted = ""
        self.mark.set_reason("calibration.why.no_doubt")
        registry, code = self.context.registry, line.last_code if line is not None else None
        if code is None:
            return
        self.desk.tasks.run(
            lambda: find_open_doubt(registry, code),
            on_done=lambda span: self._show_doubt(code, span),
            on_error=self.message.say_problem,
            latest_key="calibration-doubt",
            owner=self,
        )

    def _show_doubt(self, code: str, span: DoubtfulSpan | None) -> None:
        self._doubted = "" if span is None else code
        why = reason_against_station_acts(self.context.actor)
        self.mark.set_reason("calibration.why.no_doubt" if span is None else why)

    def _ask_marking(self) -> None:
        registry, actor, code = self.context.registry, self.context.actor, self._doubted
        texts = self.desk.language
        dialog = ReasonDialog(
            self.desk,
            title=f"{texts.text('calibration.mark_later')}: {code}",
            sentence=f"{texts.text('calibration.doubt_sentence')} "
            f"{texts.text('calibration.doubt.mark_sentence')}.",
            act_key="calibration.mark_later",
            work=lambda note: mark_open_doubt(registry, actor, code, note=note),
            done=self._marked,
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _marked(self) -> None:
        self._doubted = ""
        self.mark.set_reason("calibration.why.no_doubt")
        self.message.say(Tone.TEAK, self.desk.language.text("calibration.marked_later"))
        self.desk.changes.tell("readings", "stations")

    def _add_reference(self) -> None:
        dialog = AddReferenceDialog(self.context, self)
        dialog.kept.connect(self.standards.load)
        dialog.open()

    def _ask_wizard(self) -> None:
        registry = self.context.registry
        if self.wizard is not None:
            return
        self.desk.tasks.run(
            lambda: (list_stations(registry), list_standards(registry)),
            on_done=lambda read: self._show_wizard(*read),
            on_error=self.message.say_problem,
            owner=self,
        )

    def _show_wizard(
        self, stations: tuple[StationDetail, ...], standards: tuple[KeptStandard, ...]
    ) -> None:
        if self.wizard is not None:
            return
        made = CalibrationWizard(stations, standards, today=self.context.registry.today())
        if self._wanted is not None and any(each.id == self._wanted for each in made.benches):
            made.choose_bench(self._wanted)
        self.wizard = WizardView(self.context, made)
        self.wizard.ended.connect(self._end_wizard)
        self._stack.addWidget(self.wizard)
        self._stack.setCurrentWidget(self.wizard)
        self.header.hide()

    def _end_wizard(self) -> None:
        wizard, self.wizard = self.wizard, None
        if wizard is not None:
            self._stack.removeWidget(wizard)
            wizard.deleteLater()
        self.header.show()
        self.refresh()

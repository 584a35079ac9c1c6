"""Calibrations: what is due, overdue or in its days of grace, the references, and the wizard.

Owns the widgets; urgency is the service's, the wizard's steps are `app.views.calibration`'s.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.calibrating.doubt import mark_open_doubt
from app.services.calibrating.doubt_left import (
    DoubtStanding,
    leave_doubt,
    read_doubt,
    tell_doubt,
)
from app.services.calibrating.due import DueLine, Urgency, list_due
from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.services.stations.listing import list_stations
from app.services.stations.standards import list_standards
from app.views.calibration.add_reference import AddReferenceDialog
from app.views.calibration.certificate_panel import CertificatePanel
from app.views.calibration.resume_dialog import Begun, ResumeDialog
from app.views.calibration.wizard_view import WizardView
from app.views.components.act_button import ActButton
from app.views.components.cards import Card
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.labels import wrapped_label
from app.views.components.listing import EmptyText, Listing
from app.views.components.page import Page
from app.views.components.table import Table
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.context import PageContext
from app.views.presenters.calibration.draft import FORM, Unfinished, read_drafts, take_up
from app.views.presenters.calibration.wizard import CalibrationWizard
from app.views.presenters.calibration.words import spoken
from app.views.presenters.station_words import reason_against_station_acts
from app.views.theme.tokens import GAP_M, UNITS_TABLE_HEIGHT, Tone

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
    Column("certificate_number", "calibration.board.certificate", width=180, sortable=False),
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

    shows = frozenset({"calibrations", "certificates", "stations"})

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
        self.certificate = CertificatePanel(context, self.message)
        self.due.selection_changed.connect(self._take_selection)
        self.doubt = wrapped_label("muted")
        self.leave = ActButton(desk, "calibration.leave_later")
        self.mark = ActButton(desk, "calibration.mark_later", icon="triangle-alert")
        self.leave.asked.connect(self._ask_leaving)
        self.mark.asked.connect(self._ask_marking)
        self._show_doubt("", None)
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

    def put_down(self) -> None:
        """Keep what the wizard took, and free the port."""
        if self.wizard is not None:
            self.wizard.put_down()

    def refresh(self) -> None:
        """Fetch both lists again."""
        self.due.load()
        self.standards.load()
        self.certificate.refresh()

    def _build(self) -> None:
        column = QVBoxLayout(self._board)
        column.setContentsMargins(0, 0, 0, 0)
        board = Card(self.desk, "calibration.board.title", icon="bell-ring")
        board.body.addWidget(self.due)
        board.body.addWidget(self.certificate)
        board.body.addWidget(self.doubt)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addStretch()
        acts.addWidget(self.leave)
        acts.addWidget(self.mark)
        board.body.addLayout(acts)
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
        self.certificate.show_calibration(None if line is None else line.last_reference)
        self._show_doubt("", None)
        registry, code = self.context.registry, line.last_reference if line is not None else None
        if code is None:
            return
        self.desk.tasks.run(
            lambda: read_doubt(registry, code),
            on_done=lambda standing: self._show_doubt(code, standing),
            on_error=self.message.say_problem,
            latest_key="calibration-doubt",
            owner=self,
        )

    def _show_doubt(self, code: str, standing: DoubtStanding | None) -> None:
        """Say how the doubt of the chosen calibration stands, and what may be done about it."""
        texts = self.desk.language
        told = () if standing is None else tell_doubt(standing)
        lines = [spoken(texts, *each) for each in told]
        if standing is not None and standing.is_open:
            lines.append(texts.text("calibration.doubt_open", code=code))
        self.doubt.setText("\n".join(lines))
        self.doubt.setVisible(bool(lines))
        self._doubted = code
        why = reason_against_station_acts(self.context.actor)
        has_data = standing is not None and standing.unmarked is not None
        is_open = standing is not None and standing.is_open
        self.mark.set_reason(why if has_data else "calibration.why.no_doubt")
        self.leave.set_reason(why if is_open else "calibration.why.no_doubt")
        self.leave.setVisible(is_open)

    def _ask_marking(self) -> None:
        registry, actor, code = self.context.registry, self.context.actor, self._doubted
        self._ask_reason(
            "mark",
            code,
            work=lambda note: mark_open_doubt(registry, actor, code, note=note),
        )

    def _ask_leaving(self) -> None:
        registry, actor, code = self.context.registry, self.context.actor, self._doubted
        self._ask_reason(
            "leave",
            code,
            work=lambda reason: leave_doubt(registry, actor, code, reason=reason),
        )

    def _ask_reason(self, act: str, code: str, *, work: Callable[[str], object]) -> None:
        texts = self.desk.language
        dialog = ReasonDialog(
            self.desk,
            title=f"{texts.text(f'calibration.{act}_later')}: {code}",
            sentence=f"{texts.text('calibration.doubt_sentence')} "
            f"{texts.text(f'calibration.doubt.{act}_sentence')}.",
            act_key=f"calibration.{act}_later",
            work=work,
            done=lambda: self._doubt_answered(act),
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _doubt_answered(self, act: str) -> None:
        self._show_doubt("", None)
        key = "calibration.marked_later" if act == "mark" else "calibration.left_later"
        self.message.say(Tone.TEAK, self.desk.language.text(key))
        self.desk.changes.tell("readings", "stations")
        self._take_selection(self.due.current_row())

    def _add_reference(self) -> None:
        dialog = AddReferenceDialog(self.context, self)
        dialog.kept.connect(self.standards.load)
        dialog.open()

    def _ask_wizard(self) -> None:
        registry, drafts = self.context.registry, self.context.drafts
        if self.wizard is not None:
            return

        def read() -> Begun:
            wizard = CalibrationWizard(
                list_stations(registry), list_standards(registry), today=registry.today()
            )
            due = {each.channel_id: each for each in list_due(registry)}
            return Begun(wizard, read_drafts(drafts.list_kept(FORM), wizard), due)

        self.desk.tasks.run(
            read,
            on_done=self._offer_wizard,
            on_error=self.message.say_problem,
            latest_key="calibration-wizard",
            owner=self,
        )

    def _offer_wizard(self, begun: Begun) -> None:
        """Begin, or ask first where a calibration was begun and not finished."""
        if self.wizard is not None:
            return
        if not begun.unfinished:
            self._begin_wizard(begun.wizard)
            return
        dialog = ResumeDialog(self.context, begun, self)
        dialog.resumed.connect(lambda chosen: self._resume_wizard(begun.wizard, chosen))
        dialog.begun_anew.connect(lambda: self._begin_wizard(begun.wizard))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _begin_wizard(self, made: CalibrationWizard) -> None:
        if self._wanted is not None and any(each.id == self._wanted for each in made.benches):
            made.choose_bench(self._wanted)
        self._show_wizard(WizardView(self.context, made))

    def _resume_wizard(self, made: CalibrationWizard, chosen: Unfinished) -> None:
        take_up(made, chosen)
        self._show_wizard(WizardView(self.context, made, form=chosen.form))

    def _show_wizard(self, view: WizardView) -> None:
        self.message.clear()
        self.wizard = view
        view.ended.connect(self._end_wizard)
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        self.header.hide()

    def _end_wizard(self) -> None:
        wizard, self.wizard = self.wizard, None
        if wizard is not None:
            if wizard.keeper.has_kept:
                self.message.say(Tone.TEAK, self.desk.language.text("calibration.draft.kept"))
            self._stack.removeWidget(wizard)
            wizard.deleteLater()
        self.header.show()
        self.refresh()

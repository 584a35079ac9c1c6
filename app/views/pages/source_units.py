"""Source units: what was registered from other schemes' records, and what became of it.

Owns the widgets; registering is the dialog's, converting the neighbouring part's.
"""

from __future__ import annotations

from collections.abc import Callable

from app.services.conversions.listing import SourceUnitRow
from app.services.conversions.sources import SourceReport
from app.services.listings.page import Page, PageRequest
from app.views.components.act_button import ActButton
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.detail_pane import Detail
from app.views.components.labels import role_label
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.components.serial_list import SerialLine, SerialList
from app.views.dialogs.pick_sources import SOURCE_COLUMNS
from app.views.dialogs.register_record import RegisterRecordDialog
from app.views.pages.context import PageContext
from app.views.pages.document_buttons import DocumentButtons
from app.views.pages.listing_page import ListingPage
from app.views.presenters.conversion import (
    SourceShown,
    SourceUnits,
    reason_against_registering,
)
from app.views.theme.tokens import Tone

STATE_LOOKS = {
    "registered": ChipLook(Tone.BLUE, "conversions.states.registered"),
    "pending": ChipLook(Tone.AMBER, "conversions.states.pending"),
    "converted": ChipLook(Tone.LEAF, "conversions.states.converted"),
}


class SourceUnitsPage(ListingPage):
    """Everybody reads; officers register. `convert` takes serials to the form."""

    def __init__(self, context: PageContext, convert: Callable[[str], None]) -> None:
        self._sources = SourceUnits(context.registry, context.actor)
        super().__init__(
            context, "conversions.sources_title", "conversions.sources_sentence", self._make()
        )
        desk = context.desk
        self._rows: dict[str, SourceUnitRow] = {}
        self.register = ActButton(desk, "conversions.register_record", kind="primary", icon="plus")
        self.register.set_reason(reason_against_registering(context.actor))
        self.register.asked.connect(self.open_registering)
        self.header.add_act(self.register)
        self.documents = DocumentButtons(context, self.message)
        self.reissued = SerialList(desk, "conversions.reissued_as")
        title = role_label("label")
        context.language.keep(title, title.setText, "conversions.evidence")
        for widget in (title, self.documents, self.reissued):
            self.pane.extra.addWidget(widget)
        self.convert = ActButton(
            desk, "conversions.convert_these", kind="primary", icon="refresh-cw"
        )
        self.convert.asked.connect(lambda: convert(self._chosen_serials()))
        self.open_conversion = ActButton(desk, "conversions.open_conversion", icon="users")
        self.open_conversion.asked.connect(
            lambda: context.open_page("committee", self._shown_conversion())
        )
        for act in (self.convert, self.open_conversion):
            self.pane.acts.addWidget(act)
        self.table.begin_asked.connect(self.open_registering)

    def open_registering(self) -> None:
        """Ask for a record and its attestation."""
        if reason_against_registering(self.context.actor):
            return
        dialog = RegisterRecordDialog(self.context, self._sources, self.window())
        dialog.registered.connect(self._registered)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def read_detail(self, key: str) -> SourceShown:
        return self._sources.read(self._rows[key])

    def show_detail(self, detail: SourceShown) -> None:
        row, language = detail.row, self.context.language
        look = STATE_LOOKS[row.state]
        known = ("serial", "quantity", "project", "host_country", "unit_type")
        more = "\n".join(f"{k}: {v}" for k, v in row.attributes.items() if k not in known)
        lines = (
            ("acts.units", f"{language.quantity(row.quantity)} {row.unit_type}"),
            ("conversions.country", row.host_country),
            ("conversions.source_project", row.project),
            ("conversions.record_says", more),
            ("conversions.registered_by", row.registered_by),
            ("conversions.conversion", row.conversion or ""),
        )
        self.pane.show_details(
            row.serial,
            [Detail(key, value) for key, value in lines if value],
            chip=language.text(look.text_key),
            tone=look.tone,
        )
        self.documents.show_documents(detail.documents)
        self.reissued.setVisible(bool(detail.reissued))
        self.reissued.show_lines(
            [SerialLine(each.domestic, each.quantity, each.transaction) for each in detail.reissued]
        )
        self.convert.setVisible(row.state == "registered")
        self.open_conversion.setVisible(row.conversion is not None)

    def _shown_conversion(self) -> str:
        row = self._rows.get(self._key)
        return "" if row is None else row.conversion or ""

    def _chosen_serials(self) -> str:
        chosen = [row.serial for row in self.table.selected_rows() if row.state == "registered"]
        return "\n".join(chosen)

    def _registered(self, report: SourceReport) -> None:
        language = self.context.language
        refused = len(report.rejected)
        self.message.say(
            Tone.AMBER if refused else Tone.LEAF,
            language.text("conversions.registered", ranges=report.registered, units=report.units),
            "\n".join(
                language.text(
                    "conversions.refused_row",
                    row=each.row,
                    reason=each.reason_th if language.code == "th" else each.reason,
                    code=each.code,
                )
                for each in report.rejected
            ),
        )
        self.context.changes.tell("sources")
        self.table.refresh()

    def _make(self) -> Listing:
        def fetch(request: PageRequest) -> Page[SourceUnitRow]:
            page = self._sources.list_rows(request)
            self._rows.update({str(row.id): row for row in page.rows})
            return page

        return Listing(
            columns=(
                *SOURCE_COLUMNS,
                Column(
                    "state",
                    "conversions.state",
                    width=130,
                    kind=CellKind.CHIP,
                    chips=STATE_LOOKS,
                    sortable=False,
                ),
                Column("registered_by", "conversions.registered_by", width=110, hidden=True),
            ),
            fetch=fetch,
            title_key="conversions.sources_title",
            row_key=lambda row: str(row.id),
            empty=EmptyText(
                "conversions.none",
                "conversions.none_sentence",
                "" if reason_against_registering(self._sources.actor) else "conversions.begin",
                "refresh-cw",
            ),
            filters=(
                Filter(
                    "state",
                    "conversions.state",
                    tuple((state, look.text_key) for state, look in STATE_LOOKS.items()),
                ),
            ),
            sort="serial",
        )

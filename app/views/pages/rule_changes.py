"""Changes of the rule tables: those that await a word, and what became of the others.

Owns the widgets; who may decide is the presenter's.
"""

from __future__ import annotations

from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.services.listings.rule_changes import RuleChangeRow
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.detail_pane import Detail
from app.views.components.labels import text_button
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.language import Language
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.presenters.kept_rows import page_of
from app.views.presenters.rules import ChangeAct, RuleTables, kind_name, write_value
from app.views.theme.tokens import Tone

_LOOKS = {
    "proposed": ChipLook(Tone.AMBER, "rules.states.proposed"),
    "approved": ChipLook(Tone.LEAF, "rules.states.approved"),
    "rejected": ChipLook(Tone.RED, "rules.states.rejected"),
    "withdrawn": ChipLook(Tone.QUIET, "rules.states.withdrawn"),
}
_KINDS_OF_BUTTON = {
    ChangeAct.APPROVE: "primary",
    ChangeAct.REJECT: "danger",
    ChangeAct.WITHDRAW: "secondary",
}


class RuleChangesPage(ListingPage):
    """Approvers decide on what others proposed; proposers withdraw."""

    def __init__(self, context: PageContext) -> None:
        self._tables = RuleTables(context.registry, context.actor)
        super().__init__(
            context, "rules.changes_title", "rules.changes_sentence", self._make(context.language)
        )
        self.acts = {
            act: text_button(context.desk, f"rules.{act.value}", kind=kind)
            for act, kind in _KINDS_OF_BUTTON.items()
        }
        for act, button in self.acts.items():
            button.clicked.connect(lambda _on=False, each=act: self._ask(each))
            self.pane.acts.addWidget(button)

    def read_detail(self, key: str) -> RuleChangeRow:
        return next(each for each in self._tables.list_changes() if f"R{each.id}" == key)

    def show_detail(self, detail: RuleChangeRow) -> None:
        row, language = detail, self.context.language
        look = _LOOKS[row.status]
        lines = (
            ("rules.value", write_value(str(row.kind), row.value)),
            ("rules.from", language.day(row.valid_from)),
            ("rules.until", language.day(row.valid_to)),
            ("transfer.reason", row.reason),
            ("rules.proposed_by", row.proposed_by),
            ("rules.decided_by", row.decided_by),
            ("rules.comment", row.comment),
        )
        self.pane.show_details(
            f"R{row.id} · {kind_name(str(row.kind), language.code)} · {row.unit_type}",
            [Detail(key, value) for key, value in lines if value],
            chip=language.text(look.text_key),
            tone=look.tone,
        )
        offered = self._tables.acts(row)
        for act, button in self.acts.items():
            button.setVisible(act in offered)

    def _ask(self, act: ChangeAct) -> None:
        row: RuleChangeRow = self._detail
        language = self.context.language
        dialog = ReasonDialog(
            self.context.desk,
            title=language.text(f"rules.{act.value}_title", change=f"R{row.id}"),
            sentence=language.text(f"rules.{act.value}_sentence", day=row.valid_from),
            act_key=f"rules.{act.value}",
            work=lambda comment: self._tables.carry_out(row.id, act, comment),
            done=lambda: self._done(row, act),
            is_grave=act is ChangeAct.REJECT,
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _done(self, row: RuleChangeRow, act: ChangeAct) -> None:
        language = self.context.language
        self.message.say(Tone.LEAF, language.text(f"rules.{act.value}_done", change=f"R{row.id}"))
        self.context.changes.tell("rules")
        self.refresh()

    def _make(self, language: Language) -> Listing:
        def fetch(request: PageRequest) -> RowsPage[RuleChangeRow]:
            return page_of(
                self._tables.list_changes(), request, texts=("kind", "unit_type", "reason")
            )

        return Listing(
            columns=(
                Column("id", "rules.change", width=70, strong=True, value=lambda row: f"R{row.id}"),
                Column(
                    "kind",
                    "rules.kind",
                    width=150,
                    stretch=True,
                    value=lambda row: kind_name(str(row.kind), language.code),
                ),
                Column("unit_type", "acts.unit_type", width=70),
                Column(
                    "value",
                    "rules.value",
                    width=100,
                    right=True,
                    value=lambda row: write_value(str(row.kind), row.value),
                ),
                Column("valid_from", "rules.from", width=110, kind=CellKind.DATE),
                Column("proposed_by", "rules.proposed_by", width=96),
                Column("status", "rules.state", width=110, kind=CellKind.CHIP, chips=_LOOKS),
            ),
            fetch=fetch,
            title_key="rules.changes_title",
            row_key=lambda row: f"R{row.id}",
            empty=EmptyText("rules.no_changes", "rules.no_changes_sentence", icon="settings"),
            filters=(
                Filter(
                    "status",
                    "rules.state",
                    tuple((state, look.text_key) for state, look in _LOOKS.items()),
                ),
            ),
        )

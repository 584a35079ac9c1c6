"""Transactions: the list, and of each its whole history, its blocks and its place in the log.

Owns the widgets; deciding on a transaction is the inbox's, importing the dialog's.
"""

from __future__ import annotations

from app.services.listings.transaction_checks import Finding
from app.services.listings.transaction_detail import StatusStep, TransactionDetail
from app.services.listings.transactions import MovedBlock, TransactionRow, list_transactions
from app.views.components.act_button import ActButton
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.detail_pane import Detail
from app.views.components.labels import role_label
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.components.serial_list import SerialLine, SerialList
from app.views.components.timeline import Timeline, TimelineEntry
from app.views.dialogs.import_export import ImportDialog
from app.views.dialogs.rollback import RollbackDialog
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.pages.transaction_checks import TransactionChecks
from app.views.pages.transaction_evidence import TransactionEvidencePart
from app.views.presenters.transaction_reading import (
    TransactionShown,
    count_findings,
    may_be_undone,
    read_transaction,
)
from app.views.presenters.transaction_words import (
    act_title_key,
    has_certificate,
    is_pending,
    is_text_key,
    reason_against_certificate,
    reason_against_import,
    request_lines,
)
from app.views.theme.tokens import Tone

STATUS_LOOKS = {
    "proposed": ChipLook(Tone.AMBER, "transactions.status.proposed"),
    "checked": ChipLook(Tone.BLUE, "transactions.status.checked"),
    "awaiting approval": ChipLook(Tone.AMBER, "transactions.status.awaiting_approval"),
    "awaiting committee": ChipLook(Tone.AMBER, "transactions.status.awaiting_committee"),
    "completed": ChipLook(Tone.LEAF, "transactions.status.completed"),
    "terminated": ChipLook(Tone.RED, "transactions.status.terminated"),
    "rejected": ChipLook(Tone.RED, "transactions.status.rejected"),
    "cancelled": ChipLook(Tone.QUIET, "transactions.status.withdrawn"),
}
TYPE_LOOKS = {
    name: ChipLook(tone, f"transactions.types.{name}")
    for name, tone in (
        ("issuance", Tone.LEAF),
        ("transfer", Tone.BLUE),
        ("cancellation", Tone.TEAK),
        ("conversion", Tone.LEAF),
        ("external-transfer", Tone.BLUE),
        ("retirement", Tone.TEAK),
        ("replacement", Tone.TEAK),
        ("carry-over", Tone.QUIET),
        ("expiry-change", Tone.QUIET),
        ("acquisition", Tone.BLUE),
        ("rollback", Tone.AMBER),
        ("corrective-transfer", Tone.AMBER),
        ("closure-transfer", Tone.QUIET),
        ("buffer-deposit", Tone.BLUE),
        ("buffer-hold", Tone.BLUE),
        ("buffer-return", Tone.BLUE),
        ("buffer-release", Tone.BLUE),
        ("buffer-cancellation", Tone.TEAK),
        ("buffer-compensation", Tone.TEAK),
    )
}
"""By the kind of an act; those of a type to itself are called after it."""
_SHOWN_BLOCKS = 40
_COLUMNS = (
    Column("id", "transactions.id", width=148, hideable=False, second="proposed_at"),
    Column("kind", "transactions.type", width=132, kind=CellKind.CHIP, chips=TYPE_LOOKS),
    Column(
        "from_account",
        "transactions.from",
        width=120,
        stretch=True,
        value=lambda row: row.from_name or "–",
        second="from_account",
    ),
    Column(
        "to_account",
        "transactions.to",
        width=120,
        stretch=True,
        value=lambda row: row.to_name,
        second="to_account",
    ),
    Column(
        "quantity",
        "transactions.quantity",
        width=80,
        kind=CellKind.QUANTITY,
        second="unit_type",
    ),
    Column("unit_type", "transactions.unit_type", width=60, hidden=True),
    Column(
        "status", "transactions.status_title", width=138, kind=CellKind.CHIP, chips=STATUS_LOOKS
    ),
    Column(
        "proposed_at",
        "transactions.proposed_at",
        width=150,
        kind=CellKind.DATETIME,
        hidden=True,
    ),
    Column("proposed_by", "transactions.proposed_by", width=100, hidden=True),
    Column(
        "completed_at",
        "transactions.completed_at",
        width=150,
        kind=CellKind.DATETIME,
        hidden=True,
    ),
)


class TransactionsPage(ListingPage):
    """Everybody reads; officers import exports of other registries."""

    shows = frozenset({"transactions", "certificates"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "transactions.title", "transactions.sentence", _listing(context))
        desk = context.desk
        self.importing = ActButton(desk, "transactions.import", icon="upload")
        self.importing.set_reason(reason_against_import(context.actor))
        self.importing.asked.connect(self._open_import)
        self.header.add_act(self.importing)
        self.blocks = SerialList(desk, "transactions.blocks")
        self.replaced = SerialList(desk, "transactions.replaced_units")
        self.history = Timeline(desk)
        title = role_label("label")
        context.language.keep(title, title.setText, "transactions.history")
        for widget in (title, self.history, self.blocks, self.replaced):
            self.pane.extra.addWidget(widget)
        self.checks = TransactionChecks(desk)
        self.evidence = TransactionEvidencePart(context)
        self.pane.add_tab("checks", "transactions.tab_checks", self.checks)
        self.pane.add_tab("evidence", "transactions.tab_evidence", self.evidence)
        self.certificate = ActButton(desk, "transactions.certificate", kind="primary", icon="award")
        self.certificate.asked.connect(lambda: context.open_page("certificates", self._key))
        self.decide = ActButton(desk, "transactions.open_inbox", icon="inbox")
        self.decide.asked.connect(lambda: context.open_page("inbox", self._key))
        self.undo = ActButton(desk, "transactions.undo", icon="undo-2")
        self.undo.asked.connect(self._open_rollback)
        self._undone = ""
        self.message.acted.connect(lambda: context.open_page("transactions", self._undone))
        for act in (self.certificate, self.decide, self.undo):
            self.pane.acts.addWidget(act)

    def read_detail(self, key: str) -> TransactionShown:
        return read_transaction(self.context.registry, key)

    def show_detail(self, detail: TransactionShown) -> None:
        language, row = self.context.language, detail.detail.transaction
        look = STATUS_LOOKS[row.status]
        title_key = act_title_key(detail.detail.act, TYPE_LOOKS[row.kind].text_key)
        type_word = language.text(title_key)
        self.pane.show_details(
            f"{row.id} · {type_word}",
            self._details(detail),
            chip=language.text(look.text_key),
            tone=look.tone,
        )
        self.history.show_entries([self._step(each) for each in reversed(detail.detail.history)])
        for blocks, widget in (
            (detail.detail.blocks, self.blocks),
            (detail.detail.replaced, self.replaced),
        ):
            widget.show_lines(
                [self._block(each) for each in blocks[:_SHOWN_BLOCKS]],
                more=len(blocks) > _SHOWN_BLOCKS,
            )
        self.checks.show_steps(detail.checks)
        self.evidence.show_transaction(detail)
        self.undo.setVisible(may_be_undone(detail.detail, self.context.actor))
        self.certificate.setVisible(has_certificate(detail.detail))
        self.certificate.set_reason(reason_against_certificate(detail.detail, self.context.actor))
        self.decide.setVisible(is_pending(detail.detail))

    def _details(self, shown: TransactionShown) -> list[Detail]:
        language, row = self.context.language, shown.detail.transaction
        lines: list[tuple[str, object]] = [
            ("transactions.quantity", f"{language.quantity(row.quantity)} {row.unit_type}"),
            ("transactions.from", _account(row.from_account, row.from_name)),
            ("transactions.to", _account(row.to_account, row.to_name)),
            ("transactions.effective_on", row.effective_on),
            ("transactions.rolled_back_by", row.rolled_back_by),
        ]
        for line in request_lines(shown.detail.act):
            value = language.text(str(line.value)) if is_text_key(line.value) else line.value
            if line.label_key == "transactions.document":
                value = _in_groups(str(value))
            lines.append((line.label_key, value))
        to_period = shown.detail.to_period
        lines += [
            ("transactions.to_period", "" if to_period is None else str(to_period)),
            ("transactions.checks", self._checks(shown)),
            ("transactions.log", self._log(shown.detail)),
            ("transactions.certificate_number", shown.detail.certificate),
        ]
        return [Detail(key, language.show(value)) for key, value in lines if value]

    def _checks(self, shown: TransactionShown) -> str:
        language, row = self.context.language, shown.detail.transaction
        if row.codes:
            codes = ", ".join(map(str, row.codes))
            return language.text("transactions.checks_failed", codes=codes)
        step = shown.last_checked
        if step is None:
            return language.text("transactions.checks_count_none")
        passed = count_findings(step, Finding.PASSED, Finding.NOTED)
        return language.text("transactions.checks_counted", passed=passed, count=len(step.checks))

    def _log(self, detail: TransactionDetail) -> str:
        if detail.log_entry is None:
            return self.context.language.text("transactions.not_in_log")
        return self.context.language.text(
            "transactions.in_log", entry=detail.log_entry, leaf=_in_groups(detail.leaf_hash or "")
        )

    def _step(self, step: StatusStep) -> TimelineEntry:
        look = STATUS_LOOKS[step.status]
        language = self.context.language
        codes = ", ".join(map(str, step.codes))
        said = language.text("transactions.codes", codes=codes) if codes else ""
        by = step.by_name.split("·")[0].strip()
        return TimelineEntry(
            step.at,
            f"{language.text(look.text_key)} · {_des_code(step)}",
            "\n".join(filter(None, (f"{step.by} ({by})", step.comment, said))),
            look.tone,
        )

    def _block(self, block: MovedBlock) -> SerialLine:
        language = self.context.language
        if block.role == "replaced":
            caption = language.text("transactions.replaced_role")
        elif block.role == "levy":
            caption = language.text("transactions.levy", account=block.to_account)
        elif block.from_account is None:
            caption = language.text("transactions.new_units", account=block.to_account)
        else:
            caption = f"{block.from_account} → {block.to_account}"
        return SerialLine(block.serial, block.quantity, caption)

    def _open_rollback(self) -> None:
        dialog = RollbackDialog(self.context, self._key, self.window())
        dialog.proposed.connect(self._say_rollback)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _say_rollback(self, identifier: str) -> None:
        language = self.context.language
        self._undone = identifier
        self.message.say(
            Tone.LEAF,
            language.text("acts.proposed", transaction=identifier),
            action=language.text("acts.open_transaction", transaction=identifier),
        )
        self.context.changes.tell("transactions", "holdings", "inbox")

    def _open_import(self) -> None:
        dialog = ImportDialog(self.context, self.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _account(number: str | None, name: str | None) -> str:
    return "\n".join(filter(None, (name, number)))


def _des_code(step: StatusStep) -> str:
    return str(step.status_code if step.stage_code is None else step.stage_code)


def _in_groups(digest: str) -> str:
    """Break a digest where a line may break."""
    return " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))


def _listing(context: PageContext) -> Listing:
    registry = context.registry

    def row_key(row: TransactionRow) -> str:
        return row.id

    return Listing(
        columns=_COLUMNS,
        fetch=lambda request: list_transactions(registry, request),
        title_key="transactions.title",
        row_key=row_key,
        empty=EmptyText("transactions.none", "transactions.none_sentence", icon="list-tree"),
        filters=(
            Filter(
                "type",
                "transactions.type",
                tuple((name, look.text_key) for name, look in TYPE_LOOKS.items()),
            ),
            Filter(
                "status",
                "transactions.status_title",
                tuple(
                    (word, STATUS_LOOKS[word].text_key)
                    for word in (
                        "awaiting approval",
                        "completed",
                        "rejected",
                        "terminated",
                        "cancelled",
                    )
                ),
            ),
        ),
        sort="id",
        descending=True,
    )

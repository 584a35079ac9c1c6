"""Accounts: the list, and of each its holder, holdings, blocks, papers and history.

Owns the widgets; what may be done with an account is the presenter's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from app.models.codes import AccountState
from app.services.accounts import change_account
from app.services.listings.account_detail import AccountDetail, get_account
from app.services.listings.accounts import list_accounts
from app.services.listings.blocks import BlockRow, list_blocks
from app.services.listings.own_units import OwnUnitsRow, list_own_units
from app.services.listings.page import PageRequest
from app.views.components.act_button import ActButton
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.detail_pane import Detail
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.components.serial_list import SerialLine, SerialList
from app.views.components.timeline import Timeline, TimelineEntry
from app.views.dialogs.propose_account import ProposeAccountDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.pages.trusted_accounts import TrustedAccounts
from app.views.presenters.account_acts import AccountAct, account_acts, reason_against_proposing
from app.views.presenters.trusted import TrustedForm, TrustedList
from app.views.theme.tokens import GAP_S, Tone

_BLOCKS_SHOWN = 12
_STATES = {
    "proposed": ChipLook(Tone.AMBER, "accounts.state.proposed"),
    "open": ChipLook(Tone.LEAF, "accounts.state.open"),
    "suspended": ChipLook(Tone.RED, "accounts.state.suspended"),
    "locked": ChipLook(Tone.AMBER, "accounts.state.locked"),
    "closed": ChipLook(Tone.QUIET, "accounts.state.closed"),
    "rejected": ChipLook(Tone.RED, "accounts.state.rejected"),
}
_TYPES = (
    "holding",
    "person-holding",
    "voluntary-cancellation",
    "mandatory-cancellation",
    "corrective-cancellation",
    "retirement",
    "buffer",
    "net-source-cancellation",
    "non-compliance-cancellation",
    "excess-issuance-cancellation",
    "replacement",
    "replacement-lcer-expiry",
    "replacement-lcer-reversal",
    "replacement-lcer-report",
    "reserve",
    "other-purpose",
    "sent-elsewhere",
)
_COLUMNS = (
    Column("number", "accounts.number", width=150, kind=CellKind.SERIAL, hideable=False),
    Column("name", "accounts.name", width=160, stretch=True, second="holder_th"),
    Column(
        "type",
        "accounts.type",
        width=150,
        kind=CellKind.CHIP,
        chips={name: ChipLook(Tone.QUIET, f"accounts.type_{name}") for name in _TYPES},
    ),
    Column("opened_on", "accounts.opened_on", width=116, kind=CellKind.DATE),
    Column("state", "accounts.state_title", width=96, kind=CellKind.CHIP, chips=_STATES),
)


@dataclass(frozen=True)
class _Shown:
    """What the pane shows: the account, its first blocks as they would leave it, and more."""

    detail: AccountDetail
    blocks: tuple[BlockRow, ...]
    more_blocks: bool
    own_units: tuple[OwnUnitsRow, ...]
    trusted: TrustedList


class AccountsPage(ListingPage):
    """Everybody reads; officers propose, approvers open, administrators change states."""

    shows = frozenset({"accounts", "holdings", "transactions"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "accounts.title", "accounts.sentence", _listing(context))
        self.propose = ActButton(context.desk, "accounts.propose", kind="primary", icon="plus")
        self.propose.set_reason(reason_against_proposing(context.actor))
        self.propose.asked.connect(self._open_proposal)
        self.header.add_act(self.propose)
        self.blocks = SerialList(context.desk, "accounts.blocks")
        self.history = Timeline(context.desk)
        history_title = role_label("label")
        context.language.keep(history_title, history_title.setText, "accounts.history")
        for widget in (self.blocks, history_title, self.history):
            self.pane.extra.addWidget(widget)
        self._trusted_form = TrustedForm(context.registry, context.actor)
        self.trusted = TrustedAccounts(context)
        self.trusted.changed.connect(lambda: context.changes.tell("accounts", "inbox"))
        self.pane.add_tab("trusted", "trusted.tab", self.trusted)
        self._buttons: list[QPushButton] = []
        self._reason = wrapped_label("label")
        self._button_row = QHBoxLayout()
        self._button_row.setSpacing(GAP_S)
        self.pane.acts.addWidget(self._reason)
        self.pane.acts.addLayout(self._button_row)
        self.table.begin_asked.connect(self._open_proposal)

    def read_detail(self, key: str) -> Any:
        registry = self.context.registry
        request = PageRequest(sort="fifo", filters={"account": key}, limit=_BLOCKS_SHOWN)
        blocks = list_blocks(registry, request)
        return _Shown(
            get_account(registry, key),
            blocks.rows,
            blocks.next is not None,
            list_own_units(registry, key),
            self._trusted_form.read(key),
        )

    def show_detail(self, detail: _Shown) -> None:
        account = detail.detail.account
        look = _STATES[account.state]
        self.pane.show_details(
            f"{account.number}\n{account.name}",
            self._details(detail.detail, detail.own_units),
            chip=self.context.language.text(look.text_key),
            tone=look.tone,
        )
        self.blocks.show_lines(
            [self._block_line(block) for block in detail.blocks], more=detail.more_blocks
        )
        self._show_history(detail.detail)
        self._show_acts(detail.detail)
        self.pane.set_tabs_shown(shown=not account.is_built_in)
        self.trusted.show_list(account, detail.trusted)

    def _details(self, detail: AccountDetail, own_units: tuple[OwnUnitsRow, ...]) -> list[Detail]:
        language, account = self.context.language, detail.account
        lines = [
            ("accounts.type", language.text(f"accounts.type_{account.type}")),
            ("accounts.holdings", self._holdings(detail)),
            ("accounts.own_units", "\n".join(map(self._own_units, own_units))),
        ]
        if detail.holder is not None:
            holder = detail.holder
            names = "\n".join(dict.fromkeys(filter(None, (holder.name_th, holder.name_en))))
            kind = language.text(f"accounts.kind.{holder.kind}")
            parts = filter(None, (kind, holder.country, holder.tax_id, holder.email))
            lines += [
                ("accounts.holder", f"{names}\n{' · '.join(parts)}"),
                (
                    "accounts.identity_check",
                    language.text(f"accounts.identity.{holder.identity_check}"),
                ),
            ]
            documents = "\n".join(
                f"{each.name} · {language.quantity(each.size_bytes)} B · {each.sha256[:16]}…"
                for each in holder.documents
            )
            lines.append(("accounts.documents", documents))
        people = "\n".join(
            f"{each.name} · {language.text(f'accounts.rights.{each.rights}')}\n{each.email}"
            for each in detail.representatives
        )
        lines.append(("accounts.representatives", people))
        return [Detail(key, value) for key, value in lines if value]

    def _holdings(self, detail: AccountDetail) -> str:
        language = self.context.language
        lines = [
            language.text(
                "accounts.holding_reserved" if row.reserved else "accounts.holding",
                quantity=row.quantity,
                unit_type=row.unit_type,
                reserved=row.reserved or 0,
            )
            for row in detail.holdings
        ]
        return "\n".join(lines) or language.text("accounts.holds_nothing")

    def _own_units(self, row: OwnUnitsRow) -> str:
        """Say what was issued and passed on, and what the rules of the period leave."""
        language = self.context.language
        said = language.text(
            "accounts.own_line",
            issued=row.issued,
            unit_type=row.unit_type,
            period=str(row.period),
            passed_on=row.passed_on,
        )
        limits = [
            language.text(key, limit=limit)
            for key, limit in (
                ("accounts.own_reserve", row.reserve),
                ("accounts.own_maximum", row.maximum),
                ("accounts.own_left", row.may_pass_on),
            )
            if limit is not None
        ]
        return " ".join((said, *(limits or [language.text("accounts.own_free")])))

    def _block_line(self, block: BlockRow) -> SerialLine:
        language = self.context.language
        parts = [f"{block.project} {block.project_name}"]
        if block.vintage is not None:
            parts.append(language.text("accounts.vintage", year=str(block.vintage)))
        if block.expiry is not None:
            parts.append(language.text("accounts.expires", day=block.expiry))
        if block.reserved_by is not None:
            parts.append(language.text("accounts.reserved_by", transaction=block.reserved_by))
        return SerialLine(block.serial, block.quantity, " · ".join(parts))

    def _show_history(self, detail: AccountDetail) -> None:
        language = self.context.language
        self.history.show_entries(
            [
                TimelineEntry(
                    event.at,
                    language.text(_STATES[event.state].text_key),
                    " · ".join(filter(None, (event.by, event.reason))),
                    _STATES[event.state].tone,
                )
                for event in reversed(detail.history)
            ]
        )

    def _show_acts(self, detail: AccountDetail) -> None:
        for old in self._buttons:
            old.hide()
            old.deleteLater()
        acts = account_acts(detail.account, self.context.actor)
        self._buttons = [self._button(detail.account.number, act) for act in acts]
        reasons = dict.fromkeys(act.reason_key for act in acts if act.reason_key)
        self._reason.setText(" ".join(map(self.context.language.text, reasons)))
        self._reason.setVisible(bool(reasons))

    def _button(self, number: str, act: AccountAct) -> QPushButton:
        kind = "danger" if act.is_grave else "secondary"
        button = text_button(self.context.desk, act.short_key, kind=kind)
        button.setEnabled(not act.reason_key)
        button.clicked.connect(lambda: self._ask(number, act))
        self._button_row.addWidget(button)
        return button

    def _ask(self, number: str, act: AccountAct) -> None:
        language = self.context.language
        dialog = ReasonDialog(
            self.context.desk,
            title=f"{language.text(act.text_key)}: {number}",
            sentence=language.text(f"accounts.will.{act.state}"),
            act_key=act.text_key,
            work=lambda reason: self._change(number, act.state, reason),
            done=lambda: self._say_changed(number, act.state),
            is_grave=act.is_grave,
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _change(self, number: str, state: AccountState, reason: str) -> None:
        change_account(self.context.registry, self.context.actor, number, state, reason=reason)

    def _say_changed(self, number: str, state: AccountState) -> None:
        language = self.context.language
        word = language.text(_STATES[str(state)].text_key)
        self.message.say(Tone.LEAF, language.text("accounts.changed", number=number, state=word))
        self.context.changes.tell("accounts", "inbox")

    def _open_proposal(self) -> None:
        dialog = ProposeAccountDialog(self.context, self.window())
        dialog.proposed.connect(self._say_proposed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _say_proposed(self, number: str) -> None:
        language = self.context.language
        self.message.say(
            Tone.LEAF,
            language.text("accounts.was_proposed", number=number),
            language.text("accounts.was_proposed_sentence"),
        )
        self.context.changes.tell("accounts", "inbox")
        self.enter(number)


def _listing(context: PageContext) -> Listing:
    registry = context.registry
    return Listing(
        columns=_COLUMNS,
        fetch=lambda request: list_accounts(registry, request),
        title_key="accounts.title",
        row_key=lambda row: str(row.number),
        empty=EmptyText(
            "accounts.none", "accounts.none_sentence", "accounts.propose", icon="wallet"
        ),
        filters=(
            Filter(
                "kind",
                "accounts.kind_title",
                (("holder", "accounts.kind_holder"), ("built-in", "accounts.kind_built_in")),
            ),
            Filter(
                "state",
                "accounts.state_title",
                tuple((state, look.text_key) for state, look in _STATES.items()),
            ),
        ),
        sort="number",
    )

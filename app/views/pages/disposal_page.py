"""What all pages share by which units leave an account: its units, FIFO or picked.

Owns the fields by which units leave an account and the way to the block picker.
"""

from __future__ import annotations

from app.services.listings.choices import AccountChoice, HeldUnits
from app.views.components.fields import Field, FieldKind, Option
from app.views.components.form import FormPlan
from app.views.components.labels import icon_button
from app.views.pages.act_page import ActPage
from app.views.pages.block_picker import BlockPicker
from app.views.pages.context import PageContext
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.disposal import FIFO, PICK, DisposalForm, account_options

FROM = Field("from", "acts.from", FieldKind.CHOICE, placeholder_key="acts.account_hint")
UNITS = (
    Field("unit_type", "acts.unit_type", FieldKind.CHOICE, half=True),
    Field("quantity", "acts.quantity", FieldKind.QUANTITY, half=True),
    Field(
        "choice",
        "acts.blocks",
        FieldKind.SEGMENTS,
        options=(Option(FIFO, text_key="acts.fifo"), Option(PICK, text_key="acts.pick")),
        initial=FIFO,
    ),
    Field("blocks", "acts.picked", FieldKind.MULTILINE, placeholder_key="acts.picked_hint"),
)


class DisposalPage(ActPage):
    """A page by which units leave an account; a target is its number, or `key=value;…`."""

    def __init__(
        self,
        context: PageContext,
        presenter: DisposalForm,
        plan: FormPlan,
        *,
        title_key: str,
        sentence_key: str,
    ) -> None:
        self._disposal = presenter
        super().__init__(
            context,
            presenter,
            plan,
            title_key=title_key,
            sentence_key=sentence_key,
            waiting_key="acts.waiting_disposal",
        )
        self._accounts: tuple[AccountChoice, ...] = ()
        self._picking_asked = False
        self.pick_button = icon_button(context.desk, "acts.choose_blocks", "list-checks")
        self.pick_button.clicked.connect(self.open_picker)
        self.form.field("blocks").row.addWidget(self.pick_button)
        self.form.set_field_visible("blocks", visible=False)
        self.form.field("choice").edited.connect(self._choice_edited)

    def load_choices(self) -> None:
        """Fetch the accounts, and anew what the chosen one holds."""
        self._disposal.take_held("", ())
        self.context.tasks.run(
            self._disposal.list_accounts,
            on_done=self._take_accounts,
            latest_key=f"accounts:{id(self)}",
            owner=self,
        )

    def take_target(self, target: str) -> None:
        """Take units from the account another page named, or fill in fields as `key=value;…`."""
        if "=" not in target:
            self.form.set_values({"from": target})
            return
        pairs = (part.partition("=") for part in target.split(";"))
        self.form.set_values({key: value for key, _equals, value in pairs})

    def values_changed(self, values: dict[str, str]) -> None:
        """Ask what the account holds, and say how much of it is free."""
        self.form.set_field_visible("blocks", visible=values["choice"] == PICK)
        account = values["from"]
        if account != self._disposal.held_account:
            self._disposal.take_held(account, ())
            self.context.tasks.run(
                lambda: self._disposal.list_held(account),
                on_done=lambda held: self._take_held(account, held),
                latest_key=f"held:{id(self)}",
                owner=self,
            )
        self._show_free()

    def held_changed(self, values: dict[str, str]) -> None:
        """Follow what is known of the units the account holds."""

    def offer(self) -> None:
        """Write accounts and unit types in the language in force."""
        language = self.context.language
        self.offer_accounts()
        self.form.field("unit_type").set_options(self._disposal.unit_type_options(language.code))
        self._show_free()

    def open_picker(self) -> None:
        """Let the person pick blocks; what was picked goes into the form."""
        values = self.form.values()
        picker = BlockPicker(
            self.context,
            account=values["from"],
            unit_type=values["unit_type"],
            serials=values["blocks"].splitlines(),
            parent=self,
        )
        picker.taken.connect(self._take_picks)
        picker.open()

    def _take_picks(self, serials: tuple[str, ...], total: int) -> None:
        self.form.set_values({"blocks": "\n".join(serials), "quantity": str(total or "")})
        # Picks are the person's own doing: they are kept as a draft like what is typed.
        self.form.field("blocks").edited.emit()

    def _choice_edited(self) -> None:
        values = self.form.values()
        picks = values["choice"] == PICK
        self.form.set_field_visible("blocks", visible=picks)
        if picks and values["from"] and values["unit_type"]:
            self.open_picker()

    def _take_accounts(self, accounts: tuple[AccountChoice, ...]) -> None:
        self._accounts = accounts
        self.offer_accounts()
        self.values_changed(self.form.values())

    def offer_accounts(self) -> None:
        """Offer the accounts that units may leave and enter."""
        options = account_options(self._accounts)
        for key in ("from", "to"):
            if key in self.form.values():
                self.form.field(key).set_options(options)

    def _take_held(self, account: str, held: tuple[HeldUnits, ...]) -> None:
        self._disposal.take_held(account, held)
        options = self._disposal.unit_type_options(self.context.language.code)
        self.form.field("unit_type").set_options(options)
        self.fill({"unit_type": self._disposal.only_unit_type()})
        self.held_changed(self.form.values())
        self._show_free()

    def _show_free(self) -> None:
        values = self.form.values()
        free = self._disposal.free_units(values["unit_type"])
        self.form.field("quantity").set_suffix(say_phrase(free, self.context.language))
        self.pick_button.setEnabled(bool(values["from"] and values["unit_type"]))

"""The form by which a conversion is proposed to the committee.

Owns its fields and the list of evidence; everything else is the base's and the presenter's.
"""

from __future__ import annotations

from app.services.documents import StoredDocument
from app.views.components.fields import Field, FieldKind
from app.views.components.form import FormPlan
from app.views.components.labels import icon_button, role_label
from app.views.dialogs.pick_sources import PickSourcesDialog
from app.views.pages.act_page import ActPage
from app.views.pages.context import PageContext
from app.views.pages.document_buttons import DocumentButtons
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.conversion import ConversionChoices, ConversionForm, lines_of

_PLAN = FormPlan(
    name="conversion",
    title_key="conversions.what",
    act_key="conversions.propose",
    icon="refresh-cw",
    fields=(
        Field(
            "sources",
            "conversions.sources",
            FieldKind.MULTILINE,
            placeholder_key="acts.picked_hint",
            hint_key="conversions.sources_hint",
        ),
        Field("project", "conversions.project", FieldKind.CHOICE),
        Field("account", "issuance.account", FieldKind.CHOICE),
        Field("vintage", "issuance.vintage", FieldKind.QUANTITY, half=True),
    ),
)


class ConversionFormPage(ActPage):
    """A target is the serials of source units, one a line."""

    proposed_key = "conversions.proposed"

    def __init__(self, context: PageContext) -> None:
        self._conversion = ConversionForm(context.registry, context.actor)
        super().__init__(
            context,
            self._conversion,
            _PLAN,
            title_key="conversions.propose_title",
            sentence_key="conversions.propose_sentence",
            waiting_key="conversions.waiting",
        )
        self.pick = icon_button(context.desk, "conversions.pick", "list-checks")
        self.pick.clicked.connect(self.open_picker)
        self.form.field("sources").row.addWidget(self.pick)
        self._evidence_title = role_label("card-title")
        context.language.keep(
            self._evidence_title, self._evidence_title.setText, "conversions.evidence"
        )
        self._evidence_title.hide()
        self.documents = DocumentButtons(context, self.message)
        self.form.outcome.body.addWidget(self._evidence_title)
        self.form.outcome.body.addWidget(self.documents)
        self._evidence_of: tuple[str, ...] = ()

    def load_choices(self) -> None:
        """Fetch the source units that can be picked, and the projects."""
        self.context.tasks.run(
            self._conversion.list_choices,
            on_done=self._take_choices,
            latest_key=f"choices:{id(self)}",
            owner=self,
        )

    def take_target(self, target: str) -> None:
        """Convert the source units another part named."""
        self.form.set_values({"sources": target})

    def values_changed(self, values: dict[str, str]) -> None:
        """Follow the project with its accounts, the source units with their evidence."""
        self.form.field("account").set_options(self._conversion.account_options(values["project"]))
        serials = lines_of(values["sources"])
        self.fill(
            {
                "account": self._conversion.only_account(values["project"]),
                "vintage": self._conversion.vintage_of(serials),
            }
        )
        said = say_phrase(self._conversion.sum_said(serials), self.context.language)
        self.form.field("vintage").set_suffix(said)
        if serials != self._evidence_of:
            self._read_evidence(serials)

    def offer(self) -> None:
        """Write the choices in the language in force."""
        options = self._conversion.project_options(self.context.language.code)
        self.form.field("project").set_options(options)
        self.form.field("account").set_options(
            self._conversion.account_options(self.form.values()["project"])
        )

    def open_picker(self) -> None:
        """Let the person pick registered ranges."""
        dialog = PickSourcesDialog(self.context, self._conversion, self.window())
        dialog.taken.connect(self._take_picked)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_picked(self, serials: tuple[str, ...]) -> None:
        self.form.set_values({"sources": "\n".join(serials)})
        self.form.field("sources").edited.emit()

    def _take_choices(self, choices: ConversionChoices) -> None:
        self._conversion.take_choices(choices)
        self._evidence_of = ()
        self.offer()
        self._take_values(self.form.values())

    def _read_evidence(self, serials: tuple[str, ...]) -> None:
        self._evidence_of = serials
        self.context.tasks.run(
            lambda: self._conversion.evidence(serials),
            on_done=self._show_evidence,
            latest_key=f"evidence:{id(self)}",
            owner=self,
        )

    def _show_evidence(self, documents: tuple[StoredDocument, ...]) -> None:
        self._evidence_title.setVisible(bool(documents))
        self.documents.show_documents(documents)

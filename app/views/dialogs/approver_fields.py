"""The card by which another person agrees, on the spot, to what somebody does at the desk.

Owns entering user name, passphrase and one-time code; whether they are right is the service's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.models.codes import Role
from app.services.people.demo import DemoPerson, demo_people
from app.services.people.new_person import DEMO_PASSPHRASE
from app.views.components.cards import Card
from app.views.components.fields import Field, FieldKind
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import text_button, wrapped_label
from app.views.pages.context import PageContext
from app.views.presenters.registry_import import Credentials
from app.views.theme.tokens import GAP_M


class ApproverFields(Card):
    """In a demo registry a button fills in somebody of the role who is not at the desk."""

    def __init__(
        self,
        context: PageContext,
        *,
        role: Role = Role.APPROVER,
        title_key: str = "imports.agreement",
        sentence_key: str = "imports.agreement_sentence",
        fill_key: str = "imports.fill_demo",
    ) -> None:
        super().__init__(context.desk, title_key, icon="users")
        self._role = role
        self._context = context
        desk = context.desk
        sentence = wrapped_label("muted")
        context.language.keep(sentence, sentence.setText, sentence_key)
        self.body.addWidget(sentence)
        self.user = LabelledField(desk, Field("user", "sign_in.user"))
        self.passphrase = LabelledField(
            desk, Field("passphrase", "sign_in.passphrase", FieldKind.SECRET)
        )
        self.code = LabelledField(desk, Field("code", "sign_in.code"))
        row = QHBoxLayout()
        row.setSpacing(GAP_M)
        for field in (self.user, self.passphrase, self.code):
            row.addWidget(field, 1)
        self.body.addLayout(row)
        if context.registry.is_demo:
            fill = text_button(desk, fill_key, kind="quiet", icon="key-round")
            fill.clicked.connect(self._ask_demo)
            self.body.addWidget(fill)

    def credentials(self) -> Credentials:
        """Give what is entered."""
        return Credentials(
            self.user.entry.value(),
            self.passphrase.entry.value(),
            self.code.entry.value().replace(" ", ""),
        )

    def clear_secrets(self) -> None:
        """Forget passphrase and code."""
        self.passphrase.entry.set_value("")
        self.code.entry.set_value("")

    def _ask_demo(self) -> None:
        registry, role, own = self._context.registry, self._role, self._context.actor.user_name
        self._context.tasks.run(
            lambda: next(
                each
                for each in demo_people(registry)
                if each.role is role and each.user_name != own
            ),
            on_done=self._fill,
            owner=self,
        )

    def _fill(self, person: DemoPerson) -> None:
        self.user.entry.set_value(person.user_name)
        self.passphrase.entry.set_value(DEMO_PASSPHRASE)
        self.code.entry.set_value(person.code)

"""People: who signs in and as what, and what an administrator does for them.

Owns the widgets; what may be done for a person is the presenter's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout

from app.models.codes import PersonState, Role
from app.services.listings.people import list_people
from app.services.people.administration import reset_failures, revoke_person
from app.services.people.enrolment import EnrolledPerson
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.detail_pane import Detail
from app.views.components.labels import text_button, wrapped_label
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.dialogs.add_person import AddPersonDialog
from app.views.dialogs.enrolment import EnrolmentDialog
from app.views.dialogs.enrolment_again import EnrolAgainDialog
from app.views.dialogs.passphrase import PassphraseDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.pages.people_idle_lock import IdleLockCard
from app.views.presenters.people import (
    OfferedAct,
    PersonAct,
    ShownPerson,
    person_acts,
    read_person,
    reason_against_administering,
    reason_against_passphrases,
)
from app.views.theme.tokens import DETAIL_PANE_WIDTH, GAP_S, Tone

_STATES = {
    PersonState.ACTIVE: ChipLook(Tone.LEAF, "people.state.active"),
    PersonState.REVOKED: ChipLook(Tone.RED, "people.state.revoked"),
}
_ROLES = tuple((str(role), f"roles.{role}") for role in Role)
_COLUMNS = (
    Column("name", "people.name", width=200, stretch=True, hideable=False, second="email"),
    Column("user", "people.user_name", width=120, strong=True),
    Column(
        "role",
        "people.role",
        width=170,
        kind=CellKind.CHIP,
        chips={role: ChipLook(Tone.QUIET, key) for role, key in _ROLES},
    ),
    Column(
        "state",
        "people.state_title",
        width=100,
        kind=CellKind.CHIP,
        chips={str(state): look for state, look in _STATES.items()},
    ),
    Column("email", "people.email", width=220, hidden=True),
    Column("created_at", "people.added_on", width=120, kind=CellKind.DATE, hidden=True),
)


class PeoplePage(ListingPage):
    """Everybody reads and changes their own passphrase; administrators do the rest."""

    shows = frozenset({"people"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "people.title", "", _listing(context))
        self.pane.setFixedWidth(DETAIL_PANE_WIDTH)
        self.change_passphrase = text_button(
            context.desk, "people.change_my_passphrase", icon="key-round"
        )
        self.change_passphrase.clicked.connect(lambda: self._open_passphrase(""))
        self.add = text_button(context.desk, "people.add", kind="primary", icon="plus")
        self.add.clicked.connect(self._open_adding)
        self.header.add_act(self.change_passphrase)
        self.header.add_act(self.add)
        self.idle_lock = IdleLockCard(context, self.message)
        self.body.addWidget(self.idle_lock)
        self.acts: dict[PersonAct, QPushButton] = {}
        # They scroll with what they are about: in a low window there is no room for both.
        self._acts_column = QVBoxLayout()
        self._acts_column.setSpacing(GAP_S)
        self.pane.extra.addLayout(self._acts_column)
        context.language.changed.connect(self._show_reasons)
        self._show_reasons()

    def enter(self, target: str = "") -> None:
        """Show the people, in the pane the one named, and the idle lock in force."""
        super().enter(target)
        self.idle_lock.read()

    def _show_reasons(self) -> None:
        """Say below the title, where there is room for it, why an act is off."""
        context = self.context
        offered = (
            (self.add, reason_against_administering(context.actor)),
            (self.change_passphrase, reason_against_passphrases(context.registry)),
        )
        sentences = [context.language.text("people.sentence")]
        for button, reason_key in offered:
            reason = context.language.text(reason_key) if reason_key else ""
            _turn(button, reason)
            sentences.append(reason)
        title = context.language.text("people.title")
        self.header.show_words(title, " ".join(filter(None, sentences)))

    def read_detail(self, key: str) -> ShownPerson | None:
        return read_person(self.context.registry, key, self.context.actor)

    def show_detail(self, detail: ShownPerson | None) -> None:
        if detail is None:
            self.pane.clear()
            return
        row, language = detail.row, self.context.language
        look = _STATES[PersonState(row.state)]
        lines = (
            ("people.email", row.email),
            (
                "people.authenticator",
                "" if row.is_enrolled else language.text("people.not_enrolled"),
            ),
            ("people.failures", self._failures(detail)),
            ("people.added_on", language.moment(row.created_at)),
        )
        self.pane.show_details(
            f"{row.name}\n{row.user} · {language.text(f'roles.{row.role}')}",
            [Detail(key, value) for key, value in lines if value],
            chip=language.text(look.text_key),
            tone=look.tone,
        )
        self._show_acts(detail)

    def _failures(self, detail: ShownPerson) -> str:
        standing, language = detail.standing, self.context.language
        if standing.is_locked:
            return language.text("people.failures_locked", count=standing.failures)
        if standing.failures:
            return language.text("people.failures_count", count=standing.failures)
        return ""

    def _show_acts(self, detail: ShownPerson) -> None:
        while (item := self._acts_column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.acts = {}
        offered = person_acts(detail, self.context.actor, self.context.registry)
        for each in offered:
            self._add_act(detail.row.user, each)
        # One reason that stands against everything is said once.
        for reason in dict.fromkeys(each.reason_key for each in offered if each.reason_key):
            self._acts_column.addWidget(wrapped_label("label", self.context.language.text(reason)))

    def _add_act(self, user: str, offered: OfferedAct) -> None:
        language = self.context.language
        kind = "danger" if offered.act is PersonAct.REVOKE else "secondary"
        key = f"people.act.{offered.act}"
        button = text_button(self.context.desk, key, kind=kind)
        _turn(button, language.text(offered.reason_key) if offered.reason_key else "")
        button.clicked.connect(lambda: self._begin(user, offered.act))
        self._acts_column.addWidget(button)
        self.acts[offered.act] = button

    def _begin(self, user: str, act: PersonAct) -> None:
        if act is PersonAct.ENROL_AGAIN:
            dialog = EnrolAgainDialog(self.context, user, self.window())
            dialog.enrolled.connect(self._show_enrolment)
            self._open(dialog)
        elif act is PersonAct.RESET_FAILURES:
            self._reset_failures(user)
        elif act is PersonAct.RESET_PASSPHRASE:
            self._open_passphrase(user)
        else:
            self._open_revoking(user)

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_adding(self) -> None:
        dialog = AddPersonDialog(self.context, self.window())
        dialog.added.connect(self._show_added)
        self._open(dialog)

    def _show_added(self, enrolled: EnrolledPerson) -> None:
        self._say("people.was_added", user=enrolled.user)
        self.enter(enrolled.user)
        self._show_enrolment(enrolled)

    def _show_enrolment(self, enrolled: EnrolledPerson) -> None:
        clock = self.context.registry.now
        self._open(EnrolmentDialog(self.context.desk, enrolled, clock, self.window()))
        self.context.changes.tell("people")

    def _open_passphrase(self, user: str) -> None:
        dialog = PassphraseDialog(self.context, user, self.window())
        if user:
            dialog.changed.connect(lambda: self._say("people.passphrase_was_reset", user=user))
        else:
            dialog.changed.connect(lambda: self._say("people.passphrase_was_changed"))
        self._open(dialog)

    def _reset_failures(self, user: str) -> None:
        self.acts[PersonAct.RESET_FAILURES].setEnabled(False)
        registry, actor = self.context.registry, self.context.actor
        self.context.tasks.run(
            lambda: reset_failures(registry, actor, user),
            on_done=lambda _none: self._say("people.failures_were_reset", user=user),
            on_error=self.message.say_problem,
            on_finished=lambda: self.context.changes.tell("people"),
            owner=self,
        )

    def _open_revoking(self, user: str) -> None:
        language = self.context.language
        registry, actor = self.context.registry, self.context.actor
        dialog = ReasonDialog(
            self.context.desk,
            title=language.text("people.revoke_title", user=user),
            sentence=language.text("people.revoke_sentence"),
            act_key="people.act.revoke",
            work=lambda reason: revoke_person(registry, actor, user, reason=reason),
            done=lambda: self._tell_revoked(user),
            is_grave=True,
            parent=self.window(),
        )
        self._open(dialog)

    def _tell_revoked(self, user: str) -> None:
        self._say("people.was_revoked", user=user)
        self.context.changes.tell("people")

    def _say(self, key: str, **values: object) -> None:
        self.message.say(Tone.LEAF, self.context.language.text(key, **values))


def _turn(button: QPushButton, reason: str) -> None:
    """Turn an act off for a reason, or on when there is none."""
    button.setEnabled(not reason)
    button.setToolTip(reason)
    button.setAccessibleDescription(reason)


def _listing(context: PageContext) -> Listing:
    registry = context.registry
    return Listing(
        columns=_COLUMNS,
        fetch=lambda request: list_people(registry, request),
        title_key="people.title",
        row_key=lambda row: str(row.user),
        empty=EmptyText("people.none", "people.none_sentence", icon="users"),
        filters=(
            Filter("role", "people.role", _ROLES),
            Filter(
                "state",
                "people.state_title",
                tuple((str(state), look.text_key) for state, look in _STATES.items()),
            ),
        ),
        sort="id",
    )

"""What a person just enrolled is given, once: QR code, secret, recovery codes; then a check.

Owns showing it and closing only when the app was seen to work, or when one insists. Nothing
of it is kept, drafted or logged.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.people.enrolment import EnrolledPerson, code_is_current, secret_of
from app.services.registry.context import Clock
from app.views.components.cards import Card
from app.views.components.fields import Field
from app.views.components.labelled_field import LabelledField
from app.views.components.labels import IconLabel, role_label, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.text_fields import TextField
from app.views.desk import Desk
from app.views.dialogs.enrolment_codes import RecoveryCodesCard
from app.views.dialogs.enrolment_qr import QrCode
from app.views.presenters.people_enrolment import grouped, is_whole_code
from app.views.theme.tokens import ENROLMENT_DIALOG_SIZE, GAP_L, GAP_M, GAP_S, GAP_XL, Tone

_CODE = Field("code", "people.code_now", hint_key="people.code_now_hint")


class EnrolmentDialog(QDialog):
    """Stays until the code of the app was right, or until one closes it unchecked."""

    def __init__(
        self, desk: Desk, enrolled: EnrolledPerson, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._clock = clock
        self._enrolled = enrolled
        self._is_checked = False
        self.message = MessageBar(desk)
        self.message.acted.connect(lambda: self.done(QDialog.DialogCode.Rejected))
        self.codes = RecoveryCodesCard(
            desk, user=enrolled.user, codes=enrolled.recovery_codes, message=self.message
        )
        self.code = LabelledField(desk, _CODE)
        self.confirmed = role_label("strong", tone=Tone.LEAF)
        self.finish = text_button(desk, "people.finish_enrolment", kind="primary", icon="check")
        self.finish.setEnabled(False)
        self._build()
        self._connect()
        self.code.entry.setFocus()

    def reject(self) -> None:
        """Close when the app was checked; before that, ask once whether to go without."""
        if self._is_checked:
            super().reject()
            return
        language = self._desk.language
        self.message.say(
            Tone.AMBER,
            language.text("people.unchecked"),
            language.text("people.unchecked_sentence"),
            action=language.text("people.close_unchecked"),
        )

    def _build(self) -> None:
        language = self._desk.language
        user = self._enrolled.user
        language.keep(self, self.setWindowTitle, "people.enrolment_title", user=user)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_L)
        layout.addLayout(self._build_warning())
        layout.addWidget(self.message)
        columns = QHBoxLayout()
        columns.setSpacing(GAP_L)
        columns.addWidget(self._build_scan())
        right = QVBoxLayout()
        right.setSpacing(GAP_L)
        right.addWidget(self.codes, 1)
        right.addWidget(self._build_check())
        columns.addLayout(right, 1)
        layout.addLayout(columns, 1)
        self.resize(*ENROLMENT_DIALOG_SIZE)

    def _build_warning(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP_S)
        icon = IconLabel(self._desk, "triangle-alert", lambda palette: palette.amber)
        row.addWidget(icon, alignment=Qt.AlignmentFlag.AlignTop)
        words = wrapped_label("strong", tone=Tone.AMBER)
        self._desk.language.keep(
            words, words.setText, "people.shown_once", user=self._enrolled.user
        )
        row.addWidget(words, 1)
        return row

    def _build_scan(self) -> Card:
        desk, uri = self._desk, self._enrolled.enrolment_uri
        card = Card(desk, "people.scan_title", icon="qr-code")
        self.picture = QrCode(desk, uri, "people.qr_name")
        card.body.addWidget(self.picture, alignment=Qt.AlignmentFlag.AlignHCenter)
        head = QHBoxLayout()
        caption = role_label("label")
        desk.language.keep(caption, caption.setText, "people.secret")
        head.addWidget(caption, 1)
        self.copy_secret = text_button(desk, "common.copy", kind="quiet", icon="copy")
        self.copy_secret.clicked.connect(self._copy_secret)
        head.addWidget(self.copy_secret)
        card.body.addLayout(head)
        self.secret = wrapped_label("strong", grouped(secret_of(uri)))
        card.body.addWidget(self.secret)
        card.body.addStretch()
        return card

    def _build_check(self) -> Card:
        desk = self._desk
        card = Card(desk, "people.check_title", icon="shield-check")
        card.body.addWidget(self.code)
        row = QHBoxLayout()
        row.setSpacing(GAP_M)
        row.addWidget(self.confirmed, 1)
        row.addWidget(self.finish)
        card.body.addLayout(row)
        return card

    def _connect(self) -> None:
        self.code.entry.edited.connect(self._check)
        self.finish.clicked.connect(self.accept)
        if isinstance(self.code.entry, TextField):
            self.code.entry.line.returnPressed.connect(self._take_return)
        self._desk.language.changed.connect(self._show_confirmed)

    def _check(self) -> None:
        self.code.show_problem("")
        typed = self.code.entry.value()
        if self._is_checked or not is_whole_code(typed):
            return
        uri, clock = self._enrolled.enrolment_uri, self._clock
        self._desk.tasks.run(
            lambda: code_is_current(uri, typed, now=clock()),
            on_done=self._take_answer,
            latest_key="enrolment-check",
            owner=self,
        )

    def _take_answer(self, is_right: bool) -> None:
        if not is_right:
            self.code.show_problem(self._desk.language.text("people.code_not_right"))
            return
        self._is_checked = True
        self.message.clear()
        self.code.setEnabled(False)
        self.finish.setEnabled(True)
        self.finish.setFocus()
        self._show_confirmed()

    def _take_return(self) -> None:
        if self._is_checked:
            self.accept()
        else:
            self._check()

    def _show_confirmed(self) -> None:
        text = self._desk.language.text("people.app_works") if self._is_checked else ""
        self.confirmed.setText(text)

    def _copy_secret(self) -> None:
        QGuiApplication.clipboard().setText(secret_of(self._enrolled.enrolment_uri))
        language = self._desk.language
        self.message.say(Tone.LEAF, language.text("people.secret_copied"))

"""The certificate of the calibration chosen on the board: how it stands, issued, shown.

Owns its widgets. On a server the registry's worker signs it, which the panel says while it waits;
issuing and how a request stands are the service's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services.calibrating.certifying import (
    IssuedCalibrationCertificate,
    issue_calibration_certificate,
    read_certificate_document,
)
from app.services.calibrating.requesting import CertificateState, read_certificate_state
from app.services.documents import StoredDocument
from app.views.components.act_button import ActButton
from app.views.components.labels import text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.dialogs.document_viewer import DocumentViewer
from app.views.pages.context import PageContext
from app.views.presenters.calibration.certificate_words import certificate_words
from app.views.presenters.station_words import reason_against_station_acts
from app.views.tasks import Lane
from app.views.theme.tokens import GAP_M, Tone


class CertificatePanel(QWidget):
    """`show_calibration` names one, None for none; what fails is said in the page's bar."""

    def __init__(self, context: PageContext, message: MessageBar) -> None:
        super().__init__()
        self._context = context
        self._message = message
        self._reference: str | None = None
        self._state: CertificateState | None = None
        self._is_waiting = False
        self.said = wrapped_label("label")
        self.open = text_button(context.desk, "calibration.certificate.show", icon="eye")
        self.open.clicked.connect(self._ask_document)
        self.issue = ActButton(context.desk, "calibration.issue", icon="award")
        self.issue.asked.connect(self._issue)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        row.addWidget(self.said, 1)
        row.addWidget(self.open)
        row.addWidget(self.issue)
        context.language.changed.connect(self._show)
        self._show()

    def show_calibration(self, reference: str | None) -> None:
        """Say how the certificate of a calibration stands; None: none is chosen."""
        if reference != self._reference:
            self._reference, self._state, self._is_waiting = reference, None, False
            self._show()
        self.refresh()

    def refresh(self) -> None:
        """Look again how it stands: the worker may have made it."""
        registry, reference = self._context.registry, self._reference
        if reference is None:
            return
        self._context.tasks.run(
            lambda: read_certificate_state(registry, reference),
            on_done=self._take_state,
            on_error=self._message.say_problem,
            latest_key="calibration-certificate-state",
            owner=self,
        )

    def _take_state(self, state: CertificateState) -> None:
        if state.reference == self._reference:
            self._state = state
            self._show()

    def _show(self) -> None:
        state = self._state
        words = certificate_words(
            state, is_chosen=self._reference is not None, is_waiting=self._is_waiting
        )
        texts = self._context.language
        self.said.setText("" if words is None else texts.text(words.key, **words.values))
        has_one = state is not None and state.number is not None
        self.open.setVisible(has_one)
        self.issue.setVisible(state is not None and not has_one and not state.is_of_elsewhere)
        self.issue.set_reason(reason_against_station_acts(self._context.actor))
        if self._is_waiting:
            self.issue.button.setEnabled(False)

    def _issue(self) -> None:
        registry, actor, reference = (
            self._context.registry,
            self._context.actor,
            self._reference,
        )
        if reference is None or self._is_waiting:
            return
        self._message.clear()
        self._is_waiting = registry.server is not None
        self._show()
        # A server's worker makes it: waiting for that must not keep the lists waiting.
        self._context.tasks.run_long(
            lambda _control: issue_calibration_certificate(registry, actor, reference),
            title=self._context.language.text("calibration.issue"),
            on_done=self._issued,
            on_error=self._refused,
            latest_key="calibration-certificate",
            owner=self,
            lane=Lane.REGISTRY if registry.server is None else Lane.LONG,
        )

    def _issued(self, issued: IssuedCalibrationCertificate) -> None:
        self._is_waiting = False
        words = self._context.language.text("calibration.issued", number=issued.number)
        self._message.say(Tone.LEAF, words)
        self._context.changes.tell("calibrations", "certificates")
        self.refresh()

    def _refused(self, error: Exception) -> None:
        self._is_waiting = False
        self._show()
        self._message.say_problem(error)
        self.refresh()

    def _ask_document(self) -> None:
        registry, reference = self._context.registry, self._reference
        if reference is None:
            return
        self._context.tasks.run(
            lambda: read_certificate_document(registry, reference),
            on_done=self._show_document,
            on_error=self._message.say_problem,
            latest_key="calibration-certificate-shown",
            owner=self,
        )

    def _show_document(self, found: tuple[StoredDocument, bytes]) -> None:
        dialog = DocumentViewer(self._context.desk, *found, self.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

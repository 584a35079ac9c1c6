"""The wizard's last step: the certificate as it prints, saved where somebody says.

Owns its widgets; issuing is the service's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from app.services.calibrating.certifying import IssuedCalibrationCertificate
from app.views.calibration.big_buttons import big_button
from app.views.calibration.wizard_frame import StepView, WizardFrame
from app.views.components.labels import wrapped_label
from app.views.components.pdf_preview import PdfPreview
from app.views.theme.tokens import GAP_M


class CertificateStep(StepView):
    """The act that issues, then the pages and the act that saves them."""

    def __init__(self, frame: WizardFrame) -> None:
        super().__init__(frame)
        self.issued: IssuedCalibrationCertificate | None = None
        self._said = wrapped_label("strong")
        self._said.setText(self.desk.language.text("calibration.recorded", code=frame.wizard.code))
        self.issue = big_button(self.desk, "calibration.issue", kind="primary", icon="award")
        self.save = big_button(self.desk, "calibration.save", icon="download")
        self.preview = PdfPreview(self.desk, "calibration.preview")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        column.addWidget(self._said)
        column.addWidget(self.issue)
        column.addWidget(self.preview, 1)
        column.addWidget(self.save)
        self.preview.hide()
        self.save.hide()

    def show_waiting(self, *, is_for_worker: bool) -> None:
        """Say what is waited for; on a server the registry's worker signs."""
        self.issue.setEnabled(False)
        if is_for_worker:
            self._say("calibration.certificate.waiting")

    def show_waited(self) -> None:
        """Let it be asked for once more, where it did not come."""
        self.issue.setEnabled(True)
        if self.issued is None:
            self._say("calibration.recorded")

    def _say(self, key: str) -> None:
        self._said.setText(self.desk.language.text(key, code=self.wizard.code))

    def show_issued(self, issued: IssuedCalibrationCertificate) -> None:
        """Show the certificate."""
        self.issued = issued
        self._said.setText(self.desk.language.text("calibration.issued", number=issued.number))
        self.preview.show_pdf(issued.pdf)
        self.issue.hide()
        self.preview.show()
        self.save.show()

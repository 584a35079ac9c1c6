"""The form by which a reference material is kept, with its certificate as a document.

Owns its fields; reading them is the presenter's, keeping the service's.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.views.components.fields import Field, FieldKind
from app.views.components.form import Form, FormPlan
from app.views.components.labels import wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.pages.context import PageContext
from app.views.presenters.calibration.reference_form import keep_reference
from app.views.theme.tokens import FORM_DIALOG_SIZE, GAP_L, GAP_M, GAP_XL

_PLAN = FormPlan(
    name="reference-material",
    title_key="calibration.reference.title",
    act_key="calibration.reference.keep",
    checks=False,
    fields=(
        Field("identification", "calibration.reference.identification", half=True),
        Field("channel", "calibration.reference.channel", half=True, initial="co2"),
        Field("value", "calibration.reference.value", half=True),
        Field("unit", "calibration.reference.unit", half=True, initial="ppm"),
        Field("expanded", "calibration.reference.expanded", half=True),
        Field("factor", "calibration.reference.factor", half=True, initial="2"),
        Field("certificate", "calibration.reference.certificate", half=True),
        Field("issuer", "calibration.reference.issuer", half=True),
        Field("expires_on", "calibration.reference.expires_on", FieldKind.DATE, half=True),
        Field("traceable_to", "calibration.reference.traceable_to", half=True, optional=True),
        Field(
            "document",
            "calibration.reference.document",
            FieldKind.FILE,
            optional=True,
            drafted=False,
        ),
    ),
)


class AddReferenceDialog(QDialog):
    """Keeps one reference material; `kept` when it is."""

    kept = Signal()

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.context = context
        desk = context.desk
        desk.language.keep(self, self.setWindowTitle, "calibration.reference.title")
        self.resize(*FORM_DIALOG_SIZE)
        self.message = MessageBar(desk)
        self.form = Form(desk, _PLAN, drafts=context.drafts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("", desk.language.text("calibration.reference.sentence")))
        layout.addWidget(self.message)
        layout.addWidget(self.form, 1)
        self.form.submitted.connect(self._keep)
        self.form.cancelled.connect(self.reject)
        self.finished.connect(self.deleteLater)

    def _keep(self, values: dict[str, str]) -> None:
        registry, actor = self.context.registry, self.context.actor
        self.message.clear()
        self.context.tasks.run(
            lambda: keep_reference(registry, actor, values),
            on_done=lambda _made: self._done(),
            on_error=self.message.say_problem,
            on_finished=lambda: self.form.set_running(running=False),
            owner=self,
        )

    def _done(self) -> None:
        self.form.finish()
        self.kept.emit()
        self.accept()

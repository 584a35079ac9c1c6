"""What a transaction rests on: rules, documents, the message to the counterpart.

Owns the widgets; reading is the presenter's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.models.codes import RuleKind
from app.services.documents import read_document
from app.services.listings.transaction_evidence import AppliedRule, NamedDocument
from app.services.rules.kinds import KINDS
from app.services.transactions.counterpart_message import CounterpartMessage
from app.views.components.labels import role_label, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.saving import ask_and_save
from app.views.pages.context import PageContext
from app.views.pages.supposing_panel import RuleSupposing
from app.views.presenters.supposition import Assumption, Differences
from app.views.presenters.transaction_reading import (
    ISSUANCE_RULES,
    TransactionShown,
    is_completed_issuance,
    suppose,
)
from app.views.theme.tokens import GAP_L, GAP_S, GAP_XS, Tone

_DIGEST_SHOWN = 16


class TransactionEvidencePart(QWidget):
    """`message` says what was saved or copied."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._shown: TransactionShown | None = None
        self.message = MessageBar(context.desk)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(GAP_L)
        self._suppose_title = role_label("label")
        context.language.keep(self, self._suppose_title.setText, "transactions.suppose")
        self.supposing = RuleSupposing(context, self._compare)
        self.supposing.offer(ISSUANCE_RULES)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        column.addWidget(self.message)
        column.addLayout(self._parts)
        column.addWidget(self._suppose_title)
        column.addWidget(self.supposing)
        context.language.keep(self, self.setAccessibleName, "transactions.tab_evidence")

    def show_transaction(self, shown: TransactionShown) -> None:
        """Show what a transaction rests on, in the language in force."""
        if self._shown is None or self._shown.detail.transaction.id != shown.detail.transaction.id:
            self.message.clear()
            self.supposing.clear()
        self._shown = shown
        while (item := self._parts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        evidence = shown.evidence
        rules = [self._rule(each) for each in evidence.rules]
        self._parts.addWidget(
            self._part("transactions.rules_applied", rules, "transactions.no_rules")
        )
        documents = [self._document(each) for each in evidence.documents]
        self._parts.addWidget(
            self._part("transactions.documents", documents, "transactions.no_documents")
        )
        if shown.message is not None:
            lines = [self._counterpart(shown.message)]
            self._parts.addWidget(self._part("transactions.counterpart", lines, ""))
        for widget in (self._suppose_title, self.supposing):
            widget.setVisible(is_completed_issuance(shown.detail))

    def _part(self, title_key: str, lines: list[QWidget], none_key: str) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        language = self._context.language
        column.addWidget(role_label("label", language.text(title_key)))
        for line in lines:
            column.addWidget(line)
        if not lines and none_key:
            column.addWidget(wrapped_label("muted", language.text(none_key)))
        return made

    def _rule(self, rule: AppliedRule) -> QWidget:
        language, kind = self._context.language, KINDS[RuleKind(rule.kind)]
        text = language.text(
            "transactions.rule_line",
            name=kind.name_th if language.code == "th" else kind.name,
            value=format(rule.value.normalize(), "f"),
            unit_type=rule.unit_type,
            begin=rule.valid_from,
            end=rule.valid_to,
        )
        return wrapped_label("", text)

    def _document(self, document: NamedDocument) -> QWidget:
        language = self._context.language
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(GAP_XS)
        digest = f"SHA-256 {document.sha256[:_DIGEST_SHOWN]}…"
        if document.is_kept:
            words.addWidget(wrapped_label("", document.name))
            size = f"{language.quantity(document.size_bytes)} B"
            words.addWidget(wrapped_label("label", f"{size} · {digest}"))
        else:
            kept = language.text("transactions.kept_elsewhere")
            words.addWidget(wrapped_label("", digest))
            words.addWidget(wrapped_label("label", kept))
        row.addLayout(words, 1)
        if document.is_kept:
            save = text_button(self._context.desk, "transactions.save_document", kind="quiet")
            save.clicked.connect(lambda: self._save_document(document))
            row.addWidget(save, alignment=Qt.AlignmentFlag.AlignTop)
        return made

    def _counterpart(self, message: CounterpartMessage) -> QWidget:
        made, desk, language = QWidget(), self._context.desk, self._context.language
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        sentence = language.text("transactions.counterpart_sentence")
        column.addWidget(wrapped_label("muted", sentence))
        column.addWidget(wrapped_label("", message.as_text().rstrip()))
        row = QHBoxLayout()
        copy = text_button(desk, "transactions.copy_message", icon="copy")
        copy.clicked.connect(lambda: self._copy(message))
        save = text_button(desk, "transactions.save_message", icon="download")
        save.clicked.connect(lambda: self._save_message(message))
        buttons: tuple[QPushButton, ...] = (copy, save)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        return made

    def _copy(self, message: CounterpartMessage) -> None:
        QGuiApplication.clipboard().setText(message.as_text())
        self.message.say(Tone.LEAF, self._context.language.text("transactions.copied"))

    def _save_message(self, message: CounterpartMessage) -> None:
        shown = self._shown
        name = "message" if shown is None else shown.detail.transaction.id
        self._save("transactions.save_message", f"{name}.json", message.as_bytes)

    def _save_document(self, document: NamedDocument) -> None:
        registry = self._context.registry
        self._save(
            "transactions.save_document",
            document.name,
            lambda: read_document(registry, document.sha256),
        )

    def _save(self, title_key: str, name: str, content: Callable[[], bytes]) -> None:
        ask_and_save(
            self._context.desk,
            self,
            title=self._context.language.text(title_key),
            name=name,
            content=content,
            done=self._say_saved,
            failed=self.message.say_problem,
        )

    def _say_saved(self, path: Path) -> None:
        text = self._context.language.text("transactions.saved", name=path.name)
        self.message.say(Tone.LEAF, text, str(path.parent))

    def _compare(self, assumption: Assumption) -> Differences:
        shown = self._shown
        if shown is None:
            return Differences(())
        return suppose(self._context.registry, shown.detail, assumption)

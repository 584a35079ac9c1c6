"""Finds stations: lists the ports, asks what stands there, says what answered, offers to keep it.

Owns the dialog; asking is the finder's, beside the window, registering the page's. A path can
always be given by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.views.components.act_button import ActButton
from app.views.components.cards import Card
from app.views.components.chips import Chip
from app.views.components.labels import role_label, rule, text_button, wrapped_label
from app.views.components.message_bar import MessageBar
from app.views.components.scrolling import make_scrolling
from app.views.desk import Desk
from app.views.presenters.charts.live_source import PortAnswer, PortFinder, PortRow
from app.views.tasks import TaskControl
from app.views.theme.tokens import CHANNELS_DIALOG_SIZE, GAP_L, GAP_M, GAP_S, GAP_XL, Tone


class FindStationsDialog(QDialog):
    """Without a finder the acts are off, and say why.

    `register_asked` carries what answered and what to remember of its port; with a `why_not`
    nobody can ask.
    """

    register_asked = Signal(object, str)

    def __init__(
        self,
        desk: Desk,
        finder: PortFinder | None,
        parent: QWidget | None = None,
        *,
        why_not: str = "",
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._finder = finder
        self._why_not = why_not
        self._ports: tuple[PortRow, ...] = ()
        desk.language.keep(self, self.setWindowTitle, "stations.finding.title")
        self.resize(*CHANNELS_DIALOG_SIZE)
        self.message = MessageBar(desk)
        self.again = text_button(desk, "stations.finding.again", icon="refresh-cw")
        self.ask_all = ActButton(desk, "stations.finding.ask_all", kind="primary", icon="search")
        self.path = QLineEdit()
        self.ask = text_button(desk, "stations.finding.ask")
        self.told = wrapped_label("muted")
        self._answers = QVBoxLayout()
        self._build()
        self.again.clicked.connect(self.list_ports)
        self.ask_all.asked.connect(self._ask_all)
        self.ask.clicked.connect(lambda: self._ask([self.path.text().strip()]))
        self.path.textChanged.connect(lambda _text: self._show_acts())
        self.list_ports()

    def list_ports(self) -> None:
        """List the ports the system knows."""
        self._show_acts()
        if self._finder is None:
            self.told.setText(self._desk.language.text("stations.why.no_lines"))
            return
        self.told.setText(self._desk.language.text("stations.finding.listing"))
        self._desk.tasks.run_long(
            lambda _control: self._list(),
            title=self._desk.language.text("stations.finding.listing"),
            on_done=self._show_ports,
            on_error=self.message.say_problem,
            latest_key="find-ports",
            owner=self,
        )

    def _list(self) -> Sequence[PortRow]:
        return self._finder.ports() if self._finder is not None else ()

    def _build(self) -> None:
        desk = self._desk
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("", desk.language.text("stations.finding.sentence")))
        layout.addWidget(self.message)
        layout.addWidget(self.told)
        card = Card(desk)
        self._answers.setSpacing(GAP_S)
        self._answers.addStretch()
        card.body.addWidget(make_scrolling(self._answers), 1)
        layout.addWidget(card, 1)
        label = role_label("label")
        desk.language.keep(label, label.setText, "stations.finding.path")
        desk.language.keep(self.path, self.path.setAccessibleName, "stations.finding.path")
        layout.addWidget(label)
        by_hand = QHBoxLayout()
        by_hand.setSpacing(GAP_M)
        by_hand.addWidget(self.path, 1)
        by_hand.addWidget(self.ask)
        layout.addLayout(by_hand)
        leave = text_button(desk, "common.close")
        leave.clicked.connect(self.reject)
        acts = QHBoxLayout()
        acts.setSpacing(GAP_M)
        acts.addWidget(self.again)
        acts.addStretch()
        acts.addWidget(leave)
        acts.addWidget(self.ask_all)
        layout.addLayout(acts)

    def _show_acts(self) -> None:
        none = self._finder is None
        self.ask_all.button.setEnabled(not none and bool(self._ports))
        reason = "stations.why.no_lines" if none else ""
        if not none and not self.path.text().strip():
            reason = "stations.why.no_path"
        text = self._desk.language.text(reason) if reason else ""
        self.ask.setEnabled(not reason)
        self.ask.setToolTip(text)
        self.ask.setAccessibleDescription(text)
        self.again.setEnabled(not none)

    def _show_ports(self, ports: Sequence[PortRow]) -> None:
        self._ports = tuple(ports)
        language = self._desk.language
        lines = [
            language.text(
                "stations.finding.port_line", path=port.path, description=port.description
            )
            for port in ports
        ]
        self.told.setText("\n".join(lines) or language.text("stations.finding.no_ports"))
        self._show_acts()

    def _ask_all(self) -> None:
        self._ask([port.path for port in self._ports])

    def _ask(self, paths: Sequence[str]) -> None:
        finder, language = self._finder, self._desk.language
        if finder is None or not paths:
            return

        def work(control: TaskControl) -> list[PortAnswer]:
            answers = []
            for number, path in enumerate(paths):
                control.progress(number, len(paths))
                answers.append(finder.ask(path))
            return answers

        self.told.setText(language.text("stations.finding.asking", path=", ".join(paths)))
        self._desk.tasks.run_long(
            work,
            title=language.text("stations.finding.asking", path=", ".join(paths)),
            on_done=self._show_answers,
            on_error=self.message.say_problem,
            on_finished=lambda: self.told.setText(""),
            latest_key="ask-ports",
            owner=self,
        )

    def _show_answers(self, answers: Sequence[PortAnswer]) -> None:
        for answer in answers:
            self._answers.insertWidget(0, rule())
            self._answers.insertWidget(0, self._answer(answer))

    def _answer(self, answer: PortAnswer) -> QWidget:
        language = self._desk.language
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        key = "answered" if answer.protocol else "nobody"
        head = QHBoxLayout()
        head.addWidget(role_label("strong", answer.path))
        word = answer.protocol or language.text("stations.finding.unknown")
        head.addWidget(Chip(word, Tone.LEAF if answer.protocol else Tone.AMBER))
        head.addStretch()
        column.addLayout(head)
        details = " · ".join(filter(None, (answer.identification, answer.settings)))
        if details:
            column.addWidget(wrapped_label("", details))
        if answer.message:
            column.addWidget(wrapped_label("muted", answer.message))
        if answer.protocol:
            register = ActButton(self._desk, "stations.registering.open", icon="radio-tower")
            register.set_reason(self._why_not)
            register.asked.connect(lambda: self._ask_registering(answer))
            column.addWidget(register)
        made.setAccessibleName(
            language.text(f"stations.finding.{key}", path=answer.path, protocol=answer.protocol)
        )
        return made

    def _ask_registering(self, answer: PortAnswer) -> None:
        identities = {port.path: port.identity for port in self._ports}
        self.register_asked.emit(answer, identities.get(answer.path) or answer.path)

"""Notices: what is asked of the registry, how long it has for it, and what answered it.

Owns the widgets; the clock and the way to the act's form are the presenter's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QVBoxLayout

from app.services.listings.page import Page as RowsPage
from app.services.listings.page import PageRequest
from app.views.components.act_button import ActButton
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.detail_pane import Detail
from app.views.components.labels import text_button
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.components.timeline import Timeline, TimelineEntry
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.dialogs.record_notice import RecordNoticeDialog
from app.views.language import Language
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.pages.outcome_panel import say_phrase
from app.views.presenters.kept_rows import page_of
from app.views.presenters.notices import (
    NoticeLine,
    Notices,
    NoticeShown,
    NoticeWay,
    kind_name,
    ways_to_answer,
)
from app.views.theme.tokens import GAP_S, Tone

_LOOKS = {
    "open": ChipLook(Tone.BLUE, "notices.states.open"),
    "incomplete": ChipLook(Tone.AMBER, "notices.states.incomplete"),
    "overdue": ChipLook(Tone.RED, "notices.states.overdue"),
    "completed": ChipLook(Tone.LEAF, "notices.states.completed"),
}


class NoticesPage(ListingPage):
    """Everybody reads, officers answer, administrators record and close."""

    shows = frozenset({"notices", "transactions"})

    def __init__(self, context: PageContext) -> None:
        self._notices = Notices(context.registry, context.actor)
        super().__init__(context, "notices.title", "notices.sentence", self._make(context.language))
        desk = context.desk
        self.record = ActButton(desk, "notices.record", kind="primary", icon="plus")
        self.record.set_reason(self._notices.reason_against_recording())
        self.record.asked.connect(self.open_recording)
        self.header.add_act(self.record)
        self.answers = Timeline(desk)
        self.pane.extra.addWidget(self.answers)
        self._ways = QVBoxLayout()
        self._ways.setSpacing(GAP_S)
        self.pane.acts.addLayout(self._ways)
        self.way_buttons: list[QPushButton] = []
        self.close_notice = text_button(desk, "notices.close", icon="check")
        self.close_notice.clicked.connect(self._ask_closing)
        self.pane.acts.addWidget(self.close_notice)
        self.table.begin_asked.connect(self.open_recording)

    def open_recording(self) -> None:
        """Ask what the notice says."""
        if self._notices.reason_against_recording():
            return
        dialog = RecordNoticeDialog(self.context, self._notices, self.window())
        dialog.recorded.connect(lambda number: self._told("notices.recorded", number))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def read_detail(self, key: str) -> NoticeShown:
        return self._notices.read(key)

    def show_detail(self, detail: NoticeShown) -> None:
        line, language = detail.line, self.context.language
        notice, look = line.notice, _LOOKS[line.state]
        asked = "" if line.target is None else f"{language.quantity(line.target)} {line.unit_type}"
        lines = (
            ("notices.kind", kind_name(notice.type, language.code)),
            ("notices.message", notice.message),
            ("notices.due_on", f"{language.day(line.due_on)} · {say_phrase(line.clock, language)}"),
            ("notices.asks", asked),
            ("notices.fulfilled", self._fulfilled(line)),
            ("notices.account", notice.account),
            ("notices.project", notice.project),
            ("notices.received", language.moment(notice.received_at)),
        )
        self.pane.show_details(
            notice.number,
            [Detail(key, value) for key, value in lines if value],
            chip=language.text(look.text_key),
            tone=look.tone,
        )
        self.answers.show_entries(
            [
                TimelineEntry(
                    each.completed_at or each.proposed_at,
                    f"{each.id} · {language.quantity(each.quantity)} {each.unit_type}",
                    f"{each.status} · {each.from_name or ''} → {each.to_name}",
                    Tone.LEAF if each.completed_at else Tone.AMBER,
                )
                for each in detail.answers
            ]
        )
        self._show_ways(ways_to_answer(notice))
        is_done = line.state == "completed"
        self.close_notice.setVisible(not is_done and not self._notices.reason_against_recording())

    def _fulfilled(self, line: NoticeLine) -> str:
        if line.target is None:
            return ""
        language, notice = self.context.language, line.notice
        return language.text(
            "notices.fulfilled_of",
            fulfilled=notice.fulfilled,
            target=line.target,
            pending=notice.pending,
        )

    def _show_ways(self, ways: tuple[NoticeWay, ...]) -> None:
        while (item := self._ways.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.way_buttons = [self._way_button(way) for way in ways]
        for button in self.way_buttons:
            self._ways.addWidget(button)

    def _way_button(self, way: NoticeWay) -> QPushButton:
        language = self.context.language
        text = language.text(way.words_key, act=language.text(way.title_key))
        button = text_button(self.context.desk, "notices.answer", kind="primary")
        button.setText(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.context.open_page(way.page, way.target))
        return button

    def _ask_closing(self) -> None:
        number, language = self._key, self.context.language
        dialog = ReasonDialog(
            self.context.desk,
            title=language.text("notices.close_title", number=number),
            sentence=language.text("notices.close_sentence"),
            act_key="notices.close",
            work=lambda reason: self._notices.close(number, reason),
            done=lambda: self._told("notices.closed", number),
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _told(self, key: str, number: str) -> None:
        self.message.say(Tone.LEAF, self.context.language.text(key, number=number))
        self.context.changes.tell("notices")
        self.refresh()

    def _make(self, language: Language) -> Listing:
        def fetch(request: PageRequest) -> RowsPage[NoticeLine]:
            return page_of(self._notices.list_lines(), request, texts=("number", "unit_type"))

        def kind(line: NoticeLine) -> str:
            return kind_name(line.notice.type, language.code)

        return Listing(
            columns=(
                Column("number", "notices.number", width=124, strong=True, hideable=False),
                Column("kind", "notices.kind", width=120, stretch=True, sortable=False, value=kind),
                Column("due_on", "notices.due_on", width=104, kind=CellKind.DATE),
                Column(
                    "clock",
                    "notices.clock",
                    width=118,
                    sortable=False,
                    value=lambda line: say_phrase(line.clock, language),
                ),
                Column("target", "notices.asks", width=76, kind=CellKind.QUANTITY),
                Column("fulfilled", "notices.fulfilled", width=76, kind=CellKind.QUANTITY),
                Column("state", "rules.state", width=96, kind=CellKind.CHIP, chips=_LOOKS),
            ),
            fetch=fetch,
            title_key="notices.title",
            row_key=lambda line: str(line.number),
            empty=EmptyText(
                "notices.none",
                "notices.none_sentence",
                "" if self._notices.reason_against_recording() else "notices.record",
                "bell",
            ),
            filters=(
                Filter(
                    "state",
                    "rules.state",
                    tuple((state, look.text_key) for state, look in _LOOKS.items()),
                ),
            ),
        )

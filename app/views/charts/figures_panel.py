"""Beside the charts: the selected chart's statistics, what stands at the cursors, what happened.

Owns the labels, made once for nine channels; the figures are the presenter's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.views.charts.head_words import head_words
from app.views.components.cards import Card
from app.views.components.labels import role_label, rule, wrapped_label
from app.views.components.scrolling import make_scrolling
from app.views.components.timeline import Timeline, TimelineEntry
from app.views.desk import Desk
from app.views.presenters.charts.chart import MOST_TRACES
from app.views.presenters.charts.live import LivePresenter, TraceFigures
from app.views.presenters.charts.live_source import MarkKind
from app.views.presenters.charts.ticks import duration_text, moment, value_text
from app.views.theme.tokens import CHART_SIDE_WIDTH, GAP_M, GAP_S, GAP_XS, Tone

_FIGURES = ("minimum", "mean", "maximum", "deviation", "slope", "count")
_MARKS_SHOWN = 12
_TONES = {
    MarkKind.NOTE: Tone.BLUE,
    MarkKind.GAP: Tone.AMBER,
    MarkKind.ALARM: Tone.RED,
    MarkKind.CALIBRATION: Tone.LEAF,
    MarkKind.MAINTENANCE: Tone.TEAK,
    MarkKind.CLOCK: Tone.AMBER,
    MarkKind.PROBLEM: Tone.RED,
}


class _TraceLines(QWidget):
    """One channel: its name, six figures, and its values at the cursors."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_XS)
        self.title = role_label("strong")
        layout.addWidget(self.title)
        figures = QGridLayout()
        figures.setHorizontalSpacing(GAP_M)
        figures.setVerticalSpacing(0)
        self._values = {}
        for place, name in enumerate(_FIGURES):
            row, column = divmod(place, 3)
            label = role_label("label")
            desk.language.keep(label, label.setText, f"charts.figures.{name}")
            value = role_label("small")
            figures.addWidget(label, 2 * row, column)
            figures.addWidget(value, 2 * row + 1, column)
            figures.setColumnStretch(column, 1)
            self._values[name] = value
        layout.addLayout(figures)
        self._cursors = wrapped_label("small")
        layout.addWidget(self._cursors)
        layout.addWidget(rule())

    def show_figures(self, name: str, figures: TraceFigures, *, has_cursors: bool) -> None:
        """Write the figures of a channel."""
        told, unit = figures.statistics, figures.trace.channel.unit
        reach = (told.maximum or 0.0) - (told.minimum or 0.0)
        self.title.setText(f"{figures.trace.number} {name} · {unit}")
        texts = {
            "minimum": value_text(told.minimum, reach),
            "mean": value_text(told.mean, reach),
            "maximum": value_text(told.maximum, reach),
            "deviation": value_text(told.deviation),
            "slope": value_text(told.slope_per_hour),
            "count": f"{told.count:,}",
        }
        for key, text in texts.items():
            self._values[key].setText(text)
        self._cursors.setVisible(has_cursors)
        if has_cursors:
            self._cursors.setText(
                self._desk.language.text(
                    "charts.at_cursors",
                    a=value_text(figures.at_a, reach),
                    b=value_text(figures.at_b, reach),
                    apart=value_text(figures.apart, reach),
                )
            )


class FiguresPanel(Card):
    """Statistics of the visible span of one chart."""

    def __init__(self, desk: Desk, live: LivePresenter) -> None:
        super().__init__(desk, "charts.figures_title", icon="gauge")
        self._desk = desk
        self._live = live
        self.setFixedWidth(CHART_SIDE_WIDTH)
        self._span = wrapped_label("label")
        self._averages = wrapped_label("label")
        self._cursors = wrapped_label("strong")
        self._traces = [_TraceLines(desk) for _place in range(MOST_TRACES)]
        self._marks_title = role_label("label")
        desk.language.keep(self._marks_title, self._marks_title.setText, "charts.marks_title")
        self._marks = Timeline(desk)
        self._no_marks = wrapped_label("muted")
        desk.language.keep(self._no_marks, self._no_marks.setText, "charts.no_marks")
        column = QVBoxLayout()
        column.setSpacing(GAP_S)
        for widget in (
            self._span,
            self._averages,
            self._cursors,
            *self._traces,
            self._marks_title,
            self._no_marks,
            self._marks,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self.body.addWidget(make_scrolling(column), 1)
        self._told_marks: tuple[object, ...] | None = None

    def show_figures(self) -> None:
        """Reckon and write the figures of the selected chart."""
        live, language = self._live, self._desk.language
        chart = live.selected_chart
        figures = live.figures(chart) if chart is not None else []
        names = head_words(self._desk, chart).names if chart is not None else ()
        start, end = (moment(each) for each in (live.span.start_us, live.span.end_us))
        self._span.setText(
            language.text(
                "charts.visible_span",
                start=f"{language.local(start):%H:%M:%S}",
                end=f"{language.local(end):%H:%M:%S}",
                day=language.local(end).date(),
                length=duration_text(live.span.width_us),
            )
        )
        period_s = max((each.statistics.period_s for each in figures), default=0)
        self._averages.setVisible(period_s > 0)
        if period_s:
            text = language.text(f"charts.drawn_from.s{period_s}")
            self._averages.setText(language.text("charts.figures_of_averages", period=text))
        self._show_cursors()
        for place, lines in enumerate(self._traces):
            lines.setVisible(place < len(figures))
            if place < len(figures):
                lines.show_figures(names[place], figures[place], has_cursors=live.cursors.are_on)
        self._show_marks()

    def _show_cursors(self) -> None:
        cursors, language = self._live.cursors, self._desk.language
        self._cursors.setVisible(cursors.are_on)
        if not cursors.are_on:
            return
        if cursors.apart_us is None:
            self._cursors.setText(language.text("charts.place_cursors"))
            return
        self._cursors.setText(
            language.text("charts.cursors_apart", length=duration_text(cursors.apart_us))
        )

    def _show_marks(self) -> None:
        marks = tuple(reversed(self._live.marks[-_MARKS_SHOWN:]))
        if marks == self._told_marks:
            return
        self._told_marks = marks
        language = self._desk.language
        self._no_marks.setVisible(not marks)
        self._marks.setVisible(bool(marks))
        self._marks.show_entries(
            [
                TimelineEntry(
                    moment(mark.at_us),
                    language.text(f"charts.marks.{mark.kind}"),
                    " · ".join(filter(None, (mark.station, mark.text, mark.by))),
                    _TONES[mark.kind],
                )
                for mark in marks
            ]
        )

"""Stations: the list, and of each its sensors, alarms, seals, maintenance, quality and bytes.

Owns the widgets; what is known of a station is put together by the presenter.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from app.services.stations.keys import change_station_key
from app.views.charts.score_course import ScoreCourse
from app.views.components.act_button import ActButton
from app.views.components.detail_pane import Detail
from app.views.components.labels import role_label, rule, text_button, wrapped_label
from app.views.components.timeline import Timeline, TimelineEntry
from app.views.dialogs.alarm_limits import AlarmLimitsDialog
from app.views.dialogs.find_stations import FindStationsDialog
from app.views.dialogs.raw_console import RawConsoleDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.dialogs.record_station_event import RecordStationEventDialog
from app.views.dialogs.register_found import RegisterFoundDialog
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.pages.station_alarms import StationAlarms
from app.views.pages.station_listing import STATION_LOOKS, due_words, station_listing
from app.views.presenters.charts.live_source import LineReport, PortAnswer
from app.views.presenters.charts.ticks import moment, value_text
from app.views.presenters.station_words import (
    broken_share,
    line_words,
    reason_against_station_acts,
)
from app.views.presenters.stations import StationView, read_station
from app.views.theme.tokens import GAP_S, Tone

_SHOWN_EVENTS = 20


class StationsPage(ListingPage):
    """Everybody reads; technicians and administrators record what is done."""

    shows = frozenset({"stations", "readings", "calibrations"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "stations.title", "stations.sentence", station_listing(context))
        desk = context.desk
        live = text_button(desk, "stations.open_live", icon="activity")
        live.clicked.connect(lambda: context.open_page("live", ""))
        self.find_button = text_button(desk, "stations.find", kind="primary", icon="cable")
        self.find_button.clicked.connect(self._open_finding)
        self.header.add_act(live)
        self.header.add_act(self.find_button)
        self.table.begin_asked.connect(self._open_finding)
        self._view: StationView | None = None
        self._alarms = StationAlarms(context, self.message)
        self._score = wrapped_label("strong")
        self._score_parts = wrapped_label("muted")
        self.course = ScoreCourse(desk)
        self._course_told = wrapped_label("label")
        self.history = Timeline(desk)
        self._no_history = wrapped_label("muted")
        self.record = ActButton(desk, "stations.record", kind="primary", icon="stamp")
        self.console = text_button(desk, "stations.console", icon="terminal")
        self.limits = ActButton(desk, "stations.limits.open", icon="bell-ring")
        self.change_key = ActButton(desk, "stations.change_key", icon="key-round")
        self._build()
        self.limits.asked.connect(self._open_limits)
        self.change_key.asked.connect(self._open_changing_key)
        self.record.asked.connect(self._open_record)
        self.console.clicked.connect(self._open_console)

    def enter(self, target: str = "") -> None:
        """Show the list, a station by its code, or with `find` the search for stations."""
        if target == "find":
            super().enter("")
            self._open_finding()
            return
        super().enter(target)

    def read_detail(self, key: str) -> Any:
        return read_station(self.context.registry, key, self._lines())

    def show_detail(self, detail: StationView) -> None:
        self._view = detail
        language, station = self.context.language, detail.station
        look = STATION_LOOKS[detail.state]
        self.pane.show_details(
            f"{station.code}\n{station.name}",
            self._details(detail),
            chip=language.text(look.text_key),
            tone=look.tone,
        )
        self._alarms.show_alarms(detail.alarms)
        self._show_score(detail)
        self._show_history(detail)
        for act in (self.record, self.limits):
            act.set_reason(reason_against_station_acts(self.context.actor))
        # A key that is not kept here is changed where it is kept: nothing is offered.
        may_change = not reason_against_station_acts(self.context.actor)
        self.change_key.setVisible(may_change and station.collects_here)
        has_line = any(line.station == station.code for line in self._lines())
        self.console.setEnabled(has_line)
        reason = "" if has_line else language.text("stations.no_console")
        self.console.setToolTip(reason)
        self.console.setAccessibleDescription(reason)
        self._console_told.setText(reason)
        self._console_told.setVisible(bool(reason))

    def _build(self) -> None:
        desk = self.context.desk
        extra = self.pane.extra
        extra.setSpacing(GAP_S)
        for key, parts in (
            ("stations.alarms_title", (self._alarms,)),
            (
                "stations.quality",
                (self._score, self._score_parts, self.course, self._course_told),
            ),
            ("stations.history", (self._no_history, self.history)),
        ):
            title = role_label("label")
            desk.language.keep(title, title.setText, key)
            extra.addWidget(rule())
            extra.addWidget(title)
            for part in parts:
                extra.addWidget(part)
        desk.language.keep(self._no_history, self._no_history.setText, "stations.no_history")
        self._console_told = wrapped_label("label")
        self.pane.acts.addWidget(self._console_told)
        self.pane.acts.addWidget(self.console)
        self.pane.acts.addWidget(self.limits)
        self.pane.acts.addWidget(self.change_key)
        self.pane.acts.addWidget(self.record)

    def _lines(self) -> tuple[LineReport, ...]:
        feed = self.context.stations
        return tuple(feed.source.lines()) if feed is not None else ()

    # What is known

    def _details(self, view: StationView) -> list[Detail]:
        language, station = self.context.language, view.station
        position = language.text("stations.no_position")
        if station.latitude is not None and station.longitude is not None:
            position = language.text(
                "stations.position_of",
                latitude=str(station.latitude),
                longitude=str(station.longitude),
                elevation=language.show(station.elevation_m),
            )
        key = "stations.key_here" if station.collects_here else "stations.key_elsewhere"
        lines = [
            ("stations.position", position),
            ("stations.project", station.project or ""),
            ("stations.owner", station.owner),
            ("stations.sensors", self._sensors(view)),
            ("stations.channels", self._channels(view)),
            ("stations.due", self._due(view)),
            ("stations.key", language.text(key)),
            ("stations.fingerprint", view.key_fingerprint),
            *self._line_problems(station.code),
        ]
        return [Detail(each, value) for each, value in lines if value]

    def _line_problems(self, code: str) -> list[tuple[str, str]]:
        language = self.context.language
        told = [
            f"{line.sensor} {line_words(line, language.text, language.has)}"
            for line in self._lines()
            if line.station == code and line.message
        ]
        told += [
            language.text("stations.broken_frames", sensor=line.sensor, share=f"{100 * share:.0f}")
            for line in self._lines()
            if line.station == code
            and not line.message
            and (share := broken_share(line.frames, line.dropped))
        ]
        return [("stations.state_title", "\n".join(told))]

    def _sensors(self, view: StationView) -> str:
        return "\n".join(
            " · ".join(
                filter(
                    None,
                    (
                        sensor.code,
                        sensor.manufacturer,
                        sensor.model_number,
                        sensor.serial_number,
                        sensor.port,
                    ),
                )
            )
            for sensor in view.station.sensors
        )

    def _channels(self, view: StationView) -> str:
        language = self.context.language
        if not view.latest:
            return language.text("stations.no_readings")
        return "\n".join(
            f"{language.text(f'charts.channels.{each.channel}')} {value_text(each.value)} "
            f"{each.unit} · {language.moment(moment(each.at_us))}"
            for each in view.latest
        )

    def _due(self, view: StationView) -> str:
        language = self.context.language
        told = []
        for each in view.due:
            name = language.text(f"charts.channels.{each.channel}")
            told.append(f"{name}: {due_words(language.text, each.due_on, each.days_left)}")
        return "\n".join(told)

    def _show_score(self, view: StationView) -> None:
        language, score = self.context.language, view.score
        known = score.rounded is not None
        self._score.setText(
            f"{score.rounded} / 100" if known else language.text("stations.no_score")
        )
        thai = language.code == "th"
        lost = [
            language.text(
                "stations.lost",
                points=f"{part.lost:.1f}",
                why=part.message_th if thai else part.message,
            )
            for part in score.lowered_by
        ] or ([language.text("stations.nothing_lost")] if known else [])
        if known and score.left_out:
            names = ", ".join(language.text(f"stations.score.{name}") for name in score.left_out)
            lost.append(language.text("stations.not_known", names=names))
        self._score_parts.setText("\n".join(lost))
        self._score_parts.setVisible(bool(lost))
        share = view.course.share_at_first
        self.course.setVisible(share is not None)
        self._course_told.setVisible(share is not None)
        if share is not None:
            self.course.show_weeks(view.weeks)
            self._course_told.setText(
                language.text("stations.course_told", share=f"{100 * share:.0f}")
            )

    def _show_history(self, view: StationView) -> None:
        language = self.context.language
        codes = {sensor.id: sensor.code for sensor in view.station.sensors}
        self._no_history.setVisible(not view.history)
        self.history.show_entries(
            [
                TimelineEntry(
                    each.event.at,
                    language.text(f"stations.kinds.{each.event.kind}"),
                    " · ".join(
                        filter(
                            None,
                            (
                                each.by,
                                codes.get(each.event.sensor_id or 0),
                                each.event.value,
                                each.event.note,
                            ),
                        )
                    ),
                    Tone.RED if str(each.event.kind) == "seal-broken" else Tone.QUIET,
                )
                for each in view.history[:_SHOWN_EVENTS]
            ]
        )

    # Acts

    def _open_finding(self) -> None:
        feed = self.context.stations
        dialog = FindStationsDialog(
            self.context.desk,
            feed.finder if feed is not None else None,
            self.window(),
            why_not=reason_against_station_acts(self.context.actor),
        )
        dialog.register_asked.connect(
            lambda answer, port: self._open_registering(dialog, answer, port)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_registering(self, finding: QWidget, answer: PortAnswer, port: str) -> None:
        dialog = RegisterFoundDialog(self.context, answer, port=port, parent=finding)
        dialog.registered.connect(self._say_registered)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _say_registered(self, code: str) -> None:
        text = self.context.language.text("stations.registering.done", station=code)
        self.message.say(Tone.LEAF, text)
        self.table.load()

    def _open_console(self) -> None:
        feed, view = self.context.stations, self._view
        if feed is None or view is None:
            return
        dialog = RawConsoleDialog(self.context.desk, feed.source, view.station.code, self.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_limits(self) -> None:
        if self._view is None:
            return
        dialog = AlarmLimitsDialog(self.context, self._view.station, self.window())
        dialog.changed.connect(lambda: self.context.changes.tell("stations"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_changing_key(self) -> None:
        context, view = self.context, self._view
        if view is None:
            return
        code, language = view.station.code, context.language
        dialog = ReasonDialog(
            context.desk,
            title=f"{language.text('stations.change_key')}: {code}",
            sentence=language.text("stations.change_key_means"),
            act_key="stations.change_key",
            work=lambda reason: change_station_key(
                context.registry, context.actor, code, reason=reason
            ),
            done=lambda: self._say_key_changed(code),
            is_grave=True,
            parent=self.window(),
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _say_key_changed(self, code: str) -> None:
        text = self.context.language.text("stations.key_changed", station=code)
        self.message.say(Tone.LEAF, text)
        self.context.changes.tell("stations")

    def _open_record(self) -> None:
        view = self._view
        if view is None:
            return
        dialog = RecordStationEventDialog(
            self.context,
            view.station.id,
            view.station.code,
            self.window(),
            sensors=view.station.sensors,
        )
        dialog.recorded.connect(lambda kind: self._say_recorded(view.station.code, kind))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _say_recorded(self, code: str, kind: str) -> None:
        language = self.context.language
        word = language.text(f"stations.kinds.{kind}")
        text = language.text("stations.recorded", kind=word, station=code)
        self.message.say(Tone.LEAF, text)
        self.context.changes.tell("stations")

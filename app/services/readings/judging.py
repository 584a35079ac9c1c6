"""Judging what arrives, frame by frame: values in, final flags out one frame late.

Owns how a device's own word, the unit, and the quality tests become one flag of a reading. The
tests are `app.services.quality`. Frames of one sensor that carry different channels are judged
apart, each kind in its own order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from app.services.quality.flags import Flag, combine_flags
from app.services.quality.judging import ColumnJudgement, Row, RowJudge, RowJudgement
from app.services.quality.missing import ReadValue, name_missing
from app.services.quality.reasons import Reason
from app.services.quality.resolutions import documented_resolution, respect_resolution
from app.services.quality.rule_files import load_proposed_rules, read_rules
from app.services.quality.rules import ColumnRules, RuleSet
from app.services.readings.arriving import Arrived, ArrivedValue
from app.services.readings.columns import TEST_BITS
from app.services.readings.record import us_of_time
from app.services.stations.values import ChannelDetail, SensorDetail

_DEVICE = {"good": None, "suspicious": Flag.SUSPECT, "bad": Flag.FAIL}
_HARMLESS = (Flag.GOOD, Flag.NOT_EVALUATED)


@dataclass(slots=True)
class JudgedValue:
    """One value on its way into a record: what it was, and what it is held for."""

    channel: str
    raw: Decimal | None
    unit: str
    is_in_unit: bool
    device: Flag | None
    reason: str
    as_sent: str
    flag: Flag = Flag.NOT_EVALUATED
    tests: int = 0
    is_code: bool = False
    """Whether the raw value is a code for “no value”."""

    @property
    def number(self) -> float:
        """The raw value as a float, NaN for none, a code for none, or one in another unit."""
        if self.raw is None or self.is_code or not self.is_in_unit:
            return math.nan
        return float(self.raw)


@dataclass(slots=True)
class JudgedFrame:
    """A frame and its values; final once the quality tests have no more to say."""

    number: int
    at: datetime
    time_us: int
    raw: bytes
    values: dict[str, JudgedValue]
    repeated: list[ArrivedValue] = field(default_factory=list)
    is_final: bool = False


class SensorJudge:
    """Judges the frames of one sensor in their order."""

    def __init__(self, sensor: SensorDetail) -> None:
        self._sensor = sensor
        self._units = {item.channel: item.unit for item in sensor.channels}
        self._rules = sensor_rules(sensor)
        self._judges: dict[frozenset[str], RowJudge] = {}
        self._pending: dict[frozenset[str], JudgedFrame] = {}
        self._count = 0

    def meet(self, sensor: SensorDetail) -> None:
        """Take in that the sensor has more channels than before."""
        self._sensor = sensor
        self._units = {item.channel: item.unit for item in sensor.channels}
        self._rules = sensor_rules(sensor)

    def push(self, arrived: Arrived) -> JudgedFrame:
        """Take the next frame; the one before of its kind becomes final."""
        frame = self._frame(arrived)
        kind = frozenset(frame.values)
        if not kind:
            frame.is_final = True
            return frame
        judgement = self._judge_of(kind).push(self._row(frame))
        before = self._pending.get(kind)
        if before is not None and judgement is not None:
            _settle(before, judgement)
        self._pending[kind] = frame
        return frame

    def settle(self) -> None:
        """Make every frame final as it stands: nothing follows, or not for long."""
        for kind in list(self._pending):
            judgement = self._judges[kind].finish()
            frame = self._pending.pop(kind)
            if judgement is not None:
                _settle(frame, judgement)

    def latest(self, frame: JudgedFrame) -> tuple[dict[str, tuple[Flag, tuple[Reason, ...]]], bool]:
        """Give flags and reasons of a frame just pushed, and whether the next may revise them."""
        kind = frozenset(frame.values)
        if self._pending.get(kind) is not frame:
            return {}, False
        judgement = self._judges[kind].latest
        flags = {
            name: (_with_device(frame.values[name], judged)[0], judged.reasons)
            for name, judged in judgement.columns.items()
        }
        return flags, judgement.is_provisional

    def _frame(self, arrived: Arrived) -> JudgedFrame:
        self._count += 1
        values: dict[str, JudgedValue] = {}
        repeated: list[ArrivedValue] = []
        for item in arrived.values:
            if item.channel in values or item.channel not in self._units:
                repeated.append(item)
                continue
            in_unit = item.unit == self._units[item.channel]
            values[item.channel] = JudgedValue(
                item.channel,
                item.value,
                item.unit,
                in_unit,
                _DEVICE.get(item.flag, Flag.SUSPECT),
                item.reason,
                item.as_sent,
            )
        time_us = us_of_time(arrived.at)
        return JudgedFrame(self._count, arrived.at, time_us, arrived.raw, values, repeated)

    def _row(self, frame: JudgedFrame) -> Row:
        read = {name: self._read(value) for name, value in frame.values.items()}
        return Row(frame.number, frame.time_us, "", read)

    def _read(self, value: JudgedValue) -> ReadValue:
        if value.raw is None:
            return ReadValue(math.nan, value.as_sent, "empty")
        if not value.is_in_unit:
            return ReadValue(math.nan, f"{value.raw} {value.unit}")
        missing = self._rules.columns.get(value.channel, ColumnRules()).missing
        read = name_missing(float(value.raw), text=str(value.raw), sentinels=missing)
        value.is_code = bool(read.reason)
        return read

    def _judge_of(self, kind: frozenset[str]) -> RowJudge:
        if kind not in self._judges:
            rules = {
                name: _without_others(self._rules.columns[name], kind)
                for name in kind
                if name in self._rules.columns
            }
            self._judges[kind] = RowJudge(
                RuleSet(rules),
                columns=tuple(sorted(kind)),
                interval_s=self._sensor.interval_ms / 1000,
            )
        return self._judges[kind]


def sensor_rules(sensor: SensorDetail) -> RuleSet:
    """Give the rules of a sensor's channels: adopted ones, else those that Teak proposes.

    Proposals are held to the channel's resolution; adopted rules count as they are.
    """
    proposed = load_proposed_rules().columns
    columns: dict[str, ColumnRules] = {}
    for item in sensor.channels:
        if item.rules is not None:
            columns[item.channel] = read_rules({item.channel: item.rules}).columns[item.channel]
        elif item.channel in proposed:
            columns[item.channel] = respect_resolution(
                proposed[item.channel], resolution_of(sensor, item)
            )
    return RuleSet(columns)


def resolution_of(sensor: SensorDetail, channel: ChannelDetail) -> float | None:
    """Give the step by which a channel's values can change: as registered, else as documented."""
    if channel.resolution:
        return float(channel.resolution)
    return documented_resolution(sensor.protocol, channel.channel)


def _without_others(rules: ColumnRules, kind: frozenset[str]) -> ColumnRules:
    """Leave out the tests across channels whose other channel is not in the frame."""
    if set(rules.other_columns) <= kind:
        return rules
    return ColumnRules(
        rules.gross_range,
        rules.spike,
        rules.rate_of_change,
        rules.flat_line,
        rules.gap,
        rules.not_above if rules.not_above and rules.not_above.column in kind else None,
        rules.wind_consistency
        if rules.wind_consistency and rules.wind_consistency.direction in kind
        else None,
        rules.agreement if rules.agreement and set(rules.agreement.columns) <= kind else None,
        rules.missing,
    )


def _settle(frame: JudgedFrame, judgement: RowJudgement) -> None:
    for name, judged in judgement.columns.items():
        value = frame.values[name]
        value.flag, value.tests = _with_device(value, judged)
    frame.is_final = True


def _with_device(value: JudgedValue, judged: ColumnJudgement) -> tuple[Flag, int]:
    """Join what the tests found with the device's own word and the unit."""
    mask = 0
    for name, flag in judged.tests.items():
        if flag not in _HARMLESS:
            mask |= TEST_BITS[name]
    if not value.is_in_unit and value.raw is not None:
        mask = TEST_BITS["unit"]
        flags = [Flag.SUSPECT]
    else:
        flags = [judged.flag]
    if value.device is not None:
        mask |= TEST_BITS["device"]
        flags.append(value.device)
    return combine_flags(flags), mask

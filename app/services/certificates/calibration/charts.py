"""The charts of a calibration certificate: the line, its residuals, errors before and after.

Owns drawing them as PDF operators; the figures are the statement's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.services.certificates.calibration import wording
from app.services.certificates.calibration.statement import CalibrationStatement, ResultLine
from app.services.certificates.palette import (
    INK,
    LEAF,
    LEFT,
    LINE,
    MUTED,
    TEAK,
    TEAK_TINT,
    TEXT_WIDTH,
    operands,
)
from app.services.certificates.sheet import Sheet
from app.services.certificates.wording import Language

HEIGHT = 201.0
_GAP = 22.0
_WIDTH = (TEXT_WIDTH - _GAP) / 2
_AXIS = 34.0
_TICK_SIZE = 6.2
_MARK = 2.5
_CIRCLE = 0.5523
_TICKS = 5


@dataclass(frozen=True, slots=True)
class _Plot:
    """A frame on the page and the values its edges stand for."""

    x: float
    y: float
    width: float
    height: float
    x_span: tuple[float, float]
    y_span: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        low_x, high_x = self.x_span
        low_y, high_y = self.y_span
        return (
            self.x + (x - low_x) / (high_x - low_x) * self.width,
            self.y + (y - low_y) / (high_y - low_y) * self.height,
        )


def draw_charts(
    sheet: Sheet, statement: CalibrationStatement, top: float, language: Language
) -> None:
    """Draw both charts side by side, downwards from `top`, `HEIGHT` points high."""
    references = [point.reference for point in statement.as_found]
    x_span = _span([*references, *(point.reference for point in statement.as_left)])
    _draw_line(sheet, statement, top, x_span, language)
    _draw_errors(sheet, statement, top, x_span, language)


def _draw_line(
    sheet: Sheet,
    statement: CalibrationStatement,
    top: float,
    x_span: tuple[float, float],
    language: Language,
) -> None:
    unit, line = statement.item.unit, statement.line
    left = LEFT + _AXIS
    readings = [point.reading for point in statement.as_found]
    plot = _Plot(left, top - 112, _WIDTH - _AXIS, 94, x_span, _span([*readings, *x_span]))
    _title(sheet, LEFT, top, f"{wording.CHART_LINE.on_one_line(language)} ({unit})")
    _frame(sheet, plot, x_labels=line is None)
    if line is not None:
        ends = [plot.at(x, line.intercept + line.slope * x) for x in x_span]
        _path(sheet, ends, LEAF, 1.1)
    _path(sheet, [plot.at(x, x) for x in x_span], LINE, 0.7, dash="2 2")
    for point in statement.as_found:
        _mark(sheet, plot.at(point.reference, point.reading), TEAK, filled=True)
    if line is None:
        return
    bars = [
        (point.reference, residual, point.expanded)
        for point, residual in zip(statement.as_found, line.residuals, strict=False)
    ]
    reach = max([abs(value) + half for _, value, half in bars] or [1.0]) * 1.15 or 1.0
    below = _Plot(left, top - 188, _WIDTH - _AXIS, 48, x_span, (-reach, reach))
    _title(sheet, LEFT, top - 122, f"{wording.CHART_RESIDUALS.on_one_line(language)} ± U ({unit})")
    _frame(sheet, below, x_labels=True)
    _path(sheet, [below.at(x, 0.0) for x in x_span], MUTED, 0.5)
    for x, value, half in bars:
        _bar(sheet, below, x, value, half, TEAK)
        _mark(sheet, below.at(x, value), TEAK, filled=True)


def _draw_errors(
    sheet: Sheet,
    statement: CalibrationStatement,
    top: float,
    x_span: tuple[float, float],
    language: Language,
) -> None:
    points = [*statement.as_found, *statement.as_left]
    reach = max(max(abs(p.error) + p.expanded, p.limit, p.tolerance) for p in points) * 1.12 or 1.0
    x = LEFT + _WIDTH + _GAP
    plot = _Plot(x + _AXIS, top - 188, _WIDTH - _AXIS, 170, x_span, (-reach, reach))
    _title(sheet, x, top, f"{wording.CHART_ERRORS.on_one_line(language)} ({statement.item.unit})")
    _band(sheet, plot, statement.as_found or statement.as_left)
    _frame(sheet, plot, x_labels=True)
    _path(sheet, [plot.at(edge, 0.0) for edge in x_span], MUTED, 0.5)
    nudge = (x_span[1] - x_span[0]) * 0.012
    for lines, shift, colour, filled in (
        (statement.as_found, -nudge, TEAK, False),
        (statement.as_left, nudge, LEAF, True),
    ):
        for point in lines:
            _bar(sheet, plot, point.reference + shift, point.error, point.expanded, colour)
            at = plot.at(point.reference + shift, point.error)
            _mark(sheet, at, colour, filled=filled)
    _legend(sheet, plot, language)


def _legend(sheet: Sheet, plot: _Plot, language: Language) -> None:
    y = plot.y + plot.height - 9
    shown: Language = "th" if language == "th" else "en"
    for phrase, colour, filled in (
        (wording.FOUND_SHORT, TEAK, False),
        (wording.LEFT_SHORT, LEAF, True),
    ):
        _mark(sheet, (plot.x + 8, y + 2), colour, filled=filled)
        sheet.text(plot.x + 14, y, phrase.shown(shown)[0], size=_TICK_SIZE, colour=INK)
        y -= 9.5
    sheet.draw(f"{operands(TEAK_TINT)} rg {plot.x + 4:.2f} {y - 0.5:.2f} 8 6 re f")
    sheet.text(plot.x + 14, y, wording.LIMIT_SHORT.shown(shown)[0], size=_TICK_SIZE, colour=INK)


def _band(sheet: Sheet, plot: _Plot, lines: Sequence[ResultLine]) -> None:
    """Draw the limits as a band that follows the references."""
    ordered = sorted(lines, key=lambda point: point.reference)
    limits = [(point.reference, max(point.limit, 0.0)) for point in ordered]
    limits = [
        (plot.x_span[0], limits[0][1]),
        *limits,
        (plot.x_span[1], limits[-1][1]),
    ]
    corners = [plot.at(x, limit) for x, limit in limits]
    corners += [plot.at(x, -limit) for x, limit in reversed(limits)]
    path = " ".join(
        f"{x:.2f} {y:.2f} {'l' if number else 'm'}" for number, (x, y) in enumerate(corners)
    )
    sheet.draw(f"{operands(TEAK_TINT)} rg {path} h f")


def _title(sheet: Sheet, x: float, y: float, text: str) -> None:
    sheet.text(x, y - 9, text, size=7.4, weight="SemiBold", colour=INK)


def _frame(sheet: Sheet, plot: _Plot, *, x_labels: bool) -> None:
    for value in _ticks(plot.y_span, _TICKS):
        _, y = plot.at(plot.x_span[0], value)
        sheet.rule(plot.x, y, plot.x + plot.width, colour=LINE, thickness=0.4)
        text = _tick_text(value, plot.y_span)
        sheet.text(plot.x - 4, y - 2, text, size=_TICK_SIZE, colour=MUTED, align="right")
    for value in _ticks(plot.x_span, _TICKS):
        x, _ = plot.at(value, plot.y_span[0])
        sheet.draw(
            f"{operands(LINE)} RG 0.4 w {x:.2f} {plot.y:.2f} m "
            f"{x:.2f} {plot.y + plot.height:.2f} l S"
        )
        if x_labels:
            text = _tick_text(value, plot.x_span)
            y = plot.y - 9
            sheet.text(x, y, text, size=_TICK_SIZE, colour=MUTED, align="centre")
    sheet.draw(
        f"{operands(MUTED)} RG 0.5 w {plot.x:.2f} {plot.y:.2f} {plot.width:.2f} "
        f"{plot.height:.2f} re S"
    )


def _bar(sheet: Sheet, plot: _Plot, x: float, y: float, half: float, colour: str) -> None:
    low, high = plot.at(x, y - half), plot.at(x, y + half)
    _path(sheet, [low, high], colour, 0.7)
    for cx, cy in (low, high):
        _path(sheet, [(cx - 2, cy), (cx + 2, cy)], colour, 0.7)


def _mark(sheet: Sheet, place: tuple[float, float], colour: str, *, filled: bool) -> None:
    x, y, r = *place, _MARK
    c = r * _CIRCLE
    circle = (
        f"{x + r:.2f} {y:.2f} m "
        f"{x + r:.2f} {y + c:.2f} {x + c:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - c:.2f} {y + r:.2f} {x - r:.2f} {y + c:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - c:.2f} {x - c:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + c:.2f} {y - r:.2f} {x + r:.2f} {y - c:.2f} {x + r:.2f} {y:.2f} c h"
    )
    fill = operands(colour if filled else "#FFFFFF")
    sheet.draw(f"{fill} rg {operands(colour)} RG 0.9 w {circle} B")


def _path(
    sheet: Sheet,
    points: Sequence[tuple[float, float]],
    colour: str,
    thickness: float,
    *,
    dash: str = "",
) -> None:
    moves = " ".join(
        f"{x:.2f} {y:.2f} {'l' if number else 'm'}" for number, (x, y) in enumerate(points)
    )
    broken = f"[{dash}] 0 d " if dash else ""
    sheet.draw(f"{operands(colour)} RG {thickness:g} w {broken}{moves} S")


def _span(values: Sequence[float]) -> tuple[float, float]:
    """Give the span of values with a margin; of one value alone a span about it."""
    low, high = min(values), max(values)
    margin = (high - low) * 0.1 or max(abs(high) * 0.1, 1.0)
    return low - margin, high + margin


def _ticks(span: tuple[float, float], about: int) -> list[float]:
    step = _step(span, about)
    first = math.ceil(span[0] / step)
    return [number * step for number in range(first, math.floor(span[1] / step) + 1)]


def _step(span: tuple[float, float], about: int) -> float:
    rough = (span[1] - span[0]) / about
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= 0.9 * rough)


def _tick_text(value: float, span: tuple[float, float]) -> str:
    step = _step(span, _TICKS)
    digits = max(0, -math.floor(math.log10(step)))
    digits += round(step, digits) != step
    return f"{value:.{digits}f}".replace("-", "−")

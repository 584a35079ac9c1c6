"""The pages of a calibration certificate.

Owns the order of its parts, and head and foot of every page. Must not sign or write the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.services.certificates.art import mark
from app.services.certificates.calibration import wording as words
from app.services.certificates.calibration.charts import HEIGHT, draw_charts
from app.services.certificates.calibration.layout import Cell, Flow, TableColumn
from app.services.certificates.calibration.numbers import number_like, rounded, signed
from app.services.certificates.calibration.statement import CalibrationStatement, ResultLine
from app.services.certificates.line_breaks import wrap
from app.services.certificates.palette import (
    INK,
    LEAF,
    LEFT,
    LINE,
    MIDDLE,
    MUTED,
    RIGHT,
    TEAK,
    TEXT_WIDTH,
)
from app.services.certificates.pdf_fonts import DocumentFonts
from app.services.certificates.sheet import Sheet
from app.services.certificates.wording import CHECK_COMMAND, Language, Phrase
from app.services.certificates.words import day_in_english, day_in_thai

_FAIL = "#B3261E"
_FIRST_TOP = 690.0
_RESULTS = (
    TableColumn(words.REFERENCE, 1.3, "right"),
    TableColumn(words.READING, 1.2, "right"),
    TableColumn(words.COUNT, 0.6, "right"),
    TableColumn(words.ERROR, 1.1, "right"),
    TableColumn(words.EXPANDED, 0.9, "right"),
    TableColumn(words.FACTOR, 0.7, "right"),
    TableColumn(words.TOLERANCE, 1.0, "right"),
    TableColumn(words.VERDICT, 1.2, "right"),
)
_REFERENCES = (
    TableColumn(words.REFERENCE, 1.3),
    TableColumn(words.VALUE, 0.9, "right"),
    TableColumn(words.EXPANDED, 0.6, "right"),
    TableColumn(words.FACTOR, 0.4, "right"),
    TableColumn(words.CERTIFICATE, 1.5),
    TableColumn(words.ISSUER, 1.9),
    TableColumn(words.EXPIRES, 1.0),
    TableColumn(words.TRACEABLE, 2.0),
)


def draw_pages(
    statement: CalibrationStatement,
    fonts: DocumentFonts,
    *,
    fingerprint: str,
    language: Language,
) -> Sequence[Sheet]:
    """Draw all pages in a language setting; `fingerprint` is of the key that signs."""
    flow = Flow(fonts, language)
    _draw_first_head(flow.sheet, statement, language)
    flow.y = _FIRST_TOP
    _item(flow, statement)
    _method(flow, statement)
    _references(flow, statement)
    _results(flow, statement, words.AS_FOUND, statement.as_found, statement.verdict_as_found)
    _line(flow, statement)
    _results(flow, statement, words.AS_LEFT, statement.as_left, statement.verdict_as_left)
    flow.gap(12)
    flow.drawing(HEIGHT, lambda sheet, top: draw_charts(sheet, statement, top, language))
    _statements(flow, statement)
    _signatures(flow, statement, fingerprint)
    _draw_edges(flow.sheets, statement, language)
    return flow.sheets


def _draw_first_head(sheet: Sheet, statement: CalibrationStatement, language: Language) -> None:
    laboratory = Phrase(statement.laboratory.name_th, statement.laboratory.name_en)
    sheet.draw(mark(LEFT + 12, 782, 24, TEAK))
    for place, name in enumerate(laboratory.shown(language)):
        size, weight, colour = (8.0, "Regular", MUTED) if place else (11.0, "SemiBold", INK)
        line = wrap(name, weight, size, TEXT_WIDTH * 0.6)[0]
        sheet.text(LEFT + 32, 784 - 13 * place, line, size=size, weight=weight, colour=colour)
    sheet.text(RIGHT, 784, statement.certificate, size=11, weight="SemiBold", align="right")
    label = words.NUMBER.on_one_line(language)
    sheet.text(RIGHT, 771, label, size=7.2, colour=MUTED, align="right")
    titles = words.TITLE.shown(language)
    for place, title in enumerate(titles):
        size, weight, colour = (10.5, "Regular", MUTED) if place else (20.0, "SemiBold", TEAK)
        sheet.text(
            LEFT,
            (732 if len(titles) > 1 else 722) - 17 * place,
            title,
            size=size,
            weight=weight,
            colour=colour,
        )
    sheet.rule(LEFT, 704, RIGHT, colour=TEAK, thickness=0.9)


def _draw_edges(
    sheets: Sequence[Sheet], statement: CalibrationStatement, language: Language
) -> None:
    """Draw number and page on every page, and the mark that the last one is the last."""
    for number, sheet in enumerate(sheets, start=1):
        if number > 1:
            sheet.draw(mark(LEFT + 8, 788, 16, TEAK))
            title = words.TITLE.on_one_line(language)
            sheet.text(LEFT + 22, 785, title, size=8.4, colour=MUTED)
            sheet.text(RIGHT, 785, statement.certificate, size=9, weight="SemiBold", align="right")
            sheet.rule(LEFT, 774, RIGHT, colour=LINE, thickness=0.6)
        sheet.rule(LEFT, 66, RIGHT, colour=LINE, thickness=0.6)
        sheet.text(LEFT, 53, statement.certificate, size=7.2, colour=MUTED)
        of = Phrase(
            f"หน้า {number} จาก {len(sheets)}", f"Page {number} of {len(sheets)}"
        ).on_one_line(language)
        sheet.text(RIGHT, 53, of, size=7.2, colour=MUTED, align="right")
        if number == len(sheets):
            end = f"— {words.END.on_one_line(language)} —"
            sheet.text(MIDDLE, 53, end, size=7.2, colour=INK, align="centre")


def _item(flow: Flow, statement: CalibrationStatement) -> None:
    item, language = statement.item, flow.language
    flow.heading(words.ITEM)
    span = f"{rounded(item.range_low)} – {rounded(item.range_high)} {item.unit}"
    flow.pairs(
        (
            (words.CUSTOMER, statement.customer),
            (words.PLACE, statement.laboratory.place),
            (words.STATION, f"{item.station} · {item.station_name}"),
            (words.SENSOR, f"{item.sensor} · {item.channel}"),
            (words.MAKER, f"{item.manufacturer} {item.model}".strip()),
            (words.SERIAL, item.serial_number),
            (words.RANGE, span),
            (words.RESOLUTION, f"{rounded(item.resolution)} {item.unit}"),
            (words.CONDITION, item.condition),
            (words.CALIBRATION, statement.calibration),
            (words.CALIBRATED, _day(statement.calibrated_at.date(), language)),
            (words.ISSUED, _day(statement.issued_at.date(), language)),
        )
    )


def _method(flow: Flow, statement: CalibrationStatement) -> None:
    air = statement.conditions
    measured = [
        f"{value:g} {unit}"
        for value, unit in (
            (air.temperature_c, "°C"),
            (air.humidity_percent, "% RH"),
            (air.pressure_hpa, "hPa"),
        )
        if value is not None
    ]
    none = words.NOT_MEASURED.on_one_line(flow.language)
    method = words.PROCEDURES[statement.procedure].on_one_line(flow.language)
    flow.heading(words.METHOD)
    flow.pairs(((words.PROCEDURE, method), (words.AIR, " · ".join(measured) or none)))


def _references(flow: Flow, statement: CalibrationStatement) -> None:
    unit, head = statement.item.unit, words.TRACEABILITY
    flow.heading(Phrase(f"{head.th} ({unit})", f"{head.en} ({unit})"))
    rows = [
        [
            Cell(each.identification, weight="Medium"),
            Cell(number_like(each.value, each.expanded)),
            Cell(rounded(each.expanded)),
            Cell(f"{each.factor:g}"),
            Cell(each.certificate),
            Cell(each.issuer),
            Cell("–" if each.expires_on is None else each.expires_on.isoformat()),
            Cell(each.traceable_to or "–"),
        ]
        for each in statement.references
    ]
    flow.table(_REFERENCES, rows)


def _results(
    flow: Flow,
    statement: CalibrationStatement,
    heading: Phrase,
    lines: Sequence[ResultLine],
    verdict: str,
) -> None:
    unit = statement.item.unit
    flow.heading(Phrase(f"{heading.th} ({unit})", f"{heading.en} ({unit})"), keep=70)
    flow.table(_RESULTS, [_result(line, flow.language) for line in lines])
    if verdict:
        said = words.VERDICTS[verdict].on_one_line(flow.language)
        flow.gap(2)
        text = f"{words.OVERALL.on_one_line(flow.language)}: {said}"
        flow.paragraph(text, weight="SemiBold", colour=LEAF if verdict == "pass" else _FAIL)


def _result(line: ResultLine, language: Language) -> list[Cell]:
    said = words.VERDICTS[line.verdict].on_one_line(language) if line.verdict else "–"
    colour = LEAF if line.verdict == "pass" else _FAIL
    return [
        Cell(number_like(line.reference, line.expanded)),
        Cell(number_like(line.reading, line.expanded)),
        Cell(str(line.count)),
        Cell(signed(line.error, line.expanded), weight="Medium"),
        Cell(rounded(line.expanded)),
        Cell(f"{line.factor:.2f}"),
        Cell(number_like(line.limit, line.expanded)),
        Cell(said, colour=colour, weight="SemiBold"),
    ]


def _line(flow: Flow, statement: CalibrationStatement) -> None:
    line, unit = statement.line, statement.item.unit
    if line is None:
        return
    flow.heading(words.LINE)
    flow.pairs(
        (
            (words.SLOPE, _with_u(line.slope, line.u_slope)),
            (words.INTERCEPT, f"{_with_u(line.intercept, line.u_intercept)} {unit}"),
        )
    )
    applied = f"({words.READING.en.lower()} − {line.intercept:.6g}) ÷ {line.slope:.6g}"
    flow.paragraph(f"{words.CORRECTION.on_one_line(flow.language)} = {applied}")
    flow.phrase(words.KEPT[statement.kept_in])
    done = Phrase(statement.adjustment.th, statement.adjustment.en)
    if done.en:
        flow.phrase(done)


def _statements(flow: Flow, statement: CalibrationStatement) -> None:
    percent = f"{100 * statement.coverage:.4g}"
    flow.heading(words.STATEMENTS)
    said = words.UNCERTAINTY
    flow.phrase(Phrase(said.th.format(percent=percent), said.en.format(percent=percent)))
    flow.phrase(words.RULES[statement.decision_rule])
    flow.phrase(words.RELATES)
    flow.phrase(words.WHOLE)
    if statement.remarks or statement.note:
        flow.heading(words.REMARKS)
        for remark in statement.remarks:
            flow.phrase(Phrase(remark.th, remark.en))
        if statement.note:
            flow.paragraph(statement.note)


def _signatures(flow: Flow, statement: CalibrationStatement, fingerprint: str) -> None:
    flow.gap(8)
    flow.need(66)
    said = statement.authoriser_role
    role = Phrase(said.th, said.en).shown(flow.language)[0]
    flow.pairs(
        (
            (words.TECHNICIAN, statement.technician),
            (words.AUTHORISED, f"{statement.authoriser} · {role}"),
        )
    )
    signed_with = words.SIGNED.shown(flow.language)[0]
    flow.paragraph(f"{signed_with}: {fingerprint}", size=6.8, colour=MUTED)
    flow.paragraph(f"{CHECK_COMMAND} {statement.certificate}.pdf", size=6.8, colour=MUTED)


def _with_u(value: float, u: float | None) -> str:
    if u is None:
        return f"{value:.6g}"
    return f"{number_like(value, u)} (u = {rounded(u)})" if u else f"{value:.6g}"


def _day(day: date, language: Language) -> str:
    return Phrase(day_in_thai(day), day_in_english(day)).on_one_line(language)

"""The foot of page one: number, dates, place in the log, seal and code.

Owns what stands below `FOOT_TOP`; must not know the body or the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from app.services.certificates import wording
from app.services.certificates.line_breaks import wrap
from app.services.certificates.palette import (
    INK,
    LEFT,
    MUTED,
    QR_SIZE,
    RIGHT,
    SEAL_SIZE,
    operands,
)
from app.services.certificates.qr import QrCode
from app.services.certificates.sheet import Sheet
from app.services.certificates.statement import Statement, utc_text
from app.services.certificates.wording import Language, Phrase
from app.services.certificates.words import day_in_english, day_in_thai, figures

_TOP = 180.0
_LEFT_WIDTH = 236.0
_QR_BOTTOM = 78.0
_SMALL = 6.6
_SHOWN_DIGITS = 16
# The modules of the code are random (packed and signed bytes), so that no mask pattern is
# better than another; trying all eight would take most of the time of a certificate.
_MASK = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves the certificate on paper: the code, and the fingerprint of the key."""

    code: QrCode
    key_fingerprint: str


def draw_foot(
    sheet: Sheet, statement: Statement, proof: Proof, seal_form: str, language: Language
) -> None:
    """Draw the foot of page one."""
    _draw_number_and_dates(sheet, statement, language)
    _draw_place_in_log(sheet, statement, proof, language)
    sheet.place(seal_form, RIGHT - QR_SIZE - SEAL_SIZE - 17, _QR_BOTTOM + (QR_SIZE - SEAL_SIZE) / 2)
    _draw_code(sheet, proof.code, language)


def _draw_number_and_dates(sheet: Sheet, statement: Statement, language: Language) -> None:
    y = _TOP
    sheet.text(LEFT, y, wording.CERTIFICATE.on_one_line(language), size=7.6, colour=MUTED)
    y -= 14.5
    for line in wrap(statement.certificate, "SemiBold", 11, _LEFT_WIDTH)[:2]:
        sheet.text(LEFT, y, line, size=11, weight="SemiBold")
        y -= 13
    y -= 5
    sheet.text(LEFT, y, wording.CANCELLED_ON.on_one_line(language), size=7.6, colour=MUTED)
    y -= 14.5
    day = statement.cancelled_on
    width = sheet.text(LEFT, y, day.isoformat(), size=11, weight="SemiBold")
    days = Phrase(day_in_thai(day), day_in_english(day)).shown(language)
    for place, text in enumerate(days):
        if place == 0:
            sheet.text(LEFT + width + 8, y, text, size=9)
        else:
            y -= 12.5
            sheet.text(LEFT, y, text, size=9)


def _draw_place_in_log(
    sheet: Sheet, statement: Statement, proof: Proof, language: Language
) -> None:
    facts = (
        (
            (wording.TRANSACTION, statement.transaction),
            (wording.ACCOUNT, statement.holder.account),
        ),
        (
            (wording.LOG_ENTRY, figures(statement.log.entry)),
            (wording.LEAF, f"{statement.log.leaf[:_SHOWN_DIGITS]}…"),
        ),
        ((wording.KEY, f"{proof.key_fingerprint[:_SHOWN_DIGITS]}…"),),
        ((wording.ISSUED, utc_text(statement.issued_at)),),
    )
    # Both languages side by side would be wider than the column: the labels are English there.
    shown: Language = "th" if language == "th" else "en"
    y = 101.0
    for line in facts:
        text = "  ·  ".join(f"{phrase.shown(shown)[0]} {value}" for phrase, value in line if value)
        for part in wrap(text, "Regular", _SMALL, _LEFT_WIDTH)[:2]:
            sheet.text(LEFT, y, part, size=_SMALL, colour=MUTED)
            y -= 9.6


def _draw_code(sheet: Sheet, code: QrCode, language: Language) -> None:
    x, y = RIGHT - QR_SIZE, _QR_BOTTOM
    sheet.draw(_code_operators(code, x, y))
    for place, text in enumerate((wording.CHECK.on_one_line(language), wording.CHECK_COMMAND)):
        height = y - 11 - 9.6 * place
        sheet.text(x + QR_SIZE / 2, height, text, size=_SMALL, colour=MUTED, align="centre")


def _code_operators(code: QrCode, x: float, y: float) -> str:
    import segno

    matrix = segno.make_qr(code.text, error=code.error_level, boost_error=False, mask=_MASK).matrix
    count = len(matrix)
    module = QR_SIZE / count
    parts = [f"{operands(INK)} rg {module:.5f} 0 0 {module:.5f} {x:.2f} {y:.2f} cm"]
    for row, modules in enumerate(matrix):
        height = count - 1 - row
        start = 0
        for dark, length in _lengths(modules):
            if dark:
                parts.append(f"{start} {height} {length} 1 re")
            start += length
    return " ".join([*parts, "f"])


def _lengths(modules: bytearray) -> list[tuple[bool, int]]:
    return [(dark == 1, len(list(group))) for dark, group in groupby(modules)]

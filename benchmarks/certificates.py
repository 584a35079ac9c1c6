"""Certificates a second, against plain reportlab drawing a page of the same words and code.

The rival writes the lines of our page with an embedded font and draws a QR code of the same
text, as thriftily as ours; it shapes nothing, signs nothing, attaches nothing, proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.models.resource_files import resource_path
from app.services.certificates.certificate import make_certificate
from app.services.certificates.qr import qr_code
from app.services.certificates.signing import sign_statement
from app.services.certificates.statement import (
    Holder,
    LogPlace,
    Registry,
    SerialRange,
    Statement,
    statement_bytes,
)
from benchmarks.measuring import Aim, Ratio, Scale, interleave, rate

_AIM = Aim(least=0.8)
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_FONT = "Sarabun-Regular"
_LINE = 14
_CODE_SIZE = 102.0


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:  # noqa: ARG001 (no file is written)
    """Compare the speed for certificates of one range and of a second page full of them."""
    pdfmetrics.registerFont(TTFont(_FONT, resource_path("fonts", "sarabun", f"{_FONT}.ttf")))
    for count, name in ((1, "one range, one page"), (40, "40 ranges, two pages")):
        statement = _statement(count)
        draw_plain = _plain(statement)

        def ours(statement: Statement = statement) -> None:
            for _ in range(scale.certificates):
                make_certificate(statement, _KEY)

        def theirs(draw: Callable[[], bytes] = draw_plain) -> None:
            for _ in range(scale.certificates):
                draw()

        pair = interleave(ours, theirs, scale.repeats)
        done = scale.certificates
        yield Ratio(
            f"certificates, ours / plain reportlab: {name}",
            pair.speeds(),
            f"{done} a repeat; {rate(done, pair.ours)} against {rate(done, pair.theirs)}",
            _AIM,
        )


def _plain(statement: Statement) -> Callable[[], bytes]:
    """Make the rival for a statement: one call draws one document."""
    pages = PdfReader(BytesIO(make_certificate(statement, _KEY))).pages
    words = [page.extract_text().splitlines() for page in pages]
    signature = sign_statement(_KEY, statement_bytes(statement))
    code = qr_code(statement, signature, lambda short: sign_statement(_KEY, short))

    def draw() -> bytes:
        target = BytesIO()
        canvas = Canvas(target, pagesize=A4, pageCompression=1)
        for page in words:
            _draw_words(canvas, page)
            if page is words[0]:
                _draw_code(canvas, code.text, code.error_level)
            canvas.showPage()
        canvas.save()
        return target.getvalue()

    return draw


def _draw_words(canvas: Canvas, lines: Sequence[str]) -> None:
    canvas.setFont(_FONT, 10)
    for number, line in enumerate(lines, start=3):
        canvas.drawString(60, A4[1] - number * _LINE, line)


def _draw_code(canvas: Canvas, text: str, level: str) -> None:
    rows = segno.make_qr(text, error=level, boost_error=False, mask=0).matrix
    module = _CODE_SIZE / len(rows)
    path = canvas.beginPath()
    for row_number, row in enumerate(rows):
        column = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                left, bottom = 60 + column * module, 60 - row_number * module
                path.rect(left, bottom, length * module, module)
            column += length
    canvas.drawPath(path, stroke=0, fill=1)


def _statement(ranges: int) -> Statement:
    serials = tuple(
        SerialRange(
            serial=f"TH-TER-14-0042-2024--{start}-{start + 999}",
            start=start,
            end=start + 999,
            project="0042",
            project_name="Ban Huai Sak Community Forest",
            project_type="Forestry",
            vintage=2024,
        )
        for start in range(1, 2_000 * ranges, 2_000)
    )
    return Statement(
        certificate="TH-OC-2026-000001",
        transaction="TH731",
        registry=Registry("sample", "TH", "Sample Carbon Credit Registry", "ทะเบียนคาร์บอนตัวอย่าง"),
        holder=Holder("TH-100-1042-0-52", "Green Thai Co., Ltd.", "บริษัท กรีนไทย จำกัด"),
        beneficiary="Bangkok Half Marathon · กรุงเทพฮาล์ฟมาราธอน",
        purpose="Race of 2569",
        unit_type="TER",
        measure="tCO2e",
        quantity=sum(each.quantity for each in serials),
        serials=serials,
        cancelled_on=date(2026, 11, 20),
        completed_at=datetime(2026, 11, 20, 4, 12, 9, tzinfo=UTC),
        issued_at=datetime(2026, 11, 20, 4, 15, tzinfo=UTC),
        log=LogPlace(1204331, "9f86d081" * 8),
    )

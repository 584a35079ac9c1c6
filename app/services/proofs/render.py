"""A proof report as a PDF in English or Thai.

Owns the layout of its pages; words are in `wording`, figures in `report`. Drawn with the type and
the tools of the certificates, never signed: what it says can be worked out anew by anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from app.models.errors import UsageError
from app.services.certificates.art import mark
from app.services.certificates.line_breaks import wrap
from app.services.certificates.palette import (
    INK,
    LEAF,
    LINE,
    MUTED,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    TEAK,
    operands,
)
from app.services.certificates.paths import rectangle, svg_path
from app.services.certificates.pdf_file import Description, write_pdf
from app.services.certificates.pdf_fonts import DocumentFonts
from app.services.certificates.sheet import Align, Sheet
from app.services.certificates.typefaces import printable
from app.services.certificates.wording import Language, Phrase
from app.services.proofs import wording
from app.services.proofs.report import ENDS, ProofReport

_LEFT, _RIGHT = 60.0, PAGE_WIDTH - 60.0
_WIDTH = _RIGHT - _LEFT
_TOP, _BOTTOM = PAGE_HEIGHT - 58.0, 62.0
_RED, _RED_TINT, _LEAF_TINT = "#B3261E", "#FBE7E5", "#E3F0EA"
_CODE_SIZE = 104.0
_CHECK = "M20 6 9 17l-5-5"
_CROSS = ("M18 6 6 18", "m6 6 12 12")
_TAGS = {"th": "th-TH", "en": "en-GB"}


def render_proof(report: ProofReport, language: str) -> bytes:
    """Draw the report; `language` is en or th, UsageError for another."""
    if language not in _TAGS:
        raise UsageError(f"A proof cannot be written in {language!r}.", hint="Say en or th.")
    chosen: Language = "th" if language == "th" else "en"
    pages = _Pages(report, chosen)
    pages.draw()
    name = Phrase(report.name_th, report.name_en).on_one_line(chosen)
    return write_pdf(
        pages.sheets,
        fonts=pages.fonts,
        forms={},
        attachments=(),
        description=Description(
            title=printable(f"{wording.TITLE.on_one_line(chosen)} · {name}"),
            author=printable(name),
            subject=printable(wording.moment(report.made_at).on_one_line(chosen)),
            keywords=report.verification.root,
            language=_TAGS[language],
            created_at=report.made_at,
        ),
    )


class _Pages:
    """Pages being filled from the top; what does not fit begins the next."""

    def __init__(self, report: ProofReport, language: Language) -> None:
        self._report = report
        self._language = language
        self._leading = 1.6 if language == "th" else 1.42
        self.fonts = DocumentFonts()
        self.sheets: list[Sheet] = []
        self._y = 0.0
        self._next_page()

    @property
    def _sheet(self) -> Sheet:
        return self.sheets[-1]

    def draw(self) -> None:
        """Draw all pages."""
        self._draw_head()
        self._draw_verdict()
        self._heading(wording.UNITS)
        self._draw_balances()
        self._paragraph(wording.balances_say(self._report))
        if self._report.holds:
            self._heading(wording.SERIALS)
            self._draw_serials()
            self._paragraph(wording.serials_say(self._report))
        for section in wording.sections(self._report):
            self._heading(section.heading)
            for sentence in section.sentences:
                self._paragraph(sentence)
        self._heading(wording.SCOPE)
        for sentence in wording.scope(self._report):
            self._paragraph(sentence)
        self._draw_checkpoint()
        self._number_pages()

    def _say(self, phrase: Phrase) -> str:
        return phrase.shown(self._language)[0]

    def _next_page(self) -> None:
        self.sheets.append(Sheet(self.fonts))
        self._y = _TOP
        if len(self.sheets) > 1:
            name = self._say(Phrase(self._report.name_th, self._report.name_en))
            self._sheet.draw(mark(_LEFT + 8, _TOP + 12, 15, TEAK))
            self._sheet.text(_LEFT + 22, _TOP + 9, name, size=8.5, colour=MUTED)
            title = self._say(wording.TITLE)
            self._sheet.text(_RIGHT, _TOP + 9, title, size=8.5, colour=MUTED, align="right")
            self._sheet.rule(_LEFT, _TOP, _RIGHT, colour=LINE, thickness=0.6)
            self._y = _TOP - 10

    def _need(self, height: float) -> None:
        if self._y - height < _BOTTOM:
            self._next_page()

    def _draw_head(self) -> None:
        report = self._report
        self._sheet.draw(mark(_LEFT + 13, self._y - 4, 26, TEAK))
        names = Phrase(report.name_th, report.name_en).shown("both")
        first, second = names if self._language == "th" else tuple(reversed(names))
        self._sheet.text(_LEFT + 36, self._y, first, size=11.5, weight="SemiBold")
        self._sheet.text(_LEFT + 36, self._y - 15, second, size=8.6, colour=MUTED)
        self._y -= 62
        self._sheet.text(_LEFT, self._y, self._say(wording.TITLE), size=24, weight="SemiBold")
        self._y -= 20 if self._language == "en" else 24
        said = self._say(wording.moment(report.made_at))
        self._sheet.text(_LEFT, self._y, said, size=9.6, colour=MUTED)
        self._y -= 22

    def _draw_verdict(self) -> None:
        holds = self._report.holds
        colour, tint = (LEAF, _LEAF_TINT) if holds else (_RED, _RED_TINT)
        said = self._say(wording.verdict(self._report))
        lines = wrap(said, "Regular", 9.8, _WIDTH - 66)
        step = 9.8 * self._leading
        height = 42 + step * len(lines)
        self._need(height)
        area = rectangle(_LEFT, self._y - height, _WIDTH, height)
        self._sheet.draw(f"{operands(tint)} rg {area} f")
        bar = rectangle(_LEFT, self._y - height, 3.2, height)
        self._sheet.draw(f"{operands(colour)} rg {bar} f")
        self._draw_sign(_LEFT + 29, self._y - 25, 20, colour, is_good=holds)
        title = self._say(wording.HOLDS if holds else wording.FAILS)
        self._sheet.text(
            _LEFT + 50, self._y - 26, title, size=13.5, weight="SemiBold", colour=colour
        )
        y = self._y - 31
        for line in lines:
            y -= step
            self._sheet.text(_LEFT + 50, y, line, size=9.8)
        self._y -= height + 8

    def _draw_sign(self, x: float, y: float, size: float, colour: str, *, is_good: bool) -> None:
        scale = size / 24
        paths = " ".join(f"{svg_path(data)} S" for data in ((_CHECK,) if is_good else _CROSS))
        self._sheet.draw(
            f"{operands(colour)} RG 2.6 w 1 J 1 j {scale:.4f} 0 0 {-scale:.4f} "
            f"{x - size / 2:.2f} {y + size / 2:.2f} cm {paths}"
        )

    def _heading(self, phrase: Phrase) -> None:
        self._need(74)
        self._y -= 24
        self._sheet.text(_LEFT, self._y, self._say(phrase), size=12.4, weight="SemiBold")
        self._y -= 6

    def _paragraph(self, phrase: Phrase, *, width: float = _WIDTH, size: float = 9.6) -> None:
        step = size * self._leading
        lines = wrap(self._say(phrase), "Regular", size, width)
        for line in lines:
            self._need(step)
            self._y -= step
            self._sheet.text(_LEFT, self._y, line, size=size)
        self._y -= 4

    def _draw_balances(self) -> None:
        places = (_LEFT, 158.0, 220.0, 302.0, 364.0, 421.0, 480.0, _RIGHT)
        if not self._report.balances:
            return
        self._row_of_heads(wording.BALANCE_COLUMNS, places)
        for item in self._report.balances:
            figures = (item.issued, item.received, *(getattr(item, end) for end in ENDS))
            self._row((item.unit_type, *(f"{figure:,}" for figure in figures)), places)
            self._sheet.text(
                240, self._y + 6.4, "=" if item.is_balanced else "≠", size=10,
                colour=LEAF if item.is_balanced else _RED, align="centre",
            )  # fmt: skip
        self._y -= 2

    def _draw_serials(self) -> None:
        if not self._report.serials:
            return
        places = (_LEFT, 220.0, 350.0, _RIGHT)
        self._row_of_heads(wording.SERIAL_COLUMNS, places)
        for item in self._report.serials:
            figures = (item.series, item.ranges, item.serials)
            self._row((item.unit_type, *(f"{figure:,}" for figure in figures)), places)
        self._y -= 2

    def _row_of_heads(self, heads: Sequence[Phrase], places: Sequence[float]) -> None:
        self._need(40)
        self._y -= 17
        for place, (head, x) in enumerate(zip(heads, places, strict=True)):
            align: Align = "right" if place else "left"
            self._sheet.text(x, self._y + 4, self._say(head), size=8, colour=MUTED, align=align)
        self._sheet.rule(_LEFT, self._y - 2, _RIGHT, colour=LINE, thickness=0.7)
        self._y -= 2

    def _row(self, cells: Sequence[str], places: Sequence[float]) -> None:
        self._need(19)
        self._y -= 19
        for place, (cell, x) in enumerate(zip(cells, places, strict=True)):
            weight = "Regular" if place else "SemiBold"
            align: Align = "right" if place else "left"
            colour = MUTED if cell == "0" else INK
            self._sheet.text(
                x, self._y + 6.4, cell, size=9.6, weight=weight, align=align, colour=colour
            )
        self._sheet.rule(_LEFT, self._y, _RIGHT, colour=LINE, thickness=0.5)

    def _draw_checkpoint(self) -> None:
        self._need(_CODE_SIZE + 60)
        self._heading(wording.CHECKPOINT)
        top = self._y
        width = _WIDTH - (_CODE_SIZE + 24 if self._report.checkpoint else 0)
        self._paragraph(wording.checkpoint_says(self._report), width=width)
        if not self._report.checkpoint:
            return
        self._y -= 4
        for line in self._report.checkpoint.rstrip("\n").split("\n"):
            for part in wrap(line, "Regular", 7.6, width) or [""]:
                self._y -= 10.4
                self._sheet.text(_LEFT, self._y, part, size=7.6, colour=MUTED)
        self._draw_code(_RIGHT - _CODE_SIZE, top - _CODE_SIZE - 6)
        self._y = min(self._y, top - _CODE_SIZE - 10)

    def _draw_code(self, x: float, y: float) -> None:
        import segno

        made = segno.make_qr(self._report.checkpoint, error="m", boost_error=False)
        modules = made.matrix
        count = len(modules)
        size = _CODE_SIZE / count
        parts = [f"{operands(INK)} rg {size:.5f} 0 0 {size:.5f} {x:.2f} {y:.2f} cm"]
        for row, cells in enumerate(modules):
            start = 0
            for dark, run in groupby(cells):
                length = len(list(run))
                if dark:
                    parts.append(f"{start} {count - 1 - row} {length} 1 re")
                start += length
        self._sheet.draw(" ".join([*parts, "f"]))

    def _number_pages(self) -> None:
        for number, sheet in enumerate(self.sheets, start=1):
            text = f"{self._say(wording.PAGE)} {number} / {len(self.sheets)}"
            sheet.text(_RIGHT, 36, text, size=7.6, colour=MUTED, align="right")
            sheet.text(_LEFT, 36, self._report.registry_id, size=7.6, colour=MUTED)

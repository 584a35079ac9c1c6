"""The fonts inside a certificate: just the glyphs it shows, embedded.

Owns the numbers under which a document's glyphs are written and the font objects that explain
them: composite fonts (ISO 32000-1, 9.7) with a subset of the face, its widths and a table
back to text, so that what is copied or searched is what was written. Must not lay out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import uharfbuzz

from app.services.certificates.typefaces import Face, Glyph, Run, ShapedText, face

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObjectReference, PDFStream

_LAYOUT_TABLES = ("GDEF", "GPOS", "GSUB", "OS/2", "cmap", "gasp", "name", "post", "STAT", "BASE")
_OTHER_TABLES = ("vhea", "vmtx", "DSIG", "VORG", "kern", "hdmx", "VDMX", "LTSH")


class UsedGlyphs:
    """The glyphs one document shows of one face, numbered in order of first use.

    A glyph that stands for two different texts, or is given two widths, gets two numbers.
    """

    def __init__(self, opened: Face, resource_name: str) -> None:
        self.face = opened
        self.resource_name = resource_name
        self._numbers: dict[tuple[int, str, int], int] = {}

    def number(self, glyph: int, text: str, width: int) -> int:
        """Return the character identifier of a glyph that stands for a text, `width` wide."""
        return self._numbers.setdefault((glyph, text, width), len(self._numbers) + 1)

    def add_to(self, document: PDFDocument) -> PDFObjectReference:
        """Write the font's objects into the document and return the reference to it."""
        from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary

        subset, new_numbers = self._subset()
        tag = _tag(subset + repr(sorted(self._numbers)).encode("utf-8"))
        base = f"/{tag}+{self.face.name}"
        places = b"".join(
            new_numbers[glyph].to_bytes(2, "big") for glyph in (0, *self._glyphs_in_order())
        )
        descendant = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": base,
                "CIDSystemInfo": "<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
                "FontDescriptor": document.Reference(
                    _descriptor(self.face, base, document, subset)
                ),
                "DW": 1000,
                "W": PDFArray([1, PDFArray([width for _, _, width in self._numbers])]),
                "CIDToGIDMap": document.Reference(_stream(places)),
            }
        )
        font = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": base,
                "Encoding": "/Identity-H",
                "DescendantFonts": PDFArray([document.Reference(descendant)]),
                "ToUnicode": document.Reference(_stream(self._to_unicode())),
            }
        )
        return document.Reference(font)

    def _glyphs_in_order(self) -> list[int]:
        return [glyph for glyph, _, _ in self._numbers]

    def _subset(self) -> tuple[bytes, dict[int, int]]:
        wanted = uharfbuzz.SubsetInput()
        wanted.glyph_set.update({0, *self._glyphs_in_order()})
        wanted.flags = uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.drop_table_tag_set.update(_dropped_tables())
        plan = uharfbuzz.SubsetPlan(_prepared(self.face.name), wanted)
        return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)

    def _to_unicode(self) -> bytes:
        pairs = [(number, text) for (_, text, _), number in self._numbers.items()]
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        for start in range(0, len(pairs), 100):
            part = pairs[start : start + 100]
            lines.append(f"{len(part)} beginbfchar")
            lines += [f"<{number:04X}> <{_utf16(text)}>" for number, text in part]
            lines.append("endbfchar")
        lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
        return "\n".join(lines).encode("ascii")


class DocumentFonts:
    """All faces one document uses."""

    def __init__(self) -> None:
        self._used: dict[str, UsedGlyphs] = {}

    def show(self, shaped: ShapedText, size: float, *, before: float = 0.0) -> str:
        """Write the operators that show a shaped text at a size, from the current place on.

        `before` moves right first, in points.
        """
        return " ".join(
            self._show_run(run, size, 0.0 if place else before)
            for place, run in enumerate(shaped.runs)
        )

    def add_to(self, document: PDFDocument) -> None:
        """Write every used font into the document's font resources."""
        resources = document.idToObject["BasicFonts"].dict
        for used in self._used.values():
            resources[used.resource_name] = used.add_to(document)

    def _show_run(self, run: Run, size: float, before: float) -> str:
        used = self._used.get(run.face)
        if used is None:
            used = UsedGlyphs(face(run.face), f"T{len(self._used) + 1}")
            self._used[run.face] = used
        line = _ShownLine(used, size, owed=-before * 1000 / size)
        for cluster in _clusters(run.glyphs):
            if len(cluster) > 1:
                # Readers that take a glyph without text for an error find the text here.
                line.break_off(f"/Span <</ActualText <FEFF{_utf16(cluster[0].text)}>>> BDC")
            for glyph in cluster:
                line.add(glyph)
            if len(cluster) > 1:
                line.break_off("EMC")
        return line.finished()


class _ShownLine:
    """Glyphs as TJ operators; `owed` is how far the pen stands right of where it should."""

    def __init__(self, used: UsedGlyphs, size: float, *, owed: float) -> None:
        self._used, self._size, self._owed = used, size, owed
        self._rise = 0.0
        self._parts = [f"/{used.resource_name} {size:g} Tf ["]

    def add(self, glyph: Glyph) -> None:
        if glyph.y_offset != self._rise:
            self._rise = glyph.y_offset
            self.break_off(f"{self._rise * self._size / 1000:.3f} Ts")
        # A TJ number moves left, in thousandths of the size.
        shift = round(self._owed - glyph.x_offset)
        # A mark set back says it is as wide as the way forward again: were that way a TJ
        # number instead, readers of the text would take it for a space.
        width = round(glyph.width if glyph.x_offset > -1 else glyph.advance - glyph.x_offset)
        number = self._used.number(glyph.number, glyph.text, width)
        self._parts.append(f"{shift or ''}<{number:04X}>")
        self._owed += width - glyph.advance - shift

    def break_off(self, operator: str) -> None:
        self._parts.append(f"] TJ {operator} [")

    def finished(self) -> str:
        rest = round(self._owed)
        return "".join([*self._parts, str(rest or ""), "] TJ 0 Ts" if self._rise else "] TJ"])


def _clusters(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    cluster: list[Glyph] = []
    for glyph in glyphs:
        if glyph.text and cluster:
            yield cluster
            cluster = []
        cluster.append(glyph)
    if cluster:
        yield cluster


@cache
def _prepared(name: str) -> uharfbuzz.Face:
    return uharfbuzz.subset_preprocess(face(name).face)


@cache
def _dropped_tables() -> frozenset[int]:
    return frozenset(
        int.from_bytes(tag.encode("ascii"), "big") for tag in _LAYOUT_TABLES + _OTHER_TABLES
    )


def _descriptor(opened: Face, base: str, document: PDFDocument, subset: bytes) -> object:
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary

    head = bytes(opened.face.reference_table("head").data)
    scale = 1000 / opened.units
    box = [
        round(int.from_bytes(head[place : place + 2], "big", signed=True) * scale)
        for place in (36, 38, 40, 42)
    ]
    extents = opened.font.get_font_extents("ltr")
    file = _stream(subset)
    file.dictionary["Length1"] = len(subset)
    return PDFDictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": base,
            "Flags": 4,
            "FontBBox": PDFArray(box),
            "ItalicAngle": 0,
            "Ascent": round(extents.ascender * scale),
            "Descent": round(extents.descender * scale),
            "CapHeight": 700,
            "StemV": 80,
            "FontFile2": document.Reference(file),
        }
    )


def _stream(content: bytes) -> PDFStream:
    from reportlab.pdfbase.pdfdoc import PDFStream, PDFZCompress

    return PDFStream(content=content, filters=[PDFZCompress])


def _tag(content: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(content).digest()[:8], "big")
    letters = ""
    for _ in range(6):
        number, rest = divmod(number, 26)
        letters += chr(ord("A") + rest)
    return letters


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()

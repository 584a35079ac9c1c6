"""Type of the certificates: Sarabun, and a fallback for Chinese names, shaped by HarfBuzz.

Owns the faces and the way from a text to placed glyphs. Must not know pages or PDF. Nothing
is ever left to a box or a blank: a character no face has is written as its code, `[U+1F333]`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

import uharfbuzz

from app.models.resource_files import resource_path

_FALLBACK = "NotoSansSC-Medium"
_FEATURES = {"kern": True, "liga": True, "mark": True, "mkmk": True}


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font file, opened: `name` is its PostScript name, `unicodes` what it can write."""

    name: str
    face: uharfbuzz.Face
    font: uharfbuzz.Font
    unicodes: frozenset[int]

    @property
    def units(self) -> int:
        """Units of one em."""
        return int(self.face.upem)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph in its place, in thousandths of the size; `text` is what it stands for.

    `width` is the glyph's own advance, `advance` the one here. Where several glyphs write one
    cluster, the first carries the cluster's text and the others an empty one.
    """

    number: int
    text: str
    width: float
    advance: float
    x_offset: float
    y_offset: float


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one face, left to right."""

    face: str
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class ShapedText:
    """A text made into glyphs; `width` in thousandths of the size."""

    runs: tuple[Run, ...]
    width: float


@cache
def face(name: str) -> Face:
    """Open a face by its PostScript name, once a process; the file is mapped, not read."""
    family = "sarabun" if name.startswith("Sarabun") else "noto-sans-sc"
    blob = uharfbuzz.Blob.from_file_path(str(resource_path("fonts", family, f"{name}.ttf")))
    opened = uharfbuzz.Face(blob)
    return Face(name, opened, uharfbuzz.Font(opened), frozenset(opened.unicodes))


@lru_cache(maxsize=4096)
def shape(text: str, weight: str = "Regular") -> ShapedText:
    """Turn a line of text into placed glyphs: Thai marks stacked, kerned, Chinese by fallback."""
    main = f"Sarabun-{weight}"
    pieces = _by_face(printable(text), main)
    runs = tuple(Run(name, _glyphs(face(name), piece)) for name, piece in pieces)
    return ShapedText(runs, sum(glyph.advance for run in runs for glyph in run.glyphs))


def text_width(text: str, weight: str, size: float) -> float:
    """Measure a line in points."""
    return shape(text, weight).width * size / 1000


@lru_cache(maxsize=1024)
def printable(text: str) -> str:
    """Make a text one line of characters the faces have, in normal form C.

    Line ends and tabs become spaces, invisible controls go, and a character that no face has
    is written as its code in brackets.
    """
    one_line = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(_printable_character(each) for each in one_line)


def _printable_character(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf") or _is_variation_selector(character):
        return ""
    return f"[U+{ord(character):04X}]" if _is_missing(character) else character


def _is_missing(character: str) -> bool:
    if unicodedata.category(character) in ("Cc", "Cf") or _is_variation_selector(character):
        return False
    code = ord(character)
    return code not in face("Sarabun-Regular").unicodes and code not in face(_FALLBACK).unicodes


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _by_face(text: str, main: str) -> list[tuple[str, str]]:
    unicodes = face(main).unicodes
    named = [(main if ord(each) in unicodes else _FALLBACK, each) for each in text]
    return [
        (name, "".join(each for _, each in group))
        for name, group in groupby(named, key=lambda pair: pair[0])
    ]


def _glyphs(opened: Face, text: str) -> tuple[Glyph, ...]:
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(opened.font, buffer, _FEATURES)
    clusters = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
    scale = 1000 / opened.units
    glyphs: list[Glyph] = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        end = ends.pop(info.cluster, info.cluster)
        glyphs.append(
            Glyph(
                number=info.codepoint,
                text=text[info.cluster : end],
                width=opened.font.get_glyph_h_advance(info.codepoint) * scale,
                advance=position.x_advance * scale,
                x_offset=position.x_offset * scale,
                y_offset=position.y_offset * scale,
            )
        )
    return tuple(glyphs)

"""Where a line of a certificate may break.

Owns wrapping: at spaces, between Thai words, between Chinese characters, after hyphens, and in
the last resort between whole letters. Must not draw.
"""

from __future__ import annotations

import os
import re
import unicodedata

from app.services.certificates.typefaces import printable, text_width

_WORD = re.compile(
    r"\s+|[\u0e00-\u0e7f]+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
    r"|[^\s\u0e00-\u0e7f\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+"
)
_AFTER_HYPHEN = re.compile(r"[^-/–—]*[-/–—]+|[^-/–—]+")
_OPENING = "([{“‘«（「『《【"
_CLOSING = ")]}”’»）」』》】,.;:!?ฯๆ、。，．；："
_LONGEST_LETTER = 8
_LEADING_VOWELS = "เแโใไ"
_FOLLOWING_VOWELS = "ะาำๅๆฯ"
_THAI = re.compile(r"[\u0e00-\u0e7f]")


def wrap(text: str, weight: str, size: float, width: float) -> list[str]:
    """Break a text into lines no wider than `width` points, filling each line."""
    line = printable(text)
    if not line:
        return []
    if text_width(line, weight, size) <= width:
        return [line]
    return _filled(_units(line, weight, size, width), weight, size, width)


def wrap_evenly(text: str, weight: str, size: float, width: float) -> list[str]:
    """Break a text like `wrap`, into as few lines but of about equal length: for centred text."""
    lines = wrap(text, weight, size, width)
    if len(lines) < 2:
        return lines
    units = _units(printable(text), weight, size, width)
    low, high = width / len(lines) / 2, width
    while high - low > 1:
        middle = (low + high) / 2
        trial = _filled(units, weight, size, middle)
        fits = len(trial) <= len(lines)
        if fits and all(text_width(each, weight, size) <= middle for each in trial):
            lines, high = trial, middle
        else:
            low = middle
    return lines


def _filled(units: list[str], weight: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    current = ""
    for unit in units:
        trial = current + unit
        if current.strip() and text_width(trial.rstrip(), weight, size) > width:
            lines.append(current.strip())
            trial = unit
        current = trial
    if current.strip():
        lines.append(current.strip())
    return lines


def _units(line: str, weight: str, size: float, width: float) -> list[str]:
    units: list[str] = []
    for word in _words(line):
        if text_width(word, weight, size) <= width:
            units.append(word)
        else:
            units += _letters(word)
    joined: list[str] = []
    for unit in units:
        stays = joined and _stay_together(joined[-1], unit)
        # A row of nothing but dots must still break somewhere.
        if stays and text_width(joined[-1] + unit, weight, size) <= width:
            joined[-1] += unit
        else:
            joined.append(unit)
    return joined


def _stay_together(before: str, after: str) -> bool:
    """Tell what opens, and must stay with what follows it, or closes what stands before it."""
    return before[-1] in _OPENING or after[0] in _CLOSING or _joins(after[0])


def _words(line: str) -> list[str]:
    words: list[str] = []
    for piece in _WORD.findall(line):
        if _THAI.match(piece):
            words += _thai_words(piece)
        else:
            words += _AFTER_HYPHEN.findall(piece)
    return words


def _thai_words(text: str) -> list[str]:
    # Without it, the import makes a folder in the person's home.
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    # The dictionary takes a good part of a second to load, and most names fit on their line.
    from pythainlp.tokenize import word_tokenize

    return [str(word) for word in word_tokenize(text, engine="newmm", keep_whitespace=True)]


def _letters(word: str) -> list[str]:
    letters: list[str] = []
    for character in word:
        joins = letters and (_joins(character) or letters[-1][-1] in _LEADING_VOWELS)
        if joins and len(letters[-1]) < _LONGEST_LETTER:
            letters[-1] += character
        else:
            letters.append(character)
    return letters


def _joins(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or character in _FOLLOWING_VOWELS

"""Unit identifiers that stand alone for one unit or in a pair for a range.

Owns the separators of a pair and the rule that both identifiers differ in the number only
(Kyoto units, ITMOs, CarboniX). Must not know what the identifiers mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.models.serials.serial_range import SerialError

_SEPARATOR = re.compile(r" {1,3}(?:-|\N{EN DASH}|\N{EM DASH}|to) {1,3}| {0,3}(?:…|\.\.\.) {0,3}")


@dataclass(frozen=True, slots=True)
class IdentifierPair:
    """The matched first identifier, both numbers as written, and the texts around them."""

    match: re.Match[str]
    start_text: str
    end_text: str
    before: str
    after: str
    separator: str | None

    def template(self, number_format: str) -> str:
        """Return the text as read with slots, written in `number_format`, for its numbers."""
        slot_format = f":{number_format}" if number_format else ""
        first = f"{self.before}{{start{slot_format}}}{self.after}"
        if self.separator is None:
            return first
        return f"{first}{self.separator}{self.before}{{end{slot_format}}}{self.after}"


def match_pair(identifier: re.Pattern[str], text: str) -> IdentifierPair | None:
    """Match one identifier, or two of them around a separator; None when neither fits.

    The pattern's group `number` is what a pair may differ in; SerialError when more differs.
    """
    separator = _SEPARATOR.search(text)
    first = identifier.fullmatch(text if separator is None else text[: separator.start()])
    if first is None:
        return None
    before, after = _around_number(first)
    start_text = first["number"]
    if separator is None:
        return IdentifierPair(first, start_text, start_text, before, after, None)
    last = identifier.fullmatch(text[separator.end() :])
    if last is None:
        return None
    if _around_number(last) != (before, after):
        raise SerialError(
            f"The two identifiers of the pair, {first.string} and {last.string}, "
            "must not differ in more than their number."
        )
    return IdentifierPair(first, start_text, last["number"], before, after, separator.group())


def _around_number(match: re.Match[str]) -> tuple[str, str]:
    begin, end = match.span("number")
    return match.string[:begin], match.string[end:]

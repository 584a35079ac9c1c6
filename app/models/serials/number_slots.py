"""The numbers inside a serial number: reading them, and the slots that print them back.

Owns limits and ways of writing a number (zero padding, thousands commas). Must not know what
stands around the numbers.
"""

from __future__ import annotations

import re

from app.models.serials.serial_range import LARGEST_NUMBER, SerialError

START = r"(?P<start>[0-9]+)"
END = r"(?P<end>[0-9]+)"
START_TO_END = START + r" {1,3}to {1,3}" + END

_MOST_DIGITS = len(str(LARGEST_NUMBER))


def read_number(text: str) -> int:
    """Return the number that the digits 0 to 9 in `text` write; SerialError when too large."""
    number = int(text) if len(text.lstrip("0")) <= _MOST_DIGITS else LARGEST_NUMBER + 1
    if number > LARGEST_NUMBER:
        raise SerialError(f"The number {text} is over {LARGEST_NUMBER}, the highest there is.")
    return number


def padding(start_text: str, end_text: str, *, always: bool = False) -> str:
    """Return the format of zero-padded numbers, empty when they are not padded.

    `always` takes the width even of a start number without leading zeros. SerialError when
    the end number is not padded as the start number is.
    """
    padded = always or (len(start_text) > 1 and start_text[0] == "0")
    width = len(start_text) if padded else 1
    if (end_text[0] == "0" and len(end_text) > width) or len(end_text) < width:
        raise SerialError(
            f"The numbers {start_text} and {end_text} are padded with zeros differently."
        )
    return f"0{width}" if width > 1 else ""


def template_around(match: re.Match[str], number_format: str) -> str:
    """Return the matched text with slots in place of its groups `start` and `end`."""
    text = match.string
    start_from, start_to = match.span("start")
    end_from, end_to = match.span("end")
    slot_format = f":{number_format}" if number_format else ""
    return (
        f"{text[:start_from]}{{start{slot_format}}}"
        f"{text[start_to:end_from]}{{end{slot_format}}}{text[end_to:]}"
    )


def read_block(match: re.Match[str]) -> tuple[int, int, str]:
    """Return start, end and template of a text with plain or zero-padded block numbers."""
    start_text, end_text = match["start"], match["end"]
    start, end = read_number(start_text), read_number(end_text)
    if end < start:
        raise SerialError(f"The end number {end_text} is before the start number {start_text}.")
    return start, end, template_around(match, padding(start_text, end_text))

"""What a serial-number grammar is to the readers: a name, a form and a way to read.

Owns the shape that each grammar's module fills. Must not list the grammars: that is
`app.models.serials.reading`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.models.serials.serial_range import SerialRange


@dataclass(frozen=True, slots=True)
class Grammar:
    """One registry's way of writing serial numbers.

    `read` returns None when the text does not have the grammar's shape, and raises SerialError
    when it has the shape but a part is impossible. No text has the shape of two grammars.
    `attempt` matches the beginning of a text that was meant to be of this grammar, so that
    the error can show its `form` and an `example`.
    """

    name: str
    form: str
    example: str
    attempt: re.Pattern[str]
    read: Callable[[str], SerialRange | None]

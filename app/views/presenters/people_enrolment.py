"""What a person just enrolled is given, written so that it can be read, typed and kept.

Owns grouping the secret, the sheet of recovery codes and writing it to a file. Keeps nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from app.models.errors import UsageError
from app.services.people.one_time_code import DIGITS, read_code

_GROUP = 4


def grouped(secret: str) -> str:
    """Write a secret in groups of four, as one types it."""
    return " ".join(secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP))


def is_whole_code(typed: str) -> bool:
    """Tell whether all digits of a one-time code are typed."""
    code = read_code(typed)
    return len(code) == DIGITS and code.isdigit()


def columns_of(codes: Sequence[str]) -> tuple[tuple[int, int, str], ...]:
    """Place numbered codes in two columns, read downwards: (row, column, “3. ABCD-…”)."""
    rows = (len(codes) + 1) // 2
    return tuple(
        (number % rows, number // rows, f"{number + 1}. {code}")
        for number, code in enumerate(codes)
    )


def write_sheet(title: str, sentence: str, codes: Sequence[str]) -> str:
    """Write the recovery codes as plain text, numbered, one a line."""
    lines = [f"{number:>2}. {code}" for number, code in enumerate(codes, start=1)]
    return "\n".join([title, "", sentence, "", *lines, ""])


def save_sheet(path: Path, sheet: str) -> None:
    """Write a sheet to a file that, where files have owners, its owner alone may read.

    Raises UsageError when the place cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(sheet)
    except OSError as error:
        raise UsageError(
            f"“{path.name}” cannot be written: {error.strerror}.",
            hint="Choose another place; the codes are still shown.",
        ) from error

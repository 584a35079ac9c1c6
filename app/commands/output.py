"""What a command prints: results on standard output, everything else on standard error.

Owns the form of JSON, tables, errors and progress. A reader that closes the pipe early is no
error: what is printed after that goes nowhere, and the status stays what it would have been.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from app.models.errors import TeakError

Progress = Callable[[int, int], None]

_WIDEST_CELL = 48
_NAMES = frozenset({"code", "vintage"})
"""Columns whose numbers name something and count nothing: 9101 and 2024, never 9,101 and 2,024."""
_SAMPLE = 200


class ResultNotWritten(TeakError):
    """Standard output takes nothing any more; what the command did stands."""

    code = "result-not-written"


class Output:
    """The two streams of a command. `as_json` says whether results are JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.is_closed = False

    def line(self, text: str) -> None:
        """Print one line of the result."""
        if self.is_closed:
            return
        try:
            # One write: an interrupt between text and line end would run two answers together.
            sys.stdout.write(f"{text}\n")
        except OSError as error:
            self._give_up(error)

    def document(self, content: Any) -> None:
        """Print a result as one JSON document on one line."""
        self.line(json.dumps(content, ensure_ascii=False))

    def tell(self, sentence: str) -> None:
        """Say something that is no result, on standard error."""
        try:
            sys.stderr.write(f"{sentence}\n")
        except OSError:
            # Nobody listens there; the result and the status still count.
            return

    def table(self, columns: Sequence[tuple[str, str]], rows: Iterator[Mapping[str, Any]]) -> int:
        """Print rows under (key, heading) columns, as wide as the first rows need; count them."""
        first = [row for _, row in zip(range(_SAMPLE), rows, strict=False)]
        widths = [
            min(
                _WIDEST_CELL,
                max([_width(head), *(_width(_cell(row.get(key), key)) for row in first)]),
            )
            for key, head in columns
        ]
        if first:
            self.line(_joined([head for _, head in columns], widths))
        count = 0
        for chunk in (first, rows):
            for row in chunk:
                if self.is_closed:
                    return count
                self.line(_joined([_cell(row.get(key), key) for key, _ in columns], widths))
                count += 1
        return count

    def flush(self) -> None:
        """Write out what is buffered; the last chance to find the pipe closed."""
        if self.is_closed:
            return
        try:
            sys.stdout.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """Let later output, and the interpreter's own last flush, go nowhere."""
        self.is_closed = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        if not isinstance(error, BrokenPipeError):
            raise ResultNotWritten(
                f"The result could not be written: {error.strerror}.",
                hint="Look at where standard output goes: its disk may be full.",
            ) from None

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress | None]:
        """Give a callback that draws a bar on a terminal; None where there is no terminal."""
        if not sys.stderr.isatty():
            yield None
            return
        from tqdm import tqdm

        with tqdm(desc=what, unit_scale=True, file=sys.stderr, leave=False) as bar:

            def told(done: int, of: int) -> None:
                bar.total = of
                bar.update(done - bar.n)

            yield told


def _cell(value: Any, key: str = "") -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if key in _NAMES else f"{value:,}"
    if isinstance(value, (list, tuple)):
        return " ".join(_cell(item) for item in value)
    return " ".join(str(value).split())


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    columns = zip(cells, widths, strict=True)
    return "  ".join(cell + " " * (width - _width(cell)) for cell, width in columns).rstrip()


def _width(text: str) -> int:
    """Count the columns a text takes: marks above and below take none, wide letters two."""
    return sum(
        0
        if unicodedata.category(letter) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )

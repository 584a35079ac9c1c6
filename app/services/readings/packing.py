"""The payload of a record of readings: columns in, bytes out, and back without loss.

Owns the packed form, version 1 (`docs/formats.md`, “Readings”). Pure. A number is kept as an
integer count of its last decimal, differences packed in as few bytes as they need; a column that
does not fit so is kept as text. Nothing is rounded but calibrated values and uncertainties: to
three decimals more than the raw ones of their column.
"""

from __future__ import annotations

import json
import struct
import zlib
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.services.readings.columns import ChannelColumn, Note, Numbers, Rows

MAGIC = b"TKR1"
_MORE_DECIMALS = 3
_MOST_DECIMALS = 12
_LARGEST = 2**62
_MOST_BYTES = 64 * 1024 * 1024
_WIDTHS: tuple[tuple[int, Any], ...] = ((1, np.int8), (2, np.int16), (4, np.int32), (8, np.int64))

Integers = NDArray[np.int64]


class NotAPayload(ValueError):
    """The bytes are no payload of a record; says why."""


def pack_rows(rows: Rows) -> bytes:
    """Pack the rows of a record."""
    sections = _Sections()
    sections.integers("t", rows.times, order=2)
    lengths = np.array([len(frame) for frame in rows.frames], dtype=np.int64)
    sections.integers("l", lengths)
    sections.plain("b", b"".join(rows.frames))
    channels = [_pack_column(sections, str(i), c, rows) for i, c in enumerate(rows.columns)]
    directory = {
        "rows": int(rows.times.size),
        "channels": channels,
        "notes": [[n.row, n.channel, n.reason, n.as_sent, n.unit] for n in rows.notes],
        "sections": sections.listed,
    }
    head = json.dumps(directory, ensure_ascii=False, separators=(",", ":")).encode()
    body = struct.pack("<I", len(head)) + head + b"".join(sections.parts)
    return MAGIC + zlib.compress(body, 6)


def unpack_rows(payload: bytes) -> Rows:
    """Unpack what `pack_rows` packed; NotAPayload for anything else."""
    try:
        return _unpack(payload)
    except (KeyError, IndexError, TypeError, ValueError, struct.error, zlib.error) as error:
        raise NotAPayload(f"the payload cannot be unpacked: {error}") from None


def calibrated_decimals(decimals: int) -> int:
    """Give the decimals that a calibrated value keeps, from those of its raw column."""
    return min(max(decimals, 0) + _MORE_DECIMALS, _MOST_DECIMALS)


class _Sections:
    """Named stretches of bytes, and the list that says how to read each."""

    def __init__(self) -> None:
        self.listed: list[list[Any]] = []
        self.parts: list[bytes] = []

    def plain(self, name: str, content: bytes) -> None:
        if content:
            self.listed.append([name, "b", len(content)])
            self.parts.append(content)

    def integers(self, name: str, values: Integers, *, order: int = 1) -> None:
        """Add integers as differences of an order, in the fewest bytes, byte by byte."""
        if not values.size:
            return
        differences = values
        for _ in range(order):
            differences = np.concatenate((differences[:1], np.diff(differences)))
        largest = int(np.abs(differences).max())
        width, kind = next(item for item in _WIDTHS if largest < 1 << (8 * item[0] - 1))
        planes = differences.astype(kind).astype(f"<i{width}").view(np.uint8)
        self.listed.append([name, f"{order}{width}", planes.size])
        self.parts.append(planes.reshape(-1, width).T.tobytes())


def _pack_column(
    sections: _Sections, name: str, column: ChannelColumn, rows: Rows
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "channel": column.channel,
        "unit": column.unit,
        "calibration": column.calibration,
    }
    if column.rows.size != rows.times.size:
        sections.integers(f"{name}p", column.rows)
        said["n"] = int(column.rows.size)
    missing = np.array([value is None for value in column.raw], dtype=np.int64)
    if missing.any():
        sections.integers(f"{name}m", missing)
    decimals = _pack_raw(sections, name, column, said)
    _pack_numbers(sections, f"{name}c", column.value, decimals, said)
    _pack_numbers(sections, f"{name}u", column.uncertainty, decimals, said)
    sections.integers(f"{name}f", column.flags.astype(np.int64))
    if column.tests.any():
        sections.integers(f"{name}w", column.tests.astype(np.int64))
    return said


def _pack_raw(sections: _Sections, name: str, column: ChannelColumn, said: dict[str, Any]) -> int:
    """Pack the raw values and give the decimals of their column."""
    present = [value for value in column.raw if value is not None]
    exponents = [value.as_tuple().exponent for value in present]
    decimals = max((-int(e) for e in exponents if isinstance(e, int)), default=0)
    scaled = _scaled(present, decimals)
    if scaled is None:
        said["text"] = [str(value) for value in present]
        return min(max(decimals, 0), _MOST_DECIMALS)
    said["d"] = decimals
    sections.integers(f"{name}r", scaled)
    return decimals


def _scaled(values: list[Decimal], decimals: int) -> Integers | None:
    """Count the last decimal of each value; None where that does not fit."""
    if abs(decimals) > _MOST_DECIMALS or any(not value.is_finite() for value in values):
        return None
    counts = [int(value.scaleb(decimals)) for value in values]
    if any(abs(count) >= _LARGEST for count in counts):
        return None
    return np.array(counts, dtype=np.int64)


def _pack_numbers(
    sections: _Sections, name: str, numbers: Numbers, decimals: int, said: dict[str, Any]
) -> None:
    """Pack calibrated numbers or uncertainties; those that are none are told by their places."""
    here = ~np.isnan(numbers)
    if not here.any():
        said[f"no_{name[-1]}"] = True
        return
    counts = np.rint(numbers[here] * 10.0 ** calibrated_decimals(decimals))
    if not np.all(np.abs(counts) < _LARGEST):
        said[f"text_{name[-1]}"] = [None if np.isnan(v) else repr(float(v)) for v in numbers]
        return
    if not here.all():
        sections.integers(f"{name}n", (~here).astype(np.int64))
    sections.integers(name, counts.astype(np.int64))


def _unpack(payload: bytes) -> Rows:
    if payload[: len(MAGIC)] != MAGIC:
        raise NotAPayload("it does not begin with TKR1")
    unpacker = zlib.decompressobj()
    body = unpacker.decompress(payload[len(MAGIC) :], _MOST_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise NotAPayload("it is cut short, too large or has something behind it")
    (length,) = struct.unpack_from("<I", body)
    directory = json.loads(body[4 : 4 + length])
    found = _read_sections(directory["sections"], body, 4 + length)
    number = int(directory["rows"])
    times = found.get("t", np.empty(0, dtype=np.int64))
    frames = _frames(found.get("l"), found.get("b", b""), number)
    if times.size != number:
        raise NotAPayload("it has not as many times as rows")
    columns = tuple(
        _unpack_column(found, str(place), said, number)
        for place, said in enumerate(directory["channels"])
    )
    notes = tuple(Note(*note) for note in directory["notes"])
    return Rows(times, frames, columns, notes)


def _read_sections(listed: list[list[Any]], body: bytes, start: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, kind, length in listed:
        content = body[start : start + length]
        if len(content) != length:
            raise NotAPayload(f"section {name} is cut short")
        start += length
        found[name] = content if kind == "b" else _integers(content, int(kind[0]), int(kind[1]))
    return found


def _integers(content: bytes, order: int, width: int) -> Integers:
    planes = np.frombuffer(content, dtype=np.uint8).reshape(width, -1).T
    values = np.ascontiguousarray(planes).view(f"<i{width}").reshape(-1).astype(np.int64)
    for _ in range(order):
        values = np.cumsum(values)
    return values


def _frames(lengths: Integers | None, content: bytes, number: int) -> tuple[bytes, ...]:
    if lengths is None:
        return (b"",) * number
    ends = np.cumsum(lengths).tolist()
    starts = [0, *ends[:-1]]
    return tuple(content[a:b] for a, b in zip(starts, ends, strict=True))


def _unpack_column(
    found: dict[str, Any], name: str, said: dict[str, Any], number: int
) -> ChannelColumn:
    count = int(said.get("n", number))
    everywhere = np.arange(number, dtype=np.int64)
    missing = found.get(f"{name}m", np.zeros(count, dtype=np.int64)).astype(bool)
    raw, decimals = _unpack_raw(found, name, said, missing)
    tests = found.get(f"{name}w", np.zeros(count, dtype=np.int64))
    return ChannelColumn(
        said["channel"],
        said["unit"],
        said["calibration"],
        found[f"{name}p"] if "n" in said else everywhere,
        raw,
        _unpack_numbers(found, f"{name}c", said, decimals, count),
        _unpack_numbers(found, f"{name}u", said, decimals, count),
        found[f"{name}f"].astype(np.uint8),
        tests.astype(np.uint16),
    )


def _unpack_raw(
    found: dict[str, Any], name: str, said: dict[str, Any], missing: NDArray[np.bool_]
) -> tuple[tuple[Decimal | None, ...], int]:
    if "text" in said:
        present = [Decimal(text) for text in said["text"]]
        exponents = [value.as_tuple().exponent for value in present]
        decimals = max((-int(e) for e in exponents if isinstance(e, int)), default=0)
        decimals = min(max(decimals, 0), _MOST_DECIMALS)
    else:
        decimals = int(said["d"])
        counts = found.get(f"{name}r", np.empty(0, dtype=np.int64)).tolist()
        present = [Decimal(count).scaleb(-decimals) for count in counts]
    values = iter(present)
    return tuple(None if is_missing else next(values) for is_missing in missing), decimals


def _unpack_numbers(
    found: dict[str, Any], name: str, said: dict[str, Any], decimals: int, count: int
) -> Numbers:
    numbers = np.full(count, np.nan)
    if said.get(f"no_{name[-1]}"):
        return numbers
    if f"text_{name[-1]}" in said:
        texts = said[f"text_{name[-1]}"]
        return np.array([np.nan if text is None else float(text) for text in texts])
    absent = found.get(f"{name}n", np.zeros(count, dtype=np.int64)).astype(bool)
    numbers[~absent] = found[name] / 10.0 ** calibrated_decimals(decimals)
    return numbers

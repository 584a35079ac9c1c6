"""Canonical JSON: one value, one row of bytes.

Owns the canonical form of RFC 8785 for the values Teak signs and hashes: objects with ASCII
keys, arrays, strings, integers, booleans and null. It must not know what the values mean.
Numbers with a fraction are refused rather than printed, so that no two programs can disagree
about them.
"""

from __future__ import annotations

import json

LARGEST_INTEGER = 2**53 - 1
"""The largest integer every JSON reader keeps exactly (RFC 8785, appendix D; RFC 7493)."""

_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
)
# Keys are ASCII, so that Python's order by code point is RFC 8785's order by UTF-16 unit.
# The short escapes and lower-case \u00xx of the standard library are RFC 8785's own.


class NotCanonical(ValueError):
    """The value has no canonical form: a number with a fraction, say, or a key not in ASCII."""


def canonical_bytes(value: object) -> bytes:
    """Write the value as RFC 8785 canonical JSON, in UTF-8 without a line end.

    Takes None, bool, int within ±(2^53 − 1), str, list, tuple and dict with ASCII keys.
    Raises NotCanonical for anything else, naming where it stands.
    """
    # The quick look tells nothing; only the slow one says what stands where.
    if not _is_plain(value):
        _refuse_strangers(value, "value")
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        _refuse_strangers(value, "value")
        raise


def _is_plain(value: object) -> bool:
    """Tell whether a value is surely of what has a canonical form, but for half surrogates."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if isinstance(value, int):
        return kind is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER
    if isinstance(value, dict):
        return all(type(key) is str and key.isascii() for key in value) and all(
            map(_is_plain, value.values())
        )
    return isinstance(value, list | tuple) and all(map(_is_plain, value))


def _refuse_strangers(value: object, where: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise NotCanonical(f"{where} is {value}: JSON keeps integers only up to 2^53 - 1")
    elif isinstance(value, str):
        _refuse_lone_surrogates(value, where)
    elif isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical(f"{where} has the key {key!r}: keys are ASCII text")
            _refuse_strangers(member, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            _refuse_strangers(member, f"{where}[{index}]")
    else:
        raise NotCanonical(f"{where} is a {type(value).__name__}, which has no canonical form")


def _refuse_lone_surrogates(text: str, where: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical(f"{where} holds half a surrogate pair at {error.start}") from None

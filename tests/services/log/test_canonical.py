"""Canonical JSON agrees byte for byte with an independent RFC 8785 implementation."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.log.canonical import LARGEST_INTEGER, NotCanonical, canonical_bytes

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INTEGERS = st.integers(min_value=-LARGEST_INTEGER, max_value=LARGEST_INTEGER)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_equals_the_reference_implementation(value: object) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(VALUES)
def test_reading_gives_the_value_back(value: object) -> None:
    assert json.loads(canonical_bytes(value)) == value


def test_escapes_are_the_shortest_and_text_stays_text() -> None:
    assert canonical_bytes('"\\\b\f\n\r\t\x01\x7f/ป่า\U0001f333') == (
        b'"\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7f/' + "ป่า\U0001f333".encode() + b'"'
    )


def test_tuples_are_arrays() -> None:
    assert canonical_bytes({"b": (1, 2), "a": None}) == b'{"a":null,"b":[1,2]}'


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1.0, "float"),
        ({"a": [0, {"b": 0.5}]}, r"value\.a\[1\]\.b"),
        (2**53, r"2\^53"),
        (-(2**53), r"2\^53"),
        ({"น้ำ": 1}, "ASCII"),
        ({1: 1}, "ASCII"),
        ("\ud800", "surrogate"),
        (b"bytes", "bytes"),
        ({1, 2}, "set"),
    ],
)
def test_strangers_are_refused_by_name(value: object, word: str) -> None:
    with pytest.raises(NotCanonical, match=word):
        canonical_bytes(value)

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.fixtures.networked import NetworkedReal

pytestmark = pytest.mark.postgres

RFC_6238_SECRET = b"12345678901234567890"
RFC_6238 = (
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
)
"""Appendix B, SHA-1: the last six of its eight digits."""

RFC_2202 = (
    (b"\x0b" * 20, b"Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
    (b"Jefe", b"what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (b"\xaa" * 20, b"\xdd" * 50, "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
    (
        b"\xaa" * 80,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "aa4ae5e15272d00e95705637ce8a3b55ed402112",
    ),
    (
        b"\xaa" * 80,
        b"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
        "e8e99d0f45237d786d6bbaa7965c7808bbff1a91",
    ),
)


@pytest.fixture
def owner(networked_real: NetworkedReal) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with networked_real.owner() as connection:
        yield connection


def ask(connection: psycopg.Connection[tuple[Any, ...]], expression: str, *values: object) -> Any:
    row = connection.execute(f"SELECT {expression}", values).fetchone()
    assert row is not None
    return row[0]


def test_the_codes_are_those_of_the_standard(owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    for moment, code in RFC_6238:
        assert ask(owner, "teak.code_of_step(%s, %s)", RFC_6238_SECRET, moment // 30) == code


def test_the_keyed_digests_are_those_of_the_standard(
    owner: psycopg.Connection[tuple[Any, ...]],
) -> None:
    for key, message, digest in RFC_2202:
        assert bytes(ask(owner, "teak.hmac_sha1_plain(%s, %s)", key, message)).hex() == digest


def test_the_digest_is_right_at_every_length(owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    for length in range(200):
        message = bytes((length * 7 + place * 13) % 256 for place in range(length))
        assert bytes(ask(owner, "teak.sha1(%s)", message)) == hashlib.sha1(message).digest()
        made = bytes(ask(owner, "teak.hmac_sha1(%s, %s)", message, b"step"))
        assert made == hmac.digest(message, b"step", "sha1")


def test_what_is_no_base_32_is_no_key(owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    assert bytes(ask(owner, "teak.read_base32('GEZDGNBVGY3TQOJQ')")) == b"1234567890"
    assert ask(owner, "teak.read_base32('not base 32')") is None

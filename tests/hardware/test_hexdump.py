from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hardware.hexdump import HexReader, NoHexDigits, dumped

ALL = bytes(range(256))
CANONICAL = b"""00000000  42 4d 00 1c 00 00 00 08  00 08 00 00 00 08 00 08  |BM..............|
00000010  00 d2 20                                          |.. |
00000013
"""


def read(text: bytes, *, step: int | None = None) -> bytes:
    reader = HexReader()
    step = step or max(1, len(text))
    parts = [reader.feed(text[at : at + step]) for at in range(0, len(text), step)]
    return b"".join(parts) + reader.finish()


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (b"", b""),
        (b"424D001c", b"BM\x00\x1c"),
        (b"42 4d\t00\r\n1C\n\n", b"BM\x00\x1c"),
        (b"4 2 4\nd", b"BM"),
        (b"42 4d  00 1c", b"BM\x00\x1c"),
        # PyPMS's dumps: a line for a frame, of any length, its text after two spaces.
        (b"00000000: ff 86 02 7c 42 00 00 00 ba  ...|B....\n", bytes.fromhex("ff86027c42000000ba")),
        # xxd: two bytes a group, and text that could be hex digits.
        (b"00000000: 6162 6364 2020 0a                        abcd  .\n", b"abcd  \n"),
        (b"0000: 61 62  ab cd ef\n", b"ab"),
        (b"00000010:\n", b""),
        (CANONICAL, bytes.fromhex("424d001c00000008000800000008000800d220")),
    ],
)
@pytest.mark.parametrize("step", [None, 1, 5])
def test_digits_and_dumps_are_read(text: bytes, data: bytes, step: int | None) -> None:
    assert read(text, step=step) == data


@pytest.mark.parametrize("text", [b"42 4g", b"0x42", b"hello", b"42 4", b"\xff\xfe"])
def test_what_is_no_hex_is_said(text: bytes) -> None:
    with pytest.raises(NoHexDigits):
        read(text)


@given(st.binary(max_size=400))
def test_a_dump_of_ours_is_read_back(data: bytes) -> None:
    assert read("\n".join(dumped(data)).encode()) == data
    assert read(data.hex(" ").encode(), step=3) == data


def test_xxds_own_dump_is_read() -> None:
    try:
        made = subprocess.run(["xxd"], input=ALL, capture_output=True, check=True, timeout=10)
    except FileNotFoundError:
        pytest.skip("xxd is not installed")
    assert read(made.stdout) == ALL


def test_plain_digits_without_a_line_end_take_no_memory() -> None:
    reader = HexReader()
    count = sum(len(reader.feed(b"00 " * 1000)) for _ in range(500)) + len(reader.finish())
    assert count == 500_000

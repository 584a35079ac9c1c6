"""What a document is, by its bytes."""

from __future__ import annotations

import pytest

from app.models.errors import UsageError
from app.services.document_kinds import media_type_of


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "application/pdf"),
        ("no ending", b"%PDF-1.7 ...", "application/pdf"),
        ("a.PNG", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.csv", b"a,b\n1,2\n", "text/csv"),
        ("a.json", b"[]", "application/json"),
        ("a.txt", "ข้อความ".encode(), "text/plain"),
        ("a.bin", b"\x00\x01\x02", "application/octet-stream"),
        ("a.bin", b"\xfe\xff\xfe", "application/octet-stream"),
        ("a.odt", b"PK\x03\x04....", "application/vnd.oasis.opendocument.text"),
        ("a.zip", b"PK\x03\x04....", "application/zip"),
    ],
)  # fmt: skip
def test_known_kinds(name: str, content: bytes, expected: str) -> None:
    assert media_type_of(name, content) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"PK\x03\x04"),
        ("a.pdf", b"plain text"),
        ("a.png", b"%PDF-1.7"),
        ("a.xlsx", b"%PDF-1.7"),
        ("a.zip", b"text"),
        ("setup.pdf", b"MZ\x90"),
        ("run", b"#!/bin/sh"),
        ("a", b"\x7fELF"),
    ],
)
def test_names_that_promise_something_else_and_programs(name: str, content: bytes) -> None:
    with pytest.raises(UsageError, match=name):
        media_type_of(name, content)

"""Free text: what can be kept, printed and signed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.errors import UsageError
from app.models.plain_text import require_plain_text


@pytest.mark.parametrize("text", ["น้ำใจ", "绿色", "Ünïcödé", "two\nlines", ""])
def test_what_people_write_is_kept(text: str) -> None:
    assert require_plain_text(text, what="purpose") == text


@pytest.mark.parametrize(
    ("text", "reason"), [("a\x00b", "U\\+0000"), ("\ud800", "U\\+D800"), ("x" * 1001, "1,001")]
)
def test_what_cannot_be_printed_is_named(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        require_plain_text(text, what="purpose")


def test_one_name_has_one_form() -> None:
    assert require_plain_text(" e\u0301 ", what="name") == "\u00e9"


@given(st.text(max_size=60))
def test_what_is_accepted_can_be_encoded(text: str) -> None:
    with suppress(UsageError):
        require_plain_text(text, what="name").encode()

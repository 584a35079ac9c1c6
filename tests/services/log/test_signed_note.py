"""Signed notes: another implementation's note verifies, and ours is signed to the same bytes."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.services.log.signed_note import NotANote, key_id, read_note, sign_note

# The example of Go's golang.org/x/mod/sumdb/note.
NAME = "PeterNeumann"
PUBLIC_KEY = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
PRIVATE_KEY = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)
KEY = Ed25519PrivateKey.from_private_bytes(PRIVATE_KEY)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def test_a_note_of_go_verifies_and_ours_is_the_same() -> None:
    assert key_id(NAME, PUBLIC_KEY).hex() == "c74f20a3"
    note = read_note(NOTE)
    assert note.text == TEXT
    assert note.is_signed_by(NAME, PUBLIC_KEY)
    assert sign_note(TEXT, name=NAME, private_key=KEY) == NOTE


def test_a_changed_text_another_key_and_another_name_do_not_verify() -> None:
    assert not read_note(NOTE.replace("answer", "Answer")).is_signed_by(NAME, PUBLIC_KEY)
    assert not read_note(NOTE).is_signed_by(NAME, OTHER.public_key().public_bytes_raw())
    assert not read_note(NOTE).is_signed_by("Another", PUBLIC_KEY)


def test_signatures_of_witnesses_are_passed_over() -> None:
    witnessed = NOTE + sign_note(TEXT, name="witness", private_key=OTHER).rpartition("\n\n")[2]
    assert len(read_note(witnessed).signatures) == 2
    assert read_note(witnessed).is_signed_by(NAME, PUBLIC_KEY)


@pytest.mark.parametrize(
    "content",
    [
        "",
        TEXT,
        NOTE[:-1],
        NOTE.replace("— ", "- "),
        NOTE.replace("x08", "???"),
        NOTE.replace("cryptography", "crypto\tgraphy"),
        f"{TEXT}\n— {NAME} AAAA\n",
        "x" * 100_001,
    ],
)
def test_what_is_no_note_is_refused(content: str) -> None:
    with pytest.raises(NotANote):
        read_note(content)


@pytest.mark.parametrize(("text", "name"), [("no end", "a"), ("a\n", "a b"), ("a\n", "a+b")])
def test_what_cannot_be_a_note_is_not_signed(text: str, name: str) -> None:
    with pytest.raises(ValueError, match="a note ends"):
        sign_note(text, name=name, private_key=KEY)

"""Signed notes, as C2SP's signed-note writes them: a text and the signatures under it.

Owns the form and the Ed25519 signature of a note. Pure; must not know what the text says.
Source: https://c2sp.org/signed-note (version 1.0.0).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519 = b"\x01"
LARGEST_NOTE = 100_000
_KEY_ID_BYTES = 4
_DASH = "\N{EM DASH} "


class NotANote(ValueError):
    """The text is no signed note; says why."""


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the key's name, its id (4 bytes) and the signature."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note's text, which ends with a line end, and its signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def is_signed_by(self, name: str, public_key: bytes) -> bool:
        """Tell whether the key (32 raw bytes), under that name, signed the text.

        Signatures of other keys say nothing; one of this key that is wrong decides.
        """
        wanted = (name, key_id(name, public_key))
        own = [item for item in self.signatures if (item.name, item.key_id) == wanted]
        return bool(own) and all(self._holds(item, public_key) for item in own)

    def _holds(self, item: NoteSignature, public_key: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(
                item.signature, self.text.encode()
            )
        except InvalidSignature:
            return False
        return True


def key_id(name: str, public_key: bytes) -> bytes:
    """Give the 4 bytes that stand before a signature: SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)."""
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:_KEY_ID_BYTES]


def sign_note(text: str, *, name: str, private_key: Ed25519PrivateKey) -> str:
    """Sign a text that ends with a line end, under the key's name; ValueError for others."""
    if not text.endswith("\n") or not name or "+" in name or name != "".join(name.split()):
        raise ValueError("a note ends with a line end, and its key has a name without blanks or +")
    public_key = private_key.public_key().public_bytes_raw()
    signature = key_id(name, public_key) + private_key.sign(text.encode())
    return f"{text}\n{_DASH}{name} {base64.b64encode(signature).decode('ascii')}\n"


def read_note(content: str) -> SignedNote:
    """Read a signed note; raises NotANote. Its signatures are not judged here."""
    if len(content) > LARGEST_NOTE:
        raise NotANote(f"it is longer than {LARGEST_NOTE:,} characters")
    if any(letter < " " and letter != "\n" for letter in content):
        raise NotANote("it holds control characters")
    text, blank, lines = content.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NotANote("no signatures follow its text")
    signatures = tuple(_read_signature(line) for line in lines[:-1].split("\n"))
    return SignedNote(f"{text}\n", signatures)


def _read_signature(line: str) -> NoteSignature:
    name, blank, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not name or not blank:
        raise NotANote(f"“{line[:60]}” is no signature line")
    try:
        signature = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise NotANote(f"the signature of {name} is not in base 64") from None
    if len(signature) <= _KEY_ID_BYTES:
        raise NotANote(f"the signature of {name} is too short")
    return NoteSignature(name, signature[:_KEY_ID_BYTES], signature[_KEY_ID_BYTES:])

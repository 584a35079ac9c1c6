"""The registry's key on certificates: PEM, fingerprint, and the two signatures.

Owns what is signed and how (Ed25519, RFC 8032): the statement's bytes as they are, and the
whole file but for the signature's own digits. Must not know what a statement says.

The file's signature stands in a PDF comment before `startxref`, at a fixed place from the
end, so that every byte of the file is covered and nothing can follow it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.models.errors import TeakError

FILE_DOMAIN = b"teak-offset-certificate-file-v1\n"
"""Stands before the file's bytes when they are signed: never the start of a statement."""

LARGEST_FILE = 32 * 1024 * 1024
LARGEST_KEY_FILE = 64 * 1024

_LINE = b"%%teak-file-signature-v1 %s %s\n"
_NO_SIGNATURE = b"0" * 128
_END_OF_FILE = re.compile(
    rb"\n%teak-file-signature-v1 ([0-9a-f]{64}) ([0-9a-f]{128})\nstartxref\n[0-9]{1,10}\n%%EOF\n\Z"
)
_LINE_ANYWHERE = re.compile(rb"\n%teak-file-signature-v1 [0-9a-f]{64} [0-9a-f]{128}\n")
_LONGEST_END = 300


class NotAPublicKey(TeakError):
    """The file holds no Ed25519 public key in PEM."""

    code = "not-a-public-key"


@dataclass(frozen=True, slots=True)
class FileSignature:
    """The signature line at the end of a file: its place, the signer's fingerprint, the bytes."""

    start: int
    end: int
    fingerprint: str
    signature: bytes


def load_public_key(pem: bytes) -> Ed25519PublicKey:
    """Read the registry's public key from PEM bytes; raises NotAPublicKey."""
    try:
        key = serialization.load_pem_public_key(pem[:LARGEST_KEY_FILE])
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise NotAPublicKey(
            "The file holds no Ed25519 public key in PEM form.",
            hint="Ask the registry for the file that “teak public-key” writes.",
        )
    return key


def public_key_pem(public_key: Ed25519PublicKey) -> bytes:
    """Write the public key as PEM (SubjectPublicKeyInfo)."""
    return public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_fingerprint(public_key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the 32 raw key bytes, in hex."""
    return hashlib.sha256(public_key.public_bytes_raw()).hexdigest()


def sign_statement(private_key: Ed25519PrivateKey, content: bytes) -> bytes:
    """Sign the statement's bytes exactly as they are; returns 64 bytes."""
    return private_key.sign(content)


def is_signed(public_key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Tell whether the signature over the content is the key's."""
    try:
        public_key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def sign_file(private_key: Ed25519PrivateKey, pdf: bytes) -> bytes:
    """Put the signature line into a finished PDF and sign every byte around its digits."""
    place = pdf.rindex(b"startxref\n")
    fingerprint = key_fingerprint(private_key.public_key()).encode("ascii")
    line = _LINE % (fingerprint, _NO_SIGNATURE)
    unsigned = pdf[:place] + line + pdf[place:]
    start = place + len(line) - 1 - len(_NO_SIGNATURE)
    end = start + len(_NO_SIGNATURE)
    signature = private_key.sign(_signed_part(unsigned, start, end))
    return unsigned[:start] + signature.hex().encode("ascii") + unsigned[end:]


def find_file_signature(pdf: bytes) -> FileSignature | None:
    """Find the signature line where the file must end with it; None when it does not."""
    offset = max(0, len(pdf) - _LONGEST_END)
    found = _END_OF_FILE.search(pdf, offset)
    if found is None:
        return None
    fingerprint, digits = found.group(1).decode("ascii"), found.group(2).decode("ascii")
    return FileSignature(found.start(2), found.end(2), fingerprint, bytes.fromhex(digits))


def has_signature_inside(pdf: bytes) -> bool:
    """Tell whether a signature line stands anywhere: a sign that something follows it."""
    return _LINE_ANYWHERE.search(pdf) is not None


def is_file_signed(public_key: Ed25519PublicKey, pdf: bytes, found: FileSignature) -> bool:
    """Tell whether the key signed every byte of the file but the signature's digits."""
    return is_signed(public_key, found.signature, _signed_part(pdf, found.start, found.end))


def _signed_part(pdf: bytes, start: int, end: int) -> bytes:
    return FILE_DOMAIN + pdf[:start] + pdf[end:]

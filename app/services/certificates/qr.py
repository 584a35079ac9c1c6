"""The certificate's QR code: a signed statement small enough to scan from paper.

Owns the payload `TEAK1:` + base45(zlib(signature ‖ canonical statement)), the short form of
long statements, and reading both back. Must not draw; `art_qr` does.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.models.errors import TeakError
from app.services.certificates.statement import Statement, statement_bytes, statement_json
from app.services.log.canonical import canonical_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX = "TEAK1:"
DENSEST_VERSION = 22
"""105 modules: at 36 mm a third of a millimetre each, what a telephone still reads off paper."""

_LONGEST_WHOLE_TEXTS = (160, 60, 20)
"""Characters a text keeps in the short statement before its hash takes over; first that fits."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_CAPACITY = {"m": 1134, "l": 1460}
"""Alphanumeric characters a version 22 code holds (ISO/IEC 18004, table 7)."""

_LARGEST_CONTENT = 256 * 1024
_SIGNATURE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class QrCode:
    """What the code carries: its text, and the error-correction level that fits ("m" or "l")."""

    text: str
    error_level: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class QrStatement:
    """What a scanned code proved: `content` is the signed JSON, None when it is not."""

    ok: bool
    reason: str
    content: dict[str, Any] | None = None
    is_short: bool = False


def qr_code(statement: Statement, signature: bytes, sign: Callable[[bytes], bytes]) -> QrCode:
    """Choose the code: the full signed statement where it can be scanned, else the short one.

    `signature` is that over the full statement's bytes; `sign` signs the short one.
    """
    text = qr_text(signature, statement_bytes(statement))
    level = _level(text)
    if level is not None:
        return QrCode(text, level, is_short=False)
    for longest in _LONGEST_WHOLE_TEXTS:
        content = canonical_bytes(short_statement_json(statement, longest))
        text = qr_text(sign(content), content)
        level = _level(text)
        if level is not None:
            break
    return QrCode(text, level or "l", is_short=True)


def short_statement_json(statement: Statement, longest_text: int) -> dict[str, Any]:
    """Turn the statement into its short form: serials by count and SHA-256, and so long texts."""
    value = statement_json(statement)
    serials = canonical_bytes(value["serials"])
    value["serials"] = {
        "count": len(statement.serials),
        "sha256": hashlib.sha256(serials).hexdigest(),
    }
    for part in (value, value["registry"], value["holder"]):
        for key, text in part.items():
            if isinstance(text, str) and len(text) > longest_text:
                part[key] = _by_hash(text, begins=longest_text // 2)
    return value


def qr_text(signature: bytes, content: bytes) -> str:
    """Pack signature and statement bytes into the code's text."""
    return PREFIX + base45(zlib.compress(signature + content, 9))


def read_qr_payload(text: str, public_key: Ed25519PublicKey) -> QrStatement:
    """Judge a scanned text by the registry's public key; never raises for a bad one."""
    from app.services.certificates.signing import is_signed
    from app.services.certificates.statement_reading import read_object

    if not text.startswith(PREFIX):
        return QrStatement(False, f"This is not a Teak code: it does not begin with {PREFIX}")
    try:
        packed = _unpack(unbase45(text.removeprefix(PREFIX)))
    except (ValueError, zlib.error) as error:
        return QrStatement(False, f"The code cannot be read: {error}.")
    signature, content = packed[:_SIGNATURE_LENGTH], packed[_SIGNATURE_LENGTH:]
    if not is_signed(public_key, signature, content):
        return QrStatement(False, "The code is not signed by this registry's key.")
    try:
        value = read_object(content)
    except TeakError as error:
        return QrStatement(False, error.message)
    reason = "The registry signed this statement."
    return QrStatement(True, reason, value, is_short=isinstance(value.get("serials"), dict))


def base45(content: bytes) -> str:
    """Write bytes in base 45 (RFC 9285)."""
    characters: list[str] = []
    for index in range(0, len(content) - 1, 2):
        high, rest = divmod(content[index] * 256 + content[index + 1], 45 * 45)
        middle, low = divmod(rest, 45)
        characters += (_ALPHABET[low], _ALPHABET[middle], _ALPHABET[high])
    if len(content) % 2:
        middle, low = divmod(content[-1], 45)
        characters += (_ALPHABET[low], _ALPHABET[middle])
    return "".join(characters)


def unbase45(text: str) -> bytes:
    """Read base 45 (RFC 9285); raises ValueError for what it cannot have written."""
    if len(text) % 3 == 1:
        raise ValueError("its length is not that of base 45")
    digits = [_ALPHABET.find(character) for character in text]
    if -1 in digits:
        raise ValueError("it holds a character outside base 45")
    content = bytearray()
    for index in range(0, len(digits), 3):
        group = digits[index : index + 3]
        number = sum(digit * 45**place for place, digit in enumerate(group))
        if number >= 256 ** (len(group) - 1):
            raise ValueError("a group of it is too large for base 45")
        content += number.to_bytes(len(group) - 1, "big")
    return bytes(content)


def _by_hash(text: str, *, begins: int) -> dict[str, str]:
    whole = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return {"begins": text[:begins], "sha256": whole}


def _level(text: str) -> str | None:
    return next((level for level in ("m", "l") if len(text) <= _CAPACITY[level]), None)


def _unpack(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, _LARGEST_CONTENT)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("its packed part is cut short, too large or followed by something")
    return content
